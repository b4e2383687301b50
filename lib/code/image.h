/* The program image: one immutable run of bytes that is both what the compiler makes and what the
   VM runs. Offsets only, so it can be saved, mapped and shared. image.def lists its tables; ops.def
   its instructions.

     header | section directory | code | cells | text | bytes | one section per table

   `text` is UTF-8 as a whole; `bytes` holds what bytes constants say. Numbers are in the
   machine's own order here, and little-endian in a file (image_order.h).
   The checksum finds accidents, never an attacker, who can make it right again: against one there
   are the verifier and, around the image, signatures. */
#ifndef BERM_CODE_IMAGE_H
#define BERM_CODE_IMAGE_H

#include "base/diag.h"
#include "base/parts.h"
#include "code/image.def"
#include "data/store.h"

#define BERM_IMAGE_FORMAT 2u
#define BERM_NO_ROW UINT32_MAX

/* What an image may have at most; the compiler says B0406 or E_LIMIT first. */
#define BERM_IMAGE_CODE_MAX (1u << 24)      /* words: an error value names one in 24 bits */
#define BERM_IMAGE_REGISTERS_MAX (1u << 20) /* of a chain of calls */
#define BERM_IMAGE_CALLS_MAX 1000u          /* blocks in a chain of calls */
#define BERM_IMAGE_SLOTS_MAX 64u            /* of the environment; vm.h's BERM_SLOT_MAX */
#define BERM_IMAGE_PATH_MAX 64u             /* steps of a path */
#define BERM_DAYS_MAX 3652058u              /* of a moment: 9999-12-31 */

enum {
    BERM_STEP_FIELD,
    BERM_STEP_ELEMENTS,
    BERM_STEP_VALUES,
    BERM_STEP_GROUP,
    BERM_STEP_GROUP_END,
    BERM_STEP_EITHER,
    BERM_STEP_CHILDREN
};

/* What a marked value means, and how it is told. */
/* What a MARK row of a target's references means. */
enum { BERM_REFERENCE_KEY, BERM_REFERENCE_PLAIN, BERM_REFERENCE_SAME, BERM_REFERENCE_EACH };
enum { BERM_MEANS_UNKNOWN, BERM_MEANS_UNSET, BERM_MEANS_SENSITIVE, BERM_MEANS_ITSELF };
enum {
    BERM_TOLD_BY_ONLY_KEY, /* a map whose one key matches a glob */
    BERM_TOLD_BY_KEY,      /* a map that has a key */
    BERM_TOLD_BY_TEXT,     /* a string that matches a glob */
    BERM_TOLD_BY_EQUAL,    /* a value that is equal */
    BERM_TOLD_BY_PLACE     /* what stands at a key of this name, and all below */
};

typedef enum berm_op {
#define BERM_OP(name, mnemonic, a, b, c, words, meaning) BERM_OP_##name,
#define BERM_OP2(name, a, b, c)
#include "code/ops.def"
#undef BERM_OP
#undef BERM_OP2
    BERM_OP_COUNT
} berm_op;

typedef struct berm_ins {
    uint8_t op, cost;
    uint16_t a;
    union {
        struct {
            uint16_t b, c;
        };
        uint32_t w;
    };
} berm_ins;
_Static_assert(sizeof(berm_ins) == 8, "an instruction word is 8 bytes");

typedef struct berm_text_ref {
    uint32_t off, len;
} berm_text_ref;
typedef struct berm_run_ref {
    uint32_t first, count;
} berm_run_ref;

/* struct berm_img_block { uint32_t code; ... }; and so on, one per table */
#define BERM_FIELD_NUM(arg, name) uint32_t name;
#define BERM_FIELD_TEXT(arg, name) berm_text_ref name;
#define BERM_FIELD_CELL(arg, name) uint32_t name;
#define BERM_FIELD_CELL_OPT(arg, name) uint32_t name;
#define BERM_FIELD_CODE(arg, name) uint32_t name;
#define BERM_FIELD_ROW(arg, name) uint32_t name;
#define BERM_FIELD_ROW_OPT(arg, name) uint32_t name;
#define BERM_FIELD_RUN(arg, name) berm_run_ref name;
#define BERM_FIELD(kind, arg, name) BERM_FIELD_##kind(arg, name)
#define BERM_TABLE_STRUCT(NAME, lower, FIELDS) \
    typedef struct berm_img_##lower { \
        FIELDS(BERM_FIELD) \
    } berm_img_##lower;
BERM_IMAGE_TABLES(BERM_TABLE_STRUCT)

typedef enum berm_table {
#define BERM_TABLE_ID(NAME, lower, FIELDS) BERM_TABLE_##NAME,
    BERM_IMAGE_TABLES(BERM_TABLE_ID)
#undef BERM_TABLE_ID
        BERM_TABLE_COUNT
} berm_table;

/* A verified image, ready to run. Arrays point into `bytes`. */
typedef struct berm_image {
    const unsigned char *bytes;
    size_t len;
    const berm_ins *code;
    uint32_t code_count;
    /* Constants: cells, text and, for cells with BERM_CELL_DECODED, bytes; of every cell the store
       is SELF. */
    berm_store store;
#define BERM_TABLE_MEMBER(NAME, lower, FIELDS) \
    const berm_img_##lower *lower##s; \
    uint32_t lower##_count;
    BERM_IMAGE_TABLES(BERM_TABLE_MEMBER)
#undef BERM_TABLE_MEMBER
    uint32_t register_count; /* of the deepest call chain of any block */
    uint32_t call_depth;
    uint64_t slots_read; /* 1 << slot of those that some VAR instruction names */
} berm_image;

static inline berm_str berm_image_text(const berm_image *image, berm_text_ref ref)
{
    return (berm_str){image->store.text[0] + ref.off, ref.len};
}

/* Checks everything that running and describing the image relies on: header, checksum, section
   bounds and alignment, every field of every record, every cell (offsets, UTF-8 of texts, key
   hashes, map order, nesting), every instruction (operands, registers, labels, second words, no
   path that leaves a block without RET, registers written before they are read on every path), the
   acyclic call graph and the register totals. Nothing of `bytes` is trusted before. On success
   *image points into bytes, which are aligned to 8. E_IMAGE, E_VERSION, E_NOMEM, E_ARGUMENT. */
berm_status berm_image_open(const berm_alloc *alloc, const void *bytes, size_t len,
                            berm_image *image, berm_error *err);

/* Assembly-like text of one block or (BERM_NO_ROW) of all, with tables: what `berm disasm`
   prints. */
bool berm_image_print(berm_text *out, const berm_image *image, uint32_t block);

/* The expression an instruction belongs to (`word` counts from the first of the image); false when
   there is none. */
bool berm_image_expr(const berm_image *image, uint32_t word, berm_img_expr *out);

typedef struct berm_op_info {
    const char *mnemonic;
    char a, b, c;    /* operand kinds as ops.def writes them */
    char a2, b2, c2; /* of the second word */
    uint8_t words;
} berm_op_info;
extern const berm_op_info berm_op_infos[BERM_OP_COUNT];

/* Whether an operand of this kind is the 32 bits of b and c together. */
static inline bool berm_operand_is_wide(char of)
{
    return of == 'K' || of == 'L' || of == 'U' || of == 'B' || of == 'V' || of == 'E';
}

#endif
