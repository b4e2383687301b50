/* The model: CEL by walking the tree, written from the language definition. It shares the
   parser's tree with the library and nothing else. */
#ifndef BERM_MODEL_EVALUATE_H
#define BERM_MODEL_EVALUATE_H

#include "cel/ast.h"
#include "value.h"

typedef struct binding {
    const char *name; /* may be dotted */
    const value *value;
} binding;

typedef struct program {
    const berm_ast *ast;
    const binding *bindings;
    size_t binding_count;
    const char *container; /* "" or a dotted name */
} program;

/* What the program comes to; when heap_spent(h) then, it is no answer. */
const value *evaluate(heap *h, const program *p);

#endif
