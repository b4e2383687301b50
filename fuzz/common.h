/* What the fuzz targets share: engines with tight or hostile settings, and sinks.

   An input may begin with settings: the byte 0xF5, which no text in UTF-8 has, and five more:
     [0] and the low half of [1]  which allocation fails: 0 none, 1 the first
     [1] bit 7                    all that come after it fail, too
     [2]                          which limits are tiny, a bit for each of tiny_limits
     [3]                          how tiny: the low half shifts, the high half is added
     [4]                          the target's own
   What follows is the input. Without them memory is there, and limits are tight but sensible. */
#ifndef BERM_FUZZ_COMMON_H
#define BERM_FUZZ_COMMON_H

#include <berm/berm.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that every input must have. */
#define REQUIRE(condition) \
    do { \
        if (!(condition)) abort(); \
    } while (0)

/* --- settings --- */

#define FUZZ_SETTINGS_MARK 0xF5u
#define FUZZ_SETTINGS_LEN 6u

static const berm_limits fuzz_limits = {.size = sizeof fuzz_limits,
                                        .doc_len = 1u << 20,
                                        .depth = 64,
                                        .node_count = 1u << 18,
                                        .alias_count = 10000,
                                        .rule_cost = 20000,
                                        .fuel = 2000000,
                                        .memory_len = 1u << 24,
                                        .finding_count = 20,
                                        .output_len = 1u << 22};

/* Counts the blocks of an engine and of what it made, and fails when it is told to. */
typedef struct fuzz_memory {
    uint64_t calls, fail_at; /* fail_at 0: never */
    int64_t live;
    bool onwards, failed;
} fuzz_memory;

typedef struct fuzz_settings {
    berm_limits limits;
    uint64_t fail_at;
    bool onwards;
    bool tiny;       /* a limit is smaller than it is without settings */
    uint8_t options; /* the target's own */
} fuzz_settings;

static inline void fuzz_shrink(berm_limits *limits, uint8_t which, uint64_t to)
{
    uint64_t *tiny_limits[] = {&limits->depth,       &limits->node_count, &limits->string_len,
                               &limits->alias_count, &limits->rule_cost,  &limits->fuel,
                               &limits->memory_len,  &limits->output_len};
    for (unsigned k = 0; k < sizeof tiny_limits / sizeof *tiny_limits; k++)
        if (which & 1u << k) *tiny_limits[k] = to;
}

/* Takes the settings off the beginning of the input. */
static inline fuzz_settings fuzz_take_settings(const uint8_t **data, size_t *size)
{
    fuzz_settings settings = {.limits = fuzz_limits};
    const uint8_t *bytes = *data;
    if (*size < FUZZ_SETTINGS_LEN || bytes[0] != FUZZ_SETTINGS_MARK) return settings;
    settings.fail_at = bytes[1] | (uint64_t)(bytes[2] & 0x0f) << 8;
    settings.onwards = bytes[2] & 0x80;
    settings.tiny = bytes[3] != 0;
    fuzz_shrink(&settings.limits, bytes[3], (1u << (bytes[4] & 0x0f)) + (bytes[4] >> 4));
    settings.options = bytes[5];
    *data += FUZZ_SETTINGS_LEN, *size -= FUZZ_SETTINGS_LEN;
    return settings;
}

/* Blocks always move, so that ASan sees a pointer that was kept. */
static inline void *fuzz_realloc(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
    fuzz_memory *memory = ctx;
    REQUIRE(ptr || old_len == 0);
    if (new_len == 0) {
        memory->live -= ptr != NULL;
        free(ptr);
        return NULL;
    }
    uint64_t call = ++memory->calls;
    void *block = NULL;
    if (call == memory->fail_at || (memory->onwards && memory->fail_at && call > memory->fail_at))
        memory->failed = true;
    else block = malloc(new_len);
    if (!block) return NULL;
    if (ptr) memcpy(block, ptr, old_len < new_len ? old_len : new_len);
    else memory->live++;
    free(ptr);
    return block;
}

/* An engine with the limits of the settings that takes its memory from `memory`; NULL where there
   is not even that much. */
static inline berm_engine *fuzz_engine_with(const fuzz_settings *settings, fuzz_memory *memory)
{
    const berm_alloc alloc = {fuzz_realloc, memory};
    const berm_engine_options options = {.size = sizeof options,
                                         .alloc = &alloc,
                                         .limits = &settings->limits};
    berm_engine *engine = NULL;
    *memory = (fuzz_memory){.fail_at = settings->fail_at, .onwards = settings->onwards};
    berm_status status = berm_engine_new(&options, &engine, NULL);
    REQUIRE(status == BERM_OK || (status == BERM_E_NOMEM && memory->failed));
    return engine;
}

