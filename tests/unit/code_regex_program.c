#include "regex_help.h"

static const char op_letters[] = {
    [BERM_STATE_SET] = 'c',  [BERM_STATE_ASSERT] = 'a', [BERM_STATE_SPLIT] = 's',
    [BERM_STATE_JUMP] = 'j', [BERM_STATE_SAVE] = 'g',   [BERM_STATE_MATCH] = 'm'};

/* A program as text: each state's letter and where it goes. */
static void expect_program(const char *pattern, const char *expected)
{
    berm_regex_code code;
    berm_regex_program program;
    berm_text out;
    compile_pattern(&code, &program, pattern);
    berm_text_init(&out, &berm_alloc_libc);
    for (uint32_t i = 0; i < program.state_count; i++) {
        const berm_img_state *state = &program.states[i];
        berm_text_format(&out, i ? " %c" : "%c", op_letters[state->op]);
        if (state->op == BERM_STATE_SPLIT) berm_text_format(&out, "%u,%u", state->a, state->b);
        else if (state->op != BERM_STATE_MATCH) berm_text_format(&out, "%u", state->a);
    }
    berm_text_putc(&out, 0);
    assert_string_equal(out.ptr, expected);
    berm_text_free(&out);
    berm_regex_code_free(&code);
}

static void programs(void **state)
{
    (void)state;
    expect_program("", "m");
    expect_program("ab$", "c0 c1 a1 m");
    expect_program("a|b|c", "s1,3 c0 j7 s4,6 c1 j7 c2 m");
    expect_program("a*", "s1,3 c0 j0 m");
    expect_program("a*?", "s3,1 c0 j0 m");
    expect_program("a+", "c0 s0,2 m");
    expect_program("a{2,4}", "c0 c0 s3,6 c0 s5,6 c0 m");
    expect_program("a{2,}?", "c0 c0 s3,1 m");
    expect_program("(?:a?)*", "s1,4 s2,3 c0 s1,4 m");
    expect_program("(a)(?:b)", "g2 c0 g3 c1 m");
}

static void facts(void **state)
{
    static const struct {
        const char *pattern;
        bool anchored;
        uint32_t groups;
    } cases[] = {{"^a", true, 0},
                 {"\\Aa", true, 0},
                 {"(^a|^b)c", true, 1},
                 {"(?i)^a", true, 0},
                 {"(?:^a)+", true, 0},
                 {"^a|b", false, 0},
                 {"(?m)^a", false, 0},
                 {"(^a)?b", false, 1},
                 {"a^b", false, 0},
                 {"", false, 0},
                 {"(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)", false, 11}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        berm_regex_code code;
        berm_regex_program program;
        compile_pattern(&code, &program, cases[i].pattern);
        assert_int_equal(program.anchored, cases[i].anchored);
        assert_int_equal(program.group_count, cases[i].groups);
        berm_regex_code_free(&code);
    }
    assert_int_equal(berm_regex_slots(0), 2);
    assert_int_equal(berm_regex_slots(3), 8);
    assert_int_equal(berm_regex_slots(11), BERM_REGEX_SLOTS_MAX);
}

static void refusing(void **state)
{
    berm_regex_code code;
    (void)state;
    assert_int_equal(berm_regex_compile(&code, &berm_alloc_libc, BERM_STR("ab(?=c)")),
                     BERM_E_POLICY);
    assert_non_null(code.fault);
    assert_int_equal(code.fault_off, 4);
    berm_regex_code_free(&code);
    berm_str large = BERM_STR("(?:abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz){1000}");
    assert_int_equal(berm_regex_compile(&code, &berm_alloc_libc, large), BERM_E_LIMIT);
    assert_null(code.fault);
    berm_regex_code_free(&code);
}

static void failing_allocations(void **state)
{
    (void)state;
    fail_each_allocation(BERM_STR("(a|b|c)*d{2,4}(e|f?)+[^a-z]"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(programs), cmocka_unit_test(facts),
                                       cmocka_unit_test(refusing),
                                       cmocka_unit_test(failing_allocations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
