/* Declarations: the texts they are read from, and the tables that hold them. */
#include "cel/declare.h"

#include "base_alloc.h"
#include "data/functions.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static berm_declarations *make_declarations(void)
{
    static berm_declarations declarations;
    assert_int_equal(berm_declarations_init(&declarations, &berm_alloc_libc), BERM_OK);
    return &declarations;
}

static void put_overload(berm_text *out, const berm_declarations *d,
                         const berm_declared_function *function, const berm_overload *overload)
{
    uint32_t first = function->method;
    if (first) {
        berm_types_print(out, &d->types, berm_overload_parameter(d, overload, 0));
        berm_text_putc(out, '.');
    }
    berm_text_format(out, "%S(", function->name);
    for (uint32_t i = first; i < overload->count; i++) {
        if (i > first) berm_text_put(out, BERM_STR(", "));
        berm_types_print(out, &d->types, berm_overload_parameter(d, overload, i));
    }
    berm_text_put(out, overload->variadic ? BERM_STR(", ...) -> ") : BERM_STR(") -> "));
    berm_types_print(out, &d->types, overload->result);
}

/* Every declaration of functions.def is there, as it is written, and in order. */
static void the_tables_are_read(void **state)
{
    (void)state;
    berm_declarations *d = make_declarations();
    uint32_t rows = 0, known = 0;
    for (uint32_t i = d->operator_count; i < d->functions.count; i++) {
        uint32_t at = d->functions.items[i].first;
        while (at != BERM_NO_OVERLOAD) {
            known++;
            at = d->overloads.items[at].next;
        }
    }
    for (uint32_t id = 0; id < BERM_FN_COUNT; id++) {
        const berm_function_info *info = &berm_function_infos[id];
        bool method = info->style == BERM_FN_STYLE_METHOD;
        const berm_declared_function *function =
            berm_declarations_find(d, berm_str_of(berm_function_name(id)), method);
        assert_non_null(function);
        uint32_t count;
        const berm_signature *signatures = berm_function_signatures((berm_function_id)id, &count);
        assert_true(count > 0);
        for (uint32_t i = 0; i < count; i++, rows++) {
            bool found = false;
            uint32_t at = function->first;
            while (at != BERM_NO_OVERLOAD && !found) {
                const berm_overload *overload = &d->overloads.items[at];
                berm_text out;
                berm_text_init(&out, &berm_alloc_libc);
                put_overload(&out, d, function, overload);
                found = berm_str_is(berm_text_view(&out), signatures[i].declaration);
                berm_text_free(&out);
                uint32_t argc = info->argc == BERM_FN_VARIADIC ? 2 : info->argc;
                if (found) assert_true(berm_overload_takes(overload, argc));
                if (found) assert_int_equal(overload->variadic, info->argc == BERM_FN_VARIADIC);
                at = overload->next;
            }
            if (!found) fail_msg("%s", signatures[i].declaration);
        }
    }
    assert_int_equal(rows, known);
    berm_declarations_free(d);
}

static void operators_are_apart(void **state)
{
    (void)state;
    static const char *const binary[] = {"_==_", "_!=_", "_+_", "_-_",  "_*_", "_/_",  "_%_",
                                         "_<_",  "_<=_", "_>_", "_>=_", "@in", "_[_]", "_[?_]"};
    berm_declarations *d = make_declarations();
    for (size_t i = 0; i < sizeof binary / sizeof *binary; i++) {
        const berm_declared_function *found = berm_declarations_operator(d, berm_str_of(binary[i]));
        assert_non_null(found);
        assert_true(berm_function_takes(d, found, 2));
        assert_false(berm_function_takes(d, found, 1));
        assert_null(berm_declarations_find(d, berm_str_of(binary[i]), false));
    }
    assert_true(berm_function_takes(d, berm_declarations_operator(d, BERM_STR("!_")), 1));
    assert_true(berm_function_takes(d, berm_declarations_operator(d, BERM_STR("-_")), 1));
    assert_int_equal(d->operator_count, sizeof binary / sizeof *binary + 2);
    assert_null(berm_declarations_operator(d, BERM_STR("size")));
    berm_declarations_free(d);
}

static void hosts_declare_their_own(void **state)
{
    (void)state;
    berm_declarations *d = make_declarations();
    assert_int_equal(berm_declare(d, BERM_STR("acme.lookup"), false,
                                  BERM_STR("acme.lookup(string, list(A), ...) -> map(string, A)")),
                     BERM_OK);
    assert_int_equal(
        berm_declare(d, BERM_STR("twice"), true, BERM_STR("list(A).twice() -> list(A)")), BERM_OK);
    assert_int_equal(berm_declare(d, BERM_STR("twice"), true, BERM_STR("int.twice( ) -> int")),
                     BERM_OK);
    const berm_declared_function *lookup =
        berm_declarations_find(d, BERM_STR("acme.lookup"), false);
    assert_false(berm_function_takes(d, lookup, 1));
    assert_true(berm_function_takes(d, lookup, 2));
    assert_true(berm_function_takes(d, lookup, 30));
    const berm_overload *overload = &d->overloads.items[lookup->first];
    assert_int_equal(berm_overload_parameter(d, overload, 1),
                     berm_overload_parameter(d, overload, 9));
    const berm_declared_function *twice = berm_declarations_find(d, BERM_STR("twice"), true);
    assert_int_equal(d->overloads.items[twice->first].next, twice->last);
    berm_type types[BERM_DECLARE_ARGUMENTS_MAX + 1] = {0};
    assert_int_equal(berm_declare_overload(d, BERM_STR("f"), false, types, 0, 0), BERM_OK);
    assert_int_equal(berm_declare_overload(d, BERM_STR("f"), true, types, 0, 0), BERM_E_ARGUMENT);
    assert_int_equal(
        berm_declare_overload(d, BERM_STR("f"), false, types, BERM_DECLARE_ARGUMENTS_MAX + 1, 0),
        BERM_E_ARGUMENT);
    berm_declarations_free(d);
}

