/* What names mean. */
#include "code/scope.h"

#include "data/ops.h"

#define QUALIFIED_MAX 128u /* no function has a longer name */
#define SUGGEST_MAX 40u    /* nor do suggestions help with longer ones */

void berm_names_free(berm_names *names)
{
    berm_array_free(names->alloc, &names->locals);
    berm_array_free(names->alloc, &names->chain);
}

void berm_names_push(berm_names *names, berm_str name, uint16_t reg)
{
    berm_local local = {name, reg};
    if (!berm_array_push(names->alloc, &names->locals, local)) names->failed = true;
}

bool berm_names_local(const berm_names *names, const berm_ast_node *node, uint16_t *reg)
{
    if (node->kind != BERM_AST_IDENT || (node->flags & BERM_AST_ABSOLUTE)) return false;
    for (uint32_t i = names->locals.count; i-- > 0;) {
        if (!berm_str_equal(names->locals.items[i].name, node->name)) continue;
        *reg = names->locals.items[i].reg;
        return true;
    }
    return false;
}

/* --- chains: a.b.c --- */

static bool collect_chain(berm_names *names, const berm_ast *ast, berm_node node)
{
    names->ast = ast;
    names->chain.count = 0;
    for (;;) {
        const berm_ast_node *at = berm_ast_at(ast, node);
        if (!berm_array_push(names->alloc, &names->chain, node)) return false;
        if (at->kind != BERM_AST_SELECT) break;
        if (at->flags & (BERM_AST_OPTIONAL | BERM_AST_TEST)) break;
        node = berm_ast_child(ast, node, 0);
    }
    berm_node *items = names->chain.items;
    for (uint32_t i = 0, k = names->chain.count; i + 1 < k; i++) {
        berm_node swapped = items[i];
        items[i] = items[--k];
        items[k] = swapped;
    }
    return true;
}

/* Takes `part`, and a dot where it is not the first, from the front of `name`. */
static bool take_part(berm_str *name, berm_str part, bool first)
{
    if (!first) {
        if (name->len == 0 || name->ptr[0] != '.') return false;
        *name = berm_str_cut(*name, 1, name->len);
    }
    if (!berm_str_starts(*name, part)) return false;
    *name = berm_str_cut(*name, part.len, name->len);
    return true;
}

/* Is `name` the container followed by the first `length` names of the chain? */
static bool spells_chain(berm_str name, berm_str container, const berm_names *names,
                         uint32_t length)
{
    bool first = container.len == 0;
    if (!first && !take_part(&name, container, true)) return false;
    for (uint32_t i = 0; i < length; i++, first = false) {
        if (!take_part(&name, berm_names_at(names, i)->name, first)) return false;
    }
    return name.len == 0;
}

static bool find_binding(const berm_names *names, berm_str container, berm_named *named)
{
    for (uint32_t i = names->scope->count; i-- > 0;) {
        const berm_binding *binding = &names->scope->bindings[i];
        if (!spells_chain(binding->name, container, names, named->length)) continue;
        named->meaning = BERM_MEANS_BINDING;
        named->binding = binding;
        return true;
    }
    for (uint32_t i = BERM_TYPE_DYN + 1; i < BERM_TYPE_COUNT; i++) {
        berm_str name = berm_str_of(berm_type_name((berm_type_id)i));
        if (!spells_chain(name, container, names, named->length)) continue;
        named->meaning = BERM_MEANS_TYPE;
        named->type = (berm_type_id)i;
        return true;
    }
    return false;
}

/* a.b.c, then a.b, a and "". False behind the last. */
static bool next_container(berm_str *container)
{
    if (container->len == 0) return false;
    while (container->len > 0 && container->ptr[container->len - 1] != '.') container->len--;
    if (container->len > 0) container->len--;
    return true;
}

static berm_str first_container(const berm_names *names)
{
    bool absolute = berm_names_at(names, 0)->flags & BERM_AST_ABSOLUTE;
    return absolute ? BERM_STR("") : names->scope->container;
}

/* Are there bindings below the chain's first name (variables.x), so that the second is what is wrong? */
static bool is_namespace(const berm_names *names)
{
    berm_str first = berm_names_at(names, 0)->name;
    for (uint32_t i = 0; i < names->scope->count; i++) {
        berm_str rest = names->scope->bindings[i].name;
        if (take_part(&rest, first, true) && rest.len > 0 && rest.ptr[0] == '.') return true;
    }
    return false;
}

berm_named berm_names_resolve(berm_names *names, const berm_ast *ast, berm_node node)
{
    berm_named named = {.meaning = BERM_MEANS_VALUE, .length = 1};
    if (!collect_chain(names, ast, node)) {
        names->failed = true;
        names->chain.count = 0;
        return named;
    }
    const berm_ast_node *first = berm_names_at(names, 0);
    if (first->kind != BERM_AST_IDENT) return named;
    if (berm_names_local(names, first, &named.reg)) {
        named.meaning = BERM_MEANS_LOCAL;
        return named;
    }
    for (named.length = names->chain.count; named.length > 0; named.length--) {
        berm_str container = first_container(names);
        do {
            if (find_binding(names, container, &named)) return named;
        } while (next_container(&container));
    }
    named.meaning = BERM_MEANS_NOTHING;
    named.length = names->chain.count > 1 && is_namespace(names) ? 2 : 1;
    return named;
}

