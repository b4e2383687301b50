/* What the public handles are. */
#ifndef BERM_API_OBJECTS_H
#define BERM_API_OBJECTS_H

#include "data/limits.h"
#include "policy/policy.h"

struct berm_engine {
    _Atomic uint32_t refs;
    berm_alloc alloc;
    berm_limits limits; /* all resolved */
    int (*zone)(void *ctx, berm_str name, berm_str *tzif);
    void *zone_ctx;
    berm_hosts *hosts; /* NULL: none */
};

struct berm_eval {
    berm_engine *engine; /* a reference is held */
    berm_runner *runner;
    bool answered; /* a pending call, since the last run or call */
};

/* A caller's struct as this version knows it: what it has not (an older, shorter struct) is
   zero. False: size 0. */
bool berm_api_take(void *own, size_t own_size, const void *given, size_t given_size);

/* The other way: `own` into a caller's struct, as much as it has room for; it starts with its
   size. */
void berm_api_give(void *out, const void *own, size_t own_size);

/* The same of what is compiled, with its sources checked. */
berm_status berm_api_take_input(berm_compile_input *own, const berm_compile_input *given,
                                berm_error *err);
/* A missing or contradicting argument. */
berm_status berm_api_refuse(berm_error *err, const char *what);
berm_status berm_api_nomem(berm_error *err);
/* Hand a finished text to a host's sink; E_IO when the sink says so. */
berm_status berm_api_write(const berm_sink *sink, berm_str text, berm_error *err);

#endif
