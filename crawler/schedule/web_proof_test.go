package schedule_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// piped is a web that is served over pipes in memory, so that it also exists
// within a bubble of testing/synctest. Pages at /tagged answer 304 to who knows
// them, those at /slow take their time, and none ever changes; those at /mortal are
// gone from a day on.
type piped struct {
	slow   time.Duration
	until  time.Time
	server *http.Server
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPiped() *piped {
	p := &piped{slow: 700 * time.Millisecond, conns: make(chan net.Conn), closed: make(chan struct{})}
	p.server = &http.Server{Handler: http.HandlerFunc(p.serve)}
	go func() { _ = p.server.Serve(p) }() // until close
	return p
}

func (p *piped) close() { _ = p.server.Close() }

// Accept, Close and Addr implement [net.Listener].
func (p *piped) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *piped) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *piped) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80} }

// dial is the crawler's way to any host.
func (p *piped) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.conns <- addressed{there, p.Addr()}:
		return addressed{here, p.Addr()}, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// addressed is a pipe with addresses as a TCP connection has them.
type addressed struct {
	net.Conn
	addr net.Addr
}

func (a addressed) LocalAddr() net.Addr  { return a.addr }
func (a addressed) RemoteAddr() net.Addr { return a.addr }

func (p *piped) serve(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/slow") {
		time.Sleep(p.slow)
	}
	if strings.HasPrefix(r.URL.Path, "/tagged") {
		w.Header().Set("ETag", `"one"`)
		if r.Header.Get("If-None-Match") == `"one"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	if strings.HasPrefix(r.URL.Path, "/mortal") && time.Now().After(p.until) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<!doctype html><title>%[1]s</title><p>What stands at %[1]s%[2]s, and has stood there for long.</p>", r.Host, r.URL.Path)
}
