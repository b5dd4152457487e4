package crawler

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gocolly/colly/v2"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler/wire"
)

// fetch travels in a request's context: what the decorators need to know
// about it beyond the request itself.
type fetch struct {
	rec     *recorder
	target  string // request-target, byte for byte
	maxBody int64  // 0: the chain's own limit
}

type fetchKey struct{}

func fetchOf(ctx context.Context) *fetch { return ctx.Value(fetchKey{}).(*fetch) }

// chain is the one way out: everything that is fetched goes through it.
func chain(cfg *Config, t *wire.Transport) http.RoundTripper {
	return view{limited{guarded{recording{t}, cfg.Guard}, cfg.MaxBody}}
}

// guarded refuses what must not be asked before anything is sent. The address
// behind a name is checked again on the socket, see Guard.Control.
type guarded struct {
	next  http.RoundTripper
	guard Guard
}

func (t guarded) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := t.guard.CheckURL(req.URL); err != nil {
		fetchOf(req.Context()).rec.cut = err
		return nil, err
	}
	return t.next.RoundTrip(req)
}

// view reads the whole answer, so that it is recorded whole, and then shows
// colly an empty one. colly would decompress, transcode, truncate or refuse a
// real body (see its http_backend.go); here the record is the only truth.
type view struct{ next http.RoundTripper }

var drainBuffers = sync.Pool{New: func() any { b := make([]byte, 64<<10); return &b }}

func (t view) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	buf := drainBuffers.Get().(*[]byte)
	for err == nil {
		_, err = res.Body.Read(*buf)
	}
	drainBuffers.Put(buf)
	res.Body.Close()
	return &http.Response{
		Status: res.Status, StatusCode: res.StatusCode, Proto: res.Proto, ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: http.NoBody, Request: req, Uncompressed: true,
	}, nil
}

// newCollector returns the collector that every visit clones. It keeps no
// state, follows nothing and decides nothing.
func newCollector(rt http.RoundTripper) *colly.Collector {
	c := colly.NewCollector()
	c.AllowURLRevisit = true
	c.ParseHTTPErrorResponse = true
	c.MaxBodySize = 0
	c.IgnoreRobotsTxt = true
	c.DisableCookies()
	c.SetRequestTimeout(0)
	c.SetRedirectHandler(func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse })
	c.WithTransport(rt)
	return c
}

// request is one exchange to be made.
type request struct {
	role    archive.Role
	method  string // "" for GET
	url     string
	body    []byte
	header  http.Header
	prior   *archive.Prior
	maxBody int64
	timeout time.Duration
}

// exchange makes one exchange and returns its record; that it failed is part
// of the record. The error is only for what is wrong on our side.
func (c *Crawler) exchange(ctx context.Context, r request) (*archive.Exchange, error) {
	memory := archive.SpoolMemory
	if r.role != archive.RoleSource {
		memory = requisiteMemory
	}
	if r.method == "" {
		r.method = http.MethodGet
	}
	x := &archive.Exchange{Role: r.role, URL: r.url, Method: r.method, Started: c.now(), Prior: r.prior}
	rec := newRecorder(x, c.cfg.TempDir, memory, c.cfg.Keeper != nil || r.role == archive.RoleLookup)
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	ctx = context.WithValue(ctx, fetchKey{}, &fetch{rec: rec, target: requestTarget(r.url), maxBody: r.maxBody})
	header := c.header(r)
	c.events.begin(r.url)
	var err error
	if r.role == archive.RoleSource {
		collector := c.base.Clone()
		collector.Context = ctx
		err = collector.Request(http.MethodGet, r.url, nil, nil, header)
	} else {
		err = c.roundTrip(ctx, r, header)
	}
	if err != nil && rec.cut == nil && x.Status == 0 {
		// It never got as far as the wire: colly or net/url cannot parse it.
		x.Failure = &archive.Failure{Phase: "url", Class: archive.ClassURL, Message: err.Error()}
	}
	rec.finish()
	c.events.end(x)
	return x, rec.failed
}

// roundTrip sends a request down the chain without colly.
func (c *Crawler) roundTrip(ctx context.Context, r request, header http.Header) error {
	req, err := http.NewRequestWithContext(ctx, r.method, r.url, bodyOf(r))
	if err != nil {
		return err
	}
	req.Header = header
	res, err := c.chain.RoundTrip(req)
	if err != nil {
		return err
	}
	return res.Body.Close() // view has read it
}

func bodyOf(r request) io.Reader {
	if len(r.body) == 0 {
		return http.NoBody
	}
	return bytes.NewReader(r.body)
}

// BrowserAgent is the User-Agent of archive.ProfileBrowser: that of the most
// common browser. Only what was not found as ourselves is asked for with it, to
// tell a page that is gone from one that is kept from programs.
const BrowserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"

// header is what a browser would send, less what identifies a person, plus
// who we are, unless we visit as a browser.
func (c *Crawler) header(r request) http.Header {
	h := make(http.Header, 8)
	h["User-Agent"] = []string{c.cfg.UserAgent}
	if c.cfg.Profile == archive.ProfileBrowser {
		h["User-Agent"] = []string{BrowserAgent}
	}
	h["Accept"] = acceptPage
	h["Accept-Language"] = acceptLanguage
	h["Accept-Encoding"] = acceptEncoding
	if r.role == archive.RoleRequisite {
		h["Accept"] = acceptAny
	}
	for k, v := range r.header {
		h[k] = v
	}
	if p := r.prior; p != nil {
		if p.ETag != "" {
			h["If-None-Match"] = []string{p.ETag}
		}
		if p.LastModified != "" {
			h["If-Modified-Since"] = []string{p.LastModified}
		}
	}
	return h
}

var (
	acceptPage     = []string{"text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8"}
	acceptAny      = []string{"*/*"}
	acceptLanguage = []string{"en,*;q=0.5"}
	acceptEncoding = []string{"gzip, br"}
)

// requestTarget cuts path and query out of an absolute URL, byte for byte.
func requestTarget(url string) string {
	_, rest, ok := strings.Cut(url, "://")
	if !ok {
		return ""
	}
	rest, _, _ = strings.Cut(rest, "#")
	i := strings.IndexAny(rest, "/?")
	switch {
	case i < 0:
		return "/"
	case rest[i] == '?':
		return "/" + rest[i:]
	}
	return rest[i:]
}
