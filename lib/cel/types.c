/* The table of types: making terms, finding equal ones, printing. */
#include "cel/types.h"

#include "base/hash.h"
#include "data/ops.h"

#define TYPE_SLOTS_FIRST 256u
#define TYPE_PRINT_MAX 20u /* terms of a type that are printed */

/* Types that have another word than the name of the value type(x) gives. */
static const struct type_word {
    berm_type_id id;
    const char *word;
} type_words[] = {
    {BERM_TYPE_NULL, "null"},
    {BERM_TYPE_TIMESTAMP, "timestamp"},
    {BERM_TYPE_DURATION, "duration"},
};

const char *berm_types_word(berm_type_id id)
{
    for (size_t i = 0; i < sizeof type_words / sizeof *type_words; i++) {
        if (type_words[i].id == id) return type_words[i].word;
    }
    return berm_type_name(id);
}

/* --- equal terms are one --- */

static uint64_t hash_term(const berm_term *term, const berm_type *arguments)
{
    uint64_t hash = berm_hash_bytes(arguments, term->count * sizeof *arguments, term->head);
    if (term->head == BERM_HEAD_VARIABLE) {
        hash = berm_hash_bytes(&term->first, sizeof term->first, hash);
    }
    return term->name.len ? berm_hash_bytes(term->name.ptr, term->name.len, hash) : hash;
}

static bool is_term(const berm_types *types, berm_type type, const berm_term *term,
                    const berm_type *arguments)
{
    const berm_term *known = berm_types_term(types, type);
    if (known->head != term->head || known->count != term->count) return false;
    if (term->head == BERM_HEAD_VARIABLE) return known->first == term->first;
    if (!berm_str_equal(known->name, term->name)) return false;
    for (uint32_t i = 0; i < term->count; i++) {
        if (berm_types_argument(types, type, i) != arguments[i]) return false;
    }
    return true;
}

static void place_term(berm_types *types, uint64_t hash, berm_type type)
{
    uint32_t mask = types->slots.count - 1, at = (uint32_t)hash & mask;
    while (types->slots.items[at]) at = (at + 1) & mask;
    types->slots.items[at] = type + 1;
}

/* At least a quarter of the slots stays free. */
static bool grow_term_slots(berm_types *types)
{
    uint32_t have = types->slots.count;
    if (types->terms.count < have - have / 4) return true;
    uint32_t count = have ? have * 2 : TYPE_SLOTS_FIRST;
    if (!berm_array_reserve(types->alloc, &types->slots, count - have)) return false;
    memset(types->slots.items, 0, count * sizeof *types->slots.items);
    types->slots.count = count;
    for (berm_type type = 0; type < types->terms.count; type++) {
        const berm_term *term = berm_types_term(types, type);
        const berm_type *arguments = term->count ? &types->arguments.items[term->first] : NULL;
        place_term(types, hash_term(term, arguments), type);
    }
    return true;
}

static bool add_term(berm_types *types, berm_term term, const berm_type *arguments, uint64_t hash)
{
    if (!grow_term_slots(types) ||
        !berm_array_reserve(types->alloc, &types->arguments, term.count) ||
        !berm_arena_copy(&types->names, term.name, &term.name) ||
        !berm_array_reserve(types->alloc, &types->terms, 1)) {
        types->failed = true;
        return false;
    }
    if (term.head != BERM_HEAD_VARIABLE) term.first = types->arguments.count;
    if (term.count) {
        memcpy(&types->arguments.items[types->arguments.count], arguments,
               term.count * sizeof *arguments);
    }
    types->arguments.count += term.count;
    types->terms.items[types->terms.count++] = term;
    place_term(types, hash, types->terms.count - 1);
    return true;
}

static berm_type find_term(berm_types *types, const berm_term *term, const berm_type *arguments)
{
    uint64_t hash = hash_term(term, arguments);
    uint32_t mask = types->slots.count - 1;
    for (uint32_t at = (uint32_t)hash & mask; types->slots.count; at = (at + 1) & mask) {
        uint32_t slot = types->slots.items[at];
        if (!slot) break;
        if (is_term(types, slot - 1, term, arguments)) return slot - 1;
    }
    return add_term(types, *term, arguments, hash) ? types->terms.count - 1 : BERM_TYPE_DYN;
}

/* --- making --- */

