/* The Pike machine's own promises: time linear in the text, an end to its fuel, memory that may fail.
   What it finds is in vm_fn_regex.c. */
#include "regex_help.h"

typedef struct search_case {
    berm_regex_code code;
    berm_regex_program program;
    berm_regex_pike *pike;
} search_case;

static void begin_search(search_case *c, const char *pattern)
{
    compile_pattern(&c->code, &c->program, pattern);
    c->pike = berm_regex_pike_new(&berm_alloc_libc, &c->program);
    assert_non_null(c->pike);
}

static void end_search(search_case *c)
{
    berm_regex_pike_free(c->pike);
    berm_regex_code_free(&c->code);
}

static void cases(void **state)
{
    size_t run = 0;
    (void)state;
    for (size_t i = 0; i < REGEX_CASES; i++) {
        search_case c;
        berm_space space;
        uint32_t spans[2];
        berm_str text = berm_str_of(regex_cases[i].text);
        if (regex_cases[i].answer == BAD) continue;
        begin_search(&c, regex_cases[i].pattern);
        berm_space_init(&space, &berm_alloc_libc, UINT64_MAX);
        berm_space_reset(&space, UINT64_MAX);
        for (uint32_t count = 0; count <= 2; count += 2)
            if ((int)berm_regex_pike_find(c.pike, &space, text, 0, spans, count) !=
                regex_cases[i].answer)
                fail_msg("%s on %s", regex_cases[i].pattern, regex_cases[i].text);
        run++;
        berm_space_free(&space);
        end_search(&c);
    }
    assert_true(run > 400);
}

/* What both engines spend on a text is in proportion to it, for a hundred patterns that are made to
   spend more; those that are too large are refused. */
static uint64_t measure_search(const hostile_case *hostile, const berm_regex_program *program,
                               size_t len, bool dfa)
{
    berm_space space;
    uint32_t spans[2];
    static char bytes[8192];
    berm_str text = make_hostile_text(hostile, bytes, len);
    berm_regex_pike *pike = berm_regex_pike_new(&berm_alloc_libc, program);
    berm_regex_dfa *machine = berm_regex_dfa_new(&berm_alloc_libc, program);
    assert_true(pike && machine);
    berm_space_init(&space, &berm_alloc_libc, UINT64_MAX);
    berm_space_reset(&space, UINT64_MAX);
    if (dfa) (void)berm_regex_dfa_match(machine, &space, text, 0);
    else (void)berm_regex_pike_find(pike, &space, text, 0, spans, 2);
    uint64_t used = UINT64_MAX - space.fuel;
    berm_space_free(&space);
    berm_regex_dfa_free(machine);
    berm_regex_pike_free(pike);
    return used;
}

static void linear_time(void **state)
{
    size_t refused = 0;
    (void)state;
    assert_int_equal(HOSTILE_CASES, 100);
    for (size_t i = 0; i < HOSTILE_CASES; i++) {
        const hostile_case *hostile = &hostile_cases[i];
        berm_regex_code code;
        berm_status status =
            berm_regex_compile(&code, &berm_alloc_libc, berm_str_of(hostile->pattern));
        berm_regex_program program = berm_regex_code_program(&code);
        refused += status != BERM_OK;
        for (int dfa = 0; dfa < 2 && status == BERM_OK; dfa++) {
            uint64_t small = measure_search(hostile, &program, 2048, dfa),
                     large = measure_search(hostile, &program, 8192, dfa);
            /* the pattern's own size counts once, and so does what is only seen on longer texts */
            if (large > small * 5)
                fail_msg("%s: %llu, then %llu", hostile->pattern, (unsigned long long)small,
                         (unsigned long long)large);
        }
        berm_regex_code_free(&code);
    }
    assert_int_equal(refused, 2);
}