static void malformed_texts_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool method;
    } cases[] = {
        {"", false},
        {"f", false},
        {"f(", false},
        {"f()", false},
        {"f() ->", false},
        {"f() -> strng", false},
        {"f() -> int x", false},
        {"f() -> ", false},
        {"f(int -> int", false},
        {"f(int,) -> int", false},
        {"f(,int) -> int", false},
        {"f(...) -> int", false},
        {"f(int, ..., int) -> int", false},
        {"f(list(int, int)) -> int", false},
        {"f(map(int)) -> int", false},
        {"f(int(int)) -> int", false},
        {"f(wrapper) -> int", false},
        {"f(list()) -> int", false},
        {"f(AB) -> int", false},
        {"f(a) -> int", false},
        {"g() -> int", false},
        {"f() -> int", true},
        {"int.f -> int", true},
        {"strng.f() -> int", true},
        {".f() -> int", true},
        {"int f() -> int", true},
        {"f(list(list(list(list(list(list(list(list(list(list(list(list(list(list(list(list(list("
         "int))))))))))))))))) -> int",
         false},
    };
    berm_declarations *d = make_declarations();
    uint32_t before = d->functions.count;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        berm_status status =
            berm_declare(d, BERM_STR("f"), cases[i].method, berm_str_of(cases[i].text));
        if (status != BERM_E_ARGUMENT) fail_msg("%s: %d", cases[i].text, (int)status);
    }
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    berm_text_put(&text, BERM_STR("f(int"));
    for (uint32_t i = 0; i < BERM_DECLARE_ARGUMENTS_MAX; i++) {
        berm_text_put(&text, BERM_STR(", int"));
    }
    berm_text_put(&text, BERM_STR(") -> int"));
    assert_int_equal(berm_declare(d, BERM_STR("f"), false, berm_text_view(&text)), BERM_E_ARGUMENT);
    berm_text_free(&text);
    assert_int_equal(d->functions.count, before);
    berm_declarations_free(d);
}

static void types_as_texts(void **state)
{
    (void)state;
    berm_declarations *d = make_declarations();
    assert_int_equal(berm_declare_type(d, BERM_STR("google.protobuf.Duration")),
                     BERM_TYPE_DURATION);
    assert_int_equal(berm_declare_type(d, BERM_STR("duration")), BERM_TYPE_DURATION);
    assert_int_equal(berm_declare_type(d, BERM_STR("null")), BERM_TYPE_NULL);
    assert_int_equal(berm_declare_type(d, BERM_STR("null_type")), BERM_TYPE_NULL);
    assert_int_equal(berm_declare_type(d, BERM_STR("berm.Image")), BERM_TYPE_IMAGE);
    assert_int_equal(berm_declare_type(d, BERM_STR("list")), BERM_TYPE_LIST);
    assert_int_equal(berm_declare_type(d, BERM_STR("list( int )")),
                     berm_types_list(&d->types, BERM_TYPE_INT));
    assert_int_equal(berm_declare_type(d, BERM_STR("int.foo")), BERM_TYPE_FREE);
    assert_int_equal(berm_declare_type(d, BERM_STR("list(int")), BERM_TYPE_FREE);
    assert_int_equal(berm_declare_type(d, BERM_STR("")), BERM_TYPE_FREE);
    berm_declarations_free(d);
}

static void allocations_fail(void **state)
{
    (void)state;
    berm_status status = BERM_E_NOMEM;
    for (size_t at = 1; status != BERM_OK; at++) {
        counted_heap heap = {.fail_at = at};
        berm_alloc alloc = counted_alloc(&heap);
        berm_declarations d;
        status = berm_declarations_init(&d, &alloc);
        if (status == BERM_OK) {
            status = berm_declare(&d, BERM_STR("f"), false, BERM_STR("f(A, map(A, A)) -> list(A)"));
        }
        assert_int_equal(status, heap.calls >= at ? BERM_E_NOMEM : BERM_OK);
        berm_declarations_free(&d);
        assert_int_equal(heap.in_use, 0);
        assert_false(heap.wrong_len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tables_are_read),     cmocka_unit_test(operators_are_apart),
        cmocka_unit_test(hosts_declare_their_own), cmocka_unit_test(malformed_texts_are_refused),
        cmocka_unit_test(types_as_texts),          cmocka_unit_test(allocations_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
