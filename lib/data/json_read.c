/* The JSON reader: RFC 8259, all of it and nothing else, in one pass and without recursion.

   `value` reads one value, a whole scalar or the start of a container; `after` what follows a
   finished value; between them they are the grammar. The tree's open container is the only stack.

   - The text is known to be valid UTF-8, so bytes over 0x7F in strings need no look.
   - Integers that fit int64 or uint64 are exact; all other numbers are doubles.
   - A number too large for a double (1e400) is refused: an infinity would compare, add up and print
     as something the document does not say. One too small becomes 0, the nearest double there is.
   - A lone surrogate (\ud800) is refused: no UTF-8 text can hold it.
   - Strings without escapes stay where they are in the source; others are decoded to the tree's
     second text.

   The fast reader (fast/fast_read.c) is asked first; what it does not take, invalid texts among
   others, is read here, and this is what it is measured by. */
#include "base/number.h"
#include "base/parts.h"
#include "base/utf8.h"
#include "data/fast/fast_read.h"
#include "data/json_parts.h"
#include "data/tree.h"

typedef struct json_reader {
    const char *start, *end;
    const char *p;
    berm_tree tree;
} json_reader;

static uint32_t json_off(const json_reader *r, const char *at)
{
    return (uint32_t)(at - r->start);
}

/* --- failures --- */

static BERM_RARE bool fail_json(json_reader *r, berm_diag_id id, const char *at, size_t len,
                                const char *message)
{
    return berm_tree_fail(&r->tree, BERM_E_SYNTAX, id, json_off(r, at), len, "%s", message);
}

/* What stands at `at`, for messages: 'x', or its code point. */
static BERM_RARE void describe_json(const json_reader *r, const char *at, char *buffer, size_t size)
{
    berm_str rest = {at, (size_t)(r->end - at)};
    size_t len = 0;
    int32_t code = rest.len > 0 ? berm_utf8_next(rest, &len) : -1;
    if (rest.len == 0) berm_format_into(buffer, size, "the end of the text");
    else if (code > 0x20 && code != 0x7f && code < 0x80)
        berm_format_into(buffer, size, "'%c'", code);
    else if (code == '\n' || code == '\r') berm_format_into(buffer, size, "the end of the line");
    else berm_format_into(buffer, size, "U+%x", (uint32_t)code);
}

static BERM_RARE bool fail_json_found(json_reader *r, berm_diag_id id, const char *expected)
{
    char found[32];
    describe_json(r, r->p, found, sizeof found);
    return berm_tree_fail(&r->tree, BERM_E_SYNTAX, id, json_off(r, r->p), r->p < r->end,
                          "expected %s, found %s", expected, found);
}

/* The text ended in a container: say where that began. */
static BERM_RARE bool fail_json_unclosed(json_reader *r)
{
    berm_cell place = r->tree.stack.items[r->tree.open];
    uint32_t line, column;
    berm_locate(r->tree.text, place.aux, &line, &column);
    return berm_tree_fail(&r->tree, BERM_E_SYNTAX, BERM_D_JSON_UNCLOSED, r->tree.text.len, 0,
                          "the text ends in the %s that starts at line %u, column %u",
                          place.tag == BERM_TAG_MAP ? "object" : "array", line, column);
}

static bool is_json_word(const json_reader *r, const char *word)
{
    size_t len = strlen(word);
    return (size_t)(r->end - r->p) >= len && memcmp(r->p, word, len) == 0;
}

/* No value starts here: name the mistakes that people make. */
static BERM_RARE bool fail_json_value(json_reader *r)
{
    static const char *const words[] = {"NaN",  "nan",   "Infinity",  "-Infinity", "None",
                                        "True", "False", "undefined", "nil"};
    if (r->p == r->end) {
        if (r->tree.open != BERM_TREE_CLOSED) return fail_json_unclosed(r);
        return fail_json(r, BERM_D_JSON_EMPTY, r->p, 0, "the document is empty");
    }
    if (*r->p == '#' || is_json_word(r, "//") || is_json_word(r, "/*")) {
        return fail_json(r, BERM_D_JSON_COMMENT, r->p, 1, "JSON has no comments");
    }
    if (*r->p == '\'')
        return fail_json(r, BERM_D_JSON_VALUE, r->p, 1, "strings are written in double quotes");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!is_json_word(r, words[i])) continue;
        return berm_tree_fail(&r->tree, BERM_E_SYNTAX, BERM_D_JSON_VALUE, json_off(r, r->p),
                              strlen(words[i]), "JSON has no %s", words[i]);
    }
    return fail_json_found(r, BERM_D_JSON_VALUE, "a value");
}

