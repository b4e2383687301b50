#include "arrow_cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- rows and where they lie --- */

static const void *buffer_of(const bpy_cells *c, int64_t index)
{
    return index < c->array->n_buffers ? c->array->buffers[index] : NULL;
}

static bool has_bit(const void *bits, int64_t at)
{
    return ((const uint8_t *)bits)[at / 8] >> at % 8 & 1;
}

/* Dictionary-encoded cells are looked up: `cells` and `row` become the dictionary's. */
static bool resolve(bpy_cells *c, int64_t *row)
{
    while (c->array->dictionary && c->schema->dictionary) {
        int64_t index;
        const bpy_cells plain = {c->schema, c->array};
        if (bpy_cells_null(&plain, *row) || !bpy_cells_integer(&plain, *row, &index) || index < 0 ||
            index >= c->array->dictionary->length)
            return false;
        *c = (bpy_cells){c->schema->dictionary, c->array->dictionary};
        *row = index;
    }
    return true;
}

bool bpy_cells_null(const bpy_cells *c, int64_t row)
{
    const void *validity = buffer_of(c, 0);
    if (!strcmp(c->schema->format, "n")) return true;
    return c->array->null_count && validity && !has_bit(validity, c->array->offset + row);
}

bool bpy_cells_integer(const bpy_cells *c, int64_t row, int64_t *out)
{
    const void *data = buffer_of(c, 1);
    int64_t at = c->array->offset + row;
    if (!data || c->schema->format[1]) return false;
    switch (c->schema->format[0]) {
    case 'c': *out = ((const int8_t *)data)[at]; return true;
    case 'C': *out = ((const uint8_t *)data)[at]; return true;
    case 's': *out = ((const int16_t *)data)[at]; return true;
    case 'S': *out = ((const uint16_t *)data)[at]; return true;
    case 'i': *out = ((const int32_t *)data)[at]; return true;
    case 'I': *out = ((const uint32_t *)data)[at]; return true;
    case 'l': *out = ((const int64_t *)data)[at]; return true;
    default: return false;
    }
}

/* Views: 16 bytes each; short ones hold the text itself, others say where it is. */
static bool read_view(const bpy_cells *c, int64_t at, berm_str *out)
{
    const char *views = buffer_of(c, 1);
    int32_t head[4];
    if (!views) return false;
    memcpy(head, views + at * 16, sizeof head);
    *out = (berm_str){views + at * 16 + 4, (size_t)head[0]};
    if (head[0] <= 12) return head[0] >= 0;
    const char *data = buffer_of(c, 2 + (int64_t)head[2]);
    out->ptr = data + head[3];
    return data != NULL;
}

bool bpy_cells_text(const bpy_cells *given, int64_t row, berm_str *out)
{
    bpy_cells c = *given;
    if (!resolve(&c, &row)) return false;
    const char *format = c.schema->format, *data = buffer_of(&c, 2);
    const void *offsets = buffer_of(&c, 1);
    int64_t at = c.array->offset + row, from, to;
    if (format[0] == 'v' && strchr("uz", format[1])) return read_view(&c, at, out);
    if (format[1] || !strchr("uUzZ", format[0]) || !offsets) return false;
    bool large = format[0] == 'U' || format[0] == 'Z';
    from = large ? ((const int64_t *)offsets)[at] : ((const int32_t *)offsets)[at];
    to = large ? ((const int64_t *)offsets)[at + 1] : ((const int32_t *)offsets)[at + 1];
    *out = (berm_str){data ? data + from : "", (size_t)(to - from)};
    return to >= from;
}

bool bpy_cells_member(const bpy_cells *c, const char *name, bpy_cells *out)
{
    for (int64_t i = 0; i < c->schema->n_children && i < c->array->n_children; i++) {
        *out = (bpy_cells){c->schema->children[i], c->array->children[i]};
        if (out->schema->name && !strcmp(out->schema->name, name)) return true;
    }
    return false;
}

/* --- building --- */

static berm_status push_item(berm_builder *builder, uint32_t kind, berm_item item, berm_error *err)
{
    berm_event event = {.kind = kind, .item = item};
    event.item.size = sizeof event.item;
    return berm_builder_push(builder, &event, err);
}

static berm_status push_text(berm_builder *builder, uint32_t kind, uint32_t type, berm_str text,
                             berm_error *err)
{
    return push_item(builder, kind, (berm_item){.type = type, .as.s = text}, err);
}

