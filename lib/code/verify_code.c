/* Code. One pass over each block, in order: jumps lead forward (LOOP apart), so when a word is
   reached every path to it has been seen, and the registers written on all of them are known.

     reached by falling through      {r0 r1 r3}  \
     a jump from word 4              {r0 r1}      >  r0 r1 may be read here
     a jump from word 9              {r0 r1 r2}  /

   LOOP needs no second pass: its NEXT is reached only from the ITER before it, and no jump from
   outside leads into the body, so on the way back at least as much is written as on the way in.

   Jumps keep a set of registers each until their target is reached. Both the memory for these sets
   and the work on them are bounded in proportion to the image; what the compiler writes stays far
   below. */
#include "code/verify.h"

#include "data/functions.h"

#define VERIFY_WORK_BASE ((uint64_t)1 << 20) /* words of register sets touched, */
#define VERIFY_WORK_PER_BYTE 32u             /* and more of it for large images */
#define VERIFY_SETS_BASE ((uint64_t)1 << 21) /* words of sets kept at once */

/* Jumps that wait for their target. */
typedef struct pending_jump {
    uint32_t set;  /* 1 + number of the register set; 0: nothing jumps here */
    uint32_t from; /* the first word that does */
} pending_jump;

typedef struct open_loop {
    uint32_t next, end; /* the words of NEXT and behind the body */
    uint32_t iterator;
} open_loop;

typedef struct code_walk {
    berm_verify *verify;
    const berm_img_block *block;
    uint32_t row;         /* of the block */
    const berm_ins *code; /* its first word */
    uint32_t at;          /* word that is looked at */
    bool reachable;
    uint64_t *live;        /* registers written on every path to `at` */
    uint32_t set_words;    /* 64-bit words of a set */
    pending_jump *targets; /* per word of the block */
    BERM_ARRAY(uint32_t) free_sets;
    BERM_ARRAY(uint64_t) sets;
    BERM_ARRAY(open_loop) loops;
    uint16_t *owned; /* per register: how many open loops iterate in it */
    uint64_t work;   /* what may still be done */
    uint64_t callee_registers;
    uint32_t callee_depth;
} code_walk;

static bool refuse_code(code_walk *walk, const char *why)
{
    return berm_verify_fail(walk->verify, "block %u, word %u: %s", walk->row, walk->at, why);
}

/* `good`; what is not is refused. */
static bool require_code(code_walk *walk, bool good, const char *why)
{
    if (!good) refuse_code(walk, why);
    return good;
}

/* --- sets of registers --- */

static bool pay_set(code_walk *walk)
{
    if (walk->work < walk->set_words)
        return refuse_code(walk, "too many jumps over too many registers");
    walk->work -= walk->set_words;
    return true;
}

static uint64_t *set_at(code_walk *walk, uint32_t set)
{
    return walk->sets.items + (size_t)set * walk->set_words;
}

static bool take_set(code_walk *walk, uint32_t *set)
{
    const berm_alloc *alloc = walk->verify->alloc;
    if (walk->free_sets.count > 0) {
        *set = walk->free_sets.items[--walk->free_sets.count];
        return true;
    }
    uint64_t most = VERIFY_SETS_BASE + walk->verify->image->len;
    if (walk->sets.count + (uint64_t)walk->set_words > most) {
        return refuse_code(walk, "too many jumps at once");
    }
    if (!berm_array_reserve(alloc, &walk->sets, walk->set_words)) {
        return berm_verify_nomem(walk->verify);
    }
    *set = walk->sets.count / walk->set_words;
    walk->sets.count += walk->set_words;
    return true;
}

static bool is_live(const code_walk *walk, uint32_t reg)
{
    return walk->live[reg / 64] >> (reg % 64) & 1;
}

static bool read_register(code_walk *walk, uint32_t reg)
{
    if (reg >= walk->block->register_count) return refuse_code(walk, "a register there is not");
    return require_code(walk, is_live(walk, reg), "a register is read before it is written");
}

static bool check_write(code_walk *walk, uint32_t reg)
{
    if (reg >= walk->block->register_count) return refuse_code(walk, "a register there is not");
    return require_code(walk, walk->owned[reg] == 0, "an iterator is written to");
}

static bool write_register(code_walk *walk, uint32_t reg)
{
    if (!check_write(walk, reg)) return false;
    walk->live[reg / 64] |= (uint64_t)1 << (reg % 64);
    return true;
}

static bool read_registers(code_walk *walk, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!read_register(walk, first + i)) return false;
    }
    return true;
}

/* --- jumps --- */

