/* From a byte of a scalar's value back to the byte of the source that it came from. The scalar is
   walked once more as libyaml read it; every piece of value that a piece of source stands for is
   counted, until the wanted byte is in one:

     source   "one   \n   two\u0021"          >-\n    one\n    two\n\n    three
     value    one' 'two!                      one' 'two'\n'three */
#include "base/utf8.h"
#include "data/yaml_parts.h"

typedef struct yaml_walk {
    berm_str text;  /* the source up to the scalar's end */
    uint32_t index; /* the byte of the value that is looked for */
    uint32_t out;   /* bytes of value seen so far */
    uint32_t found;
    bool done;
} yaml_walk;

uint32_t berm_yaml_break(berm_str text, size_t pos)
{
    const unsigned char *s = (const unsigned char *)text.ptr + pos;
    size_t rest = text.len - pos;
    if (rest == 0) return 0;
    switch (s[0]) { /* asked for every byte of a scalar */
    case '\n': return 1;
    case '\r': return rest > 1 && s[1] == '\n' ? 2 : 1;
    case 0xc2: return rest > 1 && s[1] == 0x85 ? 2 : 0;
    case 0xe2: return rest > 2 && s[1] == 0x80 && (s[2] == 0xa8 || s[2] == 0xa9) ? 3 : 0;
    default: return 0;
    }
}

static bool is_walk_blank(const yaml_walk *w, size_t pos)
{
    return pos < w->text.len && (w->text.ptr[pos] == ' ' || w->text.ptr[pos] == '\t');
}

static size_t skip_walk_blanks(const yaml_walk *w, size_t pos)
{
    while (is_walk_blank(w, pos)) pos++;
    return pos;
}

/* `len` bytes of value stand at source offset `pos`: byte for byte, or (not `even`) all of them for
   what starts there. */
static void pass_walk(yaml_walk *w, size_t pos, size_t len, bool even)
{
    if (!w->done && w->index - w->out < len) {
        w->found = (uint32_t)pos + (even ? w->index - w->out : 0);
        w->done = true;
    }
    w->out += (uint32_t)len;
}

/* A line break of `len` bytes is one LF in the value, but LS and PS stay what they are. */
static void pass_break(yaml_walk *w, size_t pos, uint32_t len)
{
    pass_walk(w, pos, len == 3 ? 3 : 1, len == 3);
}

/* Line breaks with blanks around them, each one LF of the value; *count says how many. */
static size_t walk_breaks(yaml_walk *w, size_t pos, uint32_t *count)
{
    for (*count = 0;; ++*count) {
        pos = skip_walk_blanks(w, pos);
        uint32_t len = berm_yaml_break(w->text, pos);
        if (len == 0) return pos;
        pass_break(w, pos, len);
        pos += len;
    }
}

/* White space inside a flow scalar: blanks stay, a line break with the blanks around it is a space,
   and each further one an LF. */
static size_t walk_space(yaml_walk *w, size_t pos)
{
    size_t first = skip_walk_blanks(w, pos);
    uint32_t len = berm_yaml_break(w->text, first), more;
    if (len == 0) {
        pass_walk(w, pos, first - pos, true);
        return first;
    }
    if (len == 3) {
        pass_break(w, first, len);
        return walk_breaks(w, first + len, &more);
    }
    yaml_walk before = *w;
    size_t behind = walk_breaks(w, first + len, &more);
    if (more == 0) {
        *w = before;
        pass_walk(w, pos, 1, false);
    }
    return behind;
}

