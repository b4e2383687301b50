/* Running the graph of a block. */
#include "vm/fused/graph.h"

#define WORK_BETWEEN_POLLS 65536u /* words walked over */

/* A loop that runs: the row that it is at. Turn 0 is that of the paths outside of loops. */
typedef struct berm_turn {
    const berm_cell *cells, *ahead; /* of the row, and of the next one */
    uint32_t row, next, end, table, columns;
} berm_turn;

/* One block as it runs, and what it has cost. */
typedef struct berm_course {
    berm_vm *vm;
    struct berm_fused *fused;
    berm_turn turns[BERM_FUSED_LOOPS];
    uint64_t cost,
        fuel;      /* of edges, and of texts compared here; what the VM's functions take is taken */
    uint64_t most; /* fuel until the host is asked whether to go on */
    uint64_t most_cost;
} berm_course;

typedef enum berm_answer { ANSWER_NO, ANSWER_YES, ANSWER_BACK } berm_answer;

/* Takes the fuel that is owed, and asks the host where it is time to. False also where the rule has
   cost too much. */
static bool pay_fuel(berm_course *c)
{
    berm_vm *vm = c->vm;
    if (vm->space.fuel <= c->fuel || vm->cost + c->cost > vm->cost_limit) return false;
    vm->space.fuel -= c->fuel;
    c->fuel = 0;
    if (vm->space.fuel <= vm->poll_at && !berm_vm_poll(vm)) return false;
    c->most = vm->space.fuel - vm->poll_at;
    return c->most > 0;
}

/* --- operands --- */

static inline const berm_cell *look_up(berm_course *c, const berm_fused_operand *o)
{
    const berm_turn *turn = &c->turns[o->loop];
    const berm_cell *cell = turn->cells + o->column;
    return cell->tag != BERM_TAG_MISSING ? cell
                                         : berm_fused_fill(c->vm, c->fused, o->at, turn->row);
}

static bool load_path(berm_course *c, const berm_fused_operand *o, berm_cell *out)
{
    *out = *look_up(c, o);
    return out->tag < BERM_FUSED_ABSENT;
}

static berm_cell load_text(const berm_course *c, uint32_t at)
{
    berm_cell constant = c->vm->image->store.cells[at];
    constant.store = BERM_STORE_IMAGE;
    return constant;
}

/* What an instruction gave, when that is a plain value. */
static bool is_plain_result(berm_cell c)
{
    return !berm_cell_undecided(c) && c.tag != BERM_TAG_MISSING && !(c.flags & BERM_CELL_SENSITIVE);
}

