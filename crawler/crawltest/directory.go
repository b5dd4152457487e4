package crawltest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// How a name fails to resolve.
const (
	dnsTimeout  = "timeout"
	dnsServFail = "servfail"
)

// maxStrays bounds what Strays remembers.
const maxStrays = 1000

// Directory is the name system of a Web, and the only way into it.
type Directory struct {
	mu     sync.Mutex
	names  map[string]*entry
	addrs  map[netip.Addr]*entry
	strays []string
	done   chan struct{}
	once   sync.Once
}

// entry is one host. It is also what a serving process says of it.
type entry struct {
	Name      string         `json:"name"`
	Own       netip.Addr     `json:"own"`             // the address by which DialContext knows it
	Addrs     []netip.Addr   `json:"addrs"`           // what Resolve answers
	Later     []netip.Addr   `json:"later,omitempty"` // what it answers from the second time on
	HTTP      netip.AddrPort `json:"http"`            // zero: refused
	HTTPS     netip.AddrPort `json:"https"`
	DNS       string         `json:"dns,omitempty"`
	BlackHole bool           `json:"black_hole,omitempty"`
	asked     int
}

func newDirectory() *Directory {
	return &Directory{names: make(map[string]*entry), addrs: make(map[netip.Addr]*entry), done: make(chan struct{})}
}

func (d *Directory) add(own netip.Addr, e *entry) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e.Own = own
	d.names[e.Name] = e
	d.addrs[own] = e
}

func (d *Directory) close() { d.once.Do(func() { close(d.done) }) }

// Prefix holds the addresses of every host: what a crawler that shuns
// loopback addresses must be allowed to visit this web and no more.
func Prefix() netip.Prefix { return netip.PrefixFrom(hostAddr(0), 16).Masked() }

// hostAddr is the address of host number i.
func hostAddr(i int) netip.Addr {
	return netip.AddrFrom4([4]byte{127, 77, byte(i / 250), byte(i%250 + 1)})
}

// Resolve answers with the addresses of host, or a *net.DNSError: IsNotFound
// for a name that this web does not have, IsTimeout or IsTemporary for the
// names whose servers are troubled. An IP literal is its own address.
func (d *Directory) Resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if err := ctx.Err(); err != nil {
		return nil, &net.DNSError{Err: err.Error(), Name: host, IsTimeout: err == context.DeadlineExceeded}
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.names[host]
	switch {
	case host == "localhost":
		return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback()}, nil
	case e == nil:
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	case e.DNS == dnsTimeout:
		return nil, &net.DNSError{Err: "i/o timeout", Name: host, IsTimeout: true, IsTemporary: true}
	case e.DNS == dnsServFail:
		return nil, &net.DNSError{Err: "server misbehaving", Name: host, IsTemporary: true}
	}
	e.asked++
	if e.asked > 1 && e.Later != nil {
		return slices.Clone(e.Later), nil
	}
	return slices.Clone(e.Addrs), nil
}

// DialContext connects to "host:port", where host is a name or an address of
// this web: port 80 is its HTTP, 443 its HTTPS, and the real port of a
// listener is understood too. Everything else is refused without a packet
// sent; addresses outside this web are noted in Strays.
func (d *Directory) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	ips, err := d.Resolve(ctx, host)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	for _, ip := range ips {
		var real string
		if real, err = d.Listener(ctx, net.JoinHostPort(ip.String(), port)); err != nil {
			continue
		}
		var c net.Conn
		if c, err = (&net.Dialer{}).DialContext(ctx, network, real); err == nil {
			return c, nil
		}
	}
	return nil, err
}

func (d *Directory) transport(trust *x509.CertPool) *http.Transport {
	return &http.Transport{
		DialContext:        d.DialContext,
		TLSClientConfig:    &tls.Config{RootCAs: trust},
		DisableCompression: true,
	}
}

// Listener says where "ip:port" really listens, for a client that dials by
// itself. A black hole keeps the caller until ctx ends. The errors are the
// *net.OpError that dialling would have given.
func (d *Directory) Listener(ctx context.Context, addr string) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", &net.OpError{Op: "dial", Net: "tcp", Err: err}
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return "", &net.OpError{Op: "dial", Net: "tcp", Err: err}
	}
	d.mu.Lock()
	e := d.addrs[ip.Unmap()]
	real, known := d.real(e, ip.Unmap(), port)
	if !known && len(d.strays) < maxStrays {
		d.strays = append(d.strays, addr)
	}
	d.mu.Unlock()
	if e != nil && e.BlackHole {
		select {
		case <-ctx.Done():
		case <-d.done:
		}
		return "", &net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}
	}
	if !real.IsValid() {
		return "", &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	}
	return real.String(), nil
}

// real is the listener behind an address and port, and whether the address is
// this web's at all.
func (d *Directory) real(e *entry, ip netip.Addr, port string) (netip.AddrPort, bool) {
	want, err := netip.ParseAddrPort(net.JoinHostPort(ip.String(), port))
	if err != nil {
		return netip.AddrPort{}, e != nil
	}
	if e == nil {
		for _, o := range d.names {
			if o.HTTP == want || o.HTTPS == want {
				return want, true
			}
		}
		return netip.AddrPort{}, false
	}
	switch {
	case port == "80":
		return e.HTTP, true
	case port == "443":
		return e.HTTPS, true
	case want == e.HTTP, want == e.HTTPS:
		return want, true
	}
	return netip.AddrPort{}, true
}

// Strays lists the "ip:port" that were dialled and are not of this web, in
// order: what a crawler's guard should have stopped. The first thousand.
func (d *Directory) Strays() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.strays)
}

// Hosts lists the names that resolve, sorted.
func (d *Directory) Hosts() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var names []string
	for name, e := range d.names {
		if e.DNS == "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// ConnectTo is the same directory for another process, in the form of curl's
// --connect-to: "HOST:PORT:ADDRESS:PORT", sorted. A port that refuses, or
// that answers only through DialContext, leads to one where nothing listens.
// Names that are not listed do not exist. IP literals as hosts are not listed
// either.
func (d *Directory) ConnectTo() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var lines []string
	for name, e := range d.names {
		if e.DNS != "" {
			continue
		}
		local := netip.AddrFrom4([4]byte{127, 0, 0, 1})
		for _, p := range []struct {
			port int
			to   netip.AddrPort
		}{{80, e.HTTP}, {443, e.HTTPS}} {
			if !p.to.IsValid() || e.Addrs[0] != e.Own {
				p.to = netip.AddrPortFrom(local, 1) // tcpmux: reserved and unused
			}
			lines = append(lines, fmt.Sprintf("%s:%d:%s:%d", name, p.port, p.to.Addr(), p.to.Port()))
		}
	}
	slices.Sort(lines)
	return lines
}
