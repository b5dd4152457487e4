package crawltest

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// serveArg makes the test binary a server, as a benchmark's would be.
const serveArg = "crawltest-serve"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == serveArg {
		if err := RunServer(context.Background(), os.Args[2:], os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	// Parallel tests wait for those who misbehave: more of them than there are processors, unless -parallel says otherwise.
	if err := flag.Set("test.parallel", strconv.Itoa(4*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

func start(t *testing.T, cfg Config) *Web {
	t.Helper()
	w, err := Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// heard is all that came over one connection, and how it ended.
type heard struct {
	wire []byte
	end  string
	err  error
}

// How a connection ended, from the client's side.
const (
	ended  = "ended"  // in order
	reset  = "reset"  // by a TCP reset
	open   = "open"   // not at all within the patience
	more   = "more"   // not at all: there was more than anybody wants
	noConn = "noConn" // there was no connection, or no TLS on it
)

const enough = 24 << 20

// ask sends one request for url as it is written and listens until the other
// side ends, patience does, or enough was heard. It knows nothing of HTTP
// beyond the request.
func ask(t *testing.T, w *Web, url string, patience time.Duration, fields ...string) heard {
	t.Helper()
	host, target, ok := splitURL(url)
	if !ok {
		t.Fatalf("URL %q", url)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	secure := strings.HasPrefix(url, "https")
	port := "80"
	if secure {
		port = "443"
	}
	c, err := w.DialContext(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return heard{end: noConn, err: err}
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(patience))
	if secure {
		s := tls.Client(c, &tls.Config{ServerName: host, RootCAs: w.CAPool()})
		if err := s.Handshake(); err != nil {
			return heard{end: noConn, err: err}
		}
		c = s
	}
	request := "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n"
	for _, f := range fields {
		request += f + "\r\n"
	}
	if _, err := io.WriteString(c, request+"\r\n"); err != nil {
		return heard{end: reset, err: err}
	}
	wire, err := io.ReadAll(io.LimitReader(c, enough))
	h := heard{wire: wire, end: ended, err: err}
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		h.end = open
	case errors.Is(err, syscall.ECONNRESET):
		h.end = reset
	case err != nil:
		h.end = ended
	case len(wire) == enough:
		h.end = more
	}
	return h
}

// response parses what was heard and skips interim answers.
func (h heard) response(t *testing.T) (*http.Response, []byte) {
	t.Helper()
	r := bufio.NewReader(bytes.NewReader(h.wire))
	for {
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Fatalf("parse %.80q: %v", h.wire, err)
		}
		if res.StatusCode < 200 {
			continue
		}
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatalf("read body: %v", err)
		}
		return res, body
	}
}
