/* Record batches that others hand over through the Arrow C data interface, as documents: each row
   of a column of texts is a text, or else each row is a map of its columns. */
#include "arrow_cells.h"
#include "core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A schema and one record batch; shared by the reader and by batches of its rows. */
struct bpy_record {
    _Atomic int refs;
    struct bpy_schema *schema;
    struct ArrowArray array;
};

typedef struct bpy_schema {
    _Atomic int refs;
    struct ArrowSchema schema;
} bpy_schema;

typedef struct bpy_reader {
    PyObject_HEAD struct ArrowArrayStream stream; /* without `release`: there is one array alone */
    bpy_schema *schema;
    struct bpy_record *record; /* the one that is being read */
    int64_t row;
} bpy_reader;

static void unref_schema(bpy_schema *schema)
{
    if (!schema || atomic_fetch_sub(&schema->refs, 1) != 1) return;
    if (schema->schema.release) schema->schema.release(&schema->schema);
    free(schema);
}

void bpy_record_unref(struct bpy_record *record)
{
    if (!record || atomic_fetch_sub(&record->refs, 1) != 1) return;
    if (record->array.release) record->array.release(&record->array);
    unref_schema(record->schema);
    free(record);
}

static struct bpy_record *make_record(bpy_schema *schema)
{
    struct bpy_record *record = calloc(1, sizeof *record);
    if (!record) return PyErr_NoMemory(), NULL;
    atomic_init(&record->refs, 1);
    atomic_fetch_add(&schema->refs, 1);
    record->schema = schema;
    return record;
}

/* --- reading --- */

static bpy_schema *make_schema(void)
{
    bpy_schema *schema = calloc(1, sizeof *schema);
    if (!schema) return PyErr_NoMemory(), NULL;
    atomic_init(&schema->refs, 1);
    return schema;
}

static int fail_stream(struct ArrowArrayStream *stream)
{
    const char *why = stream->get_last_error(stream);
    if (!PyErr_Occurred())
        PyErr_Format(PyExc_RuntimeError, "the Arrow stream: %s", why ? why : "no reason given");
    return -1;
}

static int open_stream(bpy_reader *r, PyObject *capsule)
{
    struct ArrowArrayStream *from = PyCapsule_GetPointer(capsule, "arrow_array_stream");
    if (!from) return -1;
    r->stream = *from; /* moved: the capsule has it no more */
    from->release = NULL;
    r->schema = make_schema();
    if (!r->schema) return -1;
    return r->stream.get_schema(&r->stream, &r->schema->schema) ? fail_stream(&r->stream) : 0;
}

static int open_array(bpy_reader *r, PyObject *pair)
{
    PyObject *one, *two;
    if (!PyArg_ParseTuple(pair, "OO", &one, &two)) return -1;
    struct ArrowSchema *schema = PyCapsule_GetPointer(one, "arrow_schema");
    struct ArrowArray *array = schema ? PyCapsule_GetPointer(two, "arrow_array") : NULL;
    r->schema = array ? make_schema() : NULL;
    r->record = r->schema ? make_record(r->schema) : NULL;
    if (!r->record) return -1;
    r->schema->schema = *schema;
    schema->release = NULL;
    r->record->array = *array;
    array->release = NULL;
    return 0;
}

static int open_reader(bpy_reader *r, PyObject *source)
{
    int failed;
    PyObject *given;
    if (PyObject_HasAttrString(source, "__arrow_c_stream__")) {
        given = PyObject_CallMethod(source, "__arrow_c_stream__", NULL);
        failed = !given || open_stream(r, given);
    } else {
        given = PyObject_CallMethod(source, "__arrow_c_array__", NULL);
        failed = !given || open_array(r, given);
    }
    Py_XDECREF(given);
    if (failed) return -1;
    if (!strcmp(r->schema->schema.format, "+s")) return 0;
    PyErr_SetString(PyExc_TypeError, "record batches are expected, not single arrays");
    return -1;
}

/* 1: r->record has rows left; 0: the end; -1: an exception is set. */
static int advance(bpy_reader *r)
{
    int failed;
    while (r->record == NULL || r->row >= r->record->array.length) {
        bpy_record_unref(r->record);
        r->record = NULL;
        r->row = 0;
        if (!r->stream.release) return 0;
        r->record = make_record(r->schema);
        if (!r->record) return -1;
        Py_BEGIN_ALLOW_THREADS failed = r->stream.get_next(&r->stream, &r->record->array);
        Py_END_ALLOW_THREADS if (failed) return fail_stream(&r->stream);
        if (!r->record->array.release) return 0;
    }
    return 1;
}

/* --- filling a batch --- */

/* Room for `more` slots. */
static int reserve_slots(bpy_batch *b, size_t more)
{
    if (b->cap - b->count >= more) return 0;
    bpy_slot *grown = realloc(b->slots, (b->count + more) * sizeof *grown);
    if (!grown) return PyErr_NoMemory(), -1;
    b->slots = grown;
    b->cap = b->count + more;
    return 0;
}

