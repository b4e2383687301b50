#include "bridge.h"

#include <string.h>

void bermgo_made_clear(bermgo_made *made)
{
    bermgo_buffer_free(&made->packed);
}

static berm_status finish(bermgo_made *made, berm_status status)
{
    return status || !made->packed.failed ? status : BERM_E_NOMEM;
}

static berm_status compile_sources(bermgo_engine *engine, bermgo_reader *r, berm_source *sources,
                                   berm_compile_input *input, bermgo_made *made)
{
    berm_diags *diags = NULL;
    for (size_t i = 0; i < input->source_count; i++) {
        sources[i] = (berm_source){.size = sizeof *sources, .role = bermgo_take_u32(r)};
        sources[i].name = bermgo_take_text(r);
        sources[i].text = bermgo_take_text(r);
    }
    if (r->failed) return BERM_E_ARGUMENT;
    input->sources = sources;
    berm_status status =
        berm_policy_compile(engine->engine, input, &made->policy, &diags, &made->error);
    bermgo_pack_diags(&made->packed, diags);
    berm_diags_free(diags);
    return status;
}

berm_status bermgo_policy_compile(bermgo_engine *engine, const char *sources, size_t sources_len,
                                  bermgo_made *made)
{
    bermgo_reader r = {sources, sources + sources_len, false};
    berm_compile_input input = {.size = sizeof input, .flags = bermgo_take_u32(&r)};
    input.profile = bermgo_take_text(&r);
    input.source_count = bermgo_take_u32(&r);
    berm_source *list = bermgo_mem_grow(NULL, input.source_count * sizeof *list);
    if (!list) return BERM_E_NOMEM;
    berm_status status = compile_sources(engine, &r, list, &input, made);
    bermgo_mem_free(list);
    return finish(made, status);
}

berm_status bermgo_policy_load(bermgo_engine *engine, const char *image, size_t len,
                               bermgo_made *made)
{
    return berm_policy_load(engine->engine, (berm_str){image, len}, &made->policy, &made->error);
}

berm_status bermgo_policy_save(const berm_policy *policy, bermgo_made *made)
{
    berm_sink sink = {bermgo_buffer_write, &made->packed};
    return finish(made, berm_policy_save(policy, &sink, &made->error));
}

berm_status bermgo_policy_disasm(const berm_policy *policy, bermgo_made *made)
{
    berm_sink sink = {bermgo_buffer_write, &made->packed};
    return finish(made, berm_policy_disasm(policy, &sink, &made->error));
}

berm_status bermgo_policy_effective(const berm_policy *policy, uint32_t format, bermgo_made *made)
{
    berm_sink sink = {bermgo_buffer_write, &made->packed};
    return finish(made, berm_policy_effective(policy, format, &sink, &made->error));
}

berm_status bermgo_policy_waivers(const berm_policy *policy, int64_t sec, int32_t nanos,
                                  bermgo_made *made)
{
    berm_status status = BERM_OK;
    for (size_t i = 0; !status && i < berm_policy_waiver_count(policy); i++) {
        berm_waiver waiver = {.size = sizeof waiver};
        status = berm_policy_waiver(policy, i, (berm_time){sec, nanos}, &waiver, &made->error);
        if (!status) bermgo_pack_waiver(&made->packed, &waiver);
    }
    return finish(made, status);
}

static int put_test(void *ctx, const berm_test_result *result)
{
    bermgo_buffer *b = ctx;
    bermgo_put_text(b, result->guardrail);
    bermgo_put_text(b, result->name);
    bermgo_put_text(b, result->source);
    bermgo_put_text(b, result->message);
    bermgo_put_u32(b, result->line);
    bermgo_put_u8(b, result->passed != 0);
    return b->failed;
}

berm_status bermgo_policy_test(const berm_policy *policy, bermgo_made *made)
{
    return finish(made, berm_policy_test(policy, put_test, &made->packed, &made->error));
}

/* --- documents --- */

berm_status bermgo_doc_parse(bermgo_engine *engine, const char *text, size_t len,
                             const char *strings, const bermgo_reading *how, bermgo_made *made)
{
    berm_diags *diags = NULL;
    berm_doc_options options = {.size = sizeof options,
                                .name = {strings, how->name_len},
                                .format = how->format,
                                .yaml_schema = how->yaml_schema,
                                .duplicates = how->duplicates};
    berm_status status = berm_doc_parse(engine->engine, (berm_str){text, len}, &options, &made->doc,
                                        &diags, &made->error);
    bermgo_pack_diags(&made->packed, diags);
    berm_diags_free(diags);
    return finish(made, status);
}

berm_status bermgo_doc_root(const berm_doc *doc, size_t index, bermgo_made *made)
{
    bermgo_pack_value(&made->packed, berm_doc_root(doc, index));
    return finish(made, BERM_OK);
}

/* --- reports --- */

berm_status bermgo_report_write(const berm_report *report, uint32_t format, uint32_t flags,
                                bermgo_made *made)
{
    berm_sink sink = {bermgo_buffer_write, &made->packed};
    return finish(made, berm_report_write(report, format, flags, &sink, &made->error));
}

berm_status bermgo_report_waivers(const berm_report *report, bermgo_made *made)
{
    berm_status status = BERM_OK;
    for (size_t i = 0; !status && i < berm_report_waiver_count(report); i++) {
        berm_waiver waiver = {.size = sizeof waiver};
        status = berm_report_waiver(report, i, &waiver, &made->error);
        if (!status) bermgo_pack_waiver(&made->packed, &waiver);
    }
    return finish(made, status);
}

berm_status bermgo_report_findings(const berm_report *report, bermgo_made *made)
{
    size_t count, stride;
    const berm_finding *findings = berm_report_findings(report, &count, &stride);
    bermgo_pack_findings(&made->packed, findings, count, stride);
    return finish(made, BERM_OK);
}

berm_status bermgo_report_fail(berm_report *report, const char *name, size_t name_len,
                               const char *message, size_t message_len, const berm_error *why)
{
    berm_error said = *why;
    if (message_len >= sizeof said.message) message_len = sizeof said.message - 1;
    memcpy(said.message, message, message_len);
    said.message[message_len] = 0;
    return berm_report_fail(report, (berm_str){name, name_len}, &said, NULL);
}
