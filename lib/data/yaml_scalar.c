/* What a plain scalar is. Two readings of the same letters:

     core   the core schema of YAML 1.2.2, chapter 10.3: what the syntax was cleaned up to be
     1.1    what Kubernetes reads (sigs.k8s.io/yaml, which is go-yaml 2): yes/no/on/off and y/n are
            bools, a leading 0 is octal, 0b is binary, underscores in numbers are dropped;
            190:20:30 stays text, as it does in go-yaml

   A number that no int64, uint64 or double holds stays text in both: 12e9999 is a commit, not
   infinity. */
#include "base/number.h"
#include "data/yaml_parts.h"

#include <math.h>

#define YAML_NUMBER_LEN \
    64 /* longer numbers with underscores are not looked at: nobody writes them */

typedef struct yaml_word {
    const char *text;
    uint8_t len;
    uint8_t tag;
    bool only_11;
    double number; /* of a double; a bool is 0 or 1 */
} yaml_word;

#define YAML_WORD(text, tag, only_11, number) \
    { \
        text, sizeof(text) - 1, tag, only_11, number \
    }
#define YAML_WORDS(small, first, big, tag, only_11, number) \
    YAML_WORD(small, tag, only_11, number), YAML_WORD(first, tag, only_11, number), \
        YAML_WORD(big, tag, only_11, number)

static const yaml_word yaml_words[] = {
    YAML_WORD("", BERM_TAG_NULL, false, 0),
    YAML_WORD("~", BERM_TAG_NULL, false, 0),
    YAML_WORDS("null", "Null", "NULL", BERM_TAG_NULL, false, 0),
    YAML_WORDS("true", "True", "TRUE", BERM_TAG_BOOL, false, 1),
    YAML_WORDS("false", "False", "FALSE", BERM_TAG_BOOL, false, 0),
    YAML_WORDS("yes", "Yes", "YES", BERM_TAG_BOOL, true, 1),
    YAML_WORDS("no", "No", "NO", BERM_TAG_BOOL, true, 0),
    YAML_WORDS("on", "On", "ON", BERM_TAG_BOOL, true, 1),
    YAML_WORDS("off", "Off", "OFF", BERM_TAG_BOOL, true, 0),
    YAML_WORD("y", BERM_TAG_BOOL, true, 1),
    YAML_WORD("Y", BERM_TAG_BOOL, true, 1),
    YAML_WORD("n", BERM_TAG_BOOL, true, 0),
    YAML_WORD("N", BERM_TAG_BOOL, true, 0),
    YAML_WORDS(".inf", ".Inf", ".INF", BERM_TAG_DOUBLE, false, INFINITY),
    YAML_WORDS("+.inf", "+.Inf", "+.INF", BERM_TAG_DOUBLE, false, INFINITY),
    YAML_WORDS("-.inf", "-.Inf", "-.INF", BERM_TAG_DOUBLE, false, -INFINITY),
    YAML_WORDS(".nan", ".NaN", ".NAN", BERM_TAG_DOUBLE, false, NAN),
};
#undef YAML_WORDS
#undef YAML_WORD

static bool find_yaml_word(berm_str s, berm_yaml_schema schema, berm_cell *out)
{
    if (s.len > 5) return false;
    for (size_t i = 0; i < sizeof yaml_words / sizeof *yaml_words; i++) {
        const yaml_word *word = &yaml_words[i];
        if (word->len != s.len || memcmp(word->text, s.ptr, s.len) != 0) continue;
        if (word->only_11 && schema != BERM_YAML_11) return false;
        *out = berm_cell_of((berm_tag)word->tag);
        if (word->tag == BERM_TAG_DOUBLE) out->as.d = word->number;
        if (word->tag == BERM_TAG_BOOL) out->as.u = word->number > 0;
        return true;
    }
    return false;
}

static bool is_yaml_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Offset of the first byte from `pos` on that is no decimal digit. */
static size_t skip_yaml_digits(berm_str s, size_t pos)
{
    while (pos < s.len && is_yaml_digit(s.ptr[pos])) pos++;
    return pos;
}

static bool has_yaml_sign(berm_str s)
{
    return s.len > 0 && (s.ptr[0] == '+' || s.ptr[0] == '-');
}

/* Digits of a base of 2, 8 or 16; false when there are none, another byte is among them, or 64 bits
   do not hold them. */
static bool parse_yaml_digits(berm_str s, uint32_t shift, uint64_t *out)
{
    uint64_t value = 0;
    if (s.len == 0) return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        char low = (char)(c | 0x20);
        uint32_t digit = is_yaml_digit(c)           ? (uint32_t)(c - '0')
                         : low >= 'a' && low <= 'f' ? (uint32_t)(low - 'a') + 10
                                                    : 16;
        if (digit >> shift != 0 || value >> (64 - shift) != 0) return false;
        value = value << shift | digit;
    }
    *out = value;
    return true;
}

/* A magnitude and its sign; false when neither int64 nor uint64 holds it. */
static bool make_yaml_int(uint64_t magnitude, bool negative, berm_cell *out)
{
    if (negative) {
        if (magnitude > (uint64_t)INT64_MAX + 1) return false;
        *out = berm_cell_int(magnitude > INT64_MAX ? INT64_MIN : -(int64_t)magnitude);
    } else {
        *out =
            magnitude > INT64_MAX ? berm_cell_uint(magnitude) : berm_cell_int((int64_t)magnitude);
    }
    return true;
}

static bool parse_yaml_double(berm_str s, berm_cell *out)
{
    double value;
    if (!berm_parse_double(s, &value) || isinf(value)) return false;
    *out = berm_cell_double(value);
    return true;
}

