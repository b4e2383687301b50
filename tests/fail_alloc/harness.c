#include "harness.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interpose.h"

#define DISAGREED (-1)

berm_status agreed(berm_status status, const berm_error *err)
{
    return status == BERM_OK || status == err->status ? status : DISAGREED;
}

/* One run with failures from the nth allocation; false when something is wrong. *done: no
   allocation had to fail. *spare goes down when the run did without the allocation. */
static bool run_once(const scenario *s, size_t nth, bool onwards, size_t *spare, bool *done)
{
    interpose_arm(nth, onwards);
    berm_status status = s->run();
    interpose_disarm();
    *done = interpose_failed() == 0;
    berm_status wanted = *done ? BERM_OK : BERM_E_NOMEM;
    const char *mode = onwards ? "and all after it" : "alone";
    if (status == BERM_OK && !*done && *spare > 0) {
        --*spare;
    } else if (status != wanted) {
        printf("%s: allocation %zu %s failed: status %d, not %d\n", s->name, nth, mode, (int)status,
               (int)wanted);
        return false;
    }
    if (interpose_live() != 0) {
        printf("%s: allocation %zu %s failed: %ld blocks leaked\n", s->name, nth, mode,
               interpose_live());
        return false;
    }
    return true;
}

static bool run_all(const scenario *s)
{
    size_t calls = 0;
    int faults = 0;
    for (int onwards = 0; onwards < 2; onwards++) {
        bool done = false;
        size_t spare = s->spare;
        size_t step = s->stride;
        for (size_t nth = 1 + (onwards ? step / 2 : 0); !done && faults < 10; nth += step) {
            if (!run_once(s, nth, onwards != 0, &spare, &done)) faults++;
        }
        calls = interpose_calls();
    }
    printf("%s: %zu allocations, one in %zu made to fail: %s\n", s->name, calls, s->stride,
           faults == 0 ? "passed" : "FAILED");
    fflush(stdout);
    return faults == 0 && calls > 0;
}

/* Do allocations inside a shared library, here the C library's strdup, come to our malloc? */
static bool is_interposed(void)
{
    interpose_arm(0, false);
    char *volatile text = strdup("text");
    free(text);
    interpose_disarm();
    return interpose_calls() == 1 && interpose_live() == 0;
}

int run_scenarios(const scenario *scenarios, size_t count)
{
    size_t failed = 0;
    if (!is_interposed()) {
        printf("malloc is not interposed: nothing would be tested\n");
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        const scenario *s = &scenarios[i];
        if (s->prepare && s->prepare() != 0) {
            printf("%s: FAILED to prepare\n", s->name);
            failed++;
            continue;
        }
        if (!run_all(s)) failed++;
        if (s->finish) s->finish();
    }
    return failed == 0 ? 0 : 1;
}
