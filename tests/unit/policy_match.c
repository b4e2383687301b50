/* MATCH rows: globs as written, and what bare names stand for. */
#include "policy_help.h"

static void expect_matches(const char *match, const char *wanted)
{
    char text[2000];
    snprintf(text, sizeof text,
             "guardrail: g\ntitle: T\nmatch: %s\n" GUARDRAIL_RULE
             "---\ntarget: other\ntitle: O\ndetect: 'false'\nbareKinds: [x/Pod, x/y/Pod, "
             "z/Deployment]\n",
             match);
    compiled c = compile_fine(text);
    berm_text got;
    berm_text_init(&got, &berm_alloc_libc);
    berm_run_ref run = c.image.guardrails[0].matches;
    for (uint32_t i = 0; i < run.count; i++) {
        const berm_img_match *row = &c.image.matchs[run.first + i];
        berm_text_format(&got, "%s%S:%S", i ? " " : "", image_text(&c, row->target),
                         image_text(&c, row->kind));
    }
    berm_text_putc(&got, '\0');
    assert_string_equal(got.ptr, wanted);
    berm_text_free(&got);
    drop_compiled(&c);
}

static void globs_are_kept_as_written(void **state)
{
    (void)state;
    expect_matches("{kinds: [aws_s3_bucket, aws_iam_*]}", ":aws_s3_bucket :aws_iam_*");
    expect_matches("{target: terraform, kinds: ['*']}", "terraform:*");
    expect_matches("{target: kubernetes, kinds: [apps/*, v1/Pod]}",
                   "kubernetes:apps/* kubernetes:v1/Pod");
}

static void a_bare_name_means_the_built_in_groups(void **state)
{
    (void)state;
    expect_matches("{target: kubernetes, kinds: [CronJob]}",
                   "kubernetes:CronJob kubernetes:batch/CronJob");
    expect_matches("{kinds: [Pod]}", ":Pod kubernetes:v1/Pod other:x/Pod other:x/y/Pod");
    expect_matches("{target: other, kinds: [Po?]}", "other:Po? other:x/Pod other:x/y/Pod");
    expect_matches("{target: kubernetes, kinds: [Stateful*]}",
                   "kubernetes:Stateful* kubernetes:apps/StatefulSet");
    /* a glob that reaches over the group needs no help */
    expect_matches("{target: kubernetes, kinds: ['*Set']}", "kubernetes:*Set");
    expect_matches("{target: kubernetes, kinds: [cronjob, container]}",
                   "kubernetes:cronjob kubernetes:container");
}

static void actions_are_bits(void **state)
{
    (void)state;
    static const struct {
        const char *actions;
        uint32_t bits;
    } cases[] = {
        {"", 1u << BERM_ACTION_NONE | 1u << BERM_ACTION_CREATE | 1u << BERM_ACTION_UPDATE |
                 1u << BERM_ACTION_REPLACE | 1u << BERM_ACTION_READ | 1u << BERM_ACTION_NO_OP},
        {", actions: [create]", 1u << BERM_ACTION_CREATE},
        {", actions: [delete, forget, drift, no-op]",
         1u << BERM_ACTION_DELETE | 1u << BERM_ACTION_FORGET | 1u << BERM_ACTION_DRIFT |
             1u << BERM_ACTION_NO_OP},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[300];
        snprintf(text, sizeof text,
                 "guardrail: g\ntitle: T\nmatch: {kinds: [a]%s}\n" GUARDRAIL_RULE,
                 cases[i].actions);
        compiled c = compile_fine(text);
        assert_int_equal(c.image.guardrails[0].actions, cases[i].bits);
        drop_compiled(&c);
    }
}

static void targets_must_exist(void **state)
{
    (void)state;
    expect_diags("guardrail: g\ntitle: T\nmatch: {target: terrafrom, kinds: [a]}\n" GUARDRAIL_RULE,
                 "B0509:3:17 no target is called `terrafrom`; did you mean `terraform`?\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(globs_are_kept_as_written),
                                       cmocka_unit_test(a_bare_name_means_the_built_in_groups),
                                       cmocka_unit_test(actions_are_bits),
                                       cmocka_unit_test(targets_must_exist)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
