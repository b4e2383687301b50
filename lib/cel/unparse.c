/* Trees back to text: one space around operators, strings in single quotes, no parentheses that
   the grammar does not need. The text parses to an equal tree. Recursion is bounded by the depth
   of the tree. */
#include "cel/literals.h"
#include "cel/macros.h"
#include "cel/parser.h"

/* How tightly a node's text binds. */
enum {
    CEL_TEXT_CHOICE = 1,
    CEL_TEXT_OR,
    CEL_TEXT_AND,
    CEL_TEXT_RELATION,
    CEL_TEXT_ADDITION,
    CEL_TEXT_MULTIPLICATION,
    CEL_TEXT_UNARY,
    CEL_TEXT_MEMBER
};

static const struct cel_spelling {
    const char *function, *text;
    int level;
} cel_spellings[] = {
#define BERM_CEL_OPERATOR(token, function, text, level) {function, text, CEL_TEXT_##level},
#include "cel/operators.def"
#undef BERM_CEL_OPERATOR
    {"-_", "-", CEL_TEXT_UNARY},
    {"!_", "!", CEL_TEXT_UNARY},
};

static const struct cel_spelling *find_cel_spelling(const berm_ast_node *node)
{
    if (node->kind != BERM_AST_CALL || node->flags) return NULL;
    for (size_t i = 0; i < sizeof cel_spellings / sizeof *cel_spellings; i++) {
        if (berm_str_is(node->name, cel_spellings[i].function)) return &cel_spellings[i];
    }
    return NULL;
}

static bool is_cel_negative(const berm_ast_node *node)
{
    const berm_cell *value = &node->value;
    if (node->kind != BERM_AST_LITERAL) return false;
    return (value->tag == BERM_TAG_INT && value->as.i < 0) ||
           (value->tag == BERM_TAG_DOUBLE && value->as.u >> 63);
}

static int find_cel_level(const berm_ast_node *node)
{
    const struct cel_spelling *spelling = find_cel_spelling(node);
    switch (node->kind) {
    case BERM_AST_COND: return CEL_TEXT_CHOICE;
    case BERM_AST_OR: return CEL_TEXT_OR;
    case BERM_AST_AND: return CEL_TEXT_AND;
    case BERM_AST_LITERAL: return is_cel_negative(node) ? CEL_TEXT_UNARY : CEL_TEXT_MEMBER;
    default: return spelling ? spelling->level : CEL_TEXT_MEMBER;
    }
}

static void print_cel(berm_text *out, const berm_ast *ast, berm_node n);

/* Child i, in parentheses if it binds less tightly than `level`. */
static void print_cel_child(berm_text *out, const berm_ast *ast, const berm_ast_node *node,
                            uint32_t i, int level)
{
    berm_node child = ast->links.items[node->first + i].node;
    bool loose = find_cel_level(berm_ast_at(ast, child)) < level;
    if (loose) berm_text_putc(out, '(');
    print_cel(out, ast, child);
    if (loose) berm_text_putc(out, ')');
}

/* Children first.. with commas between; [?e] as its link says. */
static void print_cel_children(berm_text *out, const berm_ast *ast, const berm_ast_node *node,
                               uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++) {
        if (i > first) berm_text_put(out, BERM_STR(", "));
        if (ast->links.items[node->first + i].flags & BERM_AST_OPTIONAL) berm_text_putc(out, '?');
        print_cel_child(out, ast, node, i, CEL_TEXT_CHOICE);
    }
}

/* --- literals and names --- */

static void print_cel_literal(berm_text *out, const berm_ast_node *node)
{
    switch (node->value.tag) {
    case BERM_TAG_NULL: berm_text_put(out, BERM_STR("null")); break;
    case BERM_TAG_BOOL: berm_text_format(out, "%s", node->value.as.u ? "true" : "false"); break;
    case BERM_TAG_INT: berm_text_format(out, "%l", node->value.as.i); break;
    case BERM_TAG_UINT: berm_text_format(out, "%Lu", node->value.as.u); break;
    case BERM_TAG_DOUBLE: berm_cel_print_double(out, node->value.as.d); break;
    case BERM_TAG_STRING: berm_cel_print_string(out, node->name, false); break;
    default: berm_cel_print_string(out, node->name, true);
    }
}

static void print_cel_ident(berm_text *out, berm_str name)
{
    if (!berm_cel_print_test_variable(out, name)) berm_text_put(out, name);
}

