/* The built-in targets and derived kinds: what they find in documents of each sort. */
#include "policy_help.h"

#include "base_alloc.h"
#include "policy/builtins.h"

/* A guardrail that looks at everything; what it sees is in its messages. */
static const char spy[] =
    "guardrail: spy\ntitle: T\n"
    "match: {kinds: ['*', document, pod, container, iam.statement],\n"
    "        actions: [none, create, update, replace, delete, forget, read, no-op, drift]}\n"
    "validations:\n"
    "  - {name: v, expression: 'false', message: '{resource.kind} {resource.address} "
    "{resource.action}'}\n"
    "  - {name: w, expression: 'false', message: '{resource.name} {resource.module} "
    "{resource.tags}'}\n"
    "  - {name: o, expression: 'false', message: '{object}'}\n"
    "  - {name: n, expression: 'false', message: '{has(object.a)} {object.?a} {params.p}'}\n"
    "parameters: {p: {type: int, default: 1}}\n";

typedef struct sighted {
    compiled set;
    berm_policy *policy;
    berm_runner *runner;
} sighted;

static sighted spy_begin(void)
{
    sighted s = {.set = compile_fine(spy)};
    berm_limits limits = berm_limits_resolve(NULL);
    berm_error err = {0};
    if (berm_policy_from_bytes(&berm_alloc_libc, s.set.bytes, s.set.len, (berm_loan){.lent = false},
                               &s.policy, &err))
        fail_msg("%s", err.message);
    s.set.bytes = NULL;
    s.set.len = 0;
    assert_int_equal(berm_runner_new(&berm_alloc_libc, &limits, &s.runner), BERM_OK);
    return s;
}

static void spy_end(sighted *s)
{
    berm_runner_free(s->runner);
    berm_policy_unhold(s->policy);
    drop_compiled(&s->set);
}

/* The messages of one validation over a document, a line each; a line that is no failure begins with its verdict. */
static void look_at(sighted *s, const char *name, const char *text, const char *validation,
                    berm_text *out)
{
    berm_limits limits = berm_limits_resolve(NULL);
    berm_doc *doc;
    berm_error err = {0};
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &limits,
                      .name = berm_str_of(name),
                      .text = berm_str_of(text)};
    if (berm_doc_read(&read, &doc, &err)) fail_msg("%s", err.message);
    berm_input input = {.size = sizeof input, .doc = doc};
    berm_run run = {.size = sizeof run,
                    .policy = s->policy,
                    .inputs = &input,
                    .input_count = 1,
                    .flags = BERM_RUN_PASSES};
    const berm_decision *decision;
    if (berm_runner_run(s->runner, &run, &decision, &err)) fail_msg("%s", err.message);
    for (uint32_t i = 0; i < decision->findings.count; i++) {
        const berm_finding *f = &decision->findings.items[i];
        if (f->verdict == BERM_VERDICT_FAIL && !berm_str_is(f->validation, validation)) continue;
        if (f->verdict != BERM_VERDICT_FAIL) berm_text_format(out, "verdict %u: ", f->verdict);
        berm_text_format(out, "%S\n", f->message);
    }
    berm_text_putc(out, '\0');
    berm_doc_drop(doc);
}

static void expect_seen(const char *name, const char *text, const char *validation,
                        const char *wanted)
{
    sighted s = spy_begin();
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    look_at(&s, name, text, validation, &out);
    assert_string_equal(out.ptr, wanted);
    berm_text_free(&out);
    spy_end(&s);
}

/* The text of a file of policies/targets, which lives until the next one is read. */
static berm_str read_target_file(berm_str name)
{
    static char text[1 << 16];
    char path[100];
    snprintf(path, sizeof path, "policies/targets/%.*s", (int)name.len, name.ptr);
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("no %s: tests run in the source directory", path);
    size_t len = fread(text, 1, sizeof text, file);
    fclose(file);
    return (berm_str){text, len};
}

/* The first line of `rest`, with its end; empty where it is nothing but a comment. */
static berm_str take_line(berm_str *rest)
{
    const char *end = memchr(rest->ptr, '\n', rest->len);
    assert_non_null(end);
    berm_str line = berm_str_cut(*rest, 0, (size_t)(end - rest->ptr) + 1);
    *rest = berm_str_cut(*rest, line.len, rest->len);
    size_t blanks = 0;
    while (line.ptr[blanks] == ' ') blanks++;
    return line.ptr[blanks] == '#' ? BERM_STR("\n") : line;
}

