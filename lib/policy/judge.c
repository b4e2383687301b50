#include "policy/explain.h"
#include "vm/fused/fused.h"

/* What Kubernetes shows of a messageExpression, and keeps of an audit annotation. */
#define BERM_MESSAGE_MAX 5120u
#define BERM_ANNOTATION_MAX 10240u
/* Guardrails from which on it is worth a look whether the next ones are closed. */
#define CLOSED_WORTH 4u

/* What the matchConditions say before any validation runs. */
typedef struct guard_answer {
    enum { GUARD_OPEN, GUARD_MAYBE, GUARD_CLOSED, GUARD_BROKEN, GUARD_ELSEWHERE } sort;
    berm_cell error;
} guard_answer;

/* What Kubernetes lets a policy cost besides each expression: its match conditions together two and
   a half times as much as one expression, its validations ten times. */
static uint64_t cost_of_conditions(const berm_runner *runner, const berm_img_guardrail *g)
{
    return g->applies == BERM_NO_ROW ? UINT64_MAX : runner->limits.rule_cost / 2 * 5;
}

static uint64_t cost_of_rules(const berm_runner *runner, const berm_img_guardrail *g)
{
    return g->applies == BERM_NO_ROW ? UINT64_MAX : runner->limits.rule_cost * 10;
}

/* An expression may cost what one may, and no more than is left. */
static void limit_cost(berm_runner *runner, uint64_t left)
{
    uint64_t one = runner->limits.rule_cost;
    runner->vm.cost_limit = left < one ? left : one;
}

static uint64_t take_cost(const berm_runner *runner, uint64_t left)
{
    return left == UINT64_MAX ? left : left - (runner->vm.cost < left ? runner->vm.cost : left);
}

/* First whether the guardrail is about this resource at all. Then one false closes, whatever the
   others gave; then an error breaks; then an unknown leaves it open whether the guardrail
   applies. */
static berm_status ask_conditions(berm_runner *runner, const berm_img_guardrail *g,
                                  guard_answer *answer)
{
    const berm_image *image = &runner->policy->image;
    *answer = (guard_answer){.sort = GUARD_OPEN};
    uint64_t left = cost_of_conditions(runner, g);
    for (uint32_t i = 0; i <= g->conditions.count; i++) {
        berm_cell c;
        limit_cost(runner, i ? left : UINT64_MAX);
        berm_status status = berm_runner_part(
            runner, i ? image->conditions[g->conditions.first + i - 1].block : g->applies, &c);
        if (status) return status;
        if (i) left = take_cost(runner, left);
        if (berm_cell_is_true(c) || c.tag == BERM_TAG_MISSING) continue;
        if (berm_cell_is_false(c)) {
            answer->sort = i ? GUARD_CLOSED : GUARD_ELSEWHERE;
            return BERM_OK;
        }
        if (c.tag == BERM_TAG_UNKNOWN) {
            if (answer->sort == GUARD_OPEN) answer->sort = GUARD_MAYBE;
        } else if (answer->sort != GUARD_BROKEN) {
            answer->sort = GUARD_BROKEN;
            answer->error = c;
        }
    }
    return BERM_OK;
}

static uint32_t verdict_of(berm_cell result, bool maybe, bool unknown_fails)
{
    if (berm_cell_is_true(result)) return BERM_VERDICT_PASS;
    if (result.tag == BERM_TAG_UNKNOWN)
        return unknown_fails && !maybe ? BERM_VERDICT_FAIL : BERM_VERDICT_UNKNOWN;
    if (berm_cell_is_false(result)) return maybe ? BERM_VERDICT_UNKNOWN : BERM_VERDICT_FAIL;
    return BERM_VERDICT_ERROR;
}

/* Runs the expression once more and notes what it did: which part decided, and which node of the
   document that part looked at. The first run pays nothing for it. */
