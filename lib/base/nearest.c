#include "base/nearest.h"

#define NEAREST_LEN_MAX 48u

static uint32_t least_of(uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t least = a < b ? a : b;
    return least < c ? least : c;
}

static char fold_letter(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Edits (insert, drop, change, swap of neighbours) from `a` to `b`, a change of case being half
   of one; counted in halves. Both are at most NEAREST_LEN_MAX long. */
static uint32_t count_edits(berm_str a, berm_str b)
{
    uint32_t rows[3][NEAREST_LEN_MAX + 1];
    uint32_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (uint32_t j = 0; j <= b.len; j++) last[j] = 2 * j;
    for (uint32_t i = 1; i <= a.len; i++) {
        row[0] = 2 * i;
        for (uint32_t j = 1; j <= b.len; j++) {
            char x = fold_letter(a.ptr[i - 1]), y = fold_letter(b.ptr[j - 1]);
            uint32_t change = x != y ? 2 : a.ptr[i - 1] != b.ptr[j - 1];
            row[j] = least_of(last[j] + 2, row[j - 1] + 2, last[j - 1] + change);
            if (i > 1 && j > 1 && x == fold_letter(b.ptr[j - 2]) &&
                fold_letter(a.ptr[i - 2]) == y) {
                row[j] = least_of(row[j], before[j - 2] + 2, UINT32_MAX);
            }
        }
        uint32_t *spare = before;
        before = last;
        last = row;
        row = spare;
    }
    return last[b.len];
}

void berm_nearest_offer(berm_nearest *nearest, berm_str known)
{
    berm_str wanted = nearest->wanted;
    if (wanted.len > NEAREST_LEN_MAX || known.len > NEAREST_LEN_MAX || wanted.len == 0) return;
    uint32_t allowed =
        2 + 2 * (uint32_t)(wanted.len / 4); /* one edit, and one for every four letters */
    uint32_t distance = count_edits(wanted, known);
    if (distance > allowed || distance >= 2 * known.len) return;
    if (nearest->best.len && distance >= nearest->distance) return;
    nearest->best = known;
    nearest->distance = distance;
}

void berm_nearest_print(berm_text *out, const berm_nearest *nearest)
{
    if (nearest->best.len) berm_text_format(out, "; did you mean `%S`?", nearest->best);
}
