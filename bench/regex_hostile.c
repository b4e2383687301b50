/* Runs patterns that are made to be slow, for bench/regex_hostile to count instructions of.

     regex_hostile FIRST STEP SIZES...    for each STEPth pattern from the FIRST on, way and size (in
                                          bytes) one call of measure_run

   For each pattern a line "NUMBER PATTERN", for each call then one: way (matches or find), size, what
   came of it. Every call is by an evaluation of its own: nothing is kept from one to the next. */
#include "regex_hostile.h"
#include "vm_eval.h"

#include <stdio.h>

static const char *const ways[] = {"matches", "find"};
static const berm_binding names[] = {{{"text", 4}, BERM_BIND_SLOT, 0}};
static const berm_scope scope = {.bindings = names, .count = 1, .unchecked = true};

/* The one function whose instructions count: compiling the pattern is not among them. */
berm_status measure_run(berm_vm *vm, uint32_t block, berm_cell *result);

__attribute__((noinline)) berm_status measure_run(berm_vm *vm, uint32_t block, berm_cell *result)
{
    return berm_vm_run(vm, block, result);
}

static void write_expression(berm_text *out, const char *pattern, const char *way)
{
    berm_text_format(out, "text.%s('", way);
    for (const char *p = pattern; *p; p++) {
        if (*p == '\\' || *p == '\'') berm_text_putc(out, '\\');
        if (*p == '\n') berm_text_put(out, BERM_STR("\\n"));
        else berm_text_putc(out, *p);
    }
    berm_text_put(out, BERM_STR("')"));
}

static const char *say_result(const vm_eval *e, berm_cell result)
{
    if (result.tag == BERM_TAG_BOOL) return berm_cell_is_true(result) ? "yes" : "no";
    if (result.tag == BERM_TAG_STRING) return berm_text_of(&e->vm.space, result).len ? "yes" : "no";
    return "refused";
}

static bool run_case(const hostile_case *hostile, const char *way, size_t len)
{
    vm_eval e;
    berm_text expression;
    berm_cell result = berm_cell_of(BERM_TAG_MISSING);
    char *bytes = malloc(len);
    if (!bytes) return false;
    berm_text_init(&expression, &berm_alloc_libc);
    write_expression(&expression, hostile->pattern, way);
    berm_status status =
        vm_eval_begin(&e, &berm_alloc_libc, berm_text_view(&expression), &scope, false);
    if (status == BERM_OK) {
        e.vm.slots[0] = berm_space_string(&e.vm.space, make_hostile_text(hostile, bytes, len));
        status = measure_run(&e.vm, e.block, &result);
    }
    if (status == BERM_OK) printf("%s %zu %s\n", way, len, say_result(&e, result));
    vm_eval_end(&e);
    berm_text_free(&expression);
    free(bytes);
    return status == BERM_OK;
}

int main(int argc, char **argv)
{
    size_t first = argc > 2 ? strtoul(argv[1], NULL, 10) : 0,
           step = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    if (step == 0) return 2;
    for (size_t i = first; i < HOSTILE_CASES; i += step) {
        printf("%zu %s\n", i + 1, hostile_cases[i].pattern);
        for (size_t way = 0; way < sizeof ways / sizeof *ways; way++)
            for (int arg = 3; arg < argc; arg++)
                if (!run_case(&hostile_cases[i], ways[way], strtoul(argv[arg], NULL, 10))) return 1;
    }
    return 0;
}
