/* Declarations of a host's functions: what they become, and which are refused. */
#include "policy/host.h"

#include "base_alloc.h"
#include "data/ops.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static berm_status do_nothing(void *ctx, const berm_value *args, size_t count, berm_builder *result)
{
    (void)ctx, (void)args, (void)count, (void)result;
    return BERM_OK;
}

static berm_status declare_one(const char *declaration, berm_hosts **hosts, berm_error *err)
{
    const berm_function function = {.size = sizeof function,
                                    .declaration = declaration,
                                    .call = do_nothing};
    return berm_hosts_declare(&berm_alloc_libc, &function, 1, hosts, err);
}

/* --- what they become --- */

static void put_host(berm_text *out, const berm_host *host)
{
    berm_text_format(out, host->method ? "method %S(" : "%S(", host->name);
    for (uint32_t i = 0; i < host->argc; i++)
        berm_text_format(out, i ? ", %s" : "%s", berm_type_name((berm_type_id)host->parameters[i]));
    berm_text_format(out, ") %s%s", host->optional ? "?" : "",
                     berm_type_name((berm_type_id)host->result));
}

static void declarations_are_read(void **state)
{
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {"f() -> int", "f() int"},
        {"acme.owner(string) -> optional_type(string)", "acme.owner(string) ?string"},
        {"a.b.c(int, uint, double, bool) -> bytes", "a.b.c(int, uint, double, bool) bytes"},
        {"f(list(int), map(string, dyn), set(A)) -> list(A)", "f(list, map, set) list"},
        {"f(A, B, dyn, wrapper(int)) -> A", "f(dyn, dyn, dyn, dyn) dyn"},
        {"f(timestamp) -> duration", "f(google.protobuf.Timestamp) google.protobuf.Duration"},
        {"f(net.IP, berm.Image) -> null", "f(net.IP, berm.Image) null_type"},
        {"f(type(int)) -> dyn", "f(type) dyn"},
        {"f(optional_type(int)) -> optional_type(dyn)", "f(optional_type) ?dyn"},
        {"string.f() -> int", "method f(string) int"},
        {"list(A).f(A) -> A", "method f(list, dyn) dyn"},
        {"A.f() -> wrapper(A)", "method f(dyn) dyn"},
        {"dyn.f(int) -> set(int)", "method f(dyn, int) set"},
        {"net.IP.f() -> int", "method f(net.IP) int"},
        {"f( int , string )  ->  int", "f(int, string) int"},
        {"strings.f(int) -> int", "strings.f(int) int"},
        {"math.mine(int) -> int", "math.mine(int) int"},
        {"startsWith(string, string) -> bool", "startsWith(string, string) bool"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        berm_hosts *hosts;
        berm_error err = {0};
        if (declare_one(cases[i].text, &hosts, &err)) fail_msg("%s", err.message);
        berm_text out;
        berm_text_init(&out, &berm_alloc_libc);
        put_host(&out, &hosts->items.items[0]);
        berm_text_putc(&out, 0);
        assert_string_equal(out.ptr, cases[i].wanted);
        assert_true(berm_str_is(hosts->items.items[0].declaration, cases[i].text));
        berm_text_free(&out);
        berm_hosts_drop(hosts);
    }
}

/* --- which are refused --- */

static void expect_refused(const char *declaration, const char *why)
{
    berm_hosts *hosts = NULL;
    berm_error err = {0};
    assert_int_equal(declare_one(declaration, &hosts, &err), BERM_E_ARGUMENT);
    assert_null(hosts);
    assert_int_equal(err.status, BERM_E_ARGUMENT);
    if (!strstr(err.message, why)) fail_msg("%s: %s", declaration, err.message);
}

