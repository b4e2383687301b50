/* What the files of the fused program share. */
#ifndef BERM_VM_FUSED_GRAPH_H
#define BERM_VM_FUSED_GRAPH_H

#include "vm/exec.h"
#include "vm/fused/fused.h"

#define BERM_FUSED_LOOPS 5u      /* loops in each other, the first being no loop at all */
#define BERM_FUSED_REGISTERS 32u /* blocks with more are not translated */
#define BERM_FUSED_NODES 200u    /* of one block; of all: see has_room_for_node */
#define BERM_FUSED_DEPTH 32u     /* of a path */
#define BERM_FUSED_PATHS 65535u  /* of all blocks */
#define BERM_FUSED_CELLS 262144u /* of all tables together */
#define BERM_FUSED_UNTRIED UINT32_MAX

/* --- paths, and tables of what they come to --- */

/* Besides the values' own tags, in tables alone. MISSING: nobody has looked yet. */
enum {
    BERM_FUSED_ABSENT = BERM_TAG_COUNT, /* surely no member of its map */
    BERM_FUSED_ODD                      /* nothing that tests here are for */
};

typedef enum berm_fused_sort {
    BERM_FUSED_ROOT,   /* a slot of the environment */
    BERM_FUSED_FIELD,  /* a member of what the parent is */
    BERM_FUSED_ELEMENT /* each element, or key, of what the parent is */
} berm_fused_sort;

typedef struct berm_fused_path {
    berm_cell key;          /* FIELD: with its hash */
    uint32_t parent;        /* path; of a ROOT its slot */
    uint32_t alike;         /* another path of the same hash, plus 1; 0: none */
    uint16_t table, column; /* where its cells are */
    uint16_t elements;      /* the table of its elements, 0: nobody goes over it */
    uint16_t extent;        /* then: the column that says which rows are its own */
    uint16_t hint;          /* which member of its map it was last */
    uint8_t sort, depth;
} berm_fused_path;

/* A row for each element, a column for each path; table 0 has one row. Column 0 of the others is
   the element itself. */
typedef struct berm_fused_table {
    berm_cell *cells;
    uint32_t columns, rows, cap; /* cap in cells */
} berm_fused_table;

/* --- tests --- */

typedef enum berm_fused_operand_sort {
    BERM_OPERAND_NONE,
    BERM_OPERAND_PATH,  /* path at, in the row of `loop` */
    BERM_OPERAND_CONST, /* cell at of the image */
    BERM_OPERAND_TRUTH, /* at is 0 or 1 */
    BERM_OPERAND_SIZE,  /* size() of a path */
    BERM_OPERAND_INDEX, /* path at, indexed by path key */
    BERM_OPERAND_LOOP   /* of a symbol alone: an iterator over path at */
} berm_fused_operand_sort;

typedef struct berm_fused_operand {
    uint8_t sort, loop, key_loop, unused;
    uint32_t at, key;
    uint16_t table, column; /* of the path at */
} berm_fused_operand;

typedef enum berm_fused_op {
    BERM_FUSED_HAS,    /* is path x there? */
    BERM_FUSED_IS,     /* path x, a bool */
    BERM_FUSED_EQUAL,  /* x == y */
    BERM_FUSED_TEXT,   /* path x == constant text y */
    BERM_FUSED_ORDER,  /* x < y and the like: `what` is a berm_relation */
    BERM_FUSED_IN,     /* x in y */
    BERM_FUSED_MEMBER, /* constant key in path y: of a map its member, path x */
    BERM_FUSED_CALL,   /* function `what` of x and y */
    BERM_FUSED_ENTER,  /* begins `loop` over path x */
    BERM_FUSED_NEXT    /* the next row of `loop` */
} berm_fused_op;

typedef struct berm_fused_edge {
    uint32_t to, cost, fuel;
} berm_fused_edge;

typedef struct berm_fused_node {
    uint8_t op, loop;
    uint16_t what; /* of ENTER and NEXT: the table of the elements */
    berm_fused_operand x, y;
    berm_fused_edge edges[2]; /* where it does not hold, where it does */
} berm_fused_node;

