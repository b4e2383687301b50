/* Waivers from their documents to rows. What a document must say is a fault where it is missing;
   what makes a sound document a bad waiver (too broad, approved by its owner, ..) is noted in its
   row and told by reports and `berm waivers`. */
#include "data/time.h"
#include "policy/governance/governance.h"
#include "policy/governance/waivers.h"
#include "policy/load.h"

#define WAIVER_DAY 86400

/* --- moments --- */

/* `otherwise` where it is absent; false where it is malformed. */
static bool read_moment(berm_part part, bool end, berm_time otherwise, berm_time *out)
{
    berm_str text = berm_part_text(part);
    *out = otherwise;
    return !text.ptr || berm_time_parse(text, out) || berm_date_parse(text, end, out);
}

typedef struct waiver_times {
    berm_time created, from, end;
} waiver_times;

static bool read_times(berm_part at, waiver_times *times)
{
    const berm_time none = {0, 0};
    bool read = read_moment(berm_part_member(at, "created"), false, none, &times->created);
    read &= read_moment(berm_part_member(at, "effectiveFrom"), false, times->created, &times->from);
    return read & read_moment(berm_part_member(at, "expires"), true, none, &times->end);
}

static void check_moment(berm_build *build, berm_part map, const char *key)
{
    berm_time time;
    berm_part part = berm_part_member(map, key);
    if (read_moment(part, false, (berm_time){0, 0}, &time)) return;
    berm_part_fault(build, part, BERM_D_WAIVER_TIME,
                    "`%s` is a date (2026-12-31) or a timestamp, not `%S`", key,
                    berm_part_text(part));
}

static void check_times(berm_build *build, berm_part at)
{
    static const char *const keys[] = {"created", "effectiveFrom", "expires", "reviewBy"};
    waiver_times times;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) check_moment(build, at, keys[i]);
    berm_part expires = berm_part_member(at, "expires");
    if (!read_times(at, &times) || !berm_part_text(expires).ptr) return;
    if (berm_time_after(times.created, times.end))
        berm_part_fault(build, expires, BERM_D_WAIVER_TIME,
                        "the waiver expires before it was created");
    else if (berm_time_after(times.from, times.end))
        berm_part_fault(build, expires, BERM_D_WAIVER_TIME,
                        "the waiver expires before it is in force");
}

/* --- what must be said --- */

static bool is_unsaid(berm_part part)
{
    return berm_part_is(part, BERM_TAG_STRING) && !berm_str_trim(berm_part_text(part)).len;
}

static void check_said(berm_build *build, berm_part at)
{
    static const char *const keys[] = {"reason", "owner"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        berm_part part = berm_part_member(at, keys[i]);
        if (is_unsaid(part))
            berm_part_fault(build, part, BERM_D_WAIVER_INCOMPLETE, "`%s` of a waiver is blank",
                            keys[i]);
    }
    berm_part mitigations = berm_part_member(at, "mitigations");
    if (berm_str_is(berm_load_text(at, "category"), "mitigated") && !berm_part_count(mitigations))
        berm_part_fault(build, berm_part_member(at, "category"), BERM_D_WAIVER_INCOMPLETE,
                        "a waiver of the category mitigated needs `mitigations`");
    for (uint32_t i = 0; i < berm_part_count(mitigations); i++)
        if (is_unsaid(berm_part_element_at(mitigations, i)))
            berm_part_fault(build, berm_part_element_at(mitigations, i), BERM_D_WAIVER_INCOMPLETE,
                            "a mitigation is blank");
    berm_part most = berm_part_member(at, "maxMatches");
    if (berm_part_is(most, BERM_TAG_INT) && (most.cell->as.i < 1 || most.cell->as.i > UINT32_MAX))
        berm_part_fault(build, most, BERM_D_WAIVER_INCOMPLETE, "`maxMatches` is at least 1");
}

static const struct scope_key {
    const char *key;
    uint32_t part;
} scope_keys[] = {{"resources", BERM_SCOPE_RESOURCE},
                  {"kinds", BERM_SCOPE_KIND},
                  {"elements", BERM_SCOPE_ELEMENT},
                  {"documents", BERM_SCOPE_DOCUMENT},
                  {"fingerprints", BERM_SCOPE_FINGERPRINT}};
#define SCOPE_KEY_COUNT (sizeof scope_keys / sizeof *scope_keys)

