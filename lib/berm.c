/* The whole library as one file, for bindings and for embedding: compile it with -Ilib -Iinclude and link libpcre2-8,
   libyaml and libm. Written by tools/unity; a test keeps it complete. */

#include "base/arena.c"
#include "base/diag.c"
#include "base/hash.c"
#include "base/locate.c"
#include "base/mem.c"
#include "base/number_int.c"
#include "base/sha256.c"
#include "base/text.c"
#include "base/utf8.c"

#include "data/functions.c"
#include "data/limits.c"
#include "data/store.c"
#include "data/value_find.c"
#include "data/yaml_anchor.c"
#include "data/yaml_scalar.c"
#include "data/yaml_tag.c"

#include "cel/fault.c"

#include "policy/index.c"
#include "policy/words.c"
