#include "vm/exec.h"
#include "vm_expect.h"

VM_TABLE(lists, {"[]", "[]"}, {"[1, 'a', [null]]", "[1, \"a\", [null]]"},
         {"[1, e, u]", "error GIVEN"}, {"[1, u]", "[1, unknown]"}, {"[1, u].size()", "2"},
         {"[?optional.of(1), ?optional.none(), 2]", "[1, 2]"}, {"[?1]", "error NOT_OPTIONAL"},
         {"[?e]", "error GIVEN"}, {"[?some]", "[unknown]"}, {"[s, 1][0]", "*\"secret\""},
         {"[s, 1][1]", "1"}, {"[?optional.of(s), 1].size()", "*2"},
         {"[1, ?(sb ? optional.none() : optional.of(1))]", "*[1]"},
         {"[?optional.of(2)].size()", "1"})

/* What is computed from an unknown may turn out to be an error: then there is no list. A plain
   unknown value, or what is surely a bool, an optional or a list, leaves the rest known. */
VM_TABLE(doubtful, {"[1, u.x].size()", "unknown"}, {"[1, u + 1][0]", "unknown"},
         {"[u < 1, e]", "error GIVEN"}, {"[1, u == 1][0]", "1"}, {"[u == e]", "unknown"},
         {"[!u]", "unknown"}, {"[u ? 1 : 2]", "unknown"}, {"[u && true]", "unknown"},
         {"[1, ?u][0]", "unknown"}, {"[1, ?u.?x].size()", "unknown"}, {"[1, openm.?b].size()", "2"},
         {"[1, ?openm.?b][0]", "1"}, {"[?openm.?b, 1][0]", "unknown"},
         {"1 in [1, ?openm.?b]", "true"}, {"[1, ?openm.?b].size()", "unknown"},
         {"[open[7]]", "unknown"}, {"[optional.none().or(u)]", "unknown"},
         {"[optional.none().orValue(u)]", "[unknown]"}, {"[asList(u) + [1], 2][1]", "2"},
         {"[asList(u.x), 2][1]", "unknown"}, {"[u + [1], 2][1]", "unknown"},
         {"[[[u]].flatten(2), 2][1]", "2"}, {"[part].flatten()", "[1, unknown, 3]"},
         {"part.flatten()", "unknown"}, {"open.reverse()", "unknown"})

VM_TABLE(doubtful_maps, {"{'a': u.x, 'b': 1}.b", "unknown"}, {"{'a': u.x, 'b': e}", "error GIVEN"},
         {"{[]: u.x}", "error KEY_TYPE"}, {"{'a': u == 1, 'b': 1}.b", "1"},
         {"{?'a': u, 'b': 1}.b", "unknown"}, {"{?'a': optional.of(s), 'b': 1}.size()", "*2"},
         {"{?'a': sb ? optional.none() : optional.of(1), 'b': 1}", "*{\"b\": 1}"},
         {"{?'a': optional.of(s)}.a", "*\"secret\""}, {"{?s: optional.of(1), 'b': 1}.b", "1"},
         {"{?'a': openm.?b, 'b': 1}.b", "1"}, {"{?'a': openm.?b, 'b': 1}.a", "unknown"},
         {"{?'a': openm.?b, 'b': 1}.c", "unknown"}, {"size({?'a': openm.?b})", "unknown"},
         {"{?'b': openm.?b, 'b': 1}", "unknown"}, {"{?[]: openm.?b}", "error KEY_TYPE"},
         {"{?'a': openm.?b}.all(k, true)", "unknown"})

VM_TABLE(maps, {"{}", "{}"},
         {"{'a': 1, 2: 'b', 3u: [], true: null}", "{\"a\": 1, 2: \"b\", 3u: [], true: null}"},
         {"{'a': 1, 'a': 2}", "error KEY_REPEATED"}, {"{1: 1, 1u: 2}", "error KEY_REPEATED"},
         {"{dyn(1.0): 1}", "error KEY_TYPE"}, {"{null: 1}", "error KEY_TYPE"},
         {"{[]: 1}", "error KEY_TYPE"}, {"{u: 1}", "unknown"}, {"{'a': u}.a", "unknown"},
         {"{'a': e}", "error GIVEN"}, {"{e: 1}", "error GIVEN"}, {"{e: 1, u: 2}", "unknown"},
         {"{?'a': optional.of(1), ?'b': optional.none()}", "{\"a\": 1}"},
         {"{?1.5: optional.none()}", "error KEY_TYPE"}, {"{?e: optional.none()}", "error GIVEN"},
         {"{?u: optional.none()}", "unknown"}, {"{?e: u}", "error GIVEN"},
         {"{?'a': 1}", "error NOT_OPTIONAL"}, {"{'a': s}.a", "*\"secret\""},
         {"{s: 1}.map(k, k)[0]", "*\"secret\""})

