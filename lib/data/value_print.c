/* Values as CEL literals. */
#include "base/number.h"
#include "data/doc.h"
#include "data/ops.h"
#include "data/time.h"

#define PRINT_SHORT_LEN 100u
#define PRINT_SHORT_DEPTH 6u
#define PRINT_BYTES_PER_FUEL 64u

typedef struct value_printer {
    berm_text *out;
    const berm_space *space;
    berm_space *payer; /* NULL: short, nothing is paid */
    size_t stop;       /* short: where in `out` to stop adding elements */
    bool redact;
} value_printer;

static bool print_value_at(value_printer *p, berm_cell value, uint32_t depth);

static void put_literal(berm_text *out, const char *text)
{
    berm_text_put(out, berm_str_of(text));
}

void berm_double_print(berm_text *out, double d)
{
    char digits[BERM_DOUBLE_LEN];
    size_t len = berm_print_double(d, digits);
    berm_text_put(out, (berm_str){digits, len});
    if (!memchr(digits, '.', len) && !memchr(digits, 'e', len)) put_literal(out, ".0");
}

static void print_double_literal(berm_text *out, double d)
{
    if (d == d && d - d == 0) berm_double_print(out, d);
    else if (d != d) put_literal(out, "double(\"NaN\")");
    else put_literal(out, d > 0 ? "double(\"Infinity\")" : "double(\"-Infinity\")");
}

static void print_bytes_literal(berm_text *out, berm_str bytes)
{
    static const char hex[] = "0123456789abcdef";
    put_literal(out, "b\"");
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];
        if (c == '"' || c == '\\') berm_text_putc(out, '\\');
        if (c >= 0x20 && c < 0x7f) {
            berm_text_putc(out, (char)c);
        } else {
            put_literal(out, "\\x");
            berm_text_putc(out, hex[c >> 4]);
            berm_text_putc(out, hex[c & 15]);
        }
    }
    berm_text_putc(out, '"');
}

static void print_moment_literal(berm_text *out, berm_cell value)
{
    char text[40];
    size_t len;
    if (value.tag == BERM_TAG_DURATION) len = berm_duration_print(value.as.i, text);
    else len = berm_time_print((berm_time){value.as.i, (int32_t)value.aux}, text);
    put_literal(out, value.tag == BERM_TAG_DURATION ? "duration(\"" : "timestamp(\"");
    berm_text_put(out, (berm_str){text, len});
    put_literal(out, "\")");
}

/* A string or bytes; in short form its start, cut between code points. */
static void print_text_literal(value_printer *p, berm_cell value)
{
    berm_str text = berm_text_of(p->space, value);
    bool cut = !p->payer && text.len > PRINT_SHORT_LEN;
    if (cut) {
        text.len = PRINT_SHORT_LEN;
        if (value.tag == BERM_TAG_STRING) {
            while (text.len > 0 && ((unsigned char)text.ptr[text.len] & 0xC0) == 0x80) text.len--;
        }
    }
    if (value.tag == BERM_TAG_STRING) berm_text_quote(p->out, text);
    else print_bytes_literal(p->out, text);
    if (cut) put_literal(p->out, "...");
}

static void print_scalar_literal(value_printer *p, berm_cell value)
{
    char digits[BERM_INT_LEN];
    switch (value.tag) {
    case BERM_TAG_MISSING: put_literal(p->out, "missing"); break;
    case BERM_TAG_NULL: put_literal(p->out, "null"); break;
    case BERM_TAG_BOOL: put_literal(p->out, value.as.u ? "true" : "false"); break;
    case BERM_TAG_INT:
        berm_text_put(p->out, (berm_str){digits, berm_print_int(value.as.i, digits)});
        break;
    case BERM_TAG_UINT:
        berm_text_put(p->out, (berm_str){digits, berm_print_uint(value.as.u, digits)});
        berm_text_putc(p->out, 'u');
        break;
    case BERM_TAG_DOUBLE: print_double_literal(p->out, value.as.d); break;
    case BERM_TAG_STRING:
    case BERM_TAG_BYTES: print_text_literal(p, value); break;
    case BERM_TAG_TIMESTAMP:
    case BERM_TAG_DURATION: print_moment_literal(p->out, value); break;
    case BERM_TAG_TYPE: put_literal(p->out, berm_type_name((berm_type_id)value.as.u)); break;
    case BERM_TAG_ERROR:
        put_literal(p->out, "error(");
        put_literal(p->out, berm_error_name(berm_error_code_of(value)));
        berm_text_putc(p->out, ')');
        break;
    default: put_literal(p->out, p->redact ? "(known after apply)" : "unknown"); break;
    }
}

