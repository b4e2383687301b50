/* From what a host declares to the functions that compiling and evaluating know. */
#ifndef BERM_POLICY_HOST_H
#define BERM_POLICY_HOST_H

#include "cel/declare.h"
#include "code/host.h"

/* The functions of an engine, one reference. E_ARGUMENT: one of them cannot be declared, `err` says
   which and why; E_NOMEM. */
berm_status berm_hosts_declare(const berm_alloc *alloc, const berm_function *functions,
                               size_t count, berm_hosts **out, berm_error *err);
/* Makes them known to the checker. E_NOMEM. */
berm_status berm_hosts_add(const berm_hosts *hosts, berm_declarations *declarations);

#endif
