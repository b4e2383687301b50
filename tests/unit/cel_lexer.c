#include "cel/lexer.h"

#include "cel_support.h"

typedef struct lexed {
    berm_token tokens[64];
    uint32_t count;
    berm_cel_faults faults;
} lexed;

static lexed lex(const char *text)
{
    lexed l = {.count = 0};
    berm_lexer lexer = {.text = berm_str_of(text), .faults = &l.faults};
    do {
        assert_true(l.count < 64);
        l.tokens[l.count] = berm_lexer_next(&lexer);
    } while (l.tokens[l.count++].kind != BERM_TOKEN_END);
    return l;
}

/* A letter for each kind of token, in the order of the enumeration. */
static const char letters[] = "$Xir`nudsbTF0ao!?:,.()[]{}<l>gENI+-*/%";

static void expect_kinds(const char *text, const char *kinds)
{
    lexed l = lex(text);
    char seen[65] = {0};
    for (uint32_t i = 0; i < l.count; i++) seen[i] = letters[l.tokens[i].kind];
    assert_string_equal(seen, kinds);
}

static void every_kind_has_a_letter(void **state)
{
    (void)state;
    assert_int_equal(sizeof letters - 1, BERM_TOKEN_COUNT);
}

static void words_and_signs(void **state)
{
    (void)state;
    expect_kinds("", "$");
    expect_kinds(" \t\r\n\f", "$");
    expect_kinds("a _a1 A in true false null inn truE", "iiiITF0ii$");
    expect_kinds("if for x.while", "rri.r$");
    expect_kinds("a<b<=c>d>=e==f!=g&&h||!i", "i<ili>igiEiNiaio!i$");
    expect_kinds("a?b:c,d.e(f)[g]{h}", "i?i:i,i.i(i)[i]{i}$");
    expect_kinds("1+2-3*4/5%6", "n+n-n*n/n%n$");
    expect_kinds("a // b\nc//\r//d", "ii$");
    expect_kinds("a.`b-c/d.e f`", "i.`$");
}

static void numbers(void **state)
{
    (void)state;
    expect_kinds("0 00 12u 12U 0x1F 0xfu .5 1.5 1e5 1E+5 1.5e-5 .5e1", "nnuunudddddd$");
    expect_kinds("1.a 1.?a 1.5.a", "n.in.?id.i$");
    expect_kinds("1in[1]", "nI[n]$");
    expect_kinds("1e", "X$");
    expect_kinds("0x", "X$");
    expect_kinds("0X1", "X$");
    expect_kinds("1uu", "X$");
    expect_kinds("1_000 + 2", "X+n$");
}

static void strings(void **state)
{
    (void)state;
    expect_kinds("'' \"\" 'a' \"a'\" '\\''", "sssss$");
    expect_kinds("'''''' '''a'b''c''' \"\"\"\n\"\"\" '''\\''''", "ssss$");
    expect_kinds("r'\\' R\"\\\" b'' B'' br'\\' bR'' Br\"\"", "ssbbbbb$");
    expect_kinds("r '' b", "isi$");
    expect_kinds("'a", "X$");
    expect_kinds("'a\n' + b", "X$");
    expect_kinds("'a\\\n'", "X$");
    expect_kinds("'''a''", "X$");
    expect_kinds("'\\", "X$");
}

static void spans_are_exact(void **state)
{
    (void)state;
    lexed l = lex(" ab  br'x' \n.5");
    assert_int_equal(l.tokens[0].off, 1);
    assert_int_equal(l.tokens[0].len, 2);
    assert_int_equal(l.tokens[1].off, 5);
    assert_int_equal(l.tokens[1].len, 5);
    assert_int_equal(l.tokens[2].off, 12);
    assert_int_equal(l.tokens[2].len, 2);
    assert_int_equal(l.tokens[3].off, 14);
    assert_int_equal(l.tokens[3].len, 0);
}

static void foreign_signs_are_read_as_meant(void **state)
{
    (void)state;
    static const struct {
        const char *text, *kinds;
    } cases[] = {{"a = b", "iEi$"},  {"a === b", "iEi$"}, {"a !== b", "iNi$"}, {"a & b", "iai$"},
                 {"a | b", "ioi$"},  {"a <> b", "iNi$"},  {"a ** b", "i*i$"},  {"a => b", "igi$"},
                 {"a =< b", "ili$"}, {"a =~ b", "iEi$"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_kinds(cases[i].text, cases[i].kinds);
        assert_int_equal(lex(cases[i].text).faults.count, 1);
        assert_int_equal(lex(cases[i].text).faults.last, 2);
    }
    assert_int_equal(lex("a == b != c <= d >= e && f || g").faults.count, 0);
}

static void strays_are_reported_once(void **state)
{
    (void)state;
    static const char *const texts[] = {"#",
                                        "$",
                                        ";",
                                        "@",
                                        "^",
                                        "~",
                                        "/* a */ b",
                                        "\\",
                                        "\x01",
                                        "\x7f",
                                        "\xc2\xa0",
                                        "\xef\xbb\xbf",
                                        "\xe2\x80\x9c",
                                        "`",
                                        "`a",
                                        "`a(`",
                                        "``"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        expect_kinds(texts[i], "X$");
        assert_int_equal(lex(texts[i]).faults.count, 1);
    }
    /* letters beyond ASCII make one name, and one report */
    lexed l = lex("gr\xc3\xb6\xc3\x9f"
                  "e1 == 1");
    assert_int_equal(l.faults.count, 1);
    assert_int_equal(l.tokens[0].kind, BERM_TOKEN_IDENT);
    assert_int_equal(l.tokens[0].len, 8);
    assert_int_equal(l.tokens[1].kind, BERM_TOKEN_EQ);
}

static void stopped_is_the_end(void **state)
{
    (void)state;
    berm_cel_faults faults = {.stopped = true};
    berm_lexer lexer = {.text = BERM_STR("a b"), .faults = &faults};
    assert_int_equal(berm_lexer_next(&lexer).kind, BERM_TOKEN_END);
}

static void names(void **state)
{
    (void)state;
    assert_true(berm_cel_is_name(BERM_STR("_a1")));
    assert_false(berm_cel_is_name(BERM_STR("")));
    assert_false(berm_cel_is_name(BERM_STR("1a")));
    assert_false(berm_cel_is_name(BERM_STR("a-b")));
    assert_false(berm_cel_is_name(BERM_STR("if")));
    assert_false(berm_cel_is_name(BERM_STR("in")));
    assert_true(berm_cel_is_selector(BERM_STR("if")));
    assert_false(berm_cel_is_selector(BERM_STR("in")));
    assert_false(berm_cel_is_selector(BERM_STR("null")));
    assert_string_equal(berm_cel_word_hint(BERM_STR("foo")), "");
    assert_string_not_equal(berm_cel_word_hint(BERM_STR("if")), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_a_letter),
        cmocka_unit_test(words_and_signs),
        cmocka_unit_test(numbers),
        cmocka_unit_test(strings),
        cmocka_unit_test(spans_are_exact),
        cmocka_unit_test(foreign_signs_are_read_as_meant),
        cmocka_unit_test(strays_are_reported_once),
        cmocka_unit_test(stopped_is_the_end),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
