/* From the text of an expression to its value, through the internal headers: for the tests of
   the evaluator and the conformance runner. */
#ifndef BERM_TESTS_VM_EVAL_H
#define BERM_TESTS_VM_EVAL_H

#include "code/codegen.h"
#include "data/doc.h"
#include "data/limits.h"
#include "vm/vm.h"

typedef struct vm_eval {
    const berm_alloc *alloc;
    berm_diags *diags;
    unsigned char *bytes;
    size_t len;
    berm_image image;
    berm_vm vm;
    uint32_t block;
    bool bound;
} vm_eval;

/* Undeclared names are errors of the run; `no_macros` as in berm_cel_options. */
static inline berm_status vm_eval_link(vm_eval *e, berm_codegen *gen, const berm_ast *ast,
                                       const berm_scope *scope)
{
    berm_img_source source = {berm_codegen_text(gen, BERM_STR("expression"))};
    berm_expr_origin origin = {0, 1, 1, NULL};
    if (!berm_array_push(e->alloc, &gen->sources, source)) return BERM_E_NOMEM;
    berm_status status = berm_lower(gen, ast, scope, &origin, &e->block);
    if (status == BERM_OK) status = berm_codegen_link(gen, &e->bytes, &e->len);
    if (status == BERM_OK) status = berm_image_open(e->alloc, e->bytes, e->len, &e->image, NULL);
    return status;
}

/* Compiles `text` and makes e->vm ready: slots may be set, then vm_eval_run. */
static inline berm_status vm_eval_begin(vm_eval *e, const berm_alloc *alloc, berm_str text,
                                        const berm_scope *scope, bool no_macros)
{
    *e = (vm_eval){.alloc = alloc};
    berm_limits limits = berm_limits_resolve(NULL);
    berm_vm_init(&e->vm, alloc, &limits);
    e->vm.hosts = scope->hosts;
    e->diags = berm_diags_new(alloc);
    if (!e->diags) return BERM_E_NOMEM;
    berm_cel_options options = {.no_macros = no_macros, .test_macros = true};
    berm_ast ast;
    berm_codegen gen;
    berm_ast_init(&ast, alloc);
    berm_codegen_init(&gen, alloc, e->diags);
    berm_status status = berm_cel_parse(&ast, text, &options, NULL, e->diags);
    if (status == BERM_OK) status = vm_eval_link(e, &gen, &ast, scope);
    berm_codegen_free(&gen);
    berm_ast_free(&ast);
    if (status == BERM_OK) status = berm_vm_bind(&e->vm, &e->image);
    if (status == BERM_OK) status = berm_vm_begin(&e->vm, limits.fuel);
    return status;
}

static inline void vm_eval_end(vm_eval *e)
{
    berm_vm_free(&e->vm);
    berm_mem_free(e->alloc, e->bytes, e->len);
    if (e->diags) berm_diags_drop(e->diags);
}

#endif
