/* Equality and order. What a comparison walks over may be shared many times (a computed value is a
   graph, not a tree), so every step is paid from the space's fuel and the depth is bounded. */
#include "base/text.h"
#include "data/ops.h"
#include "data/tree.h"

static int compare_int64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_uint64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* --- numbers --- */

static bool is_number_cell(berm_cell c)
{
    return c.tag == BERM_TAG_INT || c.tag == BERM_TAG_UINT || c.tag == BERM_TAG_DOUBLE;
}

static int compare_doubles(double a, double b)
{
    return (a > b) - (a < b);
}

static int compare_int_uint(int64_t i, uint64_t u)
{
    return i < 0 ? -1 : compare_uint64((uint64_t)i, u);
}

/* CEL's meaning: out of the integer's range the double decides, within it both are compared as
   doubles, so the integers next to 2^63 and 2^64 are equal to the double that they round to. `d` is
   not NaN. */
static int compare_int_double(int64_t i, double d)
{
    if (d < -9223372036854775808.0) return 1;
    if (d > 9223372036854775808.0) return -1;
    return compare_doubles((double)i, d);
}

static int compare_uint_double(uint64_t u, double d)
{
    if (d < 0) return 1;
    if (d > 18446744073709551616.0) return -1;
    return compare_doubles((double)u, d);
}

/* Two numbers as CEL compares them: -1, 0, 1, or 2 with a NaN. */
static int compare_cel_numbers(berm_cell a, berm_cell b)
{
    if ((a.tag == BERM_TAG_DOUBLE && a.as.d != a.as.d) ||
        (b.tag == BERM_TAG_DOUBLE && b.as.d != b.as.d))
        return 2;
    switch (a.tag) {
    case BERM_TAG_INT:
        if (b.tag == BERM_TAG_INT) return compare_int64(a.as.i, b.as.i);
        return b.tag == BERM_TAG_UINT ? compare_int_uint(a.as.i, b.as.u)
                                      : compare_int_double(a.as.i, b.as.d);
    case BERM_TAG_UINT:
        if (b.tag == BERM_TAG_UINT) return compare_uint64(a.as.u, b.as.u);
        return b.tag == BERM_TAG_INT ? -compare_int_uint(b.as.i, a.as.u)
                                     : compare_uint_double(a.as.u, b.as.d);
    default:
        if (b.tag == BERM_TAG_DOUBLE) return compare_doubles(a.as.d, b.as.d);
        return b.tag == BERM_TAG_INT ? -compare_int_double(b.as.i, a.as.d)
                                     : -compare_uint_double(b.as.u, a.as.d);
    }
}

/* An integer's exact place beside a double: the double's integral part is exact, its fraction
   breaks the tie. */
static int compare_exactly(berm_cell integer, double d)
{
    if (integer.tag == BERM_TAG_INT) {
        if (d >= 9223372036854775808.0) return -1;
        if (d < -9223372036854775808.0) return 1;
        int c = compare_int64(integer.as.i, (int64_t)d);
        return c ? c : compare_doubles((double)(int64_t)d, d);
    }
    if (d >= 18446744073709551616.0) return -1;
    if (d < 0) return 1;
    int c = compare_uint64(integer.as.u, (uint64_t)d);
    return c ? c : compare_doubles((double)(uint64_t)d, d);
}

int berm_number_compare(berm_cell a, berm_cell b)
{
    bool a_nan = a.tag == BERM_TAG_DOUBLE && a.as.d != a.as.d,
         b_nan = b.tag == BERM_TAG_DOUBLE && b.as.d != b.as.d;
    if (a_nan || b_nan) return (int)a_nan - (int)b_nan;
    if (a.tag == BERM_TAG_DOUBLE && b.tag != BERM_TAG_DOUBLE) return -compare_exactly(b, a.as.d);
    if (b.tag == BERM_TAG_DOUBLE && a.tag != BERM_TAG_DOUBLE) return compare_exactly(a, b.as.d);
    return compare_cel_numbers(a, b);
}

/* --- scalars --- */

static int compare_timestamps(berm_cell a, berm_cell b)
{
    int c = compare_int64(a.as.i, b.as.i);
    return c ? c : compare_uint64(a.aux, b.aux);
}

bool berm_value_order(const berm_space *space, berm_cell a, berm_cell b, int *order)
{
    if (is_number_cell(a) && is_number_cell(b)) {
        *order = compare_cel_numbers(a, b);
        return true;
    }
    if (a.tag != b.tag) return false;
    switch (a.tag) {
    case BERM_TAG_STRING:
    case BERM_TAG_BYTES:
        *order = berm_str_compare(berm_text_of(space, a), berm_text_of(space, b));
        return true;
    case BERM_TAG_BOOL: *order = compare_uint64(a.as.u, b.as.u); return true;
    case BERM_TAG_TIMESTAMP: *order = compare_timestamps(a, b); return true;
    case BERM_TAG_DURATION: *order = compare_int64(a.as.i, b.as.i); return true;
    default: return false;
    }
}

