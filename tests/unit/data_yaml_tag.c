#include "data/yaml_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void tags_of_yaml_itself(void **state)
{
    (void)state;
    berm_str none = {NULL, 0};
    assert_int_equal(berm_yaml_tag_of(BERM_STR(""), &none), BERM_YAML_TAG_NONE);
    assert_int_equal(berm_yaml_tag_of(BERM_STR("tag:yaml.org,2002:str"), &none), BERM_YAML_TAG_STR);
    assert_int_equal(berm_yaml_tag_of(BERM_STR("tag:yaml.org,2002:int"), &none), BERM_YAML_TAG_INT);
    assert_int_equal(berm_yaml_tag_of(BERM_STR("tag:yaml.org,2002:map"), &none), BERM_YAML_TAG_MAP);
    assert_int_equal(berm_yaml_tag_of(BERM_STR("tag:yaml.org,2002:omap"), &none),
                     BERM_YAML_TAG_NONE);
    assert_int_equal(berm_yaml_tag_of(BERM_STR("tag:yaml.org,2002:"), &none), BERM_YAML_TAG_NONE);
    assert_int_equal(berm_yaml_tag_of(BERM_STR("tag:example.com,2000:str"), &none),
                     BERM_YAML_TAG_NONE);
    assert_null(none.ptr);
    assert_string_equal(berm_yaml_tag_name(BERM_YAML_TAG_FLOAT), "float");
    assert_string_equal(berm_yaml_tag_name(BERM_YAML_TAG_NONE), "");
}

static void short_forms_of_cloudformation(void **state)
{
    (void)state;
    berm_str name = {NULL, 0};
    assert_int_equal(berm_yaml_tag_of(BERM_STR("!Ref"), &name), BERM_YAML_TAG_INTRINSIC);
    assert_true(berm_str_is(name, "Ref"));
    assert_int_equal(berm_yaml_tag_of(BERM_STR("!Condition"), &name), BERM_YAML_TAG_INTRINSIC);
    assert_true(berm_str_is(name, "Condition"));
    assert_int_equal(berm_yaml_tag_of(BERM_STR("!Sub"), &name), BERM_YAML_TAG_INTRINSIC);
    assert_true(berm_str_is(name, "Fn::Sub"));
    assert_int_equal(berm_yaml_tag_of(BERM_STR("!GetAZs"), &name), BERM_YAML_TAG_INTRINSIC);
    assert_true(berm_str_is(name, "Fn::GetAZs"));
    assert_int_equal(berm_yaml_tag_of(BERM_STR("!reference"), &name), BERM_YAML_TAG_INTRINSIC);
    assert_true(berm_str_is(name, "!reference"));
    const char *others[] = {"!references", "!ref",  "!Fn::Sub", "!vault",
                            "!",           "!SubX", "!Su",      "!::Sub"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(berm_yaml_tag_of(berm_str_of(others[i]), &name), BERM_YAML_TAG_NONE);
}

static void base64(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out; /* out NULL: malformed */
    } cases[] = {{"", ""},
                 {"Zg==", "f"},
                 {"Zm8=", "fo"},
                 {"Zm9v", "foo"},
                 {"Zm9v\n YmFy\t", "foobar"},
                 {"Zm9v\r\nYmFy\r\n", "foobar"},
                 {"Zm9{", NULL},
                 {"Zm9:", NULL},
                 {"Zm9[", NULL},
                 {"Zm9.", NULL},
                 {"Zg=", NULL},
                 {"Zg", NULL},
                 {"Z", NULL},
                 {"Zg==Zg==", NULL},
                 {"Zm9v=", NULL},
                 {"Zm9v!", NULL},
                 {"+/+/", "\xfb\xff\xbf"},
                 {"====", NULL},
                 {"-_", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[32];
        uint32_t len = 99;
        bool good = berm_base64_decode(berm_str_of(cases[i].in), out, &len);
        if (good != (cases[i].out != NULL)) fail_msg("%s", cases[i].in);
        if (!good) continue;
        assert_int_equal(len, strlen(cases[i].out));
        assert_memory_equal(out, cases[i].out, len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_of_yaml_itself),
        cmocka_unit_test(short_forms_of_cloudformation),
        cmocka_unit_test(base64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
