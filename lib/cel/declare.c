/* Declarations: from the texts of the tables to types. */
#include "cel/declare.h"

#include "base/unpack.h"
#include "data/ops.h"

#include "cel/declarations.inc"

/* --- reading --- */

typedef struct declaration_text {
    berm_types *types;
    berm_str rest;
    bool faulty;
} declaration_text;

static bool take_declared(declaration_text *text, const char *sign)
{
    while (text->rest.len && text->rest.ptr[0] == ' ') {
        text->rest = berm_str_cut(text->rest, 1, text->rest.len);
    }
    berm_str part = berm_str_of(sign);
    if (!berm_str_starts(text->rest, part)) return false;
    text->rest = berm_str_cut(text->rest, part.len, text->rest.len);
    return true;
}

static void expect_declared(declaration_text *text, const char *sign)
{
    if (!take_declared(text, sign)) text->faulty = true;
}

static bool is_declared_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The head that `word` names; BERM_HEAD_PARAMETER for a capital letter, BERM_HEAD_NAMED for none.
 */
static unsigned find_declared_head(berm_str word)
{
    for (unsigned i = 0; i < BERM_TYPE_COUNT; i++) {
        if (berm_str_is(word, berm_types_word((berm_type_id)i)) ||
            berm_str_is(word, berm_type_name((berm_type_id)i))) {
            return i;
        }
    }
    if (berm_str_is(word, "wrapper")) return BERM_HEAD_WRAPPER;
    bool letter = word.len == 1 && word.ptr[0] >= 'A' && word.ptr[0] <= 'Z';
    return letter ? BERM_HEAD_PARAMETER : BERM_HEAD_NAMED;
}

/* The longest dotted word that is a type's: in berm.Image.tag() the method's name is none of it. */
static unsigned take_declared_head(declaration_text *text, berm_str *word)
{
    take_declared(text, "");
    size_t len = 0;
    while (len < text->rest.len &&
           (is_declared_char(text->rest.ptr[len]) || (len && text->rest.ptr[len] == '.'))) {
        len++;
    }
    unsigned head = BERM_HEAD_NAMED;
    while (len) {
        *word = berm_str_cut(text->rest, 0, len);
        head = find_declared_head(*word);
        if (head != BERM_HEAD_NAMED) break;
        while (--len && text->rest.ptr[len] != '.') continue;
    }
    if (!len) text->faulty = true;
    text->rest = berm_str_cut(text->rest, len, text->rest.len);
    return head;
}

static berm_type read_declared_type(declaration_text *text, uint32_t depth)
{
    berm_str word = BERM_STR("");
    berm_type arguments[BERM_TYPE_ARGUMENTS_MAX];
    uint32_t count = 0;
    unsigned head = take_declared_head(text, &word);
    if (text->faulty || depth == 0) {
        text->faulty = true;
        return BERM_TYPE_DYN;
    }
    if (head == BERM_HEAD_PARAMETER) return berm_types_make(text->types, head, word, NULL, 0);
    if (take_declared(text, "(")) {
        do {
            if (count == BERM_TYPE_ARGUMENTS_MAX) text->faulty = true;
            else arguments[count++] = read_declared_type(text, depth - 1);
        } while (!text->faulty && take_declared(text, ","));
        expect_declared(text, ")");
    } else if (head < BERM_TYPE_COUNT) {
        return head; /* list is list(dyn) */
    }
    uint32_t wanted = head < BERM_TYPE_COUNT ? berm_types_term(text->types, head)->count : 1;
    if (count != wanted) text->faulty = true;
    return text->faulty ? BERM_TYPE_DYN
                        : berm_types_make(text->types, head, BERM_STR(""), arguments, count);
}

#define DECLARED_DEPTH_MAX 16u

berm_type berm_declare_type(berm_declarations *declarations, berm_str text)
{
    declaration_text read = {.types = &declarations->types, .rest = text};
    berm_type type = read_declared_type(&read, DECLARED_DEPTH_MAX);
    return read.faulty || read.rest.len ? BERM_TYPE_FREE : type;
}

