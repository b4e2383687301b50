/* Which part of an expression decided what it came to: from the whole down, to the side of && that
   was false, the branch that was chosen, the element that broke `all`, the operand that was unknown
   or an error, and no further than one part alone decides. Where the outcome is sensitive, so is
   what led to it: there it ends. */
#include "policy/evaluation.h"

static bool is_undecided(berm_cell value)
{
    return value.tag == BERM_TAG_UNKNOWN || value.tag == BERM_TAG_ERROR;
}

/* The first child below `row`, or below one of its turns, that has the tag: of bools the value,
   too. */
static uint32_t find_alike(const berm_evaluation *ev, uint32_t row, berm_cell value)
{
    for (uint32_t at = ev->seen.items[row].child; at != BERM_NO_BRANCH;
         at = ev->seen.items[at].next) {
        const berm_branch *seen = &ev->seen.items[at];
        if (seen->iteration) {
            uint32_t below = find_alike(ev, at, value);
            if (below != BERM_NO_BRANCH) return below;
        } else if (seen->value.tag == value.tag &&
                   (value.tag != BERM_TAG_BOOL || seen->value.as.u == value.as.u)) {
            return at;
        }
    }
    return BERM_NO_BRANCH;
}

static uint32_t find_deciding_branch(const berm_evaluation *ev, uint32_t row)
{
    const berm_ast *ast = berm_branch_tree(ev, &ev->seen.items[row]);
    uint32_t condition = berm_branch_child(ev, row, 0);
    for (uint32_t i = 1; i < 3; i++) {
        uint32_t branch = berm_branch_child(ev, row, i);
        if (branch == BERM_NO_BRANCH) continue;
        bool constant = berm_ast_at(ast, ev->seen.items[branch].node)->kind == BERM_AST_LITERAL;
        return constant ? condition : branch;
    }
    return condition;
}

/* The turn of the loop that ended it. */
static uint32_t find_last_turn(const berm_evaluation *ev, uint32_t row)
{
    uint32_t last = ev->seen.items[row].last_child;
    if (last == BERM_NO_BRANCH || !ev->seen.items[last].iteration) return BERM_NO_BRANCH;
    return find_alike(ev, last, ev->seen.items[row].value);
}

/* The one part of `row` that decided it; BERM_NO_BRANCH when there is none. */
static uint32_t find_deciding_part(const berm_evaluation *ev, uint32_t row)
{
    const berm_branch *seen = &ev->seen.items[row];
    const berm_ast_node *node = berm_branch_node(ev, seen);
    if (seen->value.flags & BERM_CELL_SENSITIVE) return BERM_NO_BRANCH;
    uint32_t call = berm_branch_call(ev, row);
    if (call != BERM_NO_BRANCH) return call;
    if (node->kind == BERM_AST_COND) return find_deciding_branch(ev, row);
    if (node->kind == BERM_AST_BIND) return berm_branch_child(ev, row, 1);
    if (is_undecided(seen->value)) return find_alike(ev, row, seen->value);
    if (seen->value.tag != BERM_TAG_BOOL) return BERM_NO_BRANCH;
    bool holds = seen->value.as.u;
    switch (node->kind) {
    case BERM_AST_AND: return holds ? BERM_NO_BRANCH : find_alike(ev, row, seen->value);
    case BERM_AST_OR: return holds ? find_alike(ev, row, seen->value) : BERM_NO_BRANCH;
    case BERM_AST_LOOP:
        if (node->macro != (holds ? BERM_MACRO_EXISTS : BERM_MACRO_ALL)) return BERM_NO_BRANCH;
        return find_last_turn(ev, row);
    case BERM_AST_CALL: return berm_str_is(node->name, "!_") ? berm_branch_child(ev, row, 0) : call;
    default: return BERM_NO_BRANCH;
    }
}

uint32_t berm_evaluation_decider(const berm_evaluation *ev)
{
    if (ev->seen.count == 0) return BERM_NO_BRANCH;
    uint32_t row = 0;
    for (;;) {
        uint32_t part = find_deciding_part(ev, row);
        if (part == BERM_NO_BRANCH) return row;
        row = part;
    }
}
