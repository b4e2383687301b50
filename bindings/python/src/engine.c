#include "core.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* --- host functions: called from any thread that evaluates, without the GIL --- */

static PyObject *call_python(const bpy_function *f, const berm_value *args, size_t count)
{
    PyObject *result = NULL, *tuple = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; tuple && i < count; i++) {
        PyObject *arg = bpy_object_of(f->engine->state, args[i]);
        if (!arg || PyTuple_SetItem(tuple, (Py_ssize_t)i, arg)) Py_CLEAR(tuple);
    }
    if (tuple) result = PyObject_CallObject(f->callable, tuple);
    Py_XDECREF(tuple);
    return result;
}

/* An Exception makes the call a CEL error, and is shown as those are that nobody can catch; what
   is no Exception (KeyboardInterrupt, SystemExit) ends the run and is raised from it. */
static berm_status note_exception(const bpy_function *f)
{
    bpy_engine *e = f->engine;
    if (PyErr_ExceptionMatches(PyExc_MemoryError)) {
        PyErr_Clear();
        return BERM_E_NOMEM;
    }
    if (PyErr_ExceptionMatches(PyExc_Exception)) {
        PyErr_WriteUnraisable(f->callable);
        return BERM_E_EXPRESSION;
    }
    for (int i = 0; i < 3; i++) Py_CLEAR(e->raised[i]);
    PyErr_Fetch(&e->raised[0], &e->raised[1], &e->raised[2]);
    return BERM_E_INTERRUPTED;
}

static berm_status call_function(void *ctx, const berm_value *args, size_t count,
                                 berm_builder *result)
{
    const bpy_function *f = ctx;
    berm_status status = BERM_OK;
    PyGILState_STATE gil = PyGILState_Ensure();
    PyObject *given = call_python(f, args, count);
    if (!given || bpy_build(f->engine->state, result, given)) status = note_exception(f);
    Py_XDECREF(given);
    PyGILState_Release(gil);
    return status;
}

void bpy_engine_raise(bpy_engine *e)
{
    if (e->raised[0]) PyErr_Restore(e->raised[0], e->raised[1], e->raised[2]);
    else PyErr_SetNone(PyExc_KeyboardInterrupt);
    memset(e->raised, 0, sizeof e->raised);
}

/* --- time zones: Python finds the file, the engine keeps its bytes --- */

static PyObject *find_zone(bpy_engine *e, berm_str name)
{
    PyObject *text = bpy_text(name);
    PyObject *bytes = text ? PyDict_GetItemWithError(e->zones, text) : NULL;
    Py_XINCREF(bytes);
    if (text && !bytes && !PyErr_Occurred()) {
        bytes = PyObject_CallFunctionObjArgs(e->zone, text, NULL);
        if (bytes && PyBytes_Check(bytes)) PyDict_SetItem(e->zones, text, bytes);
    }
    Py_XDECREF(text);
    return bytes;
}

static int give_zone(void *ctx, berm_str name, berm_str *tzif)
{
    int failed = -1;
    PyGILState_STATE gil = PyGILState_Ensure();
    PyObject *bytes = find_zone(ctx, name);
    if (bytes && PyBytes_Check(bytes) && !PyErr_Occurred()) {
        *tzif = bpy_str(bytes); /* e->zones holds it */
        failed = 0;
    }
    Py_XDECREF(bytes);
    PyErr_Clear();
    PyGILState_Release(gil);
    return failed;
}

/* --- limits --- */

static int read_limits(PyObject *given, berm_limits *limits)
{
    static const struct {
        const char *name;
        size_t offset;
    } members[] = {
#define BPY_LIMIT(name) {#name, offsetof(berm_limits, name)}
        BPY_LIMIT(doc_len),    BPY_LIMIT(depth),       BPY_LIMIT(node_count),
        BPY_LIMIT(string_len), BPY_LIMIT(alias_count), BPY_LIMIT(rule_cost),
        BPY_LIMIT(fuel),       BPY_LIMIT(memory_len),  BPY_LIMIT(finding_count),
        BPY_LIMIT(output_len),
#undef BPY_LIMIT
    };
    PyObject *key, *value;
    Py_ssize_t at = 0;
    while (PyDict_Next(given, &at, &key, &value)) {
        size_t m = 0, count = sizeof members / sizeof *members;
        while (m < count && PyUnicode_CompareWithASCIIString(key, members[m].name)) m++;
        if (m == count) return PyErr_Format(PyExc_ValueError, "there is no limit %R", key), -1;
        unsigned long long number = PyLong_AsUnsignedLongLong(value);
        if (PyErr_Occurred()) return -1;
        uint64_t wish = number;
        memcpy((char *)limits + members[m].offset, &wish, sizeof wish);
    }
    return 0;
}

/* --- the type --- */

