/* Limits: what a berm_limits with zero fields means. */
#ifndef BERM_DATA_LIMITS_H
#define BERM_DATA_LIMITS_H

#include <berm/berm.h>

/* The defaults, as berm.h documents them: BERM_LIMIT(field, default, most). A larger wish than
   `most` becomes `most`. */
#define BERM_LIMITS(BERM_LIMIT) \
    BERM_LIMIT(doc_len, 1073741824u, 4294967294u) /* bytes of one text; offsets are 32 bits */ \
    BERM_LIMIT(depth, 512u, 4096u) /* containers in containers; recursion is bounded by it */ \
    BERM_LIMIT(node_count, 67108864u, 4294967294u)  /* values of one document stream */ \
    BERM_LIMIT(string_len, 268435456u, 4294967294u) /* bytes of one string */ \
    BERM_LIMIT(alias_count, 1000000u, 4294967294u)  /* nodes that YAML aliases may repeat */ \
    BERM_LIMIT(rule_cost, 1000000u, UINT64_MAX)     /* CEL cost of one expression */ \
    BERM_LIMIT(fuel, 10000000000u, UINT64_MAX)      /* work of one call */ \
    BERM_LIMIT(memory_len, 1073741824u, UINT64_MAX) /* bytes that one evaluation's values take */ \
    BERM_LIMIT(finding_count, 1000u, 4294967294u)   /* findings kept with a witness */ \
    BERM_LIMIT(output_len, 268435456u, UINT64_MAX)  /* bytes of one report or text */

/* `wanted` (nullable) with every zero field, and every field that wanted->size says it does not
   have, replaced by its default. */
berm_limits berm_limits_resolve(const berm_limits *wanted);

#endif
