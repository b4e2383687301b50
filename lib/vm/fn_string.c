/* Looking into strings and cutting them. Sizes and indexes count code points. */
#include "base/utf8.h"
#include "vm/object.h"

static bool are_texts(const berm_cell *args, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (args[i].tag != BERM_TAG_STRING) return false;
    return true;
}

berm_cell berm_cut_text(berm_cell text, uint32_t from, uint32_t to)
{
    text.aux = BERM_NO_SPAN;
    text.flags &= (uint8_t) ~(unsigned)BERM_CELL_AMBIGUOUS;
    text.as.ref.off += from;
    text.as.ref.len = to - from;
    return text;
}

BERM_FN_BODY(CONTAINS)
{
    if (!are_texts(args, 2)) return berm_no_overload(vm, args, 2, word);
    berm_str text = berm_text_of(&vm->space, args[0]), part = berm_text_of(&vm->space, args[1]);
    return berm_cell_bool(berm_find_text(text, part, 0) != SIZE_MAX);
}

BERM_FN_BODY(STARTS_WITH)
{
    if (!are_texts(args, 2)) return berm_no_overload(vm, args, 2, word);
    return berm_cell_bool(
        berm_str_starts(berm_text_of(&vm->space, args[0]), berm_text_of(&vm->space, args[1])));
}

BERM_FN_BODY(ENDS_WITH)
{
    if (!are_texts(args, 2)) return berm_no_overload(vm, args, 2, word);
    return berm_cell_bool(
        berm_str_ends(berm_text_of(&vm->space, args[0]), berm_text_of(&vm->space, args[1])));
}

/* The byte offset of a code point index 0 .. size; false when the index is outside. */
static bool find_text_offset(berm_str text, int64_t index, size_t *off)
{
    if (index < 0 || (uint64_t)index > text.len) return false;
    *off = berm_utf8_offset(text, (size_t)index);
    return *off < text.len || berm_utf8_count(text) == (size_t)index;
}

BERM_FN_BODY(CHAR_AT)
{
    size_t from, to;
    if (args[0].tag != BERM_TAG_STRING || args[1].tag != BERM_TAG_INT)
        return berm_no_overload(vm, args, 2, word);
    berm_str text = berm_text_of(&vm->space, args[0]);
    if (!find_text_offset(text, args[1].as.i, &from))
        return berm_fn_fail(vm, BERM_ERR_INDEX_RANGE, args[1], word);
    to = from;
    if (from < text.len) (void)berm_utf8_next(text, &to);
    return berm_cut_text(args[0], (uint32_t)from, (uint32_t)to);
}

static berm_cell answer_position(berm_str text, size_t at)
{
    if (at == SIZE_MAX) return berm_cell_int(-1);
    return berm_cell_int((int64_t)berm_utf8_count(berm_str_cut(text, 0, at)));
}

BERM_FN_BODY(INDEX_OF)
{
    if (args[0].tag == BERM_TAG_LIST) return berm_list_position(vm, args[0], args[1], false);
    if (!are_texts(args, 2)) return berm_no_overload(vm, args, 2, word);
    berm_str text = berm_text_of(&vm->space, args[0]);
    return answer_position(text, berm_find_text(text, berm_text_of(&vm->space, args[1]), 0));
}

BERM_FN_BODY(INDEX_OF_FROM)
{
    size_t from;
    if (!are_texts(args, 2) || args[2].tag != BERM_TAG_INT)
        return berm_no_overload(vm, args, 3, word);
    berm_str text = berm_text_of(&vm->space, args[0]);
    if (!find_text_offset(text, args[2].as.i, &from))
        return berm_fn_fail(vm, BERM_ERR_INDEX_RANGE, args[2], word);
    return answer_position(text, berm_find_text(text, berm_text_of(&vm->space, args[1]), from));
}

BERM_FN_BODY(LAST_INDEX_OF)
{
    if (args[0].tag == BERM_TAG_LIST) return berm_list_position(vm, args[0], args[1], true);
    if (!are_texts(args, 2)) return berm_no_overload(vm, args, 2, word);
    berm_str text = berm_text_of(&vm->space, args[0]);
    return answer_position(text,
                           berm_find_text_last(text, berm_text_of(&vm->space, args[1]), text.len));
}

