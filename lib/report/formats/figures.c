/* Counts what scorecards ask for. */
#include "report/formats/scorecard.h"

#include "data/ops.h"

#include <stdlib.h>

typedef struct figure_counter {
    berm_survey *view;
    const berm_rollup *rollup;
    berm_figures *out;
} figure_counter;

const char *berm_figure_status_word(uint32_t status)
{
    static const char *const words[] = {"met", "near", "missed", "no-data"};
    return status <= BERM_FIGURE_NO_DATA ? words[status] : "";
}

void berm_put_percent(berm_text *out, uint32_t permille)
{
    berm_text_format(out, "%u.%u", permille / 10, permille % 10);
}

/* --- controls --- */

static const berm_rollup_set *choose_set(const berm_rollup *rollup, const berm_figure_def *def)
{
    const berm_rollup_set *found = NULL;
    for (uint32_t i = 0; i < rollup->sets.count; i++) {
        const berm_rollup_set *set = &rollup->sets.items[i];
        if (berm_str_equal(set->name, def->controls) &&
            (!def->version.len || berm_str_equal(set->version, def->version)))
            found = set; /* of several versions the last */
    }
    return found;
}

static void count_controls(const berm_rollup *rollup, const berm_figure_def *def, berm_figure *f)
{
    const berm_rollup_set *set = choose_set(rollup, def);
    if (!set) return; /* no data */
    uint32_t covered = set->count - set->states[BERM_CONTROL_NOT_COVERED];
    if (def->measure == BERM_MEASURE_CONTROLS_COVERED) {
        f->part = covered;
        f->whole = set->count;
    } else {
        f->part = set->states[BERM_CONTROL_PASS];
        f->whole = covered - set->states[BERM_CONTROL_NOT_APPLICABLE];
    }
}

/* --- findings and resources --- */

static bool has_wanted_tags(berm_survey *view, const berm_card_reader *r,
                            const berm_figure_def *def, const berm_entry *e)
{
    if (def->tags.tag != BERM_TAG_MAP) return true;
    for (uint32_t i = 0; i < def->tags.as.ref.len; i++) {
        berm_str key = berm_text_of(&r->space, berm_map_key_at(&r->space, def->tags, i));
        berm_str value = berm_entry_tag(view, e, key);
        if (!value.len || !berm_cards_match(r, berm_map_value_at(&r->space, def->tags, i), value))
            return false;
    }
    return true;
}

/* A verdict that says something, of the guardrails, elements, kinds and tags that are asked for. */
static bool is_counted(berm_survey *view, const berm_card_reader *r, const berm_figure_def *def,
                       const berm_entry *e)
{
    const berm_finding *f = &e->finding;
    if (f->verdict == BERM_VERDICT_SKIPPED || !f->guardrail.len) return false;
    if (!berm_cards_match(r, def->kinds, f->kind)) return false;
    if (def->elements.tag != BERM_TAG_MISSING && !berm_cards_match(r, def->elements, f->path))
        return false;
    if (!berm_cards_match(r, def->guardrails, f->guardrail)) {
        char id[256]; /* guardrail/validation; a longer one is matched as far as it goes */
        berm_format_into(id, sizeof id, "%S/%S", f->guardrail, f->validation);
        if (!berm_cards_match(r, def->guardrails, berm_str_of(id))) return false;
    }
    return has_wanted_tags(view, r, def, e);
}

static void count_waived(figure_counter *c, const berm_card_reader *r, const berm_figure_def *def,
                         berm_figure *f)
{
    const berm_report *report = c->view->report;
    for (uint32_t i = 0; i < report->entries.count; i++) {
        const berm_entry *e = &report->entries.items[i];
        if (!is_counted(c->view, r, def, e)) continue;
        f->whole++;
        f->part += e->finding.verdict == BERM_VERDICT_WAIVED;
    }
}

typedef struct resource_row {
    berm_str source, address;
    bool passed;
} resource_row;

static int order_resources(const void *x, const void *y)
{
    const resource_row *a = x, *b = y;
    int order = berm_str_compare(a->source, b->source);
    return order ? order : berm_str_compare(a->address, b->address);
}

/* A resource passes when all of its verdicts do. */
static bool count_resources(figure_counter *c, const berm_card_reader *r,
                            const berm_figure_def *def, berm_figure *f)
{
    const berm_report *report = c->view->report;
    size_t most = (size_t)report->entries.count + 1;
    resource_row *rows = berm_mem_new(c->view->alloc, most * sizeof *rows);
    size_t count = 0;
    if (!rows) return false;
    for (uint32_t i = 0; i < report->entries.count; i++) {
        const berm_entry *e = &report->entries.items[i];
        if (is_counted(c->view, r, def, e))
            rows[count++] = (resource_row){e->source, e->finding.address,
                                           e->finding.verdict == BERM_VERDICT_PASS};
    }
    if (count) qsort(rows, count, sizeof *rows, order_resources);
    for (size_t i = 0; i < count;) {
        bool passed = true;
        size_t first = i;
        for (; i < count && order_resources(&rows[first], &rows[i]) == 0; i++)
            passed &= rows[i].passed;
        f->whole++;
        f->part += passed;
    }
    berm_mem_free(c->view->alloc, rows, most * sizeof *rows);
    return true;
}

/* --- the verdict --- */

static void judge_figure(berm_figure *f)
{
    f->status = BERM_FIGURE_NO_DATA;
    if (!f->whole) return;
    /* Rounded against the one who is measured: 94.96 % is not 95, and 10.04 % is more than 10. */
    uint64_t scaled = f->part * 1000 + (f->at_most ? f->whole - 1 : 0);
    f->permille = (uint32_t)(scaled / f->whole);
    bool met = f->at_most ? f->permille <= f->target : f->permille >= f->target;
    bool near = f->at_most ? f->permille <= f->warn : f->permille >= f->warn;
    f->status = met ? BERM_FIGURE_MET : near ? BERM_FIGURE_NEAR : BERM_FIGURE_MISSED;
}

static bool count_figure(void *ctx, const berm_card_reader *r, const berm_figure_def *def)
{
    figure_counter *c = ctx;
    berm_figure f = def->shown;
    bool made = true;
    switch (def->measure) {
    case BERM_MEASURE_FINDINGS_WAIVED: count_waived(c, r, def, &f); break;
    case BERM_MEASURE_RESOURCES_PASSED: made = count_resources(c, r, def, &f); break;
    case BERM_MEASURE_RESOURCES_UNMATCHED:
        f.part = c->view->report->summary.unmatched;
        f.whole = c->view->report->summary.resources;
        break;
    default: count_controls(c->rollup, def, &f); break;
    }
    judge_figure(&f);
    return made && berm_array_push(c->view->alloc, c->out, f);
}

bool berm_scorecards_count(berm_survey *view, const berm_rollup *rollup, berm_figures *out)
{
    const berm_report_extras *extras = &view->report->extras;
    figure_counter counter = {view, rollup, out};
    bool made = true;
    for (uint32_t i = 0; made && i < extras->scorecards.count; i++) {
        berm_card_reader reader;
        made = berm_cards_open(&reader, view->alloc, extras->scorecards.items[i], NULL) &&
               !berm_cards_read(&reader, count_figure, &counter);
        berm_cards_close(&reader);
    }
    return made;
}
