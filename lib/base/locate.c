/* From byte offsets to what people see: lines, columns, code frames. */
#include "base/diag.h"

#include "base/utf8.h"

#define LINES_MARK_LEN 1024u /* bytes between two marks */
#define FRAME_WIDTH 100u     /* code points of a line that a frame shows at most */
#define FRAME_BYTES ((size_t)4 * FRAME_WIDTH)
#define FRAME_LEAD 60u /* code points kept in front of the span when a line is cut */

static bool starts_code_point(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

/* Counts on from a known line and column over text[from, to). */
static void advance_place(berm_str text, size_t from, size_t to, uint32_t *line, uint32_t *column)
{
    berm_str rest = berm_str_cut(text, from, to);
    const char *newline;
    while (rest.len && (newline = memchr(rest.ptr, '\n', rest.len)) != NULL) {
        rest = berm_str_cut(rest, (size_t)(newline - rest.ptr) + 1, rest.len);
        ++*line;
        *column = 1;
    }
    *column += (uint32_t)berm_utf8_count(rest);
}

void berm_locate(berm_str text, size_t off, uint32_t *line, uint32_t *column)
{
    *line = *column = 1;
    advance_place(text, 0, off < text.len ? off : text.len, line, column);
}

/* Marks up to number `index`, which is at byte index * LINES_MARK_LEN; false without memory. */
static bool extend_marks(berm_lines *lines, const berm_alloc *alloc, size_t index)
{
    if (lines->marks.count == 0 && !berm_array_push(alloc, &lines->marks, (berm_line_mark){1, 1}))
        return false;
    while (lines->marks.count <= index) {
        size_t from = (size_t)(lines->marks.count - 1) * LINES_MARK_LEN;
        berm_line_mark mark = lines->marks.items[lines->marks.count - 1];
        advance_place(lines->text, from, from + LINES_MARK_LEN, &mark.line, &mark.column);
        if (!berm_array_push(alloc, &lines->marks, mark)) return false;
    }
    return true;
}

void berm_lines_locate(berm_lines *lines, const berm_alloc *alloc, size_t off, uint32_t *line,
                       uint32_t *column)
{
    if (off > lines->text.len) off = lines->text.len;
    size_t index = off / LINES_MARK_LEN;
    if (!extend_marks(lines, alloc, index)) {
        berm_locate(lines->text, off, line, column);
        return;
    }
    size_t from = index * LINES_MARK_LEN;
    berm_line_mark at = lines->marks.items[index];
    if (lines->last_off > from && lines->last_off <= off) {
        from = lines->last_off;
        at = lines->last;
    }
    advance_place(lines->text, from, off, &at.line, &at.column);
    lines->last_off = off;
    lines->last = at;
    *line = at.line;
    *column = at.column;
}

/* --- showing text --- */

static bool is_visible(int32_t code)
{
    if (code < 0x20) return code == '\t';
    if (code >= 0x7F && code < 0xA0) return false;
    bool turns_direction = (code >= 0x202A && code <= 0x202E) ||
                           (code >= 0x2066 && code <= 0x2069) || code == 0x200E || code == 0x200F ||
                           code == 0x061C;
    return !turns_direction && code != 0x2028 && code != 0x2029 && code != 0xFEFF;
}

void berm_text_put_visible(berm_text *out, berm_str s)
{
    size_t shown = 0; /* up to here it is written */
    for (size_t pos = 0; pos < s.len;) {
        size_t start = pos;
        if (is_visible(berm_utf8_next(s, &pos))) continue;
        berm_text_put(out, berm_str_cut(s, shown, start));
        berm_text_put(out, BERM_STR("\xEF\xBF\xBD"));
        shown = pos;
    }
    berm_text_put(out, berm_str_cut(s, shown, s.len));
}

/* --- code frames --- */

/* What is shown of a line: bytes [from, to), and whether something was left out. */
typedef struct frame_line {
    size_t from, to;
    bool cut_left, cut_right;
} frame_line;

/* Moves back from `pos` over at most `count` code points of its line, and never further than
   they can be long. */
static size_t step_back(berm_str text, size_t pos, size_t count)
{
    size_t least = pos > 4 * count ? pos - 4 * count : 0;
    while (count > 0 && pos > least && text.ptr[pos - 1] != '\n') {
        pos--;
        if (starts_code_point(text.ptr[pos])) count--;
    }
    return pos;
}

static bool is_line_start(berm_str text, size_t pos)
{
    return pos == 0 || text.ptr[pos - 1] == '\n';
}

/* At most FRAME_WIDTH code points from `from` on, to the end of the line. */
static frame_line choose_window(berm_str text, size_t from)
{
    frame_line window = {.from = from, .cut_left = !is_line_start(text, from)};
    size_t most = text.len - from > FRAME_BYTES ? from + FRAME_BYTES : text.len;
    size_t to = from, count = 0;
    for (; to < most && text.ptr[to] != '\n'; to++) {
        if (starts_code_point(text.ptr[to]) && count++ == FRAME_WIDTH) break;
    }
    window.cut_right = to < text.len && text.ptr[to] != '\n';
    if (to > from && text.ptr[to - 1] == '\r' && !window.cut_right) to--;
    window.to = to;
    return window;
}

static size_t measure_number(uint32_t number)
{
    size_t len = 1;
    while (number >= 10) {
        number /= 10;
        len++;
    }
    return len;
}

static void put_gutter(berm_text *out, uint32_t line, size_t width)
{
    berm_text_pad(out, ' ', width - measure_number(line) + 1);
    berm_text_format(out, "%u | ", line);
}

static void put_frame_line(berm_text *out, berm_str text, frame_line window)
{
    if (window.cut_left) berm_text_put(out, BERM_STR("..."));
    berm_text_put_visible(out, berm_str_cut(text, window.from, window.to));
    if (window.cut_right) berm_text_put(out, BERM_STR("..."));
    berm_text_putc(out, '\n');
}

/* Blanks below what stands before the span (tabs below tabs), then ^ below each of its code
   points. */
static void put_carets(berm_text *out, berm_str text, frame_line window, size_t off, size_t len)
{
    if (window.cut_left) berm_text_pad(out, ' ', 3);
    for (size_t i = window.from; i < off && i < window.to; i++) {
        if (starts_code_point(text.ptr[i])) berm_text_putc(out, text.ptr[i] == '\t' ? '\t' : ' ');
    }
    size_t end = len < window.to - (off < window.to ? off : window.to) ? off + len : window.to;
    size_t count = off < end ? berm_utf8_count(berm_str_cut(text, off, end)) : 0;
    berm_text_pad(out, '^', count ? count : 1);
    berm_text_putc(out, '\n');
}

/* The line before, where it is short enough to be looked at whole. */
static void put_context(berm_text *out, berm_str text, size_t line_start, uint32_t line,
                        size_t width)
{
    size_t from = step_back(text, line_start - 1, FRAME_WIDTH);
    if (!is_line_start(text, from)) return;
    put_gutter(out, line - 1, width);
    put_frame_line(out, text, choose_window(text, from));
}

void berm_frame_at(berm_text *out, berm_str text, size_t off, size_t len, uint32_t line,
                   uint32_t column)
{
    if (off > text.len) off = text.len;
    frame_line window =
        choose_window(text, step_back(text, off, column <= FRAME_WIDTH ? column - 1 : FRAME_LEAD));
    size_t width = measure_number(line);
    if (line > 1 && window.from && !window.cut_left)
        put_context(out, text, window.from, line, width);
    put_gutter(out, line, width);
    put_frame_line(out, text, window);
    berm_text_pad(out, ' ', width + 1);
    berm_text_put(out, BERM_STR(" | "));
    put_carets(out, text, window, off, len);
}

void berm_code_frame(berm_text *out, berm_str text, size_t off, size_t len)
{
    uint32_t line, column;
    berm_locate(text, off, &line, &column);
    berm_frame_at(out, text, off, len, line, column);
}