static void print_cel_field(berm_text *out, berm_str name)
{
    berm_text_format(out, berm_cel_is_selector(name) ? "%S" : "`%S`", name);
}

/* --- members --- */

static void print_cel_select(berm_text *out, const berm_ast *ast, const berm_ast_node *node)
{
    if (node->flags & BERM_AST_TEST) berm_text_put(out, BERM_STR("has("));
    print_cel_child(out, ast, node, 0, CEL_TEXT_MEMBER);
    berm_text_format(out, "%s", node->flags & BERM_AST_OPTIONAL ? ".?" : ".");
    print_cel_field(out, node->name);
    if (node->flags & BERM_AST_TEST) berm_text_putc(out, ')');
}

static void print_cel_index(berm_text *out, const berm_ast *ast, const berm_ast_node *node)
{
    print_cel_child(out, ast, node, 0, CEL_TEXT_MEMBER);
    berm_text_format(out, "%s", node->flags & BERM_AST_OPTIONAL ? "[?" : "[");
    print_cel_child(out, ast, node, 1, CEL_TEXT_CHOICE);
    berm_text_putc(out, ']');
}

/* Does the text of a node begin with a number, so that a - before it would be taken for its
   sign? */
static bool begins_with_number(const berm_ast *ast, berm_node n)
{
    const berm_ast_node *node = berm_ast_at(ast, n);
    while ((node->kind == BERM_AST_SELECT && !(node->flags & BERM_AST_TEST)) ||
           node->kind == BERM_AST_INDEX || (node->flags & BERM_AST_RECEIVER) ||
           node->kind == BERM_AST_LOOP ||
           (node->kind == BERM_AST_BIND && node->macro != BERM_MACRO_BIND)) {
        node = berm_ast_at(ast, ast->links.items[node->first].node);
    }
    return node->kind == BERM_AST_LITERAL &&
           (node->value.tag == BERM_TAG_INT || node->value.tag == BERM_TAG_DOUBLE);
}

static void print_cel_operator(berm_text *out, const berm_ast *ast, const berm_ast_node *node,
                               const struct cel_spelling *spelling)
{
    if (spelling->level < CEL_TEXT_UNARY) {
        print_cel_child(out, ast, node, 0, spelling->level);
        berm_text_format(out, " %s ", spelling->text);
        print_cel_child(out, ast, node, 1, spelling->level + 1);
        return;
    }
    /* -(5) is a negation, -5 a number; so with 5.x and 5[x] */
    bool number =
        spelling->text[0] == '-' && begins_with_number(ast, ast->links.items[node->first].node);
    berm_text_format(out, "%s", spelling->text);
    print_cel_child(out, ast, node, 0, number ? CEL_TEXT_MEMBER + 1 : CEL_TEXT_MEMBER);
}

static void print_cel_call(berm_text *out, const berm_ast *ast, const berm_ast_node *node)
{
    const struct cel_spelling *spelling = find_cel_spelling(node);
    if (spelling) {
        print_cel_operator(out, ast, node, spelling);
        return;
    }
    uint32_t first = 0;
    if (node->flags & BERM_AST_ABSOLUTE) berm_text_putc(out, '.');
    if (node->flags & BERM_AST_RECEIVER) {
        print_cel_child(out, ast, node, first++, CEL_TEXT_MEMBER);
        berm_text_putc(out, '.');
    }
    berm_text_format(out, "%S(", node->name);
    print_cel_children(out, ast, node, first, node->count);
    berm_text_putc(out, ')');
}

static void print_cel_block(berm_text *out, const berm_ast *ast, const berm_ast_node *node)
{
    berm_text_put(out, BERM_STR("cel.block(["));
    print_cel_children(out, ast, node, 0, node->count - 1);
    berm_text_put(out, BERM_STR("], "));
    print_cel_child(out, ast, node, node->count - 1, CEL_TEXT_CHOICE);
    berm_text_putc(out, ')');
}

/* range.name(var, var2, bodies)  cel.bind(var, value, body) */
static void print_cel_macro(berm_text *out, const berm_ast *ast, const berm_ast_node *node)
{
    bool bind = node->macro == BERM_MACRO_BIND;
    if (bind) berm_text_put(out, BERM_STR("cel"));
    else print_cel_child(out, ast, node, 0, CEL_TEXT_MEMBER);
    berm_text_format(out, ".%S(", node->name);
    print_cel_ident(out, node->var);
    if (node->var2.len) {
        berm_text_put(out, BERM_STR(", "));
        print_cel_ident(out, node->var2);
    }
    berm_text_put(out, BERM_STR(", "));
    print_cel_children(out, ast, node, !bind, node->count);
    berm_text_putc(out, ')');
}

