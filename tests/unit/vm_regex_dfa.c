#include "regex_help.h"

typedef struct dfa_case {
    berm_regex_code code;
    berm_regex_program program;
    berm_regex_dfa *dfa;
    berm_regex_pike *pike;
    berm_space space;
} dfa_case;

static void begin_case(dfa_case *c, const char *pattern)
{
    compile_pattern(&c->code, &c->program, pattern);
    c->dfa = berm_regex_dfa_new(&berm_alloc_libc, &c->program);
    c->pike = berm_regex_pike_new(&berm_alloc_libc, &c->program);
    assert_non_null(c->dfa);
    assert_non_null(c->pike);
    berm_space_init(&c->space, &berm_alloc_libc, UINT64_MAX);
    berm_space_reset(&c->space, 1000000000);
}

static void end_case(dfa_case *c)
{
    assert_int_equal(c->space.status, BERM_OK);
    berm_space_free(&c->space);
    berm_regex_dfa_free(c->dfa);
    berm_regex_pike_free(c->pike);
    berm_regex_code_free(&c->code);
}

static berm_regex_answer match(dfa_case *c, berm_str text, size_t from)
{
    return berm_regex_dfa_match(c->dfa, &c->space, text, from);
}

static void cases(void **state)
{
    size_t run = 0;
    (void)state;
    for (size_t i = 0; i < REGEX_CASES; i++) {
        dfa_case c;
        berm_str text = berm_str_of(regex_cases[i].text);
        if (regex_cases[i].answer == BAD) continue;
        begin_case(&c, regex_cases[i].pattern);
        for (int again = 0; again < 2; again++)
            if ((int)match(&c, text, 0) != regex_cases[i].answer)
                fail_msg("%s on %s", regex_cases[i].pattern, regex_cases[i].text);
        run++;
        end_case(&c);
    }
    assert_true(run > 400);
}

/* From wherever it starts, it says what the Pike machine says. */
static void starts_anywhere(void **state)
{
    static const char *const patterns[] = {"^a",   "(?m)^a",  "\\ba", "\\Ba", "a$",     "(?m)a$",
                                           "^|b$", "a\\b|^$", "x",    "",     "\\b\\b", "[^a]a"};
    berm_str text = BERM_STR("a\nab a\303\251a_a\n");
    (void)state;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        dfa_case c;
        begin_case(&c, patterns[i]);
        for (size_t from = 0; from <= text.len; from++) {
            if (from < text.len && ((unsigned char)text.ptr[from] & 0xc0) == 0x80) continue;
            berm_regex_answer wanted = berm_regex_pike_find(c.pike, &c.space, text, from, NULL, 0);
            if (match(&c, text, from) != wanted) fail_msg("%s from %zu", patterns[i], from);
        }
        end_case(&c);
    }
}

/* More states than it keeps: it forgets them and goes on, or leaves the text to others. */
static void forgets(void **state)
{
    dfa_case c;
    size_t len = 300000;
    uint32_t random = 1;
    char *text = malloc(len);
    (void)state;
    assert_non_null(text);
    begin_case(&c, "(?:a|b)*a(?:a|b){14}c");
    /* short stretches that are alike, a new one now and then */
    for (size_t i = 0; i < len; i++) {
        if (i % 64 == 0 && i % 4096 < 64) random = random * 1664525 + 1013904223;
        text[i] = random >> (8 + i % 16) & 1 ? 'a' : 'b';
    }
    assert_int_equal(match(&c, (berm_str){text, len}, 0), BERM_REGEX_NO);
    memcpy(text + len - 16, "abbbbbbbbbbbbbbc", 16);
    assert_int_equal(match(&c, (berm_str){text, len}, 0), BERM_REGEX_YES);
    /* nothing is like anything before */
    for (size_t i = 0; i < len; i++) {
        random = random * 1664525 + 1013904223;
        text[i] = random >> 31 ? 'a' : 'b';
    }
    assert_int_equal(match(&c, (berm_str){text, len}, 0), BERM_REGEX_GAVE_UP);
    assert_int_equal(match(&c, (berm_str){text, 10}, 0), BERM_REGEX_GAVE_UP);
    end_case(&c);
    free(text);
}

