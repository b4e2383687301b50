/* From what was collected to the bytes of an image. */
#include "code/codegen.h"
#include "code/image_layout.h"

typedef struct link_part {
    const void *items;
    uint32_t count;
} link_part;

static void gather_parts(const berm_codegen *gen, link_part parts[BERM_SECTION_COUNT])
{
    parts[BERM_SECTION_CODE] = (link_part){gen->code.items, gen->code.count};
    parts[BERM_SECTION_CELLS] = (link_part){gen->cells.items, gen->cells.count};
    parts[BERM_SECTION_TEXT] = (link_part){gen->text.items, gen->text.count};
    parts[BERM_SECTION_BYTES] = (link_part){gen->bytes.items, gen->bytes.count};
#define LINK_TABLE(NAME, lower, FIELDS) \
    parts[BERM_SECTION_TABLES + BERM_TABLE_##NAME] = \
        (link_part){gen->lower##s.items, gen->lower##s.count};
    BERM_IMAGE_TABLES(LINK_TABLE)
#undef LINK_TABLE
}

/* Gives every section its place; the length of the whole. Places over 4 GiB are cut, the length is
   not. */
static uint64_t place_parts(berm_image_header *header, const link_part parts[BERM_SECTION_COUNT])
{
    uint64_t len = sizeof *header;
    for (uint32_t i = 0; i < BERM_SECTION_COUNT; i++) {
        len = berm_image_aligned(len);
        header->sections[i].off = (uint32_t)len;
        header->sections[i].count = parts[i].count;
        len += (uint64_t)parts[i].count * berm_section_item_len(i);
    }
    return len;
}

berm_status berm_codegen_link(berm_codegen *gen, unsigned char **bytes, size_t *len)
{
    *bytes = NULL;
    *len = 0;
    if (gen->failed) return gen->status;
    link_part parts[BERM_SECTION_COUNT];
    berm_image_header header = {.magic = {0}};
    gather_parts(gen, parts);
    uint64_t whole = place_parts(&header, parts);
    if (whole > UINT32_MAX || whole > SIZE_MAX) return BERM_E_LIMIT;
    unsigned char *out = berm_mem_new(gen->alloc, (size_t)whole);
    if (!out) return BERM_E_NOMEM;
    for (uint32_t i = 0; i < BERM_SECTION_COUNT; i++) {
        size_t part_len = (size_t)parts[i].count * berm_section_item_len(i);
        if (part_len) memcpy(out + header.sections[i].off, parts[i].items, part_len);
    }
    memcpy(header.magic, BERM_IMAGE_MAGIC, sizeof header.magic);
    header.format = BERM_IMAGE_FORMAT;
    header.section_count = BERM_SECTION_COUNT;
    header.len = whole;
    header.digest = berm_image_digest();
    memcpy(out, &header, sizeof header);
    header.checksum = berm_image_checksum(out, whole);
    memcpy(out, &header, sizeof header);
    *bytes = out;
    *len = (size_t)whole;
    return BERM_OK;
}
