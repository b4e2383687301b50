#include "core.h"

#include <stdlib.h>
#include <string.h>

/* --- slots --- */

static bpy_slot *add_slot(bpy_batch *b)
{
    if (b->count == b->cap) {
        size_t cap = b->cap ? b->cap * 2 : 16;
        bpy_slot *grown = realloc(b->slots, cap * sizeof *grown);
        if (!grown) return PyErr_NoMemory(), NULL;
        b->slots = grown;
        b->cap = cap;
    }
    bpy_slot *slot = &b->slots[b->count];
    *slot = (bpy_slot){.kind = BPY_SLOT_FAILED,
                       .name = {"", 0},
                       .target = b->target,
                       .format = b->format};
    return slot;
}

/* The UTF-8 of `object`, which the batch keeps. */
static int hold_text(bpy_batch *b, PyObject *object, berm_str *out)
{
    *out = bpy_str(object);
    if (!out->ptr) return -1;
    return out->len ? PyList_Append(b->held, object) : 0;
}

static int build_document(bpy_batch *b, PyObject *object, bpy_slot *slot)
{
    berm_error err = {0};
    berm_builder *named = NULL, *builder;
    if (slot->name.len && berm_builder_new(b->engine->engine, slot->name, &named, &err))
        return bpy_fail(b->state, &err, NULL, NULL), -1;
    if (!slot->name.len && !b->builder &&
        berm_builder_new(b->engine->engine, slot->name, &b->builder, &err))
        return bpy_fail(b->state, &err, NULL, NULL), -1;
    builder = named ? named : b->builder;
    int failed = bpy_build(b->state, builder, object);
    if (!failed && berm_builder_finish(builder, &slot->doc, &err)) {
        bpy_fail(b->state, &err, NULL, NULL);
        failed = -1;
    }
    if (failed && !named) {
        berm_builder_free(b->builder);
        b->builder = NULL;
    }
    berm_builder_free(named);
    slot->kind = BPY_SLOT_DOC;
    return failed;
}

/* A document of `object`: bytes are a text when `text` is set. */
static int add_document(bpy_batch *b, PyObject *object, PyObject *name, bool text)
{
    bpy_slot *slot = add_slot(b);
    if (!slot || (name && hold_text(b, name, &slot->name))) return -1;
    if (text) {
        slot->kind = BPY_SLOT_TEXT;
        if (hold_text(b, object, &slot->text)) return -1;
    } else if (build_document(b, object, slot)) {
        return -1;
    }
    b->count++;
    return 0;
}

berm_status bpy_batch_document(bpy_batch *b, size_t index, bool keep, berm_doc **out,
                               berm_error *err)
{
    const bpy_slot *slot = &b->slots[index];
    berm_engine *engine = b->engine->engine;
    berm_builder *builder = NULL;
    berm_doc_options how = {.size = sizeof how,
                            .name = slot->name,
                            .format = slot->format,
                            .yaml_schema = b->yaml_schema,
                            .duplicates = b->duplicates,
                            .own = keep ? BERM_TEXT_COPY : BERM_TEXT_OWN};
    berm_status status;
    *out = NULL;
    switch (slot->kind) {
    case BPY_SLOT_DOC: *out = berm_doc_ref(slot->doc); return BERM_OK;
    case BPY_SLOT_TEXT: return berm_doc_parse(engine, slot->text, &how, out, NULL, err);
    case BPY_SLOT_ROW:
        status = berm_builder_new(engine, slot->name, &builder, err);
        if (!status) status = bpy_record_build(slot->record, slot->row, builder, err);
        if (!status) status = berm_builder_finish(builder, out, err);
        berm_builder_free(builder);
        return status;
    default:
        *err = (berm_error){.status = BERM_E_SYNTAX};
        strncpy(err->message, slot->text.ptr, sizeof err->message - 1);
        return BERM_E_SYNTAX;
    }
}

/* --- filling --- */

/* add(object, name="", text=False, format=the batch's, target=the batch's) */
static PyObject *add_one(PyObject *self, PyObject *args)
{
    bpy_batch *b = (bpy_batch *)self;
    PyObject *object, *name = NULL, *target = NULL;
    int text = 0;
    unsigned format = b->format;
    if (!PyArg_ParseTuple(args, "O|UpIU", &object, &name, &text, &format, &target)) return NULL;
    if (add_document(b, object, name, text)) return NULL;
    bpy_slot *slot = &b->slots[b->count - 1];
    slot->format = format;
    if (target && hold_text(b, target, &slot->target)) return NULL;
    Py_RETURN_NONE;
}

