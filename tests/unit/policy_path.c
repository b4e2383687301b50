#include "policy_build_help.h"

#include "policy/path.h"

static bool read_path(stage *s, const char *text, berm_path *path)
{
    stage_begin(s, "x");
    berm_expr expr = {.text = berm_str_of(text), .part = stage_root(s)};
    return berm_path_read(&s->build, &expr, path);
}

/* f:name [] * ( )n where n is the place of the other bracket */
static void expect_steps(const char *text, const char *wanted)
{
    stage s;
    berm_path path;
    berm_text got;
    berm_text_init(&got, &berm_alloc_libc);
    if (!read_path(&s, text, &path)) fail_msg("%s: %s", text, stage_diags(&s));
    for (uint32_t i = 0; i < path.count; i++) {
        berm_path_step step = path.steps[i];
        if (i) berm_text_putc(&got, ' ');
        if (step.kind == BERM_STEP_FIELD) berm_text_format(&got, "f:%S", step.name);
        if (step.kind == BERM_STEP_ELEMENTS) berm_text_put(&got, BERM_STR("[]"));
        if (step.kind == BERM_STEP_VALUES) berm_text_put(&got, BERM_STR("*"));
        if (step.kind == BERM_STEP_GROUP) berm_text_format(&got, "(%u", step.jump);
        if (step.kind == BERM_STEP_GROUP_END) berm_text_format(&got, ")%u", step.jump);
    }
    berm_text_putc(&got, '\0');
    assert_string_equal(got.ptr, wanted);
    berm_text_free(&got);
    stage_end(&s);
}

static void paths_become_steps(void **state)
{
    (void)state;
    expect_steps(".", "");
    expect_steps("", "");
    expect_steps("a", "f:a");
    expect_steps("resource_changes[*]", "f:resource_changes []");
    expect_steps("[*]", "[]");
    expect_steps(".*", "*");
    expect_steps("a.b-c.$d[*][*].*", "f:a f:b-c f:$d [] [] *");
    expect_steps("['a.b (c)'].d", "f:a.b (c) f:d");
    expect_steps("values.root_module(.child_modules[*])*.resources[*]",
                 "f:values f:root_module (5 f:child_modules [] )2 f:resources []");
    expect_steps("(.a(.b)*)*", "(5 f:a (4 f:b )2 )0");
    expect_steps("on.push", "f:on f:push");
}

static void faults_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"a..b",
                                        "a.",
                                        "a[0]",
                                        "a[*",
                                        "a[*].",
                                        "a b",
                                        "a*",
                                        "(.a",
                                        "(.a)",
                                        "(.a)+",
                                        "()*",
                                        "((.a)*)*",
                                        "a)*",
                                        "['a",
                                        "['']",
                                        "[\"a\"]",
                                        " a",
                                        "a.b ",
                                        "(((((((((.a)*)*)*)*)*)*)*)*)*"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        stage s;
        berm_path path;
        if (read_path(&s, texts[i], &path)) fail_msg("%s is taken", texts[i]);
        assert_int_equal(berm_diags_error_count(s.build.diags), 1);
        assert_memory_equal(stage_diags(&s), "B0515", 5);
        stage_end(&s);
    }
}

static void a_path_has_a_longest(void **state)
{
    (void)state;
    char text[2 * (BERM_IMAGE_PATH_MAX + 1)];
    for (uint32_t i = 0; i <= BERM_IMAGE_PATH_MAX; i++) memcpy(text + (size_t)2 * i, "a.", 2);
    text[2 * BERM_IMAGE_PATH_MAX - 1] = '\0';
    stage s;
    berm_path path;
    assert_true(read_path(&s, text, &path));
    assert_int_equal(path.count, BERM_IMAGE_PATH_MAX);
    stage_end(&s);
    text[2 * BERM_IMAGE_PATH_MAX - 1] = '.';
    text[2 * BERM_IMAGE_PATH_MAX + 1] = '\0';
    assert_false(read_path(&s, text, &path));
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(paths_become_steps),
                                       cmocka_unit_test(faults_are_refused),
                                       cmocka_unit_test(a_path_has_a_longest)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