/* A way from `at` to `to`, with what is live now and, where given, one register more. */
static bool flow_to(code_walk *walk, uint32_t to, uint32_t extra)
{
    uint32_t behind = walk->at + berm_op_infos[walk->code[walk->at].op].words;
    if (to < behind || to >= walk->block->code_count) {
        return refuse_code(walk, "a jump that does not lead forward in its block");
    }
    if (extra != UINT32_MAX && !check_write(walk, extra)) return false;
    if (!pay_set(walk)) return false;
    pending_jump *target = &walk->targets[to];
    if (!target->set) {
        uint32_t number = 0;
        if (!take_set(walk, &number)) return false;
        *target = (pending_jump){.set = number + 1, .from = walk->at};
        memset(set_at(walk, number), 0xFF, walk->set_words * sizeof(uint64_t));
    }
    uint64_t *set = set_at(walk, target->set - 1);
    for (uint32_t i = 0; i < walk->set_words; i++) {
        uint64_t live = walk->live[i];
        if (extra != UINT32_MAX && extra / 64 == i) live |= (uint64_t)1 << (extra % 64);
        set[i] &= live;
    }
    return true;
}

/* The jumps that lead to `at`. */
static bool join_jumps(code_walk *walk)
{
    const pending_jump *jump = &walk->targets[walk->at];
    if (!jump->set) return require_code(walk, walk->reachable, "code that nothing leads to");
    if (walk->loops.count > 0 && jump->from < walk->loops.items[walk->loops.count - 1].next) {
        return refuse_code(walk, "a jump into a loop");
    }
    if (!pay_set(walk)) return false;
    const uint64_t *set = set_at(walk, jump->set - 1);
    for (uint32_t i = 0; i < walk->set_words; i++) {
        walk->live[i] = walk->reachable ? walk->live[i] & set[i] : set[i];
    }
    walk->reachable = true;
    if (!berm_array_push(walk->verify->alloc, &walk->free_sets, jump->set - 1)) {
        return berm_verify_nomem(walk->verify);
    }
    return true;
}

/* --- loops --- */

static void own_iterator(code_walk *walk, uint32_t iterator, int by)
{
    for (uint32_t i = 0; i < 3; i++)
        walk->owned[iterator + i] = (uint16_t)(walk->owned[iterator + i] + by);
}

static void close_loops(code_walk *walk)
{
    while (walk->loops.count > 0) {
        const open_loop *loop = &walk->loops.items[walk->loops.count - 1];
        if (loop->end > walk->at) return;
        own_iterator(walk, loop->iterator, -1);
        walk->loops.count--;
    }
}

static bool walk_iter(code_walk *walk, const berm_ins *ins)
{
    const berm_ins *next = ins + 2;
    if (walk->at + 2 >= walk->block->code_count || next->op != BERM_OP_NEXT || next->a != ins->a) {
        return refuse_code(walk, "an iterator without its loop");
    }
    if (!read_register(walk, ins->b) || !flow_to(walk, ins[1].w, ins[1].a)) return false;
    for (uint32_t i = 0; i < 3; i++) {
        if (!write_register(walk, ins->a + i)) return false;
    }
    return true;
}

static bool walk_next(code_walk *walk, const berm_ins *ins)
{
    open_loop loop = {.next = walk->at, .end = ins[1].w, .iterator = ins->a};
    bool behind_iter = walk->at >= 2 && ins[-2].op == BERM_OP_ITER && ins[-2].a == ins->a;
    if (!behind_iter || walk->targets[walk->at].set) {
        return refuse_code(walk, "a loop that does not start at its iterator");
    }
    if (!flow_to(walk, loop.end, UINT32_MAX)) return false;
    if (walk->loops.count > 0 && loop.end > walk->loops.items[walk->loops.count - 1].end) {
        return refuse_code(walk, "loops that are not nested");
    }
    if (!berm_array_push(walk->verify->alloc, &walk->loops, loop)) {
        return berm_verify_nomem(walk->verify);
    }
    own_iterator(walk, loop.iterator, 1);
    return write_register(walk, ins->b) && write_register(walk, ins->c);
}

static bool walk_loop(code_walk *walk, const berm_ins *ins)
{
    bool inside = walk->loops.count > 0;
    if (!inside || walk->loops.items[walk->loops.count - 1].next != ins->w) {
        return refuse_code(walk, "a way back to no loop around it");
    }
    walk->reachable = false;
    return true;
}

/* --- operands that are no registers --- */