/* Nothing that the engine made is left. */
static inline void fuzz_engine_end(berm_engine *engine, const fuzz_memory *memory)
{
    berm_engine_unref(engine);
    REQUIRE(memory->live == 0);
}

static inline berm_engine *fuzz_engine(void)
{
    const berm_engine_options options = {.size = sizeof options, .limits = &fuzz_limits};
    berm_engine *engine = NULL;
    if (berm_engine_new(&options, &engine, NULL) != BERM_OK) return NULL;
    return engine;
}

/* --- texts --- */

typedef struct fuzz_text {
    char *ptr;
    size_t len, cap;
} fuzz_text;

static inline int fuzz_keep(void *ctx, const char *ptr, size_t len)
{
    fuzz_text *text = ctx;
    if (len > text->cap - text->len) {
        size_t cap = 2 * (text->len + len);
        char *grown = realloc(text->ptr, cap);
        if (!grown) return 1;
        text->ptr = grown;
        text->cap = cap;
    }
    if (len > 0) memcpy(text->ptr + text->len, ptr, len);
    text->len += len;
    return 0;
}

static inline int fuzz_swallow(void *ctx, const char *ptr, size_t len)
{
    (void)ctx, (void)ptr, (void)len;
    return 0;
}

static inline bool fuzz_same_text(const fuzz_text *a, const fuzz_text *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->ptr, b->ptr, a->len) == 0);
}

static inline berm_str fuzz_view(const fuzz_text *text)
{
    return (berm_str){text->ptr, text->len};
}

/* What is in front of the next NUL; `*rest` is what is behind it, or {NULL, 0} without one. */
static inline berm_str fuzz_take_part(berm_str *rest)
{
    const char *end = rest->len ? memchr(rest->ptr, '\0', rest->len) : NULL;
    berm_str part = *rest;
    *rest = (berm_str){NULL, 0};
    if (!end) return part;
    *rest = (berm_str){end + 1, part.len - (size_t)(end - part.ptr) - 1};
    part.len -= rest->len + 1;
    return part;
}

/* --- documents and policies --- */

static inline berm_doc *fuzz_parse(berm_engine *engine, berm_str text, uint32_t format)
{
    const berm_doc_options options = {.size = sizeof options,
                                      .name = {"input", 5},
                                      .format = format};
    berm_doc *doc = NULL;
    berm_diags *diags = NULL;
    berm_status status = berm_doc_parse(engine, text, &options, &doc, &diags, NULL);
    berm_diags_free(diags);
    REQUIRE((status == BERM_OK) == (doc != NULL));
    return doc;
}

/* Compiles; where a policy is refused there are diagnostics that say why. */
static inline berm_status fuzz_compile_all(berm_engine *engine, const berm_compile_input *input,
                                           berm_policy **policy)
{
    berm_diags *diags = NULL;
    size_t count = 0;
    *policy = NULL;
    berm_status status = berm_policy_compile(engine, input, policy, &diags, NULL);
    if (diags) berm_diags_items(diags, &count);
    REQUIRE(status != BERM_E_POLICY || count > 0);
    REQUIRE(status != BERM_E_ARGUMENT && status != BERM_E_INTERNAL);
    REQUIRE((status == BERM_OK) == (*policy != NULL));
    berm_diags_free(diags);
    return status;
}

/* Compiles what the target itself brings along; says what is wrong with it. */
static inline berm_policy *fuzz_compile_own(berm_engine *engine, berm_str text)
{
    const berm_source source = {.size = sizeof source, .name = {"own", 3}, .text = text};
    const berm_compile_input input = {.size = sizeof input,
                                      .sources = &source,
                                      .source_count = 1,
                                      .flags = BERM_COMPILE_NO_BUILTINS};
    berm_policy *policy = NULL;
    berm_error err = {0};
    if (berm_policy_compile(engine, &input, &policy, NULL, &err) != BERM_OK)
        fprintf(stderr, "own set: line %u: %s\n", err.line, err.message);
    REQUIRE(policy);
    return policy;
}

static inline berm_policy *fuzz_compile(berm_engine *engine, berm_str text, uint32_t role,
                                        uint32_t flags)
{
    const berm_source source = {.size = sizeof source,
                                .name = {"input", 5},
                                .text = text,
                                .role = role};
    const berm_compile_input input = {.size = sizeof input,
                                      .sources = &source,
                                      .source_count = 1,
                                      .flags = flags};
    berm_policy *policy = NULL;
    fuzz_compile_all(engine, &input, &policy);
    return policy;
}

#endif
