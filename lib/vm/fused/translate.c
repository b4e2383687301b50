/* From the code of a block to a graph of tests.

   The code is walked with registers that hold what is known of them: a path, a constant, a truth.
   Where an instruction asks something of the document, a node is made, and the walk goes on twice,
   once for each answer; `&&`, `||`, `!` and jumps thus see truths only and leave nothing behind. A
   place met again with the same registers is the node that is there, which is how loops close. What
   the walk has no node for leads BACK: there, and only when a document gets there, the VM takes
   over. */
#include "vm/fused/graph.h"

typedef struct walk_state {
    uint32_t word; /* of the block */
    berm_fused_operand registers[BERM_FUSED_REGISTERS];
} walk_state;

/* A node whose edges are not there yet: after either answer `given` is in register a, and the walk
   goes on at the word. */
typedef struct walk_step {
    walk_state state;
    uint32_t words[2];
    berm_fused_operand given[2];
    uint16_t a;
    uint8_t cost;
    bool dead_end; /* the first answer never comes */
} walk_step;

typedef struct block_walk {
    berm_vm *vm;
    struct berm_fused *fused;
    const berm_ins *code;
    uint32_t code_count, register_count, first; /* the block's first node */
    BERM_ARRAY(walk_step) steps;                /* a step for each node of the block */
    uint32_t left; /* words that may still be walked over: states may be many more than words */
} block_walk;

#define STRAIGHT UINT32_MAX

/* --- symbols --- */

static berm_fused_operand truth_symbol(bool truth)
{
    return (berm_fused_operand){.sort = BERM_OPERAND_TRUTH, .at = truth};
}

/* Registers of parts that are done with: states that differ in them alone are the same. */
static void forget_from(const block_walk *w, walk_state *s, uint32_t first)
{
    for (uint32_t i = first; i < w->register_count; i++) s->registers[i] = (berm_fused_operand){0};
}

static berm_fused_operand const_symbol(const block_walk *w, uint32_t cell)
{
    const berm_cell *c = &w->vm->image->store.cells[cell];
    if (c->tag == BERM_TAG_BOOL) return truth_symbol(c->as.u != 0);
    return (berm_fused_operand){.sort = BERM_OPERAND_CONST, .at = cell};
}

static berm_cell constant_key(const block_walk *w, uint32_t cell)
{
    berm_cell key = w->vm->image->store.cells[cell];
    key.store = BERM_STORE_IMAGE;
    return key;
}

static berm_fused_operand path_symbol(const block_walk *w, uint32_t at, uint8_t loop)
{
    const berm_fused_path *path = &w->fused->paths.items[at];
    return (berm_fused_operand){.sort = BERM_OPERAND_PATH,
                                .loop = loop,
                                .at = at,
                                .table = path->table,
                                .column = path->column};
}

static berm_fused_operand slot_symbol(block_walk *w, uint32_t slot)
{
    uint32_t at;
    bool path = slot < BERM_SLOT_MAX && berm_fused_root(w->fused, slot, &at);
    return path ? path_symbol(w, at, 0) : (berm_fused_operand){0};
}

static berm_fused_operand field_symbol(block_walk *w, berm_fused_operand of, uint32_t cell)
{
    uint32_t at;
    berm_cell key = constant_key(w, cell);
    bool path = of.sort == BERM_OPERAND_PATH && key.tag == BERM_TAG_STRING &&
                berm_fused_field(w->fused, &w->vm->space, of.at, key, &at);
    return path ? path_symbol(w, at, of.loop) : (berm_fused_operand){0};
}

static berm_fused_operand index_symbol(block_walk *w, berm_fused_operand of, berm_fused_operand key)
{
    if (key.sort == BERM_OPERAND_CONST) return field_symbol(w, of, key.at);
    if (of.sort != BERM_OPERAND_PATH || key.sort != BERM_OPERAND_PATH)
        return (berm_fused_operand){0};
    of.sort = BERM_OPERAND_INDEX;
    of.key_loop = key.loop;
    of.key = key.at;
    return of;
}

