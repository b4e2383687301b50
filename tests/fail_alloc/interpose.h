/* malloc, calloc, realloc and free of the whole process, so that those of libyaml and pcre2 can
   be made to fail, too. While armed, every block is counted, filled with junk when it is born
   and when it dies, and realloc always moves. */
#ifndef BERM_TESTS_INTERPOSE_H
#define BERM_TESTS_INTERPOSE_H

#include <stdbool.h>
#include <stddef.h>

/* Count from here on; the `nth` allocation fails (1 is the first, 0: none does), and with
   `onwards` all after it. */
void interpose_arm(size_t nth, bool onwards);

/* Stop. */
void interpose_disarm(void);

size_t interpose_calls(void);  /* allocations asked for while armed */
size_t interpose_failed(void); /* of these, made to fail */
long interpose_live(void);     /* blocks allocated and not freed while armed */

#endif
