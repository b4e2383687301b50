#include "policy/governance/effective.h"

#include "data/ops.h"
#include "data/tree.h"
#include "policy/governance/governance.h"
#include "policy/words.h"

typedef struct effective_print {
    berm_text *out;
    const berm_image *image;
    berm_space space; /* the image's constants, to print parameters from */
    uint16_t store;
    bool json;
} effective_print;

/* The last word on a field; rows are in the order in which they were said. */
static const berm_img_origin *find_origin(const effective_print *print, uint32_t guardrail,
                                          uint32_t rule, uint32_t field, berm_str name)
{
    const berm_img_origin *last = NULL;
    for (uint32_t i = 0; i < print->image->origin_count; i++) {
        const berm_img_origin *o = &print->image->origins[i];
        if (o->guardrail == guardrail && o->rule == rule && o->field == field && !o->kept &&
            berm_str_equal(berm_image_text(print->image, o->name), name))
            last = o;
    }
    return last;
}

static void put_member(effective_print *print, const char *name, berm_str value)
{
    berm_text_format(print->out, "\"%s\": ", name);
    berm_text_quote(print->out, value);
}

/* Who says so, and where: of the guardrail itself where there is no row. */
static void put_origin(effective_print *print, const berm_img_guardrail *g,
                       const berm_img_origin *o)
{
    const berm_image *image = print->image;
    uint32_t source = o ? o->source : g->source, line = o ? o->line : g->line;
    berm_str by = o ? berm_image_text(image, o->by) : BERM_STR("guardrail");
    berm_str file = berm_image_text(image, image->sources[source].name);
    if (!print->json) {
        berm_text_format(print->out, "  (%S, %S:%u)\n", by, file, line);
        return;
    }
    berm_text_put(print->out, BERM_STR(", \"from\": {"));
    put_member(print, "by", by);
    berm_text_put(print->out, BERM_STR(", "));
    put_member(print, "file", file);
    berm_text_format(print->out, ", \"line\": %u}", line);
}

static void put_field(effective_print *print, uint32_t guardrail, uint32_t rule, uint32_t field)
{
    static const char *const names[] = {"severity", "enforcement"};
    const berm_img_rule *row = &print->image->rules[rule];
    const char *word = field == BERM_ORIGIN_SEVERITY ? berm_severity_word(row->severity)
                                                     : berm_enforcement_word(row->enforcement);
    if (print->json) {
        berm_text_format(print->out, ", \"%s\": {", names[field]);
        put_member(print, "value", berm_str_of(word));
    } else {
        berm_text_format(print->out, "    %s: %s", names[field], word);
    }
    put_origin(print, &print->image->guardrails[guardrail],
               find_origin(print, guardrail, rule, field, BERM_STR("")));
    if (print->json) berm_text_putc(print->out, '}');
}

/* Overrides that were not taken: hard-mandatory is never lowered. */
static void put_refused(effective_print *print, uint32_t guardrail, uint32_t rule)
{
    const berm_image *image = print->image;
    bool some = false;
    for (uint32_t i = 0; i < image->origin_count; i++) {
        const berm_img_origin *o = &image->origins[i];
        if (o->guardrail != guardrail || o->rule != rule || !o->kept) continue;
        berm_str wanted = berm_image_text(image, o->value);
        if (print->json) {
            berm_text_put(print->out, some ? BERM_STR(", {") : BERM_STR(", \"refused\": [{"));
            put_member(print, "value", wanted);
        } else {
            berm_text_format(print->out, "      not lowered to %S", wanted);
        }
        put_origin(print, &image->guardrails[guardrail], o);
        if (print->json) berm_text_putc(print->out, '}');
        some = true;
    }
    if (some && print->json) berm_text_putc(print->out, ']');
}

