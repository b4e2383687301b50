package main

import (
	"fmt"
	"math/rand/v2"
	"strconv"
)

// IP addresses and ranges of them.

var someAddresses = []string{"127.0.0.1", "0.0.0.0", "255.255.255.255", "10.0.0.1", "192.168.1.5",
	"169.254.1.1", "224.0.0.1",
	"::1", "::", "fe80::1", "ff02::1", "2001:db8::1", "2001:DB8:0:0:0:0:0:1", "::ffff:192.168.0.1",
	"::ffff:c0a8:1", "1.2.3", "1.2.3.4.5",
	"256.1.1.1", "01.2.3.4", "fe80::1%eth0", "::1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", "::1.2.3.4",
	"64:ff9b::1.2.3.4", "", " 1.2.3.4",
	"12345::", "1:2:3:4:5:6:7::", "::g", "0x7f.1", "[::1]", "1.2.3.4 ", "2001:db8:0:0:1::",
	"2001:db8::1:0:0:1", "FE80::A"}

func randomAddressText(r *rand.Rand) string {
	switch r.IntN(4) {
	case 0:
		return fmt.Sprintf("%d.%d.%d.%d", r.IntN(257), r.IntN(256), r.IntN(3), r.IntN(256))
	case 1:
		return fmt.Sprintf("%x:%x::%x", r.IntN(0x10000), r.IntN(0x10000), r.IntN(0x10000))
	}
	return pick(r, someAddresses)
}

func randomNetworkText(r *rand.Rand) string {
	length := strconv.Itoa(pick(r, []int{0, 1, 7, 8, 16, 24, 31, 32, 33, 48, 64, 127, 128, 129}))
	if r.IntN(12) == 0 {
		length = pick(r, []string{"", "08", "+8", "-1", "8 ", "a", "24/8"})
	}
	return randomAddressText(r) + pick(r, []string{"/", "/", "/", "/", "/", "/", "", "//"}) + length
}

func makeNetworkTest(g *generator, t *Type, d int) *Node {
	address, network := g.make(addressType, d), g.make(networkType, d)
	switch g.r.IntN(6) {
	case 0:
		return call(pick(g.r, []string{"isIP", "isCIDR"}), stringLiteral(g.r, randomNetworkText(g.r)))
	case 1:
		return call("isIP", stringLiteral(g.r, randomAddressText(g.r)))
	case 2:
		return member(ident("ip"), "isCanonical", stringLiteral(g.r, randomAddressText(g.r)))
	case 3:
		inside := address
		if g.r.IntN(3) == 0 {
			inside = stringLiteral(g.r, randomAddressText(g.r))
		}
		return member(network, "containsIP", inside)
	case 4:
		inside := g.make(networkType, d)
		if g.r.IntN(3) == 0 {
			inside = stringLiteral(g.r, randomNetworkText(g.r))
		}
		return member(network, "containsCIDR", inside)
	}
	return member(address, pick(g.r, []string{"isLoopback", "isGlobalUnicast", "isLinkLocalMulticast",
		"isLinkLocalUnicast", "isUnspecified"}))
}
