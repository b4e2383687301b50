/* Budgets, interruption, tracing, and what is left when memory ends. */
#include "vm/trace.h"
#include "vm_expect.h"

typedef struct expression {
    vm_eval e;
    berm_doc *doc;
} expression;

static void begin_expression(expression *x, const char *text)
{
    x->doc = vm_read_document(&berm_alloc_libc);
    assert_non_null(x->doc);
    assert_int_equal(vm_eval_begin(&x->e, &berm_alloc_libc, berm_str_of(text), &vm_scope, false),
                     BERM_OK);
    vm_set_slots(&x->e.vm, x->doc);
}

static void end_expression(expression *x)
{
    vm_eval_end(&x->e);
    berm_doc_drop(x->doc);
}

/* Over its cost a rule ends in RULE_COST, which nothing absorbs; at its cost it does not. */
static void cost_limit(void **state)
{
    static const char *const texts[] = {
        "true || [1, 2, 3].all(x, x > 0) || true ? [1, 2, 3].all(x, x + x > 0) : false",
        "[1, 2, 3, 4, 5, 6, 7, 8].exists(x, [1, 2, 3].all(y, x > y && d.port > 0)) || true",
        "lists.range(100).map(x, x + d.port).size() > 0"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        expression x;
        berm_cell result;
        begin_expression(&x, texts[i]);
        assert_int_equal(berm_vm_run(&x.e.vm, x.e.block, &result), BERM_OK);
        assert_int_equal(result.tag, BERM_TAG_BOOL);
        uint64_t cost = x.e.vm.cost;
        assert_true(cost > 5);
        x.e.vm.cost_limit = cost;
        assert_int_equal(berm_vm_run(&x.e.vm, x.e.block, &result), BERM_OK);
        assert_int_equal(result.tag, BERM_TAG_BOOL);
        for (uint64_t limit = 0; limit < cost; limit++) {
            x.e.vm.cost_limit = limit;
            assert_int_equal(berm_vm_run(&x.e.vm, x.e.block, &result), BERM_OK);
            assert_int_equal(result.tag, BERM_TAG_ERROR);
            assert_int_equal(berm_error_code_of(result), BERM_ERR_RULE_COST);
        }
        end_expression(&x);
    }
}

/* Costs are those of the nodes that are evaluated. */
static void costs(void **state)
{
    static const struct {
        const char *text;
        uint64_t cost;
    } cases[] = {{"1", 1},
                 {"d.port + 1", 4},
                 {"d.port", 2},
                 {"true || d.port > 1", 2},
                 {"d.port > 1 || true", 5},
                 {"[d.port, 2]", 4},
                 {"1 + 2 + 3", 5}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expression x;
        berm_cell result;
        begin_expression(&x, cases[i].text);
        assert_int_equal(berm_vm_run(&x.e.vm, x.e.block, &result), BERM_OK);
        if (x.e.vm.cost != cases[i].cost)
            fail_msg("%s costs %u", cases[i].text, (unsigned)x.e.vm.cost);
        end_expression(&x);
    }
}

/* With any amount of fuel a run ends: with its result, or with E_FUEL and no result. */
static void fuel(void **state)
{
    expression x;
    berm_cell result;
    (void)state;
    begin_expression(&x, "lists.range(50).map(x, [x, x].map(y, "
                         "string(y))).flatten().sort().join('').matches('(9|8)+7$')");
    uint64_t needed = 0;
    for (uint64_t given = 0; needed == 0 && given < 100000; given += 1 + given / 50) {
        assert_int_equal(berm_vm_begin(&x.e.vm, given), BERM_OK);
        berm_status status = berm_vm_run(&x.e.vm, x.e.block, &result);
        if (status == BERM_OK) needed = given;
        else assert_int_equal(status, BERM_E_FUEL);
    }
    assert_true(needed > 500);
    assert_int_equal(berm_vm_begin(&x.e.vm, 0), BERM_OK);
    assert_int_equal(berm_vm_run(&x.e.vm, x.e.block, &result), BERM_E_FUEL);
    assert_int_equal(berm_vm_run(&x.e.vm, x.e.block, &result), BERM_E_FUEL);
    end_expression(&x);
}

static int stop_third(void *ctx)
{
    return ++*(int *)ctx == 3;
}

static void interruption(void **state)
{
    expression x;
    berm_cell result;
    int asked = 0;
    _Atomic uint32_t flag = 0;
    (void)state;
    begin_expression(&x, "lists.range(100000).all(x, x >= 0)");
    x.e.vm.poll = stop_third;
    x.e.vm.poll_ctx = &asked;
    assert_int_equal(berm_vm_run(&x.e.vm, x.e.block, &result), BERM_E_INTERRUPTED);
    assert_int_equal(asked, 3);
    assert_int_equal(berm_vm_run(&x.e.vm, x.e.block, &result), BERM_E_INTERRUPTED);
    x.e.vm.poll = NULL;
    x.e.vm.interrupt = &flag;
    assert_int_equal(berm_vm_begin(&x.e.vm, 1000000000), BERM_OK);
    assert_int_equal(berm_vm_run(&x.e.vm, x.e.block, &result), BERM_OK);
    atomic_store(&flag, 1);
    assert_int_equal(berm_vm_run(&x.e.vm, x.e.block, &result), BERM_E_INTERRUPTED);
    end_expression(&x);
}

