/* From a trace to the tree of an evaluation. Events come in the order of evaluation, parts before
   what they are parts of; each belongs to the innermost node around its span. */
#include "policy/evaluation.h"

#define EVALUATION_LEVELS_MAX 2000u
#define EVALUATION_ASTS_MAX 512u
#define EVALUATION_TEXT_MAX 160u

/* --- syntax trees --- */

static void drop_asts(berm_evaluation *ev, const berm_alloc *alloc)
{
    for (uint32_t i = 0; i < ev->asts.count; i++) berm_ast_free(&ev->asts.items[i].ast);
    berm_array_free(alloc, &ev->asts);
}

void berm_evaluation_free(berm_evaluation *ev, const berm_alloc *alloc)
{
    drop_asts(ev, alloc);
    berm_array_free(alloc, &ev->seen);
    berm_trace_free(&ev->trace, alloc);
}

/* The tree of a ROOT row; BERM_NO_BRANCH when its text is none. */
static uint32_t find_ast(berm_evaluation *ev, uint32_t root)
{
    for (uint32_t i = 0; i < ev->asts.count; i++)
        if (ev->asts.items[i].root == root) return ev->asts.items[i].parsed ? i : BERM_NO_BRANCH;
    berm_branch_ast entry = {.root = root};
    berm_ast_init(&entry.ast, ev->alloc);
    berm_str text = berm_image_text(ev->image, ev->image->roots[root].text);
    berm_status status = berm_cel_parse(&entry.ast, text, NULL, NULL, NULL);
    entry.parsed = status == BERM_OK;
    if (status == BERM_E_NOMEM || !berm_array_push(ev->alloc, &ev->asts, entry)) {
        berm_ast_free(&entry.ast);
        ev->failed = true;
        return BERM_NO_BRANCH;
    }
    return entry.parsed ? ev->asts.count - 1 : BERM_NO_BRANCH;
}

/* --- reading events --- */

const berm_img_expr *berm_branch_source(const berm_evaluation *ev, uint32_t word)
{
    const berm_image *image = ev->image;
    uint32_t low = 0, high = image->expr_count;
    const uint32_t few = 16; /* a word has one row at most: that many words on it is near by */
    if (ev->near < high && image->exprs[ev->near].word <= word &&
        word - image->exprs[ev->near].word < few) {
        low = ev->near;
        if (high - low > few) high = low + few;
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (image->exprs[middle].word <= word) low = middle + 1;
        else high = middle;
    }
    return low ? &image->exprs[low - 1] : NULL;
}

static uint32_t add_seen(berm_evaluation *ev, uint32_t parent, uint32_t ast, berm_node node)
{
    uint32_t row = ev->seen.count;
    berm_branch seen = {.ast = ast,
                        .node = node,
                        .parent = parent,
                        .child = BERM_NO_BRANCH,
                        .last_child = BERM_NO_BRANCH,
                        .next = BERM_NO_BRANCH,
                        .first = ev->at,
                        .value = berm_cell_of(BERM_TAG_MISSING)};
    if (!berm_array_push(ev->alloc, &ev->seen, seen)) {
        ev->failed = true;
        return BERM_NO_BRANCH;
    }
    if (parent == BERM_NO_BRANCH) return row;
    berm_branch *above = &ev->seen.items[parent];
    if (above->child == BERM_NO_BRANCH) above->child = row;
    else ev->seen.items[above->last_child].next = row;
    above->last_child = row;
    return row;
}

static bool spans_source(const berm_ast_node *node, const berm_img_expr *source)
{
    return node->off <= source->off &&
           (uint64_t)source->off + source->len <= (uint64_t)node->off + node->len;
}

/* The child around the source, looked for from the one that was found last: they come in order. */
static berm_node find_child_around(const berm_ast *ast, berm_node node, const berm_img_expr *source,
                                   uint32_t *last)
{
    uint32_t count = berm_ast_at(ast, node)->count;
    for (uint32_t k = 0; k < count; k++) {
        uint32_t i = (*last + k) % count;
        berm_node child = berm_ast_child(ast, node, i);
        if (!spans_source(berm_ast_at(ast, child), source)) continue;
        *last = i;
        return child;
    }
    return 0;
}

static void read_node(berm_evaluation *ev, uint32_t row, uint32_t depth, uint32_t level);

/* The block of a variable, which runs in a frame of its own. */
static void read_call(berm_evaluation *ev, uint32_t parent, uint32_t depth, uint32_t level)
{
    const berm_img_expr *source = berm_branch_source(ev, ev->trace.events.items[ev->at].word);
    uint32_t ast = source ? find_ast(ev, source->root) : BERM_NO_BRANCH;
    if (ast != BERM_NO_BRANCH && level < EVALUATION_LEVELS_MAX) {
        uint32_t row = add_seen(ev, parent, ast, ev->asts.items[ast].ast.root);
        if (row != BERM_NO_BRANCH) read_node(ev, row, depth, level + 1);
    }
    while (ev->at < ev->trace.events.count && ev->trace.events.items[ev->at].depth >= depth)
        ev->at++;
}

