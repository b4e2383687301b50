/* berm test --format: expectations that the authors of policies wrote down for other tools. */
#ifndef BERM_SUITE_H
#define BERM_SUITE_H

#include "cli.h"

typedef struct suite {
    const options *o;
    berm_engine *engine;
    const char *file; /* that is being run */
    size_t passed, failed, skipped;
    int worst; /* exit code of what could not be read */
} suite;

/* Policies over documents: what came of them. */
typedef struct judged {
    berm_eval *eval;
    berm_doc *docs[64];
    size_t doc_count;
    const berm_decision *decision; /* NULL: there is none, and the reason was printed */
} judged;

/* --- suite.c --- */
/* One expectation: met where wanted and got are the same text. */
void suite_note(suite *s, berm_str subject, berm_str name, berm_str wanted, berm_str got);
/* One that Berm does not look at, and why. */
void suite_skip(suite *s, berm_str name, const char *why);
/* Judges; drop it also after a failure, which was told. `policy` NULL: it did not compile. A
   document given as `doc` (a reference is taken) is judged with those of `documents`. */
bool suite_judge(suite *s, const berm_policy *policy, const path_list *documents, berm_doc *doc,
                 judged *out);
extern const berm_str suite_nothing; /* what came of an expectation that could not be judged */
void suite_drop(judged *j);
/* The finding number `index` of the decision; NULL past the last. */
const berm_finding *suite_finding(const judged *j, size_t index);
/* `name` beside the file that is being run; added to the list. */
bool suite_add_path(const suite *s, path_list *list, berm_str name);

/* --- the formats --- */
void suite_run_kyverno(suite *s, berm_value root);
void suite_run_gatekeeper(suite *s, berm_value root);
void suite_run_json(suite *s, berm_value root);

/* --- edit.c --- */
/* A copy of `from` in which the values at paths are others: each edit is "spec.a[0].b=VALUE", VALUE
   as YAML. NULL after a message. */
berm_doc *edit_document(suite *s, berm_value from, berm_value edits);

/* --- reading values --- */
berm_value value_member(berm_value map, const char *key); /* {NULL, 0} without one */
berm_str value_text(berm_value value);                    /* empty where it is no string */
uint64_t value_count(berm_value value);                   /* of a list or map; else 0 */
berm_value value_element(berm_value list, uint64_t index);
bool str_equal(berm_str a, berm_str b);
bool str_is(berm_str a, const char *b);

#endif
