/* What parameters' values become: read back from the constants of the image. */
#include "policy_help.h"

/* `params` of a guardrail with these parameters, as CEL text. */
static void expect_params(const char *parameters, const char *wanted)
{
    char text[2000];
    snprintf(text, sizeof text, GUARDRAIL_HEAD GUARDRAIL_RULE "parameters: {%s}\n", parameters);
    compiled c = compile_fine(text);
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, 1u << 20);
    uint16_t store = berm_space_add(&space, &c.image.store);
    berm_cell params = c.image.store.cells[c.image.guardrails[0].params];
    params.store = store;
    berm_text got;
    berm_text_init(&got, &berm_alloc_libc);
    assert_true(berm_value_print(&got, &space, params, false));
    berm_text_putc(&got, '\0');
    assert_string_equal(got.ptr, wanted);
    berm_text_free(&got);
    berm_space_free(&space);
    drop_compiled(&c);
}

static void expect_refused(const char *parameters, const char *wanted)
{
    char text[2000], line[600];
    snprintf(text, sizeof text, GUARDRAIL_HEAD GUARDRAIL_RULE "parameters:\n  %s\n", parameters);
    snprintf(line, sizeof line, "%s\n", wanted);
    expect_diags(text, line);
}

static void scalars_take_their_types(void **state)
{
    (void)state;
    expect_params("a: {type: string, default: x}", "{\"a\": \"x\"}");
    expect_params("a: {type: int, default: -5}", "{\"a\": -5}");
    expect_params("a: {type: double, default: 5}", "{\"a\": 5.0}");
    expect_params("a: {type: double, default: 0.5}", "{\"a\": 0.5}");
    expect_params("a: {type: bool, default: true}", "{\"a\": true}");
    expect_params("a: {type: timestamp, default: 2026-10-01}",
                  "{\"a\": timestamp(\"2026-10-01T00:00:00Z\")}");
    expect_params("a: {type: timestamp, default: '2026-10-01T12:30:00.5+02:00'}",
                  "{\"a\": timestamp(\"2026-10-01T10:30:00.5Z\")}");
    expect_params("a: {type: duration, default: 1h30m}", "{\"a\": duration(\"5400s\")}");
    expect_params("a: {type: regex, default: '^a+$'}", "{\"a\": \"^a+$\"}");
}

static void containers_take_the_types_of_their_elements(void **state)
{
    (void)state;
    expect_params("a: {type: [string], default: []}", "{\"a\": []}");
    expect_params("a: {type: [[double]], default: [[1], [], [2.5]]}",
                  "{\"a\": [[1.0], [], [2.5]]}");
    expect_params("a: {type: {'*': timestamp}, default: {x: 2026-01-02}}",
                  "{\"a\": {\"x\": timestamp(\"2026-01-02T00:00:00Z\")}}");
    expect_params("a: {type: {n: int, s: [string]}, default: {s: [b], n: 1}}",
                  "{\"a\": {\"s\": [\"b\"], \"n\": 1}}");
    expect_params("a: {type: {}, default: {}}, b: {type: int, default: 1}",
                  "{\"a\": {}, \"b\": 1}");
    expect_params("a: {type: {'*': int}, default: {'1.30': 1}}", "{\"a\": {\"1.30\": 1}}");
}

static void large_maps_are_found_in(void **state)
{
    (void)state;
    char text[4000];
    size_t len = (size_t)snprintf(
        text, sizeof text, "%s",
        GUARDRAIL_HEAD "validations: [{name: v, expression: \"params.m['k33'] == 33\"}]\n"
                       "parameters:\n  m:\n    type: {'*': int}\n    default:\n");
    for (unsigned i = 0; i < 40; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "      k%u: %u\n", i, i);
    compiled c = compile_fine(text);
    berm_space space;
    berm_space_init(&space, &berm_alloc_libc, 1u << 20);
    uint16_t store = berm_space_add(&space, &c.image.store);
    berm_cell params = c.image.store.cells[c.image.guardrails[0].params];
    params.store = store;
    berm_cell map = berm_map_find_text(&space, params, BERM_STR("m"));
    for (int i = 0; i < 40; i++) {
        char key[8];
        snprintf(key, sizeof key, "k%d", i);
        assert_int_equal(berm_map_find_text(&space, map, berm_str_of(key)).as.i, i);
    }
    berm_space_free(&space);
    drop_compiled(&c);
}