/* --- nodes --- */

static bool is_same_state(const block_walk *w, const walk_state *a, const walk_state *b)
{
    return a->word == b->word &&
           memcmp(a->registers, b->registers, w->register_count * sizeof *a->registers) == 0;
}

/* Memory for nodes grows with the code. */
static bool has_room_for_node(const block_walk *w)
{
    uint64_t most = 4096 + 2 * (uint64_t)w->vm->image->code_count;
    return w->steps.count < BERM_FUSED_NODES && w->fused->nodes.count < most;
}

/* The node for what is asked in this state. */
static uint32_t add_walk_node(block_walk *w, const walk_step *step, const berm_fused_node *node)
{
    for (uint32_t i = 0; i < w->steps.count; i++)
        if (is_same_state(w, &w->steps.items[i].state, &step->state)) return w->first + i;
    if (!has_room_for_node(w)) return BERM_FUSED_BACK;
    if (!berm_array_push(w->fused->alloc, &w->steps, *step) ||
        !berm_array_push(w->fused->alloc, &w->fused->nodes, *node)) {
        w->steps.count = w->fused->nodes.count - w->first;
        berm_fused_fail_memory(w->fused);
        return BERM_FUSED_BACK;
    }
    return w->first + (uint32_t)w->steps.count - 1;
}

/* A test that an instruction makes, whose answer is its register's. */
static uint32_t add_test(block_walk *w, const walk_state *s, berm_fused_node node, bool inverse)
{
    const berm_ins *ip = &w->code[s->word];
    walk_step step = {.state = *s,
                      .words = {s->word + 1, s->word + 1},
                      .given = {truth_symbol(inverse), truth_symbol(!inverse)},
                      .a = ip->a,
                      .cost = ip->cost};
    return add_walk_node(w, &step, &node);
}

/* What register `a` holds is wanted as a truth; STRAIGHT: it is one. */
static uint32_t ask_truth(block_walk *w, const walk_state *s, uint16_t a)
{
    if (s->registers[a].sort == BERM_OPERAND_TRUTH) return STRAIGHT;
    if (s->registers[a].sort != BERM_OPERAND_PATH) return BERM_FUSED_BACK;
    walk_step step = {.state = *s,
                      .words = {s->word, s->word},
                      .given = {truth_symbol(false), truth_symbol(true)},
                      .a = a};
    berm_fused_node node = {.op = BERM_FUSED_IS, .x = s->registers[a]};
    return add_walk_node(w, &step, &node);
}

static bool is_loop_free(const block_walk *w, const walk_state *s, uint32_t loop)
{
    for (uint32_t i = 0; i < w->register_count; i++)
        if (s->registers[i].sort == BERM_OPERAND_LOOP && s->registers[i].loop == loop) return false;
    return true;
}

/* What is of an element is no more, once the loop is at another. */
static void end_elements(const block_walk *w, walk_state *s, uint32_t loop)
{
    for (uint32_t i = 0; i < w->register_count; i++) {
        const berm_fused_operand *o = &s->registers[i];
        if (o->sort != BERM_OPERAND_LOOP && (o->loop == loop || o->key_loop == loop))
            s->registers[i] = (berm_fused_operand){0};
    }
}

static uint32_t begin_walk_loop(block_walk *w, walk_state *s)
{
    const berm_ins *ip = &w->code[s->word];
    berm_fused_operand over = s->registers[ip->b];
    uint8_t loop = 1;
    while (loop < BERM_FUSED_LOOPS && !is_loop_free(w, s, loop)) loop++;
    uint32_t elements;
    if (loop == BERM_FUSED_LOOPS || over.sort != BERM_OPERAND_PATH || over.loop == loop ||
        !berm_fused_elements(w->fused, over.at, &elements))
        return BERM_FUSED_BACK;
    end_elements(w, s, loop); /* of the last one that had the number */
    s->registers[ip->a + 1] = s->registers[ip->a + 2] = (berm_fused_operand){0};
    walk_step step = {.state = *s,
                      .words = {0, s->word + 2},
                      .a = ip->a,
                      .cost = ip->cost,
                      .dead_end = true};
    step.given[1] = path_symbol(w, elements, loop);
    step.given[1].sort = BERM_OPERAND_LOOP;
    berm_fused_node node = {.op = BERM_FUSED_ENTER,
                            .loop = loop,
                            .what = step.given[1].table,
                            .x = over};
    return add_walk_node(w, &step, &node);
}

