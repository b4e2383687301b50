/* Images that are changed on purpose, their checksum made right again. */
#ifndef TEST_CODE_IMAGE_HELP_H
#define TEST_CODE_IMAGE_HELP_H

#include "code_help.h"

static inline void image_seal(unsigned char *bytes, size_t len)
{
    berm_image_header header;
    memcpy(&header, bytes, sizeof header);
    header.checksum = berm_image_checksum(bytes, len);
    memcpy(bytes, &header, sizeof header);
}

/* Opens a sealed copy of the program's linked bytes. */
static inline berm_status image_reopen(code_program *p, berm_error *err)
{
    image_seal(p->bytes, p->len);
    return berm_image_open(&p->alloc, p->bytes, p->len, &p->image, err);
}

/* Links what was collected, however wrong, and expects the image to be refused with `why` in the
   message. */
static inline void expect_refused(code_program *p, const char *why)
{
    berm_error err = {0};
    assert_int_equal(berm_codegen_link(&p->gen, &p->bytes, &p->len), BERM_OK);
    berm_status status = berm_image_open(&p->alloc, p->bytes, p->len, &p->image, &err);
    if (status != BERM_E_IMAGE || !strstr(err.message, why)) {
        fail_msg("status %d, '%s' does not say '%s'", (int)status, err.message, why);
    }
    assert_null(p->image.bytes);
    program_end(p);
}

static inline void expect_opened(code_program *p)
{
    berm_error err = {0};
    berm_status status = program_link(p, &err);
    if (status != BERM_OK) fail_msg("status %d: %s", (int)status, err.message);
    program_end(p);
}

#endif
