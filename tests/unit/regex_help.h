/* What the tests of the regex engines share. */
#ifndef BERM_TESTS_REGEX_HELP_H
#define BERM_TESTS_REGEX_HELP_H

#include "base_alloc.h"
#include "code/regex_tree.h"
#include "vm/regex_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { NO = BERM_REGEX_NO, YES = BERM_REGEX_YES, BAD };

typedef struct regex_case {
    const char *pattern, *text;
    int answer;
} regex_case;

static const regex_case regex_cases[] = {
#define MATCH(pattern, text, answer) {pattern, text, answer},
#include "regex_cases.def"
#undef MATCH
};
#define REGEX_CASES (sizeof regex_cases / sizeof *regex_cases)

static inline void parse_pattern(berm_regex_tree *tree, const char *pattern)
{
    if (!berm_regex_parse(tree, &berm_alloc_libc, berm_str_of(pattern)))
        fail_msg("%s: %s", pattern, tree->fault);
}

static inline void compile_pattern(berm_regex_code *code, berm_regex_program *program,
                                   const char *pattern)
{
    if (berm_regex_compile(code, &berm_alloc_libc, berm_str_of(pattern)) != BERM_OK)
        fail_msg("%s: %s", pattern, code->fault ? code->fault : "too large");
    *program = berm_regex_code_program(code);
}

/* Patterns that keep a backtracking engine busy for ever, and what to give them: `repeat` over and
   over, then `tail`. */
typedef struct hostile_case {
    const char *pattern, *repeat, *tail;
} hostile_case;

static const hostile_case hostile_cases[] = {
#define HOSTILE(pattern, repeat, tail) {pattern, repeat, tail},
#include "regex_hostile.def"
#undef HOSTILE
};
#define HOSTILE_CASES (sizeof hostile_cases / sizeof *hostile_cases)

/* Some `len` bytes, to be freed. */
static inline berm_str make_hostile_text(const hostile_case *hostile, size_t len)
{
    size_t repeat = strlen(hostile->repeat), tail = strlen(hostile->tail), at = 0;
    char *text = malloc(len);
    assert_non_null(text);
    for (; at + repeat + tail <= len; at += repeat) memcpy(text + at, hostile->repeat, repeat);
    memcpy(text + at, hostile->tail, tail);
    return (berm_str){text, at + tail};
}

#endif
