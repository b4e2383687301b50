/* Functions of the host: what an engine was given, as compiling and evaluating see them. Code names
   them by rows of the HOST table; a VM links these rows to the functions of its engine by name,
   style and number of arguments. */
#ifndef BERM_CODE_HOST_H
#define BERM_CODE_HOST_H

#include "base/mem.h"

#include <stdatomic.h>

#define BERM_HOSTS_MAX 1000u
#define BERM_HOST_ARGUMENTS_MAX 16u

typedef struct berm_host {
    berm_str name; /* may be qualified: acme.owner */
    berm_str declaration;
    bool method;
    uint8_t argc;                                /* the receiver of a method is one */
    uint8_t parameters[BERM_HOST_ARGUMENTS_MAX]; /* berm_type_id; DYN: any */
    uint8_t result;                              /* likewise; of an optional what it holds */
    bool optional; /* null stands for none, a value for its optional */
    berm_status (*call)(void *ctx, const berm_value *args, size_t arg_count, berm_builder *result);
    void *ctx;
} berm_host;

/* Immutable once made; shared by an engine, its policies and all that evaluate. */
typedef struct berm_hosts {
    _Atomic uint32_t refs;
    berm_alloc alloc;
    berm_arena texts;
    BERM_ARRAY(berm_host) items;
} berm_hosts;

/* NULL: no memory. One reference. */
berm_hosts *berm_hosts_new(const berm_alloc *alloc);
/* NULL is allowed, and means no functions everywhere below. */
berm_hosts *berm_hosts_hold(berm_hosts *hosts);
void berm_hosts_drop(berm_hosts *hosts);

/* The number of the function, or -1. */
int berm_hosts_find(const berm_hosts *hosts, berm_str name, bool method, uint32_t argc);
/* Is there one of that name, whatever it takes? */
bool berm_hosts_known(const berm_hosts *hosts, berm_str name);

#endif
