/* Patterns on pcre2. Not the pattern's own text is compiled but one written from its tree, in
   which nothing is left that the two read differently: classes are code points, ^ $ . are spelt
   out, case is folded already where it can be. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "vm/regex_parts.h"

struct berm_regex_pcre {
    const berm_alloc *alloc;
    pcre2_general_context *general;
    pcre2_code *code;
    pcre2_match_context *context;
    pcre2_match_data *data;
};

/* --- pcre2 frees without saying how much: each block knows its size --- */

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

/* --- the pattern, written again --- */

typedef struct pcre_writer {
    const berm_regex_tree *tree;
    berm_text out;
    bool unfit; /* something that pcre2 would take otherwise */
} pcre_writer;

static void put_code(berm_text *out, uint32_t code)
{
    berm_text_format(out, "\\x{%x}", code);
}

/* No text has surrogates, and pcre2 does not take them. */
static void put_code_range(berm_text *out, berm_regex_range range)
{
    if (range.low >= 0xd800 && range.low <= 0xdfff) range.low = 0xe000;
    if (range.high >= 0xd800 && range.high <= 0xdfff) range.high = 0xd7ff;
    if (range.low > range.high) return;
    put_code(out, range.low);
    if (range.low == range.high) return;
    berm_text_putc(out, '-');
    put_code(out, range.high);
}

static void write_pcre_class(pcre_writer *w, const berm_regex_class *class)
{
    const berm_regex_tree *tree = w->tree;
    if (class->fold && class->property_count) w->unfit = true;
    bool empty = true;
    berm_text body;
    berm_text_init(&body, tree->alloc);
    for (uint32_t i = 0; i < class->count; i++)
        put_code_range(&body, tree->ranges.items[class->first + i]);
    for (uint32_t i = 0; i < class->property_count; i++) {
        berm_regex_property property = tree->properties.items[class->property_first + i];
        berm_str name = berm_str_cut(tree->pattern, property.off, property.off + property.len);
        berm_text_format(&body, "\\%c{%S}", property.negated ? 'P' : 'p', name);
    }
    empty = body.len == 0;
    if (empty) {
        berm_text_put(&w->out,
                      class->negated ? BERM_STR("[\\x{0}-\\x{10ffff}]") : BERM_STR("(?!)"));
    } else {
        berm_text_put(&w->out, class->fold ? BERM_STR("(?i:[") : BERM_STR("["));
        if (class->negated) berm_text_putc(&w->out, '^');
        berm_text_put(&w->out, berm_text_view(&body));
        berm_text_put(&w->out, class->fold ? BERM_STR("])") : BERM_STR("]"));
    }
    if (body.failed) w->out.failed = true;
    berm_text_free(&body);
}

static void write_pcre_node(pcre_writer *w, uint32_t n);

static void write_pcre_children(pcre_writer *w, uint32_t first, char between)
{
    for (uint32_t n = first; n; n = w->tree->nodes.items[n].next) {
        if (n != first && between) berm_text_putc(&w->out, between);
        write_pcre_node(w, n);
    }
}

static void write_pcre_group(pcre_writer *w, uint32_t first, char between)
{
    berm_text_put(&w->out, BERM_STR("(?:"));
    write_pcre_children(w, first, between);
    berm_text_putc(&w->out, ')');
}

static void write_pcre_repeat(pcre_writer *w, const berm_regex_node *node)
{
    write_pcre_group(w, node->first, 0);
    if (node->max == BERM_REGEX_UNBOUNDED) berm_text_format(&w->out, "{%u,}", node->min);
    else berm_text_format(&w->out, "{%u,%u}", node->min, node->max);
    if (node->lazy) berm_text_putc(&w->out, '?');
}

static const char *const pcre_assertions[] = {
    [BERM_REGEX_TEXT_BEGIN] = "\\A",         [BERM_REGEX_TEXT_END] = "\\z",
    [BERM_REGEX_LINE_BEGIN] = "(?<![^\\n])", [BERM_REGEX_LINE_END] = "(?![^\\n])",
    [BERM_REGEX_WORD_EDGE] = "\\b",          [BERM_REGEX_NO_WORD_EDGE] = "\\B"};

