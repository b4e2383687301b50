/* Operators and functions. */
#include "code/lower.h"

#include "code/operators.h"

static void lower_operator(berm_lowering *low, berm_op op, const berm_ast_node *node, uint16_t dst)
{
    uint32_t free_register = low->emit.next_register;
    uint16_t a = berm_lower_in(low, berm_lower_child(low, node, 0), dst), b = 0;
    if (node->count == 2) {
        b = berm_lower_in(low, berm_lower_child(low, node, 1), berm_lower_register(low));
    }
    berm_emit_abc(&low->emit, op, dst, a, b);
    low->emit.next_register = free_register;
}

void berm_lower_function(berm_lowering *low, berm_function_id function, uint16_t dst,
                         uint16_t first)
{
    berm_emit_abc(&low->emit, BERM_OP_FN, dst, (uint16_t)function, first);
}

/* The HOST row of a function; a new one at its first call. */
static uint16_t name_host(berm_codegen *gen, const berm_host *host)
{
    for (uint32_t row = 0; row < gen->hosts.count; row++) {
        const berm_img_host *known = &gen->hosts.items[row];
        berm_str name = {gen->text.items + known->name.off, known->name.len};
        if (known->method == host->method && known->argc == host->argc &&
            berm_str_equal(name, host->name)) {
            return (uint16_t)row;
        }
    }
    berm_img_host row = {.name = berm_codegen_text(gen, host->name),
                         .method = host->method,
                         .argc = host->argc,
                         .declaration = berm_codegen_text(gen, host->declaration)};
    if (!gen->failed && !berm_array_push(gen->alloc, &gen->hosts, row)) {
        gen->failed = true;
        gen->status = BERM_E_NOMEM;
    }
    return gen->failed ? 0 : (uint16_t)(gen->hosts.count - 1);
}

static void lower_host(berm_lowering *low, uint32_t host, uint16_t dst, uint16_t first)
{
    uint16_t row = name_host(low->emit.gen, &low->scope->hosts->items.items[host]);
    berm_emit_abc(&low->emit, BERM_OP_HOST, dst, row, first);
}

/* check() of Kubernetes' authorizer: its body says as a map what is asked, the host answers. */
static void lower_check(berm_lowering *low, const berm_ast_node *node, uint16_t dst)
{
    int host = berm_hosts_find(low->scope->hosts, BERM_STR("authz.check"), false, 1);
    if (host >= 0) {
        lower_host(low, (uint32_t)host, dst, dst);
    } else if (low->scope->unchecked) {
        berm_emit_wide(&low->emit, BERM_OP_FAIL, dst, BERM_ERR_NO_SUCH_FUNCTION);
    } else {
        berm_lower_refuse(low, BERM_D_CEL_FUNCTION, node->name_off, node->name_len,
                          "check() needs a function of the host, authz.check(map)");
    }
}

/* matches() and its kin have their pattern in argument 1. */
static bool takes_pattern(uint32_t function)
{
    return function == BERM_FN_MATCHES || function == BERM_FN_MATCHES_M ||
           (function >= BERM_FN_REGEX_FIND && function <= BERM_FN_REGEX_REPLACE_COUNT);
}

/* A constant that was loaded last is a pattern. */
static void note_pattern(berm_codegen *gen, uint16_t reg)
{
    if (gen->failed || gen->code.count == 0) return;
    const berm_ins *last = &gen->code.items[gen->code.count - 1];
    if (last->op != BERM_OP_CONST || last->a != reg) return;
    berm_cell cell = gen->cells.items[last->w];
    if (cell.tag == BERM_TAG_STRING)
        berm_codegen_pattern(gen, (berm_text_ref){cell.as.ref.off, cell.as.ref.len});
}

