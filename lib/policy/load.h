/* From YAML documents to the model, one function for each sort of document. The schema has been
   checked: what is absent here was reported there, so loaders report only what a schema cannot
   say. */
#ifndef BERM_POLICY_LOAD_H
#define BERM_POLICY_LOAD_H

#include "policy/model.h"

/* Every document of a file, by its role. */
void berm_load_file(berm_build *build, const berm_policy_file *file);

void berm_load_guardrail(berm_build *build, berm_part document);
void berm_load_kind(berm_build *build, berm_part document);
void berm_load_target(berm_build *build, berm_part document);
void berm_load_parameter(berm_build *build, berm_part document);
void berm_load_cel_policy(berm_build *build, berm_part document); /* dialects/cel_policy.c */
/* Into the model; B0507 where there is one of that name. */
void berm_load_register_guardrail(berm_build *build, berm_guardrail_def *guardrail);

/* --- what they share --- */
berm_str berm_load_text(berm_part map, const char *key);
berm_expr berm_load_expr(berm_part map, const char *key);
bool berm_load_bool(berm_part map, const char *key, bool otherwise);
/* A list of mappings with `name` and `expression`; names are unique. */
berm_named_exprs berm_load_named_exprs(berm_build *build, berm_part list, const char *what);
/* Reports the names that occur again in a list of mappings with `name`. */
void berm_load_check_names(berm_build *build, berm_part list, const char *what);
/* Makes a name known. The number of its first definition where there is another, else
   BERM_NO_NAME. */
uint32_t berm_load_register(berm_build *build, berm_name_table *names, berm_str name,
                            uint32_t number);
/* `of` or `match`. */
berm_match_def berm_load_match(berm_build *build, berm_part map);
/* A guardrail's parameter or a shared one, without its value. */
berm_parameter_def berm_load_parameter_def(berm_build *build, berm_str name, berm_part map);

#endif
