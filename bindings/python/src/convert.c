#include "core.h"

#include <string.h>

/* --- from Python --- */

PyObject *bpy_text(berm_str text)
{
    return PyUnicode_DecodeUTF8(text.len ? text.ptr : "", (Py_ssize_t)text.len, "replace");
}

berm_str bpy_str(PyObject *text)
{
    Py_ssize_t len = 0;
    char *bytes;
    if (PyUnicode_Check(text)) {
        const char *ptr = PyUnicode_AsUTF8AndSize(text, &len);
        return ptr ? (berm_str){ptr, (size_t)len} : (berm_str){NULL, 1};
    }
    if (PyBytes_AsStringAndSize(text, &bytes, &len)) return (berm_str){NULL, 1};
    return (berm_str){bytes, (size_t)len};
}

static int push_event(bpy_state *state, berm_builder *builder, const berm_event *event)
{
    berm_error err;
    if (!berm_builder_push(builder, event, NULL)) return 0;
    err = (berm_error){0};
    if (berm_builder_push(builder, event, &err)) bpy_fail(state, &err, NULL, NULL);
    else PyErr_SetString(PyExc_SystemError, "a builder went on after a failure");
    return -1;
}

static int push_kind(bpy_state *state, berm_builder *builder, uint32_t kind)
{
    berm_event event = {.kind = kind, .item = {.size = sizeof event.item}};
    return push_event(state, builder, &event);
}

/* An int as int64, else as uint64; what is larger is refused. */
static int read_integer(PyObject *object, berm_item *item)
{
    int overflow;
    long long value = PyLong_AsLongLongAndOverflow(object, &overflow);
    item->type = BERM_TYPE_OF_INT;
    item->as.i = value;
    if (!overflow) return value == -1 && PyErr_Occurred() ? -1 : 0;
    item->type = BERM_TYPE_OF_UINT;
    if (overflow > 0) item->as.u = PyLong_AsUnsignedLongLong(object);
    if (overflow > 0 && !PyErr_Occurred()) return 0;
    PyErr_Clear();
    PyErr_Format(PyExc_OverflowError, "%S has more than 64 bits", object);
    return -1;
}

static int read_text(PyObject *object, berm_item *item, uint32_t type)
{
    item->type = type;
    item->as.s = bpy_str(object);
    return item->as.s.ptr ? 0 : -1;
}

/* Scalars of Python's own types: 1 read, 0 is something else, -1 an exception. */
static int read_scalar(bpy_state *state, PyObject *object, berm_item *item)
{
    PyTypeObject *type = Py_TYPE(object);
    if (type == &PyUnicode_Type) return read_text(object, item, BERM_TYPE_OF_STRING) ? -1 : 1;
    if (object == Py_None) return item->type = BERM_TYPE_OF_NULL, 1;
    if (type == &PyBool_Type) {
        item->type = BERM_TYPE_OF_BOOL;
        item->as.u = object == Py_True;
        return 1;
    }
    if (type == &PyLong_Type) return read_integer(object, item) ? -1 : 1;
    if (type == &PyFloat_Type) {
        item->type = BERM_TYPE_OF_DOUBLE;
        item->as.d = PyFloat_AsDouble(object);
        return 1;
    }
    if (type == &PyBytes_Type) return read_text(object, item, BERM_TYPE_OF_BYTES) ? -1 : 1;
    if ((PyObject *)type == state->uint) {
        item->type = BERM_TYPE_OF_UINT;
        item->as.u = PyLong_AsUnsignedLongLong(object);
        return PyErr_Occurred() ? -1 : 1;
    }
    if (object == state->unknown) return item->type = BERM_TYPE_OF_UNKNOWN, 1;
    return 0;
}

static int build_list(bpy_state *state, berm_builder *builder, PyObject *list, uint32_t kind)
{
    bool tuple = PyTuple_Check(list);
    if (push_kind(state, builder, kind)) return -1;
    for (Py_ssize_t i = 0; i < (tuple ? PyTuple_Size(list) : PyList_Size(list)); i++) {
        PyObject *item = tuple ? PyTuple_GetItem(list, i) : PyList_GetItem(list, i);
        Py_XINCREF(item); /* a conversion that calls Python may take it out of the list */
        int failed = !item || bpy_build(state, builder, item);
        Py_XDECREF(item);
        if (failed) return -1;
    }
    return push_kind(state, builder, BERM_EVENT_END);
}

