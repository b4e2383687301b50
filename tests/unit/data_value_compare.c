/* Equality, order, membership: the tables of CEL, three-valued answers, bounded work. */
#include "data_help.h"

#include <math.h>

#define TWO_63 9223372036854775808.0
#define TWO_64 18446744073709551616.0

typedef struct number_case {
    berm_cell a, b;
    int order; /* 2: with NaN */
} number_case;

static void orders_numbers_across_types(void **state)
{
    (void)state;
    const number_case cases[] = {
        {berm_cell_int(1), berm_cell_int(2), -1},
        {berm_cell_int(1), berm_cell_uint(1), 0},
        {berm_cell_int(1), berm_cell_double(1.0), 0},
        {berm_cell_uint(1), berm_cell_double(1.0), 0},
        {berm_cell_int(1), berm_cell_double(1.5), -1},
        {berm_cell_int(-1), berm_cell_uint(0), -1},
        {berm_cell_int(-1), berm_cell_uint(UINT64_MAX), -1},
        {berm_cell_int(INT64_MAX), berm_cell_uint((uint64_t)INT64_MAX + 1), -1},
        {berm_cell_uint(0), berm_cell_double(-0.5), 1},
        {berm_cell_uint(0), berm_cell_double(-0.0), 0},
        /* In range both are compared as doubles. */
        {berm_cell_int(INT64_MAX), berm_cell_double(TWO_63), 0},
        {berm_cell_int(INT64_MAX), berm_cell_double(TWO_63 + 2048), -1},
        {berm_cell_int(INT64_MIN), berm_cell_double(-TWO_63), 0},
        {berm_cell_int(INT64_MIN), berm_cell_double(-TWO_63 - 2048), 1},
        {berm_cell_uint(UINT64_MAX), berm_cell_double(TWO_64), 0},
        {berm_cell_uint(UINT64_MAX), berm_cell_double(TWO_64 + 4096), -1},
        {berm_cell_int(9007199254740993), berm_cell_double(9007199254740992.0), 0},
        {berm_cell_int(INT64_MAX), berm_cell_double((double)INFINITY), -1},
        {berm_cell_int(INT64_MIN), berm_cell_double(-(double)INFINITY), 1},
        {berm_cell_double((double)NAN), berm_cell_double((double)NAN), 2},
        {berm_cell_double((double)NAN), berm_cell_int(1), 2},
        {berm_cell_uint(1), berm_cell_double((double)NAN), 2},
        {berm_cell_double(1.0), berm_cell_double(2.0), -1},
        {berm_cell_double(0.0), berm_cell_double(-0.0), 0},
    };
    value_zoo zoo;
    zoo_begin(&zoo);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const number_case *c = &cases[i];
        int order = 9, back = 9;
        assert_true(berm_value_order(&zoo.space, c->a, c->b, &order));
        assert_true(berm_value_order(&zoo.space, c->b, c->a, &back));
        if (order != c->order) fail_msg("case %zu: order %d, wanted %d", i, order, c->order);
        assert_int_equal(back, c->order == 2 ? 2 : -c->order);
        assert_int_equal(berm_value_equal(&zoo.space, c->a, c->b),
                         c->order == 0 ? BERM_TRUE : BERM_FALSE);
        assert_int_equal(berm_value_equal(&zoo.space, c->b, c->a),
                         c->order == 0 ? BERM_TRUE : BERM_FALSE);
    }
    zoo_end(&zoo);
}

static void compares_numbers_exactly_for_keys_and_sorting(void **state)
{
    (void)state;
    assert_int_equal(berm_number_compare(berm_cell_int(INT64_MAX), berm_cell_double(TWO_63)), -1);
    assert_int_equal(berm_number_compare(berm_cell_double(TWO_63), berm_cell_int(INT64_MAX)), 1);
    assert_int_equal(berm_number_compare(berm_cell_uint(UINT64_MAX), berm_cell_double(TWO_64)), -1);
    assert_int_equal(berm_number_compare(berm_cell_int(INT64_MIN), berm_cell_double(-TWO_63)), 0);
    assert_int_equal(
        berm_number_compare(berm_cell_int(9007199254740993), berm_cell_double(9007199254740992.0)),
        1);
    assert_int_equal(berm_number_compare(berm_cell_int(-1), berm_cell_double(-1.5)), 1);
    assert_int_equal(berm_number_compare(berm_cell_int(-2), berm_cell_double(-1.5)), -1);
    assert_int_equal(berm_number_compare(berm_cell_uint(1), berm_cell_double(0.5)), 1);
    assert_int_equal(berm_number_compare(berm_cell_uint(0), berm_cell_double(-0.5)), 1);
    assert_int_equal(
        berm_number_compare(berm_cell_double((double)NAN), berm_cell_double((double)INFINITY)), 1);
    assert_int_equal(berm_number_compare(berm_cell_int(1), berm_cell_double((double)NAN)), -1);
    assert_int_equal(
        berm_number_compare(berm_cell_double((double)NAN), berm_cell_double((double)NAN)), 0);
}

