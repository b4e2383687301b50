/* How the bytes of an image are laid out: what linking writes and opening reads. */
#ifndef BERM_CODE_IMAGE_LAYOUT_H
#define BERM_CODE_IMAGE_LAYOUT_H

#include "code/image.h"

typedef enum berm_section {
    BERM_SECTION_CODE,
    BERM_SECTION_CELLS,
    BERM_SECTION_TEXT,
    BERM_SECTION_BYTES,
    BERM_SECTION_TABLES, /* the first of BERM_TABLE_COUNT */
    BERM_SECTION_COUNT = BERM_SECTION_TABLES + BERM_TABLE_COUNT
} berm_section;

/* A line break and an end-of-file character, so that a transfer as text is noticed. */
#define BERM_IMAGE_MAGIC \
    "\x89" \
    "BERM\r\n\x1a"
#define BERM_IMAGE_ALIGN 16u

typedef struct berm_image_header {
    unsigned char magic[8];
    uint32_t format, section_count;
    uint64_t len;      /* of the whole image */
    uint64_t digest;   /* of the tables the image was compiled with: berm_image_digest */
    uint64_t checksum; /* of everything behind this field */
    struct {
        uint32_t off, count; /* count is in items: instructions, cells, bytes, records */
    } sections[BERM_SECTION_COUNT];
} berm_image_header;

/* Sections follow each other in order, each at the next multiple of BERM_IMAGE_ALIGN, zeros
   between; the image ends where the last one does. */
static inline uint64_t berm_image_aligned(uint64_t off)
{
    return (off + BERM_IMAGE_ALIGN - 1) & ~(uint64_t)(BERM_IMAGE_ALIGN - 1);
}
uint32_t berm_section_item_len(uint32_t section);
uint64_t berm_image_checksum(const unsigned char *bytes, uint64_t len);

/* Of everything in the .def files that numbers in an image rely on: instructions, functions,
   errors, types, tables. */
uint64_t berm_image_digest(void);

/* --- image.def as data --- */
typedef enum berm_field_kind {
    BERM_FIELD_KIND_NUM,
    BERM_FIELD_KIND_TEXT,
    BERM_FIELD_KIND_CELL,
    BERM_FIELD_KIND_CELL_OPT,
    BERM_FIELD_KIND_CODE,
    BERM_FIELD_KIND_ROW,
    BERM_FIELD_KIND_ROW_OPT,
    BERM_FIELD_KIND_RUN
} berm_field_kind;

typedef struct berm_field_info {
    berm_field_kind kind;
    uint32_t arg; /* NUM: the largest; ROW, RUN: the table */
    const char *name;
} berm_field_info;

typedef struct berm_table_info {
    const char *name;
    const berm_field_info *fields;
    uint32_t field_count, words; /* 32-bit words of a record */
} berm_table_info;
extern const berm_table_info berm_table_infos[BERM_TABLE_COUNT];

static inline uint32_t berm_field_words(berm_field_kind kind)
{
    return kind == BERM_FIELD_KIND_TEXT || kind == BERM_FIELD_KIND_RUN ? 2 : 1;
}

/* The records of a table as words. */
const uint32_t *berm_image_rows(const berm_image *image, berm_table table, uint32_t *count);

#endif
