/* What inline tests reach: which points there are, where they stand, and what was counted. */
#include "base_alloc.h"
#include "policy_help.h"

#include "base/parts.h"

#if BERM_PART_AUTHORING
#include "policy/authoring/coverage.h"

#define G "guardrail: g\ntitle: t\nmatch: {kinds: [a]}\n"

/* --- points, one line each --- */

static int print_point(void *ctx, const berm_coverage_point *p)
{
    berm_text_format(ctx, "%u:%u %s ", p->line, p->column,
                     p->sort == BERM_COVERAGE_BRANCH ? "branch" : "condition");
    for (size_t i = 0; i < p->expression.len; i++) /* on one line */
        berm_text_putc(ctx, p->expression.ptr[i] == '\n' ? '~' : p->expression.ptr[i]);
    berm_text_format(ctx, " %L/%L/%L\n", p->yes, p->no, p->rest);
    return 0;
}

static int ignore_result(void *ctx, const berm_test_result *result)
{
    (void)ctx;
    (void)result;
    return 0;
}

static berm_status cover_all(const berm_alloc *alloc, const compiled *c, berm_text *out)
{
    berm_policy *policy = NULL;
    berm_runner *runner = NULL;
    berm_error err = {0};
    unsigned char *bytes = berm_mem_new(&berm_alloc_libc, c->len);
    memcpy(bytes, c->bytes, c->len);
    berm_status status =
        berm_policy_from_bytes(&berm_alloc_libc, bytes, c->len, (berm_loan){0}, &policy, &err);
    if (status) fail_msg("%s", err.message);
    berm_coverage *coverage = berm_coverage_new(alloc, &policy->image);
    status = coverage ? berm_runner_new(&berm_alloc_libc, NULL, &runner) : BERM_E_NOMEM;
    if (!status) {
        runner->evaluation.watch = berm_coverage_watch;
        runner->evaluation.watch_ctx = coverage;
        status = berm_policy_run_tests(runner, policy, ignore_result, NULL, &err);
    }
    if (!status) status = berm_coverage_tell(coverage, print_point, out);
    if (coverage) berm_coverage_free(coverage);
    if (runner) berm_runner_free(runner);
    berm_policy_unhold(policy);
    return status;
}

static void expect_points(const char *text, const char *wanted)
{
    compiled c = compile_fine(text);
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    assert_int_equal(cover_all(&berm_alloc_libc, &c, &out), BERM_OK);
    berm_text_putc(&out, '\0');
    assert_string_equal(out.ptr, wanted);
    berm_text_free(&out);
    drop_compiled(&c);
}

static void what_can_be_reached_is_counted(void **state)
{
    (void)state;
    expect_points(G "validations: [{name: v, expression: 'object.a && !object.b'}]\n"
                    "tests:\n"
                    "  - {name: one, object: {a: true, b: false}, expect: {v: pass}}\n"
                    "  - {name: two, object: {a: false}, expect: {v: fail}}\n"
                    "  - {name: three, object: {a: true}, expect: {v: error}}\n",
                  "4:38 condition object.a && !object.b 1/1/1\n"
                  "4:38 condition object.a 2/1/0\n"
                  "4:51 condition object.b 0/1/1\n");
}

static void loops_ask_their_elements(void **state)
{
    (void)state;
    expect_points(G "validations:\n"
                    "  - {name: one, expression: 'object.l.exists_one(x, x > 1)'}\n"
                    "  - {name: some, expression: 'object.l.filter(x, x > 1).size() > 0'}\n"
                    "  - {name: made, expression: 'object.l.map(x, x > 1, x + 1).size() > 0'}\n"
                    "  - {name: each, expression: 'object.l.map(x, x > 1).size() > 0'}\n"
                    "  - {name: any, expression: 'object.l.exists(x, x > 1)'}\n"
                    "  - {name: flags, expression: 'object.f.all(x, x)'}\n"
                    "tests: [{name: t, object: {l: [1, 2], f: [true]}, expect: {one: pass}}]\n",
                  "5:30 condition object.l.exists_one(x, x > 1) 1/0/0\n"
                  "5:53 condition x > 1 1/1/0\n"
                  "6:31 condition object.l.filter(x, x > 1).size() > 0 1/0/0\n"
                  "6:50 condition x > 1 1/1/0\n"
                  "7:31 condition object.l.map(x, x > 1, x + 1).size() > 0 1/0/0\n"
                  "7:47 condition x > 1 1/1/0\n"
                  "8:31 condition object.l.map(x, x > 1).size() > 0 1/0/0\n"
                  "9:30 condition object.l.exists(x, x > 1) 1/0/0\n"
                  "9:49 condition x > 1 1/1/0\n"
                  "10:32 condition object.f.all(x, x) 1/0/0\n");
}