/* --- white space and literals --- */

static inline bool is_json_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static inline void skip_json_space(json_reader *r)
{
    while (r->p < r->end && is_json_space(*r->p)) r->p++;
}

static bool read_json_literal(json_reader *r, const char *word, berm_tag tag, uint64_t value)
{
    if (!is_json_word(r, word)) return fail_json_value(r);
    berm_cell cell = {.tag = (uint8_t)tag, .aux = json_off(r, r->p), .as.u = value};
    r->p += strlen(word);
    return berm_tree_value(&r->tree, cell, 0);
}

/* --- numbers --- */

static bool is_json_digit(const json_reader *r, const char *p)
{
    return p < r->end && *p >= '0' && *p <= '9';
}

static const char *skip_json_digits(const json_reader *r, const char *p)
{
    while (is_json_digit(r, p)) p++;
    return p;
}

/* Fraction and exponent behind the integer digits; NULL, with the failure told, when malformed. */
static const char *scan_json_fraction(json_reader *r, const char *p)
{
    if (p < r->end && *p == '.') {
        if (!is_json_digit(r, ++p)) {
            fail_json(r, BERM_D_JSON_NUMBER, p, p < r->end, "a digit is expected behind the point");
            return NULL;
        }
        p = skip_json_digits(r, p);
    }
    if (p < r->end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < r->end && (*p == '+' || *p == '-')) p++;
        if (!is_json_digit(r, p)) {
            fail_json(r, BERM_D_JSON_NUMBER, p, p < r->end, "a digit is expected in the exponent");
            return NULL;
        }
        p = skip_json_digits(r, p);
    }
    return p;
}

static bool read_json_double(json_reader *r, const char *from, const char *to)
{
    berm_cell cell = {.tag = BERM_TAG_DOUBLE, .aux = json_off(r, from)};
    if (!berm_parse_double((berm_str){from, (size_t)(to - from)}, &cell.as.d)) {
        return fail_json(r, BERM_D_JSON_NUMBER, from, (size_t)(to - from),
                         "the number is malformed");
    }
    if (cell.as.d - cell.as.d != 0) {
        return fail_json(r, BERM_D_JSON_RANGE, from, (size_t)(to - from),
                         "the number is too large for a double");
    }
    r->p = to;
    return berm_tree_value(&r->tree, cell, 0);
}

/* Up to 19 digits fit uint64 whatever they are; a 20th may not. */
bool berm_json_sum(const char *p, const char *end, uint64_t *out)
{
    size_t count = (size_t)(end - p);
    uint64_t sum = 0;
    if (count > 20) return false;
    for (; p < end; p++) {
        uint64_t digit = (uint64_t)(*p - '0');
        if (count == 20 &&
            (sum > UINT64_MAX / 10 || (sum == UINT64_MAX / 10 && digit > UINT64_MAX % 10)))
            return false;
        sum = sum * 10 + digit;
    }
    *out = sum;
    return true;
}

static bool read_json_number(json_reader *r)
{
    const char *from = r->p;
    bool negative = *from == '-';
    const char *digits = from + negative, *p = skip_json_digits(r, digits);
    if (p == digits) {
        if (is_json_word(r, "-Infinity")) return fail_json_value(r);
        return fail_json(r, BERM_D_JSON_NUMBER, p, p < r->end,
                         "a digit is expected behind the minus sign");
    }
    if (*digits == '0' && p - digits > 1) {
        return fail_json(r, BERM_D_JSON_NUMBER, from, (size_t)(p - from),
                         "a number has no leading zeros");
    }
    const char *end = p;
    if (p < r->end && (*p == '.' || *p == 'e' || *p == 'E')) {
        end = scan_json_fraction(r, p);
        return end && read_json_double(r, from, end);
    }
    uint64_t sum;
    bool fits = berm_json_sum(digits, end, &sum) && !(negative && sum > (uint64_t)INT64_MAX + 1);
    if (!fits) return read_json_double(r, from, end);
    berm_cell cell = {.tag = BERM_TAG_INT, .aux = json_off(r, from)};
    if (!negative && sum > INT64_MAX) cell.tag = BERM_TAG_UINT;
    cell.as.u = negative ? 0 - sum : sum;
    r->p = end;
    return berm_tree_value(&r->tree, cell, 0);
}

/* --- strings --- */

