/* The documented overloads of functions.def. Only tests and tools read them: in a file of its own,
   the linker leaves their texts out of the library. */
#include "data/functions.h"

/* Rows in the order of functions.def: each function's row, which has no overload, goes before
   its overloads' rows. */
static const berm_signature signature_rows[] = {
#define BERM_FN(id, name, style, argc, depth, cost) {NULL, (name), NULL, NULL},
#define BERM_SIG(overload, declaration, source, example) \
    {(overload), (declaration), (source), (example)},
#include "data/functions.def"
#undef BERM_FN
#undef BERM_SIG
};

const berm_signature *berm_function_signatures(berm_function_id id, uint32_t *count)
{
    const berm_signature *row = signature_rows, *end = row + sizeof signature_rows / sizeof *row;
    for (uint32_t functions = 0; row < end; row++)
        if (!row->overload && functions++ == (uint32_t)id) break;
    const berm_signature *first = row + 1;
    *count = 0;
    while (first + *count < end && first[*count].overload) ++*count;
    return first;
}
