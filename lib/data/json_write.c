/* Values as JSON. */
#include "base/number.h"
#include "data/doc.h"
#include "data/ops.h"
#include "data/time.h"

#define JSON_BYTES_PER_FUEL 64u

typedef struct json_writer {
    berm_text *out;
    berm_space *space;
    bool pretty, redact;
} json_writer;

static bool write_json_at(json_writer *w, berm_cell value, uint32_t depth);

static void put_json_raw(json_writer *w, const char *text)
{
    berm_text_put(w->out, berm_str_of(text));
}

static void put_json_base64(json_writer *w, berm_str bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    berm_text_putc(w->out, '"');
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t b0 = (unsigned char)bytes.ptr[i],
                 b1 = left > 1 ? (unsigned char)bytes.ptr[i + 1] : 0,
                 b2 = left > 2 ? (unsigned char)bytes.ptr[i + 2] : 0,
                 group = b0 << 16 | b1 << 8 | b2;
        char quad[4] = {digits[group >> 18], digits[group >> 12 & 63], '=', '='};
        if (left > 1) quad[2] = digits[group >> 6 & 63];
        if (left > 2) quad[3] = digits[group & 63];
        berm_text_put(w->out, (berm_str){quad, sizeof quad});
    }
    berm_text_putc(w->out, '"');
}

/* JSON has no NaN and no infinities: they become strings. */
static void put_json_double(json_writer *w, double d)
{
    if (d == d && d - d == 0) berm_double_print(w->out, d);
    else if (d != d) put_json_raw(w, "\"NaN\"");
    else put_json_raw(w, d > 0 ? "\"Infinity\"" : "\"-Infinity\"");
}

static void put_json_moment(json_writer *w, berm_cell value)
{
    char text[40];
    size_t len;
    if (value.tag == BERM_TAG_DURATION) len = berm_duration_print(value.as.i, text);
    else len = berm_time_print((berm_time){value.as.i, (int32_t)value.aux}, text);
    berm_text_quote(w->out, (berm_str){text, len});
}

/* The value's CEL text (or, of an error, its message) as a string. */
static bool put_json_described(json_writer *w, berm_cell value)
{
    berm_text text;
    berm_text_init(&text, w->out->alloc);
    bool done = true;
    if (value.tag == BERM_TAG_ERROR) berm_error_print(&text, w->space, value, w->redact);
    else done = berm_value_print(&text, w->space, value, w->redact);
    berm_text_quote(w->out, berm_text_view(&text));
    done = done && !text.failed;
    berm_text_free(&text);
    return done;
}

static bool write_json_scalar(json_writer *w, berm_cell value)
{
    char digits[BERM_INT_LEN];
    switch (value.tag) {
    case BERM_TAG_MISSING:
    case BERM_TAG_NULL: put_json_raw(w, "null"); return true;
    case BERM_TAG_UNKNOWN:
        put_json_raw(w, w->redact ? "\"(known after apply)\"" : "null");
        return true;
    case BERM_TAG_BOOL: put_json_raw(w, value.as.u ? "true" : "false"); return true;
    case BERM_TAG_INT:
        berm_text_put(w->out, (berm_str){digits, berm_print_int(value.as.i, digits)});
        return true;
    case BERM_TAG_UINT:
        berm_text_put(w->out, (berm_str){digits, berm_print_uint(value.as.u, digits)});
        return true;
    case BERM_TAG_DOUBLE: put_json_double(w, value.as.d); return true;
    case BERM_TAG_STRING: berm_text_quote(w->out, berm_text_of(w->space, value)); return true;
    case BERM_TAG_BYTES: put_json_base64(w, berm_text_of(w->space, value)); return true;
    case BERM_TAG_TIMESTAMP:
    case BERM_TAG_DURATION: put_json_moment(w, value); return true;
    default: return put_json_described(w, value);
    }
}

/* Keys are strings in JSON: others are written as text, then quoted. */
static bool write_json_key(json_writer *w, berm_cell key, uint32_t depth)
{
    if (key.tag == BERM_TAG_STRING && !(w->redact && key.flags & BERM_CELL_SENSITIVE)) {
        berm_text_quote(w->out, berm_text_of(w->space, key));
        return true;
    }
    berm_text text;
    berm_text_init(&text, w->out->alloc);
    json_writer inner = {.out = &text, .space = w->space, .redact = w->redact};
    bool done = write_json_at(&inner, key, depth) && !text.failed;
    berm_str view = berm_text_view(&text);
    bool quoted = view.len > 0 && view.ptr[0] == '"';
    if (quoted) berm_text_put(w->out, view);
    else berm_text_quote(w->out, view);
    berm_text_free(&text);
    return done;
}

static void start_json_line(json_writer *w, uint32_t depth)
{
    if (!w->pretty) return;
    berm_text_putc(w->out, '\n');
    berm_text_pad(w->out, ' ', 2 * (size_t)depth);
}

static bool write_json_container(json_writer *w, berm_cell value, uint32_t depth)
{
    bool is_map = value.tag == BERM_TAG_MAP;
    berm_text_putc(w->out, is_map ? '{' : '[');
    for (uint32_t i = 0; i < value.as.ref.len; i++) {
        if (i > 0) berm_text_putc(w->out, ',');
        start_json_line(w, depth + 1);
        if (is_map) {
            if (!write_json_key(w, berm_map_key_at(w->space, value, i), depth + 1)) return false;
            put_json_raw(w, w->pretty ? ": " : ":");
        }
        berm_cell child =
            is_map ? berm_map_value_at(w->space, value, i) : berm_list_at(w->space, value, i);
        if (!write_json_at(w, child, depth + 1)) return false;
    }
    if (value.as.ref.len > 0) start_json_line(w, depth);
    berm_text_putc(w->out, is_map ? '}' : ']');
    return true;
}

static bool pay_to_write(json_writer *w, berm_cell value, uint32_t depth)
{
    if (depth > w->space->depth_limit) {
        berm_space_exceed(w->space, BERM_D_LIMIT_DEPTH);
        return false;
    }
    bool is_text = value.tag == BERM_TAG_STRING || value.tag == BERM_TAG_BYTES;
    return berm_space_spend(w->space, 1 + (is_text ? value.as.ref.len / JSON_BYTES_PER_FUEL : 0));
}

static bool write_json_at(json_writer *w, berm_cell value, uint32_t depth)
{
    if (!pay_to_write(w, value, depth)) return false;
    if (w->redact && value.flags & BERM_CELL_SENSITIVE) {
        put_json_raw(w, "\"(sensitive)\"");
        return true;
    }
    switch (value.tag) {
    case BERM_TAG_LIST:
    case BERM_TAG_SET:
    case BERM_TAG_MAP: return write_json_container(w, value, depth);
    case BERM_TAG_OPTIONAL:
        if (value.as.ref.len > 0)
            return write_json_at(w, berm_list_at(w->space, value, 0), depth + 1);
        put_json_raw(w, "null");
        return true;
    default: return write_json_scalar(w, value);
    }
}

bool berm_json_write(berm_text *out, berm_space *space, berm_cell value, uint32_t style)
{
    json_writer w = {.out = out,
                     .space = space,
                     .pretty = (style & BERM_JSON_PRETTY) != 0,
                     .redact = (style & BERM_JSON_REDACT) != 0};
    return write_json_at(&w, value, 0) && !out->failed;
}
