/* A finding a line, as in the JSON report, and a last line that says how it ended. */
#include "report/formats/formats.h"

#include "policy/words.h"

static void put_jsonl_summary(berm_text *out, const berm_report *report)
{
    const berm_summary *s = &report->summary;
    berm_out o;
    berm_out_init(&o, out, 0);
    berm_out_open(&o, NULL, '{');
    berm_out_lit(&o, "schema", "berm-report/1");
    berm_out_fmt(&o, "engine", "%u.%u.%u", (uint32_t)BERM_VERSION_MAJOR,
                 (uint32_t)BERM_VERSION_MINOR, (uint32_t)BERM_VERSION_PATCH);
    berm_put_time(berm_out_make(&o), report->extras.now);
    berm_out_made(&o, "time");
    berm_out_open(&o, "summary", '{');
    berm_out_bool(&o, "denied", s->denied);
    berm_out_num(&o, "documents", report->sources.count);
    berm_out_num(&o, "resources", s->resources);
    berm_out_num(&o, "unmatched", s->unmatched);
    for (uint32_t v = 0; v < BERM_VERDICT_COUNT; v++)
        berm_out_num(&o, berm_verdict_word(v), s->verdicts[v]);
    berm_out_close(&o, '}');
    berm_out_close(&o, '}');
    berm_out_free(&o);
    berm_text_putc(out, '\n');
}

bool berm_formats_jsonl(berm_text *out, const berm_report *report, uint32_t flags)
{
    for (uint32_t i = 0; i < report->entries.count; i++) {
        const berm_entry *e = &report->entries.items[i];
        if (berm_report_is_quiet(e, flags)) continue;
        if (!berm_report_put_entry(out, report, e)) return false;
        berm_text_putc(out, '\n');
        if (out->len > report->output_len) return true; /* the caller refuses it */
    }
    put_jsonl_summary(out, report);
    return !out->failed;
}
