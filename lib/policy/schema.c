#include "policy/schema.h"

#include "policy/words.h"

#include <stddef.h>

typedef enum schema_many { SCHEMA_ONE, SCHEMA_LIST, SCHEMA_MAP } schema_many;
typedef enum schema_type {
    SCHEMA_NAME,
    SCHEMA_IDENT,
    SCHEMA_TEXT,
    SCHEMA_EXPR,
    SCHEMA_FIELDS,
    SCHEMA_BOOL,
    SCHEMA_INT,
    SCHEMA_ANY,
    SCHEMA_WORD,
    SCHEMA_SCHEMA,
    SCHEMA_LATER
} schema_type;

/* What ARG may be: a schema or a set of words. */
enum {
    SCHEMA_ARG_NONE,
#define BERM_SCHEMA(id, name) SCHEMA_ARG_##id = BERM_SCHEMA_##id,
#define BERM_KEY(key, many, type, arg, need)
#define BERM_SCHEMA_END(id)
#include "policy/schema.def"
#undef BERM_SCHEMA
#undef BERM_KEY
#undef BERM_SCHEMA_END
};
enum {
    SCHEMA_ARG_SEVERITY,
    SCHEMA_ARG_ENFORCEMENT,
    SCHEMA_ARG_ACTION,
    SCHEMA_ARG_ON_UNKNOWN, /* from here on words that stand for no number: schema_words */
    SCHEMA_ARG_NULLS,
    SCHEMA_ARG_YAML,
    SCHEMA_ARG_JOINS,
    SCHEMA_ARG_WAIVER_CATEGORY,
    SCHEMA_ARG_FAILURE_POLICY,
    SCHEMA_ARG_MATCH_POLICY,
    SCHEMA_ARG_SCOPE,
    SCHEMA_ARG_OPERATION,
    SCHEMA_ARG_SELECTOR_OPERATOR,
    SCHEMA_ARG_REASON,
    SCHEMA_ARG_NOT_FOUND,
    SCHEMA_ARG_VALIDATION_ACTION,
    SCHEMA_ARG_ENFORCEMENT_ACTION,
    SCHEMA_ARG_MATCH_SOURCE,
    SCHEMA_ARG_FAILURE_ACTION,
    SCHEMA_ARG_SUBJECT_KIND,
    SCHEMA_ARG_EVALUATION_MODE,
    SCHEMA_ARG_COUNT
};
enum { SCHEMA_NEED_OPTIONAL, SCHEMA_NEED_REQUIRED };

/* The names of schemas and keys, one after the other, each a member called after its line in
   schema.def: rows say where theirs is, in two bytes and without a relocation. */
#define SCHEMA_PASTE_(a, b) a##b
#define SCHEMA_PASTE(a, b) SCHEMA_PASTE_(a, b)
static const struct schema_texts {
#define BERM_SCHEMA(id, name) char SCHEMA_PASTE(at_, __LINE__)[sizeof name];
#define BERM_KEY(key, many, type, arg, need) char SCHEMA_PASTE(at_, __LINE__)[sizeof key];
#define BERM_SCHEMA_END(id)
#include "policy/schema.def"
#undef BERM_SCHEMA
#undef BERM_KEY
} schema_texts = {
#define BERM_SCHEMA(id, name) name,
#define BERM_KEY(key, many, type, arg, need) key,
#include "policy/schema.def"
#undef BERM_SCHEMA
#undef BERM_KEY
#undef BERM_SCHEMA_END
};
#define SCHEMA_TEXT_HERE offsetof(struct schema_texts, SCHEMA_PASTE(at_, __LINE__))

typedef struct schema_key {
    uint16_t key; /* in schema_texts */
    uint8_t many, type, arg, need;
} schema_key;