BERM_FN_BODY(LAST_INDEX_OF_FROM)
{
    size_t from;
    if (!are_texts(args, 2) || args[2].tag != BERM_TAG_INT)
        return berm_no_overload(vm, args, 3, word);
    berm_str text = berm_text_of(&vm->space, args[0]);
    if (!find_text_offset(text, args[2].as.i, &from))
        return berm_fn_fail(vm, BERM_ERR_INDEX_RANGE, args[2], word);
    berm_str part = berm_text_of(&vm->space, args[1]);
    /* The end is no index to search from: cel-go finds nothing but an empty text there. */
    if (from == text.len && part.len) return berm_cell_int(-1);
    return answer_position(text, berm_find_text_last(text, part, from));
}

BERM_FN_BODY(SUBSTRING)
{
    size_t from;
    if (args[0].tag != BERM_TAG_STRING || args[1].tag != BERM_TAG_INT)
        return berm_no_overload(vm, args, 2, word);
    berm_str text = berm_text_of(&vm->space, args[0]);
    if (!find_text_offset(text, args[1].as.i, &from))
        return berm_fn_fail(vm, BERM_ERR_INDEX_RANGE, args[1], word);
    return berm_cut_text(args[0], (uint32_t)from, (uint32_t)text.len);
}

BERM_FN_BODY(SUBSTRING_TO)
{
    size_t from, to;
    if (args[0].tag != BERM_TAG_STRING || args[1].tag != BERM_TAG_INT ||
        args[2].tag != BERM_TAG_INT) {
        return berm_no_overload(vm, args, 3, word);
    }
    berm_str text = berm_text_of(&vm->space, args[0]);
    if (!find_text_offset(text, args[1].as.i, &from))
        return berm_fn_fail(vm, BERM_ERR_INDEX_RANGE, args[1], word);
    if (!find_text_offset(text, args[2].as.i, &to) || to < from) {
        return berm_fn_fail(vm, BERM_ERR_INDEX_RANGE, args[2], word);
    }
    return berm_cut_text(args[0], (uint32_t)from, (uint32_t)to);
}

/* The white space of Unicode. */
static bool is_space_code(int32_t code)
{
    if (code <= 0x20) return code == ' ' || (code >= '\t' && code <= '\r');
    if (code >= 0x2000 && code <= 0x200a) return true;
    return code == 0x85 || code == 0xa0 || code == 0x1680 || code == 0x2028 || code == 0x2029 ||
           code == 0x202f || code == 0x205f || code == 0x3000;
}

BERM_FN_BODY(TRIM)
{
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    berm_str text = berm_text_of(&vm->space, *args);
    size_t from = text.len, to = 0;
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        if (is_space_code(berm_utf8_next(text, &at))) continue;
        if (from == text.len) from = start;
        to = at;
    }
    return berm_cut_text(*args, (uint32_t)from, (uint32_t)(to < from ? from : to));
}

static berm_cell map_ascii(berm_vm *vm, berm_cell arg, char first, uint32_t word)
{
    if (arg.tag != BERM_TAG_STRING) return berm_no_overload(vm, &arg, 1, word);
    berm_str text = berm_text_of(&vm->space, arg);
    berm_cell result = berm_cell_of(BERM_TAG_STRING);
    char *out = berm_space_text(&vm->space, (uint32_t)text.len, &result);
    for (size_t i = 0; out && i < text.len; i++) {
        char c = text.ptr[i];
        out[i] = c >= first && c < first + 26 ? (char)(c ^ 0x20) : c;
    }
    return result;
}

BERM_FN_BODY(LOWER_ASCII)
{
    return map_ascii(vm, *args, 'A', word);
}

BERM_FN_BODY(UPPER_ASCII)
{
    return map_ascii(vm, *args, 'a', word);
}

berm_cell berm_reverse_text(berm_vm *vm, berm_cell arg)
{
    berm_str text = berm_text_of(&vm->space, arg);
    berm_cell result = berm_cell_of(BERM_TAG_STRING);
    char *out = berm_space_text(&vm->space, (uint32_t)text.len, &result);
    for (size_t at = 0; out && at < text.len;) {
        size_t start = at;
        (void)berm_utf8_next(text, &at);
        memcpy(out + text.len - at, text.ptr + start, at - start);
    }
    return result;
}
