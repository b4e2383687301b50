#include "policy/governance/waivers.h"

static void count_matches(uint64_t *counts, const berm_decision *decision)
{
    for (uint32_t i = 0; i < decision->findings.count; i++) {
        const berm_finding *f = &decision->findings.items[i];
        for (size_t w = 0; w < f->waiver_count; w++)
            if (f->waivers[w].standing != BERM_WAIVED_NOT) counts[f->waivers[w].index]++;
    }
}

static bool exceed_all(const berm_image *image, berm_arena *arena, const berm_alloc *alloc,
                       uint32_t index, berm_decision *decision)
{
    berm_text text;
    berm_str why;
    berm_text_init(&text, alloc);
    berm_waiver_print_excess(&text, image, index);
    bool kept = !text.failed && berm_arena_copy(arena, berm_text_view(&text), &why);
    berm_text_free(&text);
    for (uint32_t i = 0; kept && i < decision->findings.count; i++)
        berm_waivers_exceed(&decision->findings.items[i], index, why);
    return kept;
}

/* Every fail is among the findings, so what they deny can be told from them. */
static void sum_again(berm_decision *decision)
{
    berm_summary *summary = &decision->summary;
    summary->verdicts[BERM_VERDICT_FAIL] = summary->verdicts[BERM_VERDICT_WAIVED] = 0;
    summary->denied = 0;
    for (uint32_t i = 0; i < decision->findings.count; i++) {
        berm_finding *f = &decision->findings.items[i];
        if (f->waiver_count) berm_waivers_pick(f);
        if (f->verdict == BERM_VERDICT_FAIL || f->verdict == BERM_VERDICT_WAIVED)
            summary->verdicts[f->verdict]++;
        bool counts = f->verdict == BERM_VERDICT_FAIL || f->verdict == BERM_VERDICT_ERROR;
        if (counts && f->enforcement != BERM_ENFORCEMENT_ADVISORY) summary->denied = 1;
    }
}

bool berm_waivers_settle(const berm_alloc *alloc, const berm_image *image, berm_arena *arena,
                         berm_decision *decision)
{
    if (!image->waiver_count) return true;
    size_t len = image->waiver_count * sizeof(uint64_t);
    uint64_t *counts = berm_mem_new(alloc, len);
    if (!counts) return false;
    count_matches(counts, decision);
    bool settled = true;
    for (uint32_t i = 0; i < image->waiver_count && settled; i++)
        if (image->waivers[i].max_matches && counts[i] > image->waivers[i].max_matches)
            settled = exceed_all(image, arena, alloc, i, decision);
    berm_mem_free(alloc, counts, len);
    if (settled) sum_again(decision);
    return settled;
}
