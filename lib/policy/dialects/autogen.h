/* What Kyverno calls autogen: a policy for Pods holds for what makes Pods, too. */
#ifndef BERM_POLICY_DIALECTS_AUTOGEN_H
#define BERM_POLICY_DIALECTS_AUTOGEN_H

#include "policy/dialects/admission.h"

/* Which controllers a policy is for; all of them unless it says otherwise. */
typedef struct berm_autogen {
    berm_part annotation; /* "Deployment,CronJob", "none"; or absent */
    berm_part list;       /* [deployments, cronjobs]; or absent */
} berm_autogen;

/* Adds the guardrails of a policy for Pods: its own is there already, with terms.id "first@second"
   (second may be empty). */
void berm_autogen_add(berm_build *build, const berm_autogen *autogen,
                      const berm_admission_terms *terms, berm_str first, berm_str second);
/* The annotation of a policy. */
berm_part berm_autogen_annotation(berm_part document);

#endif
