#include "bridge.h"

#include <string.h>

/* --- findings --- */

static void put_place(bermgo_buffer *b, uint32_t line, uint32_t column)
{
    bermgo_put_u32(b, line);
    bermgo_put_u32(b, column);
}

static void put_time(bermgo_buffer *b, berm_time time)
{
    bermgo_put_u64(b, (uint64_t)time.sec);
    bermgo_put_u32(b, (uint32_t)time.nanos);
}

static void put_waivers(bermgo_buffer *b, const berm_finding *f)
{
    bermgo_put_u32(b, (uint32_t)f->waiver_count);
    for (size_t i = 0; i < f->waiver_count; i++) {
        const char *at = (const char *)f->waivers + i * f->waiver_stride;
        const berm_waived *w = (const berm_waived *)(const void *)at;
        bermgo_put_text(b, w->waiver);
        bermgo_put_text(b, w->expires);
        bermgo_put_text(b, w->why);
        bermgo_put_u32(b, w->standing);
        bermgo_put_u32(b, w->index);
    }
}

static void put_witness(bermgo_buffer *b, const berm_witness *w)
{
    bermgo_put_u8(b, w != NULL);
    if (!w) return;
    bermgo_put_text(b, w->expression);
    bermgo_put_text(b, w->value);
    bermgo_put_text(b, w->source);
    put_place(b, w->line, w->column);
    bermgo_put_u32(b, (uint32_t)w->operand_count);
    for (size_t i = 0; i < w->operand_count; i++) {
        const char *at = (const char *)w->operands + i * w->operand_stride;
        const berm_operand *o = (const berm_operand *)(const void *)at;
        bermgo_put_text(b, o->expression);
        bermgo_put_text(b, o->value);
    }
}

static void put_finding(bermgo_buffer *b, const berm_finding *f)
{
    bermgo_put_u32(b, f->verdict);
    bermgo_put_u32(b, f->severity);
    bermgo_put_u32(b, f->enforcement);
    bermgo_put_u32(b, f->action);
    bermgo_put_u32(b, f->flags);
    bermgo_put_u64(b, f->cost);
    bermgo_put_text(b, f->guardrail);
    bermgo_put_text(b, f->validation);
    bermgo_put_text(b, f->kind);
    bermgo_put_text(b, f->address);
    bermgo_put_text(b, f->message);
    bermgo_put_text(b, f->path);
    bermgo_put_text(b, f->waiver);
    bermgo_put_text(b, f->fingerprint);
    bermgo_put_u32(b, f->source);
    put_place(b, f->line, f->column);
    put_place(b, f->end_line, f->end_column);
    bermgo_put_u64(b, f->span.off);
    bermgo_put_u64(b, f->span.len);
    put_witness(b, f->witness);
    bermgo_put_text(b, f->explanation);
    bermgo_put_text(b, f->waiver_expires);
    put_waivers(b, f);
    bermgo_put_text(b, f->reason);
}

void bermgo_pack_findings(bermgo_buffer *b, const berm_finding *findings, size_t count,
                          size_t stride)
{
    const char *at = (const char *)findings;
    bermgo_put_u32(b, (uint32_t)count);
    for (size_t i = 0; i < count; i++)
        put_finding(b, (const berm_finding *)(const void *)(at + i * stride));
}

void bermgo_pack_waiver(bermgo_buffer *b, const berm_waiver *w)
{
    bermgo_put_text(b, w->id);
    bermgo_put_text(b, w->category);
    bermgo_put_text(b, w->owner);
    bermgo_put_text(b, w->expires);
    bermgo_put_text(b, w->source);
    bermgo_put_u32(b, w->line);
    bermgo_put_u32(b, w->status);
    bermgo_put_u32(b, w->problems);
    put_time(b, w->begins);
    put_time(b, w->ends);
    bermgo_put_u64(b, w->matches);
    bermgo_put_u64(b, w->max_matches);
    bermgo_put_u8(b, w->record.store != NULL);
    if (w->record.store) bermgo_pack_value(b, w->record);
}

void bermgo_pack_diags(bermgo_buffer *b, const berm_diags *diags)
{
    size_t count;
    const berm_diag *items = berm_diags_items(diags, &count);
    bermgo_put_u32(b, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        const berm_diag *d = &items[i];
        bermgo_put_u32(b, d->severity);
        put_place(b, d->line, d->column);
        put_place(b, d->end_line, d->end_column);
        bermgo_put_text(b, d->code);
        bermgo_put_text(b, d->source);
        bermgo_put_text(b, d->message);
        bermgo_put_text(b, d->hint);
        bermgo_put_text(b, d->frame);
    }
}

