/* Patterns that keep a backtracking engine busy for ever, and what to give them. */
#ifndef BERM_TESTS_REGEX_HOSTILE_H
#define BERM_TESTS_REGEX_HOSTILE_H

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* The text is `repeat` over and over, then `tail`. */
typedef struct hostile_case {
    const char *pattern, *repeat, *tail;
} hostile_case;

static const hostile_case hostile_cases[] = {
#define HOSTILE(pattern, repeat, tail) {pattern, repeat, tail},
#include "regex_hostile.def"
#undef HOSTILE
};
#define HOSTILE_CASES (sizeof hostile_cases / sizeof *hostile_cases)

/* Up to `len` bytes of it into `text`. */
static inline berm_str make_hostile_text(const hostile_case *hostile, char *text, size_t len)
{
    size_t repeat = strlen(hostile->repeat), tail = strlen(hostile->tail), at = 0;
    for (; at + repeat + tail <= len; at += repeat) memcpy(text + at, hostile->repeat, repeat);
    memcpy(text + at, hostile->tail, tail);
    return (berm_str){text, at + tail};
}

#endif
