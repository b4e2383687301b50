#include "policy/load.h"

static void load_listings(berm_build *build, berm_target_def *target, berm_part list)
{
    if (!berm_part_is(list, BERM_TAG_LIST) || berm_part_count(list) == 0) return;
    if (!berm_list_reserve(build, &target->listings, berm_part_count(list))) return;
    for (uint32_t i = 0; i < berm_part_count(list); i++) {
        berm_part map = berm_part_element_at(list, i);
        berm_listing_def listing = {
            .at = map,
            .path = berm_load_expr(map, "path"),
            .where = berm_load_expr(map, "where"),
            .kind = berm_load_expr(map, "kind"),
            .name = berm_load_expr(map, "name"),
            .address = berm_load_expr(map, "address"),
            .object = berm_load_expr(map, "object"),
            .old_object = berm_load_expr(map, "oldObject"),
            .unknown = berm_load_expr(map, "unknown"),
            .sensitive = berm_load_expr(map, "sensitive"),
            .old_sensitive = berm_load_expr(map, "oldSensitive"),
            .tags = berm_load_expr(map, "tags"),
            .action = berm_load_expr(map, "action"),
            .provider = berm_load_expr(map, "provider"),
            .module = berm_load_expr(map, "module"),
            .request = berm_load_expr(map, "request"),
            .configured = berm_load_expr(map, "configured"),
            .names = berm_load_expr(map, "names"),
            .refers = berm_load_expr(map, "refers"),
            .may_refer = berm_load_expr(map, "mayRefer"),
        };
        target->listings.items[target->listings.count++] = listing;
    }
}

static void load_nodes(berm_build *build, berm_node_defs *nodes, berm_part list)
{
    if (!berm_part_is(list, BERM_TAG_LIST) || berm_part_count(list) == 0) return;
    if (!berm_list_reserve(build, nodes, berm_part_count(list))) return;
    for (uint32_t i = 0; i < berm_part_count(list); i++) {
        berm_part map = berm_part_element_at(list, i);
        nodes->items[nodes->count++] = (berm_node_def){.path = berm_load_expr(map, "path"),
                                                       .where = berm_load_expr(map, "where"),
                                                       .name = berm_load_expr(map, "name"),
                                                       .scope = berm_load_expr(map, "scope"),
                                                       .object = berm_load_expr(map, "object"),
                                                       .each = berm_load_expr(map, "each")};
    }
}

static void register_target(berm_build *build, berm_target_def *target)
{
    berm_model *model = build->model;
    if (!berm_array_push(build->alloc, &model->targets, target)) {
        berm_build_fail(build, BERM_E_NOMEM);
        return;
    }
    uint32_t first =
        berm_load_register(build, &model->target_names, target->name, model->targets.count - 1);
    if (first == BERM_NO_NAME) return;
    berm_model_twice(build, "the target", berm_part_member(target->at, "target"),
                     berm_part_member(model->targets.items[first]->at, "target"));
}

void berm_load_target(berm_build *build, berm_part document)
{
    berm_target_def *target = berm_build_alloc(build, 1, sizeof *target);
    if (!target) return;
    *target = (berm_target_def){
        .name = berm_load_text(document, "target"),
        .title = berm_load_text(document, "title"),
        .kinds_of = berm_load_text(document, "kindsOf"),
        .at = document,
        .bare_kinds = berm_part_member(document, "bareKinds"),
        .values = berm_part_member(document, "values"),
        .references = berm_part_member(document, "references"),
        .joins_run = berm_str_is(berm_load_text(document, "joins"), "run"),
        .fallback = berm_load_bool(document, "fallback", false),
        .nulls_missing = berm_str_is(berm_load_text(document, "nulls"), "missing"),
        .yaml_11 = berm_str_is(berm_part_word(berm_part_member(document, "yaml")), "1.1"),
        .detect = berm_load_expr(document, "detect"),
        .complete = berm_load_expr(document, "complete"),
        .sensitive = berm_load_expr(document, "sensitive"),
    };
    load_listings(build, target, berm_part_member(document, "resources"));
    load_nodes(build, &target->nodes, berm_part_member(document, "configuration"));
    load_nodes(build, &target->through, berm_part_member(target->references, "through"));
    register_target(build, target);
}
