/* Running the graph of a block. */
#include "vm/fused/graph.h"

typedef struct berm_turn {
    uint32_t row, end;
} berm_turn;

typedef enum berm_answer { ANSWER_NO, ANSWER_YES, ANSWER_BACK } berm_answer;

/* --- operands --- */

static bool load_path(berm_vm *vm, const berm_turn *turns, uint32_t path, uint32_t loop,
                      berm_cell *out)
{
    const berm_cell *cell = berm_fused_read(vm, vm->fused, path, turns[loop].row);
    *out = *cell;
    return cell->tag < BERM_FUSED_ABSENT;
}

/* What an instruction gave, when that is a plain value. */
static bool is_plain_result(berm_cell c)
{
    return !berm_cell_undecided(c) && c.tag != BERM_TAG_MISSING && !(c.flags & BERM_CELL_SENSITIVE);
}

static bool load_operand(berm_vm *vm, const berm_turn *turns, const berm_fused_operand *o, berm_cell *out)
{
    berm_cell key;
    switch (o->sort) {
    case BERM_OPERAND_PATH: return load_path(vm, turns, o->at, o->loop, out);
    case BERM_OPERAND_CONST:
        *out = vm->image->store.cells[o->at];
        out->store = BERM_STORE_IMAGE;
        return true;
    case BERM_OPERAND_TRUTH: *out = berm_cell_bool(o->at); return true;
    case BERM_OPERAND_SIZE:
        if (!load_path(vm, turns, o->at, o->loop, out)) return false;
        *out = berm_op_function(vm, BERM_FN_SIZE, out, 0);
        return is_plain_result(*out);
    case BERM_OPERAND_INDEX:
        if (!load_path(vm, turns, o->at, o->loop, out) ||
            !load_path(vm, turns, o->key, o->key_loop, &key))
            return false;
        *out = berm_op_index(vm, *out, key, 0);
        return is_plain_result(*out);
    default: return false;
    }
}

/* --- tests --- */

static berm_answer answer_with(berm_cell result)
{
    if (result.tag != BERM_TAG_BOOL || result.flags & BERM_CELL_SENSITIVE) return ANSWER_BACK;
    return result.as.u ? ANSWER_YES : ANSWER_NO;
}

static berm_answer test_presence(berm_vm *vm, const berm_turn *turns, const berm_fused_operand *x)
{
    uint32_t tag = berm_fused_read(vm, vm->fused, x->at, turns[x->loop].row)->tag;
    if (tag == BERM_FUSED_ABSENT) return ANSWER_NO;
    return tag == BERM_FUSED_ODD ? ANSWER_BACK : ANSWER_YES;
}

/* Most texts differ in length, and that is known without a look at them. */
static berm_answer test_equal(berm_vm *vm, berm_cell x, berm_cell y)
{
    if (x.tag == y.tag) {
        if (x.tag == BERM_TAG_STRING && x.as.ref.len != y.as.ref.len) return ANSWER_NO;
        if (x.tag == BERM_TAG_INT || x.tag == BERM_TAG_BOOL || x.tag == BERM_TAG_UINT)
            return x.as.u == y.as.u ? ANSWER_YES : ANSWER_NO;
    }
    return answer_with(berm_op_equal(vm, x, y));
}

static berm_answer test_order(berm_vm *vm, berm_relation relation, berm_cell x, berm_cell y)
{
    if (x.tag != BERM_TAG_INT || y.tag != BERM_TAG_INT)
        return answer_with(berm_op_order(vm, relation, x, y, 0));
    bool less = x.as.i < y.as.i, equal = x.as.i == y.as.i;
    switch (relation) {
    case BERM_LESS: return less ? ANSWER_YES : ANSWER_NO;
    case BERM_LESS_EQUAL: return less || equal ? ANSWER_YES : ANSWER_NO;
    case BERM_GREATER: return less || equal ? ANSWER_NO : ANSWER_YES;
    default: return less ? ANSWER_NO : ANSWER_YES;
    }
}

static berm_answer test_member(berm_vm *vm, const berm_turn *turns, const berm_fused_node *node)
{
    berm_cell over;
    if (!load_path(vm, turns, node->y.at, node->y.loop, &over)) return ANSWER_BACK;
    if (over.tag == BERM_TAG_MAP) return test_presence(vm, turns, &node->x);
    return answer_with(berm_op_in(vm, vm->fused->paths.items[node->x.at].key, over, 0));
}

static berm_answer test_operands(berm_vm *vm, const berm_turn *turns, const berm_fused_node *node)
{
    berm_cell xy[2] = {{0}, {0}};
    if (!load_operand(vm, turns, &node->x, &xy[0])) return ANSWER_BACK;
    if (node->op == BERM_FUSED_IS) return answer_with(xy[0]);
    if (!load_operand(vm, turns, &node->y, &xy[1])) return ANSWER_BACK;
    switch (node->op) {
    case BERM_FUSED_EQUAL: return test_equal(vm, xy[0], xy[1]);
    case BERM_FUSED_ORDER: return test_order(vm, (berm_relation)node->what, xy[0], xy[1]);
    case BERM_FUSED_IN: return answer_with(berm_op_in(vm, xy[0], xy[1], 0));
    case BERM_FUSED_CALL: return answer_with(berm_op_function(vm, node->what, xy, 0));
    default: return ANSWER_BACK;
    }
}