static const schema_key schema_keys[] = {
#define BERM_SCHEMA(id, name)
#define BERM_KEY(key, many, type, arg, need) \
    {SCHEMA_TEXT_HERE, SCHEMA_##many, SCHEMA_##type, SCHEMA_ARG_##arg, SCHEMA_NEED_##need},
#define BERM_SCHEMA_END(id)
#include "policy/schema.def"
#undef BERM_SCHEMA
#undef BERM_KEY
#undef BERM_SCHEMA_END
};

/* Keys are counted; a schema and its end take no number of their own. */
enum {
#define BERM_SCHEMA(id, name) SCHEMA_FIRST_##id, SCHEMA_BACK_##id = SCHEMA_FIRST_##id - 1,
#define BERM_KEY(key, many, type, arg, need) SCHEMA_PASTE(SCHEMA_ROW_, __LINE__),
#define BERM_SCHEMA_END(id) SCHEMA_END_##id, SCHEMA_AGAIN_##id = SCHEMA_END_##id - 1,
#include "policy/schema.def"
#undef BERM_SCHEMA
#undef BERM_KEY
#undef BERM_SCHEMA_END
};

typedef struct schema_table {
    uint16_t name, first, end; /* name in schema_texts; schema_keys[first .. end) */
} schema_table;

static const schema_table schema_tables[BERM_SCHEMA_COUNT] = {
#define BERM_SCHEMA(id, name) \
    [BERM_SCHEMA_##id] = {SCHEMA_TEXT_HERE, SCHEMA_FIRST_##id, SCHEMA_END_##id},
#define BERM_KEY(key, many, type, arg, need)
#define BERM_SCHEMA_END(id)
#include "policy/schema.def"
#undef BERM_SCHEMA
#undef BERM_KEY
#undef BERM_SCHEMA_END
};

static const char *schema_text(uint16_t at)
{
    return (const char *)&schema_texts + at;
}

/* --- words --- */

static const char *const schema_words[SCHEMA_ARG_COUNT] = {
    [SCHEMA_ARG_ON_UNKNOWN] = "report\0fail\0",
    [SCHEMA_ARG_NULLS] = "missing\0keep\0",
    [SCHEMA_ARG_YAML] = "core\0001.1\0",
    [SCHEMA_ARG_JOINS] = "document\0run\0",
    [SCHEMA_ARG_WAIVER_CATEGORY] = "waived\0mitigated\0false-positive\0not-applicable\0"
                                   "accepted-risk\0",
    [SCHEMA_ARG_FAILURE_POLICY] = "Fail\0Ignore\0",
    [SCHEMA_ARG_MATCH_POLICY] = "Exact\0Equivalent\0",
    [SCHEMA_ARG_SCOPE] = "*\0Cluster\0Namespaced\0",
    [SCHEMA_ARG_OPERATION] = "*\0CREATE\0UPDATE\0DELETE\0CONNECT\0",
    [SCHEMA_ARG_SELECTOR_OPERATOR] = "In\0NotIn\0Exists\0DoesNotExist\0",
    [SCHEMA_ARG_REASON] = "Invalid\0Forbidden\0Unauthorized\0RequestEntityTooLarge\0",
    [SCHEMA_ARG_NOT_FOUND] = "Allow\0Deny\0",
    [SCHEMA_ARG_VALIDATION_ACTION] = "Deny\0Warn\0Audit\0",
    [SCHEMA_ARG_ENFORCEMENT_ACTION] = "deny\0warn\0dryrun\0",
    [SCHEMA_ARG_MATCH_SOURCE] = "All\0Original\0",
    [SCHEMA_ARG_SUBJECT_KIND] = "User\0Group\0ServiceAccount\0",
    [SCHEMA_ARG_FAILURE_ACTION] = "Audit\0Enforce\0audit\0enforce\0",
    [SCHEMA_ARG_EVALUATION_MODE] = "Kubernetes\0",
};

static const char *name_word(uint8_t set, uint32_t n)
{
    if (set == SCHEMA_ARG_SEVERITY) return berm_severity_word(n);
    if (set == SCHEMA_ARG_ENFORCEMENT) return berm_enforcement_word(n);
    if (set == SCHEMA_ARG_ACTION) return berm_action_word(n);
    const char *word = schema_words[set];
    while (n-- && *word) word += strlen(word) + 1;
    return word;
}

/* --- one value --- */

/* The key that is looked at, for messages: "`severity` of a validation", "an element of `kinds`
   of match". */
typedef struct schema_place {
    const schema_key *key;
    const char *schema;
    bool element;
} schema_place;

static bool fault_schema_type(berm_build *build, const schema_place *at, berm_part part,
                              const char *expected)
{
    bool scalar = berm_part_is(part, BERM_TAG_BOOL) || berm_part_is(part, BERM_TAG_INT) ||
                  berm_part_is(part, BERM_TAG_UINT) || berm_part_is(part, BERM_TAG_DOUBLE);
    bool text = at->key->type <= SCHEMA_FIELDS;
    berm_part_fault(build, part, BERM_D_POLICY_TYPE, "%s`%s` of %s must be %s, found %s%s",
                    at->element ? "an element of " : "", schema_text(at->key->key), at->schema,
                    expected, berm_part_sort_name(part),
                    scalar && text ? "; put it in quotes" : "");
    return false;
}

static bool fault_schema_negative(berm_build *build, const schema_place *at, berm_part part)
{
    berm_part_fault(build, part, BERM_D_POLICY_TYPE, "`%s` of %s must be at least 0, found %l",
                    schema_text(at->key->key), at->schema, part.cell->as.i);
    return false;
}

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_policy_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool berm_is_policy_name(berm_str text)
{
    if (text.len == 0 || !is_name_start(text.ptr[0])) return false;
    for (size_t i = 1; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_name_start(c) && !is_policy_digit(c) && c != '-' && c != '_' && c != '.')
            return false;
    }
    return true;
}

bool berm_is_identifier(berm_str text)
{
    if (text.len == 0 || is_policy_digit(text.ptr[0])) return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_name_start(c) && !is_policy_digit(c) && c != '_') return false;
    }
    return true;
}

