/* IP addresses and networks as numbers and as texts. */
#ifndef BERM_VM_ADDRESS_H
#define BERM_VM_ADDRESS_H

#include "base/text.h"

typedef struct berm_address {
    uint8_t bytes[16]; /* of IPv4 the first four */
    uint8_t len;       /* 4 or 16 */
} berm_address;

typedef enum berm_address_reading {
    BERM_ADDRESS_NONE,
    BERM_ADDRESS_FINE,
    BERM_ADDRESS_MAPPED, /* ::ffff:c0a8:1, an IPv4 address in IPv6 notation */
    BERM_ADDRESS_DOTTED  /* the same as ::ffff:192.168.0.1 */
} berm_address_reading;

/* Dotted decimal without leading zeros, or IPv6 without a zone. Of IPv4 in IPv6 notation the
   address is the IPv4 one. */
berm_address_reading berm_address_read(berm_str text, berm_address *address);

#define BERM_ADDRESS_TEXT_MAX 40u
/* The canonical text (RFC 5952); its length. */
size_t berm_address_print(const berm_address *address, char out[BERM_ADDRESS_TEXT_MAX]);

/* Clears all bits behind the first `bits`. */
void berm_address_mask(berm_address *address, uint32_t bits);

#endif
