package wire

import (
	"bufio"
	"container/list"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"
)

// conn is one connection to one server, with at most one exchange at a time.
type conn struct {
	net.Conn
	raw    net.Conn // under TLS
	br     *bufio.Reader
	key    string
	remote netip.AddrPort
	tls    *tls.ConnectionState
	since  time.Time // idle since
	elem   *list.Element
}

const readBuffer = 8 << 10

// connect dials and, for https, makes the TLS handshake. obs sees the
// connection as soon as it stands.
func (t *Transport) connect(ctx context.Context, scheme, host, addr string, obs Observer) (*conn, error) {
	var tried attempts
	dctx, cancel := context.WithTimeout(tried.watch(ctx), t.cfg.ConnectTimeout)
	nc, err := t.cfg.Dial(dctx, "tcp", addr)
	cancel()
	if err != nil {
		kind := kindOf(ctx, err, KindOther)
		phase := "connect"
		if kind == KindNoHost || kind == KindDNS {
			phase = "dns"
		}
		return nil, &Error{Phase: phase, Kind: kind, Err: err}
	}
	c := &conn{Conn: nc, raw: nc, key: scheme + "://" + addr}
	if ap, err := netip.ParseAddrPort(nc.RemoteAddr().String()); err == nil {
		c.remote = netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
	}
	obs.Connected(Info{Remote: c.remote, Tried: tried.list()})
	if scheme == "https" {
		if err := t.secure(ctx, c, host, obs); err != nil {
			nc.Close()
			return nil, err
		}
	}
	c.br = bufio.NewReaderSize(c.Conn, readBuffer)
	return c, nil
}

// secure makes the handshake. The chain is looked at after it, so that a
// refused certificate is seen too.
func (t *Transport) secure(ctx context.Context, c *conn, host string, obs Observer) error {
	var seen tls.ConnectionState
	tc := tls.Client(c.Conn, &tls.Config{
		ServerName:         host,
		NextProtos:         []string{"http/1.1"},
		InsecureSkipVerify: true, // VerifyConnection below verifies
		MinVersion:         tls.VersionTLS10,
		CipherSuites:       everyCipherSuite(),
		VerifyConnection: func(cs tls.ConnectionState) error {
			seen = cs
			if err := t.cfg.Verify(host, cs); err != nil {
				return &tlsCertificateError{err}
			}
			return nil
		},
	})
	hctx, cancel := context.WithTimeout(ctx, t.cfg.TLSTimeout)
	err := tc.HandshakeContext(hctx)
	cancel()
	if err != nil {
		if seen.Version != 0 {
			obs.Connected(Info{Remote: c.remote, TLS: &seen})
		}
		return &Error{Phase: "tls", Kind: kindOf(ctx, err, KindTLS), Err: err}
	}
	cs := tc.ConnectionState()
	c.Conn, c.tls = tc, &cs
	obs.Connected(Info{Remote: c.remote, TLS: c.tls})
	return nil
}

// everyCipherSuite includes the old ones: a source on an old server is still
// a source, and the capture records the suite.
func everyCipherSuite() []uint16 {
	var ids []uint16
	for _, s := range tls.CipherSuites() {
		ids = append(ids, s.ID)
	}
	for _, s := range tls.InsecureCipherSuites() {
		ids = append(ids, s.ID)
	}
	return ids
}

// VerifyChain verifies a server's chain and name against roots, nil for the
// system's (RFC 5280, RFC 6125).
func VerifyChain(roots *x509.CertPool, name string, cs tls.ConnectionState) error {
	if len(cs.PeerCertificates) == 0 {
		return fmt.Errorf("the server sent no certificate")
	}
	opts := x509.VerifyOptions{DNSName: name, Roots: roots, Intermediates: x509.NewCertPool()}
	for _, c := range cs.PeerCertificates[1:] {
		opts.Intermediates.AddCert(c)
	}
	_, err := cs.PeerCertificates[0].Verify(opts)
	return err
}

// idlePool keeps connections for reuse, the least recently used first to go.
type idlePool struct {
	max int
	ttl time.Duration

	mu    sync.Mutex
	byKey map[string][]*conn
	order list.List // of *conn, oldest first
}

func (p *idlePool) take(key string) *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expire()
	for len(p.byKey[key]) > 0 {
		cs := p.byKey[key]
		c := cs[len(cs)-1]
		p.remove(c)
		if quiet(c.raw) {
			return c
		}
		// Closed, or something was said that nobody asked for: it would be
		// taken for the answer to the next request.
		c.Close()
	}
	return nil
}

func (p *idlePool) put(c *conn) {
	if p.max < 0 || c.SetDeadline(time.Time{}) != nil {
		c.Close()
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byKey == nil {
		p.byKey = map[string][]*conn{}
	}
	c.since = time.Now()
	c.elem = p.order.PushBack(c)
	p.byKey[c.key] = append(p.byKey[c.key], c)
	p.expire()
	for p.order.Len() > p.max {
		p.drop(p.order.Front().Value.(*conn))
	}
}

// expire closes what has been idle for too long. p.mu is held.
func (p *idlePool) expire() {
	for e := p.order.Front(); e != nil; e = p.order.Front() {
		c := e.Value.(*conn)
		if time.Since(c.since) < p.ttl {
			return
		}
		p.drop(c)
	}
}

func (p *idlePool) drop(c *conn) {
	p.remove(c)
	c.Close()
}

func (p *idlePool) remove(c *conn) {
	p.order.Remove(c.elem)
	cs := p.byKey[c.key]
	for i := range cs {
		if cs[i] == c {
			cs = append(cs[:i], cs[i+1:]...)
			break
		}
	}
	if len(cs) == 0 {
		delete(p.byKey, c.key)
	} else {
		p.byKey[c.key] = cs
	}
}

func (p *idlePool) closeAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.order.Len() > 0 {
		p.drop(p.order.Front().Value.(*conn))
	}
}