/* Arguments in neighbouring registers; the first is `dst` where the next ones follow it. */
static uint16_t lower_arguments(berm_lowering *low, const berm_ast_node *node, uint32_t from,
                                uint16_t dst, bool pattern)
{
    uint32_t count = node->count - from;
    bool follow = dst + 1u == low->emit.next_register;
    uint16_t first = dst;
    if (!follow) first = berm_lower_register(low);
    for (uint32_t i = 0; i < count; i++) {
        uint16_t reg = i == 0 ? first : berm_lower_register(low);
        berm_lower_into(low, berm_lower_child(low, node, from + i), reg);
        if (pattern && i == 1) note_pattern(low->emit.gen, reg);
    }
    return first;
}

/* Two or more arguments as one list. */
static uint16_t lower_variadic(berm_lowering *low, const berm_ast_node *node, uint32_t from,
                               uint16_t dst)
{
    uint16_t mark = berm_lower_register(low), item = berm_lower_register(low);
    berm_emit_abc(&low->emit, BERM_OP_MARK, mark, 0, 0);
    for (uint32_t i = from; i < node->count; i++) {
        uint16_t value = berm_lower_in(low, berm_lower_child(low, node, i), item);
        berm_emit_abc(&low->emit, BERM_OP_PUSH, value, 0, 0);
    }
    berm_emit_abc(&low->emit, BERM_OP_LIST, dst, mark, 0);
    return dst;
}

static void refuse_function(berm_lowering *low, const berm_ast_node *node, berm_callee callee)
{
    berm_nearest nearest = {.wanted = node->name};
    berm_text message;
    berm_text_init(&message, low->emit.gen->alloc);
    berm_scope_offer_functions(low->scope, &nearest, callee.method);
    berm_names_print_no_function(&message, node, &callee, &nearest);
    if (message.failed) low->names.failed = true;
    berm_lower_refuse(low, callee.known ? BERM_D_CEL_ARGUMENTS : BERM_D_CEL_FUNCTION,
                      node->name_off, node->name_len, "%S", berm_text_view(&message));
    berm_text_free(&message);
}

/* Arguments are walked on with, to find what is wrong in them, too. */
static void lower_no_function(berm_lowering *low, const berm_ast_node *node, berm_callee callee,
                              uint16_t dst)
{
    if (low->scope->unchecked) {
        berm_emit_wide(&low->emit, BERM_OP_FAIL, dst, BERM_ERR_NO_SUCH_FUNCTION);
        return;
    }
    refuse_function(low, node, callee);
    for (uint32_t i = berm_callee_skipped(node, &callee); i < node->count; i++) {
        berm_lower_into(low, berm_lower_child(low, node, i), dst);
    }
}

void berm_lower_call(berm_lowering *low, const berm_ast_node *node, uint16_t dst)
{
    if (node->macro == BERM_MACRO_BLOCK) {
        berm_lower_block(low, node, dst);
        return;
    }
    berm_op op = berm_operator_of(node);
    if (op != BERM_OP_NOP) {
        lower_operator(low, op, node, dst);
        return;
    }
    berm_callee callee = berm_scope_callee(low->scope, &low->names, low->ast, node);
    if (callee.function < 0) {
        lower_no_function(low, node, callee, dst);
        return;
    }
    uint32_t free_register = low->emit.next_register;
    uint32_t from = berm_callee_skipped(node, &callee);
    uint32_t function = (uint32_t)callee.function;
    bool host = function >= BERM_FN_COUNT;
    uint16_t first = dst;
    if (!host && berm_function_infos[function].argc == BERM_FN_VARIADIC) {
        first = lower_variadic(low, node, from, dst);
    } else if (node->count > from) {
        first = lower_arguments(low, node, from, dst, takes_pattern(function));
    }
    if (host) lower_host(low, function - BERM_FN_COUNT, dst, first);
    else berm_lower_function(low, (berm_function_id)function, dst, first);
    if (function == BERM_FN_AUTHZ_CHECK) lower_check(low, node, dst);
    low->emit.next_register = free_register;
}
