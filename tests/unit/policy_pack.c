/* Packs and profiles: what overrides do, and where values are said to come from. */
#include "base_alloc.h"
#include "policy_help.h"

#include "base/parts.h"

#if BERM_PART_GOVERNANCE
#include "policy/governance/effective.h"

/* The guardrail `size`, compiled once more for its tests, and another behind it. */
#define SIZE \
    "guardrail: size\ntitle: T\nmatch: {kinds: [a]}\n" \
    "parameters: {most: {type: int, default: 5}}\n" \
    "validations:\n" \
    "  - {name: hard, enforcement: hard-mandatory, expression: object.n < params.most}\n" \
    "  - {name: soft, expression: object.n < params.most}\n" \
    "tests: [{name: t, object: {n: 1}, params: {most: 2}, expect: {soft: pass}}]\n" \
    "---\nguardrail: other\ntitle: T\nmatch: {kinds: [a]}\n" \
    "validations: [{name: v, expression: object.a}]\n"

static compiled compile_profile(const char *text, const char *profile)
{
    const berm_source source = {.size = sizeof source,
                                .name = BERM_STR("p.yaml"),
                                .text = berm_str_of(text)};
    const berm_compile_input input = {.size = sizeof input,
                                      .sources = &source,
                                      .source_count = 1,
                                      .flags = BERM_COMPILE_NO_BUILTINS,
                                      .profile = berm_str_of(profile)};
    compiled c = {.diags = berm_diags_new(&berm_alloc_libc)};
    c.status = berm_policy_build(&(berm_build_terms){.alloc = &berm_alloc_libc}, &input, c.diags,
                                 &c.bytes, &c.len, &c.err);
    return c;
}

static void expect_faults(const char *text, const char *profile, const char *wanted)
{
    compiled c = compile_profile(text, profile);
    expect_said_of(&c, wanted);
}

static bool print_effective(const berm_alloc *alloc, const char *text, const char *profile,
                            bool json, berm_text *out)
{
    compiled c = compile_profile(text, profile);
    berm_policy *policy = NULL;
    if (c.status) fail_msg("%s", c.err.message);
    assert_int_equal(
        berm_policy_from_bytes(&berm_alloc_libc, c.bytes, c.len, (berm_loan){0}, &policy, &c.err),
        BERM_OK);
    c.bytes = NULL; /* the policy's now */
    policy->alloc = *alloc;
    bool printed = berm_effective_print(out, policy, json);
    policy->alloc = berm_alloc_libc;
    berm_policy_unhold(policy);
    drop_compiled(&c);
    return printed;
}

static void expect_effective(const char *text, const char *profile, bool json, const char *wanted)
{
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    assert_true(print_effective(&berm_alloc_libc, text, profile, json, &out));
    berm_text_putc(&out, '\0');
    assert_string_equal(out.ptr, wanted);
    berm_text_free(&out);
}

#define PROFILE(overrides) \
    SIZE "---\npack: p\nguardrails: [size]\nprofiles:\n  x:\n    - " overrides "\n"

static void hard_mandatory_is_never_lowered(void **state)
{
    (void)state;
    expect_effective(PROFILE("{guardrails: ['*'], enforcement: advisory}\n"
                             "    - {guardrails: [size], enforcement: soft-mandatory}\n"
                             "    - {guardrails: [size], enforcement: hard-mandatory}\n"
                             "    - {guardrails: [size], parameters: {most: 7}}"),
                     "x", false,
                     "size\n"
                     "  hard\n"
                     "    enforcement: hard-mandatory  (profile x of the pack p, p.yaml:21)\n"
                     "      not lowered to advisory  (profile x of the pack p, p.yaml:19)\n"
                     "      not lowered to soft-mandatory  (profile x of the pack p, p.yaml:20)\n"
                     "    severity: medium  (guardrail, p.yaml:1)\n"
                     "  soft\n"
                     "    enforcement: hard-mandatory  (profile x of the pack p, p.yaml:21)\n"
                     "    severity: medium  (guardrail, p.yaml:1)\n"
                     "  params.most: 7  (profile x of the pack p, p.yaml:22)\n"
                     "\n"
                     "other\n"
                     "  v\n"
                     "    enforcement: soft-mandatory  (guardrail, p.yaml:10)\n"
                     "    severity: medium  (guardrail, p.yaml:10)\n");
}

