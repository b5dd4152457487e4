package schedule_test

import (
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
	"github.com/ibid-archive/ibid/archive/blob/s3"
	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/verify"
)

// replayed writes the server's own answer after change has been at it.
func replayed(change func(h http.Header, body []byte) []byte) func(http.ResponseWriter, *http.Request, *httptest.ResponseRecorder) {
	return func(w http.ResponseWriter, _ *http.Request, real *httptest.ResponseRecorder) {
		h := real.Header().Clone()
		body := change(h, real.Body.Bytes())
		maps.Copy(w.Header(), h)
		w.WriteHeader(real.Code)
		_, _ = w.Write(body)
	}
}

// said answers the same to everything.
func said(status int, header http.Header, body string) func(http.ResponseWriter, *http.Request, *httptest.ResponseRecorder) {
	return func(w http.ResponseWriter, r *http.Request, _ *httptest.ResponseRecorder) {
		maps.Copy(w.Header(), header)
		w.WriteHeader(status)
		if r.Method != http.MethodHead {
			_, _ = io.WriteString(w, body)
		}
	}
}

// garbage answers what is no HTTP.
func garbage(w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
	c, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	_, _ = io.WriteString(c, "\x15\x03\x01\x00\x02\x02\x28 this is no HTTP\r\n\r\n")
	_ = c.Close()
}

func without(h http.Header, prefix string) {
	for name := range h {
		if strings.HasPrefix(strings.ToLower(name), prefix) {
			h.Del(name)
		}
	}
}

