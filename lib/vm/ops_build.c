/* Lists, maps and messages from what waits on the value stack. */
#include "data/doc.h"
#include "data/time.h"
#include "data/tree.h"
#include "vm/exec.h"

void berm_op_push(berm_vm *vm, berm_cell value)
{
    if (vm->stack.count == vm->stack.cap &&
        vm->stack.cap > vm->space.memory_limit / sizeof value / 2) {
        berm_space_exceed(&vm->space, BERM_D_LIMIT_MEMORY);
        return;
    }
    if (berm_array_push(vm->space.alloc, &vm->stack, value)) return;
    berm_space_fail(&vm->space, BERM_E_NOMEM);
}

/* On the value stack, stands behind what is there, or not, for a sensitive reason: what is made of
   it is sensitive. */
static berm_cell sensitive_gap(void)
{
    return (berm_cell){.tag = BERM_TAG_MISSING, .flags = BERM_CELL_SENSITIVE};
}

/* On the value stack, OPEN marks what may be there or not: an element, or the key of a member. */
static berm_cell mark_maybe(berm_cell c)
{
    c.flags |= BERM_CELL_OPEN;
    return c;
}

static bool is_maybe(berm_cell c)
{
    return !berm_cell_container(c) && c.flags & BERM_CELL_OPEN;
}

static berm_cell fail_not_optional(berm_vm *vm, berm_cell value, uint32_t word)
{
    return berm_cell_tint(berm_value_error(&vm->space, BERM_ERR_NOT_OPTIONAL, word, &value, 1),
                          value);
}

void berm_op_push_opt(berm_vm *vm, berm_cell optional, uint32_t word)
{
    if (optional.tag == BERM_TAG_OPTIONAL) {
        berm_cell value = berm_optional_value(vm, optional);
        if (value.tag != BERM_TAG_MISSING) berm_op_push(vm, value);
        if (optional.flags & BERM_CELL_SENSITIVE) berm_op_push(vm, sensitive_gap());
    } else if (berm_cell_is_some(optional, BERM_CELL_SOME_OPTIONAL)) {
        berm_op_push(vm, mark_maybe(optional));
    } else if (optional.tag == BERM_TAG_UNKNOWN) {
        berm_op_push(vm, berm_cell_fallible(optional)); /* it may be no optional */
    } else {
        berm_op_push(vm, optional.tag == BERM_TAG_ERROR ? optional
                                                        : fail_not_optional(vm, optional, word));
    }
}

static bool is_map_key(berm_cell c)
{
    return c.tag == BERM_TAG_STRING || c.tag == BERM_TAG_INT || c.tag == BERM_TAG_UINT ||
           c.tag == BERM_TAG_BOOL;
}

void berm_op_push_pair_opt(berm_vm *vm, berm_cell key, berm_cell optional, uint32_t word)
{
    if (key.tag == BERM_TAG_ERROR || key.tag == BERM_TAG_UNKNOWN) {
        berm_op_push(vm, key); /* which settles it, whether there is a value or not */
        berm_op_push(vm, berm_cell_of(BERM_TAG_NULL));
    } else if (optional.tag == BERM_TAG_OPTIONAL) {
        berm_cell value = berm_optional_value(vm, optional);
        bool none = value.tag == BERM_TAG_MISSING;
        if (optional.flags & BERM_CELL_SENSITIVE) {
            berm_op_push(vm, key);
            berm_op_push(vm, sensitive_gap());
        }
        if (none && is_map_key(key)) return;
        berm_op_push(vm, key);
        berm_op_push(vm, none ? berm_cell_of(BERM_TAG_NULL) : value);
    } else if (berm_cell_is_some(optional, BERM_CELL_SOME_OPTIONAL) && is_map_key(key)) {
        berm_op_push(vm, mark_maybe(key));
        berm_op_push(vm, optional);
    } else if (optional.tag == BERM_TAG_UNKNOWN) {
        berm_op_push(vm, key);
        berm_op_push(vm, berm_cell_fallible(optional));
    } else {
        berm_op_push(vm, key);
        berm_op_push(vm, optional.tag == BERM_TAG_ERROR ? optional
                                                        : fail_not_optional(vm, optional, word));
    }
}

/* Takes off what lies above `mark`: *count cells that stay readable until the next push. */
static const berm_cell *take_above(berm_vm *vm, berm_cell mark, uint32_t *count)
{
    uint32_t from = vm->stack.count;
    if (mark.tag == BERM_TAG_INT && mark.as.u <= from) from = (uint32_t)mark.as.u;
    *count = vm->stack.count - from;
    vm->stack.count = from;
    return vm->stack.items ? vm->stack.items + from : NULL;
}

