/* Optional values, and what tells known from unknown. */
#include "vm/exec.h"

BERM_FN_BODY(OPTIONAL_OF)
{
    (void)word;
    return berm_optional_of(vm, *args);
}

BERM_FN_BODY(OPTIONAL_NONE)
{
    (void)vm, (void)args, (void)word;
    return berm_optional_none();
}

static bool is_zero(berm_cell c)
{
    switch (c.tag) {
    case BERM_TAG_NULL: return true;
    case BERM_TAG_BOOL:
    case BERM_TAG_INT:
    case BERM_TAG_UINT:
    case BERM_TAG_DURATION: return c.as.u == 0;
    case BERM_TAG_DOUBLE: return c.as.d == 0;
    case BERM_TAG_STRING:
    case BERM_TAG_BYTES:
    case BERM_TAG_LIST:
    case BERM_TAG_MAP:
    case BERM_TAG_SET: return c.as.ref.len == 0;
    case BERM_TAG_TIMESTAMP: return c.as.i == 0 && c.aux == 0;
    default: return false;
    }
}

BERM_FN_BODY(OPTIONAL_OF_NON_ZERO)
{
    (void)word;
    return is_zero(*args) ? berm_cell_tint(berm_optional_none(), *args)
                          : berm_optional_of(vm, *args);
}

BERM_FN_BODY(HAS_VALUE)
{
    if (args->tag != BERM_TAG_OPTIONAL) return berm_no_overload(vm, args, 1, word);
    return berm_cell_bool(args->as.ref.len != 0);
}

BERM_FN_BODY(VALUE)
{
    if (args->tag != BERM_TAG_OPTIONAL) return berm_no_overload(vm, args, 1, word);
    berm_cell value = berm_optional_value(vm, *args);
    return value.tag == BERM_TAG_MISSING
               ? berm_value_error(&vm->space, BERM_ERR_OPTIONAL_NONE, word, NULL, 0)
               : value;
}

/* What is no optional has a value, itself, where cel-go's ways are asked for. */
static berm_cell or_itself(berm_vm *vm, const berm_cell *args, uint32_t word)
{
    return vm->loose_presence ? args[0] : berm_no_overload(vm, args, 2, word);
}

BERM_FN_BODY(OR)
{
    if (args[0].tag != BERM_TAG_OPTIONAL) return or_itself(vm, args, word);
    if (args[0].as.ref.len) return args[0];
    if (args[1].tag == BERM_TAG_OPTIONAL) return args[1];
    if (berm_cell_undecided(args[1])) return berm_cell_fallible(args[1]);
    return berm_no_overload(vm, args, 2, word);
}

BERM_FN_BODY(OR_VALUE)
{
    if (args[0].tag != BERM_TAG_OPTIONAL) return or_itself(vm, args, word);
    berm_cell value = berm_optional_value(vm, args[0]);
    return value.tag == BERM_TAG_MISSING ? args[1] : value;
}

BERM_FN_BODY(OPTIONAL_UNWRAP)
{
    if (args->tag != BERM_TAG_LIST) return berm_no_overload(vm, args, 1, word);
    uint32_t count = args->as.ref.len, kept = 0;
    berm_cell list;
    berm_cell *cells = berm_list_new(vm, count, &list);
    if (!cells || !berm_space_spend(&vm->space, count)) return list;
    for (uint32_t i = 0; i < count; i++) {
        berm_cell item = berm_list_at(&vm->space, *args, i), value = berm_optional_value(vm, item);
        if (item.tag == BERM_TAG_UNKNOWN) return berm_cell_fallible(item);
        if (item.tag != BERM_TAG_OPTIONAL)
            return berm_fn_fail(vm, BERM_ERR_NOT_OPTIONAL, item, word);
        if (value.tag != BERM_TAG_MISSING) cells[kept++] = value;
    }
    list.as.ref.len = kept;
    list.flags |= (uint8_t)(args->flags & BERM_CELL_OPEN);
    return list;
}

BERM_FN_BODY(UNWRAP_OPT)
{
    return berm_fn_OPTIONAL_UNWRAP(vm, args, word);
}

BERM_FN_BODY(KNOWN)
{
    (void)vm, (void)word;
    if (args->tag == BERM_TAG_ERROR) return *args;
    return berm_cell_bool(args->tag != BERM_TAG_UNKNOWN);
}