/* add_before(object, text=False): the document as it was, of the one that was added last */
static PyObject *add_before(PyObject *self, PyObject *args)
{
    bpy_batch *b = (bpy_batch *)self;
    PyObject *object;
    int text = 0;
    berm_error err = {0};
    if (!PyArg_ParseTuple(args, "O|p", &object, &text)) return NULL;
    if (!b->count) return PyErr_SetString(PyExc_ValueError, "nothing was added"), NULL;
    if (add_document(b, object, NULL, text)) return NULL;
    bpy_slot *before = &b->slots[b->count - 1], *slot = before - 1;
    berm_status status = bpy_batch_document(b, b->count - 1, true, &slot->before, &err);
    berm_doc_unref(before->doc);
    b->count--;
    if (status) return bpy_fail(b->state, &err, NULL, NULL);
    Py_RETURN_NONE;
}

/* The name that `key` gives a document; NULL without an exception: none. */
static PyObject *name_document(PyObject *key, PyObject *object)
{
    if (key == Py_None) return NULL;
    PyObject *given = PyObject_CallFunctionObjArgs(key, object, NULL);
    PyObject *name = given ? PyObject_Str(given) : NULL;
    Py_XDECREF(given);
    return name;
}

/* `prepare` says of what is no dict, list or bytes: (object, name, is it a text?). */
static int add_item(bpy_batch *b, PyObject *item, PyObject *key, PyObject *prepare)
{
    PyTypeObject *type = Py_TYPE(item);
    PyObject *name = NULL, *object, *given;
    int failed, text;
    if (type == &PyDict_Type || type == &PyList_Type || type == &PyBytes_Type) {
        name = name_document(key, item);
        failed = PyErr_Occurred() || add_document(b, item, name, type == &PyBytes_Type);
        Py_XDECREF(name);
        return failed ? -1 : 0;
    }
    PyObject *prepared = PyObject_CallFunctionObjArgs(prepare, item, NULL);
    failed = !prepared || !PyArg_ParseTuple(prepared, "OUp", &object, &given, &text);
    if (!failed) name = name_document(key, item);
    failed = failed || PyErr_Occurred() || add_document(b, object, name ? name : given, text);
    Py_XDECREF(name);
    Py_XDECREF(prepared);
    return failed ? -1 : 0;
}

/* fill(iterator, limit, key, prepare) -> how many */
static PyObject *fill(PyObject *self, PyObject *args)
{
    bpy_batch *b = (bpy_batch *)self;
    PyObject *iterator, *key, *prepare, *item;
    Py_ssize_t limit, got = 0;
    if (!PyArg_ParseTuple(args, "OnOO", &iterator, &limit, &key, &prepare)) return NULL;
    while (got < limit && (item = PyIter_Next(iterator)) != NULL) {
        int failed = add_item(b, item, key, prepare);
        Py_DECREF(item);
        if (failed) return NULL;
        got++;
    }
    return PyErr_Occurred() ? NULL : PyLong_FromSsize_t(got);
}

static PyObject *fill_arrow(PyObject *self, PyObject *args)
{
    return bpy_batch_fill_arrow((bpy_batch *)self, args);
}

static PyObject *interrupt(PyObject *self, PyObject *unused)
{
    (void)unused;
    atomic_store(&((bpy_batch *)self)->stop, 1);
    Py_RETURN_NONE;
}

/* read() -> the roots of all documents as Python objects, and what is to be said of each text */
static PyObject *read_all(PyObject *self, PyObject *unused)
{
    bpy_batch *b = (bpy_batch *)self;
    PyObject *list = PyList_New(0);
    (void)unused;
    for (size_t i = 0; list && i < b->count; i++) {
        berm_doc *doc;
        berm_error err = {0};
        if (bpy_batch_document(b, i, false, &doc, &err)) {
            PyObject *name = bpy_text(b->slots[i].name);
            bpy_fail(b->state, &err, name, NULL);
            Py_XDECREF(name);
            Py_CLEAR(list);
        }
        for (size_t r = 0; list && r < berm_doc_root_count(doc); r++) {
            PyObject *root = bpy_object_of(b->state, berm_doc_root(doc, r));
            if (!root || PyList_Append(list, root)) Py_CLEAR(list);
            Py_XDECREF(root);
        }
        berm_doc_unref(doc);
    }
    return list;
}

