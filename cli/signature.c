#include "signature.h"

#ifndef BERM_SIGNATURES
#define BERM_SIGNATURES 0
#endif

#if BERM_SIGNATURES

#include <dlfcn.h>
#include <errno.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

/* libcrypto takes longer to load than most checks to run, so it is loaded when a key is named. */
#define CRYPTO_FUNCTIONS(F) \
    F(EVP_PKEY *, PEM_read_PrivateKey, (FILE *, EVP_PKEY **, pem_password_cb *, void *)) \
    F(EVP_PKEY *, PEM_read_PUBKEY, (FILE *, EVP_PKEY **, pem_password_cb *, void *)) \
    F(int, EVP_PKEY_get_id, (const EVP_PKEY *)) \
    F(void, EVP_PKEY_free, (EVP_PKEY *)) \
    F(EVP_MD_CTX *, EVP_MD_CTX_new, (void)) \
    F(void, EVP_MD_CTX_free, (EVP_MD_CTX *)) \
    F(int, EVP_DigestSignInit, \
      (EVP_MD_CTX *, EVP_PKEY_CTX **, const EVP_MD *, ENGINE *, EVP_PKEY *)) \
    F(int, EVP_DigestSign, \
      (EVP_MD_CTX *, unsigned char *, size_t *, const unsigned char *, size_t)) \
    F(int, EVP_DigestVerifyInit, \
      (EVP_MD_CTX *, EVP_PKEY_CTX **, const EVP_MD *, ENGINE *, EVP_PKEY *)) \
    F(int, EVP_DigestVerify, \
      (EVP_MD_CTX *, const unsigned char *, size_t, const unsigned char *, size_t))

typedef struct crypto {
#define CRYPTO_MEMBER(result, name, arguments) result(*name) arguments;
    CRYPTO_FUNCTIONS(CRYPTO_MEMBER)
#undef CRYPTO_MEMBER
} crypto;

/* What is called is what the library's header declares. */
#define CRYPTO_DECLARED(result, name, arguments) \
    _Static_assert(_Generic(&name, result(*) arguments : 1, default : 0), #name);
CRYPTO_FUNCTIONS(CRYPTO_DECLARED)
#undef CRYPTO_DECLARED

#define CRYPTO_NAME_OF(version) CRYPTO_NAME_OF_TEXT(version)
#ifdef __APPLE__
#define CRYPTO_NAME_OF_TEXT(version) "libcrypto." #version ".dylib"
#else
#define CRYPTO_NAME_OF_TEXT(version) "libcrypto.so." #version
#endif

static bool find_function(void *library, const char *name, void *function, size_t len)
{
    void *address = dlsym(library, name);
    if (address) memcpy(function, &address, len); /* a cast would not be C's */
    return address != NULL;
}

/* It stays until the command ends. */
static bool load_crypto(crypto *c)
{
    void *library = dlopen(CRYPTO_NAME_OF(OPENSSL_SHLIB_VERSION), RTLD_NOW | RTLD_LOCAL);
    bool found = library != NULL;
#define CRYPTO_FIND(result, name, arguments) \
    found = found && find_function(library, #name, &c->name, sizeof c->name);
    CRYPTO_FUNCTIONS(CRYPTO_FIND)
#undef CRYPTO_FIND
    if (!found) fprintf(stderr, "berm: signatures need OpenSSL's libcrypto: %s\n", dlerror());
    return found;
}

static int refuse_key(const char *key, const char *why)
{
    fprintf(stderr, "berm: %s: %s\n", key, why);
    return EXIT_USAGE;
}

/* Nobody is asked for a passphrase: the command runs where nobody is. */
static int give_no_passphrase(char *buffer, int size, int writing, void *ctx)
{
    (void)buffer, (void)size, (void)writing, (void)ctx;
    return -1;
}

/* An Ed25519 key; NULL with a message. */
static EVP_PKEY *read_key(const crypto *c, const char *path, bool private)
{
    FILE *in = fopen(path, "rb");
    if (!in) {
        (void)refuse_key(path, strerror(errno));
        return NULL;
    }
    EVP_PKEY *key = private ? c->PEM_read_PrivateKey(in, NULL, give_no_passphrase, NULL)
                            : c->PEM_read_PUBKEY(in, NULL, give_no_passphrase, NULL);
    fclose(in);
    if (!key) {
        (void)refuse_key(path, private
                                   ? "no private key in PEM that can be read without a passphrase"
                                   : "no public key in PEM");
        return NULL;
    }
    if (c->EVP_PKEY_get_id(key) == EVP_PKEY_ED25519) return key;
    (void)refuse_key(path, "not a key of Ed25519, and images are signed with no others");
    c->EVP_PKEY_free(key);
    return NULL;
}

int make_signature(const char *key_path, berm_str bytes, char out[SIGNATURE_LEN])
{
    crypto c;
    EVP_PKEY *key = load_crypto(&c) ? read_key(&c, key_path, true) : NULL;
    if (!key) return EXIT_USAGE;
    EVP_MD_CTX *ctx = c.EVP_MD_CTX_new();
    size_t len = SIGNATURE_LEN;
    bool made = ctx && c.EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) == 1 &&
                c.EVP_DigestSign(ctx, (unsigned char *)out, &len, (const unsigned char *)bytes.ptr,
                                 bytes.len) == 1 &&
                len == SIGNATURE_LEN;
    c.EVP_MD_CTX_free(ctx);
    c.EVP_PKEY_free(key);
    if (made) return EXIT_PASSED;
    fprintf(stderr, "berm: %s: the image cannot be signed with it\n", key_path);
    return EXIT_BROKEN;
}

int verify_signature(const char *key_path, const char *path, berm_str bytes, berm_str signature)
{
    crypto c;
    EVP_PKEY *key = load_crypto(&c) ? read_key(&c, key_path, false) : NULL;
    if (!key) return EXIT_USAGE;
    EVP_MD_CTX *ctx = c.EVP_MD_CTX_new();
    bool good = ctx && signature.len == SIGNATURE_LEN &&
                c.EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
                c.EVP_DigestVerify(ctx, (const unsigned char *)signature.ptr, signature.len,
                                   (const unsigned char *)bytes.ptr, bytes.len) == 1;
    c.EVP_MD_CTX_free(ctx);
    c.EVP_PKEY_free(key);
    if (good) return EXIT_PASSED;
    fprintf(stderr,
            "berm: %s: the signature is not that of %s over this image; nothing of it was loaded\n",
            path, key_path);
    return EXIT_USAGE;
}

#else

static int refuse_signatures(void)
{
    fprintf(stderr, "berm: this build has no signatures: it was made without OpenSSL's libcrypto "
                    "(BERM_SIGNATURES)\n");
    return EXIT_USAGE;
}

int make_signature(const char *key, berm_str bytes, char out[SIGNATURE_LEN])
{
    (void)key, (void)bytes, (void)out;
    return refuse_signatures();
}

int verify_signature(const char *key, const char *path, berm_str bytes, berm_str signature)
{
    (void)key, (void)path, (void)bytes, (void)signature;
    return refuse_signatures();
}

#endif
