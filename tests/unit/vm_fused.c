/* The fused program says what the VM says, at the same cost, or nothing. */
#include "vm/fused/fused.h"
#include "vm_expect.h"

#if BERM_PART_FUSED

#define DOCUMENT \
    "{\"kind\": \"Pod\", \"port\": 80, \"ready\": true, \"none\": null, \"ratio\": 1.5, " \
    "\"labels\": {\"team\": " \
    "\"a\", \"app\": \"web\"}, \"same\": {\"team\": \"a\", \"app\": \"web\"}, \"empty\": [], " \
    "\"words\": [\"x\", \"yy\", " \
    "\"zzz\"], \"parts\": [{\"name\": \"one\", \"image\": \"r.example/one:1\", \"env\": " \
    "[{\"name\": \"A\", \"value\": " \
    "\"1\"}, {\"name\": \"BB\"}], \"on\": true}, {\"name\": \"two\", \"image\": " \
    "\"r.example/two:latest\", \"env\": []}, " \
    "{\"name\": \"three\", \"on\": false, \"env\": [{\"name\": \"LONG\", \"value\": " \
    "\"key-1\"}]}, {\"name\": null}], " \
    "\"grid\": [[1, 2], [3], []]}"

typedef struct fused_case {
    const char *text;
    int said; /* 1, 0: what it comes to; -1: the VM alone says it */
} fused_case;

static const fused_case fused_cases[] = {
    {"d.kind == 'Pod'", 1},
    {"d.kind != 'Pod'", 0},
    {"'Pod' == d.kind", 1},
    {"d.port > 79 && d.port <= 80 && d.port < 81 && d.port >= 80", 1},
    {"d.port == 80.0", 1},
    {"d.ratio > 1", 1},
    {"d.ready", 1},
    {"!d.ready || d.kind == 'x'", 0},
    {"d.ready == false", 0},
    {"has(d.labels) && 'team' in d.labels", 1},
    {"has(d.labels.nothing)", 0},
    {"has(d.nothing.deeper)", -1},
    {"has(d.kind.deeper)", -1},
    {"d.nothing == 1", -1},
    {"d.nothing == 1 || true", -1},
    {"has(d.none)", 1},
    {"d.none == null", 1},
    {"'none' in d", 1},
    {"'yy' in d.words", 1},
    {"'q' in d.words", 0},
    {"d.kind in ['Pod', 'Job']", 1},
    {"d.labels['team'] == 'a'", 1},
    {"d.labels['nobody'] == 'a'", -1},
    {"d.words[0] == 'x'", -1},
    {"d.labels.all(k, k in d.same && d.same[k] == d.labels[k])", 1},
    {"d.labels.exists(k, k == 'app')", 1},
    {"d.empty.all(x, x)", 1},
    {"d.empty.exists(x, x)", 0},
    {"d.words.all(w, w.size() < 4)", 1},
    {"size(d.words) == 3 && size(d.labels) == 2 && d.kind.size() == 3", 1},
    {"d.words.exists(w, w.startsWith('z') && w.endsWith('zz') && w.contains('zzz'))", 1},
    {"d.words.all(w, w.matches('^[x-z]+$'))", 1},
    {"d.parts.all(p, has(p.name))", 1},
    {"d.parts.all(p, p.name != 'four')", 1},
    {"d.parts.all(p, p.name != 'two')", 0},
    {"d.parts.all(p, has(p.on) && p.on)", 0},
    {"d.parts.exists(p, has(p.on) && !p.on)", 1},
    {"d.parts.all(p, !has(p.env) || p.env.all(e, e.name != 'BB'))", 0},
    {"d.parts.all(p, !has(p.env) || p.env.all(e, e.name != 'CC'))", 1},
    {"!d.parts.exists(p, has(p.env) && p.env.exists(e, has(e.value) && "
     "e.value.startsWith('key-')))",
     0},
    {"d.parts.all(p, p.image.startsWith('r.'))", -1},
    {"d.parts.all(p, has(p.image) ? p.image.startsWith('r.') : true)", 1},
    {"d.parts.all(p, d.parts.exists(q, q.name == p.name))", 1},
    {"d.parts.all(p, !has(p.env) || d.parts.all(q, !has(q.env) || q.env.all(e, p.env.all(f, e.name "
     "!= "
     "'' && f.name != ''))))",
     1},
    {"d.grid.all(r, r.all(n, n > 0))", 1},
    {"d.grid.exists(r, r.exists(n, n == 3))", 1},
    {"d.parts.exists_one(p, p.name == 'one')", -1},
    {"d.parts.filter(p, p.name == 'one').size() == 1", -1},
    {"d.words.map(w, w + 'x').all(w, w != '')", -1},
    {"d.kind.all(x, x)", -1},
    {"u == 1", -1},
    {"u == 1 || d.ready", -1},
    {"d.ready || u == 1", 1},
    {"e == 1", -1},
    {"s == 'secret'", -1},
    {"sb", -1},
    {"sl.all(x, x > 0)", -1},
    {"d.kind", -1},
    {"d.ready && d.kind", -1},
    {"true", 1},
    {"d.port + 1 == 81", -1},
};

