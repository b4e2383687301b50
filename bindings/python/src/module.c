#include "core.h"

bpy_state *bpy_state_of(PyObject *module)
{
    return PyModule_GetState(module);
}

static int add_numbers(PyObject *module)
{
    static const struct {
        const char *name;
        long value;
    } numbers[] = {
#define BPY_NUMBER_OF(name) {#name, BERM_##name}
        BPY_NUMBER_OF(ROLE_POLICY),         BPY_NUMBER_OF(ROLE_PARAMETERS),
        BPY_NUMBER_OF(ROLE_WAIVERS),        BPY_NUMBER_OF(ROLE_EXPRESSION),
        BPY_NUMBER_OF(COMPILE_NO_BUILTINS), BPY_NUMBER_OF(COMPILE_ALLOW_EMPTY),
        BPY_NUMBER_OF(RUN_PARTIAL),         BPY_NUMBER_OF(RUN_PASSES),
        BPY_NUMBER_OF(RUN_EXPLAIN),         BPY_NUMBER_OF(RUN_DRIFT),
        BPY_NUMBER_OF(WAIVED_COUNTS),       BPY_NUMBER_OF(REPORT_TEXT),
        BPY_NUMBER_OF(REPORT_JSON),         BPY_NUMBER_OF(REPORT_SARIF),
        BPY_NUMBER_OF(REPORT_COLOR),        BPY_NUMBER_OF(REPORT_VERBOSE),
        BPY_NUMBER_OF(FORMAT_ANY),          BPY_NUMBER_OF(FORMAT_IS_JSON),
        BPY_NUMBER_OF(FORMAT_IS_YAML),      BPY_NUMBER_OF(FORMAT_IS_NDJSON),
        BPY_NUMBER_OF(YAML_AUTO),           BPY_NUMBER_OF(YAML_IS_CORE),
        BPY_NUMBER_OF(YAML_IS_11),          BPY_NUMBER_OF(DUPLICATES_ALLOW),
        BPY_NUMBER_OF(DUPLICATES_FORBID),   BPY_NUMBER_OF(DIAGNOSTIC_ERROR),
        BPY_NUMBER_OF(DIAGNOSTIC_WARNING),  BPY_NUMBER_OF(DIAGNOSTIC_NOTE),
#undef BPY_NUMBER_OF
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (PyModule_AddIntConstant(module, numbers[i].name, numbers[i].value)) return -1;
    return 0;
}

/* {"E_LIMIT": 201, ...} */
static PyObject *list_statuses(void)
{
    return Py_BuildValue("{"
#define BERM_STATUS(name, number, text) "si"
#include <berm/status.def>
#undef BERM_STATUS
                         "}"
#define BERM_STATUS(name, number, text) , #name, number
#include <berm/status.def>
#undef BERM_STATUS
    );
}

/* {0: "PENDING", ...}: what a waiver is, and the bits of what is wrong with it. */
static PyObject *list_waiver_words(int problems)
{
#define BPY_WAIVER(name) BERM_WAIVER_##name, #name
    if (problems)
        return Py_BuildValue("{isisisisis}", BPY_WAIVER(IS_BROAD), BPY_WAIVER(HAS_INDEX),
                             BPY_WAIVER(SELF_APPROVED), BPY_WAIVER(NAMES_NOTHING),
                             BPY_WAIVER(NOT_ALLOWED));
    return Py_BuildValue("{isisisisisis}", BPY_WAIVER(PENDING), BPY_WAIVER(ACTIVE),
                         BPY_WAIVER(EXPIRING), BPY_WAIVER(EXPIRED), BPY_WAIVER(UNUSED),
                         BPY_WAIVER(OVER_BROAD));
#undef BPY_WAIVER
}

static int take(PyObject **out, const char *module, const char *name)
{
    PyObject *from = PyImport_ImportModule(module);
    *out = from ? PyObject_GetAttrString(from, name) : NULL;
    Py_XDECREF(from);
    return *out ? 0 : -1;
}

static int add_type(PyObject *module, PyTypeObject **keep, PyTypeObject *type)
{
    *keep = type;
    return type ? PyModule_AddType(module, type) : -1;
}

static int add_object(PyObject *module, const char *name, PyObject *object)
{
    int failed = !object || PyModule_AddObjectRef(module, name, object);
    Py_XDECREF(object);
    return failed ? -1 : 0;
}

static int open_module(PyObject *module)
{
    bpy_state *s = bpy_state_of(module);
    if (take(&s->fail, "berm._errors", "make") || take(&s->simplify, "berm._convert", "simplify") ||
        take(&s->uint, "berm._convert", "UInt") || take(&s->unknown, "berm._convert", "UNKNOWN") ||
        take(&s->moment, "berm._convert", "moment") || take(&s->span, "berm._convert", "span"))
        return -1;
    if (add_type(module, &s->engine, bpy_engine_type(module)) ||
        add_type(module, &s->policy, bpy_policy_type(module)) ||
        add_type(module, &s->batch, bpy_batch_type(module)) ||
        add_type(module, &s->rows, bpy_rows_type(module)) ||
        add_type(module, &s->report, bpy_report_type(module)) ||
        add_type(module, &s->reader, bpy_reader_type(module)))
        return -1;
    if (add_object(module, "COLUMNS", bpy_columns()) ||
        add_object(module, "STATUSES", list_statuses()) ||
        add_object(module, "WAIVER_STATUSES", list_waiver_words(0)) ||
        add_object(module, "WAIVER_PROBLEMS", list_waiver_words(1)) ||
        add_object(module, "VERSION", PyUnicode_FromString(berm_version())))
        return -1;
    return add_numbers(module);
}

static PyObject **member_of(bpy_state *s, int index)
{
    PyObject **all[] = {&s->fail,
                        &s->simplify,
                        &s->uint,
                        &s->unknown,
                        &s->moment,
                        &s->span,
                        (PyObject **)(void *)&s->engine,
                        (PyObject **)(void *)&s->policy,
                        (PyObject **)(void *)&s->batch,
                        (PyObject **)(void *)&s->rows,
                        (PyObject **)(void *)&s->report,
                        (PyObject **)(void *)&s->reader};
    return index < (int)(sizeof all / sizeof *all) ? all[index] : NULL;
}

static int traverse_module(PyObject *module, visitproc visit, void *arg)
{
    bpy_state *s = bpy_state_of(module);
    for (int i = 0; s && member_of(s, i); i++) Py_VISIT(*member_of(s, i));
    return 0;
}

static int clear_module(PyObject *module)
{
    bpy_state *s = bpy_state_of(module);
    for (int i = 0; s && member_of(s, i); i++) Py_CLEAR(*member_of(s, i));
    return 0;
}

static void free_module(void *module)
{
    clear_module(module);
}

PyMODINIT_FUNC PyInit__core(void); /* Python looks for it by this name */
PyMODINIT_FUNC PyInit__core(void)
{
    static PyMethodDef functions[] = {
        {"words", bpy_words, METH_O, NULL},
        {"judge", (PyCFunction)(void (*)(void))bpy_judge, METH_VARARGS | METH_KEYWORDS, NULL},
        {"evaluate", bpy_evaluate, METH_VARARGS, NULL},
        {"stream", bpy_stream, METH_O, NULL},
        {0}};
    static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)open_module}, {0, NULL}};
    static PyModuleDef module = {.m_base = PyModuleDef_HEAD_INIT,
                                 .m_name = "berm._core",
                                 .m_size = sizeof(bpy_state),
                                 .m_methods = functions,
                                 .m_slots = slots,
                                 .m_traverse = traverse_module,
                                 .m_clear = clear_module,
                                 .m_free = free_module};
    return PyModuleDef_Init(&module);
}
