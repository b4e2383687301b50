/* Hashes: one for tables and map keys (quick, stable over platforms, not secret), SHA-256 for
   digests. */
#ifndef BERM_BASE_HASH_H
#define BERM_BASE_HASH_H

#include <berm/berm.h>

/* Stable over platforms and versions of an image format: image constants carry it. */
uint64_t berm_hash_bytes(const void *ptr, size_t len, uint64_t seed);
/* The same with ASCII letters folded to lower case. */
uint64_t berm_hash_folded(const char *ptr, size_t len, uint64_t seed);

/* Of long runs of bytes, several times as quick: against accidents. Two runs of one length that
   differ in no more than eight bytes at a multiple of eight never have the same. */
uint64_t berm_hash_lanes(const void *ptr, size_t len);

typedef struct berm_sha256 {
    uint32_t state[8];
    uint64_t len;
    unsigned char block[64];
} berm_sha256;
void berm_sha256_init(berm_sha256 *h);
void berm_sha256_put(berm_sha256 *h, const void *ptr, size_t len);
void berm_sha256_end(berm_sha256 *h, unsigned char out[32]);

#endif
