/* The shapes of policy documents, from schema.def: finds unknown keys, wrong types, missing keys
   and malformed names. What it reports is not reported again; readers take what they find and
   treat the rest as absent. */
#ifndef BERM_POLICY_SCHEMA_H
#define BERM_POLICY_SCHEMA_H

#include "base/parts.h"
#include "policy/part.h"

typedef enum berm_schema_id {
#define BERM_SCHEMA(id, name) BERM_SCHEMA_##id,
#define BERM_KEY(key, many, type, arg, need)
#define BERM_SCHEMA_END(id)
#include "policy/schema.def"
#undef BERM_SCHEMA
#undef BERM_KEY
#undef BERM_SCHEMA_END
    BERM_SCHEMA_COUNT
} berm_schema_id;

/* Reports every fault of `map` and what is below it; whether there was none. */
bool berm_schema_check(berm_build *build, berm_part map, berm_schema_id schema);

/* letters, digits, - _ . starting with a letter */
bool berm_is_policy_name(berm_str text);
/* [A-Za-z_][A-Za-z0-9_]* */
bool berm_is_identifier(berm_str text);

#endif
