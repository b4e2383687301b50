/* What the loop, the instruction bodies and the function bodies share.

   Bodies take cells and give a cell. One that runs out of memory, fuel or a limit gives any cell
   and leaves the reason in space.status, which the loop looks at after each of them. */
#ifndef BERM_VM_EXEC_H
#define BERM_VM_EXEC_H

#include "base/text.h"
#include "data/functions.h"
#include "vm/vm.h"

static inline bool berm_cell_undecided(berm_cell c)
{
    return c.tag == BERM_TAG_UNKNOWN || c.tag == BERM_TAG_ERROR;
}
static inline bool berm_cell_sequence(berm_cell c)
{
    return c.tag == BERM_TAG_LIST || c.tag == BERM_TAG_SET;
}
static inline bool berm_cell_container(berm_cell c)
{
    return berm_cell_sequence(c) || c.tag == BERM_TAG_MAP;
}

/* `c`, sensitive when `from` is. */
static inline berm_cell berm_cell_tint(berm_cell c, berm_cell from)
{
    c.flags |= (uint8_t)(from.flags & BERM_CELL_SENSITIVE);
    return c;
}

static inline berm_cell berm_cell_unknown(void)
{
    return (berm_cell){.tag = BERM_TAG_UNKNOWN, .aux = BERM_NO_SPAN, .as.u = BERM_UNKNOWN_LEAF};
}

/* The outcome of an operation that met `c`: where that is an unknown, it may turn out to be an
   error. A list or map cannot hold such an unknown: it would not be there at all then. */
static inline berm_cell berm_cell_fallible(berm_cell c)
{
    if (c.tag == BERM_TAG_UNKNOWN) c.flags |= BERM_CELL_FALLIBLE;
    return c;
}
/* The unknown `c` where it is known to be an optional or a list (BERM_CELL_SOME_x). */
static inline berm_cell berm_cell_some(berm_cell c, unsigned what)
{
    const unsigned all = BERM_CELL_FALLIBLE | BERM_CELL_SOME_OPTIONAL | BERM_CELL_SOME_LIST;
    c.flags = (uint8_t)((c.flags & ~all) | what);
    return c;
}
static inline bool berm_cell_is_some(berm_cell c, unsigned what)
{
    return c.tag == BERM_TAG_UNKNOWN && c.flags & what && !(c.flags & BERM_CELL_FALLIBLE);
}
static inline bool berm_cell_may_fail(berm_cell c)
{
    return c.tag == BERM_TAG_ERROR || (c.tag == BERM_TAG_UNKNOWN && c.flags & BERM_CELL_FALLIBLE);
}

/* The first unknown of `cells`, or else the first error; MISSING when all are decided: what an
   operation on them comes to. Sensitive as all of them are. */
berm_cell berm_pick_undecided(const berm_cell *cells, uint32_t count);

/* The unknown that keeps a deep question about `a` (and `b`) open. */
berm_cell berm_vm_open_question(berm_vm *vm, berm_cell a, berm_cell b);

/* The first unknown in or below the cells, MISSING without one; SENSITIVE is added to *flags when
   anything there is. */
berm_cell berm_vm_survey(berm_vm *vm, const berm_cell *cells, uint32_t count, uint8_t *flags);

/* NO_OVERLOAD for up to three arguments. */
berm_cell berm_no_overload(berm_vm *vm, const berm_cell *args, uint32_t count, uint32_t word);

/* RESULT_SIZE in place of a string or container that is larger than the limits let a document's
   be. */
berm_cell berm_vm_refuse_size(berm_vm *vm, berm_cell value, uint32_t word);
static inline berm_cell berm_vm_bounded(berm_vm *vm, berm_cell value, uint32_t word)
{
    bool text = value.tag == BERM_TAG_STRING || value.tag == BERM_TAG_BYTES;
    if (!text && !berm_cell_container(value)) return value;
    uint64_t most = text ? vm->limits.string_len : vm->limits.node_count;
    return value.as.ref.len <= most ? value : berm_vm_refuse_size(vm, value, word);
}

/* Looks at the interrupt flag and asks the host; false, with the status set, when the run must
   end. */
bool berm_vm_poll(berm_vm *vm);

/* An empty text with the memory of the last one, so that texts that come and go cost none; give it
   back, or free it. */
berm_text berm_vm_text(berm_vm *vm);
void berm_vm_keep_text(berm_vm *vm, berm_text *text);

/* --- ops_access.c --- */
berm_cell berm_op_var(berm_vm *vm, uint32_t slot, uint32_t word);
berm_cell berm_op_field(berm_vm *vm, berm_cell a, berm_cell key, uint32_t word);
berm_cell berm_op_has(berm_vm *vm, berm_cell a, berm_cell key, uint32_t word);
berm_cell berm_op_opt_field(berm_vm *vm, berm_cell a, berm_cell key, uint32_t word);
berm_cell berm_op_index(berm_vm *vm, berm_cell a, berm_cell key, uint32_t word);
berm_cell berm_op_opt_index(berm_vm *vm, berm_cell a, berm_cell key, uint32_t word);
berm_cell berm_optional_of(berm_vm *vm, berm_cell value);
berm_cell berm_optional_none(void);
/* What an optional holds; MISSING for none. */
berm_cell berm_optional_value(const berm_vm *vm, berm_cell optional);

