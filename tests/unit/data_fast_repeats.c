/* Repeated keys of objects that nobody builds: found whatever their number and order, and never
   claimed of keys that differ, unless somebody makes them collide. */
#include "data_help.h"

#include "data/fast/repeats.h"

#include <stdio.h>

typedef struct key_text {
    char text[1 << 17];
    uint32_t len;
    berm_repeats repeats;
} key_text;

static key_text shared;

static void begin_keys(key_text *t)
{
    berm_array_free(&berm_alloc_libc, &t->repeats.keys);
    t->repeats = (berm_repeats){.spare = 4};
    t->len = 0;
}

static void open_keys(key_text *t)
{
    assert_true(berm_repeats_open(&berm_alloc_libc, &t->repeats));
}

static void add_key(key_text *t, const char *key)
{
    uint32_t at = t->len;
    t->len += (uint32_t)snprintf(t->text + at, sizeof t->text - at, "%s\"", key);
    assert_true(berm_repeats_add(&berm_alloc_libc, &t->repeats, t->text, at, t->len - 1));
}

static void add_number(key_text *t, const char *lead, uint32_t number)
{
    char key[64];
    snprintf(key, sizeof key, "%s%u", lead, number);
    add_key(t, key);
}

static void check_objects(const char *lead, uint32_t count)
{
    key_text *t = &shared;
    for (uint32_t repeated = 0; repeated <= count; repeated += 1 + count / 7) {
        begin_keys(t);
        open_keys(t);
        for (uint32_t i = 0; i < count; i++) add_number(t, lead, i * 7919 % 10007);
        if (repeated < count) add_number(t, lead, repeated * 7919 % 10007);
        assert_int_equal(berm_repeats_close(&t->repeats, t->text), repeated < count);
        assert_int_equal(t->repeats.keys.count, 0);
    }
}

static void finds_repeats(void **state)
{
    (void)state;
    static const char *const leads[] = {"", "k", "key-", "a-longer-key-",
                                        "a-key-of-more-than-16-bytes-"};
    static const uint32_t counts[] = {0, 1, 2, 3, 7, 23, 24, 25, 100, 2000};
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
            check_objects(leads[i], counts[k]);
}

static void keeps_objects_apart(void **state)
{
    (void)state;
    key_text *t = &shared;
    begin_keys(t);
    open_keys(t);
    add_key(t, "a");
    open_keys(t);
    add_key(t, "a");
    add_key(t, "b");
    assert_false(berm_repeats_close(&t->repeats, t->text));
    add_key(t, "b");
    open_keys(t);
    add_key(t, "b");
    add_key(t, "b");
    assert_true(berm_repeats_close(&t->repeats, t->text));
    add_key(t, "a");
    assert_true(berm_repeats_close(&t->repeats, t->text));
}

/* Equal hashes of different keys: 77,163 keys have one such pair as often as not. */
static void looks_at_keys_of_one_hash(void **state)
{
    (void)state;
    key_text *t = &shared;
    begin_keys(t);
    open_keys(t);
    add_key(t, "a");
    add_key(t, "b");
    t->repeats.keys.items[2] = (t->repeats.keys.items[1] >> 32 << 32) | 2;
    assert_false(berm_repeats_close(&t->repeats, t->text));
    assert_int_equal(t->repeats.spare, 3);
    t->repeats.spare = 0;
    open_keys(t);
    add_key(t, "c");
    add_key(t, "d");
    t->repeats.keys.items[2] = (t->repeats.keys.items[1] >> 32 << 32) | 6;
    assert_true(berm_repeats_close(&t->repeats, t->text));
    begin_keys(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_repeats),
        cmocka_unit_test(keeps_objects_apart),
        cmocka_unit_test(looks_at_keys_of_one_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