static uint32_t next_walk_turn(block_walk *w, walk_state *s)
{
    const berm_ins *ip = &w->code[s->word];
    berm_fused_operand over = s->registers[ip->a];
    if (over.sort != BERM_OPERAND_LOOP || ip->b != ip->c) return BERM_FUSED_BACK;
    forget_from(w, s, ip->b);
    end_elements(w, s, over.loop);
    walk_step step = {.state = *s, .words = {ip[1].w, s->word + 2}, .a = ip->b, .cost = ip->cost};
    step.given[1] = path_symbol(w, over.at, over.loop);
    berm_fused_node node = {.op = BERM_FUSED_NEXT, .loop = over.loop, .what = over.table};
    return add_walk_node(w, &step, &node);
}

static bool is_operand(berm_fused_operand o)
{
    return o.sort != BERM_OPERAND_NONE && o.sort != BERM_OPERAND_LOOP;
}

static bool is_text(const block_walk *w, berm_fused_operand o)
{
    return o.sort == BERM_OPERAND_CONST && w->vm->image->store.cells[o.at].tag == BERM_TAG_STRING;
}

static uint32_t compare_symbols(block_walk *w, const walk_state *s)
{
    const berm_ins *ip = &w->code[s->word];
    berm_fused_node node = {.x = s->registers[ip->b], .y = s->registers[ip->c]};
    if (!is_operand(node.x) || !is_operand(node.y)) return BERM_FUSED_BACK;
    switch (ip->op) {
    case BERM_OP_EQ:
    case BERM_OP_NE: node.op = BERM_FUSED_EQUAL; break;
    case BERM_OP_IN: node.op = BERM_FUSED_IN; break;
    default:
        node.op = BERM_FUSED_ORDER;
        node.what = (uint16_t)(ip->op == BERM_OP_LT   ? BERM_LESS
                               : ip->op == BERM_OP_LE ? BERM_LESS_EQUAL
                               : ip->op == BERM_OP_GT ? BERM_GREATER
                                                      : BERM_GREATER_EQUAL);
    }
    if (node.op == BERM_FUSED_IN && node.x.sort == BERM_OPERAND_CONST &&
        node.y.sort == BERM_OPERAND_PATH) {
        berm_fused_operand member = field_symbol(w, node.y, node.x.at);
        if (member.sort == BERM_OPERAND_PATH) node.op = BERM_FUSED_MEMBER, node.x = member;
    }
    if (node.op == BERM_FUSED_EQUAL && node.x.sort == BERM_OPERAND_PATH && is_text(w, node.y))
        node.op = BERM_FUSED_TEXT;
    return add_test(w, s, node, ip->op == BERM_OP_NE);
}

static uint32_t call_symbols(block_walk *w, walk_state *s)
{
    const berm_ins *ip = &w->code[s->word];
    berm_fused_operand x = s->registers[ip->c];
    switch (ip->b) {
    case BERM_FN_SIZE:
    case BERM_FN_SIZE_M:
        if (x.sort != BERM_OPERAND_PATH) return BERM_FUSED_BACK;
        x.sort = BERM_OPERAND_SIZE;
        s->registers[ip->a] = x;
        return STRAIGHT;
    case BERM_FN_CONTAINS:
    case BERM_FN_STARTS_WITH:
    case BERM_FN_ENDS_WITH:
    case BERM_FN_MATCHES:
    case BERM_FN_MATCHES_M: break;
    default: return BERM_FUSED_BACK;
    }
    if (ip->c + 1u >= w->register_count) return BERM_FUSED_BACK;
    berm_fused_node node = {.op = BERM_FUSED_CALL,
                            .what = ip->b,
                            .x = x,
                            .y = s->registers[ip->c + 1]};
    if (!is_operand(x) || !is_operand(node.y)) return BERM_FUSED_BACK;
    return add_test(w, s, node, false);
}

