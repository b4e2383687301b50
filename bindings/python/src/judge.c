#include "core.h"

#include <stdlib.h>
#include <string.h>

/* One call of judge: what it is given and what comes of it. */
typedef struct judgement {
    bpy_policy *policy;
    bpy_batch *batch;
    bpy_report *report; /* NULL: none is kept */
    bpy_eval *eval;
    bpy_rows *rows;
    berm_time now;
    uint32_t flags;
    int64_t first; /* the number of the batch's first document */
    bool strict;   /* what cannot be judged ends the call */
    size_t failed; /* the document it ended at */
    berm_error err;
} judgement;

static berm_status lack_memory(judgement *j)
{
    j->err = (berm_error){.status = BERM_E_NOMEM};
    return BERM_E_NOMEM;
}

static void add_summary(berm_summary *sum, const berm_summary *one)
{
    for (size_t i = 0; i < BERM_VERDICT_COUNT; i++) sum->verdicts[i] += one->verdicts[i];
    sum->resources += one->resources;
    sum->unmatched += one->unmatched;
    sum->cost += one->cost;
    sum->denied |= one->denied;
}

static bpy_place place_of(const judgement *j, size_t index)
{
    return (bpy_place){j->first + (int64_t)index, j->batch->slots[index].name};
}

static berm_status add_to_report(judgement *j, const berm_run *run, const berm_decision *decision,
                                 size_t index, const size_t *slots)
{
    bpy_place one = place_of(j, index);
    if (!slots) return bpy_report_add(j->report, run, decision, &one, &j->err);
    bpy_place *places = calloc(run->input_count + 1, sizeof *places);
    if (!places) return lack_memory(j);
    for (size_t i = 0; i < run->input_count; i++) places[i] = place_of(j, slots[i]);
    berm_status status = bpy_report_add(j->report, run, decision, places, &j->err);
    free(places);
    return status;
}

/* `slots`: which document of the batch each input of the run is; NULL: input 0 is `index`. */
static berm_status keep_findings(judgement *j, const berm_run *run, const berm_decision *decision,
                                 size_t index, const size_t *slots)
{
    size_t count, stride;
    berm_summary summary = {.size = sizeof summary};
    const char *at = (const char *)berm_decision_findings(decision, &count, &stride);
    berm_decision_summary(decision, &summary);
    add_summary(&j->rows->summary, &summary);
    for (size_t i = 0; i < count; i++) {
        const berm_finding *f = (const void *)(at + i * stride);
        bpy_place place =
            place_of(j, slots && f->source < run->input_count ? slots[f->source] : index);
        if (!bpy_table_add(j->rows->table, &place, f)) return lack_memory(j);
    }
    return j->report ? add_to_report(j, run, decision, index, slots) : BERM_OK;
}

/* What could not be read or judged is a finding, too: it must not look as if all were well. */
static berm_status keep_failure(judgement *j, size_t index)
{
    berm_finding f = {.verdict = BERM_VERDICT_ERROR,
                      .severity = BERM_SEVERITY_HIGH,
                      .enforcement = BERM_ENFORCEMENT_HARD_MANDATORY,
                      .message = {j->err.message, strlen(j->err.message)},
                      .line = j->err.line,
                      .column = j->err.column,
                      .end_line = j->err.line,
                      .end_column = j->err.column};
    bpy_place place = place_of(j, index);
    j->failed = index;
    if (j->strict || j->err.status == BERM_E_NOMEM || j->err.status == BERM_E_INTERRUPTED)
        return j->err.status;
    if (!bpy_table_add(j->rows->table, &place, &f)) return lack_memory(j);
    j->rows->summary.verdicts[BERM_VERDICT_ERROR]++;
    j->rows->summary.denied = 1;
    j->rows->failures++;
    if (!j->report) return BERM_OK;
    berm_error why = j->err;
    return bpy_report_fail(j->report, &place, &why, &j->err);
}

