/* Tables of expressions and what they come to. The names an expression may use:

     d      the document below        u      unknown          e      an error
     s      the sensitive 'secret'    sb     sensitive true   sl     sensitive [1, 2]
     open   [1], with more to follow  openm  {'a': 1}, with more to follow
     part   [1, <unknown>, 3]         some   optional.of(<unknown>)

   A result is written as CEL text, "unknown" or "error NAME", with * in front where it is
   sensitive. */
#ifndef BERM_TESTS_VM_EXPECT_H
#define BERM_TESTS_VM_EXPECT_H

#include "base_alloc.h"
#include "vm_eval.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define VM_DOCUMENT \
    "{\"name\": \"web\", \"tags\": [\"a\", \"b\"], \"none\": null, \"port\": 80, \"ratio\": 0.5, " \
    "\"nested\": {\"deep\": [{\"x\": 1}, {\"x\": 2}]}}"

typedef struct vm_case {
    const char *text, *result;
} vm_case;

enum {
    SLOT_D,
    SLOT_U,
    SLOT_E,
    SLOT_S,
    SLOT_SB,
    SLOT_SL,
    SLOT_OPEN,
    SLOT_OPENM,
    SLOT_PART,
    SLOT_SOME,
    SLOT_COUNT
};

static const berm_binding vm_names[SLOT_COUNT] = {
    {{"d", 1}, BERM_BIND_SLOT, SLOT_D},       {{"u", 1}, BERM_BIND_SLOT, SLOT_U},
    {{"e", 1}, BERM_BIND_SLOT, SLOT_E},       {{"s", 1}, BERM_BIND_SLOT, SLOT_S},
    {{"sb", 2}, BERM_BIND_SLOT, SLOT_SB},     {{"sl", 2}, BERM_BIND_SLOT, SLOT_SL},
    {{"open", 4}, BERM_BIND_SLOT, SLOT_OPEN}, {{"openm", 5}, BERM_BIND_SLOT, SLOT_OPENM},
    {{"part", 4}, BERM_BIND_SLOT, SLOT_PART}, {{"some", 4}, BERM_BIND_SLOT, SLOT_SOME}};
static const berm_scope vm_scope = {.bindings = vm_names, .count = SLOT_COUNT, .unchecked = true};

static inline berm_cell vm_hide(berm_cell c)
{
    c.flags |= BERM_CELL_SENSITIVE;
    return c;
}

static inline berm_cell vm_unknown(void)
{
    return (berm_cell){.tag = BERM_TAG_UNKNOWN, .aux = BERM_NO_SPAN};
}

static inline berm_cell vm_sequence(berm_space *space, berm_tag tag, const berm_cell *items,
                                    uint32_t count)
{
    berm_cell sequence = berm_cell_of(tag);
    berm_cell *cells = berm_space_cells(space, count, &sequence);
    if (cells) memcpy(cells, items, count * sizeof *items);
    return sequence;
}

/* Sets the slots; the document's cell comes from `doc`, which stays the caller's. */
static inline void vm_set_slots(berm_vm *vm, const berm_doc *doc)
{
    berm_space *space = &vm->space;
    uint16_t id = berm_space_add(space, &doc->store);
    berm_cell one_two[2] = {berm_cell_int(1), berm_cell_int(2)};
    berm_cell part[3] = {berm_cell_int(1), vm_unknown(), berm_cell_int(3)}, unknown = vm_unknown();
    berm_cell member[2] = {berm_space_string(space, BERM_STR("a")), berm_cell_int(1)};
    member[0].aux = berm_key_hash(space, member[0]);
    vm->slots[SLOT_D] = doc->roots[0];
    vm->slots[SLOT_D].store = id;
    vm->slots[SLOT_U] = unknown;
    vm->slots[SLOT_E] = berm_value_error(space, BERM_ERR_GIVEN, 0, NULL, 0);
    vm->slots[SLOT_S] = vm_hide(berm_space_string(space, BERM_STR("secret")));
    vm->slots[SLOT_SB] = vm_hide(berm_cell_bool(true));
    vm->slots[SLOT_SL] = vm_hide(vm_sequence(space, BERM_TAG_LIST, one_two, 2));
    vm->slots[SLOT_OPEN] = vm_sequence(space, BERM_TAG_LIST, one_two, 1);
    vm->slots[SLOT_OPEN].flags |= BERM_CELL_OPEN;
    vm->slots[SLOT_OPENM] = vm_sequence(space, BERM_TAG_MAP, member, 2);
    vm->slots[SLOT_OPENM].as.ref.len = 1;
    vm->slots[SLOT_OPENM].flags |= BERM_CELL_OPEN;
    vm->slots[SLOT_PART] = vm_sequence(space, BERM_TAG_LIST, part, 3);
    vm->slots[SLOT_SOME] = vm_sequence(space, BERM_TAG_OPTIONAL, &unknown, 1);
}