/* --- adding --- */

static berm_declared_function *declare_function(berm_declarations *declarations, berm_str name,
                                                bool method)
{
    for (uint32_t i = 0; i < declarations->functions.count; i++) {
        berm_declared_function *function = &declarations->functions.items[i];
        if (function->method == method && berm_str_equal(function->name, name)) return function;
    }
    berm_declared_function function = {.method = method,
                                       .first = BERM_NO_OVERLOAD,
                                       .last = BERM_NO_OVERLOAD};
    if (!berm_arena_copy(&declarations->types.names, name, &function.name)) return NULL;
    const berm_alloc *alloc = declarations->types.alloc;
    if (!berm_array_push(alloc, &declarations->functions, function)) return NULL;
    return &declarations->functions.items[declarations->functions.count - 1];
}

static berm_status add_overload(berm_declarations *declarations, berm_str name, bool method,
                                const berm_type *parameters, berm_overload overload)
{
    const berm_alloc *alloc = declarations->types.alloc;
    if (declarations->types.failed ||
        !berm_array_reserve(alloc, &declarations->parameters, overload.count) ||
        !berm_array_reserve(alloc, &declarations->overloads, 1)) {
        return BERM_E_NOMEM;
    }
    berm_declared_function *function = declare_function(declarations, name, method);
    if (!function) return BERM_E_NOMEM;
    overload.first = declarations->parameters.count;
    overload.next = BERM_NO_OVERLOAD;
    for (uint32_t i = 0; i < overload.count; i++) {
        declarations->parameters.items[declarations->parameters.count++] = parameters[i];
    }
    uint32_t added = declarations->overloads.count++;
    declarations->overloads.items[added] = overload;
    if (function->first == BERM_NO_OVERLOAD) function->first = added;
    else declarations->overloads.items[function->last].next = added;
    function->last = added;
    return BERM_OK;
}

berm_status berm_declare_overload(berm_declarations *declarations, berm_str name, bool method,
                                  const berm_type *parameters, uint32_t count, berm_type result)
{
    if (count > BERM_DECLARE_ARGUMENTS_MAX || (method && count == 0)) return BERM_E_ARGUMENT;
    berm_overload overload = {.count = (uint8_t)count, .result = result};
    return add_overload(declarations, name, method, parameters, overload);
}

/* "(", parameters, ")": into parameters from overload->count on. */
static void read_declared_parameters(declaration_text *text, berm_type *parameters,
                                     berm_overload *overload)
{
    expect_declared(text, "(");
    if (take_declared(text, ")")) return;
    do {
        if (overload->count == BERM_DECLARE_ARGUMENTS_MAX) {
            text->faulty = true;
        } else if (overload->count && take_declared(text, "...")) {
            overload->variadic = true;
            break;
        } else {
            parameters[overload->count++] = read_declared_type(text, DECLARED_DEPTH_MAX);
        }
    } while (!text->faulty && take_declared(text, ","));
    expect_declared(text, ")");
}

berm_status berm_declare(berm_declarations *declarations, berm_str name, bool method,
                         berm_str declaration)
{
    declaration_text text = {.types = &declarations->types, .rest = declaration};
    berm_type parameters[BERM_DECLARE_ARGUMENTS_MAX];
    berm_overload overload = {.count = 0};
    if (method) {
        parameters[overload.count++] = read_declared_type(&text, DECLARED_DEPTH_MAX);
        expect_declared(&text, ".");
    }
    if (!berm_str_starts(text.rest, name)) return BERM_E_ARGUMENT;
    text.rest = berm_str_cut(text.rest, name.len, text.rest.len);
    read_declared_parameters(&text, parameters, &overload);
    expect_declared(&text, "->");
    overload.result = read_declared_type(&text, DECLARED_DEPTH_MAX);
    if (text.faulty || text.rest.len || name.len == 0) return BERM_E_ARGUMENT;
    return add_overload(declarations, name, method, parameters, overload);
}

