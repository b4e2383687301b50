/* Hashes: one for constants and map keys (quick, stable over platforms, not secret), one for tables
   of what strangers name (salted), SHA-256 for digests. */
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
/* SipHash-1-3: without the salt nobody can choose texts that collide. For tables in memory: the
   number is another one in every process, so nothing that is seen or kept may depend on it. */
uint64_t berm_hash_salted(const void *ptr, size_t len, uint64_t salt);
/* A salt for the tables of `object`: where the system put it, the stack and the library, which is
   as far apart as its address space is random. */
uint64_t berm_hash_salt(const void *object);

typedef struct berm_sha256 {
    uint32_t state[8];
    uint64_t len;
    unsigned char block[64];
} berm_sha256;
void berm_sha256_init(berm_sha256 *h);
void berm_sha256_put(berm_sha256 *h, const void *ptr, size_t len);
void berm_sha256_end(berm_sha256 *h, unsigned char out[32]);

#endif