static void the_library_carries_the_files_of_policies_targets(void **state)
{
    (void)state;
    berm_arena arena;
    berm_arena_init(&arena, &berm_alloc_libc);
    const berm_builtin *builtins = berm_builtins_read(&arena);
    assert_non_null(builtins);
    assert_int_equal(berm_builtin_count(), 13);
    for (uint32_t i = 0; i < berm_builtin_count(); i++) {
        berm_str file = read_target_file(builtins[i].name), carried = builtins[i].text;
        assert_true(berm_builtin_is(file));
        while (file.len) {
            berm_str wanted = take_line(&file);
            assert_true(berm_str_starts(carried, wanted));
            carried = berm_str_cut(carried, wanted.len, carried.len);
        }
        assert_int_equal(carried.len, 0);
        assert_false(builtins[i].text.len > 500 && berm_builtin_is(builtins[i].text));
    }
    berm_arena_free(&arena);
    assert_false(berm_builtin_is((berm_str){NULL, 0}));
}

static void carrying_them_needs_memory(void **state)
{
    (void)state;
    for (size_t fail_at = 1; fail_at <= 3; fail_at++) {
        counted_heap heap = {.fail_at = fail_at};
        berm_alloc alloc = counted_alloc(&heap);
        berm_arena arena;
        berm_arena_init(&arena, &alloc);
        assert_null(berm_builtins_read(&arena));
        berm_arena_free(&arena);
        assert_int_equal(heap.in_use, 0);
    }
}

/* --- kubernetes --- */

static void manifests_are_objects(void **state)
{
    (void)state;
    expect_seen("a.yaml",
                "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\n"
                "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, "
                "namespace: shop}\n---\n"
                "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: run-}\n---\n"
                "apiVersion: v1\nkind: AllowList\nspec: {items: []}\nmetadata: {name: own}\n",
                "v",
                "document a.yaml none\nv1/Namespace v1/Namespace/shop none\n"
                "document a.yaml none\nnetworking.k8s.io/NetworkPolicy "
                "networking.k8s.io/NetworkPolicy/shop/deny none\n"
                "document a.yaml none\nbatch/Job batch/Job/run- none\n"
                "document a.yaml none\nv1/AllowList v1/AllowList/own none\n");
    expect_seen("a.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s, labels: {team: x}}\n",
                "w", "a.yaml  {}\ns  {\"team\": \"x\"}\n");
}

