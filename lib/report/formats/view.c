#include "report/formats/formats.h"

#include "base/hash.h"
#include "data/limits.h"
#include "data/ops.h"

#include <stdlib.h>

berm_str berm_rule_text(const berm_rule_row *row, berm_text_ref ref)
{
    return berm_image_text(&row->policy->image, ref);
}

const berm_img_guardrail *berm_rule_guardrail(const berm_rule_row *row)
{
    return &row->policy->image.guardrails[row->guardrail];
}

const berm_img_rule *berm_rule_validation(const berm_rule_row *row)
{
    return &row->policy->image.rules[row->rule];
}

/* --- rules --- */

static int order_rules(const void *x, const void *y)
{
    const berm_rule_row *a = x, *b = y;
    int order = berm_str_compare(a->id, b->id);
    return order ? order : berm_str_compare(a->name, b->name);
}

static bool add_policy_rules(berm_survey *view, const berm_policy *policy)
{
    const berm_image *image = &policy->image;
    for (uint32_t g = 0; g < image->guardrail_count; g++) {
        const berm_img_guardrail *guardrail = &image->guardrails[g];
        if (!guardrail->matches.count) continue; /* a copy for a test */
        for (uint32_t r = 0; r < guardrail->rules.count; r++) {
            berm_rule_row row = {.policy = policy, .guardrail = g};
            row.rule = guardrail->rules.first + r;
            row.id = berm_image_text(image, guardrail->id);
            row.name = berm_image_text(image, image->rules[row.rule].name);
            if (!berm_array_push(view->alloc, &view->rules, row)) return false;
        }
    }
    return true;
}

static bool gather_rules(berm_survey *view)
{
    const berm_report *report = view->report;
    for (uint32_t i = 0; i < report->policies.count; i++)
        if (!add_policy_rules(view, report->policies.items[i])) return false;
    berm_rule_row *rows = view->rules.items;
    if (!view->rules.count) return true;
    qsort(rows, view->rules.count, sizeof *rows, order_rules);
    uint32_t kept = 1;
    for (uint32_t i = 1; i < view->rules.count; i++)
        if (order_rules(&rows[kept - 1], &rows[i]) != 0) rows[kept++] = rows[i];
    view->rules.count = kept;
    return true;
}

static uint32_t find_rule(const berm_survey *view, const berm_finding *f)
{
    const berm_rule_row key = {.id = f->guardrail, .name = f->validation};
    if (!view->rules.count) return BERM_NO_ROW;
    const berm_rule_row *row =
        bsearch(&key, view->rules.items, view->rules.count, sizeof key, order_rules);
    return row ? (uint32_t)(row - view->rules.items) : BERM_NO_ROW;
}

static void count_rules(berm_survey *view)
{
    const berm_report *report = view->report;
    for (uint32_t i = 0; i < report->entries.count; i++) {
        const berm_finding *f = &report->entries.items[i].finding;
        view->rule_of[i] = find_rule(view, f);
        if (view->rule_of[i] != BERM_NO_ROW)
            view->rules.items[view->rule_of[i]].counts[f->verdict]++;
    }
}

/* --- identities --- */

typedef struct identity_row {
    berm_str fingerprint;
    uint32_t entry;
} identity_row;

static int order_identities(const void *x, const void *y)
{
    const identity_row *a = x, *b = y;
    int order = berm_str_compare(a->fingerprint, b->fingerprint);
    return order ? order : (a->entry > b->entry) - (a->entry < b->entry);
}

/* Of texts with a NUL behind each. */
static bool hash_texts(berm_survey *view, const berm_str *texts, size_t count, berm_str *out)
{
    berm_sha256 h;
    unsigned char digest[32];
    berm_text text;
    berm_sha256_init(&h);
    for (size_t i = 0; i < count; i++) {
        berm_sha256_put(&h, texts[i].ptr, texts[i].len);
        berm_sha256_put(&h, "", 1);
    }
    berm_sha256_end(&h, digest);
    berm_text_init(&text, view->alloc);
    berm_put_hex(&text, digest, 16);
    bool made = !text.failed && berm_arena_copy(&view->arena, berm_text_view(&text), out);
    berm_text_free(&text);
    return made;
}

/* A document that could not be judged is known by its name. */
static bool take_fingerprint(berm_survey *view, const berm_entry *e, berm_str *out)
{
    const berm_str parts[] = {BERM_STR("berm/input"), e->source};
    *out = e->finding.fingerprint;
    return out->len || hash_texts(view, parts, 2, out);
}

/* Two documents may speak of one address, and a resource of one document may fail twice in one
   way: what comes after the first is told apart by its document and its number. */