static void put_rule(effective_print *print, uint32_t guardrail, uint32_t index)
{
    uint32_t rule = print->image->guardrails[guardrail].rules.first + index;
    berm_str name = berm_image_text(print->image, print->image->rules[rule].name);
    if (print->json) {
        berm_text_put(print->out, index ? BERM_STR(", {") : BERM_STR("{"));
        put_member(print, "validation", name);
    } else {
        berm_text_format(print->out, "  %S\n", name);
    }
    put_field(print, guardrail, rule, BERM_ORIGIN_ENFORCEMENT);
    put_refused(print, guardrail, rule);
    put_field(print, guardrail, rule, BERM_ORIGIN_SEVERITY);
    if (print->json) berm_text_putc(print->out, '}');
}

static bool put_parameter(effective_print *print, uint32_t guardrail, berm_cell map, uint32_t index)
{
    berm_str name = berm_text_of(&print->space, berm_map_key_at(&print->space, map, index));
    berm_cell value = berm_map_value_at(&print->space, map, index);
    if (print->json) {
        berm_text_put(print->out, index ? BERM_STR(", {") : BERM_STR("{"));
        put_member(print, "parameter", name);
        berm_text_put(print->out, BERM_STR(", \"value\": "));
    } else {
        berm_text_format(print->out, "  params.%S: ", name);
    }
    if (!berm_json_write(print->out, &print->space, value, BERM_JSON_COMPACT)) return false;
    put_origin(print, &print->image->guardrails[guardrail],
               find_origin(print, guardrail, BERM_NO_ROW, BERM_ORIGIN_PARAMETER, name));
    if (print->json) berm_text_putc(print->out, '}');
    return true;
}

static bool put_parameters(effective_print *print, uint32_t guardrail)
{
    berm_cell map = print->image->store.cells[print->image->guardrails[guardrail].params];
    map.store = print->store;
    if (print->json) berm_text_put(print->out, BERM_STR("], \"parameters\": ["));
    for (uint32_t i = 0; map.tag == BERM_TAG_MAP && i < map.as.ref.len; i++)
        if (!put_parameter(print, guardrail, map, i)) return false;
    if (print->json) berm_text_put(print->out, BERM_STR("]}"));
    return true;
}

static bool put_guardrail(effective_print *print, uint32_t guardrail, bool first)
{
    const berm_img_guardrail *g = &print->image->guardrails[guardrail];
    berm_str id = berm_image_text(print->image, g->id);
    if (print->json) {
        berm_text_put(print->out, first ? BERM_STR("\n    {") : BERM_STR(",\n    {"));
        put_member(print, "guardrail", id);
        berm_text_put(print->out, BERM_STR(", \"validations\": ["));
    } else {
        berm_text_format(print->out, "%s%S\n", first ? "" : "\n", id);
    }
    for (uint32_t i = 0; i < g->rules.count; i++) put_rule(print, guardrail, i);
    return put_parameters(print, guardrail);
}

static bool put_guardrails(effective_print *print)
{
    bool first = true;
    for (uint32_t g = 0; g < print->image->guardrail_count; g++) {
        if (!print->image->guardrails[g].matches.count) continue; /* compiled for a test */
        if (!put_guardrail(print, g, first)) return false;
        first = false;
    }
    if (print->json) berm_text_put(print->out, first ? BERM_STR("]\n}\n") : BERM_STR("\n  ]\n}\n"));
    return !print->out->failed;
}

bool berm_effective_print(berm_text *out, const berm_policy *policy, bool json)
{
    effective_print print = {.out = out, .image = &policy->image, .json = json};
    berm_space_init(&print.space, &policy->alloc, UINT64_MAX);
    berm_space_reset(&print.space, UINT64_MAX);
    print.store = berm_space_add(&print.space, &policy->image.store);
    if (json)
        berm_text_put(out, BERM_STR("{\n  \"schema\": \"berm-effective/1\",\n  \"guardrails\": ["));
    bool written = print.store && put_guardrails(&print);
    berm_space_free(&print.space);
    return written;
}
