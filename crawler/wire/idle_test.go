package wire_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ibid-archive/ibid/crawler/wire"
)

const short = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

// What an answer says decides whether its connection carries another.
func TestReuse(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		dials      int
	}{
		{"length", short, 1},
		{"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 1},
		{"close", "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 2\r\n\r\nok", 2},
		{"HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 2},
		{"HTTP/1.0 that keeps", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", 1},
		{"both framings", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 2},
		{"surplus", short + "surplus", 2},
		{"101", "HTTP/1.1 101 Switching Protocols\r\n\r\n", 2},
		{"304", "HTTP/1.1 304 Not Modified\r\n\r\n", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := &peer{texts: []string{tt.text, tt.text}, linger: true}
			tr := wire.New(wire.Config{Dial: p.dial})
			defer tr.CloseIdleConnections()
			for range 2 {
				if r := get(t, tr, t.Context(), ""); r.err != nil || !strings.HasPrefix(tt.text, string(r.w.received)) {
					t.Fatalf("%q, %v", r.w.received, r.err)
				}
			}
			if p.dials != tt.dials {
				t.Errorf("%d connections, want %d", p.dials, tt.dials)
			}
		})
	}
}

// A body that is left unread takes its connection with it.
func TestUnreadBody(t *testing.T) {
	p := &peer{texts: []string{"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", short}, linger: true}
	tr := wire.New(wire.Config{Dial: p.dial})
	defer tr.CloseIdleConnections()
	res, err := tr.RoundTrip(newRequest(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if n, err := res.Body.Read(make([]byte, 1)); n != 0 || err == nil || err == io.EOF {
		t.Errorf("read %d, %v after Close", n, err)
	}
	get(t, tr, t.Context(), "")
	if p.dials != 2 {
		t.Errorf("%d connections, want 2", p.dials)
	}
}

// A server closes a kept connection when it likes. The exchange is made again
// and shown once; a second closed connection is a failure.
func TestStaleConnection(t *testing.T) {
	p := &peer{texts: []string{short}} // every connection answers once
	tr := wire.New(wire.Config{Dial: p.dial})
	defer tr.CloseIdleConnections()
	for i := range 3 {
		r := get(t, tr, t.Context(), "")
		if r.body != "ok" || string(r.w.received) != short || strings.Count(string(r.w.sent), "GET ") != 1 {
			t.Errorf("exchange %d: %q, %v, shown %q", i, r.body, r.err, r.w.received)
		}
		if want := min(i, 1); r.w.restarts != want {
			t.Errorf("exchange %d began again %d times, want %d", i, r.w.restarts, want)
		}
	}
	p.texts = nil
	if r := get(t, tr, t.Context(), ""); r.kind() != wire.KindReset || r.w.restarts != 1 {
		t.Errorf("%v after %d restarts", r.err, r.w.restarts)
	}
}

// What a server says between two exchanges is no answer to the second.
func TestUnaskedAnswer(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("sockets cannot be looked into here")
	}
	said := make(chan bool, 8)
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		client, err := (&net.Dialer{}).DialContext(ctx, "tcp", l.Addr().String())
		if err != nil {
			return nil, err
		}
		server, err := l.Accept()
		if err != nil {
			return nil, err
		}
		go func() {
			defer server.Close()
			br := bufio.NewReader(server)
			for {
				line, err := br.ReadString('\n')
				if err != nil {
					return
				}
				if line == "\r\n" {
					_, _ = io.WriteString(server, short)
					time.Sleep(20 * time.Millisecond)
					_, _ = io.WriteString(server, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")
					said <- true
				}
			}
		}()
		return client, nil
	}
	tr := wire.New(wire.Config{Dial: dial})
	defer tr.CloseIdleConnections()
	for range 3 {
		r := get(t, tr, t.Context(), "")
		if r.err != nil || r.res.StatusCode != 200 || string(r.w.received) != short || r.w.restarts != 0 {
			t.Errorf("%q, %v", r.w.received, r.err)
		}
		<-said
	}
}

// The pool has its size and its age.
func TestIdlePool(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &peer{texts: []string{short, short, short}, linger: true}
		tr := wire.New(wire.Config{Dial: p.dial, IdleTimeout: 10 * time.Second})
		for i, wait := range []time.Duration{0, 9 * time.Second, 11 * time.Second} {
			time.Sleep(wait)
			get(t, tr, t.Context(), "")
			if want := []int{1, 1, 2}[i]; p.dials != want {
				t.Errorf("after %s: %d connections, want %d", wait, p.dials, want)
			}
		}
		tr.CloseIdleConnections()
		get(t, tr, t.Context(), "")
		if p.dials != 3 {
			t.Errorf("%d connections after all were closed", p.dials)
		}
		tr.CloseIdleConnections()

		none := &peer{texts: []string{short, short}, linger: true}
		tr = wire.New(wire.Config{Dial: none.dial, MaxIdle: -1})
		get(t, tr, t.Context(), "")
		get(t, tr, t.Context(), "")
		if none.dials != 2 {
			t.Errorf("%d connections without a pool, want 2", none.dials)
		}
	})
}
