/* A rule names resources (deployments of apps), a kind is what a resource is found by
   (apps/Deployment). Plurals of the kinds that Kubernetes has are known; where a rule is about
   anything else, all kinds of its group are taken in, and all there are for subresources, whose
   objects may be of any group. */
#include "policy/dialects/reach.h"

#include "policy/dialects/admission.h"

typedef struct reach_work {
    berm_build *build;
    bool everything;
} reach_work;

static void add_reach_row(reach_work *work, berm_str kind)
{
    berm_codegen *gen = &work->build->gen;
    berm_img_match row = {berm_codegen_text(gen, BERM_STR("kubernetes")),
                          berm_codegen_text(gen, kind)};
    if (!berm_array_push(gen->alloc, &gen->matchs, row)) berm_build_fail(work->build, BERM_E_NOMEM);
}

/* group/Kind, either a glob; the empty group is written v1. */
static void reach_kind(reach_work *work, berm_str group, berm_str kind)
{
    berm_text text;
    if (berm_str_is(kind, "*") && berm_str_is(group, "*")) {
        work->everything = true;
        return;
    }
    berm_text_init(&text, work->build->alloc);
    berm_text_format(&text, "%S/%S", group.len ? group : BERM_STR("v1"), kind);
    if (text.failed) berm_build_fail(work->build, BERM_E_NOMEM);
    else add_reach_row(work, berm_text_view(&text));
    berm_text_free(&text);
}

/* --- rules of Kubernetes: groups and resources --- */

