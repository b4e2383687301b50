/* Syntax errors on their way to the list of diagnostics. */
#include "cel/fault.h"

berm_place berm_cel_place(const berm_cel_origin *origin, uint32_t off, uint32_t len)
{
    if (!origin) return (berm_place){0, off, len};
    if (!origin->map) return (berm_place){origin->source, off, len};
    uint32_t from = origin->map(origin->ctx, off);
    uint32_t to = len ? origin->map(origin->ctx, off + len) : from;
    return (berm_place){origin->source, from, to > from ? to - from : 0};
}

void berm_cel_fault(berm_cel_faults *faults, berm_diag_id id, uint32_t off, uint32_t len,
                    const char *format, ...)
{
    if (faults->stopped || (faults->count && faults->last == off)) return;
    berm_place place = berm_cel_place(faults->origin, off, len);
    va_list args;
    va_start(args, format);
    if (berm_diags_vadd(faults->diags, id, place, format, args) != BERM_OK) berm_cel_nomem(faults);
    va_end(args);
    faults->last = off;
    if (++faults->count == BERM_CEL_FAULTS_MAX) faults->stopped = true;
}

void berm_cel_nomem(berm_cel_faults *faults)
{
    faults->nomem = faults->stopped = true;
}
