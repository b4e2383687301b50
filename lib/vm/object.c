/* Making objects and looking into them. */
#include "vm/object.h"

berm_cell berm_object_new(berm_vm *vm, berm_type_id type, const berm_cell *parts, uint32_t count)
{
    berm_cell object = {.tag = BERM_TAG_OBJECT, .aux = (uint32_t)type};
    berm_cell *to = berm_space_cells(&vm->space, count, &object);
    if (!to) return berm_cell_of(BERM_TAG_MISSING);
    memcpy(to, parts, count * sizeof *to);
    return object;
}

berm_cell berm_object_part(const berm_vm *vm, berm_cell object, uint32_t index)
{
    if (index >= object.as.ref.len) return berm_cell_of(BERM_TAG_MISSING);
    return berm_list_at(&vm->space, object, index);
}

berm_str berm_object_text(const berm_vm *vm, berm_cell object, uint32_t index)
{
    berm_cell part = berm_object_part(vm, object, index);
    if (part.tag != BERM_TAG_STRING && part.tag != BERM_TAG_BYTES) return BERM_STR("");
    return berm_text_of(&vm->space, part);
}

berm_cell berm_object_string(const berm_vm *vm, berm_cell object)
{
    bool has_text = object.aux >= BERM_TYPE_IP && object.aux <= BERM_TYPE_FORMAT;
    if (!has_text || object.as.ref.len == 0) return berm_cell_of(BERM_TAG_MISSING);
    return berm_object_part(vm, object, object.as.ref.len - 1);
}

berm_cell berm_bytes_new(berm_vm *vm, const void *bytes, uint32_t len)
{
    berm_cell cell = berm_cell_of(BERM_TAG_BYTES);
    char *to = berm_space_text(&vm->space, len, &cell);
    if (!to) return berm_cell_of(BERM_TAG_MISSING);
    if (len) memcpy(to, bytes, len);
    return cell;
}
