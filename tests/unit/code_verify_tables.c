/* Tables by hand, right and wrong. */
#include "code_image_help.h"

/* A program of one expression, whose tables tests add to. */
static void make_tables(code_program *p)
{
    uint32_t block;
    program_begin(p, &berm_alloc_libc);
    assert_int_equal(program_add(p, "a.b == 1", &code_scope, &block), BERM_OK);
}

#define ADD(p, table, ...) \
    do { \
        assert_true(berm_array_push(&(p)->alloc, &(p)->gen.table, __VA_ARGS__)); \
    } while (0)

static void fields_are_checked_by_kind(void **state)
{
    (void)state;
    const berm_img_guardrail good = {.severity = 4, .enforcement = 2, .on_unknown_fail = 1};
    static const struct {
        size_t word;
        uint32_t value;
        const char *why;
    } cases[] = {
        {offsetof(berm_img_guardrail, title), 1000, "guardrail 0: title"},
        {offsetof(berm_img_guardrail, severity), 5, "guardrail 0: severity"},
        {offsetof(berm_img_guardrail, on_unknown_fail), 2, "guardrail 0: on_unknown_fail"},
        {offsetof(berm_img_guardrail, controls), 1000, "guardrail 0: controls"},
        {offsetof(berm_img_guardrail, params), BERM_NO_ROW, "guardrail 0: params"},
        {offsetof(berm_img_guardrail, matches), 1, "guardrail 0: matches"},
        {offsetof(berm_img_guardrail, rules) + 4, 1, "guardrail 0: rules"},
        {offsetof(berm_img_guardrail, source), 1, "guardrail 0: source"},
        {offsetof(berm_img_guardrail, source), BERM_NO_ROW, "guardrail 0: source"},
    };
    code_program p;
    make_tables(&p);
    ADD(&p, guardrails, good);
    expect_opened(&p);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        berm_img_guardrail row = good;
        memcpy((char *)&row + cases[i].word, &cases[i].value, sizeof cases[i].value);
        make_tables(&p);
        ADD(&p, guardrails, row);
        expect_refused(&p, cases[i].why);
    }
}

static void optional_rows_may_be_absent(void **state)
{
    (void)state;
    const berm_img_guardrail guardrail = {.severity = 0};
    code_program p;
    make_tables(&p);
    ADD(&p, guardrails, guardrail);
    ADD(&p, rules, (berm_img_rule){.each = BERM_NO_ROW, .message = BERM_NO_ROW});
    expect_opened(&p);
    make_tables(&p);
    ADD(&p, guardrails, guardrail);
    ADD(&p, rules, (berm_img_rule){.each = 1, .message = BERM_NO_ROW});
    expect_refused(&p, "rule 0: each");
}

/* The descriptions cover the records to the last word. */
static void descriptions_cover_the_records(void **state)
{
    (void)state;
    for (uint32_t table = 0; table < BERM_TABLE_COUNT; table++) {
        const berm_table_info *info = &berm_table_infos[table];
        assert_true(info->field_count > 0);
        for (uint32_t i = 0, word = 0; i < info->field_count; i++) {
            const berm_field_info *field = &info->fields[i];
            uint32_t words = berm_field_words(field->kind);
            assert_true(strlen(field->name) > 0);
            word += words;
            if (i + 1 == info->field_count) assert_int_equal(word, info->words);
        }
    }
}

static void expressions_are_sorted_and_in_their_text(void **state)
{
    (void)state;
    code_program p;
    make_tables(&p);
    p.gen.exprs.items[1].word = p.gen.exprs.items[0].word;
    expect_refused(&p, "expr 1");
    make_tables(&p);
    p.gen.exprs.items[p.gen.exprs.count - 1].word = 1000;
    expect_refused(&p, "expr");
    make_tables(&p);
    p.gen.exprs.items[0].off = 9;
    expect_refused(&p, "expr 0");
    make_tables(&p);
    p.gen.exprs.items[0].len = UINT32_MAX;
    expect_refused(&p, "expr 0");
    make_tables(&p);
    p.gen.exprs.items[0].root = 1;
    expect_refused(&p, "expr 0: root");
}

/* --- paths --- */

/* A listing over these steps: 'f' a field, '*' elements, '.' values, '(' and ')' groups with right
   jumps. */
static void make_path(code_program *p, const char *steps)
{
    uint32_t open[128], depth = 0;
    make_tables(p);
    for (uint32_t i = 0; steps[i]; i++) {
        berm_img_step step = {.key = BERM_NO_ROW};
        switch (steps[i]) {
        case 'f':
            step.kind = BERM_STEP_FIELD;
            step.name = berm_codegen_text(&p->gen, BERM_STR("field"));
            step.key = berm_codegen_key(&p->gen, BERM_STR("field"));
            break;
        case '*': step.kind = BERM_STEP_ELEMENTS; break;
        case '.': step.kind = BERM_STEP_VALUES; break;
        case '(':
            step.kind = BERM_STEP_GROUP;
            open[depth++] = i;
            break;
        default:
            step.kind = BERM_STEP_GROUP_END;
            if (depth > 0) {
                step.jump = open[--depth];
                p->gen.steps.items[step.jump].jump = i;
            }
            break;
        }
        ADD(p, steps, step);
    }
    berm_img_listing listing;
    memset(&listing, 0xFF, sizeof listing);
    listing.path = (berm_run_ref){0, (uint32_t)strlen(steps)};
    listing.kind = 0;
    ADD(p, listings, listing);
}

