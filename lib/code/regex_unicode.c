/* Categories, scripts and case beyond ASCII. Nothing here has tables of its own: pcre2 is asked
   which code points match, once per class of a pattern, while the pattern is compiled. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/utf8.h"
#include "code/regex_tree.h"

#include <pcre2.h>

/* What a pattern may ask for: a scan of all code points costs as much as some 30 of those that
   have case. */
#define LOOKUPS_MAX 2000u
#define SCAN_COST 30u

#define BLOCK_CODES 0x800u

/* pcre2 frees without saying how much: each block knows its size. */
typedef union pcre_block {
    size_t len;
    _Alignas(16) char align;
} pcre_block;

static void *allocate_for_pcre(size_t len, void *ctx)
{
    if (len > SIZE_MAX - sizeof(pcre_block)) return NULL;
    pcre_block *block = berm_mem_resize(ctx, NULL, 0, sizeof *block + len);
    if (!block) return NULL;
    block->len = sizeof *block + len;
    return block + 1;
}

static void free_for_pcre(void *ptr, void *ctx)
{
    pcre_block *block = ptr;
    if (block) berm_mem_free(ctx, block - 1, block[-1].len);
}

typedef struct lookup {
    berm_regex_tree *tree;
    pcre2_general_context *general;
    pcre2_code *code;
    pcre2_match_data *data;
} lookup;

static void end_lookup(lookup *l)
{
    pcre2_match_data_free(l->data);
    pcre2_code_free(l->code);
    pcre2_general_context_free(l->general);
}

/* False when pcre2 does not take the pattern, or without memory: tree->failed tells. */
static bool begin_lookup(lookup *l, berm_regex_tree *tree, const berm_text *pattern)
{
    /* pcre2 hands the context back unchanged: that it is const is kept in mind here. */
    union {
        const berm_alloc *in;
        void *out;
    } ctx = {tree->alloc};
    int error = 0;
    PCRE2_SIZE error_off;
    *l = (lookup){.tree = tree};
    l->general = pcre2_general_context_create(allocate_for_pcre, free_for_pcre, ctx.out);
    pcre2_compile_context *context = l->general ? pcre2_compile_context_create(l->general) : NULL;
    if (context && !pattern->failed) {
        l->code = pcre2_compile((PCRE2_SPTR)pattern->ptr, pattern->len,
                                PCRE2_UTF | PCRE2_NO_UTF_CHECK, &error, &error_off, context);
        if (l->code) l->data = pcre2_match_data_create(1, l->general);
    }
    pcre2_compile_context_free(context);
    bool unknown = !l->code && error != 0 && error != PCRE2_ERROR_HEAP_FAILED;
    if (!l->data && !unknown) tree->failed = true;
    return l->data;
}

/* Each run of code points in `text` that match; of text that goes over all in turn up to `end`, as
   one range, else one by one. */
static void find_codes(const lookup *l, berm_str text, uint32_t end)
{
    size_t from = 0;
    while (from < text.len && !l->tree->failed &&
           pcre2_match(l->code, (PCRE2_SPTR)text.ptr, text.len, from, PCRE2_NO_UTF_CHECK, l->data,
                       NULL) > 0) {
        const PCRE2_SIZE *span = pcre2_get_ovector_pointer(l->data);
        size_t at = span[0], behind = span[1];
        from = behind;
        uint32_t low = (uint32_t)berm_utf8_next(text, &at), high = low;
        if (end && behind == text.len) high = end;
        else if (end) high = (uint32_t)berm_utf8_next(text, &behind) - 1;
        berm_regex_push_range(l->tree, low, high);
        while (!end && at < from && !l->tree->failed) {
            low = (uint32_t)berm_utf8_next(text, &at);
            berm_regex_push_range(l->tree, low, low);
        }
    }
}

/* All code points, but for surrogates and the planes in which there is nothing yet. */
static void scan_codes(const lookup *l)
{
    char text[4 * BLOCK_CODES];
    for (uint32_t block = 0; block < 0x110000; block += BLOCK_CODES) {
        size_t len = 0;
        if (block == 0xd800) continue;
        if (block == 0x40000) block = 0xe0000;
        for (uint32_t i = 0; i < BLOCK_CODES; i++) len += berm_utf8_encode(block + i, text + len);
        find_codes(l, (berm_str){text, len}, block + BLOCK_CODES - 1);
    }
}

static bool pay_for_lookup(berm_regex_tree *tree, uint32_t cost)
{
    tree->lookups += cost;
    if (tree->lookups > LOOKUPS_MAX) tree->too_large = true;
    return !tree->too_large && !tree->failed;
}

static bool add_codes(berm_regex_tree *tree, const char *format, berm_str name)
{
    lookup l;
    berm_text pattern;
    berm_text_init(&pattern, tree->alloc);
    berm_text_format(&pattern, format, name);
    bool known = begin_lookup(&l, tree, &pattern);
    if (known) scan_codes(&l);
    end_lookup(&l);
    berm_text_free(&pattern);
    return known;
}

/* RE2 has no code points without a category in C. Older versions of pcre2 do not have sc: and mean
   it, newer ones mean script extensions where it is not said. */
bool berm_regex_add_property(berm_regex_tree *tree, berm_str name)
{
    if (!pay_for_lookup(tree, SCAN_COST)) return true;
    if (berm_str_is(name, "C")) return add_codes(tree, "[\\p{Cc}\\p{Cf}\\p{Co}]+", name);
    if (name.len > 2 && add_codes(tree, "\\p{sc:%S}+", name)) return true;
    return tree->failed || add_codes(tree, "\\p{%S}+", name);
}

/* A superset of the code points that have another case. */
static bool gather_cased(berm_regex_tree *tree)
{
    char bytes[4];
    uint32_t first = tree->ranges.count;
    if (tree->cased.len > 0) return true;
    if (!pay_for_lookup(tree, SCAN_COST)) return false;
    add_codes(tree, "[\\p{Lu}\\p{Ll}\\p{Lt}\\p{Mn}\\p{Nl}\\p{So}]+", BERM_STR(""));
    for (uint32_t i = first; i < tree->ranges.count; i++) {
        berm_img_range range = tree->ranges.items[i];
        for (uint32_t c = range.low; c <= range.high; c++)
            berm_text_put(&tree->cased, (berm_str){bytes, berm_utf8_encode(c, bytes)});
    }
    tree->ranges.count = first;
    if (tree->cased.failed) tree->failed = true;
    return !tree->failed;
}

void berm_regex_add_cases(berm_regex_tree *tree, uint32_t first)
{
    lookup l;
    berm_text pattern;
    if (!gather_cased(tree) || !pay_for_lookup(tree, 1)) return;
    berm_text_init(&pattern, tree->alloc);
    berm_text_put(&pattern, BERM_STR("(?i:["));
    for (uint32_t i = first; i < tree->ranges.count; i++) {
        berm_img_range range = tree->ranges.items[i];
        /* no text has surrogates, and pcre2 does not take them */
        if (range.low >= 0xd800 && range.low <= 0xdfff) range.low = 0xe000;
        if (range.high >= 0xd800 && range.high <= 0xdfff) range.high = 0xd7ff;
        if (range.low <= range.high)
            berm_text_format(&pattern, "\\x{%x}-\\x{%x}", range.low, range.high);
    }
    bool any = pattern.len > 5;
    berm_text_put(&pattern, BERM_STR("])+"));
    if (any && begin_lookup(&l, tree, &pattern)) find_codes(&l, berm_text_view(&tree->cased), 0);
    else if (any) tree->failed = true;
    if (any) end_lookup(&l);
    berm_text_free(&pattern);
}