/* [-+]?[0-9]+ exactly, or as the nearest double when it is too long for 64 bits. */
static bool parse_yaml_decimal(berm_str s, berm_cell *out)
{
    size_t sign = has_yaml_sign(s);
    uint64_t magnitude;
    if (sign == s.len || skip_yaml_digits(s, sign) != s.len) return false;
    if (berm_parse_uint(berm_str_cut(s, sign, s.len), &magnitude) &&
        make_yaml_int(magnitude, s.ptr[0] == '-', out))
        return true;
    return parse_yaml_double(s, out);
}

static bool parse_core_number(berm_str s, berm_cell *out)
{
    uint64_t magnitude;
    if (s.len > 2 && s.ptr[0] == '0' && (s.ptr[1] == 'x' || s.ptr[1] == 'o')) {
        uint32_t shift = s.ptr[1] == 'x' ? 4 : 3;
        if (!parse_yaml_digits(berm_str_cut(s, 2, s.len), shift, &magnitude)) return false;
        return make_yaml_int(magnitude, false, out);
    }
    return parse_yaml_decimal(s, out) || parse_yaml_double(s, out);
}

/* 0x1F, 0o17, 017 and 0b11 with an optional sign, as Go's strconv.ParseInt with base 0. */
static bool parse_go_prefixed(berm_str s, berm_cell *out)
{
    uint64_t magnitude;
    bool sign = has_yaml_sign(s);
    berm_str digits = berm_str_cut(s, sign, s.len);
    if (digits.len < 2 || digits.ptr[0] != '0') return false;
    char base = (char)(digits.ptr[1] | 0x20);
    uint32_t shift = base == 'x' ? 4 : base == 'b' ? 1 : 3;
    size_t prefix = base == 'x' || base == 'b' || base == 'o' ? 2 : 1;
    if (!parse_yaml_digits(berm_str_cut(digits, prefix, digits.len), shift, &magnitude))
        return false;
    if (sign && s.ptr[0] == '+' && magnitude > INT64_MAX) return false;
    return make_yaml_int(magnitude, s.ptr[0] == '-', out);
}

static bool parse_11_number(berm_str s, berm_cell *out)
{
    char buffer[YAML_NUMBER_LEN];
    /* go-yaml drops underscores where the text starts with a digit or sign, not where it starts
       with a point. */
    if (s.ptr[0] != '.' && memchr(s.ptr, '_', s.len) != NULL) {
        size_t len = 0;
        if (s.len > sizeof buffer) return false;
        for (size_t i = 0; i < s.len; i++)
            if (s.ptr[i] != '_') buffer[len++] = s.ptr[i];
        s = (berm_str){buffer, len};
    }
    return parse_go_prefixed(s, out) || parse_yaml_decimal(s, out) || parse_yaml_double(s, out);
}

static berm_cell resolve_yaml_as(berm_str s, berm_yaml_schema schema)
{
    berm_cell out = berm_cell_of(BERM_TAG_STRING);
    bool digit = s.len > 0 && is_yaml_digit(s.ptr[0]);
    if (!digit && find_yaml_word(s, schema, &out)) return out;
    if (!digit && !has_yaml_sign(s) && s.ptr[0] != '.') return out;
    bool number = schema == BERM_YAML_11 ? parse_11_number(s, &out) : parse_core_number(s, &out);
    return number ? out : berm_cell_of(BERM_TAG_STRING);
}

/* Only what begins so can be anything but a string: most scalars are told by their first byte. */
static bool may_mean_more(berm_str s)
{
    return s.len == 0 || is_yaml_digit(s.ptr[0]) || memchr("+-.~nNtTfFyYoO", s.ptr[0], 14) != NULL;
}

/* [-+]?[1-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)? : a number to base 60 in YAML 1.1 and PyYAML. */
static bool is_sexagesimal(berm_str s)
{
    size_t pos = has_yaml_sign(s), groups = 0;
    if (pos == s.len || s.ptr[pos] < '1' || s.ptr[pos] > '9') return false;
    while (pos < s.len && (is_yaml_digit(s.ptr[pos]) || s.ptr[pos] == '_')) pos++;
    for (; pos < s.len && s.ptr[pos] == ':'; groups++) {
        size_t digits = skip_yaml_digits(s, pos + 1) - (pos + 1);
        if (digits == 0 || digits > 2 || (digits == 2 && s.ptr[pos + 1] > '5')) return false;
        pos += 1 + digits;
    }
    if (groups == 0) return false;
    if (pos < s.len && s.ptr[pos] == '.')
        for (pos++; pos < s.len && (is_yaml_digit(s.ptr[pos]) || s.ptr[pos] == '_');) pos++;
    return pos == s.len;
}

berm_cell berm_yaml_resolve(berm_str plain, berm_yaml_schema schema, bool *differs)
{
    if (!may_mean_more(plain)) return berm_cell_of(BERM_TAG_STRING);
    berm_cell out = resolve_yaml_as(plain, schema);
    berm_cell other =
        resolve_yaml_as(plain, schema == BERM_YAML_11 ? BERM_YAML_CORE : BERM_YAML_11);
    if (out.tag != other.tag || (out.tag != BERM_TAG_STRING && out.as.u != other.as.u)) {
        out.flags |= BERM_CELL_AMBIGUOUS;
        *differs = true;
    } else if (is_sexagesimal(plain)) {
        out.flags |= BERM_CELL_AMBIGUOUS;
    }
    return out;
}
