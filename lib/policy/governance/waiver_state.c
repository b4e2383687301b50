#include "policy/governance/waivers.h"

#include "data/time.h"

#define STATE_DAY 86400

static berm_time make_moment(uint32_t day, uint32_t second, uint32_t nanos)
{
    int64_t first = berm_days_from_civil(1, 1, 1);
    return (berm_time){(first + (int64_t)day) * STATE_DAY + second, (int32_t)nanos};
}

berm_time berm_waiver_begins(const berm_img_waiver *row)
{
    return make_moment(row->from_day, row->from_second, row->from_nanos);
}

berm_time berm_waiver_ends(const berm_img_waiver *row)
{
    return make_moment(row->end_day, row->end_second, row->end_nanos);
}

bool berm_time_after(berm_time a, berm_time b)
{
    return a.sec != b.sec ? a.sec > b.sec : a.nanos > b.nanos;
}

uint32_t berm_waiver_status(const berm_img_waiver *row, berm_time now)
{
    berm_time ends = berm_waiver_ends(row);
    if (berm_time_after(now, ends)) return BERM_WAIVER_EXPIRED;
    if (berm_time_after(berm_waiver_begins(row), now)) return BERM_WAIVER_PENDING;
    ends.sec -= (int64_t)BERM_WAIVER_SOON_DAYS * STATE_DAY;
    return berm_time_after(ends, now) ? BERM_WAIVER_ACTIVE : BERM_WAIVER_EXPIRING;
}

const char *berm_waiver_category_word(uint32_t category)
{
    static const char *const words[] = {"waived", "mitigated", "false-positive", "not-applicable",
                                        "accepted-risk"};
    return category < sizeof words / sizeof *words ? words[category] : "";
}

const char *berm_waiver_status_word(uint32_t status)
{
    static const char *const words[] = {"pending", "active", "expiring",
                                        "expired", "unused", "over-broad"};
    return status < sizeof words / sizeof *words ? words[status] : "";
}

berm_waiver berm_waiver_read(const berm_policy *policy, uint32_t index, berm_time now)
{
    const berm_image *image = &policy->image;
    const berm_img_waiver *row = &image->waivers[index];
    return (berm_waiver){.size = sizeof(berm_waiver),
                         .id = berm_image_text(image, row->id),
                         .category = berm_str_of(berm_waiver_category_word(row->category)),
                         .owner = berm_image_text(image, row->owner),
                         .expires = berm_image_text(image, row->expires),
                         .source = berm_image_text(image, image->sources[row->source].name),
                         .line = row->line,
                         .status = berm_waiver_status(row, now),
                         .problems = row->problems,
                         .begins = berm_waiver_begins(row),
                         .ends = berm_waiver_ends(row),
                         .max_matches = row->max_matches,
                         .record = {&image->store, row->record}};
}

static void print_one(berm_text *out, const char *lead, const berm_waiver *w, const char *says,
                      berm_str when)
{
    berm_text_format(out, "%swaiver ", lead);
    berm_text_put_visible(out, w->id);
    berm_text_format(out, " %s", says);
    berm_text_put_visible(out, when);
    berm_text_putc(out, '\n');
}

static void print_status(berm_text *out, const berm_waiver *w, const char *lead)
{
    char says[160];
    switch (w->status) {
    case BERM_WAIVER_EXPIRED: print_one(out, lead, w, "expired on ", w->expires); break;
    case BERM_WAIVER_EXPIRING: print_one(out, lead, w, "expires soon, on ", w->expires); break;
    case BERM_WAIVER_UNUSED: print_one(out, lead, w, "is unused", BERM_STR("")); break;
    case BERM_WAIVER_OVER_BROAD:
        berm_format_into(says, sizeof says,
                         "is too broad: it matches %L findings, its maxMatches is %L, so it waives "
                         "none",
                         w->matches, w->max_matches);
        print_one(out, lead, w, says, BERM_STR(""));
        break;
    default: break;
    }
}

void berm_waiver_print_news(berm_text *out, const berm_waiver *w, const char *lead)
{
    static const struct {
        uint32_t problem;
        const char *says;
    } problems[] = {
        {BERM_WAIVER_IS_BROAD,
         "is too broad: its scope may be everything; say less, or maxMatches"},
        {BERM_WAIVER_HAS_INDEX,
         "names a resource by an index, which moves when others come and go"},
        {BERM_WAIVER_SELF_APPROVED, "is approved by its own owner, and waives nothing"},
        {BERM_WAIVER_NAMES_NOTHING, "names no validation of the policy set"},
        {BERM_WAIVER_NOT_ALLOWED,
         "is not allowed: what it names is hard-mandatory, or beyond what `waivable` says"},
    };
    print_status(out, w, lead);
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++)
        if (w->problems & problems[i].problem)
            print_one(out, lead, w, problems[i].says, BERM_STR(""));
}