/* More symbols than a row may have: another engine's. */
static void too_many_symbols(void **state)
{
    berm_text pattern;
    dfa_case c;
    (void)state;
    berm_text_init(&pattern, &berm_alloc_libc);
    for (uint32_t i = 0; i < 300; i++)
        berm_text_format(&pattern, i ? "|\\x{%x}y" : "\\x{%x}y", 0x4e00 + i);
    berm_text_putc(&pattern, 0);
    begin_case(&c, pattern.ptr);
    assert_int_equal(match(&c, BERM_STR("xy"), 0), BERM_REGEX_GAVE_UP);
    assert_int_equal(berm_regex_pike_find(c.pike, &c.space, BERM_STR("x\344\270\200y"), 0, NULL, 0),
                     BERM_REGEX_YES);
    end_case(&c);
    berm_text_free(&pattern);
}

static void out_of_fuel(void **state)
{
    dfa_case c;
    char text[1000];
    (void)state;
    begin_case(&c, "(a|b)*c");
    memset(text, 'a', sizeof text);
    berm_space_reset(&c.space, 20);
    assert_int_equal(match(&c, (berm_str){text, sizeof text}, 0), BERM_REGEX_GAVE_UP);
    assert_int_equal(c.space.status, BERM_E_FUEL);
    berm_space_reset(&c.space, 70);
    assert_int_equal(match(&c, (berm_str){text, sizeof text}, 0), BERM_REGEX_NO);
    end_case(&c);
}

/* Once it has seen a text it asks for no more memory. */
static void steady_state(void **state)
{
    counted_heap heap = {.fail_at = 0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_regex_code code;
    berm_regex_program program;
    berm_space space;
    berm_str text = BERM_STR("the quick brown f\303\266x jumps over the lazy dog 12:34");
    (void)state;
    compile_pattern(&code, &program, "(?i)(\\w+ )*[\303\200-\303\277]|([0-9]+:)+[0-9]+$");
    berm_regex_dfa *dfa = berm_regex_dfa_new(&alloc, &program);
    berm_space_init(&space, &berm_alloc_libc, UINT64_MAX);
    berm_space_reset(&space, 100000);
    assert_int_equal(berm_regex_dfa_match(dfa, &space, text, 0), BERM_REGEX_YES);
    size_t calls = heap.calls;
    assert_int_equal(berm_regex_dfa_match(dfa, &space, text, 0), BERM_REGEX_YES);
    assert_int_equal(heap.calls, calls);
    berm_regex_dfa_free(dfa);
    berm_space_free(&space);
    berm_regex_code_free(&code);
    assert_int_equal(heap.in_use, 0);
}

static void failing_allocations(void **state)
{
    berm_regex_answer answer = BERM_REGEX_GAVE_UP;
    (void)state;
    for (size_t n = 1; answer != BERM_REGEX_YES; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        berm_regex_code code;
        berm_regex_program program;
        berm_space space;
        compile_pattern(&code, &program, "(a|b|c)*d{2,4}(e|f?)+");
        berm_space_init(&space, &berm_alloc_libc, UINT64_MAX);
        berm_space_reset(&space, 100000);
        berm_regex_dfa *dfa = berm_regex_dfa_new(&alloc, &program);
        if (dfa) answer = berm_regex_dfa_match(dfa, &space, BERM_STR("xabcddef"), 0);
        if (dfa && answer != BERM_REGEX_YES) assert_int_equal(space.status, BERM_E_NOMEM);
        berm_regex_dfa_free(dfa);
        berm_space_free(&space);
        berm_regex_code_free(&code);
        assert_int_equal(heap.in_use, 0);
        assert_false(heap.wrong_len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cases),
                                       cmocka_unit_test(starts_anywhere),
                                       cmocka_unit_test(forgets),
                                       cmocka_unit_test(too_many_symbols),
                                       cmocka_unit_test(out_of_fuel),
                                       cmocka_unit_test(steady_state),
                                       cmocka_unit_test(failing_allocations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
