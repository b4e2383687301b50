/* Patterns in images: there, found, and refused when they are not what the compiler makes. */
#include "base_alloc.h"
#include "code/regex.h"
#include "code_image_help.h"

static void make_patterns(code_program *p)
{
    uint32_t block;
    program_begin(p, &berm_alloc_libc);
    assert_int_equal(program_add(p, "a.matches('^(b|c)+$') && 'x'.find('[d-e]\\u00e9') == ''",
                                 &code_scope, &block),
                     BERM_OK);
    assert_int_equal(p->gen.patterns.count, 2);
}

static void constants_have_programs(void **state)
{
    static const char *const texts[] = {"matches(a, 'p')",
                                        "a.matches('p')",
                                        "a.find('p')",
                                        "a.findAll('p')",
                                        "a.findAll('p', 1)",
                                        "regex.extract(a, 'p')",
                                        "regex.extractAll(a, 'p')",
                                        "regex.replace(a, 'p', 'q')",
                                        "regex.replace(a, 'p', 'q', 1)",
                                        "a.matches('' + 'p')"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        code_program p;
        uint32_t block;
        berm_error err = {0};
        program_begin(&p, &berm_alloc_libc);
        assert_int_equal(program_add(&p, texts[i], &code_scope, &block), BERM_OK);
        assert_int_equal(program_link(&p, &err), BERM_OK);
        if (p.image.pattern_count != 1) fail_msg("%s", texts[i]);
        const berm_img_pattern *row = &p.image.patterns[0];
        assert_true(berm_str_is(berm_image_text(&p.image, row->text), "p"));
        assert_int_equal(berm_image_find_pattern(&p.image, row->text), 0);
        program_end(&p);
    }
}

/* What is no pattern, or not a constant one, has none. */
static void others_have_none(void **state)
{
    static const char *const texts[] = {
        "a.matches('(')",
        "a.matches(a)",
        "a.matches(1)",
        "a.startsWith('p')",
        "a == 'p'",
        "'p'.matches(a)",
        "a.matches(a ? 'p' : a)",
        "a.matches('(?:abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz){1000}')"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        code_program p;
        uint32_t block;
        program_begin(&p, &berm_alloc_libc);
        assert_int_equal(program_add(&p, texts[i], &code_scope, &block), BERM_OK);
        assert_int_equal(p.gen.patterns.count, 0);
        expect_opened(&p);
    }
}

static void rows_are_found(void **state)
{
    static const char *const texts[] = {"q", "", "abc", "b", "q", "a|b", "abc"};
    berm_text_ref refs[7];
    code_program p;
    berm_error err = {0};
    (void)state;
    program_begin(&p, &berm_alloc_libc);
    for (size_t i = 7; i-- > 0;) refs[i] = berm_codegen_text(&p.gen, berm_str_of(texts[i]));
    for (size_t i = 0; i < 7; i++) berm_codegen_pattern(&p.gen, refs[i]);
    assert_int_equal(p.gen.patterns.count, 5);
    assert_int_equal(program_link(&p, &err), BERM_OK);
    for (size_t i = 0; i < 7; i++) {
        uint32_t row = berm_image_find_pattern(&p.image, refs[i]);
        assert_int_not_equal(row, BERM_NO_ROW);
        assert_true(berm_str_is(berm_image_text(&p.image, p.image.patterns[row].text), texts[i]));
        berm_regex_program program = berm_regex_image_program(&p.image, row);
        assert_int_equal(program.states[program.state_count - 1].op, BERM_STATE_MATCH);
    }
    berm_text_ref other = {refs[2].off + 1, 1};
    assert_int_equal(berm_image_find_pattern(&p.image, other), BERM_NO_ROW);
    program_end(&p);
}

typedef struct damage {
    uint32_t row, field, value; /* of the first pattern, ^(b|c)+$, in words */
    const char *why;
} damage;

