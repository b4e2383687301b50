/* Calls of the host's functions: strictness, what they cost, what is remembered, limits. */
#include "vm_expect.h"

#include "data/builder.h"
#include "vm/host.h"

/* --- functions --- */

static struct {
    uint32_t calls;
    uint32_t len; /* what grow() gives */
} seen;

static berm_status count_call(void *ctx, const berm_value *args, size_t count, berm_builder *result)
{
    (void)ctx, (void)args;
    seen.calls++;
    return berm_build_value(result, berm_cell_int((int64_t)count), BERM_STR(""));
}

static berm_status refuse_call(void *ctx, const berm_value *args, size_t count,
                               berm_builder *result)
{
    (void)ctx, (void)args, (void)count, (void)result;
    seen.calls++;
    return BERM_E_IO;
}

/* A string of seen.len bytes. */
static berm_status grow(void *ctx, const berm_value *args, size_t count, berm_builder *result)
{
    static char text[100000];
    (void)ctx, (void)args, (void)count;
    seen.calls++;
    memset(text, 'x', seen.len);
    return berm_build_value(result, berm_cell_of(BERM_TAG_STRING), (berm_str){text, seen.len});
}

/* [<unknown>, sensitive 1]: hosts may not know, either. */
static berm_status give_marked(void *ctx, const berm_value *args, size_t count,
                               berm_builder *result)
{
    (void)ctx, (void)args, (void)count;
    berm_status status = berm_build_open(result, BERM_TAG_LIST);
    if (!status) status = berm_build_value(result, berm_cell_of(BERM_TAG_UNKNOWN), BERM_STR(""));
    if (!status) status = berm_build_value(result, vm_hide(berm_cell_int(1)), BERM_STR(""));
    return status ? status : berm_build_close(result);
}

#define HOST(name_, argc_, call_) \
    { \
        .name = {(name_), sizeof(name_) - 1}, .argc = (argc_), .call = (call_) \
    }
static berm_host host_items[] = {HOST("f", 1, count_call),       HOST("f", 2, count_call),
                                 HOST("nothing", 0, count_call), HOST("bad", 1, refuse_call),
                                 HOST("grow", 1, grow),          HOST("marked", 0, give_marked),
                                 HOST("ask", 1, NULL),           HOST("text", 1, count_call)};
static const berm_hosts hosts = {.items = {host_items, sizeof host_items / sizeof *host_items, 0}};

static berm_scope host_scope(void)
{
    berm_scope scope = vm_scope;
    scope.hosts = &hosts;
    host_items[7].parameters[0] = BERM_TYPE_STRING;
    host_items[7].result = BERM_TYPE_INT;
    return scope;
}

/* --- an expression --- */

typedef struct hosted {
    vm_eval e;
    berm_doc *doc;
    berm_cell result;
} hosted;

static berm_status begin_hosted(hosted *h, const berm_alloc *alloc, const char *text)
{
    berm_scope scope = host_scope();
    seen.calls = 0;
    h->doc = vm_read_document(&berm_alloc_libc);
    return vm_eval_begin(&h->e, alloc, berm_str_of(text), &scope, false);
}

static void end_hosted(hosted *h)
{
    vm_eval_end(&h->e);
    berm_doc_drop(h->doc);
}

static berm_status run_hosted(hosted *h)
{
    vm_set_slots(&h->e.vm, h->doc);
    return berm_vm_run(&h->e.vm, h->e.block, &h->result);
}

static void expect_hosted(const char *text, const char *wanted, uint32_t calls)
{
    hosted h;
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    assert_int_equal(begin_hosted(&h, &berm_alloc_libc, text), BERM_OK);
    berm_status status = run_hosted(&h);
    if (status) berm_text_format(&out, "status %d", status);
    else vm_put_result(&out, &h.e.vm.space, h.result);
    berm_text_putc(&out, 0);
    if (strcmp(out.ptr, wanted) != 0) fail_msg("%s: %s, not %s", text, out.ptr, wanted);
    if (seen.calls != calls) fail_msg("%s: %u calls", text, seen.calls);
    berm_text_free(&out);
    end_hosted(&h);
}

