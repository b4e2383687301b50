/* matches() and its kin: programs from the image or, for patterns that are worked out while
   running, compiled here and kept for a while; and which engine answers. A literal text is looked
   for as it is; whether there is a match is the DFA's to say, where it is the Pike machine's. */
#include "vm/regex.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "vm/exec.h"
#include "vm/regex_parts.h"

#define CACHE_SLOTS 64u /* a power of two */
#define CACHE_PROBES 8u
#define FUEL_PER_LOOKUP 65536u

typedef struct regex_entry {
    uint64_t hash; /* this and the next five: of a pattern that is not the image's */
    char *pattern;
    uint32_t pattern_len;
    berm_error_code error; /* ERR_NONE: can be matched */
    berm_regex_code code;
    berm_regex_program program;
    bool literal, begin, end; /* the pattern is `text`, where the text to match begins or ends */
    berm_text text;
    berm_regex_dfa *dfa;   /* made when it is needed */
    berm_regex_pike *pike; /* the same */
} regex_entry;

struct berm_regex_cache {
    const berm_alloc *alloc;
    uint32_t turn; /* which probe is given up next */
    regex_entry *slots[CACHE_SLOTS];
    regex_entry **rows; /* for each pattern of the image */
    uint32_t row_count;
};

static void free_regex(const berm_alloc *alloc, regex_entry *entry)
{
    if (!entry) return;
    berm_regex_dfa_free(entry->dfa);
    berm_regex_pike_free(entry->pike);
    berm_text_free(&entry->text);
    berm_regex_code_free(&entry->code);
    berm_mem_free(alloc, entry->pattern, entry->pattern_len);
    berm_mem_free(alloc, entry, sizeof *entry);
}

void berm_regex_cache_free(struct berm_regex_cache *cache)
{
    if (!cache) return;
    for (uint32_t i = 0; i < CACHE_SLOTS; i++) free_regex(cache->alloc, cache->slots[i]);
    for (uint32_t i = 0; i < cache->row_count; i++) free_regex(cache->alloc, cache->rows[i]);
    berm_mem_free(cache->alloc, cache->rows, cache->row_count * sizeof(regex_entry *));
    berm_mem_free(cache->alloc, cache, sizeof *cache);
}

/* A program that reads one text and nothing else: groups are passed over. */
static void read_literal(regex_entry *entry)
{
    const berm_regex_program *p = &entry->program;
    char bytes[4];
    for (uint32_t s = 0; s < p->state_count; s++) {
        const berm_img_state *state = &p->states[s];
        switch (state->op) {
        case BERM_STATE_SAVE: break;
        case BERM_STATE_ASSERT:
            if (state->a == BERM_REGEX_TEXT_END) entry->end = true;
            else if (state->a == BERM_REGEX_TEXT_BEGIN && !entry->text.len) entry->begin = true;
            else return;
            break;
        case BERM_STATE_SET: {
            const berm_img_set *set = &p->sets[state->a];
            const berm_img_range *range = p->ranges + set->ranges.first;
            bool one = set->ranges.count == 1 && range->low == range->high;
            if (entry->end || !one || (range->low >= 0xd800 && range->low <= 0xdfff)) return;
            berm_text_put(&entry->text, (berm_str){bytes, berm_utf8_encode(range->low, bytes)});
            break;
        }
        case BERM_STATE_MATCH: entry->literal = true; return;
        default: return;
        }
    }
}

static regex_entry *new_regex(const berm_alloc *alloc)
{
    regex_entry *entry = berm_mem_new(alloc, sizeof *entry);
    if (!entry) return NULL;
    berm_text_init(&entry->text, alloc);
    entry->code.alloc = alloc;
    entry->error = BERM_ERR_NONE;
    return entry;
}