typedef struct fused_expression {
    vm_eval e;
    berm_doc *doc;
} fused_expression;

static void begin_fused(fused_expression *x, const char *text)
{
    berm_limits limits = berm_limits_resolve(NULL);
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &limits,
                      .text = BERM_STR(DOCUMENT),
                      .format = BERM_FORMAT_JSON};
    assert_int_equal(berm_doc_read(&read, &x->doc, NULL), BERM_OK);
    assert_int_equal(vm_eval_begin(&x->e, &berm_alloc_libc, berm_str_of(text), &vm_scope, false),
                     BERM_OK);
    vm_set_slots(&x->e.vm, x->doc);
}

static void end_fused(fused_expression *x)
{
    vm_eval_end(&x->e);
    berm_doc_drop(x->doc);
}

/* What the VM gives, warm, its cost in vm->cost; *fuel is what it took. */
static berm_cell run_plain(berm_vm *vm, uint32_t block, uint64_t *fuel)
{
    berm_cell result = berm_cell_of(BERM_TAG_MISSING);
    for (int i = 0; i < 2; i++) { /* patterns are compiled in the first */
        *fuel = vm->space.fuel;
        assert_int_equal(berm_vm_run(vm, block, &result), BERM_OK);
        *fuel -= vm->space.fuel;
    }
    return result;
}

static void same_as_plain(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fused_cases / sizeof *fused_cases; i++) {
        fused_expression x;
        begin_fused(&x, fused_cases[i].text);
        berm_vm *vm = &x.e.vm;
        uint64_t fuel, before;
        berm_cell result = run_plain(vm, x.e.block, &fuel);
        uint64_t cost = vm->cost;
        for (int round = 0; round < 2; round++) {
            bool truth;
            before = vm->space.fuel;
            bool said = berm_fused_decide(vm, x.e.block, &truth);
            if (said != (fused_cases[i].said >= 0))
                fail_msg("%s: said %d", fused_cases[i].text, said);
            assert_int_equal(before - vm->space.fuel, said ? fuel : 0);
            if (!said) continue;
            assert_int_equal(result.tag, BERM_TAG_BOOL);
            assert_int_equal(result.as.u, truth);
            assert_int_equal(truth, fused_cases[i].said);
            assert_int_equal(vm->cost, cost);
        }
        end_fused(&x);
    }
}

/* At its cost and its fuel it answers; below it leaves the error to the VM. */
static void limits_hold(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fused_cases / sizeof *fused_cases; i++) {
        if (fused_cases[i].said < 0) continue;
        fused_expression x;
        bool truth;
        begin_fused(&x, fused_cases[i].text);
        berm_vm *vm = &x.e.vm;
        uint64_t fuel, whole = vm->cost_limit;
        run_plain(vm, x.e.block, &fuel);
        uint64_t cost = vm->cost;
        vm->cost_limit = cost;
        assert_true(berm_fused_decide(vm, x.e.block, &truth));
        for (vm->cost_limit = 0; vm->cost_limit < cost; vm->cost_limit++)
            assert_false(berm_fused_decide(vm, x.e.block, &truth));
        vm->cost_limit = whole;
        for (uint64_t left = 0; left <= fuel; left++) {
            vm->space.fuel = left;
            vm->poll_at = 0;
            vm->space.status = BERM_OK;
            assert_false(berm_fused_decide(vm, x.e.block, &truth));
        }
        vm->space.status = BERM_OK;
        vm->space.fuel = fuel + 1;
        assert_true(berm_fused_decide(vm, x.e.block, &truth));
        end_fused(&x);
    }
}

