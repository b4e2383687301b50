/* The layout of images as data, and the digest of the tables they rely on. */
#include "code/image_layout.h"

#include "base/hash.h"
#include "code/host.h"
#include "data/functions.h"

#include <stddef.h>
#include <string.h>

/* --- image.def as data --- */

#define FIELD_ARG_NUM(arg) (arg)
#define FIELD_ARG_TEXT(arg) (arg)
#define FIELD_ARG_CELL(arg) (arg)
#define FIELD_ARG_CELL_OPT(arg) (arg)
#define FIELD_ARG_CODE(arg) (arg)
#define FIELD_ARG_ROW(arg) BERM_TABLE_##arg
#define FIELD_ARG_ROW_OPT(arg) BERM_TABLE_##arg
#define FIELD_ARG_RUN(arg) BERM_TABLE_##arg
#define FIELD_ROW(kind, arg, name) {BERM_FIELD_KIND_##kind, FIELD_ARG_##kind(arg), #name},
#define FIELDS_OF_TABLE(NAME, lower, FIELDS) \
    static const berm_field_info fields_of_##lower[] = {FIELDS(FIELD_ROW)};
BERM_IMAGE_TABLES(FIELDS_OF_TABLE)

const berm_table_info berm_table_infos[BERM_TABLE_COUNT] = {
#define TABLE_ROW(NAME, lower, FIELDS) \
    {#lower, fields_of_##lower, sizeof fields_of_##lower / sizeof *fields_of_##lower, \
     sizeof(berm_img_##lower) / sizeof(uint32_t)},
    BERM_IMAGE_TABLES(TABLE_ROW)
#undef TABLE_ROW
};

const uint32_t *berm_image_rows(const berm_image *image, berm_table table, uint32_t *count)
{
    switch (table) {
#define TABLE_CASE(NAME, lower, FIELDS) \
    case BERM_TABLE_##NAME: \
        *count = image->lower##_count; \
        return (const uint32_t *)(const void *)image->lower##s;
        BERM_IMAGE_TABLES(TABLE_CASE)
#undef TABLE_CASE
    default: *count = 0; return NULL;
    }
}

/* --- sections --- */

uint32_t berm_section_item_len(uint32_t section)
{
    switch (section) {
    case BERM_SECTION_CODE: return sizeof(berm_ins);
    case BERM_SECTION_CELLS: return sizeof(berm_cell);
    case BERM_SECTION_TEXT:
    case BERM_SECTION_BYTES: return 1;
    default: return berm_table_infos[section - BERM_SECTION_TABLES].words * 4;
    }
}

uint64_t berm_image_checksum(const unsigned char *bytes, uint64_t len)
{
    size_t from = offsetof(berm_image_header, sections);
    return berm_hash_lanes(bytes + from, (size_t)len - from);
}

/* --- the digest --- */

static uint64_t digest_text(uint64_t digest, const char *text)
{
    return berm_hash_bytes(text, strlen(text), digest);
}

static uint64_t digest_number(uint64_t digest, uint32_t number)
{
    unsigned char bytes[4] = {(unsigned char)number, (unsigned char)(number >> 8),
                              (unsigned char)(number >> 16), (unsigned char)(number >> 24)};
    return berm_hash_bytes(bytes, sizeof bytes, digest);
}

static uint64_t digest_ops(uint64_t digest)
{
    for (uint32_t i = 0; i < BERM_OP_COUNT; i++) {
        const berm_op_info *op = &berm_op_infos[i];
        const char kinds[] = {op->a, op->b, op->c, op->a2, op->b2, op->c2, (char)op->words};
        digest = berm_hash_bytes(kinds, sizeof kinds, digest_text(digest, op->mnemonic));
    }
    return digest;
}

static uint64_t digest_functions(uint64_t digest)
{
    for (uint32_t i = 0; i < BERM_FN_COUNT; i++) {
        const berm_function_info *fn = &berm_function_infos[i];
        digest = digest_text(digest, berm_function_name(i));
        digest = digest_number(digest, fn->style * 256u + fn->argc);
    }
    return digest;
}

static uint64_t digest_tables(uint64_t digest)
{
    for (uint32_t i = 0; i < BERM_TABLE_COUNT; i++) {
        const berm_table_info *table = &berm_table_infos[i];
        digest = digest_text(digest, table->name);
        for (uint32_t k = 0; k < table->field_count; k++) {
            digest = digest_text(digest, table->fields[k].name);
            digest = digest_number(digest, table->fields[k].kind);
            digest = digest_number(digest, table->fields[k].arg);
        }
    }
    return digest;
}

static const char *const numbered_names[] = {
#define BERM_ERROR(name, format) #name,
#include "data/errors.def"
#undef BERM_ERROR
#define BERM_TYPE(id, name) name,
#include "data/types.def"
#undef BERM_TYPE
};

uint64_t berm_image_digest(void)
{
    uint64_t digest = digest_tables(digest_functions(digest_ops(0)));
    for (size_t i = 0; i < sizeof numbered_names / sizeof *numbered_names; i++) {
        digest = digest_text(digest, numbered_names[i]);
    }
    return digest;
}