static bool is_container_cell(berm_cell c)
{
    return c.tag >= BERM_TAG_LIST && c.tag <= BERM_TAG_OBJECT;
}

/* One step's price; false when the budget or the depth is at its end. */
static bool step_deeper(berm_space *space, uint64_t price, uint32_t depth)
{
    if (depth >= space->depth_limit) {
        berm_space_exceed(space, BERM_D_LIMIT_DEPTH);
        return false;
    }
    return berm_space_spend(space, price);
}

static bool pay_for_texts(berm_space *space, berm_cell a, berm_cell b)
{
    uint32_t len = a.as.ref.len < b.as.ref.len ? a.as.ref.len : b.as.ref.len;
    return len < BERM_COMPARE_BYTES_PER_FUEL ||
           berm_space_spend(space, len / BERM_COMPARE_BYTES_PER_FUEL);
}

/* --- equality --- */

static berm_truth equal_at(berm_space *space, berm_cell a, berm_cell b, uint32_t depth);

static berm_truth decide_truth(bool b)
{
    return b ? BERM_TRUE : BERM_FALSE;
}

/* Children in pairs. What an open list may still hold leaves equality undecided, unless one already
   has too many. */
static berm_truth equal_lists(berm_space *space, berm_cell a, berm_cell b, uint32_t depth)
{
    uint32_t a_len = a.as.ref.len, b_len = b.as.ref.len, shared = a_len < b_len ? a_len : b_len;
    bool a_open = a.flags & BERM_CELL_OPEN, b_open = b.flags & BERM_CELL_OPEN;
    if ((a_len < b_len && !a_open) || (b_len < a_len && !b_open)) return BERM_FALSE;
    berm_truth all = a_open || b_open ? BERM_UNDECIDED : BERM_TRUE;
    if (shared == 0) return all; /* optional.none() has no children to point at */
    const berm_cell *left = berm_children_of(space, a), *right = berm_children_of(space, b);
    for (uint32_t i = 0; i < shared; i++) {
        berm_truth t = equal_at(space, berm_cell_in(a, left[i]), berm_cell_in(b, right[i]), depth);
        if (t == BERM_FALSE || space->status != BERM_OK) return t;
        if (t == BERM_UNDECIDED) all = t;
    }
    return all;
}

/* Every member of `a` against the member of `b` with its key. */
static berm_truth covers_map(berm_space *space, berm_cell a, berm_cell b, uint32_t depth)
{
    berm_truth all = BERM_TRUE;
    const berm_cell *members = berm_children_of(space, a);
    for (uint32_t i = 0; i < a.as.ref.len; i++) {
        berm_cell key = berm_cell_in(a, members[2 * (size_t)i]);
        berm_cell other = berm_map_find(space, b, key, key.aux);
        berm_truth t = BERM_UNDECIDED;
        if (other.tag != BERM_TAG_MISSING) {
            t = equal_at(space, berm_cell_in(a, members[2 * (size_t)i + 1]), other, depth);
        } else if (!(b.flags & BERM_CELL_OPEN)) {
            t = BERM_FALSE;
        }
        if (t == BERM_FALSE || space->status != BERM_OK) return t;
        if (t == BERM_UNDECIDED) all = t;
    }
    return all;
}

static berm_truth equal_maps(berm_space *space, berm_cell a, berm_cell b, uint32_t depth)
{
    bool a_open = a.flags & BERM_CELL_OPEN, b_open = b.flags & BERM_CELL_OPEN;
    if (!a_open && !b_open) {
        return a.as.ref.len == b.as.ref.len ? covers_map(space, a, b, depth) : BERM_FALSE;
    }
    berm_truth forth = covers_map(space, a, b, depth);
    if (forth == BERM_FALSE || space->status != BERM_OK) return forth;
    return !a_open && covers_map(space, b, a, depth) == BERM_FALSE ? BERM_FALSE : BERM_UNDECIDED;
}

static berm_truth find_equal_element(berm_space *space, berm_cell needle, berm_cell list,
                                     uint32_t depth)
{
    berm_truth found = list.flags & BERM_CELL_OPEN ? BERM_UNDECIDED : BERM_FALSE;
    const berm_cell *children = berm_children_of(space, list);
    for (uint32_t i = 0; i < list.as.ref.len; i++) {
        berm_truth t = equal_at(space, needle, berm_cell_in(list, children[i]), depth);
        if (t == BERM_TRUE || space->status != BERM_OK) return t;
        if (t == BERM_UNDECIDED) found = t;
    }
    return found;
}

