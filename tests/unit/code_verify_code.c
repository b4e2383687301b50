/* Code by hand, right and wrong: what the verifier lets through and what it names. */
#include "code_image_help.h"

#include "data/functions.h"

#define CODE_MAX 24u

static berm_ins abc(berm_op op, uint16_t a, uint16_t b, uint16_t c)
{
    return (berm_ins){.op = (uint8_t)op, .a = a, .b = b, .c = c};
}

static berm_ins wide(berm_op op, uint16_t a, uint32_t w)
{
    return (berm_ins){.op = (uint8_t)op, .a = a, .w = w};
}

/* A second word. */
static berm_ins second(uint16_t a, uint32_t w)
{
    return (berm_ins){.a = a, .w = w};
}

/* A program of one block of `count` words with 8 registers. Constants: 0 is true, 1 is a key. */
static void make_block(code_program *p, const berm_ins *code, uint32_t count)
{
    berm_space none = {0};
    program_begin(p, &berm_alloc_libc);
    assert_int_equal(berm_codegen_constant(&p->gen, &none, berm_cell_bool(true)), 0);
    assert_int_equal(berm_codegen_key(&p->gen, BERM_STR("key")), 1);
    for (uint32_t i = 0; i < count; i++) {
        assert_true(berm_array_push(&p->alloc, &p->gen.code, code[i]));
    }
    berm_img_block block = {.code_count = count,
                            .register_count = 8,
                            .depth_registers = 8,
                            .call_depth = 1,
                            .root = BERM_NO_ROW};
    assert_true(berm_array_push(&p->alloc, &p->gen.blocks, block));
}

#define ACCEPT(...) \
    do { \
        const berm_ins code_[] = {__VA_ARGS__}; \
        code_program p_; \
        make_block(&p_, code_, sizeof code_ / sizeof *code_); \
        expect_opened(&p_); \
    } while (0)
#define REFUSE(why, ...) \
    do { \
        const berm_ins code_[] = {__VA_ARGS__}; \
        code_program p_; \
        make_block(&p_, code_, sizeof code_ / sizeof *code_); \
        expect_refused(&p_, why); \
    } while (0)

#define TRUE_TO(reg) wide(BERM_OP_CONST, reg, 0)
#define RET(reg) abc(BERM_OP_RET, reg, 0, 0)

static void straight_code(void **state)
{
    (void)state;
    ACCEPT(TRUE_TO(0), RET(0));
    ACCEPT(TRUE_TO(7), abc(BERM_OP_MOVE, 0, 7, 0), RET(0));
    REFUSE("read before it is written", RET(0));
    REFUSE("read before it is written", TRUE_TO(1), RET(0));
    REFUSE("read before it is written", abc(BERM_OP_TINT, 0, 0, 0), RET(0));
    REFUSE("a register there is not", TRUE_TO(8), RET(8));
    REFUSE("a constant there is not", wide(BERM_OP_CONST, 0, 2), RET(0));
    REFUSE("without a result", TRUE_TO(0));
    REFUSE("nothing leads to", TRUE_TO(0), RET(0), RET(0));
    REFUSE("an instruction there is not", abc((berm_op)BERM_OP_COUNT, 0, 0, 0), RET(0));
    REFUSE("says too much", TRUE_TO(0), abc(BERM_OP_RET, 0, 1, 0));
    REFUSE("says too much", abc(BERM_OP_NOP, 1, 0, 0), TRUE_TO(0), RET(0));
}

static void operands(void **state)
{
    (void)state;
    ACCEPT(wide(BERM_OP_VAR, 0, BERM_IMAGE_SLOTS_MAX - 1), RET(0));
    REFUSE("a slot there is not", wide(BERM_OP_VAR, 0, BERM_IMAGE_SLOTS_MAX), RET(0));
    ACCEPT(wide(BERM_OP_FAIL, 0, BERM_ERR_COUNT - 1), RET(0));
    REFUSE("an error there is not", wide(BERM_OP_FAIL, 0, BERM_ERR_COUNT), RET(0));
    REFUSE("an error there is not", wide(BERM_OP_FAIL, 0, BERM_ERR_NONE), RET(0));
    ACCEPT(TRUE_TO(0), wide(BERM_OP_FIELD, 0, 1), RET(0));
    REFUSE("a key without its hash", TRUE_TO(0), wide(BERM_OP_HAS, 0, 0), RET(0));
    REFUSE("block that is not before", wide(BERM_OP_CALL, 0, 0), RET(0));
    REFUSE("block that is not before", wide(BERM_OP_ONCE, 0, 7), RET(0));
    REFUSE("a function there is not", TRUE_TO(0), abc(BERM_OP_FN, 0, BERM_FN_COUNT, 0), RET(0));
}

