#include "report/formats/html.h"

#include "base/hash.h"
#include "policy/words.h"

void berm_html_put(berm_text *out, const char *before, berm_str text, const char *after)
{
    berm_text_put(out, berm_str_of(before));
    berm_put_markup(out, text);
    berm_text_put(out, berm_str_of(after));
}

static void put_pieces(berm_text *out, const char *const *pieces)
{
    for (; *pieces; pieces++) berm_text_put(out, berm_str_of(*pieces));
}

/* Of a digest: two bytes are left behind the last group of three. */
static void put_base64(berm_text *out, const unsigned char bytes[32])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < 32; i += 3) {
        uint32_t group = (uint32_t)bytes[i] << 16 | (uint32_t)bytes[i + 1] << 8;
        if (i + 2 < 32) group |= bytes[i + 2];
        berm_text_putc(out, digits[group >> 18]);
        berm_text_putc(out, digits[group >> 12 & 63]);
        berm_text_putc(out, digits[group >> 6 & 63]);
        berm_text_putc(out, i + 2 < 32 ? digits[group & 63] : '=');
    }
}

static void put_script_digest(berm_text *out)
{
    unsigned char digest[32];
    berm_sha256 h;
    berm_sha256_init(&h);
    for (const char *const *piece = berm_html_script; *piece; piece++)
        berm_sha256_put(&h, *piece, strlen(*piece));
    berm_sha256_end(&h, digest);
    put_base64(out, digest);
}

static void put_head(berm_html *h)
{
    berm_text *out = h->out;
    bool denied = h->view.report->summary.denied;
    berm_text_put(out,
                  BERM_STR("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                           "<meta name=\"viewport\" content=\"width=device-width, "
                           "initial-scale=1\">\n"
                           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                           "'none'; style-src 'unsafe-inline'; script-src 'sha256-"));
    put_script_digest(out);
    berm_text_format(out,
                     "'; base-uri 'none'; form-action 'none'\">\n<title>Berm: %s</title>\n"
                     "<style>\n",
                     denied ? "denied" : "allowed");
    put_pieces(out, berm_html_style);
    berm_text_put(out, BERM_STR("</style>\n</head>\n<body>\n"));
}

/* --- the summary --- */

static void put_tile(berm_text *out, uint64_t value, const char *what, const char *color)
{
    berm_text_format(out, "<div class=\"tile\"><b%s%s%s>%L</b><span>%s</span></div>\n",
                     value && *color ? " class=\"c-" : "", value ? color : "",
                     value && *color ? "\"" : "", value, what);
}

static void put_verdict_bar(berm_text *out, const berm_summary *s)
{
    static const uint32_t order[] = {BERM_VERDICT_FAIL, BERM_VERDICT_ERROR, BERM_VERDICT_UNKNOWN,
                                     BERM_VERDICT_WAIVED, BERM_VERDICT_PASS};
    berm_text_put(out, BERM_STR("<div class=\"bar\" aria-hidden=\"true\">"));
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (s->verdicts[order[i]])
            berm_text_format(out, "<i class=\"b-%s\" style=\"flex:%L\"></i>",
                             berm_verdict_word(order[i]), s->verdicts[order[i]]);
    berm_text_put(out, BERM_STR("</div>\n"));
}

static void put_summary_of(berm_html *h)
{
    berm_text *out = h->out;
    const berm_report *report = h->view.report;
    const berm_summary *s = &report->summary;
    berm_text_format(out,
                     "<header><div>\n<h1>Guardrail report <span class=\"badge%s\">%s</span></h1>\n",
                     s->denied ? "" : " ok", s->denied ? "Denied" : "Allowed");
    berm_text_format(out, "<p class=\"meta\">%u document%s, %u validation%s, ",
                     report->sources.count, report->sources.count == 1 ? "" : "s",
                     h->view.rules.count, h->view.rules.count == 1 ? "" : "s");
    berm_html_put(out, "as of <time>", h->view.now, "</time>");
    if (report->extras.revision.len)
        berm_html_put(out, ", revision <code>", report->extras.revision, "</code>");
    berm_text_put(out, BERM_STR("</p>\n<div class=\"tiles\">\n"));
    put_tile(out, s->verdicts[BERM_VERDICT_FAIL], "failed", "fail");
    put_tile(out, s->verdicts[BERM_VERDICT_ERROR], "errors", "error");
    put_tile(out, s->verdicts[BERM_VERDICT_UNKNOWN], "not known yet", "unknown");
    put_tile(out, s->verdicts[BERM_VERDICT_WAIVED], "waived", "waived");
    put_tile(out, s->verdicts[BERM_VERDICT_PASS], "passed", "pass");
    put_tile(out, s->resources, "resources", "");
    put_tile(out, s->unmatched, "looked at by no guardrail", "unknown");
    berm_text_put(out, BERM_STR("</div>\n"));
    put_verdict_bar(out, s);
    berm_text_put(out, BERM_STR("</div></header>\n"));
}