/* An event of the node itself; the row below which what follows belongs. */
static uint32_t read_own_event(berm_evaluation *ev, uint32_t row, uint32_t under)
{
    const berm_trace_event *e = &ev->trace.events.items[ev->at];
    if (ev->image->code[e->word].op == BERM_OP_NEXT) {
        ev->seen.items[under].end = ev->at;
        under = add_seen(ev, row, ev->seen.items[row].ast, ev->seen.items[row].node);
        if (under == BERM_NO_BRANCH) return row;
        ev->seen.items[under].iteration = true;
        ev->seen.items[under].value = e->value;
        ev->seen.items[under].other = e->other;
    } else if (e->value.tag != BERM_TAG_MISSING) {
        ev->seen.items[row].value = e->value;
    }
    ev->at++;
    return under;
}

/* All events of a node and its parts. Those of the whole expression that are nobody's are passed
   over; others belong to what is around the node. */
static void read_node(berm_evaluation *ev, uint32_t row, uint32_t depth, uint32_t level)
{
    uint32_t under = row, last = 0, ast = ev->seen.items[row].ast;
    berm_node node = ev->seen.items[row].node;
    const berm_ast_node n = *berm_ast_at(&ev->asts.items[ast].ast, node);
    bool whole = node == ev->asts.items[ast].ast.root;
    while (!ev->failed && ev->at < ev->trace.events.count) {
        const berm_trace_event *e = &ev->trace.events.items[ev->at];
        if (e->depth < depth) break;
        if (e->depth > depth) {
            read_call(ev, under, e->depth, level);
            continue;
        }
        const berm_img_expr *source = berm_branch_source(ev, e->word);
        if (source) ev->near = (uint32_t)(source - ev->image->exprs);
        bool inside =
            source && source->root == ev->asts.items[ast].root && spans_source(&n, source);
        if (!inside && !whole) break;
        berm_node child = 0;
        if (inside && source->off == n.off && source->len == n.len) {
            under = read_own_event(ev, row, under);
            continue;
        }
        if (inside && level < EVALUATION_LEVELS_MAX)
            child = find_child_around(&ev->asts.items[ast].ast, node, source, &last);
        uint32_t below = child ? add_seen(ev, under, ast, child) : BERM_NO_BRANCH;
        if (below == BERM_NO_BRANCH) ev->at++;
        else read_node(ev, below, depth, level + 1);
    }
    ev->seen.items[row].end = ev->seen.items[under].end = ev->at;
}

berm_status berm_evaluation_run(berm_evaluation *ev, berm_vm *vm, uint32_t block, bool whole)
{
    berm_cell result;
    ev->image = vm->image;
    ev->alloc = vm->space.alloc;
    ev->at = ev->seen.count = ev->near = 0;
    ev->failed = false;
    if (ev->asts.count >= EVALUATION_ASTS_MAX) drop_asts(ev, ev->alloc);
    berm_trace_begin(&ev->trace, whole);
    berm_vm_scope(vm);
    vm->trace = &ev->trace;
    berm_status status = berm_vm_run(vm, block, &result);
    vm->trace = NULL;
    if (!status && ev->trace.events.count) read_call(ev, BERM_NO_BRANCH, 0, 0);
    if (!status && ev->failed) status = BERM_E_NOMEM;
    if (!status && ev->watch) ev->watch(ev->watch_ctx, ev);
    return status;
}

/* --- looking at the tree --- */

uint32_t berm_branch_child(const berm_evaluation *ev, uint32_t row, uint32_t i)
{
    const berm_branch *seen = &ev->seen.items[row];
    if (i >= berm_branch_node(ev, seen)->count) return BERM_NO_BRANCH;
    berm_node node = berm_ast_child(berm_branch_tree(ev, seen), seen->node, i);
    for (uint32_t at = seen->child; at != BERM_NO_BRANCH; at = ev->seen.items[at].next)
        if (ev->seen.items[at].node == node && ev->seen.items[at].ast == seen->ast) return at;
    return BERM_NO_BRANCH;
}

uint32_t berm_branch_call(const berm_evaluation *ev, uint32_t row)
{
    uint32_t at = ev->seen.items[row].child;
    while (at != BERM_NO_BRANCH && ev->seen.items[at].ast == ev->seen.items[row].ast)
        at = ev->seen.items[at].next;
    return at;
}