static berm_status look_closely(berm_runner *runner, uint32_t block, berm_verdict_in *in)
{
    berm_evaluation *ev = &runner->evaluation;
    berm_status status = berm_evaluation_run(ev, &runner->vm, block, in->explained);
    if (status) return status;
    uint32_t row = berm_evaluation_decider(ev);
    in->decider = row == BERM_NO_BRANCH ? 0 : row + 1;
    in->witness = berm_evaluation_place(ev, row);
    if (in->explained) berm_explain_evaluation(runner);
    return BERM_OK;
}

static berm_status write_message(berm_runner *runner, const berm_img_rule *rule, berm_str *out)
{
    berm_cell text;
    *out = BERM_STR("");
    berm_status status = berm_runner_part(runner, rule->message, &text);
    if (!status && text.tag == BERM_TAG_STRING) *out = berm_text_of(&runner->vm.space, text);
    if (!rule->fallback.len) return status;
    *out = berm_str_trim(*out);
    if (!out->len || out->len > BERM_MESSAGE_MAX || text.flags & BERM_CELL_SENSITIVE ||
        memchr(out->ptr, '\n', out->len))
        *out = berm_image_text(&runner->policy->image, rule->fallback);
    return status;
}

/* A text is kept as the message of a pass; blank and null are none; all else is an error. */
static void read_annotation(berm_runner *runner, berm_verdict_in *in)
{
    berm_cell c = in->result;
    if (c.tag == BERM_TAG_ERROR || c.tag == BERM_TAG_UNKNOWN) return;
    in->verdict = BERM_VERDICT_SKIPPED;
    if (c.tag == BERM_TAG_STRING) {
        berm_str text = berm_str_trim(berm_text_of(&runner->vm.space, c));
        if (c.flags & BERM_CELL_SENSITIVE) text = BERM_STR("(sensitive)");
        if (text.len > BERM_ANNOTATION_MAX) {
            text.len = BERM_ANNOTATION_MAX;
            while (((unsigned char)text.ptr[text.len] & 0xC0) == 0x80) text.len--;
        }
        in->message = text;
        if (text.len) in->verdict = BERM_VERDICT_PASS;
    } else if (c.tag != BERM_TAG_NULL) {
        in->verdict = BERM_VERDICT_ERROR;
        in->result = berm_value_error(&runner->vm.space, BERM_ERR_NO_OVERLOAD, 0, &in->result, 1);
    }
}

static bool has_room_for_witness(const berm_runner *runner)
{
    return runner->decision.findings.count < runner->limits.finding_count;
}

static bool wants_finding(const berm_runner *runner, uint32_t verdict)
{
    if (verdict == BERM_VERDICT_PASS || verdict == BERM_VERDICT_SKIPPED)
        return runner->run && (runner->run->flags & BERM_RUN_PASSES);
    return true;
}

static berm_status judge_once(berm_runner *runner, const berm_img_rule *rule, bool maybe,
                              berm_verdict_in *in)
{
    const berm_img_guardrail *g = &runner->policy->image.guardrails[rule->guardrail];
    limit_cost(runner, runner->rules_cost_left);
    berm_status status = berm_vm_decide(&runner->vm, rule->block, &in->result);
    if (status) return status;
    in->cost = runner->vm.cost;
    runner->rules_cost_left = take_cost(runner, runner->rules_cost_left);
    in->verdict = verdict_of(in->result, maybe, g->on_unknown_fail);
    if (rule->annotation) read_annotation(runner, in);
    size_t before = runner->explanation.len;
    if (in->explained || wants_finding(runner, in->verdict)) {
        bool passed = in->verdict == BERM_VERDICT_PASS, erred = in->verdict == BERM_VERDICT_ERROR;
        if (in->explained || (!passed && has_room_for_witness(runner)))
            status = look_closely(runner, rule->block, in);
        if (!status && !passed && !erred && !rule->annotation)
            status = write_message(runner, rule, &in->message);
        if (status) return status;
    }
    status = berm_finding_add(runner, in);
    runner->explanation.len = before; /* of the conditions, and of each */
    return status;
}