berm_status berm_declaration_name(berm_declarations *declarations, berm_str declaration,
                                  berm_str *name, bool *method)
{
    declaration_text text = {.types = &declarations->types, .rest = declaration};
    read_declared_type(&text, DECLARED_DEPTH_MAX);
    *method = !text.faulty && berm_str_starts(text.rest, BERM_STR("."));
    text.rest = *method ? berm_str_cut(text.rest, 1, text.rest.len) : declaration;
    size_t len = 0;
    while (len < text.rest.len &&
           (is_declared_char(text.rest.ptr[len]) || (!*method && text.rest.ptr[len] == '.')))
        len++;
    *name = berm_str_cut(text.rest, 0, len);
    if (declarations->types.failed) return BERM_E_NOMEM;
    return len ? BERM_OK : BERM_E_ARGUMENT;
}

/* --- the tables: their texts are many, and packed; behind one another, each with its NUL --- */

static berm_status declare_texts(berm_declarations *declarations, bool operators, const char *texts,
                                 size_t len)
{
    const char *end = texts + len;
    berm_status status = BERM_OK;
    for (; texts < end && status == BERM_OK; texts += strlen(texts) + 1) {
        berm_str text = berm_str_of(texts), name = text;
        bool method = false;
        if (text.len == 0) continue;
        if (operators) name.len = strcspn(texts, "(");
        else status = berm_declaration_name(declarations, text, &name, &method);
        if (status == BERM_OK) status = berm_declare(declarations, name, method, text);
    }
    return status;
}

berm_status berm_declarations_init(berm_declarations *declarations, const berm_alloc *alloc)
{
    *declarations = (berm_declarations){.operator_count = 0};
    berm_types_init(&declarations->types, alloc);
    if (declarations->types.failed) return BERM_E_NOMEM;
    char *texts = berm_arena_alloc(&declarations->types.names, DECLARED_LEN);
    if (!texts ||
        !berm_unpack(alloc, declared_packed, sizeof declared_packed, texts, DECLARED_LEN)) {
        return BERM_E_NOMEM;
    }
    berm_status status = declare_texts(declarations, true, texts, DECLARED_OPERATORS_LEN);
    declarations->operator_count = declarations->functions.count;
    if (status == BERM_OK) {
        status = declare_texts(declarations, false, texts + DECLARED_OPERATORS_LEN,
                               DECLARED_LEN - DECLARED_OPERATORS_LEN);
    }
    return status == BERM_E_ARGUMENT ? BERM_E_INTERNAL : status;
}

void berm_declarations_free(berm_declarations *declarations)
{
    const berm_alloc *alloc = declarations->types.alloc;
    berm_array_free(alloc, &declarations->parameters);
    berm_array_free(alloc, &declarations->overloads);
    berm_array_free(alloc, &declarations->functions);
    berm_types_free(&declarations->types);
}

/* --- looking up --- */

const berm_declared_function *berm_declarations_find(const berm_declarations *declarations,
                                                     berm_str name, bool method)
{
    for (uint32_t i = declarations->operator_count; i < declarations->functions.count; i++) {
        const berm_declared_function *function = &declarations->functions.items[i];
        if (function->method == method && berm_str_equal(function->name, name)) return function;
    }
    return NULL;
}

const berm_declared_function *berm_declarations_operator(const berm_declarations *declarations,
                                                         berm_str name)
{
    for (uint32_t i = 0; i < declarations->operator_count; i++) {
        const berm_declared_function *function = &declarations->functions.items[i];
        if (berm_str_equal(function->name, name)) return function;
    }
    return NULL;
}

bool berm_function_takes(const berm_declarations *declarations,
                         const berm_declared_function *function, uint32_t count)
{
    uint32_t at = function->first;
    while (at != BERM_NO_OVERLOAD) {
        const berm_overload *overload = &declarations->overloads.items[at];
        if (berm_overload_takes(overload, count)) return true;
        at = overload->next;
    }
    return false;
}

berm_type berm_overload_parameter(const berm_declarations *declarations,
                                  const berm_overload *overload, uint32_t i)
{
    uint32_t last = overload->count - 1u;
    return declarations->parameters.items[overload->first + (i < last ? i : last)];
}
