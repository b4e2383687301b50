/* Making strings from strings: replace, split, join, quote. */
#include "base/utf8.h"
#include "vm/exec.h"

berm_cell berm_fn_take_text(berm_vm *vm, berm_text *text)
{
    berm_cell result = berm_cell_of(BERM_TAG_MISSING);
    if (!text->failed) result = berm_space_string(&vm->space, berm_text_view(text));
    else if (vm->space.status == BERM_OK) vm->space.status = BERM_E_NOMEM;
    berm_vm_keep_text(vm, text);
    return result;
}

/* Finds places where a text is cut: at each occurrence of a separator or, where that is empty,
   between code points. */
typedef struct cutter {
    berm_str text, separator;
    size_t at;     /* where the next piece starts */
    uint64_t left; /* pieces that may still be cut off */
} cutter;

/* The end of the piece that starts at c->at, which moves behind the separator; false: the rest
   is the last piece. */
static bool cut_piece(cutter *c, size_t *end)
{
    if (c->left == 0) return false;
    if (c->separator.len == 0) {
        size_t next = c->at;
        if (next >= c->text.len) return false;
        (void)berm_utf8_next(c->text, &next);
        if (next >= c->text.len) return false;
        c->at = *end = next;
    } else {
        *end = berm_find_text(c->text, c->separator, c->at);
        if (*end == SIZE_MAX) return false;
        c->at = *end + c->separator.len;
    }
    c->left--;
    return true;
}

static berm_cell split_text(berm_vm *vm, berm_cell text, berm_cell separator, int64_t limit)
{
    berm_cell list;
    cutter start = {berm_text_of(&vm->space, text), berm_text_of(&vm->space, separator), 0,
                    limit < 0 ? UINT64_MAX : (uint64_t)limit - 1};
    if (limit == 0 || (start.text.len == 0 && start.separator.len == 0)) {
        (void)berm_list_new(vm, 0, &list);
        return list;
    }
    size_t from = 0, end;
    uint32_t count = 1;
    for (cutter c = start; cut_piece(&c, &end);) count++;
    berm_cell *cells = berm_list_new(vm, count, &list);
    if (!cells || !berm_space_spend(&vm->space, count)) return list;
    for (; cut_piece(&start, &end); from = start.at)
        *cells++ = berm_cut_text(text, (uint32_t)from, (uint32_t)end);
    *cells = berm_cut_text(text, (uint32_t)from, (uint32_t)start.text.len);
    return list;
}

BERM_FN_BODY(SPLIT)
{
    if (args[0].tag != BERM_TAG_STRING || args[1].tag != BERM_TAG_STRING)
        return berm_no_overload(vm, args, 2, word);
    return split_text(vm, args[0], args[1], -1);
}

BERM_FN_BODY(SPLIT_COUNT)
{
    if (args[0].tag != BERM_TAG_STRING || args[1].tag != BERM_TAG_STRING ||
        args[2].tag != BERM_TAG_INT) {
        return berm_no_overload(vm, args, 3, word);
    }
    return split_text(vm, args[0], args[1], args[2].as.i);
}

/* Where the next replacement goes: *from .. *to of the text is replaced. An empty text stands
   before every code point and at the end. */
static bool find_place(berm_str text, berm_str old, size_t *next, size_t *from, size_t *to)
{
    if (old.len == 0) {
        if (*next > text.len) return false;
        *from = *to = *next;
        if (*next < text.len) (void)berm_utf8_next(text, next);
        else *next = text.len + 1;
        return true;
    }
    *from = berm_find_text(text, old, *next);
    if (*from == SIZE_MAX) return false;
    *to = *next = *from + old.len;
    return true;
}

