/* Controls as a compiled set knows them: frameworks and mappings (what could be covered), and the
   controls of each guardrail (what is), its own and those that mappings give it. Reads the image
   alone, so a loaded set answers as well; nothing is allocated. */
#ifndef BERM_POLICY_GOVERNANCE_CONTROLS_H
#define BERM_POLICY_GOVERNANCE_CONTROLS_H

#include "policy/policy.h"

/* Texts live as long as the image; title is empty where none may be given. */
typedef struct berm_control {
    berm_str framework, version, id, title;
} berm_control;

/* What controls are counted against: a framework, or a selection from one (a mapping). */
typedef struct berm_control_set {
    berm_str name;               /* of the framework or mapping */
    berm_str framework, version; /* of the framework, also for a mapping */
    berm_str title, url, licence;
    berm_run_ref controls; /* none where the licence leaves only the shape of ids */
} berm_control_set;

/* The set called `name`: a mapping, or a framework (of `version`; empty: the one there is, or the
   last of several). False: there is none. */
bool berm_control_set_find(const berm_image *image, berm_str name, berm_str version,
                           berm_control_set *out);
/* All of them, frameworks first; false past the end. */
bool berm_control_set_at(const berm_image *image, uint32_t index, berm_control_set *out);
/* Control `index` < set->controls.count. */
berm_control berm_control_of_set(const berm_image *image, const berm_control_set *set,
                                 uint32_t index);

/* The controls of a GUARDRAIL row: berm_control_at(image, guardrail, 0 .. count - 1). */
uint32_t berm_control_count(const berm_image *image, uint32_t guardrail);
berm_control berm_control_at(const berm_image *image, uint32_t guardrail, uint32_t index);
/* Is the guardrail about this control? */
bool berm_control_is_of(const berm_image *image, uint32_t guardrail, const berm_control *control);
/* The title of a control in the set's frameworks, or empty. */
berm_str berm_control_title(const berm_image *image, const berm_control *control);

#endif
