#include "policy/assemble.h"
#include "policy/match.h"
#include "policy/path.h"

/* --- targets --- */

static void push_step(berm_build *build, const berm_path_step *step)
{
    berm_codegen *gen = &build->gen;
    berm_img_step row = {.kind = step->kind,
                         .name = berm_codegen_text(gen, step->name),
                         .key = BERM_NO_ROW,
                         .jump = step->jump};
    if (step->name.len) row.key = berm_codegen_key(gen, step->name);
    if (!berm_array_push(gen->alloc, &gen->steps, row)) berm_build_fail(build, BERM_E_NOMEM);
}

static berm_run_ref assemble_path(berm_build *build, const berm_expr *text)
{
    berm_run_ref run = {build->gen.steps.count, 0};
    berm_path path;
    if (!berm_expr_given(text) || !berm_path_read(build, text, &path)) return run;
    for (uint32_t i = 0; i < path.count; i++) push_step(build, &path.steps[i]);
    run.count = build->gen.steps.count - run.first;
    return run;
}

static berm_img_listing assemble_listing(berm_build *build, const berm_sight *sight,
                                         const berm_sight *tags, const berm_listing_def *listing)
{
    return (berm_img_listing){
        .path = assemble_path(build, &listing->path),
        .where = berm_assemble_expr(sight, &listing->where, BERM_FOR_CONDITION),
        .kind = berm_assemble_expr(sight, &listing->kind, BERM_FOR_VALUE),
        .name = berm_assemble_expr(sight, &listing->name, BERM_FOR_VALUE),
        .address = berm_assemble_expr(sight, &listing->address, BERM_FOR_VALUE),
        .object = berm_assemble_expr(sight, &listing->object, BERM_FOR_VALUE),
        .old_object = berm_assemble_expr(sight, &listing->old_object, BERM_FOR_VALUE),
        .unknown = berm_assemble_expr(sight, &listing->unknown, BERM_FOR_VALUE),
        .sensitive = berm_assemble_expr(sight, &listing->sensitive, BERM_FOR_VALUE),
        .old_sensitive = berm_assemble_expr(sight, &listing->old_sensitive, BERM_FOR_VALUE),
        .tags = berm_assemble_expr(tags, &listing->tags, BERM_FOR_VALUE),
        .action = berm_assemble_expr(sight, &listing->action, BERM_FOR_VALUE),
        .provider = berm_assemble_expr(sight, &listing->provider, BERM_FOR_VALUE),
        .module = berm_assemble_expr(sight, &listing->module, BERM_FOR_VALUE),
        .request = berm_assemble_expr(sight, &listing->request, BERM_FOR_VALUE),
        .configured = berm_assemble_expr(sight, &listing->configured, BERM_FOR_VALUE),
        .names = berm_assemble_expr(tags, &listing->names, BERM_FOR_VALUE),
        .refers = berm_assemble_expr(tags, &listing->refers, BERM_FOR_VALUE),
        .may_refer = berm_assemble_expr(tags, &listing->may_refer, BERM_FOR_VALUE),
    };
}

static berm_run_ref assemble_listings(berm_build *build, const berm_target_def *target)
{
    berm_codegen *gen = &build->gen;
    berm_run_ref run = {gen->listings.count, target->listings.count};
    berm_sight sight, tags;
    berm_sight_init(&sight, build, BERM_VIEW_LISTING);
    berm_sight_init(&tags, build, BERM_VIEW_TAGS);
    for (uint32_t i = 0; i < target->listings.count; i++) {
        berm_img_listing row = assemble_listing(build, &sight, &tags, &target->listings.items[i]);
        if (!berm_array_push(gen->alloc, &gen->listings, row)) berm_build_fail(build, BERM_E_NOMEM);
    }
    berm_sight_free(&sight);
    berm_sight_free(&tags);
    return run;
}

