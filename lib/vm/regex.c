/* matches() */
#include "vm/regex.h"

#include "vm/exec.h"

void berm_regex_cache_free(struct berm_regex_cache *cache)
{
    (void)cache;
}

BERM_FN_BODY(MATCHES)
{
    return berm_fn_fail(vm, BERM_ERR_REGEX_UNSUPPORTED, args[1], word);
}

BERM_FN_BODY(MATCHES_M)
{
    return berm_fn_MATCHES(vm, args, word);
}