/* What the entry has is enough to run it; NULL, and it is freed, without memory. */
static regex_entry *finish_regex(const berm_alloc *alloc, regex_entry *entry, berm_status status)
{
    if (status == BERM_OK) read_literal(entry);
    if (status == BERM_E_POLICY) entry->error = BERM_ERR_REGEX;
    if (status == BERM_E_LIMIT) entry->error = BERM_ERR_REGEX_UNSUPPORTED;
    if (status != BERM_E_NOMEM && !entry->text.failed) return entry;
    free_regex(alloc, entry);
    return NULL;
}

static regex_entry *compile_regex(berm_vm *vm, berm_str pattern, uint64_t hash)
{
    const berm_alloc *alloc = vm->space.alloc;
    regex_entry *entry = new_regex(alloc);
    if (!entry) return NULL;
    entry->hash = hash;
    entry->pattern = berm_mem_new(alloc, pattern.len);
    berm_status status = BERM_E_NOMEM;
    if (entry->pattern || pattern.len == 0) {
        if (pattern.len) memcpy(entry->pattern, pattern.ptr, pattern.len);
        entry->pattern_len = (uint32_t)pattern.len;
        status = berm_regex_compile(&entry->code, alloc, pattern);
        entry->program = berm_regex_code_program(&entry->code);
        (void)berm_space_spend(&vm->space, pattern.len + entry->program.state_count +
                                               (uint64_t)entry->code.lookups * FUEL_PER_LOOKUP);
    }
    return finish_regex(alloc, entry, status);
}

static bool is_entry(const regex_entry *entry, berm_str pattern, uint64_t hash)
{
    return entry && entry->hash == hash && entry->pattern_len == pattern.len &&
           (pattern.len == 0 || memcmp(entry->pattern, pattern.ptr, pattern.len) == 0);
}

/* A pattern that is not in the image; a full neighbourhood gives one up. */
static regex_entry *find_dynamic(berm_vm *vm, struct berm_regex_cache *cache, berm_str pattern)
{
    uint64_t hash = berm_hash_bytes(pattern.ptr, pattern.len, 0);
    regex_entry **free_slot = NULL;
    for (uint32_t i = 0; i < CACHE_PROBES; i++) {
        regex_entry **slot = &cache->slots[(hash + i) % CACHE_SLOTS];
        if (is_entry(*slot, pattern, hash)) return *slot;
        if (!*slot && !free_slot) free_slot = slot;
    }
    if (!free_slot) free_slot = &cache->slots[(hash + cache->turn++ % CACHE_PROBES) % CACHE_SLOTS];
    free_regex(cache->alloc, *free_slot);
    *free_slot = compile_regex(vm, pattern, hash);
    return *free_slot;
}

static regex_entry *find_constant(const berm_vm *vm, struct berm_regex_cache *cache, uint32_t row)
{
    const berm_alloc *alloc = cache->alloc;
    uint32_t count = vm->image->pattern_count;
    if (!cache->rows) {
        cache->rows = berm_mem_new(alloc, count * sizeof *cache->rows);
        if (!cache->rows) return NULL;
        cache->row_count = count;
    }
    regex_entry *entry = cache->rows[row];
    if (entry) return entry;
    entry = new_regex(alloc);
    if (!entry) return NULL;
    entry->program = berm_regex_image_program(vm->image, row);
    return cache->rows[row] = finish_regex(alloc, entry, BERM_OK);
}

static void *fail_for_memory(berm_vm *vm)
{
    if (vm->space.status == BERM_OK) vm->space.status = BERM_E_NOMEM;
    return NULL;
}

/* The pattern, ready to run; NULL without memory. */
static regex_entry *find_regex(berm_vm *vm, berm_cell pattern)
{
    const berm_alloc *alloc = vm->space.alloc;
    regex_entry *entry = NULL;
    uint32_t row = BERM_NO_ROW;
    if (!vm->regexes) {
        vm->regexes = berm_mem_new(alloc, sizeof *vm->regexes);
        if (!vm->regexes) return fail_for_memory(vm);
        vm->regexes->alloc = alloc;
    }
    if (vm->image && pattern.store == BERM_STORE_IMAGE && !(pattern.flags & BERM_CELL_DECODED))
        row = berm_image_find_pattern(vm->image,
                                      (berm_text_ref){pattern.as.ref.off, pattern.as.ref.len});
    if (row != BERM_NO_ROW) entry = find_constant(vm, vm->regexes, row);
    else entry = find_dynamic(vm, vm->regexes, berm_text_of(&vm->space, pattern));
    return entry ? entry : fail_for_memory(vm);
}