static berm_status judge_inputs(judgement *j, const berm_input *inputs, size_t count, size_t index,
                                const size_t *slots)
{
    const berm_decision *decision;
    berm_run run = {.size = sizeof run,
                    .policy = j->policy->policy,
                    .inputs = inputs,
                    .input_count = count,
                    .now = j->now,
                    .flags = j->flags};
    if (berm_eval_run(j->eval->eval, &run, &decision, &j->err)) return keep_failure(j, index);
    return keep_findings(j, &run, decision, index, slots);
}

static berm_input input_of(const judgement *j, const berm_doc *doc, size_t index)
{
    const bpy_slot *slot = &j->batch->slots[index];
    return (berm_input){.size = sizeof(berm_input),
                        .role = BERM_INPUT_DOCUMENT,
                        .doc = doc,
                        .target = slot->target,
                        .before = slot->before};
}

/* A text that is read with the options that all have is read for its run alone. */
static bool is_plain_text(const judgement *j, size_t index)
{
    return j->batch->slots[index].kind == BPY_SLOT_TEXT && !j->batch->yaml_schema &&
           !j->batch->duplicates;
}

static berm_status judge_text(judgement *j, size_t index)
{
    const bpy_slot *slot = &j->batch->slots[index];
    berm_input input = input_of(j, NULL, index);
    input.text = slot->text;
    input.name = slot->name;
    input.format = slot->format;
    return judge_inputs(j, &input, 1, index, NULL);
}

static bool is_stopped(judgement *j)
{
    if (!bpy_eval_poll(j->eval)) return false;
    j->err = (berm_error){.status = BERM_E_INTERRUPTED};
    return true;
}

/* One after the other. */
static berm_status judge_each(judgement *j)
{
    berm_status status = BERM_OK;
    for (size_t i = 0; i < j->batch->count && !status; i++) {
        berm_doc *doc;
        if (is_stopped(j)) return BERM_E_INTERRUPTED;
        if (is_plain_text(j, i)) {
            status = judge_text(j, i);
            continue;
        }
        if (bpy_batch_document(j->batch, i, j->report != NULL, &doc, &j->err)) {
            status = keep_failure(j, i);
        } else {
            berm_input input = input_of(j, doc, i);
            status = judge_inputs(j, &input, 1, i, NULL);
        }
        berm_doc_unref(doc);
    }
    return status;
}

/* All in one run; without those that cannot be read, what is absent proves nothing. */
static berm_status judge_together(judgement *j, berm_input *inputs, size_t *slots)
{
    size_t count = 0, total = j->batch->count;
    berm_status status = BERM_OK;
    for (size_t i = 0; i < total && !status; i++) {
        berm_doc *doc;
        if (bpy_batch_document(j->batch, i, j->report != NULL, &doc, &j->err)) {
            j->flags |= BERM_RUN_PARTIAL;
            status = keep_failure(j, i);
        } else {
            inputs[count] = input_of(j, doc, i);
            slots[count++] = i;
        }
    }
    if (!status && count) status = judge_inputs(j, inputs, count, slots[0], slots);
    for (size_t i = 0; i < count; i++) berm_doc_unref((berm_doc *)(uintptr_t)inputs[i].doc);
    return status;
}

static berm_status judge_batch(judgement *j, bool together)
{
    j->rows->documents = j->batch->count;
    if (!together) return judge_each(j);
    berm_input *inputs = calloc(j->batch->count + 1, sizeof *inputs);
    size_t *slots = calloc(j->batch->count + 1, sizeof *slots);
    berm_status status = inputs && slots ? judge_together(j, inputs, slots) : lack_memory(j);
    free(inputs);
    free(slots);
    return status;
}