berm_cell *berm_list_new(berm_vm *vm, uint32_t count, berm_cell *list)
{
    *list = berm_cell_of(BERM_TAG_LIST);
    return berm_space_cells(&vm->space, count, list);
}

/* Why cells make no list: an error, or else an unknown that may be one; MISSING when they do. */
static berm_cell find_item_fault(const berm_cell *cells, uint32_t count)
{
    berm_cell fault = berm_cell_of(BERM_TAG_MISSING);
    for (uint32_t i = 0; i < count; i++) {
        if (cells[i].tag == BERM_TAG_ERROR) return cells[i];
        if (berm_cell_may_fail(cells[i]) && fault.tag == BERM_TAG_MISSING) fault = cells[i];
    }
    return fault;
}

berm_cell berm_op_list(berm_vm *vm, berm_cell mark)
{
    uint32_t count, kept = 0;
    const berm_cell *waiting = take_above(vm, mark, &count);
    berm_cell list = find_item_fault(waiting, count);
    if (list.tag != BERM_TAG_MISSING) return list;
    berm_cell *cells = berm_list_new(vm, count, &list);
    if (!cells) return list;
    uint32_t at = 0;
    for (; at < count && !is_maybe(waiting[at]); at++) {
        if (waiting[at].tag == BERM_TAG_MISSING) list = berm_cell_tint(list, waiting[at]);
        else cells[kept++] = waiting[at];
    }
    if (at < count) list.flags |= BERM_CELL_OPEN; /* where the rest is, is not known */
    list.as.ref.len = kept;
    return list;
}

/* Why pairs make no map: an unknown key, or else the first error or unfit key, or else a value
   that may be an error; MISSING when they do. */
static berm_cell find_pair_fault(berm_vm *vm, const berm_cell *pairs, uint32_t count, uint32_t word)
{
    berm_cell fault = berm_cell_of(BERM_TAG_MISSING), open = fault;
    for (uint32_t i = 0; i + 1 < count; i += 2) {
        berm_cell key = pairs[i], value = pairs[i + 1];
        if (key.tag == BERM_TAG_UNKNOWN) return berm_cell_fallible(key);
        if (fault.tag != BERM_TAG_MISSING || is_maybe(key)) continue;
        if (key.tag == BERM_TAG_ERROR) fault = key;
        else if (!is_map_key(key))
            fault = berm_value_error(&vm->space, BERM_ERR_KEY_TYPE, word, &key, 1);
        else if (value.tag == BERM_TAG_ERROR) fault = value;
        else if (berm_cell_may_fail(value)) open = value;
    }
    return fault.tag == BERM_TAG_MISSING ? open : fault;
}

/* Room for a map of `count` members and the order behind them. */
static berm_cell *reserve_map(berm_vm *vm, uint32_t count, berm_cell *map)
{
    *map = berm_cell_of(BERM_TAG_MAP);
    uint64_t cells = 2 * (uint64_t)count + berm_map_order_cells(count);
    if (cells > UINT32_MAX) {
        berm_space_exceed(&vm->space, BERM_D_LIMIT_MEMORY);
        return NULL;
    }
    return berm_space_cells(&vm->space, (uint32_t)cells, map);
}

/* `map` over its filled members, or KEY_REPEATED. */
static berm_cell close_map(berm_vm *vm, berm_cell map, berm_cell *members, uint32_t count,
                           uint32_t word)
{
    uint32_t repeat = UINT32_MAX;
    if (!berm_space_spend(&vm->space, count)) return map;
    map.as.ref.len = berm_map_finish(&vm->space, members, count, &repeat);
    if (repeat == UINT32_MAX) return map;
    berm_cell key = berm_map_key_at(&vm->space, map, repeat);
    return berm_value_error(&vm->space, BERM_ERR_KEY_REPEATED, word, &key, 1);
}

/* A map of the pairs, with or without those that may not be there. */
static berm_cell gather_pairs(berm_vm *vm, const berm_cell *pairs, uint32_t count, bool maybes,
                              uint32_t word)
{
    uint32_t kept = 0;
    berm_cell map, *members = reserve_map(vm, count / 2, &map);
    if (!members) return map;
    for (uint32_t i = 0; i + 1 < count; i += 2) {
        if (!maybes && is_maybe(pairs[i])) continue;
        if (pairs[i + 1].tag == BERM_TAG_MISSING) {
            map = berm_cell_tint(map, pairs[i + 1]);
            continue;
        }
        members[kept] = pairs[i];
        members[kept++].flags &= (uint8_t) ~(unsigned)BERM_CELL_OPEN;
        members[kept++] = pairs[i + 1];
    }
    return close_map(vm, map, members, kept / 2, word);
}

