/* Looking into values: fields, indexes, has() and their optional forms. */
#include "vm/exec.h"
#include "vm/trace.h"

berm_cell berm_optional_of(berm_vm *vm, berm_cell value)
{
    berm_cell optional = berm_cell_of(BERM_TAG_OPTIONAL);
    berm_cell *child = berm_space_cells(&vm->space, 1, &optional);
    if (child) *child = value;
    return berm_cell_tint(optional, value);
}

berm_cell berm_optional_none(void)
{
    return berm_cell_of(BERM_TAG_OPTIONAL);
}

berm_cell berm_optional_value(const berm_vm *vm, berm_cell optional)
{
    if (optional.tag != BERM_TAG_OPTIONAL || optional.as.ref.len == 0)
        return berm_cell_of(BERM_TAG_MISSING);
    return berm_cell_in(optional, *berm_children_of(&vm->space, optional));
}

static berm_cell fail_on_operand(berm_vm *vm, berm_error_code code, berm_cell operand,
                                 uint32_t word)
{
    return berm_value_error(&vm->space, code, word, &operand, 1);
}

static berm_cell trace_node(berm_vm *vm, berm_cell node)
{
    if (vm->trace) berm_trace_look(vm, node);
    return node;
}

berm_cell berm_op_var(berm_vm *vm, uint32_t slot, uint32_t word)
{
    berm_cell value = slot < BERM_SLOT_MAX ? vm->slots[slot] : berm_cell_of(BERM_TAG_MISSING);
    if (value.tag == BERM_TAG_MISSING)
        return fail_on_operand(vm, BERM_ERR_UNDECLARED, berm_cell_uint(slot), word);
    return trace_node(vm, value);
}

/* Targets with `nulls: missing`: a null of a document is what is not there; the program's own
   constants mean what they say. */
static bool counts_as_absent(const berm_vm *vm, berm_cell map, berm_cell value)
{
    return value.tag == BERM_TAG_NULL && vm->nulls_missing && map.store != BERM_STORE_IMAGE;
}

/* A member of a map, or MISSING; where more members may follow, one that is not there is
   unknown. */
static berm_cell find_member(berm_vm *vm, berm_cell map, berm_cell key, uint32_t hash)
{
    berm_cell value = berm_map_find(&vm->space, map, key, hash);
    if (value.tag != BERM_TAG_MISSING) {
        trace_node(vm, value);
        return counts_as_absent(vm, map, value) ? berm_cell_of(BERM_TAG_MISSING) : value;
    }
    trace_node(vm, map);
    if (!(map.flags & BERM_CELL_OPEN)) return value;
    return berm_cell_tint(berm_cell_fallible(berm_cell_unknown()), map);
}

/* Where an index points in a list: an integer of any type that an int could hold. False for other
   values. */
static bool read_position(berm_cell key, uint64_t *position)
{
    switch (key.tag) {
    case BERM_TAG_INT: *position = key.as.i < 0 ? UINT64_MAX : key.as.u; return true;
    case BERM_TAG_UINT: *position = key.as.u; return key.as.u <= INT64_MAX;
    case BERM_TAG_DOUBLE: break;
    default: return false;
    }
    double d = key.as.d;
    if (!(d > -0x1p63 && d < 0x1p63) || d != (double)(int64_t)d) return false;
    *position = d < 0 ? UINT64_MAX : (uint64_t)d;
    return true;
}

/* What absence comes to. */
typedef enum { ABSENT_FAILS, ABSENT_IS_NONE } absence;

