#include "policy/governance/waivers.h"

#define MATCH_DAY 86400

/* --- what a waiver is about --- */

static berm_str finding_part(const berm_waivable *about, uint32_t part)
{
    const berm_finding *f = about->finding;
    switch (part) {
    case BERM_SCOPE_GUARDRAIL: return f->guardrail;
    case BERM_SCOPE_RESOURCE: return f->address;
    case BERM_SCOPE_KIND: return f->kind;
    case BERM_SCOPE_ELEMENT: return f->path;
    case BERM_SCOPE_DOCUMENT: return about->document;
    default: return f->fingerprint;
    }
}

/* Of each part that has globs one must match. */
static bool is_in_scope(const berm_image *image, const berm_img_waiver *row,
                        const berm_waivable *about)
{
    uint32_t asked = 0, met = 0;
    for (uint32_t i = 0; i < row->scope.count; i++) {
        const berm_img_scope *scope = &image->scopes[row->scope.first + i];
        uint32_t bit = 1u << scope->part;
        asked |= bit;
        if (met & bit) continue;
        if (!berm_glob_match(berm_image_text(image, scope->glob), finding_part(about, scope->part)))
            continue;
        if (scope->part == BERM_SCOPE_GUARDRAIL && scope->below.len &&
            !berm_glob_match(berm_image_text(image, scope->below), about->finding->validation))
            continue;
        met |= bit;
    }
    return asked & 1u << BERM_SCOPE_GUARDRAIL && asked == met;
}

/* --- whether it may be --- */

static const berm_img_term *find_waivable(const berm_image *image, uint32_t guardrail)
{
    uint32_t low = 0, high = image->term_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (image->terms[middle].guardrail < guardrail) low = middle + 1;
        else high = middle;
    }
    bool found = low < image->term_count && image->terms[low].guardrail == guardrail;
    return found ? &image->terms[low] : NULL;
}

static bool print_term(berm_text *why, const berm_image *image, const berm_img_waiver *row,
                       const berm_waivable *about)
{
    const berm_img_term *term = find_waivable(image, about->guardrail);
    berm_str id = berm_image_text(image, row->id);
    if (!term) return false;
    berm_time begins = berm_waiver_begins(row), ends = berm_waiver_ends(row);
    int64_t days = (ends.sec - begins.sec) / MATCH_DAY;
    if (days > (int64_t)term->max_days)
        berm_text_format(why, "waiver %S is for %l days, and %u are allowed here", id, days,
                         term->max_days);
    else if (row->approvers < term->approvers)
        berm_text_format(why, "waiver %S has %u approvers, and %u are needed here", id,
                         row->approvers, term->approvers);
    else if (!(term->categories & 1u << row->category))
        berm_text_format(why, "waiver %S is of the category %s, which is not allowed here", id,
                         berm_waiver_category_word(row->category));
    else return false;
    return true;
}

/* Why the waiver does not lift the finding that it matches; nothing where it does. */
static void print_refusal(berm_text *why, const berm_image *image, const berm_img_waiver *row,
                          const berm_waivable *about)
{
    berm_str id = berm_image_text(image, row->id);
    uint32_t status = berm_waiver_status(row, about->now);
    if (about->finding->enforcement == BERM_ENFORCEMENT_HARD_MANDATORY)
        berm_text_format(why, "waiver %S is not allowed: the validation is hard-mandatory", id);
    else if (status == BERM_WAIVER_EXPIRED)
        berm_text_format(why, "waiver %S expired on %S", id, berm_image_text(image, row->expires));
    else if (status == BERM_WAIVER_PENDING)
        berm_text_format(why, "waiver %S is not in force before %S", id,
                         berm_image_text(image, row->effective));
    else if (row->problems & BERM_WAIVER_SELF_APPROVED)
        berm_text_format(why, "waiver %S is approved by its own owner, %S", id,
                         berm_image_text(image, row->owner));
    else print_term(why, image, row, about);
}

/* --- all of them --- */

/* Those that end last come first; of those that end together the lower id. */
static bool is_before(const berm_image *image, const berm_waived *a, const berm_waived *b)
{
    berm_time x = berm_waiver_ends(&image->waivers[a->index]);
    berm_time y = berm_waiver_ends(&image->waivers[b->index]);
    if (berm_time_after(x, y)) return true;
    return !berm_time_after(y, x) && berm_str_compare(a->waiver, b->waiver) < 0;
}

static void insert_waived(const berm_image *image, berm_waived *list, size_t count,
                          berm_waived waived)
{
    size_t at = count;
    while (at > 0 && is_before(image, &waived, &list[at - 1])) {
        list[at] = list[at - 1];
        at--;
    }
    list[at] = waived;
}

static bool fill_waived(const berm_image *image, const berm_waivable *about, uint32_t index,
                        berm_arena *arena, berm_text *why, berm_waived *out)
{
    const berm_img_waiver *row = &image->waivers[index];
    *out = (berm_waived){.waiver = berm_image_text(image, row->id),
                         .expires = berm_image_text(image, row->expires),
                         .why = BERM_STR(""),
                         .standing = BERM_WAIVED_COUNTS,
                         .index = index};
    why->len = 0;
    print_refusal(why, image, row, about);
    if (why->failed) return false;
    if (!why->len) return true;
    out->standing = BERM_WAIVED_NOT;
    return berm_arena_copy(arena, berm_text_view(why), &out->why);
}

bool berm_waivers_match(const berm_image *image, const berm_waivable *about, berm_arena *arena,
                        berm_text *scratch, const berm_waived **out, size_t *count)
{
    size_t matching = 0, filled = 0;
    *out = NULL;
    *count = 0;
    for (uint32_t i = 0; i < image->waiver_count; i++)
        matching += is_in_scope(image, &image->waivers[i], about);
    if (!matching) return true;
    berm_waived *list = berm_arena_alloc(arena, matching * sizeof *list);
    if (!list) return false;
    for (uint32_t i = 0; i < image->waiver_count; i++) {
        berm_waived waived;
        if (!is_in_scope(image, &image->waivers[i], about)) continue;
        if (!fill_waived(image, about, i, arena, scratch, &waived)) return false;
        insert_waived(image, list, filled++, waived);
    }
    *out = list;
    *count = matching;
    return true;
}

void berm_waivers_pick(berm_finding *finding)
{
    const berm_waived *counts = NULL;
    for (size_t i = 0; i < finding->waiver_count && !counts; i++)
        if (finding->waivers[i].standing == BERM_WAIVED_COUNTS) counts = &finding->waivers[i];
    finding->verdict = counts ? BERM_VERDICT_WAIVED : BERM_VERDICT_FAIL;
    finding->waiver = counts ? counts->waiver : BERM_STR("");
    finding->waiver_expires = counts ? counts->expires : BERM_STR("");
}

void berm_waivers_exceed(berm_finding *finding, uint32_t index, berm_str why)
{
    for (size_t i = 0; i < finding->waiver_count; i++) {
        /* Ours: the matcher or a report made the list in an arena of its own. */
        berm_waived *waived = (berm_waived *)(uintptr_t)&finding->waivers[i];
        if (waived->index != index || waived->standing == BERM_WAIVED_NOT) continue;
        waived->standing = BERM_WAIVED_OVER;
        waived->why = why;
    }
}

void berm_waiver_print_excess(berm_text *out, const berm_image *image, uint32_t index)
{
    const berm_img_waiver *row = &image->waivers[index];
    berm_text_format(out, "waiver %S matches more findings than its maxMatches, %u",
                     berm_image_text(image, row->id), row->max_matches);
}
