/* The fast reader: the JSON reader's results for the texts it takes, in less time. It takes valid
   texts within the limits; of others it says no more than that it does not take them, and the plain
   reader (json_read.c), which tells what is wrong, reads them from the start. */
#ifndef BERM_DATA_FAST_FAST_READ_H
#define BERM_DATA_FAST_FAST_READ_H

#include "data/doc.h"

/* True: `doc` is as berm_json_read would have filled it, or *status says that memory ended. False:
   nothing happened. */
bool berm_fast_read(const berm_read *read, berm_doc *doc, berm_error *err, berm_status *status);

/* The value at [from, end) of a text that was found valid, with no limits, as a document of the
   same text; NULL: no memory. */
berm_doc *berm_fast_read_piece(const berm_alloc *alloc, berm_kernel kernel, berm_str text,
                               uint32_t from, uint32_t end);

#endif