static berm_status judge_elements(berm_runner *runner, const berm_img_rule *rule, bool maybe,
                                  berm_verdict_in in, berm_cell elements)
{
    berm_space *space = &runner->vm.space;
    bool map = elements.tag == BERM_TAG_MAP;
    for (uint32_t i = 0; i < elements.as.ref.len; i++) {
        berm_verdict_in one = in;
        one.element =
            map ? berm_map_value_at(space, elements, i) : berm_list_at(space, elements, i);
        one.element_key = map ? berm_map_key_at(space, elements, i) : berm_cell_int(i);
        runner->vm.slots[BERM_SLOT_ITEM] = one.element;
        runner->vm.slots[BERM_SLOT_KEY] = one.element_key;
        berm_status status = judge_once(runner, rule, maybe, &one);
        if (status) return status;
    }
    runner->vm.slots[BERM_SLOT_ITEM] = runner->vm.slots[BERM_SLOT_KEY] =
        berm_cell_of(BERM_TAG_MISSING);
    return BERM_OK;
}

static berm_status judge_rule(berm_runner *runner, const berm_img_rule *rule, bool maybe,
                              berm_verdict_in in)
{
    berm_cell elements;
    if (rule->each == BERM_NO_ROW) return judge_once(runner, rule, maybe, &in);
    berm_status status = BERM_OK;
    if (in.explained) {
        berm_text_put(&runner->explanation, BERM_STR("  each:\n"));
        status = look_closely(runner, rule->each, &in);
    }
    if (!status) status = berm_vm_run(&runner->vm, rule->each, &elements);
    if (status) return status;
    if (elements.tag == BERM_TAG_LIST || elements.tag == BERM_TAG_MAP) {
        if (elements.as.ref.len) return judge_elements(runner, rule, maybe, in, elements);
        in.verdict = BERM_VERDICT_SKIPPED;
        in.message = BERM_STR("there is no element to judge");
        return berm_finding_add(runner, &in);
    }
    in.result = elements;
    in.verdict = verdict_of(elements, maybe,
                            runner->policy->image.guardrails[rule->guardrail].on_unknown_fail);
    if (in.verdict == BERM_VERDICT_PASS || berm_cell_is_false(elements))
        in.verdict = BERM_VERDICT_ERROR;
    if (in.verdict == BERM_VERDICT_ERROR && elements.tag != BERM_TAG_ERROR)
        in.result = berm_value_error(&runner->vm.space, BERM_ERR_NOT_ITERABLE, 0, &elements, 1);
    return berm_finding_add(runner, &in);
}

static berm_status judge_guardrail(berm_runner *runner, berm_resource *r, uint32_t guardrail)
{
    const berm_image *image = &runner->policy->image;
    const berm_img_guardrail *g = &image->guardrails[guardrail];
    if (!(g->actions & 1u << r->action))
        return berm_explain_skip(runner, r, guardrail, BERM_UNSEEN_ACTION);
    berm_resource_bind(runner, r);
    berm_vm_scope(&runner->vm);
    guard_answer answer;
    runner->rules_cost_left = cost_of_rules(runner, g);
    berm_status status = ask_conditions(runner, g, &answer);
    if (answer.sort == GUARD_ELSEWHERE)
        return status || !BERM_PART_DIALECTS
                   ? status
                   : berm_explain_skip(runner, r, guardrail, BERM_UNSEEN_REQUEST);
    r->matched = true;
    bool explained = berm_explain_wanted(runner, r, guardrail);
    runner->explanation.len = 0;
    if (explained && !status) status = berm_explain_conditions(runner, g);
    size_t before = runner->explanation.len;
    for (uint32_t i = 0; i < g->rules.count && !status; i++) {
        uint32_t row = g->rules.first + i;
        berm_verdict_in in = {.resource = r,
                              .guardrail = guardrail,
                              .rule = row,
                              .explained = explained};
        runner->explanation.len = before;
        if (answer.sort == GUARD_CLOSED) {
            in.verdict = BERM_VERDICT_SKIPPED;
            in.message = BERM_STR("a match condition does not hold");
            status = berm_finding_add(runner, &in);
        } else if (answer.sort == GUARD_BROKEN) {
            in.verdict = BERM_VERDICT_ERROR;
            in.result = answer.error;
            status = berm_finding_add(runner, &in);
        } else {
            status = judge_rule(runner, &image->rules[row], answer.sort == GUARD_MAYBE, in);
        }
    }
    return status;
}

