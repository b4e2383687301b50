/* The compile side from end to end: sources are read, loaded into the model, bound, checked,
   emitted and linked. Every stage looks at everything, so that one run reports all there is. */
#include "base/number.h"
#include "policy/assemble.h"
#include "policy/authoring/lint.h"
#include "policy/bind_params.h"
#include "policy/builtins.h"
#include "policy/dialects/dialect.h"
#include "policy/dialects/prelude.h"
#include "policy/governance/governance.h"
#include "policy/load.h"
#include "policy/match.h"

/* Policies are written by people: what is nested deeper is no policy. Constants are copied by
   recursion. */
#define POLICY_DEPTH_MAX 100u
#define POLICY_GUARDRAILS_MAX 100000u
#define POLICY_SOURCES_MAX 60000u /* a space has 65535 stores */

typedef struct policy_compile {
    berm_build build;
    berm_model model;
    berm_diags *own_diags; /* where the caller wants none: faults are counted all the same */
    BERM_LIST(berm_policy_file) files;
    uint32_t faults; /* errors in the list before this compilation */
} policy_compile;

/* --- sources --- */

static void report_unread(policy_compile *compile, const berm_policy_file *file, uint32_t faults,
                          berm_status status, const berm_error *err)
{
    berm_build *build = &compile->build;
    if (status == BERM_E_NOMEM) {
        berm_build_fail(build, status);
    } else if (berm_diags_error_count(build->diags) == faults) {
        berm_place_fault(build, (berm_place){file->diag_source, (uint32_t)err->off, 0},
                         BERM_D_INPUT_READ, "%s", err->message);
    }
}

/* Documents of Kubernetes alone mean what kubectl reads, that is YAML 1.1. */
static bool wants_yaml_11(const berm_policy_file *file)
{
    bool wants = file->doc->ambiguous;
    for (uint32_t i = 0; i < file->doc->root_count && wants; i++) {
        berm_part root = {file, &file->doc->roots[i]};
        wants = berm_part_given(berm_part_member(root, "apiVersion"));
    }
    return wants;
}

static void read_yaml(policy_compile *compile, berm_policy_file *file)
{
    berm_build *build = &compile->build;
    berm_limits limits = build->limits;
    if (limits.depth > POLICY_DEPTH_MAX) limits.depth = POLICY_DEPTH_MAX;
    berm_read read = {.alloc = build->alloc,
                      .limits = &limits,
                      .name = file->name,
                      .text = file->text,
                      .refuse_duplicates = true,
                      .diags = build->diags};
    berm_error err = {0};
    uint32_t faults = berm_diags_error_count(build->diags);
    berm_status status = berm_doc_read(&read, &file->doc, &err);
    if (status == BERM_OK && wants_yaml_11(file)) {
        berm_doc_drop(file->doc);
        read.schema = BERM_YAML_11;
        status = berm_doc_read(&read, &file->doc, &err);
    }
    if (status != BERM_OK) {
        file->doc = NULL;
        report_unread(compile, file, faults, status, &err);
        return;
    }
    file->store = berm_space_add(&build->space, &file->doc->store);
}

static void add_file(policy_compile *compile, berm_policy_file file)
{
    berm_build *build = &compile->build;
    berm_codegen *gen = &build->gen;
    if (!file.text.ptr) file.text = BERM_STR("");
    file.diag_source = berm_diags_source(build->diags, file.name, file.text);
    file.source_row = gen->sources.count;
    berm_img_source row = {berm_codegen_text(gen, file.name)};
    if (!berm_array_push(gen->alloc, &gen->sources, row)) berm_build_fail(build, BERM_E_NOMEM);
    if (berm_build_status(build) != BERM_OK) return;
    berm_policy_file *kept = &compile->files.items[compile->files.count++];
    *kept = file;
    if (file.role != BERM_ROLE_EXPRESSION) read_yaml(compile, kept);
}

static berm_str builtin_source_name(berm_build *build, berm_str name)
{
    static const berm_str lead = {"(built-in)/", 11};
    char *text = berm_build_alloc(build, lead.len + name.len, 1);
    if (!text) return lead;
    memcpy(text, lead.ptr, lead.len);
    memcpy(text + lead.len, name.ptr, name.len);
    return (berm_str){text, lead.len + name.len};
}