static char lower_letter(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool ends_in_one_of(berm_str word, const char *letters)
{
    return word.len && strchr(letters, lower_letter(word.ptr[word.len - 1])) != NULL;
}

/* Is `plural` what Kubernetes' tools make of the kind? As `plural` of admission-policies.yaml. */
static bool is_plural_of(berm_str plural, berm_str kind)
{
    berm_str stem = kind, end = BERM_STR("s");
    bool hissed = ends_in_one_of(kind, "sxz") ||
                  (kind.len > 1 && lower_letter(kind.ptr[kind.len - 1]) == 'h' &&
                   strchr("cs", lower_letter(kind.ptr[kind.len - 2])));
    if (berm_str_is(kind, "Endpoints")) end = BERM_STR("");
    else if (hissed) end = BERM_STR("es");
    else if (ends_in_one_of(kind, "y") &&
             !ends_in_one_of(berm_str_cut(kind, 0, kind.len - 1), "aeiou")) {
        stem = berm_str_cut(kind, 0, kind.len - 1);
        end = BERM_STR("ies");
    }
    if (plural.len != stem.len + end.len) return false;
    for (size_t i = 0; i < stem.len; i++)
        if (plural.ptr[i] != lower_letter(stem.ptr[i])) return false;
    return berm_str_equal(berm_str_cut(plural, stem.len, plural.len), end);
}

/* The kind of a resource among those that the target knows: "apps/Deployment". Empty: none. */
static berm_str find_kind_of(reach_work *work, berm_str group, berm_str resource)
{
    const berm_target_def *target = berm_model_target(work->build->model, BERM_STR("kubernetes"));
    for (uint32_t i = 0; target && i < berm_part_count(target->bare_kinds); i++) {
        berm_str known = berm_part_text(berm_part_element_at(target->bare_kinds, i));
        const char *slash = memchr(known.ptr, '/', known.len);
        if (!slash) continue;
        size_t at = (size_t)(slash - known.ptr);
        if (berm_str_equal(berm_str_cut(known, 0, at), group.len ? group : BERM_STR("v1")) &&
            is_plural_of(resource, berm_str_cut(known, at + 1, known.len)))
            return known;
    }
    return BERM_STR("");
}

static void reach_resource(reach_work *work, berm_str group, berm_str resource)
{
    bool whole = berm_str_is(resource, "*");
    if (berm_str_is(group, "*") || !resource.len || memchr(resource.ptr, '/', resource.len)) {
        work->everything = true;
        return;
    }
    berm_str kind = whole ? BERM_STR("") : find_kind_of(work, group, resource);
    if (kind.len) add_reach_row(work, kind);
    else reach_kind(work, group, BERM_STR("*"));
}

static uint32_t count_elements(berm_part list)
{
    return berm_part_is(list, BERM_TAG_LIST) ? berm_part_count(list) : 0;
}

typedef void reach_pair(reach_work *work, berm_str group, berm_str name);

/* Each group with each name; one of both is missing: everything. */
static void reach_pairs(reach_work *work, berm_part groups, berm_part names, reach_pair *reach)
{
    if (!count_elements(groups) || !count_elements(names)) work->everything = true;
    for (uint32_t g = 0; g < count_elements(groups); g++)
        for (uint32_t n = 0; n < count_elements(names); n++)
            reach(work, berm_part_text(berm_part_element_at(groups, g)),
                  berm_part_text(berm_part_element_at(names, n)));
}

/* Entries of one list, each with two lists of its own. */
static void reach_entries(reach_work *work, berm_part entries, const char *names, reach_pair *reach)
{
    if (!count_elements(entries)) work->everything = true;
    for (uint32_t i = 0; i < count_elements(entries); i++) {
        berm_part entry = berm_part_element_at(entries, i);
        reach_pairs(work, berm_part_member(entry, "apiGroups"), berm_part_member(entry, names),
                    reach);
    }
}

/* --- Kyverno: Kind, version/Kind, group/version/Kind, Kind/subresource --- */

static void reach_written_kind(reach_work *work, berm_str written)
{
    berm_str parts[3], any = BERM_STR("*");
    uint32_t count = 0;
    size_t from = 0;
    for (size_t i = 0; i <= written.len && count < 3; i++) {
        if (i < written.len && written.ptr[i] != '/') continue;
        parts[count++] = berm_str_cut(written, from, i);
        from = i + 1;
    }
    bool version = count == 2 && (berm_str_is(parts[0], "*") ||
                                  (parts[0].len > 1 && parts[0].ptr[0] == 'v' &&
                                   parts[0].ptr[1] >= '0' && parts[0].ptr[1] <= '9'));
    if (from <= written.len || (count == 2 && !version)) work->everything = true;
    else reach_kind(work, count == 3 ? parts[0] : any, parts[count - 1]);
}

static void reach_filter(reach_work *work, berm_part filter)
{
    berm_part kinds = berm_part_member(berm_part_member(filter, "resources"), "kinds");
    if (!count_elements(kinds)) work->everything = true;
    for (uint32_t i = 0; i < count_elements(kinds); i++)
        reach_written_kind(work, berm_part_text(berm_part_element_at(kinds, i)));
}

/* Of `any` each filter adds; of `all` each is more than enough. */
static void reach_match(reach_work *work, berm_part match)
{
    berm_part list = berm_part_member(match, "any");
    if (!berm_part_given(list)) list = berm_part_member(match, "all");
    if (!berm_part_given(list)) reach_filter(work, match);
    else if (!count_elements(list)) work->everything = true;
    for (uint32_t i = 0; i < count_elements(list); i++)
        reach_filter(work, berm_part_element_at(list, i));
}

/* --- all of them --- */

/* What stands for Pods, whatever its group. */
static bool reach_stands(reach_work *work, berm_cell stands)
{
    if (stands.tag != BERM_TAG_LIST) return false;
    berm_space *space = &work->build->space;
    for (uint32_t i = 0; i < stands.as.ref.len; i++)
        reach_kind(work, BERM_STR("*"), berm_text_of(space, berm_list_at(space, stands, i)));
    return true;
}

berm_run_ref berm_reach_rows(berm_build *build, const berm_guardrail_def *guardrail)
{
    const berm_admission *admission = guardrail->admission;
    berm_part reaches = admission->reaches;
    berm_run_ref run = {build->gen.matchs.count, 0};
    reach_work work = {.build = build};
    if (reach_stands(&work, admission->stands)) work.everything = false;
    else if (!berm_part_is(reaches, BERM_TAG_MAP)) work.everything = true;
    else if (berm_str_is(berm_str_of(admission->applies), "kyverno")) reach_match(&work, reaches);
    else if (berm_str_is(berm_str_of(admission->applies), "gatekeeper"))
        reach_entries(&work, berm_part_member(reaches, "kinds"), "kinds", reach_kind);
    else
        reach_entries(&work, berm_part_member(reaches, "resourceRules"), "resources",
                      reach_resource);
    if (work.everything) {
        build->gen.matchs.count = run.first;
        add_reach_row(&work, BERM_STR("*"));
    }
    run.count = build->gen.matchs.count - run.first;
    return run;
}
