/* Sizes and conversions between types. */
#include "base/number.h"
#include "base/utf8.h"
#include "data/time.h"
#include "vm/decimal.h"
#include "vm/object.h"

#include <math.h>

berm_cell berm_fn_fail(berm_vm *vm, berm_error_code code, berm_cell arg, uint32_t word)
{
    return berm_value_error(&vm->space, code, word, &arg, 1);
}

berm_cell berm_fn_fail_conversion(berm_vm *vm, berm_cell arg, berm_type_id type, uint32_t word)
{
    berm_cell operands[2] = {arg, berm_cell_of(BERM_TAG_TYPE)};
    operands[1].as.u = type;
    return berm_value_error(&vm->space, BERM_ERR_CONVERSION, word, operands, 2);
}

BERM_FN_BODY(SIZE)
{
    berm_cell c = *args;
    if (c.flags & BERM_CELL_OPEN) return berm_cell_unknown();
    switch (c.tag) {
    case BERM_TAG_STRING:
        return berm_cell_int((int64_t)berm_utf8_count(berm_text_of(&vm->space, c)));
    case BERM_TAG_BYTES:
    case BERM_TAG_LIST:
    case BERM_TAG_MAP:
    case BERM_TAG_SET: return berm_cell_int(c.as.ref.len);
    default: return berm_no_overload(vm, args, 1, word);
    }
}

BERM_FN_BODY(SIZE_M)
{
    return berm_fn_SIZE(vm, args, word);
}

#define TWO_63 9223372036854775808.0
#define TWO_64 18446744073709551616.0

BERM_FN_BODY(INT)
{
    berm_cell c = *args;
    int64_t value = 0;
    switch (c.tag) {
    case BERM_TAG_INT: return c;
    case BERM_TAG_UINT:
        if (c.as.u > INT64_MAX) break;
        return berm_cell_int(c.as.i);
    case BERM_TAG_DOUBLE:
        if (!(c.as.d > -TWO_63 && c.as.d < TWO_63)) break;
        return berm_cell_int((int64_t)c.as.d);
    case BERM_TAG_STRING:
        if (!berm_parse_int(berm_text_of(&vm->space, c), &value)) break;
        return berm_cell_int(value);
    case BERM_TAG_TIMESTAMP:
    case BERM_TAG_DURATION: return berm_cell_int(c.as.i);
    default: return berm_no_overload(vm, args, 1, word);
    }
    return berm_fn_fail_conversion(vm, c, BERM_TYPE_INT, word);
}

BERM_FN_BODY(UINT)
{
    berm_cell c = *args;
    uint64_t value = 0;
    switch (c.tag) {
    case BERM_TAG_UINT: return c;
    case BERM_TAG_INT:
        if (c.as.i < 0) break;
        return berm_cell_uint(c.as.u);
    case BERM_TAG_DOUBLE:
        if (!(c.as.d >= 0 && c.as.d < TWO_64)) break;
        return berm_cell_uint((uint64_t)c.as.d);
    case BERM_TAG_STRING:
        if (!berm_parse_uint(berm_text_of(&vm->space, c), &value)) break;
        return berm_cell_uint(value);
    default: return berm_no_overload(vm, args, 1, word);
    }
    return berm_fn_fail_conversion(vm, c, BERM_TYPE_UINT, word);
}

static bool is_word(berm_str s, const char *lower)
{
    size_t i = 0;
    for (; i < s.len && lower[i]; i++)
        if ((s.ptr[i] | 0x20) != lower[i]) return false;
    return i == s.len && !lower[i];
}

/* A number, or one of the words for what is none, with an optional sign. A number too large for
   a double is refused. */
static bool read_double(berm_str s, double *out)
{
    bool negative = s.len && s.ptr[0] == '-';
    berm_str word = s.len && (negative || s.ptr[0] == '+') ? berm_str_cut(s, 1, s.len) : s;
    if (is_word(word, "inf") || is_word(word, "infinity")) {
        *out = negative ? -(double)INFINITY : (double)INFINITY;
        return true;
    }
    if (is_word(s, "nan")) {
        *out = (double)NAN;
        return true;
    }
    return berm_parse_double(s, out) && isfinite(*out);
}

