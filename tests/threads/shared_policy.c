/* One engine, one policy and one document, many threads: each takes and gives references,
   evaluates with a scratch of its own and must see the same verdicts. ThreadSanitizer sees
   whether anything shared is written. */
#include <berm/berm.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

#define THREADS 4
#define ROUNDS 200
#define STR(literal) \
    { \
        (literal), sizeof(literal) - 1 \
    }

static const berm_source guardrail = {
    .size = sizeof guardrail,
    .name = STR("replicas.yaml"),
    .text = STR("guardrail: replicas\n"
                "title: Deployments run in several copies under names of the house\n"
                "severity: high\n"
                "enforcement: hard-mandatory\n"
                "match: {target: kubernetes, kinds: [apps/Deployment]}\n"
                "variables:\n"
                "  - {name: count, expression: object.spec.?replicas.orValue(1)}\n"
                "validations:\n"
                "  - name: several\n"
                "    expression: variables.count >= 2\n"
                "    message: '{object.metadata.name} runs {variables.count} times'\n"
                "  - name: named\n"
                "    expression: object.metadata.name.matches('^[a-z]+-[a-z]+$')\n"
                "    message: '{object.metadata.name} is not a name'\n"),
    .role = BERM_ROLE_POLICY,
};
static const berm_str manifest = STR("apiVersion: apps/v1\n"
                                     "kind: Deployment\n"
                                     "metadata: {name: web-front}\n"
                                     "spec: {replicas: 1}\n");

typedef struct worker {
    pthread_t thread;
    berm_engine *engine;
    berm_policy *policy;
    berm_doc *doc;
    bool passed;
} worker;

/* One evaluation: `several` fails and `named` passes, every time. */
static bool judge_once(berm_eval *eval, const worker *w)
{
    berm_input input = {.size = sizeof input, .role = BERM_INPUT_DOCUMENT, .doc = w->doc};
    berm_run run = {.size = sizeof run,
                    .policy = w->policy,
                    .inputs = &input,
                    .input_count = 1,
                    .flags = 0};
    const berm_decision *decision = NULL;
    berm_summary summary = {.size = sizeof summary};
    if (berm_eval_run(eval, &run, &decision, NULL) != BERM_OK) return false;
    berm_decision_summary(decision, &summary);
    return summary.verdicts[BERM_VERDICT_FAIL] == 1 && summary.verdicts[BERM_VERDICT_PASS] == 1 &&
           summary.denied;
}

static void *work(void *argument)
{
    worker *w = argument;
    w->passed = true;
    for (int i = 0; i < ROUNDS && w->passed; i++) {
        berm_eval *eval = NULL;
        berm_engine_unref(berm_engine_ref(w->engine));
        berm_policy_unref(berm_policy_ref(w->policy));
        berm_doc_unref(berm_doc_ref(w->doc));
        w->passed = berm_eval_new(w->engine, NULL, &eval, NULL) == BERM_OK && judge_once(eval, w) &&
                    judge_once(eval, w);
        berm_eval_free(eval);
    }
    berm_doc_unref(w->doc);
    berm_policy_unref(w->policy);
    berm_engine_unref(w->engine);
    return NULL;
}

/* Each worker gets references of its own; the maker's are gone before the workers end. */
static bool run_workers(berm_engine *engine, berm_policy *policy, berm_doc *doc)
{
    worker workers[THREADS];
    int started = 0;
    for (; started < THREADS; started++) {
        worker *w = &workers[started];
        *w = (worker){.engine = berm_engine_ref(engine),
                      .policy = berm_policy_ref(policy),
                      .doc = berm_doc_ref(doc)};
        if (pthread_create(&w->thread, NULL, work, w) != 0) break;
    }
    berm_doc_unref(doc);
    berm_policy_unref(policy);
    berm_engine_unref(engine);
    bool passed = started == THREADS;
    for (int i = 0; i < started; i++) {
        pthread_join(workers[i].thread, NULL);
        passed = passed && workers[i].passed;
    }
    return passed;
}

int main(void)
{
    berm_compile_input input = {.size = sizeof input, .sources = &guardrail, .source_count = 1};
    berm_engine *engine = NULL;
    berm_policy *policy = NULL;
    berm_doc *doc = NULL;
    berm_error err = {0};
    berm_status status = berm_engine_new(NULL, &engine, &err);
    if (status == BERM_OK) status = berm_policy_compile(engine, &input, &policy, NULL, &err);
    if (status == BERM_OK) status = berm_doc_parse(engine, manifest, NULL, &doc, NULL, &err);
    if (status != BERM_OK) {
        printf("%s: %s\n", berm_status_name(status), err.message);
        return 1;
    }
    bool passed = run_workers(engine, policy, doc);
    printf("%d threads, %d evaluations each: %s\n", THREADS, 2 * ROUNDS,
           passed ? "passed" : "FAILED");
    return passed ? 0 : 1;
}
