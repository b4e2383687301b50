/* Finishing maps: order, repeats, and keys chosen to collide. */
#include "data_help.h"

#include "data/tree.h"

static void check_order(const berm_space *space, berm_cell map)
{
    const berm_cell *members = berm_children_of(space, map);
    const uint32_t *order = berm_map_order(members, map.as.ref.len);
    for (uint32_t i = 1; i < map.as.ref.len; i++) {
        berm_cell a = berm_cell_in(map, members[2 * (size_t)order[i - 1]]);
        berm_cell b = berm_cell_in(map, members[2 * (size_t)order[i]]);
        assert_true(a.aux < b.aux || (a.aux == b.aux && berm_key_compare(space, a, b) < 0));
    }
}

/* A map of `count` keys made by `name`; every one is found, and nothing else is. */
static void check_map(uint32_t count, void (*name)(uint32_t number, char *out, size_t size))
{
    value_zoo zoo;
    zoo_begin(&zoo);
    berm_cell map = berm_cell_of(BERM_TAG_MAP);
    berm_cell *members =
        berm_space_cells(&zoo.space, 2 * count + berm_map_order_cells(count), &map);
    assert_non_null(members);
    char text[64];
    for (uint32_t i = 0; i < count; i++) {
        name(i, text, sizeof text);
        members[2 * i] = zoo_string(&zoo, text);
        members[2 * i + 1] = berm_cell_int(i);
    }
    uint32_t repeat = 0;
    map.as.ref.len = berm_map_finish(&zoo.space, members, count, &repeat);
    assert_int_equal(repeat, UINT32_MAX);
    assert_int_equal(map.as.ref.len, count);
    if (count > BERM_MAP_LINEAR) check_order(&zoo.space, map);
    for (uint32_t i = 0; i < count; i++) {
        name(i, text, sizeof text);
        assert_int_equal(berm_map_find_text(&zoo.space, map, berm_str_of(text)).as.i, i);
        assert_int_equal(members[2 * i + 1].as.i, i);
    }
    name(count, text, sizeof text);
    assert_int_equal(berm_map_find_text(&zoo.space, map, berm_str_of(text)).tag, BERM_TAG_MISSING);
    zoo_end(&zoo);
}

static void name_by_number(uint32_t number, char *out, size_t size)
{
    berm_format_into(out, size, "member-%u", number);
}

static void finds_every_member_at_every_size(void **state)
{
    (void)state;
    for (uint32_t count = 0; count < 70; count++) check_map(count, name_by_number);
    check_map(1000, name_by_number);
    check_map(100000, name_by_number);
}

/* The spellings of one word in capitals and small letters have one hash: 2^20 keys that all
   collide. */
static void name_by_case(uint32_t number, char *out, size_t size)
{
    static const char word[] = "abcdefghijklmnopqrstu";
    assert_true(sizeof word <= size);
    for (size_t i = 0; i < sizeof word - 1; i++)
        out[i] = (char)(number >> i & 1 ? word[i] - 32 : word[i]);
    out[sizeof word - 1] = '\0';
}

static void stays_quick_when_all_keys_collide(void **state)
{
    (void)state;
    char a[64], b[64];
    name_by_case(0, a, sizeof a);
    name_by_case(0x3ffff, b, sizeof b);
    assert_int_equal(berm_text_hash(a, strlen(a)), berm_text_hash(b, strlen(b)));
    check_map(17, name_by_case);
    check_map(1u << 18, name_by_case); /* quadratic work would take minutes */
}

/* Colliding keys in an order that leads a median-of-three quicksort astray at every step: the sort
   must notice and go another way. The spelling with the higher number is the greater text. */
#define ASTRAY 4096u

static void name_astray(uint32_t number, char *out, size_t size)
{
    uint32_t half = ASTRAY / 2, value = ASTRAY;
    if (number < half) value = number % 2 == 0 ? number + 1 : half + number;
    else if (number < ASTRAY) value = 2 * (number - half + 1);
    static const char word[] = "abcdefghijklmnopqrstu";
    assert_true(sizeof word <= size && value < 1u << 21);
    for (size_t i = 0; i < sizeof word - 1; i++) {
        out[i] = (char)(value >> (20 - i) & 1 ? word[i] : word[i] - 32);
    }
    out[sizeof word - 1] = '\0';
}

static void sorts_keys_that_lead_astray(void **state)
{
    (void)state;
    /* The last name is kept for the search in vain. */
    check_map(ASTRAY - 1, name_astray);
}

static void settles_repeats(void **state)
{
    (void)state;
    for (uint32_t count = 2; count < 80; count++) {
        value_zoo zoo;
        zoo_begin(&zoo);
        berm_cell map = berm_cell_of(BERM_TAG_MAP);
        berm_cell *members =
            berm_space_cells(&zoo.space, 2 * count + berm_map_order_cells(count), &map);
        uint32_t distinct = count / 2;
        for (uint32_t i = 0; i < count; i++) {
            members[2 * i] = i % 3 ? berm_cell_int(i % distinct) : berm_cell_double(i % distinct);
            members[2 * i + 1] = berm_cell_int(i);
        }
        uint32_t repeat = UINT32_MAX;
        map.as.ref.len = berm_map_finish(&zoo.space, members, count, &repeat);
        assert_int_equal(map.as.ref.len, distinct);
        assert_true(repeat < distinct);
        if (distinct > BERM_MAP_LINEAR) check_order(&zoo.space, map);
        for (uint32_t i = 0; i < distinct; i++) {
            /* At the first one's place, with the last one's value. */
            assert_true(berm_number_compare(members[2 * i], berm_cell_int(i)) == 0);
            uint32_t last = count - 1;
            while (last % distinct != i) last--;
            assert_int_equal(members[2 * i + 1].as.i, last);
        }
        zoo_end(&zoo);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_every_member_at_every_size),
        cmocka_unit_test(stays_quick_when_all_keys_collide),
        cmocka_unit_test(sorts_keys_that_lead_astray),
        cmocka_unit_test(settles_repeats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