static void what_is_always_the_same_is_no_point(void **state)
{
    (void)state;
    expect_points(G "parameters: {p: {type: bool, default: true}}\n"
                    "validations:\n"
                    "  - {name: v, expression: 'object.a || true'}\n"
                    "  - {name: w, expression: 'params.p ? object.a : object.b'}\n"
                    "  - {name: x, expression: 'object.a ? object.b : object.c'}\n"
                    "tests: [{name: t, object: {a: true, b: true}, expect: {v: pass}}]\n",
                  "6:28 condition object.a || true 1/0/0\n"
                  "6:28 condition object.a 1/0/0\n"
                  "7:28 condition params.p ? object.a : object.b 1/0/0\n"
                  "8:28 condition object.a ? object.b : object.c 1/0/0\n"
                  "8:28 condition object.a 1/0/0\n"
                  "8:39 branch object.b 1/0/0\n"
                  "8:50 branch object.c 0/0/0\n");
}

/* Lines and columns of the file, whatever stands before: a part that was worked out while compiling
   has no place of its own. */
static void points_stand_where_they_are_written(void **state)
{
    (void)state;
    expect_points(G "parameters: {p: {type: string, default: x}}\n"
                    "validations:\n"
                    "  - name: v\n"
                    "    expression: |\n"
                    "      params.p == 'é\xc3\xa9'\n"
                    "      || 'é' == object.a ||\n"
                    "      ('é' in ['é'] ? object.b : object.c)\n"
                    "tests: [{name: t, object: {a: x, b: true}, expect: {v: pass}}]\n",
                  "8:7 condition params.p == 'é\xc3\xa9'~|| 'é' == object.a ||"
                  "~('é' in ['é'] ? object.b : object.c) 1/0/0\n"
                  "9:10 condition 'é' == object.a 0/1/0\n"
                  "10:8 condition 'é' in ['é'] ? object.b : object.c 1/0/0\n");
}

/* What a name is bound to is no part of what runs where the name is used. */
static void points_of_a_bound_name_stand_behind_it(void **state)
{
    (void)state;
    expect_points(G "validations:\n"
                    "  - name: v\n"
                    "    expression: |\n"
                    "      object.q &&\n"
                    "      cel.bind(b, 'é' == object.n,\n"
                    "\n"
                    "               b || object.k)\n"
                    "  - {name: w, expression: \"cel.bind(b, 'éé', b == object.n || object.k)\"}\n",
                  "7:7 condition object.q &&~cel.bind(b, 'é' == object.n,~~         b || object.k) "
                  "0/0/0\n"
                  "7:7 condition object.q 0/0/0\n"
                  "8:7 condition cel.bind(b, 'é' == object.n,~~         b || object.k) 0/0/0\n"
                  "10:21 condition object.k 0/0/0\n"
                  "11:28 condition cel.bind(b, 'éé', b == object.n || object.k) 0/0/0\n"
                  "11:46 condition b == object.n 0/0/0\n"
                  "11:63 condition object.k 0/0/0\n");
}

/* Parts that stand behind the first 4096 bytes have no place in the image. */
static void points_of_a_long_text_stand_where_they_are_written(void **state)
{
    (void)state;
    berm_text text, wanted;
    berm_text_init(&text, &berm_alloc_libc);
    berm_text_init(&wanted, &berm_alloc_libc);
    berm_text_put(&text, BERM_STR(G "validations:\n  - name: v\n    expression: |\n"));
    for (uint32_t i = 0; i < 200; i++)
        berm_text_format(&text, "      (object.é%u || %s object.b%u)%s\n", i,
                         i % 2 ? "'éé' == object.c &&" : "", i, i < 199 ? " &&" : "");
    berm_text_putc(&text, '\0');
    for (char *at = text.ptr; (at = strstr(at, "object.é")); at++) /* fields are of ASCII */
        memcpy(at, "object.xy", 9);
    compiled c = compile_fine(text.ptr);
    assert_int_equal(cover_all(&berm_alloc_libc, &c, &wanted), BERM_OK);
    berm_text_putc(&wanted, '\0');
    assert_non_null(strstr(wanted.ptr, "\n7:8 condition object.xy0 "));
    assert_non_null(strstr(wanted.ptr, "\n8:22 condition 'éé' == object.c "));
    assert_non_null(strstr(wanted.ptr, "\n205:8 condition object.xy198 "));
    assert_non_null(strstr(wanted.ptr, "\n206:8 condition object.xy199 "));
    assert_non_null(strstr(wanted.ptr, "\n206:44 condition object.b199 "));
    berm_text_free(&text);
    berm_text_free(&wanted);
    drop_compiled(&c);
}