static bool check_wide(code_walk *walk, char kind, uint32_t w)
{
    switch (kind) {
    case 'K':
        return require_code(walk, berm_verify_is_cell(walk->verify, w), "a constant there is not");
    case 'V':
        if (w >= BERM_IMAGE_SLOTS_MAX) return refuse_code(walk, "a slot there is not");
        walk->verify->image->slots_read |= (uint64_t)1 << w;
        return true;
    case 'E':
        return require_code(walk, w > BERM_ERR_NONE && w < BERM_ERR_COUNT, "an error there is not");
    case 'B': {
        if (w >= walk->row) return refuse_code(walk, "a call of a block that is not before");
        const berm_img_block *callee = &walk->verify->image->blocks[w];
        if (walk->callee_registers < callee->depth_registers) {
            walk->callee_registers = callee->depth_registers;
        }
        if (walk->callee_depth < callee->call_depth) walk->callee_depth = callee->call_depth;
        return true;
    }
    default: return true;
    }
}

static bool check_key(code_walk *walk, const berm_ins *ins)
{
    if (ins->op != BERM_OP_FIELD && ins->op != BERM_OP_HAS && ins->op != BERM_OP_OPT_FIELD)
        return true;
    return require_code(walk, berm_verify_is_key(walk->verify, ins->w), "a key without its hash");
}

/* What is not used is zero. */
static bool has_unused_bits(char a, char b, char c, const berm_ins *ins)
{
    if (a == '_' && ins->a != 0) return true;
    if (berm_operand_is_wide(b)) return false;
    return (b == '_' && ins->b != 0) || (c == '_' && ins->c != 0);
}

static bool check_second(code_walk *walk, const berm_op_info *info, const berm_ins *ins)
{
    if (info->words == 1) return true;
    if (walk->at + 1 >= walk->block->code_count)
        return refuse_code(walk, "an instruction is cut off");
    if (walk->targets[walk->at + 1].set) return refuse_code(walk, "a jump into an instruction");
    if (ins[1].op != 0 || ins[1].cost != 0 ||
        has_unused_bits(info->a2, info->b2, info->c2, &ins[1])) {
        return refuse_code(walk, "a second word says too much");
    }
    return true;
}

/* --- instructions --- */

static bool walk_function(code_walk *walk, const berm_ins *ins)
{
    const berm_image *image = walk->verify->image;
    bool host = ins->op == BERM_OP_HOST;
    if (ins->b >= (host ? image->host_count : BERM_FN_COUNT)) {
        return refuse_code(walk, "a function there is not");
    }
    uint32_t arity =
        host ? image->hosts[ins->b].argc : berm_function_arity((berm_function_id)ins->b);
    if (ins->c >= walk->block->register_count) return refuse_code(walk, "a register there is not");
    return read_registers(walk, ins->c, arity) && write_register(walk, ins->a);
}

static bool is_read_kind(char kind)
{
    return kind == 'R' || kind == 'X';
}

/* All instructions that only read registers, write registers and go on. */
static bool walk_plain(code_walk *walk, const berm_op_info *info, const berm_ins *ins)
{
    if (is_read_kind(info->a) && !read_register(walk, ins->a)) return false;
    if (is_read_kind(info->b) && !read_register(walk, ins->b)) return false;
    if (is_read_kind(info->c) && !read_register(walk, ins->c)) return false;
    if (!check_wide(walk, info->b, ins->w) || !check_key(walk, ins)) return false;
    bool writes = info->a == 'W' || info->a == 'X';
    return !writes || write_register(walk, ins->a);
}

static bool walk_instruction(code_walk *walk, const berm_op_info *info, const berm_ins *ins)
{
    switch (ins->op) {
    case BERM_OP_JUMP:
        if (!flow_to(walk, ins->w, UINT32_MAX)) return false;
        walk->reachable = false;
        return true;
    case BERM_OP_JUMP_FALSE:
    case BERM_OP_JUMP_TRUE: return read_register(walk, ins->a) && flow_to(walk, ins->w, UINT32_MAX);
    case BERM_OP_COND:
        return read_register(walk, ins->a) && flow_to(walk, ins->w, UINT32_MAX) &&
               flow_to(walk, ins[1].w, ins[1].a);
    case BERM_OP_ITER: return walk_iter(walk, ins);
    case BERM_OP_NEXT: return walk_next(walk, ins);
    case BERM_OP_LOOP: return walk_loop(walk, ins);
    case BERM_OP_HOST:
    case BERM_OP_FN: return walk_function(walk, ins);
    case BERM_OP_RET:
        if (!read_register(walk, ins->a)) return false;
        walk->reachable = false;
        return true;
    default: return walk_plain(walk, info, ins);
    }
}