static void json_says_the_same(void **state)
{
    (void)state;
    expect_effective(
        PROFILE("{guardrails: ['*'], validations: [hard], severity: low, enforcement: advisory}\n"
                "    - {guardrails: [size], validations: [hard], severity: info, enforcement: "
                "soft-mandatory}"),
        "x", true,
        "{\n  \"schema\": \"berm-effective/1\",\n  \"guardrails\": [\n"
        "    {\"guardrail\": \"size\", \"validations\": [{\"validation\": \"hard\", "
        "\"enforcement\": {\"value\": \"hard-mandatory\", \"from\": {\"by\": \"guardrail\", "
        "\"file\": \"p.yaml\", \"line\": 1}}, "
        "\"refused\": [{\"value\": \"advisory\", \"from\": {\"by\": \"profile x of the pack p\", "
        "\"file\": \"p.yaml\", \"line\": 19}}, "
        "{\"value\": \"soft-mandatory\", \"from\": {\"by\": \"profile x of the pack p\", "
        "\"file\": \"p.yaml\", \"line\": 20}}], "
        "\"severity\": {\"value\": \"info\", \"from\": {\"by\": \"profile x of the pack p\", "
        "\"file\": \"p.yaml\", \"line\": 20}}}, "
        "{\"validation\": \"soft\", "
        "\"enforcement\": {\"value\": \"soft-mandatory\", \"from\": {\"by\": \"guardrail\", "
        "\"file\": \"p.yaml\", \"line\": 1}}, "
        "\"severity\": {\"value\": \"medium\", \"from\": {\"by\": \"guardrail\", "
        "\"file\": \"p.yaml\", \"line\": 1}}}], "
        "\"parameters\": [{\"parameter\": \"most\", \"value\": 5, \"from\": {\"by\": "
        "\"guardrail\", \"file\": \"p.yaml\", \"line\": 1}}]},\n"
        "    {\"guardrail\": \"other\", \"validations\": [{\"validation\": \"v\", "
        "\"enforcement\": {\"value\": \"soft-mandatory\", \"from\": {\"by\": \"guardrail\", "
        "\"file\": \"p.yaml\", \"line\": 10}}, "
        "\"severity\": {\"value\": \"medium\", \"from\": {\"by\": \"guardrail\", "
        "\"file\": \"p.yaml\", \"line\": 10}}}], \"parameters\": []}\n  ]\n}\n");
}

/* Parameters as an image could have them that no compiler wrote. */
static void parameters_of_another_shape_are_none(void **state)
{
    (void)state;
    compiled c = compile_profile(SIZE, "");
    berm_policy *policy = NULL;
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    assert_int_equal(
        berm_policy_from_bytes(&berm_alloc_libc, c.bytes, c.len, (berm_loan){0}, &policy, &c.err),
        BERM_OK);
    c.bytes = NULL; /* the policy's now */
    const berm_image *image = &policy->image;
    berm_cell *cells = (berm_cell *)(uintptr_t)image->store.cells; /* our own bytes */
    cells[image->guardrails[0].params].tag = BERM_TAG_NULL;
    assert_true(berm_effective_print(&out, policy, false));
    berm_text_putc(&out, '\0');
    assert_null(strstr(out.ptr, "params"));
    berm_text_free(&out);
    berm_policy_unhold(policy);
    drop_compiled(&c);
}

static void packs_have_names_of_their_own(void **state)
{
    (void)state;
    expect_faults(SIZE "---\npack: p\nguardrails: [size]\n---\npack: q\nguardrails: [other]\n", "",
                  "");
    expect_faults(SIZE "---\npack: p\nguardrails: [size]\n---\npack: q\nguardrails: [other]\n"
                       "---\npack: p\nguardrails: [size]\n",
                  "", "B0507:21:7 the pack `p` is already defined at p.yaml:15:7\n");
}

static void profiles_are_looked_for_in_all_packs(void **state)
{
    (void)state;
    expect_faults(
        PROFILE("{guardrails: [size], severity: low}") "---\npack: q\nguardrails: [size]\n", "y",
        "B0551:0:0 no pack has a profile `y`\n");
    expect_faults(SIZE "---\npack: p\nguardrails: [size]\nprofiles: [x]\n", "x",
                  "B0505:17:11 `profiles` of a pack must be a mapping, found a list\n"
                  "B0551:0:0 no pack has a profile `x`\n");
}

