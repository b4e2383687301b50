/* Changes to images that know what an image is: fields of rows become other plausible fields,
   operands other operands, cells other cells. Choices come from a source of numbers, so that a
   fuzzer's input and a seed drive the same mutations. */
#ifndef BERM_FUZZ_MUTATE_H
#define BERM_FUZZ_MUTATE_H

#include "code/image_layout.h"

#include <string.h>

typedef struct mutation {
    unsigned char *bytes; /* a whole image; its checksum is made right again by mutate_image */
    size_t len;
    berm_image_header header;    /* as it was: a change to it must not lead the next one astray */
    uint32_t (*next)(void *ctx); /* the next choice */
    void *ctx;
} mutation;

/* A choice below `count`; 0 where there is none. */
static inline uint32_t mutate_pick(const mutation *m, uint32_t count)
{
    return count ? m->next(m->ctx) % count : 0;
}

/* A number near the old one, an extreme one, or any at all. */
static inline uint32_t mutate_number(const mutation *m, uint32_t old)
{
    static const uint32_t extremes[] = {0, 1, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, UINT32_MAX};
    switch (mutate_pick(m, 4)) {
    case 0: return extremes[mutate_pick(m, sizeof extremes / sizeof *extremes)];
    case 1: return m->next(m->ctx);
    default: return old + mutate_pick(m, 9) - 4;
    }
}

/* --- rows --- */

static inline uint32_t mutate_items(const mutation *m, uint32_t section)
{
    return m->header.sections[section].count;
}

/* A value that a field of this sort may have: most are right, so that the verifier is passed and
   what stands behind it is reached. */
static inline uint32_t mutate_field(const mutation *m, const berm_field_info *field, uint32_t old)
{
    if (mutate_pick(m, 8) == 0) return mutate_number(m, old);
    switch (field->kind) {
    case BERM_FIELD_KIND_NUM:
        return field->arg == UINT32_MAX ? mutate_number(m, old) : mutate_pick(m, field->arg + 1);
    case BERM_FIELD_KIND_CELL_OPT:
        if (mutate_pick(m, 4) == 0) return BERM_NO_ROW; /* fallthrough */
    case BERM_FIELD_KIND_CELL: return mutate_pick(m, mutate_items(m, BERM_SECTION_CELLS));
    case BERM_FIELD_KIND_CODE: return mutate_pick(m, mutate_items(m, BERM_SECTION_CODE));
    case BERM_FIELD_KIND_TEXT: return mutate_pick(m, mutate_items(m, BERM_SECTION_TEXT));
    case BERM_FIELD_KIND_ROW_OPT:
        if (mutate_pick(m, 4) == 0) return BERM_NO_ROW; /* fallthrough */
    case BERM_FIELD_KIND_ROW:
    case BERM_FIELD_KIND_RUN:
        return mutate_pick(m, mutate_items(m, BERM_SECTION_TABLES + field->arg));
    }
    return old;
}

static inline void mutate_row(const mutation *m)
{
    uint32_t table = mutate_pick(m, BERM_TABLE_COUNT), word = 0;
    const berm_table_info *info = &berm_table_infos[table];
    uint32_t section = BERM_SECTION_TABLES + table, count = m->header.sections[section].count;
    if (count == 0) return;
    size_t row = m->header.sections[section].off + (size_t)mutate_pick(m, count) * info->words * 4;
    uint32_t chosen = mutate_pick(m, info->field_count), value;
    for (uint32_t i = 0; i < chosen; i++) word += berm_field_words(info->fields[i].kind);
    const berm_field_info *field = &info->fields[chosen];
    if (berm_field_words(field->kind) == 2 && mutate_pick(m, 2)) { /* how much of it */
        memcpy(&value, m->bytes + row + 4 * (size_t)word + 4, 4);
        value = value > 0 ? mutate_pick(m, value + 1) : mutate_number(m, value);
        memcpy(m->bytes + row + 4 * (size_t)word + 4, &value, 4);
        return;
    }
    memcpy(&value, m->bytes + row + 4 * (size_t)word, 4);
    value = mutate_field(m, field, value);
    memcpy(m->bytes + row + 4 * (size_t)word, &value, 4);
}