static void write_pcre_node(pcre_writer *w, uint32_t n)
{
    const berm_regex_node *node = &w->tree->nodes.items[n];
    switch (node->kind) {
    case BERM_REGEX_CLASS: write_pcre_class(w, &w->tree->classes.items[node->arg]); break;
    case BERM_REGEX_ASSERT: berm_text_put(&w->out, berm_str_of(pcre_assertions[node->arg])); break;
    case BERM_REGEX_CONCAT: write_pcre_children(w, node->first, 0); break;
    case BERM_REGEX_CHOICE: write_pcre_group(w, node->first, '|'); break;
    case BERM_REGEX_REPEAT: write_pcre_repeat(w, node); break;
    case BERM_REGEX_CAPTURE: write_pcre_group(w, node->first, 0); break;
    default: break;
    }
}

/* --- compiling and matching --- */

static bool compile_pcre(berm_regex_pcre *pcre, berm_str pattern)
{
    uint32_t options =
        PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY;
    int error;
    PCRE2_SIZE error_off;
    pcre2_compile_context *context = pcre2_compile_context_create(pcre->general);
    if (!context) return false;
    PCRE2_SPTR text = (PCRE2_SPTR)(pattern.len ? pattern.ptr : "");
    pcre->code = pcre2_compile(text, pattern.len, options, &error, &error_off, context);
    pcre2_compile_context_free(context);
    if (!pcre->code) return false;
    (void)pcre2_jit_compile(pcre->code, PCRE2_JIT_COMPLETE); /* without it pcre2 interprets */
    pcre->context = pcre2_match_context_create(pcre->general);
    pcre->data = pcre2_match_data_create(1, pcre->general);
    return pcre->context && pcre->data;
}

berm_regex_pcre *berm_regex_pcre_new(const berm_regex_tree *tree)
{
    pcre_writer writer = {.tree = tree};
    berm_regex_pcre *pcre = berm_mem_new(tree->alloc, sizeof *pcre);
    if (!pcre) return NULL;
    pcre->alloc = tree->alloc;
    /* pcre2 hands the context back unchanged: that it is const is kept in mind here. */
    union {
        const berm_alloc *in;
        void *out;
    } ctx = {tree->alloc};
    pcre->general = pcre2_general_context_create(allocate_for_pcre, free_for_pcre, ctx.out);
    berm_text_init(&writer.out, tree->alloc);
    write_pcre_node(&writer, tree->root);
    bool made = pcre->general && !writer.unfit && !writer.out.failed &&
                compile_pcre(pcre, berm_text_view(&writer.out));
    berm_text_free(&writer.out);
    if (made) return pcre;
    berm_regex_pcre_free(pcre);
    return NULL;
}

void berm_regex_pcre_free(berm_regex_pcre *pcre)
{
    if (!pcre) return;
    pcre2_match_data_free(pcre->data);
    pcre2_match_context_free(pcre->context);
    pcre2_code_free(pcre->code);
    pcre2_general_context_free(pcre->general);
    berm_mem_free(pcre->alloc, pcre, sizeof *pcre);
}

#define PCRE_STEPS_LEAST 10000u
#define PCRE_STEPS_PER_BYTE 16u

berm_regex_answer berm_regex_pcre_match(berm_regex_pcre *pcre, berm_str text)
{
    uint32_t unused[2];
    return berm_regex_pcre_find(pcre, text, 0, unused);
}

berm_regex_answer berm_regex_pcre_find(berm_regex_pcre *pcre, berm_str text, size_t from,
                                       uint32_t span[2])
{
    uint64_t steps = PCRE_STEPS_LEAST + (uint64_t)text.len * PCRE_STEPS_PER_BYTE;
    pcre2_set_match_limit(pcre->context, steps < UINT32_MAX ? (uint32_t)steps : UINT32_MAX);
    PCRE2_SPTR subject = (PCRE2_SPTR)(text.len ? text.ptr : "");
    int result = pcre2_match(pcre->code, subject, text.len, from, PCRE2_NO_UTF_CHECK, pcre->data,
                             pcre->context);
    if (result < 0) return result == PCRE2_ERROR_NOMATCH ? BERM_REGEX_NO : BERM_REGEX_GAVE_UP;
    const PCRE2_SIZE *found = pcre2_get_ovector_pointer(pcre->data);
    span[0] = (uint32_t)found[0];
    span[1] = (uint32_t)found[1];
    return BERM_REGEX_YES;
}