/* --- ops_loop.c --- an iterator is three registers: the container, the next index, and nothing
   yet */
/* The undecided value or NOT_ITERABLE where `over` has no elements to give; MISSING where the
   iterator is ready. */
berm_cell berm_op_iter(berm_vm *vm, berm_cell over, berm_cell *iterator, uint32_t word);
/* False at the end. With one variable (first == second) an element or key; with two index or
   key, and value. */
bool berm_op_next(berm_vm *vm, berm_cell *iterator, berm_cell *first, berm_cell *second);

/* --- ops_logic.c --- */
berm_cell berm_op_not(berm_vm *vm, berm_cell a, uint32_t word);
berm_cell berm_op_and(berm_vm *vm, berm_cell a, berm_cell b, uint32_t word);
berm_cell berm_op_or(berm_vm *vm, berm_cell a, berm_cell b, uint32_t word);
berm_cell berm_op_negate(berm_vm *vm, berm_cell a, uint32_t word);
berm_cell berm_op_arith(berm_vm *vm, berm_arith op, berm_cell a, berm_cell b, uint32_t word);
berm_cell berm_op_equal(berm_vm *vm, berm_cell a, berm_cell b);
typedef enum berm_relation {
    BERM_LESS,
    BERM_LESS_EQUAL,
    BERM_GREATER,
    BERM_GREATER_EQUAL
} berm_relation;
berm_cell berm_op_order(berm_vm *vm, berm_relation relation, berm_cell a, berm_cell b,
                        uint32_t word);
berm_truth berm_member_present(const berm_vm *vm, berm_cell map, berm_cell key);
berm_cell berm_op_in(berm_vm *vm, berm_cell needle, berm_cell haystack, uint32_t word);
/* What a ternary with a condition that is no bool comes to. */
berm_cell berm_op_not_bool(berm_vm *vm, berm_cell condition, uint32_t word);

/* --- ops_build.c --- `mark` is a height of the value stack, or any cell at all */
void berm_op_push(berm_vm *vm, berm_cell value);
void berm_op_push_opt(berm_vm *vm, berm_cell optional, uint32_t word);
void berm_op_push_pair_opt(berm_vm *vm, berm_cell key, berm_cell optional, uint32_t word);
berm_cell berm_op_list(berm_vm *vm, berm_cell mark);
berm_cell berm_op_map(berm_vm *vm, berm_cell mark, uint32_t word);
berm_cell berm_op_merge(berm_vm *vm, berm_cell mark, uint32_t word);
berm_cell berm_op_sort(berm_vm *vm, berm_cell list, berm_cell keys, uint32_t word);
berm_cell berm_op_message(berm_vm *vm, berm_cell mark);
/* A list of `count` cells; NULL with the status set when there is no room. */
berm_cell *berm_list_new(berm_vm *vm, uint32_t count, berm_cell *list);

/* --- ops_call.c --- */
berm_cell berm_op_function(berm_vm *vm, uint32_t function, const berm_cell *args, uint32_t word);

/* --- host.c --- `row` of the image's HOST table */
berm_cell berm_op_host(berm_vm *vm, uint32_t row, const berm_cell *args, uint32_t word);

/* Function bodies: vm/fn_*.c. Arguments are decided (neither error nor unknown), except as DEPTH
   in functions.def says. */
typedef berm_cell berm_fn_body(berm_vm *vm, const berm_cell *args, uint32_t word);
#define BERM_FN_BODY(id) berm_cell berm_fn_##id(berm_vm *vm, const berm_cell *args, uint32_t word)
#define BERM_FN(id, name, style, argc, depth, cost) berm_fn_body berm_fn_##id;
#define BERM_SIG(overload, declaration, source, example)
#include "data/functions.def"
#undef BERM_FN
#undef BERM_SIG

/* --- what bodies share --- */
/* An error that names the first argument. */
berm_cell berm_fn_fail(berm_vm *vm, berm_error_code code, berm_cell arg, uint32_t word);
/* CONVERSION of the argument to a type. */
berm_cell berm_fn_fail_conversion(berm_vm *vm, berm_cell arg, berm_type_id type, uint32_t word);
static inline berm_cell berm_fn_text(berm_vm *vm, berm_str text)
{
    return berm_space_string(&vm->space, text);
}
/* What a growable text holds as a string; frees it. Running out of memory is noted in the space. */
berm_cell berm_fn_take_text(berm_vm *vm, berm_text *text);
/* Bytes from..to of a string as a string: nothing is copied. */
berm_cell berm_cut_text(berm_cell text, uint32_t from, uint32_t to);
/* A string's code points in reverse. */
berm_cell berm_reverse_text(berm_vm *vm, berm_cell text);
/* Byte offset of `needle` in `text` at `from` or behind, SIZE_MAX when it is not there; linear
   time. */
size_t berm_find_text(berm_str text, berm_str needle, size_t from);
/* The same from the end: the last occurrence that starts at `from` or before. */
size_t berm_find_text_last(berm_str text, berm_str needle, size_t from);

#endif