static void add_builtins(policy_compile *compile, const berm_builtin *builtins, uint32_t count)
{
    berm_build *build = &compile->build;
    if (!builtins) berm_build_fail(build, BERM_E_NOMEM);
    for (uint32_t i = 0; builtins && i < count; i++) {
        add_file(compile, (berm_policy_file){.name = builtin_source_name(build, builtins[i].name),
                                             .text = builtins[i].text,
                                             .role = BERM_ROLE_POLICY,
                                             .builtin = true});
    }
}

static void read_sources(policy_compile *compile, const berm_compile_input *input)
{
    berm_build *build = &compile->build;
    bool builtins = !(input->flags & BERM_COMPILE_NO_BUILTINS);
    if (input->source_count > POLICY_SOURCES_MAX) {
        berm_place_fault(build, BERM_NOWHERE, BERM_D_POLICY_TOO_MANY, "more than %u sources",
                         (uint32_t)POLICY_SOURCES_MAX);
        return;
    }
    /* One more for what dialects stand on (lower_dialects). */
    size_t count = input->source_count + (builtins ? berm_builtin_count() + 1 : 0);
    if (count == 0 || !berm_list_reserve(build, &compile->files, count)) return;
    if (builtins)
        add_builtins(compile, berm_builtins_read(&compile->build.arena), berm_builtin_count());
    for (size_t i = 0; i < input->source_count && berm_build_status(build) == BERM_OK; i++) {
        const berm_source *source = &input->sources[i];
        /* A policy directory may hold the files of policies/targets, too. */
        if (builtins && berm_builtin_is(source->text)) continue;
        add_file(
            compile,
            (berm_policy_file){.name = source->name, .text = source->text, .role = source->role});
    }
}

/* --- stages --- */

static void check_amount(policy_compile *compile, uint32_t flags)
{
    berm_build *build = &compile->build;
    const berm_model *model = &compile->model;
    if (model->guardrails.count > POLICY_GUARDRAILS_MAX) {
        berm_part_fault(build, model->guardrails.items[POLICY_GUARDRAILS_MAX]->at,
                        BERM_D_POLICY_TOO_MANY, "more than %u guardrails",
                        (uint32_t)POLICY_GUARDRAILS_MAX);
    }
    bool empty = model->guardrails.count == 0 && model->expressions.count == 0;
    bool sound = berm_diags_error_count(build->diags) == compile->faults;
    if (empty && sound && !(flags & BERM_COMPILE_ALLOW_EMPTY)) {
        berm_place_fault(build, BERM_NOWHERE, BERM_D_POLICY_EMPTY, "the sources hold no guardrail");
    }
}

static void assemble_model(policy_compile *compile)
{
    berm_build *build = &compile->build;
    const berm_model *model = &compile->model;
    for (uint32_t i = 0; i < model->targets.count; i++) {
        berm_assemble_target(build, model->targets.items[i]);
    }
    for (uint32_t i = 0; i < model->kinds.count; i++)
        berm_assemble_kind(build, model->kinds.items[i]);
    for (uint32_t i = 0; i < model->guardrails.count; i++) {
        if (berm_build_status(build) != BERM_OK) return;
        berm_assemble_guardrail(build, model->guardrails.items[i]);
    }
    for (uint32_t i = 0; i < model->expressions.count; i++) {
        berm_assemble_expression(build, model->expressions.items[i]);
    }
#if BERM_PART_GOVERNANCE
    berm_governance_assemble(build);
#endif
}

/* Policies of other dialects stand on expressions that come with the library. */
static void lower_dialects(policy_compile *compile, uint32_t flags)
{
#if BERM_PART_DIALECTS
    berm_build *build = &compile->build;
    if (!(flags & BERM_COMPILE_NO_BUILTINS)) {
        uint32_t at = compile->files.count;
        add_builtins(compile, berm_prelude_read(&build->arena), 1);
        if (at < compile->files.count) berm_load_file(build, &compile->files.items[at]);
    }
    berm_dialects_lower(build);
#else
    (void)compile, (void)flags;
#endif
}

static void run_stages(policy_compile *compile, const berm_compile_input *input)
{
    berm_build *build = &compile->build;
    build->profile = input->profile;
    if (!BERM_PART_GOVERNANCE && build->profile.len)
        berm_place_fault(build, BERM_NOWHERE, BERM_D_POLICY_UNSUPPORTED, "this build has no packs");
    read_sources(compile, input);
    for (uint32_t i = 0; i < compile->files.count; i++) {
        berm_load_file(build, &compile->files.items[i]);
    }
    if (compile->model.foreign.count > 0) lower_dialects(compile, input->flags);
    check_amount(compile, input->flags);
    if (berm_build_status(build) != BERM_OK) return;
    berm_params_bind(build);
    berm_kinds_check(build);
    assemble_model(compile);
}

