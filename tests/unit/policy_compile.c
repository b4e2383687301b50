/* The compile side as a whole: which sources, which flags, hostile texts, memory that ends. */
#include "policy_help.h"

#include "base/parts.h"
#include "base_alloc.h"
#include "policy/builtins.h"

static const char sample[] =
    "guardrail: g\ntitle: T\nmatch: {kinds: [Deployment]}\n"
    "matchConditions: [{name: c, expression: object.a == 1}]\n"
    "parameters: {n: {type: [regex], default: ['^a']}, tiers: {use: p}}\n"
    "variables: [{name: x, expression: object.x}]\n"
    "validations:\n  - {name: v, each: object.list, expression: item in params.n && variables.x > "
    "1, message: 'no {item}'}\n"
    "tests:\n  - {name: t, object: {}, params: {n: [b]}, expect: {v: skipped}}\n"
    "---\nparameter: p\ntype: {'*': int}\nenum: [1, 2]\nminimum: 1\ndefault: {a: 1}\n"
    "---\nkind: k\nof: {target: json, kinds: [document]}\neach: object.x\nobject: {a: item.a, b: "
    "item.?b}\n";

static berm_source source_of(const char *name, const char *text, uint32_t role)
{
    return (berm_source){.size = sizeof(berm_source),
                         .name = berm_str_of(name),
                         .text = berm_str_of(text),
                         .role = role};
}

static void builtins_come_first(void **state)
{
    (void)state;
    berm_source source = source_of("p.yaml", sample, BERM_ROLE_POLICY);
    compiled with = compile_sources(&source, 1, 0),
             without = compile_sources(&source, 1, BERM_COMPILE_NO_BUILTINS);
    assert_int_equal(with.status, BERM_OK);
    assert_int_equal(with.image.source_count, berm_builtin_count() + 1);
    assert_text(&with, with.image.targets[0].name, "admission-review");
    assert_text(&with, with.image.sources[berm_builtin_count()].name, "p.yaml");
    /* the kind of the sample is of a target that is not there then */
    assert_int_equal(without.status, BERM_E_POLICY);
    assert_int_equal(without.err.code, 509);
    drop_compiled(&with);
    drop_compiled(&without);
}

/* `check -p policies` meets policies/targets, too. */
static void a_copy_of_a_builtin_is_that_builtin(void **state)
{
    (void)state;
    char text[1 << 15];
    FILE *file = fopen("policies/targets/kubernetes.yaml", "rb");
    if (!file) fail_msg("no targets: tests run in the source directory");
    text[fread(text, 1, sizeof text - 20, file)] = '\0';
    fclose(file);
    berm_source sources[] = {source_of("policies/targets/x.yaml", text, BERM_ROLE_POLICY),
                             source_of("p.yaml", sample, BERM_ROLE_POLICY)};
    compiled c = compile_sources(sources, 2, 0);
    assert_int_equal(c.status, BERM_OK);
    drop_compiled(&c);
    c = compile_sources(sources, 2, BERM_COMPILE_NO_BUILTINS);
    assert_int_equal(c.image.target_count, 0);
    drop_compiled(&c);
    strcat(text, "# changed\n");
    sources[0].text = berm_str_of(text);
    c = compile_sources(sources, 2, 0);
    assert_int_equal(c.err.code, 507);
    drop_compiled(&c);
}

static void an_expression_is_a_guardrail_of_one_rule(void **state)
{
    (void)state;
    berm_source source =
        source_of("<expression>", "object.a +\n  size(string(now))", BERM_ROLE_EXPRESSION);
    compiled c = compile_sources(&source, 1, BERM_COMPILE_NO_BUILTINS);
    assert_int_equal(c.status, BERM_OK);
    assert_int_equal(c.image.guardrail_count, 1);
    assert_text(&c, c.image.guardrails[0].id, "@expression");
    assert_int_equal(c.image.guardrails[0].matches.count, 0);
    assert_int_equal(c.image.guardrails[0].rules.count, 1);
    drop_compiled(&c);
    source.text = BERM_STR("object.a +\n  params.x");
    c = compile_sources(&source, 1, BERM_COMPILE_NO_BUILTINS);
    assert_int_equal(c.err.code, 401);
    assert_int_equal(c.err.line, 2);
    assert_int_equal(c.err.column, 3);
    drop_compiled(&c);
}

/* A build without governance has neither; else they are read as what they are. */
static void other_roles_are_no_policies(void **state)
{
    (void)state;
    static const uint32_t roles[] = {BERM_ROLE_PARAMETERS, BERM_ROLE_WAIVERS};
    static const uint32_t faults[] = {503, 553};
    for (size_t i = 0; i < 2; i++) {
        berm_source sources[] = {source_of("p.yaml", sample, BERM_ROLE_POLICY),
                                 source_of("v.yaml", "a: 1\n", roles[i])};
        compiled c = compile_sources(sources, 2, 0);
        assert_int_equal(c.err.code, BERM_PART_GOVERNANCE ? faults[i] : 517);
        drop_compiled(&c);
    }
}

