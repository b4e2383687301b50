#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void expect_digest(berm_sha256 *h, const char *hex)
{
    unsigned char digest[32];
    char text[65];
    berm_sha256_end(h, digest);
    for (size_t i = 0; i < 32; i++) (void)snprintf(text + 2 * i, 3, "%02x", digest[i]);
    assert_string_equal(text, hex);
}

static void expect_digest_of(const char *text, const char *hex)
{
    berm_sha256 h;
    berm_sha256_init(&h);
    berm_sha256_put(&h, text, strlen(text));
    expect_digest(&h, hex);
}

/* The examples of FIPS 180-4 and its predecessor. */
static void known_digests(void **state)
{
    (void)state;
    expect_digest_of("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect_digest_of("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect_digest_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    berm_sha256 h;
    berm_sha256_init(&h);
    char block[1000];
    memset(block, 'a', sizeof block);
    for (int i = 0; i < 1000; i++) berm_sha256_put(&h, block, sizeof block);
    expect_digest(&h, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Whatever the pieces, the digest is that of the whole: lengths around the block border, where
   padding needs a block more. */
static void pieces_do_not_matter(void **state)
{
    (void)state;
    char text[200];
    for (size_t i = 0; i < sizeof text; i++) text[i] = (char)(i * 7 % 127);
    for (size_t len = 50; len < sizeof text; len++) {
        unsigned char whole[32], pieces[32];
        berm_sha256 h;
        berm_sha256_init(&h);
        berm_sha256_put(&h, text, len);
        berm_sha256_end(&h, whole);
        for (size_t step = 1; step < 70; step += 11) {
            berm_sha256_init(&h);
            for (size_t i = 0; i < len; i += step)
                berm_sha256_put(&h, text + i, len - i < step ? len - i : step);
            berm_sha256_put(&h, text, 0);
            berm_sha256_end(&h, pieces);
            assert_memory_equal(whole, pieces, 32);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_digests),
        cmocka_unit_test(pieces_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
