/* The guardrails' inline tests: each TEST row holds its mapping as written; a resource is made
   of it, judged by its one guardrail, and the verdicts are held against `expect`. */
#include "policy/runner.h"

#include "base/number.h"
#include "data/time.h"
#include "policy/values.h"
#include "policy/words.h"

typedef struct berm_test_case {
    berm_runner *runner;
    const berm_img_test *row;
    berm_cell spec;
    berm_text *faults; /* what was not as expected */
} test_case;

static berm_cell find_spec(const test_case *test, const char *name)
{
    return berm_map_find_text(&test->runner->vm.space, test->spec, berm_str_of(name));
}

static berm_str read_spec_text(const test_case *test, berm_cell map, const char *name)
{
    const berm_space *space = &test->runner->vm.space;
    if (map.tag != BERM_TAG_MAP) return BERM_STR("");
    berm_cell c = berm_map_find_text(space, map, berm_str_of(name));
    return c.tag == BERM_TAG_STRING ? berm_text_of(space, c) : BERM_STR("");
}

/* --- `unknown: [spec.image, rules[0].port]`: each path as a mask for the overlay, built from
   its end --- */

static berm_cell wrap_in_map(berm_space *space, berm_str name, berm_cell inner)
{
    berm_cell map = berm_cell_of(BERM_TAG_MAP), *members = berm_space_cells(space, 2, &map);
    if (!members) return inner;
    members[0] = berm_space_string(space, name);
    members[0].aux = berm_text_hash(name.ptr, name.len);
    members[1] = inner;
    map.as.ref.len = 1;
    return map;
}

static berm_cell wrap_in_list(berm_space *space, uint64_t index, berm_cell inner)
{
    if (index > 1000) return inner;
    berm_cell list = berm_cell_of(BERM_TAG_LIST),
              *items = berm_space_cells(space, (uint32_t)index + 1, &list);
    if (!items) return inner;
    for (uint64_t i = 0; i < index; i++) items[i] = berm_cell_bool(false);
    items[index] = inner;
    return list;
}

static berm_cell make_mask(berm_space *space, berm_str path)
{
    berm_cell mask = berm_cell_bool(true);
    size_t end = path.len;
    while (end > 0) {
        size_t start = end;
        uint64_t index;
        while (start > 0 && path.ptr[start - 1] != '.' && path.ptr[start - 1] != '[') start--;
        bool listed = start > 0 && path.ptr[start - 1] == '[' && path.ptr[end - 1] == ']';
        if (listed && berm_parse_uint(berm_str_cut(path, start, end - 1), &index))
            mask = wrap_in_list(space, index, mask);
        else mask = wrap_in_map(space, berm_str_cut(path, start, end), mask);
        end = start > 0 ? start - 1 : 0;
        if (listed && end > 0 && path.ptr[end - 1] == '.') end--;
    }
    return mask;
}

static void mark_paths(const test_case *test, const char *key, berm_mark as, berm_cell *value)
{
    berm_space *space = &test->runner->vm.space;
    berm_cell paths = find_spec(test, key);
    if (paths.tag != BERM_TAG_LIST) return;
    for (uint32_t i = 0; i < paths.as.ref.len; i++) {
        berm_cell path = berm_list_at(space, paths, i);
        if (path.tag != BERM_TAG_STRING) continue;
        *value = berm_overlay(space, *value, make_mask(space, berm_text_of(space, path)), as);
    }
}

/* --- the resource --- */

static uint32_t pick_action(const test_case *test, uint32_t mask)
{
    int given = berm_action_number(read_spec_text(test, test->spec, "action"));
    if (given >= 0) return (uint32_t)given;
    for (uint32_t a = 0; a < BERM_ACTION_COUNT; a++)
        if (mask & 1u << a) return a;
    return BERM_ACTION_NONE;
}

static uint32_t find_target_row(const berm_image *image, berm_str name)
{
    for (uint32_t t = 0; t < image->target_count; t++)
        if (berm_str_equal(berm_image_text(image, image->targets[t].name), name)) return t;
    return BERM_NO_ROW;
}

/* The target that the guardrail's `match` names. The row of a test with parameters is a compilation
   of its own, without matches: the one that has them has the same id. */
static berm_str find_match_target(const berm_image *image, uint32_t guardrail)
{
    berm_str id = berm_image_text(image, image->guardrails[guardrail].id);
    for (uint32_t g = 0; g < image->guardrail_count; g++) {
        const berm_img_guardrail *row = &image->guardrails[g];
        if (row->matches.count && berm_str_equal(berm_image_text(image, row->id), id))
            return berm_image_text(image, image->matchs[row->matches.first].target);
    }
    return BERM_STR("");
}

static uint32_t pick_target(const test_case *test)
{
    const berm_image *image = &test->runner->policy->image;
    berm_str name = read_spec_text(test, test->spec, "target");
    if (!name.len) name = find_match_target(image, test->row->guardrail);
    return find_target_row(image, name);
}