/* Element `index` of a container; of a map the member. */
static bool print_element(value_printer *p, berm_cell value, uint32_t index, uint32_t depth)
{
    if (value.tag != BERM_TAG_MAP)
        return print_value_at(p, berm_list_at(p->space, value, index), depth);
    if (!print_value_at(p, berm_map_key_at(p->space, value, index), depth)) return false;
    put_literal(p->out, ": ");
    return print_value_at(p, berm_map_value_at(p->space, value, index), depth);
}

static bool print_elements(value_printer *p, berm_cell value, uint32_t depth)
{
    for (uint32_t i = 0; i < value.as.ref.len; i++) {
        if (i > 0) put_literal(p->out, ", ");
        if (p->out->len >= p->stop) {
            put_literal(p->out, "...");
            break;
        }
        if (!print_element(p, value, i, depth)) return false;
    }
    if (value.flags & BERM_CELL_OPEN) put_literal(p->out, value.as.ref.len > 0 ? ", ..." : "...");
    return true;
}

/* The function that makes an object of its text, which is its last part; NULL without one. */
static const char *constructor_of(berm_cell value)
{
    if (value.tag != BERM_TAG_OBJECT || value.as.ref.len == 0) return NULL;
    switch (value.aux) {
    case BERM_TYPE_IP: return "ip(";
    case BERM_TYPE_CIDR: return "cidr(";
    case BERM_TYPE_QUANTITY: return "quantity(";
    case BERM_TYPE_URL: return "url(";
    case BERM_TYPE_SEMVER: return "semver(";
    case BERM_TYPE_FORMAT: return "format.named(";
    default: return NULL;
    }
}

static bool print_object(value_printer *p, berm_cell value, const char *constructor, uint32_t depth)
{
    put_literal(p->out, constructor);
    berm_cell text = berm_list_at(p->space, value, value.as.ref.len - 1);
    if (!print_value_at(p, text, depth + 1)) return false;
    berm_text_putc(p->out, ')');
    return true;
}

static void print_opening(berm_text *out, berm_cell value)
{
    switch (value.tag) {
    case BERM_TAG_LIST: berm_text_putc(out, '['); break;
    case BERM_TAG_MAP: berm_text_putc(out, '{'); break;
    case BERM_TAG_SET: put_literal(out, "set(["); break;
    case BERM_TAG_OPTIONAL:
        put_literal(out, value.as.ref.len > 0 ? "optional.of(" : "optional.none(");
        break;
    default:
        put_literal(out, berm_type_name(berm_type_of(value)));
        berm_text_putc(out, '(');
        break;
    }
}

static const char *closing_of(berm_cell value)
{
    switch (value.tag) {
    case BERM_TAG_LIST: return "]";
    case BERM_TAG_MAP: return "}";
    case BERM_TAG_SET: return "])";
    default: return ")";
    }
}

static bool pay_to_print(value_printer *p, berm_cell value, uint32_t depth)
{
    if (depth > p->space->depth_limit) {
        berm_space_exceed(p->payer, BERM_D_LIMIT_DEPTH);
        return false;
    }
    bool is_text = value.tag == BERM_TAG_STRING || value.tag == BERM_TAG_BYTES;
    return berm_space_spend(p->payer, 1 + (is_text ? value.as.ref.len / PRINT_BYTES_PER_FUEL : 0));
}

static bool print_value_at(value_printer *p, berm_cell value, uint32_t depth)
{
    if (p->payer && !pay_to_print(p, value, depth)) return false;
    if (p->redact && value.flags & BERM_CELL_SENSITIVE) {
        put_literal(p->out, "(sensitive)");
        return true;
    }
    if (value.tag < BERM_TAG_LIST || value.tag > BERM_TAG_OBJECT) {
        print_scalar_literal(p, value);
        return true;
    }
    const char *constructor = constructor_of(value);
    if (constructor) return print_object(p, value, constructor, depth);
    print_opening(p->out, value);
    if (!p->payer && depth >= PRINT_SHORT_DEPTH) put_literal(p->out, "...");
    else if (!print_elements(p, value, depth + 1)) return false;
    put_literal(p->out, closing_of(value));
    return true;
}

bool berm_value_print(berm_text *out, berm_space *space, berm_cell value, bool redact)
{
    value_printer p = {.out = out,
                       .space = space,
                       .payer = space,
                       .stop = SIZE_MAX,
                       .redact = redact};
    return print_value_at(&p, value, 0) && !out->failed;
}

void berm_value_print_short(berm_text *out, const berm_space *space, berm_cell value, bool redact)
{
    value_printer p = {.out = out,
                       .space = space,
                       .stop = out->len + PRINT_SHORT_LEN,
                       .redact = redact};
    print_value_at(&p, value, 0);
}
