/* Calls and operators: which overloads fit the arguments, and what is said when none does. */
#include "cel/checker.h"
#include "cel/macros.h"

#define OVERLOADS_SHOWN 4u

/* A call while its overload is looked for. */
typedef struct overload_call {
    const berm_declared_function *function;
    const berm_type *arguments;
    uint32_t count;
} overload_call;

/* --- choosing --- */

/* Does the overload take the arguments? Its parameters' variables are bound then; `close` as
   berm_types_substitute has it, for the result. */
static bool try_overload(berm_checker *c, const overload_call *call, const berm_overload *overload,
                         bool close, berm_type *result)
{
    berm_type_instance instance = {.count = 0};
    berm_type_mark mark = berm_types_mark(c->types);
    for (uint32_t i = 0; i < call->count; i++) {
        berm_type parameter = berm_types_instantiate(
            c->types, berm_overload_parameter(c->declarations, overload, i), &instance);
        if (berm_types_fit(c->types, call->arguments[i], parameter)) continue;
        berm_types_undo(c->types, mark);
        return false;
    }
    berm_type type = berm_types_instantiate(c->types, overload->result, &instance);
    *result = berm_types_substitute(c->types, type, close);
    return true;
}

static const berm_overload *next_overload(const berm_checker *c, const overload_call *call,
                                          const berm_overload *after)
{
    uint32_t at = after ? after->next : call->function->first;
    while (at != BERM_NO_OVERLOAD) {
        const berm_overload *overload = &c->declarations->overloads.items[at];
        if (berm_overload_takes(overload, call->count)) return overload;
        at = overload->next;
    }
    return NULL;
}

/* One that fits says the type. Where several do (arguments are dyn) what they agree on is left, and
   none says anything about the arguments. */
static bool choose_overload(berm_checker *c, const overload_call *call, berm_type *result)
{
    const berm_overload *found = NULL, *overload = NULL;
    berm_type_mark mark = berm_types_mark(c->types);
    bool several = false;
    while ((overload = next_overload(c, call, overload))) {
        berm_type type;
        if (!try_overload(c, call, overload, true, &type)) continue;
        berm_types_undo(c->types, mark);
        if (found && type != *result) type = BERM_TYPE_DYN;
        several = found != NULL;
        *result = type;
        found = overload;
        if (several && type == BERM_TYPE_DYN) break;
    }
    if (found && !several) (void)try_overload(c, call, found, false, result);
    return found != NULL;
}

/* --- what is said when none fits --- */

/* "int + int", "!int", "list(A)[int]" */
static void print_operation(berm_text *out, const berm_checker *c, berm_str sign,
                            const berm_type *types, uint32_t count)
{
    uint32_t next = 0;
    bool binary = count == 2 && sign.ptr[1] != '[';
    if (berm_str_is(sign, "@in")) sign = BERM_STR("_in_");
    for (size_t i = 0; i < sign.len; i++) {
        if (sign.ptr[i] == '_' && next < count) {
            if (binary && next) berm_text_putc(out, ' ');
            berm_types_print(out, c->types, types[next++]);
            if (binary && next == 1) berm_text_putc(out, ' ');
        } else {
            berm_text_putc(out, sign.ptr[i]);
        }
    }
}

/* "size(string)", "string.startsWith(string)", or an operation. */
static void print_signature(berm_text *out, const berm_checker *c, const overload_call *call,
                            const berm_type *types, uint32_t count)
{
    const berm_declared_function *function = call->function;
    if (function < c->declarations->functions.items + c->declarations->operator_count) {
        print_operation(out, c, function->name, types, count);
        return;
    }
    uint32_t first = function->method;
    if (first) {
        berm_types_print(out, c->types, types[0]);
        berm_text_putc(out, '.');
    }
    berm_text_format(out, "%S(", function->name);
    for (uint32_t i = first; i < count; i++) {
        if (i > first) berm_text_put(out, BERM_STR(", "));
        berm_types_print(out, c->types, types[i]);
    }
    berm_text_putc(out, ')');
}

/* What a method stands on, or an index looks into, says the most about what was meant. */
static bool leads_call(const overload_call *call)
{
    return call->function->method || berm_str_starts(call->function->name, BERM_STR("_["));
}

static uint32_t count_fitting(berm_checker *c, const overload_call *call,
                              const berm_overload *overload)
{
    uint32_t fitting = 0;
    for (uint32_t i = 0; i < call->count; i++) {
        berm_type_instance instance = {.count = 0};
        berm_type_mark mark = berm_types_mark(c->types);
        berm_type parameter = berm_types_instantiate(
            c->types, berm_overload_parameter(c->declarations, overload, i), &instance);
        if (berm_types_fit(c->types, call->arguments[i], parameter)) {
            fitting += i == 0 && leads_call(call) ? call->count : 1;
        }
        berm_types_undo(c->types, mark);
    }
    return fitting;
}