static uint32_t check_globs(berm_build *build, berm_part list)
{
    uint32_t count = berm_part_is(list, BERM_TAG_LIST) ? berm_part_count(list) : 0;
    for (uint32_t i = 0; i < count; i++)
        if (is_unsaid(berm_part_element_at(list, i)))
            berm_part_fault(build, berm_part_element_at(list, i), BERM_D_WAIVER_INCOMPLETE,
                            "a pattern is blank: it matches nothing");
    return count;
}

static void check_scope(berm_build *build, berm_part at)
{
    berm_part guardrails = berm_part_member(at, "guardrails"),
              scope = berm_part_member(at, "scope");
    uint32_t count = 0;
    if (!check_globs(build, guardrails) && berm_part_is(guardrails, BERM_TAG_LIST))
        berm_part_fault(build, guardrails, BERM_D_WAIVER_INCOMPLETE,
                        "`guardrails` is empty: the waiver is about none");
    for (size_t i = 0; i < SCOPE_KEY_COUNT; i++)
        count += check_globs(build, berm_part_member(scope, scope_keys[i].key));
    if (!count && berm_part_is(scope, BERM_TAG_MAP))
        berm_part_fault(build, scope, BERM_D_WAIVER_INCOMPLETE,
                        "`scope` says nothing: name resources, kinds, elements, documents or "
                        "fingerprints");
}

void berm_waiver_load(berm_build *build, berm_part document)
{
    berm_governance *governance = berm_governance_of(build);
    berm_part id = berm_part_member(document, "waiver");
    if (!governance) return;
    check_times(build, document);
    check_said(build, document);
    check_scope(build, document);
    for (berm_governed *other = governance->waivers.first; other; other = other->next)
        if (berm_str_equal(berm_load_text(other->at, "waiver"), berm_part_text(id))) {
            berm_model_twice(build, "the waiver", id, berm_part_member(other->at, "waiver"));
            return;
        }
    berm_governance_keep(build, &governance->waivers, document);
}

/* --- rows --- */

static void push_scope(berm_build *build, uint32_t part, berm_str glob, berm_str below)
{
    berm_codegen *gen = &build->gen;
    berm_img_scope row = {part, berm_codegen_text(gen, glob), berm_codegen_text(gen, below)};
    if (!berm_array_push(gen->alloc, &gen->scopes, row)) berm_build_fail(build, BERM_E_NOMEM);
}

/* "guardrail" or "guardrail/validation". */
static void split_name(berm_str name, berm_str *guardrail, berm_str *validation)
{
    const char *slash = name.len ? memchr(name.ptr, '/', name.len) : NULL;
    size_t at = slash ? (size_t)(slash - name.ptr) : name.len;
    *guardrail = berm_str_cut(name, 0, at);
    *validation = slash ? berm_str_cut(name, at + 1, name.len) : BERM_STR("");
}

static berm_run_ref assemble_scope(berm_build *build, berm_part at)
{
    berm_run_ref run = {build->gen.scopes.count, 0};
    berm_part list = berm_part_member(at, "guardrails"), scope = berm_part_member(at, "scope");
    for (uint32_t i = 0; i < berm_part_count(list); i++) {
        berm_str guardrail, validation;
        split_name(berm_part_text(berm_part_element_at(list, i)), &guardrail, &validation);
        push_scope(build, BERM_SCOPE_GUARDRAIL, guardrail, validation);
    }
    for (size_t k = 0; k < SCOPE_KEY_COUNT; k++) {
        list = berm_part_member(scope, scope_keys[k].key);
        for (uint32_t i = 0; i < berm_part_count(list); i++)
            push_scope(build, scope_keys[k].part, berm_part_text(berm_part_element_at(list, i)),
                       BERM_STR(""));
    }
    run.count = build->gen.scopes.count - run.first;
    return run;
}

static uint32_t category_number(berm_str word)
{
    uint32_t number = 0;
    while (*berm_waiver_category_word(number) &&
           !berm_str_is(word, berm_waiver_category_word(number)))
        number++;
    return number;
}

/* --- what is wrong with it --- */

/* Nothing but wildcards and separators. */
static bool is_open(berm_str glob)
{
    for (size_t i = 0; i < glob.len; i++)
        if (!strchr("*?./:[]", glob.ptr[i])) return false;
    return true;
}