/* One row, instruction or cell over another of its sort. */
static inline void mutate_copy(const mutation *m)
{
    uint32_t section = mutate_pick(m, BERM_SECTION_COUNT);
    uint32_t count = m->header.sections[section].count, len = berm_section_item_len(section);
    if (count == 0) return;
    unsigned char *items = m->bytes + m->header.sections[section].off;
    uint32_t from = mutate_pick(m, count), to = mutate_pick(m, count);
    memmove(items + (size_t)to * len, items + (size_t)from * len, len);
}

/* --- code and constants --- */

static inline void mutate_instruction(const mutation *m)
{
    uint32_t count = m->header.sections[BERM_SECTION_CODE].count;
    if (count == 0) return;
    unsigned char *at = m->bytes + m->header.sections[BERM_SECTION_CODE].off +
                        (size_t)mutate_pick(m, count) * sizeof(berm_ins);
    berm_ins ins;
    memcpy(&ins, at, sizeof ins);
    uint32_t near = mutate_pick(m, 7) - 3;
    switch (mutate_pick(m, 6)) {
    case 0: ins.op = (uint8_t)mutate_pick(m, BERM_OP_COUNT + 1); break;
    case 1: ins.a = (uint16_t)(ins.a + near); break;
    case 2: ins.b = (uint16_t)(ins.b + near); break;
    case 3: ins.c = (uint16_t)(ins.c + near); break;
    case 4: ins.cost = (uint8_t)mutate_number(m, ins.cost); break;
    default: ins.w = mutate_number(m, ins.w);
    }
    memcpy(at, &ins, sizeof ins);
}

static inline void mutate_cell(const mutation *m)
{
    uint32_t count = m->header.sections[BERM_SECTION_CELLS].count;
    if (count == 0) return;
    unsigned char *at = m->bytes + m->header.sections[BERM_SECTION_CELLS].off +
                        (size_t)mutate_pick(m, count) * sizeof(berm_cell);
    berm_cell cell;
    memcpy(&cell, at, sizeof cell);
    switch (mutate_pick(m, 6)) {
    case 0: cell.tag = (uint8_t)mutate_pick(m, BERM_TAG_COUNT + 1); break;
    case 1: cell.flags = (uint8_t)m->next(m->ctx); break;
    case 2: cell.aux = mutate_number(m, cell.aux); break;
    case 3: cell.as.ref.off = mutate_number(m, cell.as.ref.off); break;
    case 4: cell.as.ref.len = mutate_number(m, cell.as.ref.len); break;
    default: cell.as.i = (int64_t)((uint64_t)m->next(m->ctx) << 32 | m->next(m->ctx));
    }
    memcpy(at, &cell, sizeof cell);
}

/* A byte of a text: the next letter, or any byte. */
static inline void mutate_text(const mutation *m)
{
    uint32_t section = mutate_pick(m, 2) ? BERM_SECTION_TEXT : BERM_SECTION_BYTES;
    uint32_t count = m->header.sections[section].count;
    if (count == 0) return;
    unsigned char *at = m->bytes + m->header.sections[section].off + mutate_pick(m, count);
    *at = (unsigned char)(mutate_pick(m, 4) ? *at ^ 1u : m->next(m->ctx));
}

/* A word of the header or of anything, whatever it means. */
static inline void mutate_word(const mutation *m)
{
    uint32_t words = (uint32_t)(m->len / 4), value;
    if (mutate_pick(m, 4) == 0) words = sizeof(berm_image_header) / 4;
    unsigned char *at = m->bytes + 4 * (size_t)mutate_pick(m, words);
    memcpy(&value, at, 4);
    value = mutate_number(m, value);
    memcpy(at, &value, 4);
}

static inline void mutate_checksum(const mutation *m)
{
    uint64_t sum = berm_image_checksum(m->bytes, m->len);
    memcpy(m->bytes + offsetof(berm_image_header, checksum), &sum, sizeof sum);
}

/* One to four changes, and the checksum that fits them. */
static inline void mutate_image(mutation *m)
{
    memcpy(&m->header, m->bytes, sizeof m->header);
    for (uint32_t left = 1 + mutate_pick(m, 4); left > 0; left--) {
        switch (mutate_pick(m, 8)) {
        case 0:
        case 1: mutate_row(m); break;
        case 2:
        case 3: mutate_instruction(m); break;
        case 4: mutate_cell(m); break;
        case 5: mutate_copy(m); break;
        case 6: mutate_text(m); break;
        default: mutate_word(m);
        }
        memcpy(m->bytes, BERM_IMAGE_MAGIC, 8); /* what a header is may not be lost on the way */
    }
    mutate_checksum(m);
}

#endif
