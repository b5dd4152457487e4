package crawler

import "net/netip"

// guardTableDate is the day that the ranges below were last compared with the
// IANA special-purpose registries and the cloud providers' documents.
const guardTableDate = "2026-11-22"

type guardEntry struct {
	prefix netip.Prefix
	name   string
	source string
}

// The tables are read from top to bottom, the narrower range first where the
// name matters to the reader. Their text never changes while running.
var (
	guardV4 = []guardEntry{
		{netip.MustParsePrefix("169.254.169.254/32"), "cloud metadata", "RFC 3927, cloud providers"},
		{netip.MustParsePrefix("169.254.170.2/32"), "container metadata", "RFC 3927, AWS"},
		{netip.MustParsePrefix("100.100.100.200/32"), "cloud metadata", "RFC 6598, Alibaba Cloud"},
		{netip.MustParsePrefix("192.0.0.192/32"), "cloud metadata", "RFC 6890, Oracle Cloud"},
		{netip.MustParsePrefix("168.63.129.16/32"), "cloud host services", "Azure"},
		{netip.MustParsePrefix("0.0.0.0/8"), "this network", "RFC 791 §3.2"},
		{netip.MustParsePrefix("10.0.0.0/8"), "private use", "RFC 1918"},
		{netip.MustParsePrefix("100.64.0.0/10"), "shared address space", "RFC 6598"},
		{netip.MustParsePrefix("127.0.0.0/8"), "loopback", "RFC 1122 §3.2.1.3"},
		{netip.MustParsePrefix("169.254.0.0/16"), "link-local", "RFC 3927"},
		{netip.MustParsePrefix("172.16.0.0/12"), "private use", "RFC 1918"},
		{netip.MustParsePrefix("192.0.0.0/24"), "IETF protocol assignments", "RFC 6890 §2.1"},
		{netip.MustParsePrefix("192.0.2.0/24"), "documentation", "RFC 5737"},
		{netip.MustParsePrefix("192.31.196.0/24"), "AS112", "RFC 7535"},
		{netip.MustParsePrefix("192.52.193.0/24"), "AMT", "RFC 7450"},
		{netip.MustParsePrefix("192.88.99.0/24"), "6to4 relay", "RFC 7526"},
		{netip.MustParsePrefix("192.168.0.0/16"), "private use", "RFC 1918"},
		{netip.MustParsePrefix("192.175.48.0/24"), "AS112 delegation", "RFC 7534"},
		{netip.MustParsePrefix("198.18.0.0/15"), "benchmarking", "RFC 2544"},
		{netip.MustParsePrefix("198.51.100.0/24"), "documentation", "RFC 5737"},
		{netip.MustParsePrefix("203.0.113.0/24"), "documentation", "RFC 5737"},
		{netip.MustParsePrefix("224.0.0.0/4"), "multicast", "RFC 5771"},
		{netip.MustParsePrefix("255.255.255.255/32"), "limited broadcast", "RFC 8190"},
		{netip.MustParsePrefix("240.0.0.0/4"), "reserved", "RFC 1112 §4"},
	}
	guardV6 = []guardEntry{
		{netip.MustParsePrefix("fd00:ec2::254/128"), "cloud metadata", "RFC 4193, AWS"},
		{netip.MustParsePrefix("::/128"), "unspecified", "RFC 4291 §2.5.2"},
		{netip.MustParsePrefix("::1/128"), "loopback", "RFC 4291 §2.5.3"},
		{netip.MustParsePrefix("::/96"), "IPv4-compatible", "RFC 4291 §2.5.5.1"},
		{netip.MustParsePrefix("64:ff9b:1::/48"), "local-use NAT64", "RFC 8215"},
		{netip.MustParsePrefix("100::/64"), "discard", "RFC 6666"},
		{netip.MustParsePrefix("100:0:0:1::/64"), "dummy prefix", "RFC 9780"},
		{netip.MustParsePrefix("2001::/32"), "Teredo", "RFC 4380"},
		{netip.MustParsePrefix("2001:2::/48"), "benchmarking", "RFC 5180"},
		{netip.MustParsePrefix("2001:10::/28"), "ORCHID", "RFC 4843"},
		{netip.MustParsePrefix("2001:20::/28"), "ORCHIDv2", "RFC 7343"},
		{netip.MustParsePrefix("2001::/23"), "IETF protocol assignments", "RFC 2928"},
		{netip.MustParsePrefix("2001:db8::/32"), "documentation", "RFC 3849"},
		{netip.MustParsePrefix("2002::/16"), "6to4", "RFC 3056, RFC 7526"},
		{netip.MustParsePrefix("3fff::/20"), "documentation", "RFC 9637"},
		{netip.MustParsePrefix("5f00::/16"), "segment routing", "RFC 9602"},
		{netip.MustParsePrefix("fc00::/7"), "unique local", "RFC 4193"},
		{netip.MustParsePrefix("fe80::/10"), "link-local", "RFC 4291 §2.5.6"},
		{netip.MustParsePrefix("fec0::/10"), "site-local", "RFC 3879"},
		{netip.MustParsePrefix("ff00::/8"), "multicast", "RFC 4291 §2.7"},
	}
	guardNAT64  = netip.MustParsePrefix("64:ff9b::/96")
	guardGlobal = netip.MustParsePrefix("2000::/3")
)

// guardRange names the special-purpose range that an address belongs to and
// the document that sets it apart, or returns "" for a public address.
//
// 6to4 and Teredo are refused even around a public IPv4 address: both are
// retired, and the address that is reached is chosen by whoever wrote the URL.
func guardRange(addr netip.Addr) (rule, source string) {
	addr = addr.Unmap()
	if addr.Is4() {
		return guardLookup(guardV4, addr)
	}
	if guardNAT64.Contains(addr) {
		b := addr.As16()
		inner := netip.AddrFrom4([4]byte(b[12:]))
		if rule, source = guardLookup(guardV4, inner); rule != "" {
			return "NAT64 for " + inner.String() + ", " + rule, source
		}
		return "", ""
	}
	if rule, source = guardLookup(guardV6, addr); rule != "" {
		if inner, ok := guardEmbedded(addr); ok {
			rule += ", carries " + inner.String()
		}
		return rule, source
	}
	if !guardGlobal.Contains(addr) {
		return "outside 2000::/3 (global unicast)", "RFC 4291 §2.4"
	}
	return "", ""
}

func guardLookup(table []guardEntry, addr netip.Addr) (rule, source string) {
	for i := range table {
		if table[i].prefix.Contains(addr) {
			return table[i].prefix.String() + " (" + table[i].name + ")", table[i].source
		}
	}
	return "", ""
}

// guardEmbedded is the IPv4 address inside a 6to4 (RFC 3056 §2) or Teredo (RFC
// 4380 §4, client address with all bits turned over) address.
func guardEmbedded(addr netip.Addr) (netip.Addr, bool) {
	b := addr.As16()
	switch {
	case b[0] == 0x20 && b[1] == 0x02:
		return netip.AddrFrom4([4]byte(b[2:6])), true
	case b[0] == 0x20 && b[1] == 0x01 && b[2] == 0 && b[3] == 0:
		return netip.AddrFrom4([4]byte{^b[12], ^b[13], ^b[14], ^b[15]}), true
	}
	return netip.Addr{}, false
}
