#include "report/report.h"

#include <stdlib.h>

static bool copy_entry_text(berm_report *report, berm_str *text)
{
    if (!text->len) return *text = BERM_STR(""), true;
    return berm_arena_copy(&report->arena, *text, text);
}

static bool copy_operands(berm_report *report, berm_witness *w)
{
    if (!w->operand_count) return true;
    berm_operand *copy = berm_arena_alloc(&report->arena, w->operand_count * sizeof *copy);
    if (!copy) return false;
    memcpy(copy, w->operands, w->operand_count * sizeof *copy);
    w->operands = copy;
    for (size_t i = 0; i < w->operand_count; i++)
        if (!copy_entry_text(report, &copy[i].expression) ||
            !copy_entry_text(report, &copy[i].value))
            return false;
    return true;
}

static bool copy_witness(berm_report *report, berm_finding *f)
{
    if (!f->witness) return true;
    berm_witness *copy = berm_arena_alloc(&report->arena, sizeof *copy);
    if (!copy) return false;
    *copy = *f->witness;
    f->witness = copy;
    return copy_entry_text(report, &copy->expression) && copy_entry_text(report, &copy->value) &&
           copy_entry_text(report, &copy->source) && copy_operands(report, copy);
}

static bool copy_finding_texts(berm_report *report, berm_finding *f)
{
    static const uint16_t texts[] = {
        offsetof(berm_finding, guardrail),
        offsetof(berm_finding, validation),
        offsetof(berm_finding, kind),
        offsetof(berm_finding, address),
        offsetof(berm_finding, message),
        offsetof(berm_finding, path),
        offsetof(berm_finding, waiver),
        offsetof(berm_finding, fingerprint),
#if BERM_PART_DIALECTS
        offsetof(berm_finding, reason),
#endif
#if BERM_PART_FORMATS
        offsetof(berm_finding, tags),
#endif
    };
    f->explanation = BERM_STR("");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!copy_entry_text(report, (void *)((char *)f + texts[i]))) return false;
#if BERM_PART_GOVERNANCE
    if (!berm_tally_copy(report, f)) return false;
#endif
    return copy_witness(report, f);
}

/* Of the entry's lines, what is the entry's: brackets and dashes around it may stay, and nothing
   of its neighbours, whose values may be sensitive. */
static berm_str cut_frame_text(berm_str text, berm_span entry, size_t *from)
{
    size_t start = (size_t)entry.off, end = start + (size_t)entry.len;
    if (end > text.len) end = text.len;
    size_t line = start;
    while (line && strchr(" \t-[{", text.ptr[line - 1])) line--;
    if (line == 0 || text.ptr[line - 1] == '\n') start = line;
    while (end < text.len && strchr(" \t\r,]}", text.ptr[end])) end++;
    *from = start;
    return berm_str_cut(text, start, end);
}

static bool make_frame(berm_report *report, const berm_doc *doc, const berm_finding *f,
                       berm_str *out)
{
    *out = BERM_STR("");
    if (!f->line || !doc->text.len || f->flags & BERM_FINDING_SENSITIVE) return true;
    berm_text text;
    berm_text_init(&text, &report->alloc);
    size_t from;
    berm_str shown = cut_frame_text(doc->text, f->entry, &from);
    berm_frame_at(&text, shown, (size_t)f->span.off - from, (size_t)f->span.len, f->line,
                  f->column);
    *out = berm_text_view(&text);
    bool made = !text.failed && copy_entry_text(report, out);
    berm_text_free(&text);
    return made;
}

/* Guardrails come in the order of their rows, which is not sorted by id; findings of one
   guardrail often come in runs. */
static const berm_img_guardrail *find_guardrail(const berm_image *image, berm_str id)
{
    for (uint32_t g = 0; g < image->guardrail_count; g++)
        if (image->guardrails[g].matches.count &&
            berm_str_equal(berm_image_text(image, image->guardrails[g].id), id))
            return &image->guardrails[g];
    return NULL;
}