/* --- the walk --- */

/* `a && b` and the like, once both are truths. */
static uint32_t join_truths(block_walk *w, walk_state *s)
{
    const berm_ins *ip = &w->code[s->word];
    uint32_t to = ask_truth(w, s, ip->a);
    if (to == STRAIGHT) to = ask_truth(w, s, ip->b);
    if (to != STRAIGHT) return to;
    uint32_t a = s->registers[ip->a].at, b = s->registers[ip->b].at;
    s->registers[ip->a].at = ip->op == BERM_OP_AND ? a & b : a | b;
    if (ip->b > ip->a) forget_from(w, s, ip->b);
    return STRAIGHT;
}

static uint32_t negate_truth(block_walk *w, walk_state *s)
{
    const berm_ins *ip = &w->code[s->word];
    uint32_t to = ask_truth(w, s, ip->b);
    if (to == STRAIGHT) s->registers[ip->a] = truth_symbol(!s->registers[ip->b].at);
    return to;
}

/* Sets *next where the register's truth leads. */
static uint32_t jump_on_truth(block_walk *w, const walk_state *s, uint32_t *next)
{
    const berm_ins *ip = &w->code[s->word];
    uint32_t to = ask_truth(w, s, ip->a), truth = s->registers[ip->a].at;
    if (to != STRAIGHT) return to;
    bool taken = ip->op == BERM_OP_JUMP_TRUE ? truth : !truth;
    *next = taken ? ip->w : s->word + (ip->op == BERM_OP_COND ? 2 : 1);
    return STRAIGHT;
}

static uint32_t end_walk(block_walk *w, const walk_state *s)
{
    uint16_t a = w->code[s->word].a;
    uint32_t to = ask_truth(w, s, a);
    return to != STRAIGHT ? to : s->registers[a].at ? BERM_FUSED_TRUE : BERM_FUSED_FALSE;
}

/* Truths, constants and what loops go over are not sensitive; of others nobody has seen whether
   they are. */
static uint32_t tint_symbol(block_walk *w, walk_state *s)
{
    const berm_ins *ip = &w->code[s->word];
    uint8_t sort = s->registers[ip->b].sort;
    if (sort != BERM_OPERAND_TRUTH && sort != BERM_OPERAND_CONST && sort != BERM_OPERAND_LOOP)
        return BERM_FUSED_BACK;
    if (ip->b > ip->a) forget_from(w, s, ip->b);
    return STRAIGHT;
}

