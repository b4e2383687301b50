/* Anchors by name: a crit-bit tree. A fork holds the first bit in which the names below it differ,
   so finding a name takes at most one step for each of its bits, whatever names a hostile file
   chooses: a hash table would need a secret. */
#include "data/yaml_parts.h"

void berm_yaml_anchors_init(berm_yaml_anchors *anchors, const berm_alloc *alloc)
{
    *anchors = (berm_yaml_anchors){.alloc = alloc};
}

void berm_yaml_anchors_free(berm_yaml_anchors *anchors)
{
    berm_array_free(anchors->alloc, &anchors->all);
    berm_array_free(anchors->alloc, &anchors->forks);
}

void berm_yaml_anchors_clear(berm_yaml_anchors *anchors)
{
    anchors->all.count = 0;
    anchors->forks.count = 0;
}

/* Which way a name goes at a fork; behind its end a name has zero bytes. */
static uint32_t choose_branch(const berm_yaml_fork *fork, berm_str name)
{
    uint8_t byte = fork->byte < name.len ? (uint8_t)name.ptr[fork->byte] : 0;
    return (byte & fork->mask) != 0;
}

static bool is_anchor_leaf(uint32_t node)
{
    return (node & 0x80000000u) != 0;
}

/* The one anchor that could have this name: it agrees in every bit the forks on the way test. */
static uint32_t find_nearest_anchor(const berm_yaml_anchors *anchors, berm_str name)
{
    uint32_t node = anchors->root;
    while (!is_anchor_leaf(node))
        node = anchors->forks.items[node].child[choose_branch(&anchors->forks.items[node], name)];
    return ~node;
}

berm_yaml_anchor *berm_yaml_anchors_find(berm_yaml_anchors *anchors, berm_str name)
{
    if (anchors->all.count == 0) return NULL;
    berm_yaml_anchor *anchor = &anchors->all.items[find_nearest_anchor(anchors, name)];
    return berm_str_equal(anchor->name, name) ? anchor : NULL;
}

/* The first bit in which two names differ, as a fork whose children are not set yet. False: they
   are equal. */
static bool find_first_difference(berm_str a, berm_str b, berm_yaml_fork *fork)
{
    size_t most = a.len > b.len ? a.len : b.len;
    for (size_t i = 0; i < most; i++) {
        uint8_t x = i < a.len ? (uint8_t)a.ptr[i] : 0, y = i < b.len ? (uint8_t)b.ptr[i] : 0;
        if (x == y) continue;
        uint8_t mask = 0x80;
        while (((x ^ y) & mask) == 0) mask = (uint8_t)(mask >> 1);
        *fork = (berm_yaml_fork){.byte = (uint32_t)i, .mask = mask};
        return true;
    }
    return false;
}

/* Forks on a way go from earlier bits to later ones; the new one takes its place in that order. */
static void insert_anchor_fork(berm_yaml_anchors *anchors, berm_yaml_fork fork, berm_str name,
                               uint32_t leaf)
{
    uint32_t *link = &anchors->root;
    while (!is_anchor_leaf(*link)) {
        berm_yaml_fork *next = &anchors->forks.items[*link];
        if (next->byte > fork.byte || (next->byte == fork.byte && next->mask < fork.mask)) break;
        link = &next->child[choose_branch(next, name)];
    }
    uint32_t side = choose_branch(&fork, name);
    fork.child[side] = leaf;
    fork.child[!side] = *link;
    *link = anchors->forks.count;
    anchors->forks.items[anchors->forks.count++] = fork;
}

uint32_t berm_yaml_anchors_define(berm_yaml_anchors *anchors, berm_str name)
{
    berm_yaml_fork fork = {{0, 0}, 0, 0};
    uint32_t number = anchors->all.count;
    if (number > 0) {
        uint32_t nearest = find_nearest_anchor(anchors, name);
        if (!find_first_difference(anchors->all.items[nearest].name, name, &fork)) {
            anchors->all.items[nearest] = (berm_yaml_anchor){.name = name};
            return nearest;
        }
    }
    if (number >= 0x7fffffffu || !berm_array_reserve(anchors->alloc, &anchors->forks, 1) ||
        !berm_array_push(anchors->alloc, &anchors->all, (berm_yaml_anchor){.name = name}))
        return UINT32_MAX;
    if (number == 0) anchors->root = ~0u;
    else insert_anchor_fork(anchors, fork, name, ~number);
    return number;
}
