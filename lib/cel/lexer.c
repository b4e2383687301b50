/* The lexis of CEL, over a small scanner vocabulary: peek, eat, skip. What other languages write
   for CEL's operators (= & | ===) is reported and then read as what was meant, so that the rest of
   the expression is checked, too. */
#include "cel/lexer.h"

#include "base/utf8.h"

enum {
    CEL_DIGIT = 1 << 0,
    CEL_HEX = 1 << 1,
    CEL_LETTER = 1 << 2, /* and _ */
    CEL_SPACE = 1 << 3,
    CEL_QUOTED = 1 << 4, /* what a quoted field name may hold besides letters and digits */
    CEL_WORD = CEL_DIGIT | CEL_LETTER
};

/* --- the scanner's vocabulary --- */

static bool is_cel_char(char c, int classes)
{
    int class = 0;
    if (c >= '0' && c <= '9') class = CEL_DIGIT | CEL_HEX;
    if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) class = CEL_HEX | CEL_LETTER;
    if ((c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z') || c == '_') class = CEL_LETTER;
    if (c == ' ') class = CEL_SPACE | CEL_QUOTED;
    if (c == '\t' || c == '\n' || c == '\r' || c == '\f') class = CEL_SPACE;
    if (c == '.' || c == '-' || c == '/') class = CEL_QUOTED;
    return class & classes;
}

static bool at_cel_end(const berm_lexer *lexer)
{
    return lexer->pos >= lexer->text.len;
}

/* NUL behind the end: in no class, and no token starts with it. */
static char peek_cel(const berm_lexer *lexer, size_t ahead)
{
    size_t at = lexer->pos + ahead;
    if (at >= lexer->text.len) return '\0';
    return lexer->text.ptr[at];
}

static bool peek_cel_text(const berm_lexer *lexer, const char *text)
{
    size_t len = strlen(text);
    return lexer->text.len - lexer->pos >= len &&
           memcmp(lexer->text.ptr + lexer->pos, text, len) == 0;
}

static bool eat_cel_text(berm_lexer *lexer, const char *text)
{
    if (!peek_cel_text(lexer, text)) return false;
    lexer->pos += (uint32_t)strlen(text);
    return true;
}

static bool eat_cel_char(berm_lexer *lexer, char a, char b)
{
    if (at_cel_end(lexer) || (peek_cel(lexer, 0) != a && peek_cel(lexer, 0) != b)) return false;
    lexer->pos++;
    return true;
}

static uint32_t eat_cel_run(berm_lexer *lexer, int classes)
{
    uint32_t from = lexer->pos;
    while (is_cel_char(peek_cel(lexer, 0), classes)) lexer->pos++;
    return lexer->pos - from;
}

static berm_str eaten_cel_since(const berm_lexer *lexer, uint32_t from)
{
    return berm_str_cut(lexer->text, from, lexer->pos);
}

/* --- white space --- */

static void skip_cel_line(berm_lexer *lexer)
{
    while (!at_cel_end(lexer) && peek_cel(lexer, 0) != '\n' && peek_cel(lexer, 0) != '\r') {
        lexer->pos++;
    }
}

static void skip_cel_space(berm_lexer *lexer)
{
    for (;;) {
        if (eat_cel_run(lexer, CEL_SPACE)) continue;
        if (!peek_cel_text(lexer, "//")) return;
        skip_cel_line(lexer);
    }
}

/* --- numbers --- */

static bool eat_cel_exponent(berm_lexer *lexer)
{
    if (peek_cel(lexer, 0) != 'e' && peek_cel(lexer, 0) != 'E') return false;
    bool sign = peek_cel(lexer, 1) == '+' || peek_cel(lexer, 1) == '-';
    if (!is_cel_char(peek_cel(lexer, sign ? 2 : 1), CEL_DIGIT)) return false;
    lexer->pos += sign ? 2 : 1;
    eat_cel_run(lexer, CEL_DIGIT);
    return true;
}

static berm_token_kind eat_cel_digits(berm_lexer *lexer)
{
    if (peek_cel_text(lexer, "0x") && is_cel_char(peek_cel(lexer, 2), CEL_HEX)) {
        lexer->pos += 2;
        eat_cel_run(lexer, CEL_HEX);
        return eat_cel_char(lexer, 'u', 'U') ? BERM_TOKEN_UINT : BERM_TOKEN_INT;
    }
    eat_cel_run(lexer, CEL_DIGIT);
    bool fraction = peek_cel(lexer, 0) == '.' && is_cel_char(peek_cel(lexer, 1), CEL_DIGIT);
    if (fraction) {
        lexer->pos++;
        eat_cel_run(lexer, CEL_DIGIT);
    }
    if (eat_cel_exponent(lexer) || fraction) return BERM_TOKEN_DOUBLE;
    return eat_cel_char(lexer, 'u', 'U') ? BERM_TOKEN_UINT : BERM_TOKEN_INT;
}

static berm_token_kind scan_cel_number(berm_lexer *lexer)
{
    uint32_t from = lexer->pos;
    berm_token_kind kind = eat_cel_digits(lexer);
    berm_str digits = eaten_cel_since(lexer, from);
    uint32_t tail = lexer->pos;
    eat_cel_run(lexer, CEL_WORD);
    berm_str word = eaten_cel_since(lexer, tail);
    if (word.len && !berm_str_is(word, "in")) {
        berm_cel_fault(lexer->faults, BERM_D_CEL_NUMBER, from, lexer->pos - from,
                       "expected the number '%S' to end, found '%S' right behind it", digits, word);
        return BERM_TOKEN_ERROR;
    }
    lexer->pos = tail; /* 1in x is 1 in x */
    return kind;
}

/* --- strings --- */

static bool is_cel_quote(char c)
{
    return c == '\'' || c == '"';
}

/* [bB]? [rR]? and a quote */
static bool at_cel_string(const berm_lexer *lexer)
{
    size_t at = peek_cel(lexer, 0) == 'b' || peek_cel(lexer, 0) == 'B';
    at += peek_cel(lexer, at) == 'r' || peek_cel(lexer, at) == 'R';
    return is_cel_quote(peek_cel(lexer, at));
}

/* Moves behind the closing quote; false when there is none. */
static bool eat_cel_string_body(berm_lexer *lexer, const char *quote, bool raw)
{
    bool lines = quote[1] != '\0';
    while (!at_cel_end(lexer)) {
        if (eat_cel_text(lexer, quote)) return true;
        char c = peek_cel(lexer, 0), next = peek_cel(lexer, 1);
        if (!lines && (c == '\n' || c == '\r')) return false;
        bool escape = c == '\\' && !raw && next != '\n' && next != '\r' && next != '\0';
        lexer->pos += escape ? 2 : 1;
    }
    return false;
}

static berm_token_kind scan_cel_string(berm_lexer *lexer)
{
    uint32_t from = lexer->pos;
    bool bytes = eat_cel_char(lexer, 'b', 'B');
    bool raw = eat_cel_char(lexer, 'r', 'R');
    char one[2] = {peek_cel(lexer, 0), '\0'};
    const char *three = one[0] == '"' ? "\"\"\"" : "'''";
    bool triple = eat_cel_text(lexer, three);
    if (!triple) lexer->pos++;
    if (eat_cel_string_body(lexer, triple ? three : one, raw)) {
        return bytes ? BERM_TOKEN_BYTES : BERM_TOKEN_STRING;
    }
    /* Where the string should have ended nobody knows: what follows is not read. */
    berm_cel_fault(lexer->faults, BERM_D_CEL_STRING, from, lexer->pos - from,
                   "this string is never closed; expected %s before the end of the %s",
                   triple ? three : one, triple ? "expression" : "line");
    lexer->faults->stopped = true;
    return BERM_TOKEN_ERROR;
}

/* --- what is not CEL --- */

/* Characters with a story. `stop`: how far the strange text goes nobody knows, so what follows is
   not read. */
static const struct cel_stray {
    const char *text, *story;
    bool stop;
} cel_strays[] = {
    {"#", "found '#'; a comment starts with //", false},
    {"/*", "found '/*'; a comment starts with // and ends with its line", true},
    {"$", "found '$'; names are written without it", false},
    {";", "found ';'; an expression has nothing at its end", false},
    {"@", "found '@', which CEL does not know", false},
    {"^", "found '^'; write != for bools, math.bitXor(a, b) for bits", false},
    {"~", "found '~'; write math.bitNot(a) for bits", false},
    {"\\", "found '\\' outside a string", false},
    {"\xc2\xa0", "found a no-break space (U+00A0); write a space", false},
    {"\xef\xbb\xbf", "found a byte order mark (U+FEFF); remove it", false},
    {"\xe2\x80\x98", "found a typographic quote; write ' or \"", true},
    {"\xe2\x80\x99", "found a typographic quote; write ' or \"", true},
    {"\xe2\x80\x9c", "found a typographic quote; write ' or \"", true},
    {"\xe2\x80\x9d", "found a typographic quote; write ' or \"", true},
};

static const struct cel_stray *find_cel_stray(const berm_lexer *lexer)
{
    for (size_t i = 0; i < sizeof cel_strays / sizeof *cel_strays; i++) {
        if (peek_cel_text(lexer, cel_strays[i].text)) return &cel_strays[i];
    }
    return NULL;
}

static void skip_cel_code_point(berm_lexer *lexer)
{
    size_t at = lexer->pos;
    berm_utf8_next(lexer->text, &at);
    lexer->pos = (uint32_t)at;
}

static berm_token_kind scan_cel_stray(berm_lexer *lexer)
{
    uint32_t from = lexer->pos;
    const struct cel_stray *stray = find_cel_stray(lexer);
    if (stray) {
        lexer->pos += (uint32_t)strlen(stray->text);
        berm_cel_fault(lexer->faults, BERM_D_CEL_CHAR, from, lexer->pos - from, "%s", stray->story);
        if (stray->stop) lexer->faults->stopped = true;
        return BERM_TOKEN_ERROR;
    }
    unsigned char c = (unsigned char)peek_cel(lexer, 0);
    bool control = c < ' ' || c == 0x7f;
    skip_cel_code_point(lexer);
    berm_cel_fault(lexer->faults, BERM_D_CEL_CHAR, from, lexer->pos - from,
                   control ? "found a control character, which CEL does not know"
                           : "found '%S', which CEL does not know outside strings and comments",
                   eaten_cel_since(lexer, from));
    return BERM_TOKEN_ERROR;
}

/* --- words --- */

static const struct cel_word {
    const char *text;
    berm_token_kind kind;
    const char *hint;
} cel_words[] = {
#define BERM_CEL_WORD(text, token, hint) {text, BERM_TOKEN_##token, hint},
#include "cel/words.def"
#undef BERM_CEL_WORD
};

static const struct cel_word *find_cel_word(berm_str name)
{
    for (size_t i = 0; i < sizeof cel_words / sizeof *cel_words; i++) {
        if (berm_str_is(name, cel_words[i].text)) return &cel_words[i];
    }
    return NULL;
}

static bool is_cel_ident(berm_str name)
{
    if (name.len == 0 || !is_cel_char(name.ptr[0], CEL_LETTER)) return false;
    for (size_t i = 0; i < name.len; i++) {
        if (!is_cel_char(name.ptr[i], CEL_WORD)) return false;
    }
    return true;
}

bool berm_cel_is_name(berm_str name)
{
    return is_cel_ident(name) && !find_cel_word(name);
}

bool berm_cel_is_selector(berm_str name)
{
    const struct cel_word *word = find_cel_word(name);
    return is_cel_ident(name) && (!word || word->kind == BERM_TOKEN_RESERVED);
}

const char *berm_cel_word_hint(berm_str name)
{
    const struct cel_word *word = find_cel_word(name);
    return word ? word->hint : "";
}

static bool at_cel_letter_beyond(const berm_lexer *lexer)
{
    return (unsigned char)peek_cel(lexer, 0) >= 0x80 && !find_cel_stray(lexer);
}

/* A name with letters that CEL's names do not have: one report, and a name all the same. */
static berm_token_kind scan_cel_name_beyond(berm_lexer *lexer, uint32_t from)
{
    while (at_cel_letter_beyond(lexer)) {
        skip_cel_code_point(lexer);
        eat_cel_run(lexer, CEL_WORD);
    }
    berm_cel_fault(lexer->faults, BERM_D_CEL_CHAR, from, lexer->pos - from,
                   "expected a name of the letters a to z, digits and _, found '%S'",
                   eaten_cel_since(lexer, from));
    return BERM_TOKEN_IDENT;
}

static berm_token_kind scan_cel_word(berm_lexer *lexer)
{
    uint32_t from = lexer->pos;
    eat_cel_run(lexer, CEL_WORD);
    if (at_cel_letter_beyond(lexer)) return scan_cel_name_beyond(lexer, from);
    berm_str text = eaten_cel_since(lexer, from);
    if (is_cel_quote(peek_cel(lexer, 0)) && (berm_str_is(text, "rb") || berm_str_is(text, "Rb"))) {
        berm_cel_fault(lexer->faults, BERM_D_CEL_STRING, from, 2,
                       "expected br in front of raw bytes, found '%S'", text);
        lexer->faults->stopped = true;
    }
    const struct cel_word *word = find_cel_word(text);
    return word ? word->kind : BERM_TOKEN_IDENT;
}

static berm_token_kind scan_cel_quoted(berm_lexer *lexer)
{
    uint32_t from = lexer->pos++;
    uint32_t len = eat_cel_run(lexer, CEL_WORD | CEL_QUOTED);
    if (len && eat_cel_char(lexer, '`', '`')) return BERM_TOKEN_QUOTED;
    skip_cel_line(lexer);
    berm_cel_fault(
        lexer->faults, BERM_D_CEL_CHAR, from, lexer->pos - from,
        "expected a field's name of letters, digits, spaces and _ . - / up to a closing `");
    lexer->faults->stopped = true;
    return BERM_TOKEN_ERROR;
}

/* --- signs --- */

static const struct cel_sign {
    const char *text;
    berm_token_kind kind;
    const char *hint;
} cel_signs[] = {
#define BERM_CEL_SIGN(text, token, hint) {text, BERM_TOKEN_##token, hint},
#include "cel/signs.def"
#undef BERM_CEL_SIGN
};

static bool scan_cel_sign(berm_lexer *lexer, berm_token_kind *kind)
{
    uint32_t from = lexer->pos;
    for (size_t i = 0; i < sizeof cel_signs / sizeof *cel_signs; i++) {
        const struct cel_sign *sign = &cel_signs[i];
        if (!eat_cel_text(lexer, sign->text)) continue;
        if (sign->hint[0]) {
            berm_cel_fault(lexer->faults, BERM_D_CEL_EXPECTED, from, lexer->pos - from,
                           "expected an operator of CEL, found '%s'; %s", sign->text, sign->hint);
        }
        *kind = sign->kind;
        return true;
    }
    return false;
}

/* --- tokens --- */

static berm_token_kind scan_cel_token(berm_lexer *lexer)
{
    char c = peek_cel(lexer, 0), next = peek_cel(lexer, 1);
    if (at_cel_string(lexer)) return scan_cel_string(lexer);
    if (is_cel_char(c, CEL_LETTER)) return scan_cel_word(lexer);
    if (is_cel_char(c, CEL_DIGIT)) return scan_cel_number(lexer);
    if (c == '.' && is_cel_char(next, CEL_DIGIT)) return scan_cel_number(lexer);
    if (c == '`') return scan_cel_quoted(lexer);
    if (at_cel_letter_beyond(lexer)) return scan_cel_name_beyond(lexer, lexer->pos);
    berm_token_kind kind;
    if (find_cel_stray(lexer)) return scan_cel_stray(lexer);
    if (scan_cel_sign(lexer, &kind)) return kind;
    return scan_cel_stray(lexer);
}

berm_token berm_lexer_next(berm_lexer *lexer)
{
    skip_cel_space(lexer);
    uint32_t from = lexer->pos;
    if (lexer->faults->stopped || at_cel_end(lexer)) return (berm_token){BERM_TOKEN_END, from, 0};
    berm_token_kind kind = scan_cel_token(lexer);
    return (berm_token){kind, from, lexer->pos - from};
}