static void check_order(value_zoo *zoo, berm_cell a, berm_cell b, int wanted)
{
    int order = 9;
    assert_true(berm_value_order(&zoo->space, a, b, &order));
    assert_int_equal(order, wanted);
    assert_true(berm_value_order(&zoo->space, b, a, &order));
    assert_int_equal(order, -wanted);
}

static void orders_what_cel_orders(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    check_order(&zoo, zoo_string(&zoo, "a"), zoo_string(&zoo, "b"), -1);
    check_order(&zoo, zoo_string(&zoo, "a"), zoo_string(&zoo, "ab"), -1);
    check_order(&zoo, zoo_string(&zoo, ""), zoo_string(&zoo, ""), 0);
    check_order(&zoo, zoo_string(&zoo, "z"), zoo_string(&zoo, "\xc3\xa9"), -1);
    check_order(&zoo, zoo_bytes(&zoo, "\xff", 1), zoo_bytes(&zoo, "a\0", 2), 1);
    check_order(&zoo, berm_cell_bool(false), berm_cell_bool(true), -1);
    check_order(&zoo, zoo_tagged(BERM_TAG_TIMESTAMP, -5, 2), zoo_tagged(BERM_TAG_TIMESTAMP, -5, 3),
                -1);
    check_order(&zoo, zoo_tagged(BERM_TAG_TIMESTAMP, -5, 2), zoo_tagged(BERM_TAG_TIMESTAMP, 5, 1),
                -1);
    check_order(&zoo, zoo_tagged(BERM_TAG_DURATION, -5, 0), zoo_tagged(BERM_TAG_DURATION, 5, 0),
                -1);
    int order;
    assert_false(berm_value_order(&zoo.space, zoo_string(&zoo, "1"), berm_cell_int(1), &order));
    assert_false(berm_value_order(&zoo.space, berm_cell_bool(true), berm_cell_int(1), &order));
    assert_false(berm_value_order(&zoo.space, berm_cell_of(BERM_TAG_NULL),
                                  berm_cell_of(BERM_TAG_NULL), &order));
    assert_false(
        berm_value_order(&zoo.space, zoo_value(&zoo, "[1]"), zoo_value(&zoo, "[1]"), &order));
    zoo_end(&zoo);
}

static void check_equal(const char *a, const char *b, berm_truth wanted)
{
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell left = zoo_value(&zoo, a), right = zoo_value(&zoo, b);
    if (berm_value_equal(&zoo.space, left, right) != wanted ||
        berm_value_equal(&zoo.space, right, left) != wanted) {
        fail_msg("%s == %s is not %d", a, b, wanted);
    }
    assert_int_equal(berm_value_total_order(&zoo.space, left, right) == 0, wanted == BERM_TRUE);
    zoo_end(&zoo);
}

static void equality_is_deep(void **state)
{
    (void)state;
    check_equal("null", "null", BERM_TRUE);
    check_equal("null", "false", BERM_FALSE);
    check_equal("\"1\"", "1", BERM_FALSE);
    check_equal("\"a\\u0062\"", "\"ab\"", BERM_TRUE);
    check_equal("[1, 2.0, [3]]", "[1.0, 2, [3.0]]", BERM_TRUE);
    check_equal("[1, 2]", "[2, 1]", BERM_FALSE);
    check_equal("[1, 2]", "[1, 2, 3]", BERM_FALSE);
    check_equal("[]", "{}", BERM_FALSE);
    check_equal("{\"a\": 1, \"b\": [2]}", "{\"b\": [2.0], \"a\": 1}", BERM_TRUE);
    check_equal("{\"a\": 1, \"b\": 2}", "{\"a\": 1, \"c\": 2}", BERM_FALSE);
    check_equal("{\"a\": 1}", "{\"a\": null}", BERM_FALSE);
    check_equal("{\"a\": 1}", "{\"a\": 1, \"b\": 1}", BERM_FALSE);
    check_equal("{\"1\":1,\"2\":1,\"3\":1,\"4\":1,\"5\":1,\"6\":1,\"7\":1,\"8\":1,\"9\":1,\"10\":1,"
                "\"11\":1,\"12\":1,"
                "\"13\":1,\"14\":1,\"15\":1,\"16\":1,\"17\":1}",
                "{\"17\":1,\"1\":1,\"2\":1,\"3\":1,\"4\":1,\"5\":1,\"6\":1,\"7\":1,\"8\":1,\"9\":1,"
                "\"10\":1,\"11\":1,"
                "\"12\":1,\"13\":1,\"14\":1,\"15\":1,\"16\":1}",
                BERM_TRUE);
}

