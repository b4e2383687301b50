#include "report/formats/html.h"

#include "policy/words.h"

#include <stdlib.h>

static bool is_in_list(const berm_entry *e)
{
    return e->finding.verdict != BERM_VERDICT_PASS && e->finding.verdict != BERM_VERDICT_SKIPPED;
}

/* --- filters --- */

static int order_choices(const void *x, const void *y)
{
    return berm_str_compare(*(const berm_str *)x, *(const berm_str *)y);
}

/* A choice of all texts that occur. Values have a sign in front, so that the empty text can be
   chosen, too, and "any" is told from it. */
static void put_choices(berm_html *h, const char *name, const char *any, berm_str *texts,
                        size_t count)
{
    berm_text *out = h->out;
    qsort(texts, count, sizeof *texts, order_choices);
    berm_text_format(out, "<select name=\"%s\" aria-label=\"%s\"><option value=\"\">%s</option>",
                     name, any, any);
    for (size_t i = 0; i < count; i++) {
        if (i && berm_str_equal(texts[i], texts[i - 1])) continue;
        berm_html_put(out, "<option value=\".", texts[i], "\">");
        if (texts[i].len) berm_put_markup(out, texts[i]);
        else berm_text_put(out, BERM_STR("(none)"));
        berm_text_put(out, BERM_STR("</option>"));
    }
    berm_text_put(out, BERM_STR("</select>\n"));
}

static void put_word_choices(berm_html *h, const char *name, const char *any, uint64_t used,
                             const char *(*word)(uint32_t))
{
    berm_text_format(h->out, "<select name=\"%s\" aria-label=\"%s\"><option value=\"\">%s</option>",
                     name, any, any);
    for (uint32_t i = 8; i-- > 0;)
        if (used >> i & 1)
            berm_text_format(h->out, "<option value=\".%s\">%s</option>", word(i), word(i));
    berm_text_put(h->out, BERM_STR("</select>\n"));
}

/* Hidden until the script shows it: without, there is nothing that it could do. */
static void put_filters(berm_html *h, const uint32_t *picked, uint32_t count)
{
    uint64_t verdicts = 0, severities = 0;
    berm_str *texts = berm_arena_alloc(&h->view.arena, ((size_t)count + 1) * sizeof *texts);
    if (!texts) {
        h->view.failed = true;
        return;
    }
    const berm_entry *entries = h->view.report->entries.items;
    for (uint32_t i = 0; i < count; i++) {
        verdicts |= 1u << entries[picked[i]].finding.verdict;
        severities |= 1u << entries[picked[i]].finding.severity;
    }
    berm_text_put(h->out,
                  BERM_STR("<form id=\"filters\" hidden>\n<input name=\"search\" type=\"search\" "
                           "placeholder=\"Search\" aria-label=\"Search\">\n"));
    put_word_choices(h, "verdict", "Any verdict", verdicts, berm_verdict_word);
    put_word_choices(h, "severity", "Any severity", severities, berm_severity_word);
    for (uint32_t i = 0; i < count; i++) texts[i] = entries[picked[i]].category;
    put_choices(h, "category", "Any category", texts, count);
    for (uint32_t i = 0; i < count; i++) texts[i] = h->owners[picked[i]];
    put_choices(h, "owner", "Any owner", texts, count);
    berm_text_put(h->out, BERM_STR("<button type=\"reset\">Reset</button>\n"
                                   "<span class=\"soft\" id=\"shown\"></span>\n</form>\n"));
}

/* --- a finding --- */

static void put_row_of(berm_text *out, const char *name, berm_str value)
{
    if (!value.len) return;
    berm_text_format(out, "<dt>%s</dt>", name);
    berm_html_put(out, "<dd>", value, "</dd>\n");
}

static void put_code_row(berm_text *out, const char *name, berm_str code, berm_str value)
{
    berm_text_format(out, "<dt>%s</dt>", name);
    berm_html_put(out, "<dd><code>", code, "</code> is ");
    berm_html_put(out, "<code>", value, "</code></dd>\n");
}

static void put_why(berm_text *out, const berm_finding *f)
{
    const berm_witness *w = f->witness;
    if (!w || f->verdict == BERM_VERDICT_ERROR) return;
    put_code_row(out, "Why", w->expression, w->value);
    for (size_t i = 0; i < w->operand_count; i++)
        put_code_row(out, i ? "" : "Where", w->operands[i].expression, w->operands[i].value);
}

/* A link only where it leads to the web: other schemes might be scripts. */
static void put_link_row(berm_text *out, berm_str url)
{
    if (!url.len) return;
    if (!berm_str_starts(url, BERM_STR("https://")) && !berm_str_starts(url, BERM_STR("http://"))) {
        put_row_of(out, "More", url);
        return;
    }
    berm_html_put(out, "<dt>More</dt><dd><a rel=\"noreferrer\" href=\"", url, "\">");
    berm_html_put(out, "", url, "</a></dd>\n");
}

