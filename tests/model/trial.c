#include "trial.h"

#include "machine.h"

#include <stdio.h>

static verdict tell(finding *f, const char *what, const value *wanted, const value *got,
                    const world *w)
{
    *f = (finding){what, wanted, got, *w};
    return TRIAL_DIFFERS;
}

/* A limit of the machine that the model does not have. */
static bool is_limit(berm_status status, const value *got)
{
    bool error = got->kind == V_ERROR;
    return status == BERM_E_LIMIT || status == BERM_E_FUEL ||
           (error && (berm_str_is(got->text, "RULE_COST") || berm_str_is(got->text, "DEPTH") ||
                      berm_str_is(got->text, "RESULT_SIZE")));
}

static void count_result(tally *t, const value *v)
{
    if (v->kind == V_ERROR) t->errors++;
    else t->values++;
}

/* --- the model --- */

static verdict compare_run(heap *h, machine *m, const world *w, const value *wanted, finding *f,
                           const char *what)
{
    berm_status status = m->status;
    uint64_t cost;
    const value *got = make_error(h, "");
    if (status == BERM_OK) got = machine_run(m, h, w, &status, &cost);
    if (is_limit(status, got)) return TRIAL_SKIPPED;
    if (status != BERM_OK) return tell(f, "status", wanted, got, w);
    return same_value(wanted, got, false, false) ? TRIAL_AGREES : tell(f, what, wanted, got, w);
}

verdict try_model(heap *h, dice d, const berm_ast *ast, const world *w, finding *f, tally *t)
{
    machine m;
    program p = {ast, w->at, w->count, w->container};
    const value *wanted = evaluate(h, &p);
    (void)d;
    if (heap_spent(h)) return TRIAL_SKIPPED;
    if (t->wrong && wanted->kind == V_BOOL) wanted = make_bool(!wanted->b);
    count_result(t, wanted);
    machine_begin(&m, ast, w);
    verdict v = compare_run(h, &m, w, wanted, f, "VM");
    t->graphs += m.graph;
    if (v == TRIAL_AGREES) {
        machine_reload(&m);
        v = compare_run(h, &m, w, wanted, f, "VM after save and load");
    }
    machine_end(&m);
    return v;
}

/* --- unknowns --- */

/* `open` stays as it is in `filled`: the same value, but for what was unknown in it; an error
   stays one. */
static bool agrees(const value *open, const value *filled)
{
    return same_value(open, filled, true, true);
}

verdict try_unknowns(heap *h, dice d, const berm_ast *ast, const world *w, finding *f, tally *t)
{
    machine m;
    uint64_t cost;
    berm_status status;
    world hidden = hide_values(h, &d, w), guessed = fill_unknowns(h, &d, &hidden, NULL, 0);
    verdict v = TRIAL_AGREES;
    bool alike = true;
    machine_begin(&m, ast, w);
    m.vm.nulls_missing = dice_percent(&d, 30);
    status = m.status;
    const value *open = status == BERM_OK
                            ? machine_run(&m, h, t->wrong ? &guessed : &hidden, &status, &cost)
                            : NULL;
    if (status != BERM_OK || is_limit(status, open)) v = TRIAL_SKIPPED;
    const value *before = NULL;
    for (unsigned turn = 0; turn < 7 && v == TRIAL_AGREES; turn++) {
        /* What was hidden is the likeliest to fit; then five of other kinds; then others of its
           own. */
        world filled = turn == 0 ? *w : fill_unknowns(h, &d, &hidden, turn == 6 ? w : NULL, turn);
        const value *closed = machine_run(&m, h, &filled, &status, &cost);
        if (status != BERM_OK || is_limit(status, closed)) v = TRIAL_SKIPPED;
        else if (!agrees(open, closed)) v = tell(f, "decided with unknowns", open, closed, &filled);
        alike = alike && (!before || same_value(before, closed, true, false));
        before = closed;
    }
    if (v == TRIAL_AGREES) {
        if (open->kind == V_UNKNOWN) t->unknown++;
        else t->decided++;
        if (open->kind == V_UNKNOWN && alike && before->kind == V_ERROR) t->errors_alike++;
        if (open->kind == V_UNKNOWN && alike && before->kind != V_ERROR) t->values_alike++;
        count_result(t, open);
    }
    machine_end(&m);
    return v;
}
