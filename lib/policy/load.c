#include "policy/load.h"

#include "policy/governance/governance.h"
#include "policy/schema.h"
#include "policy/words.h"

/* --- what the loaders share --- */

berm_str berm_load_text(berm_part map, const char *key)
{
    berm_str text = berm_part_text(berm_part_member(map, key));
    return text.ptr ? text : BERM_STR("");
}

berm_expr berm_load_expr(berm_part map, const char *key)
{
    berm_part part = berm_part_member(map, key);
    return (berm_expr){.text = berm_part_text(part), .part = part};
}

bool berm_load_bool(berm_part map, const char *key, bool otherwise)
{
    berm_part part = berm_part_member(map, key);
    return berm_part_is(part, BERM_TAG_BOOL) ? part.cell->as.u != 0 : otherwise;
}

void berm_load_check_names(berm_build *build, berm_part list, const char *what)
{
    berm_name_table names;
    berm_name_table_init(&names, build->alloc);
    for (uint32_t i = 0; berm_part_is(list, BERM_TAG_LIST) && i < berm_part_count(list); i++) {
        berm_part name = berm_part_member(berm_part_element_at(list, i), "name");
        uint32_t first;
        if (!berm_part_text(name).ptr ||
            berm_name_table_add(&names, berm_part_text(name), i, &first)) {
            continue;
        }
        if (first == BERM_NO_NAME) {
            berm_build_fail(build, BERM_E_NOMEM);
            break;
        }
        berm_model_twice(build, what, name,
                         berm_part_member(berm_part_element_at(list, first), "name"));
    }
    berm_name_table_free(&names);
}

uint32_t berm_load_register(berm_build *build, berm_name_table *names, berm_str name,
                            uint32_t number)
{
    uint32_t first;
    if (name.len == 0 || berm_name_table_add(names, name, number, &first)) return BERM_NO_NAME;
    if (first == BERM_NO_NAME) berm_build_fail(build, BERM_E_NOMEM);
    return first;
}

berm_named_exprs berm_load_named_exprs(berm_build *build, berm_part list, const char *what)
{
    berm_named_exprs exprs = {0};
    if (!berm_part_is(list, BERM_TAG_LIST) ||
        !berm_list_reserve(build, &exprs, berm_part_count(list))) {
        return exprs;
    }
    for (uint32_t i = 0; i < berm_part_count(list); i++) {
        berm_part map = berm_part_element_at(list, i);
        berm_named_expr expr = {berm_load_text(map, "name"), map,
                                berm_load_expr(map, "expression")};
        exprs.items[exprs.count++] = expr;
    }
    berm_load_check_names(build, list, what);
    return exprs;
}

/* Everything with a desired state; what goes away, or has changed outside, only when it is
   named. */
#define LOAD_DEFAULT_ACTIONS \
    (1u << BERM_ACTION_NONE | 1u << BERM_ACTION_CREATE | 1u << BERM_ACTION_UPDATE | \
     1u << BERM_ACTION_REPLACE | 1u << BERM_ACTION_READ | 1u << BERM_ACTION_NO_OP)

static uint32_t load_actions(berm_part list)
{
    if (!berm_part_is(list, BERM_TAG_LIST)) return LOAD_DEFAULT_ACTIONS;
    uint32_t actions = 0;
    for (uint32_t i = 0; i < berm_part_count(list); i++) {
        int action = berm_action_number(berm_part_text(berm_part_element_at(list, i)));
        if (action >= 0) actions |= 1u << action;
    }
    return actions;
}

berm_match_def berm_load_match(berm_build *build, berm_part map)
{
    berm_match_def match = {.target = berm_load_text(map, "target"),
                            .kinds = berm_part_member(map, "kinds"),
                            .actions = load_actions(berm_part_member(map, "actions")),
                            .at = map};
    berm_part actions = berm_part_member(map, "actions");
    if (berm_part_is(match.kinds, BERM_TAG_LIST) && berm_part_count(match.kinds) == 0) {
        berm_part_fault(build, match.kinds, BERM_D_POLICY_KEY_MISSING,
                        "`kinds` names no kind: nothing would ever match");
    }
    if (berm_part_is(actions, BERM_TAG_LIST) && berm_part_count(actions) == 0) {
        berm_part_fault(build, actions, BERM_D_POLICY_KEY_MISSING,
                        "`actions` names no action: nothing would ever match");
    }
    return match;
}

/* --- which sort of document it is --- */

typedef struct load_sort {
    const char *key;
    berm_schema_id schema;
    void (*load)(berm_build *build, berm_part document); /* NULL: this build has no such part */
} load_sort;

