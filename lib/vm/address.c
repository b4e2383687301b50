#include "vm/address.h"

#include "base/number.h"

/* --- reading --- */

/* Four numbers of 0..255 with dots between, none with a leading zero. */
static bool read_dotted(berm_str s, uint8_t out[4])
{
    size_t at = 0;
    for (int field = 0; field < 4; field++) {
        uint32_t value = 0;
        if (field > 0 && (at >= s.len || s.ptr[at++] != '.')) return false;
        size_t from = at;
        for (; at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9'; at++) {
            value = value * 10 + (uint32_t)(s.ptr[at] - '0');
            if (value > 255 || (at > from && s.ptr[from] == '0')) return false;
        }
        if (at == from) return false;
        out[field] = (uint8_t)value;
    }
    return at == s.len;
}

static int read_nibble(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* One to four hexadecimal digits; how many, 0 when there are none or too many. */
static size_t read_group(berm_str s, uint32_t *value)
{
    size_t len = 0;
    *value = 0;
    for (; len < s.len && read_nibble(s.ptr[len]) >= 0; len++) {
        if (len == 4) return 0;
        *value = *value << 4 | (uint32_t)read_nibble(s.ptr[len]);
    }
    return len;
}

/* The groups of an IPv6 address while they are read. */
typedef struct address_groups {
    uint8_t bytes[16];
    uint32_t count; /* bytes so far */
    int gap;        /* how many stood before "::"; -1 without one */
    bool dotted;    /* the last four were in dotted decimal */
} address_groups;

/* Moves what stands behind the gap to the end; false when the address has not its length. */
static bool close_gap(address_groups *g)
{
    uint32_t missing = 16 - g->count, gap = (uint32_t)g->gap;
    if (g->gap < 0) return missing == 0;
    if (missing == 0) return false;
    memmove(g->bytes + gap + missing, g->bytes + gap, g->count - gap);
    memset(g->bytes + gap, 0, missing);
    return true;
}

/* Goes over a colon, or over two where the gap is; false when what follows cannot be a group. */
static bool take_colons(address_groups *g, berm_str *s)
{
    if (s->ptr[0] != ':') return false;
    *s = berm_str_cut(*s, 1, s->len);
    if (s->len && s->ptr[0] == ':') {
        if (g->gap >= 0) return false;
        g->gap = (int)g->count;
        *s = berm_str_cut(*s, 1, s->len);
        return true;
    }
    return s->len > 0;
}

static bool read_groups(address_groups *g, berm_str s)
{
    if (berm_str_starts(s, BERM_STR("::"))) {
        g->gap = 0;
        s = berm_str_cut(s, 2, s.len);
    }
    while (s.len) {
        uint32_t value;
        size_t len = read_group(s, &value);
        if (len == 0 || g->count == 16) return false;
        if (len < s.len && s.ptr[len] == '.') {
            g->dotted = true;
            if (g->count > 12 || !read_dotted(s, g->bytes + g->count)) return false;
            g->count += 4;
            break;
        }
        g->bytes[g->count++] = (uint8_t)(value >> 8);
        g->bytes[g->count++] = (uint8_t)value;
        s = berm_str_cut(s, len, s.len);
        if (s.len && !take_colons(g, &s)) return false;
    }
    return close_gap(g);
}

berm_address_reading berm_address_read(berm_str text, berm_address *address)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    *address = (berm_address){.len = 4};
    if (text.len == 0) return BERM_ADDRESS_NONE;
    if (!memchr(text.ptr, ':', text.len)) {
        return read_dotted(text, address->bytes) ? BERM_ADDRESS_FINE : BERM_ADDRESS_NONE;
    }
    address_groups g = {.gap = -1};
    if (!read_groups(&g, text)) return BERM_ADDRESS_NONE;
    if (memcmp(g.bytes, mapped, sizeof mapped) == 0) {
        memcpy(address->bytes, g.bytes + sizeof mapped, 4);
        return g.dotted ? BERM_ADDRESS_DOTTED : BERM_ADDRESS_MAPPED;
    }
    address->len = 16;
    memcpy(address->bytes, g.bytes, sizeof g.bytes);
    return BERM_ADDRESS_FINE;
}

/* --- writing --- */

static uint32_t group_at(const berm_address *address, uint32_t i)
{
    return (uint32_t)address->bytes[2 * i] << 8 | address->bytes[2 * i + 1];
}

/* The longest run of two or more zero groups, the first of equals; its length, 0 without one. */
static uint32_t find_zero_run(const berm_address *address, uint32_t *from)
{
    uint32_t best = 0;
    for (uint32_t i = 0; i < 8; i++) {
        uint32_t end = i;
        while (end < 8 && group_at(address, end) == 0) end++;
        if (end - i > best && end - i >= 2) {
            best = end - i;
            *from = i;
        }
        if (end > i) i = end - 1;
    }
    return best;
}

static size_t print_group(uint32_t group, char *out)
{
    static const char hex[] = "0123456789abcdef";
    size_t len = 0;
    for (int shift = 12; shift >= 0; shift -= 4) {
        uint32_t digit = group >> shift & 15;
        if (digit || len || shift == 0) out[len++] = hex[digit];
    }
    return len;
}

static size_t print_colons(const berm_address *address, char *out)
{
    uint32_t from = 8, run = find_zero_run(address, &from);
    size_t len = 0;
    for (uint32_t i = 0; i < 8; i++) {
        if (run && i == from) {
            out[len++] = ':';
            out[len++] = ':';
            i += run - 1;
            continue;
        }
        if (i && !(run && i == from + run)) out[len++] = ':';
        len += print_group(group_at(address, i), out + len);
    }
    return len;
}

size_t berm_address_print(const berm_address *address, char out[BERM_ADDRESS_TEXT_MAX])
{
    size_t len = 0;
    if (address->len == 16) return print_colons(address, out);
    for (uint32_t i = 0; i < 4; i++) {
        char digits[BERM_INT_LEN];
        size_t count = berm_print_uint(address->bytes[i], digits);
        if (i) out[len++] = '.';
        memcpy(out + len, digits, count);
        len += count;
    }
    return len;
}

void berm_address_mask(berm_address *address, uint32_t bits)
{
    for (uint32_t i = 0; i < address->len; i++) {
        uint32_t keep = bits > 8 * i ? bits - 8 * i : 0;
        if (keep < 8) address->bytes[i] &= (uint8_t)(0xff00u >> keep);
    }
}
