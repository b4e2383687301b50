/* IP addresses and networks. */
#include "vm_expect.h"

VM_TABLE(addresses, {"isIP('192.168.0.1')", "true"}, {"isIP('192.168.0')", "false"},
         {"isIP('192.168.0.256')", "false"}, {"isIP('192.168.0.01')", "false"},
         {"isIP('1.2.3.4.5')", "false"}, {"isIP('')", "false"}, {"isIP('::')", "true"},
         {"isIP('1:2:3:4:5:6:7:8')", "true"}, {"isIP('1:2:3:4:5:6:7')", "false"},
         {"isIP('1:2:3:4:5:6:7:8:9')", "false"}, {"isIP('1::2::3')", "false"},
         {"isIP('1:2:3:4::5:6:7:8')", "false"}, {"isIP(':1::')", "false"}, {"isIP('1:')", "false"},
         {"isIP('12345::')", "false"}, {"isIP('::g')", "false"}, {"isIP('fe80::1%en0')", "false"},
         {"isIP('64:ff9b::192.0.2.33')", "true"},
         {"ip('64:ff9b::192.0.2.33') == ip('64:ff9b::c000:221')", "true"},
         {"isIP('1:2:3:4:5:6:1.2.3.4')", "true"}, {"isIP('1:2:3:4:5:6:7:1.2.3.4')", "false"},
         {"isIP('::1.2.3')", "false"}, {"isIP('::ffff:192.168.0.1')", "false"},
         {"ip('::ffff:c0a8:1') == ip('192.168.0.1')", "true"},
         {"ip('::ffff:c0a8:1').family()", "4"}, {"ip('::1').family()", "6"},
         {"ip('x')", "error CONVERSION"}, {"ip(1)", "error NO_OVERLOAD"},
         {"isIP(1)", "error NO_OVERLOAD"}, {"'::1'.family()", "error NO_OVERLOAD"})

VM_TABLE(canonical, {"ip.isCanonical('127.0.0.1')", "true"}, {"ip.isCanonical('::1')", "true"},
         {"ip.isCanonical('2001:db8::abcd')", "true"},
         {"ip.isCanonical('2001:DB8::ABCD')", "false"},
         {"ip.isCanonical('0:0:0:0:0:0:0:1')", "false"}, {"ip.isCanonical('1::2:0:0:3')", "true"},
         {"ip.isCanonical('1:0:0:2::3')", "true"}, {"ip.isCanonical('1::2:0:0:0:3')", "false"},
         {"ip.isCanonical('x')", "error CONVERSION"}, {"ip.isCanonical(1)", "error NO_OVERLOAD"},
         {"string(ip('1:0:0:2:0:0:0:3'))", "\"1:0:0:2::3\""},
         {"string(ip('1:0:2:3:4:5:6:7'))", "\"1:0:2:3:4:5:6:7\""})

VM_TABLE(kinds, {"ip('0.0.0.0').isUnspecified()", "true"}, {"ip('::1').isUnspecified()", "false"},
         {"ip('127.9.9.9').isLoopback()", "true"}, {"ip('::1').isLoopback()", "true"},
         {"ip('224.0.0.9').isLinkLocalMulticast()", "true"},
         {"ip('224.0.1.9').isLinkLocalMulticast()", "false"},
         {"ip('ff02::1').isLinkLocalMulticast()", "true"},
         {"ip('169.254.9.9').isLinkLocalUnicast()", "true"},
         {"ip('febf::1').isLinkLocalUnicast()", "true"},
         {"ip('fec0::1').isLinkLocalUnicast()", "false"},
         {"ip('10.0.0.1').isGlobalUnicast()", "true"},
         {"ip('255.255.255.255').isGlobalUnicast()", "false"},
         {"ip('ff05::1').isGlobalUnicast()", "false"},
         {"ip('2001:db8::1').isGlobalUnicast()", "true"},
         {"'::1'.isLoopback()", "error NO_OVERLOAD"})

VM_TABLE(networks, {"isCIDR('10.0.0.0/8')", "true"}, {"isCIDR('10.0.0.0/33')", "false"},
         {"isCIDR('::/128')", "true"}, {"isCIDR('::/129')", "false"}, {"isCIDR('::/08')", "false"},
         {"isCIDR('::')", "false"}, {"isCIDR('::/x')", "false"}, {"isCIDR('x/8')", "false"},
         {"isCIDR('::ffff:a00:0/104')", "false"}, {"cidr('::')", "error CONVERSION"},
         {"cidr(1)", "error NO_OVERLOAD"}, {"isCIDR(1)", "error NO_OVERLOAD"},
         {"string(cidr('10.1.2.3/8').masked())", "\"10.0.0.0/8\""},
         {"string(cidr('10.1.255.3/15').masked())", "\"10.0.0.0/15\""},
         {"cidr('10.1.2.3/8').ip() == ip('10.1.2.3')", "true"},
         {"cidr('10.1.2.3/8').prefixLength()", "8"}, {"'::/0'.masked()", "error NO_OVERLOAD"},
         {"'::/0'.prefixLength()", "error NO_OVERLOAD"}, {"'::/0'.ip()", "error NO_OVERLOAD"})

VM_TABLE(containing, {"cidr('10.0.0.0/8').containsIP('10.255.0.1')", "true"},
         {"cidr('10.0.0.0/8').containsIP(ip('11.0.0.0'))", "false"},
         {"cidr('10.0.0.0/8').containsIP('::1')", "false"},
         {"cidr('10.0.0.0/8').containsIP('x')", "error CONVERSION"},
         {"cidr('10.0.0.0/8').containsIP(1)", "error NO_OVERLOAD"},
         {"'10.0.0.0/8'.containsIP('10.0.0.1')", "error NO_OVERLOAD"},
         {"cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')", "true"},
         {"cidr('10.0.0.0/8').containsCIDR(cidr('10.0.0.0/7'))", "false"},
         {"cidr('10.0.0.0/8').containsCIDR('10.1.0.0')", "error CONVERSION"},
         {"cidr('10.0.0.0/8').containsCIDR(1)", "error NO_OVERLOAD"},
         {"'10.0.0.0/8'.containsCIDR('10.0.0.0/8')", "error NO_OVERLOAD"})

VM_TABLE(other_kinds, {"ip('::2').isLoopback()", "false"},
         {"ip('128.0.0.1').isLoopback()", "false"}, {"ip('1::1').isLoopback()", "false"},
         {"ip('ff05::1').isLinkLocalMulticast()", "false"},
         {"ip('fe02::1').isLinkLocalMulticast()", "false"},
         {"ip('169.1.1.1').isLinkLocalUnicast()", "false"},
         {"ip('168.254.1.1').isLinkLocalUnicast()", "false"},
         {"ip('0.0.0.0').isGlobalUnicast()", "false"},
         {"ip('127.0.0.1').isGlobalUnicast()", "false"},
         {"ip('169.254.1.1').isGlobalUnicast()", "false"},
         {"ip('fe80::1').isGlobalUnicast()", "false"},
         {"ip('224.0.0.1').isGlobalUnicast()", "false"},
         {"cidr('10.0.0.0/8').isLoopback()", "error NO_OVERLOAD"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),   cmocka_unit_test(canonical), cmocka_unit_test(kinds),
        cmocka_unit_test(other_kinds), cmocka_unit_test(networks),  cmocka_unit_test(containing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