/* The first nodes are no nodes but where a block ends. */
enum { BERM_FUSED_FALSE, BERM_FUSED_TRUE, BERM_FUSED_BACK, BERM_FUSED_NODES_FROM };

/* --- guards.c --- */

enum { BERM_GUARD_UNTRIED, BERM_GUARD_NONE, BERM_GUARD_TEXT };

/* Of a guardrail: what its first condition compares. Of ten thousand of them the size counts. */
typedef struct berm_fused_guard {
    uint64_t tail;
    uint32_t len;
    uint16_t path, fuel, rules, actions;
    uint8_t sort;
} berm_fused_guard;

struct berm_fused {
    const berm_alloc *alloc;
    berm_space *space; /* the VM's: it learns of memory that ends, and the run does with it */
    BERM_ARRAY(berm_fused_node) nodes;
    BERM_ARRAY(berm_fused_path) paths;
    BERM_ARRAY(berm_fused_table) tables;
    BERM_ARRAY(uint32_t) roots;    /* paths */
    uint32_t *buckets;             /* of paths by hash: the newest, plus 1 */
    berm_cell seen[BERM_SLOT_MAX]; /* the slots as they were when the tables were emptied */
    berm_fused_edge *blocks;       /* where each begins; BERM_FUSED_UNTRIED */
    berm_fused_guard *guards;      /* by guardrail; NULL until somebody asks */
    uint32_t block_count, guard_count, scene;
    uint32_t cells; /* that tables have room for */
    uint32_t work;  /* of translating, since the host was asked whether to go on */
    bool stale;     /* a table has become wider */
    bool full;      /* a table would have become too large */
};

/* Always false. */
static inline bool berm_fused_fail_memory(struct berm_fused *fused)
{
    berm_space_fail(fused->space, BERM_E_NOMEM);
    return false;
}

/* --- table.c --- */
#define BERM_FUSED_BUCKETS 4096u
/* The path of a slot, a member, the elements; false: no memory, or too many. */
bool berm_fused_root(struct berm_fused *fused, uint32_t slot, uint32_t *path);
bool berm_fused_field(struct berm_fused *fused, const berm_space *space, uint32_t parent,
                      berm_cell key, uint32_t *path);
bool berm_fused_elements(struct berm_fused *fused, uint32_t parent, uint32_t *path);
/* Empties the tables where they are of another resource. */
bool berm_fused_refresh(berm_vm *vm, struct berm_fused *fused);
void berm_fused_drop_tables(struct berm_fused *fused);
const berm_cell *berm_fused_fill(berm_vm *vm, struct berm_fused *fused, uint32_t path,
                                 uint32_t row);
/* The rows of the elements of a path; false where it is no list or map all of which is known. */
bool berm_fused_enter(berm_vm *vm, struct berm_fused *fused, uint32_t path, uint32_t row,
                      uint32_t *first, uint32_t *end);

static inline const berm_cell *berm_fused_read(berm_vm *vm, struct berm_fused *fused,
                                               uint32_t number, uint32_t row)
{
    const berm_fused_path *path = &fused->paths.items[number];
    const berm_fused_table *table = &fused->tables.items[path->table];
    const berm_cell *cell = &table->cells[(size_t)row * table->columns + path->column];
    return cell->tag != BERM_TAG_MISSING ? cell : berm_fused_fill(vm, fused, number, row);
}

/* --- decide.c --- */
/* The VM's; NULL: it is to run by itself. */
struct berm_fused *berm_fused_of(berm_vm *vm);
/* Where a block begins, translated when it is met first. NULL: the VM runs it. */
const berm_fused_edge *berm_fused_start(berm_vm *vm, struct berm_fused *fused, uint32_t block);

/* --- translate.c --- */
/* Where the block begins; BERM_FUSED_BACK where it is none for this. */
berm_fused_edge berm_fused_translate(berm_vm *vm, struct berm_fused *fused, uint32_t block);

#endif
