/* Explanations: an evaluation as an indented text, and why a guardrail does not look at a
   resource.

       object.a > 1 && object.b = false
     >   object.a > 1           = false          the part that decided
           object.a             = 1
         object.b               not evaluated    */
#include "policy/explain.h"

#include "policy/match.h"
#include "policy/words.h"

#define EXPLAIN_TEXT_MAX (256u << 10)

typedef struct explain_print {
    berm_text *out;
    const berm_evaluation *ev;
    const berm_space *space;
    uint32_t decider;
} explain_print;

static void put_indent(const explain_print *p, bool marked, uint32_t level)
{
    berm_text_put(p->out, marked ? BERM_STR("> ") : BERM_STR("  "));
    berm_text_pad(p->out, ' ', 2 * (size_t)(level < 40 ? level : 40));
}

static void put_value(const explain_print *p, berm_cell value)
{
    berm_text_put(p->out, BERM_STR(" = "));
    berm_branch_print_value(p->out, p->space, value);
    berm_text_putc(p->out, '\n');
}

/* The variables of a turn: "p = 1, i = 2". */
static void put_turn(const explain_print *p, const berm_branch *turn, uint32_t level)
{
    const berm_ast_node *loop = berm_branch_node(p->ev, turn);
    put_indent(p, false, level);
    berm_text_put(p->out, loop->var);
    if (loop->var2.len) {
        berm_text_put(p->out, BERM_STR(" = "));
        berm_branch_print_value(p->out, p->space, turn->value);
        berm_text_put(p->out, BERM_STR(", "));
        berm_text_put(p->out, loop->var2);
        put_value(p, turn->other);
    } else {
        put_value(p, turn->value);
    }
}

static bool is_path(const berm_ast_node *node)
{
    return node->kind == BERM_AST_IDENT ||
           (node->kind == BERM_AST_SELECT && !(node->flags & BERM_AST_TEST));
}

static void print_seen(const explain_print *p, uint32_t row, uint32_t level);

/* What was not needed says so; names and literals speak for themselves. */
static void print_child(const explain_print *p, uint32_t row, uint32_t i, uint32_t level)
{
    const berm_branch *seen = &p->ev->seen.items[row];
    const berm_ast *ast = berm_branch_tree(p->ev, seen);
    berm_node child = berm_ast_child(ast, seen->node, i);
    const berm_ast_node *c = berm_ast_at(ast, child);
    uint32_t below = berm_branch_child(p->ev, row, i);
    bool local =
        c->kind == BERM_AST_IDENT && berm_branch_local(p->ev, row, c->name).tag != BERM_TAG_MISSING;
    if (c->kind == BERM_AST_LITERAL || local) return;
    if (below != BERM_NO_BRANCH) {
        print_seen(p, below, level);
    } else if (c->kind != BERM_AST_IDENT) {
        put_indent(p, false, level);
        berm_branch_print(p->out, p->ev, seen, child);
        berm_text_put(p->out, BERM_STR("  (not evaluated)\n"));
    }
}

static void print_turns(const explain_print *p, uint32_t row, uint32_t level)
{
    for (uint32_t at = p->ev->seen.items[row].child; at != BERM_NO_BRANCH;
         at = p->ev->seen.items[at].next) {
        const berm_branch *turn = &p->ev->seen.items[at];
        if (!turn->iteration) continue;
        put_turn(p, turn, level);
        for (uint32_t i = 1; i < berm_branch_node(p->ev, turn)->count; i++)
            print_child(p, at, i, level + 1);
    }
}

/* Where a value is sensitive, what it came from would tell of it: which side, which turn. */
static void print_seen(const explain_print *p, uint32_t row, uint32_t level)
{
    const berm_branch *seen = &p->ev->seen.items[row];
    const berm_ast_node *node = berm_branch_node(p->ev, seen);
    if (p->out->len > EXPLAIN_TEXT_MAX) return;
    put_indent(p, row == p->decider, level);
    berm_branch_print(p->out, p->ev, seen, seen->node);
    put_value(p, seen->value);
    if (seen->value.flags & BERM_CELL_SENSITIVE || berm_branch_folded(p->ev, row)) return;
    uint32_t call = berm_branch_call(p->ev, row);
    if (call != BERM_NO_BRANCH) {
        print_seen(p, call, level + 1);
        return;
    }
    bool decided = seen->value.tag != BERM_TAG_ERROR && seen->value.tag != BERM_TAG_UNKNOWN;
    uint32_t count = node->kind == BERM_AST_LOOP ? 1 : node->count;
    for (uint32_t i = 0; i < count; i++) {
        const berm_ast *ast = berm_branch_tree(p->ev, seen);
        bool path = node->kind == BERM_AST_SELECT &&
                    is_path(berm_ast_at(ast, berm_ast_child(ast, seen->node, i)));
        if (!path || (!decided && berm_branch_child(p->ev, row, i) != BERM_NO_BRANCH))
            print_child(p, row, i, level + 1);
    }
    print_turns(p, row, level + 1);
}

