/* IP addresses and networks: the network extension of CEL and the ip and cidr libraries of
   Kubernetes.

     net.IP    bytes (4 or 16), text
     net.CIDR  bytes, prefix length, text */
#include "base/number.h"
#include "vm/address.h"
#include "vm/object.h"

enum { IP_BYTES, IP_TEXT, IP_PARTS };
enum { CIDR_BYTES, CIDR_BITS, CIDR_TEXT, CIDR_PARTS };

typedef struct network {
    berm_address address;
    uint32_t bits;
} network;

/* --- making them --- */

static berm_cell new_ip(berm_vm *vm, const berm_address *address)
{
    char text[BERM_ADDRESS_TEXT_MAX];
    size_t len = berm_address_print(address, text);
    berm_cell parts[IP_PARTS] = {[IP_BYTES] = berm_bytes_new(vm, address->bytes, address->len),
                                 [IP_TEXT] = berm_fn_text(vm, (berm_str){text, len})};
    return berm_object_new(vm, BERM_TYPE_IP, parts, IP_PARTS);
}

static berm_cell new_network(berm_vm *vm, const network *net)
{
    char text[BERM_ADDRESS_TEXT_MAX + 1 + BERM_INT_LEN];
    size_t len = berm_address_print(&net->address, text);
    text[len++] = '/';
    len += berm_print_uint(net->bits, text + len);
    berm_cell parts[CIDR_PARTS] = {[CIDR_BYTES] =
                                       berm_bytes_new(vm, net->address.bytes, net->address.len),
                                   [CIDR_BITS] = berm_cell_int(net->bits),
                                   [CIDR_TEXT] = berm_fn_text(vm, (berm_str){text, len})};
    return berm_object_new(vm, BERM_TYPE_CIDR, parts, CIDR_PARTS);
}

/* --- reading them --- */

/* address "/" length, the length in decimal without leading zeros. IPv4 in IPv6 notation is
   refused: it would not be clear what the length counts. */
static bool read_network(berm_str text, network *net)
{
    size_t slash = text.len;
    while (slash > 0 && text.ptr[slash - 1] != '/') slash--;
    if (slash == 0) return false;
    if (berm_address_read(berm_str_cut(text, 0, slash - 1), &net->address) != BERM_ADDRESS_FINE) {
        return false;
    }
    berm_str bits = berm_str_cut(text, slash, text.len);
    uint64_t value;
    if (bits.len > 1 && bits.ptr[0] == '0') return false;
    if (!berm_parse_uint(bits, &value) || value > 8u * net->address.len) return false;
    net->bits = (uint32_t)value;
    return true;
}

static bool take_bytes(const berm_vm *vm, berm_cell object, berm_address *address)
{
    berm_str bytes = berm_object_text(vm, object, 0);
    *address = (berm_address){.len = (uint8_t)bytes.len};
    if (bytes.len != 4 && bytes.len != 16) return false;
    memcpy(address->bytes, bytes.ptr, bytes.len);
    return true;
}

static bool take_ip(const berm_vm *vm, berm_cell c, berm_address *address)
{
    return berm_is_object(c, BERM_TYPE_IP) && take_bytes(vm, c, address);
}

static bool take_network(const berm_vm *vm, berm_cell c, network *net)
{
    if (!berm_is_object(c, BERM_TYPE_CIDR) || !take_bytes(vm, c, &net->address)) return false;
    net->bits = (uint32_t)berm_object_part(vm, c, CIDR_BITS).as.u;
    return true;
}

/* --- addresses --- */

/* ::ffff:c0a8:1 is the IPv4 address, but ::ffff:192.168.0.1 is refused: so the conformance suite of
   CEL has it. */
static bool parse_ip(const berm_vm *vm, berm_cell text, berm_address *address)
{
    berm_address_reading r = berm_address_read(berm_text_of(&vm->space, text), address);
    return r == BERM_ADDRESS_FINE || r == BERM_ADDRESS_MAPPED;
}

BERM_FN_BODY(IP)
{
    berm_address address;
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    if (!parse_ip(vm, *args, &address)) {
        return berm_fn_fail_conversion(vm, *args, BERM_TYPE_IP, word);
    }
    return new_ip(vm, &address);
}

BERM_FN_BODY(IS_IP)
{
    berm_address address;
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    return berm_cell_bool(parse_ip(vm, *args, &address));
}

BERM_FN_BODY(IP_IS_CANONICAL)
{
    berm_address address;
    char text[BERM_ADDRESS_TEXT_MAX];
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    if (!parse_ip(vm, *args, &address)) {
        return berm_fn_fail_conversion(vm, *args, BERM_TYPE_IP, word);
    }
    size_t len = berm_address_print(&address, text);
    return berm_cell_bool(berm_str_equal(berm_text_of(&vm->space, *args), (berm_str){text, len}));
}

BERM_FN_BODY(IP_FAMILY)
{
    berm_address address;
    if (!take_ip(vm, *args, &address)) return berm_no_overload(vm, args, 1, word);
    return berm_cell_int(address.len == 4 ? 4 : 6);
}