static inline berm_doc *vm_read_document(const berm_alloc *alloc)
{
    berm_limits limits = berm_limits_resolve(NULL);
    berm_doc *doc = NULL;
    berm_read read = {.alloc = alloc,
                      .limits = &limits,
                      .text = BERM_STR(VM_DOCUMENT),
                      .format = BERM_FORMAT_JSON};
    return berm_doc_read(&read, &doc, NULL) == BERM_OK ? doc : NULL;
}

static inline void vm_put_result(berm_text *out, berm_space *space, berm_cell result)
{
    if (result.flags & BERM_CELL_SENSITIVE) berm_text_putc(out, '*');
    if (result.tag == BERM_TAG_ERROR)
        berm_text_format(out, "error %s", berm_error_name(berm_error_code_of(result)));
    else if (result.tag == BERM_TAG_UNKNOWN) berm_text_put(out, BERM_STR("unknown"));
    else assert_true(berm_value_print(out, space, result, false));
}

/* The result of `text` as a NUL-terminated text in `out`. */
static inline void vm_eval_text(const char *text, berm_text *out)
{
    vm_eval e;
    berm_cell result;
    berm_doc *doc = vm_read_document(&berm_alloc_libc);
    assert_non_null(doc);
    berm_status status = vm_eval_begin(&e, &berm_alloc_libc, berm_str_of(text), &vm_scope, false);
    if (status == BERM_OK) {
        vm_set_slots(&e.vm, doc);
        status = berm_vm_run(&e.vm, e.block, &result);
    }
    if (status == BERM_OK) vm_put_result(out, &e.vm.space, result);
    else berm_text_format(out, "status %d", status);
    berm_text_putc(out, 0);
    vm_eval_end(&e);
    berm_doc_drop(doc);
}

/* One run of what is compiled, with so much fuel and so much memory beside the slots. */
static inline berm_status vm_run_within(vm_eval *e, const berm_doc *doc, uint64_t fuel,
                                        uint64_t memory, berm_cell *result)
{
    berm_space *space = &e->vm.space;
    uint64_t limit = space->memory_limit;
    berm_status status = berm_vm_begin(&e->vm, fuel);
    assert_int_equal(status, BERM_OK);
    vm_set_slots(&e->vm, doc);
    if (memory < limit - space->memory_len) space->memory_limit = space->memory_len + memory;
    status = berm_vm_run(&e->vm, e->block, result);
    space->memory_limit = limit;
    return status;
}

#define VM_SHORT_RUNS 400u

/* However little fuel there is, and however little memory: the run ends for lack of it, or gives
   what it gives with enough. `result` NULL: only that it ends. */
static inline void vm_expect_within_limits(const char *text, const char *result)
{
    vm_eval e;
    berm_text out;
    berm_doc *doc = vm_read_document(&berm_alloc_libc);
    assert_non_null(doc);
    berm_text_init(&out, &berm_alloc_libc);
    berm_status status = vm_eval_begin(&e, &berm_alloc_libc, berm_str_of(text), &vm_scope, false);
    for (uint32_t kind = 0; kind < 2 && status == BERM_OK; kind++) {
        berm_status run = BERM_E_LIMIT;
        for (uint32_t n = 0; n < VM_SHORT_RUNS && run != BERM_OK; n++) {
            berm_cell cell = berm_cell_bool(true);
            uint64_t most = (uint64_t)1 << 40;
            run = vm_run_within(&e, doc, kind ? most : n, kind ? n * 16 : most, &cell);
            if (run == (kind ? BERM_E_LIMIT : BERM_E_FUEL)) continue;
            if (run != BERM_OK) fail_msg("%s: status %d when short of means", text, (int)run);
            out.len = 0;
            e.vm.space.fuel = most; /* printing is paid for, too */
            vm_put_result(&out, &e.vm.space, cell);
            berm_text_putc(&out, 0);
            if (result && strcmp(out.ptr, result) != 0)
                fail_msg("%s, step %u of %s: %s", text, n, kind ? "memory" : "fuel", out.ptr);
        }
    }
    berm_text_free(&out);
    vm_eval_end(&e);
    berm_doc_drop(doc);
}

static inline void vm_expect(const vm_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        berm_text out;
        berm_text_init(&out, &berm_alloc_libc);
        vm_eval_text(cases[i].text, &out);
        if (strcmp(out.ptr, cases[i].result) != 0) {
            fail_msg("%s\n  expected %s\n  got      %s", cases[i].text, cases[i].result, out.ptr);
        }
        berm_text_free(&out);
        vm_expect_within_limits(cases[i].text, cases[i].result);
    }
}
/* A test that is a table: VM_TABLE(name, {"expression", "result"}, ..). */
#define VM_TABLE(name, ...) \
    static void name(void **state) \
    { \
        static const vm_case cases[] = {__VA_ARGS__}; \
        (void)state; \
        vm_expect(cases, sizeof cases / sizeof *cases); \
    }

#endif