static const load_sort load_sorts[] = {
    {"guardrail", BERM_SCHEMA_GUARDRAIL, berm_load_guardrail},
    {"kind", BERM_SCHEMA_KIND, berm_load_kind},
    {"target", BERM_SCHEMA_TARGET, berm_load_target},
    {"parameter", BERM_SCHEMA_PARAMETER, berm_load_parameter},
#if BERM_PART_GOVERNANCE
    {"pack", BERM_SCHEMA_PACK, berm_pack_load},
    {"waiver", BERM_SCHEMA_WAIVER, berm_waiver_load},
    {"framework", BERM_SCHEMA_FRAMEWORK, berm_framework_load},
    {"mapping", BERM_SCHEMA_MAPPING, berm_mapping_load},
#else
    {"pack", BERM_SCHEMA_COUNT, NULL},
    {"waiver", BERM_SCHEMA_COUNT, NULL},
    {"framework", BERM_SCHEMA_COUNT, NULL},
    {"mapping", BERM_SCHEMA_COUNT, NULL},
#endif
#if BERM_PART_DIALECTS
    {"name", BERM_SCHEMA_CEL_POLICY, berm_load_cel_policy},
#endif
};
#define LOAD_SORT_COUNT (sizeof load_sorts / sizeof *load_sorts)

/* A policy of another dialect: all of a set are lowered together, later. */
static void load_foreign(berm_build *build, berm_part document)
{
    if (BERM_PART_DIALECTS) {
        if (!berm_array_push(build->alloc, &build->model->foreign, document))
            berm_build_fail(build, BERM_E_NOMEM);
        return;
    }
    berm_place_fault(build, berm_part_head_place(document), BERM_D_POLICY_DIALECT,
                     "%S %S is a policy of another dialect, of which this build has none",
                     berm_part_source(berm_part_member(document, "apiVersion")),
                     berm_load_text(document, "kind"));
}

/* A document whose first key is none of the sorts: is it one whose keys are in another order, or
   with a slip? */
static void fault_sort(berm_build *build, berm_part document, berm_str first)
{
    berm_nearest nearest = {.wanted = first};
    berm_place place = berm_part_head_place(document);
    for (size_t i = 0; i < LOAD_SORT_COUNT; i++) {
        if (berm_part_given(berm_part_member(document, load_sorts[i].key))) {
            berm_place_fault(build, place, BERM_D_POLICY_SORT,
                             "`%s` must be the first key: it says what the document is",
                             load_sorts[i].key);
            return;
        }
        berm_nearest_offer(&nearest, berm_str_of(load_sorts[i].key));
    }
    berm_near_fault(build, place, BERM_D_POLICY_SORT, &nearest, "`%S` starts no policy document",
                    first);
}

static void load_policy_document(berm_build *build, berm_part document)
{
    if (!berm_part_is(document, BERM_TAG_MAP) || berm_part_count(document) == 0) {
        bool map = berm_part_is(document, BERM_TAG_MAP);
        berm_part_fault(build, document, BERM_D_POLICY_NOT_A_MAP,
                        "a policy document is a mapping, found %s",
                        map ? "an empty one" : berm_part_sort_name(document));
        return;
    }
    if (berm_part_given(berm_part_member(document, "apiVersion"))) {
        load_foreign(build, document);
        return;
    }
    berm_part first = berm_part_key_at(document, 0);
    if (document.file->builtin && berm_str_is(berm_part_text(first), "expressions")) {
        build->model->prelude = document;
        return;
    }
    for (size_t i = 0; i < LOAD_SORT_COUNT; i++) {
        const load_sort *sort = &load_sorts[i];
        if (!berm_str_is(berm_part_text(first), sort->key)) continue;
        if (!sort->load) {
            berm_place_fault(build, berm_part_head_place(document), BERM_D_POLICY_UNSUPPORTED,
                             "this build has no %ss", sort->key);
            return;
        }
        berm_schema_check(build, document, sort->schema);
        sort->load(build, document);
        return;
    }
    fault_sort(build, document, berm_part_text(first));
}

static void load_document(berm_build *build, berm_part document)
{
    if (berm_part_is(document, BERM_TAG_NULL)) return; /* nothing between two `---` */
    if (document.file->role != BERM_ROLE_POLICY) {
#if BERM_PART_GOVERNANCE
        berm_governance_file(build, document);
#else
        berm_place_fault(build, berm_part_head_place(document), BERM_D_POLICY_UNSUPPORTED,
                         "this build has no %s",
                         document.file->role == BERM_ROLE_WAIVERS ? "waivers" : "parameter files");
#endif
    } else {
        load_policy_document(build, document);
    }
}

void berm_load_file(berm_build *build, const berm_policy_file *file)
{
    if (file->role == BERM_ROLE_EXPRESSION) {
        if (!berm_array_push(build->alloc, &build->model->expressions, file)) {
            berm_build_fail(build, BERM_E_NOMEM);
        }
        return;
    }
    for (uint32_t i = 0; file->doc && i < file->doc->root_count; i++) {
        load_document(build, (berm_part){file, &file->doc->roots[i]});
    }
}
