/* Error values and the names of types. */
#include "data/doc.h"
#include "data/ops.h"

#define ERROR_OPERANDS_MOST 3u

berm_cell berm_value_error(berm_space *space, berm_error_code code, uint32_t word,
                           const berm_cell *operands, uint32_t operand_count)
{
    berm_cell error = {.tag = BERM_TAG_ERROR, .aux = (uint32_t)code << 24 | (word & 0xffffffu)};
    if (operand_count > ERROR_OPERANDS_MOST) operand_count = ERROR_OPERANDS_MOST;
    berm_cell *copies = operand_count > 0 ? berm_space_cells(space, operand_count, &error) : NULL;
    if (!copies) {
        /* Without memory the error stays, its operands go; the space's status tells of it. */
        error.store = BERM_STORE_SELF;
        error.as.u = 0;
        return error;
    }
    memcpy(copies, operands, operand_count * sizeof *copies);
    return error;
}

/* --- error texts --- */

static const char *const error_formats[BERM_ERR_COUNT] = {
#define BERM_ERROR(name, format) [BERM_ERR_##name] = format,
#include "data/errors.def"
#undef BERM_ERROR
};

const char *berm_error_name(berm_error_code code)
{
    static const char *const names[BERM_ERR_COUNT] = {
#define BERM_ERROR(name, format) [BERM_ERR_##name] = #name,
#include "data/errors.def"
#undef BERM_ERROR
    };
    return names[(unsigned)code < BERM_ERR_COUNT ? code : BERM_ERR_NONE];
}

/* A placeholder of a format: {0}, {t0} or {s0}; `end` is behind its brace. */
typedef struct error_hole {
    const char *end;
    char form; /* 't' the operand's type, 's' a string without quotes, 0 the value */
    uint32_t number;
} error_hole;

static error_hole read_error_hole(const char *brace)
{
    error_hole hole = {.form = 0};
    const char *p = brace + 1;
    if (*p == 't' || *p == 's') hole.form = *p++;
    hole.number = (uint32_t)(*p - '0');
    hole.end = p + 2;
    return hole;
}

static void print_error_operand(berm_text *out, const berm_space *space, berm_cell operand,
                                char form, bool redact)
{
    if (form == 't') {
        berm_text_put(out, berm_str_of(berm_type_name(berm_type_of(operand))));
        return;
    }
    bool shown = !(redact && operand.flags & BERM_CELL_SENSITIVE);
    if (form == 's' && operand.tag == BERM_TAG_STRING && shown) {
        berm_text_put(out, berm_text_of(space, operand));
        return;
    }
    /* The type a conversion was to: the expression's word, whatever value it was asked for. */
    if (form == 's' && operand.tag == BERM_TAG_TYPE) redact = false;
    berm_value_print_short(out, space, operand, redact);
}

/* A hole without an operand takes the words before it along: "no such key: {0}" is "no such key"
   then. */
void berm_error_print(berm_text *out, const berm_space *space, berm_cell error, bool redact)
{
    berm_error_code code = berm_error_code_of(error);
    const char *format = error_formats[(unsigned)code < BERM_ERR_COUNT ? code : BERM_ERR_NONE];
    const berm_cell *operands = error.as.ref.len > 0 ? berm_children_of(space, error) : NULL;
    bool first = true;
    const char *brace;
    while ((brace = strchr(format, '{')) != NULL) {
        error_hole hole = read_error_hole(brace);
        bool has_operand = hole.number < error.as.ref.len;
        size_t len = (size_t)(brace - format);
        if (!has_operand) {
            const char *colon = memchr(format, ':', len);
            len = !first ? 0 : colon ? (size_t)(colon - format) : len;
        }
        berm_text_put(out, (berm_str){format, len});
        if (has_operand) {
            print_error_operand(out, space, berm_cell_in(error, operands[hole.number]), hole.form,
                                redact);
        }
        first = false;
        format = hole.end;
    }
    berm_text_put(out, berm_str_of(format));
}

/* --- types --- */

berm_type_id berm_type_of(berm_cell value)
{
    static const uint8_t types[BERM_TAG_COUNT] = {[BERM_TAG_MISSING] = BERM_TYPE_DYN,
                                                  [BERM_TAG_NULL] = BERM_TYPE_NULL,
                                                  [BERM_TAG_BOOL] = BERM_TYPE_BOOL,
                                                  [BERM_TAG_INT] = BERM_TYPE_INT,
                                                  [BERM_TAG_UINT] = BERM_TYPE_UINT,
                                                  [BERM_TAG_DOUBLE] = BERM_TYPE_DOUBLE,
                                                  [BERM_TAG_STRING] = BERM_TYPE_STRING,
                                                  [BERM_TAG_BYTES] = BERM_TYPE_BYTES,
                                                  [BERM_TAG_TIMESTAMP] = BERM_TYPE_TIMESTAMP,
                                                  [BERM_TAG_DURATION] = BERM_TYPE_DURATION,
                                                  [BERM_TAG_LIST] = BERM_TYPE_LIST,
                                                  [BERM_TAG_MAP] = BERM_TYPE_MAP,
                                                  [BERM_TAG_SET] = BERM_TYPE_SET,
                                                  [BERM_TAG_OPTIONAL] = BERM_TYPE_OPTIONAL,
                                                  [BERM_TAG_TYPE] = BERM_TYPE_TYPE,
                                                  [BERM_TAG_UNKNOWN] = BERM_TYPE_DYN,
                                                  [BERM_TAG_ERROR] = BERM_TYPE_DYN};
    if (value.tag == BERM_TAG_OBJECT)
        return value.aux < BERM_TYPE_COUNT ? (berm_type_id)value.aux : BERM_TYPE_DYN;
    return value.tag < BERM_TAG_COUNT ? (berm_type_id)types[value.tag] : BERM_TYPE_DYN;
}

const char *berm_type_name(berm_type_id type)
{
    static const char *const names[BERM_TYPE_COUNT] = {
#define BERM_TYPE(id, name) [BERM_TYPE_##id] = name,
#include "data/types.def"
#undef BERM_TYPE
    };
    return (unsigned)type < BERM_TYPE_COUNT ? names[type] : "dyn";
}
