/* The rows of targets, listings, steps and derived kinds. */
#include "policy_help.h"

static const char target[] = "target: t\ntitle: Title\ndetect: has(input.a)\nfallback: "
                             "true\nnulls: missing\nyaml: 1.1\ncomplete: input.done\n"
                             "resources:\n"
                             "  - {path: 'a(.b[*])*.*', where: item.x, kind: item.k, name: item.n, "
                             "address: key, object: item.o,\n"
                             "     oldObject: item.p, unknown: item.u, sensitive: item.s, tags: "
                             "object.tags, action: \"'create'\",\n"
                             "     provider: parent.p, module: input.m}\n"
                             "  - {path: ., kind: \"'whole'\"}\n";
#define ONE GUARDRAIL_HEAD GUARDRAIL_RULE "---\n"

static compiled compile_own(const char *text)
{
    char whole[3000];
    snprintf(whole, sizeof whole, ONE "%s", text);
    berm_source source = {.size = sizeof source,
                          .name = BERM_STR("p.yaml"),
                          .text = berm_str_of(whole)};
    compiled c = compile_sources(&source, 1, BERM_COMPILE_NO_BUILTINS);
    if (c.status != BERM_OK) fail_msg("%s", c.err.message);
    return c;
}

static void a_target_says_what_was_written(void **state)
{
    (void)state;
    compiled c = compile_own(target);
    const berm_img_target *t = &c.image.targets[0];
    assert_int_equal(c.image.target_count, 1);
    assert_text(&c, t->name, "t");
    assert_text(&c, t->title, "Title");
    assert_int_equal(t->fallback, 1);
    assert_int_equal(t->nulls_missing, 1);
    assert_int_equal(t->yaml_11, 1);
    assert_int_not_equal(t->complete, BERM_NO_ROW);
    assert_int_equal(t->listings.count, 2);
    drop_compiled(&c);
}

static void defaults_are_plain(void **state)
{
    (void)state;
    compiled c = compile_own("target: t\ntitle: Title\ndetect: 'true'\nnulls: keep\nyaml: "
                             "core\nreferences: {keys: [refs]}\njoins: document\n");
    const berm_img_target *t = &c.image.targets[0];
    assert_int_equal(t->fallback, 0);
    assert_int_equal(t->nulls_missing, 0);
    assert_int_equal(t->yaml_11, 0);
    assert_int_equal(t->complete, BERM_NO_ROW);
    assert_int_equal(t->listings.count, 0);
    drop_compiled(&c);
}

