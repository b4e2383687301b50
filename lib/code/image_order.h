/* The order of an image's bytes. Files are little-endian; in memory numbers are in the machine's
   own order, because an image runs where it lies. A machine of the other order turns the bytes on
   their way in and out, so that the same policies give the same file everywhere. */
#ifndef BERM_CODE_IMAGE_ORDER_H
#define BERM_CODE_IMAGE_ORDER_H

#include "base/mem.h"

#ifndef BERM_IMAGE_TURNED /* a unit test turns them on any machine */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define BERM_IMAGE_TURNED 1
#else
#define BERM_IMAGE_TURNED 0
#endif
#endif

#if BERM_IMAGE_TURNED
/* From a file's bytes, of which nothing is trusted, to memory, in place. What is no image, damaged
   or of another format is left as far as opening it needs to say so. `bytes` are aligned to 8.
   False: no memory, and the bytes are of no use. */
bool berm_image_turn_in(const berm_alloc *alloc, unsigned char *bytes, size_t len);

/* From memory to a file's, in place; the image is one that was opened. False likewise. */
bool berm_image_turn_out(const berm_alloc *alloc, unsigned char *bytes, size_t len);
#endif

#endif