/* Pairs that may not be there leave the map open; were they there, their keys might be repeated. */
berm_cell berm_op_map(berm_vm *vm, berm_cell mark, uint32_t word)
{
    uint32_t count;
    bool maybes = false;
    const berm_cell *waiting = take_above(vm, mark, &count);
    berm_cell map = find_pair_fault(vm, waiting, count, word);
    if (map.tag != BERM_TAG_MISSING) return map;
    for (uint32_t i = 0; i + 1 < count; i += 2) maybes = maybes || is_maybe(waiting[i]);
    map = gather_pairs(vm, waiting, count, true, word);
    if (!maybes || vm->space.status != BERM_OK) return map;
    if (map.tag == BERM_TAG_ERROR) return berm_cell_fallible(berm_cell_unknown());
    map = gather_pairs(vm, waiting, count, false, word);
    map.flags |= BERM_CELL_OPEN;
    return map;
}

/* Why values make no merged map: an undecided one or one that is no map; MISSING when they do. */
static berm_cell find_merge_fault(berm_vm *vm, const berm_cell *maps, uint32_t count, uint32_t word)
{
    berm_cell fault = berm_pick_undecided(maps, count);
    for (uint32_t i = 0; i < count && fault.tag == BERM_TAG_MISSING; i++)
        if (maps[i].tag != BERM_TAG_MAP) fault = berm_no_overload(vm, &maps[i], 1, word);
    return fault;
}

berm_cell berm_op_merge(berm_vm *vm, berm_cell mark, uint32_t word)
{
    uint32_t count, at = 0;
    uint64_t total = 0;
    const berm_cell *maps = take_above(vm, mark, &count);
    berm_cell map = find_merge_fault(vm, maps, count, word);
    if (map.tag != BERM_TAG_MISSING) return map;
    for (uint32_t i = 0; i < count; i++) total += maps[i].as.ref.len;
    berm_cell *members = reserve_map(vm, total < UINT32_MAX ? (uint32_t)total : UINT32_MAX, &map);
    if (!members) return map;
    for (uint32_t i = 0; i < count; i++) {
        map.flags |= (uint8_t)(maps[i].flags & BERM_CELL_OPEN);
        for (uint32_t j = 0; j < maps[i].as.ref.len; j++) {
            members[at++] = berm_map_key_at(&vm->space, maps[i], j);
            members[at++] = berm_map_value_at(&vm->space, maps[i], j);
        }
    }
    return close_map(vm, map, members, at / 2, word);
}

/* --- messages --- */

static void put_time(berm_text *out, berm_cell value)
{
    char digits[40];
    size_t len = value.tag == BERM_TAG_DURATION
                     ? berm_duration_print(value.as.i, digits)
                     : berm_time_print((berm_time){value.as.i, (int32_t)value.aux}, digits);
    berm_text_put(out, (berm_str){digits, len});
}

/* A value as a sentence wants it: no quotes around a string, no u behind a number. */
static bool put_in_words(berm_vm *vm, berm_text *out, berm_cell value)
{
    if (value.flags & BERM_CELL_SENSITIVE) {
        berm_text_put(out, BERM_STR("(sensitive)"));
        return true;
    }
    switch (value.tag) {
    case BERM_TAG_STRING: berm_text_put(out, berm_text_of(&vm->space, value)); return true;
    case BERM_TAG_UINT: berm_text_format(out, "%L", value.as.u); return true;
    case BERM_TAG_TIMESTAMP:
    case BERM_TAG_DURATION: put_time(out, value); return true;
    case BERM_TAG_UNKNOWN: {
        bool pending = value.as.u == BERM_UNKNOWN_PENDING;
        berm_text_put(out, pending ? BERM_STR("(pending)") : BERM_STR("(known after apply)"));
        return true;
    }
    case BERM_TAG_ERROR:
        berm_text_put(out, BERM_STR("(error: "));
        berm_error_print(out, &vm->space, value, true);
        berm_text_putc(out, ')');
        return true;
    default: return berm_value_print(out, &vm->space, value, true);
    }
}

berm_cell berm_op_message(berm_vm *vm, berm_cell mark)
{
    uint32_t count;
    const berm_cell *parts = take_above(vm, mark, &count);
    berm_text text = berm_vm_text(vm);
    for (uint32_t i = 0; i < count && !text.failed; i++) {
        if (!berm_space_spend(&vm->space, 1)) break;
        if (!put_in_words(vm, &text, parts[i])) berm_text_put(&text, BERM_STR("(nested too deep)"));
    }
    berm_cell message = berm_cell_of(BERM_TAG_STRING);
    if (!text.failed) message = berm_space_string(&vm->space, berm_text_view(&text));
    else berm_space_fail(&vm->space, BERM_E_NOMEM);
    berm_vm_keep_text(vm, &text);
    return message;
}