static void functions_read_their_arguments(void **state)
{
    (void)state;
    ACCEPT(TRUE_TO(1), TRUE_TO(2), abc(BERM_OP_FN, 0, BERM_FN_STARTS_WITH, 1), RET(0));
    REFUSE("read before", TRUE_TO(1), abc(BERM_OP_FN, 0, BERM_FN_STARTS_WITH, 1), RET(0));
    REFUSE("a register there is not", TRUE_TO(7), abc(BERM_OP_FN, 0, BERM_FN_STARTS_WITH, 7),
           RET(0));
    ACCEPT(abc(BERM_OP_FN, 0, BERM_FN_OPTIONAL_NONE, 0), RET(0));
    REFUSE("a register there is not", abc(BERM_OP_FN, 0, BERM_FN_OPTIONAL_NONE, 65535), RET(0));
    /* Variadic ones take a single list. */
    ACCEPT(TRUE_TO(7), abc(BERM_OP_FN, 0, BERM_FN_GREATEST_OF, 7), RET(0));
}

static void jumps(void **state)
{
    (void)state;
    ACCEPT(TRUE_TO(0), wide(BERM_OP_JUMP_TRUE, 0, 3), TRUE_TO(0), RET(0));
    REFUSE("lead forward", TRUE_TO(0), wide(BERM_OP_JUMP_TRUE, 0, 0), RET(0));
    REFUSE("lead forward", TRUE_TO(0), wide(BERM_OP_JUMP_TRUE, 0, 1), RET(0));
    REFUSE("lead forward", TRUE_TO(0), wide(BERM_OP_JUMP_TRUE, 0, 3), RET(0));
    /* Register 1 is written on one way only. */
    REFUSE("read before", TRUE_TO(0), wide(BERM_OP_JUMP_TRUE, 0, 3), TRUE_TO(1), RET(1));
    ACCEPT(TRUE_TO(0), wide(BERM_OP_JUMP_TRUE, 0, 4), TRUE_TO(1), wide(BERM_OP_JUMP, 0, 5),
           TRUE_TO(1), RET(1));
    /* Three ways meet. */
    REFUSE("read before", TRUE_TO(0), wide(BERM_OP_JUMP_TRUE, 0, 5), TRUE_TO(1),
           wide(BERM_OP_JUMP_FALSE, 0, 5), TRUE_TO(2), RET(2));
    REFUSE("says too much", TRUE_TO(0), wide(BERM_OP_JUMP, 1, 2), RET(0));
}

static void second_words(void **state)
{
    (void)state;
    ACCEPT(TRUE_TO(0), wide(BERM_OP_COND, 0, 4), second(1, 5), TRUE_TO(1), TRUE_TO(1), RET(1));
    REFUSE("is cut off", TRUE_TO(0), wide(BERM_OP_COND, 0, 1));
    REFUSE("a jump into an instruction", TRUE_TO(0), wide(BERM_OP_JUMP_TRUE, 0, 3),
           wide(BERM_OP_COND, 0, 4), second(1, 4), RET(0));
    REFUSE("lead forward", TRUE_TO(0), wide(BERM_OP_COND, 0, 2), second(1, 3), RET(0));
    REFUSE("lead forward", TRUE_TO(0), wide(BERM_OP_COND, 0, 3), second(1, 2), RET(0));
    berm_ins odd = second(1, 3);
    odd.cost = 1;
    REFUSE("a second word says too much", TRUE_TO(0), wide(BERM_OP_COND, 0, 3), odd, RET(0));
    odd.cost = 0;
    odd.op = BERM_OP_RET;
    REFUSE("a second word says too much", TRUE_TO(0), wide(BERM_OP_COND, 0, 3), odd, RET(0));
    /* What COND writes is written on that way only. */
    REFUSE("read before", TRUE_TO(0), wide(BERM_OP_COND, 0, 3), second(1, 4), TRUE_TO(2), RET(1));
}

/* A whole loop: r1..r3 iterate, r4 is the variable. */
#define LOOP_HEAD(end) \
    TRUE_TO(0), TRUE_TO(1), abc(BERM_OP_ITER, 1, 1, 0), second(0, end), \
        abc(BERM_OP_NEXT, 1, 4, 4), second(0, end)