static bool walk_words(code_walk *walk)
{
    for (walk->at = 0; walk->at < walk->block->code_count;) {
        const berm_ins *ins = walk->code + walk->at;
        close_loops(walk);
        if (!join_jumps(walk)) return false;
        if (ins->op >= BERM_OP_COUNT) return refuse_code(walk, "an instruction there is not");
        const berm_op_info *info = &berm_op_infos[ins->op];
        if (has_unused_bits(info->a, info->b, info->c, ins)) {
            return refuse_code(walk, "an instruction says too much");
        }
        if (!check_second(walk, info, ins) || !walk_instruction(walk, info, ins)) return false;
        walk->at += info->words;
    }
    return require_code(walk, !walk->reachable, "the block ends without a result");
}

/* --- blocks --- */

/* What the row says about the frames that a call of the block needs. */
static bool check_depths(code_walk *walk)
{
    const berm_img_block *block = walk->block;
    uint64_t registers = block->register_count + walk->callee_registers;
    if (registers != block->depth_registers || walk->callee_depth + 1 != block->call_depth ||
        registers > BERM_IMAGE_REGISTERS_MAX || block->call_depth > BERM_IMAGE_CALLS_MAX) {
        return berm_verify_fail(walk->verify, "block %u: wrong depths", walk->row);
    }
    berm_image *image = walk->verify->image;
    if (image->register_count < registers) image->register_count = (uint32_t)registers;
    if (image->call_depth < block->call_depth) image->call_depth = block->call_depth;
    return true;
}

static bool verify_block(code_walk *walk)
{
    walk->set_words = walk->block->register_count / 64 + 1;
    walk->at = 0;
    walk->reachable = true;
    walk->free_sets.count = walk->sets.count = walk->loops.count = 0;
    walk->callee_registers = walk->callee_depth = 0;
    memset(walk->live, 0, walk->set_words * sizeof *walk->live);
    memset(walk->targets, 0, walk->block->code_count * sizeof *walk->targets);
    if (!pay_set(walk) || !walk_words(walk)) return false;
    close_loops(walk);
    return check_depths(walk);
}

/* Blocks lie one behind the other and are all of the code. */
static bool verify_blocks(code_walk *walk)
{
    const berm_image *image = walk->verify->image;
    uint32_t expected = 0;
    for (walk->row = 0; walk->row < image->block_count; walk->row++) {
        walk->block = &image->blocks[walk->row];
        if (walk->block->code != expected || walk->block->code_count == 0 ||
            walk->block->code_count > image->code_count - expected ||
            walk->block->register_count > UINT16_MAX) {
            return berm_verify_fail(walk->verify, "block %u is not in its place", walk->row);
        }
        walk->code = image->code + expected;
        expected += walk->block->code_count;
        if (!verify_block(walk)) return false;
    }
    if (expected != image->code_count) return berm_verify_fail(walk->verify, "code outside blocks");
    return true;
}

/* Most words and registers of a block, of those that are in their places: the others are refused
   before they are looked at. */
static void measure_blocks(const berm_image *image, uint32_t *words, uint32_t *registers)
{
    *words = *registers = 0;
    for (uint32_t i = 0; i < image->block_count; i++) {
        const berm_img_block *block = &image->blocks[i];
        if (block->code_count > image->code_count || block->register_count > UINT16_MAX) continue;
        if (block->code_count > *words) *words = block->code_count;
        if (block->register_count > *registers) *registers = block->register_count;
    }
}

bool berm_verify_code(berm_verify *verify)
{
    const berm_alloc *alloc = verify->alloc;
    const berm_image *image = verify->image;
    uint32_t words, registers;
    measure_blocks(image, &words, &registers);
    size_t owned_len = (registers + 1u) * sizeof(uint16_t), live_len = (registers / 64 + 1u) * 8;
    size_t targets_len = (words + (size_t)1) * sizeof(pending_jump);
    code_walk walk = {.verify = verify,
                      .work = VERIFY_WORK_BASE + image->len * VERIFY_WORK_PER_BYTE};
    if (image->code_count > BERM_IMAGE_CODE_MAX) return berm_verify_fail(verify, "too much code");
    walk.owned = berm_mem_new(alloc, owned_len);
    walk.live = berm_mem_new(alloc, live_len);
    walk.targets = berm_mem_new(alloc, targets_len);
    bool good = walk.owned && walk.live && walk.targets;
    good = good ? verify_blocks(&walk) : berm_verify_nomem(verify);
    berm_mem_free(alloc, walk.owned, owned_len);
    berm_mem_free(alloc, walk.live, live_len);
    berm_mem_free(alloc, walk.targets, targets_len);
    berm_array_free(alloc, &walk.free_sets);
    berm_array_free(alloc, &walk.sets);
    berm_array_free(alloc, &walk.loops);
    return good;
}
