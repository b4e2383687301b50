/* What the generators of bench/ share: a die that throws the same everywhere, and a text that
   grows. They end the program when memory does: they are no part of the library. */
#ifndef BERM_BENCH_GEN_H
#define BERM_BENCH_GEN_H

#include <stddef.h>
#include <stdint.h>

typedef struct gen_text {
    char *items;
    size_t len, cap;
} gen_text;

typedef struct gen_die {
    uint64_t state;
} gen_die;

/* A number below `limit`, from `die`. */
uint32_t gen_throw(gen_die *die, uint32_t limit);
/* True in `percent` of a hundred throws. */
int gen_chance(gen_die *die, uint32_t percent);
#define GEN_PICK(die, list) ((list)[gen_throw(die, sizeof(list) / sizeof *(list))])

/* Adds what `format` says, as printf does. */
void gen_put(gen_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void gen_add(gen_text *text, const char *bytes, size_t len);
/* Adds `digits` hexadecimal digits. */
void gen_hex(gen_text *text, gen_die *die, uint32_t digits);
/* Drops a comma at the end. */
void gen_uncomma(gen_text *text);

/* A Terraform plan of about `mb` million bytes. */
void gen_plan(gen_text *out, double mb);
/* `count` AdmissionReviews, one a line, with 1 to 8 containers or, from `containers` on, that many;
   all different. */
void gen_reviews(gen_text *out, uint32_t count, uint32_t containers);
/* `count` assets of Google Cloud, one a line. */
void gen_assets(gen_text *out, uint32_t count);
/* A document of about `mb` million bytes that is made to be slow to read: see gen_hostile.c. */
int gen_hostile(gen_text *out, const char *sort, double mb);

#endif