static void loops(void **state)
{
    (void)state;
    ACCEPT(LOOP_HEAD(7), wide(BERM_OP_LOOP, 0, 4), RET(0));
    ACCEPT(LOOP_HEAD(8), abc(BERM_OP_MOVE, 5, 4, 0), wide(BERM_OP_LOOP, 0, 4), RET(0));
    /* The variable is not there when nothing was iterated. */
    REFUSE("read before", LOOP_HEAD(7), wide(BERM_OP_LOOP, 0, 4), RET(4));
    REFUSE("a way back", LOOP_HEAD(7), wide(BERM_OP_LOOP, 0, 2), RET(0));
    REFUSE("a way back", TRUE_TO(0), wide(BERM_OP_LOOP, 0, 0), RET(0));
    REFUSE("an iterator is written to", LOOP_HEAD(8), TRUE_TO(2), wide(BERM_OP_LOOP, 0, 4), RET(0));
    ACCEPT(LOOP_HEAD(7), wide(BERM_OP_LOOP, 0, 4), TRUE_TO(2), RET(2));
}

static void loops_start_at_their_iterator(void **state)
{
    (void)state;
    REFUSE("without its loop", TRUE_TO(0), abc(BERM_OP_ITER, 1, 0, 0), second(0, 3), RET(0));
    REFUSE("without its loop", TRUE_TO(0), abc(BERM_OP_ITER, 1, 0, 0), second(0, 6),
           abc(BERM_OP_NEXT, 4, 5, 5), second(0, 6), wide(BERM_OP_LOOP, 0, 3), RET(0));
    REFUSE("does not start at", TRUE_TO(1), TRUE_TO(2), TRUE_TO(3), abc(BERM_OP_NEXT, 1, 4, 4),
           second(0, 6), wide(BERM_OP_LOOP, 0, 3), RET(1));
    /* Past ITER to NEXT. */
    REFUSE("does not start at", TRUE_TO(0), wide(BERM_OP_JUMP_TRUE, 0, 4),
           abc(BERM_OP_ITER, 1, 0, 0), second(0, 7), abc(BERM_OP_NEXT, 1, 4, 4), second(0, 7),
           wide(BERM_OP_LOOP, 0, 4), RET(0));
    /* Past both into the body. */
    REFUSE("a jump into a loop", TRUE_TO(0), wide(BERM_OP_JUMP_TRUE, 0, 6),
           abc(BERM_OP_ITER, 1, 0, 0), second(0, 7), abc(BERM_OP_NEXT, 1, 4, 4), second(0, 7),
           wide(BERM_OP_LOOP, 0, 4), RET(0));
    /* The variable in the iterator itself. */
    REFUSE("an iterator is written to", TRUE_TO(0), abc(BERM_OP_ITER, 1, 0, 0), second(0, 6),
           abc(BERM_OP_NEXT, 1, 2, 2), second(0, 6), wide(BERM_OP_LOOP, 0, 3), RET(0));
    /* An iterator that is not all there. */
    REFUSE("a register there is not", TRUE_TO(0), abc(BERM_OP_ITER, 6, 0, 0), second(0, 6),
           abc(BERM_OP_NEXT, 6, 4, 4), second(0, 6), wide(BERM_OP_LOOP, 0, 3), RET(0));
}

/* A loop whose parts do not fit into the block, before it or behind it. */
static void loops_are_whole(void **state)
{
    (void)state;
    REFUSE("without its loop", TRUE_TO(0), wide(BERM_OP_JUMP_TRUE, 0, 3), RET(0),
           abc(BERM_OP_ITER, 1, 0, 0), second(0, 5));
    REFUSE("does not start at", abc(BERM_OP_NEXT, 1, 4, 4), second(0, 3), RET(0), RET(0));
    REFUSE("does not start at", TRUE_TO(0), abc(BERM_OP_NEXT, 1, 4, 4), second(0, 4), RET(0),
           RET(0));
}

static void loops_are_nested(void **state)
{
    (void)state;
    /* The inner loop's end lies behind the outer's. */
    REFUSE("not nested", LOOP_HEAD(10), abc(BERM_OP_ITER, 5, 4, 0), second(0, 10),
           abc(BERM_OP_NEXT, 5, 4, 4), second(0, 11), RET(0), RET(0));
    /* The inner loop iterates where the outer one does. */
    REFUSE("an iterator is written to", LOOP_HEAD(11), abc(BERM_OP_ITER, 3, 4, 0), second(0, 10),
           abc(BERM_OP_NEXT, 3, 4, 4), second(0, 10), wide(BERM_OP_LOOP, 0, 4), RET(0));
    /* Back to the outer loop from within the inner one. */
    REFUSE("a way back", LOOP_HEAD(12), abc(BERM_OP_ITER, 5, 4, 0), second(0, 11),
           abc(BERM_OP_NEXT, 5, 4, 4), second(0, 11), wide(BERM_OP_LOOP, 0, 4),
           wide(BERM_OP_LOOP, 0, 4), RET(0));
    ACCEPT(LOOP_HEAD(12), abc(BERM_OP_ITER, 5, 4, 0), second(0, 11), abc(BERM_OP_NEXT, 5, 4, 4),
           second(0, 11), wide(BERM_OP_LOOP, 0, 8), wide(BERM_OP_LOOP, 0, 4), RET(0));
}

