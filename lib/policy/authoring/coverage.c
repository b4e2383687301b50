#include "policy/authoring/coverage.h"

#include "policy/name_table.h"

/* One thing that can be reached, a node of an expression. */
typedef struct coverage_point {
    berm_node node;
    uint32_t sort, line, column;
    uint64_t yes, no, rest; /* rest: neither, an unknown or an error */
} coverage_point;

/* An expression. Compilations of a guardrail for the parameters of a test are the same one. */
typedef struct coverage_text {
    uint32_t guardrail, root; /* rows; of the compilation that came first */
    uint32_t first, count;    /* points */
    berm_ast ast;
} coverage_text;

struct berm_coverage {
    const berm_alloc *alloc;
    const berm_image *image;
    BERM_ARRAY(coverage_text) texts;
    BERM_ARRAY(coverage_point) points;
    uint32_t *text_of; /* ROOT row to text, BERM_NO_ROW */
    bool *met;         /* BLOCK rows: each is gone into once, however many others run it */
    berm_name_table places;
    berm_arena names;
    bool failed;
};

/* --- where a node stands --- */

static uint32_t count_columns(berm_str text)
{
    uint32_t count = 0;
    for (size_t i = 0; i < text.len; i++) count += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
    return count;
}

/* The first EXPR row from `word` on; they are sorted by it. */
static uint32_t find_placed(const berm_image *image, uint32_t word)
{
    uint32_t low = 0, high = image->expr_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (image->exprs[middle].word < word) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* From the nearest part before it that the image places; in a text of several lines the lines of
   the file begin below each other. */
static void place_point(const berm_coverage *c, const coverage_text *text, uint32_t block,
                        coverage_point *point)
{
    const berm_image *image = c->image;
    const berm_img_root *root = &image->roots[text->root];
    const berm_img_block *b = &image->blocks[block];
    uint32_t off = berm_ast_at(&text->ast, point->node)->off, from = 0;
    uint32_t end_word = b->code + b->code_count;
    point->line = root->line;
    point->column = root->column;
    for (uint32_t i = find_placed(image, b->code); i < image->expr_count; i++) {
        const berm_img_expr *e = &image->exprs[i];
        if (e->word >= end_word) break;
        if (!e->line || e->off > off || e->off < from) continue;
        from = e->off;
        point->line = e->line;
        point->column = e->column;
    }
    for (; from < off && text->ast.text.ptr[from] != '\n'; from++)
        if (((unsigned char)text->ast.text.ptr[from] & 0xC0) != 0x80) point->column++;
    for (; from < off; from++) {
        if (text->ast.text.ptr[from] != '\n') continue;
        point->line++;
        size_t end = from + 1;
        while (end < off && text->ast.text.ptr[end] != '\n') end++;
        point->column = root->column + count_columns(berm_str_cut(text->ast.text, from + 1u, end));
    }
}

/* --- what there is to reach --- */

typedef struct coverage_walk {
    berm_coverage *coverage;
    coverage_text *text;
    uint32_t block;
} coverage_walk;

static void add_point(const coverage_walk *walk, berm_node node, uint32_t sort)
{
    berm_coverage *c = walk->coverage;
    coverage_point point = {.node = node, .sort = sort};
    place_point(c, walk->text, walk->block, &point);
    if (!berm_array_push(c->alloc, &c->points, point)) c->failed = true;
    else walk->text->count++;
}

/* Does it look at anything but parameters? */
static bool can_vary(const berm_ast *ast, berm_node node)
{
    const berm_ast_node *n = berm_ast_at(ast, node);
    if (n->kind == BERM_AST_IDENT) return !berm_str_is(n->name, "params");
    for (uint32_t i = 0; i < n->count; i++)
        if (can_vary(ast, berm_ast_child(ast, node, i))) return true;
    return false;
}

static bool is_negation(const berm_ast_node *node)
{
    return node->kind == BERM_AST_CALL && berm_str_is(node->name, "!_");
}

/* Which children of a node are conditions, as bits. */
static uint32_t find_conditions(const berm_ast_node *node)
{
    switch (node->kind) {
    case BERM_AST_AND:
    case BERM_AST_OR: return 3;
    case BERM_AST_COND: return 1;
    case BERM_AST_CALL: return is_negation(node) ? 1 : 0;
    case BERM_AST_LOOP: break;
    default: return 0;
    }
    bool asks = node->macro == BERM_MACRO_ALL || node->macro == BERM_MACRO_EXISTS ||
                node->macro == BERM_MACRO_EXISTS_ONE || node->macro == BERM_MACRO_FILTER;
    return asks || node->count == 3 ? 2 : 0;
}

/* `!x` is `x` once more, and the inner nodes of a && b && c && d stand for nothing that was
   written; a bare name was asked where it got its value. */
static void collect_points(const coverage_walk *walk, berm_node node, bool condition)
{
    const berm_ast *ast = &walk->text->ast;
    const berm_ast_node *n = berm_ast_at(ast, node);
    bool counted = condition && !is_negation(n) && !(n->flags & BERM_AST_CHAINED) &&
                   n->kind != BERM_AST_IDENT && n->kind != BERM_AST_LITERAL && can_vary(ast, node);
    if (counted) add_point(walk, node, BERM_COVERAGE_CONDITION);
    uint32_t conditions = find_conditions(n);
    bool varies = n->kind == BERM_AST_COND && can_vary(ast, berm_ast_child(ast, node, 0));
    for (uint32_t i = 0; i < n->count; i++) {
        berm_node child = berm_ast_child(ast, node, i);
        if (varies && i > 0) add_point(walk, child, BERM_COVERAGE_BRANCH);
        collect_points(walk, child, conditions >> i & 1u);
    }
}

/* The text of a ROOT row that is at the same place as another's: "file:line:column". */
static uint32_t find_text_at(berm_coverage *c, uint32_t root)
{
    const berm_img_root *r = &c->image->roots[root];
    berm_text key;
    berm_str kept;
    uint32_t first = BERM_NO_ROW;
    berm_text_init(&key, c->alloc);
    berm_text_format(&key, "%u:%u:%u", r->source, r->line, r->column);
    if (key.failed || !berm_arena_copy(&c->names, berm_text_view(&key), &kept)) c->failed = true;
    else if (berm_name_table_add(&c->places, kept, c->texts.count, &first)) first = BERM_NO_ROW;
    else if (first == BERM_NO_NAME) c->failed = true;
    berm_text_free(&key);
    return first;
}

static void add_text(berm_coverage *c, uint32_t guardrail, uint32_t block, bool condition)
{
    uint32_t root = c->image->blocks[block].root;
    if (root == BERM_NO_ROW || c->text_of[root] != BERM_NO_ROW) return;
    uint32_t known = find_text_at(c, root);
    if (known != BERM_NO_ROW) {
        c->text_of[root] = known;
        return;
    }
    coverage_text text = {.guardrail = guardrail, .root = root, .first = c->points.count};
    berm_ast_init(&text.ast, c->alloc);
    berm_str source = berm_image_text(c->image, c->image->roots[root].text);
    berm_status status = berm_cel_parse(&text.ast, source, NULL, NULL, NULL);
    if (status == BERM_OK) {
        coverage_walk walk = {c, &text, block};
        collect_points(&walk, text.ast.root, condition);
    }
    if (status == BERM_E_NOMEM) c->failed = true; /* else a text would have no points to reach */
    if (c->failed || !berm_array_push(c->alloc, &c->texts, text)) {
        berm_ast_free(&text.ast);
        c->failed = true;
        return;
    }
    c->text_of[root] = c->texts.count - 1;
}

/* A block and the variables that it runs. */
static void add_block(berm_coverage *c, uint32_t guardrail, uint32_t block, bool condition)
{
    if (block == BERM_NO_ROW || c->failed || c->met[block]) return;
    const berm_img_block *b = &c->image->blocks[block];
    c->met[block] = true;
    add_text(c, guardrail, block, condition);
    for (uint32_t w = b->code; w < b->code + b->code_count;) {
        const berm_ins *ins = &c->image->code[w];
        if (ins->op == BERM_OP_ONCE || ins->op == BERM_OP_CALL)
            add_block(c, guardrail, ins->w, false);
        w += berm_op_infos[ins->op].words;
    }
}

static void add_guardrail(berm_coverage *c, uint32_t guardrail)
{
    const berm_image *image = c->image;
    const berm_img_guardrail *g = &image->guardrails[guardrail];
    if (g->applies != BERM_NO_ROW || berm_str_is(berm_image_text(image, g->id), "@expression"))
        return;
    for (uint32_t i = 0; i < g->conditions.count; i++)
        add_block(c, guardrail, image->conditions[g->conditions.first + i].block, true);
    for (uint32_t i = 0; i < g->rules.count; i++) {
        const berm_img_rule *rule = &image->rules[g->rules.first + i];
        add_block(c, guardrail, rule->each, false);
        add_block(c, guardrail, rule->block, true);
    }
}

berm_coverage *berm_coverage_new(const berm_alloc *alloc, const berm_image *image)
{
    berm_coverage *c = berm_mem_new(alloc, sizeof *c);
    if (!c) return NULL;
    *c = (berm_coverage){.alloc = alloc, .image = image};
    berm_arena_init(&c->names, alloc);
    berm_name_table_init(&c->places, alloc);
    c->text_of = berm_mem_new(alloc, (image->root_count + 1u) * sizeof *c->text_of);
    c->met = berm_mem_new(alloc, image->block_count + 1u);
    c->failed = !c->text_of || !c->met;
    for (uint32_t i = 0; i < image->root_count && !c->failed; i++) c->text_of[i] = BERM_NO_ROW;
    for (uint32_t g = 0; g < image->guardrail_count && !c->failed; g++) add_guardrail(c, g);
    if (!c->failed) return c;
    berm_coverage_free(c);
    return NULL;
}

void berm_coverage_free(berm_coverage *c)
{
    const berm_alloc *alloc = c->alloc;
    for (uint32_t i = 0; i < c->texts.count; i++) berm_ast_free(&c->texts.items[i].ast);
    berm_array_free(alloc, &c->texts);
    berm_array_free(alloc, &c->points);
    berm_name_table_free(&c->places);
    berm_arena_free(&c->names);
    berm_mem_free(alloc, c->text_of, (c->image->root_count + 1u) * sizeof *c->text_of);
    berm_mem_free(alloc, c->met, c->image->block_count + 1u);
    berm_mem_free(alloc, c, sizeof *c);
}

/* --- what was reached --- */

static void count_value(coverage_point *point, berm_cell value)
{
    if (point->sort == BERM_COVERAGE_BRANCH || berm_cell_is_true(value)) point->yes++;
    else if (berm_cell_is_false(value)) point->no++;
    else point->rest++;
}

void berm_coverage_watch(void *coverage, const berm_evaluation *ev)
{
    berm_coverage *c = coverage;
    for (uint32_t i = 0; i < ev->seen.count; i++) {
        const berm_branch *seen = &ev->seen.items[i];
        uint32_t text = c->text_of[ev->asts.items[seen->ast].root];
        if (seen->iteration || text == BERM_NO_ROW) continue;
        const coverage_text *t = &c->texts.items[text];
        for (uint32_t p = t->first; p < t->first + t->count; p++)
            if (c->points.items[p].node == seen->node)
                count_value(&c->points.items[p], seen->value);
    }
}

berm_status berm_coverage_tell(const berm_coverage *c,
                               int (*on_point)(void *ctx, const berm_coverage_point *point),
                               void *ctx)
{
    const berm_image *image = c->image;
    for (uint32_t i = 0; i < c->texts.count; i++) {
        const coverage_text *text = &c->texts.items[i];
        const berm_img_root *root = &image->roots[text->root];
        for (uint32_t p = text->first; p < text->first + text->count; p++) {
            const coverage_point *point = &c->points.items[p];
            const berm_ast_node *node = berm_ast_at(&text->ast, point->node);
            berm_coverage_point told = {
                .guardrail = berm_image_text(image, image->guardrails[text->guardrail].id),
                .source = berm_image_text(image, image->sources[root->source].name),
                .expression =
                    berm_str_cut(text->ast.text, node->off, (size_t)node->off + node->len),
                .line = point->line,
                .column = point->column,
                .sort = point->sort,
                .yes = point->yes,
                .no = point->no,
                .rest = point->rest};
            if (on_point(ctx, &told)) return BERM_E_INTERRUPTED;
        }
    }
    return BERM_OK;
}
