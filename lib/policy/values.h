/* Values that say of themselves what they are: {"Ref": "Name"}, "${{ github.ref }}", a marker of a
   provider. A target's `values` tell them, and its objects are judged with them laid out as
   unknown, unset or sensitive.

     object   {Name: {Ref: Bucket}, Acl: {Ref: AWS::NoValue}, Size: 3}
     becomes  {Name: *, Size: 3}                                        * unknown */
#ifndef BERM_POLICY_VALUES_H
#define BERM_POLICY_VALUES_H

#include "policy/runner.h"

/* `value` as TARGET row `target` (or BERM_NO_ROW) reads it; {} when all of it is unset. Only the
   arrays on the way to what changes are copied, into the VM's space, whose status says why nothing
   more was done; spans are kept. *sensitive becomes true when one of them is. */
berm_cell berm_values_mark(berm_runner *runner, uint32_t target, berm_cell value, bool *sensitive);

#endif