static bool check_schema_name(berm_build *build, const schema_place *at, berm_part part)
{
    berm_str text = berm_part_text(part);
    bool ident = at->key->type == SCHEMA_IDENT;
    if (ident ? berm_is_identifier(text) : berm_is_policy_name(text)) return true;
    berm_part_fault(build, part, BERM_D_POLICY_NAME, "`%s` of %s cannot be `%S`%s",
                    schema_text(at->key->key), at->schema, text,
                    ident ? ": expressions use it, so letters, digits and _ only" : "");
    return false;
}

static void fault_schema_word(berm_build *build, const schema_place *at, berm_part part)
{
    berm_nearest nearest = {.wanted = berm_part_word(part)};
    bool word = nearest.wanted.len > 0;
    berm_text allowed;
    berm_text_init(&allowed, build->alloc);
    for (uint32_t i = 0; *name_word(at->key->arg, i); i++) {
        berm_nearest_offer(&nearest, berm_str_of(name_word(at->key->arg, i)));
        berm_text_format(&allowed, "%s%s", i ? ", " : "", name_word(at->key->arg, i));
    }
    if (allowed.failed) berm_build_fail(build, BERM_E_NOMEM);
    berm_near_fault(build, berm_part_place(part), BERM_D_POLICY_ENUM, &nearest,
                    "%s`%s` of %s is one of %S; found %s%S%s", at->element ? "an element of " : "",
                    schema_text(at->key->key), at->schema, berm_text_view(&allowed),
                    word ? "`" : berm_part_sort_name(part), nearest.wanted, word ? "`" : "");
    berm_text_free(&allowed);
}

static bool check_schema_word(berm_build *build, const schema_place *at, berm_part part)
{
    for (uint32_t i = 0; *name_word(at->key->arg, i); i++)
        if (berm_str_is(berm_part_word(part), name_word(at->key->arg, i))) return true;
    fault_schema_word(build, at, part);
    return false;
}

static bool check_schema_fields(berm_build *build, const schema_place *at, berm_part part)
{
    if (berm_part_is(part, BERM_TAG_STRING)) return true;
    if (!berm_part_is(part, BERM_TAG_MAP)) {
        return fault_schema_type(build, at, part,
                                 "an expression or a mapping of names to expressions");
    }
    bool good = true;
    for (uint32_t i = 0; i < berm_part_count(part); i++) {
        berm_part value = berm_part_value_at(part, i);
        schema_place below = {at->key, at->schema, true};
        if (!berm_part_is(value, BERM_TAG_STRING)) {
            good = fault_schema_type(build, &below, value, "an expression (a string)");
        }
    }
    return good;
}

static bool refuse_later(berm_build *build, const schema_place *at, berm_part part)
{
    bool empty = berm_part_is(part, BERM_TAG_NULL) ||
                 (!berm_part_is(part, BERM_TAG_STRING) && part.cell->as.ref.len == 0);
    if (empty) return true;
    berm_part_fault(build, part, BERM_D_POLICY_UNSUPPORTED, "`%s` of %s is not supported yet",
                    schema_text(at->key->key), at->schema);
    return false;
}

static bool check_schema_text(berm_build *build, const schema_place *at, berm_part part,
                              const char *expected)
{
    return berm_part_is(part, BERM_TAG_STRING) || fault_schema_type(build, at, part, expected);
}

