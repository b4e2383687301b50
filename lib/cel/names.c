/* What names mean. */
#include "cel/names.h"

#include "data/ops.h"

#define QUALIFIED_MAX 128u /* no function has a longer name */

void berm_names_free(berm_names *names)
{
    berm_array_free(names->alloc, &names->locals);
    berm_array_free(names->alloc, &names->chain);
}

void berm_names_push(berm_names *names, berm_str name, uint32_t value)
{
    berm_local local = {name, value};
    if (!berm_array_push(names->alloc, &names->locals, local)) names->failed = true;
}

bool berm_names_local(const berm_names *names, const berm_ast_node *node, uint32_t *value)
{
    if (node->kind != BERM_AST_IDENT || (node->flags & BERM_AST_ABSOLUTE)) return false;
    for (uint32_t i = names->locals.count; i-- > 0;) {
        if (!berm_str_equal(names->locals.items[i].name, node->name)) continue;
        *value = names->locals.items[i].value;
        return true;
    }
    return false;
}

/* --- chains: a.b.c --- */

bool berm_names_collect(berm_names *names, const berm_ast *ast, berm_node node)
{
    names->ast = ast;
    names->chain.count = 0;
    for (;;) {
        const berm_ast_node *at = berm_ast_at(ast, node);
        if (!berm_array_push(names->alloc, &names->chain, node)) {
            names->failed = true;
            names->chain.count = 0;
            return false;
        }
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
static bool take_name_part(berm_str *name, berm_str part, bool first)
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
    if (!first && !take_name_part(&name, container, true)) return false;
    for (uint32_t i = 0; i < length; i++, first = false) {
        if (!take_name_part(&name, berm_names_at(names, i)->name, first)) return false;
    }
    return name.len == 0;
}

static bool find_declared(const berm_names *names, berm_str container, berm_named *named)
{
    for (uint32_t i = names->declared.count; i-- > 0;) {
        berm_str name = berm_name_at(&names->declared, i);
        if (!spells_chain(name, container, names, named->length)) continue;
        named->meaning = BERM_MEANS_DECLARED;
        named->value = i;
        return true;
    }
    for (uint32_t i = BERM_TYPE_DYN + 1; i < BERM_TYPE_COUNT; i++) {
        berm_str name = berm_str_of(berm_type_name((berm_type_id)i));
        if (!spells_chain(name, container, names, named->length)) continue;
        named->meaning = BERM_MEANS_TYPE;
        named->value = i;
        return true;
    }
    if (!spells_chain(BERM_STR("authorizer"), container, names, named->length)) return false;
    named->meaning = BERM_MEANS_AUTHORIZER;
    return true;
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
    return absolute ? BERM_STR("") : names->container;
}

/* Are there names below the chain's first one (variables.x), so that the second is what is
   wrong? */
static bool is_namespace(const berm_names *names)
{
    berm_str first = berm_names_at(names, 0)->name;
    for (uint32_t i = 0; i < names->declared.count; i++) {
        berm_str rest = berm_name_at(&names->declared, i);
        if (take_name_part(&rest, first, true) && rest.len > 0 && rest.ptr[0] == '.') return true;
    }
    return false;
}

berm_named berm_names_resolve(berm_names *names, const berm_ast *ast, berm_node node)
{
    berm_named named = {.meaning = BERM_MEANS_VALUE, .length = 1};
    if (!berm_names_collect(names, ast, node)) return named;
    const berm_ast_node *first = berm_names_at(names, 0);
    if (first->kind != BERM_AST_IDENT) return named;
    if (berm_names_local(names, first, &named.value)) {
        named.meaning = BERM_MEANS_LOCAL;
        return named;
    }
    for (named.length = names->chain.count; named.length > 0; named.length--) {
        berm_str container = first_container(names);
        do {
            if (find_declared(names, container, &named)) return named;
        } while (next_container(&container));
    }
    named.meaning = BERM_MEANS_NOTHING;
    named.length = names->chain.count > 1 && is_namespace(names) ? 2 : 1;
    return named;
}

/* --- functions --- */

/* "container.a.b.f" for the chain a.b and the call of f; 0 when it is longer than any function's
   name. */
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
static bool find_qualified(const berm_names *names, berm_str container, const berm_ast_node *call,
                           uint32_t argc, const berm_function_finder *finder, berm_callee *callee)
{
    char buffer[QUALIFIED_MAX];
    do {
        berm_str name = {buffer, spell_function(buffer, container, names, call->name)};
        if (name.len == 0) continue;
        callee->function = finder->find(finder->ctx, name, false, argc, &callee->known);
        if (callee->function >= 0) return true;
    } while (next_container(&container));
    return false;
}

berm_callee berm_names_callee(berm_names *names, const berm_ast *ast, const berm_ast_node *call,
                              const berm_function_finder *finder)
{
    berm_callee callee = {.function = -1, .method = call->flags & BERM_AST_RECEIVER};
    if (!callee.method) {
        names->chain.count = 0;
        bool absolute = call->flags & BERM_AST_ABSOLUTE;
        berm_str container = absolute ? BERM_STR("") : names->container;
        find_qualified(names, container, call, call->count, finder, &callee);
        return callee;
    }
    berm_named named = berm_names_resolve(names, ast, ast->links.items[call->first].node);
    /* Variables do not hide functions: a name means one thing called and another read. */
    if (named.meaning != BERM_MEANS_VALUE) {
        find_qualified(names, first_container(names), call, call->count - 1, finder, &callee);
        callee.method = !callee.known;
        if (callee.known) return callee;
        callee.unnamed = named.meaning == BERM_MEANS_NOTHING;
    }
    callee.function = finder->find(finder->ctx, call->name, true, call->count, &callee.known);
    return callee;
}

/* --- what is said of names that mean nothing --- */

static void offer_names(const berm_names *names, berm_nearest *nearest)
{
    for (uint32_t i = names->locals.count; i-- > 0;) {
        berm_nearest_offer(nearest, names->locals.items[i].name);
    }
    for (uint32_t i = 0; i < names->declared.count; i++) {
        berm_nearest_offer(nearest, berm_name_at(&names->declared, i));
    }
    for (uint32_t i = BERM_TYPE_DYN + 1; i < BERM_TYPE_COUNT; i++) {
        berm_nearest_offer(nearest, berm_str_of(berm_type_name((berm_type_id)i)));
    }
}

const berm_ast_node *berm_names_print_unknown(berm_text *out, const berm_names *names,
                                              const berm_named *named)
{
    const berm_ast_node *last = berm_names_at(names, named->length - 1);
    berm_text name;
    berm_text_init(&name, names->alloc);
    berm_text_put(&name, berm_names_at(names, 0)->name);
    if (named->length > 1) berm_text_format(&name, ".%S", last->name);
    berm_nearest nearest = {.wanted = berm_text_view(&name)};
    offer_names(names, &nearest);
    berm_text_format(out, "'%S' is not declared", berm_text_view(&name));
    if (nearest.best.len) berm_text_format(out, "; did you mean '%S'?", nearest.best);
    out->failed |= name.failed;
    berm_text_free(&name);
    return last;
}

void berm_names_print_chain(berm_text *out, const berm_names *names)
{
    for (uint32_t i = 0; i < names->chain.count; i++) {
        berm_text_format(out, i ? ".%S" : "%S", berm_names_at(names, i)->name);
    }
}

static const struct cel_habit {
    const char *name, *instead;
} cel_habits[] = {
#define BERM_CEL_HABIT(name, instead) {name, instead},
#include "cel/habits.def"
#undef BERM_CEL_HABIT
};

bool berm_names_print_habit(berm_text *out, berm_str name)
{
    for (size_t i = 0; i < sizeof cel_habits / sizeof *cel_habits; i++) {
        if (!berm_str_is(name, cel_habits[i].name)) continue;
        berm_text_format(out, "; write %s", cel_habits[i].instead);
        return true;
    }
    return false;
}

void berm_names_print_no_function(berm_text *out, const berm_ast_node *call,
                                  const berm_callee *callee, const berm_nearest *nearest)
{
    const char *sort = callee->method ? "method" : "function";
    uint32_t given = call->count - berm_callee_skipped(call, callee) - callee->method;
    berm_text_format(out, "there is no %s %S()", sort, call->name);
    if (callee->known) {
        berm_text_format(out, " that takes %u argument%s", given, given == 1 ? "" : "s");
    } else if (!berm_names_print_habit(out, call->name) && nearest->best.len) {
        berm_text_format(out, "; did you mean %S()?", nearest->best);
    }
}