/* --- engines --- */

static bool match_literal(const regex_entry *entry, berm_str text)
{
    berm_str literal = berm_text_view(&entry->text);
    if (entry->begin && entry->end) return berm_str_equal(text, literal);
    if (entry->begin) return berm_str_starts(text, literal);
    if (entry->end) return berm_str_ends(text, literal);
    return berm_find_text(text, literal, 0) != SIZE_MAX;
}

static berm_regex_answer find_on_pike(berm_vm *vm, regex_entry *entry, berm_str text, size_t from,
                                      uint32_t *spans, uint32_t span_count)
{
    if (vm->space.status != BERM_OK) return BERM_REGEX_GAVE_UP;
    if (!entry->pike) entry->pike = berm_regex_pike_new(vm->space.alloc, &entry->program);
    if (entry->pike)
        return berm_regex_pike_find(entry->pike, &vm->space, text, from, spans, span_count);
    fail_for_memory(vm);
    return BERM_REGEX_GAVE_UP;
}

static berm_regex_answer match_on_dfa(berm_vm *vm, regex_entry *entry, berm_str text, size_t from)
{
    if (!entry->dfa) entry->dfa = berm_regex_dfa_new(vm->space.alloc, &entry->program);
    if (entry->dfa) return berm_regex_dfa_match(entry->dfa, &vm->space, text, from);
    fail_for_memory(vm);
    return BERM_REGEX_GAVE_UP;
}

static berm_regex_answer match_regex(berm_vm *vm, regex_entry *entry, berm_str text)
{
    if (entry->literal) return match_literal(entry, text) ? BERM_REGEX_YES : BERM_REGEX_NO;
    berm_regex_answer answer = match_on_dfa(vm, entry, text, 0);
    return answer == BERM_REGEX_GAVE_UP ? find_on_pike(vm, entry, text, 0, NULL, 0) : answer;
}

berm_regex_found berm_regex_search_run(berm_vm *vm, berm_regex_search *search)
{
    regex_entry *entry = find_regex(vm, search->pattern);
    search->error = entry ? entry->error : BERM_ERR_NONE;
    if (!entry || entry->error != BERM_ERR_NONE) return BERM_REGEX_FAULTY;
    search->group_count = entry->program.group_count;
    berm_regex_answer answer = match_on_dfa(vm, entry, search->text, search->from);
    if (answer != BERM_REGEX_NO)
        answer =
            find_on_pike(vm, entry, search->text, search->from, search->spans, search->span_count);
    if (answer == BERM_REGEX_GAVE_UP) return BERM_REGEX_FAULTY;
    return answer == BERM_REGEX_YES ? BERM_REGEX_FOUND : BERM_REGEX_MISSED;
}

/* --- matches --- */

BERM_FN_BODY(MATCHES)
{
    if (args[0].tag != BERM_TAG_STRING || args[1].tag != BERM_TAG_STRING)
        return berm_no_overload(vm, args, 2, word);
    regex_entry *entry = find_regex(vm, args[1]);
    if (!entry) return args[0];
    if (entry->error != BERM_ERR_NONE) return berm_fn_fail(vm, entry->error, args[1], word);
    berm_regex_answer answer = match_regex(vm, entry, berm_text_of(&vm->space, args[0]));
    return answer == BERM_REGEX_GAVE_UP ? args[0] : berm_cell_bool(answer == BERM_REGEX_YES);
}

BERM_FN_BODY(MATCHES_M)
{
    return berm_fn_MATCHES(vm, args, word);
}