/* The overloads that the most arguments fit: the first few of them. */
static uint32_t collect_nearest(berm_checker *c, const overload_call *call,
                                const berm_overload *nearest[OVERLOADS_SHOWN], bool *more)
{
    uint32_t shown = 0, best = 0;
    const berm_overload *overload = NULL;
    while ((overload = next_overload(c, call, overload))) {
        uint32_t fitting = count_fitting(c, call, overload);
        if (shown && fitting < best) continue;
        if (fitting > best) shown = 0, *more = false;
        best = fitting;
        if (shown == OVERLOADS_SHOWN) *more = true;
        else nearest[shown++] = overload;
    }
    return shown;
}

/* What the overload wants, given the arguments that fit it: of ['a'] == [1], that the right side
   is a list(string), too. */
static void find_wanted_types(berm_checker *c, const overload_call *call,
                              const berm_overload *overload, berm_type *types)
{
    berm_type_instance instance = {.count = 0};
    berm_type_mark mark = berm_types_mark(c->types);
    for (uint32_t i = 0; i < call->count; i++) {
        types[i] = berm_types_instantiate(
            c->types, berm_overload_parameter(c->declarations, overload, i), &instance);
        (void)berm_types_fit(c->types, call->arguments[i], types[i]);
    }
    for (uint32_t i = 0; i < instance.count; i++) {
        (void)berm_types_fit(c->types, instance.parameters[i], instance.variables[i]);
    }
    for (uint32_t i = 0; i < call->count; i++) {
        types[i] = berm_types_substitute(c->types, types[i], true);
    }
    berm_types_undo(c->types, mark);
}

static void report_no_overload(berm_checker *c, const berm_ast_node *node,
                               const overload_call *call)
{
    const berm_overload *nearest[OVERLOADS_SHOWN];
    berm_type types[BERM_DECLARE_ARGUMENTS_MAX] = {BERM_TYPE_DYN};
    bool more = false;
    uint32_t shown = collect_nearest(c, call, nearest, &more);
    berm_text message;
    berm_text_init(&message, c->names.alloc);
    berm_text_put(&message, BERM_STR("expected "));
    for (uint32_t i = 0; i < shown; i++) {
        bool last = i + 1 == shown && !more;
        if (i) berm_text_put(&message, last ? BERM_STR(" or ") : BERM_STR(", "));
        find_wanted_types(c, call, nearest[i], types);
        print_signature(&message, c, call, types, call->count);
    }
    berm_text_put(&message, more ? BERM_STR(" .., found ") : BERM_STR(", found "));
    for (uint32_t k = 0; k < call->count; k++) {
        types[k] = berm_types_substitute(c->types, call->arguments[k], true);
    }
    print_signature(&message, c, call, types, call->count);
    berm_check_fault(c, BERM_D_CEL_TYPE, node->name_off, node->name_len, &message);
}

/* --- calls --- */

static berm_type check_arguments(berm_checker *c, const berm_ast_node *node, uint32_t from,
                                 const berm_declared_function *function)
{
    berm_type arguments[BERM_DECLARE_ARGUMENTS_MAX], result = BERM_TYPE_DYN;
    overload_call call = {function, arguments, 0};
    for (uint32_t i = from; i < node->count; i++) {
        berm_type type = berm_check_child(c, node, i);
        if (call.count < BERM_DECLARE_ARGUMENTS_MAX) arguments[call.count++] = type;
    }
    if (function && !choose_overload(c, &call, &result)) report_no_overload(c, node, &call);
    return result;
}

static int find_checked_function(const void *ctx, berm_str name, bool method, uint32_t argc,
                                 bool *known)
{
    const berm_declarations *declarations = ctx;
    const berm_declared_function *function = berm_declarations_find(declarations, name, method);
    if (!function) return -1;
    *known = true;
    if (!berm_function_takes(declarations, function, argc)) return -1;
    return (int)(function - declarations->functions.items);
}

static void offer_functions(const berm_checker *c, berm_nearest *nearest, bool method)
{
    const berm_declarations *declarations = c->declarations;
    for (uint32_t i = declarations->operator_count; i < declarations->functions.count; i++) {
        const berm_declared_function *function = &declarations->functions.items[i];
        if (function->method == method) berm_nearest_offer(nearest, function->name);
    }
}