/* What was looked up is forgotten with the value it was in. */
static void other_values(void **state)
{
    (void)state;
    fused_expression x;
    bool truth;
    begin_fused(&x, "d.parts.all(p, p.name != 'two')");
    berm_vm *vm = &x.e.vm;
    assert_true(berm_fused_decide(vm, x.e.block, &truth));
    assert_false(truth);
    berm_cell name = berm_space_string(&vm->space, BERM_STR("parts")), members[2], map;
    name.aux = berm_key_hash(&vm->space, name);
    members[0] = name;
    members[1] = vm_sequence(&vm->space, BERM_TAG_LIST, members, 0);
    map = vm_sequence(&vm->space, BERM_TAG_MAP, members, 2);
    map.as.ref.len = 1;
    vm->slots[SLOT_D] = map;
    assert_true(berm_fused_decide(vm, x.e.block, &truth));
    assert_true(truth);
    ((berm_cell *)(uintptr_t)berm_raw_children_of(&vm->space, map))[1] = berm_cell_int(1);
    assert_true(berm_fused_decide(vm, x.e.block, &truth)); /* the same scene */
    vm->scene++;
    assert_false(berm_fused_decide(vm, x.e.block, &truth));
    end_fused(&x);
}

/* Unknown and sensitive values, and members that may follow, are the VM's. */
static void values_apart(void **state)
{
    static const struct {
        uint8_t tag, flags;
        const char *text;
        bool said;
    } cases[] = {{BERM_TAG_INT, 0, "d.a == 7", true},
                 {BERM_TAG_INT, BERM_CELL_SENSITIVE, "d.a == 7", false},
                 {BERM_TAG_UNKNOWN, 0, "d.a == 7", false},
                 {BERM_TAG_UNKNOWN, 0, "has(d.a)", false},
                 {BERM_TAG_INT, BERM_CELL_SENSITIVE, "'b' in d", false},
                 {BERM_TAG_INT, 0, "'b' in d", true},
                 {BERM_TAG_INT, BERM_CELL_OPEN, "has(d.b)", false},
                 {BERM_TAG_INT, BERM_CELL_OPEN, "d.a == 7", true},
                 {BERM_TAG_INT, BERM_CELL_OPEN, "d.all(k, k != 'b')", false},
                 {BERM_TAG_INT, 0, "d.all(k, k != 'b')", true}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fused_expression x;
        bool truth;
        begin_fused(&x, cases[i].text);
        berm_vm *vm = &x.e.vm;
        berm_cell members[2] = {berm_space_string(&vm->space, BERM_STR("a")), berm_cell_int(7)};
        members[0].aux = berm_key_hash(&vm->space, members[0]);
        members[1].tag = cases[i].tag;
        members[1].flags = cases[i].flags & BERM_CELL_SENSITIVE;
        berm_cell map = vm_sequence(&vm->space, BERM_TAG_MAP, members, 2);
        map.as.ref.len = 1;
        map.flags = cases[i].flags & BERM_CELL_OPEN;
        vm->slots[SLOT_D] = map;
        if (berm_fused_decide(vm, x.e.block, &truth) != cases[i].said)
            fail_msg("%s", cases[i].text);
        end_fused(&x);
    }
}

/* Nulls that count as absent are absent here, too. */
static void nulls_missing(void **state)
{
    static const fused_case cases[] = {{"has(d.none)", 0},
                                       {"'none' in d", 0},
                                       {"d.none == null", -1},
                                       {"d.none != 1", -1}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fused_expression x;
        bool truth;
        begin_fused(&x, cases[i].text);
        x.e.vm.nulls_missing = true;
        uint64_t fuel;
        berm_cell result = run_plain(&x.e.vm, x.e.block, &fuel);
        bool said = berm_fused_decide(&x.e.vm, x.e.block, &truth);
        assert_int_equal(said, cases[i].said >= 0);
        if (said) assert_int_equal(truth, result.as.u);
        if (said) assert_int_equal(truth, cases[i].said);
        end_fused(&x);
    }
}

#endif

int main(void)
{
#if BERM_PART_FUSED
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_plain), cmocka_unit_test(limits_hold),
        cmocka_unit_test(other_values),  cmocka_unit_test(values_apart),
        cmocka_unit_test(nulls_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
#else
    return 0;
#endif
}
