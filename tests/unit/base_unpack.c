/* Packed texts: what tools/packing.py packs is read, and bytes that are no such thing do no harm. */
#include "base/unpack.h"

#include "base_alloc.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* From tools/packing.py. */
static const unsigned char packed_kinds[] = {0x94, 0x8f, 0xd4, 0xbe, 0x17, 0x9e,
                                             0x06, 0x02, 0x72, 0xc0, 0x2d, 0xb3};
static const char kinds[] = "kind: v\nkind: v\nkind: v\nkind: w\n";

static bool unpack_counted(counted_heap *heap, const unsigned char *packed, size_t packed_len,
                           char *text, size_t len)
{
    berm_alloc alloc = counted_alloc(heap);
    bool done = berm_unpack(&alloc, packed, packed_len, text, len);
    assert_int_equal(heap->in_use, 0);
    assert_int_equal(heap->wrong_len, 0);
    return done;
}

static void texts_come_back(void **state)
{
    (void)state;
    counted_heap heap = {0};
    char text[1201];
    static const unsigned char letter[] = {0x9e},
                               run[] = {0x9e, 0x97, 0x16, 0x50, 0xf3, 0x41, 0x0b,
                                        0x38, 0x50, 0x90, 0x76, 0x64, 0xc9, 0xa1};
    assert_true(unpack_counted(&heap, letter, sizeof letter, text, 1));
    assert_int_equal(text[0], 'a');
    assert_true(unpack_counted(&heap, packed_kinds, sizeof packed_kinds, text, sizeof kinds - 1));
    assert_memory_equal(text, kinds, sizeof kinds - 1);
    /* a copy may go on into what it writes */
    assert_true(unpack_counted(&heap, run, sizeof run, text, sizeof text));
    for (size_t i = 0; i < 1200; i++) assert_int_equal(text[i], i % 2 ? 'b' : 'a');
    assert_int_equal(text[1200], 'c');
    assert_true(unpack_counted(&heap, letter, 0, NULL, 0));
}

/* Of a text that was cut short the beginning is still right. */
static void a_part_of_the_bytes_gives_a_part_of_the_text(void **state)
{
    (void)state;
    counted_heap heap = {0};
    char text[sizeof kinds];
    assert_true(unpack_counted(&heap, packed_kinds, sizeof packed_kinds, text, 5));
    assert_memory_equal(text, "kind:", 5);
    unpack_counted(&heap, packed_kinds, 6, text, 3);
    assert_memory_equal(text, "kin", 3);
}

/* Every start of four bytes leads somewhere else; nothing is written behind the text. */
static void bytes_of_any_sort_do_no_harm(void **state)
{
    (void)state;
    counted_heap heap = {0};
    uint32_t seed = 1;
    unsigned refused = 0;
    for (unsigned round = 0; round < 2000; round++) {
        unsigned char packed[64];
        for (size_t i = 0; i < sizeof packed; i++) {
            seed = seed * 1664525u + 1013904223u;
            packed[i] = (unsigned char)(seed >> 24);
        }
        size_t len = 1 + seed % 500;
        char *text = malloc(len);
        assert_non_null(text);
        refused += !unpack_counted(&heap, packed, sizeof packed, text, len);
        free(text);
    }
    assert_true(refused > 100);
}

static void without_memory_there_is_no_text(void **state)
{
    (void)state;
    counted_heap heap = {.fail_at = 1};
    char text[sizeof kinds];
    assert_false(unpack_counted(&heap, packed_kinds, sizeof packed_kinds, text, sizeof kinds - 1));
    assert_int_equal(heap.calls, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_come_back),
        cmocka_unit_test(a_part_of_the_bytes_gives_a_part_of_the_text),
        cmocka_unit_test(bytes_of_any_sort_do_no_harm),
        cmocka_unit_test(without_memory_there_is_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