static berm_cell replace_text(berm_vm *vm, const berm_cell *args, int64_t limit, uint32_t word)
{
    berm_str text = berm_text_of(&vm->space, args[0]), old = berm_text_of(&vm->space, args[1]);
    berm_str with = berm_text_of(&vm->space, args[2]);
    uint64_t count = 0, most = limit < 0 ? UINT64_MAX : (uint64_t)limit;
    size_t next = 0, from, to, done = 0;
    while (count < most && find_place(text, old, &next, &from, &to)) count++;
    if (count == 0) return args[0];
    uint64_t len = text.len - count * old.len + count * with.len;
    if (len > UINT32_MAX) return berm_value_error(&vm->space, BERM_ERR_RESULT_SIZE, word, NULL, 0);
    berm_cell result = berm_cell_of(BERM_TAG_STRING);
    if (!berm_space_spend(&vm->space, len / 16)) return result;
    char *out = berm_space_text(&vm->space, (uint32_t)len, &result);
    if (!out) return result;
    for (next = 0; count-- > 0 && find_place(text, old, &next, &from, &to); done = to) {
        if (from > done) memcpy(out, text.ptr + done, from - done);
        out += from - done;
        if (with.len) memcpy(out, with.ptr, with.len);
        out += with.len;
    }
    if (text.len > done) memcpy(out, text.ptr + done, text.len - done);
    return result;
}

static bool are_replaceable(const berm_cell *args)
{
    return args[0].tag == BERM_TAG_STRING && args[1].tag == BERM_TAG_STRING &&
           args[2].tag == BERM_TAG_STRING;
}

BERM_FN_BODY(REPLACE)
{
    return are_replaceable(args) ? replace_text(vm, args, -1, word)
                                 : berm_no_overload(vm, args, 3, word);
}

BERM_FN_BODY(REPLACE_COUNT)
{
    if (!are_replaceable(args) || args[3].tag != BERM_TAG_INT)
        return berm_no_overload(vm, args, 4, word);
    return replace_text(vm, args, args[3].as.i, word);
}

static berm_cell join_texts(berm_vm *vm, const berm_cell *args, berm_str separator, uint32_t word)
{
    uint32_t count = args->as.ref.len;
    uint64_t len = count ? (uint64_t)separator.len * (count - 1) : 0;
    for (uint32_t i = 0; i < count; i++) {
        berm_cell item = berm_list_at(&vm->space, *args, i);
        if (item.tag != BERM_TAG_STRING) return berm_no_overload(vm, &item, 1, word);
        len += item.as.ref.len;
    }
    if (len > UINT32_MAX) return berm_value_error(&vm->space, BERM_ERR_RESULT_SIZE, word, NULL, 0);
    berm_cell result = berm_cell_of(BERM_TAG_STRING);
    if (!berm_space_spend(&vm->space, count + len / 16)) return result;
    char *out = berm_space_text(&vm->space, (uint32_t)len, &result);
    for (uint32_t i = 0; out && i < count; i++) {
        berm_str part = berm_text_of(&vm->space, berm_list_at(&vm->space, *args, i));
        if (i && separator.len) memcpy(out, separator.ptr, separator.len);
        out += i ? separator.len : 0;
        if (part.len) memcpy(out, part.ptr, part.len);
        out += part.len;
    }
    return result;
}

BERM_FN_BODY(JOIN)
{
    if (args->tag != BERM_TAG_LIST) return berm_no_overload(vm, args, 1, word);
    return join_texts(vm, args, BERM_STR(""), word);
}

BERM_FN_BODY(JOIN_WITH)
{
    if (args[0].tag != BERM_TAG_LIST || args[1].tag != BERM_TAG_STRING)
        return berm_no_overload(vm, args, 2, word);
    return join_texts(vm, args, berm_text_of(&vm->space, args[1]), word);
}

BERM_FN_BODY(QUOTE)
{
    static const char plain[] = "\a\b\f\n\r\t\v\\\"", letters[] = "abfnrtv\\\"";
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    berm_str text = berm_text_of(&vm->space, *args);
    berm_text out = berm_vm_text(vm);
    berm_text_putc(&out, '"');
    for (size_t i = 0; i < text.len; i++) {
        const char *special = text.ptr[i] ? strchr(plain, text.ptr[i]) : NULL;
        if (special) berm_text_putc(&out, '\\');
        berm_text_putc(&out, special ? letters[special - plain] : text.ptr[i]);
    }
    berm_text_putc(&out, '"');
    return berm_fn_take_text(vm, &out);
}
