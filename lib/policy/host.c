#include "policy/host.h"

#include "cel/parser.h"
#include "policy/policy.h"

#define HOST_NAME_LEN_MAX 100u

/* Reading the declarations of an engine's functions, one by one, into the table of those that CEL
   has already. */
typedef struct host_declaring {
    berm_declarations declarations;
    uint32_t own_count; /* functions that are CEL's and Berm's: the first ones */
    berm_hosts *hosts;
    berm_error *err;
    berm_str text; /* of the one that is read */
} host_declaring;

static berm_status refuse_declaration(const host_declaring *work, const char *why)
{
    return berm_error_set(work->err, BERM_E_ARGUMENT, BERM_D_ARGUMENT, "the host function `%S` %s",
                          work->text, why);
}

/* --- names --- */

/* `name` as a call with so many arguments, written in an expression: "x.f(0)". */
static void write_host_call(berm_text *out, const berm_host *host)
{
    if (host->method) berm_text_put(out, BERM_STR("x."));
    berm_text_put(out, host->name);
    berm_text_putc(out, '(');
    for (uint32_t i = host->method; i < host->argc; i++) {
        berm_text_put(out, i == host->method ? BERM_STR("0") : BERM_STR(", 0"));
    }
    berm_text_putc(out, ')');
}

/* Is such a call a call, and neither a macro nor a syntax error? */
static berm_status check_host_call(const host_declaring *work, const berm_host *host)
{
    const berm_alloc *alloc = &work->hosts->alloc;
    static const berm_cel_options options = {.test_macros = true};
    berm_text text;
    berm_ast ast;
    berm_text_init(&text, alloc);
    berm_ast_init(&ast, alloc);
    write_host_call(&text, host);
    berm_status status = text.failed
                             ? BERM_E_NOMEM
                             : berm_cel_parse(&ast, berm_text_view(&text), &options, NULL, NULL);
    bool plain = status == BERM_OK && berm_ast_at(&ast, ast.root)->kind == BERM_AST_CALL &&
                 berm_ast_at(&ast, ast.root)->macro == BERM_MACRO_NONE;
    berm_ast_free(&ast);
    berm_text_free(&text);
    if (status == BERM_E_NOMEM || plain) return status;
    return refuse_declaration(work, "has a name that cannot be called: a reserved word, a macro");
}

static bool is_own_function(const host_declaring *work, berm_str name, bool method)
{
    const berm_declarations *d = &work->declarations;
    const berm_declared_function *known = berm_declarations_find(d, name, method);
    return known && known < d->functions.items + work->own_count;
}

static bool is_slot_name(berm_str name)
{
    static const char *const names[] = {
#define BERM_SLOT(id, name, where) name,
#include "policy/slots.def"
#undef BERM_SLOT
        "params", "variables"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (berm_str_is(name, names[i])) return true;
    }
    return false;
}

/* object.owner() would take the place of a method of what is called `object`. resource.Get() and
   the like are Kyverno's: policies that call them have no `resource`, and methods that begin with a
   capital there are none. */
static bool hides_method(const berm_host *host)
{
    const char *dot = memchr(host->name.ptr, '.', host->name.len);
    if (host->method || !dot) return false;
    size_t len = (size_t)(dot - host->name.ptr);
    berm_str first = berm_str_cut(host->name, 0, len),
             rest = berm_str_cut(host->name, len + 1, host->name.len);
    bool foreign =
        berm_str_is(first, "resource") && rest.len && *rest.ptr >= 'A' && *rest.ptr <= 'Z';
    return is_slot_name(first) && !foreign;
}

static berm_status check_host_name(host_declaring *work, const berm_host *host)
{
    if (host->name.len > HOST_NAME_LEN_MAX) return refuse_declaration(work, "has too long a name");
    if (berm_hosts_find(work->hosts, host->name, host->method, host->argc) >= 0)
        return refuse_declaration(work, "is declared twice with as many arguments");
    if (hides_method(host))
        return refuse_declaration(work, "begins with a name that expressions use");
    return check_host_call(work, host);
}

/* --- types --- */

/* What values can be held against: their outermost type. */
static uint8_t outside_of_type(const berm_types *types, berm_type type)
{
    unsigned head = berm_types_head(types, type);
    return (uint8_t)(head < BERM_TYPE_COUNT ? head : BERM_TYPE_DYN);
}