/* Decodes the escaped text between `from` and `to` behind the tree's second text. */
static bool decode_json_string(json_reader *r, const char *from, const char *to, uint32_t span,
                               berm_cell *out)
{
    char *room = berm_tree_room(&r->tree, (size_t)(to - from));
    if (!room) return false;
    char *w = room;
    for (const char *p = from; p < to;) {
        if (*p != '\\') {
            const char *escape = memchr(p, '\\', (size_t)(to - p));
            size_t len = (size_t)((escape ? escape : to) - p);
            memcpy(w, p, len);
            w += len;
            p += len;
            continue;
        }
        uint32_t code;
        size_t len = berm_json_escape((berm_str){p, (size_t)(to - p)}, &code);
        if (len == 0) {
            bool surrogate = to - p >= 6 && p[1] == 'u' && code == BERM_JSON_LONE_SURROGATE;
            return fail_json(r, BERM_D_JSON_ESCAPE, p, surrogate ? 6 : 2,
                             surrogate ? "half of a surrogate pair"
                                       : "the escape sequence is malformed");
        }
        w += berm_utf8_encode(code, w);
        p += len;
    }
    return berm_tree_decoded(&r->tree, BERM_TAG_STRING, (uint32_t)(w - room), span, out);
}

/* The string that starts at r->p, which is a quote. */
static bool read_json_string(json_reader *r, berm_cell *out)
{
    const char *from = r->p + 1;
    bool escaped;
    const char *to = berm_json_string_end(from, r->end, &escaped);
    uint32_t span = json_off(r, r->p);
    if (to == r->end)
        return fail_json(r, BERM_D_JSON_UNCLOSED, r->p, 1, "the string has no closing quote");
    if (*to != '"') {
        char found[32];
        describe_json(r, to, found, sizeof found);
        return berm_tree_fail(&r->tree, BERM_E_SYNTAX, BERM_D_JSON_STRING, json_off(r, to), 1,
                              "%s must be escaped in a string", found);
    }
    r->p = to + 1;
    if (escaped) return decode_json_string(r, from, to, span, out);
    return berm_tree_slice(&r->tree, BERM_TAG_STRING, span + 1, (uint32_t)(to - from), span, out);
}

/* --- the grammar --- */

typedef enum json_next { JSON_NEXT_VALUE, JSON_NEXT_AFTER, JSON_NEXT_FAIL } json_next;

static json_next json_next_if(bool done, json_next next)
{
    return done ? next : JSON_NEXT_FAIL;
}

/* For the ends of functions that found a fault: `told` is the false of the one that told of it. */
static json_next refuse_json(bool told)
{
    (void)told;
    return JSON_NEXT_FAIL;
}

/* A member's key and its colon. */
static json_next read_json_key(json_reader *r)
{
    skip_json_space(r);
    if (r->p == r->end) return refuse_json(fail_json_unclosed(r));
    berm_cell key;
    if (*r->p != '"') {
        if (*r->p == '#' || *r->p == '/') return refuse_json(fail_json_value(r));
        return refuse_json(fail_json_found(r, BERM_D_JSON_KEY, "a key in double quotes"));
    }
    if (!read_json_string(r, &key) || !berm_tree_key(&r->tree, key, 0)) return JSON_NEXT_FAIL;
    skip_json_space(r);
    if (r->p == r->end) return refuse_json(fail_json_unclosed(r));
    if (*r->p != ':') return refuse_json(fail_json_found(r, BERM_D_JSON_SEPARATOR, "a colon"));
    r->p++;
    return JSON_NEXT_VALUE;
}

static json_next close_json(json_reader *r)
{
    r->p++;
    return json_next_if(berm_tree_close(&r->tree, 0), JSON_NEXT_AFTER);
}

static json_next open_json(json_reader *r, berm_tag tag, char close)
{
    if (!berm_tree_open(&r->tree, tag, json_off(r, r->p))) return JSON_NEXT_FAIL;
    r->p++;
    skip_json_space(r);
    if (r->p < r->end && *r->p == close) return close_json(r);
    return tag == BERM_TAG_MAP ? read_json_key(r) : JSON_NEXT_VALUE;
}