static void put_body(berm_html *h, uint32_t index)
{
    berm_text *out = h->out, made;
    const berm_entry *e = &h->view.report->entries.items[index];
    const berm_finding *f = &e->finding;
    berm_text_init(&made, out->alloc);
    berm_text_put(out, BERM_STR("<div class=\"body\">"));
    if (e->frame.len) berm_html_put(out, "<pre>", e->frame, "</pre>");
    if (f->flags & BERM_FINDING_SENSITIVE)
        berm_text_put(out, BERM_STR("<p class=\"soft\">The text is not shown: the resource has "
                                    "sensitive values.</p>"));
    berm_text_put(out, BERM_STR("<dl>\n"));
    put_row_of(out, "Fix", e->remediation);
    put_why(out, f);
    if (f->waiver.len) {
        berm_put_waiver(&made, f);
        put_row_of(out, "Waived by", berm_text_view(&made));
        made.len = 0;
    }
    put_row_of(out, "Guardrail", e->title);
    berm_put_rule_id(&made, e);
    put_row_of(out, "Id", berm_text_view(&made));
    put_row_of(out, "Enforcement", berm_str_of(berm_enforcement_word(f->enforcement)));
    put_row_of(out, "Kind", f->kind);
    put_row_of(out, "Element", f->path);
    put_row_of(out, "Action", f->action ? berm_str_of(berm_action_word(f->action)) : BERM_STR(""));
    put_row_of(out, "Category", e->category);
    put_row_of(out, "Owner", h->owners[index]);
    put_link_row(out, e->url);
    put_row_of(out, "Fingerprint", f->fingerprint);
    berm_text_put(out, BERM_STR("</dl></div></details>\n"));
    out->failed |= made.failed;
    berm_text_free(&made);
}

static void put_finding_of(berm_html *h, uint32_t index)
{
    berm_text *out = h->out, made;
    const berm_entry *e = &h->view.report->entries.items[index];
    const berm_finding *f = &e->finding;
    const char *verdict = berm_verdict_word(f->verdict),
               *severity = berm_severity_word(f->severity);
    berm_text_init(&made, out->alloc);
    berm_text_format(out,
                     "<details class=\"finding v-%s\" data-verdict=\"%s\" data-severity=\"%s\"",
                     verdict, verdict, severity);
    berm_html_put(out, " data-category=\"", e->category, "\"");
    berm_html_put(out, " data-owner=\"", h->owners[index], "\"><summary><div class=\"line\">");
    berm_text_format(out, "<span class=\"pill c-%s\">%s</span><span class=\"pill s-%s\">%s</span>",
                     verdict, verdict, severity, severity);
    berm_html_put(out, "<strong>", f->message.len ? f->message : e->title, "</strong></div>");
    berm_put_subject(&made, e);
    berm_html_put(out, "<div class=\"sub\"><span class=\"mono\">", berm_text_view(&made),
                  "</span> · ");
    made.len = 0;
    berm_text_put(&made, berm_survey_path(&h->view, e->source));
    if (f->line) berm_text_format(&made, ":%u:%u", f->line, f->column);
    berm_html_put(out, "", berm_text_view(&made), "");
    if (h->owners[index].len) berm_html_put(out, " · ", h->owners[index], "");
    berm_text_put(out, BERM_STR("</div></summary>"));
    out->failed |= made.failed;
    berm_text_free(&made);
    put_body(h, index);
}

void berm_html_findings(berm_html *h)
{
    uint32_t count;
    uint32_t *picked = berm_survey_pick(&h->view, is_in_list, &count);
    if (!picked) {
        h->view.failed = true;
        return;
    }
    berm_text_put(h->out, BERM_STR("<h2>Findings</h2>\n"));
    if (!count) {
        berm_text_put(h->out, BERM_STR("<p class=\"empty\">Nothing failed, erred, is unknown or "
                                       "waived.</p>\n"));
        return;
    }
    put_filters(h, picked, count);
    for (uint32_t i = 0; i < count; i++) {
        put_finding_of(h, picked[i]);
        if (h->out->len > h->view.report->output_len) return; /* the caller refuses it */
    }
}

/* --- what passed --- */

static bool is_passed(const berm_entry *e)
{
    return e->finding.verdict == BERM_VERDICT_PASS;
}

void berm_html_passes(berm_html *h)
{
    uint32_t count;
    berm_text *out = h->out, made;
    uint32_t *picked = berm_survey_pick(&h->view, is_passed, &count);
    if (!picked) h->view.failed = true;
    if (!picked || !count) return;
    berm_text_init(&made, out->alloc);
    berm_text_format(out,
                     "<h2>Passed</h2>\n<details class=\"plain\"><summary>%u verdict%s</summary>"
                     "<table>\n<tr><th>Guardrail</th><th>Resource</th><th>Document</th></tr>\n",
                     count, count == 1 ? "" : "s");
    for (uint32_t i = 0; i < count && out->len <= h->view.report->output_len; i++) {
        const berm_entry *e = &h->view.report->entries.items[picked[i]];
        made.len = 0;
        berm_put_rule_id(&made, e);
        berm_html_put(out, "<tr><td>", berm_text_view(&made), "</td>");
        made.len = 0;
        berm_put_subject(&made, e);
        berm_html_put(out, "<td class=\"mono\">", berm_text_view(&made), "</td>");
        berm_html_put(out, "<td>", berm_survey_path(&h->view, e->source), "</td></tr>\n");
    }
    berm_text_put(out, BERM_STR("</table></details>\n"));
    out->failed |= made.failed;
    berm_text_free(&made);
}
