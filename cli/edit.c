/* Documents with some values changed: what tests write as "spec.containers[0].image=nginx". */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#define EDIT_STEPS_MAX 32u
#define EDIT_COUNT_MAX 64u
#define EDIT_INDEX_MAX 1000u
#define EDIT_DEPTH_MAX 200u

/* A step of a path: a member's name, or with `name.ptr` NULL an element's place. */
typedef struct step {
    berm_str name;
    uint32_t index;
} step;

typedef struct edit {
    step steps[EDIT_STEPS_MAX];
    uint32_t count;
    berm_doc *value;
} edit;

typedef struct editor {
    suite *s;
    berm_builder *builder;
    edit *edits;
    uint32_t count;
    berm_error err;
} editor;

/* --- reading edits --- */

static bool add_step(edit *e, step one)
{
    if (e->count == EDIT_STEPS_MAX) return false;
    e->steps[e->count++] = one;
    return true;
}

/* "[12]" at `at`; what follows it, or NULL. */
static const char *read_index(edit *e, const char *at, const char *end)
{
    step one = {.index = 0};
    const char *first = ++at;
    for (; at < end && *at >= '0' && *at <= '9' && one.index <= EDIT_INDEX_MAX; at++)
        one.index = one.index * 10 + (uint32_t)(*at - '0');
    if (at == first || at == end || *at != ']' || one.index > EDIT_INDEX_MAX) return NULL;
    return add_step(e, one) ? at + 1 : NULL;
}

/* Names and places in turn. */
static bool read_path(edit *e, berm_str path)
{
    const char *at = path.ptr, *end = path.ptr + path.len;
    while (at && at < end) {
        if (*at == '[') {
            at = read_index(e, at, end);
            if (at && at < end && *at == '.') at++;
            continue;
        }
        const char *first = at;
        while (at < end && *at != '.' && *at != '[') at++;
        if (at == first || !add_step(e, (step){{first, (size_t)(at - first)}, 0})) return false;
        if (at < end && *at == '.') at++;
    }
    return at != NULL && e->count > 0;
}

static bool read_edit(editor *ed, berm_str text)
{
    edit *e = &ed->edits[ed->count];
    const char *sign = text.len ? memchr(text.ptr, '=', text.len) : NULL;
    if (!sign || !read_path(e, (berm_str){text.ptr, (size_t)(sign - text.ptr)})) return false;
    berm_str value = {sign + 1, (size_t)(text.ptr + text.len - sign - 1)};
    if (value.len == 0) value = (berm_str){"null", 4};
    const berm_doc_options how = {.size = sizeof how, .format = BERM_FORMAT_IS_YAML};
    if (berm_doc_parse(ed->s->engine, value, &how, &e->value, NULL, &ed->err)) return false;
    ed->count++;
    return true;
}

/* --- writing the copy --- */

static void push(editor *ed, uint32_t kind, const berm_item *item)
{
    berm_event event = {.kind = kind, .item = {.size = sizeof event.item}};
    if (item) event.item = *item;
    if (!ed->err.status) (void)!berm_builder_push(ed->builder, &event, &ed->err);
}

/* `active`: bits of the edits whose paths lead here. */
static void write_value(editor *ed, berm_value from, uint64_t active, uint32_t depth);

static bool is_step_of(const edit *e, uint32_t depth, berm_str name, uint32_t index)
{
    if (depth >= e->count) return false;
    const step *one = &e->steps[depth];
    return name.ptr ? one->name.ptr && str_equal(one->name, name)
                    : !one->name.ptr && one->index == index;
}

static uint64_t follow(const editor *ed, uint64_t active, uint32_t depth, berm_str name,
                       uint32_t index)
{
    uint64_t below = 0;
    for (uint32_t i = 0; i < ed->count; i++)
        if (active >> i & 1 && is_step_of(&ed->edits[i], depth, name, index)) below |= 1ull << i;
    return below;
}

