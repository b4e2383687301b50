/* Function ids and facts from functions.def. */
#ifndef BERM_DATA_FUNCTIONS_H
#define BERM_DATA_FUNCTIONS_H

#include <berm/berm.h>
#include <stdbool.h>

typedef enum berm_function_id {
#define BERM_FN(id, name, style, argc, depth, cost) BERM_FN_##id,
#define BERM_SIG(overload, declaration, source, example)
#include "data/functions.def"
#undef BERM_FN
#undef BERM_SIG
    BERM_FN_COUNT
} berm_function_id;

enum { BERM_FN_STYLE_GLOBAL, BERM_FN_STYLE_METHOD };

/* In the argc column: two or more arguments, which the caller puts into one list. */
#define BERM_FN_VARIADIC 255u

typedef struct berm_function_info {
    uint16_t name; /* where it is among the names: a pointer would cost a relocation */
    uint8_t argc;
    unsigned style : 1; /* BERM_FN_STYLE_x */
    bool deep : 1, linear : 1;
    bool lead : 1; /* only argument 0 must be decided */
    bool any : 1;  /* no argument need be decided */
} berm_function_info;
extern const berm_function_info berm_function_infos[BERM_FN_COUNT];

const char *berm_function_name(uint32_t id);

/* Registers a call of the function takes: argc, or 1 where the arguments come as one list. */
static inline uint32_t berm_function_arity(berm_function_id id)
{
    uint8_t argc = berm_function_infos[id].argc;
    return argc == BERM_FN_VARIADIC ? 1 : argc;
}

/* The row for a call, or -1. A row with exactly `argc` arguments goes before a variadic one. */
int berm_function_find(berm_str name, bool method, uint32_t argc);
/* Whether any row has this name (for "did you mean" and wrong argument counts). */
bool berm_function_known(berm_str name);

/* One typed overload of a function, for the checker, the documentation and the tests of the
   examples. */
typedef struct berm_signature {
    const char *overload, *declaration, *source, *example;
} berm_signature;
/* The overloads of a function, *count of them. */
const berm_signature *berm_function_signatures(berm_function_id id, uint32_t *count);

#endif
