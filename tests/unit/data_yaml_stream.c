#include "data/yaml_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const kinds[] = {"END",  "DOC",   "/DOC", "ALIAS", "SCALAR",
                                    "LIST", "/LIST", "MAP",  "/MAP"};

typedef struct wanted {
    berm_yaml_kind kind;
    uint32_t outer, start, end; /* end UINT32_MAX: not compared */
} wanted;

static void check_events(const char *source, const wanted *list, size_t count)
{
    berm_yaml_stream *stream = berm_yaml_stream_new(&berm_alloc_libc, berm_str_of(source));
    berm_yaml_event event;
    berm_yaml_fault fault;
    assert_non_null(stream);
    for (size_t i = 0; i < count; i++) {
        assert_true(berm_yaml_stream_next(stream, &event, &fault));
        const wanted *w = &list[i];
        if (event.kind != w->kind || event.outer != w->outer || event.start != w->start ||
            (w->end != UINT32_MAX && event.end != w->end))
            fail_msg("%s: event %zu is %s %u %u %u, wanted %s %u %u %u", source, i,
                     kinds[event.kind], event.outer, event.start, event.end, kinds[w->kind],
                     w->outer, w->start, w->end);
    }
    berm_yaml_stream_free(stream);
}
#define CHECK_EVENTS(source, ...) \
    check_events(source, (const wanted[]){__VA_ARGS__}, \
                 sizeof((const wanted[]){__VA_ARGS__}) / sizeof(wanted))
#define ANY UINT32_MAX

static void offsets_are_bytes(void **state)
{
    (void)state;
    CHECK_EVENTS("a: b", {BERM_YAML_DOCUMENT, 0, 0, ANY}, {BERM_YAML_MAP, 0, 0, ANY},
                 {BERM_YAML_SCALAR, 0, 0, 1}, {BERM_YAML_SCALAR, 3, 3, 4},
                 {BERM_YAML_MAP_END, 4, 4, ANY}, {BERM_YAML_DOCUMENT_END, 4, 4, 4},
                 {BERM_YAML_END, 4, 4, 4}, {BERM_YAML_END, 0, 0, 0});
    CHECK_EVENTS("\xc3\xa4: [\xe2\x82\xac, \xf0\x9f\x98\x80]", {BERM_YAML_DOCUMENT, 0, 0, ANY},
                 {BERM_YAML_MAP, 0, 0, ANY}, {BERM_YAML_SCALAR, 0, 0, 2},
                 {BERM_YAML_LIST, 4, 4, ANY}, {BERM_YAML_SCALAR, 5, 5, 8},
                 {BERM_YAML_SCALAR, 10, 10, 14}, {BERM_YAML_LIST_END, 14, 14, 15});
    CHECK_EVENTS("- \xc3\xa4\r\n- b", {BERM_YAML_DOCUMENT, 0, 0, ANY}, {BERM_YAML_LIST, 0, 0, ANY},
                 {BERM_YAML_SCALAR, 2, 2, 4}, {BERM_YAML_SCALAR, 8, 8, 9});
}

static void what_ends_properties(void **state)
{
    (void)state;
    CHECK_EVENTS("[&a]", {BERM_YAML_DOCUMENT, 0, 0, ANY}, {BERM_YAML_LIST, 0, 0, ANY},
                 {BERM_YAML_SCALAR, 1, 3, ANY});
    CHECK_EVENTS("{a: &a}", {BERM_YAML_DOCUMENT, 0, 0, ANY}, {BERM_YAML_MAP, 0, 0, ANY},
                 {BERM_YAML_SCALAR, 1, 1, 2}, {BERM_YAML_SCALAR, 4, 6, ANY});
    CHECK_EVENTS("&a\tx", {BERM_YAML_DOCUMENT, 0, 0, ANY}, {BERM_YAML_SCALAR, 0, 3, 4});
    CHECK_EVENTS("&aZ9_- x", {BERM_YAML_DOCUMENT, 0, 0, ANY}, {BERM_YAML_SCALAR, 0, 7, 8});
    CHECK_EVENTS("&a # none", {BERM_YAML_DOCUMENT, 0, 0, ANY}, {BERM_YAML_SCALAR, 0, 2, ANY});
    CHECK_EVENTS("!x\xc2\x85y", {BERM_YAML_DOCUMENT, 0, 0, ANY}, {BERM_YAML_SCALAR, 0, 4, 5});
}

static void no_text_is_an_empty_stream(void **state)
{
    (void)state;
    berm_yaml_event event;
    berm_yaml_fault fault;
    berm_yaml_stream *stream = berm_yaml_stream_new(&berm_alloc_libc, (berm_str){NULL, 0});
    assert_non_null(stream);
    assert_true(berm_yaml_stream_next(stream, &event, &fault));
    assert_int_equal(event.kind, BERM_YAML_END);
    berm_yaml_stream_free(stream);
    berm_yaml_stream_free(NULL);
}

