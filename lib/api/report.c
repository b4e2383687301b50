#include "report/report.h"

#include "api/objects.h"

berm_status berm_report_new(berm_engine *engine, berm_report **out, berm_error *err)
{
    if (!engine || !out) return berm_api_refuse(err, "engine or out is NULL");
    *out = NULL;
    berm_report *report = berm_mem_new(&engine->alloc, sizeof *report);
    if (!report) return berm_api_nomem(err);
    report->alloc = engine->alloc;
    report->output_len = engine->limits.output_len;
    report->summary.size = sizeof report->summary;
    berm_arena_init(&report->arena, &report->alloc);
    *out = report;
    return BERM_OK;
}

berm_status berm_report_add(berm_report *report, const berm_run *run, const berm_decision *decision,
                            berm_error *err)
{
    if (!report || !run || !decision)
        return berm_api_refuse(err, "report, run or decision is NULL");
    return berm_report_fill(report, run, decision) ? berm_api_nomem(err) : BERM_OK;
}

berm_status berm_report_fail(berm_report *report, berm_str source, const berm_error *why,
                             berm_error *err)
{
    if (!report || !why || (!source.ptr && source.len))
        return berm_api_refuse(err, "report, source or why is NULL");
    return berm_report_fill_failure(report, source, why) ? berm_api_nomem(err) : BERM_OK;
}

berm_status berm_report_configure(berm_report *report, const berm_report_options *options,
                                  berm_error *err)
{
    berm_report_options own;
    if (!report || !options || !berm_api_take(&own, sizeof own, options, options->size))
        return berm_api_refuse(err, "report or options is NULL, or options.size is 0");
#if BERM_PART_FORMATS
    if (!berm_report_set_options(report, &own)) return berm_api_nomem(err);
#endif
    return BERM_OK;
}

berm_status berm_report_score(berm_report *report, const berm_doc *definitions, berm_error *err)
{
    if (!report || !definitions) return berm_api_refuse(err, "report or definitions is NULL");
#if BERM_PART_FORMATS
    return berm_scorecards_add(report, definitions, err);
#else
    return berm_api_refuse(err, "this build has no scorecards");
#endif
}

const char *berm_report_format_name(uint32_t format)
{
    const berm_report_format *known = berm_report_find_format(format);
    return known ? known->name : NULL;
}

uint32_t berm_report_run_flags(uint32_t format)
{
    const berm_report_format *known = berm_report_find_format(format);
    return known ? known->run_flags : 0;
}

berm_status berm_report_write(const berm_report *report, uint32_t format, uint32_t flags,
                              const berm_sink *sink, berm_error *err)
{
    if (!report || !sink || !sink->write) return berm_api_refuse(err, "report or sink is NULL");
    const berm_report_format *writer = berm_report_find_format(format);
    if (!writer) return berm_api_refuse(err, "format is none of BERM_REPORT_*");
    berm_report_sort(report);
    berm_text text;
    berm_text_init(&text, &report->alloc);
    berm_status status;
    if (!writer->write(&text, report, flags) || text.failed) status = berm_api_nomem(err);
    else if (text.len > report->output_len)
        status =
            berm_error_set(err, BERM_E_LIMIT, BERM_D_LIMIT_OUTPUT,
                           "the report is longer than the limit of %L bytes", report->output_len);
    else status = berm_api_write(sink, berm_text_view(&text), err);
    berm_text_free(&text);
    return status;
}

void berm_report_summary(const berm_report *report, berm_summary *out)
{
    if (report && out) berm_api_give(out, &report->summary, sizeof *out);
}

const berm_finding *berm_report_findings(const berm_report *report, size_t *count, size_t *stride)
{
    if (stride) *stride = sizeof(berm_entry);
    if (count) *count = report ? report->entries.count : 0;
    if (report) berm_report_sort(report);
    return report && report->entries.count ? &report->entries.items->finding : NULL;
}

size_t berm_report_waiver_count(const berm_report *report)
{
#if BERM_PART_GOVERNANCE
    return report ? berm_tally_count(report) : 0;
#else
    (void)report;
    return 0;
#endif
}

berm_status berm_report_waiver(const berm_report *report, size_t index, berm_waiver *out,
                               berm_error *err)
{
    if (!out || !out->size || index >= berm_report_waiver_count(report))
        return berm_api_refuse(err, "there is no such waiver");
#if BERM_PART_GOVERNANCE
    berm_waiver waiver;
    berm_tally_at(report, index, &waiver);
    berm_api_give(out, &waiver, sizeof waiver);
#endif
    return BERM_OK;
}

void berm_report_free(berm_report *report)
{
    if (!report) return;
    berm_alloc alloc = report->alloc;
    berm_report_clear(report);
    berm_mem_free(&alloc, report, sizeof *report);
}
