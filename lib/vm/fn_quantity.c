/* The quantity library of Kubernetes, and the comparing methods that semantic versions share.

     kubernetes.Quantity  sign, point, digits, how it was written, text

   The value is sign x 0.digits x 10^point. */
#include "vm/object.h"
#include "vm/quantity.h"

enum {
    QUANTITY_SIGN,
    QUANTITY_POINT,
    QUANTITY_DIGITS,
    QUANTITY_WRITTEN, /* scale, then whether it is large, then two bits of form */
    QUANTITY_TEXT,
    QUANTITY_PARTS
};

static bool take_quantity(const berm_vm *vm, berm_cell c, berm_quantity *q)
{
    if (!berm_is_object(c, BERM_TYPE_QUANTITY) || c.as.ref.len != QUANTITY_PARTS) return false;
    uint64_t written = berm_object_part(vm, c, QUANTITY_WRITTEN).as.u;
    *q = (berm_quantity){.sign = (int)berm_object_part(vm, c, QUANTITY_SIGN).as.i,
                         .digits = berm_object_text(vm, c, QUANTITY_DIGITS),
                         .form = (berm_quantity_form)(written & 3),
                         .large = written >> 2 & 1,
                         .scale = (int32_t)(uint32_t)(written >> 3)};
    q->exponent = berm_object_part(vm, c, QUANTITY_POINT).as.i - (int64_t)q->digits.len;
    return true;
}

static berm_cell new_quantity(berm_vm *vm, const berm_quantity *q)
{
    berm_text text;
    berm_text_init(&text, vm->space.alloc);
    berm_quantity_print(&text, q);
    uint64_t written =
        (uint64_t)(uint32_t)q->scale << 3 | (uint64_t)q->large << 2 | (uint64_t)q->form;
    berm_cell parts[QUANTITY_PARTS] = {[QUANTITY_SIGN] = berm_cell_int(q->sign),
                                       [QUANTITY_POINT] =
                                           berm_cell_int(q->exponent + (int64_t)q->digits.len),
                                       [QUANTITY_DIGITS] = berm_fn_text(vm, q->digits),
                                       [QUANTITY_WRITTEN] = berm_cell_int((int64_t)written)};
    parts[QUANTITY_TEXT] = berm_fn_take_text(vm, &text);
    return berm_object_new(vm, BERM_TYPE_QUANTITY, parts, QUANTITY_PARTS);
}

static void note_failed_text(berm_vm *vm, const berm_text *text)
{
    if (text->failed && vm->space.status == BERM_OK) vm->space.status = BERM_E_NOMEM;
}

BERM_FN_BODY(QUANTITY)
{
    berm_text digits;
    berm_quantity q;
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    berm_text_init(&digits, vm->space.alloc);
    bool fine = berm_quantity_parse(berm_text_of(&vm->space, *args), &digits, &q);
    berm_cell made =
        fine ? new_quantity(vm, &q) : berm_fn_fail_conversion(vm, *args, BERM_TYPE_QUANTITY, word);
    note_failed_text(vm, &digits);
    berm_text_free(&digits);
    return made;
}

BERM_FN_BODY(IS_QUANTITY)
{
    berm_text digits;
    berm_quantity q;
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    berm_text_init(&digits, vm->space.alloc);
    bool fine = berm_quantity_parse(berm_text_of(&vm->space, *args), &digits, &q);
    note_failed_text(vm, &digits);
    berm_text_free(&digits);
    return berm_cell_bool(fine);
}

/* --- arithmetic --- */

/* A quantity, or an int as one; its digits are then in `digits`. */
static bool take_operand(berm_vm *vm, berm_cell c, berm_text *digits, berm_quantity *q)
{
    if (c.tag != BERM_TAG_INT) return take_quantity(vm, c, q);
    berm_quantity_from_int(c.as.i, digits, q);
    return true;
}

