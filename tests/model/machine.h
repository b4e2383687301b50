/* The library's side: compile, link, open, run; and values from one side to the other. */
#ifndef BERM_MODEL_MACHINE_H
#define BERM_MODEL_MACHINE_H

#include "code/codegen.h"
#include "vm/vm.h"
#include "world.h"

typedef struct machine {
    berm_diags *diags;
    unsigned char *bytes;
    size_t len;
    berm_image image;
    berm_vm vm;
    uint32_t block;
    berm_status status; /* of compiling */
    bool graph;         /* what ran last is also a graph of tests: vm/fused */
} machine;

/* Compiles for a world's variables, whatever their values. machine_end in any case. */
void machine_begin(machine *m, const berm_ast *ast, const world *w);
void machine_end(machine *m);

/* As if the image had been written to a file and read again, elsewhere. */
void machine_reload(machine *m);

/* Runs over the values of `w`; unknown ones are laid over the document. The result on `h`; an
   error without a code for a status that is not OK (*status says which). */
const value *machine_run(machine *m, heap *h, const world *w, berm_status *status, uint64_t *cost);

#endif
