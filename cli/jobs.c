#include "cli.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Documents are judged by several threads, each with an evaluator of its own. What comes of them is
   printed and added to the report in the order of the files, so that threads do not show. */
typedef struct job_queue {
    const jobs *work;
    pthread_mutex_t lock;
    pthread_cond_t turned;
    size_t next, due; /* the file that is taken next; the one whose turn it is */
    int worst;
} job_queue;

typedef struct job {
    const char *path;
    char *text; /* NULL: the file could not be read */
    berm_diags *diags;
    berm_error err;
    berm_status status;
    berm_run run;
    berm_input input;
    const berm_decision *decision;
} job;

/* The text is read for this run alone, which reads no more of it than the run looks at. */
static void judge_job(const jobs *work, berm_eval *eval, job *j)
{
    size_t len;
    j->text = read_file(j->path, &len);
    if (!j->text) {
        snprintf(j->err.message, sizeof j->err.message, "the file cannot be read");
        j->status = BERM_E_IO;
        return;
    }
    j->input = (berm_input){.size = sizeof j->input,
                            .role = BERM_INPUT_DOCUMENT,
                            .name = {j->path, strlen(j->path)},
                            .text = {j->text, len},
                            .diags = &j->diags};
    j->input.before = work->before;
    if (work->o->target) j->input.target = (berm_str){work->o->target, strlen(work->o->target)};
    j->run = (berm_run){.size = sizeof j->run,
                        .policy = work->policy,
                        .inputs = &j->input,
                        .input_count = 1,
                        .now = work->o->now};
    j->run.flags = work->run_flags;
    if (work->o->partial) j->run.flags |= BERM_RUN_PARTIAL;
    if (work->o->drift) j->run.flags |= BERM_RUN_DRIFT;
    j->status = berm_eval_run(eval, &j->run, &j->decision, &j->err);
}

static bool has_error(const berm_diags *diags)
{
    size_t count;
    const berm_diag *items = berm_diags_items(diags, &count);
    for (size_t i = 0; i < count; i++)
        if (items[i].severity == DIAG_ERROR) return true;
    return false;
}

/* What could not be read or judged is in the report, too: it must not look as if all were well. */
static int deliver_job(const jobs *work, job *j)
{
    print_diags(j->diags, work->color);
    if (!j->status) j->status = berm_report_add(work->report, &j->run, j->decision, &j->err);
    if (!j->status) return EXIT_PASSED;
    if (j->text && !has_error(j->diags)) print_error(j->path, &j->err);
    berm_error err = {0};
    if (berm_report_fail(work->report, (berm_str){j->path, strlen(j->path)}, &j->err, &err))
        print_error("the report", &err);
    return EXIT_BROKEN;
}

static void do_job(job_queue *queue, berm_eval *eval, size_t at)
{
    job j = {.path = queue->work->files->items[at]};
    judge_job(queue->work, eval, &j);
    pthread_mutex_lock(&queue->lock);
    while (queue->due != at) pthread_cond_wait(&queue->turned, &queue->lock);
    int code = deliver_job(queue->work, &j);
    if (code > queue->worst) queue->worst = code;
    queue->due++;
    pthread_cond_broadcast(&queue->turned);
    pthread_mutex_unlock(&queue->lock);
    berm_diags_free(j.diags);
    free(j.text);
}

static void *run_worker(void *ctx)
{
    job_queue *queue = ctx;
    berm_eval *eval;
    berm_error err = {0};
    if (berm_eval_new(queue->work->engine, NULL, &eval, &err)) return NULL;
    for (;;) {
        pthread_mutex_lock(&queue->lock);
        size_t at = queue->next < queue->work->files->count ? queue->next++ : SIZE_MAX;
        if (at != SIZE_MAX) {
            const path_list *files = queue->work->files;
            show_progress(queue->work->o, at, files->count, files->items[at]);
        }
        pthread_mutex_unlock(&queue->lock);
        if (at == SIZE_MAX) break;
        do_job(queue, eval, at);
    }
    berm_eval_free(eval);
    return NULL;
}

int run_jobs(const jobs *work)
{
    job_queue queue = {.work = work};
    pthread_t threads[JOBS_MAX];
    size_t started = 0, wanted = work->o->jobs;
    if (wanted > work->files->count) wanted = work->files->count;
    pthread_mutex_init(&queue.lock, NULL);
    pthread_cond_init(&queue.turned, NULL);
    /* This thread is one of them. */
    while (started + 1 < wanted && !pthread_create(&threads[started], NULL, run_worker, &queue))
        started++;
    run_worker(&queue);
    while (started) pthread_join(threads[--started], NULL);
    pthread_cond_destroy(&queue.turned);
    pthread_mutex_destroy(&queue.lock);
    if (queue.due == work->files->count) return queue.worst;
    fprintf(stderr, "berm: out of memory\n");
    return EXIT_BROKEN;
}