/* An element of a list or member of a map as it is, or MISSING; other errors as error cells. */
static berm_cell find_element(berm_vm *vm, berm_cell a, berm_cell key, uint32_t word)
{
    if (a.tag == BERM_TAG_MAP) {
        bool legal = key.tag == BERM_TAG_STRING || key.tag == BERM_TAG_INT ||
                     key.tag == BERM_TAG_UINT || key.tag == BERM_TAG_BOOL ||
                     key.tag == BERM_TAG_DOUBLE;
        if (!legal) return fail_on_operand(vm, BERM_ERR_KEY_TYPE, key, word);
        return find_member(vm, a, key, berm_key_hash(&vm->space, key));
    }
    if (a.tag == BERM_TAG_LIST) {
        uint64_t position = 0;
        if (!read_position(key, &position)) {
            bool number =
                key.tag == BERM_TAG_UINT; /* over every int, so not even an absent place */
            return fail_on_operand(vm, number ? BERM_ERR_INDEX_RANGE : BERM_ERR_INDEX_TYPE, key,
                                   word);
        }
        if (position < a.as.ref.len)
            return trace_node(vm, berm_list_at(&vm->space, a, (uint32_t)position));
        trace_node(vm, a);
        if (!(a.flags & BERM_CELL_OPEN)) return berm_cell_of(BERM_TAG_MISSING);
        return berm_cell_tint(berm_cell_fallible(berm_cell_unknown()), a);
    }
    berm_cell operands[2] = {a, key};
    return berm_no_overload(vm, operands, 2, word);
}

/* Where nulls count as absent, an unknown may turn out to be one: whether it is there is unknown,
   too. */
static bool may_be_absent(const berm_vm *vm, berm_cell value)
{
    return vm->nulls_missing && value.tag == BERM_TAG_UNKNOWN;
}

/* Whether `in` may say that a member is there whose key is: has() would not say otherwise. */
berm_truth berm_member_present(const berm_vm *vm, berm_cell map, berm_cell key)
{
    berm_cell value = berm_map_find(&vm->space, map, key, berm_key_hash(&vm->space, key));
    if (may_be_absent(vm, value)) return BERM_UNDECIDED;
    return counts_as_absent(vm, map, value) ? BERM_FALSE : BERM_TRUE;
}

/* Nothing can be in it, and asking is no error. */
static bool is_loosely_empty(const berm_vm *vm, berm_cell a)
{
    return vm->loose_presence && a.tag >= BERM_TAG_NULL && a.tag <= BERM_TAG_DURATION;
}

/* The optional around an element; an error stays an error, and what may not be there unknown. */
static berm_cell wrap_element(berm_vm *vm, berm_cell element)
{
    if (element.tag == BERM_TAG_MISSING) return berm_optional_none();
    if (element.tag == BERM_TAG_ERROR) return element;
    if (berm_cell_may_fail(element) || may_be_absent(vm, element))
        return berm_cell_some(element, BERM_CELL_SOME_OPTIONAL);
    return berm_optional_of(vm, element);
}

static berm_cell index_value(berm_vm *vm, berm_cell a, berm_cell key, uint32_t word, absence absent)
{
    berm_cell pair[2] = {a, key};
    berm_cell undecided = berm_pick_undecided(pair, 2);
    if (undecided.tag != BERM_TAG_MISSING) return undecided;
    bool optional = absent == ABSENT_IS_NONE;
    if (a.tag == BERM_TAG_OPTIONAL) {
        optional = true;
        a = berm_optional_value(vm, a);
        if (a.tag == BERM_TAG_MISSING) return berm_cell_tint(berm_optional_none(), key);
        if (berm_cell_undecided(a)) return berm_cell_fallible(a);
    }
    berm_cell element = optional && is_loosely_empty(vm, a) ? berm_cell_of(BERM_TAG_MISSING)
                                                            : find_element(vm, a, key, word);
    if (optional) return berm_cell_tint(berm_cell_tint(wrap_element(vm, element), a), key);
    if (element.tag == BERM_TAG_MISSING) {
        berm_error_code code = a.tag == BERM_TAG_MAP ? BERM_ERR_NO_SUCH_KEY : BERM_ERR_INDEX_RANGE;
        element = fail_on_operand(vm, code, key, word);
    }
    if (may_be_absent(vm, element)) element = berm_cell_fallible(element);
    return berm_cell_tint(berm_cell_tint(element, a), key);
}

