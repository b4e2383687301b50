/* Calls of the host's functions: what they gave, and what is pending. Each call, which is a
   function and the text of its arguments, is made once a run and remembered with its result:

     first met -> DONE, FAILED, MISFIT      a pure function was called
               -> PENDING                   a deferred one: its value is unknown, the host is told
                  -> DONE, FAILED           answered: the next run knows */
#ifndef BERM_VM_HOST_H
#define BERM_VM_HOST_H

#include "code/host.h"
#include "code/intern.h"
#include "data/doc.h"
#include "vm/keep.h"
#include "vm/vm.h"

typedef enum berm_call_state {
    BERM_CALL_PENDING,
    BERM_CALL_DONE,
    BERM_CALL_FAILED,
    BERM_CALL_MISFIT /* it gave a value of a type that it does not declare */
} berm_call_state;

typedef struct berm_host_call {
    uint32_t function;  /* of vm->hosts */
    uint8_t state;      /* berm_call_state */
    uint32_t run;       /* in which it was listed as pending */
    berm_str key;       /* as CEL text; in calls->texts */
    berm_cell value;    /* DONE: in the keep. MISFIT: the type that came, as a value */
    uint32_t arguments; /* of a deferred call: the cell of their list in the keep */
    uint64_t size;      /* what the value takes, for costs */
} berm_host_call;

typedef struct berm_host_calls {
    BERM_ARRAY(berm_host_call) items;
    berm_intern_table index; /* of keys: off is the number of the call */
    uint64_t salt;           /* arguments may be a document's */
    berm_arena texts;
    uint64_t text_len;
    berm_keep keep;
    uint16_t store; /* of the keep in the space of this run; 0: not there yet */
    uint32_t run;
    berm_text key; /* of the call that is looked up */
    BERM_ARRAY(berm_pending) pending;
    BERM_ARRAY(uint32_t) pending_calls; /* parallel: their numbers */
} berm_host_calls;

/* What berm_vm_begin and berm_vm_free do for calls: with vm->again those of the last run stay. */
void berm_host_calls_begin(berm_vm *vm);
void berm_host_calls_free(berm_vm *vm);

/* The calls that this run met and nobody has answered, in the order it met them. */
const berm_pending *berm_host_pending(const berm_vm *vm, uint32_t *count);
void berm_host_forget_pending(berm_vm *vm);
/* Answers one of them; NULL: it failed. E_ARGUMENT: there is no such call, or the answer is not one
   value of the declared type; E_LIMIT, E_NOMEM. Nothing has changed then. */
berm_status berm_host_answer(berm_vm *vm, size_t index, const berm_doc *answer, berm_error *err);

#endif
