/* The instructions an expression becomes, as text, against tests/golden. BERM_UPDATE_GOLDEN=1
   writes the files anew. */
#include "code_help.h"

#include "base_alloc.h"

#include <stdio.h>

#define GOLDEN_MAX 16u

typedef struct golden {
    const char *file;
    const char *expressions[GOLDEN_MAX];
} golden;

static const golden goldens[] = {
    {"tests/golden/disasm_values.txt",
     {"1 + 2 * 3 == 7", "object.metadata.name", "x.y.z", "object.items[0]", "object['a']",
      "has(object.spec.replicas)", "[1, a, 'x']", "{'k': a, 2: [b]}", "int", "-a.b + 1",
      "[1, 2, {'a': [b'\\x00', 2.5, 3u]}]", "cel.bind(v, a + 1, v * v)"}},
    {"tests/golden/disasm_logic.txt",
     {"a && b", "a || b && c", "a ? b : c", "!(a == 1) || b in [1, 2]",
      "a > 1 ? (b ? 1 : 2) : c < 3", "1 / 0 > 0 || true"}},
    {"tests/golden/disasm_loops.txt",
     {"a.all(x, x > 0)", "a.exists(k, v, k == v)", "a.exists_one(x, x == b)", "a.map(x, x + 1)",
      "a.map(x, x > 0, x * 2)", "a.filter(x, x.ok)", "a.transformList(i, v, i + v)",
      "a.transformMap(k, v, k != b, v)", "a.transformMapEntry(k, v, {v: k})", "a.sortBy(e, e.name)",
      "a.all(x, b.exists(y, x == y && y > c))"}},
    {"tests/golden/disasm_calls.txt",
     {"size(a)", "a.startsWith('x')", "a.b.contains(b.c)", "math.greatest(a, b, 1)",
      "a.replace('x', b, 2)", "optional.of(a).orValue(b)", "optional.none()"}},
    {"tests/golden/disasm_optional.txt",
     {"a.?b", "a.?b.c", "a[?0]", "[?a, b]", "{?'k': a, 'l': b}", "a.optMap(v, v.x)",
      "a.optFlatMap(v, v.?x)", "has(a.?b.c)", "cel.block([a.b, cel.index(0).c], cel.index(1))"}},
};

static void print_golden(const golden *g, berm_text *out)
{
    for (uint32_t i = 0; i < GOLDEN_MAX && g->expressions[i]; i++) {
        code_program p;
        uint32_t block;
        berm_error err = {0};
        program_begin(&p, &berm_alloc_libc);
        if (program_add(&p, g->expressions[i], &code_scope, &block) != BERM_OK ||
            program_link(&p, &err) != BERM_OK) {
            fail_msg("%s: %s %s", g->expressions[i], program_message(&p).ptr, err.message);
        }
        berm_text_format(out, "== %s\n", g->expressions[i]);
        assert_true(berm_image_print(out, &p.image, block));
        berm_text_putc(out, '\n');
        program_end(&p);
    }
    assert_false(out->failed);
}

static void compare_golden(const golden *g, const berm_text *out)
{
    FILE *file = fopen(g->file, "rb");
    char *text = calloc(1, out->len + 2);
    if (!file) fail_msg("%s is missing: run with BERM_UPDATE_GOLDEN=1", g->file);
    size_t len = fread(text, 1, out->len + 1, file);
    fclose(file);
    if (len != out->len || memcmp(text, out->ptr, len) != 0) {
        fail_msg("%s differs; it is now:\n%.*s", g->file, (int)out->len, out->ptr);
    }
    free(text);
}

static void write_golden(const golden *g, const berm_text *out)
{
    FILE *file = fopen(g->file, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(out->ptr, 1, out->len, file), out->len);
    assert_int_equal(fclose(file), 0);
}

static void code_is_as_expected(void **state)
{
    (void)state;
    const char *update = getenv("BERM_UPDATE_GOLDEN");
    for (size_t i = 0; i < sizeof goldens / sizeof *goldens; i++) {
        berm_text out;
        berm_text_init(&out, &berm_alloc_libc);
        print_golden(&goldens[i], &out);
        if (update && *update) write_golden(&goldens[i], &out);
        else compare_golden(&goldens[i], &out);
        berm_text_free(&out);
    }
}

static void whole_images_are_printed_with_their_tables(void **state)
{
    (void)state;
    code_program p;
    uint32_t first, second;
    program_begin(&p, &berm_alloc_libc);
    assert_int_equal(program_add(&p, "a", &code_scope, &first), BERM_OK);
    berm_binding once = {.name = BERM_STR("v"), .sort = BERM_BIND_ONCE, .index = first};
    berm_scope scope = {.bindings = &once, .count = 1};
    assert_int_equal(program_add(&p, "v", &scope, &second), BERM_OK);
    assert_int_equal(program_link(&p, NULL), BERM_OK);
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    assert_true(berm_image_print(&out, &p.image, BERM_NO_ROW));
    assert_str(berm_text_view(&out), "block 0: 1 registers\n"
                                     "     0 +1  var          r0, slot 2          ; a\n"
                                     "     1     ret          r0\n"
                                     "block 1: 1 registers, 2 with calls 2 deep\n"
                                     "     0 +1  once         r0, block 0         ; v\n"
                                     "     1     ret          r0\n"
                                     "source 0: name=\"test\"\n"
                                     "root 0: source=0 line=1 column=1 text=\"a\"\n"
                                     "root 1: source=0 line=1 column=1 text=\"v\"\n");
    assert_false(berm_image_print(&out, &p.image, 2));
    berm_text_free(&out);
    program_end(&p);
}

static void printing_may_run_out_of_memory(void **state)
{
    (void)state;
    code_program p;
    uint32_t block;
    program_begin(&p, &berm_alloc_libc);
    assert_int_equal(
        program_add(&p, "[1, 'x', {'k': 2.5}] == a.map(x, x + 1)", &code_scope, &block), BERM_OK);
    assert_int_equal(program_link(&p, NULL), BERM_OK);
    bool done = false;
    for (size_t n = 1; !done; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        berm_text out;
        berm_text_init(&out, &alloc);
        done = berm_image_print(&out, &p.image, BERM_NO_ROW);
        berm_text_free(&out);
        assert_int_equal(heap.in_use, 0);
    }
    program_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_is_as_expected),
        cmocka_unit_test(whole_images_are_printed_with_their_tables),
        cmocka_unit_test(printing_may_run_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