static void describe_guardrail(const berm_policy *policy, berm_entry *e)
{
    e->title = e->remediation = e->url = e->category = BERM_STR("");
    const berm_img_guardrail *g = find_guardrail(&policy->image, e->finding.guardrail);
    if (!g) return;
    e->policy = policy;
    e->title = berm_image_text(&policy->image, g->title);
    e->remediation = berm_image_text(&policy->image, g->remediation);
    e->url = berm_image_text(&policy->image, g->url);
    e->category = berm_image_text(&policy->image, g->category);
    e->controls = policy->image.store.cells[g->controls];
}

static bool add_entry(berm_report *report, const berm_run *run, const berm_decision *decision,
                      const berm_finding *finding, const berm_entry *last)
{
    berm_entry e = {.finding = *finding, .source = BERM_STR("")};
    if (last && berm_str_equal(last->finding.guardrail, finding->guardrail)) {
        e = *last;
        e.finding = *finding;
        e.source = e.frame = BERM_STR("");
    } else {
        describe_guardrail(run->policy, &e);
    }
    if (!copy_finding_texts(report, &e.finding)) return false;
    if (finding->source < decision->docs.count) {
        const berm_doc *doc = decision->docs.items[finding->source];
        e.source = doc->name;
        if (!copy_entry_text(report, &e.source) || !make_frame(report, doc, finding, &e.frame))
            return false;
        e.finding.source += report->sources.count - (uint32_t)run->input_count;
    }
    return berm_array_push(&report->alloc, &report->entries, e);
}

static void add_summary(berm_summary *sum, const berm_summary *one)
{
    for (size_t i = 0; i < sizeof sum->verdicts / sizeof *sum->verdicts; i++)
        sum->verdicts[i] += one->verdicts[i];
    sum->resources += one->resources;
    sum->unmatched += one->unmatched;
    sum->cost += one->cost;
    sum->denied |= one->denied;
    sum->pending_calls += one->pending_calls;
}

static bool hold_policy(berm_report *report, const berm_policy *policy)
{
    for (uint32_t i = 0; i < report->policies.count; i++)
        if (report->policies.items[i] == policy) return true;
    if (!berm_array_reserve(&report->alloc, &report->policies, 1)) return false;
#if BERM_PART_GOVERNANCE
    if (!berm_tally_open(report, policy)) return false;
#endif
    report->policies.items[report->policies.count++] = berm_policy_hold(policy);
    return true;
}

static bool add_source_names(berm_report *report, const berm_decision *decision)
{
    for (uint32_t i = 0; i < decision->docs.count; i++) {
        berm_str name = decision->docs.items[i]->name;
        if (!copy_entry_text(report, &name) ||
            !berm_array_push(&report->alloc, &report->sources, name))
            return false;
    }
    return true;
}

static bool add_entries(berm_report *report, const berm_run *run, const berm_decision *decision)
{
    const berm_entry *last = NULL;
    for (uint32_t i = 0; i < decision->findings.count; i++) {
        berm_entry before;
        if (last) before = report->entries.items[report->entries.count - 1];
        if (!add_entry(report, run, decision, &decision->findings.items[i], last ? &before : NULL))
            return false;
        last = &report->entries.items[report->entries.count - 1];
    }
    return true;
}

static int order_texts(berm_str a, berm_str b)
{
    return berm_str_compare(a, b);
}

static int order_entries(const void *x, const void *y)
{
    const berm_entry *a = x, *b = y;
    int order = order_texts(a->source, b->source);
    if (!order && a->finding.span.off != b->finding.span.off)
        order = a->finding.span.off < b->finding.span.off ? -1 : 1;
    if (!order) order = order_texts(a->finding.address, b->finding.address);
    if (!order) order = order_texts(a->finding.guardrail, b->finding.guardrail);
    if (!order) order = order_texts(a->finding.validation, b->finding.validation);
    if (!order) order = order_texts(a->finding.path, b->finding.path);
    if (!order) order = order_texts(a->finding.message, b->finding.message);
    return order ? order : order_texts(a->frame, b->frame);
}

