// Package wire speaks HTTP/1.1 to a server and shows every byte of an
// exchange as it crosses the connection.
//
// net/http drops what it cannot parse, hides 1xx answers and retries, reads
// past the end of an answer and refuses whole answers for one bad header line.
// An archive needs the opposite: the exact bytes, the exact end, and whatever
// came before things went wrong. A Transport is an http.RoundTripper for GET,
// HEAD and requests with a known length. It guarantees that an Observer sees
// each byte sent and received for its exchange once, in order, and no byte of
// another exchange; that header lines it cannot parse are kept and skipped;
// and that no wait outlasts the limits of its Config.
//
// It does not follow redirects, keep cookies, decode content or speak HTTP/2
// (WARC 1.1 holds HTTP/1.1 messages), and it uses no proxy.
package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

// Observer is shown one exchange. Its methods are called in order, from the
// goroutine that makes the round trip or reads the body.
type Observer interface {
	// Connected reports the connection that carries the exchange, and again
	// once TLS is set up, even when its certificate is then refused.
	Connected(Info)
	// Sent and Received show bytes right after they crossed. An error ends
	// the exchange.
	Sent(p []byte) error
	Received(p []byte) error
	// Interim shows one whole 1xx answer; its bytes are not shown to Received.
	Interim(p []byte)
	// Restart reports that a kept-alive connection turned out to be closed:
	// nothing was answered and the exchange begins again.
	Restart()
}

// Info describes the connection of an exchange.
type Info struct {
	Remote netip.AddrPort
	TLS    *tls.ConnectionState // nil without TLS
	Reused bool
	// Tried are other addresses of the host that did not take the connection,
	// each with the reason; at most maxTried. A reused connection has none.
	Tried []string
}

// Call carries what an http.Request has no place for. Attach it with WithCall.
type Call struct {
	// Target is the request-target to send, byte for byte; "" for that of
	// the request's URL.
	Target   string
	Observer Observer
}

type callKey struct{}

// WithCall returns a context whose request is made as call says.
func WithCall(ctx context.Context, call *Call) context.Context {
	return context.WithValue(ctx, callKey{}, call)
}

// Config sets the limits of a Transport. Zero values mean the defaults.
type Config struct {
	// Dial connects to "host:port"; the default is a net.Dialer.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Verify is asked about a TLS session after the handshake; the default
	// verifies the chain and the name against the system's roots.
	Verify func(serverName string, cs tls.ConnectionState) error

	ConnectTimeout time.Duration // to connect, DNS included; default 15 s
	TLSTimeout     time.Duration // for the handshake; default 15 s
	HeaderTimeout  time.Duration // from the request's last byte to the header's last; default 30 s
	MaxHeaderBytes int           // status line and header; default 256 KiB
	MaxHeaderLines int           // default 1000
	MinRate        int64         // bytes a second that a body must keep up over RateWindow; default 1024, negative for none
	RateWindow     time.Duration // default 15 s
	MaxIdle        int           // kept-alive connections; default 256, negative for none
	IdleTimeout    time.Duration // how long they are kept; default 30 s
}

func (c Config) withDefaults() Config {
	setDefault(&c.ConnectTimeout, 15*time.Second)
	setDefault(&c.TLSTimeout, 15*time.Second)
	setDefault(&c.HeaderTimeout, 30*time.Second)
	setDefault(&c.MaxHeaderBytes, 256<<10)
	setDefault(&c.MaxHeaderLines, 1000)
	setDefault(&c.MinRate, 1024)
	setDefault(&c.RateWindow, 15*time.Second)
	setDefault(&c.MaxIdle, 256)
	setDefault(&c.IdleTimeout, 30*time.Second)
	if c.Dial == nil {
		c.Dial = (&net.Dialer{}).DialContext
	}
	if c.Verify == nil {
		c.Verify = func(name string, cs tls.ConnectionState) error { return VerifyChain(nil, name, cs) }
	}
	return c
}

func setDefault[T int | int64 | time.Duration](p *T, v T) {
	if *p == 0 {
		*p = v
	}
}

// Transport makes exchanges. It is safe for concurrent use.
type Transport struct {
	cfg  Config
	idle idlePool
}

// New returns a Transport.
func New(cfg Config) *Transport {
	cfg = cfg.withDefaults()
	return &Transport{cfg: cfg, idle: idlePool{max: cfg.MaxIdle, ttl: cfg.IdleTimeout}}
}

// CloseIdleConnections closes the connections that are kept for reuse.
func (t *Transport) CloseIdleConnections() { t.idle.closeAll() }

// RoundTrip implements http.RoundTripper. The body of the answer ends with
// io.EOF when it is whole; every other error is an *Error. Errors of the round
// trip itself are *Error too.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	call, _ := req.Context().Value(callKey{}).(*Call)
	if call == nil {
		call = &Call{}
	}
	x := &exchange{t: t, req: req, obs: call.Observer, target: call.Target}
	if x.obs == nil {
		x.obs = nobody{}
	}
	if x.target == "" {
		x.target = requestTarget(req.URL)
	}
	for {
		res, err := x.once()
		if err == nil {
			return res, nil
		}
		var stale *staleError
		if !errors.As(err, &stale) {
			return nil, err
		}
		if req.Body != nil && req.Body != http.NoBody {
			if req.GetBody == nil {
				return nil, &Error{Phase: "write", Kind: KindReset, Err: stale.err}
			}
			x.req = req.Clone(req.Context())
			if x.req.Body, err = req.GetBody(); err != nil {
				return nil, &Error{Phase: "write", Kind: KindOther, Err: err}
			}
		}
		x.obs.Restart()
		x.fresh = true
	}
}

func requestTarget(u *url.URL) string {
	if s := u.RequestURI(); s != "" {
		return s
	}
	return "/"
}

type nobody struct{}

func (nobody) Connected(Info)        {}
func (nobody) Sent([]byte) error     { return nil }
func (nobody) Received([]byte) error { return nil }
func (nobody) Interim([]byte)        {}
func (nobody) Restart()              {}

// staleError: a kept-alive connection was closed by the server before it
// answered anything.
type staleError struct{ err error }

func (e *staleError) Error() string { return fmt.Sprintf("stale connection: %v", e.err) }
func (e *staleError) Unwrap() error { return e.err }
