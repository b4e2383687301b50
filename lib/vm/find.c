/* Finding a text in a text, in time linear in both, from either end: the Two-Way algorithm of
   Crochemore and Perrin.

   The needle is cut where its local period is its period. The right part is compared forwards,
   then the left part backwards; a mismatch on the right shifts past it, one on the left by the
   period. */
#include "vm/exec.h"

/* A text read from the front or from the back. */
typedef struct reading {
    const char *ptr;
    size_t len;
    bool back;
} reading;

static unsigned char byte_at(reading r, size_t i)
{
    return (unsigned char)(r.back ? r.ptr[r.len - 1 - i] : r.ptr[i]);
}

/* Start of the largest suffix by the order of bytes (or the reverse order), and its period. */
static size_t find_largest_suffix(reading needle, bool reverse, size_t *period)
{
    size_t start = 0, candidate = 1, matched = 0;
    *period = 1;
    while (candidate + matched < needle.len) {
        unsigned char a = byte_at(needle, candidate + matched),
                      b = byte_at(needle, start + matched);
        if (a == b) {
            if (++matched == *period) {
                candidate += *period;
                matched = 0;
            }
        } else if (reverse ? a > b : a < b) {
            candidate += matched + 1;
            matched = 0;
            *period = candidate - start;
        } else {
            start = candidate++;
            matched = 0;
            *period = 1;
        }
    }
    return start;
}

static bool repeats_prefix(reading needle, size_t len, size_t period)
{
    if (len + period > needle.len) return false;
    for (size_t i = 0; i < len; i++)
        if (byte_at(needle, i) != byte_at(needle, i + period)) return false;
    return true;
}

static size_t find_two_way(reading text, reading needle)
{
    size_t period, other_period;
    size_t cut = find_largest_suffix(needle, false, &period),
           other = find_largest_suffix(needle, true, &other_period);
    if (other > cut) {
        cut = other;
        period = other_period;
    }
    bool periodic = repeats_prefix(needle, cut, period);
    if (!periodic) period = (cut > needle.len - cut ? cut : needle.len - cut) + 1;
    size_t known = 0; /* bytes at the needle's front that the last shift left matched */
    for (size_t at = 0; at + needle.len <= text.len;) {
        size_t i = cut > known ? cut : known;
        while (i < needle.len && byte_at(needle, i) == byte_at(text, at + i)) i++;
        if (i < needle.len) {
            at += i - cut + 1;
            known = 0;
            continue;
        }
        i = cut;
        while (i > known && byte_at(needle, i - 1) == byte_at(text, at + i - 1)) i--;
        if (i <= known) return at;
        at += period;
        known = periodic ? needle.len - period : 0;
    }
    return SIZE_MAX;
}

/* Needles so short that trying every place is linear as well. */
#define SHORT_NEEDLE 16u

static size_t find_short(berm_str text, berm_str needle, size_t from)
{
    while (from + needle.len <= text.len) {
        const char *at = memchr(text.ptr + from, needle.ptr[0], text.len - needle.len - from + 1);
        if (!at) break;
        if (memcmp(at, needle.ptr, needle.len) == 0) return (size_t)(at - text.ptr);
        from = (size_t)(at - text.ptr) + 1;
    }
    return SIZE_MAX;
}

size_t berm_find_text(berm_str text, berm_str needle, size_t from)
{
    if (from > text.len || needle.len > text.len - from) return SIZE_MAX;
    if (needle.len == 0) return from;
    if (needle.len <= SHORT_NEEDLE) return find_short(text, needle, from);
    size_t at = find_two_way((reading){text.ptr + from, text.len - from, false},
                             (reading){needle.ptr, needle.len, false});
    return at == SIZE_MAX ? at : at + from;
}

size_t berm_find_text_last(berm_str text, berm_str needle, size_t from)
{
    if (needle.len > text.len) return SIZE_MAX;
    if (from > text.len - needle.len) from = text.len - needle.len;
    if (needle.len == 0) return from;
    size_t end = from + needle.len;
    size_t at =
        find_two_way((reading){text.ptr, end, true}, (reading){needle.ptr, needle.len, true});
    return at == SIZE_MAX ? at : end - at - needle.len;
}
