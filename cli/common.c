#include "cli.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- time zones: the library reads no files, its host does --- */

typedef struct zone_file {
    char name[64];
    char *text;
    size_t len;
} zone_file;

/* Several threads may ask at once; what was found stays. */
static zone_file zones[32];
static size_t zone_count;
static pthread_mutex_t zone_lock = PTHREAD_MUTEX_INITIALIZER;

static bool is_zone_name(berm_str name)
{
    if (!name.len || name.len >= sizeof zones->name || name.ptr[0] == '/' || name.ptr[0] == '.')
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '/' && c != '_' && c != '+' && c != '-') return false;
    }
    return true;
}

static int read_zone(berm_str name, berm_str *tzif)
{
    char path[128];
    for (size_t i = 0; i < zone_count; i++)
        if (strlen(zones[i].name) == name.len && memcmp(zones[i].name, name.ptr, name.len) == 0)
            return *tzif = (berm_str){zones[i].text, zones[i].len}, 0;
    if (zone_count == sizeof zones / sizeof *zones || !is_zone_name(name)) return -1;
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", (int)name.len, name.ptr);
    if (access(path, R_OK)) return -1;
    zone_file *z = &zones[zone_count];
    z->text = read_file(path, &z->len);
    if (!z->text) return -1;
    memcpy(z->name, name.ptr, name.len);
    z->name[name.len] = 0;
    zone_count++;
    *tzif = (berm_str){z->text, z->len};
    return 0;
}

static int find_zone(void *ctx, berm_str name, berm_str *tzif)
{
    (void)ctx;
    pthread_mutex_lock(&zone_lock);
    int found = read_zone(name, tzif);
    pthread_mutex_unlock(&zone_lock);
    return found;
}

static void free_zones(void)
{
    while (zone_count) free(zones[--zone_count].text);
}

berm_engine *make_engine(const options *o)
{
    berm_engine_options host = {.size = sizeof host, .zone = find_zone, .limits = &o->limits};
    berm_engine *engine;
    berm_error err;
    if (berm_engine_new(&host, &engine, &err)) {
        print_error("the engine", &err);
        return NULL;
    }
    atexit(free_zones);
    return engine;
}

/* --- printing --- */

bool use_color(const options *o, FILE *stream)
{
    const char *off = getenv("NO_COLOR");
    if (o->force_color) return true;
    return !o->no_color && !(off && *off) && isatty(fileno(stream));
}

int write_stream(void *ctx, const char *ptr, size_t len)
{
    return fwrite(ptr, 1, len, ctx) == len ? 0 : -1;
}

static void print_str(FILE *out, berm_str s)
{
    if (s.len) fwrite(s.ptr, 1, s.len, out);
}

void print_diag(FILE *out, const berm_diag *d, bool color)
{
    static const char *const words[] = {"", "error", "warning", "note"};
    static const char *const colors[] = {"", "\033[1;31m", "\033[1;33m", "\033[1;36m"};
    uint32_t s = d->severity <= 3 ? d->severity : 0;
    fprintf(out, "%s%s[%.*s]%s: ", color ? colors[s] : "", words[s], (int)d->code.len, d->code.ptr,
            color ? "\033[0m" : "");
    print_str(out, d->message);
    if (d->source.len) {
        fputs("\n  --> ", out);
        print_str(out, d->source);
        if (d->line) fprintf(out, ":%u:%u", d->line, d->column);
    }
    fputc('\n', out);
    print_str(out, d->frame);
    if (d->hint.len) {
        fputs("  help: ", out);
        print_str(out, d->hint);
        fputc('\n', out);
    }
}

void print_diags(const berm_diags *diags, bool color)
{
    size_t count;
    const berm_diag *items = berm_diags_items(diags, &count);
    if (count) clear_progress();
    for (size_t i = 0; i < count; i++) print_diag(stderr, &items[i], color);
}

void print_error(const char *what, const berm_error *err)
{
    clear_progress();
    if (err->line)
        fprintf(stderr, "error[B%04u]: %s\n  --> %s:%u:%u\n", err->code, err->message, what,
                err->line, err->column);
    else fprintf(stderr, "error[B%04u]: %s: %s\n", err->code, what, err->message);
}

/* --- documents --- */

int load_document(berm_engine *engine, const char *path, berm_doc **out, berm_diags **diags,
                  berm_error *err)
{
    size_t len;
    *out = NULL;
    *diags = NULL;
    char *text = read_file(path, &len);
    if (!text) {
        snprintf(err->message, sizeof err->message, "the file cannot be read");
        return EXIT_BROKEN;
    }
    berm_doc_options how = {.size = sizeof how,
                            .own = BERM_TEXT_OWN,
                            .release = free,
                            .release_ctx = text};
    how.name = (berm_str){path, strlen(path)};
    return berm_doc_parse(engine, (berm_str){text, len}, &how, out, diags, err) ? EXIT_BROKEN
                                                                                : EXIT_PASSED;
}

int parse_document(berm_engine *engine, const char *path, bool color, berm_doc **out,
                   berm_error *err)
{
    size_t count;
    berm_diags *diags;
    int code = load_document(engine, path, out, &diags, err);
    berm_diags_items(diags, &count);
    print_diags(diags, color);
    if (code && diags && !count) print_error(path, err);
    berm_diags_free(diags);
    return code;
}
