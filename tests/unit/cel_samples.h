/* Expressions for the tests that want many: an embedded list, and the expressions of
   ../shared/conformance where that is there. */
#ifndef BERM_TESTS_CEL_SAMPLES_H
#define BERM_TESTS_CEL_SAMPLES_H

#include "cel_support.h"

#include "base/utf8.h"

#include <dirent.h>

static const char *const cel_samples[] = {
    "1",
    "-1",
    "1u",
    "1.0",
    "-0.0",
    "1e100",
    "null",
    "true",
    "'a'",
    "b'\\xff'",
    "''",
    "\"it's\"",
    "'\\t\\n\\u00e4'",
    "-9223372036854775808",
    "a",
    ".a",
    "a.b",
    ".a.b.c",
    "a.?b",
    "a.?b.?c[?0]",
    "a.`b-c`",
    "a.`in`",
    "a.if",
    "a[0]",
    "a[?'b']",
    "f()",
    "f(a, b)",
    ".f(a)",
    "a.f(b)",
    "a.f(b).g(c)",
    "-a",
    "!a",
    "-(-a)",
    "!(!a)",
    "-(1)",
    "-(-1)",
    "!(-1)",
    "(-1).f()",
    "a + b",
    "a - b - c",
    "a - (b - c)",
    "a + (b + c)",
    "a * b + c",
    "a * (b + c)",
    "-a * b",
    "-(a * b)",
    "a / b % c",
    "a < b",
    "a < b == c",
    "a < (b == c)",
    "a in b",
    "a in (b in c)",
    "!(a in b)",
    "a == -1",
    "a && b",
    "a || b",
    "a && b && c && d && e",
    "a && (b && c)",
    "(a && b) && (c && d)",
    "a || b && c",
    "(a || b) && c",
    "a || (b || c) || d",
    "a ? b : c",
    "a ? b : c ? d : e",
    "(a ? b : c) ? d : e",
    "a ? (b ? c : d) : e",
    "a ? b || c : d",
    "(a ? b : c) + d",
    "(a ? b : c).d",
    "[]",
    "[1, 2]",
    "[?a, b]",
    "{}",
    "{a: b, 'c': d}",
    "{?a: b}",
    "{a ? b : c: d}",
    "A{}",
    "a.B{c: 1, ?`d-e`: 2}",
    ".A{b: C{}}",
    "has(a.b)",
    "has(a.?b.c)",
    "has((a + b).c)",
    "x.all(i, i > 0)",
    "x.exists(i, v, v == i)",
    "x.exists_one(i, i)",
    "x.existsOne(i, i)",
    "x.map(i, i * 2)",
    "x.map(i, i > 0, i * 2)",
    "x.filter(i, has(i.a))",
    "[3, 1].sortBy(e, -e)",
    "x.transformList(i, v, v)",
    "x.transformMap(k, v, k != 'a', v)",
    "x.transformMapEntry(k, v, {v: k})",
    "cel.bind(a, b ? c : d, a + a)",
    "a.?b.optMap(v, v + 1).orValue(0)",
    "a.optFlatMap(v, v.?w)",
    "(a || b).all(i, i)",
    "-a.b",
    "(-a).b",
    "!a.b",
    "a.b.size() > 0 && a.b[0].c in ['x', \"y\"]",
};
enum { CEL_SAMPLE_COUNT = sizeof cel_samples / sizeof *cel_samples };

typedef void cel_sample_visit(berm_str text, const berm_cel_options *options);

/* The JSON string that begins behind the quote at `at`; NULL when it does not end. */
static inline const char *decode_json_string(const char *at, berm_text *out)
{
    for (; *at && *at != '"'; at++) {
        uint32_t code;
        const char *letters = "nrtbf", *values = "\n\r\t\b\f", *letter;
        if (*at != '\\') {
            berm_text_putc(out, *at);
        } else if (*++at == 'u') {
            sscanf(at + 1, "%4x", &code);
            at += 4;
            if (code >= 0xD800 && code < 0xDC00 && at[1] == '\\') {
                uint32_t low;
                sscanf(at + 3, "%4x", &low);
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                at += 6;
            }
            char utf8[4];
            berm_text_put(out, (berm_str){utf8, berm_utf8_encode(code, utf8)});
        } else {
            letter = strchr(letters, *at);
            berm_text_putc(out, letter ? values[letter - letters] : *at);
        }
    }
    return *at ? at + 1 : NULL;
}

static inline size_t visit_sample_file(const char *path, cel_sample_visit *visit)
{
    static char line[1 << 16];
    size_t count = 0;
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) {
        const char *expr = strstr(line, "\"expr\": \"");
        if (!expr || strstr(line, "expectCompileErrs")) continue;
        berm_text text;
        berm_text_init(&text, &berm_alloc_libc);
        assert_non_null(decode_json_string(expr + 9, &text));
        berm_cel_options options = {.test_macros = true,
                                    .no_macros = strstr(line, "\"disable_macros\": true") != NULL};
        visit(berm_text_view(&text), &options);
        berm_text_free(&text);
        count++;
    }
    if (file) fclose(file);
    return count;
}

/* How many there were. Tests run in the source directory. */
static inline size_t visit_conformance(cel_sample_visit *visit)
{
    static const char *const folders[] = {"../shared/conformance/cel",
                                          "../shared/conformance/kubernetes"};
    size_t count = 0;
    for (size_t i = 0; i < 2; i++) {
        DIR *dir = opendir(folders[i]);
        for (struct dirent *entry; dir && (entry = readdir(dir));) {
            char path[512];
            snprintf(path, sizeof path, "%s/%s", folders[i], entry->d_name);
            if (strstr(path, ".jsonl")) count += visit_sample_file(path, visit);
        }
        if (dir) closedir(dir);
    }
    return count;
}

static inline void visit_samples(cel_sample_visit *visit)
{
    static const berm_cel_options options = {0};
    for (size_t i = 0; i < CEL_SAMPLE_COUNT; i++) visit(berm_str_of(cel_samples[i]), &options);
}

#endif