static void arguments_are_decided_first(void **state)
{
    (void)state;
    expect_hosted("f(1)", "1", 1);
    expect_hosted("f(1, 2)", "2", 1);
    expect_hosted("nothing()", "0", 1);
    expect_hosted("f(u)", "unknown", 0);
    expect_hosted("f(e)", "error GIVEN", 0);
    expect_hosted("f(e, u)", "unknown", 0);
    expect_hosted("f(1, e)", "error GIVEN", 0);
    expect_hosted("f(part)", "unknown", 0);
    expect_hosted("f([1, {'a': [u]}])", "unknown", 0);
    expect_hosted("f(open)", "unknown", 0);
    expect_hosted("f(some)", "unknown", 0);
    expect_hosted("bad(u)", "unknown", 0);
    expect_hosted("bad(1)", "error HOST", 1);
    expect_hosted("text('a')", "1", 1);
    expect_hosted("text(1)", "error NO_OVERLOAD", 0);
    expect_hosted("text(u)", "unknown", 0);
    expect_hosted("bad(1) == 2 || true", "true", 1);
    expect_hosted("false && f(1) == 1", "false", 0);
}

static void what_is_sensitive_tints(void **state)
{
    (void)state;
    expect_hosted("f(s)", "*1", 1);
    expect_hosted("f(1, [[s]])", "*2", 1);
    expect_hosted("[f('secret'), f(s)][1]", "*1", 1);
    expect_hosted("[f(s), f('secret')][1]", "1", 1);
    expect_hosted("bad(s)", "*error HOST", 1);
    expect_hosted("text(sl)", "*error NO_OVERLOAD", 0);
    expect_hosted("ask(s)", "*unknown", 0);
    expect_hosted("f([s, u])", "*unknown", 0);
}

/* What hosts do not know is unknown, and deep questions see it. */
static void marked_results(void **state)
{
    (void)state;
    expect_hosted("marked()[0]", "unknown", 0);
    expect_hosted("marked()[1]", "*1", 0);
    expect_hosted("marked()[1] == 1", "*true", 0);
    expect_hosted("marked() == [1, 1]", "*unknown", 0);
    expect_hosted("size(marked())", "2", 0);
    expect_hosted("json.encode(marked())", "*unknown", 0);
    expect_hosted("f(marked())", "*unknown", 0);
}

/* --- costs and limits --- */

static uint64_t cost_of(const char *text)
{
    hosted h;
    assert_int_equal(begin_hosted(&h, &berm_alloc_libc, text), BERM_OK);
    assert_int_equal(run_hosted(&h), BERM_OK);
    uint64_t cost = h.e.vm.cost;
    end_hosted(&h);
    return cost;
}

/* A call costs the same whether it was made before or not. */
static void costs(void **state)
{
    (void)state;
    seen.len = 0;
    uint64_t one = cost_of("[f(1)]"), two = cost_of("[f(1), f(1)]"),
             other = cost_of("[f(1), f(2)]");
    assert_int_equal(one, 1 + 2 + 10);
    assert_int_equal(two, one + 12);
    assert_int_equal(other, two);
    seen.len = 1000;
    assert_int_equal(cost_of("grow(1)"), 2 + 10 + (1000 + sizeof "grow(1)" - 1) / 10);
    assert_int_equal(cost_of("size(grow(1))"), 3 + 10 + (1000 + sizeof "grow(1)" - 1) / 10);
}

static void over_its_cost_a_rule_errs(void **state)
{
    (void)state;
    hosted h;
    assert_int_equal(
        begin_hosted(&h, &berm_alloc_libc, "lists.range(100).all(i, f(i) == 1) || true"), BERM_OK);
    h.e.vm.cost_limit = 600;
    assert_int_equal(run_hosted(&h), BERM_OK);
    assert_int_equal(h.result.tag, BERM_TAG_ERROR);
    assert_int_equal(berm_error_code_of(h.result), BERM_ERR_RULE_COST);
    assert_true(seen.calls < 100);
    end_hosted(&h);
}

/* Asking takes fuel, and without it nobody is asked. */
static void fuel(void **state)
{
    (void)state;
    hosted h;
    assert_int_equal(begin_hosted(&h, &berm_alloc_libc, "[f(1), f(1), f(2)]"), BERM_OK);
    assert_int_equal(berm_vm_begin(&h.e.vm, 1500), BERM_OK);
    assert_int_equal(run_hosted(&h), BERM_E_FUEL);
    assert_int_equal(seen.calls, 1);
    assert_int_equal(berm_vm_begin(&h.e.vm, 2500), BERM_OK);
    assert_int_equal(run_hosted(&h), BERM_OK);
    assert_int_equal(seen.calls, 3);
    end_hosted(&h);
}

static int stop(void *ctx)
{
    (void)ctx;
    return 1;
}

static void interruption(void **state)
{
    (void)state;
    hosted h;
    assert_int_equal(begin_hosted(&h, &berm_alloc_libc, "f(1)"), BERM_OK);
    h.e.vm.poll = stop;
    assert_int_equal(run_hosted(&h), BERM_E_INTERRUPTED);
    assert_int_equal(seen.calls, 0);
    end_hosted(&h);
}

