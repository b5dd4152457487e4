package crawler

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

func TestGuardCheckAddr(t *testing.T) {
	refused := []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "100.100.100.200",
		"127.0.0.1", "127.255.255.254", "169.254.169.254", "169.254.170.2", "169.254.0.1", "172.16.0.1", "172.31.255.255",
		"192.0.0.1", "192.0.0.192", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.1", "192.175.48.1",
		"198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
		"255.255.255.255", "168.63.129.16",
		"::", "::1", "::7f00:1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:7f00:1",
		"64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::1", "64:ff9b:1:ffff::8.8.8.8",
		"100::1", "100:0:0:1::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1",
		"2001:1ff:ffff::1", "2001:db8::1", "2002:7f00:1::1", "2002:808:808::1", "3fff::1", "3fff:fff:ffff::1", "5f00::1",
		"fc00::1", "fd00:ec2::254", "fd12:3456::1", "fe80::1", "febf::1", "fec0::1", "feff::1", "ff02::1", "ff0e::1",
		"4000::1", "200::1", "fe80::1%eth0", "2606:4700::1111%eth0", "64:ff9a::8.8.8.8",
	}
	for _, s := range refused {
		t.Run(s, func(t *testing.T) {
			addr := netip.MustParseAddr(s)
			err := Guard{}.CheckAddr(addr)
			var ge *GuardError
			if !errors.As(err, &ge) {
				t.Fatalf("CheckAddr(%s) = %v, want a GuardError", s, err)
			}
			if ge.Addr != addr || ge.Range == "" || ge.Source == "" || !strings.Contains(err.Error(), "--allow-private") {
				t.Errorf("CheckAddr(%s) = %#v, %q: address, range, source and hint wanted", s, ge, err)
			}
			if err := (Guard{AllowPrivate: true}).CheckAddr(addr); err != nil {
				t.Errorf("with AllowPrivate: %v", err)
			}
		})
	}
	allowed := []string{
		"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
		"169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.167.255.255",
		"192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "168.63.129.17",
		"::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2000::1", "2001:200::1", "2001:4860:4860::8888", "2001:db7:ffff::1",
		"2001:db9::1", "2003::1", "2606:4700::1111", "2a00:1450:4001::1", "3ffe::1", "3fff:1000::1",
	}
	for _, s := range allowed {
		if err := (Guard{}).CheckAddr(netip.MustParseAddr(s)); err != nil {
			t.Errorf("CheckAddr(%s) = %v, want nil", s, err)
		}
	}
	if err := (Guard{AllowPrivate: true}).CheckAddr(netip.Addr{}); err == nil {
		t.Error("the zero Addr was let through")
	}
}

// Every address of every range of the tables is refused at both its ends.
func TestGuardTableEnds(t *testing.T) {
	for _, table := range [][]guardEntry{guardV4, guardV6} {
		for _, e := range table {
			first := e.prefix.Masked().Addr()
			b := first.AsSlice()
			for i := e.prefix.Bits(); i < len(b)*8; i++ {
				b[i/8] |= 1 << (7 - i%8)
			}
			last, _ := netip.AddrFromSlice(b)
			for _, a := range []netip.Addr{first, last} {
				if err := (Guard{}).CheckAddr(a); err == nil {
					t.Errorf("%s of %s was let through", a, e.prefix)
				}
			}
			if e.prefix != e.prefix.Masked() {
				t.Errorf("%s has bits outside its mask", e.prefix)
			}
			if e.name == "" || e.source == "" {
				t.Errorf("%s has no name or source", e.prefix)
			}
		}
	}
	if len(guardTableDate) != len("2006-01-02") {
		t.Errorf("the table's date %q is no date", guardTableDate)
	}
}

func TestGuardNamesEmbeddedAddress(t *testing.T) {
	for in, want := range map[string]string{
		"2002:7f00:1::1":                       "127.0.0.1",
		"2001:0:4136:e378:8000:63bf:3fff:fdd2": "192.0.2.45",
		"64:ff9b::a9fe:a9fe":                   "169.254.169.254",
		"::ffff:192.168.7.8":                   "192.168.0.0/16",
	} {
		err := Guard{}.CheckAddr(netip.MustParseAddr(in))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("CheckAddr(%s) = %v, want %s named", in, err, want)
		}
	}
}

