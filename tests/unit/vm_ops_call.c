#include "data/functions.h"
#include "vm_expect.h"

VM_TABLE(strictness, {"'a'.contains(u)", "unknown"}, {"e.contains(u)", "unknown"},
         {"e.contains('a')", "error GIVEN"}, {"size(part)", "3"}, {"part.sort()", "unknown"},
         {"[[[u]]].flatten(2).size()", "1"}, {"json.encode({'a': [{'b': u}]})", "unknown"},
         {"json.encode(optional.of([u]))", "unknown"}, {"json.encode(openm)", "unknown"},
         {"optional.none().or(e)", "error GIVEN"}, {"optional.of(1).or(e)", "optional.of(1)"},
         {"nothing()", "error NO_SUCH_FUNCTION"}, {"size()", "error NO_SUCH_FUNCTION"})

VM_TABLE(secrets, {"json.encode({'a': [s]})", "*\"{\\\"a\\\":[\\\"secret\\\"]}\""},
         {"size([s])", "1"}, {"['a', s].join('')", "*\"asecret\""}, {"[s].sort()", "*[\"secret\"]"},
         {"math.greatest(1, sl[1])", "*2"}, {"s.matches('^se')", "*true"},
         {"'se'.matches(s)", "*false"})

/* Every example of functions.def holds. */
static void examples(void **state)
{
    (void)state;
    for (int i = 0; i < BERM_FN_COUNT; i++) {
        uint32_t count;
        const berm_signature *rows = berm_function_signatures((berm_function_id)i, &count);
        assert_true(count > 0);
        for (uint32_t j = 0; j < count; j++) {
            vm_case holds = {rows[j].example, "true"};
            assert_non_null(strchr(rows[j].declaration, '('));
            vm_expect(&holds, 1);
        }
    }
}

/* Work that a value's size asks for is paid: a rule by its cost, a call by its fuel. */
static void linear_cost(void **state)
{
    uint64_t cost[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        vm_eval e;
        berm_cell result;
        berm_text text;
        berm_text_init(&text, &berm_alloc_libc);
        berm_text_put(&text, BERM_STR("d.name == '"));
        berm_text_pad(&text, 'x', i ? 1000 : 0);
        berm_text_put(&text, BERM_STR("' || '"));
        berm_text_pad(&text, 'x', i ? 1000 : 0);
        berm_text_put(&text, BERM_STR("'.contains(d.name)"));
        berm_doc *doc = vm_read_document(&berm_alloc_libc);
        assert_int_equal(
            vm_eval_begin(&e, &berm_alloc_libc, berm_text_view(&text), &vm_scope, false), BERM_OK);
        vm_set_slots(&e.vm, doc);
        assert_int_equal(berm_vm_run(&e.vm, e.block, &result), BERM_OK);
        cost[i] = e.vm.cost;
        vm_eval_end(&e);
        berm_doc_drop(doc);
        berm_text_free(&text);
    }
    assert_int_equal(cost[1] - cost[0], 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strictness),
        cmocka_unit_test(secrets),
        cmocka_unit_test(examples),
        cmocka_unit_test(linear_cost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
