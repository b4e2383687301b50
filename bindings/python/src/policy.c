#include "core.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* --- errors --- */

PyObject *bpy_diags(const berm_diags *diags)
{
    size_t count = 0;
    const berm_diag *items = berm_diags_items(diags, &count);
    PyObject *list = PyList_New((Py_ssize_t)count);
    for (size_t i = 0; list && i < count; i++) {
        const berm_diag *d = &items[i];
        PyObject *one = Py_BuildValue("IN(IIII)NNNN", d->severity, bpy_text(d->source), d->line,
                                      d->column, d->end_line, d->end_column, bpy_text(d->code),
                                      bpy_text(d->message), bpy_text(d->hint), bpy_text(d->frame));
        if (!one || PyList_SetItem(list, (Py_ssize_t)i, one)) Py_CLEAR(list);
    }
    return list;
}

PyObject *bpy_fail(bpy_state *state, const berm_error *err, PyObject *name, PyObject *diags)
{
    if (err->status == BERM_E_NOMEM) return PyErr_NoMemory();
    PyObject *error = PyObject_CallFunction(
        state->fail, "isIIIsOO", (int)err->status, berm_status_name(err->status), err->code,
        err->line, err->column, err->message, name ? name : Py_None, diags ? diags : Py_None);
    if (error) PyErr_SetObject((PyObject *)Py_TYPE(error), error);
    Py_XDECREF(error);
    return NULL;
}

int bpy_time(PyObject *pair, berm_time *out)
{
    long long sec;
    int nanos;
    if (!PyArg_ParseTuple(pair, "Li", &sec, &nanos)) return -1;
    *out = (berm_time){sec, nanos};
    return 0;
}

/* --- evaluators --- */

#define ASK_EVERY 50000000 /* nanoseconds */

static int64_t read_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int bpy_eval_poll(void *ctx)
{
    bpy_eval *e = ctx;
    if (e->stop && atomic_load_explicit(e->stop, memory_order_relaxed)) return 1;
    if (!e->is_main) return 0;
    int64_t now = read_clock();
    if (now - e->asked < ASK_EVERY) return 0;
    e->asked = now;
    PyGILState_STATE gil = PyGILState_Ensure();
    int raised = PyErr_CheckSignals(); /* the exception stays with this thread */
    PyGILState_Release(gil);
    return raised != 0;
}

static int is_main_thread(void)
{
    PyObject *threading = PyImport_ImportModule("threading");
    PyObject *main = threading ? PyObject_CallMethod(threading, "main_thread", NULL) : NULL;
    PyObject *ident = main ? PyObject_GetAttrString(main, "ident") : NULL;
    unsigned long id = ident ? PyLong_AsUnsignedLong(ident) : 0;
    Py_XDECREF(ident);
    Py_XDECREF(main);
    Py_XDECREF(threading);
    return PyErr_Occurred() ? -1 : id == PyThread_get_thread_ident();
}

bpy_eval *bpy_eval_take(bpy_policy *policy, const _Atomic int *stop)
{
    bpy_eval *e = policy->idle;
    berm_error err = {0};
    int is_main = is_main_thread();
    if (is_main < 0) return NULL;
    if (e) {
        policy->idle = e->next;
    } else {
        e = calloc(1, sizeof *e);
        berm_eval_options o = {.size = sizeof o, .poll = bpy_eval_poll, .poll_ctx = e};
        if (!e) return PyErr_NoMemory(), NULL;
        if (berm_eval_new(policy->engine->engine, &o, &e->eval, &err)) {
            free(e);
            return bpy_fail(policy->state, &err, NULL, NULL), NULL;
        }
    }
    e->stop = stop;
    e->is_main = is_main;
    e->asked = read_clock();
    return e;
}

void bpy_eval_give(bpy_policy *policy, bpy_eval *eval)
{
    eval->stop = NULL;
    eval->next = policy->idle;
    policy->idle = eval;
}

/* --- making policies --- */

static bpy_policy *make_policy(bpy_engine *engine)
{
    bpy_policy *p = PyObject_GC_New(bpy_policy, engine->state->policy);
    if (!p) return NULL;
    memset((char *)p + sizeof(PyObject), 0, sizeof *p - sizeof(PyObject));
    p->state = engine->state;
    p->engine = engine;
    Py_INCREF((PyObject *)engine);
    PyObject_GC_Track((PyObject *)p);
    return p;
}

