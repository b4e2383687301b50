/* What the tests of the regex engines share. */
#ifndef BERM_TESTS_REGEX_HELP_H
#define BERM_TESTS_REGEX_HELP_H

#include "base_alloc.h"
#include "code/regex_tree.h"
#include "regex_hostile.h"
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

/* Compiles the pattern again and again, the n-th allocation failing, until none fails. */
static inline void fail_each_allocation(berm_str pattern)
{
    berm_status status = BERM_E_NOMEM;
    for (size_t n = 1; status != BERM_OK; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        berm_regex_code code;
        status = berm_regex_compile(&code, &alloc, pattern);
        if (status != BERM_OK) assert_int_equal(status, BERM_E_NOMEM);
        berm_regex_code_free(&code);
        assert_int_equal(heap.in_use, 0);
        assert_false(heap.wrong_len);
    }
}

#endif
