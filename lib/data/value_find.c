/* Looking into containers. */
#include "data/ops.h"

#include "base/hash.h"
#include "base/text.h"
#include "data/tree.h"

#include <math.h>

#define KEY_SEED_NUMBER 0x9e3779b97f4a7c15u
#define KEY_SEED_BYTES 0xc2b2ae3d27d4eb4fu

static uint32_t fold_hash(uint64_t h)
{
    return (uint32_t)(h ^ h >> 32);
}

/* A finalizer of the splitmix64 family: every bit of the input reaches every bit of the result. */
static uint32_t mix_key_word(uint64_t word, uint64_t seed)
{
    word += seed;
    word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9u;
    word = (word ^ word >> 27) * 0x94d049bb133111ebu;
    return fold_hash(word ^ word >> 31);
}

uint32_t berm_text_hash(const char *ptr, size_t len)
{
    return fold_hash(berm_hash_folded(ptr, len, 0));
}

/* Numbers that are equal share the hash: an integral double hashes as the integer it equals. */
static uint32_t hash_double_key(double d)
{
    if (d >= -9223372036854775808.0 && d < 9223372036854775808.0 && d == trunc(d)) {
        return mix_key_word((uint64_t)(int64_t)d, KEY_SEED_NUMBER);
    }
    if (d >= 0 && d < 18446744073709551616.0 && d == trunc(d))
        return mix_key_word((uint64_t)d, KEY_SEED_NUMBER);
    uint64_t bits = 0;
    if (d == d) memcpy(&bits, &d, sizeof bits);
    return mix_key_word(bits, ~KEY_SEED_NUMBER);
}

uint32_t berm_key_hash(const berm_space *space, berm_cell key)
{
    switch (key.tag) {
    case BERM_TAG_STRING: {
        berm_str text = berm_text_of(space, key);
        return berm_text_hash(text.ptr, text.len);
    }
    case BERM_TAG_BYTES: {
        berm_str text = berm_text_of(space, key);
        return fold_hash(berm_hash_bytes(text.ptr, text.len, KEY_SEED_BYTES));
    }
    case BERM_TAG_INT:
    case BERM_TAG_UINT: return mix_key_word(key.as.u, KEY_SEED_NUMBER);
    case BERM_TAG_DOUBLE: return hash_double_key(key.as.d);
    case BERM_TAG_LIST:
    case BERM_TAG_MAP:
    case BERM_TAG_SET:
    case BERM_TAG_OPTIONAL:
    case BERM_TAG_OBJECT: return mix_key_word(key.as.ref.len, key.tag);
    default: return mix_key_word(key.as.u, key.tag);
    }
}

/* The tags by groups whose members can be equal. */
static uint32_t rank_key(berm_cell key)
{
    return key.tag == BERM_TAG_UINT || key.tag == BERM_TAG_DOUBLE ? BERM_TAG_INT : key.tag;
}

static int compare_key_texts(berm_str a, berm_str b)
{
    if (a.len != b.len) return a.len < b.len ? -1 : 1;
    return a.len == 0 ? 0 : memcmp(a.ptr, b.ptr, a.len);
}

static int compare_key_words(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

int berm_key_compare(const berm_space *space, berm_cell a, berm_cell b)
{
    if (a.tag != b.tag && rank_key(a) != rank_key(b)) return a.tag < b.tag ? -1 : 1;
    switch (a.tag) {
    case BERM_TAG_STRING:
    case BERM_TAG_BYTES: return compare_key_texts(berm_text_of(space, a), berm_text_of(space, b));
    case BERM_TAG_INT:
    case BERM_TAG_UINT:
    case BERM_TAG_DOUBLE: return berm_number_compare(a, b);
    case BERM_TAG_LIST:
    case BERM_TAG_MAP:
    case BERM_TAG_SET:
    case BERM_TAG_OPTIONAL:
    case BERM_TAG_OBJECT:
        if (a.store != b.store) return a.store < b.store ? -1 : 1;
        return compare_key_words(a.as.u, b.as.u);
    default: return compare_key_words(a.as.u, b.as.u);
    }
}

/* What is looked for. A string's text is taken from `text`: it need not be in the space. */
typedef struct wanted_key {
    berm_cell cell;
    berm_str text;
    uint32_t hash;
} wanted_key;

static int compare_wanted_key(const berm_space *space, const wanted_key *wanted, berm_cell member)
{
    if (wanted->cell.tag != BERM_TAG_STRING || member.tag != BERM_TAG_STRING) {
        return berm_key_compare(space, wanted->cell, member);
    }
    return compare_key_texts(wanted->text, berm_text_of(space, member));
}

static uint32_t find_by_order(const berm_space *space, berm_cell map, const wanted_key *wanted)
{
    const berm_cell *members = berm_raw_children_of(space, map);
    const uint32_t *order = berm_map_order(members, map.as.ref.len);
    uint32_t low = 0, high = map.as.ref.len;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        berm_cell member = members[2 * (size_t)order[middle]];
        int c = (wanted->hash > member.aux) - (wanted->hash < member.aux);
        if (c == 0) c = compare_wanted_key(space, wanted, berm_cell_in(map, member));
        if (c == 0) return order[middle];
        if (c < 0) high = middle;
        else low = middle + 1;
    }
    return UINT32_MAX;
}

