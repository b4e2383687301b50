/* The list of diagnostics, and errors that a caller owns. */
#include "base/diag.h"

#include <stddef.h>

#define BERM_DIAG_SEVERITY_OF(severity) BERM_DIAG_##severity

/* The hints, one after the other: rows say where theirs is, in two bytes, without a relocation. */
static const struct diag_hints {
    char none[1];
#define BERM_DIAG(id, number, severity, summary, hint) char id[sizeof hint];
#include "base/diagnostics.def"
#undef BERM_DIAG
} diag_hints = {
    "",
#define BERM_DIAG(id, number, severity, summary, hint) hint,
#include "base/diagnostics.def"
#undef BERM_DIAG
};

static const struct diag_row {
    uint16_t number, severity, hint;
} diag_rows[BERM_D_COUNT] = {
    [BERM_D_NONE] = {0, BERM_DIAG_NOTE, 0},
#define BERM_DIAG(id, number, severity, summary, hint) \
    [BERM_D_##id] = {number, BERM_DIAG_SEVERITY_OF(severity), offsetof(struct diag_hints, id)},
#include "base/diagnostics.def"
#undef BERM_DIAG
};
_Static_assert(sizeof diag_hints <= UINT16_MAX, "where a hint is takes two bytes");

berm_diag_info berm_diag_info_of(berm_diag_id id)
{
    const struct diag_row *row = &diag_rows[(unsigned)id < BERM_D_COUNT ? id : BERM_D_NONE];
    return (berm_diag_info){row->number, (berm_diag_severity)row->severity,
                            (const char *)&diag_hints + row->hint};
}

const char *berm_diag_summary(berm_diag_id id)
{
#define BERM_DIAG(name, number, severity, summary, hint) \
    if ((number) >= 700 && id == BERM_D_##name) return summary;
#include "base/diagnostics.def"
#undef BERM_DIAG
    return "";
}

typedef struct diag_source {
    berm_str name;
    berm_lines lines;
} diag_source;

struct berm_diags {
    berm_alloc alloc; /* a copy: the list may outlive what it was made from */
    berm_arena arena;
    BERM_ARRAY(berm_diag) items;
    BERM_ARRAY(diag_source) sources;
    uint32_t error_count, lost_count;
    bool failed;
};

berm_diags *berm_diags_new(const berm_alloc *alloc)
{
    berm_diags *diags = berm_mem_new(alloc, sizeof *diags);
    if (!diags) return NULL;
    diags->alloc = *alloc;
    berm_arena_init(&diags->arena, &diags->alloc);
    return diags;
}

void berm_diags_drop(berm_diags *diags)
{
    if (!diags) return;
    for (uint32_t i = 0; i < diags->sources.count; i++) {
        berm_array_free(&diags->alloc, &diags->sources.items[i].lines.marks);
    }
    berm_array_free(&diags->alloc, &diags->sources);
    berm_array_free(&diags->alloc, &diags->items);
    berm_arena_free(&diags->arena);
    berm_alloc alloc = diags->alloc;
    berm_mem_free(&alloc, diags, sizeof *diags);
}

uint32_t berm_diags_source(berm_diags *diags, berm_str name, berm_str text)
{
    if (!diags) return BERM_NO_SOURCE;
    diag_source source = {.lines = {.text = text}};
    if (!berm_arena_copy(&diags->arena, name, &source.name) ||
        !berm_array_push(&diags->alloc, &diags->sources, source)) {
        diags->failed = true;
        return BERM_NO_SOURCE;
    }
    return diags->sources.count - 1;
}

static diag_source *find_diag_source(berm_diags *diags, berm_place place)
{
    return place.source < diags->sources.count ? &diags->sources.items[place.source] : NULL;
}

void berm_diags_locate(berm_diags *diags, berm_place place, uint32_t *line, uint32_t *column)
{
    diag_source *source = diags ? find_diag_source(diags, place) : NULL;
    *line = *column = 0;
    if (source) berm_lines_locate(&source->lines, &diags->alloc, place.off, line, column);
}

/* Place, source name and frame of an item. */
static bool set_diag_place(berm_diags *diags, berm_diag *item, berm_place place)
{
    diag_source *source = find_diag_source(diags, place);
    if (!source) return true;
    item->source = source->name;
    berm_diags_locate(diags, place, &item->line, &item->column);
    /* Offsets are 32 bits wide; a span may still claim to end behind them. */
    berm_place end = {place.source,
                      place.len < UINT32_MAX - place.off ? place.off + place.len : UINT32_MAX, 0};
    berm_diags_locate(diags, end, &item->end_line, &item->end_column);
    berm_text frame;
    berm_text_init(&frame, &diags->alloc);
    berm_frame_at(&frame, source->lines.text, place.off, place.len, item->line, item->column);
    bool done =
        !frame.failed && berm_arena_copy(&diags->arena, berm_text_view(&frame), &item->frame);
    berm_text_free(&frame);
    return done;
}

static bool set_diag_message(berm_diags *diags, berm_diag *item, const char *format, va_list args)
{
    berm_text raw, shown;
    berm_text_init(&raw, &diags->alloc);
    berm_text_init(&shown, &diags->alloc);
    berm_text_vformat(&raw, format, args);
    berm_text_put_visible(&shown, berm_text_view(&raw));
    bool done = !raw.failed && !shown.failed &&
                berm_arena_copy(&diags->arena, berm_text_view(&shown), &item->message);
    berm_text_free(&raw);
    berm_text_free(&shown);
    return done;
}

/* What is compiled more than once (in dialects: for Pods and for what makes Pods) is faulty
   at one place: that is said once. */
static bool is_said(const berm_diags *diags, const berm_diag *item)
{
    if (!BERM_PART_DIALECTS) return false;
    for (size_t i = 0; item->line && i < diags->items.count; i++) {
        const berm_diag *said = &diags->items.items[i];
        if (said->line == item->line && said->column == item->column &&
            berm_str_equal(said->source, item->source) && berm_str_equal(said->code, item->code) &&
            berm_str_equal(said->message, item->message))
            return true;
    }
    return false;
}

berm_status berm_diags_vadd(berm_diags *diags, berm_diag_id id, berm_place place,
                            const char *format, va_list args)
{
    if (!diags) return BERM_OK;
    const berm_diag_info info = berm_diag_info_of(id);
    if (info.severity == BERM_DIAG_ERROR) diags->error_count++;
    if (diags->items.count >= BERM_DIAGS_MAX) {
        diags->lost_count++;
        return BERM_OK;
    }
    berm_diag item = {.severity = info.severity, .hint = berm_str_of(info.hint)};
    char code[8];
    berm_format_into(code, sizeof code, "B0%u", info.number);
    if (!berm_arena_copy(&diags->arena, berm_str_of(code), &item.code) ||
        !set_diag_message(diags, &item, format, args) || !set_diag_place(diags, &item, place) ||
        (!is_said(diags, &item) && !berm_array_push(&diags->alloc, &diags->items, item))) {
        diags->failed = true;
        return BERM_E_NOMEM;
    }
    return BERM_OK;
}

berm_status berm_diags_add(berm_diags *diags, berm_diag_id id, berm_place place, const char *format,
                           ...)
{
    va_list args;
    va_start(args, format);
    berm_status status = berm_diags_vadd(diags, id, place, format, args);
    va_end(args);
    return status;
}

const berm_diag *berm_diags_list(const berm_diags *diags, size_t *count)
{
    *count = diags ? diags->items.count : 0;
    return diags ? diags->items.items : NULL;
}

uint32_t berm_diags_error_count(const berm_diags *diags)
{
    return diags ? diags->error_count : 0;
}

uint32_t berm_diags_lost_count(const berm_diags *diags)
{
    return diags ? diags->lost_count : 0;
}

bool berm_diags_failed(const berm_diags *diags)
{
    return diags && diags->failed;
}

/* --- errors --- */

/* As berm_text_put_visible, where there is no room to grow. */
static void hide_controls(char *message)
{
    for (; *message; message++) {
        if ((unsigned char)*message < 0x20 || *message == 0x7F) *message = '?';
    }
}

static berm_status set_error(berm_error *err, berm_status status, berm_diag_id id,
                             const char *format, va_list args)
{
    if (!err) return status;
    *err = (berm_error){.status = status, .code = berm_diag_info_of(id).number};
    berm_vformat_into(err->message, sizeof err->message, format, args);
    hide_controls(err->message);
    return status;
}

berm_status berm_error_set(berm_error *err, berm_status status, berm_diag_id id, const char *format,
                           ...)
{
    va_list args;
    va_start(args, format);
    set_error(err, status, id, format, args);
    va_end(args);
    return status;
}

berm_status berm_error_at(berm_error *err, berm_status status, berm_diag_id id, berm_str text,
                          size_t off, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set_error(err, status, id, format, args);
    va_end(args);
    if (!err) return status;
    err->off = off;
    berm_locate(text, off, &err->line, &err->column);
    return status;
}