static bool part_identities(berm_survey *view, const identity_row *rows, uint32_t count)
{
    uint32_t same = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t entry = rows[i].entry;
        same = i && berm_str_equal(rows[i].fingerprint, rows[i - 1].fingerprint) ? same + 1 : 0;
        view->identities[entry] = rows[i].fingerprint;
        if (!same) continue;
        char number[16];
        berm_format_into(number, sizeof number, "%u", same);
        const berm_str parts[] = {rows[i].fingerprint, view->report->entries.items[entry].source,
                                  berm_str_of(number)};
        if (!hash_texts(view, parts, 3, &view->identities[entry])) return false;
    }
    return true;
}

static bool make_identities(berm_survey *view)
{
    uint32_t count = view->report->entries.count;
    identity_row *rows = berm_mem_new(view->alloc, (count + 1) * sizeof *rows);
    bool made = rows != NULL;
    for (uint32_t i = 0; made && i < count; i++) {
        rows[i].entry = i;
        made = take_fingerprint(view, &view->report->entries.items[i], &rows[i].fingerprint);
    }
    if (made) {
        qsort(rows, count, sizeof *rows, order_identities);
        made = part_identities(view, rows, count);
    }
    berm_mem_free(view->alloc, rows, (count + 1) * sizeof *rows);
    return made;
}

/* --- documents --- */

typedef struct source_row {
    berm_str name, digest;
    uint32_t source;
} source_row;

static int order_sources(const void *x, const void *y)
{
    const source_row *a = x, *b = y;
    int order = berm_str_compare(a->name, b->name);
    if (!order) order = berm_str_compare(a->digest, b->digest);
    return order ? order : (a->source > b->source) - (a->source < b->source);
}

static bool sort_sources(berm_survey *view)
{
    const berm_report *report = view->report;
    uint32_t count = report->sources.count;
    source_row *rows = berm_arena_alloc(&view->arena, ((size_t)count + 1) * sizeof *rows);
    view->sources = berm_arena_alloc(&view->arena, ((size_t)count + 1) * sizeof *view->sources);
    if (!rows || !view->sources) return false;
    for (uint32_t i = 0; i < count; i++)
        rows[i] = (source_row){report->sources.items[i], berm_report_digest(report, i), i};
    if (count) qsort(rows, count, sizeof *rows, order_sources);
    for (uint32_t i = 0; i < count; i++) view->sources[i] = rows[i].source;
    return true;
}

/* --- the view --- */

bool berm_survey_open(berm_survey *view, const berm_report *report, uint32_t flags)
{
    *view = (berm_survey){.report = report, .alloc = &report->alloc, .flags = flags};
    berm_arena_init(&view->arena, view->alloc);
    size_t count = (size_t)report->entries.count + 1;
    view->rule_of = berm_arena_alloc(&view->arena, count * sizeof *view->rule_of);
    view->identities = berm_arena_alloc(&view->arena, count * sizeof *view->identities);
    char time[40];
    bool made =
        view->rule_of && view->identities && gather_rules(view) && make_identities(view) &&
        sort_sources(view) &&
        berm_arena_copy(&view->arena, (berm_str){time, berm_time_print(report->extras.now, time)},
                        &view->now);
    view->failed = !made;
    if (made) count_rules(view);
    return made;
}

bool berm_survey_close(berm_survey *view, const berm_text *out)
{
    berm_array_free(view->alloc, &view->rules);
    berm_arena_free(&view->arena);
    return !view->failed && !out->failed;
}

berm_str berm_survey_path(const berm_survey *view, berm_str source)
{
    berm_str base = view->report->extras.base;
    while (base.len && base.ptr[base.len - 1] == '/') base.len--;
    if (base.len && berm_str_starts(source, base) && source.len > base.len + 1 &&
        source.ptr[base.len] == '/')
        source = berm_str_cut(source, base.len + 1, source.len);
    while (berm_str_starts(source, BERM_STR("./")) && source.len > 2)
        source = berm_str_cut(source, 2, source.len);
    return berm_str_is(source, "-") || !source.len ? BERM_STR("stdin") : source;
}

bool berm_entry_is_bad(const berm_entry *e)
{
    return e->finding.verdict == BERM_VERDICT_FAIL || e->finding.verdict == BERM_VERDICT_ERROR;
}

void berm_put_rule_id(berm_text *out, const berm_entry *e)
{
    const berm_finding *f = &e->finding;
    if (f->guardrail.len) {
        berm_text_put(out, f->guardrail);
        if (f->validation.len) berm_text_format(out, "/%S", f->validation);
    } else {
        berm_text_put(out, f->fingerprint.len ? BERM_STR("berm/target") : BERM_STR("berm/input"));
    }
}