/* --- begin and end --- */

static bool begin_compile(policy_compile *compile, const berm_build_terms *terms, berm_diags *diags)
{
    *compile = (policy_compile){0};
    berm_build *build = &compile->build;
    const berm_alloc *alloc = build->alloc = terms->alloc;
    build->limits = berm_limits_resolve(terms->limits);
    build->hosts = terms->hosts;
    build->model = &compile->model;
    build->diags = diags;
    if (!diags) build->diags = compile->own_diags = berm_diags_new(alloc);
    berm_arena_init(&build->arena, alloc);
    berm_space_init(&build->space, alloc, build->limits.memory_len);
    build->space.fuel = build->limits.fuel;
    berm_codegen_init(&build->gen, alloc, build->diags);
    berm_sight_declare(build);
    berm_model_init(&compile->model, alloc);
    compile->faults = berm_diags_error_count(build->diags);
    return build->diags != NULL;
}

static void end_compile(policy_compile *compile)
{
    berm_build *build = &compile->build;
    if (build->vm) berm_vm_free(build->vm);
    berm_model_free(&compile->model, build->alloc);
    berm_codegen_free(&build->gen);
    berm_declarations_free(&build->declarations);
    berm_space_free(&build->space);
    for (uint32_t i = 0; i < compile->files.count; i++) berm_doc_drop(compile->files.items[i].doc);
    berm_arena_free(&build->arena);
    berm_diags_drop(compile->own_diags);
}

/* The first fault, for callers that look at one. */
static berm_status fill_policy_error(const berm_build *build, berm_error *err, uint32_t faults)
{
    size_t count;
    const berm_diag *diags = berm_diags_list(build->diags, &count);
    berm_error_set(err, BERM_E_POLICY, BERM_D_NONE, "the policies do not compile: %u errors",
                   faults);
    for (size_t i = 0; i < count; i++) {
        uint64_t code = 0;
        if (diags[i].severity != BERM_DIAG_ERROR || !err) continue;
        berm_format_into(err->message, sizeof err->message, "%S:%u:%u: %S", diags[i].source,
                         diags[i].line, diags[i].column, diags[i].message);
        berm_parse_uint(berm_str_cut(diags[i].code, 1, diags[i].code.len), &code);
        err->code = (uint32_t)code;
        err->line = diags[i].line;
        err->column = diags[i].column;
        break;
    }
    return BERM_E_POLICY;
}

static berm_status finish_compile(policy_compile *compile, unsigned char **bytes, size_t *len,
                                  berm_error *err)
{
    berm_build *build = &compile->build;
    berm_status status = berm_build_status(build);
    uint32_t faults = berm_diags_error_count(build->diags) - compile->faults;
    if (status == BERM_OK && faults) return fill_policy_error(build, err, faults);
    if (status == BERM_OK) status = berm_codegen_link(&build->gen, bytes, len);
    if (status == BERM_E_NOMEM) {
        return berm_error_set(err, status, BERM_D_NOMEM, "an allocation failed");
    }
    if (status != BERM_OK) {
        return berm_error_set(err, status, BERM_D_POLICY_TOO_MANY, "the policy set is too large");
    }
    return BERM_OK;
}

berm_status berm_policy_build(const berm_build_terms *terms, const berm_compile_input *input,
                              berm_diags *diags, unsigned char **bytes, size_t *len,
                              berm_error *err)
{
    policy_compile compile;
    berm_status status = BERM_E_NOMEM;
    *bytes = NULL;
    *len = 0;
    if (begin_compile(&compile, terms, diags)) {
        run_stages(&compile, input);
#if BERM_PART_AUTHORING
        bool sound = berm_diags_error_count(compile.build.diags) == compile.faults;
        if (terms->lint && berm_build_status(&compile.build) == BERM_OK)
            berm_lint_run(&compile.build, compile.files.items, compile.files.count, sound);
#endif
        status = finish_compile(&compile, bytes, len, err);
    } else {
        status = berm_error_set(err, status, BERM_D_NOMEM, "an allocation failed");
    }
    end_compile(&compile);
    return status;
}
