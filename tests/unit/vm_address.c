#include "vm/address.h"

#include "base_alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

typedef struct address_case {
    const char *text, *printed; /* NULL: no address */
    berm_address_reading reading;
} address_case;

static const address_case address_cases[] = {
    {"0.0.0.0", "0.0.0.0", BERM_ADDRESS_FINE},
    {"255.255.255.255", "255.255.255.255", BERM_ADDRESS_FINE},
    {"", NULL, BERM_ADDRESS_NONE},
    {"1.2.3", NULL, BERM_ADDRESS_NONE},
    {"1.2.3.4.5", NULL, BERM_ADDRESS_NONE},
    {"1.2.3.", NULL, BERM_ADDRESS_NONE},
    {".1.2.3", NULL, BERM_ADDRESS_NONE},
    {"1..2.3", NULL, BERM_ADDRESS_NONE},
    {"1.2.3.256", NULL, BERM_ADDRESS_NONE},
    {"1.2.3.04", NULL, BERM_ADDRESS_NONE},
    {"1.2.3.4 ", NULL, BERM_ADDRESS_NONE},
    {"::", "::", BERM_ADDRESS_FINE},
    {"::1", "::1", BERM_ADDRESS_FINE},
    {"1::", "1::", BERM_ADDRESS_FINE},
    {"0:0:0:0:0:0:0:0", "::", BERM_ADDRESS_FINE},
    {"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1", BERM_ADDRESS_FINE},
    {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", BERM_ADDRESS_FINE},
    {"1:0:0:2:0:0:0:3", "1:0:0:2::3", BERM_ADDRESS_FINE},
    {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0", BERM_ADDRESS_FINE},
    {"0001:00:0::ABCD", "1::abcd", BERM_ADDRESS_FINE},
    {"64:ff9b::1.2.3.4", "64:ff9b::102:304", BERM_ADDRESS_FINE},
    {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304", BERM_ADDRESS_FINE},
    {"::ffff:c0a8:1", "192.168.0.1", BERM_ADDRESS_MAPPED},
    {"0:0:0:0:0:ffff:192.168.0.1", "192.168.0.1", BERM_ADDRESS_DOTTED},
    {":", NULL, BERM_ADDRESS_NONE},
    {":::", NULL, BERM_ADDRESS_NONE},
    {":1", NULL, BERM_ADDRESS_NONE},
    {"1:", NULL, BERM_ADDRESS_NONE},
    {"1:2:3:4:5:6:7", NULL, BERM_ADDRESS_NONE},
    {"1:2:3:4:5:6:7:8:9", NULL, BERM_ADDRESS_NONE},
    {"1:2:3:4:5:6:7:8::", NULL, BERM_ADDRESS_NONE},
    {"1::2::3", NULL, BERM_ADDRESS_NONE},
    {"1:::2", NULL, BERM_ADDRESS_NONE},
    {"12345::", NULL, BERM_ADDRESS_NONE},
    {"g::", NULL, BERM_ADDRESS_NONE},
    {"fe80::1%eth0", NULL, BERM_ADDRESS_NONE},
    {"1:2:3:4:5:6:7:1.2.3.4", NULL, BERM_ADDRESS_NONE},
    {"::1.2.3", NULL, BERM_ADDRESS_NONE},
    {"::1.2.3.4:5", NULL, BERM_ADDRESS_NONE},
};

static void reading_and_printing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof address_cases / sizeof *address_cases; i++) {
        const address_case *c = &address_cases[i];
        berm_address address;
        char text[BERM_ADDRESS_TEXT_MAX];
        if (berm_address_read(berm_str_of(c->text), &address) != c->reading)
            fail_msg("%s is read otherwise", c->text);
        if (!c->printed) continue;
        size_t len = berm_address_print(&address, text);
        assert_int_equal(len, strlen(c->printed));
        assert_memory_equal(text, c->printed, len);
    }
}

/* What is printed is read as the same address. */
static void round_trip(void **state)
{
    (void)state;
    uint32_t random = 1;
    for (int i = 0; i < 20000; i++) {
        berm_address address = {.len = i % 3 ? 16 : 4}, again;
        char text[BERM_ADDRESS_TEXT_MAX];
        for (uint32_t b = 0; b < address.len; b++) {
            random = random * 1664525u + 1013904223u;
            address.bytes[b] = random >> 31 ? (uint8_t)(random >> 20) : 0;
        }
        address.bytes[0] |= 0x20; /* never IPv4 in IPv6 notation */
        size_t len = berm_address_print(&address, text);
        assert_int_equal(berm_address_read((berm_str){text, len}, &again), BERM_ADDRESS_FINE);
        assert_int_equal(again.len, address.len);
        assert_memory_equal(again.bytes, address.bytes, address.len);
    }
}

static void masking(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t bits;
        const char *masked;
    } cases[] = {{"255.255.255.255", 0, "0.0.0.0"},
                 {"255.255.255.255", 9, "255.128.0.0"},
                 {"255.255.255.255", 32, "255.255.255.255"},
                 {"ffff:ffff::ffff", 17, "ffff:8000::"},
                 {"::ffff:ffff:ffff:ffff", 128, "::ffff:ffff:ffff:ffff"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        berm_address address;
        char text[BERM_ADDRESS_TEXT_MAX];
        assert_int_equal(berm_address_read(berm_str_of(cases[i].text), &address),
                         BERM_ADDRESS_FINE);
        berm_address_mask(&address, cases[i].bits);
        size_t len = berm_address_print(&address, text);
        assert_true(berm_str_is((berm_str){text, len}, cases[i].masked));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_and_printing),
        cmocka_unit_test(round_trip),
        cmocka_unit_test(masking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