static int hold_record(bpy_batch *b, struct bpy_record *record)
{
    if (b->record_count && b->records[b->record_count - 1] == record) return 0;
    struct bpy_record **grown = realloc(b->records, (b->record_count + 1) * sizeof(*grown));
    if (!grown) return PyErr_NoMemory(), -1;
    b->records = grown;
    b->records[b->record_count++] = record;
    atomic_fetch_add(&record->refs, 1);
    return 0;
}

/* The names of rows; what is no text gets one from Python. */
static int name_row(bpy_batch *b, const bpy_cells *key, int64_t row, berm_str *name)
{
    *name = (berm_str){"", 0};
    if (!key->array || bpy_cells_null(key, row)) return 0;
    if (bpy_cells_text(key, row, name)) return 0;
    int64_t number;
    if (!bpy_cells_integer(key, row, &number)) {
        PyErr_SetString(PyExc_TypeError, "the key column has neither texts nor integers");
        return -1;
    }
    PyObject *text = PyUnicode_FromFormat("%lld", (long long)number);
    int failed = !text || PyList_Append(b->held, text);
    if (!failed) *name = bpy_str(text);
    Py_XDECREF(text);
    return failed ? -1 : 0;
}

static int find_column(const bpy_reader *r, const char *name, bpy_cells *out)
{
    const bpy_cells all = {&r->schema->schema, &r->record->array};
    *out = (bpy_cells){NULL, NULL};
    if (!name) return 0;
    if (bpy_cells_member(&all, name, out)) return 0;
    PyErr_Format(PyExc_KeyError, "there is no column '%s'", name);
    return -1;
}

static int add_row(bpy_batch *b, const bpy_reader *r, const bpy_cells *column, const bpy_cells *key,
                   int64_t row)
{
    /* a row of the record's own may be null, and columns of a slice begin at its offset */
    bpy_cells all = {&r->schema->schema, &r->record->array};
    int64_t at = row + r->record->array.offset;
    bpy_slot *slot = &b->slots[b->count];
    *slot = (bpy_slot){.kind = BPY_SLOT_FAILED,
                       .target = b->target,
                       .format = b->format,
                       .record = r->record,
                       .row = row};
    if (name_row(b, key, at, &slot->name)) return -1;
    b->count++;
    slot->text = (berm_str){"the row is null", 15};
    if (bpy_cells_null(&all, row)) return 0;
    if (!column->array) slot->kind = BPY_SLOT_ROW;
    else if (bpy_cells_null(column, at)) return 0;
    else if (bpy_cells_text(column, at, &slot->text)) slot->kind = BPY_SLOT_TEXT;
    else return PyErr_SetString(PyExc_TypeError, "the document column has no texts"), -1;
    return 0;
}

/* fill_arrow(reader, limit, column | None, key | None) -> how many rows, of one record batch */
PyObject *bpy_batch_fill_arrow(bpy_batch *b, PyObject *args)
{
    PyObject *reader;
    Py_ssize_t limit;
    const char *column_name, *key_name;
    bpy_cells column, key;
    if (!PyArg_ParseTuple(args, "O!nzz", b->state->reader, &reader, &limit, &column_name,
                          &key_name))
        return NULL;
    bpy_reader *r = (bpy_reader *)reader;
    int more = advance(r);
    if (more <= 0) return more ? NULL : PyLong_FromLong(0);
    if (find_column(r, column_name, &column) || find_column(r, key_name, &key)) return NULL;
    if (limit > r->record->array.length - r->row)
        limit = (Py_ssize_t)(r->record->array.length - r->row);
    if (reserve_slots(b, (size_t)limit) || hold_record(b, r->record)) return NULL;
    for (Py_ssize_t i = 0; i < limit; i++)
        if (add_row(b, r, &column, &key, r->row++)) return NULL;
    return PyLong_FromSsize_t(limit);
}

berm_status bpy_record_build(const struct bpy_record *record, int64_t row, berm_builder *builder,
                             berm_error *err)
{
    const bpy_cells all = {&record->schema->schema, &record->array};
    return bpy_cells_build(&all, row, builder, err);
}

/* --- the type --- */

static PyObject *new_reader(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"source", NULL};
    PyObject *source;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O", names, &source)) return NULL;
    bpy_reader *r = PyObject_New(bpy_reader, type);
    if (!r) return NULL;
    memset((char *)r + sizeof(PyObject), 0, sizeof *r - sizeof(PyObject));
    if (!open_reader(r, source)) return (PyObject *)r;
    Py_DECREF(r);
    return NULL;
}

static void free_reader(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    bpy_reader *r = (bpy_reader *)self;
    bpy_record_unref(r->record);
    unref_schema(r->schema);
    if (r->stream.release) r->stream.release(&r->stream);
    PyObject_Free(self);
    Py_DECREF(type);
}

PyTypeObject *bpy_reader_type(PyObject *module)
{
    static PyType_Slot slots[] = {{Py_tp_new, new_reader}, {Py_tp_dealloc, free_reader}, {0, NULL}};
    static PyType_Spec spec = {.name = "berm._core.ArrowReader",
                               .basicsize = sizeof(bpy_reader),
                               .flags = Py_TPFLAGS_DEFAULT,
                               .slots = slots};
    return (PyTypeObject *)PyType_FromModuleAndSpec(module, &spec, NULL);
}