static berm_cell empty_map(berm_space *space)
{
    berm_cell map = berm_cell_of(BERM_TAG_MAP);
    berm_space_cells(space, 0, &map);
    return map;
}

static void fill_test_resource(const test_case *test, berm_resource *r, berm_resource *parent)
{
    const berm_image *image = &test->runner->policy->image;
    berm_space *space = &test->runner->vm.space;
    berm_cell record = find_spec(test, "resource"), above = find_spec(test, "parent");
    r->target = pick_target(test);
    r->input = UINT32_MAX;
    r->kind = read_spec_text(test, test->spec, "kind");
    r->name = read_spec_text(test, record, "name");
    r->address = read_spec_text(test, record, "address");
    r->provider = read_spec_text(test, record, "provider");
    r->module = read_spec_text(test, record, "module");
    r->action = pick_action(test, image->guardrails[test->row->guardrail].actions);
    r->object = r->item = find_spec(test, "object");
    r->old_object = find_spec(test, "oldObject");
    r->tags =
        record.tag == BERM_TAG_MAP ? berm_map_find_text(space, record, BERM_STR("tags")) : record;
    if (r->tags.tag != BERM_TAG_MAP) r->tags = empty_map(space);
    r->tags = berm_values_mark(test->runner, r->target, r->tags, &r->sensitive);
    r->object = berm_values_mark(test->runner, r->target, r->object, &r->sensitive);
    mark_paths(test, "unknown", BERM_MARK_UNKNOWN, &r->object);
    mark_paths(test, "sensitive", BERM_MARK_SENSITIVE, &r->object);
    mark_paths(test, "sensitive", BERM_MARK_SENSITIVE, &r->old_object);
    berm_cell request = find_spec(test, "request");
    if (request.tag != BERM_TAG_MISSING) test->runner->vm.slots[BERM_SLOT_REQUEST] = request;
    if (above.tag == BERM_TAG_MISSING) return;
    *parent = (berm_resource){.object = above,
                              .item = above,
                              .tags = empty_map(space),
                              .input = UINT32_MAX};
    r->parent = parent;
}

static berm_time read_now(const test_case *test)
{
    berm_time now = {0, 0};
    berm_str text = read_spec_text(test, test->spec, "now");
    if (!berm_time_parse(text, &now) && !berm_date_parse(text, false, &now))
        now = (berm_time){0, 0};
    return now;
}

/* --- linked resources --- */

static berm_cell make_linked_record(const test_case *test, berm_cell spec)
{
    test_case linked = *test;
    berm_resource r = {0}, parent;
    linked.spec = spec;
    fill_test_resource(&linked, &r, &parent);
    return berm_resource_record(test->runner, &r, true);
}

berm_cell berm_test_ask(berm_runner *runner, bool all, const berm_img_join *join)
{
    const test_case *test = runner->test;
    berm_space *space = &runner->vm.space;
    berm_cell given = find_spec(test, all ? "resources" : "linked");
    berm_cell list = berm_cell_of(BERM_TAG_LIST);
    uint32_t count = given.tag == BERM_TAG_LIST ? given.as.ref.len : 0, kept = 0;
    berm_cell *records = berm_space_cells(space, count, &list);
    for (uint32_t i = 0; i < count && records; i++) {
        berm_cell spec = berm_list_at(space, given, i);
        berm_str kind = read_spec_text(test, spec, "kind");
        if (berm_links_asked(runner, join, pick_target(test), kind))
            records[kept++] = make_linked_record(test, spec);
    }
    list.as.ref.len = kept;
    if (berm_cell_is_true(find_spec(test, "partial"))) list.flags |= BERM_CELL_OPEN;
    return list;
}

/* --- what was expected --- */

static void expect_verdict(const test_case *test, berm_str rule, berm_str path, berm_str want,
                           const berm_finding *got)
{
    const char *word = got ? berm_verdict_word(got->verdict) : "no verdict";
    if (berm_str_is(want, word)) return;
    if (test->faults->len) berm_text_put(test->faults, BERM_STR("; "));
    berm_text_put(test->faults, rule);
    if (path.len) berm_text_format(test->faults, "[%S]", path);
    berm_text_format(test->faults, ": expected %S, got %s", want, word);
    if (got && got->message.len) berm_text_format(test->faults, " (%S)", got->message);
}

/* One word for a rule holds for each of its elements. */
static void expect_rule(const test_case *test, berm_str rule, berm_str want)
{
    const berm_decision *d = &test->runner->decision;
    bool any = false;
    for (uint32_t i = 0; i < d->findings.count; i++) {
        const berm_finding *f = &d->findings.items[i];
        if (!berm_str_equal(f->validation, rule)) continue;
        any = true;
        expect_verdict(test, rule, f->path, want, f);
    }
    if (!any) expect_verdict(test, rule, BERM_STR(""), want, NULL);
}