static berm_cell add_quantities(berm_vm *vm, const berm_cell *args, bool subtract, uint32_t word)
{
    berm_quantity a, b, sum;
    berm_text digits, other;
    berm_text_init(&digits, vm->space.alloc);
    berm_text_init(&other, vm->space.alloc);
    berm_cell result;
    if (!take_quantity(vm, args[0], &a) || !take_operand(vm, args[1], &other, &b)) {
        result = berm_no_overload(vm, args, 2, word);
    } else if (!other.failed && berm_quantity_add(&a, &b, subtract, &digits, &sum)) {
        result = berm_space_spend(&vm->space, digits.len / 16) ? new_quantity(vm, &sum) : args[0];
    } else {
        result = berm_value_error(&vm->space, BERM_ERR_RESULT_SIZE, word, NULL, 0);
    }
    note_failed_text(vm, &digits);
    note_failed_text(vm, &other);
    berm_text_free(&digits);
    berm_text_free(&other);
    return result;
}

BERM_FN_BODY(QUANTITY_ADD)
{
    return add_quantities(vm, args, false, word);
}

BERM_FN_BODY(QUANTITY_SUB)
{
    return add_quantities(vm, args, true, word);
}

BERM_FN_BODY(QUANTITY_SIGN)
{
    berm_quantity q;
    if (!take_quantity(vm, *args, &q)) return berm_no_overload(vm, args, 1, word);
    return berm_cell_int(q.sign);
}

BERM_FN_BODY(QUANTITY_SIGN_M)
{
    return berm_fn_QUANTITY_SIGN(vm, args, word);
}

/* --- as numbers --- */

BERM_FN_BODY(QUANTITY_IS_INTEGER)
{
    berm_quantity q;
    int64_t value;
    if (!take_quantity(vm, *args, &q)) return berm_no_overload(vm, args, 1, word);
    return berm_cell_bool(berm_quantity_int(&q, &value));
}

BERM_FN_BODY(QUANTITY_AS_INTEGER)
{
    berm_quantity q;
    int64_t value;
    if (!take_quantity(vm, *args, &q)) return berm_no_overload(vm, args, 1, word);
    if (!berm_quantity_int(&q, &value)) {
        return berm_fn_fail_conversion(vm, *args, BERM_TYPE_INT, word);
    }
    return berm_cell_int(value);
}

BERM_FN_BODY(QUANTITY_AS_FLOAT)
{
    berm_quantity q;
    berm_text scratch;
    double value;
    if (!take_quantity(vm, *args, &q)) return berm_no_overload(vm, args, 1, word);
    if (!berm_space_spend(&vm->space, q.digits.len / 16)) return *args;
    berm_text_init(&scratch, vm->space.alloc);
    (void)berm_quantity_double(&q, &scratch, &value);
    note_failed_text(vm, &scratch);
    berm_text_free(&scratch);
    return berm_cell_double(value);
}

/* --- comparing quantities, and semantic versions --- */

/* -1, 0, 1; false when they are not two quantities or two versions. */
static bool compare_objects(berm_vm *vm, const berm_cell *args, int *order)
{
    berm_quantity a, b;
    if (berm_is_object(args[0], BERM_TYPE_SEMVER) && berm_is_object(args[1], BERM_TYPE_SEMVER)) {
        *order = berm_semver_compare(vm, args[0], args[1]);
        return true;
    }
    if (!take_quantity(vm, args[0], &a) || !take_quantity(vm, args[1], &b)) return false;
    if (!berm_space_spend(&vm->space, a.digits.len / 64)) return false;
    *order = berm_quantity_compare(&a, &b);
    return true;
}

BERM_FN_BODY(COMPARE_TO)
{
    int order;
    if (!compare_objects(vm, args, &order)) return berm_no_overload(vm, args, 2, word);
    return berm_cell_int(order);
}

BERM_FN_BODY(IS_LESS_THAN)
{
    int order;
    if (!compare_objects(vm, args, &order)) return berm_no_overload(vm, args, 2, word);
    return berm_cell_bool(order < 0);
}

BERM_FN_BODY(IS_GREATER_THAN)
{
    int order;
    if (!compare_objects(vm, args, &order)) return berm_no_overload(vm, args, 2, word);
    return berm_cell_bool(order > 0);
}
