/* What the target `verify` counts, for a driver that tells how much of what it made was run. */
#ifndef BERM_FUZZ_VERIFY_H
#define BERM_FUZZ_VERIFY_H

#include "common.h"

typedef struct verify_counts {
    uint64_t tried;   /* images made */
    uint64_t judged;  /* passed the verifier and came to a decision */
    uint64_t limited; /* passed it and ended at a limit */
} verify_counts;
extern verify_counts verify_counted;

#endif