/* --- containers --- */

static void print_cel_entries(berm_text *out, const berm_ast *ast, const berm_ast_node *node)
{
    berm_text_putc(out, '{');
    for (uint32_t i = 0; i < node->count; i += 2) {
        const berm_ast_link *key = &ast->links.items[node->first + i];
        if (i) berm_text_put(out, BERM_STR(", "));
        if (key->flags & BERM_AST_OPTIONAL) berm_text_putc(out, '?');
        if (node->kind == BERM_AST_STRUCT) {
            print_cel_field(out, berm_ast_at(ast, key->node)->name);
        } else {
            print_cel_child(out, ast, node, i, CEL_TEXT_CHOICE);
        }
        berm_text_put(out, BERM_STR(": "));
        print_cel_child(out, ast, node, i + 1, CEL_TEXT_CHOICE);
    }
    berm_text_putc(out, '}');
}

/* --- all of them --- */

/* A side of && or ||: what the parser balanced stands there without parentheses. */
static void print_cel_side(berm_text *out, const berm_ast *ast, const berm_ast_node *node,
                           uint32_t i, int level)
{
    const berm_ast_node *side = berm_ast_at(ast, ast->links.items[node->first + i].node);
    bool chained = side->kind == node->kind && (side->flags & BERM_AST_CHAINED);
    print_cel_child(out, ast, node, i, chained ? level : level + 1);
}

static void print_cel_logic(berm_text *out, const berm_ast *ast, const berm_ast_node *node)
{
    bool conjunction = node->kind == BERM_AST_AND;
    print_cel_side(out, ast, node, 0, conjunction ? CEL_TEXT_AND : CEL_TEXT_OR);
    berm_text_format(out, " %s ", conjunction ? "&&" : "||");
    print_cel_side(out, ast, node, 1, conjunction ? CEL_TEXT_AND : CEL_TEXT_OR);
}

static void print_cel_choice(berm_text *out, const berm_ast *ast, const berm_ast_node *node)
{
    print_cel_child(out, ast, node, 0, CEL_TEXT_OR);
    berm_text_put(out, BERM_STR(" ? "));
    print_cel_child(out, ast, node, 1, CEL_TEXT_OR);
    berm_text_put(out, BERM_STR(" : "));
    print_cel_child(out, ast, node, 2, CEL_TEXT_CHOICE);
}

static void print_cel(berm_text *out, const berm_ast *ast, berm_node n)
{
    const berm_ast_node *node = berm_ast_at(ast, n);
    bool absolute = node->flags & BERM_AST_ABSOLUTE;
    switch (node->kind) {
    case BERM_AST_LITERAL: print_cel_literal(out, node); break;
    case BERM_AST_IDENT:
        if (absolute) berm_text_putc(out, '.');
        print_cel_ident(out, node->name);
        break;
    case BERM_AST_SELECT: print_cel_select(out, ast, node); break;
    case BERM_AST_INDEX: print_cel_index(out, ast, node); break;
    case BERM_AST_CALL:
        if (node->macro == BERM_MACRO_BLOCK) print_cel_block(out, ast, node);
        else print_cel_call(out, ast, node);
        break;
    case BERM_AST_AND:
    case BERM_AST_OR: print_cel_logic(out, ast, node); break;
    case BERM_AST_COND: print_cel_choice(out, ast, node); break;
    case BERM_AST_LIST:
        berm_text_putc(out, '[');
        print_cel_children(out, ast, node, 0, node->count);
        berm_text_putc(out, ']');
        break;
    case BERM_AST_STRUCT:
        berm_text_format(out, "%s%S", absolute ? "." : "", node->name);
        print_cel_entries(out, ast, node);
        break;
    case BERM_AST_MAP: print_cel_entries(out, ast, node); break;
    case BERM_AST_LOOP:
    case BERM_AST_BIND: print_cel_macro(out, ast, node); break;
    default: break;
    }
}

bool berm_cel_unparse(berm_text *out, const berm_ast *ast, berm_node node)
{
    print_cel(out, ast, node);
    return !out->failed;
}
