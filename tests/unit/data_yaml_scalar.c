#include "data/yaml_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>

/* A cell in few letters: "~", "true", "i 12", "u 12", "d 0x1.8p+0", "text". */
static void describe(berm_cell c, char *out, size_t size)
{
    switch (c.tag) {
    case BERM_TAG_NULL: snprintf(out, size, "~"); break;
    case BERM_TAG_BOOL: snprintf(out, size, "%s", c.as.u ? "true" : "false"); break;
    case BERM_TAG_INT: snprintf(out, size, "i %lld", (long long)c.as.i); break;
    case BERM_TAG_UINT: snprintf(out, size, "u %llu", (unsigned long long)c.as.u); break;
    case BERM_TAG_DOUBLE:
        if (isnan(c.as.d)) snprintf(out, size, "d nan");
        else snprintf(out, size, "d %.17g", c.as.d);
        break;
    case BERM_TAG_STRING: snprintf(out, size, "text"); break;
    default: snprintf(out, size, "tag %d", c.tag);
    }
}

static const struct {
    const char *plain, *core, *yaml11;
} cases[] = {
    {"", "~", "~"},
    {"~", "~", "~"},
    {"null", "~", "~"},
    {"Null", "~", "~"},
    {"NULL", "~", "~"},
    {"nULL", "text", "text"},
    {"true", "true", "true"},
    {"True", "true", "true"},
    {"TRUE", "true", "true"},
    {"tRUE", "text", "text"},
    {"false", "false", "false"},
    {"False", "false", "false"},
    {"FALSE", "false", "false"},
    {"yes", "text", "true"},
    {"Yes", "text", "true"},
    {"YES", "text", "true"},
    {"yEs", "text", "text"},
    {"no", "text", "false"},
    {"No", "text", "false"},
    {"NO", "text", "false"},
    {"on", "text", "true"},
    {"On", "text", "true"},
    {"ON", "text", "true"},
    {"off", "text", "false"},
    {"Off", "text", "false"},
    {"OFF", "text", "false"},
    {"y", "text", "true"},
    {"Y", "text", "true"},
    {"n", "text", "false"},
    {"N", "text", "false"},
    {"nope", "text", "text"},
    {"0", "i 0", "i 0"},
    {"-0", "i 0", "i 0"},
    {"+12", "i 12", "i 12"},
    {"-19", "i -19", "i -19"},
    {"9223372036854775807", "i 9223372036854775807", "i 9223372036854775807"},
    {"-9223372036854775808", "i -9223372036854775808", "i -9223372036854775808"},
    {"9223372036854775808", "u 9223372036854775808", "u 9223372036854775808"},
    {"18446744073709551615", "u 18446744073709551615", "u 18446744073709551615"},
    {"18446744073709551616", "d 1.8446744073709552e+19", "d 1.8446744073709552e+19"},
    {"-9223372036854775809", "d -9.2233720368547758e+18", "d -9.2233720368547758e+18"},
    {"0444", "i 444", "i 292"},
    {"-0444", "i -444", "i -292"},
    {"0888", "i 888", "i 888"},
    {"00", "i 0", "i 0"},
    {"0o17", "i 15", "i 15"},
    {"0o18", "text", "text"},
    {"-0o17", "text", "i -15"},
    {"0x1F", "i 31", "i 31"},
    {"0x1fg", "text", "text"},
    {"0x", "text", "text"},
    {"-0x1F", "text", "i -31"},
    {"0XfF", "text", "i 255"},
    {"0xffffffffffffffff", "u 18446744073709551615", "u 18446744073709551615"},
    {"0x10000000000000000", "text", "text"},
    {"+0xffffffffffffffff", "text", "text"},
    {"0b101", "text", "i 5"},
    {"-0b101", "text", "i -5"},
    {"0b102", "text", "text"},
    {"1_000", "text", "i 1000"},
    {"1_000.5", "text", "d 1000.5"},
    {"_1", "text", "text"},
    {"0_7", "text", "i 7"},
    {"0_17", "text", "i 15"},
    {"+_", "text", "text"},
    {"-_-", "text", "text"},
    {".1_0", "text", "text"},
    {"0.", "d 0", "d 0"},
    {".5", "d 0.5", "d 0.5"},
    {"+.5", "d 0.5", "d 0.5"},
    {"-1.5e-3", "d -0.0015", "d -0.0015"},
    {"12e03", "d 12000", "d 12000"},
    {"1.e3", "d 1000", "d 1000"},
    {"1e", "text", "text"},
    {".", "text", "text"},
    {"-", "text", "text"},
    {"+", "text", "text"},
    {"1.2.3", "text", "text"},
    {"12e9999", "text", "text"}, /* a commit, not infinity */
    {".inf", "d inf", "d inf"},
    {"-.INF", "d -inf", "d -inf"},
    {"+.Inf", "d inf", "d inf"},
    {".iNF", "text", "text"},
    {".nan", "d nan", "d nan"},
    {".NaN", "d nan", "d nan"},
    {"-.nan", "text", "text"},
    {"inf", "text", "text"},
    {"nan", "text", "text"},
    {"190:20:30", "text", "text"}, /* as go-yaml, not as PyYAML */
    {"2001-12-14", "text", "text"},
    {"+0x10", "text", "i 16"},
    {"-0x10", "text", "i -16"},
    {"+0x7fffffffffffffff", "text", "i 9223372036854775807"},
    {"+0x8000000000000000", "text", "text"},
    {"1.30", "d 1.3", "d 1.3"},
    {"<<", "text", "text"},
    {"=", "text", "text"},
};

