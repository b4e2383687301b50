/* Engines, and what the library says of itself. */
#include "api_help.h"

static void words_have_names(void **state)
{
    (void)state;
    static const struct {
        berm_status status;
        const char *name, *text;
    } all[] = {
#define BERM_STATUS(name, number, text) {number, "BERM_" #name, text},
#include "berm/status.def"
#undef BERM_STATUS
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        assert_string_equal(berm_status_name(all[i].status), all[i].name);
        assert_string_equal(berm_status_text(all[i].status), all[i].text);
    }
    assert_string_equal(berm_status_name(-1), "");
    assert_string_equal(berm_status_text(-1), "");
    assert_string_equal(berm_word(BERM_WORDS_SEVERITY, BERM_SEVERITY_CRITICAL), "critical");
    assert_string_equal(berm_word(BERM_WORDS_ENFORCEMENT, BERM_ENFORCEMENT_SOFT_MANDATORY),
                        "soft-mandatory");
    assert_string_equal(berm_word(BERM_WORDS_VERDICT, BERM_VERDICT_WAIVED), "waived");
    assert_string_equal(berm_word(BERM_WORDS_ACTION, BERM_ACTION_DRIFT), "drift");
    for (uint32_t words = BERM_WORDS_SEVERITY; words <= BERM_WORDS_ACTION + 1; words++)
        assert_string_equal(berm_word(words, 1000), "");
    char version[32];
    snprintf(version, sizeof version, "%d.%d.%d", BERM_VERSION_MAJOR, BERM_VERSION_MINOR,
             BERM_VERSION_PATCH);
    assert_string_equal(berm_version(), version);
}

static void wrong_options_are_refused(void **state)
{
    (void)state;
    berm_engine *engine = NULL;
    berm_error err;
    const berm_alloc none = {NULL, NULL};
    const berm_engine_options unsized = {0}, silent = {.size = sizeof silent, .alloc = &none},
                              listless = {.size = sizeof listless, .function_count = 2};
    expect_refused(err, berm_engine_new(NULL, NULL, &err), "out is NULL");
    expect_refused(err, berm_engine_new(&unsized, &engine, &err), "options.size is not set");
    expect_refused(err, berm_engine_new(&silent, &engine, &err),
                   "the allocator has no realloc function");
    expect_refused(err, berm_engine_new(&listless, &engine, &err), "options.functions is NULL");
    assert_null(engine);
    assert_int_equal(berm_engine_new(&listless, &engine, NULL), BERM_E_ARGUMENT);
}

/* An older program's struct is shorter: the members it does not know are their defaults. */
static void shorter_options_are_taken(void **state)
{
    (void)state;
    counted_heap heap = {0};
    const berm_alloc alloc = counted_alloc(&heap);
    const berm_engine_options old = {.size = offsetof(berm_engine_options, zone),
                                     .alloc = &alloc,
                                     .functions = NULL,
                                     .function_count = 77};
    berm_engine *engine = NULL;
    assert_int_equal(berm_engine_new(&old, &engine, NULL), BERM_OK);
    assert_true(heap.in_use > 0);
    assert_ptr_equal(berm_engine_ref(engine), engine);
    berm_engine_unref(engine);
    assert_true(heap.in_use > 0);
    berm_engine_unref(engine);
    assert_int_equal(heap.in_use, 0);
    assert_null(berm_engine_ref(NULL));
    berm_engine_unref(NULL);
}

static berm_status answer_nothing(void *ctx, const berm_value *args, size_t count,
                                  berm_builder *result)
{
    (void)ctx, (void)args, (void)count, (void)result;
    return BERM_OK;
}

static berm_status make_with_functions(void *ctx, said_text *said)
{
    static const berm_function functions[] = {
        {sizeof(berm_function), "acme.owner(string) -> optional_type(string)", 0, answer_nothing,
         NULL},
        {sizeof(berm_function), "list(A).pick(map(A, int), A) -> A", 0, NULL, NULL}};
    const berm_alloc alloc = counted_alloc(ctx);
    const berm_engine_options options = {.size = sizeof options,
                                         .alloc = &alloc,
                                         .functions = functions,
                                         .function_count = 2};
    berm_engine *engine = NULL;
    berm_error err = {0};
    (void)said;
    berm_status status = berm_engine_new(&options, &engine, &err);
    assert_int_equal(status, err.status);
    if (status) assert_null(engine);
    berm_engine_unref(engine);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    counted_heap heap = {0};
    expect_alloc_failures(&(alloc_case){.heap = &heap, .run = make_with_functions, .ctx = &heap});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_have_names),
        cmocka_unit_test(wrong_options_are_refused),
        cmocka_unit_test(shorter_options_are_taken),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