static void equality_knows_the_other_types(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_space *s = &zoo.space;
    berm_cell stamp = zoo_tagged(BERM_TAG_TIMESTAMP, 5, 7);
    assert_int_equal(berm_value_equal(s, stamp, zoo_tagged(BERM_TAG_TIMESTAMP, 5, 7)), BERM_TRUE);
    assert_int_equal(berm_value_equal(s, stamp, zoo_tagged(BERM_TAG_TIMESTAMP, 5, 8)), BERM_FALSE);
    assert_int_equal(berm_value_equal(s, zoo_tagged(BERM_TAG_DURATION, 5, 0),
                                      zoo_tagged(BERM_TAG_DURATION, 5, 1)),
                     BERM_TRUE);
    assert_int_equal(berm_value_equal(s, zoo_tagged(BERM_TAG_DURATION, 5, 0), berm_cell_int(5)),
                     BERM_FALSE);
    assert_int_equal(berm_value_equal(s, zoo_bytes(&zoo, "a\0b", 3), zoo_bytes(&zoo, "a\0b", 3)),
                     BERM_TRUE);
    assert_int_equal(berm_value_equal(s, zoo_bytes(&zoo, "a", 1), zoo_string(&zoo, "a")),
                     BERM_FALSE);
    berm_cell type = zoo_tagged(BERM_TAG_TYPE, BERM_TYPE_INT, BERM_NO_SPAN);
    assert_int_equal(berm_value_equal(s, type, zoo_tagged(BERM_TAG_TYPE, BERM_TYPE_INT, 0)),
                     BERM_TRUE);
    assert_int_equal(berm_value_equal(s, type, zoo_tagged(BERM_TAG_TYPE, BERM_TYPE_UINT, 0)),
                     BERM_FALSE);
    berm_cell one = berm_cell_int(1), two = berm_cell_int(2), both[2] = {one, two},
              turned[2] = {two, one};
    berm_cell none = zoo_container(&zoo, BERM_TAG_OPTIONAL, NULL, 0),
              some = zoo_container(&zoo, BERM_TAG_OPTIONAL, &one, 1);
    assert_int_equal(berm_value_equal(s, none, none), BERM_TRUE);
    assert_int_equal(berm_value_equal(s, none, some), BERM_FALSE);
    assert_int_equal(berm_value_equal(s, some, zoo_container(&zoo, BERM_TAG_OPTIONAL, &one, 1)),
                     BERM_TRUE);
    assert_int_equal(berm_value_equal(s, some, one), BERM_FALSE);
    berm_cell set = zoo_container(&zoo, BERM_TAG_SET, both, 2);
    assert_int_equal(berm_value_equal(s, set, zoo_container(&zoo, BERM_TAG_SET, turned, 2)),
                     BERM_TRUE);
    assert_int_equal(berm_value_equal(s, set, zoo_container(&zoo, BERM_TAG_SET, both, 1)),
                     BERM_FALSE);
    assert_int_equal(berm_value_equal(s, set, zoo_container(&zoo, BERM_TAG_LIST, both, 2)),
                     BERM_FALSE);
    berm_cell ip = zoo_container(&zoo, BERM_TAG_OBJECT, &one, 1), cidr = ip;
    ip.aux = BERM_TYPE_IP;
    cidr.aux = BERM_TYPE_CIDR;
    assert_int_equal(berm_value_equal(s, ip, ip), BERM_TRUE);
    assert_int_equal(berm_value_equal(s, ip, cidr), BERM_FALSE);
    assert_int_equal(
        berm_value_equal(s, berm_cell_double((double)NAN), berm_cell_double((double)NAN)),
        BERM_FALSE);
    zoo_end(&zoo);
}