#if BERM_PART_FUSED
/* Whether all rules of the guardrail hold, or one of its conditions does not (*closed); *cost is
   that of the rules. */
static bool decide_quickly(berm_vm *vm, const berm_img_guardrail *g, bool *closed, uint64_t *cost)
{
    const berm_image *image = vm->image;
    bool truth = true;
    for (uint32_t i = 0; i < g->conditions.count; i++) {
        uint32_t block = image->conditions[g->conditions.first + i].block;
        if (!berm_fused_decide(vm, block, &truth)) return false;
        if (!truth) return *closed = true;
    }
    for (uint32_t i = 0; i < g->rules.count; i++) {
        const berm_img_rule *rule = &image->rules[g->rules.first + i];
        if (rule->each != BERM_NO_ROW || rule->annotation) return false;
        if (!berm_fused_decide(vm, rule->block, &truth) || !truth) return false;
        *cost += vm->cost;
    }
    return true;
}

static void bind_once(berm_runner *runner, berm_resource *r)
{
    if (runner->bound != runner->vm.scene) berm_resource_bind(runner, r);
    runner->bound = runner->vm.scene;
}

/* Most guardrails have nothing to say. Those all of whose rules hold, or one of whose conditions
   does not, are counted here and leave nothing behind; what this cannot tell is judged as if
   nobody had asked. */
static bool pass_quickly(berm_runner *runner, berm_resource *r, const berm_img_guardrail *g)
{
    bool closed = false;
    uint64_t cost = 0;
    bind_once(runner, r);
    berm_fused_mark mark = berm_fused_position(&runner->vm);
    if (!decide_quickly(&runner->vm, g, &closed, &cost)) {
        berm_fused_release(&runner->vm, mark);
        return false;
    }
    berm_summary *summary = &runner->decision.summary;
    summary->verdicts[closed ? BERM_VERDICT_SKIPPED : BERM_VERDICT_PASS] += g->rules.count;
    summary->cost += cost;
    return r->matched = true;
}

static bool may_be_quick(const berm_runner *runner)
{
    const unsigned whole = BERM_RUN_PASSES | BERM_RUN_EXPLAIN | BERM_RUN_PLAIN;
    return runner->run && !(runner->run->flags & whole);
}

static bool is_quick(const berm_runner *runner, const berm_resource *r, const berm_img_guardrail *g)
{
    return may_be_quick(runner) && g->applies == BERM_NO_ROW && g->actions & 1u << r->action;
}

uint32_t berm_judge_closed(berm_runner *runner, berm_resource *r, const uint32_t *guardrails,
                           uint32_t count)
{
    uint64_t rules = 0;
    if (!may_be_quick(runner) || count < CLOSED_WORTH) return 0;
    bind_once(runner, r);
    uint32_t closed = berm_fused_close(&runner->vm, guardrails, count, r->action, &rules);
    runner->decision.summary.verdicts[BERM_VERDICT_SKIPPED] += rules;
    r->matched |= closed > 0;
    return closed;
}
#endif

berm_status berm_judge(berm_runner *runner, berm_resource *r, uint32_t guardrail)
{
    const berm_img_guardrail *g = &runner->policy->image.guardrails[guardrail];
#if BERM_PART_FUSED
    if (is_quick(runner, r, g) && pass_quickly(runner, r, g)) return BERM_OK;
#endif
    runner->vm.loose_presence = g->applies != BERM_NO_ROW;
    berm_status status = judge_guardrail(runner, r, guardrail);
    runner->vm.loose_presence = false;
    limit_cost(runner, UINT64_MAX);
    return status;
}