VM_TABLE(transforms, {"[1, 2, 3].map(x, x * 2)", "[2, 4, 6]"},
         {"[1, 2, 3].map(x, x > 1, x)", "[2, 3]"}, {"[1, 2, 3].filter(x, x != 2)", "[1, 3]"},
         {"{'a': 1}.map(k, k)", "[\"a\"]"}, {"[1, 2].map(x, u)", "[unknown, unknown]"},
         {"[1, 2].filter(x, u)", "unknown"}, {"[1, 2].map(x, e)", "error GIVEN"},
         {"[1, 2].transformMap(i, v, v * 10)", "{0: 10, 1: 20}"},
         {"{'a': 1, 'b': 2}.transformMap(k, v, v > 1, v)", "{\"b\": 2}"},
         {"['a', 'b'].transformMapEntry(i, v, {v: i})", "{\"a\": 0, \"b\": 1}"},
         {"['a', 'a'].transformMapEntry(i, v, {v: i})", "error KEY_REPEATED"},
         {"[1].transformMapEntry(i, v, v)", "error NO_OVERLOAD"},
         {"[1].transformMapEntry(i, v, u)", "unknown"},
         {"[1, 2].transformList(i, v, i + v)", "[1, 3]"}, {"u.map(x, x)", "unknown"},
         {"1.map(x, x)", "error NOT_ITERABLE"})

static void many_members(void **state)
{
    static const vm_case cases[] = {
        {"cel.bind(m, lists.range(1000).transformMap(i, v, v * v), [size(m), m[0], m[999], "
         "m[500u], has({'a': m}.a)])",
         "[1000, 0, 998001, 250000, true]"},
        {"lists.range(1000).transformMapEntry(i, v, {string(v): v})['777']", "777"}};
    (void)state;
    vm_expect(cases, 2);
}

/* A message says values as a sentence wants them, and never a secret. */
static void messages(void **state)
{
    vm_eval e;
    berm_doc *doc = vm_read_document(&berm_alloc_libc);
    (void)state;
    assert_int_equal(vm_eval_begin(&e, &berm_alloc_libc, BERM_STR("1"), &vm_scope, false), BERM_OK);
    vm_set_slots(&e.vm, doc);
    berm_cell hidden[2] = {berm_cell_uint(7), e.vm.slots[SLOT_S]};
    const berm_cell parts[] = {berm_space_string(&e.vm.space, BERM_STR("a ")),
                               berm_cell_uint(5),
                               e.vm.slots[SLOT_S],
                               e.vm.slots[SLOT_U],
                               e.vm.slots[SLOT_E],
                               vm_sequence(&e.vm.space, BERM_TAG_LIST, hidden, 2),
                               (berm_cell){.tag = BERM_TAG_DURATION, .as.i = 1500000000},
                               berm_cell_of(BERM_TAG_NULL)};
    berm_cell mark = berm_cell_int(e.vm.stack.count);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) berm_op_push(&e.vm, parts[i]);
    berm_cell message = berm_op_message(&e.vm, mark);
    assert_int_equal(message.tag, BERM_TAG_STRING);
    assert_false(message.flags & BERM_CELL_SENSITIVE);
    berm_str text = berm_text_of(&e.vm.space, message);
    berm_str start = BERM_STR("a 5(sensitive)(known after apply)(error: ");
    berm_str end = BERM_STR(")[7u, (sensitive)]1.5snull");
    assert_true(berm_str_starts(text, start));
    if (!berm_str_ends(text, end)) fail_msg("%.*s", (int)text.len, text.ptr);
    assert_null(berm_find_text(text, BERM_STR("secret"), 0) != SIZE_MAX ? text.ptr : NULL);
    assert_int_equal(e.vm.stack.count, 0);
    vm_eval_end(&e);
    berm_doc_drop(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists),    cmocka_unit_test(doubtful),   cmocka_unit_test(doubtful_maps),
        cmocka_unit_test(maps),     cmocka_unit_test(transforms), cmocka_unit_test(many_members),
        cmocka_unit_test(messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
