/* Programs written by hand, word by word: what the compiler never makes. */
#ifndef BERM_TESTS_VM_PROGRAM_H
#define BERM_TESTS_VM_PROGRAM_H

#include "vm_expect.h"

typedef struct program {
    vm_eval e;
    berm_codegen gen;
} program;

static inline void program_begin(program *p)
{
    p->e = (vm_eval){.alloc = &berm_alloc_libc};
    p->e.diags = berm_diags_new(&berm_alloc_libc);
    berm_codegen_init(&p->gen, &berm_alloc_libc, p->e.diags);
}

/* A block of `count` words and `registers` registers that calls nothing deeper than `callee`. */
static inline uint32_t program_block(program *p, const berm_ins *code, uint32_t count,
                                     uint32_t registers, uint32_t callee)
{
    berm_codegen *gen = &p->gen;
    const berm_img_block *below = callee == BERM_NO_ROW ? NULL : &gen->blocks.items[callee];
    berm_img_block block = {.code = gen->code.count,
                            .code_count = count,
                            .register_count = registers,
                            .depth_registers = registers + (below ? below->depth_registers : 0),
                            .call_depth = 1 + (below ? below->call_depth : 0),
                            .root = BERM_NO_ROW};
    for (uint32_t i = 0; i < count; i++)
        assert_true(berm_array_push(gen->alloc, &gen->code, code[i]));
    assert_true(berm_array_push(gen->alloc, &gen->blocks, block));
    return gen->blocks.count - 1;
}

static inline void program_link(program *p)
{
    berm_limits limits = berm_limits_resolve(NULL);
    berm_error err = {0};
    assert_int_equal(berm_codegen_link(&p->gen, &p->e.bytes, &p->e.len), BERM_OK);
    if (berm_image_open(p->e.alloc, p->e.bytes, p->e.len, &p->e.image, &err) != BERM_OK)
        fail_msg("%s", err.message);
    berm_vm_init(&p->e.vm, p->e.alloc, &limits);
    assert_int_equal(berm_vm_bind(&p->e.vm, &p->e.image), BERM_OK);
    assert_int_equal(berm_vm_begin(&p->e.vm, 1000000), BERM_OK);
}

static inline void program_end(program *p)
{
    berm_codegen_free(&p->gen);
    vm_eval_end(&p->e);
}

static inline berm_ins wide(berm_op op, uint16_t a, uint32_t w)
{
    return (berm_ins){.op = (uint8_t)op, .cost = 1, .a = a, .w = w};
}

static inline berm_ins abc(berm_op op, uint16_t a, uint16_t b, uint16_t c)
{
    return (berm_ins){.op = (uint8_t)op, .cost = 1, .a = a, .b = b, .c = c};
}

static inline uint32_t put_int(program *p, int64_t i)
{
    berm_space none;
    berm_space_init(&none, &berm_alloc_libc, 1000);
    uint32_t cell = berm_codegen_constant(&p->gen, &none, berm_cell_int(i));
    berm_space_free(&none);
    return cell;
}

#endif