/* Results count as what an evaluation makes, and a large one is an error by itself. */
static void memory_limit(void **state)
{
    (void)state;
    hosted h;
    seen.len = 60000;
    assert_int_equal(begin_hosted(&h, &berm_alloc_libc, "[1, 2, 3].map(i, grow(i).size())"),
                     BERM_OK);
    h.e.vm.space.memory_limit = 150000;
    assert_int_equal(run_hosted(&h), BERM_E_LIMIT);
    assert_int_equal(h.e.vm.space.limit, BERM_D_LIMIT_MEMORY);
    assert_int_equal(seen.calls, 3);
    h.e.vm.space.memory_limit = 250000;
    assert_int_equal(berm_vm_begin(&h.e.vm, 1000000), BERM_OK);
    assert_int_equal(run_hosted(&h), BERM_OK);
    h.e.vm.limits.string_len = 60000;
    assert_int_equal(berm_vm_begin(&h.e.vm, 1000000), BERM_OK);
    assert_int_equal(run_hosted(&h), BERM_OK);
    assert_int_equal(h.result.tag, BERM_TAG_LIST);
    h.e.vm.limits.string_len = 59999; /* the builder does not take it */
    assert_int_equal(berm_vm_begin(&h.e.vm, 1000000), BERM_OK);
    assert_int_equal(run_hosted(&h), BERM_OK);
    assert_int_equal(berm_error_code_of(h.result), BERM_ERR_HOST);
    end_hosted(&h);
}

/* Nested deeper than values may be. */
static void depth_limit(void **state)
{
    (void)state;
    hosted h;
    assert_int_equal(begin_hosted(&h, &berm_alloc_libc, "f([[[[1]]]])"), BERM_OK);
    h.e.vm.space.depth_limit = 3;
    assert_int_equal(run_hosted(&h), BERM_E_LIMIT);
    assert_int_equal(h.e.vm.space.limit, BERM_D_LIMIT_DEPTH);
    assert_int_equal(seen.calls, 0);
    end_hosted(&h);
}

/* --- pending --- */

static berm_doc *doc_of(const char *text)
{
    berm_limits limits = berm_limits_resolve(NULL);
    berm_doc *doc = NULL;
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &limits,
                      .text = berm_str_of(text),
                      .copy_text = true,
                      .format = BERM_FORMAT_JSON};
    assert_int_equal(berm_doc_read(&read, &doc, NULL), BERM_OK);
    return doc;
}

static void expect_keys(const berm_vm *vm, const char *const *keys, uint32_t wanted)
{
    uint32_t count;
    const berm_pending *pending = berm_host_pending(vm, &count);
    assert_int_equal(count, wanted);
    for (uint32_t i = 0; i < count; i++) {
        assert_true(berm_str_is(pending[i].key, keys[i]));
        assert_true(berm_str_is(pending[i].function, "ask"));
    }
}

static void pending_calls_are_listed_once(void **state)
{
    (void)state;
    hosted h;
    static const char *const keys[] = {"ask(\"b\")", "ask(1)", "ask(1u)", "ask({\"k\": [b\"x\"]})"};
    assert_int_equal(
        begin_hosted(&h, &berm_alloc_libc, "['b', 1, 'b', 1u, {'k': [b'x']}, 1].map(i, ask(i))"),
        BERM_OK);
    assert_int_equal(run_hosted(&h), BERM_OK);
    assert_int_equal(h.result.tag, BERM_TAG_UNKNOWN); /* an answer may be an error */
    assert_int_equal(h.result.as.u, BERM_UNKNOWN_PENDING);
    expect_keys(&h.e.vm, keys, 4);
    assert_int_equal(run_hosted(&h), BERM_OK); /* of the same run */
    expect_keys(&h.e.vm, keys, 4);
    berm_doc *doc = doc_of("{\"x\": [1, \"two\"]}");
    assert_int_equal(berm_host_answer(&h.e.vm, 1, doc, NULL), BERM_OK);
    assert_int_equal(berm_host_answer(&h.e.vm, 4, doc, NULL), BERM_E_ARGUMENT);
    h.e.vm.again = true;
    assert_int_equal(berm_vm_begin(&h.e.vm, 1000000), BERM_OK);
    assert_int_equal(run_hosted(&h), BERM_OK);
    static const char *const left[] = {"ask(\"b\")", "ask(1u)", "ask({\"k\": [b\"x\"]})"};
    expect_keys(&h.e.vm, left, 3);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(berm_host_answer(&h.e.vm, i, doc, NULL), BERM_OK);
    berm_doc_drop(doc);
    assert_int_equal(berm_vm_begin(&h.e.vm, 1000000), BERM_OK);
    assert_int_equal(run_hosted(&h), BERM_OK);
    expect_keys(&h.e.vm, NULL, 0);
    berm_cell given = berm_list_at(&h.e.vm.space, h.result, 1);
    assert_int_equal(given.tag, BERM_TAG_MAP);
    given = berm_map_find_text(&h.e.vm.space, given, BERM_STR("x"));
    given = berm_list_at(&h.e.vm.space, given, 1);
    assert_true(berm_str_is(berm_text_of(&h.e.vm.space, given), "two"));
    h.e.vm.again = false;
    assert_int_equal(berm_vm_begin(&h.e.vm, 1000000), BERM_OK);
    expect_keys(&h.e.vm, NULL, 0);
    assert_int_equal(run_hosted(&h), BERM_OK);
    expect_keys(&h.e.vm, keys, 4);
    berm_host_forget_pending(&h.e.vm);
    expect_keys(&h.e.vm, NULL, 0);
    end_hosted(&h);
}

