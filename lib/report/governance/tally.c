#include "policy/governance/waivers.h"
#include "report/report.h"

/* --- tallies --- */

static berm_tally *find_tally(const berm_report *report, const berm_policy *policy)
{
    for (uint32_t i = 0; i < report->tallies.count; i++)
        if (report->tallies.items[i].policy == policy) return &report->tallies.items[i];
    return NULL;
}

static bool print_excesses(berm_report *report, berm_tally *tally)
{
    const berm_image *image = &tally->policy->image;
    berm_text text;
    bool kept = true;
    berm_text_init(&text, &report->alloc);
    for (uint32_t i = 0; i < image->waiver_count && kept; i++) {
        if (!image->waivers[i].max_matches) continue;
        text.len = 0;
        berm_waiver_print_excess(&text, image, i);
        kept = !text.failed &&
               berm_arena_copy(&report->arena, berm_text_view(&text), &tally->excess[i]);
    }
    berm_text_free(&text);
    return kept;
}

bool berm_tally_open(berm_report *report, const berm_policy *policy)
{
    uint32_t count = policy->image.waiver_count;
    if (!count) return true;
    berm_tally tally = {.policy = policy,
                        .matched = berm_arena_alloc(&report->arena, count * sizeof *tally.matched),
                        .lifted = berm_arena_alloc(&report->arena, count * sizeof *tally.lifted),
                        .excess = berm_arena_alloc(&report->arena, count * sizeof *tally.excess)};
    return tally.matched && tally.lifted && tally.excess && print_excesses(report, &tally) &&
           berm_array_push(&report->alloc, &report->tallies, tally);
}

bool berm_tally_copy(berm_report *report, berm_finding *f)
{
    if (!f->waiver_expires.len) f->waiver_expires = BERM_STR("");
    else if (!berm_arena_copy(&report->arena, f->waiver_expires, &f->waiver_expires)) return false;
    if (!f->waiver_count) return true;
    berm_waived *copy = berm_arena_alloc(&report->arena, f->waiver_count * sizeof *copy);
    if (!copy) return false;
    memcpy(copy, f->waivers, f->waiver_count * sizeof *copy);
    for (size_t i = 0; i < f->waiver_count; i++) {
        berm_str *const texts[] = {&copy[i].waiver, &copy[i].expires, &copy[i].why};
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            if (texts[k]->len && !berm_arena_copy(&report->arena, *texts[k], texts[k]))
                return false;
    }
    f->waivers = copy;
    return true;
}

void berm_tally_clear(berm_report *report)
{
    berm_array_free(&report->alloc, &report->tallies);
}

/* --- counting --- */

static void count_entry(berm_tally *tally, const berm_finding *f)
{
    for (size_t i = 0; i < f->waiver_count; i++) {
        tally->matched[f->waivers[i].index]++;
        if (f->waivers[i].standing != BERM_WAIVED_NOT) tally->lifted[f->waivers[i].index]++;
    }
}

static void settle_entry(berm_report *report, const berm_tally *tally, berm_finding *f)
{
    const berm_image *image = &tally->policy->image;
    uint32_t before = f->verdict;
    for (size_t i = 0; i < f->waiver_count; i++) {
        uint32_t index = f->waivers[i].index, most = image->waivers[index].max_matches;
        if (most && tally->lifted[index] > most)
            berm_waivers_exceed(f, index, tally->excess[index]);
    }
    berm_waivers_pick(f);
    if (f->verdict == before) return;
    report->summary.verdicts[before]--;
    report->summary.verdicts[f->verdict]++;
    if (f->enforcement != BERM_ENFORCEMENT_ADVISORY) report->summary.denied = 1; /* it fails */
}

/* Is some waiver over its limit now that was not before? Then what it lifted fails again. */
void berm_tally_add(berm_report *report, uint32_t first, berm_time now)
{
    bool exceeded = false;
    report->now = now;
    for (uint32_t i = first; i < report->entries.count; i++) {
        const berm_entry *e = &report->entries.items[i];
        berm_tally *tally = e->finding.waiver_count ? find_tally(report, e->policy) : NULL;
        if (!tally) continue;
        count_entry(tally, &e->finding);
        for (size_t w = 0; w < e->finding.waiver_count; w++) {
            uint32_t index = e->finding.waivers[w].index;
            uint32_t most = tally->policy->image.waivers[index].max_matches;
            exceeded |= most && tally->lifted[index] > most;
        }
    }
    for (uint32_t i = 0; exceeded && i < report->entries.count; i++) {
        berm_entry *e = &report->entries.items[i];
        const berm_tally *tally = e->finding.waiver_count ? find_tally(report, e->policy) : NULL;
        if (tally) settle_entry(report, tally, &e->finding);
    }
}

/* --- telling --- */

size_t berm_tally_count(const berm_report *report)
{
    size_t count = 0;
    for (uint32_t i = 0; i < report->policies.count; i++)
        count += report->policies.items[i]->image.waiver_count;
    return count;
}

