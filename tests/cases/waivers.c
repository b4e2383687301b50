#include "run.h"

#include <stdio.h>
#include <string.h>

/* What is said of waivers: of those that match a finding, and of all of a report. */

static void put_words(buffer *out, const char *text)
{
    put_text(out, text, strlen(text));
}

/* A list: "W-1" for one that counts, what it says for one that does not, latest end first. */
void expect_waived(runner *r, const char *where, berm_value wanted, const berm_finding *f)
{
    if (!is_given(wanted)) return;
    expect_count(r, where, count_of(wanted), f->waiver_count);
    for (uint64_t i = 0; i < count_of(wanted) && i < f->waiver_count; i++) {
        const berm_waived *w =
            (const berm_waived *)(const void *)((const char *)f->waivers + i * f->waiver_stride);
        bool counts = w->standing == BERM_WAIVED_COUNTS;
        if (counts != (w->why.len == 0))
            report_fault(r, "%s: a waiver that counts says why", where);
        expect_text(r, where, text_of(element(wanted, i)), counts ? w->waiver : w->why);
    }
}

static void describe_waiver(buffer *out, const berm_waiver *w)
{
    static const char *const states[] = {"pending", "active", "expiring",
                                         "expired", "unused", "over-broad"};
    static const char *const problems[] = {"broad", "index", "self-approved", "names-nothing",
                                           "not-allowed"};
    put_words(out, w->status < 6 ? states[w->status] : "?");
    for (uint32_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        if (!(w->problems & 1u << i)) continue;
        put_words(out, " ");
        put_words(out, problems[i]);
    }
}

/* A map of ids to status and problems: {W-1: expired, W-2: unused broad}. */
void expect_waivers(runner *r, berm_value wanted, const berm_report *report)
{
    if (!is_given(wanted)) return;
    size_t count = berm_report_waiver_count(report);
    expect_count(r, "waivers", count_of(wanted), count);
    for (size_t i = 0; i < count; i++) {
        berm_waiver w = {.size = sizeof w};
        berm_error err;
        buffer text = {0};
        char what[256];
        if (berm_report_waiver(report, i, &w, &err)) report_fault(r, "%s", err.message);
        snprintf(what, sizeof what, "waiver %.*s", (int)w.id.len, w.id.ptr);
        describe_waiver(&text, &w);
        expect_text(r, what, text_member(wanted, what + strlen("waiver ")), view(&text));
        free_buffer(&text);
    }
}