/* A guardrail that is faulty itself has no row that an origin could be of. */
static void overrides_of_faulty_guardrails(void **state)
{
    (void)state;
#define OVERRIDDEN(name, kinds) \
    "guardrail: " name "\ntitle: T\nmatch: {kinds: " kinds "}\n" \
    "validations: [{name: v, expression: object.a}]\n" \
    "---\npack: p\nguardrails: ['*']\noverrides: [{guardrails: ['*'], severity: low}]\n"
    expect_faults(OVERRIDDEN("size", "[]"), "",
                  "B0504:3:16 `kinds` names no kind: nothing would ever match\n");
    expect_faults(
        OVERRIDDEN("[size]", "[a]"), "",
        "B0505:1:12 `guardrail` of a guardrail must be a name (a string), found a list\n");
}

/* Also where what is compiled last is a guardrail's copy for a test. */
static void copies_for_tests_have_no_origins(void **state)
{
    (void)state;
    compiled c = compile_profile(
        SIZE "tests: [{name: t, object: {a: true}, expect: {v: pass}}]\n"
             "---\nguardrail: last\ntitle: T\nmatch: {kinds: [a]}\n"
             "parameters: {p: {type: int, default: 1}}\n"
             "validations: [{name: v, expression: object.a == params.p}]\n"
             "tests: [{name: t, object: {a: 2}, params: {p: 2}, expect: {v: pass}}]\n"
             "---\npack: p\nguardrails: ['*']\noverrides: [{guardrails: [last], severity: low}]\n",
        "");
    assert_int_equal(c.status, BERM_OK);
    assert_int_equal(berm_image_open(&berm_alloc_libc, c.bytes, c.len, &c.image, &c.err), BERM_OK);
    assert_int_equal(c.image.origin_count, 1);
    assert_text(&c, c.image.guardrails[c.image.origins[0].guardrail].id, "last");
    assert_int_equal(c.image.guardrails[c.image.origins[0].guardrail].matches.count, 1);
    assert_int_equal(c.image.guardrails[c.image.guardrail_count - 1].matches.count, 0);
    drop_compiled(&c);
}

static void an_expression_has_no_guardrail_to_tell_of(void **state)
{
    (void)state;
    const berm_source source = {.size = sizeof source,
                                .name = BERM_STR("e"),
                                .text = BERM_STR("1 < 2"),
                                .role = BERM_ROLE_EXPRESSION};
    compiled c = compile_sources(&source, 1, 0);
    berm_policy *policy = NULL;
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    assert_int_equal(
        berm_policy_from_bytes(&berm_alloc_libc, c.bytes, c.len, (berm_loan){0}, &policy, &c.err),
        BERM_OK);
    c.bytes = NULL;
    assert_true(berm_effective_print(&out, policy, true));
    berm_text_putc(&out, '\0');
    assert_string_equal(out.ptr,
                        "{\n  \"schema\": \"berm-effective/1\",\n  \"guardrails\": []\n}\n");
    berm_text_free(&out);
    berm_policy_unhold(policy);
    drop_compiled(&c);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    for (size_t nth = 1;; nth++) {
        berm_text out;
        heap = (counted_heap){.fail_at = nth};
        berm_text_init(&out, &alloc);
        bool printed = print_effective(&alloc, PROFILE("{guardrails: [size], severity: low}"), "x",
                                       true, &out);
        bool reached = heap.calls >= nth;
        assert_int_equal(printed, !reached);
        berm_text_free(&out);
        assert_int_equal(heap.in_use, 0);
        if (!reached) break;
    }
    assert_true(heap.calls > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hard_mandatory_is_never_lowered),
        cmocka_unit_test(json_says_the_same),
        cmocka_unit_test(parameters_of_another_shape_are_none),
        cmocka_unit_test(packs_have_names_of_their_own),
        cmocka_unit_test(profiles_are_looked_for_in_all_packs),
        cmocka_unit_test(overrides_of_faulty_guardrails),
        cmocka_unit_test(copies_for_tests_have_no_origins),
        cmocka_unit_test(an_expression_has_no_guardrail_to_tell_of),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    return 0;
}
#endif
