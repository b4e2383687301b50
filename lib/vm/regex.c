/* matches(): which engine answers, and the cache of compiled patterns.

   simple forms are compared in place; plain patterns (see regex_proof.c) run on pcre2 with a
   bound on its steps; all others, and whatever pcre2 gives up on, run on the NFA. */
#include "vm/regex.h"

#include "base/hash.h"
#include "vm/exec.h"
#include "vm/regex_parts.h"

#define CACHE_SLOTS 256u /* a power of two */
#define CACHE_PROBES 8u

typedef struct regex_entry {
    uint64_t hash;
    char *pattern;
    uint32_t pattern_len;
    berm_error_code error; /* ERR_NONE: can be matched */
    berm_regex_tree tree;  /* of `pattern` */
    berm_regex_simple simple;
    berm_regex_pcre *pcre;
    berm_regex_nfa *nfa;       /* made when it is needed */
    berm_regex_finder *finder; /* the same */
} regex_entry;

struct berm_regex_cache {
    const berm_alloc *alloc;
    uint32_t turn; /* which probe is given up next */
    regex_entry *slots[CACHE_SLOTS];
};

static void free_regex(const berm_alloc *alloc, regex_entry *entry)
{
    if (!entry) return;
    berm_regex_simple_free(&entry->simple, alloc);
    berm_regex_pcre_free(entry->pcre);
    berm_regex_nfa_free(entry->nfa);
    berm_regex_finder_free(entry->finder);
    berm_regex_tree_free(&entry->tree);
    berm_mem_free(alloc, entry->pattern, entry->pattern_len);
    berm_mem_free(alloc, entry, sizeof *entry);
}

void berm_regex_cache_free(struct berm_regex_cache *cache)
{
    if (!cache) return;
    for (uint32_t i = 0; i < CACHE_SLOTS; i++) free_regex(cache->alloc, cache->slots[i]);
    berm_mem_free(cache->alloc, cache, sizeof *cache);
}

/* Chooses how the parsed pattern is matched; false without memory. */
static bool choose_engine(regex_entry *entry)
{
    if (!berm_regex_simple_make(&entry->simple, &entry->tree)) return false;
    if (entry->simple.form != BERM_REGEX_NOT_SIMPLE) return true;
    if (berm_regex_is_plain(&entry->tree)) entry->pcre = berm_regex_pcre_new(&entry->tree);
    if (!entry->pcre && entry->tree.unicode) entry->error = BERM_ERR_REGEX_UNSUPPORTED;
    return true;
}

static regex_entry *new_regex(const berm_alloc *alloc, berm_str pattern, uint64_t hash)
{
    regex_entry *entry = berm_mem_new(alloc, sizeof *entry);
    if (!entry) return NULL;
    entry->hash = hash;
    entry->tree.alloc = alloc;
    entry->error = BERM_ERR_NONE;
    entry->pattern = berm_mem_new(alloc, pattern.len);
    if (entry->pattern) {
        memcpy(entry->pattern, pattern.ptr, pattern.len);
        entry->pattern_len = (uint32_t)pattern.len;
    }
    bool made = entry->pattern || pattern.len == 0;
    berm_str copy = {entry->pattern, entry->pattern_len};
    if (made && !berm_regex_parse(&entry->tree, alloc, copy)) {
        made = !entry->tree.failed;
        entry->error = BERM_ERR_REGEX;
    } else if (made) {
        made = choose_engine(entry);
    }
    if (made) return entry;
    free_regex(alloc, entry);
    return NULL;
}

static bool is_entry(const regex_entry *entry, berm_str pattern, uint64_t hash)
{
    return entry && entry->hash == hash && entry->pattern_len == pattern.len &&
           (pattern.len == 0 || memcmp(entry->pattern, pattern.ptr, pattern.len) == 0);
}

/* The compiled pattern; a full neighbourhood gives one up. NULL without memory. */
static regex_entry *find_regex(berm_vm *vm, berm_str pattern)
{
    const berm_alloc *alloc = vm->space.alloc;
    if (!vm->regexes) {
        vm->regexes = berm_mem_new(alloc, sizeof *vm->regexes);
        if (!vm->regexes) return NULL;
        vm->regexes->alloc = alloc;
    }
    struct berm_regex_cache *cache = vm->regexes;
    uint64_t hash = berm_hash_bytes(pattern.ptr, pattern.len, 0);
    regex_entry **free_slot = NULL;
    for (uint32_t i = 0; i < CACHE_PROBES; i++) {
        regex_entry **slot = &cache->slots[(hash + i) % CACHE_SLOTS];
        if (is_entry(*slot, pattern, hash)) return *slot;
        if (!*slot && !free_slot) free_slot = slot;
    }
    if (!free_slot) free_slot = &cache->slots[(hash + cache->turn++ % CACHE_PROBES) % CACHE_SLOTS];
    free_regex(alloc, *free_slot);
    *free_slot = new_regex(alloc, pattern, hash);
    return *free_slot;
}