/* Evaluations of what has no points, as messages: nothing is counted, and nothing is harmed. */
static void other_evaluations_are_not_counted(void **state)
{
    (void)state;
    compiled c =
        compile_fine(G "validations: [{name: v, expression: object.a, message: '{object.b}'}]\n");
    berm_coverage *coverage = berm_coverage_new(&berm_alloc_libc, &c.image);
    berm_branch seen = {.ast = 0, .node = 1, .value = berm_cell_of(BERM_TAG_NULL)};
    berm_branch_ast ast = {.parsed = true};
    berm_evaluation ev = {.image = &c.image};
    ev.seen.items = &seen;
    ev.asts.items = &ast;
    ev.seen.count = ev.asts.count = 1;
    assert_true(c.image.root_count > 1);
    for (ast.root = 0; ast.root < c.image.root_count; ast.root++)
        for (seen.node = 1; seen.node < 9; seen.node++) berm_coverage_watch(coverage, &ev);
    berm_text told;
    berm_text_init(&told, &berm_alloc_libc);
    assert_int_equal(berm_coverage_tell(coverage, print_point, &told), BERM_OK);
    berm_text_putc(&told, '\0');
    assert_string_equal(told.ptr, "4:37 condition object.a 0/0/1\n");
    berm_text_free(&told);
    berm_coverage_free(coverage);
    drop_compiled(&c);
}

static int stop_at_once(void *ctx, const berm_coverage_point *p)
{
    (void)p;
    ++*(uint32_t *)ctx;
    return 1;
}

static void telling_ends_when_it_is_told_to(void **state)
{
    (void)state;
    uint32_t told = 0;
    compiled c = compile_fine(G "validations: [{name: v, expression: 'object.a && object.b'}]\n");
    berm_coverage *coverage = berm_coverage_new(&berm_alloc_libc, &c.image);
    assert_int_equal(berm_coverage_tell(coverage, stop_at_once, &told), BERM_E_INTERRUPTED);
    assert_int_equal(told, 1);
    berm_coverage_free(coverage);
    drop_compiled(&c);
}

/* --- what else has points --- */

static void each_text_has_its_points_once(void **state)
{
    (void)state;
    expect_points(G "parameters: {p: {type: int, default: 1}}\n"
                    "matchConditions: [{name: m, expression: object.live}]\n"
                    "variables: [{name: big, expression: object.n > params.p || object.huge},\n"
                    "            {name: two, expression: variables.big && variables.big}]\n"
                    "validations: [{name: v, expression: variables.two || variables.big,\n"
                    "               message: '{object.n > 3 ? \"a\" : \"b\"}'}]\n"
                    "tests:\n"
                    "  - {name: a, object: {live: true, n: 5, huge: false}, expect: {v: pass}}\n"
                    "  - {name: b, object: {live: true, n: 5, huge: false}, params: {p: 9},\n"
                    "     expect: {v: fail}}\n",
                  "5:41 condition object.live 2/0/0\n"
                  "8:37 condition variables.two || variables.big 1/1/0\n"
                  "8:37 condition variables.two 1/1/0\n"
                  "8:54 condition variables.big 0/1/0\n"
                  "7:37 condition variables.big 1/1/0\n"
                  "7:54 condition variables.big 1/0/0\n"
                  "6:37 condition object.n > params.p 1/1/0\n"
                  "6:60 condition object.huge 0/1/0\n");
}

static void other_dialects_have_none(void **state)
{
    (void)state;
#if BERM_PART_DIALECTS
    expect_points("apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\n"
                  "metadata: {name: p}\nspec:\n  matchConstraints: {resourceRules: [{apiGroups: "
                  "['*'], apiVersions: ['*'], operations: ['*'], resources: ['*']}]}\n"
                  "  validations: [{expression: 'object.a == 1'}]\n",
                  "");
#endif
}