/* A backslash in double quotes. */
static size_t walk_escape(yaml_walk *w, size_t pos)
{
    uint32_t more, code = 0, digits = 0;
    if (pos + 1 >= w->text.len) return w->text.len;
    uint32_t len = berm_yaml_break(w->text, pos + 1);
    if (len > 0) return walk_breaks(w, pos + 1 + len, &more);
    switch (w->text.ptr[pos + 1]) {
    case 'x': digits = 2; break;
    case 'u': digits = 4; break;
    case 'U': digits = 8; break;
    case 'N':
    case '_': code = 0x85; break;
    case 'L':
    case 'P': code = 0x2028; break;
    default: break;
    }
    for (uint32_t i = 0; i < digits && pos + 2 + i < w->text.len; i++) {
        char c = w->text.ptr[pos + 2 + i];
        code = code << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    pass_walk(w, pos, code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4, false);
    return pos + 2 + digits;
}

/* A plain scalar (`quote` 0) or what is between quotes. */
static void walk_flow_scalar(yaml_walk *w, size_t pos, char quote)
{
    while (pos < w->text.len && !w->done) {
        char c = w->text.ptr[pos];
        if (is_walk_blank(w, pos) || berm_yaml_break(w->text, pos) > 0) {
            pos = walk_space(w, pos);
        } else if (quote == '"' && c == '\\') {
            pos = walk_escape(w, pos);
        } else {
            pass_walk(w, pos, 1, true);
            pos += quote == '\'' && c == '\'' ? 2 : 1;
        }
    }
}

static size_t skip_walk_line(const yaml_walk *w, size_t pos)
{
    for (; pos < w->text.len; pos++) {
        unsigned char c = (unsigned char)w->text.ptr[pos];
        if ((c == '\n' || c == '\r' || c >= 0xc2) && berm_yaml_break(w->text, pos) > 0) break;
    }
    return pos;
}

/* How far the lines of a block scalar are indented. The header may not say it, and where it does,
   it counts from a place that the scalar does not know; so compare the first line that is not empty
   with what became of it. */
static uint32_t find_block_indent(const yaml_walk *w, size_t pos, berm_str value)
{
    size_t empty = 0, at = 0, kept = 0, spaces = 0;
    for (uint32_t len; (len = berm_yaml_break(value, at)) > 0; empty++) at += len;
    if (at == value.len) return UINT32_MAX;
    while (at + kept < value.len && value.ptr[at + kept] == ' ') kept++;
    for (; empty > 0 && pos < w->text.len; empty--) {
        pos = skip_walk_line(w, pos);
        pos += berm_yaml_break(w->text, pos);
    }
    while (pos + spaces < w->text.len && w->text.ptr[pos + spaces] == ' ') spaces++;
    return spaces > kept ? (uint32_t)(spaces - kept) : 0;
}

static size_t skip_block_indent(const yaml_walk *w, size_t pos, uint32_t indent)
{
    for (uint32_t i = 0; i < indent && pos < w->text.len && w->text.ptr[pos] == ' '; i++) pos++;
    return pos;
}

/* Empty lines from the line start `pos` on; the first byte of the line of text behind them. */
static size_t walk_empty_lines(yaml_walk *w, size_t pos, uint32_t indent, uint32_t *count)
{
    for (*count = 0;; ++*count) {
        pos = skip_block_indent(w, pos, indent);
        uint32_t len = berm_yaml_break(w->text, pos);
        if (len == 0) return pos;
        pass_break(w, pos, len);
        pos += len;
    }
}

/* The break that ends a line of text at `pos`, and the empty lines behind it. In a folded scalar
   the break between two lines that do not start with a blank is a space, or nothing when empty
   lines follow. */
static size_t walk_line_end(yaml_walk *w, size_t pos, uint32_t indent, bool may_fold)
{
    uint32_t len = berm_yaml_break(w->text, pos), empty;
    yaml_walk probe = *w;
    size_t next = walk_empty_lines(&probe, pos + len, indent, &empty);
    bool folds = may_fold && len < 3 && next < w->text.len && !is_walk_blank(w, next);
    if (!folds || empty == 0) pass_break(w, pos, len);
    return walk_empty_lines(w, pos + len, indent, &empty);
}

static void walk_block_scalar(yaml_walk *w, size_t pos, berm_str value)
{
    bool folded = w->text.ptr[pos] == '>';
    uint32_t empty;
    pos = skip_walk_line(w, pos);
    pos += berm_yaml_break(w->text, pos);
    uint32_t indent = find_block_indent(w, pos, value);
    pos = walk_empty_lines(w, pos, indent, &empty);
    while (pos < w->text.len && !w->done) {
        bool may_fold = folded && !is_walk_blank(w, pos);
        size_t end = skip_walk_line(w, pos);
        pass_walk(w, pos, end - pos, true);
        if (end == w->text.len) return;
        pos = walk_line_end(w, end, indent, may_fold);
    }
}

uint32_t berm_yaml_text_offset(berm_str text, uint32_t start, uint32_t end, berm_str value,
                               uint32_t index)
{
    yaml_walk w = {.text = berm_str_cut(text, 0, end), .index = index};
    char first = start < end ? text.ptr[start] : 0;
    bool quoted = (first == '"' || first == '\'') && end - start >= 2;
    w.found = quoted ? end - 1 : end;
    if (start >= end || index >= value.len) return w.found;
    if (first == '|' || first == '>') {
        walk_block_scalar(&w, start, value);
    } else if (quoted) {
        w.text.len--;
        walk_flow_scalar(&w, start + 1, first);
    } else {
        walk_flow_scalar(&w, start, 0);
    }
    return w.found;
}