const errorXML = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>InternalError</Code><Message>injected by the test</Message></Error>`

// s3Faults are the ways in which one request to a service goes wrong. One that
// is refused at the socket has none: the client does that.
func s3Faults() map[string]blobtest.Wire {
	html := http.Header{"Content-Type": {"text/html"}}
	xml := http.Header{"Content-Type": {"application/xml"}}
	return map[string]blobtest.Wire{
		"connection refused":           {},
		"reset before":                 {},
		"reset after":                  {After: true},
		"500 before":                   {Status: 500},
		"500 after":                    {Status: 500, After: true},
		"502":                          {Status: 502},
		"503 SlowDown":                 {Status: 503},
		"503 after":                    {Status: 503, After: true},
		"429":                          {Status: 429},
		"409":                          {Status: 409},
		"412 that is not so":           {Status: 412},
		"412 after":                    {Status: 412, After: true},
		"404 that is not so":           {Status: 404},
		"403":                          {Status: 403},
		"301 to nowhere":               {Answer: said(301, xml, errorXML)},
		"307 elsewhere":                {Answer: said(307, http.Header{"Location": {"http://192.0.2.1/"}}, "")},
		"200 and nothing, not done":    {Answer: said(200, nil, "")},
		"200 and nothing, done":        {After: true, Answer: said(200, nil, "")},
		"200 with an HTML page":        {Answer: said(200, html, "<html><body>Welcome to this network!</body></html>")},
		"200 with an error in XML":     {Answer: said(200, xml, errorXML)},
		"no HTTP":                      {Answer: garbage},
		"no HTTP after":                {After: true, Answer: garbage},
		"delivered twice":              {Twice: true},
		"time-out before":              {Stall: true},
		"time-out after it was done":   {Stall: true, After: true},
		"body cut":                     {CutBody: 40},
		"body ends early, well-formed": {After: true, Answer: replayed(func(h http.Header, b []byte) []byte { h.Del("Content-Length"); return b[:len(b)/2] })},
		"body with another byte": {After: true, Answer: replayed(func(_ http.Header, b []byte) []byte {
			b = slices.Clone(b)
			if len(b) > 0 {
				b[len(b)/2] ^= 1
			}
			return b
		})},
		"slow body": {After: true, Answer: func(w http.ResponseWriter, _ *http.Request, real *httptest.ResponseRecorder) {
			maps.Copy(w.Header(), real.Header())
			w.WriteHeader(real.Code)
			for part := range slices.Chunk(real.Body.Bytes(), 1+real.Body.Len()/5) {
				_, _ = w.Write(part)
				_ = http.NewResponseController(w).Flush()
				time.Sleep(2 * time.Millisecond)
			}
		}},
		"another ETag": {After: true, Answer: replayed(func(h http.Header, b []byte) []byte {
			h.Set("ETag", `"00000000000000000000000000000000"`)
			return b
		})},
		"no ETag":     {After: true, Answer: replayed(func(h http.Header, b []byte) []byte { h.Del("ETag"); return b })},
		"no checksum": {After: true, Answer: replayed(func(h http.Header, b []byte) []byte { without(h, "x-amz-checksum"); return b })},
		"another checksum": {After: true, Answer: replayed(func(h http.Header, b []byte) []byte {
			h.Set("X-Amz-Checksum-Sha256", strings.Repeat("A", 43)+"=")
			return b
		})},
		"no metadata": {After: true, Answer: replayed(func(h http.Header, b []byte) []byte { without(h, "x-amz-"); return b })},
	}
}

// refusing is a network that refuses connections from some request on.
type refusing struct {
	http.RoundTripper
	skip, times atomic.Int64
}

func (r *refusing) RoundTrip(req *http.Request) (*http.Response, error) {
	if r.skip.Add(-1) < 0 && r.times.Add(-1) >= 0 {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	return r.RoundTripper.RoundTrip(req)
}

// bucket opens the same archive in a bucket, over a network that fails or not.
type bucket struct {
	server blobtest.S3
	serial atomic.Int64
}

func (b *bucket) open(t *testing.T, endpoint, prefix string, over http.RoundTripper) *s3.Store {
	t.Helper()
	cfg := s3.Config{Bucket: b.server.Bucket, Endpoint: endpoint, Region: b.server.Region, Insecure: true, Prefix: prefix, Pause: time.Millisecond}
	if over != nil {
		cfg.Transport, cfg.Attempts, cfg.Timeout = over, 2, 400*time.Millisecond
	}
	s, _, err := s3.Open(t.Context(), cfg)
	must(t, err)
	return s
}

// faulted archives, audits and reindexes while requests from skip on fail so many
// times, and checks that it is told or does no harm, and what is left. It returns
// how many requests there were.
func (b *bucket) faulted(t *testing.T, name string, skip, times int) int {
	w := newWorld(t)
	w.web.slow = 0
	prefix, path := fmt.Sprintf("case-%d", b.serial.Add(1)), filepath.Join(blobtest.MemoryDir(t), "catalog.sqlite")
	proxy := blobtest.FaultProxy(t, b.server.Endpoint)
	network := &refusing{RoundTripper: &http.Transport{DisableCompression: true}}
	network.skip.Store(1 << 40)
	store := b.open(t, proxy.Endpoint, prefix, network)
	fault, proxied := s3Faults()[name], name != "" && name != "connection refused"
	fault.Skip, fault.Times = skip, times
	proxy.Set()
	switch {
	case proxied:
		proxy.Set(fault)
	case name != "":
		network.times.Store(int64(times))
		network.skip.Store(int64(skip))
	}
	var k known
	told := b.all(t, w, store, path, &k)
	n := len(proxy.Requests())
	proxy.Set()
	network.skip.Store(1 << 40)
	clean := b.open(t, b.server.Endpoint, prefix, nil)
	if note, _, err := clean.Load(t.Context(), log.CheckpointKey); err == nil {
		k.witness = note
	}
	if err := w.completes(t.Context(), clean, path, k, true); err != nil {
		t.Errorf("%s from request %d on, %d times; the run said %v: %v", name, skip, times, told, err)
	}
	if name == "" && told != nil {
		t.Errorf("without a fault: %v", told)
	}
	return n
}

// all is what one user does with an archive. It returns what was told to him.
func (b *bucket) all(t *testing.T, w *world, store *s3.Store, path string, k *known) error {
	p, err := w.start(t.Context(), store, path)
	if err != nil {
		return err
	}
	defer p.end()
	if err := p.run(t.Context(), w.sources, func(c *archive.Capture) { k.kept = append(k.kept, c) }); err != nil {
		return err
	}
	if r, err := verify.Audit(t.Context(), store, verify.AuditConfig{Workers: 1}); err != nil || r.Found > 0 {
		return fmt.Errorf("audit: %+v, %w", r.Findings, err)
	}
	n, err := p.Reindex(t.Context(), filepath.Join(blobtest.MemoryDir(t), "reindexed.sqlite"), false)
	if err == nil && len(n.Unreadable) > 0 {
		err = n.Unreadable[0]
	}
	return err
}

// TestS3Faults has requests of a small run, its audit and a reindex go wrong in
// every way: one request, so that a repetition may help, or three in a row. What
// was reported as kept is there, and the next run completes the rest. Without
// IBID_PROOF=full some kinds strike at one place each, as the seed has it.
func TestS3Faults(t *testing.T) {
	b := &bucket{server: blobtest.S3Server(t)}
	t.Setenv("AWS_ACCESS_KEY_ID", b.server.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", b.server.SecretKey)
	requests := b.faulted(t, "", 0, 0)
	kinds := slices.Sorted(maps.Keys(s3Faults()))
	rng := rand.New(rand.NewPCG(proofSeed(t), 3))
	cases := 0
	strike := func(name string, skip, times int) {
		cases++
		t.Run(fmt.Sprintf("%s/%d×%d", name, skip, times), func(t *testing.T) { b.faulted(t, name, skip, times) })
	}
	for _, i := range share(t, len(kinds), 16) {
		name := kinds[i]
		if !fullProof() {
			strike(name, rng.IntN(requests), 1+2*rng.IntN(2))
			continue
		}
		for skip := range requests {
			for _, times := range []int{1, 3} {
				strike(name, skip, times)
			}
		}
	}
	t.Logf("%d kinds of fault, %d requests, %d cases, IBID_PROOF_SEED=%d", len(kinds), requests, cases, proofSeed(t))
}