static berm_truth covers_set(berm_space *space, berm_cell a, berm_cell b, uint32_t depth)
{
    berm_truth all = BERM_TRUE;
    const berm_cell *children = berm_children_of(space, a);
    for (uint32_t i = 0; i < a.as.ref.len; i++) {
        berm_truth t = find_equal_element(space, berm_cell_in(a, children[i]), b, depth);
        if (t == BERM_FALSE || space->status != BERM_OK) return t;
        if (t == BERM_UNDECIDED) all = t;
    }
    return all;
}

static berm_truth equal_sets(berm_space *space, berm_cell a, berm_cell b, uint32_t depth)
{
    berm_truth forth = covers_set(space, a, b, depth);
    if (forth == BERM_FALSE || space->status != BERM_OK) return forth;
    berm_truth back = covers_set(space, b, a, depth);
    if (back == BERM_FALSE || space->status != BERM_OK) return back;
    bool open = (a.flags | b.flags) & BERM_CELL_OPEN;
    return forth == BERM_TRUE && back == BERM_TRUE && !open ? BERM_TRUE : BERM_UNDECIDED;
}

/* An object without what is no part of its value: quantities and semantic versions end with how
   they were written. */
static berm_cell value_of_object(berm_cell object)
{
    uint32_t parts = object.aux == BERM_TYPE_QUANTITY ? 3
                     : object.aux == BERM_TYPE_SEMVER ? 4
                                                      : object.as.ref.len;
    if (object.as.ref.len > parts) object.as.ref.len = parts;
    return object;
}

static berm_truth equal_objects(berm_space *space, berm_cell a, berm_cell b, uint32_t depth)
{
    if (a.aux != b.aux) return BERM_FALSE;
    return equal_lists(space, value_of_object(a), value_of_object(b), depth);
}

static berm_truth equal_containers(berm_space *space, berm_cell a, berm_cell b, uint32_t depth)
{
    if (!step_deeper(space, 1, depth)) return BERM_UNDECIDED;
    switch (a.tag) {
    case BERM_TAG_MAP: return equal_maps(space, a, b, depth + 1);
    case BERM_TAG_SET: return equal_sets(space, a, b, depth + 1);
    case BERM_TAG_OBJECT: return equal_objects(space, a, b, depth + 1);
    default: return equal_lists(space, a, b, depth + 1);
    }
}

/* `depth` counts the containers around the two values. */
static berm_truth equal_at(berm_space *space, berm_cell a, berm_cell b, uint32_t depth)
{
    if (!berm_space_spend(space, 1)) return BERM_UNDECIDED;
    if (a.tag == BERM_TAG_UNKNOWN || b.tag == BERM_TAG_UNKNOWN) return BERM_UNDECIDED;
    if (is_number_cell(a) && is_number_cell(b)) return decide_truth(compare_cel_numbers(a, b) == 0);
    if (a.tag != b.tag) return BERM_FALSE;
    switch (a.tag) {
    case BERM_TAG_STRING:
    case BERM_TAG_BYTES:
        if (a.as.ref.len != b.as.ref.len) return BERM_FALSE;
        if (!pay_for_texts(space, a, b)) return BERM_UNDECIDED;
        return decide_truth(berm_str_equal(berm_text_of(space, a), berm_text_of(space, b)));
    case BERM_TAG_TIMESTAMP: return decide_truth(compare_timestamps(a, b) == 0);
    case BERM_TAG_NULL:
    case BERM_TAG_MISSING: return BERM_TRUE;
    default:
        return is_container_cell(a) ? equal_containers(space, a, b, depth)
                                    : decide_truth(a.as.u == b.as.u);
    }
}

berm_truth berm_value_equal(berm_space *space, berm_cell a, berm_cell b)
{
    berm_truth t = equal_at(space, a, b, 0);
    return space->status == BERM_OK ? t : BERM_UNDECIDED;
}

berm_truth berm_value_in(berm_space *space, berm_cell needle, berm_cell haystack)
{
    if (needle.tag == BERM_TAG_UNKNOWN || haystack.tag == BERM_TAG_UNKNOWN) return BERM_UNDECIDED;
    berm_truth t = BERM_FALSE;
    if (haystack.tag == BERM_TAG_MAP) {
        uint32_t index = berm_map_index(space, haystack, needle, berm_key_hash(space, needle));
        if (index != UINT32_MAX) t = BERM_TRUE;
        else if (haystack.flags & BERM_CELL_OPEN) t = BERM_UNDECIDED;
    } else if (is_container_cell(haystack)) {
        t = find_equal_element(space, needle, haystack, 0);
    }
    return space->status == BERM_OK ? t : BERM_UNDECIDED;
}

/* --- the total order --- */

static int total_order_at(berm_space *space, berm_cell a, berm_cell b, uint32_t depth);

