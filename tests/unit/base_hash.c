#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Images carry hashes: these numbers may never change. */
static void values_are_stable(void **state)
{
    (void)state;
    assert_int_equal(berm_hash_bytes("", 0, 0), UINT64_C(0));
    assert_int_equal(berm_hash_bytes("resource", 8, 0), UINT64_C(0x3C50E147B32FE4DA));
    assert_int_equal(berm_hash_bytes("resource_changes", 16, 1), UINT64_C(0x7B376D9ABA0EE0FD));
    assert_int_equal(berm_hash_folded("Resource_ChangeS!", 17, 42), UINT64_C(0x706D534E56633CAE));
}

/* The same on machines of either order. */
static void lanes_are_stable(void **state)
{
    (void)state;
    unsigned char bytes[100];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)(i * 7);
    assert_int_equal(berm_hash_lanes(bytes, 0), UINT64_C(0x7675C2AB9B4A82FC));
    assert_int_equal(berm_hash_lanes(bytes, 31), UINT64_C(0x81A9B0CD6436CCEF));
    assert_int_equal(berm_hash_lanes(bytes, 100), UINT64_C(0x8A3A6E437B04C1FF));
}

/* No change within eight bytes is missed: each bit, each byte, and two words that change places. */
static void lanes_see_each_change(void **state)
{
    (void)state;
    unsigned char bytes[203];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)(i * i);
    for (size_t len = 1; len <= sizeof bytes; len++) {
        uint64_t hash = berm_hash_lanes(bytes, len);
        assert_int_not_equal(berm_hash_lanes(bytes, len - 1), hash);
        for (size_t bit = 0; bit < 8 * len; bit++) {
            bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
            assert_int_not_equal(berm_hash_lanes(bytes, len), hash);
            bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        }
    }
    for (size_t a = 0; a < 24; a++)
        for (size_t b = a + 1; b < 25; b++) {
            unsigned char other[sizeof bytes];
            memcpy(other, bytes, sizeof bytes);
            memcpy(other + 8 * a, bytes + 8 * b, 8);
            memcpy(other + 8 * b, bytes + 8 * a, 8);
            if (memcmp(other, bytes, sizeof bytes) == 0) continue;
            assert_int_not_equal(berm_hash_lanes(other, sizeof other),
                                 berm_hash_lanes(bytes, sizeof bytes));
        }
}

static char fold_one(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static void folding_touches_capitals_only(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        for (size_t len = 1; len < 20; len++) {
            char text[20], folded[20];
            memset(text, 'Q', sizeof text);
            text[len / 2] = (char)(unsigned char)c;
            for (size_t i = 0; i < len; i++) folded[i] = fold_one(text[i]);
            assert_int_equal(berm_hash_folded(text, len, 9), berm_hash_bytes(folded, len, 9));
        }
    }
}

static int compare_hashes(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* All texts of up to three letters of a small alphabet, and runs of zeros of every length: no two
   alike, and their low bits (what tables use) spread about evenly. */
static void similar_texts_differ(void **state)
{
    (void)state;
    enum { LETTERS = 40, TEXTS = LETTERS * LETTERS * LETTERS, ZEROS = 200 };
    uint64_t *hashes = malloc((TEXTS + ZEROS) * sizeof *hashes);
    static const char zeros[ZEROS + 1];
    unsigned buckets[256] = {0};
    assert_non_null(hashes);
    for (int i = 0; i < TEXTS; i++) {
        char text[3] = {(char)('A' + i % LETTERS), (char)('A' + i / LETTERS % LETTERS),
                        (char)('A' + i / LETTERS / LETTERS)};
        hashes[i] = berm_hash_bytes(text, 3, 0);
        buckets[hashes[i] & 255]++;
    }
    for (size_t i = 0; i < ZEROS; i++) hashes[TEXTS + i] = berm_hash_bytes(zeros, i + 1, 0);
    for (size_t i = 0; i < 256; i++)
        assert_in_range(buckets[i], TEXTS / 256 * 7 / 10, TEXTS / 256 * 13 / 10);
    qsort(hashes, TEXTS + ZEROS, sizeof *hashes, compare_hashes);
    for (int i = 1; i < TEXTS + ZEROS; i++) assert_int_not_equal(hashes[i], hashes[i - 1]);
    free(hashes);
}

/* Every bit of the input moves about half of the bits of the output, the upper and the lower half
   alike. */
static void one_bit_changes_many(void **state)
{
    (void)state;
    unsigned char text[24];
    for (size_t i = 0; i < sizeof text; i++) text[i] = (unsigned char)(i * 37 + 5);
    uint64_t before = berm_hash_bytes(text, sizeof text, 3);
    for (size_t bit = 0; bit < 8 * sizeof text; bit++) {
        text[bit / 8] ^= (unsigned char)(1u << bit % 8);
        uint64_t changed = before ^ berm_hash_bytes(text, sizeof text, 3);
        text[bit / 8] ^= (unsigned char)(1u << bit % 8);
        unsigned low = 0, high = 0;
        for (int i = 0; i < 32; i++) {
            low += (unsigned)(changed >> i) & 1;
            high += (unsigned)(changed >> (i + 32)) & 1;
        }
        assert_in_range(low, 5, 27);
        assert_in_range(high, 5, 27);
    }
    assert_int_not_equal(before, berm_hash_bytes(text, sizeof text, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lanes_are_stable),     cmocka_unit_test(lanes_see_each_change),
        cmocka_unit_test(values_are_stable),    cmocka_unit_test(folding_touches_capitals_only),
        cmocka_unit_test(similar_texts_differ), cmocka_unit_test(one_bit_changes_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
