#include "policy/message.h"

typedef struct message_scan {
    berm_build *build;
    const berm_expr *message;
    berm_str text;
    size_t at;
    berm_message_pieces *out;
} message_scan;

static bool add_piece(message_scan *scan, size_t from, size_t to, bool expression)
{
    if (from == to && !expression) return true;
    berm_message_piece piece = {expression, *scan->message};
    piece.expr.text = berm_str_cut(scan->text, from, to);
    piece.expr.base += (uint32_t)from;
    if (berm_array_push(scan->build->alloc, scan->out, piece)) return true;
    berm_build_fail(scan->build, BERM_E_NOMEM);
    return false;
}

static bool fault_message(message_scan *scan, size_t at, const char *what)
{
    berm_place_fault(scan->build, berm_expr_place(scan->message, (uint32_t)at, 1),
                     BERM_D_POLICY_MESSAGE, "%s", what);
    return false;
}

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Is the quote at `at` that of a raw string: r' or br', the letters being no end of a name? */
static bool is_raw_quote(berm_str text, size_t from, size_t at)
{
    size_t start = at;
    while (start > from && is_word_char(text.ptr[start - 1])) start--;
    berm_str prefix = berm_str_cut(text, start, at);
    if (prefix.len == 0 || prefix.len > 2) return false;
    char last = prefix.ptr[prefix.len - 1];
    bool bytes = prefix.len == 1 || prefix.ptr[0] == 'b' || prefix.ptr[0] == 'B' || last == 'b' ||
                 last == 'B';
    return bytes && (last == 'r' || last == 'R' || prefix.ptr[0] == 'r' || prefix.ptr[0] == 'R');
}

/* Behind the CEL string that begins at `at`; the text's end when it never closes. */
static size_t skip_cel_string(berm_str text, size_t from, size_t at)
{
    char quote = text.ptr[at];
    bool raw = is_raw_quote(text, from, at);
    size_t width =
        at + 2 < text.len && text.ptr[at + 1] == quote && text.ptr[at + 2] == quote ? 3 : 1;
    size_t run = 0;
    for (size_t i = at + width; i < text.len; i++) {
        run = text.ptr[i] == quote ? run + 1 : 0;
        if (run == width) return i + 1;
        if (text.ptr[i] == '\\' && !raw) i++;
    }
    return text.len;
}

/* The brace that closes the expression that begins at `from`; the text's end when there is none. */
static size_t find_expression_end(berm_str text, size_t from)
{
    size_t depth = 0;
    for (size_t i = from; i < text.len;) {
        char c = text.ptr[i];
        if (c == '\'' || c == '"') {
            i = skip_cel_string(text, from, i);
            continue;
        }
        if (c == '}' && depth == 0) return i;
        if (c == '{') depth++;
        if (c == '}') depth--;
        i++;
    }
    return text.len;
}

static bool split_expression(message_scan *scan)
{
    size_t from = scan->at + 1, end = find_expression_end(scan->text, from);
    if (end == scan->text.len) {
        return fault_message(scan, scan->at,
                             "this { is never closed; write {{ for the brace itself");
    }
    bool blank = true;
    for (size_t i = from; i < end; i++) blank &= scan->text.ptr[i] == ' ';
    if (blank) return fault_message(scan, scan->at, "an expression is expected between { and }");
    scan->at = end + 1;
    return add_piece(scan, from, end, true);
}

bool berm_message_split(berm_build *build, const berm_expr *message, berm_message_pieces *out)
{
    message_scan scan = {build, message, message->text, 0, out};
    size_t literal = 0;
    while (scan.at < scan.text.len) {
        char c = scan.text.ptr[scan.at];
        if (c != '{' && c != '}') {
            scan.at++;
            continue;
        }
        bool twice = scan.at + 1 < scan.text.len && scan.text.ptr[scan.at + 1] == c;
        if (!add_piece(&scan, literal, scan.at + twice, false)) return false;
        if (twice) {
            scan.at += 2;
        } else if (c == '}') {
            return fault_message(&scan, scan.at,
                                 "this } closes nothing; write }} for the brace itself");
        } else if (!split_expression(&scan)) {
            return false;
        }
        literal = scan.at;
    }
    return add_piece(&scan, literal, scan.text.len, false);
}
