/* Saving, loading and borrowing images. */
#include <berm/berm.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char guardrail[] = "guardrail: replicas\n"
                                "title: Two replicas\n"
                                "match: {kinds: [document]}\n"
                                "validations: [{name: two, expression: object.replicas >= 2}]\n";

typedef struct saved {
    berm_engine *engine;
    char *bytes;
    size_t len;
    int given_back;
} saved;

static int keep_bytes(void *ctx, const char *ptr, size_t len)
{
    saved *s = ctx;
    char *more = realloc(s->bytes, s->len + len);
    if (!more) return -1;
    memcpy(more + s->len, ptr, len);
    s->bytes = more;
    s->len += len;
    return 0;
}

static saved save_set(void)
{
    saved s = {0};
    berm_policy *policy;
    berm_sink sink = {keep_bytes, &s};
    berm_source source = {.size = sizeof source,
                          .name = {"test", 4},
                          .text = {guardrail, sizeof guardrail - 1}};
    berm_compile_input input = {.size = sizeof input, .sources = &source, .source_count = 1};
    assert_int_equal(berm_engine_new(NULL, &s.engine, NULL), BERM_OK);
    assert_int_equal(berm_policy_compile(s.engine, &input, &policy, NULL, NULL), BERM_OK);
    assert_int_equal(berm_policy_save(policy, &sink, NULL), BERM_OK);
    berm_policy_unref(policy);
    return s;
}

static void drop_saved(saved *s)
{
    berm_engine_unref(s->engine);
    free(s->bytes);
}

static void count_release(void *ctx)
{
    ((saved *)ctx)->given_back++;
}

/* Denied, as the document has one replica. */
static void expect_denied(const saved *s, const berm_policy *policy)
{
    const berm_str text = {"{\"replicas\": 1}", 15};
    berm_eval *eval;
    const berm_decision *decision;
    berm_doc *doc;
    berm_summary summary = {.size = sizeof summary};
    assert_int_equal(berm_doc_parse(s->engine, text, NULL, &doc, NULL, NULL), BERM_OK);
    assert_int_equal(berm_eval_new(s->engine, NULL, &eval, NULL), BERM_OK);
    berm_input input = {.size = sizeof input, .doc = doc};
    berm_run run = {.size = sizeof run, .policy = policy, .inputs = &input, .input_count = 1};
    assert_int_equal(berm_eval_run(eval, &run, &decision, NULL), BERM_OK);
    berm_decision_summary(decision, &summary);
    assert_int_equal(summary.denied, 1);
    berm_eval_free(eval);
    berm_doc_unref(doc);
}

static void what_is_loaded_is_a_copy(void **state)
{
    (void)state;
    saved s = save_set();
    berm_policy *policy;
    char *odd = malloc(s.len + 1); /* at any address */
    memcpy(odd + 1, s.bytes, s.len);
    assert_int_equal(berm_policy_load(s.engine, (berm_str){odd + 1, s.len}, &policy, NULL),
                     BERM_OK);
    memset(odd, 0xFF, s.len + 1);
    free(odd);
    expect_denied(&s, policy);
    berm_policy_unref(policy);
    drop_saved(&s);
}

static void what_is_borrowed_is_given_back_with_the_last_reference(void **state)
{
    (void)state;
    saved s = save_set();
    berm_policy *policy;
    const berm_str image = {s.bytes, s.len};
    assert_int_equal(berm_policy_borrow(s.engine, image, count_release, &s, &policy, NULL),
                     BERM_OK);
    berm_policy *again = berm_policy_ref(policy);
    berm_policy_unref(policy);
    assert_int_equal(s.given_back, 0);
    expect_denied(&s, again);
    berm_policy_unref(again);
    assert_int_equal(s.given_back, 1);
    assert_int_equal(berm_policy_borrow(s.engine, image, NULL, NULL, &policy, NULL), BERM_OK);
    expect_denied(&s, policy);
    berm_policy_unref(policy);
    drop_saved(&s);
}

static void what_cannot_be_borrowed_is_given_back(void **state)
{
    (void)state;
    saved s = save_set();
    berm_policy *policy = NULL;
    berm_error err = {0};
    assert_int_equal(berm_policy_borrow(s.engine, (berm_str){s.bytes, s.len - 1}, count_release, &s,
                                        &policy, &err),
                     BERM_E_IMAGE);
    assert_int_equal(err.code, 821);
    assert_null(policy);
    assert_int_equal(s.given_back, 1);
    assert_int_equal(berm_policy_borrow(s.engine, (berm_str){s.bytes + 1, s.len - 1}, count_release,
                                        &s, &policy, &err),
                     BERM_E_ARGUMENT);
    assert_int_equal(
        berm_policy_borrow(NULL, (berm_str){s.bytes, s.len}, count_release, &s, &policy, &err),
        BERM_E_ARGUMENT);
    assert_int_equal(
        berm_policy_borrow(s.engine, (berm_str){NULL, 0}, count_release, &s, &policy, &err),
        BERM_E_ARGUMENT);
    assert_int_equal(
        berm_policy_borrow(s.engine, (berm_str){s.bytes, s.len}, NULL, NULL, NULL, &err),
        BERM_E_ARGUMENT);
    assert_int_equal(s.given_back, 4);
    drop_saved(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_loaded_is_a_copy),
        cmocka_unit_test(what_is_borrowed_is_given_back_with_the_last_reference),
        cmocka_unit_test(what_cannot_be_borrowed_is_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