/* Rows that lie about their blocks. */
static void blocks_are_as_their_rows_say(void **state)
{
    (void)state;
    const berm_ins code[] = {TRUE_TO(0), RET(0)};
    static const struct {
        berm_img_block block;
        const char *why;
    } cases[] = {
        {{0, 2, 8, 8, 2, BERM_NO_ROW}, "wrong depths"},
        {{0, 2, 8, 9, 1, BERM_NO_ROW}, "wrong depths"},
        {{0, 1, 8, 8, 1, BERM_NO_ROW}, "without a result"},
        {{0, 3, 8, 8, 1, BERM_NO_ROW}, "not in its place"},
        {{1, 1, 8, 8, 1, BERM_NO_ROW}, "not in its place"},
        {{0, 0, 8, 8, 1, BERM_NO_ROW}, "not in its place"},
        {{0, 2, 65536, 65536, 1, BERM_NO_ROW}, "not in its place"},
        {{0, 2, 0, 0, 1, BERM_NO_ROW}, "register"},
        {{0, 2, 8, 8, 1, 0}, "root"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        code_program p;
        make_block(&p, code, 2);
        p.gen.blocks.items[0] = cases[i].block;
        expect_refused(&p, cases[i].why);
    }
    code_program p;
    make_block(&p, code, 2);
    p.gen.blocks.count = 0;
    expect_refused(&p, "code outside blocks");
}

static void calls_add_up(void **state)
{
    (void)state;
    const berm_ins code[] = {TRUE_TO(0), RET(0), wide(BERM_OP_CALL, 0, 0), RET(0)};
    for (uint32_t wrong = 0; wrong < 3; wrong++) {
        code_program p;
        make_block(&p, code, 4);
        p.gen.blocks.items[0].code_count = 2;
        berm_img_block caller = {2, 2, 3, 11, 2, BERM_NO_ROW};
        if (wrong == 1) caller.depth_registers = 10;
        if (wrong == 2) caller.call_depth = 1;
        assert_true(berm_array_push(&p.alloc, &p.gen.blocks, caller));
        if (wrong) expect_refused(&p, "wrong depths");
        else expect_opened(&p);
    }
}

/* Chains of blocks that call each other: as deep as allowed, and deeper. */
static void call_chains_are_bounded(void **state)
{
    (void)state;
    for (uint32_t extra = 0; extra < 2; extra++) {
        const berm_ins first[] = {TRUE_TO(0), RET(0)};
        code_program p;
        make_block(&p, first, 2);
        for (uint32_t i = 1; i < BERM_IMAGE_CALLS_MAX + extra; i++) {
            berm_img_block block = {2 * i, 2, 8, 8 * (i + 1), i + 1, BERM_NO_ROW};
            assert_true(berm_array_push(&p.alloc, &p.gen.code, wide(BERM_OP_ONCE, 0, i - 1)));
            assert_true(berm_array_push(&p.alloc, &p.gen.code, RET(0)));
            assert_true(berm_array_push(&p.alloc, &p.gen.blocks, block));
        }
        if (extra) expect_refused(&p, "wrong depths");
        else expect_opened(&p);
    }
}

/* Few blocks, but each with nearly all the registers there can be. */
static void registers_of_chains_are_bounded(void **state)
{
    (void)state;
    const uint32_t most = BERM_IMAGE_REGISTERS_MAX / UINT16_MAX;
    for (uint32_t extra = 0; extra < 2; extra++) {
        const berm_ins first[] = {TRUE_TO(0), RET(0)};
        code_program p;
        make_block(&p, first, 2);
        p.gen.blocks.items[0].register_count = p.gen.blocks.items[0].depth_registers = UINT16_MAX;
        for (uint32_t i = 1; i < most + extra; i++) {
            berm_img_block block = {2 * i, 2, UINT16_MAX, UINT16_MAX * (i + 1), i + 1, BERM_NO_ROW};
            assert_true(berm_array_push(&p.alloc, &p.gen.code, wide(BERM_OP_ONCE, 0, i - 1)));
            assert_true(berm_array_push(&p.alloc, &p.gen.code, RET(0)));
            assert_true(berm_array_push(&p.alloc, &p.gen.blocks, block));
        }
        if (extra) expect_refused(&p, "block 16: wrong depths");
        else expect_opened(&p);
    }
}

/* Jumps that end at once, over the most registers, and `idle` words that do nothing; a small block
   follows. The work they may cause ends somewhere: true when it is where `where` says. */
static bool ends_work_at(uint32_t jumps, uint32_t idle, const char *where)
{
    code_program p;
    berm_space none = {0};
    berm_error err = {0};
    program_begin(&p, &berm_alloc_libc);
    berm_codegen_constant(&p.gen, &none, berm_cell_bool(true));
    uint32_t count = jumps + idle + 2;
    for (uint32_t i = 0; i < count; i++) {
        berm_ins ins = i == 0 ? TRUE_TO(0) : wide(BERM_OP_JUMP_TRUE, 0, i + 1);
        if (i > jumps) ins = abc(BERM_OP_NOP, 0, 0, 0);
        if (i == count - 1) ins = RET(0);
        assert_true(berm_array_push(&p.alloc, &p.gen.code, ins));
    }
    berm_img_block big = {0, count, UINT16_MAX, UINT16_MAX, 1, BERM_NO_ROW};
    berm_img_block second = {count, 2, UINT16_MAX, UINT16_MAX, 1, BERM_NO_ROW};
    assert_true(berm_array_push(&p.alloc, &p.gen.blocks, big));
    assert_true(berm_array_push(&p.alloc, &p.gen.blocks, second));
    assert_true(berm_array_push(&p.alloc, &p.gen.code, TRUE_TO(0)));
    assert_true(berm_array_push(&p.alloc, &p.gen.code, RET(0)));
    berm_status status = program_link(&p, &err);
    bool there = status == BERM_E_IMAGE && strstr(err.message, where) &&
                 strstr(err.message, "too many jumps over too many registers");
    if (status != BERM_OK) assert_int_equal(status, BERM_E_IMAGE);
    program_end(&p);
    return there;
}

/* Wherever the work ends, it is refused there: at a jump, at its target, before a block. */
static void the_work_may_end_anywhere(void **state)
{
    (void)state;
    bool ended_between = false;
    assert_false(ends_work_at(100, 0, ""));
    for (uint32_t jumps = 560; jumps < 640 && !ended_between; jumps++) {
        for (uint32_t idle = 0; idle < 7 && !ended_between; idle++) {
            ended_between = ends_work_at(jumps, idle, "block 1, word 0:");
        }
    }
    assert_true(ended_between);
    for (uint32_t jumps = 700; jumps < 710; jumps++) {
        assert_true(ends_work_at(jumps, 0, "block 0, word "));
    }
}

/* A hostile block: thousands of jumps that all wait, over the most registers. It is refused, and
   quickly. */
static void the_work_is_bounded(void **state)
{
    (void)state;
    enum { JUMPS = 40000 };
    code_program p;
    program_begin(&p, &berm_alloc_libc);
    berm_space none = {0};
    berm_codegen_constant(&p.gen, &none, berm_cell_bool(true));
    assert_true(berm_array_push(&p.alloc, &p.gen.code, TRUE_TO(0)));
    for (uint32_t i = 0; i < JUMPS; i++) {
        assert_true(
            berm_array_push(&p.alloc, &p.gen.code, wide(BERM_OP_JUMP_TRUE, 0, JUMPS + 1 + i)));
    }
    for (uint32_t i = 0; i < JUMPS; i++)
        assert_true(berm_array_push(&p.alloc, &p.gen.code, TRUE_TO(0)));
    assert_true(berm_array_push(&p.alloc, &p.gen.code, RET(0)));
    berm_img_block block = {0, 2 * JUMPS + 2, 65535, 65535, 1, BERM_NO_ROW};
    assert_true(berm_array_push(&p.alloc, &p.gen.blocks, block));
    expect_refused(&p, "too many jumps");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(straight_code),
        cmocka_unit_test(operands),
        cmocka_unit_test(functions_read_their_arguments),
        cmocka_unit_test(jumps),
        cmocka_unit_test(second_words),
        cmocka_unit_test(loops),
        cmocka_unit_test(loops_start_at_their_iterator),
        cmocka_unit_test(loops_are_whole),
        cmocka_unit_test(loops_are_nested),
        cmocka_unit_test(blocks_are_as_their_rows_say),
        cmocka_unit_test(calls_add_up),
        cmocka_unit_test(call_chains_are_bounded),
        cmocka_unit_test(registers_of_chains_are_bounded),
        cmocka_unit_test(the_work_may_end_anywhere),
        cmocka_unit_test(the_work_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