static bool load_operand(berm_course *c, const berm_fused_operand *o, berm_cell *out)
{
    berm_cell key;
    switch (o->sort) {
    case BERM_OPERAND_PATH: return load_path(c, o, out);
    case BERM_OPERAND_CONST: *out = load_text(c, o->at); return true;
    case BERM_OPERAND_TRUTH: *out = berm_cell_bool(o->at); return true;
    case BERM_OPERAND_SIZE:
        if (!load_path(c, o, out)) return false;
        *out = berm_op_function(c->vm, BERM_FN_SIZE, out, 0);
        return is_plain_result(*out);
    case BERM_OPERAND_INDEX:
        if (!load_path(c, o, out)) return false;
        key = *berm_fused_read(c->vm, c->fused, o->key, c->turns[o->key_loop].row);
        if (key.tag >= BERM_FUSED_ABSENT) return false;
        *out = berm_op_index(c->vm, *out, key, 0);
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

static inline berm_answer test_presence(berm_course *c, const berm_fused_operand *x)
{
    uint32_t tag = look_up(c, x)->tag;
    if (tag == BERM_FUSED_ABSENT) return ANSWER_NO;
    return tag == BERM_FUSED_ODD ? ANSWER_BACK : ANSWER_YES;
}

/* Most texts differ in length, and that is known, and costs nothing, without a look at them. */
static inline berm_answer compare_texts(berm_course *c, const berm_cell *x, berm_cell y)
{
    if (x->tag != BERM_TAG_STRING)
        return x->tag < BERM_FUSED_ABSENT ? answer_with(berm_op_equal(c->vm, *x, y)) : ANSWER_BACK;
    if (x->as.ref.len != y.as.ref.len) return ANSWER_NO;
    c->fuel += 1 + y.as.ref.len / BERM_COMPARE_BYTES_PER_FUEL; /* as berm_value_equal */
    const berm_space *space = &c->vm->space;
    return berm_str_equal(berm_text_of(space, *x), berm_text_of(space, y)) ? ANSWER_YES : ANSWER_NO;
}

static berm_answer test_equal(berm_course *c, berm_cell x, berm_cell y)
{
    bool word = x.tag == BERM_TAG_INT || x.tag == BERM_TAG_BOOL || x.tag == BERM_TAG_UINT;
    if (word && x.tag == y.tag) return x.as.u == y.as.u ? ANSWER_YES : ANSWER_NO;
    if (x.tag == BERM_TAG_STRING && y.tag == BERM_TAG_STRING) return compare_texts(c, &x, y);
    return answer_with(berm_op_equal(c->vm, x, y));
}

static berm_answer test_order(berm_course *c, berm_relation relation, berm_cell x, berm_cell y)
{
    if (x.tag != BERM_TAG_INT || y.tag != BERM_TAG_INT)
        return answer_with(berm_op_order(c->vm, relation, x, y, 0));
    bool less = x.as.i < y.as.i, equal = x.as.i == y.as.i;
    switch (relation) {
    case BERM_LESS: return less ? ANSWER_YES : ANSWER_NO;
    case BERM_LESS_EQUAL: return less || equal ? ANSWER_YES : ANSWER_NO;
    case BERM_GREATER: return less || equal ? ANSWER_NO : ANSWER_YES;
    default: return less ? ANSWER_NO : ANSWER_YES;
    }
}

/* Functions of two texts that look for one in the other; what they cost is what berm_op_function
   takes for them. */
static berm_answer test_call(berm_course *c, uint32_t function, const berm_cell xy[2])
{
    bool texts = xy[0].tag == BERM_TAG_STRING && xy[1].tag == BERM_TAG_STRING;
    if (!texts || function == BERM_FN_MATCHES || function == BERM_FN_MATCHES_M)
        return answer_with(berm_op_function(c->vm, function, xy, 0));
    uint64_t len = (uint64_t)xy[0].as.ref.len + xy[1].as.ref.len;
    c->cost += len / 10;
    c->fuel += 1 + len / 16;
    berm_str text = berm_text_of(&c->vm->space, xy[0]), part = berm_text_of(&c->vm->space, xy[1]);
    switch (function) {
    case BERM_FN_STARTS_WITH: return berm_str_starts(text, part) ? ANSWER_YES : ANSWER_NO;
    case BERM_FN_ENDS_WITH: return berm_str_ends(text, part) ? ANSWER_YES : ANSWER_NO;
    default: return berm_find_text(text, part, 0) != SIZE_MAX ? ANSWER_YES : ANSWER_NO;
    }
}

static berm_answer test_member(berm_course *c, const berm_fused_node *node)
{
    berm_cell over;
    if (!load_path(c, &node->y, &over)) return ANSWER_BACK;
    /* In the other stores something may be sensitive below the surface. */
    const berm_store *store = &c->vm->space.stores[over.store];
    if (over.tag == BERM_TAG_MAP && !store->home && !store->marked)
        return test_presence(c, &node->x);
    return answer_with(berm_op_in(c->vm, c->fused->paths.items[node->x.at].key, over, 0));
}

static berm_answer test_operands(berm_course *c, const berm_fused_node *node)
{
    berm_cell xy[2] = {{0}, {0}};
    if (!load_operand(c, &node->x, &xy[0])) return ANSWER_BACK;
    if (node->op == BERM_FUSED_IS) return answer_with(xy[0]);
    if (!load_operand(c, &node->y, &xy[1])) return ANSWER_BACK;
    switch (node->op) {
    case BERM_FUSED_EQUAL: return test_equal(c, xy[0], xy[1]);
    case BERM_FUSED_ORDER: return test_order(c, (berm_relation)node->what, xy[0], xy[1]);
    case BERM_FUSED_IN: return answer_with(berm_op_in(c->vm, xy[0], xy[1], 0));
    case BERM_FUSED_CALL: return test_call(c, node->what, xy);
    default: return ANSWER_BACK;
    }
}

/* --- loops --- */

static void place_turn(const berm_course *c, berm_turn *turn)
{
    const berm_fused_table *table = &c->fused->tables.items[turn->table];
    turn->columns = table->columns;
    turn->cells = table->cells + (size_t)turn->row * table->columns;
    turn->ahead = table->cells + (size_t)turn->next * table->columns;
}

/* A table that grows may move, and turns of it with it. */
static berm_answer enter_loop(berm_course *c, const berm_fused_node *node)
{
    berm_turn *turn = &c->turns[node->loop];
    const berm_cell *before = c->fused->tables.items[node->what].cells;
    if (!berm_fused_enter(c->vm, c->fused, node->x.at, c->turns[node->x.loop].row, &turn->row,
                          &turn->end))
        return ANSWER_BACK;
    turn->table = node->what;
    turn->next = turn->row; /* until the first NEXT nobody looks */
    place_turn(c, turn);
    if (c->fused->tables.items[node->what].cells != before)
        for (uint32_t i = 0; i < BERM_FUSED_LOOPS; i++) place_turn(c, &c->turns[i]);
    return ANSWER_YES;
}

static inline berm_answer go_on(berm_course *c, berm_turn *turn)
{
    if (c->cost > c->most_cost || (c->fuel >= c->most && !pay_fuel(c))) return ANSWER_BACK;
    if (turn->next >= turn->end) return ANSWER_NO;
    turn->row = turn->next++;
    turn->cells = turn->ahead;
    turn->ahead += turn->columns;
    return ANSWER_YES;
}

/* --- blocks --- */

static inline berm_answer run_test(berm_course *c, const berm_fused_node *node)
{
    switch (node->op) {
    case BERM_FUSED_NEXT: return go_on(c, &c->turns[node->loop]);
    case BERM_FUSED_HAS: return test_presence(c, &node->x);
    case BERM_FUSED_TEXT: return compare_texts(c, look_up(c, &node->x), load_text(c, node->y.at));
    case BERM_FUSED_MEMBER: return test_member(c, node);
    case BERM_FUSED_ENTER: return enter_loop(c, node);
    default: return test_operands(c, node);
    }
}

static uint32_t run_graph(berm_course *c, const berm_fused_edge *edge)
{
    const berm_fused_node *nodes = c->fused->nodes.items;
    place_turn(c, &c->turns[0]);
    for (;;) {
        c->cost += edge->cost;
        c->fuel += edge->fuel;
        if (edge->to < BERM_FUSED_NODES_FROM) return edge->to;
        const berm_fused_node *node = &nodes[edge->to];
        berm_answer answer = run_test(c, node);
        if (answer == ANSWER_BACK) return BERM_FUSED_BACK;
        edge = &node->edges[answer];
    }
}

static struct berm_fused *get_fused(berm_vm *vm)
{
    if (vm->fused) return vm->fused;
    struct berm_fused *fused = berm_mem_new(vm->space.alloc, sizeof *fused);
    if (!fused) return berm_space_fail(&vm->space, BERM_E_NOMEM), NULL;
    fused->alloc = vm->space.alloc;
    fused->space = &vm->space;
    fused->block_count = vm->image->block_count;
    fused->stale = true;
    fused->blocks = berm_mem_new(fused->alloc, fused->block_count * sizeof *fused->blocks);
    fused->buckets = berm_mem_new(fused->alloc, BERM_FUSED_BUCKETS * sizeof *fused->buckets);
    vm->fused = fused;
    bool filled = fused->blocks && fused->buckets &&
                  berm_array_push(fused->alloc, &fused->tables, (berm_fused_table){0});
    for (uint32_t i = 0; filled && i < BERM_FUSED_NODES_FROM; i++)
        filled = berm_array_push(fused->alloc, &fused->nodes, (berm_fused_node){0});
    if (!filled) {
        berm_fused_fail_memory(fused);
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
    berm_fused_drop_tables(fused);
    berm_array_free(alloc, &fused->tables);
    berm_array_free(alloc, &fused->nodes);
    berm_array_free(alloc, &fused->paths);
    berm_array_free(alloc, &fused->roots);
    berm_mem_free(alloc, fused->buckets, BERM_FUSED_BUCKETS * sizeof *fused->buckets);
    berm_mem_free(alloc, fused->guards, fused->guard_count * sizeof *fused->guards);
    berm_mem_free(alloc, fused->blocks, fused->block_count * sizeof *fused->blocks);
    berm_mem_free(alloc, fused, sizeof *fused);
    vm->fused = NULL;
}

const berm_fused_edge *berm_fused_start(berm_vm *vm, struct berm_fused *fused, uint32_t block)
{
    berm_fused_edge *start = &fused->blocks[block];
    if (start->to == BERM_FUSED_UNTRIED) {
        if (fused->work > WORK_BETWEEN_POLLS && !berm_vm_poll(vm)) return NULL;
        if (fused->work > WORK_BETWEEN_POLLS) fused->work = 0;
        berm_fused_edge made = berm_fused_translate(vm, fused, block);
        if (vm->space.status != BERM_OK) return NULL;
        *start = made;
    }
    return start->to != BERM_FUSED_BACK ? start : NULL;
}

static bool is_ready(const berm_vm *vm)
{
    return !vm->plain && !vm->trace && vm->image && vm->image->block_count &&
           vm->space.store_count > BERM_STORE_IMAGE && vm->space.status == BERM_OK;
}

berm_fused_mark berm_fused_position(const berm_vm *vm)
{
    return (berm_fused_mark){vm->space.fuel, vm->poll_at, berm_space_position(&vm->space)};
}

void berm_fused_release(berm_vm *vm, berm_fused_mark mark)
{
    vm->space.fuel = mark.fuel;
    vm->poll_at = mark.poll_at;
    if (vm->space.status == BERM_OK) berm_space_release(&vm->space, mark.memory);
}

struct berm_fused *berm_fused_of(berm_vm *vm)
{
    return is_ready(vm) ? get_fused(vm) : NULL;
}

bool berm_fused_decide(berm_vm *vm, uint32_t block, bool *truth)
{
    struct berm_fused *fused = berm_fused_of(vm);
    if (!fused || block >= fused->block_count) return false;
    const berm_fused_edge *start = berm_fused_start(vm, fused, block);
    if (!start || !berm_fused_refresh(vm, fused)) return false;
    berm_fused_mark mark = berm_fused_position(vm);
    berm_course course = {.vm = vm, .fused = fused, .most_cost = vm->cost_limit};
    vm->cost = 0;
    if (!pay_fuel(&course)) return false;
    uint32_t end = run_graph(&course, start);
    if (end == BERM_FUSED_BACK || vm->space.status != BERM_OK || !pay_fuel(&course)) {
        berm_fused_release(vm, mark);
        return false;
    }
    vm->cost += course.cost;
    *truth = end == BERM_FUSED_TRUE;
    return true;
}