static int build_key(bpy_state *state, berm_builder *builder, PyObject *key)
{
    berm_event event = {.kind = BERM_EVENT_KEY, .item = {.size = sizeof event.item}};
    int read = 0;
    if (Py_TYPE(key) == &PyUnicode_Type)
        read = read_text(key, &event.item, BERM_TYPE_OF_STRING) ? -1 : 1;
    else if (PyUnicode_Check(key)) {
        read = read_text(key, &event.item, BERM_TYPE_OF_STRING) ? -1 : 1;
    } else if (PyBool_Check(key) || PyLong_Check(key)) {
        read = read_scalar(state, key, &event.item);
    }
    if (!read) PyErr_Format(PyExc_TypeError, "a key is a str, int or bool, not %R", key);
    return read == 1 ? push_event(state, builder, &event) : -1;
}

static int build_dict(bpy_state *state, berm_builder *builder, PyObject *dict)
{
    Py_ssize_t at = 0, size = PyDict_Size(dict);
    PyObject *key, *value;
    if (push_kind(state, builder, BERM_EVENT_BEGIN_MAP)) return -1;
    while (PyDict_Next(dict, &at, &key, &value)) {
        Py_INCREF(key);
        Py_INCREF(value);
        int failed = build_key(state, builder, key) || bpy_build(state, builder, value);
        Py_DECREF(key);
        Py_DECREF(value);
        if (failed) return -1;
        if (PyDict_Size(dict) != size) {
            PyErr_SetString(PyExc_RuntimeError, "a dict changed while it was read");
            return -1;
        }
    }
    return push_kind(state, builder, BERM_EVENT_END);
}

/* ("timestamp", seconds, nanoseconds), ("duration", nanoseconds) or ("set", list) from
   simplify. */
static int build_tagged(bpy_state *state, berm_builder *builder, PyObject *tagged)
{
    const char *tag;
    PyObject *first;
    long long number = 0;
    berm_event event = {.kind = BERM_EVENT_SCALAR, .item = {.size = sizeof event.item}};
    if (PyTuple_Size(tagged) == 2 && PyArg_ParseTuple(tagged, "sO", &tag, &first) &&
        !strcmp(tag, "set"))
        return build_list(state, builder, first, BERM_EVENT_BEGIN_SET);
    if (PyErr_Occurred()) return -1;
    if (PyTuple_Size(tagged) == 2) {
        event.item.type = BERM_TYPE_OF_DURATION;
        if (!PyArg_ParseTuple(tagged, "sL", &tag, &number)) return -1;
        event.item.as.i = number;
    } else {
        int nanos;
        event.item.type = BERM_TYPE_OF_TIMESTAMP;
        if (!PyArg_ParseTuple(tagged, "sLi", &tag, &number, &nanos)) return -1;
        event.item.as.t = (berm_time){number, nanos};
    }
    return push_event(state, builder, &event);
}

/* What is of none of Python's own types: subclasses, abstract mappings and sequences, moments.
   Python code says what it stands for. */
static int build_other(bpy_state *state, berm_builder *builder, PyObject *object)
{
    PyObject *simple = PyObject_CallFunctionObjArgs(state->simplify, object, NULL);
    int failed = -1;
    if (!simple) return -1;
    if (PyTuple_Check(simple)) failed = build_tagged(state, builder, simple);
    else if (Py_TYPE(simple) != Py_TYPE(object)) failed = bpy_build(state, builder, simple);
    else PyErr_Format(PyExc_TypeError, "%R is no part of a document", (PyObject *)Py_TYPE(object));
    Py_DECREF(simple);
    return failed;
}

/* Recursion ends where the builder's limit of depth does: containers are pushed first. */
int bpy_build(bpy_state *state, berm_builder *builder, PyObject *object)
{
    berm_event event;
    event.kind = BERM_EVENT_SCALAR;
    event.item.size = sizeof event.item;
    event.item.flags = 0;
    event.item.as.u = 0;
    if (Py_TYPE(object) == &PyDict_Type) return build_dict(state, builder, object);
    if (Py_TYPE(object) == &PyList_Type || Py_TYPE(object) == &PyTuple_Type)
        return build_list(state, builder, object, BERM_EVENT_BEGIN_LIST);
    int read = read_scalar(state, object, &event.item);
    if (read == 0) return build_other(state, builder, object);
    return read < 0 ? -1 : push_event(state, builder, &event);
}

