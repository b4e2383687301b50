#include "api/objects.h"
#include "policy/host.h"
#include "policy/words.h"

#define BERM_TEXT_OF(x) BERM_TEXT_OF_(x)
#define BERM_TEXT_OF_(x) #x

const char *berm_version(void)
{
    return BERM_TEXT_OF(BERM_VERSION_MAJOR) "." BERM_TEXT_OF(BERM_VERSION_MINOR) "." BERM_TEXT_OF(
        BERM_VERSION_PATCH);
}

const char *berm_status_name(berm_status status)
{
    switch (status) {
#define BERM_STATUS(name, number, text) \
    case number: \
        return "BERM_" #name;
#include "berm/status.def"
#undef BERM_STATUS
    default: return "";
    }
}

const char *berm_status_text(berm_status status)
{
    switch (status) {
#define BERM_STATUS(name, number, text) \
    case number: \
        return text;
#include "berm/status.def"
#undef BERM_STATUS
    default: return "";
    }
}

const char *berm_word(uint32_t enumeration, uint32_t number)
{
    switch (enumeration) {
    case BERM_WORDS_SEVERITY: return berm_severity_word(number);
    case BERM_WORDS_ENFORCEMENT: return berm_enforcement_word(number);
    case BERM_WORDS_VERDICT: return berm_verdict_word(number);
    case BERM_WORDS_ACTION: return berm_action_word(number);
    default: return "";
    }
}

bool berm_api_take(void *own, size_t own_size, const void *given, size_t given_size)
{
    memset(own, 0, own_size);
    if (given_size < sizeof given_size) return false;
    memcpy(own, given, given_size < own_size ? given_size : own_size);
    return true;
}

void berm_api_give(void *out, const void *own, size_t own_size)
{
    size_t size;
    memcpy(&size, out, sizeof size);
    if (size > own_size) size = own_size;
    memcpy(out, own, size);
    if (size >= sizeof size) memcpy(out, &size, sizeof size);
}

berm_status berm_api_refuse(berm_error *err, const char *what)
{
    return berm_error_set(err, BERM_E_ARGUMENT, BERM_D_ARGUMENT, "%s", what);
}

berm_status berm_api_nomem(berm_error *err)
{
    return berm_error_set(err, BERM_E_NOMEM, BERM_D_NOMEM, "an allocation failed");
}

berm_status berm_api_write(const berm_sink *sink, berm_str text, berm_error *err)
{
    if (text.len && sink->write(sink->ctx, text.ptr, text.len))
        return berm_error_set(err, BERM_E_IO, BERM_D_IO, "the sink refused the text");
    return BERM_OK;
}

static berm_status declare_functions_of(berm_engine *engine, const berm_engine_options *o,
                                        berm_error *err)
{
    if (o->function_count == 0) return BERM_OK;
    if (!o->functions) return berm_api_refuse(err, "options.functions is NULL");
    return berm_hosts_declare(&engine->alloc, o->functions, o->function_count, &engine->hosts, err);
}

berm_status berm_engine_new(const berm_engine_options *options, berm_engine **out, berm_error *err)
{
    if (!out) return berm_api_refuse(err, "out is NULL");
    *out = NULL;
    berm_engine_options o = {.size = sizeof o};
    if (options && !berm_api_take(&o, sizeof o, options, options->size))
        return berm_api_refuse(err, "options.size is not set");
    const berm_alloc *alloc = o.alloc ? o.alloc : &berm_alloc_libc;
    if (!alloc->realloc) return berm_api_refuse(err, "the allocator has no realloc function");
    berm_engine *engine = berm_mem_new(alloc, sizeof *engine);
    if (!engine) return berm_api_nomem(err);
    atomic_init(&engine->refs, 1);
    engine->alloc = *alloc;
    engine->limits = berm_limits_resolve(o.limits);
    engine->zone = o.zone;
    engine->zone_ctx = o.zone_ctx;
    berm_status status = declare_functions_of(engine, &o, err);
    if (status) berm_mem_free(alloc, engine, sizeof *engine);
    else *out = engine;
    return status;
}

berm_engine *berm_engine_ref(berm_engine *engine)
{
    if (engine) atomic_fetch_add_explicit(&engine->refs, 1, memory_order_relaxed);
    return engine;
}

void berm_engine_unref(berm_engine *engine)
{
    if (!engine || atomic_fetch_sub_explicit(&engine->refs, 1, memory_order_acq_rel) != 1) return;
    berm_alloc alloc = engine->alloc;
    berm_hosts_drop(engine->hosts);
    berm_mem_free(&alloc, engine, sizeof *engine);
}