static bool are_zero(const uint8_t *bytes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (bytes[i]) return false;
    return true;
}

static bool is_unspecified(const berm_address *a)
{
    return are_zero(a->bytes, a->len);
}

static bool is_loopback(const berm_address *a)
{
    return a->len == 4 ? a->bytes[0] == 127 : are_zero(a->bytes, 15) && a->bytes[15] == 1;
}

static bool is_link_local_multicast(const berm_address *a)
{
    return a->len == 4 ? a->bytes[0] == 224 && are_zero(a->bytes + 1, 2)
                       : a->bytes[0] == 0xff && (a->bytes[1] & 0x0f) == 2;
}

static bool is_link_local_unicast(const berm_address *a)
{
    return a->len == 4 ? a->bytes[0] == 169 && a->bytes[1] == 254
                       : a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80;
}

static bool is_multicast(const berm_address *a)
{
    return a->len == 4 ? (a->bytes[0] & 0xf0) == 0xe0 : a->bytes[0] == 0xff;
}

static bool is_global_unicast(const berm_address *a)
{
    static const uint8_t broadcast[4] = {255, 255, 255, 255};
    if (a->len == 4 && memcmp(a->bytes, broadcast, 4) == 0) return false;
    return !is_unspecified(a) && !is_loopback(a) && !is_multicast(a) && !is_link_local_unicast(a);
}

static berm_cell ask_ip(berm_vm *vm, const berm_cell *args, bool (*holds)(const berm_address *),
                        uint32_t word)
{
    berm_address address;
    if (!take_ip(vm, *args, &address)) return berm_no_overload(vm, args, 1, word);
    return berm_cell_bool(holds(&address));
}

BERM_FN_BODY(IS_UNSPECIFIED)
{
    return ask_ip(vm, args, is_unspecified, word);
}

BERM_FN_BODY(IS_LOOPBACK)
{
    return ask_ip(vm, args, is_loopback, word);
}

BERM_FN_BODY(IS_LINK_LOCAL_MULTICAST)
{
    return ask_ip(vm, args, is_link_local_multicast, word);
}

BERM_FN_BODY(IS_LINK_LOCAL_UNICAST)
{
    return ask_ip(vm, args, is_link_local_unicast, word);
}

BERM_FN_BODY(IS_GLOBAL_UNICAST)
{
    return ask_ip(vm, args, is_global_unicast, word);
}

/* --- networks --- */

BERM_FN_BODY(CIDR)
{
    network net;
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    if (!read_network(berm_text_of(&vm->space, *args), &net)) {
        return berm_fn_fail_conversion(vm, *args, BERM_TYPE_CIDR, word);
    }
    return new_network(vm, &net);
}

BERM_FN_BODY(IS_CIDR)
{
    network net;
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    return berm_cell_bool(read_network(berm_text_of(&vm->space, *args), &net));
}

/* The first bits of `address` are those of the network. */
static bool is_within(const network *net, berm_address address)
{
    berm_address base = net->address;
    if (address.len != base.len) return false;
    berm_address_mask(&base, net->bits);
    berm_address_mask(&address, net->bits);
    return memcmp(base.bytes, address.bytes, base.len) == 0;
}

BERM_FN_BODY(CIDR_CONTAINS_IP)
{
    network net;
    berm_address address;
    if (!take_network(vm, args[0], &net)) return berm_no_overload(vm, args, 2, word);
    if (args[1].tag == BERM_TAG_STRING) {
        if (!parse_ip(vm, args[1], &address)) {
            return berm_fn_fail_conversion(vm, args[1], BERM_TYPE_IP, word);
        }
    } else if (!take_ip(vm, args[1], &address)) {
        return berm_no_overload(vm, args, 2, word);
    }
    return berm_cell_bool(is_within(&net, address));
}

BERM_FN_BODY(CIDR_CONTAINS_CIDR)
{
    network net, part;
    if (!take_network(vm, args[0], &net)) return berm_no_overload(vm, args, 2, word);
    if (args[1].tag == BERM_TAG_STRING) {
        if (!read_network(berm_text_of(&vm->space, args[1]), &part)) {
            return berm_fn_fail_conversion(vm, args[1], BERM_TYPE_CIDR, word);
        }
    } else if (!take_network(vm, args[1], &part)) {
        return berm_no_overload(vm, args, 2, word);
    }
    return berm_cell_bool(net.bits <= part.bits && is_within(&net, part.address));
}

BERM_FN_BODY(CIDR_IP)
{
    network net;
    if (!take_network(vm, *args, &net)) return berm_no_overload(vm, args, 1, word);
    return new_ip(vm, &net.address);
}

BERM_FN_BODY(CIDR_MASKED)
{
    network net;
    if (!take_network(vm, *args, &net)) return berm_no_overload(vm, args, 1, word);
    berm_address_mask(&net.address, net.bits);
    return new_network(vm, &net);
}

BERM_FN_BODY(CIDR_PREFIX_LENGTH)
{
    network net;
    if (!take_network(vm, *args, &net)) return berm_no_overload(vm, args, 1, word);
    return berm_cell_int(net.bits);
}