void berm_explain_evaluation(berm_runner *runner)
{
    berm_text *out = &runner->explanation;
    const berm_evaluation *ev = &runner->evaluation;
    explain_print p = {out, ev, &runner->vm.space, berm_evaluation_decider(ev)};
    if (ev->seen.count) print_seen(&p, 0, 0);
    if (ev->trace.events.count >= BERM_TRACE_EVENTS_MAX || out->len > EXPLAIN_TEXT_MAX)
        berm_text_put(out, BERM_STR("  (there is more than is shown)\n"));
}

/* --- why a guardrail does not look at a resource --- */

static bool is_meant(berm_str glob, berm_str name)
{
    return glob.len == 0 || berm_glob_match(glob, name);
}

bool berm_explain_wanted(const berm_runner *runner, const berm_resource *r, uint32_t guardrail)
{
    const berm_run *run = runner->run;
    if (!run || !(run->flags & BERM_RUN_EXPLAIN) || guardrail == BERM_NO_ROW) return false;
    const berm_image *image = &runner->policy->image;
    return is_meant(run->explain_resources, r->address) &&
           is_meant(run->explain_guardrails,
                    berm_image_text(image, image->guardrails[guardrail].id));
}

static bool fits_target(const berm_image *image, const berm_img_match *m, const berm_resource *r)
{
    berm_str wanted = berm_image_text(image, m->target);
    if (wanted.len == 0 || r->target == BERM_NO_ROW) return true;
    const berm_img_target *t = &image->targets[r->target];
    return berm_str_equal(wanted, berm_image_text(image, t->name)) ||
           berm_str_equal(wanted, berm_image_text(image, t->kinds_of));
}

static void list_matches(berm_text *out, const berm_image *image, const berm_img_guardrail *g,
                         const berm_resource *r, bool targets)
{
    bool any = false;
    for (uint32_t i = 0; i < g->matches.count; i++) {
        const berm_img_match *m = &image->matchs[g->matches.first + i];
        if (targets ? i > 0 : !fits_target(image, m, r)) continue;
        if (any) berm_text_put(out, BERM_STR(", "));
        berm_text_put(out, berm_image_text(image, targets ? m->target : m->kind));
        any = true;
    }
}

static void list_actions(berm_text *out, uint32_t actions)
{
    bool any = false;
    for (uint32_t a = 0; a < BERM_ACTION_COUNT; a++) {
        if (!(actions & 1u << a)) continue;
        if (any) berm_text_put(out, BERM_STR(", "));
        berm_text_put(out, berm_str_of(berm_action_word(a)));
        any = true;
    }
}

/* Which of what `match` says does not hold. */
static void put_mismatch(berm_text *out, const berm_image *image, const berm_resource *r,
                         const berm_img_guardrail *g, berm_unseen why)
{
    bool target = false;
    for (uint32_t i = 0; i < g->matches.count; i++)
        target |= fits_target(image, &image->matchs[g->matches.first + i], r);
    if (BERM_PART_DIALECTS && why == BERM_UNSEEN_REQUEST) {
        berm_text_put(out,
                      BERM_STR("what the policy or its binding matches (operations, resources, "
                               "namespaces, names, selectors) does not take in this request"));
    } else if (why == BERM_UNSEEN_ACTION) {
        berm_text_format(out, "the action %s is none of: ", berm_action_word(r->action));
        list_actions(out, g->actions);
    } else if (target) {
        berm_text_format(out, "the kind %S is none of: ", r->kind);
        list_matches(out, image, g, r, false);
    } else {
        berm_text_format(
            out, "the target %S is not: ", berm_image_text(image, image->targets[r->target].name));
        list_matches(out, image, g, r, true);
    }
}

berm_status berm_explain_skip(berm_runner *runner, const berm_resource *r, uint32_t guardrail,
                              berm_unseen why)
{
    const berm_image *image = &runner->policy->image;
    if (!berm_explain_wanted(runner, r, guardrail)) return BERM_OK;
    berm_text *out = &runner->explanation;
    out->len = 0;
    put_mismatch(out, image, r, &image->guardrails[guardrail], why);
    berm_verdict_in in = {.resource = r,
                          .guardrail = guardrail,
                          .rule = BERM_NO_ROW,
                          .verdict = BERM_VERDICT_SKIPPED,
                          .message = berm_text_view(out),
                          .explained = true,
                          .aside = true};
    return out->failed ? BERM_E_NOMEM : berm_finding_add(runner, &in);
}

berm_status berm_explain_conditions(berm_runner *runner, const berm_img_guardrail *g)
{
    const berm_image *image = &runner->policy->image;
    berm_status status = BERM_OK;
    for (uint32_t i = 0; i < g->conditions.count && !status; i++) {
        const berm_img_condition *c = &image->conditions[g->conditions.first + i];
        berm_text_format(&runner->explanation, "  match condition %S:\n",
                         berm_image_text(image, c->name));
        status = berm_evaluation_run(&runner->evaluation, &runner->vm, c->block, true);
        if (!status) berm_explain_evaluation(runner);
    }
    return status;
}
