/* Which types fit which, and what variables become. */
#include "cel/declare.h"

#include "base_alloc.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static berm_declarations world;

static int begin_group(void **state)
{
    (void)state;
    return berm_declarations_init(&world, &berm_alloc_libc);
}

static int end_group(void **state)
{
    (void)state;
    berm_declarations_free(&world);
    return 0;
}

/* Types as texts; capital letters are variables, the same in all types of one question. */
typedef struct question {
    berm_type_instance instance;
} question;

static question begin_question(void)
{
    berm_types_begin(&world.types);
    return (question){.instance = {.count = 0}};
}

static berm_type read_type(question *q, const char *text)
{
    berm_type type = berm_declare_type(&world, berm_str_of(text));
    if (type == BERM_TYPE_FREE) fail_msg("%s is no type", text);
    return berm_types_instantiate(&world.types, type, &q->instance);
}

static void expect_type(question *q, berm_type type, const char *wanted)
{
    berm_type is = berm_types_substitute(&world.types, type, true);
    if (is == berm_declare_type(&world, berm_str_of(wanted))) return;
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    berm_types_print(&out, &world.types, is);
    berm_text_putc(&out, '\0');
    (void)q;
    fail_msg("is %s, not %s", out.ptr, wanted);
}

/* May `from` be given for `to`, and what is `then` afterwards? */
static void expect_fit(const char *from, const char *to, const char *then, const char *wanted)
{
    question q = begin_question();
    berm_type a = read_type(&q, from), b = read_type(&q, to);
    if (!berm_types_fit(&world.types, a, b)) fail_msg("%s does not fit %s", from, to);
    if (then) expect_type(&q, read_type(&q, then), wanted);
}

static void expect_misfit(const char *from, const char *to)
{
    question q = begin_question();
    berm_type a = read_type(&q, from), b = read_type(&q, to);
    if (berm_types_fit(&world.types, a, b)) fail_msg("%s fits %s", from, to);
    assert_int_equal(world.types.trail.count, 0);
    for (uint32_t i = 0; i < world.types.bound.count; i++) {
        assert_int_equal(world.types.bound.items[i], BERM_TYPE_FREE);
    }
}

static void plain_types(void **state)
{
    (void)state;
    expect_fit("int", "int", NULL, NULL);
    expect_misfit("int", "uint");
    expect_misfit("int", "list(int)");
    expect_misfit("list(int)", "list(string)");
    expect_misfit("list(int)", "set(int)");
    expect_misfit("map(string, int)", "map(string, bool)");
    expect_misfit("map(int, bool)", "map(string, bool)");
    expect_misfit("berm.Image", "net.IP");
}

static void dyn_fits_everything(void **state)
{
    (void)state;
    static const char *const all[] = {"int",
                                      "list(int)",
                                      "null",
                                      "map(string, dyn)",
                                      "berm.Image",
                                      "type(int)",
                                      "optional_type(int)",
                                      "wrapper(int)",
                                      "A"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        expect_fit("dyn", all[i], NULL, NULL);
        expect_fit(all[i], "dyn", NULL, NULL);
    }
    expect_fit("list(dyn)", "list(int)", NULL, NULL);
    expect_fit("map(string, list(int))", "map(dyn, list(dyn))", NULL, NULL);
    expect_misfit("list(dyn)", "map(dyn, dyn)");
}

static void null_and_wrappers(void **state)
{
    (void)state;
    expect_fit("null", "null", NULL, NULL);
    expect_fit("null", "timestamp", NULL, NULL);
    expect_fit("null", "optional_type(int)", NULL, NULL);
    expect_fit("null", "berm.Image", NULL, NULL);
    expect_fit("null", "wrapper(int)", NULL, NULL);
    expect_misfit("null", "int");
    expect_misfit("null", "string");
    expect_misfit("null", "list(int)");
    expect_misfit("null", "map(string, int)");
    expect_misfit("null", "type(int)");
    expect_misfit("timestamp", "null");
    expect_fit("wrapper(int)", "int", NULL, NULL);
    expect_fit("int", "wrapper(int)", NULL, NULL);
    expect_fit("wrapper(int)", "wrapper(int)", NULL, NULL);
    expect_misfit("wrapper(int)", "string");
    expect_misfit("string", "wrapper(int)");
    expect_misfit("wrapper(int)", "wrapper(string)");
}

static void variables_become_what_fits(void **state)
{
    (void)state;
    expect_fit("int", "A", "A", "int");
    expect_fit("A", "int", "A", "int");
    expect_fit("list(int)", "list(A)", "map(A, A)", "map(int, int)");
    expect_fit("map(string, int)", "map(A, B)", "map(B, A)", "map(int, string)");
    expect_fit("map(string, int)", "map(string, A)", "A", "int");
    expect_fit("A", "B", "list(A)", "list(dyn)");
    expect_fit("list(A)", "list(list(B))", "A", "list(dyn)");
    expect_misfit("A", "list(A)");
    expect_misfit("list(A)", "A");
    expect_misfit("map(A, list(A))", "map(list(B), B)");
    expect_misfit("map(int, string)", "map(A, A)");
    expect_fit("map(int, dyn)", "map(A, A)", "A", "dyn");
    expect_fit("map(dyn, int)", "map(A, A)", "A", "dyn");
    expect_fit("map(wrapper(int), int)", "map(A, A)", "A", "wrapper(int)");
    expect_fit("map(null, timestamp)", "map(A, A)", "A", "timestamp");
    expect_fit("map(timestamp, null)", "map(A, A)", "A", "timestamp");
    expect_fit("map(list(dyn), list(int))", "map(A, A)", "A", "list(dyn)");
    expect_fit("map(map(int, dyn), map(dyn, int))", "map(A, A)", "A", "map(dyn, dyn)");
}

