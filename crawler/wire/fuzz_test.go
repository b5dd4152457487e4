package wire_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/crawler/wire"
)

func newRequest(ctx context.Context) *http.Request {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://a.test/", nil)
	if err != nil {
		panic(err) // the URL is a constant
	}
	return req
}

// answers that the fuzzer starts from, and whether net/http reads them alike.
var answers = []struct {
	text   string
	strict bool
}{
	{short, true},
	{"HTTP/1.1 200 OK\r\nX: 1\r\nX: 2\r\nContent-Length: 5\r\n\r\nhello", true},
	{"HTTP/1.0 404 Not Found\r\n\r\nto the end", true},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", true},
	{"HTTP/1.1 301 Moved Permanently\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", true},
	{"HTTP/1.1 204 No Content\r\n\r\n", true},
	{"HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n", true},
	{"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x00\x00", true},
	{"HTTP/1.1 200 OK\r\nX:\r\nY:  a  b  \r\nContent-Length: 2\r\n\r\nok", true},
	{"HTTP/1.1 103 Early Hints\r\n\r\n" + short, false},
	{"HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 99\r\n\r\nhello", false},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n", false},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<p>", false},
	{"SSH-2.0-x\r\n", false},
}

// A well-formed answer means to us what it means to net/http.
func TestDifferential(t *testing.T) {
	for _, a := range answers {
		if !a.strict {
			continue
		}
		want, err := http.ReadResponse(bufio.NewReader(strings.NewReader(a.text)), newRequest(t.Context()))
		if err != nil {
			t.Fatalf("%q: %v", a.text, err)
		}
		body, err := io.ReadAll(want.Body)
		if err != nil {
			t.Fatal(err)
		}
		alike(t, a.text, one(t, a.text, wire.Config{}), want, body)
	}
}

// alike compares with what net/http made of the text, less what it hides.
func alike(t *testing.T, text string, got reply, want *http.Response, body []byte) {
	t.Helper()
	if got.err != nil || got.res.StatusCode != want.StatusCode || got.body != string(body) {
		t.Errorf("%q: %+v, %q, %v; net/http has %s, %q", text, got.res, got.body, got.err, want.Status, body)
		return
	}
	for name, values := range want.Header {
		// A name with a space in it is no name (RFC 9110, section 5.1).
		if !strings.Contains(name, " ") && !slices.Equal(got.res.Header[name], values) {
			t.Errorf("%q: %s is %q; net/http has %q", text, name, got.res.Header[name], values)
		}
	}
}

// Whatever a server sends: an end within the limits, no panic, and the bytes
// shown are a prefix of those sent, all of them when the connection ends the
// message.
func FuzzAnswer(f *testing.F) {
	for _, a := range answers {
		f.Add([]byte(a.text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		p := &peer{texts: []string{string(text)}}
		tr := wire.New(wire.Config{Dial: p.dial, MaxHeaderBytes: 4096, MaxHeaderLines: 50})
		defer tr.CloseIdleConnections()
		r := get(t, tr, ctx, "")
		if ctx.Err() != nil {
			t.Fatal("hangs")
		}
		shown := append([]byte(strings.Join(r.w.interim, "")), r.w.received...)
		if !bytes.HasPrefix(text, shown) {
			t.Fatalf("shown %q of %q", shown, text)
		}
		switch k := r.kind(); {
		case strings.HasPrefix(k, "no *Error"):
			t.Fatal(k)
		case k == wire.KindReset && len(shown) != len(text):
			t.Fatalf("cut off after %d of %d bytes", len(shown), len(text))
		case k == "" && !bytes.HasSuffix(r.w.received, []byte(r.body)) && !wire.Chunked(r.res.Body):
			t.Fatalf("the body %q is not the end of %q", r.body, r.w.received)
		}
		strictly(t, string(text), r)
	})
}

// strictly compares with net/http where the text is strict enough for it to be
// the judge: it takes it, and nothing is open to two readings.
func strictly(t *testing.T, text string, r reply) {
	head, _, ok := strings.Cut(text, "\r\n\r\n")
	if !ok || !strings.HasPrefix(text, "HTTP/1.1 200 OK\r\n") || strings.ContainsAny(strings.ReplaceAll(head, "\r\n", ""), "\r\n\t") ||
		strings.Contains(strings.ToLower(head), "transfer-encoding") {
		return
	}
	want, err := http.ReadResponse(bufio.NewReader(strings.NewReader(text)), newRequest(t.Context()))
	if err != nil {
		return
	}
	body, err := io.ReadAll(want.Body)
	if err != nil || len(head) > 4000 || strings.Count(head, "\n") > 40 {
		return
	}
	alike(t, text, r, want, body)
}
