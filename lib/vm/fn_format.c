/* string.format(list): %s %d %f %e %b %o %x %X with an optional precision, and %%. */
#include "base/number.h"
#include "base/utf8.h"
#include "data/time.h"
#include "vm/decimal.h"
#include "vm/exec.h"

#include <math.h>

#define PRECISION_DEFAULT 6u

typedef struct formatter {
    berm_vm *vm;
    berm_text out;
    uint32_t word;
    berm_cell fault; /* MISSING while all is well */
} formatter;

static void fail_format(formatter *f, berm_cell fault)
{
    if (f->fault.tag == BERM_TAG_MISSING) f->fault = fault;
}

static void refuse_argument(formatter *f, berm_cell arg)
{
    fail_format(f, berm_no_overload(f->vm, &arg, 1, f->word));
}

/* NaN and infinities in words; false for other values. */
static bool put_not_finite(formatter *f, berm_cell arg)
{
    if (arg.tag != BERM_TAG_DOUBLE || isfinite(arg.as.d)) return false;
    berm_text_put(&f->out, isnan(arg.as.d) ? BERM_STR("NaN")
                           : arg.as.d < 0  ? BERM_STR("-Infinity")
                                           : BERM_STR("Infinity"));
    return true;
}

/* --- %s --- */

static void put_plain(formatter *f, berm_cell value, uint32_t depth);

static void put_plain_list(formatter *f, berm_cell list, uint32_t depth)
{
    berm_text_putc(&f->out, '[');
    for (uint32_t i = 0; i < list.as.ref.len && f->fault.tag == BERM_TAG_MISSING; i++) {
        if (i) berm_text_put(&f->out, BERM_STR(", "));
        put_plain(f, berm_list_at(&f->vm->space, list, i), depth - 1);
    }
    berm_text_putc(&f->out, ']');
}

/* A value's own text as a string cell. */
static berm_cell print_key(formatter *f, berm_cell key)
{
    formatter inner = {.vm = f->vm, .word = f->word, .fault = berm_cell_of(BERM_TAG_MISSING)};
    berm_text_init(&inner.out, f->vm->space.alloc);
    put_plain(&inner, key, 1);
    if (inner.fault.tag != BERM_TAG_MISSING) fail_format(f, inner.fault);
    return berm_fn_take_text(f->vm, &inner.out);
}

/* Members in the order of their keys' texts. */
static void put_plain_map(formatter *f, berm_cell map, uint32_t depth)
{
    berm_cell names, places;
    uint32_t count = map.as.ref.len;
    berm_cell *name = berm_list_new(f->vm, count, &names),
              *place = berm_list_new(f->vm, count, &places);
    if (!name || !place) return;
    for (uint32_t i = 0; i < count; i++) {
        name[i] = print_key(f, berm_map_key_at(&f->vm->space, map, i));
        place[i] = berm_cell_int(i);
    }
    if (f->vm->space.status != BERM_OK || f->fault.tag != BERM_TAG_MISSING) return;
    berm_cell order = berm_op_sort(f->vm, places, names, f->word);
    berm_text_putc(&f->out, '{');
    for (uint32_t i = 0; f->vm->space.status == BERM_OK && i < count; i++) {
        uint32_t at = (uint32_t)berm_list_at(&f->vm->space, order, i).as.u;
        if (i) berm_text_put(&f->out, BERM_STR(", "));
        berm_text_put(&f->out, berm_text_of(&f->vm->space, name[at]));
        berm_text_put(&f->out, BERM_STR(": "));
        put_plain(f, berm_map_value_at(&f->vm->space, map, at), depth - 1);
    }
    berm_text_putc(&f->out, '}');
}

/* Bytes as the text they encode; each run of bytes that encode none as one U+FFFD. */
static void put_plain_bytes(formatter *f, berm_str bytes)
{
    for (bool replaced = false; bytes.len > 0;) {
        size_t valid = berm_utf8_invalid(bytes.ptr, bytes.len);
        if (valid > 0) replaced = false;
        berm_text_put(&f->out, berm_str_cut(bytes, 0, valid));
        if (valid == bytes.len) return;
        if (!replaced) berm_text_put(&f->out, BERM_STR("\xEF\xBF\xBD"));
        replaced = true;
        bytes = berm_str_cut(bytes, valid + 1, bytes.len);
    }
}

static void put_plain(formatter *f, berm_cell value, uint32_t depth)
{
    if (!berm_space_spend(&f->vm->space, 1) || put_not_finite(f, value)) return;
    if (depth == 0) {
        fail_format(f, berm_value_error(&f->vm->space, BERM_ERR_DEPTH, f->word, NULL, 0));
        return;
    }
    switch (value.tag) {
    case BERM_TAG_NULL: berm_text_put(&f->out, BERM_STR("null")); return;
    case BERM_TAG_DOUBLE: berm_text_put_shortest(&f->out, value.as.d); return;
    case BERM_TAG_BYTES: put_plain_bytes(f, berm_text_of(&f->vm->space, value)); return;
    case BERM_TAG_TYPE:
        berm_text_put(&f->out, berm_str_of(berm_type_name((berm_type_id)value.as.u)));
        return;
    case BERM_TAG_LIST: put_plain_list(f, value, depth); return;
    case BERM_TAG_MAP: put_plain_map(f, value, depth); return;
    case BERM_TAG_OBJECT: refuse_argument(f, value); return;
    default: break;
    }
    berm_cell text = berm_fn_STRING(f->vm, &value, f->word);
    if (text.tag == BERM_TAG_STRING) berm_text_put(&f->out, berm_text_of(&f->vm->space, text));
    else fail_format(f, text);
}

