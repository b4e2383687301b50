#include "core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- words --- */

berm_str bpy_word(uint32_t enumeration, uint32_t value)
{
    const char *word = berm_word(enumeration, value);
    return (berm_str){word, strlen(word)};
}

PyObject *bpy_words(PyObject *module, PyObject *name)
{
    static const struct {
        const char *name;
        uint32_t enumeration;
    } all[] = {{"severity", BERM_WORDS_SEVERITY},
               {"enforcement", BERM_WORDS_ENFORCEMENT},
               {"verdict", BERM_WORDS_VERDICT},
               {"action", BERM_WORDS_ACTION}};
    size_t at = 0, count = sizeof all / sizeof *all;
    (void)module;
    while (at < count && PyUnicode_CompareWithASCIIString(name, all[at].name)) at++;
    if (at == count) return PyErr_Format(PyExc_ValueError, "no enumeration is called %R", name);
    PyObject *list = PyList_New(0);
    for (uint32_t i = 0; list && *berm_word(all[at].enumeration, i); i++) {
        PyObject *word = PyUnicode_FromString(berm_word(all[at].enumeration, i));
        if (!word || PyList_Append(list, word)) Py_CLEAR(list);
        Py_XDECREF(word);
    }
    return list;
}

/* --- a table --- */

bpy_table *bpy_table_new(void)
{
    bpy_table *t = calloc(1, sizeof *t);
    int32_t zero = 0;
    bool made = t != NULL;
    if (!t) return NULL;
    atomic_init(&t->refs, 1);
#define BPY_TEXT(name, value) \
    made = made && bpy_bytes_add(&t->columns[BPY_COLUMN_##name].offsets, &zero, sizeof zero);
#include "columns.def"
    if (made) return t;
    bpy_table_unref(t);
    return NULL;
}

bpy_table *bpy_table_ref(bpy_table *table)
{
    atomic_fetch_add(&table->refs, 1);
    return table;
}

void bpy_table_unref(bpy_table *table)
{
    if (!table || atomic_fetch_sub(&table->refs, 1) != 1) return;
    for (size_t i = 0; i < BPY_COLUMN_COUNT; i++) {
        bpy_bytes_free(&table->columns[i].offsets);
        bpy_bytes_free(&table->columns[i].data);
    }
    free(table);
}

static bool add_text(bpy_column *column, berm_str text)
{
    if (text.len > INT32_MAX - column->data.len) return false;
    if (!bpy_bytes_add(&column->data, text.ptr, text.len)) return false;
    int32_t end = (int32_t)column->data.len;
    return bpy_bytes_add(&column->offsets, &end, sizeof end);
}

/* Bits, the first row's lowest. */
static bool add_flag(bpy_column *column, int64_t row, bool flag)
{
    char none = 0;
    if (row % 8 == 0 && !bpy_bytes_add(&column->data, &none, 1)) return false;
    if (flag) {
        char *byte = &column->data.ptr[row / 8];
        *byte = (char)(*byte | 1 << row % 8);
    }
    return true;
}

static void write_part(char **at, const char *end, berm_str text)
{
    size_t room = (size_t)(end - *at);
    size_t len = text.len < room ? text.len : room;
    if (len) memcpy(*at, text.ptr, len);
    *at += len;
}

typedef struct witness_text {
    char text[4096];
} witness_text;

/* What was written up to `at`; where it filled the buffer, without half a code point. */
static berm_str cut_text(const witness_text *buffer, const char *at)
{
    if (at == buffer->text + sizeof buffer->text)
        while (at > buffer->text && (at[-1] & 0x80)) at--;
    return (berm_str){buffer->text, (size_t)(at - buffer->text)};
}

/* As the text report says it: `x > 1 is false, where x = 0`. */
static berm_str describe_witness(const berm_witness *w, witness_text *buffer)
{
    char *at = buffer->text, *end = at + sizeof buffer->text;
    if (!w) return (berm_str){"", 0};
    write_part(&at, end, w->expression);
    write_part(&at, end, (berm_str){" is ", 4});
    write_part(&at, end, w->value);
    for (size_t i = 0; i < w->operand_count; i++) {
        const berm_operand *o = (const void *)((const char *)w->operands + i * w->operand_stride);
        write_part(&at, end, i ? (berm_str){", ", 2} : (berm_str){", where ", 8});
        write_part(&at, end, o->expression);
        write_part(&at, end, (berm_str){" = ", 3});
        write_part(&at, end, o->value);
    }
    return cut_text(buffer, at);
}

/* file:line:column of what decided, in the policy. */
static berm_str describe_place(const berm_witness *w, witness_text *buffer)
{
    char number[32], *at = buffer->text, *end = at + sizeof buffer->text - sizeof number;
    if (!w) return (berm_str){"", 0};
    write_part(&at, end, w->source);
    int len = snprintf(number, sizeof number, ":%u:%u", w->line, w->column);
    write_part(&at, at + len, (berm_str){number, (size_t)len});
    return (berm_str){buffer->text, (size_t)(at - buffer->text)};
}

/* All waivers that match, a line each: the id of one that counts, why one does not. */
static berm_str describe_waivers(const berm_finding *f, witness_text *buffer)
{
    char *at = buffer->text, *end = at + sizeof buffer->text;
    for (size_t i = 0; i < f->waiver_count; i++) {
        const berm_waived *w = (const void *)((const char *)f->waivers + i * f->waiver_stride);
        if (i) write_part(&at, end, (berm_str){"\n", 1});
        write_part(&at, end, w->standing == BERM_WAIVED_COUNTS ? w->waiver : w->why);
    }
    return cut_text(buffer, at);
}

static bool add_columns(bpy_table *t, const bpy_place *place, const berm_finding *f,
                        witness_text *witness, witness_text *decided)
{
    bool added = true;
    bpy_column *c = t->columns;
#define BPY_TEXT(name, value) added = added && add_text(c++, value);
#define BPY_NUMBER(name, type, value) \
    added = added && bpy_bytes_add(&(c++)->data, &(type){(type)(value)}, sizeof(type));
#define BPY_FLAG(name, value) added = added && add_flag(c++, t->count, (value) != 0);
#include "columns.def"
    return added;
}

bool bpy_table_add(bpy_table *t, const bpy_place *place, const berm_finding *f)
{
    witness_text witness, decided;
    if (!add_columns(t, place, f, &witness, &decided)) return false;
    t->count++;
    return true;
}

/* --- the Python object --- */

static PyObject *read_text(const bpy_column *column, Py_ssize_t row)
{
    const int32_t *offsets = (const void *)column->offsets.ptr;
    return bpy_text(
        (berm_str){column->data.ptr + offsets[row], (size_t)(offsets[row + 1] - offsets[row])});
}

static PyObject *read_flag(const bpy_column *column, Py_ssize_t row)
{
    return PyBool_FromLong(column->data.ptr[row / 8] >> row % 8 & 1);
}

/* The number of a row: int32_t or int64_t, by its size. */
static PyObject *read_number(const bpy_column *column, Py_ssize_t row, size_t size)
{
    int32_t small;
    int64_t large;
    const char *at = column->data.ptr + (size_t)row * size;
    if (size == sizeof small) {
        memcpy(&small, at, sizeof small);
        return PyLong_FromLong(small);
    }
    memcpy(&large, at, sizeof large);
    return PyLong_FromLongLong(large);
}

static PyObject *get_row(PyObject *self, Py_ssize_t row)
{
    const bpy_table *t = ((bpy_rows *)self)->table;
    const bpy_column *c = t->columns;
    Py_ssize_t at = 0;
    int failed = 0;
    if (row < 0 || row >= t->count)
        return PyErr_SetString(PyExc_IndexError, "there is no such finding"), NULL;
    PyObject *one, *tuple = PyTuple_New(BPY_COLUMN_COUNT);
#define BPY_ITEM(made) \
    one = tuple && !failed ? (made) : NULL; \
    failed |= !one || PyTuple_SetItem(tuple, at++, one); \
    c++;
#define BPY_TEXT(name, value) BPY_ITEM(read_text(c, row))
#define BPY_NUMBER(name, type, value) BPY_ITEM(read_number(c, row, sizeof(type)))
#define BPY_FLAG(name, value) BPY_ITEM(read_flag(c, row))
#include "columns.def"
    if (failed) Py_CLEAR(tuple);
    return tuple;
}

static Py_ssize_t count_rows(PyObject *self)
{
    return (Py_ssize_t)((bpy_rows *)self)->table->count;
}

/* [(name, "text" | "int32" | "int64" | "flag")] */
PyObject *bpy_columns(void)
{
    return Py_BuildValue("["
#define BPY_TEXT(name, value) "(ss)"
#define BPY_NUMBER(name, type, value) "(ss)"
#define BPY_FLAG(name, value) "(ss)"
#include "columns.def"
                         "]"
#define BPY_TEXT(name, value) , #name, "text"
#define BPY_NUMBER(name, type, value) , #name, sizeof(type) == 4 ? "int32" : "int64"
#define BPY_FLAG(name, value) , #name, "flag"
#include "columns.def"
    );
}

/* The totals: a dictionary of numbers, `verdicts` a list in the order of the words. */
static PyObject *get_summary(PyObject *self, void *closure)
{
    const bpy_rows *r = (bpy_rows *)self;
    const berm_summary *s = &r->summary;
    PyObject *verdicts = PyList_New(BERM_VERDICT_COUNT);
    (void)closure;
    for (Py_ssize_t i = 0; verdicts && i < BERM_VERDICT_COUNT; i++) {
        PyObject *number = PyLong_FromUnsignedLongLong(s->verdicts[i]);
        if (!number || PyList_SetItem(verdicts, i, number)) Py_CLEAR(verdicts);
    }
    if (!verdicts) return NULL;
    return Py_BuildValue("{sNsKsKsKsNsKsK}", "verdicts", verdicts, "resources", s->resources,
                         "unmatched", s->unmatched, "cost", s->cost, "denied",
                         PyBool_FromLong(s->denied != 0), "documents", r->documents, "failures",
                         r->failures);
}

static void free_rows(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    bpy_table_unref(((bpy_rows *)self)->table);
    PyObject_Free(self);
    Py_DECREF(type);
}

bpy_rows *bpy_rows_new(bpy_state *state)
{
    bpy_rows *rows = PyObject_New(bpy_rows, state->rows);
    if (!rows) return NULL;
    rows->summary = (berm_summary){.size = sizeof rows->summary};
    rows->documents = rows->failures = 0;
    rows->table = bpy_table_new();
    if (rows->table) return rows;
    Py_DECREF((PyObject *)rows);
    PyErr_NoMemory();
    return NULL;
}

PyTypeObject *bpy_rows_type(PyObject *module)
{
    static PyGetSetDef members[] = {{.name = "summary", .get = get_summary}, {0}};
    static PyType_Slot slots[] = {{Py_tp_dealloc, free_rows},
                                  {Py_tp_getset, members},
                                  {Py_sq_length, count_rows},
                                  {Py_sq_item, get_row},
                                  {0, NULL}};
    static PyType_Spec spec = {.name = "berm._core.Rows",
                               .basicsize = sizeof(bpy_rows),
                               .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
                               .slots = slots};
    return (PyTypeObject *)PyType_FromModuleAndSpec(module, &spec, NULL);
}
