#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/formats/out.h"

static void expect(berm_text *text, const char *wanted)
{
    berm_text_putc(text, '\0');
    assert_false(text->failed);
    assert_string_equal(text->ptr, wanted);
    text->len = 0;
}

/* The version 5 UUIDs that Python's uuid.uuid5 gives in the same namespace. */
static void uuids(void **state)
{
    (void)state;
    berm_text text;
    char longer[200];
    berm_text_init(&text, &berm_alloc_libc);
    berm_put_uuid(&text, BERM_STR("a"));
    expect(&text, "bd7a2d1a-9117-53c8-bae7-dc38e7aeea78");
    berm_put_uuid(&text, BERM_STR(""));
    expect(&text, "95542181-8664-5ed6-a2e2-120a17b67768");
    memset(longer, 'x', sizeof longer); /* more than a block, and one whose padding needs another */
    berm_put_uuid(&text, (berm_str){longer, sizeof longer});
    expect(&text, "e752b607-ad51-51ab-8131-7323d6e9538c");
    berm_put_uuid(&text, (berm_str){longer, 45});
    expect(&text, "87dceb68-2193-59f7-9cfc-b35ec9a2000a");
    berm_text_free(&text);
}

static void markup(void **state)
{
    (void)state;
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    berm_put_markup(&text, BERM_STR("<a href='x'>&\"\t\n\r"));
    expect(&text, "&lt;a href=&#39;x&#39;&gt;&amp;&quot;&#9;&#10;&#13;");
    berm_put_markup(&text, BERM_STR("\x01\x7f\xff\xe2\x80\xae\xef\xbf\xbf\xc3\xa9"));
    expect(&text, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xc3\xa9");
    berm_put_markup(&text,
                    BERM_STR("\xe2\x80\x8d|\xe2\x80\x8e|\xe2\x80\x90|\xe2\x80\xa9|\xe2\x80\xaf"));
    expect(&text, "\xe2\x80\x8d|\xef\xbf\xbd|\xe2\x80\x90|\xe2\x80\xa9|\xe2\x80\xaf");
    berm_put_markup(&text, BERM_STR("\xe2\x81\xa5|\xe2\x81\xa6|\xe2\x81\xaa|\xc2\x9f|\xc2\xa0|"
                                    "\xf0\x9f\xbf\xbe|\xf0\x9f\xbf\xbd"));
    expect(&text, "\xe2\x81\xa5|\xef\xbf\xbd|\xe2\x81\xaa|\xef\xbf\xbd|\xc2\xa0|"
                  "\xef\xbf\xbd|\xf0\x9f\xbf\xbd");
    berm_put_markdown(&text, BERM_STR("a\tb\rc\0d\xff\xc3\xa9"));
    expect(&text, "a b c\xef\xbf\xbd"
                  "d\xef\xbf\xbd\xc3\xa9");
    berm_put_uri(&text, BERM_STR("\0[{Zz09~_"));
    expect(&text, "%00%5B%7BZz09~_");
    berm_put_markdown(&text, BERM_STR("a|b`c`\n<i>*"));
    expect(&text, "a&#124;b&#96;c&#96; &#60;i&#62;&#42;");
    berm_put_uri(&text, BERM_STR("a b/c%d?e#f:\xc3\xa9"));
    expect(&text, "a%20b/c%25d%3Fe%23f%3A%C3%A9");
    berm_text_free(&text);
}

static void json(void **state)
{
    (void)state;
    berm_text text;
    berm_out o;
    berm_text_init(&text, &berm_alloc_libc);
    berm_out_init(&o, &text, 1);
    berm_out_open(&o, NULL, '{');
    berm_out_lit(&o, "a", "\"\n");
    berm_out_opt(&o, "none", BERM_STR(""));
    berm_out_open(&o, "b", '[');
    berm_out_num(&o, NULL, 18446744073709551615u);
    berm_out_bool(&o, NULL, true);
    berm_out_close(&o, ']');
    berm_out_open(&o, "c", '{');
    berm_out_close(&o, '}');
    berm_out_fmt(&o, "d", "%u%%", 7u);
    berm_out_close(&o, '}');
    berm_out_free(&o);
    expect(&text, "{\n  \"a\": \"\\\"\\n\",\n  \"b\": [18446744073709551615, true],\n  \"c\": {},\n"
                  "  \"d\": \"7%\"\n}");
    berm_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(uuids), cmocka_unit_test(markup),
                                       cmocka_unit_test(json)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