static void fuel_ends(void **state)
{
    (void)state;
    search_case c;
    berm_space space;
    uint32_t spans[2];
    begin_search(&c, "(a|b)*c");
    berm_space_init(&space, &berm_alloc_libc, UINT64_MAX);
    berm_space_reset(&space, 50);
    assert_int_equal(berm_regex_pike_find(c.pike, &space,
                                          BERM_STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac"), 0, spans,
                                          2),
                     BERM_REGEX_GAVE_UP);
    assert_int_equal(space.status, BERM_E_FUEL);
    berm_space_free(&space);
    end_search(&c);
}

/* Groups beyond those that are kept cost nothing; slots beyond the groups are told as none. */
static void groups(void **state)
{
    (void)state;
    search_case c;
    berm_space space;
    uint32_t spans[24];
    begin_search(&c, "(a)(b)(x)?(d)|(e)(f)(g)(h)(i)(j)(k)");
    berm_space_init(&space, &berm_alloc_libc, UINT64_MAX);
    assert_int_equal(berm_regex_pike_find(c.pike, &space, BERM_STR("-abd"), 0, spans, 24),
                     BERM_REGEX_YES);
    static const uint32_t expected[10] = {1, 4, 1, 2, 2, 3, UINT32_MAX, UINT32_MAX, 3, 4};
    assert_memory_equal(spans, expected, sizeof expected);
    for (uint32_t i = 10; i < 24; i++) assert_int_equal(spans[i], UINT32_MAX);
    assert_int_equal(berm_regex_pike_find(c.pike, &space, BERM_STR("efghijk"), 0, spans, 24),
                     BERM_REGEX_YES);
    assert_int_equal(spans[18], 4); /* group 9 is (i) */
    assert_int_equal(spans[20], UINT32_MAX);
    berm_space_free(&space);
    end_search(&c);
}

static void memory_ends(void **state)
{
    (void)state;
    bool made = false;
    for (size_t nth = 1; !made; nth++) {
        counted_heap heap = {.fail_at = nth};
        berm_alloc alloc = counted_alloc(&heap);
        search_case c;
        begin_search(&c, "(a|b){3,40}(?:c+?d)*");
        berm_regex_pike *pike = berm_regex_pike_new(&alloc, &c.program);
        made = pike != NULL;
        berm_regex_pike_free(pike);
        assert_int_equal(heap.in_use, 0);
        assert_false(heap.wrong_len);
        end_search(&c);
    }
}

/* A program that no pattern is compiled to: groups that end before they begin, or never. */
static void odd_groups(void **state)
{
    static const berm_img_range ranges[] = {{'a', 'a'}};
    static const berm_img_set sets[] = {{.ascii3 = 2, .ranges = {0, 1}}};
    static const berm_img_state states[] = {{BERM_STATE_SAVE, 3, 0}, {BERM_STATE_SAVE, 4, 0},
                                            {BERM_STATE_SET, 0, 0},  {BERM_STATE_SAVE, 2, 0},
                                            {BERM_STATE_SAVE, 7, 0}, {BERM_STATE_MATCH, 0, 0}};
    berm_regex_program program = {.states = states,
                                  .sets = sets,
                                  .ranges = ranges,
                                  .state_count = 6,
                                  .set_count = 1,
                                  .group_count = 3};
    berm_space space;
    uint32_t spans[8];
    (void)state;
    berm_regex_pike *pike = berm_regex_pike_new(&berm_alloc_libc, &program);
    berm_space_init(&space, &berm_alloc_libc, UINT64_MAX);
    berm_space_reset(&space, 1000);
    assert_int_equal(berm_regex_pike_find(pike, &space, BERM_STR("xa"), 0, spans, 8),
                     BERM_REGEX_YES);
    assert_int_equal(spans[0], 1);
    assert_int_equal(spans[1], 2);
    for (size_t i = 2; i < 8; i++) assert_int_equal(spans[i], UINT32_MAX);
    berm_regex_pike_free(pike);
    berm_space_free(&space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cases),       cmocka_unit_test(linear_time),
                                       cmocka_unit_test(fuel_ends),   cmocka_unit_test(groups),
                                       cmocka_unit_test(memory_ends), cmocka_unit_test(odd_groups)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
