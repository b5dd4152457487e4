package wire_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/ibid-archive/ibid/crawler/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// witness writes down what an Observer is shown.
type witness struct {
	sent, received []byte
	interim        []string
	infos          []wire.Info
	restarts       int
	full           int // Received fails beyond so many bytes, when not 0
}

var errFull = errors.New("no more room")

func (w *witness) Connected(i wire.Info) { w.infos = append(w.infos, i) }
func (w *witness) Sent(p []byte) error   { w.sent = append(w.sent, p...); return nil }
func (w *witness) Interim(p []byte)      { w.interim = append(w.interim, string(p)) }
func (w *witness) Restart() {
	w.restarts++
	w.sent, w.received, w.interim = nil, nil, nil
}
func (w *witness) Received(p []byte) error {
	w.received = append(w.received, p...)
	if w.full > 0 && len(w.received) > w.full {
		return errFull
	}
	return nil
}

// peer is a server of raw bytes: each connection answers its requests with the
// next of texts, and closes after the last.
type peer struct {
	texts  []string
	linger bool // keeps the connection open after the last text instead

	mu    sync.Mutex
	dials int
	heard []string
}

func (p *peer) dial(context.Context, string, string) (net.Conn, error) {
	p.mu.Lock()
	p.dials++
	p.mu.Unlock()
	client, server := net.Pipe()
	go p.serve(server)
	return pipe{client}, nil
}

// pipe takes deadlines after its other end is closed, and breaks, as a socket does.
type pipe struct{ net.Conn }

func (p pipe) Write(b []byte) (int, error) {
	n, err := p.Conn.Write(b)
	if errors.Is(err, io.ErrClosedPipe) {
		err = syscall.EPIPE
	}
	return n, err
}

func (p pipe) SetDeadline(t time.Time) error      { _ = p.Conn.SetDeadline(t); return nil }
func (p pipe) SetReadDeadline(t time.Time) error  { _ = p.Conn.SetReadDeadline(t); return nil }
func (p pipe) SetWriteDeadline(t time.Time) error { _ = p.Conn.SetWriteDeadline(t); return nil }

func (p *peer) serve(c net.Conn) {
	defer c.Close()
	br := bufio.NewReader(c)
	for _, text := range p.texts {
		var head strings.Builder
		for !strings.HasSuffix(head.String(), "\r\n\r\n") {
			line, err := br.ReadString('\n')
			if err != nil {
				return
			}
			head.WriteString(line)
		}
		if strings.Contains(head.String(), "Content-Length: 4") {
			_, _ = io.CopyN(&head, br, 4)
		}
		p.mu.Lock()
		p.heard = append(p.heard, head.String())
		p.mu.Unlock()
		if _, err := io.WriteString(c, text); err != nil {
			return
		}
	}
	if p.linger {
		_, _ = io.Copy(io.Discard, br)
	}
}

// reply is what a round trip came to.
type reply struct {
	res  *http.Response
	body string
	err  error // of the round trip or of the body
	w    *witness
}

func get(t testing.TB, tr *wire.Transport, ctx context.Context, target string) reply {
	t.Helper()
	r := reply{w: &witness{}}
	req, err := http.NewRequestWithContext(wire.WithCall(ctx, &wire.Call{Target: target, Observer: r.w}), http.MethodGet, "http://a.test/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.res, r.err = tr.RoundTrip(req); r.err != nil {
		return r
	}
	var b []byte
	b, r.err = io.ReadAll(r.res.Body)
	r.body = string(b)
	r.res.Body.Close()
	return r
}

// kind is the Kind of an *wire.Error, "" for none.
func (r reply) kind() string {
	var e *wire.Error
	if errors.As(r.err, &e) {
		return e.Kind
	}
	if r.err != nil {
		return "no *Error: " + r.err.Error()
	}
	return ""
}

// one asks a peer that answers with text once.
func one(t testing.TB, text string, cfg wire.Config) reply {
	t.Helper()
	p := &peer{texts: []string{text}}
	cfg.Dial = p.dial
	tr := wire.New(cfg)
	defer tr.CloseIdleConnections()
	return get(t, tr, t.Context(), "")
}