static berm_cell list_of(value_zoo *zoo, berm_cell a, berm_cell b)
{
    berm_cell cells[2] = {a, b};
    return zoo_container(zoo, BERM_TAG_LIST, cells, 2);
}

static void unknowns_leave_it_open_unless_the_rest_decides(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_space *s = &zoo.space;
    berm_cell unknown = zoo_tagged(BERM_TAG_UNKNOWN, BERM_UNKNOWN_LEAF, 3), one = berm_cell_int(1),
              two = berm_cell_int(2);
    assert_int_equal(berm_value_equal(s, unknown, one), BERM_UNDECIDED);
    assert_int_equal(berm_value_equal(s, list_of(&zoo, unknown, one), list_of(&zoo, two, one)),
                     BERM_UNDECIDED);
    assert_int_equal(berm_value_equal(s, list_of(&zoo, unknown, one), list_of(&zoo, two, two)),
                     BERM_FALSE);
    berm_cell haystack = list_of(&zoo, unknown, one);
    assert_int_equal(berm_value_in(s, one, haystack), BERM_TRUE);
    assert_int_equal(berm_value_in(s, two, haystack), BERM_UNDECIDED);
    assert_int_equal(berm_value_in(s, unknown, haystack), BERM_UNDECIDED);
    berm_cell open = list_of(&zoo, one, two), closed = list_of(&zoo, one, two);
    open.flags |= BERM_CELL_OPEN;
    assert_int_equal(berm_value_equal(s, open, closed), BERM_UNDECIDED);
    assert_int_equal(berm_value_equal(s, closed, open), BERM_UNDECIDED);
    assert_int_equal(berm_value_equal(s, open, list_of(&zoo, one, one)), BERM_FALSE);
    assert_int_equal(berm_value_equal(s, open, zoo_container(&zoo, BERM_TAG_LIST, &one, 1)),
                     BERM_FALSE);
    assert_int_equal(berm_value_in(s, berm_cell_int(9), open), BERM_UNDECIDED);
    berm_cell map = zoo_value(&zoo, "{\"a\": 1}"), more = zoo_value(&zoo, "{\"a\": 1, \"b\": 2}"),
              other = zoo_value(&zoo, "{\"a\": 2, \"b\": 2}");
    map.flags |= BERM_CELL_OPEN;
    assert_int_equal(berm_value_equal(s, map, more), BERM_UNDECIDED);
    assert_int_equal(berm_value_equal(s, more, map), BERM_UNDECIDED);
    assert_int_equal(berm_value_equal(s, map, other), BERM_FALSE);
    assert_int_equal(berm_value_equal(s, other, map), BERM_FALSE);
    more.flags |= BERM_CELL_OPEN;
    assert_int_equal(berm_value_equal(s, more, zoo_value(&zoo, "{\"a\": 1}")), BERM_FALSE);
    assert_int_equal(berm_value_in(s, zoo_string(&zoo, "z"), map), BERM_UNDECIDED);
    assert_int_equal(berm_value_in(s, zoo_string(&zoo, "a"), map), BERM_TRUE);
    zoo_end(&zoo);
}

static void finds_members(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_space *s = &zoo.space;
    berm_cell list = zoo_value(&zoo, "[1, \"a\", [2], {\"k\": 3}]"),
              map = zoo_value(&zoo, "{\"a\": 1}");
    assert_int_equal(berm_value_in(s, berm_cell_double(1), list), BERM_TRUE);
    assert_int_equal(berm_value_in(s, zoo_string(&zoo, "a"), list), BERM_TRUE);
    assert_int_equal(berm_value_in(s, zoo_value(&zoo, "[2.0]"), list), BERM_TRUE);
    assert_int_equal(berm_value_in(s, zoo_value(&zoo, "{\"k\": 3}"), list), BERM_TRUE);
    assert_int_equal(berm_value_in(s, berm_cell_int(2), list), BERM_FALSE);
    assert_int_equal(berm_value_in(s, zoo_string(&zoo, "a"), map), BERM_TRUE);
    assert_int_equal(berm_value_in(s, berm_cell_int(1), map), BERM_FALSE);
    assert_int_equal(berm_value_in(s, berm_cell_double(0.5), map), BERM_FALSE);
    zoo_end(&zoo);
}

