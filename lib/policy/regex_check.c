#include "policy/regex_check.h"

#include "vm/exec.h"

/* matches() as expressions have it; MISSING when memory ended. */
static berm_cell run_matches(berm_build *build, berm_str pattern, berm_str text)
{
    berm_cell missing = berm_cell_of(BERM_TAG_MISSING);
    if (!build->vm) {
        build->vm = berm_build_alloc(build, 1, sizeof *build->vm);
        if (!build->vm) return missing;
        berm_vm_init(build->vm, build->alloc, &build->limits);
    }
    berm_space *space = &build->vm->space;
    berm_space_reset(space, build->limits.fuel);
    berm_cell args[2] = {berm_space_string(space, text), berm_space_string(space, pattern)};
    if (args[0].tag == BERM_TAG_MISSING || args[1].tag == BERM_TAG_MISSING) {
        berm_build_fail(build, space->status);
        return missing;
    }
    berm_cell result = berm_fn_MATCHES(build->vm, args, 0);
    if (space->status != BERM_OK) berm_build_fail(build, space->status);
    return result;
}

bool berm_pattern_check(berm_build *build, berm_str pattern, berm_place place)
{
    berm_cell result = run_matches(build, pattern, BERM_STR(""));
    if (result.tag == BERM_TAG_BOOL) return true;
    if (result.tag != BERM_TAG_ERROR) return false;
    bool later = berm_error_code_of(result) == BERM_ERR_REGEX_UNSUPPORTED;
    berm_text text;
    berm_text_init(&text, build->alloc);
    berm_error_print(&text, &build->vm->space, result, false);
    if (text.failed) berm_build_fail(build, BERM_E_NOMEM);
    berm_place_fault(build, place, later ? BERM_D_CEL_REGEX_UNSUPPORTED : BERM_D_CEL_REGEX, "%S",
                     berm_text_view(&text));
    berm_text_free(&text);
    return false;
}

bool berm_pattern_matches(berm_build *build, berm_str pattern, berm_str text)
{
    return berm_cell_is_true(run_matches(build, pattern, text));
}
