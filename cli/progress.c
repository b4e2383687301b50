/* Progress of long runs: one line on a terminal, rewritten for each file, gone at the end. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PROGRESS_FILES_MIN 16 /* with fewer it is shown once a second has gone by */

static bool progress_shown;
static time_t progress_start;

static bool wants_progress(const options *o, size_t total)
{
    const char *ci = getenv("CI");
    if (o->quiet || (ci && *ci) || !isatty(STDERR_FILENO)) return false;
    if (!progress_start) progress_start = time(NULL);
    return total >= PROGRESS_FILES_MIN || time(NULL) > progress_start + 1;
}

/* A name's control characters would steer the terminal; a long one would not be one line. */
static void print_tail(const char *path)
{
    size_t len = strlen(path), from = len > 48 ? len - 48 : 0;
    while (from < len && ((unsigned char)path[from] & 0xC0) == 0x80) from++;
    if (from) fputs("...", stderr);
    for (const char *at = path + from; *at; at++)
        fputc((unsigned char)*at < 0x20 || *at == 0x7f ? '?' : *at, stderr);
}

void show_progress(const options *o, size_t done, size_t total, const char *path)
{
    if (!wants_progress(o, total)) return;
    fprintf(stderr, "\r\033[K%zu of %zu: ", done + 1, total);
    print_tail(path);
    fflush(stderr);
    progress_shown = true;
}

void clear_progress(void)
{
    if (!progress_shown) return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    progress_shown = false;
}