static void listings_have_a_block_for_each_part(void **state)
{
    (void)state;
    compiled c = compile_own(target);
    const berm_img_listing *full = &c.image.listings[0], *bare = &c.image.listings[1];
    const struct {
        uint32_t full, bare;
        const char *text;
    } parts[] = {
        {full->where, bare->where, "item.x"},
        {full->name, bare->name, "item.n"},
        {full->address, bare->address, "key"},
        {full->object, bare->object, "item.o"},
        {full->old_object, bare->old_object, "item.p"},
        {full->unknown, bare->unknown, "item.u"},
        {full->sensitive, bare->sensitive, "item.s"},
        {full->tags, bare->tags, "object.tags"},
        {full->action, bare->action, "'create'"},
        {full->provider, bare->provider, "parent.p"},
        {full->module, bare->module, "input.m"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        assert_text(&c, c.image.roots[c.image.blocks[parts[i].full].root].text, parts[i].text);
        assert_int_equal(parts[i].bare, BERM_NO_ROW);
    }
    assert_text(&c, c.image.roots[c.image.blocks[full->kind].root].text, "item.k");
    assert_int_equal(bare->path.count, 0);
    drop_compiled(&c);
}

static void steps_lead_through_the_document(void **state)
{
    (void)state;
    compiled c = compile_own(target);
    berm_run_ref path = c.image.listings[0].path;
    const berm_img_step *steps = &c.image.steps[path.first];
    static const uint32_t kinds[] = {BERM_STEP_FIELD,    BERM_STEP_GROUP,     BERM_STEP_FIELD,
                                     BERM_STEP_ELEMENTS, BERM_STEP_GROUP_END, BERM_STEP_VALUES};
    assert_int_equal(path.count, 6);
    for (uint32_t i = 0; i < 6; i++) {
        assert_int_equal(steps[i].kind, kinds[i]);
        assert_int_equal(steps[i].key == BERM_NO_ROW, kinds[i] != BERM_STEP_FIELD);
    }
    assert_text(&c, steps[2].name, "b");
    assert_int_equal(steps[1].jump, 4);
    assert_int_equal(steps[4].jump, 1);
    assert_int_equal(c.image.store.cells[steps[0].key].aux, berm_text_hash("a", 1));
    drop_compiled(&c);
}

static void a_derived_kind_has_its_parts(void **state)
{
    (void)state;
    compiled c = compile_own("target: t\ntitle: Title\ndetect: 'true'\n---\n"
                             "kind: a.b\nof: {target: t, kinds: [x, y*]}\neach: object.list\n---\n"
                             "kind: a.b\nof: {target: t, kinds: [z]}\neach: object.list\nname: "
                             "item.n\nobject: item.o\n");
    assert_int_equal(c.image.kind_count, 2);
    const berm_img_kind *first = &c.image.kinds[0], *second = &c.image.kinds[1];
    assert_text(&c, first->name, "a.b");
    assert_text(&c, first->target, "t");
    assert_int_equal(first->of.count, 2);
    assert_text(&c, c.image.matchs[first->of.first + 1].kind, "y*");
    assert_int_equal(first->item_name, BERM_NO_ROW);
    assert_int_equal(first->object, BERM_NO_ROW);
    assert_text(&c, c.image.roots[c.image.blocks[second->item_name].root].text, "item.n");
    assert_text(&c, c.image.roots[c.image.blocks[second->object].root].text, "item.o");
    drop_compiled(&c);
}

/* Runs the object block of the only kind over an element. */
static void expect_object(const char *object, const char *item, const char *wanted)
{
    char text[1000];
    snprintf(text, sizeof text,
             "target: t\ntitle: Title\ndetect: 'true'\n---\nkind: k\nof: {target: t, kinds: "
             "[x]}\neach: '[]'\nobject:\n%s",
             object);
    compiled c = compile_own(text);
    berm_limits limits = berm_limits_resolve(NULL);
    berm_doc *doc;
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &limits,
                      .name = BERM_STR("i.json"),
                      .text = berm_str_of(item)};
    assert_int_equal(berm_doc_read(&read, &doc, NULL), BERM_OK);
    berm_vm vm;
    berm_vm_init(&vm, &berm_alloc_libc, &limits);
    assert_int_equal(berm_vm_bind(&vm, &c.image), BERM_OK);
    assert_int_equal(berm_vm_begin(&vm, limits.fuel), BERM_OK);
    berm_cell root = doc->roots[0], result;
    root.store = berm_space_add(&vm.space, &doc->store);
    vm.slots[BERM_SLOT_ITEM] = root;
    assert_int_equal(berm_vm_run(&vm, c.image.kinds[0].object, &result), BERM_OK);
    berm_text got;
    berm_text_init(&got, &berm_alloc_libc);
    assert_true(berm_value_print(&got, &vm.space, result, false));
    berm_text_putc(&got, '\0');
    assert_string_equal(got.ptr, wanted);
    berm_text_free(&got);
    berm_vm_free(&vm);
    berm_doc_drop(doc);
    drop_compiled(&c);
}

static void fields_make_an_object(void **state)
{
    (void)state;
    expect_object("  a: item.x\n  'b \"c\"': item.x + 1 // comment\n  d: '[item.x].map(i, i)'\n",
                  "{\"x\": 1}", "{\"a\": 1, \"b \\\"c\\\"\": 2, \"d\": [1]}");
}

static void an_optional_field_may_be_left_out(void **state)
{
    (void)state;
    static const char object[] =
        "  a: item.?x\n  b: item.?y.z\n  c: item[?'w']\n  d: item.?x.or(item.?y)\n"
        "  e: optional.of(1)\n  f: item.?x.optMap(v, v + 1)\n  g: item.?x.orValue(5)\n"
        "  h: has(item.x)\n";
    expect_object(
        object, "{\"x\": 1, \"y\": {\"z\": 2}, \"w\": 3}",
        "{\"a\": 1, \"b\": 2, \"c\": 3, \"d\": 1, \"e\": 1, \"f\": 2, \"g\": 1, \"h\": true}");
    expect_object(object, "{}", "{\"e\": 1, \"g\": 5, \"h\": false}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_target_says_what_was_written),
                                       cmocka_unit_test(defaults_are_plain),
                                       cmocka_unit_test(listings_have_a_block_for_each_part),
                                       cmocka_unit_test(steps_lead_through_the_document),
                                       cmocka_unit_test(a_derived_kind_has_its_parts),
                                       cmocka_unit_test(fields_make_an_object),
                                       cmocka_unit_test(an_optional_field_may_be_left_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