static json_next read_json_value(json_reader *r)
{
    skip_json_space(r);
    berm_cell cell;
    switch (r->p < r->end ? *r->p : '\0') {
    case '"':
        return json_next_if(read_json_string(r, &cell) && berm_tree_value(&r->tree, cell, 0),
                            JSON_NEXT_AFTER);
    case '{': return open_json(r, BERM_TAG_MAP, '}');
    case '[': return open_json(r, BERM_TAG_LIST, ']');
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9': return json_next_if(read_json_number(r), JSON_NEXT_AFTER);
    case 't': return json_next_if(read_json_literal(r, "true", BERM_TAG_BOOL, 1), JSON_NEXT_AFTER);
    case 'f': return json_next_if(read_json_literal(r, "false", BERM_TAG_BOOL, 0), JSON_NEXT_AFTER);
    case 'n': return json_next_if(read_json_literal(r, "null", BERM_TAG_NULL, 0), JSON_NEXT_AFTER);
    default: return refuse_json(fail_json_value(r));
    }
}

/* Behind a value that is inside a container: a comma and the next one, or the container's end. */
static json_next read_json_after(json_reader *r)
{
    bool in_map = berm_tree_inside(&r->tree) == BERM_TAG_MAP;
    skip_json_space(r);
    if (r->p == r->end) return refuse_json(fail_json_unclosed(r));
    if (*r->p == ',') {
        r->p++;
        return in_map ? read_json_key(r) : JSON_NEXT_VALUE;
    }
    if (*r->p == (in_map ? '}' : ']')) return close_json(r);
    if (*r->p == '#' || *r->p == '/') return refuse_json(fail_json_value(r));
    return refuse_json(
        fail_json_found(r, BERM_D_JSON_SEPARATOR, in_map ? "a comma or }" : "a comma or ]"));
}

/* One whole value at the top. */
static bool read_json_document(json_reader *r)
{
    json_next next = JSON_NEXT_VALUE;
    for (;;) {
        next = next == JSON_NEXT_VALUE ? read_json_value(r) : read_json_after(r);
        if (next == JSON_NEXT_FAIL) return false;
        if (next == JSON_NEXT_AFTER && r->tree.open == BERM_TREE_CLOSED) return true;
    }
}

/* --- the stream --- */

static bool has_json_newline(const char *from, const char *to)
{
    return from < to && memchr(from, '\n', (size_t)(to - from)) != NULL;
}

/* More text behind a document: the next one of a stream, where the format has streams. What is read
   as AUTO becomes NDJSON when the next document starts on a line of its own; NDJSON that was asked
   for needs nothing in between, except behind a number or a word: 12-1 is no two documents. */
static BERM_RARE bool expect_json_more(json_reader *r, berm_doc *doc, berm_format asked,
                                       const char *last_end)
{
    if (asked == BERM_FORMAT_NDJSON) {
        if (r->p > last_end || strchr("]}\"", last_end[-1])) return true;
        return fail_json_found(r, BERM_D_JSON_TRAILING, "white space before the next document");
    }
    if (asked == BERM_FORMAT_AUTO && has_json_newline(last_end, r->p)) {
        doc->format = BERM_FORMAT_NDJSON;
        return true;
    }
    if (*r->p == '#' || is_json_word(r, "//") || is_json_word(r, "/*")) return fail_json_value(r);
    return fail_json_found(r, BERM_D_JSON_TRAILING, "the end of the text");
}

static bool read_json_stream(json_reader *r, berm_doc *doc, berm_format asked)
{
    for (const char *last_end = NULL;; last_end = r->p) {
        skip_json_space(r);
        bool first = last_end == NULL;
        if (r->p == r->end && (!first || asked == BERM_FORMAT_NDJSON)) return true;
        if (!first && !expect_json_more(r, doc, asked, last_end)) return false;
        if (!read_json_document(r) || !berm_tree_root(&r->tree, doc)) return false;
    }
}

/* Most documents have a value for every twelve bytes or so: small ones then grow once. */
static void reserve_json(json_reader *r)
{
    size_t guess = r->tree.text.len / 12 + 8;
    if (guess > 4096) guess = 4096;
    if (!berm_array_reserve(r->tree.alloc, &r->tree.cells, guess)) berm_tree_fail_memory(&r->tree);
}

berm_status berm_json_read(const berm_read *read, berm_doc *doc, berm_error *err)
{
#if BERM_PART_FAST
    berm_status status;
    if (berm_fast_read(read, doc, err, &status)) return status;
#endif
    json_reader r = {.start = doc->text.ptr,
                     .p = doc->text.ptr,
                     .end = doc->text.ptr + doc->text.len};
    berm_tree_begin(&r.tree, read, doc, err);
    doc->format = read->format == BERM_FORMAT_NDJSON ? BERM_FORMAT_NDJSON : BERM_FORMAT_JSON;
    reserve_json(&r);
    if (r.tree.status == BERM_OK) read_json_stream(&r, doc, read->format);
    return berm_tree_end(&r.tree, doc);
}
