/* Every node is tried as one of its children and as a literal, every list without an element;
   then every value of the world. What still differs is kept, until nothing smaller does. */
#include "shrink.h"

#include "cel/parser.h"

#define WORK_LIMIT 2000000u
#define ROUNDS_MAX 60

bool parse_phrase(berm_ast *ast, berm_str text)
{
    berm_ast_init(ast, &berm_alloc_libc);
    if (berm_cel_parse(ast, text, NULL, NULL, NULL) == BERM_OK) return true;
    berm_ast_free(ast);
    return false;
}

typedef struct shrinker {
    trial *tried;
    dice d;
    const finding *like;
    const world *w;
    berm_text *text;
    berm_ast ast;
} shrinker;

/* Errors like these, of those kinds: so that one difference does not become another on the way. */
static bool is_alike(const finding *a, const finding *b)
{
    bool wanted = a->wanted->kind == b->wanted->kind, got = a->got->kind == b->got->kind;
    if (wanted && a->wanted->kind == V_ERROR)
        wanted = berm_str_equal(a->wanted->text, b->wanted->text);
    if (got && a->got->kind == V_ERROR) got = berm_str_equal(a->got->text, b->got->text);
    return wanted && got;
}

static bool differs(const shrinker *s, berm_str text, const world *w)
{
    berm_ast ast;
    heap h;
    finding f;
    tally t = {0};
    if (!parse_phrase(&ast, text)) return false;
    heap_begin(&h, WORK_LIMIT);
    bool different = s->tried(&h, s->d, &ast, w, &f, &t) == TRIAL_DIFFERS && is_alike(&f, s->like);
    heap_end(&h);
    berm_ast_free(&ast);
    return different;
}

/* The tree as it stands now is shorter and still differs: it is the text from now on. */
static bool keep_if_different(shrinker *s)
{
    berm_text shorter;
    berm_text_init(&shorter, &berm_alloc_libc);
    bool printed = berm_cel_unparse(&shorter, &s->ast, s->ast.root);
    bool keep = printed && shorter.len < s->text->len && differs(s, berm_text_view(&shorter), s->w);
    if (keep) {
        berm_text_free(s->text);
        *s->text = shorter;
    } else {
        berm_text_free(&shorter);
    }
    return keep;
}

/* `with` in place of `node` everywhere. */
static bool try_instead(shrinker *s, berm_node node, berm_node with)
{
    berm_ast *ast = &s->ast;
    berm_node root = ast->root;
    if (root == node) ast->root = with;
    for (uint32_t i = 0; i < ast->links.count; i++)
        if (ast->links.items[i].node == node) ast->links.items[i].node = with;
    if (keep_if_different(s)) return true;
    /* Undone: `node` cannot have been where `with` was, for with is below it or new. */
    return false;
}

static bool try_children(shrinker *s, berm_node node)
{
    uint32_t count = berm_ast_at(&s->ast, node)->count;
    for (uint32_t i = 0; i < count; i++) {
        berm_node child = berm_ast_child(&s->ast, node, i);
        berm_ast_link *links = s->ast.links.items;
        uint32_t link_count = s->ast.links.count;
        berm_node root = s->ast.root;
        bool *changed = berm_mem_new(&berm_alloc_libc, link_count + 1);
        if (!changed) return false;
        for (uint32_t j = 0; j < link_count; j++) changed[j] = links[j].node == node;
        bool kept = try_instead(s, node, child);
        if (!kept) {
            for (uint32_t j = 0; j < link_count; j++)
                if (changed[j]) links[j].node = node;
            s->ast.root = root;
        }
        berm_mem_free(&berm_alloc_libc, changed, link_count + 1);
        if (kept) return true;
    }
    return false;
}

