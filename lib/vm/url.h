/* URLs as Go's net/url reads them, which is what Kubernetes does. */
#ifndef BERM_VM_URL_H
#define BERM_VM_URL_H

#include "base/text.h"

/* Pieces of the text as they stand there, percent signs and all. */
typedef struct berm_url {
    berm_str scheme;
    berm_str opaque; /* what follows the scheme when it does not begin with a slash */
    berm_str user, password;
    berm_str host; /* with the port */
    berm_str path, query, fragment;
    bool has_authority, has_user, has_password;
    bool has_query; /* a question mark, even one with nothing behind it */
} berm_url;

/* Parts of a URL, each with characters of its own that stand for themselves. */
typedef enum berm_url_part {
    BERM_URL_PATH,
    BERM_URL_HOST,
    BERM_URL_ZONE, /* of an IPv6 address */
    BERM_URL_USER,
    BERM_URL_FRAGMENT,
    BERM_URL_QUERY
} berm_url_part;

/* An absolute URL or an absolute path; a fragment is taken for a piece of what it follows. NULL
   when it is one, else what is wrong (static). */
const char *berm_url_check(berm_str text);
/* The pieces of a text that has passed berm_url_check, the fragment apart; NULL or what is
   wrong. */
const char *berm_url_split(berm_str text, berm_url *url);

/* With percent signs resolved; plus signs are spaces in queries. False when one is malformed. */
bool berm_url_unescape(berm_text *out, berm_str text, berm_url_part part);
/* The escaped path: as it is written where that is a valid way to write it. */
void berm_url_put_path(berm_text *out, berm_str path);
/* All of it, as Go writes it. */
void berm_url_print(berm_text *out, const berm_url *url);

#endif
