/* Targets of readers: a document is read, walked and written; with the settings' failing memory or
   smaller limits it is the same one or none. */
#ifndef BERM_FUZZ_DOCUMENT_H
#define BERM_FUZZ_DOCUMENT_H

#include "common.h"

/* Reads a text as the target's options say. */
typedef berm_status fuzz_reader(berm_engine *engine, berm_str text, uint8_t options,
                                berm_doc **doc);
/* What else must hold of a document that was read, and of what it was written as. */
typedef void fuzz_reader_check(berm_engine *engine, const berm_doc *doc, uint8_t options,
                               const fuzz_text *written);

static inline fuzz_text fuzz_write_roots(const berm_doc *doc)
{
    fuzz_text out = {0};
    const berm_sink sink = {fuzz_keep, &out};
    for (size_t i = 0; i < berm_doc_root_count(doc); i++) {
        berm_item item = {.size = sizeof item};
        REQUIRE(berm_value_read(berm_doc_root(doc, i), &item) == BERM_OK);
        REQUIRE(berm_value_json(berm_doc_root(doc, i), &sink, NULL) == BERM_OK);
        REQUIRE(fuzz_keep(&out, "\n", 1) == 0);
    }
    return out;
}

static inline void fuzz_read_hostile(const fuzz_settings *settings, berm_str text,
                                     fuzz_reader *read, const fuzz_text *wanted)
{
    fuzz_memory memory;
    berm_doc *doc = NULL;
    berm_engine *engine = fuzz_engine_with(settings, &memory);
    if (!engine) return;
    berm_status status = read(engine, text, settings->options, &doc);
    REQUIRE(status == BERM_OK || !wanted || memory.failed || settings->tiny);
    if (doc) {
        REQUIRE(wanted);
        fuzz_text out = fuzz_write_roots(doc);
        REQUIRE(fuzz_same_text(&out, wanted));
        free(out.ptr);
    }
    berm_doc_unref(doc);
    fuzz_engine_end(engine, &memory);
}

static inline int fuzz_read_document(const uint8_t *data, size_t size, fuzz_reader *read,
                                     fuzz_reader_check *check)
{
    fuzz_settings settings = fuzz_take_settings(&data, &size);
    berm_str text = {(const char *)data, size};
    fuzz_text once = {0};
    berm_doc *doc = NULL;
    berm_engine *engine = fuzz_engine();
    REQUIRE(engine);
    if (read(engine, text, settings.options, &doc) == BERM_OK) {
        once = fuzz_write_roots(doc);
        if (check) check(engine, doc, settings.options, &once);
    }
    if (settings.tiny || settings.fail_at > 0)
        fuzz_read_hostile(&settings, text, read, doc ? &once : NULL);
    free(once.ptr);
    berm_doc_unref(doc);
    berm_engine_unref(engine);
    return 0;
}

#endif
