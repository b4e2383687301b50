/* The tags of resources in findings, for reports that tell owners and count by tags. */
#ifndef BERM_POLICY_FORMATS_TAGS_H
#define BERM_POLICY_FORMATS_TAGS_H

#include "policy/runner.h"

/* Fills f->tags where the run asks for tags. False: no memory. */
bool berm_finding_keep_tags(berm_runner *runner, const berm_resource *resource, berm_finding *f);

#endif
