/* Moved: base/nearest.h. */
#ifndef BERM_POLICY_NEAREST_H
#define BERM_POLICY_NEAREST_H

#include "base/nearest.h"

#endif
