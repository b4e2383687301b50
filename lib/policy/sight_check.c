#include "policy/sight_check.h"

#include "policy/dialects/uses.h"
#include "policy/host.h"
#include "policy/match.h"
#include "policy/regex_check.h"

/* `name`.x without ? and outside has() */
static bool selects_from(const berm_ast *ast, const berm_ast_node *node, const char *name)
{
    if (node->kind != BERM_AST_SELECT || (node->flags & (BERM_AST_OPTIONAL | BERM_AST_TEST)))
        return false;
    const berm_ast_node *from = berm_ast_at(ast, ast->links.items[node->first].node);
    return from->kind == BERM_AST_IDENT && berm_str_is(from->name, name);
}

static bool check_param_use(const berm_sight *sight, const berm_ast_node *node,
                            const berm_cel_origin *origin)
{
    const berm_parameter_defs *parameters = &sight->guardrail->parameters;
    berm_nearest nearest = {.wanted = node->name};
    for (uint32_t i = 0; i < parameters->count; i++) {
        if (berm_str_equal(parameters->items[i].name, node->name)) return true;
        berm_nearest_offer(&nearest, parameters->items[i].name);
    }
    return berm_sight_fault_unseen(sight, node, origin, "parameter", &nearest);
}

/* linked() and resources() say which kind they ask for, so that only such are looked up; they and
   configured() ask about the resource that is judged. */
static bool check_call(const berm_sight *sight, const berm_ast *ast, const berm_ast_node *node,
                       const berm_cel_origin *origin)
{
    bool join = berm_str_is(node->name, "linked") || berm_str_is(node->name, "resources");
    bool asks = join || berm_str_is(node->name, "configured");
    bool one =
        node->kind == BERM_AST_CALL && !(node->flags & BERM_AST_RECEIVER) && node->count == 1;
    if (!asks || !one) return true;
    berm_place place = berm_cel_place(origin, node->off, node->len);
    const berm_ast_node *kind = berm_ast_at(ast, ast->links.items[node->first].node);
    bool literal = kind->kind == BERM_AST_LITERAL && kind->value.tag == BERM_TAG_STRING;
    if (sight->guardrail && join && literal)
        berm_match_join(sight->build, &sight->guardrail->match, kind->name, place);
    if (sight->guardrail && (!join || literal)) return true;
    berm_place_fault(sight->build, place, BERM_D_POLICY_UNSUPPORTED,
                     sight->guardrail ? "%S() takes a kind in quotes, not an expression"
                                      : "%S() is for guardrails alone",
                     node->name);
    return false;
}

/* A pattern that is a literal; others are looked at when they are used. */
static bool check_pattern(const berm_sight *sight, const berm_ast *ast, const berm_ast_node *node,
                          const berm_cel_origin *origin)
{
    if (node->kind != BERM_AST_CALL || !berm_str_is(node->name, "matches") || node->count != 2)
        return true;
    const berm_ast_node *pattern = berm_ast_at(ast, ast->links.items[node->first + 1].node);
    if (pattern->kind != BERM_AST_LITERAL || pattern->value.tag != BERM_TAG_STRING) return true;
    return berm_pattern_check(sight->build, pattern->name,
                              berm_cel_place(origin, pattern->off, pattern->len));
}

/* What the checker could only call undeclared: parameters and variables that are not there (yet);
   patterns that are none; and what is joined. */
static bool check_uses(const berm_sight *sight, const berm_ast *ast, const berm_cel_origin *origin)
{
    bool params = sight->guardrail && !BERM_IS_FOREIGN(sight->guardrail) &&
                  !berm_sight_shadows(ast, "params");
    bool variables = sight->guardrail && !berm_sight_shadows(ast, "variables");
    bool good = true;
    for (uint32_t i = 1; i < ast->nodes.count; i++) {
        const berm_ast_node *node = &ast->nodes.items[i];
        good &= check_call(sight, ast, node, origin);
        good &= check_pattern(sight, ast, node, origin);
        if (params && selects_from(ast, node, "params"))
            good &= check_param_use(sight, node, origin);
        if (variables && selects_from(ast, node, "variables")) {
            good &= berm_sight_check_variable(sight, node, origin);
        }
    }
    return good;
}

/* `variables` itself is a name only where check_uses said what is wrong with those below it. */
berm_status berm_sight_check(const berm_sight *sight, berm_ast *ast, const berm_cel_origin *origin,
                             berm_type *type)
{
    berm_build *build = sight->build;
    if (berm_build_status(build) != BERM_OK) return berm_build_status(build);
    bool foreign = sight->guardrail && BERM_IS_FOREIGN(sight->guardrail);
    if (foreign && !berm_dialect_check_uses(sight, ast, origin)) return BERM_E_POLICY;
    bool sound = check_uses(sight, ast, origin);
    berm_check_env env = {.declarations = &build->declarations,
                          .variables = sight->declared.items + sound,
                          .count = sight->declared.count - sound};
    berm_status status = berm_cel_check(ast, &env, origin, build->diags, type);
    return status == BERM_OK && !sound ? BERM_E_POLICY : status;
}
