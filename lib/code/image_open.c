/* Opening an image: nothing of the bytes is trusted before it has been checked here or in
   verify_*.c. */
#include "code/verify.h"

#include <string.h>

bool berm_verify_fail(berm_verify *verify, const char *format, ...)
{
    if (verify->status != BERM_OK) return false;
    char why[160];
    va_list args;
    va_start(args, format);
    berm_vformat_into(why, sizeof why, format, args);
    va_end(args);
    verify->status = berm_error_set(verify->err, BERM_E_IMAGE, BERM_D_IMAGE_STRUCTURE,
                                    "the image is not well-formed: %s", why);
    return false;
}

bool berm_verify_nomem(berm_verify *verify)
{
    if (verify->status != BERM_OK) return false;
    verify->status =
        berm_error_set(verify->err, BERM_E_NOMEM, BERM_D_NOMEM, "no memory to verify the image");
    return false;
}

static berm_status check_magic(const void *bytes, size_t len, berm_error *err)
{
    berm_image_header header;
    if (len < sizeof header || memcmp(bytes, BERM_IMAGE_MAGIC, sizeof header.magic) != 0) {
        return berm_error_set(err, BERM_E_IMAGE, BERM_D_IMAGE_MAGIC, "not a policy image");
    }
    memcpy(&header, bytes, sizeof header);
    if (header.format >> 24) { /* a small number, the other way round */
        return berm_error_set(err, BERM_E_VERSION, BERM_D_IMAGE_ORDER,
                              "the numbers of the image are in the other byte order");
    }
    if (header.format != BERM_IMAGE_FORMAT) {
        return berm_error_set(err, BERM_E_VERSION, BERM_D_IMAGE_VERSION,
                              "the image has the %s format %u, this library reads %u",
                              header.format < BERM_IMAGE_FORMAT ? "older" : "newer", header.format,
                              BERM_IMAGE_FORMAT);
    }
    if (header.len > len) {
        return berm_error_set(err, BERM_E_IMAGE, BERM_D_IMAGE_SHORT,
                              "the image is cut off: %L of %L bytes are there", (uint64_t)len,
                              header.len);
    }
    if (header.digest != berm_image_digest()) {
        return berm_error_set(err, BERM_E_VERSION, BERM_D_IMAGE_VERSION,
                              "the image was compiled by a library with other instructions");
    }
    if (header.len != len || header.checksum != berm_image_checksum(bytes, len)) {
        return berm_error_set(err, BERM_E_IMAGE, BERM_D_IMAGE_CHECKSUM,
                              "the image is damaged: its checksum or length does not fit");
    }
    return BERM_OK;
}

static bool are_zeros(const unsigned char *bytes, uint64_t from, uint64_t to)
{
    for (; from < to; from++) {
        if (bytes[from] != 0) return false;
    }
    return true;
}

/* Every section where it must be, nothing between them. */
static bool check_sections(berm_verify *verify, const berm_image_header *header)
{
    const berm_image *image = verify->image;
    uint64_t end = sizeof *header;
    if (header->section_count != BERM_SECTION_COUNT) {
        return berm_verify_fail(verify, "%u sections", header->section_count);
    }
    for (uint32_t i = 0; i < BERM_SECTION_COUNT; i++) {
        uint64_t off = berm_image_aligned(end), count = header->sections[i].count;
        uint64_t part_len = count * berm_section_item_len(i);
        if (header->sections[i].off != off || off > image->len || part_len > image->len - off ||
            !are_zeros(image->bytes, end, off)) {
            return berm_verify_fail(verify, "section %u is not in its place", i);
        }
        end = off + part_len;
    }
    if (end != image->len) return berm_verify_fail(verify, "bytes behind the last section");
    return true;
}

static void point_into(berm_image *image, const berm_image_header *header)
{
#define SECTION_AT(id) ((const void *)(image->bytes + header->sections[id].off))
    image->code = SECTION_AT(BERM_SECTION_CODE);
    image->code_count = header->sections[BERM_SECTION_CODE].count;
    image->store.cells = SECTION_AT(BERM_SECTION_CELLS);
    image->store.cell_count = header->sections[BERM_SECTION_CELLS].count;
    image->store.text[0] = SECTION_AT(BERM_SECTION_TEXT);
    image->store.text_len[0] = header->sections[BERM_SECTION_TEXT].count;
    image->store.text[1] = SECTION_AT(BERM_SECTION_BYTES);
    image->store.text_len[1] = header->sections[BERM_SECTION_BYTES].count;
#define POINT_TABLE(NAME, lower, FIELDS) \
    image->lower##s = SECTION_AT(BERM_SECTION_TABLES + BERM_TABLE_##NAME); \
    image->lower##_count = header->sections[BERM_SECTION_TABLES + BERM_TABLE_##NAME].count;
    BERM_IMAGE_TABLES(POINT_TABLE)
#undef POINT_TABLE
#undef SECTION_AT
}

static bool verify_parts(berm_verify *verify)
{
    uint32_t cells = verify->image->store.cell_count;
    verify->cell_marks = berm_mem_new(verify->alloc, cells);
    if (cells && !verify->cell_marks) return berm_verify_nomem(verify);
    bool good = berm_verify_cells(verify) && berm_verify_code(verify) && berm_verify_tables(verify);
    berm_mem_free(verify->alloc, verify->cell_marks, cells);
    return good;
}

berm_status berm_image_open(const berm_alloc *alloc, const void *bytes, size_t len,
                            berm_image *image, berm_error *err)
{
    *image = (berm_image){.bytes = bytes, .len = len};
    if ((uintptr_t)bytes % 8 != 0) {
        return berm_error_set(err, BERM_E_ARGUMENT, BERM_D_ARGUMENT,
                              "the bytes of an image must lie at a multiple of 8");
    }
    berm_status status = check_magic(bytes, len, err);
    if (status != BERM_OK) return status;
    berm_image_header header;
    memcpy(&header, bytes, sizeof header);
    berm_verify verify = {.alloc = alloc, .image = image, .err = err};
    if (!check_sections(&verify, &header)) return verify.status;
    point_into(image, &header);
    if (!verify_parts(&verify)) *image = (berm_image){.bytes = NULL};
    return verify.status;
}

/* --- which expression an instruction belongs to --- */

/* The block that `word` lies in; blocks follow each other and are never empty. */
static const berm_img_block *find_block(const berm_image *image, uint32_t word)
{
    uint32_t low = 0, high = image->block_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (image->blocks[middle].code <= word) low = middle + 1;
        else high = middle;
    }
    return low > 0 && word < image->code_count ? &image->blocks[low - 1] : NULL;
}

bool berm_image_expr(const berm_image *image, uint32_t word, berm_img_expr *out)
{
    const berm_img_block *block = find_block(image, word);
    uint32_t low = 0, high = image->expr_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (image->exprs[middle].word <= word) low = middle + 1;
        else high = middle;
    }
    if (!block || low == 0 || image->exprs[low - 1].word < block->code) return false;
    *out = image->exprs[low - 1];
    return true;
}
