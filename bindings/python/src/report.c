#include "core.h"

#include <string.h>

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
    if (r->lock) PyThread_free_lock(r->lock);
    Py_XDECREF((PyObject *)r->engine);
    PyObject_Free(self);
    Py_DECREF(type);
}

PyTypeObject *bpy_report_type(PyObject *module)
{
    static PyMethodDef methods[] = {{"write", write_report, METH_VARARGS, NULL}, {0}};
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
