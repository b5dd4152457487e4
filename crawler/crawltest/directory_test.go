package crawltest

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestResolve(t *testing.T) {
	w := start(t, Config{})
	for _, host := range []string{"gazette.test", "GAZETTE.test.", "refused.test", "black-hole.test"} {
		addrs, err := w.Resolve(t.Context(), host)
		if err != nil || len(addrs) != 1 || !Prefix().Contains(addrs[0]) {
			t.Errorf("%s: %v, %v", host, addrs, err)
		}
	}
	for host, want := range map[string]net.DNSError{
		"nowhere.test":      {IsNotFound: true},
		"":                  {IsNotFound: true},
		"dns-timeout.test":  {IsTimeout: true, IsTemporary: true},
		"dns-servfail.test": {IsTemporary: true},
	} {
		_, err := w.Resolve(t.Context(), host)
		var dns *net.DNSError
		if !errors.As(err, &dns) {
			t.Errorf("%s: %v", host, err)
			continue
		}
		if dns.IsNotFound != want.IsNotFound || dns.IsTimeout != want.IsTimeout || dns.IsTemporary != want.IsTemporary || dns.Name != host {
			t.Errorf("%s: %+v", host, dns)
		}
	}
	for _, host := range w.Hosts() {
		if _, err := w.Resolve(t.Context(), host); err != nil {
			t.Errorf("Hosts lists %s: %v", host, err)
		}
	}
	private := netip.MustParseAddr("10.0.0.1")
	if a, _ := w.Resolve(t.Context(), "dns-private.test"); !slices.Contains(a, private) {
		t.Errorf("dns-private.test: %v", a)
	}
	fresh := start(t, Config{})
	if a, _ := fresh.Resolve(t.Context(), "dns-rebind.test"); slices.Contains(a, private) {
		t.Errorf("dns-rebind.test at first: %v", a)
	}
	if a, _ := fresh.Resolve(t.Context(), "dns-rebind.test"); !slices.Contains(a, private) {
		t.Errorf("dns-rebind.test later: %v", a)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Resolve(ctx, "gazette.test"); err == nil {
		t.Error("resolved after cancel")
	}
}

// hello asks over c and returns the status line.
func hello(t *testing.T, c net.Conn) string {
	t.Helper()
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(all), "\r\n")
	return line
}

func TestDialByNameAddressAndPort(t *testing.T) {
	w := start(t, Config{})
	const host = "status-410.test"
	addrs, err := w.Resolve(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	real, err := w.Listener(t.Context(), netip.AddrPortFrom(addrs[0], 80).String())
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{host + ":80", addrs[0].String() + ":80", "[::ffff:" + addrs[0].String() + "]:80", real} {
		c, err := w.DialContext(t.Context(), "tcp", addr)
		if err != nil {
			t.Errorf("%s: %v", addr, err)
			continue
		}
		if !c.RemoteAddr().(*net.TCPAddr).IP.IsLoopback() {
			t.Errorf("%s: dialled %s", addr, c.RemoteAddr())
		}
		if line := hello(t, c); line != "HTTP/1.1 410 Gone" {
			t.Errorf("%s: %q", addr, line)
		}
	}
	if s := w.Strays(); len(s) != 0 {
		t.Errorf("strays %v", s)
	}
	for _, addr := range []string{"10.0.0.1:80", "169.254.169.254:80", "[::1]:80", "127.0.0.1:1", "192.0.2.1:443", "localhost:80", "dns-private.test:80"} {
		if _, err := w.DialContext(t.Context(), "tcp", addr); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("%s: %v", addr, err)
		}
	}
	want := []string{"10.0.0.1:80", "169.254.169.254:80", "[::1]:80", "127.0.0.1:1", "192.0.2.1:443", "127.0.0.1:80", "[::1]:80", "10.0.0.1:80"}
	if got := w.Strays(); !slices.Equal(got, want) {
		t.Errorf("strays %v, want %v", got, want)
	}
	for _, addr := range []string{host + ":22", "refused.test:80", "refused.test:443", host + ":99999"} {
		if _, err := w.DialContext(t.Context(), "tcp", addr); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("%s: %v", addr, err)
		}
	}
	for _, addr := range []string{"no-port.test", "gazette.test", ""} {
		if _, err := w.DialContext(t.Context(), "tcp", addr); err == nil {
			t.Errorf("%q: dialled", addr)
		}
	}
}

func TestBlackHoleHoldsUntilTheContextEnds(t *testing.T) {
	w := start(t, Config{})
	began := time.Now() // before the context's clock: this may rest between the two
	ctx, cancel := context.WithTimeout(t.Context(), 80*time.Millisecond)
	defer cancel()
	_, err := w.DialContext(ctx, "tcp", "black-hole.test:80")
	if took := time.Since(began); !errors.Is(err, os.ErrDeadlineExceeded) || took < 70*time.Millisecond {
		t.Errorf("%v after %v", err, took)
	}
	var netErr net.Error
	if !errors.As(err, &netErr) || !netErr.Timeout() {
		t.Errorf("%v is no timeout", err)
	}
}

// A process that dials by ConnectTo alone reaches the same hosts.
func TestConnectTo(t *testing.T) {
	w := start(t, Config{})
	lines := w.ConnectTo()
	if !slices.IsSorted(lines) {
		t.Error("not sorted")
	}
	to := make(map[string]string)
	for _, line := range lines {
		parts := strings.Split(line, ":")
		if len(parts) != 4 {
			t.Fatalf("%q", line)
		}
		to[parts[0]+":"+parts[1]] = parts[2] + ":" + parts[3]
		if ip, err := netip.ParseAddr(parts[2]); err != nil || !ip.IsLoopback() {
			t.Errorf("%q leaves the machine", line)
		}
	}
	c, err := net.Dial("tcp", to["status-404.test:80"])
	if err != nil {
		t.Fatal(err)
	}
	if line := hello(t, c); line != "HTTP/1.1 404 Not Found" {
		t.Errorf("status-404.test: %q", line)
	}
	for _, name := range []string{"refused.test:80", "dns-private.test:80", "black-hole.test:443"} {
		if c, err := net.Dial("tcp", to[name]); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("%s at %q: %v, %v", name, to[name], c, err)
		}
	}
	for _, name := range []string{"nowhere.test:443", "dns-timeout.test:80", ":80"} {
		if to[name] != "" {
			t.Errorf("%s is listed", name)
		}
	}
}
