/* Values as the conformance cases write them, one-key objects like {"int": "5"} or {"map": [[K, V],
   ..]}, so that JSON can carry every type that CEL has. */
#ifndef BERM_TESTS_TYPED_VALUES_H
#define BERM_TESTS_TYPED_VALUES_H

#include "base/number.h"
#include "data/ops.h"
#include "data/time.h"
#include "data/tree.h"

#include <math.h>

static inline berm_cell build_typed_value(const berm_space *from, berm_space *space,
                                          berm_cell typed);

static inline berm_cell build_typed_sequence(const berm_space *from, berm_space *space,
                                             berm_cell items, berm_tag tag)
{
    berm_cell built = berm_cell_of(tag);
    bool is_map = tag == BERM_TAG_MAP;
    uint32_t count = items.as.ref.len, at = 0, repeat;
    /* behind a map's members there is room for the permutation of a large one */
    berm_cell *to = berm_space_cells(space, is_map ? 3 * count + 4 : count, &built);
    for (uint32_t i = 0; to && i < count; i++) {
        berm_cell item = berm_list_at(from, items, i);
        if (is_map) {
            to[at++] = build_typed_value(from, space, berm_list_at(from, item, 0));
            to[at++] = build_typed_value(from, space, berm_list_at(from, item, 1));
        } else {
            to[at++] = build_typed_value(from, space, item);
        }
    }
    built.as.ref.len = is_map ? berm_map_finish(space, to, count, &repeat) : count;
    return built;
}

static inline berm_cell build_typed_bytes(berm_space *space, berm_str hex)
{
    berm_cell built = berm_cell_of(BERM_TAG_BYTES);
    char *to = berm_space_text(space, (uint32_t)hex.len / 2, &built);
    for (size_t i = 0; to && i + 1 < hex.len; i += 2) {
        uint64_t byte = 0;
        (void)berm_parse_hex(berm_str_cut(hex, i, i + 2), &byte);
        to[i / 2] = (char)byte;
    }
    return built;
}

static inline berm_cell build_typed_double(berm_str text)
{
    double d = NAN;
    if (berm_str_is(text, "Infinity")) d = INFINITY;
    else if (berm_str_is(text, "-Infinity")) d = -INFINITY;
    else (void)berm_parse_double(text, &d);
    return berm_cell_double(d);
}

static inline berm_cell build_typed_type(berm_str name)
{
    berm_cell built = berm_cell_of(BERM_TAG_TYPE);
    built.as.u = BERM_TYPE_COUNT;
    for (uint32_t i = 0; i < BERM_TYPE_COUNT; i++) {
        if (berm_str_is(name, berm_type_name((berm_type_id)i))) built.as.u = i;
    }
    return built;
}

static inline berm_cell build_typed_time(berm_tag tag, berm_str text)
{
    berm_time t = {0, 0};
    berm_cell built = berm_cell_of(tag);
    if (tag == BERM_TAG_DURATION) {
        (void)berm_duration_parse(text, &built.as.i);
    } else if (berm_time_parse(text, &t)) {
        built.as.i = t.sec;
        built.aux = (uint32_t)t.nanos;
    }
    return built;
}

/* A one-key object in `from` as the value it stands for, made in `space`; MISSING for what is
   none. */
static inline berm_cell build_typed_value(const berm_space *from, berm_space *space,
                                          berm_cell typed)
{
    if (typed.tag != BERM_TAG_MAP || typed.as.ref.len != 1) return berm_cell_of(BERM_TAG_MISSING);
    berm_str key = berm_text_of(from, berm_map_key_at(from, typed, 0));
    berm_cell of = berm_map_value_at(from, typed, 0), built = berm_cell_of(BERM_TAG_MISSING);
    berm_str text = of.tag == BERM_TAG_STRING ? berm_text_of(from, of) : (berm_str){"", 0};
    if (berm_str_is(key, "null")) return berm_cell_of(BERM_TAG_NULL);
    if (berm_str_is(key, "bool")) return berm_cell_bool(berm_cell_is_true(of));
    if (berm_str_is(key, "int")) {
        built = berm_cell_int(0);
        (void)berm_parse_int(text, &built.as.i);
    } else if (berm_str_is(key, "uint")) {
        built = berm_cell_uint(0);
        (void)berm_parse_uint(text, &built.as.u);
    }
    if (berm_str_is(key, "double")) built = build_typed_double(text);
    if (berm_str_is(key, "string")) built = berm_space_string(space, text);
    if (berm_str_is(key, "bytes")) built = build_typed_bytes(space, text);
    if (berm_str_is(key, "list")) built = build_typed_sequence(from, space, of, BERM_TAG_LIST);
    if (berm_str_is(key, "map")) built = build_typed_sequence(from, space, of, BERM_TAG_MAP);
    if (berm_str_is(key, "type")) built = build_typed_type(text);
    if (berm_str_is(key, "timestamp")) built = build_typed_time(BERM_TAG_TIMESTAMP, text);
    if (berm_str_is(key, "duration")) built = build_typed_time(BERM_TAG_DURATION, text);
    return built;
}

#endif
