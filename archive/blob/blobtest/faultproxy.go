package blobtest

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Wire is something that goes wrong with one HTTP exchange.
type Wire struct {
	// Match chooses the requests, as "PUT" or "PUT uploadId"; the second word must be
	// in the query. Empty means all.
	Match string
	// Skip is how many of the matching requests are let through first.
	Skip int
	// Times is how many of the matching requests are hit; 0 means all.
	Times int
	// After passes the request on and spoils only the answer, so that the
	// server has done what the client believes has failed.
	After bool
	// Status answers with an error of S3: 500, 503, 409, … 0 cuts the connection.
	Status int
	// CutBody passes everything on, but only this many bytes of the answer's
	// body before the connection breaks.
	CutBody int64
	// Stall waits, without an answer, until the client gives up.
	Stall bool
	// Twice passes the request on twice, as a network may, and gives the answer
	// to the second.
	Twice bool
	// Answer is written instead of everything above. It gets the server's own
	// answer when After is set, else nil.
	Answer func(w http.ResponseWriter, r *http.Request, real *httptest.ResponseRecorder)
}

// Proxy stands between a client and an HTTP server and spoils what its faults
// say.
type Proxy struct {
	Endpoint string // host:port, plain HTTP

	mu       sync.Mutex
	faults   []Wire
	requests []string
}

// FaultProxy starts a proxy before the server at endpoint, a host and port, and stops it
// when the test ends.
func FaultProxy(t testing.TB, endpoint string) *Proxy {
	t.Helper()
	p := new(Proxy)
	pass := &httputil.ReverseProxy{
		// The client has signed the name of the host, so it stays the proxy's.
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: endpoint})
			r.Out.Host = r.In.Host
		},
		ErrorLog: log.New(io.Discard, "", 0),
	}
	stop := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.serve(pass, w, r, stop)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(stop) })
	p.Endpoint = server.Listener.Addr().String()
	return p
}

// Set replaces the faults and forgets the requests.
func (p *Proxy) Set(faults ...Wire) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults, p.requests = slices.Clone(faults), nil
}

// Requests returns the methods and paths of the requests since the last Set.
func (p *Proxy) Requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests)
}

// next takes the fault for a request, if there is one.
func (p *Proxy) next(r *http.Request) (Wire, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests = append(p.requests, r.Method+" "+r.URL.RequestURI())
	for i, f := range p.faults {
		method, query, _ := strings.Cut(f.Match, " ")
		if method != "" && method != r.Method || query != "" && !r.URL.Query().Has(query) || f.Times < 0 {
			continue
		}
		if f.Skip > 0 {
			p.faults[i].Skip--
			continue
		}
		if f.Times > 0 {
			if p.faults[i].Times--; p.faults[i].Times == 0 {
				p.faults[i].Times = -1
			}
		}
		return f, true
	}
	return Wire{}, false
}

func (p *Proxy) serve(pass http.Handler, w http.ResponseWriter, r *http.Request, stop <-chan struct{}) {
	f, ok := p.next(r)
	var real *httptest.ResponseRecorder
	switch {
	case !ok:
		pass.ServeHTTP(w, r)
		return
	case f.CutBody > 0:
		pass.ServeHTTP(&cutter{ResponseWriter: w, left: f.CutBody}, r)
		return
	case f.Twice:
		body, _ := io.ReadAll(r.Body)
		for _, w := range []http.ResponseWriter{httptest.NewRecorder(), w} {
			r.Body = io.NopCloser(bytes.NewReader(body))
			pass.ServeHTTP(w, r)
		}
		return
	case f.After:
		real = httptest.NewRecorder()
		pass.ServeHTTP(real, r)
	}
	switch {
	case f.Answer != nil:
		_, _ = io.Copy(io.Discard, r.Body)
		f.Answer(w, r, real)
		return
	case f.Stall:
		// What the client sends is read, because only then is its end noticed.
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-r.Context().Done():
		case <-stop:
		case <-time.After(time.Minute):
		}
		panic(http.ErrAbortHandler)
	case f.Status == 0:
		panic(http.ErrAbortHandler) // the server then closes the connection
	}
	_, _ = io.Copy(io.Discard, r.Body)
	codes := map[int]string{409: "ConditionalRequestConflict", 412: "PreconditionFailed", 429: "TooManyRequests", 500: "InternalError",
		502: "BadGateway", 503: "SlowDown", 403: "AccessDenied", 404: "NoSuchKey", 501: "NotImplemented"}
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(f.Status)
	if r.Method != http.MethodHead {
		fmt.Fprintf(w, "<Error><Code>%s</Code><Message>injected by the test</Message></Error>", codes[f.Status])
	}
}

// cutter breaks the connection after some bytes of the body.
type cutter struct {
	http.ResponseWriter
	left int64
}

func (c *cutter) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p[:min(int64(len(p)), c.left)])
	if c.left -= int64(n); err == nil && c.left == 0 {
		_ = http.NewResponseController(c.ResponseWriter).Flush()
		panic(http.ErrAbortHandler)
	}
	return n, err
}