/* x1 = [x0, x0], x2 = [x1, x1], ..: small in memory, 2^n leaves. */
static berm_cell make_graph(value_zoo *zoo, uint32_t levels)
{
    berm_cell at = berm_cell_int(1);
    while (levels-- > 0) at = list_of(zoo, at, at);
    return at;
}

static void pays_for_what_it_walks(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell a = make_graph(&zoo, 200), b = make_graph(&zoo, 200);
    zoo.space.fuel = 100000;
    assert_int_equal(berm_value_equal(&zoo.space, a, b), BERM_UNDECIDED);
    assert_int_equal(zoo.space.status, BERM_E_FUEL);
    zoo.space.status = BERM_OK;
    zoo.space.fuel = 100000;
    berm_value_total_order(&zoo.space, a, b);
    assert_int_equal(zoo.space.status, BERM_E_FUEL);
    zoo.space.status = BERM_OK;
    zoo.space.fuel = 100000;
    assert_int_equal(berm_value_in(&zoo.space, a, list_of(&zoo, b, b)), BERM_UNDECIDED);
    assert_int_equal(zoo.space.status, BERM_E_FUEL);
    zoo_end(&zoo);
}

static berm_cell make_tower(value_zoo *zoo, uint32_t levels)
{
    berm_cell at = berm_cell_int(1);
    while (levels-- > 0) at = zoo_container(zoo, BERM_TAG_LIST, &at, 1);
    return at;
}

static void goes_down_to_the_depth_limit(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell allowed = make_tower(&zoo, BERM_VALUE_DEPTH), deep = make_tower(&zoo, 100000);
    assert_int_equal(berm_value_equal(&zoo.space, allowed, allowed), BERM_TRUE);
    assert_int_equal(berm_value_total_order(&zoo.space, allowed, allowed), 0);
    assert_int_equal(zoo.space.status, BERM_OK);
    assert_int_equal(berm_value_equal(&zoo.space, deep, deep), BERM_UNDECIDED);
    assert_int_equal(zoo.space.status, BERM_E_LIMIT);
    zoo.space.status = BERM_OK;
    berm_value_total_order(&zoo.space, deep, deep);
    assert_int_equal(zoo.space.status, BERM_E_LIMIT);
    zoo_end(&zoo);
}

/* Every two of these are in one order both ways, and it is this one. */
static void total_order_is_total(void **state)
{
    (void)state;
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell one = berm_cell_int(1);
    const berm_cell sorted[] = {berm_cell_of(BERM_TAG_NULL),
                                berm_cell_bool(false),
                                berm_cell_bool(true),
                                berm_cell_double(-(double)INFINITY),
                                berm_cell_int(INT64_MIN),
                                berm_cell_int(-1),
                                berm_cell_double(-0.5),
                                berm_cell_uint(0),
                                berm_cell_double(0.5),
                                berm_cell_int(1),
                                berm_cell_int(INT64_MAX),
                                berm_cell_double(TWO_63),
                                berm_cell_uint(UINT64_MAX),
                                berm_cell_double(TWO_64),
                                berm_cell_double((double)INFINITY),
                                berm_cell_double((double)NAN),
                                zoo_string(&zoo, ""),
                                zoo_string(&zoo, "a"),
                                zoo_string(&zoo, "b"),
                                zoo_bytes(&zoo, "", 0),
                                zoo_bytes(&zoo, "a", 1),
                                zoo_tagged(BERM_TAG_TIMESTAMP, -1, 5),
                                zoo_tagged(BERM_TAG_TIMESTAMP, 0, 0),
                                zoo_tagged(BERM_TAG_DURATION, -1, 0),
                                zoo_tagged(BERM_TAG_DURATION, 1, 0),
                                zoo_value(&zoo, "[]"),
                                zoo_value(&zoo, "[1]"),
                                zoo_value(&zoo, "[1, 2]"),
                                zoo_value(&zoo, "[2]"),
                                zoo_value(&zoo, "{}"),
                                zoo_value(&zoo, "{\"a\": 1}"),
                                zoo_value(&zoo, "{\"a\": 1, \"a0\": 0}"),
                                zoo_container(&zoo, BERM_TAG_SET, &one, 1),
                                zoo_container(&zoo, BERM_TAG_OPTIONAL, NULL, 0),
                                zoo_container(&zoo, BERM_TAG_OPTIONAL, &one, 1),
                                zoo_tagged(BERM_TAG_TYPE, BERM_TYPE_INT, 0)};
    size_t count = sizeof sorted / sizeof *sorted;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++) {
            int wanted = (i > k) - (i < k);
            bool maps = sorted[i].tag == BERM_TAG_MAP && sorted[k].tag == BERM_TAG_MAP;
            int order = berm_value_total_order(&zoo.space, sorted[i], sorted[k]);
            order = (order > 0) - (order < 0);
            int back = berm_value_total_order(&zoo.space, sorted[k], sorted[i]);
            assert_int_equal(order, -((back > 0) - (back < 0)));
            /* Maps are ordered by their keys' hashes: of two that differ only one sign is sure. */
            if (maps) assert_int_equal(order == 0, wanted == 0);
            else if (order != wanted) fail_msg("%zu and %zu: %d, wanted %d", i, k, order, wanted);
        }
    }
    zoo_end(&zoo);
}

