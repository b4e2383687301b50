#include "cel/literals.h"

#include "cel_support.h"

#include <math.h>

static berm_cell number_of(const char *text, berm_token_kind kind, bool negative, uint32_t *faults)
{
    berm_cel_faults f = {0};
    berm_cell cell;
    berm_token token = {.kind = kind, .len = (uint32_t)strlen(text)};
    berm_cel_number(&f, token, berm_str_of(text), negative, &cell);
    *faults = f.count;
    return cell;
}

static void ints(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool negative;
        int64_t value;
        uint32_t faults;
    } cases[] = {
        {"0", false, 0, 0},
        {"007", false, 7, 0},
        {"7", true, -7, 0},
        {"9223372036854775807", false, INT64_MAX, 0},
        {"9223372036854775807", true, -INT64_MAX, 0},
        {"9223372036854775808", true, INT64_MIN, 0},
        {"9223372036854775808", false, 0, 1},
        {"9223372036854775809", true, 0, 1},
        {"99999999999999999999999", false, 0, 1},
        {"0x0", false, 0, 0},
        {"0xFf", false, 255, 0},
        {"0x7FFFFFFFFFFFFFFF", false, INT64_MAX, 0},
        {"0x8000000000000000", true, INT64_MIN, 0},
        {"0x8000000000000000", false, 0, 1},
        {"0x10000000000000000", false, 0, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t faults;
        berm_cell cell = number_of(cases[i].text, BERM_TOKEN_INT, cases[i].negative, &faults);
        assert_int_equal(cell.tag, BERM_TAG_INT);
        assert_int_equal(cell.as.i, cases[i].value);
        assert_int_equal(faults, cases[i].faults);
    }
}

static void uints_and_doubles(void **state)
{
    (void)state;
    uint32_t faults;
    assert_true(number_of("18446744073709551615u", BERM_TOKEN_UINT, false, &faults).as.u ==
                UINT64_MAX);
    assert_int_equal(faults, 0);
    assert_true(number_of("0xFFFFFFFFFFFFFFFFU", BERM_TOKEN_UINT, false, &faults).as.u ==
                UINT64_MAX);
    assert_int_equal(faults, 0);
    number_of("18446744073709551616u", BERM_TOKEN_UINT, false, &faults);
    assert_int_equal(faults, 1);
    assert_true(number_of(".5", BERM_TOKEN_DOUBLE, false, &faults).as.d == 0.5);
    assert_true(number_of("1.5e3", BERM_TOKEN_DOUBLE, true, &faults).as.d == -1500.0);
    assert_true(number_of("1.7976931348623157e308", BERM_TOKEN_DOUBLE, false, &faults).as.d ==
                1.7976931348623157e308);
    assert_int_equal(faults, 0);
    number_of("1e309", BERM_TOKEN_DOUBLE, false, &faults);
    assert_int_equal(faults, 1);
    assert_true(number_of("1e-999", BERM_TOKEN_DOUBLE, false, &faults).as.d == 0.0);
    assert_int_equal(faults, 0);
    assert_true(signbit(number_of("0.0", BERM_TOKEN_DOUBLE, true, &faults).as.d));
}

typedef struct string_case {
    const char *literal;
    size_t len;
    const char *value;
} string_case;

#define CASE(literal, value) \
    { \
        literal, sizeof(value) - 1, value \
    }

static void check_string(const string_case *c)
{
    berm_cel_faults faults = {0};
    berm_arena arena;
    berm_arena_init(&arena, &berm_alloc_libc);
    bool bytes = c->literal[0] == 'b' || c->literal[0] == 'B';
    berm_token token = {.kind = bytes ? BERM_TOKEN_BYTES : BERM_TOKEN_STRING,
                        .len = (uint32_t)strlen(c->literal)};
    berm_str value = berm_cel_string(&faults, &arena, token, berm_str_of(c->literal));
    if (faults.count || value.len != c->len ||
        (c->len && memcmp(value.ptr, c->value, c->len) != 0)) {
        fail_msg("%s: %u faults, %zu bytes", c->literal, faults.count, value.len);
    }
    berm_arena_free(&arena);
}

