/* Stage one of the fast reader: where tokens of a JSON text begin, found 64 bytes at a time.

   Of each block a kernel gives masks, a bit for each byte; what is a string and what is escaped
   follows from them by arithmetic on whole words. Out of it come the offsets of

     - brackets, braces, commas and colons outside strings
     - the quotes around strings, both of them
     - the first bytes of anything else: numbers, words, and what should not be there

   and, for each block, which of its bytes are backslashes. What is wrong inside strings (control
   characters, malformed escapes, half surrogate pairs) raises `fault`; everything else is for stage
   two, which looks at each token. The text must be valid UTF-8. */
#ifndef BERM_DATA_FAST_SCAN_H
#define BERM_DATA_FAST_SCAN_H

#include "data/kernel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BERM_SCAN_BLOCK 64u
#define BERM_SCAN_WINDOW 16384u /* bytes of one call, at most */
#define BERM_SCAN_WINDOW_MIN 1024u

typedef struct berm_scan {
    const char *text;
    uint32_t len;
    uint32_t at;        /* bytes before are scanned: a multiple of the block, or len */
    uint32_t from;      /* `at` when the window that is there now began */
    uint32_t window;    /* bytes of the next one: BERM_SCAN_WINDOW at most, whole blocks */
    uint64_t in_string; /* all ones: the next block begins inside a string */
    uint64_t escaped;   /* 1: its first byte is escaped */
    uint64_t in_scalar; /* 1: the byte before it is part of a number or word */
    uint32_t low_half;  /* where the low half of a surrogate pair must stand; 0: nowhere */
    bool fault;
    uint32_t count;    /* offsets of the window */
    uint32_t *offsets; /* one for each byte of a window */
    uint64_t *slashes; /* BERM_SCAN_WINDOW / BERM_SCAN_BLOCK */
} berm_scan;

/* Scans the next window; nothing is left when count stays 0 and `at` is len. */
typedef void berm_scan_window(berm_scan *scan);
/* Offset behind the bracket that closes the one at `off`, in a valid text; len when none does. */
typedef uint32_t berm_scan_close(const char *text, uint32_t len, uint32_t off);

#define BERM_SKIP_DEPTH 1024u /* of what is nested deeper the plain reader takes care */

/* What is known of containers that are checked and not built. */
typedef struct berm_skip {
    uint32_t depth, depth_max;
    bool first;          /* the innermost container has just begun; otherwise a value was before */
    uint32_t string_len; /* that is allowed: 64 or more */
    uint64_t node_count; /* values met */
    uint64_t maps[BERM_SKIP_DEPTH / 64]; /* of each container: is it a map? */
} berm_skip;

/* From scan->at, which is in a container, to its end: checks all of it but that the text is UTF-8.
   The offset behind; 0: it is not valid, or is to be looked at by others. */
typedef uint32_t berm_scan_skip(berm_skip *skip, berm_scan *scan);

/* Space, or punctuation that a number or word may stand in front of. */
static inline bool berm_ends_scalar(char c)
{
    char low = (char)(c | 0x20);
    return c == ',' || low == '}' || c == '\n' || c == ' ' || c == '\r' || c == '\t' ||
           low == '{' || c == ':';
}

/* Is the number or word at text[at] valid, and is it all there is up to the next token? */
bool berm_skip_scalar(const char *text, uint32_t len, uint32_t at);

typedef struct berm_kernel_info {
    const char *name;
    berm_scan_window *window;
    berm_scan_close *close;
    berm_scan_skip *pass;
} berm_kernel_info;

/* NULL: this machine does not have it, or it is none. */
const berm_kernel_info *berm_kernel_find(berm_kernel kernel);

#endif
