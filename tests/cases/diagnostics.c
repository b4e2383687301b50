#include "run.h"

#include <stdio.h>

static berm_str place_of(const berm_diag *d, char *text, size_t cap)
{
    if (d->line)
        snprintf(text, cap, "%.*s:%u:%u", (int)d->source.len, d->source.ptr, d->line, d->column);
    else snprintf(text, cap, "%.*s", (int)d->source.len, d->source.ptr);
    return str_of(text);
}

static void expect_diagnostic(runner *r, berm_value wanted, const berm_diag *got)
{
    static const char *const keys[] = {"code", "at", "says", "help", NULL};
    char place[512];
    check_keys(r, wanted, keys);
    expect_text(r, "diagnostic", text_member(wanted, "code"), got->code);
    if (is_given(member(wanted, "at")))
        expect_text(r, "place of the diagnostic", text_member(wanted, "at"),
                    place_of(got, place, sizeof place));
    if (is_given(member(wanted, "says")))
        expect_words(r, "diagnostic", text_member(wanted, "says"), got->message);
    if (is_given(member(wanted, "help")))
        expect_words(r, "help", text_member(wanted, "help"), got->hint);
}

void expect_diagnostics(runner *r, berm_value wanted, const berm_diags *diags)
{
    char place[512];
    size_t count, expected = (size_t)count_of(wanted);
    const berm_diag *items = berm_diags_items(diags, &count);
    for (size_t i = 0; i < count && i < expected; i++)
        expect_diagnostic(r, element(wanted, i), &items[i]);
    for (size_t i = count; i < expected; i++) {
        berm_str code = text_member(element(wanted, i), "code");
        report_fault(r, "the diagnostic %.*s is missing", (int)code.len, code.ptr);
    }
    for (size_t i = expected; i < count; i++) {
        const berm_diag *d = &items[i];
        place_of(d, place, sizeof place);
        report_fault(r, "unexpected %.*s at %s: %.*s", (int)d->code.len, d->code.ptr, place,
                     (int)d->message.len, d->message.ptr);
    }
}

/* Warnings: a key that occurs twice, patterns that name nothing, an override that changes nothing. */
bool expects_errors(berm_value wanted)
{
    static const char *const warnings[] = {"B0111", "B0550", "B0552"};
    for (uint64_t i = 0; i < count_of(wanted); i++) {
        bool warning = false;
        for (size_t w = 0; w < sizeof warnings / sizeof *warnings; w++)
            warning |= str_equal(text_member(element(wanted, i), "code"), str_of(warnings[w]));
        if (!warning) return true;
    }
    return false;
}
