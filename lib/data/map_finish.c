/* Finishing a map: hashes, repeated keys, the permutation that large maps are searched by. */
#include "data/tree.h"

typedef struct order_sort {
    const berm_space *space;
    const berm_cell *members;
    uint32_t *order;
} order_sort;

/* By hash, then key, then place: no two members are equal, so equal keys stand in order of their
   places. */
static bool is_member_before(const order_sort *sort, uint32_t a, uint32_t b)
{
    berm_cell left = sort->members[2 * (size_t)a], right = sort->members[2 * (size_t)b];
    if (left.aux != right.aux) return left.aux < right.aux;
    int c = berm_key_compare(sort->space, left, right);
    return c != 0 ? c < 0 : a < b;
}

static void swap_order(uint32_t *order, uint32_t a, uint32_t b)
{
    uint32_t t = order[a];
    order[a] = order[b];
    order[b] = t;
}

static void sift_order(const order_sort *sort, uint32_t *order, uint32_t root, uint32_t count)
{
    for (;;) {
        uint32_t child = 2 * root + 1;
        if (child >= count) return;
        if (child + 1 < count && is_member_before(sort, order[child], order[child + 1])) child++;
        if (!is_member_before(sort, order[root], order[child])) return;
        swap_order(order, root, child);
        root = child;
    }
}

static void heap_sort_order(const order_sort *sort, uint32_t *order, uint32_t count)
{
    for (uint32_t i = count / 2; i-- > 0;) sift_order(sort, order, i, count);
    for (uint32_t i = count; i-- > 1;) {
        swap_order(order, 0, i);
        sift_order(sort, order, 0, i);
    }
}

static void insertion_sort_order(const order_sort *sort, uint32_t *order, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        uint32_t moved = order[i], at = i;
        for (; at > 0 && is_member_before(sort, moved, order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = moved;
    }
}

/* Moves the median of three to order[0]: the pivot. */
static void choose_order_pivot(const order_sort *sort, uint32_t *order, uint32_t count)
{
    uint32_t a = order[0], b = order[count / 2], c = order[count - 1];
    bool ab = is_member_before(sort, a, b), bc = is_member_before(sort, b, c),
         ac = is_member_before(sort, a, c);
    if (ab == bc) swap_order(order, 0, count / 2);
    else if (ab == ac) swap_order(order, 0, count - 1);
}

static uint32_t partition_order(const order_sort *sort, uint32_t *order, uint32_t count)
{
    choose_order_pivot(sort, order, count);
    uint32_t low = 1, high = count - 1;
    for (;;) {
        while (low <= high && is_member_before(sort, order[low], order[0])) low++;
        while (low <= high && is_member_before(sort, order[0], order[high])) high--;
        if (low >= high) break;
        swap_order(order, low++, high--);
    }
    swap_order(order, 0, low - 1);
    return low - 1;
}

/* Quicksort that turns to heapsort when `depth` halvings did not do, so no choice of keys makes it
   slow. It recurses into the smaller part alone. */
static void sort_order(const order_sort *sort, uint32_t *order, uint32_t count, uint32_t depth)
{
    while (count > 16) {
        if (depth-- == 0) {
            heap_sort_order(sort, order, count);
            return;
        }
        uint32_t pivot = partition_order(sort, order, count);
        uint32_t *right = order + pivot + 1;
        uint32_t right_count = count - pivot - 1;
        if (pivot < right_count) {
            sort_order(sort, order, pivot, depth);
            order = right;
            count = right_count;
        } else {
            sort_order(sort, right, right_count, depth);
            count = pivot;
        }
    }
    insertion_sort_order(sort, order, count);
}

static void build_order(const berm_space *space, berm_cell *members, uint32_t count)
{
    order_sort sort = {space, members, (uint32_t *)(void *)(members + 2 * (size_t)count)};
    for (uint32_t i = 0; i < count; i++) sort.order[i] = i;
    uint32_t depth = 2;
    for (uint32_t n = count; n > 1; n /= 2) depth += 2;
    sort_order(&sort, sort.order, count, depth);
    uint32_t room = 4 * berm_map_order_cells(count);
    for (uint32_t i = count; i < room; i++) sort.order[i] = 0;
}

static bool is_same_key(const berm_space *space, berm_cell a, berm_cell b)
{
    return a.aux == b.aux && berm_key_compare(space, a, b) == 0;
}

/* A repeated key gives its value to the first member of that key, and its own member is marked: key
   MISSING. */
static uint32_t mark_repeats_linear(const berm_space *space, berm_cell *members, uint32_t count)
{
    uint32_t repeat = UINT32_MAX;
    for (uint32_t i = 1; i < count; i++) {
        for (uint32_t k = 0; k < i; k++) {
            if (members[2 * k].aux != members[2 * i].aux || members[2 * k].tag == BERM_TAG_MISSING)
                continue;
            if (!is_same_key(space, members[2 * k], members[2 * i])) continue;
            members[2 * k + 1] = members[2 * i + 1];
            members[2 * i].tag = BERM_TAG_MISSING;
            repeat = k;
            break;
        }
    }
    return repeat;
}

/* The same with the permutation at hand: equal keys are neighbours in it, in order of their places.
   */
static uint32_t mark_repeats_sorted(const berm_space *space, berm_cell *members, uint32_t count)
{
    const uint32_t *order = berm_map_order(members, count);
    uint32_t first = order[0], repeat = UINT32_MAX;
    for (uint32_t i = 1; i < count; i++) {
        berm_cell *member = members + 2 * (size_t)order[i];
        if (!is_same_key(space, members[2 * (size_t)first], *member)) {
            first = order[i];
            continue;
        }
        members[2 * (size_t)first + 1] = member[1];
        member->tag = BERM_TAG_MISSING;
        repeat = first;
    }
    return repeat;
}

/* Drops the marked members; `*tracked` follows its member. */
static uint32_t drop_repeats(berm_cell *members, uint32_t count, uint32_t *tracked)
{
    uint32_t kept = 0, from = *tracked;
    for (uint32_t i = 0; i < count; i++) {
        if (members[2 * (size_t)i].tag == BERM_TAG_MISSING) continue;
        if (i == from) *tracked = kept;
        members[2 * (size_t)kept] = members[2 * (size_t)i];
        members[2 * (size_t)kept + 1] = members[2 * (size_t)i + 1];
        kept++;
    }
    return kept;
}

uint32_t berm_map_finish(const berm_space *space, berm_cell *members, uint32_t count,
                         uint32_t *repeat)
{
    for (uint32_t i = 0; i < count; i++) {
        berm_cell *key = members + 2 * (size_t)i;
        if (key->tag == BERM_TAG_STRING) {
            berm_str text = berm_text_of(space, *key);
            key->aux = berm_text_hash(text.ptr, text.len);
        } else {
            key->aux = berm_key_hash(space, *key);
        }
    }
    uint32_t found;
    if (count > BERM_MAP_LINEAR) {
        build_order(space, members, count);
        found = mark_repeats_sorted(space, members, count);
    } else {
        found = mark_repeats_linear(space, members, count);
    }
    if (found != UINT32_MAX) {
        count = drop_repeats(members, count, &found);
        if (count > BERM_MAP_LINEAR) build_order(space, members, count);
    }
    if (repeat) *repeat = found;
    return count;
}