/* When somebody asks, not with every addition. */
void berm_report_sort(const berm_report *const_report)
{
    berm_report *report = (berm_report *)(uintptr_t)const_report; /* the order is no content */
    if (report->unsorted)
        qsort(report->entries.items, report->entries.count, sizeof(berm_entry), order_entries);
    report->unsorted = false;
}

berm_status berm_report_fill(berm_report *report, const berm_run *run,
                             const berm_decision *decision)
{
    uint32_t entries = report->entries.count, sources = report->sources.count;
    bool added = hold_policy(report, run->policy) && add_source_names(report, decision) &&
                 add_entries(report, run, decision);
#if BERM_PART_FORMATS
    added = added && berm_report_add_evidence(report, run, decision, sources);
#endif
    if (added) {
        add_summary(&report->summary, &decision->summary);
#if BERM_PART_GOVERNANCE
        berm_tally_add(report, entries, run->now);
#endif
        report->unsorted = report->entries.count > 0;
        return BERM_OK;
    }
    report->entries.count = entries;
    report->sources.count = sources;
    return BERM_E_NOMEM;
}

static bool add_failure(berm_report *report, berm_str source, const berm_error *why)
{
    berm_entry e = {.source = source, .title = BERM_STR(""), .frame = BERM_STR("")};
    e.remediation = e.url = e.category = BERM_STR("");
    berm_finding *f = &e.finding;
    f->verdict = BERM_VERDICT_ERROR;
    f->severity = BERM_SEVERITY_HIGH;
    f->enforcement = BERM_ENFORCEMENT_HARD_MANDATORY;
    f->guardrail = f->validation = f->kind = f->address = f->reason = BERM_STR("");
    f->path = f->waiver = f->fingerprint = f->tags = BERM_STR("");
    f->message = berm_str_of(why->message);
    f->source = report->sources.count;
    f->line = f->end_line = why->line;
    f->column = f->end_column = why->column;
    f->span.off = why->off;
    return copy_finding_texts(report, f) && copy_entry_text(report, &e.source) &&
           berm_array_reserve(&report->alloc, &report->sources, 1) &&
           berm_array_push(&report->alloc, &report->entries, e);
}

berm_status berm_report_fill_failure(berm_report *report, berm_str source, const berm_error *why)
{
    if (!add_failure(report, source, why)) return BERM_E_NOMEM;
    report->sources.items[report->sources.count++] =
        report->entries.items[report->entries.count - 1].source;
    report->summary.verdicts[BERM_VERDICT_ERROR]++;
    report->summary.denied = 1;
    report->unsorted = true;
    return BERM_OK;
}

void berm_report_clear(berm_report *report)
{
    for (uint32_t i = 0; i < report->policies.count; i++)
        berm_policy_unhold(report->policies.items[i]);
    berm_array_free(&report->alloc, &report->policies);
    berm_array_free(&report->alloc, &report->entries);
    berm_array_free(&report->alloc, &report->sources);
#if BERM_PART_GOVERNANCE
    berm_tally_clear(report);
#endif
#if BERM_PART_FORMATS
    berm_report_clear_evidence(report);
#endif
    berm_arena_free(&report->arena);
}

bool berm_report_is_quiet(const berm_entry *e, uint32_t flags)
{
    uint32_t verdict = e->finding.verdict;
    return (verdict == BERM_VERDICT_PASS || verdict == BERM_VERDICT_SKIPPED) &&
           !(flags & BERM_REPORT_VERBOSE);
}

const berm_report_format *berm_report_find_format(uint32_t format)
{
    static const berm_report_format formats[] = {
        {"text", berm_report_write_text, 0},
        {"json", berm_report_write_json, BERM_RUN_TAGS | BERM_RUN_DIGESTS},
#if BERM_PART_FORMATS
#define BERM_FORMAT(name, word, write, run_flags) {word, write, run_flags},
#include "report/formats/formats.def"
#undef BERM_FORMAT
#endif
    };
    return format < sizeof formats / sizeof *formats ? &formats[format] : NULL;
}