static berm_regex_answer match_on_nfa(berm_vm *vm, regex_entry *entry, berm_str text)
{
    bool too_large = false;
    if (!entry->nfa && !entry->tree.unicode)
        entry->nfa = berm_regex_nfa_new(&entry->tree, &too_large);
    if (entry->nfa) return berm_regex_nfa_match(entry->nfa, &vm->space, text, NULL);
    if (too_large || entry->tree.unicode) entry->error = BERM_ERR_REGEX_UNSUPPORTED;
    else if (vm->space.status == BERM_OK) vm->space.status = BERM_E_NOMEM;
    return BERM_REGEX_GAVE_UP;
}

static berm_regex_answer match_regex(berm_vm *vm, regex_entry *entry, berm_str text)
{
    if (entry->error != BERM_ERR_NONE) return BERM_REGEX_GAVE_UP;
    if (entry->simple.form != BERM_REGEX_NOT_SIMPLE) {
        return berm_regex_simple_match(&entry->simple, &entry->tree, text) ? BERM_REGEX_YES
                                                                           : BERM_REGEX_NO;
    }
    berm_regex_answer answer =
        entry->pcre ? berm_regex_pcre_match(entry->pcre, text) : BERM_REGEX_GAVE_UP;
    return answer == BERM_REGEX_GAVE_UP ? match_on_nfa(vm, entry, text) : answer;
}

/* --- find --- */

static bool prepare_finder(berm_vm *vm, regex_entry *entry)
{
    bool too_large = false;
    if (entry->finder) return true;
    if (!entry->tree.unicode) entry->finder = berm_regex_finder_new(&entry->tree, &too_large);
    if (too_large || entry->tree.unicode) entry->error = BERM_ERR_REGEX_UNSUPPORTED;
    else if (!entry->finder && vm->space.status == BERM_OK) vm->space.status = BERM_E_NOMEM;
    return entry->finder;
}

/* Plain patterns, of which no groups are wanted; gives up on all others. */
static berm_regex_answer search_on_pcre(berm_vm *vm, const regex_entry *entry,
                                        const berm_regex_search *search)
{
    bool fit = entry->error == BERM_ERR_NONE && entry->pcre && search->span_count == 2;
    if (!fit) return BERM_REGEX_GAVE_UP;
    berm_regex_answer answer =
        berm_regex_pcre_find(entry->pcre, search->text, search->from, search->spans);
    size_t seen = answer == BERM_REGEX_YES ? search->spans[1] : search->text.len;
    return berm_space_spend(&vm->space, (seen - search->from) / 16) ? answer : BERM_REGEX_GAVE_UP;
}

berm_regex_found berm_regex_search_run(struct berm_vm *vm, berm_regex_search *search)
{
    regex_entry *entry = find_regex(vm, search->pattern);
    search->error = BERM_ERR_NONE;
    if (!entry) {
        if (vm->space.status == BERM_OK) vm->space.status = BERM_E_NOMEM;
        return BERM_REGEX_FAULTY;
    }
    search->group_count = entry->tree.group_count;
    berm_regex_answer answer = search_on_pcre(vm, entry, search);
    if (answer == BERM_REGEX_GAVE_UP && entry->error == BERM_ERR_NONE &&
        vm->space.status == BERM_OK && prepare_finder(vm, entry)) {
        answer = berm_regex_finder_find(entry->finder, &vm->space, search->text, search->from,
                                        search->spans, search->span_count);
    }
    search->error = entry->error;
    if (answer == BERM_REGEX_GAVE_UP) return BERM_REGEX_FAULTY;
    return answer == BERM_REGEX_YES ? BERM_REGEX_FOUND : BERM_REGEX_MISSED;
}

/* --- matches --- */

BERM_FN_BODY(MATCHES)
{
    if (args[0].tag != BERM_TAG_STRING || args[1].tag != BERM_TAG_STRING)
        return berm_no_overload(vm, args, 2, word);
    regex_entry *entry = find_regex(vm, berm_text_of(&vm->space, args[1]));
    if (!entry) {
        if (vm->space.status == BERM_OK) vm->space.status = BERM_E_NOMEM;
        return args[0];
    }
    berm_regex_answer answer = match_regex(vm, entry, berm_text_of(&vm->space, args[0]));
    if (answer != BERM_REGEX_GAVE_UP) return berm_cell_bool(answer == BERM_REGEX_YES);
    return entry->error == BERM_ERR_NONE ? args[0] : berm_fn_fail(vm, entry->error, args[1], word);
}

BERM_FN_BODY(MATCHES_M)
{
    return berm_fn_MATCHES(vm, args, word);
}

bool berm_regex_check(const berm_alloc *alloc, berm_str pattern, const char **why, size_t *off)
{
    regex_entry *entry = new_regex(alloc, pattern, 0);
    *why = NULL;
    *off = 0;
    if (!entry) return false;
    bool fine = entry->error == BERM_ERR_NONE;
    if (entry->error == BERM_ERR_REGEX) {
        *why = entry->tree.fault;
        *off = entry->tree.fault_off;
    } else if (!fine) {
        *why = "it needs Unicode's tables in a form that this version does not have";
    }
    free_regex(alloc, entry);
    return fine;
}
