#include "policy/part.h"

#include <string.h>

uint32_t berm_part_count(berm_part part)
{
    if (berm_part_is(part, BERM_TAG_MAP) || berm_part_is(part, BERM_TAG_LIST)) {
        return part.cell->as.ref.len;
    }
    return 0;
}

static const berm_cell *list_part_children(berm_part part)
{
    return part.file->doc->store.cells + part.cell->as.ref.off;
}

berm_part berm_part_key_at(berm_part map, uint32_t index)
{
    return (berm_part){map.file, list_part_children(map) + 2 * (size_t)index};
}

berm_part berm_part_value_at(berm_part map, uint32_t index)
{
    return (berm_part){map.file, list_part_children(map) + 2 * (size_t)index + 1};
}

berm_part berm_part_element_at(berm_part list, uint32_t index)
{
    return (berm_part){list.file, list_part_children(list) + index};
}

berm_part berm_part_member(berm_part map, const char *key)
{
    if (berm_part_is(map, BERM_TAG_MAP)) {
        for (uint32_t i = 0; i < berm_part_count(map); i++) {
            if (berm_str_is(berm_part_text(berm_part_key_at(map, i)), key)) {
                return berm_part_value_at(map, i);
            }
        }
    }
    return (berm_part){map.file, NULL};
}

berm_str berm_part_text(berm_part part)
{
    if (!berm_part_is(part, BERM_TAG_STRING)) return (berm_str){NULL, 0};
    const char *text = part.file->doc->store.text[(part.cell->flags & BERM_CELL_DECODED) != 0];
    if (part.cell->as.ref.len == 0) return BERM_STR("");
    return (berm_str){text + part.cell->as.ref.off, part.cell->as.ref.len};
}

berm_str berm_part_source(berm_part part)
{
    if (!part.cell) return (berm_str){NULL, 0};
    berm_span span = berm_doc_span(part.file->doc, part.cell);
    berm_str text = part.file->doc->text;
    if (span.off > text.len || span.len > text.len - span.off) return (berm_str){NULL, 0};
    return berm_str_cut(text, (size_t)span.off, (size_t)(span.off + span.len));
}

berm_str berm_part_word(berm_part part)
{
    if (berm_part_is(part, BERM_TAG_STRING)) return berm_part_text(part);
    bool word = berm_part_is(part, BERM_TAG_BOOL) || berm_part_is(part, BERM_TAG_INT) ||
                berm_part_is(part, BERM_TAG_UINT) || berm_part_is(part, BERM_TAG_DOUBLE);
    return word ? berm_part_source(part) : BERM_STR("");
}

berm_cell berm_part_cell(berm_part part)
{
    if (!part.cell) return berm_cell_of(BERM_TAG_MISSING);
    berm_cell cell = *part.cell;
    cell.store = part.file->store;
    return cell;
}

berm_place berm_part_place(berm_part part)
{
    if (!part.file) return BERM_NOWHERE;
    if (!part.cell) return (berm_place){part.file->diag_source, 0, 0};
    berm_span span = berm_doc_span(part.file->doc, part.cell);
    return (berm_place){part.file->diag_source, (uint32_t)span.off, (uint32_t)span.len};
}

/* The last occurrence of `key` before `end`; false when it is not just before (quotes and blanks
   apart). */
static bool find_key_before(berm_str text, size_t end, berm_str key, uint32_t *off)
{
    while (end > 0 && strchr(" \t\r\n:'\"?", text.ptr[end - 1])) end--;
    if (key.len == 0 || end < key.len || memcmp(text.ptr + end - key.len, key.ptr, key.len) != 0) {
        return false;
    }
    *off = (uint32_t)(end - key.len);
    return true;
}

berm_place berm_part_key_place(berm_part map, uint32_t index)
{
    berm_part key = berm_part_key_at(map, index), value = berm_part_value_at(map, index);
    const berm_doc *doc = map.file->doc;
    berm_place place = berm_part_place(value);
    size_t end = doc->ends ? doc->ends[key.cell - doc->store.cells] : place.off;
    if (end > doc->text.len) return place;
    berm_str name = berm_part_text(key);
    if (find_key_before(doc->text, end, name, &place.off)) place.len = (uint32_t)name.len;
    return place;
}

berm_place berm_part_head_place(berm_part map)
{
    return berm_part_count(map) && map.cell->tag == BERM_TAG_MAP ? berm_part_key_place(map, 0)
                                                                 : berm_part_place(map);
}

const char *berm_part_tag_name(berm_tag tag)
{
    static const char *const names[BERM_TAG_COUNT] = {
        [BERM_TAG_MISSING] = "nothing",
        [BERM_TAG_NULL] = "nothing (null)",
        [BERM_TAG_BOOL] = "a bool",
        [BERM_TAG_INT] = "an int",
        [BERM_TAG_UINT] = "an int",
        [BERM_TAG_DOUBLE] = "a double",
        [BERM_TAG_STRING] = "a string",
        [BERM_TAG_BYTES] = "bytes",
        [BERM_TAG_TIMESTAMP] = "a timestamp",
        [BERM_TAG_DURATION] = "a duration",
        [BERM_TAG_LIST] = "a list",
        [BERM_TAG_MAP] = "a mapping",
        [BERM_TAG_SET] = "a set",
    };
    return names[tag] ? names[tag] : "something else";
}

static void add_fault(berm_build *build, berm_place place, berm_diag_id id, const char *format,
                      va_list args)
{
    if (berm_diags_vadd(build->diags, id, place, format, args) != BERM_OK) {
        berm_build_fail(build, BERM_E_NOMEM);
    }
}

void berm_part_fault(berm_build *build, berm_part part, berm_diag_id id, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_fault(build, berm_part_place(part), id, format, args);
    va_end(args);
}

void berm_place_fault(berm_build *build, berm_place place, berm_diag_id id, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_fault(build, place, id, format, args);
    va_end(args);
}

void berm_near_fault(berm_build *build, berm_place place, berm_diag_id id,
                     const berm_nearest *nearest, const char *format, ...)
{
    berm_text text;
    berm_text_init(&text, build->alloc);
    va_list args;
    va_start(args, format);
    berm_text_vformat(&text, format, args);
    va_end(args);
    berm_nearest_print(&text, nearest);
    if (text.failed) berm_build_fail(build, BERM_E_NOMEM);
    berm_place_fault(build, place, id, "%S", berm_text_view(&text));
    berm_text_free(&text);
}