static void values_keep_within_their_bounds(void **state)
{
    (void)state;
    expect_params("a: {type: int, minimum: 3, default: 3}", "{\"a\": 3}");
    expect_params("a: {type: [duration], minimum: 1m, default: [60s, 2m]}",
                  "{\"a\": [duration(\"60s\"), duration(\"120s\")]}");
    expect_params("a: {type: string, enum: [x, y], default: y}", "{\"a\": \"y\"}");
    expect_params("a: {type: {'*': double}, enum: [1, 2.5], default: {k: 1}}",
                  "{\"a\": {\"k\": 1.0}}");
    expect_params("a: {type: string, pattern: '^[a-z]+$', default: abc}", "{\"a\": \"abc\"}");
    expect_refused(
        "a: {type: timestamp, minimum: 2026-01-01, default: 2025-12-31}",
        "B0510:6:54 `a` is 2025-12-31, less than its minimum timestamp(\"2026-01-01T00:00:00Z\")");
    expect_refused("a: {type: string, pattern: '^[a-z]+$', default: aBc}",
                   "B0510:6:51 `a` is \"aBc\", which does not match ^[a-z]+$");
    expect_refused("a: {type: [string], enum: [x, y], default: [x, z]}",
                   "B0510:6:50 `a` is z, which is none of x, y");
    expect_refused("a: {type: regex, default: 'a('}",
                   "B0404:6:29 the pattern is not a valid RE2 pattern: \"a(\"");
    expect_refused("a: {type: string, pattern: 'a(', default: x}",
                   "B0404:6:30 the pattern is not a valid RE2 pattern: \"a(\"");
}

static void types_do_not_bend(void **state)
{
    (void)state;
    expect_refused("a: {type: int, default: 1.5}", "B0510:6:27 `a` must be an int, found a double");
    expect_refused("a: {type: string, default: 1.30}",
                   "B0510:6:30 `a` must be a string, found a double; put it in quotes");
    expect_refused("a: {type: string, default: {}}",
                   "B0510:6:30 `a` must be a string, found a mapping");
    expect_refused("a: {type: [string], default: x}",
                   "B0510:6:32 `a` must be a list, found a string");
    expect_refused("a: {type: {'*': int}, default: {true: 1}}",
                   "B0510:6:35 the keys of `a` are strings; put true in quotes");
    expect_refused("a: {type: {n: int}, default: {}}", "B0510:6:32 `a` needs the field `n`");
    expect_refused("a: {type: {n: int}, default: {n: 1, m: 1}}", "B0510:6:39 `a` has no field `m`");
}

static void types_are_not_endless(void **state)
{
    (void)state;
    char text[1000] =
        GUARDRAIL_HEAD GUARDRAIL_RULE "parameters:\n  a:\n    default: []\n    type: ";
    size_t len = strlen(text);
    memset(text + len, '[', 50);
    memcpy(text + len + 50, "int", 3);
    memset(text + len + 53, ']', 50);
    compiled c = compile_text(text);
    assert_int_equal(c.status, BERM_E_POLICY);
    assert_int_equal(c.err.code, 510);
    drop_compiled(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_take_their_types),
        cmocka_unit_test(containers_take_the_types_of_their_elements),
        cmocka_unit_test(large_maps_are_found_in),
        cmocka_unit_test(values_keep_within_their_bounds),
        cmocka_unit_test(types_do_not_bend),
        cmocka_unit_test(types_are_not_endless)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