static bool is_broad(const berm_build *build, const berm_img_waiver *row)
{
    bool narrow[BERM_SCOPE_COUNT] = {false}, open[BERM_SCOPE_COUNT] = {false};
    for (uint32_t i = 0; i < row->scope.count; i++) {
        const berm_img_scope *scope = &build->gen.scopes.items[row->scope.first + i];
        bool all = is_open((berm_str){build->gen.text.items + scope->glob.off, scope->glob.len});
        narrow[scope->part] = true;
        open[scope->part] |= all;
    }
    bool bounded = false; /* one part that is closed is enough beside a closed guardrail */
    for (uint32_t p = BERM_SCOPE_RESOURCE; p < BERM_SCOPE_COUNT; p++)
        bounded |= narrow[p] && !open[p];
    return !row->max_matches && (open[BERM_SCOPE_GUARDRAIL] || !bounded);
}

static bool has_index(berm_part resources)
{
    for (uint32_t i = 0; berm_part_is(resources, BERM_TAG_LIST) && i < berm_part_count(resources);
         i++) {
        berm_str glob = berm_part_text(berm_part_element_at(resources, i));
        for (size_t at = 0; at + 2 < glob.len; at++) {
            size_t end = at + 1;
            if (glob.ptr[at] != '[') continue;
            while (end < glob.len && glob.ptr[end] >= '0' && glob.ptr[end] <= '9') end++;
            if (end > at + 1 && end < glob.len && glob.ptr[end] == ']') return true;
        }
    }
    return false;
}

/* Approvers that are not the owner, each once; whether the owner is one. */
static uint32_t count_approvers(berm_part at, bool *self)
{
    berm_part list = berm_part_member(at, "approvers");
    berm_str owner = berm_str_trim(berm_load_text(at, "owner"));
    uint32_t count = 0;
    *self = false;
    for (uint32_t i = 0; berm_part_is(list, BERM_TAG_LIST) && i < berm_part_count(list); i++) {
        berm_str name = berm_str_trim(berm_load_text(berm_part_element_at(list, i), "name"));
        bool again = berm_str_equal(name, owner);
        *self |= again;
        for (uint32_t k = 0; k < i && !again; k++)
            again = berm_str_equal(
                berm_str_trim(berm_load_text(berm_part_element_at(list, k), "name")), name);
        if (!again && name.len) count++;
    }
    return count;
}

static berm_str row_text(const berm_build *build, berm_text_ref ref)
{
    return (berm_str){build->gen.text.items + ref.off, ref.len};
}

static const berm_img_term *term_of(const berm_build *build, uint32_t guardrail)
{
    for (uint32_t i = 0; i < build->gen.terms.count; i++)
        if (build->gen.terms.items[i].guardrail == guardrail) return &build->gen.terms.items[i];
    return NULL;
}

static bool is_allowed(const berm_build *build, const berm_img_waiver *row, uint32_t guardrail,
                       const berm_img_rule *rule)
{
    const berm_img_term *term = term_of(build, guardrail);
    int64_t days = ((int64_t)row->end_day - row->from_day);
    if (rule->enforcement == BERM_ENFORCEMENT_HARD_MANDATORY) return false;
    return !term || (days <= (int64_t)term->max_days && row->approvers >= term->approvers &&
                     term->categories & 1u << row->category);
}

/* Of the validations that a waiver names: is there one, and is one allowed? */
static uint32_t find_named(const berm_build *build, const berm_img_waiver *row)
{
    const berm_codegen *gen = &build->gen;
    bool named = false, allowed = false;
    for (uint32_t g = 0; g < gen->guardrails.count; g++) {
        const berm_img_guardrail *guardrail = &gen->guardrails.items[g];
        for (uint32_t s = 0; s < row->scope.count && guardrail->matches.count; s++) {
            const berm_img_scope *scope = &gen->scopes.items[row->scope.first + s];
            berm_str glob = row_text(build, scope->glob), below = row_text(build, scope->below);
            if (scope->part != BERM_SCOPE_GUARDRAIL ||
                !berm_glob_match(glob, row_text(build, guardrail->id)))
                continue;
            for (uint32_t r = 0; r < guardrail->rules.count; r++) {
                const berm_img_rule *rule = &gen->rules.items[guardrail->rules.first + r];
                if (below.len && !berm_glob_match(below, row_text(build, rule->name))) continue;
                named = true;
                allowed |= is_allowed(build, row, g, rule);
            }
        }
    }
    return named ? allowed ? 0 : BERM_WAIVER_NOT_ALLOWED : BERM_WAIVER_NAMES_NOTHING;
}