bool berm_branch_folded(const berm_evaluation *ev, uint32_t row)
{
    const berm_branch *seen = &ev->seen.items[row];
    return seen->end == seen->first + 1 &&
           ev->image->code[ev->trace.events.items[seen->first].word].op == BERM_OP_CONST;
}

berm_cell berm_branch_local(const berm_evaluation *ev, uint32_t row, berm_str name)
{
    for (uint32_t at = row; at != BERM_NO_BRANCH; at = ev->seen.items[at].parent) {
        const berm_branch *seen = &ev->seen.items[at];
        const berm_ast_node *node = berm_branch_node(ev, seen);
        if (seen->ast != ev->seen.items[row].ast) break;
        bool first = berm_str_equal(node->var, name);
        if (seen->iteration && first) return seen->value;
        if (seen->iteration && node->var2.len && berm_str_equal(node->var2, name))
            return seen->other;
        if (node->kind != BERM_AST_BIND || !first) continue;
        uint32_t value = berm_branch_child(ev, at, 0);
        return value == BERM_NO_BRANCH ? berm_cell_of(BERM_TAG_MISSING)
                                       : ev->seen.items[value].value;
    }
    return berm_cell_of(BERM_TAG_MISSING);
}

/* Of a.or(b) and a.orValue(b), where a has a value: that of a, whatever b may have been. */
static uint32_t find_deciding_receiver(const berm_evaluation *ev, uint32_t row)
{
    const berm_ast_node *node = berm_branch_node(ev, &ev->seen.items[row]);
    bool either = node->kind == BERM_AST_CALL && node->flags & BERM_AST_RECEIVER &&
                  (berm_str_is(node->name, "or") || berm_str_is(node->name, "orValue"));
    uint32_t receiver = either ? berm_branch_child(ev, row, 0) : BERM_NO_BRANCH;
    if (receiver == BERM_NO_BRANCH) return receiver;
    berm_cell value = ev->seen.items[receiver].value;
    return value.tag == BERM_TAG_OPTIONAL && value.as.ref.len ? receiver : BERM_NO_BRANCH;
}

/* The event of `seen` that looked at a node last; seen->end when none did. */
static uint32_t find_last_look(const berm_evaluation *ev, const berm_branch *seen)
{
    const berm_trace_event *events = ev->trace.events.items;
    uint32_t before = seen->first ? events[seen->first - 1].looked : 0, at = seen->end;
    while (at > seen->first && ev->image->code[events[at - 1].word].op == BERM_OP_NEXT) at--;
    if (at == seen->first || events[at - 1].looked == before) return seen->end;
    for (at--; at > seen->first && events[at - 1].looked == events[at].looked;) at--;
    return at;
}

static uint32_t find_part_around(const berm_evaluation *ev, uint32_t row, uint32_t at)
{
    uint32_t part = ev->seen.items[row].child;
    while (part != BERM_NO_BRANCH &&
           (at < ev->seen.items[part].first || at >= ev->seen.items[part].end))
        part = ev->seen.items[part].next;
    return part;
}

static berm_cell find_place_in(const berm_evaluation *ev, uint32_t row)
{
    for (;;) {
        uint32_t part = find_deciding_receiver(ev, row);
        uint32_t at = find_last_look(ev, &ev->seen.items[row]);
        if (at == ev->seen.items[row].end) return berm_cell_of(BERM_TAG_MISSING);
        if (part == BERM_NO_BRANCH) part = find_part_around(ev, row, at);
        if (part == BERM_NO_BRANCH) return ev->trace.events.items[at].other;
        row = part;
    }
}

berm_cell berm_evaluation_place(const berm_evaluation *ev, uint32_t row)
{
    berm_cell place = berm_cell_of(BERM_TAG_MISSING);
    for (; row != BERM_NO_BRANCH && place.tag == BERM_TAG_MISSING; row = ev->seen.items[row].parent)
        place = find_place_in(ev, row);
    return place;
}

void berm_branch_print(berm_text *out, const berm_evaluation *ev, const berm_branch *seen,
                       berm_node node)
{
    const berm_ast *ast = berm_branch_tree(ev, seen);
    const berm_ast_node *n = berm_ast_at(ast, node);
    berm_str text = berm_str_cut(ast->text, n->off, (size_t)n->off + n->len);
    size_t end = text.len < EVALUATION_TEXT_MAX ? text.len : EVALUATION_TEXT_MAX;
    while (end < text.len && ((unsigned char)text.ptr[end] & 0xC0) == 0x80) end--;
    for (size_t i = 0; i < end; i++) {
        bool blank = strchr(" \t\r\n", text.ptr[i]) != NULL;
        if (!blank || !i || !strchr(" \t\r\n", text.ptr[i - 1]))
            berm_text_putc(out, blank ? ' ' : text.ptr[i]);
    }
    if (end < text.len) berm_text_put(out, BERM_STR("..."));
}
