#include "policy/governance/controls.h"

static berm_control_set read_framework(const berm_image *image, const berm_img_framework *row)
{
    return (berm_control_set){.name = berm_image_text(image, row->name),
                              .framework = berm_image_text(image, row->name),
                              .version = berm_image_text(image, row->version),
                              .title = berm_image_text(image, row->title),
                              .url = berm_image_text(image, row->url),
                              .licence = berm_image_text(image, row->licence),
                              .controls = row->controls};
}

static berm_control_set read_mapping(const berm_image *image, const berm_img_mapping *row)
{
    berm_control_set set = {.title = BERM_STR(""), .url = BERM_STR(""), .licence = BERM_STR("")};
    if (row->catalogue != BERM_NO_ROW)
        set = read_framework(image, &image->frameworks[row->catalogue]);
    if (row->title.len) set.title = berm_image_text(image, row->title);
    set.name = berm_image_text(image, row->name);
    set.framework = berm_image_text(image, row->framework);
    set.version = berm_image_text(image, row->version);
    set.controls = row->controls;
    return set;
}

bool berm_control_set_at(const berm_image *image, uint32_t index, berm_control_set *out)
{
    if (index < image->framework_count)
        return *out = read_framework(image, &image->frameworks[index]), true;
    index -= image->framework_count;
    return index < image->mapping_count &&
           (*out = read_mapping(image, &image->mappings[index]), true);
}

bool berm_control_set_find(const berm_image *image, berm_str name, berm_str version,
                           berm_control_set *out)
{
    berm_control_set set;
    bool found = false;
    for (uint32_t i = 0; berm_control_set_at(image, i, &set); i++)
        if (berm_str_equal(set.name, name) &&
            (!version.len || berm_str_equal(set.version, version)))
            *out = set, found = true;
    return found;
}

berm_control berm_control_of_set(const berm_image *image, const berm_control_set *set,
                                 uint32_t index)
{
    const berm_img_control *row = &image->controls[set->controls.first + index];
    return (berm_control){set->framework, set->version, berm_image_text(image, row->id),
                          berm_image_text(image, row->title)};
}

/* --- of a guardrail --- */

/* Children of a constant lie in the image's cells. */
static berm_str text_of_member(const berm_image *image, berm_cell map, const char *key)
{
    const berm_cell *cells = image->store.cells + map.as.ref.off;
    for (uint32_t i = 0; map.tag == BERM_TAG_MAP && i < map.as.ref.len; i++) {
        const berm_cell *name = &cells[2 * i], *value = &cells[2 * i + 1];
        if (name->tag != BERM_TAG_STRING || value->tag != BERM_TAG_STRING) continue;
        berm_str text = {image->store.text[(name->flags & BERM_CELL_DECODED) != 0] +
                             name->as.ref.off,
                         name->as.ref.len};
        if (!berm_str_is(text, key)) continue;
        return (berm_str){image->store.text[(value->flags & BERM_CELL_DECODED) != 0] +
                              value->as.ref.off,
                          value->as.ref.len};
    }
    return BERM_STR("");
}

static berm_cell list_of_controls(const berm_image *image, uint32_t guardrail)
{
    return image->store.cells[image->guardrails[guardrail].controls];
}

uint32_t berm_control_count(const berm_image *image, uint32_t guardrail)
{
    berm_cell list = list_of_controls(image, guardrail);
    return list.tag == BERM_TAG_LIST ? list.as.ref.len : 0;
}

berm_control berm_control_at(const berm_image *image, uint32_t guardrail, uint32_t index)
{
    berm_cell list = list_of_controls(image, guardrail);
    berm_cell map = image->store.cells[list.as.ref.off + index];
    berm_control control = {.framework = text_of_member(image, map, "framework"),
                            .version = text_of_member(image, map, "version"),
                            .id = text_of_member(image, map, "id")};
    control.title = berm_control_title(image, &control);
    return control;
}

static bool is_same_control(const berm_control *a, const berm_control *b)
{
    return berm_str_equal(a->id, b->id) && berm_str_equal(a->framework, b->framework) &&
           berm_str_equal(a->version, b->version);
}

bool berm_control_is_of(const berm_image *image, uint32_t guardrail, const berm_control *control)
{
    for (uint32_t i = 0; i < berm_control_count(image, guardrail); i++) {
        berm_control own = berm_control_at(image, guardrail, i);
        if (is_same_control(&own, control)) return true;
    }
    return false;
}

berm_str berm_control_title(const berm_image *image, const berm_control *control)
{
    for (uint32_t f = 0; f < image->framework_count; f++) {
        const berm_img_framework *row = &image->frameworks[f];
        if (!berm_str_equal(berm_image_text(image, row->name), control->framework) ||
            !berm_str_equal(berm_image_text(image, row->version), control->version))
            continue;
        for (uint32_t i = 0; i < row->controls.count; i++) {
            const berm_img_control *one = &image->controls[row->controls.first + i];
            if (berm_str_equal(berm_image_text(image, one->id), control->id))
                return berm_image_text(image, one->title);
        }
    }
    return BERM_STR("");
}