/* --- everything with everything, with every amount of fuel --- */

#define ZOO_MOST 72

typedef struct animal {
    berm_cell value;
    bool unsure; /* an unknown in it, or more to come */
} animal;

static size_t add_animal(animal *animals, size_t count, berm_cell value, bool unsure)
{
    assert_true(count < ZOO_MOST);
    animals[count] = (animal){value, unsure};
    return count + 1;
}

static berm_cell opened(berm_cell value)
{
    value.flags |= BERM_CELL_OPEN;
    return value;
}

static berm_cell zoo_object(value_zoo *zoo, uint32_t type, int64_t sign, const char *digits,
                            const char *written)
{
    berm_cell parts[4] = {berm_cell_int(sign), zoo_string(zoo, digits), berm_cell_int(0),
                          zoo_string(zoo, written)};
    berm_cell object = zoo_container(zoo, BERM_TAG_OBJECT, parts, 4);
    object.aux = type;
    return object;
}

static size_t fill_zoo(value_zoo *zoo, animal *animals)
{
    static const char *const texts[] = {"null",
                                        "true",
                                        "1",
                                        "2.5",
                                        "\"a\"",
                                        "[]",
                                        "[1]",
                                        "[1, 2]",
                                        "[[1], 2]",
                                        "[2, [1]]",
                                        "{}",
                                        "{\"a\": 1}",
                                        "{\"b\": [1], \"a\": 2}",
                                        "{\"a\": 2, \"b\": [1]}",
                                        "{\"b\": {\"a\": 1}}",
                                        "{\"a\": 2, \"b\": [2]}",
                                        "{\"c\": [1], \"a\": 2}"};
    char large[401];
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    size_t n = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        n = add_animal(animals, n, zoo_value(zoo, texts[i]), false);
    berm_cell long_text = zoo_string(zoo, large);
    large[300] = 'y';
    berm_cell longer = zoo_string(zoo, large), unknown = zoo_tagged(BERM_TAG_UNKNOWN, 0, 3);
    berm_cell pairs[][2] = {{berm_cell_int(1), berm_cell_int(2)},
                            {berm_cell_int(2), berm_cell_int(1)},
                            {berm_cell_int(1), long_text},
                            {longer, berm_cell_int(1)}};
    berm_cell hidden[2] = {berm_cell_int(1), unknown};
    const berm_tag tags[] = {BERM_TAG_LIST, BERM_TAG_SET};
    n = add_animal(animals, n, long_text, false);
    n = add_animal(animals, n, longer, false);
    n = add_animal(animals, n, zoo_bytes(zoo, large, 400), false);
    n = add_animal(animals, n, berm_cell_uint(1), false);
    n = add_animal(animals, n, unknown, true);
    for (size_t t = 0; t < 2; t++) {
        for (size_t i = 0; i < 4; i++)
            n = add_animal(animals, n, zoo_container(zoo, tags[t], pairs[i], 2), false);
        n = add_animal(animals, n, zoo_container(zoo, tags[t], hidden, 2), true);
        n = add_animal(animals, n, opened(zoo_container(zoo, tags[t], pairs[0], 1)), true);
    }
    n = add_animal(animals, n, zoo_container(zoo, BERM_TAG_OPTIONAL, &long_text, 1), false);
    n = add_animal(animals, n, zoo_container(zoo, BERM_TAG_OPTIONAL, &unknown, 1), true);
    n = add_animal(animals, n, opened(zoo_value(zoo, "{}")), true);
    n = add_animal(animals, n, opened(zoo_value(zoo, "{\"a\": 1}")), true);
    n = add_animal(animals, n, opened(zoo_value(zoo, "{\"a\": 2, \"b\": [1]}")), true);
    n = add_animal(animals, n, zoo_object(zoo, BERM_TYPE_QUANTITY, 1, "5", "5k"), false);
    n = add_animal(animals, n, zoo_object(zoo, BERM_TYPE_QUANTITY, 1, "5", "5000"), false);
    n = add_animal(animals, n, zoo_object(zoo, BERM_TYPE_QUANTITY, -1, "5", "-5"), false);
    n = add_animal(animals, n, zoo_object(zoo, BERM_TYPE_QUANTITY, -1, "7", "-7"), false);
    n = add_animal(animals, n, zoo_object(zoo, BERM_TYPE_IP, 1, "5", ""), false);
    return add_animal(animals, n, zoo_tagged(BERM_TAG_ERROR, 0, 9), false);
}

