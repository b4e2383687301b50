#include "policy/load.h"

static void load_fields(berm_build *build, berm_kind_def *kind, berm_part map)
{
    if (!berm_list_reserve(build, &kind->fields, berm_part_count(map))) return;
    for (uint32_t i = 0; i < berm_part_count(map); i++) {
        berm_part value = berm_part_value_at(map, i);
        berm_named_expr field = {.name = berm_part_text(berm_part_key_at(map, i)),
                                 .at = value,
                                 .expr = {.text = berm_part_text(value), .part = value}};
        kind->fields.items[kind->fields.count++] = field;
    }
}

void berm_load_kind(berm_build *build, berm_part document)
{
    berm_kind_def *kind = berm_build_alloc(build, 1, sizeof *kind);
    if (!kind) return;
    *kind = (berm_kind_def){.name = berm_load_text(document, "kind"),
                            .at = document,
                            .of = berm_load_match(build, berm_part_member(document, "of")),
                            .each = berm_load_expr(document, "each"),
                            .item_name = berm_load_expr(document, "name"),
                            .object = berm_load_expr(document, "object")};
    berm_part object = berm_part_member(document, "object");
    if (berm_part_is(object, BERM_TAG_MAP)) load_fields(build, kind, object);
    if (!berm_array_push(build->alloc, &build->model->kinds, kind)) {
        berm_build_fail(build, BERM_E_NOMEM);
    }
}