/* --- the evidence --- */

static void put_evidence_row(berm_text *out, const char *what, berm_str name, berm_str digest)
{
    berm_text_format(out, "<tr><td>%s</td>", what);
    berm_html_put(out, "<td class=\"mono\">", name, "</td>");
    berm_html_put(out, "<td class=\"mono soft\">", digest, "</td></tr>\n");
}

static void put_evidence(berm_html *h)
{
    berm_text *out = h->out, made;
    const berm_report *report = h->view.report;
    berm_text_init(&made, out->alloc);
    berm_text_put(out, BERM_STR("<h2>Evidence</h2>\n<table>\n<tr><th>What</th><th>Name</th>"
                                "<th>SHA-256</th></tr>\n"));
    for (uint32_t i = 0; i < report->policies.count; i++) {
        made.len = 0;
        berm_put_policy_digest(&made, report->policies.items[i]);
        put_evidence_row(out, "policies", BERM_STR("the compiled set"), berm_text_view(&made));
    }
    for (uint32_t i = 0; i < report->sources.count; i++)
        put_evidence_row(out, "document",
                         berm_survey_path(&h->view, report->sources.items[h->view.sources[i]]),
                         berm_report_digest(report, h->view.sources[i]));
    berm_text_put(out, BERM_STR("</table>\n</main>\n"));
    berm_text_format(out, "<footer>Berm %u.%u.%u, ", (uint32_t)BERM_VERSION_MAJOR,
                     (uint32_t)BERM_VERSION_MINOR, (uint32_t)BERM_VERSION_PATCH);
    berm_html_put(out, "", h->view.now, "</footer>\n");
    out->failed |= made.failed;
    berm_text_free(&made);
}

static bool gather_owners(berm_html *h)
{
    const berm_report *report = h->view.report;
    h->owners = berm_arena_alloc(&h->view.arena, (report->entries.count + 1) * sizeof(berm_str));
    for (uint32_t i = 0; h->owners && i < report->entries.count; i++) {
        const berm_entry *e = &report->entries.items[i];
        bool same = i && e->finding.tags.ptr == e[-1].finding.tags.ptr;
        h->owners[i] = same ? h->owners[i - 1] : berm_entry_owner(&h->view, e);
    }
    return h->owners != NULL;
}

bool berm_formats_html(berm_text *out, const berm_report *report, uint32_t flags)
{
    berm_html h = {.out = out};
    bool made = berm_survey_open(&h.view, report, flags) && berm_rollup_make(&h.view, &h.rollup) &&
                berm_scorecards_count(&h.view, &h.rollup, &h.figures) && gather_owners(&h);
    if (made) {
        put_head(&h);
        put_summary_of(&h);
        berm_text_put(out, BERM_STR("<main>\n"));
        berm_html_scorecards(&h);
        berm_html_findings(&h);
        berm_html_controls(&h);
        berm_html_passes(&h);
        put_evidence(&h);
        berm_text_put(out, BERM_STR("<script>"));
        put_pieces(out, berm_html_script);
        berm_text_put(out, BERM_STR("</script>\n</body>\n</html>\n"));
    }
    berm_array_free(h.view.alloc, &h.figures);
    berm_rollup_free(&h.view, &h.rollup);
    return berm_survey_close(&h.view, out) && made;
}