// Headers are read as leniently as browsers read them, and kept to the byte.
func TestLeniency(t *testing.T) {
	const b = "Content-Length: 2\r\n\r\nok"
	for _, tt := range []struct {
		name, text string
		status     int
		kind       string
		header     string // "Name: value" that must be there
	}{
		{"well-formed", "HTTP/1.1 200 OK\r\nX: 1\r\n" + b, 200, "", "X: 1"},
		{"bare line feeds", "HTTP/1.1 200 OK\nX: 1\nContent-Length: 2\n\nok", 200, "", "X: 1"},
		{"no reason", "HTTP/1.1 404\r\n" + b, 404, "", ""},
		{"empty reason", "HTTP/1.1 404 \r\n" + b, 404, "", ""},
		{"extra spaces", "HTTP/1.1   200  OK\r\n" + b, 200, "", ""},
		{"HTTP/1.0", "HTTP/1.0 200 OK\r\n" + b, 200, "", ""},
		{"status beyond 599", "HTTP/1.1 999 Denied\r\n" + b, 999, "", ""},
		{"a line break before it all", "\r\nHTTP/1.1 200 OK\r\n" + b, 200, "", ""},
		{"no colon", "HTTP/1.1 200 OK\r\nnonsense\r\nX: 1\r\n" + b, 200, "", "X: 1"},
		{"no name", "HTTP/1.1 200 OK\r\n: 1\r\nX: 1\r\n" + b, 200, "", "X: 1"},
		{"space in the name", "HTTP/1.1 200 OK\r\nX Y: 1\r\nX: 1\r\n" + b, 200, "", "X: 1"},
		{"space before the colon", "HTTP/1.1 200 OK\r\nX : 1\r\n" + b, 200, "", "X: 1"},
		{"folded", "HTTP/1.1 200 OK\r\nX: 1\r\n\t 2\r\n" + b, 200, "", "X: 1 2"},
		{"folded first", "HTTP/1.1 200 OK\r\n Y: 0\r\nX: 1\r\n" + b, 200, "", "X: 1"},
		{"control characters", "HTTP/1.1 200 OK\r\nX: a\x00b\x1b[0m\r\n" + b, 200, "", "X: a\x00b\x1b[0m"},
		{"beyond ASCII", "HTTP/1.1 200 OK\r\nX: M\xfchle\r\n" + b, 200, "", "X: M\xfchle"},
		{"the same field twice", "HTTP/1.1 200 OK\r\nX: 1\r\nx: 2\r\n" + b, 200, "", "X: 2"},
		{"word for a status", "HTTP/1.1 fine\r\n" + b, 0, wire.KindNotHTTP, ""},
		{"two digits", "HTTP/1.1 20 OK\r\n" + b, 0, wire.KindNotHTTP, ""},
		{"four digits", "HTTP/1.1 2000 OK\r\n" + b, 0, wire.KindNotHTTP, ""},
		{"below 100", "HTTP/1.1 099 OK\r\n" + b, 0, wire.KindNotHTTP, ""},
		{"page without header", "<!doctype html><p>hello", 0, wire.KindNotHTTP, ""},
		{"another protocol", "SSH-2.0-OpenSSH\r\n", 0, wire.KindNotHTTP, ""},
		{"another protocol, no line", "\x16\x03\x01\x02\x00garbage", 0, wire.KindNotHTTP, ""},
		{"nothing", "", 0, wire.KindReset, ""},
		{"half a header", "HTTP/1.1 200 OK\r\nContent-", 0, wire.KindReset, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := one(t, tt.text, wire.Config{})
			if r.kind() != tt.kind || r.res != nil && (r.res.StatusCode != tt.status || r.body != "ok") || (r.res == nil) != (tt.status == 0) {
				t.Fatalf("%+v, %q, %v", r.res, r.body, r.err)
			}
			if string(r.w.received) != tt.text {
				t.Errorf("shown %q, want %q", r.w.received, tt.text)
			}
			if name, value, ok := strings.Cut(tt.header, ": "); ok {
				values := r.res.Header[name]
				if len(values) == 0 || values[len(values)-1] != value {
					t.Errorf("%s: %q, want %q", name, values, value)
				}
			}
		})
	}
}