static void faulty_declarations_are_refused(void **state)
{
    (void)state;
    const char *const malformed[] = {"",
                                     "acme",
                                     "acme.f",
                                     "acme.f()",
                                     "acme.f() ->",
                                     "acme.f( -> int",
                                     "acme.f(nothing) -> int",
                                     "acme.f(int) -> list(int",
                                     "acme.f(int) -> int more",
                                     "acme.f(map(int)) -> int",
                                     "(int) -> int"};
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
        expect_refused(malformed[i], "is not declared as in");
    expect_refused("acme.f(int, ...) -> int", "fixed number of arguments");
    expect_refused("acme.f(A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A) -> int", "more than 16 arguments");
    expect_refused("size(int) -> int", "has the name of a function of CEL");
    expect_refused("string.startsWith(int) -> int", "has the name of a function of CEL");
    expect_refused("math.greatest(int) -> int", "has the name of a function of CEL");
    expect_refused("has(int) -> bool", "cannot be called");
    expect_refused("list(A).all(A, A) -> bool", "cannot be called");
    expect_refused("acme.in(int) -> bool", "cannot be called");
    expect_refused("while(int) -> bool", "cannot be called");
    expect_refused("acme..f(int) -> bool", "cannot be called");
    expect_refused("acme.2f(int) -> bool", "cannot be called");
    expect_refused("object.f(int) -> bool", "begins with a name that expressions use");
    expect_refused("resource.get(int) -> bool", "begins with a name that expressions use");
    expect_refused("object.Get(int) -> bool", "begins with a name that expressions use");
    expect_refused("params.f(int) -> bool", "begins with a name that expressions use");
    expect_refused("acme.f(int) -> type(int)", "gives what no host can make");
    expect_refused("acme.f(int) -> net.IP", "gives what no host can make");
    expect_refused("acme.f(int) -> optional_type(optional_type(int))", "no host can make");
    char longest[200];
    memset(longest, 'f', sizeof longest);
    snprintf(longest + 120, 80, "(int) -> int");
    expect_refused(longest, "too long a name");
}

static berm_status declare_two(const char *first, const char *second, const berm_alloc *alloc,
                               berm_hosts **hosts, berm_error *err)
{
    const berm_function functions[] = {
        {.size = sizeof(berm_function), .declaration = first},
        {.size = sizeof(berm_function), .declaration = second, .call = do_nothing}};
    return berm_hosts_declare(alloc, functions, 2, hosts, err);
}

static void names_may_be_shared(void **state)
{
    static const struct {
        const char *first, *second;
        berm_status status;
    } cases[] = {
        {"a.f(int) -> int", "a.f(int, int) -> int", BERM_OK},
        {"a.f(int) -> int", "int.f() -> int", BERM_OK},
        {"f(int) -> int", "int.f() -> int", BERM_OK},
        {"string.f() -> int", "int.f() -> int", BERM_E_ARGUMENT},
        {"a.f(int) -> int", "a.f(string) -> int", BERM_E_ARGUMENT},
        {"a.f(int) -> int", "a.f(int) -> int", BERM_E_ARGUMENT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        berm_hosts *hosts;
        berm_error err = {0};
        berm_status status =
            declare_two(cases[i].first, cases[i].second, &berm_alloc_libc, &hosts, &err);
        if (status != cases[i].status) fail_msg("%s: %s", cases[i].second, err.message);
        if (status) assert_non_null(strstr(err.message, "is declared twice"));
        berm_hosts_drop(hosts);
    }
}

/* What the checker is told is what was declared. */
static void added_to_declarations(void **state)
{
    berm_declarations d;
    berm_hosts *hosts;
    (void)state;
    assert_int_equal(
        declare_two("a.f(int) -> list(string)", "string.f(A) -> A", &berm_alloc_libc, &hosts, NULL),
        BERM_OK);
    assert_int_equal(berm_declarations_init(&d, &berm_alloc_libc), BERM_OK);
    assert_int_equal(berm_hosts_add(NULL, &d), BERM_OK);
    assert_null(berm_declarations_find(&d, BERM_STR("a.f"), false));
    assert_int_equal(berm_hosts_add(hosts, &d), BERM_OK);
    const berm_declared_function *function = berm_declarations_find(&d, BERM_STR("a.f"), false);
    assert_non_null(function);
    assert_int_equal(berm_types_head(&d.types, d.overloads.items[function->first].result),
                     BERM_TYPE_LIST);
    function = berm_declarations_find(&d, BERM_STR("f"), true);
    assert_non_null(function);
    assert_int_equal(d.overloads.items[function->first].count, 2);
    berm_declarations_free(&d);
    berm_hosts_drop(hosts);
}

static void memory_may_end(void **state)
{
    berm_status status = BERM_E_NOMEM;
    (void)state;
    for (size_t n = 1; status == BERM_E_NOMEM; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        berm_hosts *hosts;
        berm_error err = {0};
        status = declare_two("a.f(int, map(string, A)) -> list(A)", "string.f(A) -> A", &alloc,
                             &hosts, &err);
        assert_int_equal(err.status, status);
        berm_hosts_drop(hosts);
        assert_int_equal(heap.in_use, 0);
        assert_false(heap.wrong_len);
    }
    assert_int_equal(status, BERM_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(declarations_are_read), cmocka_unit_test(faulty_declarations_are_refused),
        cmocka_unit_test(names_may_be_shared),   cmocka_unit_test(added_to_declarations),
        cmocka_unit_test(memory_may_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