static void write_members(editor *ed, berm_value from, uint64_t count, uint64_t active,
                          uint32_t depth)
{
    uint64_t done = 0;
    push(ed, BERM_EVENT_BEGIN_MAP, NULL);
    for (uint64_t i = 0; i < count; i++) {
        berm_value key, member;
        berm_item name = {.size = sizeof name};
        if (berm_value_at(from, i, &key, &member) || berm_value_read(key, &name)) continue;
        uint64_t below =
            name.type == BERM_TYPE_OF_STRING ? follow(ed, active, depth, name.as.s, 0) : 0;
        done |= below;
        push(ed, BERM_EVENT_KEY, &name);
        write_value(ed, member, below, depth + 1);
    }
    for (uint32_t i = 0; i < ed->count; i++) { /* members that were not there */
        const edit *e = &ed->edits[i];
        if (!(active >> i & 1) || done >> i & 1 || depth >= e->count || !e->steps[depth].name.ptr)
            continue;
        uint64_t below = follow(ed, active, depth, e->steps[depth].name, 0);
        const berm_item name = {.size = sizeof name,
                                .type = BERM_TYPE_OF_STRING,
                                .as.s = e->steps[depth].name};
        done |= below;
        push(ed, BERM_EVENT_KEY, &name);
        write_value(ed, (berm_value){0}, below, depth + 1);
    }
    push(ed, BERM_EVENT_END, NULL);
}

static void write_elements(editor *ed, berm_value from, uint64_t count, uint64_t active,
                           uint32_t depth)
{
    static const berm_str none = {NULL, 0};
    uint64_t most = count;
    for (uint32_t i = 0; i < ed->count; i++)
        if (active >> i & 1 && depth < ed->edits[i].count && !ed->edits[i].steps[depth].name.ptr &&
            ed->edits[i].steps[depth].index >= most)
            most = (uint64_t)ed->edits[i].steps[depth].index + 1;
    push(ed, BERM_EVENT_BEGIN_LIST, NULL);
    for (uint64_t i = 0; i < most; i++) {
        berm_value element = i < count ? value_element(from, i) : (berm_value){0};
        write_value(ed, element, follow(ed, active, depth, none, (uint32_t)i), depth + 1);
    }
    push(ed, BERM_EVENT_END, NULL);
}

static void write_value(editor *ed, berm_value from, uint64_t active, uint32_t depth)
{
    berm_item item = {.size = sizeof item, .type = BERM_TYPE_OF_NULL};
    const edit *deeper = NULL;
    for (uint32_t i = 0; i < ed->count; i++) {
        if (!(active >> i & 1)) continue;
        if (ed->edits[i].count == depth) { /* the last word on this place */
            from = berm_doc_root(ed->edits[i].value, 0);
            active &= ~(1ull << i);
        } else {
            deeper = &ed->edits[i];
        }
    }
    if (from.store && berm_value_read(from, &item)) item.type = BERM_TYPE_OF_NULL;
    if (depth > EDIT_DEPTH_MAX) {
        ed->err = (berm_error){.status = BERM_E_LIMIT};
        return;
    }
    bool map = item.type == BERM_TYPE_OF_MAP, list = item.type == BERM_TYPE_OF_LIST;
    if (deeper && !map && !list) { /* what a path goes through is made */
        map = deeper->steps[depth].name.ptr != NULL;
        list = !map;
        item.count = 0;
    }
    if (map) write_members(ed, from, item.count, active, depth);
    else if (list) write_elements(ed, from, item.count, active, depth);
    else push(ed, BERM_EVENT_SCALAR, &item);
}

/* --- the whole --- */

static bool read_edits(editor *ed, berm_value edits)
{
    for (uint64_t i = 0; i < value_count(edits); i++) {
        berm_str text = value_text(value_element(edits, i));
        if (ed->count < EDIT_COUNT_MAX && read_edit(ed, text)) continue;
        fprintf(stderr,
                "berm: %s: \"%.*s\" is no edit: a path, = and a value, as in spec.a[0].b=1\n",
                ed->s->file, (int)text.len, text.ptr);
        return false;
    }
    return true;
}

berm_doc *edit_document(suite *s, berm_value from, berm_value edits)
{
    editor ed = {.s = s, .edits = calloc(EDIT_COUNT_MAX, sizeof(edit))};
    berm_doc *doc = NULL;
    if (ed.edits && read_edits(&ed, edits) &&
        !berm_builder_new(s->engine, (berm_str){s->file, strlen(s->file)}, &ed.builder, &ed.err)) {
        uint64_t all = ed.count == 64 ? UINT64_MAX : (1ull << ed.count) - 1;
        write_value(&ed, from, all, 0);
        if (!ed.err.status) (void)!berm_builder_finish(ed.builder, &doc, &ed.err);
    }
    if (ed.err.status) print_error(s->file, &ed.err);
    berm_builder_free(ed.builder);
    for (uint32_t i = 0; ed.edits && i < ed.count; i++) berm_doc_unref(ed.edits[i].value);
    free(ed.edits);
    return doc;
}
