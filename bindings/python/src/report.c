#include "core.h"

#include <stdlib.h>
#include <string.h>

/* An input that was added: which document it is. */
typedef struct bpy_input {
    int64_t document;
    size_t name, name_len; /* in report->names */
} bpy_input;

static bool note_input(bpy_report *r, const bpy_place *place)
{
    bpy_input input = {place->document, r->names.len, place->name.len};
    return bpy_bytes_add(&r->names, place->name.ptr, place->name.len) &&
           bpy_bytes_add(&r->inputs, &input, sizeof input);
}

static berm_status note_inputs(bpy_report *r, const bpy_place *places, size_t count,
                               berm_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!note_input(r, &places[i])) return err->status = BERM_E_NOMEM;
    return BERM_OK;
}

berm_status bpy_report_add(bpy_report *r, const berm_run *run, const berm_decision *decision,
                           const bpy_place *places, berm_error *err)
{
    PyThread_acquire_lock(r->lock, WAIT_LOCK);
    berm_status status = note_inputs(r, places, run->input_count, err);
    if (!status) status = berm_report_add(r->report, run, decision, err);
    PyThread_release_lock(r->lock);
    return status;
}

berm_status bpy_report_fail(bpy_report *r, const bpy_place *place, const berm_error *why,
                            berm_error *err)
{
    PyThread_acquire_lock(r->lock, WAIT_LOCK);
    berm_status status = note_inputs(r, place, 1, err);
    if (!status) status = berm_report_fail(r->report, place->name, why, err);
    PyThread_release_lock(r->lock);
    return status;
}

/* --- findings with the waivers counted over all of them --- */

typedef struct ordered {
    int64_t document;
    size_t index;
} ordered;

static int compare_ordered(const void *x, const void *y)
{
    const ordered *a = x, *b = y;
    if (a->document != b->document) return a->document < b->document ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

static bool fill_rows(const bpy_report *r, bpy_rows *rows, ordered *order)
{
    size_t count, stride;
    const char *at = (const char *)berm_report_findings(r->report, &count, &stride);
    const bpy_input *inputs = (const void *)r->inputs.ptr;
    for (size_t i = 0; i < count; i++) {
        const berm_finding *f = (const void *)(at + i * stride);
        order[i] = (ordered){inputs[f->source].document, i};
    }
    if (count) qsort(order, count, sizeof *order, compare_ordered);
    for (size_t i = 0; i < count; i++) {
        const berm_finding *f = (const void *)(at + order[i].index * stride);
        const bpy_input *input = &inputs[f->source];
        bpy_place place = {input->document, {r->names.ptr + input->name, input->name_len}};
        if (!bpy_table_add(rows->table, &place, f)) return false;
    }
    return true;
}

/* rows(documents, failures) -> Rows of all findings, in the order of the documents */
static PyObject *make_rows(PyObject *self, PyObject *args)
{
    bpy_report *r = (bpy_report *)self;
    unsigned long long documents, failures;
    size_t count;
    if (!PyArg_ParseTuple(args, "KK", &documents, &failures)) return NULL;
    bpy_rows *rows = bpy_rows_new(r->state);
    if (!rows) return NULL;
    berm_report_findings(r->report, &count, NULL);
    berm_report_summary(r->report, &rows->summary);
    rows->documents = documents;
    rows->failures = failures;
    ordered *order = calloc(count + 1, sizeof *order);
    bool filled = order && fill_rows(r, rows, order);
    free(order);
    if (filled) return (PyObject *)rows;
    Py_DECREF((PyObject *)rows);
    return PyErr_NoMemory();
}

/* waivers() -> what each is, counted over all findings */
static PyObject *list_waivers(PyObject *self, PyObject *unused)
{
    bpy_report *r = (bpy_report *)self;
    PyObject *list = PyList_New(0);
    (void)unused;
    for (size_t i = 0; list && i < berm_report_waiver_count(r->report); i++) {
        berm_waiver w = {.size = sizeof w};
        berm_error err = {0};
        PyObject *one = berm_report_waiver(r->report, i, &w, &err)
                            ? bpy_fail(r->state, &err, NULL, NULL)
                            : bpy_waiver(r->state, &w);
        if (!one || PyList_Append(list, one)) Py_CLEAR(list);
        Py_XDECREF(one);
    }
    return list;
}

/* --- the type --- */

static PyObject *new_report(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"engine", NULL};
    bpy_state *state = PyType_GetModuleState(type);
    PyObject *engine;
    berm_error err = {0};
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!", names, state->engine, &engine))
        return NULL;
    bpy_report *r = PyObject_New(bpy_report, type);
    if (!r) return NULL;
    memset((char *)r + sizeof(PyObject), 0, sizeof *r - sizeof(PyObject));
    Py_INCREF(engine);
    r->state = state;
    r->engine = (bpy_engine *)engine;
    r->lock = PyThread_allocate_lock();
    if (!r->lock) PyErr_NoMemory();
    else if (!berm_report_new(r->engine->engine, &r->report, &err)) return (PyObject *)r;
    else bpy_fail(state, &err, NULL, NULL);
    Py_DECREF(r);
    return NULL;
}

/* write(format, flags) -> str */
static PyObject *write_report(PyObject *self, PyObject *args)
{
    bpy_report *r = (bpy_report *)self;
    bpy_bytes text = {0};
    berm_sink sink = {bpy_bytes_write, &text};
    berm_error err = {0};
    unsigned format, flags;
    berm_status status;
    if (!PyArg_ParseTuple(args, "II", &format, &flags)) return NULL;
    Py_BEGIN_ALLOW_THREADS PyThread_acquire_lock(r->lock, WAIT_LOCK);
    status = berm_report_write(r->report, format, flags, &sink, &err);
    PyThread_release_lock(r->lock);
    Py_END_ALLOW_THREADS PyObject *made =
        status ? bpy_fail(r->state, &err, NULL, NULL) : bpy_text((berm_str){text.ptr, text.len});
    bpy_bytes_free(&text);
    return made;
}

static void free_report(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    bpy_report *r = (bpy_report *)self;
    berm_report_free(r->report);
    bpy_bytes_free(&r->inputs);
    bpy_bytes_free(&r->names);
    if (r->lock) PyThread_free_lock(r->lock);
    Py_XDECREF((PyObject *)r->engine);
    PyObject_Free(self);
    Py_DECREF(type);
}

PyTypeObject *bpy_report_type(PyObject *module)
{
    static PyMethodDef methods[] = {{"write", write_report, METH_VARARGS, NULL},
                                    {"rows", make_rows, METH_VARARGS, NULL},
                                    {"waivers", list_waivers, METH_NOARGS, NULL},
                                    {0}};
    static PyType_Slot slots[] = {{Py_tp_new, new_report},
                                  {Py_tp_dealloc, free_report},
                                  {Py_tp_methods, methods},
                                  {0, NULL}};
    static PyType_Spec spec = {.name = "berm._core.Report",
                               .basicsize = sizeof(bpy_report),
                               .flags = Py_TPFLAGS_DEFAULT,
                               .slots = slots};
    return (PyTypeObject *)PyType_FromModuleAndSpec(module, &spec, NULL);
}
