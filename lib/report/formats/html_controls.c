#include "report/formats/html.h"

static void put_figure_row(berm_text *out, const berm_figure *f)
{
    const char *status = berm_figure_status_word(f->status);
    berm_text_format(out, "<tr><td><span class=\"pill c-%s\">%s</span></td>", status, status);
    berm_html_put(out, "<td>", f->title, "</td><td class=\"w\">");
    if (f->whole && f->permille)
        berm_text_format(out,
                         "<div class=\"bar\" aria-hidden=\"true\"><i class=\"b-%s\" "
                         "style=\"width:%u%%\"></i></div>",
                         status, f->permille / 10);
    berm_text_put(out, BERM_STR("</td><td class=\"n\">"));
    if (f->whole) {
        berm_put_percent(out, f->permille);
        berm_text_format(out, " %% <span class=\"soft\">(%L of %L)</span>", f->part, f->whole);
    } else {
        berm_text_put(out, BERM_STR("<span class=\"soft\">nothing to count</span>"));
    }
    berm_text_put(out, f->at_most ? BERM_STR("</td><td class=\"n\">at most ")
                                  : BERM_STR("</td><td class=\"n\">at least "));
    berm_put_percent(out, f->target);
    berm_text_put(out, BERM_STR(" %</td></tr>\n"));
}

void berm_html_scorecards(berm_html *h)
{
    berm_text *out = h->out;
    for (uint32_t i = 0; i < h->figures.count; i++) {
        const berm_figure *f = &h->figures.items[i];
        if (!i || !berm_str_equal(f->scorecard, f[-1].scorecard)) {
            berm_text_put(out, i ? BERM_STR("</table>\n") : BERM_STR(""));
            berm_html_put(out, "<h2>Scorecard: ", f->scorecard, "</h2>\n<table>\n");
            berm_text_put(out,
                          BERM_STR("<tr><th>Status</th><th>Figure</th><th class=\"w\"></th>"
                                   "<th class=\"n\">Value</th><th class=\"n\">Target</th></tr>\n"));
        }
        put_figure_row(out, f);
    }
    if (h->figures.count) berm_text_put(out, BERM_STR("</table>\n"));
}

static void put_control_line(berm_text *out, const berm_control_row *row)
{
    const uint64_t *n = row->counts;
    const char *state = berm_control_state_word(row->state);
    berm_text_format(out, "<tr><td><span class=\"pill c-%s\">%s</span></td>", state, state);
    berm_html_put(out, "<td class=\"mono\">", row->id, "</td>");
    berm_html_put(out, "<td>", row->title, "</td>");
    berm_text_format(out,
                     "<td class=\"n\">%u</td><td class=\"n\">%L</td><td class=\"n\">%L</td>"
                     "<td class=\"n\">%L</td><td class=\"n\">%L</td></tr>\n",
                     row->guardrails, n[BERM_VERDICT_PASS],
                     n[BERM_VERDICT_FAIL] + n[BERM_VERDICT_ERROR], n[BERM_VERDICT_UNKNOWN],
                     n[BERM_VERDICT_WAIVED]);
}

static void put_set_bar(berm_text *out, const berm_rollup_set *set)
{
    berm_text_put(out, BERM_STR("<div class=\"bar\" aria-hidden=\"true\">"));
    for (uint32_t state = 0; state < BERM_CONTROL_STATE_COUNT; state++)
        if (set->states[state])
            berm_text_format(out, "<i class=\"b-%s\" style=\"flex:%u\"></i>",
                             berm_control_state_word(state), set->states[state]);
    berm_text_put(out, BERM_STR("</div>"));
}

static void put_set_of(berm_html *h, const berm_rollup_set *set)
{
    berm_text *out = h->out;
    uint32_t covered = set->count - set->states[BERM_CONTROL_NOT_COVERED];
    berm_html_put(out, "<details class=\"plain\"><summary><div class=\"line\"><strong>",
                  set->title.len ? set->title : set->name, "</strong>");
    berm_html_put(out, "<span class=\"soft\">", set->framework, "");
    berm_html_put(out, " ", set->version, "</span>");
    berm_text_format(out, "<span>%u of %u covered", covered, set->count);
    for (uint32_t state = 0; state < BERM_CONTROL_STATE_COUNT; state++) {
        const char *word = berm_control_state_word(state);
        if (set->states[state])
            berm_text_format(out, " · <span class=\"c-%s\">%u %s</span>", word, set->states[state],
                             word);
    }
    berm_text_put(out, BERM_STR("</span></div>"));
    put_set_bar(out, set);
    berm_text_put(out, BERM_STR("</summary><table>\n<tr><th>State</th><th>Control</th><th></th>"
                                "<th class=\"n\">Guardrails</th><th class=\"n\">Pass</th>"
                                "<th class=\"n\">Fail</th><th class=\"n\">Unknown</th>"
                                "<th class=\"n\">Waived</th></tr>\n"));
    for (uint32_t i = 0; i < set->count; i++)
        put_control_line(out, &h->rollup.rows.items[set->first + i]);
    berm_text_put(out, BERM_STR("</table></details>\n"));
}

void berm_html_controls(berm_html *h)
{
    if (!h->rollup.sets.count) return;
    berm_text_put(h->out, BERM_STR("<h2>Controls</h2>\n"));
    for (uint32_t i = 0; i < h->rollup.sets.count; i++) put_set_of(h, &h->rollup.sets.items[i]);
}