static void an_expression_alone_has_none(void **state)
{
    (void)state;
    const berm_source source = {.size = sizeof source,
                                .name = BERM_STR("e"),
                                .text = BERM_STR("1 < 2"),
                                .role = BERM_ROLE_EXPRESSION};
    compiled c = compile_sources(&source, 1, 0);
    berm_text out;
    assert_int_equal(c.status, BERM_OK);
    berm_text_init(&out, &berm_alloc_libc);
    assert_int_equal(cover_all(&berm_alloc_libc, &c, &out), BERM_OK);
    assert_int_equal(out.len, 0);
    berm_text_free(&out);
    drop_compiled(&c);
}

/* --- images that no compiler made --- */

/* Each variable runs the one before it twice, and none says which text it is of: what is gone into
   more than once is gone into a billion times. */
static void blocks_are_gone_into_once(void **state)
{
    (void)state;
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    berm_text_put(&text, BERM_STR(G "variables:\n  - {name: v0, expression: object.a}\n"));
    for (uint32_t i = 1; i < 60; i++)
        berm_text_format(&text, "  - {name: v%u, expression: variables.v%u || variables.v%u}\n", i,
                         i - 1, i - 1);
    berm_text_put(&text, BERM_STR("validations: [{name: v, expression: variables.v59}]\n"));
    berm_text_putc(&text, '\0');
    compiled c = compile_fine(text.ptr);
    berm_img_block *blocks = (berm_img_block *)(uintptr_t)c.image.blocks; /* our own bytes */
    berm_ins *code = (berm_ins *)(uintptr_t)c.image.code;
    uint32_t twice = 0;
    for (uint32_t b = 0; b < c.image.block_count; b++) {
        blocks[b].root = BERM_NO_ROW;
        for (uint32_t w = blocks[b].code; w < blocks[b].code + blocks[b].code_count;
             w += berm_op_infos[code[w].op].words) {
            if (code[w].op != BERM_OP_ONCE) continue;
            code[w].op = BERM_OP_CALL; /* which has the same fields */
            twice++;
        }
    }
    assert_true(twice > 100);
    berm_coverage *coverage = berm_coverage_new(&berm_alloc_libc, &c.image);
    assert_non_null(coverage);
    berm_coverage_free(coverage);
    for (uint32_t b = 0; b < c.image.block_count; b++) blocks[b].root = 0; /* all of one text */
    coverage = berm_coverage_new(&berm_alloc_libc, &c.image);
    berm_text told;
    berm_text_init(&told, &berm_alloc_libc);
    assert_int_equal(berm_coverage_tell(coverage, print_point, &told), BERM_OK);
    assert_true(told.len < 2000); /* 60 times as much, told of each block */
    berm_text_free(&told);
    berm_coverage_free(coverage);
    berm_text_free(&text);
    drop_compiled(&c);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_text text;
    berm_text_init(&text, &berm_alloc_libc);
    berm_text_put(&text, BERM_STR(G "validations:\n"));
    for (uint32_t i = 0; i < 24; i++)
        berm_text_format(&text, "  - {name: v%u, expression: 'object.a%u || object.b == %u'}\n", i,
                         i, i);
    berm_text_putc(&text, '\0');
    compiled c = compile_fine(text.ptr);
    size_t failures = 0;
    for (size_t nth = 1;; nth++, failures++) {
        heap = (counted_heap){.fail_at = nth, .once = 1};
        berm_coverage *coverage = berm_coverage_new(&alloc, &c.image);
        bool reached = heap.calls >= nth;
        assert_int_equal(coverage == NULL, reached);
        if (coverage) berm_coverage_free(coverage);
        assert_int_equal(heap.in_use, 0);
        assert_false(heap.wrong_len);
        if (!reached) break;
    }
    assert_true(failures > 100);
    berm_text_free(&text);
    drop_compiled(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_can_be_reached_is_counted),
        cmocka_unit_test(loops_ask_their_elements),
        cmocka_unit_test(what_is_always_the_same_is_no_point),
        cmocka_unit_test(points_stand_where_they_are_written),
        cmocka_unit_test(points_of_a_bound_name_stand_behind_it),
        cmocka_unit_test(points_of_a_long_text_stand_where_they_are_written),
        cmocka_unit_test(other_evaluations_are_not_counted),
        cmocka_unit_test(telling_ends_when_it_is_told_to),
        cmocka_unit_test(each_text_has_its_points_once),
        cmocka_unit_test(other_dialects_have_none),
        cmocka_unit_test(an_expression_alone_has_none),
        cmocka_unit_test(blocks_are_gone_into_once),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
int main(void)
{
    return 0;
}
#endif