func TestGuardCheckURL(t *testing.T) {
	for _, tt := range []struct {
		url  string
		want string // part of the error, "" for allowed
	}{
		{"https://example.org/", ""},
		{"http://example.org:80/a?b#c", ""},
		{"http://example.org:8080/", ""},
		{"http://example.org:1024/", ""},
		{"http://xn--80ak6aa92e.com/", ""},
		{"http://example.org./", ""},
		{"http://a_b.example.org/", ""},
		{"http://8.8.8.8/", ""},
		{"http://[2606:4700::1111]:8443/", ""},
		{"ftp://example.org/", "scheme"},
		{"file:///etc/passwd", "scheme"},
		{"javascript:alert(1)", "scheme"},
		{"//example.org/", "scheme"},
		{"http:///path", "no host"},
		{"http:example.org", "no host"},
		{"http://user@example.org/", "credentials"},
		{"http://foo@evil.com:80@127.0.0.1/", "credentials"},
		{"http://example.org:25/", "port"},
		{"http://example.org:22/", "port"},
		{"http://example.org:0/", "port"},
		{"http://example.org:6667/", "port"},
		{"http://example.org:10080/", "port"},
		{"http://example.org:99999/", "port"},
		{"http://example.org:/", "port"},
		{"http://127.0.0.1/", "loopback"},
		{"http://[::1]/", "loopback"},
		{"http://[::ffff:7f00:1]/", "loopback"},
		{"http://[fe80::1%25eth0]/", "zone"},
		{"http://127.1/", "ambiguous"},
		{"http://0x7f.1/", "ambiguous"},
		{"http://0x7f000001/", "ambiguous"},
		{"http://2130706433/", "ambiguous"},
		{"http://0177.0.0.1/", "ambiguous"},
		{"http://127.0.0.1./", "ambiguous"},
		{"http://0/", "ambiguous"},
		{"http://a..b/", "empty label"},
		{"http://127\uff0e0\uff0e0\uff0e1/", "ASCII"},
		{"http://пример.рф/", "ASCII"},
		{"http://exa mple.org/", "ASCII"},
		{"http://" + strings.Repeat("a.", 130) + "org/", "253"},
	} {
		u, err := url.Parse(tt.url)
		if err != nil {
			u = &url.URL{Scheme: "http", Host: strings.TrimSuffix(strings.TrimPrefix(tt.url, "http://"), "/"), Path: "/"}
		}
		err = Guard{}.CheckURL(u)
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("CheckURL(%s) = %v, want nil", tt.url, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("CheckURL(%s) = %v, want %q", tt.url, err, tt.want)
		}
		var ge *GuardError
		if err != nil && !errors.As(err, &ge) {
			t.Errorf("CheckURL(%s): %T is no GuardError", tt.url, err)
		}
		if err != nil && strings.Contains(err.Error(), "foo@") {
			t.Errorf("CheckURL(%s): credentials in %q", tt.url, err)
		}
	}
	u, _ := url.Parse("http://127.0.0.1:81/")
	if err := (Guard{AllowPrivate: true}).CheckURL(u); err == nil {
		t.Error("port 81 was let through")
	}
	if err := (Guard{AllowPrivate: true, Ports: []uint16{81}}).CheckURL(u); err != nil {
		t.Errorf("with Ports and AllowPrivate: %v", err)
	}
}

func TestGuardControl(t *testing.T) {
	for _, tt := range []struct {
		network, address, want string
	}{
		{"tcp4", "1.1.1.1:443", ""},
		{"tcp6", "[2606:4700::1111]:80", ""},
		{"tcp4", "127.0.0.1:80", "loopback"},
		{"tcp6", "[::ffff:10.1.2.3]:80", "private use"},
		{"tcp6", "[fe80::1%lo]:80", "zone"},
		{"tcp4", "1.1.1.1:25", "port 25"},
		{"udp4", "1.1.1.1:443", "TCP"},
		{"unix", "/var/run/docker.sock", "TCP"},
		{"tcp", "example.org:80", "numeric"},
		{"tcp", "", "numeric"},
	} {
		err := Guard{}.Control(tt.network, tt.address, nil)
		if (tt.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Control(%s, %s) = %v, want %q", tt.network, tt.address, err, tt.want)
		}
		var ge *GuardError
		if err != nil && !errors.As(err, &ge) {
			t.Errorf("Control(%s, %s): %T is no GuardError", tt.network, tt.address, err)
		}
	}
}

// A guard that says yes has seen a literal address that is public, or a name.
func FuzzGuardCheckURL(f *testing.F) {
	for _, s := range []string{"http://127.1/", "http://[::ffff:7f00:1]/", "https://example.org:8443/x", "http://0x7f.1:80:80/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := url.Parse(s)
		if err != nil || (Guard{}).CheckURL(u) != nil {
			return
		}
		again, err := url.Parse(u.String())
		if err != nil || again.Host != u.Host || again.User != nil {
			t.Fatalf("%q was allowed and reads differently the second time: %v, %v", s, again, err)
		}
		if a, err := netip.ParseAddr(u.Hostname()); err == nil && (a.IsLoopback() || a.IsPrivate() || a.IsUnspecified()) {
			t.Fatalf("%q was allowed", s)
		}
	})
}

func BenchmarkGuardCheckAddr(b *testing.B) {
	for name, s := range map[string]string{"v4": "93.184.216.34", "v6": "2606:4700::1111"} {
		a := netip.MustParseAddr(s)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := (Guard{}).CheckAddr(a); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
