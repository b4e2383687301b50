/* Writes the inputs of the measurements, always the same for the same arguments:

     bench_gen plan MB | reviews COUNT [CONTAINERS] | assets COUNT | hostile SORT MB */
#include "gen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* splitmix64 */
static uint64_t next_throw(gen_die *die)
{
    uint64_t z = die->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

uint32_t gen_throw(gen_die *die, uint32_t limit)
{
    return (uint32_t)((next_throw(die) >> 32) * limit >> 32);
}

int gen_chance(gen_die *die, uint32_t percent)
{
    return gen_throw(die, 100) < percent;
}

static void make_gen_room(gen_text *text, size_t len)
{
    if (text->cap - text->len > len) return;
    size_t cap = 2 * (text->len + len) + 4096;
    char *items = realloc(text->items, cap);
    if (!items) {
        fputs("bench_gen: no memory\n", stderr);
        exit(1);
    }
    text->items = items;
    text->cap = cap;
}

void gen_add(gen_text *text, const char *bytes, size_t len)
{
    make_gen_room(text, len);
    memcpy(text->items + text->len, bytes, len);
    text->len += len;
}

void gen_put(gen_text *text, const char *format, ...)
{
    char line[4096];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (len < 0 || (size_t)len >= sizeof line) {
        fprintf(stderr, "bench_gen: too long: %s\n", format);
        exit(1);
    }
    gen_add(text, line, (size_t)len);
}

void gen_hex(gen_text *text, gen_die *die, uint32_t digits)
{
    char all[128];
    for (uint32_t i = 0; i < digits; i++) all[i] = "0123456789abcdef"[gen_throw(die, 16)];
    gen_add(text, all, digits);
}

void gen_uncomma(gen_text *text)
{
    if (text->len && text->items[text->len - 1] == ',') text->len--;
}

int main(int argc, char **argv)
{
    gen_text out = {0};
    const char *what = argc > 2 ? argv[1] : "";
    double number = argc > 2 ? atof(argv[argc > 3 && !strcmp(what, "hostile") ? 3 : 2]) : 0;
    int known = 1;
    if (!strcmp(what, "plan")) gen_plan(&out, number);
    else if (!strcmp(what, "reviews"))
        gen_reviews(&out, (uint32_t)number, argc > 3 ? (uint32_t)atoi(argv[3]) : 0);
    else if (!strcmp(what, "assets")) gen_assets(&out, (uint32_t)number);
    else known = !strcmp(what, "hostile") && gen_hostile(&out, argv[2], number);
    if (!known) {
        fputs("usage: bench_gen plan MB | reviews COUNT [CONTAINERS] | assets COUNT | hostile SORT "
              "MB\n",
              stderr);
        return 2;
    }
    size_t written = fwrite(out.items, 1, out.len, stdout);
    free(out.items);
    return written != out.len || fflush(stdout);
}
