/* JSON patches: keys in JSON pointers (RFC 6901). */
#include "vm/exec.h"

/* ~ is written ~0, / is written ~1. */
BERM_FN_BODY(JSONPATCH_ESCAPE_KEY)
{
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    berm_str key = berm_text_of(&vm->space, *args);
    uint64_t len = key.len;
    for (size_t i = 0; i < key.len; i++) len += key.ptr[i] == '~' || key.ptr[i] == '/';
    if (len == key.len) return *args;
    if (len > UINT32_MAX) return berm_value_error(&vm->space, BERM_ERR_RESULT_SIZE, word, NULL, 0);
    berm_cell result = berm_cell_of(BERM_TAG_STRING);
    char *out = berm_space_text(&vm->space, (uint32_t)len, &result);
    for (size_t i = 0; out && i < key.len; i++) {
        bool special = key.ptr[i] == '~' || key.ptr[i] == '/';
        *out++ = special ? '~' : key.ptr[i];
        if (special) *out++ = key.ptr[i] == '~' ? '0' : '1';
    }
    return result;
}