/* --- numbers --- */

static void put_decimal(formatter *f, berm_cell arg)
{
    if (arg.tag == BERM_TAG_INT) berm_text_format(&f->out, "%l", arg.as.i);
    else if (arg.tag == BERM_TAG_UINT) berm_text_format(&f->out, "%L", arg.as.u);
    else if (put_not_finite(f, arg)) return;
    else if (arg.tag == BERM_TAG_DOUBLE) berm_text_put_shortest(&f->out, arg.as.d);
    else refuse_argument(f, arg);
}

static void put_real(formatter *f, berm_cell arg, uint32_t precision, bool scientific)
{
    double value;
    if (put_not_finite(f, arg)) return;
    switch (arg.tag) {
    case BERM_TAG_DOUBLE: value = arg.as.d; break;
    case BERM_TAG_INT: value = (double)arg.as.i; break;
    case BERM_TAG_UINT: value = (double)arg.as.u; break;
    default: refuse_argument(f, arg); return;
    }
    if (scientific) berm_text_put_scientific(&f->out, value, precision);
    else berm_text_put_fixed(&f->out, value, precision);
}

/* Digits of 1, 3 or 4 bits; a negative int has a sign before its magnitude. */
static void put_bits(formatter *f, berm_cell arg, uint32_t bits, const char *digits)
{
    char reversed[64];
    uint32_t count = 0;
    uint64_t rest = arg.as.u;
    if (arg.tag != BERM_TAG_INT && arg.tag != BERM_TAG_UINT) {
        refuse_argument(f, arg);
        return;
    }
    if (arg.tag == BERM_TAG_INT && arg.as.i < 0) {
        berm_text_putc(&f->out, '-');
        rest = 0 - rest;
    }
    do reversed[count++] = digits[rest & ((1u << bits) - 1)];
    while (rest >>= bits);
    while (count) berm_text_putc(&f->out, reversed[--count]);
}

static void put_hex(formatter *f, berm_cell arg, const char *digits)
{
    if (arg.tag != BERM_TAG_STRING && arg.tag != BERM_TAG_BYTES) {
        put_bits(f, arg, 4, digits);
        return;
    }
    berm_str bytes = berm_text_of(&f->vm->space, arg);
    for (size_t i = 0; i < bytes.len; i++) {
        berm_text_putc(&f->out, digits[(unsigned char)bytes.ptr[i] >> 4]);
        berm_text_putc(&f->out, digits[bytes.ptr[i] & 15]);
    }
}

static void put_clause(formatter *f, char clause, uint32_t precision, berm_cell arg)
{
    switch (clause) {
    case 's': put_plain(f, arg, f->vm->space.depth_limit); break;
    case 'd': put_decimal(f, arg); break;
    case 'f': put_real(f, arg, precision, false); break;
    case 'e': put_real(f, arg, precision, true); break;
    case 'o': put_bits(f, arg, 3, "01234567"); break;
    case 'x': put_hex(f, arg, "0123456789abcdef"); break;
    case 'X': put_hex(f, arg, "0123456789ABCDEF"); break;
    case 'b':
        if (arg.tag == BERM_TAG_BOOL) berm_text_putc(&f->out, arg.as.u ? '1' : '0');
        else put_bits(f, arg, 1, "01");
        break;
    default: fail_format(f, berm_fn_fail(f->vm, BERM_ERR_ARGUMENT, arg, f->word)); break;
    }
}

/* Digits behind a point; false when they are missing or too many. */
static bool read_precision(berm_str s, size_t *at, uint32_t *precision)
{
    *precision = PRECISION_DEFAULT;
    if (*at >= s.len || s.ptr[*at] != '.') return true;
    size_t from = ++*at;
    uint64_t value = 0;
    while (*at < s.len && s.ptr[*at] >= '0' && s.ptr[*at] <= '9') ++*at;
    if (!berm_parse_uint(berm_str_cut(s, from, *at), &value) || value > BERM_DECIMALS_MAX)
        return false;
    *precision = (uint32_t)value;
    return true;
}

/* Goes through the format; false when it is malformed or asks for more arguments than there are. */
static bool format_all(formatter *f, berm_str format, berm_cell list)
{
    uint32_t next = 0, precision;
    for (size_t at = 0; at < format.len;) {
        if (f->fault.tag != BERM_TAG_MISSING || f->vm->space.status != BERM_OK) return true;
        char c = format.ptr[at++];
        if (c == '%' && at < format.len && format.ptr[at] == '%') at++;
        else if (c == '%') {
            if (!read_precision(format, &at, &precision) || at >= format.len ||
                next >= list.as.ref.len)
                return false;
            if (!strchr("sdfeboxX", format.ptr[at]) || !format.ptr[at]) return false;
            put_clause(f, format.ptr[at++], precision, berm_list_at(&f->vm->space, list, next++));
            continue;
        }
        berm_text_putc(&f->out, c);
    }
    return true;
}

BERM_FN_BODY(FORMAT)
{
    if (args[0].tag != BERM_TAG_STRING || args[1].tag != BERM_TAG_LIST)
        return berm_no_overload(vm, args, 2, word);
    formatter f = {.vm = vm, .word = word, .fault = berm_cell_of(BERM_TAG_MISSING)};
    f.out = berm_vm_text(vm);
    if (!format_all(&f, berm_text_of(&vm->space, args[0]), args[1])) {
        fail_format(&f, berm_fn_fail(vm, BERM_ERR_ARGUMENT, args[0], word));
    }
    if (f.fault.tag == BERM_TAG_MISSING) return berm_fn_take_text(vm, &f.out);
    berm_text_free(&f.out);
    return f.fault;
}
