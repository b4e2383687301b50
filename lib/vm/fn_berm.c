/* Berm's own small helpers. */
#include "vm/exec.h"

BERM_FN_BODY(GLOB)
{
    if (args[0].tag != BERM_TAG_STRING || args[1].tag != BERM_TAG_STRING)
        return berm_no_overload(vm, args, 2, word);
    berm_str text = berm_text_of(&vm->space, args[0]), pattern = berm_text_of(&vm->space, args[1]);
    if (!berm_space_spend(&vm->space, (uint64_t)text.len * pattern.len / 64)) return *args;
    return berm_cell_bool(berm_glob_match(pattern, text));
}

/* A list is itself, nothing is no element, anything else is one. */
BERM_FN_BODY(AS_LIST)
{
    (void)word;
    berm_cell value = *args, list;
    if (value.tag == BERM_TAG_OPTIONAL) value = berm_optional_value(vm, value);
    if (value.tag == BERM_TAG_UNKNOWN) return berm_cell_some(value, BERM_CELL_SOME_LIST);
    if (value.tag == BERM_TAG_LIST) return value;
    uint32_t count = value.tag == BERM_TAG_NULL || value.tag == BERM_TAG_MISSING ? 0 : 1;
    berm_cell *cells = berm_list_new(vm, count, &list);
    if (cells && count) *cells = value;
    return list;
}

/* Functions that look beyond their arguments: at the resource, and at others. */
static berm_cell ask_runner(berm_vm *vm, berm_question question, const berm_cell *args,
                            uint32_t word)
{
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    berm_cell answer = berm_cell_of(BERM_TAG_MISSING);
    if (vm->ask) answer = vm->ask(vm->ask_ctx, question, berm_text_of(&vm->space, *args));
    if (answer.tag != BERM_TAG_MISSING) return answer;
    return berm_fn_fail(vm, BERM_ERR_NO_RESOURCE, *args, word);
}

BERM_FN_BODY(CONFIGURED)
{
    return ask_runner(vm, BERM_ASK_CONFIGURED, args, word);
}

BERM_FN_BODY(LINKED)
{
    return ask_runner(vm, BERM_ASK_LINKED, args, word);
}

BERM_FN_BODY(RESOURCES)
{
    return ask_runner(vm, BERM_ASK_RESOURCES, args, word);
}
