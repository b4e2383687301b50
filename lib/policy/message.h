/* Message templates: text with {expressions} in it; {{ and }} stand for the braces themselves. */
#ifndef BERM_POLICY_MESSAGE_H
#define BERM_POLICY_MESSAGE_H

#include "policy/expr.h"

typedef struct berm_message_piece {
    bool expression;
    berm_expr expr; /* its text, or the literal text */
} berm_message_piece;
typedef BERM_ARRAY(berm_message_piece) berm_message_pieces;

/* Splits a template; pieces are added to `out` (freed by the caller with the build's allocator).
   False after B0511. */
bool berm_message_split(berm_build *build, const berm_expr *message, berm_message_pieces *out);

#endif