void berm_put_subject(berm_text *out, const berm_entry *e)
{
    const berm_finding *f = &e->finding;
    berm_text_put(out, f->address.len ? f->address : e->source);
    if (f->path.len) berm_text_format(out, "[%S]", f->path);
}

void berm_put_reason(berm_text *out, const berm_entry *e)
{
    const berm_finding *f = &e->finding;
    const berm_witness *w = f->witness;
    berm_text_put(out, f->message.len ? f->message : e->title);
    if (!w || f->verdict == BERM_VERDICT_ERROR) return;
    berm_text_format(out, " (%S is %S", w->expression, w->value);
    for (size_t i = 0; i < w->operand_count; i++)
        berm_text_format(out, "%s%S = %S", i ? ", " : ", where ", w->operands[i].expression,
                         w->operands[i].value);
    berm_text_putc(out, ')');
}

/* --- the most severe first --- */

typedef struct pick_row {
    uint32_t weight, entry;
} pick_row;

static int order_picks(const void *x, const void *y)
{
    const pick_row *a = x, *b = y;
    if (a->weight != b->weight) return a->weight < b->weight ? 1 : -1;
    return (a->entry > b->entry) - (a->entry < b->entry);
}

uint32_t *berm_survey_pick(berm_survey *view, bool (*wanted)(const berm_entry *entry),
                           uint32_t *count)
{
    const berm_report *report = view->report;
    size_t most = (size_t)report->entries.count + 1;
    pick_row *rows = berm_arena_alloc(&view->arena, most * sizeof *rows);
    uint32_t *picked = berm_arena_alloc(&view->arena, most * sizeof *picked);
    *count = 0;
    if (!rows || !picked) return NULL;
    for (uint32_t i = 0; i < report->entries.count; i++) {
        const berm_entry *e = &report->entries.items[i];
        if (!wanted(e)) continue;
        bool mandatory = e->finding.enforcement != BERM_ENFORCEMENT_ADVISORY;
        rows[(*count)++] =
            (pick_row){e->finding.severity * 4 + mandatory * 2 + berm_entry_is_bad(e), i};
    }
    if (*count) qsort(rows, *count, sizeof *rows, order_picks);
    for (uint32_t i = 0; i < *count; i++) picked[i] = rows[i].entry;
    return picked;
}

/* --- tags --- */

static char fold_tag_letter(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_same_tag(berm_str a, berm_str b)
{
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++)
        if (fold_tag_letter(a.ptr[i]) != fold_tag_letter(b.ptr[i])) return false;
    return true;
}

static bool find_tag(const berm_space *space, berm_cell map, berm_str key, berm_str *out)
{
    for (uint32_t i = 0; map.tag == BERM_TAG_MAP && i < map.as.ref.len; i++) {
        berm_cell name = berm_map_key_at(space, map, i), value = berm_map_value_at(space, map, i);
        if (value.tag == BERM_TAG_STRING && is_same_tag(berm_text_of(space, name), key))
            return *out = berm_text_of(space, value), true;
    }
    return false;
}

/* The tags are JSON that this library wrote: it is read again, the simplest way that is right. */
static void read_tag(berm_survey *view, berm_str tags, berm_str key, berm_str *out)
{
    const berm_limits limits = berm_limits_resolve(NULL);
    const berm_read read = {.alloc = view->alloc,
                            .limits = &limits,
                            .text = tags,
                            .format = BERM_FORMAT_JSON};
    berm_doc *doc = NULL;
    berm_space space;
    if (berm_doc_read(&read, &doc, NULL)) {
        view->failed = true;
        return;
    }
    berm_space_init(&space, view->alloc, UINT64_MAX);
    uint16_t id = berm_space_add(&space, &doc->store);
    berm_cell map = doc->roots[0];
    map.store = id;
    berm_str found;
    if (!id || (find_tag(&space, map, key, &found) && !berm_arena_copy(&view->arena, found, out)))
        view->failed = true;
    berm_space_free(&space);
    berm_doc_drop(doc);
}

berm_str berm_entry_tag(berm_survey *view, const berm_entry *e, berm_str key)
{
    berm_str value = BERM_STR("");
    if (e->finding.tags.len) read_tag(view, e->finding.tags, key, &value);
    return value;
}

berm_str berm_entry_owner(berm_survey *view, const berm_entry *e)
{
    berm_str owner = berm_entry_tag(view, e, BERM_STR("owner"));
    return owner.len ? owner : berm_entry_tag(view, e, BERM_STR("team"));
}

void berm_put_waiver(berm_text *out, const berm_finding *f)
{
    berm_text_format(out, "waiver %S", f->waiver);
    if (f->waiver_expires.len) berm_text_format(out, ", until %S", f->waiver_expires);
}
