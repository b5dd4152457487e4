package crawler_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/verify"
)

// stage is a web inside the test: its connections are pipes, so that hours
// pass in no time under testing/synctest. A name that it does not have does
// not exist.
type stage struct {
	hosts map[string]script
	dial  func(ctx context.Context, host string) error // fails some names, may be nil
	tcp   bool                                         // real connections instead of pipes

	mu    sync.Mutex
	asked []asked
	count map[string]int
}

// script answers the n-th request for a target of a host, counted from 0, with
// raw bytes. A connection is closed after an answer that says so, and after
// none.
type script func(n int, r asked) string

// asked is one request that came.
type asked struct {
	url    string // host and target as sent
	target string
	header http.Header
	raw    string
	at     time.Time
}

func (s *stage) DialContext(ctx context.Context, _, addr string) (net.Conn, error) {
	host, port, _ := net.SplitHostPort(addr)
	if s.dial != nil {
		if err := s.dial(ctx, host); err != nil {
			return nil, err
		}
	}
	play := s.hosts[host]
	if play == nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
	}
	if s.tcp {
		return s.connect(ctx, host, play)
	}
	client, server := net.Pipe()
	go s.serve(server, host, play)
	return staged{client, port}, nil
}

// connect makes one loopback connection to the host.
func (s *stage) connect(ctx context.Context, host string, play script) (net.Conn, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer l.Close()
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", l.Addr().String())
	if err != nil {
		return nil, err
	}
	server, err := l.Accept()
	if err != nil {
		c.Close()
		return nil, err
	}
	go s.serve(server, host, play)
	return c, nil
}

// staged is a pipe with an address, which takes deadlines after its other end
// is closed, and breaks, as a socket does.
type staged struct {
	net.Conn
	port string
}

func (s staged) Write(b []byte) (int, error) {
	n, err := s.Conn.Write(b)
	if errors.Is(err, io.ErrClosedPipe) {
		err = syscall.EPIPE
	}
	return n, err
}

func (s staged) SetDeadline(t time.Time) error      { _ = s.Conn.SetDeadline(t); return nil }
func (s staged) SetReadDeadline(t time.Time) error  { _ = s.Conn.SetReadDeadline(t); return nil }
func (s staged) SetWriteDeadline(t time.Time) error { _ = s.Conn.SetWriteDeadline(t); return nil }

func (s staged) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort("192.0.2.7:" + s.port))
}

func (s *stage) serve(c net.Conn, host string, play script) {
	defer c.Close()
	br := bufio.NewReader(c)
	for {
		var raw bytes.Buffer
		for !bytes.HasSuffix(raw.Bytes(), []byte("\r\n\r\n")) {
			line, err := br.ReadBytes('\n')
			if err != nil {
				return
			}
			raw.Write(line)
		}
		req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw.Bytes())))
		if err != nil {
			req = &http.Request{}
		}
		target, _, _ := strings.Cut(strings.TrimPrefix(raw.String(), "GET "), " HTTP/1.1\r\n")
		r := asked{url: host + target, target: target, header: req.Header, raw: raw.String(), at: time.Now()}
		s.mu.Lock()
		if s.count == nil {
			s.count = map[string]int{}
		}
		n := s.count[r.url]
		s.count[r.url]++
		s.asked = append(s.asked, r)
		s.mu.Unlock()
		answer := play(n, r)
		if _, err := io.WriteString(c, answer); err != nil || answer == "" || strings.Contains(answer, "Connection: close") {
			return
		}
	}
}

// urls is what was asked for, in order.
func (s *stage) urls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, r := range s.asked {
		all = append(all, r.url)
	}
	return all
}

// answer is a well-formed message; each field is "Name: value".
func answer(status int, body string, fields ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", status, http.StatusText(status))
	for _, f := range fields {
		b.WriteString(f + "\r\n")
	}
	if status != http.StatusNotModified {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(body))
	}
	return b.String() + "\r\n" + body
}