/* The place of the document that was looked at last. */
static void witness(void **state)
{
    static const struct {
        const char *text, *place;
    } cases[] = {{"d.port > 5", "80"},
                 {"has(d.tags)", "[\"a\""},
                 {"d.nested.deep[1].x == 2", "2"},
                 {"d.nested.deep.all(n, n.x < 2)", "2"},
                 {"has(d.nested.missing)", "{\"deep\""},
                 {"d.exists(k, v, k == 'ratio')", "0.5"},
                 {"1 + 1 == 2", NULL},
                 {"has({'a': 1}.a)", NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expression x;
        berm_cell result;
        begin_expression(&x, cases[i].text);
        assert_int_equal(berm_vm_run(&x.e.vm, x.e.block, &result), BERM_OK);
        struct berm_trace trace = {.looked = 0};
        berm_trace_begin(&trace, false);
        x.e.vm.trace = &trace;
        assert_int_equal(berm_vm_run(&x.e.vm, x.e.block, &result), BERM_OK);
        if (cases[i].place) {
            assert_true(trace.node.aux < sizeof VM_DOCUMENT);
            assert_memory_equal(&VM_DOCUMENT[trace.node.aux], cases[i].place,
                                strlen(cases[i].place));
        } else {
            assert_int_equal(trace.node.tag, BERM_TAG_MISSING);
        }
        berm_trace_free(&trace, &berm_alloc_libc);
        end_expression(&x);
    }
}

static void wrong_order(void **state)
{
    expression x;
    berm_vm vm;
    berm_cell result;
    berm_limits limits = berm_limits_resolve(NULL);
    (void)state;
    berm_vm_init(&vm, &berm_alloc_libc, &limits);
    assert_int_equal(berm_vm_begin(&vm, 1), BERM_E_STATE);
    assert_int_equal(berm_vm_run(&vm, 0, &result), BERM_E_STATE);
    begin_expression(&x, "1");
    assert_int_equal(berm_vm_bind(&vm, &x.e.image), BERM_OK);
    assert_int_equal(berm_vm_run(&vm, 0, &result), BERM_E_STATE);
    berm_vm_free(&vm);
    end_expression(&x);
}

/* Steady state: the second run of the same kind allocates nothing. */
static void no_allocation_when_warm(void **state)
{
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_doc *doc = vm_read_document(&alloc);
    vm_eval e;
    berm_cell result;
    berm_str text = BERM_STR("d.tags.map(t, t + '!').exists(t, t.matches('^[a-c]+!$')) && {'a': "
                             "[d.port]}.a[0] == 80 && d.name.matches('w|(e+b)+')");
    (void)state;
    assert_int_equal(vm_eval_begin(&e, &alloc, text, &vm_scope, false), BERM_OK);
    vm_set_slots(&e.vm, doc);
    assert_int_equal(berm_vm_run(&e.vm, e.block, &result), BERM_OK);
    size_t calls = heap.calls;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(berm_vm_begin(&e.vm, 1000000), BERM_OK);
        vm_set_slots(&e.vm, doc);
        assert_int_equal(berm_vm_run(&e.vm, e.block, &result), BERM_OK);
        assert_true(berm_cell_is_true(result));
    }
    assert_int_equal(heap.calls, calls);
    vm_eval_end(&e);
    berm_doc_drop(doc);
    assert_int_equal(heap.in_use, 0);
    assert_false(heap.wrong_len);
}

/* Every allocation made to fail in turn: E_NOMEM, and nothing is lost. */
static void failing_allocations(void **state)
{
    static const char *const texts[] = {
        "d.tags.map(t, t + '!').sortBy(t, t).join('-') == 'a!-b!' && {'k': d.port, 'l': [1.5, "
        "2u]}.k == 80",
        "['x1', 'y2'].exists(s, s.matches('^(?:[a-z]+[0-9])*$')) && 'ab'.matches('(a|b)*c?') && "
        "'q'.matches('^[a-z]$')",
        "json.parse('{\"a\": [1, {\"b\": \"c\"}]}').a[1].b == 'c' && json.encode(d.nested).size() "
        "> 5 && '%s %.2f'.format([d.tags, 1.5]) != ''",
        "image('nginx').name().replace('n', 'mm').split('/').transformMap(i, v, v).exists(k, v, v "
        "== 'library') && strings.quote(d.name) != ''"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        bool done = false;
        for (size_t n = 1; !done; n++) {
            counted_heap heap = {.fail_at = n};
            berm_alloc alloc = counted_alloc(&heap);
            berm_doc *doc = vm_read_document(&berm_alloc_libc);
            vm_eval e;
            berm_cell result = berm_cell_of(BERM_TAG_MISSING);
            berm_status status = vm_eval_begin(&e, &alloc, berm_str_of(texts[i]), &vm_scope, false);
            if (status == BERM_OK) {
                vm_set_slots(&e.vm, doc);
                status = berm_vm_run(&e.vm, e.block, &result);
            }
            if (status != BERM_OK) assert_int_equal(status, BERM_E_NOMEM);
            done = status == BERM_OK && heap.calls < n;
            if (done) assert_true(berm_cell_is_true(result));
            vm_eval_end(&e);
            berm_doc_drop(doc);
            assert_int_equal(heap.in_use, 0);
            assert_false(heap.wrong_len);
        }
    }
}

/* A limit on memory ends the call with E_LIMIT. */
static void memory_limit(void **state)
{
    expression x;
    berm_cell result;
    (void)state;
    begin_expression(&x, "lists.range(100000).map(i, [i, i, i]).size()");
    x.e.vm.space.memory_limit = 1000000;
    assert_int_equal(berm_vm_run(&x.e.vm, x.e.block, &result), BERM_E_LIMIT);
    end_expression(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cost_limit),
        cmocka_unit_test(costs),
        cmocka_unit_test(fuel),
        cmocka_unit_test(interruption),
        cmocka_unit_test(witness),
        cmocka_unit_test(wrong_order),
        cmocka_unit_test(no_allocation_when_warm),
        cmocka_unit_test(failing_allocations),
        cmocka_unit_test(memory_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
