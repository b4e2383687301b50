#include "policy/match.h"

void berm_match_unknown_target(berm_build *build, berm_part at, berm_str name)
{
    const berm_model *model = build->model;
    berm_nearest nearest = {.wanted = name};
    for (uint32_t i = 0; i < model->targets.count; i++) {
        berm_nearest_offer(&nearest, model->targets.items[i]->name);
    }
    berm_near_fault(build, berm_part_place(at), BERM_D_POLICY_REFERENCE, &nearest,
                    "no target is called `%S`", name);
}

void berm_match_check(berm_build *build, const berm_match_def *match)
{
    if (match->target.len == 0 || berm_model_target(build->model, match->target)) return;
    berm_match_unknown_target(build, berm_part_member(match->at, "target"), match->target);
}

static void add_match_row(berm_build *build, berm_str target, berm_str kind)
{
    berm_codegen *gen = &build->gen;
    berm_img_match row = {berm_codegen_text(gen, target), berm_codegen_text(gen, kind)};
    if (!berm_array_push(gen->alloc, &gen->matchs, row)) berm_build_fail(build, BERM_E_NOMEM);
}

/* "apps/Deployment" without its group. */
static berm_str cut_group(berm_str kind)
{
    for (size_t i = kind.len; i > 0; i--) {
        if (kind.ptr[i - 1] == '/') return berm_str_cut(kind, i, kind.len);
    }
    return kind;
}

/* Rows for `asked`, by the names of `target`. */
static void add_bare_rows(berm_build *build, berm_str asked, const berm_target_def *target,
                          berm_str glob)
{
    for (uint32_t i = 0; i < berm_part_count(target->bare_kinds); i++) {
        berm_str kind = berm_part_text(berm_part_element_at(target->bare_kinds, i));
        if (berm_glob_match(glob, cut_group(kind)) && !berm_glob_match(glob, kind)) {
            add_match_row(build, asked, kind);
        }
    }
}

static void add_glob_rows(berm_build *build, const berm_match_def *match, berm_str glob)
{
    const berm_model *model = build->model;
    add_match_row(build, match->target, glob);
    if (memchr(glob.ptr, '/', glob.len)) return;
    const berm_target_def *asked = berm_model_target(model, match->target);
    for (uint32_t i = 0; i < model->targets.count; i++) {
        const berm_target_def *target = model->targets.items[i];
        if (!berm_part_is(target->bare_kinds, BERM_TAG_LIST)) continue;
        if (!asked) {
            if (match->target.len == 0) add_bare_rows(build, target->name, target, glob);
        } else if (asked == target || berm_str_equal(asked->kinds_of, target->name)) {
            add_bare_rows(build, asked->name, target, glob);
        }
    }
}

berm_run_ref berm_match_rows(berm_build *build, const berm_match_def *match)
{
    berm_run_ref run = {build->gen.matchs.count, match->everything};
    if (match->everything) add_match_row(build, match->target, BERM_STR("*"));
    if (!berm_part_is(match->kinds, BERM_TAG_LIST)) return run;
    for (uint32_t i = 0; i < berm_part_count(match->kinds); i++) {
        berm_part part = berm_part_element_at(match->kinds, i);
        berm_str glob = berm_part_text(part);
        if (!glob.ptr) continue;
        if (glob.len == 0) {
            berm_part_fault(build, part, BERM_D_POLICY_NAME, "the name of a kind is empty");
        } else {
            add_glob_rows(build, match, glob);
        }
    }
    run.count = build->gen.matchs.count - run.first;
    return run;
}

/* Derived kinds have no links of their own: those of what they are derived from are theirs. */
static bool is_derived_kind(const berm_model *model, berm_str kind)
{
    for (uint32_t i = 0; i < model->kinds.count; i++)
        if (berm_glob_match(kind, model->kinds.items[i]->name)) return !berm_str_is(kind, "*");
    return false;
}

void berm_match_join(berm_build *build, const berm_match_def *asking, berm_str kind,
                     berm_place place)
{
    const berm_target_def *target = berm_model_target(build->model, asking->target);
    uint32_t spans = !target || target->joins_run;
    berm_codegen *gen = &build->gen;
    const berm_match_def any = {.target = BERM_STR("")};
    berm_img_join row = {.kind = berm_codegen_text(gen, kind),
                         .kinds = {gen->matchs.count, 0},
                         .spans = spans};
    for (uint32_t i = 0; i < gen->joins.count; i++)
        if (gen->joins.items[i].kind.off == row.kind.off &&
            gen->joins.items[i].kind.len == row.kind.len) {
            gen->joins.items[i].spans |= spans;
            return;
        }
    if (is_derived_kind(build->model, kind)) {
        berm_place_fault(build, place, BERM_D_POLICY_UNSUPPORTED,
                         "`%S` is a derived kind; only listed resources are joined", kind);
        return;
    }
    add_glob_rows(build, &any, kind);
    row.kinds.count = gen->matchs.count - row.kinds.first;
    if (!berm_array_push(gen->alloc, &gen->joins, row)) berm_build_fail(build, BERM_E_NOMEM);
}