static PyObject *raise_judgement(judgement *j)
{
    if (PyErr_Occurred()) return NULL; /* a signal's handler raised */
    if (j->err.status == BERM_E_INTERRUPTED) return bpy_engine_raise(j->policy->engine), NULL;
    PyObject *name = j->failed < j->batch->count ? bpy_text(j->batch->slots[j->failed].name) : NULL;
    bpy_fail(j->policy->state, &j->err, name, NULL);
    Py_XDECREF(name);
    return NULL;
}

/* judge(policy, batch, *, first, now, flags, report, strict, together) -> Rows. Without the GIL. */
PyObject *bpy_judge(PyObject *module, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"policy", "batch",  "first",    "now", "flags",
                            "report", "strict", "together", NULL};
    bpy_state *state = bpy_state_of(module);
    judgement j = {.failed = SIZE_MAX};
    PyObject *policy, *batch, *now, *report = Py_None;
    long long first = 0;
    int strict = 0, together = 0;
    berm_status status;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!O!LO!IOpp", names, state->policy, &policy,
                                     state->batch, &batch, &first, &PyTuple_Type, &now, &j.flags,
                                     &report, &strict, &together) ||
        bpy_time(now, &j.now))
        return NULL;
    j.policy = (bpy_policy *)policy;
    j.batch = (bpy_batch *)batch;
    j.report = Py_TYPE(report) == state->report ? (bpy_report *)report : NULL;
    j.first = first;
    j.strict = strict;
    j.rows = bpy_rows_new(state);
    j.eval = j.rows ? bpy_eval_take(j.policy, &j.batch->stop) : NULL;
    if (!j.eval) {
        Py_XDECREF((PyObject *)j.rows);
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS status = judge_batch(&j, together);
    Py_END_ALLOW_THREADS bpy_eval_give(j.policy, j.eval);
    if (!status && !PyErr_Occurred()) return (PyObject *)j.rows;
    raise_judgement(&j);
    Py_DECREF(j.rows);
    return NULL;
}

static PyObject *describe_value(bpy_state *state, berm_value value)
{
    berm_item item = {.size = sizeof item};
    bpy_bytes text = {0};
    berm_sink sink = {bpy_bytes_write, &text};
    PyObject *result = NULL;
    if (berm_value_read(value, &item) || berm_value_json(value, &sink, NULL)) PyErr_NoMemory();
    else
        result = Py_BuildValue("NIN", bpy_object_of(state, value), item.type,
                               bpy_text((berm_str){text.ptr, text.len}));
    bpy_bytes_free(&text);
    return result;
}

/* evaluate(policy, batch, now) -> (value, BERM_TYPE_OF_*, JSON); the batch has one document or
   none */
PyObject *bpy_evaluate(PyObject *module, PyObject *args)
{
    bpy_state *state = bpy_state_of(module);
    PyObject *policy, *batch, *pair, *result = NULL;
    berm_time now;
    berm_doc *doc = NULL;
    berm_value value;
    berm_error err = {0};
    berm_status status = BERM_OK;
    if (!PyArg_ParseTuple(args, "O!O!O!", state->policy, &policy, state->batch, &batch,
                          &PyTuple_Type, &pair) ||
        bpy_time(pair, &now))
        return NULL;
    bpy_policy *p = (bpy_policy *)policy;
    bpy_batch *b = (bpy_batch *)batch;
    bpy_eval *eval = bpy_eval_take(p, &b->stop);
    if (!eval) return NULL;
    Py_BEGIN_ALLOW_THREADS if (b->count) status = bpy_batch_document(b, 0, false, &doc, &err);
    if (!status) status = berm_eval_call(eval->eval, p->policy, doc, now, &value, &err);
    Py_END_ALLOW_THREADS if (!status) result = describe_value(state, value);
    bpy_eval_give(p, eval);
    berm_doc_unref(doc);
    if (!status || PyErr_Occurred()) return result;
    if (status == BERM_E_INTERRUPTED) return bpy_engine_raise(p->engine), NULL;
    return bpy_fail(state, &err, NULL, NULL);
}
