/* Texts that the library carries packed, as tools/packing.py packs them: ASCII as literals and
   copies of what stands before, all of it bits of an adaptive range coder.

     text    = item*, until `len` bytes are there
     item    = bit(0), literal(7 bits, by the byte before)
             | bit(1), number(bytes to copy, less one), number(how far back)
     number  = 5 bits that say how many bits, then those below the highest

   Which model a bit has: `item`'s by the last three items, a literal's by the byte before and the
   bits so far, a number's by its length and its first three bits; all further bits are even. */
#ifndef BERM_BASE_UNPACK_H
#define BERM_BASE_UNPACK_H

#include "base/mem.h"

/* Into `text`, which has room for `len` bytes. False: no memory, or these bytes are not packed
   text; behind their end zeros are read, and nothing outside of `text` is touched. */
bool berm_unpack(const berm_alloc *alloc, const unsigned char *packed, size_t packed_len,
                 char *text, size_t len);

#endif
