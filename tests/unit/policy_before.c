/* Two documents compared: what is new, what is gone, and runs that end on the way. */
#include "policy_help.h"

#include "base/parts.h"

#if BERM_PART_GOVERNANCE
#include "policy/runner.h"

#define SET \
    "target: shop\ntitle: Shop\ndetect: has(input.boxes)\nsensitive: \"{'key': true}\"\n" \
    "resources: [{path: 'boxes[*]', kind: \"'box'\", name: item.name, address: item.name}]\n" \
    "---\nguardrail: kept\ntitle: Kept\nmatch: {kinds: [box], actions: [create, update, " \
    "delete]}\n" \
    "validations: [{name: v, expression: 'object != null'}]\n"

typedef struct compared {
    berm_policy *policy;
    berm_runner *runner;
    berm_doc *doc, *before;
    berm_input input;
    berm_run run;
} compared;

static berm_doc *doc_of(const char *text)
{
    const berm_limits limits = berm_limits_resolve(NULL);
    const berm_read read = {.alloc = &berm_alloc_libc,
                            .limits = &limits,
                            .name = BERM_STR("d.yaml"),
                            .text = berm_str_of(text),
                            .format = BERM_FORMAT_YAML};
    berm_error err = {0};
    berm_doc *doc = NULL;
    if (berm_doc_read(&read, &doc, &err)) fail_msg("%s", err.message);
    return doc;
}

static void compare(compared *c, const char *before, const char *text)
{
    const berm_source source = {.size = sizeof source,
                                .name = BERM_STR("p.yaml"),
                                .text = BERM_STR(SET)};
    compiled set = compile_sources(&source, 1, BERM_COMPILE_NO_BUILTINS);
    if (set.status) fail_msg("%s", set.err.message);
    *c = (compared){.doc = doc_of(text), .before = doc_of(before)};
    assert_int_equal(berm_policy_from_bytes(&berm_alloc_libc, set.bytes, set.len, (berm_loan){0},
                                            &c->policy, &set.err),
                     BERM_OK);
    set.bytes = NULL; /* the policy's now */
    drop_compiled(&set);
    assert_int_equal(berm_runner_new(&berm_alloc_libc, NULL, &c->runner), BERM_OK);
    c->input = (berm_input){.size = sizeof c->input, .doc = c->doc, .before = c->before};
    c->run = (berm_run){.size = sizeof c->run,
                        .policy = c->policy,
                        .inputs = &c->input,
                        .input_count = 1,
                        .flags = BERM_RUN_PASSES};
}

static void drop_compared(compared *c)
{
    berm_runner_free(c->runner);
    berm_doc_drop(c->doc);
    berm_doc_drop(c->before);
    berm_policy_unhold(c->policy);
}

/* "address:verdict:action .." in the order of the findings. */
static void expect_verdicts(compared *c, const char *wanted)
{
    const berm_decision *decision = NULL;
    berm_error err = {0};
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    if (berm_runner_run(c->runner, &c->run, &decision, &err)) fail_msg("%s", err.message);
    for (uint32_t i = 0; i < decision->findings.count; i++) {
        const berm_finding *f = &decision->findings.items[i];
        berm_text_format(&out, "%s%S:%u:%u", i ? " " : "", f->address, f->verdict, f->action);
    }
    berm_text_putc(&out, '\0');
    assert_string_equal(out.ptr, wanted);
    berm_text_free(&out);
}

static void format_verdicts(char *out, size_t len, uint32_t a, uint32_t b, uint32_t c)
{
    (void)snprintf(out, len, "a:%d:%u b:%d:%u c:%d:%u", BERM_VERDICT_PASS, a, BERM_VERDICT_PASS, b,
                   BERM_VERDICT_FAIL, c);
}

static void what_is_gone_is_judged_at_the_end(void **state)
{
    (void)state;
    compared c;
    char wanted[80];
    compare(&c, "boxes: [{name: a, n: 1}, {name: c}, {name: a, n: 1}]\n",
            "boxes: [{name: a, n: 2}, {name: b}]\n");
    format_verdicts(wanted, sizeof wanted, BERM_ACTION_UPDATE, BERM_ACTION_CREATE,
                    BERM_ACTION_DELETE);
    /* the second a of the document before is gone, too */
    char more[120];
    (void)snprintf(more, sizeof more, "%s a (2):%d:%d", wanted, BERM_VERDICT_FAIL,
                   BERM_ACTION_DELETE);
    expect_verdicts(&c, more);
    drop_compared(&c);
}

/* No target knows it: then nothing was before. */
static void what_no_target_knows_was_nothing(void **state)
{
    (void)state;
    compared c;
    compare(&c, "other: 1\n", "boxes: [{name: a}]\n");
    const berm_decision *decision = NULL;
    berm_error err = {0};
    berm_status status = berm_runner_run(c.runner, &c.run, &decision, &err);
    if (status) fail_msg("%s", err.message);
    const berm_finding *last = &decision->findings.items[decision->findings.count - 1];
    assert_true(berm_str_is(last->address, "a"));
    assert_int_equal(last->action, BERM_ACTION_CREATE);
    drop_compared(&c);
}

static int stop_at_what_is_gone(void *ctx, const berm_finding *f)
{
    ++*(uint32_t *)ctx;
    return f->action == BERM_ACTION_DELETE;
}

static void a_run_may_be_stopped_at_what_is_gone(void **state)
{
    (void)state;
    compared c;
    uint32_t told = 0;
    const berm_decision *decision = NULL;
    compare(&c, "boxes: [{name: a}, {name: b}, {name: c}]\n", "boxes: [{name: a}]\n");
    c.run.on_finding = stop_at_what_is_gone;
    c.run.ctx = &told;
    assert_int_equal(berm_runner_run(c.runner, &c.run, &decision, NULL), BERM_E_INTERRUPTED);
    assert_int_equal(told, 1);
    c.run.on_finding = NULL; /* and nothing of it is left for the next run */
    assert_int_equal(berm_runner_run(c.runner, &c.run, &decision, NULL), BERM_OK);
    assert_int_equal(decision->findings.count, 2);
    drop_compared(&c);
}

/* Wherever fuel ends, the run ends, too, and says so. */
static void fuel_may_end_anywhere(void **state)
{
    (void)state;
    compared c;
    compare(&c, "boxes: [{name: a, key: x}, {name: c}]\n", "boxes: [{name: a, key: y}]\n");
    for (uint64_t fuel = 1;; fuel++) {
        const berm_decision *decision = NULL;
        c.runner->limits.fuel = fuel;
        berm_status status = berm_runner_run(c.runner, &c.run, &decision, NULL);
        if (!status) {
            assert_int_equal(decision->findings.count, 2);
            break;
        }
        assert_int_equal(status, BERM_E_FUEL);
        assert_true(fuel < 100000);
    }
    drop_compared(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_gone_is_judged_at_the_end),
        cmocka_unit_test(what_no_target_knows_was_nothing),
        cmocka_unit_test(a_run_may_be_stopped_at_what_is_gone),
        cmocka_unit_test(fuel_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    return 0;
}
#endif