static berm_status refuse(const bpy_cells *c, berm_error *err)
{
    *err = (berm_error){.status = BERM_E_UNSUPPORTED};
    strcpy(err->message, "documents have no values of the Arrow type ");
    strncat(err->message, c->schema->format, sizeof err->message - strlen(err->message) - 1);
    return BERM_E_UNSUPPORTED;
}

static double read_half(uint16_t bits)
{
    int exponent = bits >> 10 & 31, fraction = bits & 1023;
    double value = exponent == 31  ? (fraction ? (double)NAN : (double)INFINITY)
                   : exponent == 0 ? ldexp(fraction, -24)
                                   : ldexp(1024 + fraction, exponent - 25);
    return bits >> 15 ? -value : value;
}

/* Numbers of 64 bits without a sign, floating point and truth values. */
static bool read_number(const bpy_cells *c, int64_t row, berm_item *item)
{
    const void *data = buffer_of(c, 1);
    int64_t at = c->array->offset + row;
    if (!data || c->schema->format[1]) return false;
    item->type = BERM_TYPE_OF_DOUBLE;
    switch (c->schema->format[0]) {
    case 'b':
        item->type = BERM_TYPE_OF_BOOL;
        item->as.u = has_bit(data, at);
        return true;
    case 'L':
        item->as.u = ((const uint64_t *)data)[at];
        item->type = item->as.u > INT64_MAX ? BERM_TYPE_OF_UINT : BERM_TYPE_OF_INT;
        return true;
    case 'e': item->as.d = read_half(((const uint16_t *)data)[at]); return true;
    case 'f': item->as.d = (double)((const float *)data)[at]; return true;
    case 'g': item->as.d = ((const double *)data)[at]; return true;
    default: return false;
    }
}

/* 128 bits, two's complement, over a power of ten: the nearest double. */
static bool read_decimal(const bpy_cells *c, int64_t row, berm_item *item)
{
    const char *scale = strchr(c->schema->format + 2, ',');
    const uint64_t *data = buffer_of(c, 1);
    if (!data || !scale || strchr(scale + 1, ',')) return false; /* d:precision,scale */
    data += (c->array->offset + row) * 2;
    double value = ldexp((double)(int64_t)data[1], 64) + (double)data[0];
    int64_t whole = (int64_t)data[0];
    bool small = (int64_t)data[1] == (whole < 0 ? -1 : 0);
    int digits = atoi(scale + 1);
    if (small) value = (double)whole;
    if (small && digits == 0) {
        item->type = BERM_TYPE_OF_INT;
        item->as.i = whole;
        return true;
    }
    item->type = BERM_TYPE_OF_DOUBLE;
    item->as.d = digits < 0 ? value * pow(10, -digits) : value / pow(10, digits);
    return true;
}

/* How many a second has of the unit of tsX:..., tDX, ttX. */
static int64_t read_unit(char unit)
{
    switch (unit) {
    case 's': return 1;
    case 'm': return 1000;
    case 'u': return 1000000;
    default: return 1000000000;
    }
}

/* Dates and moments are timestamps, durations durations. Moments without a zone count as UTC. */
static bool read_time(const bpy_cells *c, int64_t row, berm_item *item)
{
    const char *format = c->schema->format;
    const void *data = buffer_of(c, 1);
    int64_t at = c->array->offset + row, value, unit;
    if (!data || format[0] != 't' || !format[1] || !format[2]) return false;
    if (!strcmp(format, "tdD")) value = (int64_t)((const int32_t *)data)[at] * 86400;
    else value = ((const int64_t *)data)[at];
    unit = !strcmp(format, "tdD") ? 1 : read_unit(format[2]);
    if (format[1] == 'D') {
        item->type = BERM_TYPE_OF_DURATION;
        return !__builtin_mul_overflow(value, 1000000000 / unit, &item->as.i);
    }
    int64_t rest = value % unit;
    item->type = BERM_TYPE_OF_TIMESTAMP;
    item->as.t.sec = value / unit - (rest < 0);
    item->as.t.nanos = (int32_t)((rest < 0 ? rest + unit : rest) * (1000000000 / unit));
    return format[1] == 's' || format[1] == 'd';
}

