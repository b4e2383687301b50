/* Calls of functions: what holds for all of them, so that a body need not care. */
#include "vm/exec.h"

static berm_fn_body *const function_bodies[BERM_FN_COUNT] = {
#define BERM_FN(id, name, style, argc, depth, cost) [BERM_FN_##id] = berm_fn_##id,
#define BERM_SIG(overload, declaration, source, example)
#include "data/functions.def"
#undef BERM_FN
#undef BERM_SIG
};

/* What a look below the surface of values found. */
typedef struct survey {
    berm_vm *vm;
    berm_cell unknown; /* the first one, or MISSING */
    bool sensitive;
} survey;

/* Unknown and sensitive values are in the arena, where overlays bring them, and in what hosts
   built; what was read from a text, and images, have none. */
static bool may_hold_marks(const berm_store *store)
{
    return store->home || store->marked;
}

static void survey_value(survey *s, berm_cell value, uint32_t depth)
{
    if (value.flags & BERM_CELL_SENSITIVE) s->sensitive = true;
    if (value.flags & BERM_CELL_OPEN && s->unknown.tag == BERM_TAG_MISSING)
        s->unknown = berm_cell_unknown();
    if (value.tag == BERM_TAG_UNKNOWN && s->unknown.tag == BERM_TAG_MISSING) s->unknown = value;
    bool deep = berm_cell_container(value) || value.tag == BERM_TAG_OPTIONAL;
    if (!deep || depth == 0 || !may_hold_marks(&s->vm->space.stores[value.store])) return;
    uint64_t count = value.tag == BERM_TAG_MAP ? 2 * (uint64_t)value.as.ref.len : value.as.ref.len;
    if (!berm_space_spend(&s->vm->space, count)) return;
    const berm_cell *children = berm_children_of(&s->vm->space, value);
    for (uint64_t i = 0; i < count; i++)
        survey_value(s, berm_cell_in(value, children[i]), depth - 1);
}

static survey survey_cells(berm_vm *vm, const berm_cell *cells, uint32_t count)
{
    survey s = {vm, berm_cell_of(BERM_TAG_MISSING), false};
    for (uint32_t i = 0; i < count; i++) survey_value(&s, cells[i], vm->space.depth_limit);
    return s;
}

berm_cell berm_vm_survey(berm_vm *vm, const berm_cell *cells, uint32_t count, uint8_t *flags)
{
    survey s = survey_cells(vm, cells, count);
    if (s.sensitive) *flags |= BERM_CELL_SENSITIVE;
    return s.unknown;
}

berm_cell berm_vm_open_question(berm_vm *vm, berm_cell a, berm_cell b)
{
    berm_cell pair[2] = {a, b};
    berm_cell unknown = survey_cells(vm, pair, 2).unknown;
    return unknown.tag == BERM_TAG_UNKNOWN ? unknown : berm_cell_unknown();
}

static uint64_t measure_argument(berm_cell arg)
{
    switch (arg.tag) {
    case BERM_TAG_STRING:
    case BERM_TAG_BYTES:
    case BERM_TAG_LIST:
    case BERM_TAG_MAP:
    case BERM_TAG_SET: return arg.as.ref.len;
    default: return 0;
    }
}

/* A tenth of the bytes and elements counts for the rule, all of them for the call. */
static bool charge_arguments(berm_vm *vm, const berm_cell *args, uint32_t count)
{
    uint64_t len = 0;
    for (uint32_t i = 0; i < count; i++) len += measure_argument(args[i]);
    vm->cost += len / 10;
    return berm_space_spend(&vm->space, 1 + len / 16);
}

berm_cell berm_op_function(berm_vm *vm, uint32_t function, const berm_cell *args, uint32_t word)
{
    if (function >= BERM_FN_COUNT) return berm_no_overload(vm, NULL, 0, word);
    const berm_function_info *info = &berm_function_infos[function];
    uint32_t arity = berm_function_arity((berm_function_id)function), strict = info->lead  ? 1
                                                                               : info->any ? 0
                                                                                           : arity;
    berm_cell undecided = berm_pick_undecided(args, strict);
    if (undecided.tag == BERM_TAG_UNKNOWN && function == BERM_FN_AS_LIST &&
        !berm_cell_may_fail(*args)) {
        return berm_cell_some(undecided, BERM_CELL_SOME_LIST); /* whatever it gets, a list it is */
    }
    if (undecided.tag != BERM_TAG_MISSING) return undecided;
    berm_cell tint = undecided;
    if (info->deep) {
        survey below = survey_cells(vm, args, strict);
        if (below.sensitive) tint.flags |= BERM_CELL_SENSITIVE;
        if (below.unknown.tag == BERM_TAG_UNKNOWN)
            return berm_cell_tint(berm_cell_fallible(below.unknown), tint);
    }
    if (info->linear && !charge_arguments(vm, args, arity)) return undecided;
    return berm_cell_tint(function_bodies[function](vm, args, word), tint);
}