static bool is_result_type(uint8_t type)
{
    return type <= BERM_TYPE_SET /* what a document can hold */ || type == BERM_TYPE_DECISION;
}

/* The types of the overload that was declared last. */
static berm_status read_host_types(host_declaring *work, berm_host *host)
{
    const berm_declarations *d = &work->declarations;
    const berm_overload *overload = &d->overloads.items[d->overloads.count - 1];
    if (overload->variadic)
        return refuse_declaration(work, "must take a fixed number of arguments");
    if (overload->count > BERM_HOST_ARGUMENTS_MAX)
        return refuse_declaration(work, "takes more than 16 arguments");
    host->argc = overload->count;
    for (uint32_t i = 0; i < host->argc; i++) {
        host->parameters[i] = outside_of_type(&d->types, d->parameters.items[overload->first + i]);
    }
    berm_type result = overload->result;
    host->optional = berm_types_head(&d->types, result) == BERM_TYPE_OPTIONAL;
    if (host->optional) result = berm_types_argument(&d->types, result, 0);
    host->result = outside_of_type(&d->types, result);
    return is_result_type(host->result) ? BERM_OK
                                        : refuse_declaration(work, "gives what no host can make");
}

/* --- all of it --- */

/* Name, style, and into the declarations: E_ARGUMENT when it is malformed. */
static berm_status read_declaration(host_declaring *work, berm_host *host)
{
    berm_declarations *d = &work->declarations;
    berm_status status = berm_declaration_name(d, host->declaration, &host->name, &host->method);
    if (!status && is_own_function(work, host->name, host->method))
        return refuse_declaration(work, "has the name of a function of CEL or Berm");
    if (!status) status = berm_declare(d, host->name, host->method, host->declaration);
    return status == BERM_E_ARGUMENT
               ? refuse_declaration(work, "is not declared as in `a.f(string) -> bool`")
               : status;
}

static berm_status declare_host(host_declaring *work, const berm_function *function)
{
    berm_hosts *hosts = work->hosts;
    berm_host host = {.call = function->call, .ctx = function->ctx};
    if (function->flags)
        return refuse_declaration(work, "has flags that this version does not know");
    if (!berm_arena_copy(&hosts->texts, work->text, &host.declaration)) return BERM_E_NOMEM;
    berm_status status = read_declaration(work, &host);
    if (!status) status = read_host_types(work, &host);
    if (!status) status = check_host_name(work, &host);
    if (status) return status;
    return berm_array_push(&hosts->alloc, &hosts->items, host) ? BERM_OK : BERM_E_NOMEM;
}

static berm_status declare_all_hosts(host_declaring *work, const berm_function *functions,
                                     size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (functions[i].size < sizeof(berm_function) || !functions[i].declaration)
            return berm_error_set(work->err, BERM_E_ARGUMENT, BERM_D_ARGUMENT,
                                  "a host function's size or declaration is not set");
        work->text = berm_str_of(functions[i].declaration);
        berm_status status = declare_host(work, &functions[i]);
        if (status) return status;
    }
    return BERM_OK;
}

berm_status berm_hosts_declare(const berm_alloc *alloc, const berm_function *functions,
                               size_t count, berm_hosts **out, berm_error *err)
{
    *out = NULL;
    if (count > BERM_HOSTS_MAX)
        return berm_error_set(err, BERM_E_ARGUMENT, BERM_D_ARGUMENT,
                              "an engine has at most %u host functions", BERM_HOSTS_MAX);
    host_declaring work = {.hosts = berm_hosts_new(alloc), .err = err};
    berm_status status = work.hosts ? BERM_OK : BERM_E_NOMEM;
    if (work.hosts) {
        status = berm_declarations_init(&work.declarations, alloc);
        work.own_count = work.declarations.functions.count;
        if (!status) status = declare_all_hosts(&work, functions, count);
        berm_declarations_free(&work.declarations);
    }
    if (!status) *out = work.hosts;
    else berm_hosts_drop(work.hosts);
    return status == BERM_E_NOMEM
               ? berm_error_set(err, status, BERM_D_NOMEM, "an allocation failed")
               : status;
}

berm_status berm_hosts_add(const berm_hosts *hosts, berm_declarations *declarations)
{
    for (uint32_t i = 0; hosts && i < hosts->items.count; i++) {
        const berm_host *host = &hosts->items.items[i];
        berm_status status =
            berm_declare(declarations, host->name, host->method, host->declaration);
        if (status) return status;
    }
    return BERM_OK;
}