static void paths_are_whole(void **state)
{
    (void)state;
    const char *const good[] = {"", "f", "f*f", "f(.f)*", "((f)f)", "(f(f))f", "f*(.*)(f)."};
    const char *const bad[] = {")", "(", "f(", "(f", "f)", "()", "((f))", "(())", "f(f)(", "(f))("};
    code_program p;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        make_path(&p, good[i]);
        expect_opened(&p);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        make_path(&p, bad[i]);
        expect_refused(&p, "listing 0: path");
    }
}

/* A listing of one of two fields, "field" or "field", then whatever `how` makes of it. */
static void make_choice(code_program *p, uint32_t how)
{
    make_path(p, "fff");
    berm_img_step *steps = p->gen.steps.items;
    steps[0].kind = BERM_STEP_EITHER;
    steps[0].jump = 2;
    if (how == 1) steps[0].jump = 1; /* into the choice */
    if (how == 2) steps[1] = (berm_img_step){.kind = BERM_STEP_ELEMENTS, .key = BERM_NO_ROW};
    if (how >= 3) {
        steps[1].kind = BERM_STEP_EITHER; /* one of three */
        steps[0].jump = steps[1].jump = 3;
    }
    if (how == 4) steps[0].jump = 2;                                   /* the two do not agree */
    if (how == 5) steps[2].kind = BERM_STEP_EITHER, steps[2].jump = 3; /* no last one */
}

static void choices_end_in_a_field(void **state)
{
    (void)state;
    code_program p;
    for (uint32_t how = 0; how < 6; how++) {
        make_choice(&p, how);
        if (how == 0 || how == 3) expect_opened(&p);
        else expect_refused(&p, "listing 0: path");
    }
}

static void the_paths_of_nodes_are_checked_too(void **state)
{
    (void)state;
    for (uint32_t wrong = 0; wrong < 2; wrong++) {
        code_program p;
        make_path(&p, "f");
        const berm_img_node node = {.path = {0, 1},
                                    .where = BERM_NO_ROW,
                                    .scope = BERM_NO_ROW,
                                    .object = BERM_NO_ROW,
                                    .each = BERM_NO_ROW};
        if (wrong) p.gen.steps.items[0].key = BERM_NO_ROW;
        p.gen.listings.items[0].path.count = 0;
        ADD(&p, nodes, node);
        if (wrong) expect_refused(&p, "node 0: path");
        else expect_opened(&p);
    }
}

static void paths_are_bounded(void **state)
{
    (void)state;
    char steps[BERM_IMAGE_PATH_MAX + 2];
    code_program p;
    memset(steps, 'f', sizeof steps);
    steps[BERM_IMAGE_PATH_MAX] = '\0';
    make_path(&p, steps);
    expect_opened(&p);
    steps[BERM_IMAGE_PATH_MAX] = 'f';
    steps[BERM_IMAGE_PATH_MAX + 1] = '\0';
    make_path(&p, steps);
    expect_refused(&p, "listing 0: path");
}

static void steps_say_what_is_true(void **state)
{
    (void)state;
    code_program p;
    make_path(&p, "(f)");
    p.gen.steps.items[0].jump = 1;
    expect_refused(&p, "path");
    make_path(&p, "(f)");
    p.gen.steps.items[2].jump = 1;
    expect_refused(&p, "path");
    make_path(&p, "f");
    p.gen.steps.items[0].key = berm_codegen_string(&p.gen, BERM_STR("field")); /* no hash */
    expect_refused(&p, "path");
    make_path(&p, "f");
    p.gen.steps.items[0].key = berm_codegen_key(&p.gen, BERM_STR("other"));
    expect_refused(&p, "path");
    make_path(&p, "f");
    p.gen.steps.items[0].key = BERM_NO_ROW;
    expect_refused(&p, "path");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_checked_by_kind),
        cmocka_unit_test(optional_rows_may_be_absent),
        cmocka_unit_test(descriptions_cover_the_records),
        cmocka_unit_test(expressions_are_sorted_and_in_their_text),
        cmocka_unit_test(paths_are_whole),
        cmocka_unit_test(choices_end_in_a_field),
        cmocka_unit_test(the_paths_of_nodes_are_checked_too),
        cmocka_unit_test(paths_are_bounded),
        cmocka_unit_test(steps_say_what_is_true),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
