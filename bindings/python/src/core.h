/* The extension module berm._core: what its files share. It sees the library through berm.h alone. */
#ifndef BERM_PYTHON_CORE_H
#define BERM_PYTHON_CORE_H

#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030B0000
#endif
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <berm/berm.h>
#include <stdatomic.h>
#include <stdbool.h>

/* What the module keeps; one per interpreter. */
typedef struct bpy_state {
    PyTypeObject *engine, *policy, *batch, *rows, *report, *reader;
    PyObject *fail;          /* berm._errors.make: an exception of a status */
    PyObject *simplify;      /* berm._convert.simplify: what is none of the types known here */
    PyObject *uint;          /* berm._convert.UInt */
    PyObject *unknown;       /* berm._convert.UNKNOWN */
    PyObject *moment, *span; /* berm._convert.moment, .span: datetime and timedelta from numbers */
} bpy_state;
bpy_state *bpy_state_of(PyObject *module);

/* --- memory.c --- */

/* The library's memory with a count, and a number after which every allocation fails. */
typedef struct bpy_memory {
    _Atomic int64_t bytes, blocks;
    _Atomic int64_t left; /* allocations until they fail; negative: never */
} bpy_memory;
void *bpy_memory_realloc(void *ctx, void *ptr, size_t old_len, size_t new_len);

/* An array that grows, of bytes; outside Python's heap, so without the GIL. False: no memory. */
typedef struct bpy_bytes {
    char *ptr;
    size_t len, cap;
} bpy_bytes;
bool bpy_bytes_add(bpy_bytes *b, const void *ptr, size_t len);
void bpy_bytes_free(bpy_bytes *b);
int bpy_bytes_write(void *ctx, const char *ptr, size_t len); /* a berm_sink's */

/* --- engine.c --- */

typedef struct bpy_function {
    struct bpy_engine *engine;
    PyObject *callable; /* the engine's dictionary holds it */
} bpy_function;

typedef struct bpy_engine {
    PyObject_HEAD bpy_state *state;
    berm_engine *engine;
    bpy_memory *memory; /* NULL: not counted */
    PyObject *functions;
    PyObject *zone, *zones; /* gives the bytes of a time zone, or NULL; those it gave */
    bpy_function *calls;
    PyObject *raised[3]; /* what a host function raised to end a run: type, value, traceback */
} bpy_engine;
PyTypeObject *bpy_engine_type(PyObject *module);
/* Sets what a host function raised to end the run, or else KeyboardInterrupt. */
void bpy_engine_raise(bpy_engine *engine);

/* --- convert.c --- */

/* Adds `object` to a builder, containers and all. -1: an exception is set. */
int bpy_build(bpy_state *state, berm_builder *builder, PyObject *object);
/* The Python object of a value; NULL: an exception is set. */
PyObject *bpy_object_of(bpy_state *state, berm_value value);
PyObject *bpy_text(berm_str text); /* a str; what is not UTF-8 is replaced */
berm_str bpy_str(PyObject *text);  /* of a str or bytes; {NULL, 1} with an exception set */

/* --- policy.c --- */

/* One berm_eval with what interrupts it. */
typedef struct bpy_eval {
    berm_eval *eval;
    const _Atomic int *stop; /* of the batch that is judged */
    bool is_main;            /* the thread that gets signals */
    int64_t asked;           /* when it was last asked for them, in nanoseconds */
    struct bpy_eval *next;
} bpy_eval;

typedef struct bpy_policy {
    PyObject_HEAD bpy_state *state;
    bpy_engine *engine;
    berm_policy *policy;
    bpy_eval *idle; /* those that nobody uses now; guarded by the GIL */
} bpy_policy;
PyTypeObject *bpy_policy_type(PyObject *module);
bpy_eval *bpy_eval_take(bpy_policy *policy, const _Atomic int *stop);
void bpy_eval_give(bpy_policy *policy, bpy_eval *eval);
/* Non-zero: whoever evaluates shall stop. Looks for signals now and then. Without the GIL. */
int bpy_eval_poll(void *eval);
/* Raises the exception of a status; always NULL. `name` is the file it is about, or NULL. */
PyObject *bpy_fail(bpy_state *state, const berm_error *err, PyObject *name, PyObject *diags);
PyObject *bpy_diags(const berm_diags *diags);
PyObject *bpy_waiver(bpy_state *state, const berm_waiver *waiver);
/* {seconds, nanoseconds} of a tuple. -1: an exception is set. */
int bpy_time(PyObject *pair, berm_time *out);

