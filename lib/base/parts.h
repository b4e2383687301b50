/* The parts of the library that a build may leave out (CMake's BERM_PARTS; all are in unless it
   says otherwise). A part is a folder; what calls into one asks here first, and says by name what
   this build has not. */
#ifndef BERM_BASE_PARTS_H
#define BERM_BASE_PARTS_H

#ifndef BERM_PART_AUTHORING /* lint, fmt, coverage of tests: lib/policy/authoring */
#define BERM_PART_AUTHORING 1
#endif
#ifndef BERM_PART_DIALECTS /* policies of Kubernetes, Gatekeeper, Kyverno: lib/policy/dialects */
#define BERM_PART_DIALECTS 1
#endif
#ifndef BERM_PART_FAST /* the vectorised reader: lib/data/fast */
#define BERM_PART_FAST 1
#endif
#ifndef BERM_PART_FORMATS /* reports other than text and json: lib/report/formats */
#define BERM_PART_FORMATS 1
#endif
#ifndef BERM_PART_FUSED /* rules judged over shared paths: lib/vm/fused */
#define BERM_PART_FUSED 1
#endif
#ifndef BERM_PART_GOVERNANCE /* packs, waivers, parameter files, controls: lib/policy/governance */
#define BERM_PART_GOVERNANCE 1
#endif

#endif