static void strings(void **state)
{
    (void)state;
    static const string_case cases[] = {
        CASE("''", ""),
        CASE("\"\"", ""),
        CASE("''''''", ""),
        CASE("'a'", "a"),
        CASE("'\"'", "\""),
        CASE("'''x''x'''", "x''x"),
        CASE("'''\n\r\n\r'''", "\n\n\n"),
        CASE("r'''\\n\r\n'''", "\\n\n"),
        CASE("'''\\r\r\\r'''", "\r\n\r"),
        CASE("'\\a\\b\\f\\n\\r\\t\\v\\\\\\?\\\"\\'\\`'", "\a\b\f\n\r\t\v\\?\"'`"),
        CASE("r'\\n\\q'", "\\n\\q"),
        CASE("R\"\"\"\\\"\"\"", "\\"),
        CASE("'\\377'", "\xc3\xbf"),
        CASE("b'\\377'", "\xff"),
        CASE("'\\xFF\\XfF'", "\xc3\xbf\xc3\xbf"),
        CASE("b'\\xFF'", "\xff"),
        CASE("b'\xc3\xbf'", "\xc3\xbf"),
        CASE("br'\\377'", "\\377"),
        CASE("'\\000\\x00'", "\0\0"),
        CASE("'\\u00e4\\U0001F62C'", "\xc3\xa4\xf0\x9f\x98\xac"),
        CASE("'\\uD7FF\\uE000\\U0010FFFF'", "\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf"),
        CASE("'\\1234'", "S4"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) check_string(&cases[i]);
}

/* Column and end of the one malformed escape. */
static void malformed_escapes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t column, end;
    } cases[] = {
        {"'ab\\q'", 4, 6},
        {"'\\8'", 2, 4},
        {"'\\1'", 2, 4},
        {"'\\12'", 2, 5},
        {"'\\128'", 2, 5},
        {"'\\400'", 2, 6},
        {"'\\x'", 2, 4},
        {"'\\xg1'", 2, 4},
        {"'\\x1g'", 2, 5},
        {"'\\u123'", 2, 7},
        {"'\\U1234567'", 2, 11},
        {"'\\U00110000'", 2, 12},
        {"'\\UFFFFFFFF'", 2, 12},
        {"'\\uD800'", 2, 8},
        {"'\\uDFFF'", 2, 8},
        {"'\\U0000DC00'", 2, 12},
        {"b'\\u0041'", 3, 5},
        {"b'\\U00000041'", 3, 5},
        {"'''a\\\xc3\xa4'''", 5, 7},
        {"'\\ '", 2, 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_error(cases[i].text, "B0304", cases[i].column, cases[i].end);
    }
}

static void every_malformed_escape_is_reported(void **state)
{
    (void)state;
    parsed p = parse_text("'\\q' == '\\u12' && b'\\uFFFF'");
    assert_int_equal(berm_diags_error_count(p.diags), 3);
    drop_parsed(&p);
}

/* What is printed reads as what it was, for every byte and many code points. */
static void printing_is_read_back(void **state)
{
    (void)state;
    char all[256];
    for (size_t i = 0; i < sizeof all; i++) all[i] = (char)(unsigned char)i;
    static const string_case texts[] = {CASE("", "it's"), CASE("", "say \"hi\""),
                                        CASE("", "'\"\\`?"), CASE("", "\x01\x7f\t\n\r\0z"),
                                        CASE("", "\xc3\xa4\xe2\x82\xac")};
    for (size_t i = 0; i <= sizeof texts / sizeof *texts; i++) {
        bool bytes = i == sizeof texts / sizeof *texts;
        berm_str value =
            bytes ? (berm_str){all, sizeof all} : (berm_str){texts[i].value, texts[i].len};
        berm_text out;
        berm_text_init(&out, &berm_alloc_libc);
        berm_cel_print_string(&out, value, bytes);
        for (size_t k = 0; k < out.len; k++) assert_true(out.ptr[k] >= ' ' || out.ptr[k] < 0);
        parsed p = parse_with(berm_text_view(&out), NULL);
        assert_int_equal(p.status, BERM_OK);
        assert_true(berm_str_equal(berm_ast_at(&p.ast, p.ast.root)->name, value));
        drop_parsed(&p);
        berm_text_free(&out);
    }
}

static void doubles_stay_doubles(void **state)
{
    (void)state;
    static const double values[] = {
        0.0, -0.0, 1.0, 1e21, 1e-7, 0.1, 123456789012345680.0, 5e-324, 1.7976931348623157e308};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        berm_text out;
        berm_text_init(&out, &berm_alloc_libc);
        berm_cel_print_double(&out, values[i]);
        parsed p = parse_with(berm_text_view(&out), NULL);
        assert_int_equal(p.status, BERM_OK);
        berm_cell cell = berm_ast_at(&p.ast, p.ast.root)->value;
        assert_int_equal(cell.tag, BERM_TAG_DOUBLE);
        assert_memory_equal(&cell.as.d, &values[i], sizeof values[i]);
        drop_parsed(&p);
        berm_text_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ints),
        cmocka_unit_test(uints_and_doubles),
        cmocka_unit_test(strings),
        cmocka_unit_test(malformed_escapes),
        cmocka_unit_test(every_malformed_escape_is_reported),
        cmocka_unit_test(printing_is_read_back),
        cmocka_unit_test(doubles_stay_doubles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