/* diagnose(text, name) -> what reading it says, faults and warnings */
static PyObject *diagnose(PyObject *self, PyObject *args)
{
    bpy_batch *b = (bpy_batch *)self;
    const char *text, *name;
    Py_ssize_t text_len, name_len;
    berm_doc *doc = NULL;
    berm_diags *diags = NULL;
    if (!PyArg_ParseTuple(args, "y#s#", &text, &text_len, &name, &name_len)) return NULL;
    berm_doc_options how = {.size = sizeof how,
                            .name = {name, (size_t)name_len},
                            .format = b->format,
                            .yaml_schema = b->yaml_schema,
                            .duplicates = b->duplicates};
    berm_str whole = {text, (size_t)text_len};
    berm_status status = berm_doc_parse(b->engine->engine, whole, &how, &doc, &diags, NULL);
    PyObject *list = status == BERM_E_NOMEM ? PyErr_NoMemory() : bpy_diags(diags);
    berm_diags_free(diags);
    berm_doc_unref(doc);
    return list;
}

/* --- the type --- */

static PyObject *new_batch(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"engine", "target", "format", "schema", "duplicates", NULL};
    bpy_state *state = PyType_GetModuleState(type);
    PyObject *engine, *target = NULL;
    unsigned format = 0, schema = 0, duplicates = 0;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!|UIII", names, state->engine, &engine,
                                     &target, &format, &schema, &duplicates))
        return NULL;
    bpy_batch *b = PyObject_New(bpy_batch, type);
    if (!b) return NULL;
    memset((char *)b + sizeof(PyObject), 0, sizeof *b - sizeof(PyObject));
    atomic_init(&b->stop, 0);
    Py_INCREF(engine);
    b->engine = (bpy_engine *)engine;
    b->state = state;
    b->format = format;
    b->yaml_schema = schema;
    b->duplicates = duplicates;
    b->held = PyList_New(0);
    if (b->held && (!target || !hold_text(b, target, &b->target))) return (PyObject *)b;
    Py_DECREF(b);
    return NULL;
}

static Py_ssize_t count_documents(PyObject *self)
{
    return (Py_ssize_t)((bpy_batch *)self)->count;
}

static void free_batch(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    bpy_batch *b = (bpy_batch *)self;
    for (size_t i = 0; i < b->count; i++) {
        berm_doc_unref(b->slots[i].doc);
        berm_doc_unref(b->slots[i].before);
    }
    free(b->slots);
    berm_builder_free(b->builder);
    for (size_t i = 0; i < b->record_count; i++) bpy_record_unref(b->records[i]);
    free(b->records);
    Py_XDECREF(b->held);
    Py_XDECREF((PyObject *)b->engine);
    PyObject_Free(self);
    Py_DECREF(type);
}

PyTypeObject *bpy_batch_type(PyObject *module)
{
    static PyMethodDef methods[] = {
        {"add", add_one, METH_VARARGS, NULL},        {"add_before", add_before, METH_VARARGS, NULL},
        {"fill", fill, METH_VARARGS, NULL},          {"fill_arrow", fill_arrow, METH_VARARGS, NULL},
        {"read", read_all, METH_NOARGS, NULL},       {"diagnose", diagnose, METH_VARARGS, NULL},
        {"interrupt", interrupt, METH_NOARGS, NULL}, {0}};
    static PyType_Slot slots[] = {{Py_tp_new, new_batch},
                                  {Py_tp_dealloc, free_batch},
                                  {Py_tp_methods, methods},
                                  {Py_sq_length, count_documents},
                                  {0, NULL}};
    static PyType_Spec spec = {.name = "berm._core.Batch",
                               .basicsize = sizeof(bpy_batch),
                               .flags = Py_TPFLAGS_DEFAULT,
                               .slots = slots};
    return (PyTypeObject *)PyType_FromModuleAndSpec(module, &spec, NULL);
}