static berm_run_ref assemble_nodes(berm_build *build, const berm_node_defs *nodes)
{
    berm_codegen *gen = &build->gen;
    berm_run_ref run = {gen->nodes.count, nodes->count};
    berm_sight sight;
    berm_sight_init(&sight, build, BERM_VIEW_LISTING);
    for (uint32_t i = 0; i < nodes->count; i++) {
        const berm_node_def *node = &nodes->items[i];
        berm_img_node row = {.path = assemble_path(build, &node->path),
                             .where = berm_assemble_expr(&sight, &node->where, BERM_FOR_CONDITION),
                             .name = berm_assemble_expr(&sight, &node->name, BERM_FOR_VALUE),
                             .scope = berm_assemble_expr(&sight, &node->scope, BERM_FOR_VALUE),
                             .object = berm_assemble_expr(&sight, &node->object, BERM_FOR_VALUE),
                             .each = berm_assemble_expr(&sight, &node->each, BERM_FOR_VALUE)};
        if (!berm_array_push(gen->alloc, &gen->nodes, row)) berm_build_fail(build, BERM_E_NOMEM);
    }
    berm_sight_free(&sight);
    return run;
}

static uint32_t assemble_seen(berm_build *build, berm_view view, const berm_expr *expr,
                              berm_purpose purpose)
{
    berm_sight sight;
    berm_sight_init(&sight, build, view);
    uint32_t block = berm_assemble_expr(&sight, expr, purpose);
    berm_sight_free(&sight);
    return block;
}

static void check_kinds_of(berm_build *build, const berm_target_def *target)
{
    if (target->kinds_of.len == 0) return;
    berm_part at = berm_part_member(target->at, "kindsOf");
    const berm_target_def *other = berm_model_target(build->model, target->kinds_of);
    if (!other) {
        berm_match_unknown_target(build, at, target->kinds_of);
    } else if (other == target || other->kinds_of.len) {
        berm_part_fault(build, at, BERM_D_POLICY_REFERENCE,
                        "`%S` has no kinds of its own, so they cannot be those of `%S`",
                        other->name, target->name);
    }
}

void berm_assemble_target(berm_build *build, const berm_target_def *target)
{
    berm_codegen *gen = &build->gen;
    check_kinds_of(build, target);
    berm_img_target row = {
        .name = berm_codegen_text(gen, target->name),
        .title = berm_codegen_text(gen, target->title),
        .detect = assemble_seen(build, BERM_VIEW_DETECT, &target->detect, BERM_FOR_CONDITION),
        .fallback = target->fallback,
        .nulls_missing = target->nulls_missing,
        .yaml_11 = target->yaml_11,
        .kinds_of = berm_codegen_text(gen, target->kinds_of),
        .marks = berm_assemble_marks(build, target),
        .complete = assemble_seen(build, BERM_VIEW_DOCUMENT, &target->complete, BERM_FOR_CONDITION),
        .sensitive = assemble_seen(build, BERM_VIEW_DOCUMENT, &target->sensitive, BERM_FOR_VALUE),
        .listings = assemble_listings(build, target),
        .configuration = assemble_nodes(build, &target->nodes),
        .through = assemble_nodes(build, &target->through),
        .references = berm_assemble_references(build, target),
        .joins_run = target->joins_run};
    if (!berm_array_push(gen->alloc, &gen->targets, row)) berm_build_fail(build, BERM_E_NOMEM);
}

/* --- derived kinds --- */

void berm_assemble_kind(berm_build *build, const berm_kind_def *kind)
{
    berm_codegen *gen = &build->gen;
    berm_match_check(build, &kind->of);
    if (berm_str_is(kind->name, "document")) {
        berm_part_fault(build, berm_part_member(kind->at, "kind"), BERM_D_POLICY_NAME,
                        "`document` is the kind of the whole document; choose another name");
    }
    berm_img_kind row = {
        .name = berm_codegen_text(gen, kind->name),
        .target = berm_codegen_text(gen, kind->of.target),
        .of = berm_match_rows(build, &kind->of),
        .each = assemble_seen(build, BERM_VIEW_KIND, &kind->each, BERM_FOR_ELEMENTS),
        .item_name = assemble_seen(build, BERM_VIEW_KIND_ITEM, &kind->item_name, BERM_FOR_VALUE),
        .object = BERM_NO_ROW};
    berm_sight sight;
    berm_sight_init(&sight, build, BERM_VIEW_KIND_ITEM);
    row.object = kind->fields.count ? berm_assemble_fields(&sight, &kind->fields)
                                    : berm_assemble_expr(&sight, &kind->object, BERM_FOR_VALUE);
    berm_sight_free(&sight);
    if (!berm_array_push(gen->alloc, &gen->kinds, row)) berm_build_fail(build, BERM_E_NOMEM);
}
