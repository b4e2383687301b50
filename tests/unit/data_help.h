/* Documents in tests: JSON text in, values and their CEL text out. */
#ifndef BERM_TESTS_DATA_HELP_H
#define BERM_TESTS_DATA_HELP_H

#include "base_alloc.h"
#include "data/doc.h"
#include "data/limits.h"
#include "data/ops.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* One space for a test's values; `zoo_value` adds a document to it and gives its first root. */
typedef struct value_zoo {
    berm_space space;
    berm_doc *docs[64];
    size_t count;
} value_zoo;

static inline void zoo_begin(value_zoo *zoo)
{
    *zoo = (value_zoo){.count = 0};
    berm_space_init(&zoo->space, &berm_alloc_libc, (uint64_t)1 << 28);
}

static inline void zoo_end(value_zoo *zoo)
{
    berm_space_free(&zoo->space);
    while (zoo->count > 0) berm_doc_drop(zoo->docs[--zoo->count]);
}

static inline berm_doc *read_json_doc(const char *json)
{
    berm_limits limits = berm_limits_resolve(NULL);
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &limits,
                      .name = BERM_STR("test.json"),
                      .text = berm_str_of(json),
                      .copy_text = true,
                      .format = BERM_FORMAT_NDJSON};
    berm_doc *doc;
    berm_error err = {0};
    if (berm_doc_read(&read, &doc, &err) != BERM_OK) fail_msg("%s: %s", json, err.message);
    return doc;
}

static inline berm_cell zoo_value(value_zoo *zoo, const char *json)
{
    berm_doc *doc = read_json_doc(json);
    assert_true(zoo->count < 64);
    zoo->docs[zoo->count++] = doc;
    uint16_t id = berm_space_add(&zoo->space, &doc->store);
    assert_true(id > 0);
    berm_cell root = doc->roots[0];
    root.store = id;
    return root;
}

/* A scalar as a string cell and so on, made in the arena. */
static inline berm_cell zoo_string(value_zoo *zoo, const char *text)
{
    return berm_space_string(&zoo->space, berm_str_of(text));
}

static inline berm_cell zoo_bytes(value_zoo *zoo, const char *text, size_t len)
{
    berm_cell cell = berm_space_string(&zoo->space, (berm_str){text, len});
    cell.tag = BERM_TAG_BYTES;
    return cell;
}

static inline berm_cell zoo_tagged(berm_tag tag, int64_t payload, uint32_t aux)
{
    return (berm_cell){.tag = (uint8_t)tag, .aux = aux, .as.i = payload};
}

/* A container made in the arena; a map's cells are key, value, key, value. */
static inline berm_cell zoo_container(value_zoo *zoo, berm_tag tag, const berm_cell *cells,
                                      uint32_t count)
{
    berm_cell made = berm_cell_of(tag);
    berm_cell *to = berm_space_cells(&zoo->space, count + count / 4 + 1, &made);
    assert_non_null(to);
    for (uint32_t i = 0; i < count; i++) to[i] = cells[i];
    made.as.ref.len = count;
    return made;
}

static inline void check_printed(berm_space *space, berm_cell value, const char *wanted)
{
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    assert_true(berm_value_print(&text, space, value, false));
    if (!berm_str_is(berm_text_view(&text), wanted)) {
        fail_msg("printed %.*s, wanted %s", (int)text.len, text.ptr, wanted);
    }
    berm_text_free(&text);
}

#endif