static void properties_stand_before_the_node(void **state)
{
    (void)state;
    CHECK_EVENTS("&a !!str x", {BERM_YAML_DOCUMENT, 0, 0, ANY}, {BERM_YAML_SCALAR, 0, 9, 10});
    CHECK_EVENTS("!!str &a x", {BERM_YAML_DOCUMENT, 0, 0, ANY}, {BERM_YAML_SCALAR, 0, 9, 10});
    CHECK_EVENTS("!<tag:x> x", {BERM_YAML_DOCUMENT, 0, 0, ANY}, {BERM_YAML_SCALAR, 0, 9, 10});
    CHECK_EVENTS("&a # no\n  x: 1", {BERM_YAML_DOCUMENT, 0, 0, ANY}, {BERM_YAML_MAP, 0, 10, ANY},
                 {BERM_YAML_SCALAR, 10, 10, 11});
    CHECK_EVENTS("[&a , b]", {BERM_YAML_DOCUMENT, 0, 0, ANY}, {BERM_YAML_LIST, 0, 0, ANY},
                 {BERM_YAML_SCALAR, 1, 3, 3}, {BERM_YAML_SCALAR, 6, 6, 7});
    CHECK_EVENTS("! |\n x\n\n\n", {BERM_YAML_DOCUMENT, 0, 0, ANY}, {BERM_YAML_SCALAR, 0, 2, 6});
}

static void faults_have_a_place(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        uint32_t off;
        const char *problem; /* a part of it */
    } cases[] = {
        {"a: b: c", 4, "':' is not expected"},
        {"\xc3\xa4: \xc3\xa4: c", 6, "':' is not expected"},
        {"a: [1, 2", 8, "',' or ']'"},
        {"\xc3\xa4: [\xc3\xa4", 7, "',' or ']'"}, /* where the list starts is asked for last */
        {"a: {b: 1", 8, "',' or '}'"},
        {"a:\n  b: 1\n c: 2", 11, "indentation"},
        {"a: \"b", 3, "never closed"},
        {"a: 1\nb\nc: 2", 5, "':' is missing"},
        {"a: @b", 3, "quote it"},
        {"a:\n\tb: 1", 3, "tab"},
        {"a: \"\\q\"", 4, "no such escape"},
        {"a: \x01", 3, "control character"},
        {"- a\nb: c", 4, "'-' is expected"},
        {"%YAML 3.0\n---\na", 0, "1.1 and 1.2"},
        {"!x!y z", 0, "%TAG"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        berm_yaml_stream *stream =
            berm_yaml_stream_new(&berm_alloc_libc, berm_str_of(cases[i].source));
        berm_yaml_event event;
        berm_yaml_fault fault = {.problem = "none"};
        do {
            event.kind = BERM_YAML_END;
        } while (berm_yaml_stream_next(stream, &event, &fault) && event.kind != BERM_YAML_END);
        if (fault.status != BERM_E_SYNTAX || fault.off != cases[i].off ||
            !strstr(fault.problem, cases[i].problem))
            fail_msg("%s: `%s` at %u", cases[i].source, fault.problem, fault.off);
        berm_yaml_stream_free(stream);
    }
}

static void a_flood_of_directives(void **state)
{
    (void)state;
    enum { COUNT = 65 };
    char text[COUNT * 16], *p = text;
    for (int i = 0; i < COUNT; i++) p += snprintf(p, 16, "%%TAG !a%d! x\n", i);
    for (int extra = 0; extra < 2; extra++) {
        berm_str source = {text, (size_t)(p - text) - (extra ? 0 : 13)};
        char *whole = malloc(source.len + 5);
        assert_non_null(whole);
        memcpy(whole, source.ptr, source.len);
        memcpy(whole + source.len, "--- x", 5);
        berm_yaml_stream *stream =
            berm_yaml_stream_new(&berm_alloc_libc, (berm_str){whole, source.len + 5});
        berm_yaml_event event;
        berm_yaml_fault fault = {.status = BERM_OK};
        assert_int_equal(berm_yaml_stream_next(stream, &event, &fault), !extra);
        assert_int_equal(fault.status, extra ? BERM_E_SYNTAX : BERM_OK);
        berm_yaml_stream_free(stream);
        free(whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_are_bytes),
        cmocka_unit_test(what_ends_properties),
        cmocka_unit_test(no_text_is_an_empty_stream),
        cmocka_unit_test(properties_stand_before_the_node),
        cmocka_unit_test(faults_have_a_place),
        cmocka_unit_test(a_flood_of_directives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