static bool check_schema_one(berm_build *build, const schema_place *at, berm_part part)
{
    switch ((schema_type)at->key->type) {
    case SCHEMA_NAME:
    case SCHEMA_IDENT:
        return check_schema_text(build, at, part, "a name (a string)") &&
               check_schema_name(build, at, part);
    case SCHEMA_TEXT: return check_schema_text(build, at, part, "a string");
    case SCHEMA_EXPR: return check_schema_text(build, at, part, "an expression (a string)");
    case SCHEMA_FIELDS: return check_schema_fields(build, at, part);
    case SCHEMA_BOOL:
        return berm_part_is(part, BERM_TAG_BOOL) || fault_schema_type(build, at, part, "a bool");
    case SCHEMA_INT:
        if (!berm_part_is(part, BERM_TAG_INT)) return fault_schema_type(build, at, part, "an int");
        return part.cell->as.i >= 0 || fault_schema_negative(build, at, part);
    case SCHEMA_WORD: return check_schema_word(build, at, part);
    case SCHEMA_SCHEMA:
        return berm_part_is(part, BERM_TAG_MAP)
                   ? berm_schema_check(build, part, (berm_schema_id)at->key->arg)
                   : fault_schema_type(build, at, part, "a mapping");
    case SCHEMA_LATER: return refuse_later(build, at, part);
    case SCHEMA_ANY: break;
    }
    return true;
}

/* --- mappings --- */

static bool check_schema_list(berm_build *build, schema_place at, berm_part part)
{
    if (!berm_part_is(part, BERM_TAG_LIST)) return fault_schema_type(build, &at, part, "a list");
    bool good = true;
    at.element = true;
    for (uint32_t i = 0; i < berm_part_count(part); i++) {
        good &= check_schema_one(build, &at, berm_part_element_at(part, i));
    }
    return good;
}

static bool check_schema_map(berm_build *build, schema_place at, berm_part part)
{
    if (!berm_part_is(part, BERM_TAG_MAP)) return fault_schema_type(build, &at, part, "a mapping");
    bool good = true;
    at.element = true;
    for (uint32_t i = 0; i < berm_part_count(part); i++) {
        good &= check_schema_one(build, &at, berm_part_value_at(part, i));
    }
    return good;
}

static bool check_schema_value(berm_build *build, schema_place at, berm_part part)
{
    if (at.key->many == SCHEMA_LIST) return check_schema_list(build, at, part);
    if (at.key->many == SCHEMA_MAP) return check_schema_map(build, at, part);
    return check_schema_one(build, &at, part);
}

static bool fault_unknown_key(berm_build *build, berm_part map, uint32_t index,
                              const schema_table *table)
{
    berm_nearest nearest = {.wanted = berm_part_text(berm_part_key_at(map, index))};
    berm_text keys;
    berm_text_init(&keys, build->alloc);
    for (uint32_t i = table->first; i < table->end; i++) {
        const char *key = schema_text(schema_keys[i].key);
        berm_nearest_offer(&nearest, berm_str_of(key));
        berm_text_format(&keys, "%s%s", i > table->first ? ", " : "", key);
    }
    if (keys.failed) berm_build_fail(build, BERM_E_NOMEM);
    bool alone = berm_part_is(berm_part_value_at(map, index), BERM_TAG_NULL);
    berm_near_fault(build, berm_part_key_place(map, index), BERM_D_POLICY_KEY_UNKNOWN, &nearest,
                    "%s has no key `%S`; its keys are %S%s", schema_text(table->name),
                    nearest.wanted, berm_text_view(&keys),
                    alone ? "; between braces an expression with a comma stands in quotes" : "");
    berm_text_free(&keys);
    return false;
}

static const schema_key *find_schema_key(const schema_table *table, berm_str key)
{
    for (uint32_t i = table->first; i < table->end; i++) {
        if (berm_str_is(key, schema_text(schema_keys[i].key))) return &schema_keys[i];
    }
    return NULL;
}

bool berm_schema_check(berm_build *build, berm_part map, berm_schema_id schema)
{
    const schema_table *table = &schema_tables[schema];
    bool good = true;
    for (uint32_t i = 0; i < berm_part_count(map); i++) {
        const schema_key *key = find_schema_key(table, berm_part_text(berm_part_key_at(map, i)));
        schema_place at = {key, schema_text(table->name), false};
        good &= key ? check_schema_value(build, at, berm_part_value_at(map, i))
                    : fault_unknown_key(build, map, i, table);
    }
    for (uint32_t i = table->first; i < table->end; i++) {
        const schema_key *key = &schema_keys[i];
        const char *name = schema_text(key->key);
        if (key->need != SCHEMA_NEED_REQUIRED || berm_part_given(berm_part_member(map, name))) {
            continue;
        }
        berm_place_fault(build, berm_part_head_place(map), BERM_D_POLICY_KEY_MISSING,
                         "%s needs `%s`", schema_text(table->name), name);
        good = false;
    }
    return good;
}