static void lists_are_unfolded(void **state)
{
    (void)state;
    expect_seen(
        "a.json",
        "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": ["
        "{\"apiVersion\": \"apps/v1\", \"kind\": \"ReplicaSet\", \"metadata\": {\"name\": \"a\"}},"
        "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMapList\", \"items\": [{\"apiVersion\": "
        "\"v1\", \"kind\": "
        "\"ConfigMap\", \"metadata\": {\"name\": \"b\"}}]},"
        "{\"apiVersion\": \"example.com/v1\", \"kind\": \"Own\", \"metadata\": {\"name\": \"c\"}, "
        "\"items\": [{\"apiVersion\": \"v1\", \"kind\": \"Secret\"}]}]}",
        "v",
        "document a.json none\napps/ReplicaSet apps/ReplicaSet/a none\nv1/ConfigMap v1/ConfigMap/b "
        "none\n"
        "example.com/Own example.com/Own/c none\n");
    expect_seen("a.json",
                "{\"apiVersion\": \"apps/v1\", \"kind\": \"DeploymentList\", \"items\": "
                "[{\"metadata\": {\"name\": \"a\", "
                "\"namespace\": \"n\"}}]}",
                "v", "document a.json none\napps/Deployment apps/Deployment/n/a none\n");
}

static void pods_are_found_in_every_workload(void **state)
{
    (void)state;
#define SPEC \
    "{containers: [{name: main}], initContainers: [{name: first}], ephemeralContainers: [{name: " \
    "look}]}"
    expect_seen(
        "a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: " SPEC "\n", "v",
        "document a.yaml none\nv1/Pod v1/Pod/p none\npod v1/Pod/p/pod none\n"
        "container v1/Pod/p/pod/container/main none\ncontainer v1/Pod/p/pod/container/first none\n"
        "container v1/Pod/p/pod/container/look none\n");
    expect_seen("a.yaml",
                "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: p}\nspec: {template: "
                "{spec: {containers: [{name: "
                "a}]}}}\n",
                "v",
                "document a.yaml none\napps/StatefulSet apps/StatefulSet/p none\npod "
                "apps/StatefulSet/p/pod none\n"
                "container apps/StatefulSet/p/pod/container/a none\n");
    expect_seen(
        "a.yaml",
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: p}\nspec: {jobTemplate: {spec: "
        "{template: {spec: "
        "{containers: [{name: a}]}}}}}\n",
        "v",
        "document a.yaml none\nbatch/CronJob batch/CronJob/p none\npod batch/CronJob/p/pod none\n"
        "container batch/CronJob/p/pod/container/a none\n");
    /* nothing where there is nothing */
    expect_seen("a.yaml",
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: p}\nspec: {template: "
                "{spec: {}}}\n",
                "v",
                "document a.yaml none\napps/Deployment apps/Deployment/p none\npod "
                "apps/Deployment/p/pod none\n");
    expect_seen(
        "a.yaml",
        "apiVersion: apps/v1\nkind: ControllerRevision\nmetadata: {name: p}\ndata: {spec: 1}\n",
        "v", "document a.yaml none\napps/ControllerRevision apps/ControllerRevision/p none\n");
}

/* --- terraform --- */

#define CHANGE(address, more, change) \
    "{\"address\": \"" address \
    "\", \"mode\": \"managed\", \"type\": \"t\", \"name\": \"n\", " more "\"change\": {" change \
    "}}"
#define PLAN(changes) "{\"format_version\": \"1.2\", \"resource_changes\": [" changes "]}"

/* The house format would take literals that macros join to pieces. */
/* clang-format off */
static void plans_list_their_changes(void **state)
{
    (void)state;
    expect_seen("p.json",
        PLAN(CHANGE("a", "", "\"actions\": [\"create\"], \"before\": null, \"after\": {}") ", "
             CHANGE("b", "", "\"actions\": [\"delete\", \"create\"], \"before\": {}, \"after\": {}") ", "
             CHANGE("c", "", "\"actions\": [\"create\", \"delete\"], \"before\": {}, \"after\": {}") ", "
             CHANGE("d", "", "\"actions\": [\"no-op\"], \"before\": {}, \"after\": {}") ", "
             CHANGE("e", "", "\"actions\": [\"delete\"], \"before\": {}, \"after\": null") ", "
             CHANGE("f", "\"deposed\": \"0a\", ",
                    "\"actions\": [\"forget\"], \"before\": {}, \"after\": null")),
        "v",
        "document p.json none\nt a create\nt b replace\nt c replace\nt d no-op\nt e delete\n"
        "t f (deposed 0a) forget\n");
    expect_seen("p.json",
        "{\"format_version\": \"1.2\", \"planned_values\": {}, \"resource_drift\": ["
        CHANGE("a", "", "\"actions\": [\"update\"], \"before\": {}, \"after\": {}")
        "], \"resource_changes\": [{\"address\": \"data.x.y\", \"mode\": \"data\", \"type\": \"x\", "
        "\"name\": \"y\", \"module_address\": \"module.m\", "
        "\"change\": {\"actions\": [\"read\"], \"before\": null, \"after\": {}}}]}",
        "v", "document p.json none\ndata.x data.x.y read\nt a drift\n");
}
/* clang-format on */

static void what_is_not_known_is_marked(void **state)
{
    (void)state;
    expect_seen("p.json",
                PLAN(CHANGE("a", "",
                            "\"actions\": [\"create\"], \"before\": null, \"after\": {\"a\": 1, "
                            "\"b\": [null, 2], \"p\": "
                            "\"secret\"}, \"after_unknown\": {\"id\": true, \"b\": [true, false]}, "
                            "\"after_sensitive\": "
                            "{\"p\": true}")),
                "o",
                "{\"format_version\": \"1.2\", \"resource_changes\": [{\"address\": \"a\", "
                "\"mode\": \"managed\", "
                "\"type\": \"t\", \"name\": \"n\", \"change\": {\"actions\": [\"create\"], "
                "\"before\": null, \"after\": "
                "{\"a\": 1, \"b\": [null, 2], \"p\": (sensitive)}, \"after_unknown\": {\"id\": "
                "true, \"b\": [true, "
                "false]}, \"after_sensitive\": {\"p\": true}}}]}\n"
                "{\"a\": 1, \"b\": [(known after apply), 2], \"p\": (sensitive), \"id\": (known "
                "after apply)}\n");
}

static void tags_are_those_that_will_be(void **state)
{
    (void)state;
    static const struct {
        const char *change, *tags;
    } cases[] = {
        {"\"after\": {\"tags\": {\"a\": \"1\"}, \"tags_all\": {\"a\": \"1\", \"b\": \"2\"}}",
         "{\"a\": \"1\", \"b\": \"2\"}"},
        {"\"after\": {\"tags\": {\"a\": \"1\"}}, \"after_unknown\": {\"tags_all\": true}",
         "{\"a\": \"1\"}"},
        {"\"after\": {\"tags\": null}, \"after_unknown\": {\"tags_all\": true}", "{}"},
        {"\"after\": {}, \"after_unknown\": {\"tags\": true, \"tags_all\": true}",
         "(known after apply)"},
        {"\"after\": {\"tags\": {}}, \"after_unknown\": {\"tags\": {\"a\": true}}",
         "{\"a\": (known after apply)}"},
        {"\"after\": {\"labels\": {\"a\": \"1\"}, \"effective_labels\": {\"b\": \"2\"}}",
         "{\"b\": \"2\"}"},
        {"\"after\": {\"labels\": {\"a\": \"1\"}}", "{\"a\": \"1\"}"},
        {"\"after\": {\"tag\": [{\"key\": \"a\", \"value\": \"1\", \"propagate_at_launch\": "
         "true}]}",
         "{\"a\": \"1\"}"},
        {"\"after\": {\"tags\": [\"a\"]}", "{}"},
        {"\"after\": null", "{}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[600], wanted[200];
        snprintf(text, sizeof text,
                 PLAN(CHANGE("a", "\"module_address\": \"module.m\", ",
                             "\"actions\": [\"update\"], %s")),
                 cases[i].change);
        snprintf(wanted, sizeof wanted, "p.json  {}\nn module.m %s\n", cases[i].tags);
        expect_seen("p.json", text, "w", wanted);
    }
}

static void states_list_what_is(void **state)
{
    (void)state;
    static const char shown[] =
        "{\"format_version\": \"1.0\", \"values\": {\"root_module\": {\"resources\": "
        "[{\"address\": \"t.n\", \"mode\": "
        "\"managed\", \"type\": \"t\", \"name\": \"n\", \"values\": {\"tags\": {\"k\": \"v\"}, "
        "\"pw\": \"x\"}, "
        "\"sensitive_values\": {\"pw\": true}}], \"child_modules\": [{\"address\": \"module.a\", "
        "\"resources\": "
        "[{\"address\": \"module.a.data.d.n\", \"mode\": \"data\", \"type\": \"d\", \"name\": "
        "\"n\", \"values\": {}}], "
        "\"child_modules\": [{\"address\": \"module.a.module.b\", \"resources\": [{\"address\": "
        "\"module.a.module.b.t.n\", "
        "\"mode\": \"managed\", \"type\": \"t\", \"name\": \"n\", \"values\": {}}]}]}]}}}";
    expect_seen("s.json", shown, "v",
                "document s.json none\nt t.n none\ndata.d module.a.data.d.n none\nt "
                "module.a.module.b.t.n none\n");
    expect_seen("s.json", shown, "w",
                "s.json  {}\nn  {\"k\": \"v\"}\nn module.a {}\nn module.a.module.b {}\n");
}

static void raw_states_list_instances(void **state)
{
    (void)state;
    static const char raw[] =
        "{\"version\": 4, \"terraform_version\": \"1.9.0\", \"lineage\": \"x\", \"resources\": "
        "[{\"mode\": \"managed\", "
        "\"type\": \"t\", \"name\": \"n\", \"provider\": \"p\", \"instances\": [{\"index_key\": 0, "
        "\"attributes\": {\"a\": "
        "1}}, {\"index_key\": \"k\", \"attributes\": {\"pw\": \"x\", \"b\": \"y\"}, "
        "\"sensitive_attributes\": "
        "[[{\"type\": \"get_attr\", \"value\": \"pw\"}], [{\"type\": \"get_attr\", \"value\": "
        "\"pw\"}, {\"type\": "
        "\"get_attr\", \"value\": \"z\"}]]}]}, {\"module\": \"module.m\", \"mode\": \"data\", "
        "\"type\": \"d\", \"name\": "
        "\"n\", \"instances\": [{\"attributes\": {\"tags\": {\"k\": \"v\"}}}]}]}";
    expect_seen(
        "s.json", raw, "v",
        "document s.json none\nt t.n[0] none\nt t.n[\"k\"] none\ndata.d module.m.data.d.n none\n");
    sighted s = spy_begin();
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    look_at(&s, "s.json", raw, "o", &out);
    assert_non_null(strstr(out.ptr, "{\"pw\": (sensitive), \"b\": \"y\"}\n{\"tags\""));
    berm_text_free(&out);
    spy_end(&s);
}

static void statements_are_parts_of_policies(void **state)
{
    (void)state;
    expect_seen(
        "p.json",
        PLAN("{\"address\": \"p\", \"type\": \"aws_iam_policy\", \"name\": \"p\", \"change\": "
             "{\"actions\": "
             "[\"create\"], \"after\": {\"policy\": \"{\\\"Statement\\\": [{\\\"Sid\\\": "
             "\\\"One\\\", \\\"Effect\\\": "
             "\\\"Allow\\\", \\\"Action\\\": \\\"*\\\", \\\"Resource\\\": [\\\"a\\\"]}, "
             "{\\\"Effect\\\": "
             "\\\"Deny\\\", \\\"NotAction\\\": [\\\"b\\\"], \\\"Principal\\\": \\\"*\\\"}]}\"}}}, "
             "{\"address\": \"r\", \"type\": \"aws_iam_role\", \"name\": \"r\", \"change\": "
             "{\"actions\": "
             "[\"create\"], \"after\": {\"assume_role_policy\": \"{\\\"Statement\\\": "
             "{\\\"Effect\\\": "
             "\\\"Allow\\\"}}\"}}}, {\"address\": \"q\", \"type\": \"aws_iam_policy\", \"name\": "
             "\"q\", "
             "\"change\": {\"actions\": [\"create\"], \"after\": {\"policy\": null}}}"),
        "v",
        "document p.json none\naws_iam_policy p create\niam.statement p/iam.statement/One create\n"
        "iam.statement p/iam.statement/1 create\naws_iam_role r create\niam.statement "
        "r/iam.statement create\n"
        "aws_iam_policy q create\n");
    sighted s = spy_begin();
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    look_at(&s, "p.json",
            PLAN("{\"address\": \"p\", \"type\": \"aws_iam_policy\", \"name\": \"p\", \"change\": "
                 "{\"actions\": "
                 "[\"create\"], \"after\": {\"policy\": \"{\\\"Statement\\\": {\\\"Effect\\\": "
                 "\\\"Deny\\\", "
                 "\\\"NotAction\\\": [\\\"b\\\"], \\\"Principal\\\": \\\"*\\\"}}\"}}}"),
            "o", &out);
    assert_non_null(strstr(
        out.ptr,
        "\n{\"effect\": \"Deny\", \"actions\": [], \"notActions\": [\"b\"], \"resources\": [], "
        "\"notResources\": [], \"principal\": \"*\"}\n"));
    berm_text_free(&out);
    spy_end(&s);
}

/* --- the rest --- */

/* For Kubernetes a null is as good as nothing; JSON and YAML say what they say. */
static void nulls_are_missing_where_the_target_says_so(void **state)
{
    (void)state;
    expect_seen("a.yaml",
                "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: p}\nspec:\na: null\n", "n",
                "false optional.none() 1\nfalse optional.none() 1\n");
    expect_seen("a.yaml", "a: null\n", "n", "true optional.of(null) 1\n");
    expect_seen("a.json", "{\"a\": null}", "n", "true optional.of(null) 1\n");
}

static void other_documents_are_json_or_yaml(void **state)
{
    (void)state;
    expect_seen("a.json", "[1, null]", "v", "document a.json none\n");
    expect_seen("a.yaml", "a: null\n", "o", "{\"a\": null}\n");
    expect_seen("a.yaml", "apiVersion: 1\n", "v", "document a.yaml none\n");
    expect_seen("a.yaml", "just text\n", "o", "just text\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_library_carries_the_files_of_policies_targets),
        cmocka_unit_test(carrying_them_needs_memory),
        cmocka_unit_test(manifests_are_objects),
        cmocka_unit_test(lists_are_unfolded),
        cmocka_unit_test(pods_are_found_in_every_workload),
        cmocka_unit_test(plans_list_their_changes),
        cmocka_unit_test(what_is_not_known_is_marked),
        cmocka_unit_test(tags_are_those_that_will_be),
        cmocka_unit_test(states_list_what_is),
        cmocka_unit_test(raw_states_list_instances),
        cmocka_unit_test(statements_are_parts_of_policies),
        cmocka_unit_test(nulls_are_missing_where_the_target_says_so),
        cmocka_unit_test(other_documents_are_json_or_yaml)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
