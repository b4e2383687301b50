/* Programs of constant patterns: into the image, and checked when one is opened. */
#include "code/codegen.h"
#include "code/regex.h"
#include "code/verify.h"

/* The first row at (off, len) or behind. */
static uint32_t find_pattern(const berm_img_pattern *rows, uint32_t count, berm_text_ref text)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        berm_text_ref at = rows[middle].text;
        if (at.off < text.off || (at.off == text.off && at.len < text.len)) low = middle + 1;
        else high = middle;
    }
    return low;
}

static bool is_pattern_at(const berm_img_pattern *rows, uint32_t count, uint32_t row,
                          berm_text_ref text)
{
    return row < count && rows[row].text.off == text.off && rows[row].text.len == text.len;
}

uint32_t berm_image_find_pattern(const berm_image *image, berm_text_ref text)
{
    uint32_t row = find_pattern(image->patterns, image->pattern_count, text);
    return is_pattern_at(image->patterns, image->pattern_count, row, text) ? row : BERM_NO_ROW;
}

berm_regex_program berm_regex_image_program(const berm_image *image, uint32_t row)
{
    const berm_img_pattern *pattern = &image->patterns[row];
    return (berm_regex_program){.states = image->states + pattern->states.first,
                                .sets = image->sets + pattern->sets.first,
                                .ranges = image->ranges,
                                .state_count = pattern->states.count,
                                .set_count = pattern->sets.count,
                                .group_count = pattern->groups,
                                .anchored = pattern->anchored};
}

/* --- into the image --- */

static bool append_program(berm_codegen *gen, const berm_regex_code *code, uint32_t at,
                           berm_text_ref text)
{
    const berm_alloc *alloc = gen->alloc;
    uint32_t ranges = gen->ranges.count;
    berm_img_pattern row = {.text = text,
                            .states = {gen->states.count, code->states.count},
                            .sets = {gen->sets.count, code->sets.count},
                            .groups = code->group_count,
                            .anchored = code->anchored};
    if (!berm_array_reserve(alloc, &gen->patterns, 1) ||
        !berm_array_reserve(alloc, &gen->states, code->states.count) ||
        !berm_array_reserve(alloc, &gen->sets, code->sets.count) ||
        !berm_array_reserve(alloc, &gen->ranges, code->ranges.count))
        return false;
    for (uint32_t i = 0; i < code->states.count; i++)
        gen->states.items[gen->states.count++] = code->states.items[i];
    for (uint32_t i = 0; i < code->sets.count; i++) {
        berm_img_set set = code->sets.items[i];
        set.ranges.first += ranges;
        gen->sets.items[gen->sets.count++] = set;
    }
    for (uint32_t i = 0; i < code->ranges.count; i++)
        gen->ranges.items[gen->ranges.count++] = code->ranges.items[i];
    for (uint32_t i = gen->patterns.count++; i > at; i--)
        gen->patterns.items[i] = gen->patterns.items[i - 1];
    gen->patterns.items[at] = row;
    return true;
}

void berm_codegen_pattern(berm_codegen *gen, berm_text_ref text)
{
    uint32_t at = find_pattern(gen->patterns.items, gen->patterns.count, text);
    if (gen->failed || is_pattern_at(gen->patterns.items, gen->patterns.count, at, text)) return;
    berm_regex_code code;
    berm_str pattern = {text.len ? gen->text.items + text.off : "", text.len};
    berm_status status = berm_regex_compile(&code, gen->alloc, pattern);
    if (status == BERM_OK && !append_program(gen, &code, at, text)) status = BERM_E_NOMEM;
    berm_regex_code_free(&code);
    if (status == BERM_E_NOMEM) {
        gen->failed = true;
        gen->status = status;
    }
}

/* --- out of an image that nobody vouches for --- */

static bool refuse_regex(berm_verify *verify, const char *table, uint32_t row)
{
    return berm_verify_fail(verify, "%s %u is not well-formed", table, row);
}

/* Sorted, apart, and the same below 128 as the bits say. */
static bool is_good_set(const berm_image *image, const berm_img_set *set)
{
    berm_img_set again = {.ranges = set->ranges};
    const berm_img_range *ranges = image->ranges + set->ranges.first;
    for (uint32_t i = 0; i < set->ranges.count; i++)
        if (ranges[i].low > ranges[i].high || (i && ranges[i].low <= ranges[i - 1].high))
            return false;
    berm_regex_set_ascii(&again, image->ranges);
    return memcmp(&again, set, sizeof again) == 0;
}

/* Wherever a state leads is a state of the same program; the last one leads nowhere. */
static bool is_good_state(const berm_img_pattern *pattern, const berm_img_state *state, uint32_t at)
{
    uint32_t count = pattern->states.count;
    switch (state->op) {
    case BERM_STATE_SET: return state->a < pattern->sets.count && at + 1 < count;
    case BERM_STATE_ASSERT: return state->a < BERM_REGEX_ASSERTIONS && at + 1 < count;
    case BERM_STATE_SPLIT: return state->a < count && state->b < count;
    case BERM_STATE_JUMP: return state->a < count;
    case BERM_STATE_SAVE:
        return state->a >= 2 && state->a < berm_regex_slots(pattern->groups) && at + 1 < count;
    default: return true;
    }
}

static bool is_good_pattern(const berm_image *image, uint32_t row)
{
    const berm_img_pattern *pattern = &image->patterns[row];
    berm_text_ref text = pattern->text;
    if (row && find_pattern(image->patterns + row - 1, 1, text) == 0) return false;
    if (pattern->states.count == 0 || pattern->states.count > BERM_REGEX_STATES_MAX) return false;
    for (uint32_t i = 0; i < pattern->states.count; i++)
        if (!is_good_state(pattern, &image->states[pattern->states.first + i], i)) return false;
    return true;
}

bool berm_verify_regex(berm_verify *verify)
{
    const berm_image *image = verify->image;
    uint64_t ranges = 0, states = 0; /* of no two, or checking them could take for ever */
    for (uint32_t i = 0; i < image->set_count; i++) {
        ranges += image->sets[i].ranges.count;
        if (ranges > image->range_count || !is_good_set(image, &image->sets[i]))
            return refuse_regex(verify, "set", i);
    }
    for (uint32_t i = 0; i < image->pattern_count; i++) {
        states += image->patterns[i].states.count;
        if (states > image->state_count || !is_good_pattern(image, i))
            return refuse_regex(verify, "pattern", i);
    }
    return true;
}