/* --- to Python --- */

static PyObject *list_of(bpy_state *state, berm_value value, uint64_t count)
{
    PyObject *list = PyList_New((Py_ssize_t)count);
    for (uint64_t i = 0; list && i < count; i++) {
        berm_value element;
        PyObject *item =
            berm_value_at(value, i, NULL, &element) ? NULL : bpy_object_of(state, element);
        if (!item || PyList_SetItem(list, (Py_ssize_t)i, item)) Py_CLEAR(list);
    }
    return list;
}

static PyObject *dict_of(bpy_state *state, berm_value value, uint64_t count)
{
    PyObject *dict = PyDict_New();
    for (uint64_t i = 0; dict && i < count; i++) {
        berm_value key, element;
        PyObject *k = NULL, *v = NULL;
        if (!berm_value_at(value, i, &key, &element)) {
            k = bpy_object_of(state, key);
            v = k ? bpy_object_of(state, element) : NULL;
        }
        if (!v || PyDict_SetItem(dict, k, v)) Py_CLEAR(dict);
        Py_XDECREF(k);
        Py_XDECREF(v);
    }
    return dict;
}

static PyObject *container_of(bpy_state *state, berm_value value, const berm_item *item)
{
    PyObject *made;
    if (Py_EnterRecursiveCall(" while a value is made into Python objects")) return NULL;
    if (item->type == BERM_TYPE_OF_MAP) made = dict_of(state, value, item->count);
    else made = list_of(state, value, item->count);
    Py_LeaveRecursiveCall();
    if (!made && !PyErr_Occurred()) PyErr_SetString(PyExc_SystemError, "a value cannot be read");
    return made;
}

static PyObject *json_of(berm_value value)
{
    bpy_bytes text = {0};
    berm_sink sink = {bpy_bytes_write, &text};
    PyObject *made = NULL;
    if (berm_value_json(value, &sink, NULL)) PyErr_NoMemory();
    else made = bpy_text((berm_str){text.ptr, text.len});
    bpy_bytes_free(&text);
    return made;
}

static PyObject *optional_of(bpy_state *state, berm_value value, const berm_item *item)
{
    berm_value inner;
    if (!item->count || berm_value_at(value, 0, NULL, &inner)) Py_RETURN_NONE;
    return bpy_object_of(state, inner);
}

PyObject *bpy_object_of(bpy_state *state, berm_value value)
{
    berm_item item = {.size = sizeof item};
    if (berm_value_read(value, &item)) Py_RETURN_NONE;
    switch (item.type) {
    case BERM_TYPE_OF_NULL: Py_RETURN_NONE;
    case BERM_TYPE_OF_BOOL: return PyBool_FromLong(item.as.u != 0);
    case BERM_TYPE_OF_INT: return PyLong_FromLongLong(item.as.i);
    case BERM_TYPE_OF_UINT: return PyObject_CallFunction(state->uint, "K", item.as.u);
    case BERM_TYPE_OF_DOUBLE: return PyFloat_FromDouble(item.as.d);
    case BERM_TYPE_OF_STRING:
    case BERM_TYPE_OF_TYPE: return bpy_text(item.as.s);
    case BERM_TYPE_OF_BYTES:
        return PyBytes_FromStringAndSize(item.as.s.ptr, (Py_ssize_t)item.as.s.len);
    case BERM_TYPE_OF_TIMESTAMP:
        return PyObject_CallFunction(state->moment, "Li", (long long)item.as.t.sec,
                                     (int)item.as.t.nanos);
    case BERM_TYPE_OF_DURATION: return PyObject_CallFunction(state->span, "L", item.as.i);
    case BERM_TYPE_OF_LIST:
    case BERM_TYPE_OF_SET:
    case BERM_TYPE_OF_MAP: return container_of(state, value, &item);
    case BERM_TYPE_OF_OPTIONAL: return optional_of(state, value, &item);
    case BERM_TYPE_OF_OBJECT: return json_of(value);
    default: Py_INCREF(state->unknown); return state->unknown;
    }
}
