/* What tests reach of their guardrails, for people and for programs. */
#include "tally.h"

#include <string.h>

/* A condition has two outcomes to reach, a branch is taken or not. */
typedef struct reach {
    uint64_t outcomes, outcomes_reached, branches, branches_reached;
} reach;

static void add_reach(reach *r, const berm_coverage_point *p)
{
    if (p->sort == BERM_COVERAGE_BRANCH) {
        r->branches++;
        r->branches_reached += p->yes != 0;
    } else {
        r->outcomes += 2;
        r->outcomes_reached += (p->yes ? 1u : 0u) + (p->no ? 1u : 0u);
    }
}

static reach measure(const tally *t, size_t from, size_t to)
{
    reach r = {0};
    for (size_t i = from; i < to; i++) add_reach(&r, &t->points[i]);
    return r;
}

/* Tenths of a percent, rounded down: 100 % is all. */
static uint32_t tenths_of(uint64_t reached, uint64_t all)
{
    return all ? (uint32_t)(reached * 1000 / all) : 1000;
}

bool reaches_minimum(const tally *t)
{
    reach r = measure(t, 0, t->point_count);
    return tenths_of(r.outcomes_reached, r.outcomes) >= t->o->min_coverage &&
           tenths_of(r.branches_reached, r.branches) >= t->o->min_coverage;
}

/* The end of the points of the guardrail that the point `from` belongs to. */
static size_t find_end(const tally *t, size_t from)
{
    berm_str id = t->points[from].guardrail;
    size_t end = from;
    while (end < t->point_count && t->points[end].guardrail.len == id.len &&
           memcmp(t->points[end].guardrail.ptr, id.ptr, id.len) == 0)
        end++;
    return end;
}

static void print_share(FILE *out, uint64_t reached, uint64_t all)
{
    uint32_t tenths = tenths_of(reached, all);
    fprintf(out, "%llu of %llu (%u.%u %%)", (unsigned long long)reached, (unsigned long long)all,
            tenths / 10, tenths % 10);
}

static void print_reach(FILE *out, const reach *r)
{
    fputs("outcomes ", out);
    print_share(out, r->outcomes_reached, r->outcomes);
    fputs(", branches ", out);
    print_share(out, r->branches_reached, r->branches);
    fputc('\n', out);
}

static const char *find_gap(const berm_coverage_point *p)
{
    if (p->sort == BERM_COVERAGE_BRANCH) return p->yes ? NULL : "never taken";
    if (p->yes && p->no) return NULL;
    if (p->yes) return "never false";
    if (p->no) return "never true";
    return p->rest ? "never true, never false" : "never evaluated";
}

/* On one line: runs of blanks as one. */
static void print_expression(FILE *out, berm_str text)
{
    for (size_t i = 0; i < text.len && i < 100; i++) {
        bool blank = text.ptr[i] == ' ' || text.ptr[i] == '\n' || text.ptr[i] == '\t';
        if (!blank) fputc(text.ptr[i], out);
        else if (i && text.ptr[i - 1] != ' ' && text.ptr[i - 1] != '\n') fputc(' ', out);
    }
    if (text.len > 100) fputs("...", out);
}

void print_coverage(const tally *t, FILE *out)
{
    for (size_t from = 0, end; from < t->point_count; from = end) {
        end = find_end(t, from);
        reach r = measure(t, from, end);
        fprintf(out, "%.*s: ", (int)t->points[from].guardrail.len, t->points[from].guardrail.ptr);
        print_reach(out, &r);
        for (size_t i = from; i < end; i++) {
            const berm_coverage_point *p = &t->points[i];
            const char *gap = find_gap(p);
            if (!gap) continue;
            fprintf(out, "  %.*s:%u:%u: %s: ", (int)p->source.len, p->source.ptr, p->line,
                    p->column, gap);
            print_expression(out, p->expression);
            fputc('\n', out);
        }
    }
    reach all = measure(t, 0, t->point_count);
    fputs("coverage: ", out);
    print_reach(out, &all);
}

/* --- JSON --- */

void print_json_text(FILE *out, berm_str text)
{
    fputc('"', out);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '"' || c == '\\') fprintf(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7f) fprintf(out, "\\u%04x", c);
        else fputc(c, out);
    }
    fputc('"', out);
}

static void print_reach_json(FILE *out, const reach *r)
{
    fprintf(out,
            "\"outcomes\": %llu, \"outcomesReached\": %llu, \"branches\": %llu, "
            "\"branchesReached\": %llu",
            (unsigned long long)r->outcomes, (unsigned long long)r->outcomes_reached,
            (unsigned long long)r->branches, (unsigned long long)r->branches_reached);
}

static void print_point_json(FILE *out, const berm_coverage_point *p)
{
    const char *gap = find_gap(p);
    fputs("        {\"file\": ", out);
    print_json_text(out, p->source);
    fprintf(out, ", \"line\": %u, \"column\": %u, \"sort\": \"%s\", ", p->line, p->column,
            p->sort == BERM_COVERAGE_BRANCH ? "branch" : "condition");
    if (p->sort == BERM_COVERAGE_BRANCH)
        fprintf(out, "\"taken\": %llu, ", (unsigned long long)p->yes);
    else
        fprintf(out, "\"true\": %llu, \"false\": %llu, \"other\": %llu, ",
                (unsigned long long)p->yes, (unsigned long long)p->no, (unsigned long long)p->rest);
    if (gap) fprintf(out, "\"gap\": \"%s\", ", gap);
    fputs("\"expression\": ", out);
    print_json_text(out, p->expression);
    fputc('}', out);
}

static void print_coverage_json(const tally *t, FILE *out)
{
    reach all = measure(t, 0, t->point_count);
    fputs(",\n  \"coverage\": {\n    ", out);
    print_reach_json(out, &all);
    fputs(",\n    \"guardrails\": [", out);
    for (size_t from = 0, end; from < t->point_count; from = end) {
        end = find_end(t, from);
        reach r = measure(t, from, end);
        fprintf(out, "%s\n      {\"guardrail\": ", from ? "," : "");
        print_json_text(out, t->points[from].guardrail);
        fputs(", ", out);
        print_reach_json(out, &r);
        fputs(", \"points\": [\n", out);
        for (size_t i = from; i < end; i++) {
            print_point_json(out, &t->points[i]);
            fputs(i + 1 < end ? ",\n" : "\n      ]}", out);
        }
    }
    fputs("\n    ]\n  }", out);
}

void print_tally_json(const tally *t, FILE *out)
{
    fprintf(out, "{\n  \"schema\": \"berm-test/1\",\n  \"passed\": %zu,\n  \"failed\": %zu,\n",
            t->passed, t->failed);
    fputs("  \"tests\": [", out);
    for (size_t i = 0; i < t->result_count; i++) {
        const berm_test_result *r = &t->results[i];
        fprintf(out, "%s\n    {\"guardrail\": ", i ? "," : "");
        print_json_text(out, r->guardrail);
        fputs(", \"name\": ", out);
        print_json_text(out, r->name);
        fputs(", \"file\": ", out);
        print_json_text(out, r->source);
        fprintf(out, ", \"line\": %u, \"passed\": %s", r->line, r->passed ? "true" : "false");
        if (!r->passed) fputs(", \"message\": ", out), print_json_text(out, r->message);
        fputc('}', out);
    }
    fputs("\n  ]", out);
    if (t->o->coverage) print_coverage_json(t, out);
    fputs("\n}\n", out);
}
