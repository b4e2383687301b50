/* base64 and JSON. */
#include "data/doc.h"

#include "data/tree.h"
#include "vm/exec.h"

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

BERM_FN_BODY(BASE64_ENCODE)
{
    if (args->tag != BERM_TAG_BYTES) return berm_no_overload(vm, args, 1, word);
    berm_str in = berm_text_of(&vm->space, *args);
    uint64_t len = ((uint64_t)in.len + 2) / 3 * 4;
    if (len > UINT32_MAX) return berm_value_error(&vm->space, BERM_ERR_RESULT_SIZE, word, NULL, 0);
    berm_cell result = berm_cell_of(BERM_TAG_STRING);
    char *out = berm_space_text(&vm->space, (uint32_t)len, &result);
    for (size_t i = 0; out && i < in.len; i += 3) {
        size_t rest = in.len - i;
        uint32_t group = (uint32_t)(unsigned char)in.ptr[i] << 16;
        if (rest > 1) group |= (uint32_t)(unsigned char)in.ptr[i + 1] << 8;
        if (rest > 2) group |= (unsigned char)in.ptr[i + 2];
        *out++ = base64_digits[group >> 18];
        *out++ = base64_digits[group >> 12 & 63];
        *out++ = rest > 1 ? base64_digits[group >> 6 & 63] : '=';
        *out++ = rest > 2 ? base64_digits[group & 63] : '=';
    }
    return result;
}

static int read_base64_digit(char c)
{
    const char *at = c ? memchr(base64_digits, c, 64) : NULL;
    return at ? (int)(at - base64_digits) : -1;
}

/* Digits of base64, in lines or not, into `out`; how many bytes they were, SIZE_MAX when they are
   no base64. Padding may be missing, but when it is there it has to be complete. */
static size_t decode_base64(berm_str in, char *out)
{
    uint32_t group = 0;
    size_t digits = 0, padding = 0, len = 0;
    for (size_t i = 0; i < in.len; i++) {
        if (in.ptr[i] == '\n' || in.ptr[i] == '\r') continue;
        padding += in.ptr[i] == '=';
        if (in.ptr[i] == '=') continue;
        int digit = read_base64_digit(in.ptr[i]);
        if (digit < 0 || padding) return SIZE_MAX;
        group = group << 6 | (uint32_t)digit;
        if (digits % 4) out[len++] = (char)(group >> (6 - 2 * (digits % 4)) & 0xff);
        digits++;
    }
    bool complete = padding == 0 || (padding <= 2 && (digits + padding) % 4 == 0);
    return complete && digits % 4 != 1 ? len : SIZE_MAX;
}

BERM_FN_BODY(BASE64_DECODE)
{
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    berm_str in = berm_text_of(&vm->space, *args);
    berm_cell result = berm_cell_of(BERM_TAG_BYTES);
    char *out = berm_space_text(&vm->space, (uint32_t)(in.len / 4 * 3 + 3), &result);
    size_t len = out ? decode_base64(in, out) : 0;
    if (len == SIZE_MAX) return berm_fn_fail_conversion(vm, *args, BERM_TYPE_BYTES, word);
    if (out) berm_space_trim(&vm->space, &result, (uint32_t)len);
    return result;
}

/* --- JSON --- */

/* A value of a document moves into the arena, texts and all: the document goes. */
static berm_cell import_value(berm_space *space, const berm_store *from, berm_cell value,
                              uint32_t depth);

static void import_children(berm_space *space, const berm_store *from, berm_cell old, berm_cell *to,
                            uint32_t depth)
{
    uint32_t count = old.as.ref.len, cells = old.tag == BERM_TAG_MAP ? 2 * count : count;
    const berm_cell *children = from->cells + old.as.ref.off;
    for (uint32_t i = 0; i < cells; i++) {
        to[i] = import_value(space, from, children[i], depth - 1);
        if (old.tag == BERM_TAG_MAP && i % 2 == 0) to[i].aux = children[i].aux; /* a key's hash */
    }
    if (old.tag == BERM_TAG_MAP && count > BERM_MAP_LINEAR) {
        memcpy(to + cells, children + cells, berm_map_order_cells(count) * sizeof *to);
    }
}

static berm_cell import_value(berm_space *space, const berm_store *from, berm_cell value,
                              uint32_t depth)
{
    berm_cell moved = value;
    moved.aux = BERM_NO_SPAN;
    moved.flags = 0;
    if (space->status != BERM_OK) return berm_cell_of(BERM_TAG_NULL);
    if (value.tag == BERM_TAG_STRING || value.tag == BERM_TAG_BYTES) {
        const char *text = from->text[(value.flags & BERM_CELL_DECODED) != 0] + value.as.ref.off;
        char *to = berm_space_text(space, value.as.ref.len, &moved);
        if (to && value.as.ref.len) memcpy(to, text, value.as.ref.len);
        return to ? moved : berm_cell_of(BERM_TAG_NULL);
    }
    if (!berm_cell_container(value)) return moved;
    if (depth == 0) return berm_cell_of(BERM_TAG_NULL);
    uint32_t count = value.as.ref.len;
    uint32_t cells = value.tag == BERM_TAG_MAP ? 2 * count + berm_map_order_cells(count) : count;
    berm_cell *to = berm_space_cells(space, cells, &moved);
    if (!to) return berm_cell_of(BERM_TAG_NULL);
    moved.as.ref.len = count;
    import_children(space, from, value, to, depth);
    return moved;
}

BERM_FN_BODY(JSON_PARSE)
{
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    berm_doc *doc = NULL;
    berm_read read = {.alloc = vm->space.alloc,
                      .limits = &vm->limits,
                      .text = berm_text_of(&vm->space, *args),
                      .format = BERM_FORMAT_JSON};
    if (!berm_space_spend(&vm->space, read.text.len)) return *args;
    berm_status status = berm_doc_read(&read, &doc, NULL);
    if (status == BERM_E_NOMEM && vm->space.status == BERM_OK) vm->space.status = status;
    if (status != BERM_OK) {
        berm_cell operands[2] = {*args, berm_fn_text(vm, BERM_STR("JSON"))};
        return berm_value_error(&vm->space, BERM_ERR_PARSE, word, operands, 2);
    }
    berm_cell value =
        import_value(&vm->space, &doc->store, doc->roots[0], (uint32_t)vm->limits.depth + 1);
    berm_doc_drop(doc);
    return value;
}

BERM_FN_BODY(JSON_ENCODE)
{
    berm_text out = berm_vm_text(vm);
    bool done = berm_json_write(&out, &vm->space, *args, BERM_JSON_COMPACT);
    if (done || out.failed) return berm_fn_take_text(vm, &out);
    berm_text_free(&out);
    return berm_fn_fail(vm, BERM_ERR_DEPTH, *args, word);
}