const article = "<!doctype html><title>The gauge</title><p>" +
	"The gauge at the lower bridge is read twice a day, at seven and at nineteen hours, and the figure is chalked on the board."

func found(fields ...string) string {
	return answer(200, article, append([]string{"Content-Type: text/html"}, fields...)...)
}

func moved(to string, fields ...string) string {
	return answer(302, "elsewhere", append([]string{"Location: " + to}, fields...)...)
}

// always answers every request alike.
func always(text string) script { return func(int, asked) string { return text } }

// first answers the first requests one by one, and all later ones with the last.
func first(texts ...string) script {
	return func(n int, _ asked) string { return texts[min(n, len(texts)-1)] }
}

// targets answers by target, 404 for the rest.
func targets(by map[string]script) script {
	return func(n int, r asked) string {
		if s := by[r.target]; s != nil {
			return s(n, r)
		}
		return answer(404, "no such page")
	}
}

// config has the crawler's defaults over the stage, less the jitter's spread.
func (s *stage) config() crawler.Config {
	return crawler.Config{UserAgent: "ibid-test/1", Judge: verify.Judge, Dial: s.DialContext, Requisites: crawler.RequisiteLimits{Off: true},
		NameServers: func(context.Context, string) error { return nil }}
}

// shelf keeps captures in memory.
type shelf struct {
	mu        sync.Mutex
	kept      []*kept
	aborted   int
	exchanges func(*archive.Exchange) // looks at each before it is closed, may be nil
	commit    func(context.Context) error
}

// kept is one capture with the bytes of its exchanges.
type kept struct {
	s       *shelf
	done    bool
	capture *archive.Capture
	xs      []exchanged

	resources map[string]string // by URI
}

type exchanged struct {
	archive.Exchange
	request, response, payload string
}

func (s *shelf) Begin() (crawler.Capturing, error) { return &kept{s: s}, nil }

func (k *kept) Exchange(x *archive.Exchange) error {
	if k.s.exchanges != nil {
		k.s.exchanges(x)
	}
	text := func(s *archive.Spool) string {
		if s == nil {
			return ""
		}
		b, _ := io.ReadAll(io.NewSectionReader(s, 0, s.Size()))
		return string(b)
	}
	payload, _ := io.ReadAll(x.Payload())
	k.xs = append(k.xs, exchanged{*x, text(x.Request), text(x.Response), string(payload)})
	return nil
}

func (k *kept) Resource(uri, _ string, _ time.Time, block []byte) error {
	if k.resources == nil {
		k.resources = map[string]string{}
	}
	k.resources[uri] = string(block)
	return nil
}

func (k *kept) Commit(ctx context.Context, c *archive.Capture) error {
	if k.s.commit != nil {
		if err := k.s.commit(ctx); err != nil {
			return err
		}
	}
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	k.done, k.capture = true, c
	k.s.kept = append(k.s.kept, k)
	return ctx.Err()
}

func (k *kept) Abort() {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	if !k.done {
		k.s.aborted++
	}
}

// visitOne visits one URL and gives its only capture.
func visitOne(t *testing.T, cfg crawler.Config, url string) *kept {
	t.Helper()
	s, ok := cfg.Keeper.(*shelf)
	if !ok {
		s = &shelf{}
		cfg.Keeper = s
	}
	before := len(s.kept)
	r, ok := crawl(t, cfg, url)[url]
	if !ok || r.Err != nil || len(s.kept) != before+1 {
		t.Fatalf("visit %s: result %t, %v, %d captures", url, ok, r.Err, len(s.kept)-before)
	}
	return s.kept[before]
}

// trail is the kept exchanges as "status url" or "class url".
func (k *kept) trail() []string {
	var all []string
	for _, x := range k.xs {
		if x.Failure != nil {
			all = append(all, x.Failure.Class+" "+x.URL)
		} else {
			all = append(all, fmt.Sprint(x.Status, " ", x.URL))
		}
	}
	return all
}

func sha(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
