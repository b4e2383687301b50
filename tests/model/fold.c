/* Folding shows in nothing but speed: an expression with its literals, and the same with a
   variable in place of each, of which nothing can be worked out while compiling. */
#include "cel/parser.h"
#include "machine.h"
#include "trial.h"

#include <stdio.h>

static const value *value_of(heap *h, const berm_ast_node *node)
{
    switch (node->value.tag) {
    case BERM_TAG_NULL: return make_null();
    case BERM_TAG_BOOL: return make_bool(node->value.as.u != 0);
    case BERM_TAG_INT: return make_int(h, node->value.as.i);
    case BERM_TAG_UINT: return make_uint(h, node->value.as.u);
    case BERM_TAG_DOUBLE: return make_double(h, node->value.as.d);
    case BERM_TAG_STRING: return make_string(h, node->name);
    default: return make_bytes(h, node->name);
    }
}

/* Literals become names that `w` has values for, as many as there is room for. */
static void name_literals(heap *h, berm_ast *ast, world *w)
{
    for (uint32_t n = 1; n < ast->nodes.count && w->count < WORLD_MAX; n++) {
        berm_ast_node *node = &ast->nodes.items[n];
        if (node->kind != BERM_AST_LITERAL) continue;
        char *name = heap_text(h, 16);
        snprintf(name, 16, "literal%u", (unsigned)w->count);
        w->at[w->count++] = (binding){name, value_of(h, node)};
        node->kind = BERM_AST_IDENT;
        node->name = berm_str_of(name);
    }
}

typedef struct outcome {
    berm_status status;
    const value *result;
    uint64_t cost;
} outcome;

static outcome run_once(heap *h, const berm_ast *ast, const world *w)
{
    machine m;
    outcome o = {.result = make_error(h, "")};
    machine_begin(&m, ast, w);
    o.status = m.status;
    if (o.status == BERM_OK) o.result = machine_run(&m, h, w, &o.status, &o.cost);
    machine_end(&m);
    return o;
}

static verdict compare_outcomes(heap *h, const outcome *folded, const outcome *plain,
                                const world *w, finding *f)
{
    if (folded->status != plain->status) {
        *f = (finding){"status", make_int(h, folded->status), make_int(h, plain->status), *w};
    } else if (!same_value(folded->result, plain->result, false, false)) {
        *f = (finding){"folded, and not", folded->result, plain->result, *w};
    } else if (folded->cost != plain->cost) {
        *f = (finding){"cost", make_uint(h, folded->cost), make_uint(h, plain->cost), *w};
    } else {
        return TRIAL_AGREES;
    }
    return TRIAL_DIFFERS;
}

verdict try_folding(heap *h, dice d, const berm_ast *ast, const world *w, finding *f, tally *t)
{
    berm_ast named;
    berm_text text;
    world wider = *w;
    (void)d;
    text_begin(&text);
    berm_ast_init(&named, &berm_alloc_libc);
    verdict v = TRIAL_SKIPPED;
    outcome folded = run_once(h, ast, w);
    bool copied = berm_cel_unparse(&text, ast, ast->root) &&
                  berm_cel_parse(&named, berm_text_view(&text), NULL, NULL, NULL) == BERM_OK;
    if (copied) {
        name_literals(h, &named, &wider);
        outcome plain = run_once(h, &named, &wider);
        plain.cost += t->wrong;
        v = compare_outcomes(h, &folded, &plain, w, f);
    }
    if (folded.result->kind == V_ERROR) t->errors++;
    else t->values++;
    berm_ast_free(&named);
    berm_text_free(&text);
    return v;
}