static int order_children(berm_space *space, berm_cell a, berm_cell b, uint32_t depth)
{
    const berm_cell *left = berm_children_of(space, a), *right = berm_children_of(space, b);
    for (uint32_t i = 0; i < a.as.ref.len && i < b.as.ref.len; i++) {
        int c = total_order_at(space, berm_cell_in(a, left[i]), berm_cell_in(b, right[i]), depth);
        if (c != 0 || space->status != BERM_OK) return c;
    }
    return compare_uint64(a.as.ref.len, b.as.ref.len);
}

/* The members of a map by (hash, key): the permutation, or, of few members, a sorted list of their
   numbers. */
static const uint32_t *sort_map_members(const berm_space *space, berm_cell map,
                                        uint32_t few[BERM_MAP_LINEAR])
{
    const berm_cell *members = berm_children_of(space, map);
    if (map.as.ref.len > BERM_MAP_LINEAR) return berm_map_order(members, map.as.ref.len);
    for (uint32_t i = 0; i < map.as.ref.len; i++) {
        berm_cell key = berm_cell_in(map, members[2 * i]);
        uint32_t at = i;
        for (; at > 0; at--) {
            berm_cell before = berm_cell_in(map, members[2 * few[at - 1]]);
            if (before.aux < key.aux) break;
            if (before.aux == key.aux && berm_key_compare(space, before, key) < 0) break;
            few[at] = few[at - 1];
        }
        few[at] = i;
    }
    return few;
}

/* Maps by their sorted members: equal maps are equal here whatever order they were written in. */
static int order_maps(berm_space *space, berm_cell a, berm_cell b, uint32_t depth)
{
    uint32_t few_left[BERM_MAP_LINEAR] = {0}, few_right[BERM_MAP_LINEAR] = {0};
    const uint32_t *left = sort_map_members(space, a, few_left),
                   *right = sort_map_members(space, b, few_right);
    for (uint32_t i = 0; i < a.as.ref.len && i < b.as.ref.len; i++) {
        int c = total_order_at(space, berm_map_key_at(space, a, left[i]),
                               berm_map_key_at(space, b, right[i]), depth);
        if (c != 0 || space->status != BERM_OK) return c;
        c = total_order_at(space, berm_map_value_at(space, a, left[i]),
                           berm_map_value_at(space, b, right[i]), depth);
        if (c != 0 || space->status != BERM_OK) return c;
    }
    return compare_uint64(a.as.ref.len, b.as.ref.len);
}

/* A quantity's first part is its sign: of negative ones that with the larger magnitude is less. */
static bool is_negative_object(const berm_space *space, berm_cell c)
{
    return c.aux == BERM_TYPE_QUANTITY && c.as.ref.len > 0 && berm_children_of(space, c)->as.i < 0;
}

static int order_objects(berm_space *space, berm_cell a, berm_cell b, uint32_t depth)
{
    if (a.aux != b.aux) return compare_uint64(a.aux, b.aux);
    int c = order_children(space, value_of_object(a), value_of_object(b), depth);
    return is_negative_object(space, a) && is_negative_object(space, b) ? -c : c;
}

static int rank_of_value(berm_cell c)
{
    return is_number_cell(c) ? BERM_TAG_INT : c.tag;
}

static int total_order_at(berm_space *space, berm_cell a, berm_cell b, uint32_t depth)
{
    if (rank_of_value(a) != rank_of_value(b)) return rank_of_value(a) < rank_of_value(b) ? -1 : 1;
    if (is_container_cell(a) ? !step_deeper(space, 2, depth) : !berm_space_spend(space, 1))
        return 0;
    switch (a.tag) {
    case BERM_TAG_NULL:
    case BERM_TAG_MISSING: return 0;
    case BERM_TAG_INT:
    case BERM_TAG_UINT:
    case BERM_TAG_DOUBLE: return berm_number_compare(a, b);
    case BERM_TAG_STRING:
    case BERM_TAG_BYTES:
        return pay_for_texts(space, a, b)
                   ? berm_str_compare(berm_text_of(space, a), berm_text_of(space, b))
                   : 0;
    case BERM_TAG_TIMESTAMP: return compare_timestamps(a, b);
    case BERM_TAG_DURATION: return compare_int64(a.as.i, b.as.i);
    case BERM_TAG_MAP: return order_maps(space, a, b, depth + 1);
    case BERM_TAG_OBJECT: return order_objects(space, a, b, depth + 1);
    case BERM_TAG_LIST:
    case BERM_TAG_SET:
    case BERM_TAG_OPTIONAL: return order_children(space, a, b, depth + 1);
    case BERM_TAG_ERROR: return compare_uint64(a.aux, b.aux);
    default: return compare_uint64(a.as.u, b.as.u);
    }
}

int berm_value_total_order(berm_space *space, berm_cell a, berm_cell b)
{
    return total_order_at(space, a, b, 0);
}