/* A type fits any type; it says what its parameter is all the same. */
static void types_of_types(void **state)
{
    (void)state;
    expect_fit("type(int)", "type(string)", NULL, NULL);
    expect_fit("type(int)", "type", NULL, NULL);
    expect_fit("type(int)", "type(A)", "A", "int");
    expect_fit("type(list(int))", "type(list(A))", "A", "int");
    expect_fit("map(type(int), type(string))", "map(A, A)", "A", "type(dyn)");
    expect_misfit("type(int)", "int");
}

static void bindings_go_back(void **state)
{
    (void)state;
    question q = begin_question();
    berm_type a = read_type(&q, "A"), list = read_type(&q, "list(A)");
    berm_type_mark mark = berm_types_mark(&world.types);
    assert_true(berm_types_fit(&world.types, BERM_TYPE_INT, a));
    expect_type(&q, list, "list(int)");
    assert_true(berm_types_fit(&world.types, BERM_TYPE_DYN, a));
    expect_type(&q, list, "list(dyn)");
    (void)berm_types_variable(&world.types);
    berm_types_undo(&world.types, mark);
    assert_int_equal(world.types.bound.count, 1);
    assert_int_equal(berm_types_resolve(&world.types, a), a);
    assert_int_equal(berm_types_substitute(&world.types, list, false), list);
    expect_type(&q, list, "list(dyn)");
}

static void expect_joined(const char *left, const char *right, bool fits, const char *wanted)
{
    question q = begin_question();
    berm_type a = read_type(&q, left), b = read_type(&q, right), joined;
    assert_int_equal(berm_types_join(&world.types, a, b, &joined), fits);
    expect_type(&q, joined, wanted);
    q = begin_question();
    a = read_type(&q, left), b = read_type(&q, right);
    assert_int_equal(berm_types_join(&world.types, b, a, &joined), fits);
    expect_type(&q, joined, wanted);
}

static void joining(void **state)
{
    (void)state;
    expect_joined("int", "int", true, "int");
    expect_joined("int", "string", false, "dyn");
    expect_joined("int", "dyn", true, "dyn");
    expect_joined("list(int)", "list(A)", true, "list(int)");
    expect_joined("list(int)", "list(string)", false, "dyn");
    expect_joined("list(int)", "list(dyn)", true, "list(dyn)");
    expect_joined("map(string, dyn)", "map(dyn, int)", true, "map(dyn, dyn)");
    expect_joined("optional_type(int)", "null", true, "optional_type(int)");
    expect_joined("timestamp", "null", true, "timestamp");
    expect_joined("int", "null", false, "dyn");
    expect_joined("wrapper(int)", "int", true, "wrapper(int)");
    expect_joined("wrapper(int)", "null", true, "wrapper(int)");
    expect_joined("wrapper(int)", "wrapper(string)", false, "dyn");
    expect_joined("optional_type(A)", "optional_type(int)", true, "optional_type(int)");
    expect_joined("type(int)", "type(string)", true, "type");
}

/* Types that double with every step end the work, not the patience of the reader. */
static void work_is_bounded(void **state)
{
    (void)state;
    berm_types_begin(&world.types);
    berm_type left = berm_types_variable(&world.types), right = berm_types_variable(&world.types);
    for (uint32_t i = 0; i < 60; i++) {
        left = berm_types_map(&world.types, left, left);
        right = berm_types_map(&world.types, right, right);
    }
    assert_true(berm_types_fit(&world.types, left, left));
    assert_int_not_equal(world.types.work, 0);
    (void)berm_types_fit(&world.types, left, right);
    assert_int_equal(world.types.work, 0);
    assert_true(berm_types_fit(&world.types, BERM_TYPE_INT, BERM_TYPE_STRING));
    (void)berm_types_substitute(&world.types, left, true);
    berm_types_begin(&world.types);
    assert_false(berm_types_fit(&world.types, BERM_TYPE_INT, BERM_TYPE_STRING));
}

/* A chain of variables is longer than any term is deep. */
static void chains_are_bounded(void **state)
{
    (void)state;
    berm_types_begin(&world.types);
    berm_type first = berm_types_variable(&world.types), last = first;
    for (uint32_t i = 0; i < 5000; i++) {
        berm_type next = berm_types_variable(&world.types);
        (void)berm_types_fit(&world.types, berm_types_list(&world.types, next), last);
        last = next;
    }
    berm_type type = berm_types_substitute(&world.types, first, true);
    assert_in_range(berm_types_term(&world.types, type)->depth, 0, BERM_TYPE_DEPTH_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_types),
        cmocka_unit_test(dyn_fits_everything),
        cmocka_unit_test(null_and_wrappers),
        cmocka_unit_test(variables_become_what_fits),
        cmocka_unit_test(types_of_types),
        cmocka_unit_test(bindings_go_back),
        cmocka_unit_test(joining),
        cmocka_unit_test(work_is_bounded),
        cmocka_unit_test(chains_are_bounded),
    };
    return cmocka_run_group_tests(tests, begin_group, end_group);
}
