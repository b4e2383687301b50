#include "vm/trace.h"
#include "vm_expect.h"

/* Only nodes of documents are witnesses, and only those that say where they stand. */
static void witnesses(void **state)
{
    berm_vm vm;
    berm_limits limits = berm_limits_resolve(NULL);
    berm_cell node = berm_cell_int(1);
    (void)state;
    struct berm_trace trace = {.looked = 0};
    berm_vm_init(&vm, &berm_alloc_libc, &limits);
    vm.trace = &trace;
    node.store = 2;
    berm_trace_look(&vm, node);
    assert_int_equal(trace.node.store, 0);
    node.aux = 5;
    node.store = BERM_STORE_IMAGE;
    berm_trace_look(&vm, node);
    assert_int_equal(trace.node.store, 0);
    node.tag = BERM_TAG_TIMESTAMP;
    node.store = 2;
    berm_trace_look(&vm, node);
    assert_int_equal(trace.node.store, 0);
    node.tag = BERM_TAG_INT;
    berm_trace_look(&vm, node);
    assert_int_equal(trace.node.store, 2);
    assert_int_equal(trace.looked, 1);
    berm_vm_free(&vm);
}

/* What the run of an expression left, instruction by instruction. */
static uint32_t trace_expression(const char *text, bool whole, struct berm_trace *trace,
                                 const char *wanted)
{
    vm_eval e;
    berm_doc *doc = vm_read_document(&berm_alloc_libc);
    berm_cell result;
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    assert_int_equal(vm_eval_begin(&e, &berm_alloc_libc, berm_str_of(text), &vm_scope, false),
                     BERM_OK);
    vm_set_slots(&e.vm, doc);
    berm_trace_begin(trace, whole);
    e.vm.trace = trace;
    assert_int_equal(berm_vm_run(&e.vm, e.block, &result), BERM_OK);
    for (uint32_t i = 0; wanted && i < trace->events.count; i++) {
        const berm_trace_event *event = &trace->events.items[i];
        if (i) berm_text_putc(&out, ' ');
        berm_value_print_short(&out, &e.vm.space, event->value, false);
    }
    if (wanted && !berm_str_is(berm_text_view(&out), wanted))
        fail_msg("%s: %.*s, not %s", text, (int)out.len, out.ptr, wanted);
    berm_text_free(&out);
    vm_eval_end(&e);
    berm_doc_drop(doc);
    return trace->events.count;
}

static void events(void **state)
{
    (void)state;
    struct berm_trace trace = {.looked = 0};
    trace_expression("1 < 2", true, &trace, "true");
    trace_expression("u && e", true, &trace, "unknown unknown error(GIVEN) unknown");
    trace_expression("sb ? 1 : 2", true, &trace, "true 1 1");
    trace_expression("e ? 1 : 2", true, &trace, "error(GIVEN) error(GIVEN)");
    trace_expression("[1, 2].all(x, x < 2)", true, &trace,
                     "[1, 2] true 1 2 true true true 2 2 false false false false");
    berm_trace_free(&trace, &berm_alloc_libc);
}

/* Turns of a loop that decided nothing are forgotten, and only those. */
static void turns(void **state)
{
    (void)state;
    struct berm_trace trace = {.looked = 0};
    uint32_t one = trace_expression("lists.range(1).all(x, x < 900)", false, &trace, NULL);
    assert_int_equal(trace_expression("lists.range(800).all(x, x < 900)", false, &trace, NULL),
                     one);
    assert_true(trace_expression("lists.range(800).all(x, x < 900)", true, &trace, NULL) > 800);
    uint32_t few = trace_expression("lists.range(800).all(x, x < 700)", false, &trace, NULL);
    assert_in_range(few, one + 1, one + 8);
    assert_true(trace_expression("lists.range(9).all(x, x < 900 || u)", false, &trace, NULL) < 20);
    assert_true(trace_expression("lists.range(9).all(x, u && x > 9)", false, &trace, NULL) < 20);
    assert_true(trace_expression("lists.range(9).all(x, u)", false, &trace, NULL) > 20);
    assert_int_equal(trace_expression("lists.range(40000).map(x, x + 1)", true, &trace, NULL),
                     BERM_TRACE_EVENTS_MAX);
    berm_trace_free(&trace, &berm_alloc_libc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(witnesses), cmocka_unit_test(events),
                                       cmocka_unit_test(turns)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
