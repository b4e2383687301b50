/* The witness of a finding in words: the part that decided, what it came to, what its operands
   were, where it stands in the policy. */
#include "policy/runner.h"

#define WITNESS_OPERANDS_MAX 8u

typedef struct witness_work {
    berm_runner *runner;
    const berm_evaluation *ev;
    berm_operand operands[WITNESS_OPERANDS_MAX];
    uint32_t count;
    bool failed;
} witness_work;

void berm_branch_print_value(berm_text *out, const berm_space *space, berm_cell value)
{
    if (value.tag == BERM_TAG_ERROR && !(value.flags & BERM_CELL_SENSITIVE)) {
        berm_text_put(out, BERM_STR("error: "));
        berm_error_print(out, space, value, true);
    } else {
        berm_value_print_short(out, space, value, true);
    }
}

/* What was written into the scratch text, kept with the decision. */
static berm_str keep_words(witness_work *work)
{
    berm_text *text = &work->runner->message;
    berm_str kept = BERM_STR("");
    if (text->failed ||
        (text->len && !berm_arena_copy(&work->runner->texts, berm_text_view(text), &kept)))
        work->failed = true;
    text->len = 0;
    return kept;
}

static berm_str keep_part(witness_work *work, const berm_branch *around, berm_node node)
{
    berm_branch_print(&work->runner->message, work->ev, around, node);
    return keep_words(work);
}

static berm_str keep_value(witness_work *work, berm_cell value)
{
    berm_branch_print_value(&work->runner->message, &work->runner->vm.space, value);
    return keep_words(work);
}

/* --- operands --- */

static void add_operand(witness_work *work, uint32_t row, berm_node node, berm_cell value)
{
    if (value.tag == BERM_TAG_MISSING || work->count == WITNESS_OPERANDS_MAX) return;
    berm_str text = keep_part(work, &work->ev->seen.items[row], node);
    for (uint32_t i = 0; i < work->count; i++)
        if (berm_str_equal(work->operands[i].expression, text)) return;
    work->operands[work->count++] = (berm_operand){text, keep_value(work, value)};
}

/* Operators and literals of lists and maps are seen through: their operands say more. */
static bool is_seen_through(const berm_ast_node *node)
{
    switch (node->kind) {
    case BERM_AST_AND:
    case BERM_AST_OR:
    case BERM_AST_COND:
    case BERM_AST_LIST:
    case BERM_AST_MAP: return true;
    case BERM_AST_CALL:
        return berm_str_is(node->name, "@in") || memchr(node->name.ptr, '_', node->name.len);
    default: return false;
    }
}

static void collect_operands(witness_work *work, uint32_t row, uint32_t level)
{
    const berm_branch *seen = &work->ev->seen.items[row];
    const berm_ast *ast = berm_branch_tree(work->ev, seen);
    const berm_ast_node *node = berm_ast_at(ast, seen->node);
    uint32_t first = 0, end = node->count;
    if (node->kind == BERM_AST_SELECT || node->kind == BERM_AST_BIND) return;
    if (node->kind == BERM_AST_INDEX) first = 1;
    if (node->kind == BERM_AST_LOOP) end = 1;
    for (uint32_t i = first; i < end; i++) {
        berm_node child = berm_ast_child(ast, seen->node, i);
        const berm_ast_node *c = berm_ast_at(ast, child);
        uint32_t below = berm_branch_child(work->ev, row, i);
        if (c->kind == BERM_AST_LITERAL) continue;
        if (below == BERM_NO_BRANCH)
            add_operand(work, row, child, berm_branch_local(work->ev, row, c->name));
        else if (!is_seen_through(c))
            add_operand(work, row, child, work->ev->seen.items[below].value);
        else if (level < BERM_CEL_DEPTH_MAX) collect_operands(work, below, level + 1);
    }
}

/* --- the whole --- */

/* Where the part stands: the row of its own instructions says so. */
static void find_policy_place(const witness_work *work, uint32_t row, berm_witness *w)
{
    const berm_evaluation *ev = work->ev;
    const berm_image *image = ev->image;
    const berm_branch *seen = &ev->seen.items[row];
    const berm_ast_node *node = berm_branch_node(ev, seen);
    const berm_img_root *root = &image->roots[ev->asts.items[seen->ast].root];
    w->source = berm_image_text(image, image->sources[root->source].name);
    w->line = root->line;
    w->column = root->column;
    for (uint32_t at = seen->first; at < seen->end; at++) {
        const berm_img_expr *source = berm_branch_source(ev, ev->trace.events.items[at].word);
        if (!source || source->off != node->off || source->len != node->len || !source->line)
            continue;
        w->line = source->line;
        w->column = source->column;
        return;
    }
}

bool berm_witness_write(berm_runner *runner, uint32_t row, berm_finding *f)
{
    const berm_evaluation *ev = &runner->evaluation;
    const berm_branch *seen = &ev->seen.items[row];
    if (berm_branch_node(ev, seen)->kind == BERM_AST_LITERAL) return true; /* which says nothing */
    witness_work work = {.runner = runner, .ev = ev};
    berm_witness *w = berm_arena_alloc(&runner->texts, sizeof *w);
    if (!w) return false;
    runner->message.len = 0;
    *w = (berm_witness){.expression = keep_part(&work, seen, seen->node)};
    w->value = keep_value(&work, seen->value);
    w->operand_stride = sizeof *w->operands;
    find_policy_place(&work, row, w);
    if (!(seen->value.flags & BERM_CELL_SENSITIVE)) collect_operands(&work, row, 0);
    if (work.count && !work.failed) {
        berm_operand *operands = berm_arena_alloc(&runner->texts, work.count * sizeof *operands);
        if (!operands) return false;
        memcpy(operands, work.operands, work.count * sizeof *operands);
        w->operands = operands;
        w->operand_count = work.count;
    }
    f->witness = w;
    return !work.failed;
}
