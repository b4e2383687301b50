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

typedef struct berm_function_info {
    const char *name;
    uint8_t style, argc;
    bool deep, linear;
} berm_function_info;
extern const berm_function_info berm_function_infos[BERM_FN_COUNT];

/* The row for a call, or -1. */
int berm_function_find(berm_str name, bool method, uint32_t argc);
/* Whether any row has this name (for "did you mean" and wrong argument counts). */
bool berm_function_known(berm_str name);

#endif
