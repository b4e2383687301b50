/* Runs scenarios over and over, each time with another allocation failing, until one run needs
   none to fail. */
#ifndef BERM_TESTS_HARNESS_H
#define BERM_TESTS_HARNESS_H

#include <berm/berm.h>

typedef struct scenario {
    const char *name;
    int (*prepare)(void);     /* may be NULL; what the runs share, made with no failures; 0: done */
    berm_status (*run)(void); /* builds, uses and frees; what it returns is checked */
    void (*finish)(void);     /* may be NULL; frees what prepare made */
    size_t spare;             /* allocations that the library can do without: an index, a cache */
    size_t stride; /* one allocation in so many is made to fail, another one each mode; 1: each */
} scenario;

/* 0 when, whatever allocation failed, no scenario crashed, leaked or returned anything but
   BERM_E_NOMEM; at most `spare` of them may go unnoticed. */
int run_scenarios(const scenario *scenarios, size_t count);

/* The status of a call that also filled `err`: the two must agree. */
berm_status agreed(berm_status status, const berm_error *err);

#endif