/* 0 assert, 1 save, 2 split, 3 set, 4 jump, 5 set, 6 save, 7 split, 8 assert, 9 match */
static void states_stay_inside(void **state)
{
    static const damage cases[] = {{0, 0, 6, "state 0: op"},
                                   {0, 1, 6, "pattern 0"},
                                   {1, 1, 1, "pattern 0"},
                                   {1, 1, 4, "pattern 0"},
                                   {1, 1, 1u << 31, "pattern 0"},
                                   {2, 1, 10, "pattern 0"},
                                   {2, 2, 10, "pattern 0"},
                                   {2, 2, UINT32_MAX, "pattern 0"},
                                   {3, 1, 2, "pattern 0"},
                                   {4, 1, 10, "pattern 0"},
                                   {9, 0, BERM_STATE_SET, "pattern 0"},
                                   {9, 0, BERM_STATE_SAVE, "pattern 0"},
                                   {9, 0, BERM_STATE_ASSERT, "pattern 0"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        code_program p;
        make_patterns(&p);
        uint32_t *word = (uint32_t *)&p.gen.states.items[cases[i].row] + cases[i].field;
        assert_int_not_equal(*word, cases[i].value);
        *word = cases[i].value;
        expect_refused(&p, cases[i].why);
    }
}

enum { WORD_OFF, WORD_LEN, WORD_STATES, WORD_STATE_COUNT, WORD_SETS, WORD_SET_COUNT, WORD_GROUPS };

static void patterns_stay_inside(void **state)
{
    static const damage cases[] = {{0, WORD_OFF, 100000, "pattern 0: text"},
                                   {0, WORD_STATES, 100000, "pattern 0: states"},
                                   {0, WORD_STATE_COUNT, 100000, "pattern 0: states"},
                                   {0, WORD_STATE_COUNT, 0, "pattern 0 is not"},
                                   {0, WORD_STATE_COUNT, 9, "pattern 0 is not"},
                                   {0, WORD_SETS, 100000, "pattern 0: sets"},
                                   {0, WORD_SET_COUNT, 1, "pattern 0 is not"},
                                   {0, WORD_GROUPS, 0, "pattern 0 is not"},
                                   {0, WORD_GROUPS + 1, 2, "pattern 0: anchored"},
                                   {1, WORD_OFF, 0, "pattern 1 is not"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        code_program p;
        make_patterns(&p);
        ((uint32_t *)&p.gen.patterns.items[cases[i].row])[cases[i].field] = cases[i].value;
        expect_refused(&p, cases[i].why);
    }
}

static void sets_are_what_they_say(void **state)
{
    (void)state;
    for (uint32_t word = 0; word < 5; word++) {
        code_program p;
        make_patterns(&p);
        ((uint32_t *)&p.gen.sets.items[2])[word] ^= 1; /* bits, or where the ranges begin */
        expect_refused(&p, "set 2");
    }
    code_program p;
    make_patterns(&p);
    p.gen.ranges.items[0].low = 0x110000;
    expect_refused(&p, "range 0: low");
    make_patterns(&p);
    p.gen.ranges.items[3].low = p.gen.ranges.items[3].high + 1;
    expect_refused(&p, "set 3");
    /* ranges that are not in order; the bits fit */
    make_patterns(&p);
    berm_img_range back[2] = {{0x200, 0x210}, {0x100, 0x110}};
    berm_img_set set = {.ranges = {p.gen.ranges.count, 2}};
    assert_true(berm_array_push(&p.alloc, &p.gen.ranges, back[0]) &&
                berm_array_push(&p.alloc, &p.gen.ranges, back[1]) &&
                berm_array_push(&p.alloc, &p.gen.sets, set));
    expect_refused(&p, "set 4");
}

/* Many rows that name the same states would make checking them take for ever. */
static void nothing_is_shared(void **state)
{
    code_program p;
    (void)state;
    make_patterns(&p);
    p.gen.patterns.items[1].states = p.gen.patterns.items[0].states;
    p.gen.patterns.items[1].sets = p.gen.patterns.items[0].sets;
    p.gen.patterns.items[1].groups = 1;
    p.gen.states.count = p.gen.patterns.items[0].states.count;
    expect_refused(&p, "pattern 1");
    make_patterns(&p);
    p.gen.sets.items[3].ranges = p.gen.sets.items[2].ranges;
    memcpy(&p.gen.sets.items[3], &p.gen.sets.items[2], sizeof(berm_img_set));
    p.gen.ranges.count = 3;
    expect_refused(&p, "set 3");
}

static void failing_allocations(void **state)
{
    bool done = false;
    (void)state;
    for (size_t n = 1; !done; n++) {
        counted_heap heap = {.fail_at = 0};
        berm_alloc alloc = counted_alloc(&heap);
        berm_codegen gen;
        berm_codegen_init(&gen, &alloc, NULL);
        berm_text_ref text = berm_codegen_text(&gen, BERM_STR("[a-c]+x"));
        heap.fail_at = heap.calls + n;
        berm_codegen_pattern(&gen, text);
        done = !gen.failed;
        if (gen.failed) assert_int_equal(gen.status, BERM_E_NOMEM);
        else assert_int_equal(gen.patterns.count, 1);
        berm_codegen_free(&gen);
        assert_int_equal(heap.in_use, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constants_have_programs), cmocka_unit_test(others_have_none),
        cmocka_unit_test(rows_are_found),          cmocka_unit_test(states_stay_inside),
        cmocka_unit_test(patterns_stay_inside),    cmocka_unit_test(sets_are_what_they_say),
        cmocka_unit_test(nothing_is_shared),       cmocka_unit_test(failing_allocations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