/* --- functions --- */

/* "container.a.b.f" for the chain a.b and the call of f; 0 when it is longer than any function's name. */
static size_t spell_function(char out[QUALIFIED_MAX], berm_str container, const berm_names *names,
                             berm_str function)
{
    size_t len = 0;
    for (uint32_t i = 0; i < names->chain.count + 2; i++) {
        berm_str part = i == 0 ? container : function;
        if (i > 0 && i <= names->chain.count) part = berm_names_at(names, i - 1)->name;
        if (part.len == 0) continue;
        if (len + 1 + part.len > QUALIFIED_MAX) return 0;
        if (len > 0) out[len++] = '.';
        memcpy(out + len, part.ptr, part.len);
        len += part.len;
    }
    return len;
}

/* A function of that name: container first, names->chain in front. */
static bool find_function(const berm_names *names, berm_str container, const berm_ast_node *call,
                          uint32_t argc, berm_callee *callee)
{
    char buffer[QUALIFIED_MAX];
    do {
        size_t len = spell_function(buffer, container, names, call->name);
        berm_str name = {buffer, len};
        if (len == 0 || !berm_function_known(name)) continue;
        callee->known = true;
        callee->function = berm_function_find(name, false, argc);
        if (callee->function >= 0) return true;
    } while (next_container(&container));
    return false;
}

berm_callee berm_names_callee(berm_names *names, const berm_ast *ast, const berm_ast_node *call)
{
    berm_callee callee = {.function = -1, .method = call->flags & BERM_AST_RECEIVER};
    if (!callee.method) {
        names->chain.count = 0;
        bool absolute = call->flags & BERM_AST_ABSOLUTE;
        berm_str container = absolute ? BERM_STR("") : names->scope->container;
        find_function(names, container, call, call->count, &callee);
        return callee;
    }
    berm_named named = berm_names_resolve(names, ast, ast->links.items[call->first].node);
    if (named.meaning == BERM_MEANS_NOTHING || named.meaning == BERM_MEANS_TYPE) {
        bool found = find_function(names, first_container(names), call, call->count - 1, &callee);
        callee.method = !found && !callee.known;
        if (!callee.method) return callee;
    }
    callee.function = berm_function_find(call->name, true, call->count);
    callee.known = berm_function_known(call->name);
    return callee;
}

/* --- what was meant --- */

/* Edit distance with neighbours that changed places counted as one, or a large number over `most`. */
static uint32_t measure_distance(berm_str a, berm_str b, uint32_t most)
{
    uint32_t rows[3][SUGGEST_MAX + 1];
    size_t apart = a.len > b.len ? a.len - b.len : b.len - a.len;
    if (a.len > SUGGEST_MAX || b.len > SUGGEST_MAX || apart > most) return UINT32_MAX;
    for (uint32_t j = 0; j <= b.len; j++) rows[0][j] = j;
    for (uint32_t i = 1; i <= a.len; i++) {
        uint32_t *row = rows[i % 3], *above = rows[(i - 1) % 3];
        const uint32_t *above_two = rows[(i + 1) % 3];
        row[0] = i;
        for (uint32_t j = 1; j <= b.len; j++) {
            uint32_t best = above[j - 1] + (a.ptr[i - 1] != b.ptr[j - 1]);
            if (above[j] + 1 < best) best = above[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            bool swapped =
                i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1];
            if (swapped && above_two[j - 2] + 1 < best) best = above_two[j - 2] + 1;
            row[j] = best;
        }
    }
    return rows[a.len % 3][b.len];
}

typedef struct suggestion {
    berm_str wrong, best;
    uint32_t distance; /* a better one is closer than this */
} suggestion;

/* A third of the letters may be wrong, and never all of them. */
static suggestion begin_suggestion(berm_str wrong)
{
    uint32_t most = wrong.len > SUGGEST_MAX ? 0 : ((uint32_t)wrong.len + 2) / 3;
    return (suggestion){wrong, BERM_STR(""), wrong.len < 2 ? 0 : most + 1};
}

static void consider_name(suggestion *s, berm_str name)
{
    if (s->distance == 0) return;
    uint32_t distance = measure_distance(s->wrong, name, s->distance - 1);
    if (distance >= s->distance) return;
    s->distance = distance;
    s->best = name;
}

berm_str berm_names_suggest(const berm_names *names, berm_str wrong)
{
    suggestion s = begin_suggestion(wrong);
    for (uint32_t i = names->locals.count; i-- > 0;) {
        consider_name(&s, names->locals.items[i].name);
    }
    for (uint32_t i = 0; i < names->scope->count; i++) {
        consider_name(&s, names->scope->bindings[i].name);
    }
    for (uint32_t i = BERM_TYPE_DYN + 1; i < BERM_TYPE_COUNT; i++) {
        consider_name(&s, berm_str_of(berm_type_name((berm_type_id)i)));
    }
    return s.best;
}

berm_str berm_names_suggest_function(berm_str wrong, bool method)
{
    suggestion s = begin_suggestion(wrong);
    uint8_t style = method ? BERM_FN_STYLE_METHOD : BERM_FN_STYLE_GLOBAL;
    for (uint32_t i = 0; i < BERM_FN_COUNT; i++) {
        const berm_function_info *info = &berm_function_infos[i];
        if (info->style == style) consider_name(&s, berm_str_of(info->name));
    }
    return s.best;
}
