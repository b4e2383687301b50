/* Values as CEL text, so that what a report shows can be pasted into an expression. */
#include "base/number.h"
#include "base/utf8.h"
#include "moment.h"
#include "value.h"

#include <math.h>
#include <stdio.h>

static void put_quoted(berm_text *out, berm_str text, bool bytes)
{
    if (bytes) berm_text_putc(out, 'b');
    berm_text_putc(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        char escape[8];
        bool plain = c >= ' ' && c != '\'' && c != '\\' && c != 0x7f && (!bytes || c < 0x7f);
        snprintf(escape, sizeof escape, plain ? "%c" : "\\%03o", c);
        berm_text_put(out, berm_str_of(escape));
    }
    berm_text_putc(out, '\'');
}

static void put_double(berm_text *out, double d)
{
    char buffer[40];
    if (isnan(d)) snprintf(buffer, sizeof buffer, "double('NaN')");
    else if (isinf(d)) snprintf(buffer, sizeof buffer, "double('%sInf')", d < 0 ? "-" : "+");
    else snprintf(buffer, sizeof buffer, "%.17g", d);
    berm_text_put(out, berm_str_of(buffer));
    if (!isnan(d) && !isinf(d) && !strpbrk(buffer, ".e")) berm_text_put(out, BERM_STR(".0"));
}

static void put_items(berm_text *out, const value *v, const char *ends)
{
    berm_text_putc(out, ends[0]);
    for (size_t i = 0; i < v->count; i++) {
        bool is_value = v->kind == V_MAP && i % 2 == 1;
        if (i) berm_text_put(out, is_value ? BERM_STR(": ") : BERM_STR(", "));
        put_value(out, v->items[i]);
    }
    if (v->more) berm_text_put(out, BERM_STR(" .."));
    berm_text_putc(out, ends[1]);
}

static void put_timed(berm_text *out, const value *v)
{
    berm_text_put(out, v->kind == V_TIME ? BERM_STR("timestamp('") : BERM_STR("duration('"));
    if (v->kind == V_TIME) put_time(out, v->time);
    else put_duration(out, v->i);
    berm_text_put(out, BERM_STR("')"));
}

void put_value(berm_text *out, const value *v)
{
    switch (v->kind) {
    case V_NULL: berm_text_put(out, BERM_STR("null")); break;
    case V_BOOL: berm_text_put(out, v->b ? BERM_STR("true") : BERM_STR("false")); break;
    case V_INT: berm_text_format(out, "%l", v->i); break;
    case V_UINT: berm_text_format(out, "%Lu", v->u); break;
    case V_DOUBLE: put_double(out, v->d); break;
    case V_STRING:
    case V_BYTES: put_quoted(out, v->text, v->kind == V_BYTES); break;
    case V_TIME:
    case V_DURATION: put_timed(out, v); break;
    case V_LIST: put_items(out, v, "[]"); break;
    case V_MAP: put_items(out, v, "{}"); break;
    case V_OPTIONAL:
        berm_text_put(out, v->count ? BERM_STR("optional.of") : BERM_STR("optional.none"));
        put_items(out, v, "()");
        break;
    case V_TYPE: berm_text_put(out, v->text); break;
    case V_UNKNOWN: berm_text_put(out, BERM_STR("unknown")); break;
    default: berm_text_format(out, "error %S", v->text); break;
    }
}