/* The node itself becomes a literal. */
static bool try_literals(shrinker *s, berm_node node)
{
    static const berm_tag tags[] = {BERM_TAG_BOOL, BERM_TAG_INT, BERM_TAG_NULL, BERM_TAG_STRING,
                                    BERM_TAG_DOUBLE};
    berm_ast_node *at = &s->ast.nodes.items[node], was = *at;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        *at = (berm_ast_node){.kind = BERM_AST_LITERAL,
                              .depth = 1,
                              .value = {.tag = (uint8_t)tags[i]}};
        at->name = BERM_STR("");
        if (keep_if_different(s)) return true;
    }
    *at = (berm_ast_node){.kind = BERM_AST_LIST, .depth = 1, .first = was.first};
    if (keep_if_different(s)) return true;
    *at = was;
    return false;
}

/* A list without its last or first element, a map without a member. */
static bool try_fewer(shrinker *s, berm_node node)
{
    berm_ast_node *at = &s->ast.nodes.items[node], was = *at;
    uint32_t step = was.kind == BERM_AST_MAP ? 2 : 1;
    if ((was.kind != BERM_AST_LIST && was.kind != BERM_AST_MAP) || was.count < step) return false;
    at->count -= step;
    if (keep_if_different(s)) return true;
    at->first += step;
    if (keep_if_different(s)) return true;
    *at = was;
    return false;
}

static bool shrink_text(shrinker *s)
{
    bool smaller = false;
    if (!parse_phrase(&s->ast, berm_text_view(s->text))) return false;
    for (berm_node n = s->ast.nodes.count; n-- > 1 && !smaller;)
        smaller = try_children(s, n) || try_literals(s, n) || try_fewer(s, n);
    berm_ast_free(&s->ast);
    return smaller;
}

/* --- worlds --- */

/* `v` with the part number `target` (counted down as the walk goes) left out or emptied. */
static const value *without_part(heap *h, const value *v, int *target)
{
    if ((*target)-- == 0) return v->kind == V_NULL || v->kind == V_UNKNOWN ? NULL : make_null();
    if (v->kind != V_LIST && v->kind != V_MAP) return v;
    size_t step = v->kind == V_MAP ? 2 : 1;
    items parts = {0};
    for (size_t i = 0; i < v->count; i += step) {
        if ((*target)-- == 0) continue; /* this element or member is gone */
        if (step == 2) items_push(h, &parts, v->items[i]);
        const value *part = without_part(h, v->items[i + step - 1], target);
        items_push(h, &parts, part ? part : v->items[i + step - 1]);
    }
    return v->kind == V_LIST ? make_list(h, parts.at, parts.count)
                             : make_map(h, parts.at, parts.count);
}

static size_t count_parts(const value *v)
{
    size_t count = 1;
    if (v->kind == V_LIST || v->kind == V_MAP)
        for (size_t i = 0; i < v->count; i++) count += count_parts(v->items[i]);
    return count;
}

static bool shrink_variable(heap *h, shrinker *s, world *w, size_t which)
{
    const value *was = w->at[which].value;
    for (int target = 0; target < 200; target++) {
        int left = target;
        const value *smaller = without_part(h, was, &left);
        if (left >= 0) break; /* there are no more parts */
        if (!smaller || count_parts(smaller) > count_parts(was)) continue;
        if (smaller->kind == was->kind && count_parts(smaller) == count_parts(was) &&
            was->kind != V_LIST && was->kind != V_MAP)
            continue;
        w->at[which].value = smaller;
        if (!same_value(was, smaller, true, false) && differs(s, berm_text_view(s->text), w))
            return true;
        w->at[which].value = was;
    }
    return false;
}

void shrink(heap *h, trial *tried, dice d, const finding *like, berm_text *text, world *w)
{
    shrinker s = {.tried = tried, .d = d, .like = like, .w = w, .text = text};
    for (int i = 0; i < ROUNDS_MAX && shrink_text(&s); i++) continue;
    for (size_t v = 0; v < w->count; v++)
        for (int i = 0; i < ROUNDS_MAX && shrink_variable(h, &s, w, v); i++) continue;
    for (int i = 0; i < ROUNDS_MAX && shrink_text(&s); i++) continue;
}