/* --- values --- */

/* As deep as the library lets documents and computed values be. */
#define DEPTH_MAX 4200

static uint64_t bits_of(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static void put_value(bermgo_buffer *b, berm_value value, unsigned depth);

static void put_elements(bermgo_buffer *b, berm_value value, uint64_t count, unsigned depth)
{
    bermgo_put_u64(b, count);
    for (uint64_t i = 0; i < count && !b->failed; i++) {
        berm_value key = {NULL, 0}, element = {NULL, 0};
        if (berm_value_at(value, i, &key, &element)) b->failed = true;
        if (key.store) put_value(b, key, depth + 1);
        put_value(b, element, depth + 1);
    }
}

static void put_value(bermgo_buffer *b, berm_value value, unsigned depth)
{
    berm_item item = {.size = sizeof item};
    if (depth > DEPTH_MAX || berm_value_read(value, &item)) {
        b->failed = true;
        return;
    }
    bermgo_put_u8(b, (uint8_t)item.type);
    bermgo_put_u8(b, (uint8_t)item.flags);
    switch (item.type) {
    case BERM_TYPE_OF_BOOL:
    case BERM_TYPE_OF_UINT:
    case BERM_TYPE_OF_ERROR: bermgo_put_u64(b, item.as.u); break;
    case BERM_TYPE_OF_INT:
    case BERM_TYPE_OF_DURATION: bermgo_put_u64(b, (uint64_t)item.as.i); break;
    case BERM_TYPE_OF_DOUBLE: bermgo_put_u64(b, bits_of(item.as.d)); break;
    case BERM_TYPE_OF_STRING:
    case BERM_TYPE_OF_BYTES:
    case BERM_TYPE_OF_TYPE: bermgo_put_text(b, item.as.s); break;
    case BERM_TYPE_OF_TIMESTAMP: put_time(b, item.as.t); break;
    case BERM_TYPE_OF_LIST:
    case BERM_TYPE_OF_SET:
    case BERM_TYPE_OF_MAP:
    case BERM_TYPE_OF_OPTIONAL: put_elements(b, value, item.count, depth); break;
    default: break;
    }
}

void bermgo_pack_value(bermgo_buffer *b, berm_value value)
{
    put_value(b, value, 0);
}

/* --- values from Go --- */

static void take_item(bermgo_reader *r, berm_item *item)
{
    uint64_t bits;
    *item = (berm_item){.size = sizeof *item};
    item->type = bermgo_take_u8(r);
    item->flags = bermgo_take_u8(r);
    switch (item->type) {
    case BERM_TYPE_OF_BOOL:
    case BERM_TYPE_OF_UINT: item->as.u = bermgo_take_u64(r); break;
    case BERM_TYPE_OF_INT:
    case BERM_TYPE_OF_DURATION: item->as.i = (int64_t)bermgo_take_u64(r); break;
    case BERM_TYPE_OF_DOUBLE:
        bits = bermgo_take_u64(r);
        memcpy(&item->as.d, &bits, sizeof bits);
        break;
    case BERM_TYPE_OF_STRING:
    case BERM_TYPE_OF_BYTES: item->as.s = bermgo_take_text(r); break;
    case BERM_TYPE_OF_TIMESTAMP:
        item->as.t.sec = (int64_t)bermgo_take_u64(r);
        item->as.t.nanos = (int32_t)bermgo_take_u32(r);
        break;
    case BERM_TYPE_OF_NULL: break;
    default: r->failed = true;
    }
}

berm_status bermgo_build_value(bermgo_reader *r, berm_builder *builder, berm_error *err)
{
    size_t open = 0;
    do {
        berm_event event = {.kind = bermgo_take_u8(r)};
        if (event.kind == BERM_EVENT_SCALAR || event.kind == BERM_EVENT_KEY)
            take_item(r, &event.item);
        else if (event.kind == BERM_EVENT_END) open--;
        else open++;
        if (r->failed) return BERM_E_ARGUMENT;
        berm_status status = berm_builder_push(builder, &event, err);
        if (status) return status;
    } while (open);
    return BERM_OK;
}
