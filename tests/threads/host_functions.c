/* One engine with functions and one expression, many threads: a pure function is called from all of
   them, and each answers its own deferred calls. ThreadSanitizer sees whether anything shared is
   written. */
#include <berm/berm.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#define THREADS 4
#define ROUNDS 200
#define STR(literal) \
    { \
        (literal), sizeof(literal) - 1 \
    }

static _Atomic unsigned calls;

static berm_status double_it(void *ctx, const berm_value *args, size_t count, berm_builder *result)
{
    berm_item number = {.size = sizeof number};
    (void)count;
    atomic_fetch_add((_Atomic unsigned *)ctx, 1);
    berm_status status = berm_value_read(args[0], &number);
    number.as.i *= 2;
    berm_event event = {.kind = BERM_EVENT_SCALAR, .item = number};
    return status ? status : berm_builder_push(result, &event, NULL);
}

static const berm_function functions[] = {
    {sizeof *functions, "acme.twice(int) -> int", 0, double_it, &calls},
    {sizeof *functions, "cluster.nodes(string) -> list(string)", 0, NULL, NULL}};
static const berm_source expression = {
    .size = sizeof expression,
    .name = STR("expression"),
    .text = STR("[1, 2, 3, 2, 1].map(i, acme.twice(i)) == [2, 4, 6, 4, 2] && "
                "cluster.nodes('eu').exists(n, n == 'b')"),
    .role = BERM_ROLE_EXPRESSION,
};

typedef struct worker {
    pthread_t thread;
    berm_engine *engine;
    berm_policy *policy;
    berm_doc *nodes;
    bool passed;
} worker;

static bool call(berm_eval *eval, const worker *w, berm_item *item)
{
    berm_value value;
    *item = (berm_item){.size = sizeof *item};
    return berm_eval_call(eval, w->policy, NULL, (berm_time){0, 0}, &value, NULL) == BERM_OK &&
           berm_value_read(value, item) == BERM_OK;
}

/* Unknown, and true once its one pending call is answered. */
static bool judge_once(berm_eval *eval, const worker *w)
{
    berm_item item;
    size_t count;
    if (!call(eval, w, &item) || item.type != BERM_TYPE_OF_UNKNOWN) return false;
    berm_eval_pending(eval, &count, NULL);
    if (count != 1 || berm_eval_answer(eval, 0, w->nodes, NULL) != BERM_OK) return false;
    return call(eval, w, &item) && item.type == BERM_TYPE_OF_BOOL && item.as.u == 1;
}

static void *work(void *argument)
{
    worker *w = argument;
    berm_eval *eval = NULL;
    w->passed = berm_eval_new(w->engine, NULL, &eval, NULL) == BERM_OK;
    for (int i = 0; i < ROUNDS && w->passed; i++) w->passed = judge_once(eval, w);
    berm_eval_free(eval);
    return NULL;
}

static bool run_workers(berm_engine *engine, berm_policy *policy, berm_doc *nodes)
{
    worker workers[THREADS];
    int started = 0;
    for (; started < THREADS; started++) {
        workers[started] = (worker){.engine = engine, .policy = policy, .nodes = nodes};
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started]) != 0) break;
    }
    bool passed = started == THREADS;
    for (int i = 0; i < started; i++) {
        pthread_join(workers[i].thread, NULL);
        passed = passed && workers[i].passed;
    }
    /* Three different calls a round, which the second call of the round knows. */
    return passed && atomic_load(&calls) == 3 * THREADS * ROUNDS;
}

int main(void)
{
    static const berm_str nodes_text = STR("[\"a\", \"b\"]");
    const berm_engine_options options = {.size = sizeof options,
                                         .functions = functions,
                                         .function_count = 2};
    berm_compile_input input = {.size = sizeof input, .sources = &expression, .source_count = 1};
    berm_engine *engine = NULL;
    berm_policy *policy = NULL;
    berm_doc *nodes = NULL;
    berm_error err = {0};
    berm_status status = berm_engine_new(&options, &engine, &err);
    if (status == BERM_OK) status = berm_policy_compile(engine, &input, &policy, NULL, &err);
    if (status == BERM_OK) status = berm_doc_parse(engine, nodes_text, NULL, &nodes, NULL, &err);
    bool passed = status == BERM_OK && run_workers(engine, policy, nodes);
    if (status != BERM_OK) printf("%s: %s\n", berm_status_name(status), err.message);
    else
        printf("%d threads, %u calls: %s\n", THREADS, atomic_load(&calls),
               passed ? "passed" : "FAILED");
    berm_doc_unref(nodes);
    berm_policy_unref(policy);
    berm_engine_unref(engine);
    return passed ? 0 : 1;
}