func TestFraming(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	chunked := ok + "Transfer-Encoding: chunked\r\n"
	for _, tt := range []struct {
		name, text string
		body, kind string
		rest       int // bytes of text that belong to no message
	}{
		{"length", ok + "Content-Length: 5\r\n\r\nhello", "hello", "", 0},
		{"length and more", ok + "Content-Length: 5\r\n\r\nhello, world", "hello", "", 7},
		{"length and less", ok + "Content-Length: 9\r\n\r\nhello", "hello", wire.KindReset, 0},
		{"the same length twice", ok + "Content-Length: 5\r\nContent-Length: 5, 5\r\n\r\nhello", "hello", "", 0},
		{"two lengths", ok + "Content-Length: 5\r\nContent-Length: 3\r\n\r\nhello", "hello", "", 0},
		{"negative", ok + "Content-Length: -1\r\n\r\nhello", "hello", "", 0},
		{"signed", ok + "Content-Length: +3\r\n\r\nhello", "hello", "", 0},
		{"overflow", ok + "Content-Length: 99999999999999999999\r\n\r\nhello", "hello", "", 0},
		{"no length", ok + "\r\nhello", "hello", "", 0},
		{"nothing", ok + "Content-Length: 0\r\n\r\n", "", "", 0},
		{"204", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", "", "", 0},
		{"304", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "", "", 0},
		{"chunks", chunked + "\r\n3\r\nhel\r\n2;a=b\r\nlo\r\n0\r\n\r\n", "hello", "", 0},
		{"chunks, upper case and zeros", chunked + "\r\n000A\r\n0123456789\r\n00\r\n\r\n", "0123456789", "", 0},
		{"chunks with bare line feeds", chunked + "\r\n5\nhello\n0\n\n", "hello", "", 0},
		{"trailer", chunked + "\r\n5\r\nhello\r\n0\r\nX: 1\r\n\r\n", "hello", "", 0},
		{"after the last chunk", chunked + "\r\n5\r\nhello\r\n0\r\n\r\nmore", "hello", "", 4},
		{"length and chunks", chunked + "Content-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello", "", 0},
		{"no last chunk", chunked + "\r\n5\r\nhello\r\n", "hello", wire.KindReset, 0},
		{"half a chunk", chunked + "\r\n9\r\nhello", "hello", wire.KindReset, 0},
		{"no such size", chunked + "\r\n5\r\nhello\r\nzebra\r\n", "hello", wire.KindFraming, 0},
		{"a size of 20 digits", chunked + "\r\nffffffffffffffffffff\r\nhello", "", wire.KindFraming, 5},
		{"too long a chunk", chunked + "\r\n3\r\nhello\r\n0\r\n\r\n", "hel", wire.KindFraming, 5},
		{"chunked says it, and is not", chunked + "\r\n<p>hello", "<p>hello", "", 0},
		{"chunked in another coding", ok + "Transfer-Encoding: chunked, gzip\r\n\r\nhello", "hello", "", 0},
		{"chunked, spelt oddly", ok + "Transfer-Encoding: gzip,  CHUNKED \r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello", "", 0},
		{"101", "HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x05hello", "", "", 7},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := one(t, tt.text, wire.Config{})
			if r.body != tt.body || r.kind() != tt.kind {
				t.Errorf("%q, %v; want %q, %q", r.body, r.err, tt.body, tt.kind)
			}
			if want := tt.text[:len(tt.text)-tt.rest]; string(r.w.received) != want {
				t.Errorf("shown %q, want %q", r.w.received, want)
			}
		})
	}
}

func TestRequestAsSent(t *testing.T) {
	p := &peer{texts: []string{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}}
	tr := wire.New(wire.Config{Dial: p.dial})
	defer tr.CloseIdleConnections()
	w := &witness{}
	ctx := wire.WithCall(t.Context(), &wire.Call{Target: "/%zz|?b=2&a=1", Observer: w})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://a.test:8080/", strings.NewReader("body"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = http.Header{"X-B": {"2\r\nX-Forged: 1"}, "X-A": {"1"}, "Accept": {"*/*"}, "User-Agent": {"me"}, "Host": {"forged"}}
	res, err := tr.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	want := "POST /%zz|?b=2&a=1 HTTP/1.1\r\nHost: a.test:8080\r\nUser-Agent: me\r\nAccept: */*\r\nX-A: 1\r\nX-B: 2  X-Forged: 1\r\nContent-Length: 4\r\n\r\nbody"
	if string(w.sent) != want || p.heard[0] != want {
		t.Errorf("sent %q\nheard %q\nwant %q", w.sent, p.heard, want)
	}
}

// The observer may end an exchange, as a full disk does.
func TestObserverEndsIt(t *testing.T) {
	p := &peer{texts: []string{"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + strings.Repeat("x", 100_000)}}
	tr := wire.New(wire.Config{Dial: p.dial})
	w := &witness{full: 20_000}
	req, _ := http.NewRequestWithContext(wire.WithCall(t.Context(), &wire.Call{Observer: w}), http.MethodGet, "http://a.test/", nil)
	res, err := tr.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = io.Copy(io.Discard, res.Body); !errors.Is(err, errFull) {
		t.Errorf("error %v", err)
	}
	if n := len(w.received); n < 20_000 || n > 90_000 || !bytes.HasPrefix(w.received, []byte("HTTP/1.1")) {
		t.Errorf("went on for %d bytes", n)
	}
}
