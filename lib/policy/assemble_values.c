/* `values` of a target: a row for each name, glob or value that tells something. */
#include "policy/assemble.h"

static void push_mark(berm_build *build, uint32_t means, uint32_t told, berm_part part)
{
    berm_codegen *gen = &build->gen;
    if (told != BERM_TOLD_BY_EQUAL && !berm_part_is(part, BERM_TAG_STRING)) return; /* reported */
    berm_img_mark row = {.means = means,
                         .told = told,
                         .value = berm_codegen_constant(gen, &build->space, berm_part_cell(part))};
    if (!berm_array_push(gen->alloc, &gen->marks, row)) berm_build_fail(build, BERM_E_NOMEM);
}

static void push_marks(berm_build *build, uint32_t means, uint32_t told, berm_part list)
{
    if (!berm_part_is(list, BERM_TAG_LIST)) return;
    for (uint32_t i = 0; i < berm_part_count(list); i++) {
        push_mark(build, means, told, berm_part_element_at(list, i));
    }
}

berm_run_ref berm_assemble_marks(berm_build *build, const berm_target_def *target)
{
    static const struct {
        const char *key;
        uint32_t means;
    } meanings[] = {{"unknown", BERM_MEANS_UNKNOWN},
                    {"unset", BERM_MEANS_UNSET},
                    {"sensitive", BERM_MEANS_SENSITIVE}};
    static const struct {
        const char *key;
        uint32_t told;
    } signs[] = {{"onlyKey", BERM_TOLD_BY_ONLY_KEY},
                 {"hasKey", BERM_TOLD_BY_KEY},
                 {"text", BERM_TOLD_BY_TEXT},
                 {"equal", BERM_TOLD_BY_EQUAL}};
    berm_run_ref run = {build->gen.marks.count, 0};
    for (size_t m = 0; m < sizeof meanings / sizeof *meanings; m++) {
        berm_part told_by = berm_part_member(target->values, meanings[m].key);
        for (size_t s = 0; s < sizeof signs / sizeof *signs; s++) {
            push_marks(build, meanings[m].means, signs[s].told,
                       berm_part_member(told_by, signs[s].key));
        }
    }
    push_marks(build, BERM_MEANS_ITSELF, BERM_TOLD_BY_PLACE,
               berm_part_member(target->values, "keep"));
    run.count = build->gen.marks.count - run.first;
    return run;
}

berm_run_ref berm_assemble_references(berm_build *build, const berm_target_def *target)
{
    static const char *const keys[] = {[BERM_REFERENCE_KEY] = "keys",
                                       [BERM_REFERENCE_PLAIN] = "plain",
                                       [BERM_REFERENCE_SAME] = "same",
                                       [BERM_REFERENCE_EACH] = "each"};
    berm_run_ref run = {build->gen.marks.count, 0};
    for (uint32_t i = 0; i < sizeof keys / sizeof *keys; i++)
        push_marks(build, i, BERM_TOLD_BY_TEXT, berm_part_member(target->references, keys[i]));
    run.count = build->gen.marks.count - run.first;
    return run;
}
