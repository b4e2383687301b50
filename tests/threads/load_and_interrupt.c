/* One engine, many threads, and sets that come and go: some threads judge with the set that counts
   at the moment, one loads images and replaces it, one interrupts a run without end.
   ThreadSanitizer sees whether anything shared is written. */
#define _POSIX_C_SOURCE 200809L /* nanosleep */

#include <berm/berm.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define JUDGES 3
#define ROUNDS 60
#define STR(literal) \
    { \
        (literal), sizeof(literal) - 1 \
    }

#define TARGET \
    "target: any\ntitle: Any\ndetect: 'true'\n" \
    "resources: [{path: 'none[*]', kind: item.kind, name: item.name, address: item.name}]\n---\n"

static const berm_source sets[] = {
    {.size = sizeof(berm_source),
     .name = STR("one.yaml"),
     .text =
         STR(TARGET "guardrail: g\ntitle: T\nmatch: {kinds: [document]}\n"
                    "validations: [{name: v, expression: 'object.a.exists(x, x == 1)', message: "
                    "'{object.a} has no 1'}]\n"),
     .role = BERM_ROLE_POLICY},
    {.size = sizeof(berm_source),
     .name = STR("two.yaml"),
     .text = STR(TARGET "guardrail: g\ntitle: T\nmatch: {kinds: [document]}\n"
                        "validations: [{name: v, expression: \"object.b.matches('^b+$') && "
                        "object.a.exists(x, x == 9)\"}]\n"),
     .role = BERM_ROLE_POLICY},
};
/* What only an interruption ends: its fuel would last for minutes. */
static const berm_source endless = {
    .size = sizeof endless,
    .name = STR("endless.yaml"),
    .text = STR(TARGET
                "guardrail: g\ntitle: T\nmatch: {kinds: [document]}\n"
                "validations: [{name: v, expression: 'object.l.all(a, object.l.all(b, "
                "object.l.all(c, object.l.all(d, object.l.all(e, object.l.all(f, a + b + c + d + e "
                "+ f >= 0))))))'}]\n"),
    .role = BERM_ROLE_POLICY};

typedef struct image {
    char *bytes;
    size_t len;
} image;

static struct {
    berm_engine *engine;
    berm_doc *doc;
    image images[2];
    pthread_mutex_t lock; /* of `current`: the host's, as the library has none */
    berm_policy *current;
    atomic_bool done;
    _Atomic unsigned swaps;
} shared = {.lock = PTHREAD_MUTEX_INITIALIZER};

static int keep(void *ctx, const char *ptr, size_t len)
{
    image *kept = ctx;
    char *bytes = realloc(kept->bytes, kept->len + len);
    if (!bytes) return 1;
    memcpy(bytes + kept->len, ptr, len);
    kept->bytes = bytes;
    kept->len += len;
    return 0;
}

static berm_status compile(const berm_source *source, berm_policy **out)
{
    const berm_compile_input input = {.size = sizeof input,
                                      .sources = source,
                                      .source_count = 1,
                                      .flags = BERM_COMPILE_NO_BUILTINS};
    return berm_policy_compile(shared.engine, &input, out, NULL, NULL);
}

static berm_status run_once(berm_eval *eval, const berm_policy *policy, const berm_doc *doc,
                            const berm_decision **decision)
{
    const berm_input input = {.size = sizeof input, .doc = doc};
    const berm_run run = {.size = sizeof run, .policy = policy, .inputs = &input, .input_count = 1};
    return berm_eval_run(eval, &run, decision, NULL);
}

static berm_policy *take_current(void)
{
    pthread_mutex_lock(&shared.lock);
    berm_policy *policy = berm_policy_ref(shared.current);
    pthread_mutex_unlock(&shared.lock);
    return policy;
}

/* The first set passes the document, the second fails it; whichever it is, one verdict. */
static void *judge(void *argument)
{
    bool *passed = argument;
    berm_eval *eval = NULL;
    *passed = berm_eval_new(shared.engine, NULL, &eval, NULL) == BERM_OK;
    while (*passed && !atomic_load(&shared.done)) {
        const berm_decision *decision = NULL;
        berm_summary sum = {.size = sizeof sum};
        berm_policy *policy = take_current();
        berm_status status = run_once(eval, policy, shared.doc, &decision);
        if (status == BERM_OK) berm_decision_summary(decision, &sum);
        berm_policy_unref(policy); /* the eval holds it until its next run */
        if (status != BERM_OK) printf("a run: %s\n", berm_status_name(status));
        *passed = status == BERM_OK &&
                  sum.verdicts[BERM_VERDICT_PASS] + sum.verdicts[BERM_VERDICT_FAIL] == 1;
    }
    berm_eval_free(eval);
    return NULL;
}