static berm_answer begin_loop(berm_vm *vm, berm_turn *turns, const berm_fused_node *node)
{
    berm_turn *turn = &turns[node->loop];
    if (!berm_fused_enter(vm, vm->fused, node->x.at, turns[node->x.loop].row, &turn->row,
                          &turn->end))
        return ANSWER_BACK;
    turn->row--; /* the first NEXT goes to the first */
    return ANSWER_YES;
}

static berm_answer run_test(berm_vm *vm, berm_turn *turns, const berm_fused_node *node)
{
    switch (node->op) {
    case BERM_FUSED_HAS: return test_presence(vm, turns, &node->x);
    case BERM_FUSED_MEMBER: return test_member(vm, turns, node);
    case BERM_FUSED_ENTER: return begin_loop(vm, turns, node);
    default: return test_operands(vm, turns, node);
    }
}

/* --- blocks --- */

/* What a block has cost. */
typedef struct berm_purse {
    uint64_t cost, fuel; /* fuel: of edges, not yet taken; functions take their own */
    uint64_t most;       /* fuel until the host is asked whether to go on */
} berm_purse;

/* Takes the fuel of the edges, and asks the host where it is time to. */
static bool open_purse(berm_vm *vm, berm_purse *purse)
{
    if (vm->space.fuel <= purse->fuel) return false;
    vm->space.fuel -= purse->fuel;
    purse->fuel = 0;
    if (vm->space.fuel <= vm->poll_at && !berm_vm_poll(vm)) return false;
    purse->most = vm->space.fuel - vm->poll_at;
    return purse->most > 0;
}

static uint32_t run_graph(berm_vm *vm, berm_fused_edge edge, berm_purse *purse)
{
    const berm_fused_node *nodes = vm->fused->nodes.items;
    berm_turn turns[BERM_FUSED_LOOPS] = {{0}};
    for (;;) {
        purse->cost += edge.cost;
        purse->fuel += edge.fuel;
        if (edge.to < BERM_FUSED_NODES_FROM) return edge.to;
        const berm_fused_node *node = &nodes[edge.to];
        berm_answer answer;
        if (node->op == BERM_FUSED_NEXT) {
            if (purse->fuel >= purse->most && !open_purse(vm, purse)) return BERM_FUSED_BACK;
            berm_turn *turn = &turns[node->loop];
            answer = ++turn->row < turn->end ? ANSWER_YES : ANSWER_NO;
        } else {
            answer = run_test(vm, turns, node);
        }
        if (answer == ANSWER_BACK || vm->space.status != BERM_OK) return BERM_FUSED_BACK;
        edge = node->edges[answer];
    }
}

static struct berm_fused *get_fused(berm_vm *vm)
{
    if (vm->fused) return vm->fused;
    struct berm_fused *fused = berm_mem_new(vm->space.alloc, sizeof *fused);
    if (!fused) return NULL;
    fused->alloc = vm->space.alloc;
    fused->block_count = vm->image->block_count;
    fused->stale = true;
    fused->blocks = berm_mem_new(fused->alloc, fused->block_count * sizeof *fused->blocks);
    vm->fused = fused;
    bool filled = fused->blocks && berm_array_push(fused->alloc, &fused->tables, (berm_fused_table){0});
    for (uint32_t i = 0; filled && i < BERM_FUSED_NODES_FROM; i++)
        filled = berm_array_push(fused->alloc, &fused->nodes, (berm_fused_node){0});
    if (!filled) {
        berm_fused_free(vm);
        return NULL;
    }
    for (uint32_t i = 0; i < fused->block_count; i++) fused->blocks[i].to = BERM_FUSED_UNTRIED;
    return fused;
}

void berm_fused_free(berm_vm *vm)
{
    struct berm_fused *fused = vm->fused;
    if (!fused) return;
    const berm_alloc *alloc = fused->alloc;
    for (size_t i = 0; i < fused->tables.count; i++) {
        berm_fused_table *table = &fused->tables.items[i];
        berm_mem_free(alloc, table->cells, table->cap * sizeof *table->cells);
    }
    berm_array_free(alloc, &fused->tables);
    berm_array_free(alloc, &fused->nodes);
    berm_array_free(alloc, &fused->paths);
    berm_array_free(alloc, &fused->roots);
    berm_mem_free(alloc, fused->blocks, fused->block_count * sizeof *fused->blocks);
    berm_mem_free(alloc, fused, sizeof *fused);
    vm->fused = NULL;
}

bool berm_fused_decide(berm_vm *vm, uint32_t block, bool *truth)
{
    if (vm->plain || vm->trace || vm->space.status != BERM_OK) return false;
    struct berm_fused *fused = get_fused(vm);
    if (!fused || block >= fused->block_count) return false;
    if (fused->blocks[block].to == BERM_FUSED_UNTRIED)
        fused->blocks[block] = berm_fused_translate(vm, fused, block);
    if (fused->blocks[block].to == BERM_FUSED_BACK || !berm_fused_refresh(vm, fused)) return false;
    uint64_t fuel = vm->space.fuel;
    berm_purse purse = {0};
    if (!open_purse(vm, &purse)) return false;
    vm->cost = 0;
    uint32_t end = run_graph(vm, fused->blocks[block], &purse);
    vm->cost += purse.cost;
    if (end == BERM_FUSED_BACK || vm->cost > vm->cost_limit || !open_purse(vm, &purse)) {
        vm->space.fuel = fuel;
        return false;
    }
    *truth = end == BERM_FUSED_TRUE;
    return true;
}
