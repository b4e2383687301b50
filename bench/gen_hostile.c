/* Documents that are valid and made to be slow to read:

     deep      lists within lists, as deep as the limits allow, again and again
     keys      one map after another with 1,000 keys each that differ in their last letters
     folded    maps whose keys differ only in the case of their letters: one hash for all of them
     escapes   strings of nothing but escapes
     pretty    small values, each on a line of its own behind much white space
     tokens    the smallest values there are
     quotes    empty strings */
#include "gen.h"

#include <string.h>

static void put_deep(gen_text *out, gen_die *die)
{
    uint32_t depth = 400 + gen_throw(die, 50);
    for (uint32_t i = 0; i < depth; i++) gen_put(out, i % 2 ? "{\"a\":" : "[");
    gen_put(out, "1");
    for (uint32_t i = depth; i-- > 0;) gen_put(out, i % 2 ? "}" : "]");
}

static void put_keys(gen_text *out, gen_die *die)
{
    gen_put(out, "{");
    for (uint32_t i = 0; i < 1000; i++)
        gen_put(out, "\"a_key_with_a_long_beginning_that_all_share_%08x%04x\":1,", i * 2654435761u,
                gen_throw(die, 65536));
    gen_uncomma(out);
    gen_put(out, "}");
}

static void put_folded(gen_text *out, gen_die *die)
{
    uint32_t mask = gen_throw(die, 1u << 20);
    gen_put(out, "{");
    for (uint32_t i = 0; i < 1000; i++) {
        char key[21] = "abcdefghijklmnopqrst";
        for (uint32_t k = 0; k < 20; k++)
            if ((i ^ mask) >> k & 1) key[k] = (char)(key[k] - 'a' + 'A');
        gen_put(out, "\"%s\":1,", key);
    }
    gen_uncomma(out);
    gen_put(out, "}");
}

static void put_escapes(gen_text *out, gen_die *die)
{
    static const char *const escapes[] = {"\\n", "\\\"",   "\\\\", "\\u00e9", "\\ud83d\\ude00",
                                          "\\/", "\\u0000"};
    gen_put(out, "\"");
    for (uint32_t i = 0; i < 200; i++) gen_put(out, "%s", GEN_PICK(die, escapes));
    gen_put(out, "\"");
}

static void put_pretty(gen_text *out, gen_die *die)
{
    gen_put(out, "{\n");
    for (uint32_t i = 0; i < 20; i++)
        gen_put(out, "%*s\"k%u\" :  %u ,\n", 20 + (int)gen_throw(die, 30), "", i,
                gen_throw(die, 100));
    gen_put(out, "%*s\"last\"\n:\r\n\tnull\n}", 40, "");
}

static void put_tokens(gen_text *out, gen_die *die)
{
    static const char *const tokens[] = {"1", "[]", "{}", "0", "true", "null", "-1", "2.5"};
    gen_put(out, "[");
    for (uint32_t i = 0; i < 50; i++) gen_put(out, "%s,", GEN_PICK(die, tokens));
    gen_uncomma(out);
    gen_put(out, "]");
}

static void put_quotes(gen_text *out, gen_die *die)
{
    gen_put(out, "[");
    for (uint32_t i = 0, count = 50 + gen_throw(die, 9); i < count; i++) gen_put(out, "\"\",");
    gen_uncomma(out);
    gen_put(out, "]");
}

static const struct hostile_sort {
    const char *name;
    void (*put)(gen_text *out, gen_die *die);
} hostile_sorts[] = {{"deep", put_deep},       {"keys", put_keys},     {"folded", put_folded},
                     {"escapes", put_escapes}, {"pretty", put_pretty}, {"tokens", put_tokens},
                     {"quotes", put_quotes}};

int gen_hostile(gen_text *out, const char *sort, double mb)
{
    gen_die die = {3};
    for (size_t i = 0; i < sizeof hostile_sorts / sizeof *hostile_sorts; i++) {
        if (strcmp(hostile_sorts[i].name, sort) != 0) continue;
        gen_put(out, "{\"all\": [");
        while ((double)out->len < mb * 1e6) {
            hostile_sorts[i].put(out, &die);
            gen_put(out, ",\n");
        }
        out->len -= 2;
        gen_put(out, "]}\n");
        return 1;
    }
    return 0;
}