static int read_source(PyObject *tuple, berm_source *source)
{
    PyObject *name, *text;
    unsigned role;
    if (!PyArg_ParseTuple(tuple, "UOI", &name, &text, &role)) return -1;
    *source = (berm_source){sizeof *source, bpy_str(name), bpy_str(text), role};
    return source->name.ptr && source->text.ptr ? 0 : -1;
}

static PyObject *compile_sources(bpy_policy *p, const berm_compile_input *input)
{
    berm_diags *diags = NULL;
    berm_error err = {0};
    PyObject *list, *result = NULL;
    berm_status status;
    Py_BEGIN_ALLOW_THREADS status =
        berm_policy_compile(p->engine->engine, input, &p->policy, &diags, &err);
    Py_END_ALLOW_THREADS list = bpy_diags(diags);
    berm_diags_free(diags);
    if (list && status) bpy_fail(p->state, &err, NULL, list);
    else if (list) result = Py_BuildValue("OO", (PyObject *)p, list);
    Py_XDECREF(list);
    return result;
}

/* compile(engine, [(name, text, role)], flags, profile | None) -> (policy, diagnostics) */
static PyObject *compile_policy(PyObject *type, PyObject *args)
{
    PyObject *engine, *list, *result = NULL;
    const char *profile;
    berm_compile_input input = {.size = sizeof input};
    bpy_state *state = PyType_GetModuleState((PyTypeObject *)type);
    if (!PyArg_ParseTuple(args, "O!O!Iz", state->engine, &engine, &PyList_Type, &list, &input.flags,
                          &profile))
        return NULL;
    if (profile) input.profile = (berm_str){profile, strlen(profile)};
    input.source_count = (size_t)PyList_Size(list);
    berm_source *sources = PyMem_Calloc(input.source_count + 1, sizeof *sources);
    bpy_policy *p = make_policy((bpy_engine *)engine);
    input.sources = sources;
    size_t read = 0;
    if (!sources) PyErr_NoMemory();
    while (sources && read < input.source_count &&
           !read_source(PyList_GetItem(list, (Py_ssize_t)read), &sources[read]))
        read++;
    if (p && !PyErr_Occurred()) result = compile_sources(p, &input);
    PyMem_Free(sources);
    Py_XDECREF((PyObject *)p);
    return result;
}

/* load(engine, image) -> policy */
static PyObject *load_policy(PyObject *type, PyObject *args)
{
    PyObject *engine;
    const char *image;
    Py_ssize_t len;
    berm_error err = {0};
    bpy_state *state = PyType_GetModuleState((PyTypeObject *)type);
    if (!PyArg_ParseTuple(args, "O!y#", state->engine, &engine, &image, &len)) return NULL;
    bpy_policy *p = make_policy((bpy_engine *)engine);
    if (!p) return NULL;
    berm_str bytes = {image, (size_t)len};
    if (!berm_policy_load(p->engine->engine, bytes, &p->policy, &err)) return (PyObject *)p;
    Py_DECREF((PyObject *)p);
    return bpy_fail(state, &err, NULL, NULL);
}

/* --- what a policy can say --- */

typedef berm_status write_function(const berm_policy *policy, const berm_sink *sink,
                                   berm_error *err);

static bool write_policy(PyObject *self, write_function *write, bpy_bytes *out)
{
    bpy_policy *p = (bpy_policy *)self;
    berm_error err = {0};
    berm_sink sink = {bpy_bytes_write, out};
    if (!write(p->policy, &sink, &err)) return true;
    bpy_bytes_free(out);
    bpy_fail(p->state, &err, NULL, NULL);
    return false;
}

static PyObject *save_policy(PyObject *self, PyObject *unused)
{
    bpy_bytes image = {0};
    (void)unused;
    if (!write_policy(self, berm_policy_save, &image)) return NULL;
    PyObject *bytes = PyBytes_FromStringAndSize(image.ptr, (Py_ssize_t)image.len);
    bpy_bytes_free(&image);
    return bytes;
}

static PyObject *disassemble(PyObject *self, PyObject *unused)
{
    bpy_bytes text = {0};
    (void)unused;
    if (!write_policy(self, berm_policy_disasm, &text)) return NULL;
    PyObject *made = bpy_text((berm_str){text.ptr, text.len});
    bpy_bytes_free(&text);
    return made;
}