static void expect_element(const test_case *test, berm_str rule, berm_str path, berm_str want)
{
    const berm_decision *d = &test->runner->decision;
    for (uint32_t i = 0; i < d->findings.count; i++) {
        const berm_finding *f = &d->findings.items[i];
        if (berm_str_equal(f->validation, rule) && berm_str_equal(f->path, path)) {
            expect_verdict(test, rule, path, want, f);
            return;
        }
    }
    expect_verdict(test, rule, path, want, NULL);
}

static void expect_member(const test_case *test, berm_str rule, berm_cell want)
{
    const berm_space *space = &test->runner->vm.space;
    if (want.tag == BERM_TAG_STRING) expect_rule(test, rule, berm_text_of(space, want));
    if (want.tag != BERM_TAG_MAP) return;
    for (uint32_t i = 0; i < want.as.ref.len; i++) {
        berm_cell key = berm_map_key_at(space, want, i), word = berm_map_value_at(space, want, i);
        if (key.tag == BERM_TAG_STRING && word.tag == BERM_TAG_STRING)
            expect_element(test, rule, berm_text_of(space, key), berm_text_of(space, word));
    }
}

static void compare_verdicts(const test_case *test)
{
    const berm_space *space = &test->runner->vm.space;
    berm_cell expect = find_spec(test, "expect");
    uint32_t count = expect.tag == BERM_TAG_MAP ? expect.as.ref.len : 0;
    if (!count) berm_text_put(test->faults, BERM_STR("the test expects nothing"));
    for (uint32_t i = 0; i < count; i++) {
        berm_cell key = berm_map_key_at(space, expect, i);
        if (key.tag == BERM_TAG_STRING)
            expect_member(test, berm_text_of(space, key), berm_map_value_at(space, expect, i));
    }
}

static berm_status run_case(berm_runner *runner, const berm_policy *policy,
                            const berm_img_test *row, berm_text *faults)
{
    bool watched = runner->evaluation.watch != NULL; /* every part of every evaluation, then */
    const berm_run run = {.size = sizeof run,
                          .policy = policy,
                          .flags = BERM_RUN_PASSES | (watched ? BERM_RUN_EXPLAIN : 0u)};
    test_case test = {.runner = runner, .row = row, .faults = faults};
    berm_status status = berm_runner_begin(runner, policy, (berm_time){0, 0});
    if (status) return status;
    test.spec = policy->image.store.cells[row->spec];
    /* A second view of the image, as a document: what a test makes up is no constant of the
       program. */
    test.spec.store = berm_space_add(&runner->vm.space, &policy->image.store);
    if (!test.spec.store) return runner->vm.space.status;
    runner->run = &run;
    runner->test = &test;
    runner->vm.now = read_now(&test);
    runner->vm.slots[BERM_SLOT_NOW].as.i = runner->vm.now.sec;
    runner->vm.slots[BERM_SLOT_NOW].aux = (uint32_t)runner->vm.now.nanos;
    berm_resource resource = {0}, parent;
    fill_test_resource(&test, &resource, &parent);
    if (resource.target != BERM_NO_ROW)
        runner->vm.nulls_missing = policy->image.targets[resource.target].nulls_missing;
    status = runner->vm.space.status;
    if (!status) status = berm_judge(runner, &resource, row->guardrail);
    if (!status) status = runner->vm.space.status;
    runner->vm.nulls_missing = false;
    runner->run = NULL;
    runner->test = NULL;
    if (!status) compare_verdicts(&test);
    return status ? status : faults->failed ? BERM_E_NOMEM : BERM_OK;
}

berm_status berm_policy_run_tests(berm_runner *runner, const berm_policy *policy,
                                  int (*on_result)(void *ctx, const berm_test_result *result),
                                  void *ctx, berm_error *err)
{
    const berm_image *image = &policy->image;
    berm_text faults;
    berm_text_init(&faults, runner->alloc);
    berm_status status = BERM_OK;
    for (uint32_t i = 0; i < image->test_count && !status; i++) {
        const berm_img_test *row = &image->tests[i];
        const berm_img_guardrail *g = &image->guardrails[row->guardrail];
        faults.len = 0;
        status = run_case(runner, policy, row, &faults);
        if (status) break;
        berm_test_result result = {.guardrail = berm_image_text(image, g->id),
                                   .name = berm_image_text(image, row->name),
                                   .source = berm_image_text(image, image->sources[g->source].name),
                                   .message = berm_text_view(&faults),
                                   .line = row->line,
                                   .passed = faults.len == 0};
        if (on_result(ctx, &result)) status = BERM_E_INTERRUPTED;
    }
    berm_text_free(&faults);
    return status ? berm_runner_explain(runner, status, err) : BERM_OK;
}