static void nothing_is_no_policy_set(void **state)
{
    (void)state;
    berm_source empty = source_of("p.yaml", "", BERM_ROLE_POLICY);
    empty.text.ptr = NULL;
    compiled c = compile_sources(NULL, 0, 0);
    assert_int_equal(c.err.code, 512);
    drop_compiled(&c);
    c = compile_sources(NULL, 0, BERM_COMPILE_NO_BUILTINS);
    assert_int_equal(c.err.code, 512);
    drop_compiled(&c);
    c = compile_sources(&empty, 1, 0);
    assert_int_equal(c.err.code, 512);
    drop_compiled(&c);
}

static void every_file_is_looked_at(void **state)
{
    (void)state;
    berm_source sources[] = {
        source_of("a.yaml", "guardrail: [", BERM_ROLE_POLICY),
        source_of("b.yaml",
                  "guardrail: b\ntitle: T\nmatch: {kinds: [a]}\n"
                  "validations: [{name: v, expression: 'nope'}]\n",
                  BERM_ROLE_POLICY),
        source_of("c.yaml", "guardrail: b\n", BERM_ROLE_POLICY),
        source_of("d.json", "{\"guardrail\": \"d\", \"titel\": 1}", BERM_ROLE_POLICY)};
    compiled c = compile_sources(sources, 4, 0);
    size_t count;
    const berm_diag *list = berm_diags_list(c.diags, &count);
    bool seen[4] = {0};
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < 4; k++) seen[k] |= berm_str_equal(list[i].source, sources[k].name);
    }
    for (size_t k = 0; k < 4; k++) assert_true(seen[k]);
    drop_compiled(&c);
}

static void the_error_names_the_first_fault(void **state)
{
    (void)state;
    compiled c = compile_text(GUARDRAIL_HEAD GUARDRAIL_RULE "titel: x\n");
    assert_int_equal(c.err.status, BERM_E_POLICY);
    assert_int_equal(c.err.code, 503);
    assert_int_equal(c.err.line, 5);
    assert_int_equal(c.err.column, 1);
    assert_non_null(strstr(c.err.message, "p.yaml:5:1: a guardrail has no key `titel`"));
    drop_compiled(&c);
}

/* Faults that were in the list before are not this set's. */
static void diagnostics_are_added_to(void **state)
{
    (void)state;
    berm_diags *diags = berm_diags_new(&berm_alloc_libc);
    berm_diags_add(diags, BERM_D_JSON_VALUE, BERM_NOWHERE, "of another call");
    berm_source source = source_of("p.yaml", sample, BERM_ROLE_POLICY);
    berm_compile_input input = {.size = sizeof input, .sources = &source, .source_count = 1};
    unsigned char *bytes;
    size_t len;
    assert_int_equal(berm_policy_build(&(berm_build_terms){.alloc = &berm_alloc_libc}, &input,
                                       diags, &bytes, &len, NULL),
                     BERM_OK);
    berm_mem_free(&berm_alloc_libc, bytes, len);
    berm_diags_drop(diags);
    source.text = BERM_STR("x: 1\n");
    assert_int_equal(berm_policy_build(&(berm_build_terms){.alloc = &berm_alloc_libc}, &input, NULL,
                                       &bytes, &len, NULL),
                     BERM_E_POLICY);
    assert_null(bytes);
}

static berm_status build_silently(const char *text, size_t len, uint32_t role)
{
    berm_source source = {.size = sizeof source,
                          .name = BERM_STR("p.yaml"),
                          .text = {text, len},
                          .role = role};
    berm_compile_input input = {.size = sizeof input,
                                .sources = &source,
                                .source_count = 1,
                                .flags = BERM_COMPILE_NO_BUILTINS};
    unsigned char *bytes;
    size_t bytes_len;
    berm_status status = berm_policy_build(&(berm_build_terms){.alloc = &berm_alloc_libc}, &input,
                                           NULL, &bytes, &bytes_len, NULL);
    berm_mem_free(&berm_alloc_libc, bytes, bytes_len);
    return status;
}

