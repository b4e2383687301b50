/* The fused program: blocks that come to a bool, as a graph of tests over paths that all blocks
   share. A path (object.spec.containers, and .image of each of these) is looked up once for each
   resource, whoever asks first; a rule whose paths are known costs a load and a comparison for each
   test.

     image's code --translate.c, on a block's first use--> nodes and paths
     resource     --table.c, as far as somebody asks-----> one cell for each path and element
     block        --decide.c-----------------------------> true, false, or not here

   It answers only where all is plain: values that are there, known, not sensitive, of types the
   tests are for, with cost and fuel to spare. Everything else it gives back, and the VM runs the
   block from its start, so errors, unknowns and limits are the VM's alone. Cost and fuel of
   what it does answer are what the VM would have counted: each edge carries the sum of the
   instructions it stands for. */
#ifndef BERM_VM_FUSED_FUSED_H
#define BERM_VM_FUSED_FUSED_H

#include "base/parts.h"
#include "vm/vm.h"

#if BERM_PART_FUSED
/* What of the evaluation a look at a block uses up. */
typedef struct berm_fused_mark {
    uint64_t fuel, poll_at;
    berm_space_mark memory;
} berm_fused_mark;
berm_fused_mark berm_fused_position(const berm_vm *vm);
/* As if nothing had been looked at since. */
void berm_fused_release(berm_vm *vm, berm_fused_mark mark);

/* True: *truth is what the block comes to, its cost is in vm->cost and its fuel is spent. False:
   nothing happened. */
bool berm_fused_decide(berm_vm *vm, uint32_t block, bool *truth);
/* How many of these guardrails, from the first on, are closed by what their first condition
   compares; their rules are added to *rules, and their fuel is spent. */
uint32_t berm_fused_close(berm_vm *vm, const uint32_t *guardrails, uint32_t count, uint32_t action,
                          uint64_t *rules);
/* With the image that the VM is bound to. */
void berm_fused_free(berm_vm *vm);
#endif

#endif