static void answers_have_a_limit(void **state)
{
    (void)state;
    hosted h;
    berm_error err = {0};
    berm_doc *doc = doc_of("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]");
    assert_int_equal(begin_hosted(&h, &berm_alloc_libc, "size(ask(1))"), BERM_OK);
    assert_int_equal(run_hosted(&h), BERM_OK);
    h.e.vm.space.memory_limit = h.e.vm.space.memory_len + 250;
    assert_int_equal(berm_host_answer(&h.e.vm, 0, doc, &err), BERM_E_LIMIT);
    assert_int_equal(err.code, 701);
    h.e.vm.space.memory_limit = 100000;
    assert_int_equal(berm_host_answer(&h.e.vm, 0, doc, &err), BERM_OK);
    h.e.vm.again = true;
    assert_int_equal(berm_vm_begin(&h.e.vm, 1000000), BERM_OK);
    assert_int_equal(run_hosted(&h), BERM_OK);
    assert_int_equal(h.result.as.i, 10);
    berm_doc_drop(doc);
    end_hosted(&h);
}

/* --- linking, memory --- */

static void what_is_not_there_errs(void **state)
{
    (void)state;
    hosted h;
    assert_int_equal(begin_hosted(&h, &berm_alloc_libc, "f(u) == 1 || nothing() == 1"), BERM_OK);
    h.e.vm.hosts = NULL;
    assert_int_equal(berm_vm_bind(&h.e.vm, &h.e.image), BERM_OK);
    assert_int_equal(run_hosted(&h), BERM_OK);
    assert_int_equal(berm_error_code_of(h.result), BERM_ERR_NO_SUCH_FUNCTION);
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    berm_error_print(&out, &h.e.vm.space, h.result, true);
    assert_true(berm_str_is(berm_text_view(&out), "no such function: f"));
    berm_text_free(&out);
    end_hosted(&h);
}

/* The n-th allocation fails, for each n: in code, calls, results and the answer. */
static void memory_may_end(void **state)
{
    (void)state;
    berm_doc *doc = doc_of("[\"a\", {\"b\": 1}]");
    berm_status status = BERM_E_NOMEM;
    seen.len = 50;
    for (size_t n = 1; status == BERM_E_NOMEM; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        hosted h;
        status =
            begin_hosted(&h, &alloc,
                         "grow(1) + grow(2) == ask([1]) || bad(marked().size()) == f(text('x'))"
                         " || [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].exists(i, ask(i) == f(i))");
        if (!status) status = run_hosted(&h);
        if (!status) status = berm_host_answer(&h.e.vm, 0, doc, NULL);
        h.e.vm.again = true;
        if (!status) status = berm_vm_begin(&h.e.vm, 1000000);
        if (!status) status = run_hosted(&h);
        end_hosted(&h);
        assert_int_equal(heap.in_use, 0);
        assert_false(heap.wrong_len);
    }
    assert_int_equal(status, BERM_OK);
    berm_doc_drop(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments_are_decided_first),
        cmocka_unit_test(what_is_sensitive_tints),
        cmocka_unit_test(marked_results),
        cmocka_unit_test(costs),
        cmocka_unit_test(over_its_cost_a_rule_errs),
        cmocka_unit_test(fuel),
        cmocka_unit_test(interruption),
        cmocka_unit_test(memory_limit),
        cmocka_unit_test(depth_limit),
        cmocka_unit_test(pending_calls_are_listed_once),
        cmocka_unit_test(answers_have_a_limit),
        cmocka_unit_test(what_is_not_there_errs),
        cmocka_unit_test(memory_may_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
