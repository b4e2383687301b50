#include "bridge.h"

#include "_cgo_export.h"

/* A pure function: its arguments are packed for Go, and what it gives is built. */
static berm_status call_function(void *ctx, const berm_value *args, size_t arg_count,
                                 berm_builder *result)
{
    const bermgo_function *function = ctx;
    bermgo_buffer packed = {0};
    char *answer = NULL;
    size_t answer_len = 0;
    bermgo_put_u32(&packed, (uint32_t)arg_count);
    for (size_t i = 0; i < arg_count; i++) bermgo_pack_value(&packed, args[i]);
    berm_status status = packed.failed
                             ? BERM_E_NOMEM
                             : bermgoCallFunction(function->handle, function->index, packed.ptr,
                                                  packed.len, &answer, &answer_len);
    if (!status) {
        bermgo_reader r = {answer, answer + answer_len, false};
        status = bermgo_build_value(&r, result, NULL);
    }
    bermgo_mem_free(answer);
    bermgo_buffer_free(&packed);
    return status;
}

static int find_zone(void *ctx, berm_str name, berm_str *tzif)
{
    const bermgo_engine *engine = ctx;
    char *ptr = NULL;
    size_t len = 0;
    if (bermgoFindZone(engine->handle, (char *)(uintptr_t)name.ptr, name.len, &ptr, &len)) return 1;
    *tzif = (berm_str){ptr, len};
    return 0;
}

/* The declarations point into the caller's text, which outlives the call; the library copies them. */
static berm_status take_functions(bermgo_engine *engine, berm_engine_options *options,
                                  bermgo_reader *r, berm_function *functions, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        berm_str declaration = bermgo_take_text(r);
        bool deferred = bermgo_take_u8(r) != 0;
        if (r->failed) return BERM_E_ARGUMENT;
        engine->functions[i] = (bermgo_function){engine->handle, i};
        functions[i] = (berm_function){.size = sizeof *functions,
                                       .declaration = declaration.ptr,
                                       .call = deferred ? NULL : call_function,
                                       .ctx = &engine->functions[i]};
    }
    options->functions = functions;
    options->function_count = count;
    return BERM_OK;
}

static berm_status open_engine(bermgo_engine *engine, berm_engine_options *options,
                               bermgo_reader *r, berm_error *err)
{
    uint32_t count = bermgo_take_u32(r);
    berm_function *functions = bermgo_mem_grow(NULL, count * sizeof *functions);
    engine->functions = bermgo_mem_grow(NULL, count * sizeof *engine->functions);
    berm_status status = functions && engine->functions
                             ? take_functions(engine, options, r, functions, count)
                             : BERM_E_NOMEM;
    if (!status) status = berm_engine_new(options, &engine->engine, err);
    bermgo_mem_free(functions);
    return status;
}

berm_status bermgo_engine_new(uintptr_t handle, const berm_limits *limits, uint32_t flags,
                              const char *functions, size_t functions_len, bermgo_engine **out,
                              berm_error *err)
{
    bermgo_engine *engine = bermgo_mem_grow(NULL, sizeof *engine);
    bermgo_reader r = {functions, functions + functions_len, false};
    *out = NULL;
    if (!engine) return BERM_E_NOMEM;
    *engine = (bermgo_engine){.handle = handle};
    berm_engine_options options = {.size = sizeof options, .limits = limits};
    if (flags & BERMGO_ENGINE_COUNTS) options.alloc = &bermgo_counting_alloc;
    if (flags & BERMGO_ENGINE_ZONES) options.zone = find_zone;
    options.zone_ctx = engine;
    berm_status status = open_engine(engine, &options, &r, err);
    if (status) bermgo_engine_free(engine);
    else *out = engine;
    return status;
}

void bermgo_engine_free(bermgo_engine *engine)
{
    if (!engine) return;
    berm_engine_unref(engine->engine);
    bermgo_mem_free(engine->functions);
    bermgo_mem_free(engine);
}