berm_type berm_types_make(berm_types *types, unsigned head, berm_str name,
                          const berm_type *arguments, uint32_t count)
{
    berm_term term = {.head = (uint8_t)head, .name = name, .open = head == BERM_HEAD_PARAMETER};
    if (types->failed || count > BERM_TYPE_ARGUMENTS_MAX) return BERM_TYPE_DYN;
    term.count = (uint8_t)count;
    for (uint32_t i = 0; i < count; i++) {
        const berm_term *argument = berm_types_term(types, arguments[i]);
        term.open |= argument->open;
        if (argument->depth > term.depth) term.depth = argument->depth;
    }
    if (++term.depth > BERM_TYPE_DEPTH_MAX) return BERM_TYPE_DYN;
    return find_term(types, &term, arguments);
}

berm_type berm_types_list(berm_types *types, berm_type element)
{
    return berm_types_over(types, BERM_TYPE_LIST, element);
}

berm_type berm_types_map(berm_types *types, berm_type key, berm_type value)
{
    return berm_types_make(types, BERM_TYPE_MAP, BERM_STR(""), (berm_type[]){key, value}, 2);
}

berm_type berm_types_over(berm_types *types, unsigned head, berm_type of)
{
    return berm_types_make(types, head, BERM_STR(""), &of, 1);
}

berm_type berm_types_variable(berm_types *types)
{
    berm_term term = {.head = BERM_HEAD_VARIABLE, .open = true, .depth = 1};
    term.first = types->bound.count;
    if (types->failed) return BERM_TYPE_DYN;
    if (!berm_array_push(types->alloc, &types->bound, BERM_TYPE_FREE)) {
        types->failed = true;
        return BERM_TYPE_DYN;
    }
    return find_term(types, &term, NULL);
}

static uint32_t count_type_arguments(berm_type_id id)
{
    switch (id) {
    case BERM_TYPE_LIST:
    case BERM_TYPE_SET:
    case BERM_TYPE_OPTIONAL:
    case BERM_TYPE_TYPE: return 1;
    case BERM_TYPE_MAP: return 2;
    default: return 0;
    }
}

void berm_types_init(berm_types *types, const berm_alloc *alloc)
{
    static const berm_type dyns[] = {BERM_TYPE_DYN, BERM_TYPE_DYN};
    *types = (berm_types){.alloc = alloc};
    berm_arena_init(&types->names, alloc);
    for (uint32_t i = 0; i < BERM_TYPE_COUNT; i++) {
        berm_types_make(types, i, BERM_STR(""), dyns, count_type_arguments((berm_type_id)i));
    }
}

void berm_types_free(berm_types *types)
{
    berm_array_free(types->alloc, &types->terms);
    berm_array_free(types->alloc, &types->arguments);
    berm_array_free(types->alloc, &types->slots);
    berm_array_free(types->alloc, &types->bound);
    berm_array_free(types->alloc, &types->trail);
    berm_arena_free(&types->names);
}

/* --- printing --- */

static void print_type_head(berm_text *out, const berm_term *term)
{
    if (term->head == BERM_HEAD_WRAPPER) berm_text_put(out, BERM_STR("wrapper"));
    else if (term->head == BERM_HEAD_VARIABLE) berm_text_put(out, BERM_STR("dyn"));
    else if (term->head >= BERM_TYPE_COUNT) berm_text_put(out, term->name);
    else berm_text_format(out, "%s", berm_types_word((berm_type_id)term->head));
}

static void print_type(berm_text *out, const berm_types *types, berm_type type, uint32_t *left)
{
    const berm_term *term = berm_types_term(types, type);
    if (*left == 0) {
        berm_text_put(out, BERM_STR(".."));
        return;
    }
    --*left;
    print_type_head(out, term);
    /* type(x) of an x of unknown type is any type. */
    if (term->count == 0 || type == BERM_TYPE_TYPE) return;
    for (uint32_t i = 0; i < term->count; i++) {
        bool cut = *left == 0;
        berm_text_put(out, i ? BERM_STR(", ") : BERM_STR("("));
        print_type(out, types, berm_types_argument(types, type, i), left);
        if (cut) break;
    }
    berm_text_putc(out, ')');
}

void berm_types_print(berm_text *out, const berm_types *types, berm_type type)
{
    uint32_t left = TYPE_PRINT_MAX;
    if (types->failed) berm_text_put(out, BERM_STR("dyn"));
    else print_type(out, types, type, &left);
}
