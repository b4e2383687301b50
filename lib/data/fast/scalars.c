/* Numbers and words that are checked and not wanted. */
#include "data/fast/scan.h"

#include "base/number.h"

#include <string.h>

static uint32_t skip_scalar_digits(const char *text, uint32_t len, uint32_t at)
{
    while (at < len && text[at] >= '0' && text[at] <= '9') at++;
    return at;
}

static uint32_t skip_scalar_word(const char *text, uint32_t len, uint32_t at, const char *word)
{
    uint32_t count = (uint32_t)strlen(word);
    return len - at >= count && memcmp(text + at, word, count) == 0 ? at + count : at;
}

/* Behind the number; 0: there is none. *large: a double may not be large enough. */
static uint32_t skip_scalar_number(const char *text, uint32_t len, uint32_t from, bool *large)
{
    uint32_t digits = from + (text[from] == '-'), at = skip_scalar_digits(text, len, digits);
    if (at == digits || (text[digits] == '0' && at - digits > 1)) return 0;
    *large = at - digits > 300;
    if (at < len && text[at] == '.') {
        digits = at + 1;
        if ((at = skip_scalar_digits(text, len, digits)) == digits) return 0;
    }
    if (at < len && (text[at] | 0x20) == 'e') {
        *large = true;
        at++;
        if (at < len && (text[at] == '+' || text[at] == '-')) at++;
        digits = at;
        if ((at = skip_scalar_digits(text, len, digits)) == digits) return 0;
    }
    return at;
}

bool berm_skip_scalar(const char *text, uint32_t len, uint32_t from)
{
    bool large = false;
    uint32_t at = from;
    switch (text[from]) {
    case 't': at = skip_scalar_word(text, len, from, "true"); break;
    case 'f': at = skip_scalar_word(text, len, from, "false"); break;
    case 'n': at = skip_scalar_word(text, len, from, "null"); break;
    default: at = skip_scalar_number(text, len, from, &large); break;
    }
    if (at <= from || (at < len && !berm_ends_scalar(text[at]))) return false;
    double d;
    return !large || (berm_parse_double((berm_str){text + from, at - from}, &d) && d - d == 0);
}
