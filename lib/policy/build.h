/* What the stages of compiling a policy set share. Failures of memory and limits are sticky
   (berm_build_status): a stage goes on with what it has and the end asks once. Faults of the
   policies are diagnostics; they stop nothing. */
#ifndef BERM_POLICY_BUILD_H
#define BERM_POLICY_BUILD_H

#include "cel/check.h"
#include "code/codegen.h"
#include "data/doc.h"
#include "data/limits.h"
#include "policy/policy.h"

/* One source of the set. */
typedef struct berm_policy_file {
    berm_str name, text;
    berm_doc *doc;        /* NULL for an expression, and where the text could not be read */
    uint32_t role;        /* BERM_ROLE_x */
    uint32_t diag_source; /* in build->diags */
    uint32_t source_row;  /* of SOURCE */
    uint16_t store;       /* of doc, in build->space */
    bool builtin;
} berm_policy_file;

struct berm_model;

typedef struct berm_build {
    const berm_alloc *alloc;
    berm_limits limits; /* resolved */
    const berm_hosts *hosts;
    berm_str profile; /* of packs; empty: none */
    berm_diags *diags;
    berm_arena arena; /* the model; goes at the end */
    berm_space space; /* the documents of all files, and values made from them */
    berm_codegen gen;
    berm_declarations declarations; /* what expressions are checked against */
    struct berm_model *model;
    berm_vm *vm;        /* runs patterns; NULL until the first */
    berm_status status; /* the first failure that is not about the policies */
} berm_build;

/* Memory from the arena for `count` items (NULL for none); on failure the build's status is set. */
void *berm_build_alloc(berm_build *build, size_t count, size_t item_len);
void berm_build_fail(berm_build *build, berm_status status);
/* The first failure of the build or of anything it feeds. */
berm_status berm_build_status(const berm_build *build);

#define BERM_LIST(type) \
    struct { \
        type *items; \
        uint32_t count; \
    }
/* Room for `n` zeroed items in a BERM_LIST; its count stays 0 and grows as items are filled in. */
#define berm_list_reserve(build, list, n) \
    (((list)->items = berm_build_alloc((build), (n), sizeof *(list)->items)) != NULL)

#endif
