/* Text to tokens. */
#ifndef BERM_CEL_LEXER_H
#define BERM_CEL_LEXER_H

#include "cel/fault.h"

typedef enum berm_token_kind {
    BERM_TOKEN_END,
    BERM_TOKEN_ERROR, /* not a token of CEL; reported already */
    BERM_TOKEN_IDENT,
    BERM_TOKEN_RESERVED, /* a reserved word: only a field or a method may be called so */
    BERM_TOKEN_QUOTED,   /* `a-b`, a field's name */
    BERM_TOKEN_INT,
    BERM_TOKEN_UINT,
    BERM_TOKEN_DOUBLE,
    BERM_TOKEN_STRING,
    BERM_TOKEN_BYTES,
    BERM_TOKEN_TRUE,
    BERM_TOKEN_FALSE,
    BERM_TOKEN_NULL,
    BERM_TOKEN_AND,
    BERM_TOKEN_OR,
    BERM_TOKEN_NOT,
    BERM_TOKEN_QUESTION,
    BERM_TOKEN_COLON,
    BERM_TOKEN_COMMA,
    BERM_TOKEN_DOT,
    BERM_TOKEN_LPAREN,
    BERM_TOKEN_RPAREN,
    BERM_TOKEN_LBRACKET,
    BERM_TOKEN_RBRACKET,
    BERM_TOKEN_LBRACE,
    BERM_TOKEN_RBRACE,
#define BERM_CEL_OPERATOR(token, function, text, level) BERM_TOKEN_##token,
#include "cel/operators.def"
#undef BERM_CEL_OPERATOR
    BERM_TOKEN_COUNT
} berm_token_kind;

typedef struct berm_token {
    berm_token_kind kind;
    uint32_t off, len;
} berm_token;

typedef struct berm_lexer {
    berm_str text; /* valid UTF-8, under 4 GiB */
    uint32_t pos;
    berm_cel_faults *faults;
} berm_lexer;

/* The next token; END for ever at the end of the text, and once faults are stopped. */
berm_token berm_lexer_next(berm_lexer *lexer);

/* Can `name` stand where a variable or function is named? Behind a dot only true, false, null and
   in cannot. */
bool berm_cel_is_name(berm_str name);
bool berm_cel_is_selector(berm_str name);
/* "; ..." what CEL has instead of what other languages mean by this word; "" for most. */
const char *berm_cel_word_hint(berm_str name);

#endif
