/* Detached signatures: the 64 bytes of Ed25519 over a file, as `openssl pkeyutl -rawin` makes and
   verifies them, with keys in PEM. A build may have none of it. */
#ifndef BERM_CLI_SIGNATURE_H
#define BERM_CLI_SIGNATURE_H

#include "cli.h"

#define SIGNATURE_LEN 64

/* Both: 0, or an exit code with a message printed. `key` is the path of a private, of a public
   key. */
int make_signature(const char *key, berm_str bytes, char out[SIGNATURE_LEN]);
int verify_signature(const char *key, const char *path, berm_str bytes, berm_str signature);

#endif