/* --- batch.c --- */

enum { BPY_SLOT_DOC, BPY_SLOT_TEXT, BPY_SLOT_ROW, BPY_SLOT_FAILED };
typedef struct bpy_slot {
    int kind;
    berm_doc *doc, *before; /* before: NULL for none */
    berm_str text;          /* of a TEXT; what is wrong with a FAILED */
    berm_str name, target;
    uint32_t format;                 /* of a TEXT */
    const struct bpy_record *record; /* of a ROW */
    int64_t row;
} bpy_slot;

typedef struct bpy_batch {
    PyObject_HEAD bpy_state *state;
    bpy_engine *engine;
    berm_builder *builder; /* of documents without names */
    bpy_slot *slots;
    size_t count, cap;
    PyObject *held;              /* a list of what texts and names point into */
    struct bpy_record **records; /* of Arrow rows and texts; references */
    size_t record_count;
    berm_str target;
    uint32_t format, yaml_schema, duplicates;
    _Atomic int stop;
} bpy_batch;
PyTypeObject *bpy_batch_type(PyObject *module);
/* Makes the document of a slot, without the GIL; *out is a reference of the caller's. */
berm_status bpy_batch_document(bpy_batch *batch, size_t index, bool keep, berm_doc **out,
                               berm_error *err);

/* --- rows.c --- */

/* Findings as columns (columns.def); shared by their Python object and what Arrow holds. */
enum {
#define BPY_TEXT(name, value) BPY_COLUMN_##name,
#define BPY_NUMBER(name, type, value) BPY_COLUMN_##name,
#define BPY_FLAG(name, value) BPY_COLUMN_##name,
#include "columns.def"
    BPY_COLUMN_COUNT
};
typedef struct bpy_column {
    bpy_bytes offsets; /* of texts: int32_t, one more than rows */
    bpy_bytes data;    /* texts, numbers or bits */
} bpy_column;
typedef struct bpy_table {
    _Atomic int refs;
    int64_t count;
    bpy_column columns[BPY_COLUMN_COUNT];
} bpy_table;
typedef struct bpy_place {
    int64_t document;
    berm_str name;
} bpy_place;

bpy_table *bpy_table_new(void); /* NULL: no memory */
bpy_table *bpy_table_ref(bpy_table *table);
void bpy_table_unref(bpy_table *table);
/* False: no memory, or over 2 GiB of text. */
bool bpy_table_add(bpy_table *table, const bpy_place *place, const berm_finding *finding);

typedef struct bpy_rows {
    PyObject_HEAD bpy_table *table;
    berm_summary summary;
    uint64_t documents, failures;
} bpy_rows;
PyTypeObject *bpy_rows_type(PyObject *module);
/* The words of an enumeration ("verdict", ...) and the columns, for Python. */
PyObject *bpy_words(PyObject *module, PyObject *name);
PyObject *bpy_columns(void);
berm_str bpy_word(uint32_t enumeration, uint32_t value);

/* --- report.c --- */

typedef struct bpy_report {
    PyObject_HEAD bpy_state *state;
    bpy_engine *engine;
    berm_report *report;
    PyThread_type_lock lock;
    bpy_bytes inputs, names; /* a bpy_input for each that was added, and their names */
} bpy_report;
PyTypeObject *bpy_report_type(PyObject *module);
/* Adds a run (`places`: which document each of its inputs is), or one that failed with `why`.
   Without the GIL. */
berm_status bpy_report_add(bpy_report *report, const berm_run *run, const berm_decision *decision,
                           const bpy_place *places, berm_error *err);
berm_status bpy_report_fail(bpy_report *report, const bpy_place *place, const berm_error *why,
                            berm_error *err);
bpy_rows *bpy_rows_new(bpy_state *state);

/* --- judge.c --- */

PyObject *bpy_judge(PyObject *module, PyObject *args, PyObject *keywords);
PyObject *bpy_evaluate(PyObject *module, PyObject *args);

/* --- arrow_in.c, arrow_out.c --- */

PyTypeObject *bpy_reader_type(PyObject *module);
/* Fills a batch with rows of the reader's next record batch; see Batch.fill_arrow. */
PyObject *bpy_batch_fill_arrow(bpy_batch *batch, PyObject *args);
void bpy_record_unref(struct bpy_record *record);
berm_status bpy_record_build(const struct bpy_record *record, int64_t row, berm_builder *builder,
                             berm_error *err);
PyObject *bpy_stream(PyObject *module, PyObject *tables);

#endif