static void split_moment(berm_time time, uint32_t *day, uint32_t *second, uint32_t *nanos)
{
    int64_t since = time.sec - berm_days_from_civil(1, 1, 1) * WAIVER_DAY;
    *day = (uint32_t)(since / WAIVER_DAY);
    *second = (uint32_t)(since % WAIVER_DAY);
    *nanos = (uint32_t)time.nanos;
}

static void assemble_waiver(berm_build *build, const berm_governed *waiver)
{
    berm_codegen *gen = &build->gen;
    berm_part at = waiver->at, most = berm_part_member(at, "maxMatches");
    waiver_times times;
    bool self;
    uint32_t column;
    if (!read_times(at, &times)) return; /* reported */
    berm_img_waiver row = {.id = berm_codegen_text(gen, berm_load_text(at, "waiver")),
                           .category = category_number(berm_load_text(at, "category")),
                           .owner = berm_codegen_text(gen, berm_load_text(at, "owner")),
                           .expires = berm_codegen_text(gen, berm_load_text(at, "expires")),
                           .effective = berm_codegen_text(gen, berm_load_text(at, "effectiveFrom")),
                           .approvers = count_approvers(at, &self),
                           .max_matches =
                               berm_part_is(most, BERM_TAG_INT) ? (uint32_t)most.cell->as.i : 0,
                           .record = berm_codegen_constant(gen, &build->space, berm_part_cell(at)),
                           .scope = assemble_scope(build, at),
                           .source = at.file->source_row};
    if (!row.effective.len) row.effective = berm_codegen_text(gen, berm_load_text(at, "created"));
    split_moment(times.from, &row.from_day, &row.from_second, &row.from_nanos);
    split_moment(times.end, &row.end_day, &row.end_second, &row.end_nanos);
    berm_diags_locate(build->diags, berm_part_head_place(at), &row.line, &column);
    if (berm_build_status(build) != BERM_OK) return;
    if (self) row.problems |= BERM_WAIVER_SELF_APPROVED;
    if (is_broad(build, &row)) row.problems |= BERM_WAIVER_IS_BROAD;
    if (has_index(berm_part_member(berm_part_member(at, "scope"), "resources")))
        row.problems |= BERM_WAIVER_HAS_INDEX;
    row.problems |= find_named(build, &row);
    if (!berm_array_push(gen->alloc, &gen->waivers, row)) berm_build_fail(build, BERM_E_NOMEM);
}

/* --- what waivers of each guardrail may be --- */

static uint32_t int_member(berm_part map, const char *key, uint32_t otherwise)
{
    berm_part part = berm_part_member(map, key);
    if (!berm_part_is(part, BERM_TAG_INT)) return otherwise;
    return part.cell->as.i > UINT32_MAX ? UINT32_MAX : (uint32_t)part.cell->as.i;
}

static berm_img_term make_term(uint32_t guardrail, berm_part waivable)
{
    berm_img_term term = {.guardrail = guardrail,
                          .max_days = int_member(waivable, "maxDays", UINT32_MAX),
                          .approvers = int_member(waivable, "approvers", 0)};
    berm_part list = berm_part_member(waivable, "categories");
    for (uint32_t i = 0; berm_part_is(list, BERM_TAG_LIST) && i < berm_part_count(list); i++)
        term.categories |= 1u << category_number(berm_part_text(berm_part_element_at(list, i)));
    if (!berm_part_given(list)) term.categories = 31;
    term.categories &= 31;
    return term;
}

static void assemble_terms(berm_build *build)
{
    berm_codegen *gen = &build->gen;
    const berm_model *model = build->model;
    berm_part otherwise = berm_packs_waivable(build);
    uint32_t g = 0;
    for (uint32_t i = 0; i < gen->guardrails.count && g < model->guardrails.count; i++) {
        if (!gen->guardrails.items[i].matches.count) continue; /* compiled for a test */
        berm_part own = model->guardrails.items[g++]->waivable;
        if (!berm_part_given(own)) own = otherwise;
        if (!berm_part_is(own, BERM_TAG_MAP)) continue;
        berm_img_term term = make_term(i, own);
        if (!berm_array_push(gen->alloc, &gen->terms, term)) berm_build_fail(build, BERM_E_NOMEM);
    }
}

void berm_waivers_assemble(berm_build *build)
{
    const berm_governed_list *waivers = &build->model->governance->waivers;
    if (!waivers->first) return;
    assemble_terms(build);
    for (const berm_governed *w = waivers->first; w; w = w->next) assemble_waiver(build, w);
}