typedef struct compared {
    berm_truth equal, in;
    int order;
    berm_status status;
} compared;

static compared compare_with(value_zoo *zoo, berm_cell a, berm_cell b, uint64_t fuel, int what)
{
    compared c = {BERM_UNDECIDED, BERM_UNDECIDED, 0, BERM_OK};
    zoo->space.fuel = fuel;
    zoo->space.status = BERM_OK;
    if (what == 0) c.equal = berm_value_equal(&zoo->space, a, b);
    if (what == 1) c.in = berm_value_in(&zoo->space, a, b);
    if (what == 2) c.order = berm_value_total_order(&zoo->space, a, b);
    c.order = (c.order > 0) - (c.order < 0);
    c.status = zoo->space.status;
    return c;
}

/* Less fuel than it takes: that is said, and nothing is decided. */
static void compare_with_less(value_zoo *zoo, berm_cell a, berm_cell b)
{
    for (int what = 0; what < 3; what++) {
        compared whole = compare_with(zoo, a, b, 1000, what);
        uint64_t need = 1000 - zoo->space.fuel;
        assert_int_equal(whole.status, BERM_OK);
        for (uint64_t fuel = 0; fuel < need; fuel++) {
            compared c = compare_with(zoo, a, b, fuel, what);
            assert_int_equal(c.status, BERM_E_FUEL);
            assert_int_equal(c.equal, BERM_UNDECIDED);
            assert_int_equal(c.in, BERM_UNDECIDED);
        }
    }
}

static void all_comparisons_agree(void **state)
{
    (void)state;
    static animal animals[ZOO_MOST];
    value_zoo zoo;
    zoo_begin(&zoo);
    size_t count = fill_zoo(&zoo, animals);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++) {
            berm_cell a = animals[i].value, b = animals[k].value;
            berm_truth equal = compare_with(&zoo, a, b, 1000, 0).equal;
            int order = compare_with(&zoo, a, b, 1000, 2).order;
            assert_int_equal(equal, compare_with(&zoo, b, a, 1000, 0).equal);
            assert_int_equal(order, -compare_with(&zoo, b, a, 1000, 2).order);
            if (!animals[i].unsure && !animals[k].unsure) {
                bool sets = a.tag == BERM_TAG_SET && b.tag == BERM_TAG_SET;
                assert_int_not_equal(equal, BERM_UNDECIDED);
                if (!sets) assert_int_equal(equal == BERM_TRUE, order == 0);
            } else if (equal == BERM_TRUE) {
                fail_msg("%zu and %zu are equal, and not known", i, k);
            }
            compare_with_less(&zoo, a, b);
        }
    }
    zoo.space.status = BERM_OK;
    zoo_end(&zoo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_numbers_across_types),
        cmocka_unit_test(compares_numbers_exactly_for_keys_and_sorting),
        cmocka_unit_test(orders_what_cel_orders),
        cmocka_unit_test(equality_is_deep),
        cmocka_unit_test(equality_knows_the_other_types),
        cmocka_unit_test(unknowns_leave_it_open_unless_the_rest_decides),
        cmocka_unit_test(finds_members),
        cmocka_unit_test(pays_for_what_it_walks),
        cmocka_unit_test(goes_down_to_the_depth_limit),
        cmocka_unit_test(total_order_is_total),
        cmocka_unit_test(all_comparisons_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
