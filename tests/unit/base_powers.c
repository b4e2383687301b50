#include "base/powers.h"

#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void put_word(berm_sha256 *h, uint64_t word)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < 8; i++) bytes[i] = (unsigned char)(word >> (56 - 8 * i));
    berm_sha256_put(h, bytes, sizeof bytes);
}

/* All 702 powers against a digest made elsewhere with whole numbers of any length. */
static void every_power_is_rounded_down(void **state)
{
    (void)state;
    berm_sha256 h;
    berm_sha256_init(&h);
    for (int q = BERM_POWER_MIN; q <= BERM_POWER_MAX; q++) {
        berm_wide power = berm_power_bits(q);
        assert_true(power.hi >> 63);
        put_word(&h, power.hi);
        put_word(&h, power.lo);
    }
    unsigned char digest[32];
    char text[65];
    berm_sha256_end(&h, digest);
    for (size_t i = 0; i < 32; i++) (void)snprintf(text + 2 * i, 3, "%02x", digest[i]);
    assert_string_equal(text, "dfbb936a162d57c935ddb52f41e92d9a55f8d331296f7eb1eeee8b187918587e");
}

static void exact_powers_are_whole(void **state)
{
    (void)state;
    uint64_t power = 1;
    for (int q = 0; q <= 27; q++, power *= 5) {
        berm_wide bits = berm_power_bits(q);
        assert_true(berm_power_is_exact(q));
        assert_int_equal(bits.hi >> (63 - berm_power_log2(q)), power);
        assert_int_equal(bits.lo, 0);
    }
    assert_true(berm_power_is_exact(55));
    assert_false(berm_power_is_exact(56));
    assert_false(berm_power_is_exact(-1));
}

static void logarithms(void **state)
{
    (void)state;
    assert_int_equal(berm_power_log2(0), 0);
    assert_int_equal(berm_power_log2(1), 2);
    assert_int_equal(berm_power_log2(-1), -3);
    assert_int_equal(berm_power_log2(3), 6);
    assert_int_equal(berm_power_log2(-3), -7);
    assert_int_equal(berm_power_log2(350), 812);
    assert_int_equal(berm_power_log2(-351), -815);
}

static void products_have_128_bits(void **state)
{
    (void)state;
    berm_wide product = berm_multiply_wide(UINT64_MAX, UINT64_MAX);
    assert_int_equal(product.hi, UINT64_MAX - 1);
    assert_int_equal(product.lo, 1);
    product = berm_multiply_wide(UINT64_C(0x123456789ABCDEF0), UINT64_C(0xFEDCBA9876543210));
    assert_int_equal(product.hi, UINT64_C(0x121FA00AD77D7422));
    assert_int_equal(product.lo, UINT64_C(0x236D88FE5618CF00));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_power_is_rounded_down),
        cmocka_unit_test(exact_powers_are_whole),
        cmocka_unit_test(logarithms),
        cmocka_unit_test(products_have_128_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
