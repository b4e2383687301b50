/* Every function of functions.def is documented with an expression that holds: each is checked
   against the declarations, compiled and evaluated here. */
#include "cel/check.h"
#include "data/functions.h"
#include "vm_expect.h"

static void expect_example(const char *name, const berm_signature *signature)
{
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    vm_eval_text(signature->example, &out);
    if (strcmp(out.ptr, "true") != 0)
        fail_msg("%s (%s): %s\n  gives %s", name, signature->overload, signature->example, out.ptr);
    berm_text_free(&out);
    vm_expect_within_limits(signature->example, "true");
}

/* The checker finds nothing wrong with an example, and that it is a bool. */
static void check_example(berm_declarations *declarations, const char *text)
{
    berm_check_env env = {.declarations = declarations};
    berm_diags *diags = berm_diags_new(&berm_alloc_libc);
    berm_type type = BERM_TYPE_DYN;
    berm_ast ast;
    size_t count = 0;
    berm_ast_init(&ast, &berm_alloc_libc);
    berm_status status = berm_cel_parse(&ast, berm_str_of(text), NULL, NULL, diags);
    if (status == BERM_OK) status = berm_cel_check(&ast, &env, NULL, diags, &type);
    const berm_diag *faults = berm_diags_list(diags, &count);
    if (status != BERM_OK)
        fail_msg("%s: %.*s", text, count ? (int)faults->message.len : 0,
                 count ? faults->message.ptr : "");
    if (type != BERM_TYPE_BOOL && type != BERM_TYPE_DYN) fail_msg("%s is no bool", text);
    berm_ast_free(&ast);
    berm_diags_drop(diags);
}

static void every_example_is_typed(void **state)
{
    berm_declarations declarations;
    (void)state;
    assert_int_equal(berm_declarations_init(&declarations, &berm_alloc_libc), BERM_OK);
    for (uint32_t id = 0; id < BERM_FN_COUNT; id++) {
        uint32_t count;
        const berm_signature *rows = berm_function_signatures((berm_function_id)id, &count);
        for (uint32_t i = 0; i < count; i++) check_example(&declarations, rows[i].example);
    }
    berm_declarations_free(&declarations);
}

static void every_example_holds(void **state)
{
    (void)state;
    for (uint32_t id = 0; id < BERM_FN_COUNT; id++) {
        uint32_t count;
        const berm_signature *rows = berm_function_signatures((berm_function_id)id, &count);
        const char *name = berm_function_name(id);
        if (count == 0) fail_msg("%s has no overload", name);
        for (uint32_t i = 0; i < count; i++) expect_example(name, &rows[i]);
    }
}

/* The status of an example when the allocation `fail_at` and all behind it fail; *failed says whether
   there were so many. */
static berm_status run_without_memory(const char *text, size_t fail_at, bool *failed)
{
    counted_heap heap = {.fail_at = fail_at};
    berm_alloc alloc = counted_alloc(&heap);
    vm_eval e;
    berm_cell result = berm_cell_bool(false);
    berm_status status = vm_eval_begin(&e, &alloc, berm_str_of(text), &vm_scope, false);
    if (status == BERM_OK) status = berm_vm_run(&e.vm, e.block, &result);
    if (status == BERM_OK && !berm_cell_is_true(result)) fail_msg("%s, short of memory", text);
    vm_eval_end(&e);
    *failed = heap.calls >= fail_at;
    if (heap.in_use || heap.wrong_len) fail_msg("%s leaks or frees wrongly", text);
    return status;
}

static void every_example_may_run_out_of_memory(void **state)
{
    (void)state;
    for (uint32_t id = 0; id < BERM_FN_COUNT; id++) {
        uint32_t count;
        const berm_signature *rows = berm_function_signatures((berm_function_id)id, &count);
        for (uint32_t i = 0; i < count; i++) {
            bool failed = true;
            for (size_t fail_at = 1; failed; fail_at++) {
                berm_status status = run_without_memory(rows[i].example, fail_at, &failed);
                if (status != BERM_OK) assert_int_equal(status, BERM_E_NOMEM);
            }
        }
    }
}

/* An example shows the function that it stands beside. */
static void every_example_calls_its_function(void **state)
{
    (void)state;
    for (uint32_t id = 0; id < BERM_FN_COUNT; id++) {
        uint32_t count;
        const berm_signature *rows = berm_function_signatures((berm_function_id)id, &count);
        berm_str name = berm_str_of(berm_function_name(id));
        for (uint32_t i = 0; i < count; i++) {
            const char *at = strstr(rows[i].example, name.ptr);
            while (at && at[name.len] != '(') at = strstr(at + 1, name.ptr);
            if (!at) fail_msg("%s is not called in %s", name.ptr, rows[i].example);
        }
    }
}

static void overloads_have_names_of_their_own(void **state)
{
    (void)state;
    for (uint32_t id = 0; id < BERM_FN_COUNT; id++) {
        uint32_t count, other_count;
        const berm_signature *rows = berm_function_signatures((berm_function_id)id, &count);
        for (uint32_t other = 0; other <= id; other++) {
            const berm_signature *others =
                berm_function_signatures((berm_function_id)other, &other_count);
            for (uint32_t i = 0; i < count; i++)
                for (uint32_t j = 0; j < other_count; j++)
                    if (&rows[i] != &others[j])
                        assert_string_not_equal(rows[i].overload, others[j].overload);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_is_typed),
        cmocka_unit_test(every_example_holds),
        cmocka_unit_test(every_example_may_run_out_of_memory),
        cmocka_unit_test(every_example_calls_its_function),
        cmocka_unit_test(overloads_have_names_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