/* False when it is a macro with another number of arguments, which may hold anything. */
static bool report_no_macro(berm_checker *c, const berm_ast_node *node)
{
    bool receiver = node->flags & BERM_AST_RECEIVER;
    uint32_t given = node->count - receiver;
    berm_text message;
    berm_text_init(&message, c->names.alloc);
    berm_text_format(&message, "%S() is a macro; expected ", node->name);
    if (!berm_cel_print_macro_arguments(&message, node->name, receiver)) {
        berm_check_drop(c, &message);
        return true;
    }
    berm_text_format(&message, " arguments, found %u", given);
    berm_check_fault(c, BERM_D_CEL_MACRO, node->name_off, node->name_len, &message);
    return false;
}

/* Do names of functions begin with "math."? Those parts of them that come then are offered. */
static bool offer_qualified(const berm_checker *c, berm_nearest *nearest, berm_str prefix)
{
    const berm_declarations *declarations = c->declarations;
    bool found = false;
    for (uint32_t i = declarations->operator_count; i < declarations->functions.count; i++) {
        berm_str name = declarations->functions.items[i].name;
        if (!berm_str_starts(name, prefix)) continue;
        found = true;
        berm_nearest_offer(nearest, berm_str_cut(name, prefix.len, name.len));
    }
    return found;
}

/* math.grates(): false when `math` is no value but the first part of functions' names. */
static bool report_no_qualified(berm_checker *c, const berm_ast_node *node)
{
    berm_nearest nearest = {.wanted = node->name};
    berm_text prefix, message;
    berm_text_init(&prefix, c->names.alloc);
    berm_text_init(&message, c->names.alloc);
    berm_names_print_chain(&prefix, &c->names);
    berm_text_putc(&prefix, '.');
    berm_str first = berm_text_view(&prefix);
    bool found = !prefix.failed && offer_qualified(c, &nearest, first);
    berm_text_format(&message, "there is no function %S%S()", first, node->name);
    if (nearest.best.len) {
        berm_text_format(&message, "; did you mean %S%S()?", first, nearest.best);
    }
    berm_check_drop(c, &prefix);
    if (found) {
        berm_check_fault(c, BERM_D_CEL_FUNCTION, node->name_off, node->name_len, &message);
    } else {
        berm_check_drop(c, &message);
    }
    return !found;
}

static void report_no_function(berm_checker *c, const berm_ast_node *node,
                               const berm_callee *callee)
{
    const berm_declarations *declarations = c->declarations;
    berm_nearest nearest = {.wanted = node->name};
    berm_text message;
    berm_text_init(&message, c->names.alloc);
    offer_functions(c, &nearest, callee->method);
    bool other = berm_declarations_find(declarations, node->name, !callee->method);
    if (other && !callee->known) {
        berm_text_format(&message,
                         callee->method ? "%S() is a function: write %S(..)"
                                        : "%S() is a method: write x.%S(..)",
                         node->name, node->name);
    } else {
        berm_names_print_no_function(&message, node, callee, &nearest);
    }
    berm_check_fault(c, callee->known ? BERM_D_CEL_ARGUMENTS : BERM_D_CEL_FUNCTION, node->name_off,
                     node->name_len, &message);
}

/* Where the arguments begin that are worth looking at, in a call of what is not there. */
static uint32_t refuse_call(berm_checker *c, const berm_ast_node *node, const berm_callee *callee)
{
    if (!report_no_macro(c, node)) return node->count;
    if (callee->unnamed && !report_no_qualified(c, node)) return 1;
    report_no_function(c, node, callee);
    return berm_callee_skipped(node, callee);
}

berm_type berm_check_call(berm_checker *c, const berm_ast_node *node)
{
    if (node->macro == BERM_MACRO_BLOCK) return berm_check_block(c, node);
    const berm_declared_function *function =
        berm_declarations_operator(c->declarations, node->name);
    if (function) return check_arguments(c, node, 0, function);
    const berm_function_finder finder = {c->declarations, find_checked_function};
    berm_callee callee = berm_names_callee(&c->names, c->ast, node, &finder);
    if (c->names.failed) return BERM_TYPE_DYN;
    if (callee.function < 0) return check_arguments(c, node, refuse_call(c, node, &callee), NULL);
    function = &c->declarations->functions.items[callee.function];
    return check_arguments(c, node, berm_callee_skipped(node, &callee), function);
}

berm_type berm_check_index(berm_checker *c, const berm_ast_node *node)
{
    berm_str name = node->flags & BERM_AST_OPTIONAL ? BERM_STR("_[?_]") : BERM_STR("_[_]");
    return check_arguments(c, node, 0, berm_declarations_operator(c->declarations, name));
}

bool berm_check_ordered(berm_checker *c, berm_type type)
{
    berm_type arguments[2] = {type, type}, result;
    overload_call call = {berm_declarations_operator(c->declarations, BERM_STR("_<_")), arguments,
                          2};
    berm_type_mark mark = berm_types_mark(c->types);
    bool ordered = choose_overload(c, &call, &result);
    berm_types_undo(c->types, mark);
    return ordered;
}
