/* Findings as an Arrow stream of record batches, one for each table. The arrays are the tables'
   own memory: nothing is copied, and any thread may release them. */
#include "arrow.h"
#include "core.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- the schema --- */

static const struct {
    const char *name, *format;
} fields[] = {
#define BPY_TEXT(name, value) {#name, "u"},
#define BPY_NUMBER(name, type, value) {#name, sizeof(type) == 4 ? "i" : "l"},
#define BPY_FLAG(name, value) {#name, "b"},
#include "columns.def"
};

typedef struct schema_block {
    struct ArrowSchema children[BPY_COLUMN_COUNT];
    struct ArrowSchema *pointers[BPY_COLUMN_COUNT];
} schema_block;

static void release_child_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void release_schema(struct ArrowSchema *schema)
{
    for (int64_t i = 0; i < schema->n_children; i++)
        if (schema->children[i]->release) schema->children[i]->release(schema->children[i]);
    free(schema->private_data);
    schema->release = NULL;
}

static int give_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    schema_block *block = calloc(1, sizeof *block);
    (void)stream;
    if (!block) return ENOMEM;
    for (size_t i = 0; i < BPY_COLUMN_COUNT; i++) {
        block->children[i] = (struct ArrowSchema){.format = fields[i].format,
                                                  .name = fields[i].name,
                                                  .release = release_child_schema};
        block->pointers[i] = &block->children[i];
    }
    *out = (struct ArrowSchema){.format = "+s",
                                .name = "",
                                .n_children = BPY_COLUMN_COUNT,
                                .children = block->pointers,
                                .release = release_schema,
                                .private_data = block};
    return 0;
}

/* --- the arrays --- */

typedef struct array_block {
    _Atomic int refs; /* of the parent and of children that were moved out of it */
    bpy_table *table;
    struct ArrowArray children[BPY_COLUMN_COUNT];
    struct ArrowArray *pointers[BPY_COLUMN_COUNT];
    const void *buffers[BPY_COLUMN_COUNT][3];
    const void *validity; /* the parent's: none */
} array_block;

static void drop_block(array_block *block)
{
    if (atomic_fetch_sub(&block->refs, 1) != 1) return;
    bpy_table_unref(block->table);
    free(block);
}

static void release_child(struct ArrowArray *array)
{
    array->release = NULL;
    drop_block(array->private_data);
}

static void release_array(struct ArrowArray *array)
{
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release) array->children[i]->release(array->children[i]);
    array->release = NULL;
    drop_block(array->private_data);
}

/* Empty buffers are NULL in a table; Arrow wants some address. */
static const void *address_of(const bpy_bytes *bytes)
{
    static const int64_t nothing = 0;
    return bytes->ptr ? (const void *)bytes->ptr : (const void *)&nothing;
}

static void give_table(bpy_table *table, array_block *block, struct ArrowArray *out)
{
    block->table = bpy_table_ref(table);
    atomic_init(&block->refs, 1 + BPY_COLUMN_COUNT);
    for (size_t i = 0; i < BPY_COLUMN_COUNT; i++) {
        const bpy_column *column = &table->columns[i];
        bool text = column->offsets.len != 0;
        block->buffers[i][1] = address_of(text ? &column->offsets : &column->data);
        block->buffers[i][2] = address_of(&column->data);
        block->children[i] = (struct ArrowArray){.length = table->count,
                                                 .n_buffers = text ? 3 : 2,
                                                 .buffers = block->buffers[i],
                                                 .release = release_child,
                                                 .private_data = block};
        block->pointers[i] = &block->children[i];
    }
    *out = (struct ArrowArray){.length = table->count,
                               .n_buffers = 1,
                               .n_children = BPY_COLUMN_COUNT,
                               .buffers = &block->validity,
                               .children = block->pointers,
                               .release = release_array,
                               .private_data = block};
}

/* --- the stream --- */

typedef struct table_list {
    size_t count, at;
    bpy_table *tables[];
} table_list;

static int give_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    table_list *list = stream->private_data;
    memset(out, 0, sizeof *out);
    while (list->at < list->count && !list->tables[list->at]->count) list->at++;
    if (list->at == list->count) return 0; /* the end: an array without `release` */
    array_block *block = calloc(1, sizeof *block);
    if (!block) return ENOMEM;
    give_table(list->tables[list->at++], block, out);
    return 0;
}

static const char *say_last_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return "out of memory";
}

static void release_stream(struct ArrowArrayStream *stream)
{
    table_list *list = stream->private_data;
    for (size_t i = 0; i < list->count; i++) bpy_table_unref(list->tables[i]);
    free(list);
    stream->release = NULL;
}

static void free_stream(PyObject *capsule)
{
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, "arrow_array_stream");
    if (stream && stream->release) stream->release(stream);
    free(stream);
}

/* stream([Rows, ...]) -> an arrow_array_stream capsule */
PyObject *bpy_stream(PyObject *module, PyObject *rows)
{
    bpy_state *state = bpy_state_of(module);
    Py_ssize_t count = PyList_Size(rows);
    if (count < 0) return NULL;
    table_list *list = calloc(1, sizeof *list + (size_t)count * sizeof *list->tables);
    struct ArrowArrayStream *stream = calloc(1, sizeof *stream);
    if (!list || !stream) PyErr_NoMemory();
    for (Py_ssize_t i = 0; list && stream && i < count; i++) {
        PyObject *one = PyList_GetItem(rows, i);
        if (Py_TYPE(one) == state->rows)
            list->tables[list->count++] = bpy_table_ref(((bpy_rows *)one)->table);
        else PyErr_SetString(PyExc_TypeError, "a list of Rows is expected");
    }
    if (list && stream)
        *stream =
            (struct ArrowArrayStream){give_schema, give_next, say_last_error, release_stream, list};
    PyObject *capsule = NULL;
    if (!PyErr_Occurred()) capsule = PyCapsule_New(stream, "arrow_array_stream", free_stream);
    if (capsule) return capsule;
    if (stream && stream->release) stream->release(stream);
    else free(list);
    free(stream);
    return NULL;
}