berm_cell berm_op_index(berm_vm *vm, berm_cell a, berm_cell key, uint32_t word)
{
    return index_value(vm, a, key, word, ABSENT_FAILS);
}

berm_cell berm_op_opt_index(berm_vm *vm, berm_cell a, berm_cell key, uint32_t word)
{
    return index_value(vm, a, key, word, ABSENT_IS_NONE);
}

/* A field of a map, or MISSING; errors as error cells. */
static berm_cell find_field(berm_vm *vm, berm_cell a, berm_cell key, uint32_t word)
{
    if (a.tag == BERM_TAG_MAP) return find_member(vm, a, key, key.aux);
    berm_cell operands[2] = {a, key};
    return berm_no_overload(vm, operands, 2, word);
}

berm_cell berm_op_opt_field(berm_vm *vm, berm_cell a, berm_cell key, uint32_t word)
{
    if (a.tag == BERM_TAG_OPTIONAL) {
        a = berm_optional_value(vm, a);
        if (a.tag == BERM_TAG_MISSING) return berm_optional_none();
    }
    if (berm_cell_undecided(a)) return berm_cell_fallible(a);
    if (is_loosely_empty(vm, a)) return berm_cell_tint(berm_optional_none(), a);
    return berm_cell_tint(wrap_element(vm, find_field(vm, a, key, word)), a);
}

/* What most looks come to: a value that is there, and there is no more to it. */
static inline bool is_plain(const berm_cell *value)
{
    return value && value->tag != BERM_TAG_NULL && value->tag != BERM_TAG_UNKNOWN;
}

berm_cell berm_op_field(berm_vm *vm, berm_cell a, berm_cell key, uint32_t word)
{
    if (a.tag == BERM_TAG_MAP && !vm->trace) {
        const berm_cell *value = berm_map_member(&vm->space, a, key);
        if (is_plain(value)) return berm_cell_in(a, *value);
    }
    if (a.tag == BERM_TAG_OPTIONAL) return berm_op_opt_field(vm, a, key, word);
    if (berm_cell_undecided(a)) return berm_cell_fallible(a);
    berm_cell value = find_field(vm, a, key, word);
    if (value.tag == BERM_TAG_MISSING) value = fail_on_operand(vm, BERM_ERR_NO_SUCH_KEY, key, word);
    if (may_be_absent(vm, value)) value = berm_cell_fallible(value);
    return berm_cell_tint(value, a);
}

/* A member that is there counts as there, also when its value is null or not known yet, unless
   nulls are missing. */
berm_cell berm_op_has(berm_vm *vm, berm_cell a, berm_cell key, uint32_t word)
{
    if (a.tag == BERM_TAG_MAP && !vm->trace && is_plain(berm_map_slot(&vm->space, a, key)))
        return berm_cell_tint(berm_cell_bool(true), a);
    berm_cell whole = a;
    if (a.tag == BERM_TAG_OPTIONAL) {
        a = berm_optional_value(vm, a);
        if (a.tag == BERM_TAG_MISSING) return berm_cell_tint(berm_cell_bool(false), whole);
    }
    if (berm_cell_undecided(a)) return berm_cell_fallible(a);
    if (is_loosely_empty(vm, a)) return berm_cell_tint(berm_cell_bool(false), whole);
    if (a.tag != BERM_TAG_MAP) {
        berm_cell operands[2] = {a, key};
        return berm_no_overload(vm, operands, 2, word);
    }
    uint32_t index = berm_map_index(&vm->space, a, key, key.aux);
    bool there = index != UINT32_MAX;
    berm_cell value = there ? berm_map_value_at(&vm->space, a, index) : a;
    trace_node(vm, value);
    if (!there && a.flags & BERM_CELL_OPEN) return berm_cell_tint(berm_cell_unknown(), a);
    if (there && may_be_absent(vm, value)) return berm_cell_tint(value, a);
    return berm_cell_tint(berm_cell_bool(there && !counts_as_absent(vm, a, value)), a);
}