/* Loads an image, makes it the current set and lets the old one go. */
static void *replace(void *argument)
{
    bool *passed = argument;
    *passed = true;
    for (int i = 0; i < ROUNDS && *passed; i++) {
        const image *from = &shared.images[i % 2];
        berm_policy *next = NULL, *last;
        *passed = berm_policy_load(shared.engine, (berm_str){from->bytes, from->len}, &next,
                                   NULL) == BERM_OK;
        if (!*passed) break;
        pthread_mutex_lock(&shared.lock);
        last = shared.current;
        shared.current = next;
        pthread_mutex_unlock(&shared.lock);
        berm_policy_unref(last);
        atomic_fetch_add(&shared.swaps, 1);
    }
    atomic_store(&shared.done, true);
    return NULL;
}

typedef struct runner {
    berm_eval *eval;
    berm_policy *policy;
    berm_doc *doc;
    berm_status status;
} runner;

static void *run_endlessly(void *argument)
{
    runner *r = argument;
    const berm_decision *decision = NULL;
    r->status = run_once(r->eval, r->policy, r->doc, &decision);
    if (decision) r->status = BERM_E_STATE;
    return NULL;
}

/* Interrupted from here while it runs there: no decision, and the eval goes on to be of use. */
static bool interrupt_a_run(void)
{
    static const berm_str list = STR("{\"l\": [0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,"
                                     "6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9]}");
    const berm_limits limits = {.size = sizeof limits, .rule_cost = UINT64_MAX, .fuel = UINT64_MAX};
    const berm_eval_options options = {.size = sizeof options, .limits = &limits};
    runner r = {.status = BERM_OK};
    pthread_t thread;
    const berm_decision *decision = NULL;
    bool made = compile(&endless, &r.policy) == BERM_OK &&
                berm_doc_parse(shared.engine, list, NULL, &r.doc, NULL, NULL) == BERM_OK &&
                berm_eval_new(shared.engine, &options, &r.eval, NULL) == BERM_OK &&
                pthread_create(&thread, NULL, run_endlessly, &r) == 0;
    if (made) {
        const struct timespec while_it_runs = {0, 50 * 1000 * 1000};
        nanosleep(&while_it_runs, NULL);
        berm_eval_interrupt(r.eval); /* within the run, or else before it began: both stop it */
        pthread_join(thread, NULL);
        made = r.status == BERM_E_INTERRUPTED &&
               run_once(r.eval, shared.current, shared.doc, &decision) == BERM_OK;
    }
    berm_eval_free(r.eval);
    berm_doc_unref(r.doc);
    berm_policy_unref(r.policy);
    return made;
}

static bool run_threads(void)
{
    pthread_t threads[JUDGES + 1];
    bool passed[JUDGES + 1] = {false};
    int started = 0;
    for (; started < JUDGES; started++)
        if (pthread_create(&threads[started], NULL, judge, &passed[started]) != 0) break;
    if (started == JUDGES &&
        pthread_create(&threads[started], NULL, replace, &passed[started]) == 0)
        started++;
    else atomic_store(&shared.done, true);
    bool all = started == JUDGES + 1;
    for (int i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
        all = all && passed[i];
    }
    return all && atomic_load(&shared.swaps) == ROUNDS;
}

static bool make_shared(void)
{
    static const berm_str doc = STR("{\"a\": [0, 1, 2], \"b\": \"bbb\"}");
    bool made = berm_engine_new(NULL, &shared.engine, NULL) == BERM_OK &&
                berm_doc_parse(shared.engine, doc, NULL, &shared.doc, NULL, NULL) == BERM_OK;
    for (int i = 0; i < 2 && made; i++) {
        const berm_sink sink = {keep, &shared.images[i]};
        berm_policy *policy = NULL;
        made = compile(&sets[i], &policy) == BERM_OK &&
               berm_policy_save(policy, &sink, NULL) == BERM_OK;
        if (i == 0) shared.current = policy;
        else berm_policy_unref(policy);
    }
    return made;
}

int main(void)
{
    bool made = make_shared();
    bool replaced = made && run_threads();
    bool interrupted = made && interrupt_a_run();
    printf("made %d, %u sets replaced %d, interrupted %d\n", made, atomic_load(&shared.swaps),
           replaced, interrupted);
    for (int i = 0; i < 2; i++) free(shared.images[i].bytes);
    berm_policy_unref(shared.current);
    berm_doc_unref(shared.doc);
    berm_engine_unref(shared.engine);
    return made && replaced && interrupted ? 0 : 1;
}