static berm_status build_struct(const bpy_cells *c, int64_t row, berm_builder *builder,
                                berm_error *err)
{
    berm_status status = push_item(builder, BERM_EVENT_BEGIN_MAP, (berm_item){0}, err);
    for (int64_t i = 0; !status && i < c->schema->n_children; i++) {
        const bpy_cells child = {c->schema->children[i], c->array->children[i]};
        const char *name = child.schema->name ? child.schema->name : "";
        berm_str key = {name, strlen(name)};
        status = push_text(builder, BERM_EVENT_KEY, BERM_TYPE_OF_STRING, key, err);
        if (!status) status = bpy_cells_build(&child, c->array->offset + row, builder, err);
    }
    return status ? status : push_item(builder, BERM_EVENT_END, (berm_item){0}, err);
}

static berm_status build_entry(const bpy_cells *entries, int64_t at, berm_builder *builder,
                               berm_error *err)
{
    const bpy_cells key = {entries->schema->children[0], entries->array->children[0]};
    const bpy_cells value = {entries->schema->children[1], entries->array->children[1]};
    berm_str text;
    int64_t number, row = entries->array->offset + at;
    berm_status status;
    if (bpy_cells_text(&key, row, &text))
        status = push_text(builder, BERM_EVENT_KEY, BERM_TYPE_OF_STRING, text, err);
    else if (bpy_cells_integer(&key, row, &number))
        status = push_item(builder, BERM_EVENT_KEY,
                           (berm_item){.type = BERM_TYPE_OF_INT, .as.i = number}, err);
    else return refuse(&key, err);
    return status ? status : bpy_cells_build(&value, row, builder, err);
}

/* Lists (+l, +L), those of a fixed length (+w:n) and maps (+m). */
static berm_status build_list(const bpy_cells *c, int64_t row, berm_builder *builder,
                              berm_error *err)
{
    char kind = c->schema->format[1];
    const void *offsets = buffer_of(c, 1);
    int64_t at = c->array->offset + row, from, to;
    if (c->schema->n_children != 1 || (kind != 'w' && !offsets)) return refuse(c, err);
    const bpy_cells child = {c->schema->children[0], c->array->children[0]};
    if (kind == 'm' && child.schema->n_children != 2) return refuse(c, err);
    if (kind == 'w') {
        int64_t width = strlen(c->schema->format) > 3 ? atoll(c->schema->format + 3) : 0;
        from = at * width;
        to = from + width;
    } else if (kind == 'L') {
        from = ((const int64_t *)offsets)[at];
        to = ((const int64_t *)offsets)[at + 1];
    } else {
        from = ((const int32_t *)offsets)[at];
        to = ((const int32_t *)offsets)[at + 1];
    }
    uint32_t begin = kind == 'm' ? BERM_EVENT_BEGIN_MAP : BERM_EVENT_BEGIN_LIST;
    berm_status status = push_item(builder, begin, (berm_item){0}, err);
    for (int64_t i = from; !status && i < to; i++)
        status = kind == 'm' ? build_entry(&child, i, builder, err)
                             : bpy_cells_build(&child, i, builder, err);
    return status ? status : push_item(builder, BERM_EVENT_END, (berm_item){0}, err);
}

/* Recursion ends where the builder's limit of depth does: containers are pushed first. */
berm_status bpy_cells_build(const bpy_cells *given, int64_t row, berm_builder *builder,
                            berm_error *err)
{
    bpy_cells c = *given;
    berm_item item = {.type = BERM_TYPE_OF_NULL};
    berm_str text;
    if (bpy_cells_null(&c, row) || !resolve(&c, &row) || bpy_cells_null(&c, row))
        return push_item(builder, BERM_EVENT_SCALAR, item, err);
    const char *format = c.schema->format;
    if (!strcmp(format, "+s")) return build_struct(&c, row, builder, err);
    if (format[0] == '+' && format[1] && strchr("lLwm", format[1]))
        return build_list(&c, row, builder, err);
    if (bpy_cells_text(&c, row, &text)) {
        bool bytes = format[0] == 'v' ? format[1] == 'z' : format[0] == 'z' || format[0] == 'Z';
        uint32_t type = bytes ? BERM_TYPE_OF_BYTES : BERM_TYPE_OF_STRING;
        return push_text(builder, BERM_EVENT_SCALAR, type, text, err);
    }
    item.type = BERM_TYPE_OF_INT;
    if (bpy_cells_integer(&c, row, &item.as.i) || read_number(&c, row, &item) ||
        (!strncmp(format, "d:", 2) && read_decimal(&c, row, &item)) || read_time(&c, row, &item))
        return push_item(builder, BERM_EVENT_SCALAR, item, err);
    return refuse(&c, err);
}