static void each_plain_scalar_under_both_schemas(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char core[64], yaml11[64];
        bool differs = false, ignored = false;
        berm_cell a = berm_yaml_resolve(berm_str_of(cases[i].plain), BERM_YAML_CORE, &differs);
        berm_cell b = berm_yaml_resolve(berm_str_of(cases[i].plain), BERM_YAML_11, &ignored);
        describe(a, core, sizeof core);
        describe(b, yaml11, sizeof yaml11);
        if (strcmp(core, cases[i].core) != 0 || strcmp(yaml11, cases[i].yaml11) != 0)
            fail_msg("`%s`: core %s, wanted %s; 1.1 %s, wanted %s", cases[i].plain, core,
                     cases[i].core, yaml11, cases[i].yaml11);
        assert_int_equal(differs, strcmp(core, yaml11) != 0);
        assert_int_equal(ignored, differs);
        if (differs) assert_true((a.flags & b.flags & BERM_CELL_AMBIGUOUS) != 0);
    }
}

static void base_60_is_flagged_and_stays_text(void **state)
{
    (void)state;
    static const struct {
        const char *plain;
        bool flagged;
    } times[] = {{"22:22", true},    {"190:20:30", true}, {"-1:30", true},   {"1:5", true},
                 {"1:30.5", true},   {"1:60", false},     {"1:300", false},  {"0:30", false},
                 {"1:30:", false},   {":30", false},      {"1:", false},     {"1:30x", false},
                 {"12", false},      {"a:30", false},     {"1:30.x", false}, {"+1:2", true},
                 {"1:30.5_0", true}, {"1:30.5:", false},  {"1_0:30", true},  {"1_:3", true},
                 {"-", false}};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        bool differs = false;
        berm_cell cell = berm_yaml_resolve(berm_str_of(times[i].plain), BERM_YAML_11, &differs);
        assert_false(differs);
        if (((cell.flags & BERM_CELL_AMBIGUOUS) != 0) != times[i].flagged)
            fail_msg("`%s`", times[i].plain);
    }
}

static void a_flag_once_set_stays(void **state)
{
    (void)state;
    bool differs = true;
    berm_yaml_resolve(BERM_STR("plain"), BERM_YAML_CORE, &differs);
    berm_yaml_resolve(BERM_STR("12"), BERM_YAML_CORE, &differs);
    assert_true(differs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_plain_scalar_under_both_schemas),
        cmocka_unit_test(base_60_is_flagged_and_stays_text),
        cmocka_unit_test(a_flag_once_set_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
