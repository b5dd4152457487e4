package crawltest

import "net/netip"

// locationCases are Location fields that are hard to follow, or should not be
// followed (RFC 9110, section 10.2.2).
func locationCases() []trouble {
	refused := []string{"invalid", "unreachable", "unknown"}
	arrived := []string{"alive", "moved"}
	bad := func(name, note, location string) trouble {
		return trouble{Case: Case{Name: name, Want: refused, Note: note}, page: redirect(302, location)}
	}
	good := func(name, note, location, target string) trouble {
		return trouble{Case: Case{Name: name, URL: "http://" + name + ".test/a/b", Want: arrived, Stable: true, Final: "http://" + name + ".test" + target, Note: note},
			page: redirect(302, location), also: map[string]route{target: always(landed().resource())}}
	}
	spaced := good("location-space", "spaces and letters beyond ASCII in Location, sent raw", "/ma\xc3\xb1ana y tarde", "/ma%C3%B1ana%20y%20tarde")
	spaced.also["/ma%c3%b1ana%20y%20tarde"] = spaced.also["/ma%C3%B1ana%20y%20tarde"]
	return []trouble{
		{Case: Case{Name: "location-none", Want: []string{"invalid", "unreachable", "unknown", "alive"}, Note: "302 without a Location"},
			page: page{status: 302, ctype: typeHTML, body: simple("Found", "But where?")}},
		bad("location-empty", "an empty Location: the same page again", ""),
		bad("location-garbage", "a Location that is no URL", "http://[::bad::/%%%"),
		bad("location-javascript", "Location: javascript:", "javascript:alert(1)"),
		bad("location-data", "Location: data:", "data:text/html,<h1>here</h1>"),
		bad("location-file", "Location: file:", "file:///etc/passwd"),
		bad("location-ftp", "Location: ftp:", "ftp://location-ftp.test/page"),
		bad("location-no-host", "Location: http:///", "http:///"),
		bad("location-port", "Location with a port that does not exist", "http://location-port.test:99999/"),
		{Case: Case{Name: "location-twice", Want: []string{"alive", "moved", "invalid", "unknown"}, Note: "two Location fields that differ"},
			page: page{status: 302, fields: "Location: /first\r\nLocation: /second\r\n"},
			also: map[string]route{"/first": always(landed().resource()), "/second": always(landed().resource())}},
		{Case: Case{Name: "location-split", Want: arrived, Note: "CR LF, escaped, in a Location: the escapes stay escapes"},
			page: redirect(302, "/landed%0d%0aSet-Cookie:%20forged=1"),
			also: map[string]route{"/landed%0d%0aSet-Cookie:%20forged=1": always(landed().resource())}},
		good("location-relative", "a relative Location with dots", "../c/./d?x=1", "/c/d?x=1"),
		good("location-query", "a Location of a query alone", "?page=2", "/a/b?page=2"),
		good("location-host", "a Location without a scheme", "//location-host.test/landed", "/landed"),
		good("location-upper", "a Location with scheme and host in upper case", "HTTP://LOCATION-UPPER.TEST/Landed", "/Landed"),
		good("location-port-80", "a Location with the default port", "http://location-port-80.test:80/landed", "/landed"),
		good("location-fragment", "a Location with a fragment, which is not sent", "/landed#part-2", "/landed"),
		good("location-userinfo", "a Location with a user and a password, which must be kept nowhere", "http://reader:secret@location-userinfo.test/landed", "/landed"),
		good("location-backslash", "backslashes for slashes, as browsers take them", `\landed\here`, "/landed/here").orRefused(),
		good("location-tab", "white space around the Location", "\t /landed \t", "/landed"),
		spaced,
	}
}

// orRefused also takes a crawler that does not follow.
func (t trouble) orRefused() trouble {
	t.Want = append(t.Want, "gone", "invalid", "unreachable", "unknown")
	t.Stable, t.Final = false, ""
	return t
}

// privateCases lead to addresses that a crawler must not dial. The dialer of
// this web notes them in Strays and does not dial them either.
func privateCases() []trouble {
	refused := []string{"invalid", "unreachable", "unknown"}
	to := func(name, note, location string) trouble {
		return trouble{Case: Case{Name: name, Want: refused, Note: note}, page: redirect(302, location)}
	}
	cited := func(name, note, url string) trouble {
		return trouble{Case: Case{Name: name, URL: url, Want: append(refused, "gone"), Note: note}}
	}
	addrs := func(list ...string) []netip.Addr {
		var out []netip.Addr
		for _, a := range list {
			out = append(out, netip.MustParseAddr(a))
		}
		return out
	}
	named := func(name, note string, list ...string) trouble {
		return trouble{Case: Case{Name: name, Want: refused, Note: note}, on: site{refuse: true, addrs: addrs(list...)}}
	}
	return []trouble{
		to("to-private", "redirects to 10.0.0.1", "http://10.0.0.1/"),
		to("to-metadata", "redirects to the metadata service of clouds", "http://169.254.169.254/latest/meta-data/"),
		to("to-localhost", "redirects to localhost by name", "http://localhost/"),
		to("to-mapped", "redirects to an IPv4-mapped IPv6 address", "http://[::ffff:169.254.169.254]/"),
		to("to-nat64", "redirects to a translated address", "http://[64:ff9b::a9fe:a9fe]/"),
		to("to-ipv6-local", "redirects to the IPv6 loopback", "http://[::1]:8080/"),
		to("to-octal", "redirects to an address in octal", "http://0177.0.0.1/"),
		to("to-zone", "redirects to a link-local address with a zone", "http://[fe80::1%25lo]/"),
		named("dns-private", "a name that resolves to 10.0.0.1", "10.0.0.1"),
		named("dns-metadata", "a name that resolves to the metadata service", "169.254.169.254"),
		named("dns-mapped", "a name that resolves to ::ffff:10.0.0.1", "::ffff:10.0.0.1"),
		{Case: Case{Name: "dns-rebind", Want: []string{"alive", "invalid", "unreachable", "unknown"},
			Note: "resolves to its own address once, then to 10.0.0.1"},
			page: page{ctype: typeHTML, body: simple("Rebind", "The second question has another answer.")}, on: site{later: addrs("10.0.0.1")}},
		cited("ip-decimal", "an address as one decimal number", "http://167772161/"),
		cited("ip-hex", "an address in hexadecimal", "http://0x0a.0x00.0x00.0x01/"),
		cited("ip-short", "an address with parts left out", "http://10.1/"),
	}
}