/* Cut anywhere, or with any byte changed, a policy compiles or is refused; the text is exactly as long as it says. */
static void damaged_policies_are_refused(void **state)
{
    (void)state;
    size_t len = sizeof sample - 1;
    for (size_t cut = 0; cut < len; cut++) {
        char *copy = malloc(cut ? cut : 1);
        memcpy(copy, sample, cut);
        berm_status status = build_silently(copy, cut, BERM_ROLE_POLICY);
        assert_true(status == BERM_OK || status == BERM_E_POLICY);
        free(copy);
    }
    static const char bytes[] = {'{', '}', '[', ':', '\'', '\n', ' ', '*', '&', '\0', '\x80', '9'};
    for (size_t at = 0; at < len; at++) {
        char *copy = malloc(len);
        memcpy(copy, sample, len);
        copy[at] = bytes[at % sizeof bytes];
        berm_status status = build_silently(copy, len, BERM_ROLE_POLICY);
        assert_true(status == BERM_OK || status == BERM_E_POLICY);
        free(copy);
    }
}

static void deep_texts_are_refused(void **state)
{
    (void)state;
    enum { DEPTH = 20000 };
    static char text[2 * DEPTH + 200];
    for (unsigned i = 0; i < 3; i++) {
        size_t len = (size_t)snprintf(text, sizeof text, "%s",
                                      i ? GUARDRAIL_HEAD GUARDRAIL_RULE "tests: " : "");
        memset(text + len, i == 2 ? '{' : '[', DEPTH);
        memset(text + len + DEPTH, i == 2 ? '}' : ']', DEPTH);
        assert_int_equal(build_silently(text, len + 2 * DEPTH, BERM_ROLE_POLICY), BERM_E_POLICY);
    }
    memset(text, '(', DEPTH);
    assert_int_equal(build_silently(text, DEPTH, BERM_ROLE_EXPRESSION), BERM_E_POLICY);
}

/* The n-th allocation fails, n = 1 .. until the set compiles. (libyaml's own are looked at by tests/fail_alloc.) */
static void memory_may_end_anywhere(void **state)
{
    (void)state;
    static const char *const texts[] = {sample, GUARDRAIL_HEAD
                                        "titel: x\nvalidations: [{name: v, expression: nope}]\n"};
    static const berm_status last[] = {BERM_OK, BERM_E_POLICY};
    for (size_t t = 0; t < 2; t++) {
        berm_source source = source_of("p.yaml", texts[t], BERM_ROLE_POLICY);
        berm_compile_input input = {.size = sizeof input, .sources = &source, .source_count = 1};
        berm_status status = BERM_E_NOMEM;
        for (size_t n = 1; status == BERM_E_NOMEM; n += n < 300 ? 1 : 7) {
            counted_heap heap = {.fail_at = n};
            berm_alloc alloc = counted_alloc(&heap);
            berm_diags *diags = berm_diags_new(&alloc);
            unsigned char *bytes = NULL;
            size_t len = 0;
            berm_error err = {0};
            status = diags ? berm_policy_build(&(berm_build_terms){.alloc = &alloc}, &input, diags,
                                               &bytes, &len, &err)
                           : BERM_E_NOMEM;
            if (diags) assert_int_equal(err.status, status == BERM_OK ? BERM_OK : status);
            berm_mem_free(&alloc, bytes, len);
            berm_diags_drop(diags);
            assert_int_equal(heap.in_use, 0);
            assert_int_equal(heap.wrong_len, 0);
        }
        assert_int_equal(status, last[t]);
    }
}

static void many_guardrails_compile(void **state)
{
    (void)state;
    enum { MANY = 2000 };
    size_t size = MANY * 200;
    char *text = malloc(size);
    size_t len = 0;
    for (unsigned i = 0; i < MANY; i++) {
        len += (size_t)snprintf(text + len, size - len,
                                "---\nguardrail: g%u\ntitle: T\nmatch: {kinds: [k%u]}\n"
                                "validations: [{name: v, expression: 'object.x%u == %u', message: "
                                "'not {object.x%u}'}]\n",
                                i, i, i, i, i);
    }
    compiled c = compile_text(text);
    assert_int_equal(c.status, BERM_OK);
    assert_int_equal(c.image.guardrail_count, MANY);
    drop_compiled(&c);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(builtins_come_first),
                                       cmocka_unit_test(a_copy_of_a_builtin_is_that_builtin),
                                       cmocka_unit_test(an_expression_is_a_guardrail_of_one_rule),
                                       cmocka_unit_test(other_roles_are_no_policies),
                                       cmocka_unit_test(nothing_is_no_policy_set),
                                       cmocka_unit_test(every_file_is_looked_at),
                                       cmocka_unit_test(the_error_names_the_first_fault),
                                       cmocka_unit_test(diagnostics_are_added_to),
                                       cmocka_unit_test(damaged_policies_are_refused),
                                       cmocka_unit_test(deep_texts_are_refused),
                                       cmocka_unit_test(memory_may_end_anywhere),
                                       cmocka_unit_test(many_guardrails_compile)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