bool berm_tally_at(const berm_report *report, size_t index, berm_waiver *out)
{
    for (uint32_t i = 0; i < report->policies.count; i++) {
        const berm_policy *policy = report->policies.items[i];
        if (index >= policy->image.waiver_count) {
            index -= policy->image.waiver_count;
            continue;
        }
        const berm_tally *tally = find_tally(report, policy);
        *out = berm_waiver_read(policy, (uint32_t)index, report->now);
        bool in_force = out->status == BERM_WAIVER_ACTIVE || out->status == BERM_WAIVER_EXPIRING;
        out->matches = tally->matched[index];
        if (in_force && !out->matches) out->status = BERM_WAIVER_UNUSED;
        if (in_force && out->max_matches && tally->lifted[index] > out->max_matches)
            out->status = BERM_WAIVER_OVER_BROAD;
        return true;
    }
    return false;
}

void berm_tally_print_text(berm_text *out, const berm_report *report)
{
    berm_waiver waiver;
    size_t before = out->len;
    for (size_t i = 0; berm_tally_at(report, i, &waiver); i++)
        berm_waiver_print_news(out, &waiver, "note: ");
    if (out->len > before) berm_text_putc(out, '\n');
}

static void put_tally_member(berm_text *out, const char *name, berm_str value)
{
    berm_text_format(out, "\"%s\": ", name);
    berm_text_quote(out, value);
}

static void put_problems(berm_text *out, uint32_t problems)
{
    static const char *const words[] = {"broad", "index", "self-approved", "names-nothing",
                                        "not-allowed"};
    bool some = false;
    berm_text_put(out, BERM_STR("\"problems\": ["));
    for (uint32_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!(problems & 1u << i)) continue;
        berm_text_format(out, "%s\"%s\"", some ? ", " : "", words[i]);
        some = true;
    }
    berm_text_putc(out, ']');
}

void berm_tally_print_json(berm_text *out, const berm_report *report)
{
    berm_waiver w;
    if (!berm_tally_count(report)) return;
    berm_text_put(out, BERM_STR("  \"waivers\": ["));
    for (size_t i = 0; berm_tally_at(report, i, &w); i++) {
        berm_text_put(out, i ? BERM_STR(",\n    {") : BERM_STR("\n    {"));
        put_tally_member(out, "id", w.id);
        berm_text_put(out, BERM_STR(", "));
        put_tally_member(out, "status", berm_str_of(berm_waiver_status_word(w.status)));
        berm_text_put(out, BERM_STR(", "));
        put_tally_member(out, "expires", w.expires);
        berm_text_put(out, BERM_STR(", "));
        put_tally_member(out, "category", w.category);
        berm_text_put(out, BERM_STR(", "));
        put_tally_member(out, "owner", w.owner);
        berm_text_format(out, ", \"matches\": %L, \"maxMatches\": ", w.matches);
        if (w.max_matches) berm_text_format(out, "%L, ", w.max_matches);
        else berm_text_put(out, BERM_STR("null, "));
        put_problems(out, w.problems);
        berm_text_putc(out, '}');
    }
    berm_text_put(out, BERM_STR("\n  ],\n"));
}

void berm_tally_print_entry_json(berm_text *out, const berm_finding *f)
{
    static const char *const standings[] = {"no", "yes", "over"};
    if (f->waiver.len) {
        berm_text_put(out, BERM_STR(", \"waiver\": {"));
        put_tally_member(out, "id", f->waiver);
        berm_text_put(out, BERM_STR(", "));
        put_tally_member(out, "expires", f->waiver_expires);
        berm_text_putc(out, '}');
    }
    if (!f->waiver_count) return;
    berm_text_put(out, BERM_STR(", \"waivers\": ["));
    for (size_t i = 0; i < f->waiver_count; i++) {
        const berm_waived *w = &f->waivers[i];
        berm_text_put(out, i ? BERM_STR(", {") : BERM_STR("{"));
        put_tally_member(out, "id", w->waiver);
        berm_text_put(out, BERM_STR(", "));
        put_tally_member(out, "expires", w->expires);
        berm_text_format(out, ", \"counts\": \"%s\", ", standings[w->standing % 3]);
        put_tally_member(out, "why", w->why);
        berm_text_putc(out, '}');
    }
    berm_text_putc(out, ']');
}

/* "w until 2026-12-31", with `also` between. */
static void put_until(berm_text *out, berm_str id, const char *also, berm_str expires)
{
    berm_text_put_visible(out, id);
    berm_text_format(out, "%s until ", also);
    berm_text_put_visible(out, expires);
    berm_text_putc(out, '\n');
}

void berm_tally_print_entry_text(berm_text *out, const berm_finding *f)
{
    if (f->waiver.len) {
        berm_text_put(out, BERM_STR("  waived by "));
        put_until(out, f->waiver, "", f->waiver_expires);
    }
    for (size_t i = 0; i < f->waiver_count; i++) {
        const berm_waived *w = &f->waivers[i];
        if (w->why.len) {
            berm_text_put(out, BERM_STR("  note: "));
            berm_text_put_visible(out, w->why);
            berm_text_putc(out, '\n');
        } else if (!berm_str_equal(w->waiver, f->waiver)) {
            berm_text_put(out, BERM_STR("  waiver "));
            put_until(out, w->waiver, " matches, too,", w->expires);
        }
    }
}