/* The table of functions for the engine; declarations are borrowed from the dictionary's keys. */
static berm_function *list_functions(bpy_engine *e, size_t count)
{
    PyObject *declaration, *callable;
    Py_ssize_t at = 0;
    size_t n = 0;
    berm_function *functions = PyMem_Calloc(count + 1, sizeof *functions);
    e->calls = PyMem_Calloc(count + 1, sizeof *e->calls);
    if (!functions || !e->calls) PyErr_NoMemory();
    while (!PyErr_Occurred() && PyDict_Next(e->functions, &at, &declaration, &callable)) {
        berm_function *f = &functions[n];
        e->calls[n] = (bpy_function){e, callable};
        *f = (berm_function){.size = sizeof *f, .call = call_function, .ctx = &e->calls[n]};
        if (!PyUnicode_Check(declaration) || !PyCallable_Check(callable))
            PyErr_SetString(PyExc_TypeError, "functions: declarations (str) with their callables");
        else f->declaration = PyUnicode_AsUTF8AndSize(declaration, NULL);
        n++;
    }
    if (!PyErr_Occurred()) return functions;
    PyMem_Free(functions);
    return NULL;
}

static int open_engine(bpy_engine *e, PyObject *limits, long long fail_after, int counted)
{
    berm_limits l = {.size = sizeof l};
    berm_alloc alloc = {bpy_memory_realloc, NULL};
    berm_error err = {0};
    berm_engine_options o = {.size = sizeof o, .limits = &l};
    if (limits && limits != Py_None && read_limits(limits, &l)) return -1;
    if (counted) {
        e->memory = calloc(1, sizeof *e->memory);
        if (!e->memory) return PyErr_NoMemory(), -1;
        atomic_init(&e->memory->left, fail_after);
        alloc.ctx = e->memory;
        o.alloc = &alloc;
    }
    if (e->zone) {
        o.zone = give_zone;
        o.zone_ctx = e;
    }
    o.function_count = (size_t)PyDict_Size(e->functions);
    berm_function *functions = list_functions(e, o.function_count);
    if (!functions) return -1;
    o.functions = functions;
    if (berm_engine_new(&o, &e->engine, &err)) bpy_fail(e->state, &err, NULL, NULL);
    PyMem_Free(functions);
    return PyErr_Occurred() ? -1 : 0;
}

static PyObject *new_engine(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"functions", "limits", "zone", "counted", "fail_after", NULL};
    PyObject *functions = NULL, *limits = NULL, *zone = NULL;
    int counted = 0;
    long long fail_after = -1;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|O!O!OpL", names, &PyDict_Type, &functions,
                                     &PyDict_Type, &limits, &zone, &counted, &fail_after))
        return NULL;
    bpy_engine *e = PyObject_GC_New(bpy_engine, type);
    if (!e) return NULL;
    memset((char *)e + sizeof(PyObject), 0, sizeof *e - sizeof(PyObject));
    e->state = PyType_GetModuleState(type);
    e->functions = functions ? PyDict_Copy(functions) : PyDict_New();
    e->zones = PyDict_New();
    if (zone && zone != Py_None) {
        Py_INCREF(zone);
        e->zone = zone;
    }
    PyObject_GC_Track(e);
    if (e->functions && e->zones && !open_engine(e, limits, fail_after, counted))
        return (PyObject *)e;
    Py_DECREF(e);
    return NULL;
}

static int traverse_engine(PyObject *self, visitproc visit, void *arg)
{
    bpy_engine *e = (bpy_engine *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(e->functions);
    Py_VISIT(e->zone);
    return 0;
}

static int clear_engine(PyObject *self)
{
    bpy_engine *e = (bpy_engine *)self;
    Py_CLEAR(e->functions);
    Py_CLEAR(e->zone);
    for (int i = 0; i < 3; i++) Py_CLEAR(e->raised[i]);
    return 0;
}

static void free_engine(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    bpy_engine *e = (bpy_engine *)self;
    PyObject_GC_UnTrack(self);
    clear_engine(self);
    berm_engine_unref(e->engine);
    Py_XDECREF(e->zones);
    PyMem_Free(e->calls);
    free(e->memory);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

/* (bytes, blocks) that the library holds now; (0, 0) where they are not counted. */
static PyObject *get_memory(PyObject *self, void *closure)
{
    const bpy_memory *m = ((bpy_engine *)self)->memory;
    (void)closure;
    return Py_BuildValue("LL", m ? (long long)m->bytes : 0, m ? (long long)m->blocks : 0);
}

PyTypeObject *bpy_engine_type(PyObject *module)
{
    static PyGetSetDef members[] = {{.name = "memory", .get = get_memory}, {0}};
    static PyType_Slot slots[] = {{Py_tp_new, new_engine},           {Py_tp_dealloc, free_engine},
                                  {Py_tp_traverse, traverse_engine}, {Py_tp_clear, clear_engine},
                                  {Py_tp_getset, members},           {0, NULL}};
    static PyType_Spec spec = {.name = "berm._core.Engine",
                               .basicsize = sizeof(bpy_engine),
                               .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
                               .slots = slots};
    return (PyTypeObject *)PyType_FromModuleAndSpec(module, &spec, NULL);
}