static uint32_t find_wanted_key(const berm_space *space, berm_cell map, const wanted_key *wanted)
{
    if (map.tag != BERM_TAG_MAP) return UINT32_MAX;
    if (map.as.ref.len > BERM_MAP_LINEAR) return find_by_order(space, map, wanted);
    const berm_cell *members = berm_raw_children_of(space, map);
    for (uint32_t i = 0; i < map.as.ref.len; i++) {
        berm_cell member = members[2 * i];
        if (member.aux != wanted->hash) continue;
        if (compare_wanted_key(space, wanted, berm_cell_in(map, member)) == 0) return i;
    }
    return UINT32_MAX;
}

/* The bytes are few: a call would cost more than they do. */
static inline bool is_same_text(const char *a, const char *b, uint32_t len)
{
    uint64_t x, y;
    for (; len >= 8; a += 8, b += 8, len -= 8) {
        memcpy(&x, a, 8);
        memcpy(&y, b, 8);
        if (x != y) return false;
    }
    for (; len > 0; len--)
        if (*a++ != *b++) return false;
    return true;
}

const berm_cell *berm_map_slot(const berm_space *space, berm_cell map, berm_cell key)
{
    const berm_store *store = &space->stores[map.store];
    const berm_cell *member = store->cells + map.as.ref.off;
    uint32_t count = map.as.ref.len;
    if (count > BERM_MAP_LINEAR) {
        uint32_t index = berm_map_index(space, map, key, key.aux);
        return index == UINT32_MAX ? NULL : member + 2 * (size_t)index + 1;
    }
    const char *text = berm_text_of(space, key).ptr;
    for (; count > 0; count--, member += 2) {
        if (member->aux != key.aux || member->tag != BERM_TAG_STRING ||
            member->as.ref.len != key.as.ref.len)
            continue;
        const berm_store *own = member->store ? &space->stores[member->store] : store;
        const char *name = own->text[(member->flags & BERM_CELL_DECODED) != 0];
        if (is_same_text(name + member->as.ref.off, text, key.as.ref.len)) return member + 1;
    }
    return NULL;
}

/* What stands for a member is built before anybody gets it. */
static inline const berm_cell *build_member(const berm_space *space, berm_cell map,
                                            const berm_cell *value)
{
#if BERM_PART_FAST
    berm_lazy *lazy = space->stores[map.store].lazy;
    bool unbuilt = value->flags & BERM_CELL_LAZY && value->as.ref.len == BERM_LAZY_UNBUILT;
    if (unbuilt && lazy) berm_lazy_build(lazy, value->as.ref.off);
#else
    (void)space, (void)map;
#endif
    return value;
}

const berm_cell *berm_map_member(const berm_space *space, berm_cell map, berm_cell key)
{
    const berm_cell *value = berm_map_slot(space, map, key);
    return value ? build_member(space, map, value) : NULL;
}

uint32_t berm_map_index(const berm_space *space, berm_cell map, berm_cell key, uint32_t hash)
{
    wanted_key wanted = {.cell = key, .hash = hash};
    if (key.tag == BERM_TAG_STRING) wanted.text = berm_text_of(space, key);
    return find_wanted_key(space, map, &wanted);
}

berm_cell berm_map_find(const berm_space *space, berm_cell map, berm_cell key, uint32_t hash)
{
    uint32_t index = berm_map_index(space, map, key, hash);
    return index == UINT32_MAX ? berm_cell_of(BERM_TAG_MISSING)
                               : berm_map_value_at(space, map, index);
}

berm_cell berm_map_find_text(const berm_space *space, berm_cell map, berm_str name)
{
    wanted_key wanted = {berm_cell_of(BERM_TAG_STRING), name, berm_text_hash(name.ptr, name.len)};
    uint32_t index = find_wanted_key(space, map, &wanted);
    return index == UINT32_MAX ? berm_cell_of(BERM_TAG_MISSING)
                               : berm_map_value_at(space, map, index);
}

berm_cell berm_list_at(const berm_space *space, berm_cell list, uint32_t index)
{
    return berm_cell_in(list, berm_children_of(space, list)[index]);
}

/* A key's aux is its hash; as a value of its own it has no span. */
berm_cell berm_map_key_at(const berm_space *space, berm_cell map, uint32_t index)
{
    berm_cell key = berm_cell_in(map, berm_raw_children_of(space, map)[2 * (size_t)index]);
    key.aux = BERM_NO_SPAN;
    return key;
}

berm_cell berm_map_value_at(const berm_space *space, berm_cell map, uint32_t index)
{
    const berm_cell *value = berm_raw_children_of(space, map) + 2 * (size_t)index + 1;
    return berm_cell_in(map, *build_member(space, map, value));
}
