/* Macros. They are no rewriting: each becomes one node that says what was written, its variables
   taken out of the arguments. */
#include "cel/macros.h"

#include "base/number.h"

static const berm_macro_info cel_macros[] = {
#define BERM_CEL_MACRO(name, on, arguments, variables, form, macro) \
    {name, BERM_MACRO_ON_##on, arguments, variables, BERM_MACRO_FORM_##form, BERM_MACRO_##macro},
#include "cel/macros.def"
#undef BERM_CEL_MACRO
};

static bool is_cel_namespace(const berm_ast *ast, berm_node receiver)
{
    const berm_ast_node *node = berm_ast_at(ast, receiver);
    return node->kind == BERM_AST_IDENT && !node->flags && berm_str_is(node->name, "cel");
}

static bool fits_cel_macro(const berm_macro_info *info, const berm_ast *ast, berm_node receiver)
{
    if (info->on == BERM_MACRO_ON_NOTHING) return receiver == 0;
    if (info->on == BERM_MACRO_ON_RANGE) return receiver != 0;
    return receiver && is_cel_namespace(ast, receiver);
}

const berm_macro_info *berm_cel_macro(const berm_ast *ast, const berm_cel_options *options,
                                      const berm_ast_node *call, berm_node receiver, uint32_t count)
{
    if (options->no_macros || (call->flags & BERM_AST_ABSOLUTE)) return NULL;
    for (size_t i = 0; i < sizeof cel_macros / sizeof *cel_macros; i++) {
        const berm_macro_info *info = &cel_macros[i];
        if (info->form >= BERM_MACRO_FORM_BLOCK && !options->test_macros) continue;
        if (info->arguments == count && berm_str_is(call->name, info->name) &&
            fits_cel_macro(info, ast, receiver)) {
            return info;
        }
    }
    return NULL;
}

bool berm_cel_print_macro_arguments(berm_text *out, berm_str name, bool receiver)
{
    bool found = false;
    for (size_t i = 0; i < sizeof cel_macros / sizeof *cel_macros; i++) {
        const berm_macro_info *info = &cel_macros[i];
        bool fits = receiver == (info->on != BERM_MACRO_ON_NOTHING);
        if (!fits || info->form >= BERM_MACRO_FORM_BLOCK || !berm_str_is(name, info->name)) {
            continue;
        }
        berm_text_format(out, found ? " or %u" : "%u", info->arguments);
        found = true;
    }
    return found;
}

static berm_node refuse_cel_macro(berm_cel_faults *faults, const berm_ast_node *at,
                                  const berm_ast_node *call, const char *expected)
{
    berm_cel_fault(faults, BERM_D_CEL_MACRO, at->off, at->len, "%S() expects %s", call->name,
                   expected);
    return 0;
}

static berm_node add_cel_macro(berm_ast *ast, berm_cel_faults *faults, const berm_ast_node *node,
                               const berm_ast_link *children, uint32_t count)
{
    berm_node added = berm_ast_add(ast, node, children, count);
    if (!added) berm_cel_nomem(faults);
    return added;
}

/* --- has --- */

static berm_node expand_cel_has(berm_ast *ast, berm_cel_faults *faults, const berm_ast_node *call,
                                const berm_ast_link *args)
{
    berm_ast_node *select = &ast->nodes.items[args[0].node];
    if (select->kind == BERM_AST_INDEX) {
        return refuse_cel_macro(faults, select, call,
                                "a field such as has(a.b); for a key in brackets write key in a");
    }
    if (select->kind != BERM_AST_SELECT || (select->flags & BERM_AST_TEST)) {
        return refuse_cel_macro(faults, select, call, "a field such as has(a.b)");
    }
    if (select->flags & BERM_AST_OPTIONAL) {
        return refuse_cel_macro(faults, select, call,
                                "a plain field at its end; write has(a.b) or a.?b.hasValue()");
    }
    select->flags |= BERM_AST_TEST;
    select->off = call->off;
    select->len = call->len;
    return args[0].node;
}

/* --- variables --- */

static bool take_cel_variable(const berm_ast *ast, berm_cel_faults *faults,
                              const berm_ast_node *call, berm_node arg, berm_str *out)
{
    const berm_ast_node *node = berm_ast_at(ast, arg);
    if (node->kind == BERM_AST_IDENT && !node->flags) {
        *out = node->name;
        return true;
    }
    refuse_cel_macro(faults, node, call, "a simple name for its variable here");
    return false;
}

static bool take_cel_variables(const berm_ast *ast, berm_cel_faults *faults,
                               const berm_macro_info *info, berm_ast_node *node,
                               const berm_ast_link *args)
{
    const berm_ast_node call = *node;
    if (!take_cel_variable(ast, faults, &call, args[0].node, &node->var)) return false;
    if (info->variables == 1) return true;
    if (!take_cel_variable(ast, faults, &call, args[1].node, &node->var2)) return false;
    if (!berm_str_equal(node->var, node->var2)) return true;
    refuse_cel_macro(faults, berm_ast_at(ast, args[1].node), &call, "two variables, not one twice");
    return false;
}

/* LOOP and BIND: the receiver (cel.bind has none), then the arguments behind the variables. */
static berm_node expand_cel_variables(berm_ast *ast, berm_cel_faults *faults,
                                      const berm_macro_info *info, const berm_ast_node *call,
                                      berm_node receiver, const berm_ast_link *args)
{
    berm_ast_node node = *call;
    berm_ast_link children[4];
    uint32_t count = 0;
    node.kind = info->form == BERM_MACRO_FORM_LOOP ? BERM_AST_LOOP : BERM_AST_BIND;
    node.macro = (uint8_t)info->macro;
    node.flags = 0;
    if (!take_cel_variables(ast, faults, info, &node, args)) return 0;
    if (info->on == BERM_MACRO_ON_RANGE) children[count++] = (berm_ast_link){.node = receiver};
    for (uint32_t i = info->variables; i < info->arguments; i++) children[count++] = args[i];
    return add_cel_macro(ast, faults, &node, children, count);
}

/* --- the test macros --- */

static berm_node expand_cel_block(berm_ast *ast, berm_cel_faults *faults, const berm_ast_node *call,
                                  const berm_ast_link *args)
{
    const berm_ast_node list = *berm_ast_at(ast, args[0].node);
    bool plain = list.kind == BERM_AST_LIST;
    for (uint32_t i = 0; plain && i < list.count; i++) {
        plain = !ast->links.items[list.first + i].flags;
    }
    if (!plain) return refuse_cel_macro(faults, &list, call, "a list of plain elements first");
    berm_ast_node node = *call;
    node.macro = BERM_MACRO_BLOCK;
    node.flags = 0;
    node.name = BERM_STR("cel.@block");
    size_t len = (list.count + (size_t)1) * sizeof(berm_ast_link);
    berm_ast_link *children = berm_mem_new(ast->arena.alloc, len);
    if (!children) {
        berm_cel_nomem(faults);
        return 0;
    }
    for (uint32_t i = 0; i < list.count; i++) children[i] = ast->links.items[list.first + i];
    children[list.count] = args[1];
    berm_node added = add_cel_macro(ast, faults, &node, children, list.count + 1);
    berm_mem_free(ast->arena.alloc, children, len);
    return added;
}

static const struct cel_test_variable {
    const char *macro, *prefix;
} cel_test_variables[] = {
    [BERM_MACRO_FORM_INDEX] = {"index", "@index"},
    [BERM_MACRO_FORM_ITER_VAR] = {"iterVar", "@it:"},
    [BERM_MACRO_FORM_ACCU_VAR] = {"accuVar", "@ac:"},
};

static berm_node expand_cel_test_variable(berm_ast *ast, berm_cel_faults *faults,
                                          const berm_macro_info *info, const berm_ast_node *call,
                                          const berm_ast_link *args)
{
    char buffer[64];
    int64_t numbers[2] = {0, 0};
    for (uint32_t i = 0; i < info->arguments; i++) {
        const berm_ast_node *arg = berm_ast_at(ast, args[i].node);
        bool number = arg->kind == BERM_AST_LITERAL && arg->value.tag == BERM_TAG_INT;
        if (!number || arg->value.as.i < 0) {
            return refuse_cel_macro(faults, arg, call, "a number that is not negative");
        }
        numbers[i] = arg->value.as.i;
    }
    const char *prefix = cel_test_variables[info->form].prefix;
    if (info->arguments == 1) berm_format_into(buffer, sizeof buffer, "%s%l", prefix, numbers[0]);
    else berm_format_into(buffer, sizeof buffer, "%s%l:%l", prefix, numbers[0], numbers[1]);
    berm_ast_node node = *call;
    node.kind = BERM_AST_IDENT;
    node.flags = 0;
    if (!berm_arena_copy(&ast->arena, berm_str_of(buffer), &node.name)) {
        berm_cel_nomem(faults);
        return 0;
    }
    return add_cel_macro(ast, faults, &node, NULL, 0);
}

bool berm_cel_print_test_variable(berm_text *out, berm_str name)
{
    size_t first = BERM_MACRO_FORM_INDEX,
           count = sizeof cel_test_variables / sizeof *cel_test_variables;
    for (size_t i = first; i < count; i++) {
        berm_str prefix = berm_str_of(cel_test_variables[i].prefix);
        if (!berm_str_starts(name, prefix)) continue;
        berm_str numbers = berm_str_cut(name, prefix.len, name.len);
        const char *colon = memchr(numbers.ptr, ':', numbers.len);
        size_t first_len = colon ? (size_t)(colon - numbers.ptr) : numbers.len;
        berm_text_format(out, "cel.%s(%S", cel_test_variables[i].macro,
                         berm_str_cut(numbers, 0, first_len));
        if (colon) {
            berm_text_format(out, ", %S", berm_str_cut(numbers, first_len + 1, numbers.len));
        }
        berm_text_putc(out, ')');
        return true;
    }
    return false;
}

/* --- all of them --- */

berm_node berm_cel_expand(berm_ast *ast, berm_cel_faults *faults, const berm_macro_info *info,
                          const berm_ast_node *call, berm_node receiver, const berm_ast_link *args)
{
    switch (info->form) {
    case BERM_MACRO_FORM_HAS: return expand_cel_has(ast, faults, call, args);
    case BERM_MACRO_FORM_LOOP:
    case BERM_MACRO_FORM_BIND: return expand_cel_variables(ast, faults, info, call, receiver, args);
    case BERM_MACRO_FORM_BLOCK: return expand_cel_block(ast, faults, call, args);
    default: return expand_cel_test_variable(ast, faults, info, call, args);
    }
}
