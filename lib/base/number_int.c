/* Integers and text. */
#include "base/number.h"

#include <string.h>

static bool is_number_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool berm_parse_uint(berm_str s, uint64_t *out)
{
    uint64_t value = 0;
    if (s.len == 0) return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!is_number_digit(s.ptr[i])) return false;
        uint64_t digit = (uint64_t)(s.ptr[i] - '0');
        if (value > UINT64_MAX / 10 || value * 10 > UINT64_MAX - digit) return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

bool berm_parse_int(berm_str s, int64_t *out)
{
    bool negative = s.len > 0 && s.ptr[0] == '-';
    if (negative || (s.len > 0 && s.ptr[0] == '+')) {
        s.ptr++;
        s.len--;
    }
    uint64_t magnitude;
    if (!berm_parse_uint(s, &magnitude)) return false;
    if (magnitude > (uint64_t)INT64_MAX + negative) return false;
    /* -INT64_MIN does not fit, so the negation is done one short of it. */
    *out = negative && magnitude ? -(int64_t)(magnitude - 1) - 1 : (int64_t)magnitude;
    return true;
}

static int value_of_hex(char c)
{
    if (is_number_digit(c)) return c - '0';
    char small = (char)(c | 0x20);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

bool berm_parse_hex(berm_str s, uint64_t *out)
{
    uint64_t value = 0;
    if (s.len == 0) return false;
    for (size_t i = 0; i < s.len; i++) {
        int digit = value_of_hex(s.ptr[i]);
        if (digit < 0 || value >> 60) return false;
        value = value << 4 | (uint64_t)digit;
    }
    *out = value;
    return true;
}

size_t berm_print_uint(uint64_t value, char out[BERM_INT_LEN])
{
    char reversed[BERM_INT_LEN];
    size_t len = 0;
    do {
        reversed[len++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    for (size_t i = 0; i < len; i++) out[i] = reversed[len - 1 - i];
    return len;
}

size_t berm_print_int(int64_t value, char out[BERM_INT_LEN])
{
    if (value >= 0) return berm_print_uint((uint64_t)value, out);
    char digits[BERM_INT_LEN];
    size_t len = berm_print_uint(0 - (uint64_t)value, digits);
    out[0] = '-';
    memcpy(out + 1, digits, len);
    return len + 1;
}
