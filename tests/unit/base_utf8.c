#include "base/utf8.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static bool is_scalar(uint32_t code)
{
    return code < 0xD800 || (code > 0xDFFF && code < 0x110000);
}

static void every_scalar_round_trips(void **state)
{
    (void)state;
    for (uint32_t code = 0; code < 0x110000; code++) {
        if (!is_scalar(code)) continue;
        char bytes[4];
        berm_str s = {bytes, berm_utf8_encode(code, bytes)};
        size_t pos = 0;
        if (berm_utf8_invalid(s.ptr, s.len) != s.len) fail_msg("U+%04X refused", code);
        if (berm_utf8_next(s, &pos) != (int32_t)code || pos != s.len)
            fail_msg("U+%04X misread", code);
        if (s.len > 1 && berm_utf8_invalid(s.ptr, s.len - 1) != 0)
            fail_msg("U+%04X cut short accepted", code);
    }
}

/* A decoder that knows nothing of the tricks: from the definition, by arithmetic. */
static bool is_valid_by_definition(const unsigned char *p, size_t len)
{
    size_t pos = 0;
    while (pos < len) {
        size_t more = p[pos] < 0x80       ? 0
                      : p[pos] >> 5 == 6  ? 1
                      : p[pos] >> 4 == 14 ? 2
                      : p[pos] >> 3 == 30 ? 3
                                          : 9;
        if (more == 9 || pos + more >= len) return false;
        uint32_t code = more ? p[pos] & (0x3Fu >> more) : p[pos];
        for (size_t i = 1; i <= more; i++) {
            if (p[pos + i] >> 6 != 2) return false;
            code = code << 6 | (p[pos + i] & 0x3F);
        }
        static const uint32_t least[4] = {0, 0x80, 0x800, 0x10000};
        if (code < least[more] || !is_scalar(code)) return false;
        pos += more + 1;
    }
    return true;
}

/* All sequences of three bytes around every border, and a fourth one. */
static void short_sequences_are_judged_by_the_definition(void **state)
{
    (void)state;
    static const unsigned char border[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                           0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
                                           0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF};
    const size_t n = sizeof border;
    for (size_t i = 0; i < n * n * n * n; i++) {
        unsigned char p[4] = {border[i % n], border[i / n % n], border[i / n / n % n],
                              border[i / n / n / n]};
        bool valid = berm_utf8_invalid((const char *)p, 4) == 4;
        if (valid != is_valid_by_definition(p, 4))
            fail_msg("%02X %02X %02X %02X", p[0], p[1], p[2], p[3]);
    }
}

static void the_first_bad_byte_is_found_anywhere(void **state)
{
    (void)state;
    char text[64];
    for (size_t len = 0; len <= sizeof text; len++) {
        memset(text, 'a', sizeof text);
        assert_int_equal(berm_utf8_invalid(text, len), len);
        for (size_t bad = 0; bad < len; bad++) {
            text[bad] = (char)0xFF;
            assert_int_equal(berm_utf8_invalid(text, len), bad);
            text[bad] = 'a';
        }
    }
}

static void invalid_bytes_are_stepped_over_one_by_one(void **state)
{
    (void)state;
    berm_str s = BERM_STR("\xE2\x82z\xC3\xA9\x80");
    static const int32_t codes[] = {-1, -1, 'z', 0xE9, -1};
    static const size_t ends[] = {1, 2, 3, 5, 6};
    size_t pos = 0;
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(berm_utf8_next(s, &pos), codes[i]);
        assert_int_equal(pos, ends[i]);
    }
}

static void code_points_are_counted_and_found(void **state)
{
    (void)state;
    /* Pieces of 1 to 4 bytes in an order that puts each at every place of a word. */
    static const char *const pieces[] = {"a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "bc"};
    char text[400];
    size_t starts[400];
    size_t len = 0, count = 0;
    for (size_t i = 0; len < sizeof text - 8; i++) {
        const char *piece = pieces[i * i % 5];
        for (size_t j = 0; piece[j]; j++) {
            if (((unsigned char)piece[j] & 0xC0) != 0x80) starts[count++] = len;
            text[len++] = piece[j];
        }
        assert_int_equal(berm_utf8_count((berm_str){text, len}), count);
    }
    for (size_t i = 0; i < count; i++)
        assert_int_equal(berm_utf8_offset((berm_str){text, len}, i), starts[i]);
    assert_int_equal(berm_utf8_offset((berm_str){text, len}, count), len);
    assert_int_equal(berm_utf8_offset((berm_str){text, len}, SIZE_MAX), len);
    assert_int_equal(berm_utf8_offset((berm_str){NULL, 0}, 0), 0);
    assert_int_equal(berm_utf8_count((berm_str){NULL, 0}), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scalar_round_trips),
        cmocka_unit_test(short_sequences_are_judged_by_the_definition),
        cmocka_unit_test(the_first_bad_byte_is_found_anywhere),
        cmocka_unit_test(invalid_bytes_are_stepped_over_one_by_one),
        cmocka_unit_test(code_points_are_counted_and_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