BERM_FN_BODY(DOUBLE)
{
    berm_cell c = *args;
    double value = 0;
    switch (c.tag) {
    case BERM_TAG_DOUBLE: return c;
    case BERM_TAG_INT: return berm_cell_double((double)c.as.i);
    case BERM_TAG_UINT: return berm_cell_double((double)c.as.u);
    case BERM_TAG_STRING:
        if (!read_double(berm_text_of(&vm->space, c), &value)) break;
        return berm_cell_double(value);
    default: return berm_no_overload(vm, args, 1, word);
    }
    return berm_fn_fail_conversion(vm, c, BERM_TYPE_DOUBLE, word);
}

/* The bytes of `c` as a cell of another tag: nothing is copied. */
static berm_cell retag_text(berm_cell c, berm_tag tag)
{
    c.tag = (uint8_t)tag;
    return c;
}

static berm_cell print_scalar(berm_vm *vm, berm_cell c)
{
    char text[64];
    size_t len = 0;
    _Static_assert(sizeof text >= BERM_DOUBLE_LEN && sizeof text >= BERM_INT_LEN,
                   "room for every number");
    switch (c.tag) {
    case BERM_TAG_INT: len = berm_print_int(c.as.i, text); break;
    case BERM_TAG_UINT: len = berm_print_uint(c.as.u, text); break;
    case BERM_TAG_DOUBLE: len = berm_print_general(c.as.d, text); break;
    case BERM_TAG_TIMESTAMP:
        len = berm_time_print((berm_time){c.as.i, (int32_t)c.aux}, text);
        break;
    default: break;
    }
    return berm_fn_text(vm, (berm_str){text, len});
}

/* Seconds as the nearest double has them: "5400s", "0.000000001s". */
static berm_cell print_duration(berm_vm *vm, int64_t nanos)
{
    berm_text text = berm_vm_text(vm);
    berm_text_put_shortest(&text,
                           (double)(nanos / 1000000000) + (double)(nanos % 1000000000) / 1e9);
    berm_text_putc(&text, 's');
    return berm_fn_take_text(vm, &text);
}

static berm_cell string_object(berm_vm *vm, const berm_cell *args, uint32_t word)
{
    berm_cell text = berm_object_string(vm, *args);
    return text.tag == BERM_TAG_STRING ? text : berm_no_overload(vm, args, 1, word);
}

BERM_FN_BODY(STRING)
{
    berm_cell c = *args;
    switch (c.tag) {
    case BERM_TAG_STRING: return c;
    case BERM_TAG_BOOL: return berm_fn_text(vm, c.as.u ? BERM_STR("true") : BERM_STR("false"));
    case BERM_TAG_INT:
    case BERM_TAG_UINT:
    case BERM_TAG_DOUBLE:
    case BERM_TAG_TIMESTAMP: return print_scalar(vm, c);
    case BERM_TAG_DURATION: return print_duration(vm, c.as.i);
    case BERM_TAG_OBJECT: return string_object(vm, args, word);
    case BERM_TAG_BYTES: break;
    default: return berm_no_overload(vm, args, 1, word);
    }
    berm_str bytes = berm_text_of(&vm->space, c);
    if (berm_utf8_invalid(bytes.ptr, bytes.len) < bytes.len)
        return berm_fn_fail(vm, BERM_ERR_UTF8, c, word);
    return retag_text(c, BERM_TAG_STRING);
}

BERM_FN_BODY(BYTES)
{
    if (args->tag == BERM_TAG_BYTES) return *args;
    if (args->tag == BERM_TAG_STRING) return retag_text(*args, BERM_TAG_BYTES);
    return berm_no_overload(vm, args, 1, word);
}

BERM_FN_BODY(BOOL)
{
    static const char *const words[] = {"0", "f", "F", "FALSE", "false", "False",
                                        "1", "t", "T", "TRUE",  "true",  "True"};
    if (args->tag == BERM_TAG_BOOL) return *args;
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    berm_str text = berm_text_of(&vm->space, *args);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (berm_str_is(text, words[i]))
            return berm_cell_bool(i >= sizeof words / sizeof *words / 2);
    return berm_fn_fail_conversion(vm, *args, BERM_TYPE_BOOL, word);
}

BERM_FN_BODY(TYPE)
{
    (void)vm, (void)word;
    berm_cell type = berm_cell_of(BERM_TAG_TYPE);
    type.as.u = (uint64_t)berm_type_of(*args);
    return type;
}

BERM_FN_BODY(DYN)
{
    (void)vm, (void)word;
    return *args;
}