static int add_result(void *list, const berm_test_result *r)
{
    PyObject *one =
        Py_BuildValue("NNNINN", bpy_text(r->guardrail), bpy_text(r->name), bpy_text(r->source),
                      r->line, PyBool_FromLong(r->passed != 0), bpy_text(r->message));
    int failed = !one || PyList_Append(list, one);
    Py_XDECREF(one);
    return failed;
}

static PyObject *run_tests(PyObject *self, PyObject *unused)
{
    bpy_policy *p = (bpy_policy *)self;
    berm_error err = {0};
    PyObject *list = PyList_New(0);
    (void)unused;
    if (!list || !berm_policy_test(p->policy, add_result, list, &err)) return list;
    Py_DECREF(list);
    return PyErr_Occurred() ? NULL : bpy_fail(p->state, &err, NULL, NULL);
}

PyObject *bpy_waiver(bpy_state *state, const berm_waiver *w)
{
    return Py_BuildValue("NNNNNIIILLKKN", bpy_text(w->id), bpy_text(w->category),
                         bpy_text(w->owner), bpy_text(w->expires), bpy_text(w->source), w->line,
                         w->status, w->problems, (long long)w->begins.sec, (long long)w->ends.sec,
                         w->matches, w->max_matches, bpy_object_of(state, w->record));
}

/* waivers(now) -> what each is at that moment */
static PyObject *list_waivers(PyObject *self, PyObject *pair)
{
    bpy_policy *p = (bpy_policy *)self;
    berm_time now;
    if (bpy_time(pair, &now)) return NULL;
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list && i < berm_policy_waiver_count(p->policy); i++) {
        berm_waiver w = {.size = sizeof w};
        berm_error err = {0};
        PyObject *one = berm_policy_waiver(p->policy, i, now, &w, &err)
                            ? bpy_fail(p->state, &err, NULL, NULL)
                            : bpy_waiver(p->state, &w);
        if (!one || PyList_Append(list, one)) Py_CLEAR(list);
        Py_XDECREF(one);
    }
    return list;
}

static PyObject *get_joins(PyObject *self, void *closure)
{
    (void)closure;
    return PyBool_FromLong(berm_policy_joins(((bpy_policy *)self)->policy) != 0);
}

static PyObject *get_engine(PyObject *self, void *closure)
{
    PyObject *engine = (PyObject *)((bpy_policy *)self)->engine;
    (void)closure;
    Py_XINCREF(engine);
    return engine;
}

/* --- the type --- */

static int traverse_policy(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT((PyObject *)((bpy_policy *)self)->engine);
    return 0;
}

static void free_policy(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    bpy_policy *p = (bpy_policy *)self;
    PyObject_GC_UnTrack(self);
    while (p->idle) {
        bpy_eval *e = p->idle;
        p->idle = e->next;
        berm_eval_free(e->eval);
        free(e);
    }
    berm_policy_unref(p->policy);
    Py_XDECREF((PyObject *)p->engine);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

PyTypeObject *bpy_policy_type(PyObject *module)
{
    static PyMethodDef methods[] = {{"compile", compile_policy, METH_VARARGS | METH_CLASS, NULL},
                                    {"load", load_policy, METH_VARARGS | METH_CLASS, NULL},
                                    {"save", save_policy, METH_NOARGS, NULL},
                                    {"disassemble", disassemble, METH_NOARGS, NULL},
                                    {"waivers", list_waivers, METH_O, NULL},
                                    {"test", run_tests, METH_NOARGS, NULL},
                                    {0}};
    static PyGetSetDef members[] = {{.name = "joins", .get = get_joins},
                                    {.name = "engine", .get = get_engine},
                                    {0}};
    static PyType_Slot slots[] = {{Py_tp_methods, methods},
                                  {Py_tp_getset, members},
                                  {Py_tp_dealloc, free_policy},
                                  {Py_tp_traverse, traverse_policy},
                                  {0, NULL}};
    static PyType_Spec spec = {.name = "berm._core.Policy",
                               .basicsize = sizeof(bpy_policy),
                               .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
                                        Py_TPFLAGS_DISALLOW_INSTANTIATION,
                               .slots = slots};
    return (PyTypeObject *)PyType_FromModuleAndSpec(module, &spec, NULL);
}
