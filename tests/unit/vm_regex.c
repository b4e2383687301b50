#include "vm/regex.h"

#include "code/image_layout.h"

#include "vm_expect.h"

VM_TABLE(matching, {"'hubba'.matches('ubb')", "true"}, {"matches('hubba', '^ubb')", "false"},
         {"''.matches('')", "true"}, {"'a\\nb'.matches('a.b')", "false"},
         {"'a\\nb'.matches('(?s)a.b')", "true"}, {"'a\\n'.matches('a$')", "false"},
         {"'x\\na'.matches('(?m)^a$')", "true"}, {"'\\u00e9'.matches('^.$')", "true"},
         {"'\\u00c9'.matches('(?i)^\\u00e9$')", "true"}, {"'a1'.matches('^\\\\pL\\\\pN$')", "true"},
         {"'aab'.matches('(a+)+b')", "true"}, {"'\\u0663'.matches('\\\\d')", "false"})

#define LETTERS "abcdefghijklmnopqrstuvwxyz"

VM_TABLE(refusing, {"'a'.matches('(a')", "error REGEX"}, {"'a'.matches('(a)\\\\1')", "error REGEX"},
         {"'a'.matches('a(?=b)')", "error REGEX"},
         {"'a'.matches('(?:" LETTERS LETTERS "){1000}')", "error REGEX_UNSUPPORTED"},
         {"'a'.matches(s + '(?:" LETTERS LETTERS "){1000}')", "*error REGEX_UNSUPPORTED"},
         {"'a'.matches(1)", "error NO_OVERLOAD"}, {"1.matches('a')", "error NO_OVERLOAD"},
         {"'a'.matches(u)", "unknown"}, {"s.matches('^sec')", "*true"},
         {"false && 'a'.matches('(')", "false"})

/* Texts that are looked for as they are. */
VM_TABLE(literals, {"'abc'.matches('b')", "true"}, {"'abc'.matches('^b')", "false"},
         {"'abc'.matches('^ab')", "true"}, {"'abc'.matches('bc$')", "true"},
         {"'abc'.matches('ab$')", "false"}, {"'abc'.matches('^(a)(?:bc)$')", "true"},
         {"'abcd'.matches('^abc$')", "false"}, {"'a\u00e9b'.matches('\u00e9b$')", "true"},
         {"'ab'.matches('a^b')", "false"}, {"'ab'.matches('a$b')", "false"},
         {"''.matches('^$')", "true"}, {"'a'.matches('^$')", "false"},
         {"'a'.matches('\\\\x{d800}')", "false"}, {"'abc'.matches('a[b]c')", "true"})

/* More patterns than the cache holds, each used twice. */
VM_TABLE(many_patterns,
         {"lists.range(600).all(i, string(i).matches('^' + string(i) + '$') && "
          "!string(i).matches('^' + string(i + 1) + '[0-9]*x?$'))",
          "true"},
         {"lists.range(600).all(i, (string(i) + 'ab').matches('(' + string(i) + '|b+)+(a|c)b'))",
          "true"})

/* What backtracks for ever elsewhere comes back here, on a long text, with little fuel. */
static void hostile(void **state)
{
    static const char *const patterns[] = {"(a+)+$", "(a|a)*b", "^(a|aa)+$", "(.*)*(.*)*x"};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        berm_text text;
        vm_eval e;
        berm_cell result;
        berm_text_init(&text, &berm_alloc_libc);
        berm_text_putc(&text, '\'');
        berm_text_pad(&text, 'a', 50000);
        berm_text_format(&text, "!'.matches('%s')", patterns[i]);
        assert_int_equal(
            vm_eval_begin(&e, &berm_alloc_libc, berm_text_view(&text), &vm_scope, false), BERM_OK);
        uint64_t fuel = e.vm.space.fuel;
        assert_int_equal(berm_vm_run(&e.vm, e.block, &result), BERM_OK);
        assert_true(berm_cell_is_false(result));
        assert_true(fuel - e.vm.space.fuel < 50000 * 4);
        vm_eval_end(&e);
        berm_text_free(&text);
    }
}

/* Images in which any byte of the patterns' tables is another one: they are refused, or what they
   make of the pattern runs and ends. */
static bool run_damaged(const unsigned char *bytes, size_t len, uint32_t block)
{
    berm_image image;
    berm_vm vm;
    berm_cell result;
    berm_limits limits = berm_limits_resolve(NULL);
    if (berm_image_open(&berm_alloc_libc, bytes, len, &image, NULL) != BERM_OK) return false;
    berm_vm_init(&vm, &berm_alloc_libc, &limits);
    assert_int_equal(berm_vm_bind(&vm, &image), BERM_OK);
    assert_int_equal(berm_vm_begin(&vm, 100000), BERM_OK);
    berm_status status = berm_vm_run(&vm, block, &result);
    assert_true(status == BERM_OK || status == BERM_E_FUEL);
    berm_vm_free(&vm);
    return true;
}

static void damaged(void **state)
{
    static const unsigned char values[] = {0, 1, 2, 3, 5, 9, 0x7f, 0x80, 0xff};
    berm_str text = BERM_STR("[regex.replace('xabbc11\\u00e9', "
                             "'(?i)^x?(a|b*)+(c)\\\\b|(\\\\d){2,3}\\u00c9', r'\\1\\3\\0'),"
                             " 'ab1'.matches('(a+|b)*[^c]$'), 'aab'.findAll('(?m)^a*?|b$')]");
    vm_eval e;
    size_t opened = 0, refused = 0;
    (void)state;
    assert_int_equal(vm_eval_begin(&e, &berm_alloc_libc, text, &vm_scope, false), BERM_OK);
    assert_int_equal(e.image.pattern_count, 3);
    assert_true(run_damaged(e.bytes, e.len, e.block));
    for (size_t at = (size_t)((const unsigned char *)e.image.patterns - e.bytes); at < e.len;
         at++) {
        for (size_t i = 0; i < sizeof values; i++) {
            berm_image_header header;
            unsigned char kept = e.bytes[at];
            e.bytes[at] = values[i];
            memcpy(&header, e.bytes, sizeof header);
            header.checksum = berm_image_checksum(e.bytes, e.len);
            memcpy(e.bytes, &header, sizeof header);
            if (run_damaged(e.bytes, e.len, e.block)) opened++;
            else refused++;
            e.bytes[at] = kept;
        }
    }
    assert_true(opened > 100 && refused > 1000);
    vm_eval_end(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(matching), cmocka_unit_test(refusing),
                                       cmocka_unit_test(literals), cmocka_unit_test(many_patterns),
                                       cmocka_unit_test(hostile),  cmocka_unit_test(damaged)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