/* One instruction in this state: the node it leads to, or STRAIGHT on at *next. */
static uint32_t walk_word(block_walk *w, walk_state *s, uint32_t *next)
{
    const berm_ins *ip = &w->code[s->word];
    berm_fused_operand *r = s->registers;
    *next = s->word + 1;
    switch (ip->op) {
    case BERM_OP_NOP: return STRAIGHT;
    case BERM_OP_CONST: r[ip->a] = const_symbol(w, ip->w); return STRAIGHT;
    case BERM_OP_MOVE: r[ip->a] = r[ip->b]; return STRAIGHT;
    case BERM_OP_VAR: r[ip->a] = slot_symbol(w, ip->w); return STRAIGHT;
    case BERM_OP_FIELD: r[ip->a] = field_symbol(w, r[ip->a], ip->w); return STRAIGHT;
    case BERM_OP_INDEX: r[ip->a] = index_symbol(w, r[ip->b], r[ip->c]); return STRAIGHT;
    case BERM_OP_HAS: {
        berm_fused_node node = {.op = BERM_FUSED_HAS, .x = field_symbol(w, r[ip->a], ip->w)};
        return is_operand(node.x) ? add_test(w, s, node, false) : BERM_FUSED_BACK;
    }
    case BERM_OP_NOT: return negate_truth(w, s);
    case BERM_OP_EQ:
    case BERM_OP_NE:
    case BERM_OP_LT:
    case BERM_OP_LE:
    case BERM_OP_GT:
    case BERM_OP_GE:
    case BERM_OP_IN: return compare_symbols(w, s);
    case BERM_OP_FN: return call_symbols(w, s);
    case BERM_OP_AND:
    case BERM_OP_OR: return join_truths(w, s);
    case BERM_OP_TINT: return tint_symbol(w, s);
    case BERM_OP_JUMP:
    case BERM_OP_LOOP: *next = ip->w; return STRAIGHT;
    case BERM_OP_JUMP_FALSE:
    case BERM_OP_JUMP_TRUE:
    case BERM_OP_COND: return jump_on_truth(w, s, next);
    case BERM_OP_ITER: return begin_walk_loop(w, s);
    case BERM_OP_NEXT: return next_walk_turn(w, s);
    case BERM_OP_RET: return end_walk(w, s);
    default: return BERM_FUSED_BACK;
    }
}

/* On from a state to the next node, or the end. No way leads around without a node: loops have a
   NEXT. */
static berm_fused_edge walk_on(block_walk *w, walk_state *s)
{
    berm_fused_edge edge = {.to = BERM_FUSED_BACK};
    for (; s->word < w->code_count && w->left > 0; w->left--) {
        const berm_ins *ip = &w->code[s->word];
        uint32_t next, to = walk_word(w, s, &next);
        if (to == BERM_FUSED_TRUE || to == BERM_FUSED_FALSE) edge.cost += ip->cost;
        if (to != STRAIGHT) {
            edge.to = to;
            return edge;
        }
        edge.cost += ip->cost;
        if (ip->op == BERM_OP_LOOP) edge.fuel += s->word - ip->w + 1; /* as the VM counts it */
        s->word = next;
    }
    return edge;
}

static berm_fused_edge walk_answer(block_walk *w, uint32_t number, bool answer)
{
    const walk_step *step = &w->steps.items[number];
    if (!answer && step->dead_end) return (berm_fused_edge){.to = BERM_FUSED_BACK};
    walk_state s = step->state;
    uint32_t cost = step->cost;
    s.word = step->words[answer];
    s.registers[step->a] = step->given[answer];
    berm_fused_edge edge = walk_on(w, &s);
    edge.cost += cost;
    return edge;
}

/* Registers that an instruction names are the block's own, as the verifier has seen. */
static bool is_walkable(const berm_img_block *block)
{
    return block->register_count <= BERM_FUSED_REGISTERS && block->code_count < 4096;
}

berm_fused_edge berm_fused_translate(berm_vm *vm, struct berm_fused *fused, uint32_t block)
{
    const berm_img_block *row = &vm->image->blocks[block];
    berm_fused_edge start = {.to = BERM_FUSED_BACK};
    if (!is_walkable(row)) return start;
    block_walk w = {.vm = vm,
                    .fused = fused,
                    .code = vm->image->code + row->code,
                    .code_count = row->code_count,
                    .register_count = row->register_count,
                    .first = fused->nodes.count,
                    .left = 256 + 16 * row->code_count};
    walk_state s = {0};
    start = walk_on(&w, &s);
    for (uint32_t i = 0; i < w.steps.count; i++)
        for (unsigned answer = 0; answer < 2; answer++) {
            berm_fused_edge edge = walk_answer(&w, i, answer);
            fused->nodes.items[w.first + i].edges[answer] = edge;
        }
    fused->work += 256 + 16 * row->code_count - w.left;
    berm_array_free(fused->alloc, &w.steps);
    start.fuel += 1 + row->code_count;
    return start;
}
