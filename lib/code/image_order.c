/* Turning the bytes of an image. Which bytes belong together follows from the tables that describe
   images: records are words of 32 bits, an instruction's operands are as ops.def says, a cell's
   value as its tag says. Numbers that lead elsewhere are compared with the length, no more is
   needed: the image is verified afterwards. */
#include "code/image_order.h"

#if BERM_IMAGE_TURNED
#include "code/image_layout.h"
#include "data/tree.h"

#include <string.h>

static uint16_t turn_16(uint16_t n)
{
    return (uint16_t)(n >> 8 | n << 8);
}

static uint32_t turn_32(uint32_t n)
{
    return (uint32_t)turn_16((uint16_t)n) << 16 | turn_16((uint16_t)(n >> 16));
}

static uint64_t turn_64(uint64_t n)
{
    return (uint64_t)turn_32((uint32_t)n) << 32 | turn_32((uint32_t)(n >> 32));
}

static void turn_words(void *words, size_t count)
{
    unsigned char *at = words;
    for (; count > 0; count--, at += 4) {
        uint32_t word;
        memcpy(&word, at, sizeof word);
        word = turn_32(word);
        memcpy(at, &word, sizeof word);
    }
}

static void turn_header(berm_image_header *header)
{
    header->format = turn_32(header->format);
    header->section_count = turn_32(header->section_count);
    header->len = turn_64(header->len);
    header->digest = turn_64(header->digest);
    header->checksum = turn_64(header->checksum);
    turn_words(header->sections, 2 * (size_t)BERM_SECTION_COUNT);
}

/* --- instructions --- */

static void turn_operands(berm_ins *ins, char b)
{
    ins->a = turn_16(ins->a);
    if (berm_operand_is_wide(b)) {
        ins->w = turn_32(ins->w);
    } else {
        ins->b = turn_16(ins->b);
        ins->c = turn_16(ins->c);
    }
}

static void turn_code(berm_ins *code, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        bool known = code[i].op < BERM_OP_COUNT;
        const berm_op_info *op = &berm_op_infos[known ? code[i].op : 0];
        turn_operands(&code[i], op->b);
        if (op->words == 2 && i + 1 < count) turn_operands(&code[++i], op->b2);
    }
}

/* --- constants --- */

static void turn_cell(berm_cell *cell)
{
    cell->store = turn_16(cell->store);
    cell->aux = turn_32(cell->aux);
    switch (cell->tag) {
    case BERM_TAG_STRING:
    case BERM_TAG_BYTES:
    case BERM_TAG_LIST:
    case BERM_TAG_SET:
    case BERM_TAG_MAP:
    case BERM_TAG_OPTIONAL:
        cell->as.ref.off = turn_32(cell->as.ref.off);
        cell->as.ref.len = turn_32(cell->as.ref.len);
        break;
    default: cell->as.u = turn_64(cell->as.u); break;
    }
}

/* A map's permutation: words in the room of the cells behind its members. Met once, cells are
   marked; at one that is marked already the maps overlap, and the image is no good. */
static void turn_order(berm_cell *cells, unsigned char *marks, uint32_t map, berm_cell own)
{
    uint64_t at = own.as.ref.off + 2 * (uint64_t)own.as.ref.len;
    uint64_t end = at + berm_map_order_cells(own.as.ref.len);
    if (end > map) return;
    for (; at < end && !marks[at]; at++) {
        marks[at] = 1;
        turn_words(&cells[at], sizeof *cells / sizeof(uint32_t));
    }
}

/* From the last to the first: a map stands above its permutation, which must not be taken for
   cells. */
static bool turn_cells(const berm_alloc *alloc, berm_cell *cells, uint32_t count, bool comes_in)
{
    unsigned char *marks = berm_mem_new(alloc, count);
    if (count && !marks) return false;
    for (uint32_t i = count; i-- > 0;) {
        if (marks[i]) continue;
        berm_cell own = cells[i];
        turn_cell(&cells[i]);
        if (comes_in) own = cells[i];
        if (own.tag == BERM_TAG_MAP) turn_order(cells, marks, i, own);
    }
    berm_mem_free(alloc, marks, count);
    return true;
}

/* --- the whole --- */

static bool has_room(const berm_image_header *header, size_t len)
{
    for (uint32_t i = 0; i < BERM_SECTION_COUNT; i++) {
        uint64_t part = (uint64_t)header->sections[i].count * berm_section_item_len(i);
        uint32_t off = header->sections[i].off;
        if (off % BERM_IMAGE_ALIGN != 0 || off > len || part > len - off) return false;
    }
    return true;
}

static bool turn_sections(const berm_alloc *alloc, unsigned char *bytes,
                          const berm_image_header *header, bool comes_in)
{
    for (uint32_t i = 0; i < BERM_SECTION_COUNT; i++) {
        void *items = bytes + header->sections[i].off;
        uint32_t count = header->sections[i].count;
        if (i == BERM_SECTION_CODE) {
            turn_code(items, count);
        } else if (i == BERM_SECTION_CELLS) {
            if (!turn_cells(alloc, items, count, comes_in)) return false;
        } else if (i >= BERM_SECTION_TABLES) {
            turn_words(items, (size_t)count * (berm_section_item_len(i) / 4));
        }
    }
    return true;
}

bool berm_image_turn_in(const berm_alloc *alloc, unsigned char *bytes, size_t len)
{
    berm_image_header header;
    if (len < sizeof header || memcmp(bytes, BERM_IMAGE_MAGIC, sizeof header.magic) != 0)
        return true;
    memcpy(&header, bytes, sizeof header);
    uint64_t checksum = berm_image_checksum(bytes, len);
    turn_header(&header);
    memcpy(bytes, &header, sizeof header);
    if (checksum != header.checksum) return true;
    bool good = !has_room(&header, len) || turn_sections(alloc, bytes, &header, true);
    header.checksum = berm_image_checksum(bytes, len);
    memcpy(bytes, &header, sizeof header);
    return good;
}

bool berm_image_turn_out(const berm_alloc *alloc, unsigned char *bytes, size_t len)
{
    berm_image_header header;
    memcpy(&header, bytes, sizeof header);
    bool good = turn_sections(alloc, bytes, &header, false);
    turn_header(&header);
    memcpy(bytes, &header, sizeof header);
    header.checksum = turn_64(berm_image_checksum(bytes, len));
    memcpy(bytes, &header, sizeof header);
    return good;
}
#endif
