package crawler

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"net/http"
	neturl "net/url"
	"strings"
	"sync"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// conclude judges a visit that has come to its end and has it kept. It returns
// true when a second look is due first, after the wait.
func (c *Crawler) conclude(ctx context.Context, v *visit, h *holder) (wait time.Duration, again bool) {
	requisites := c.outcome(v)
	j := c.cfg.Judge(&v.seen)
	if v.look == 0 && c.cfg.SecondLook > 0 && doubtful(j.Verdict, v) {
		return c.cfg.SecondLook, true
	}
	if len(v.seen.Exchanges) > 0 {
		// Not the moment before it: one time less to keep.
		v.seen.StartedAt = v.seen.Exchanges[0].Started
	}
	capture := &archive.Capture{
		Version: archive.CaptureVersion, Software: c.cfg.UserAgent, Key: v.seen.Key, URL: v.seen.URL, Citations: v.seen.Citations,
		StartedAt: v.seen.StartedAt, FinishedAt: c.now(), Judgement: j, Outcome: v.seen.Outcome, Policy: v.seen.Policy,
	}
	h.concluded(ctx, &concluded{visit: v, capture: capture, requisites: requisites})
	return 0, false
}

// doubtful verdicts are only believed when they are seen twice.
func doubtful(verdict archive.Verdict, v *visit) bool {
	switch verdict {
	case archive.Gone, archive.Soft404:
		return true
	case archive.Invalid:
		x := v.seen.Last()
		return x == nil || x.Failure == nil || x.Failure.Class != archive.ClassURL && x.Failure.Class != archive.ClassPrivate
	}
	return false
}

// titleLimit is how many characters of a title are kept.
const titleLimit = 300

// outcome fills in what the last look found. It returns what the page needs to
// be shown, when it is HTML.
func (c *Crawler) outcome(v *visit) []Requisite {
	o := archive.Outcome{}
	for i, u := range v.chain {
		if i > 0 {
			o.Redirects = append(o.Redirects, u)
		}
	}
	x := v.seen.Last()
	if x == nil || x.Status == 0 {
		v.seen.Outcome = o
		return nil
	}
	contentType := x.Header.Get("Content-Type")
	o.HTTPStatus, o.FinalURL, o.MediaType = x.Status, x.URL, mediaType(contentType)
	o.Unchanged = x.Revisit()
	if x.NotModified() {
		o.PayloadSHA256 = x.Prior.PayloadSHA256
	} else if x.Complete() {
		o.PayloadSHA256, o.PayloadSize = hex.EncodeToString(x.PayloadSHA256[:]), x.PayloadSize
	}
	var page Page
	if base, err := neturl.Parse(x.URL); err == nil && isHTML(o.MediaType) && x.PayloadSize > 0 && c.cfg.Keeper != nil {
		page = ReadPage(base, contentType, c.page(x), titleLimit)
		o.Title = page.Title
	}
	v.seen.Outcome = o
	return page.Requisites
}

// page reads the decoded body of an HTML answer, as far as the limits go.
func (c *Crawler) page(x *archive.Exchange) []byte {
	if raw, ok := x.Response.Bytes(); ok && x.Header.Get("Content-Encoding") == "" && !x.Chunked {
		return raw[x.HeaderSize:]
	}
	body, err := io.ReadAll(x.Content(c.cfg.Decode))
	if err != nil {
		c.cfg.Log.Debug("decode page", "url", x.URL, "err", err)
	}
	return body
}

func mediaType(contentType string) string {
	if t, _, err := mime.ParseMediaType(contentType); err == nil {
		return t
	}
	t, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(t))
}

func isHTML(mediaType string) bool {
	return mediaType == "" || mediaType == "text/html" || mediaType == "application/xhtml+xml"
}

// concluded is a visit that has been judged and waits to be kept.
type concluded struct {
	visit   *visit
	capture *archive.Capture

	requisites []Requisite
}

// holder keeps concluded visits and reports them. As long as nothing at all
// has answered, it holds them back: if that stays so, the machine is offline
// and they say nothing.
type holder struct {
	crawler *Crawler
	done    func(Result)
	cancel  context.CancelCauseFunc

	mu     sync.Mutex
	online bool
	held   []*concluded
	hosts  map[string]bool // of the held visits
	asked  bool            // the network was asked after
	report sync.Mutex      // one call of done at a time
}

// heldHosts is how many hosts may fail to answer, with none that did, before
// the network itself is asked after.
const heldHosts = 3

func (h *holder) concluded(ctx context.Context, cv *concluded) {
	h.mu.Lock()
	if !h.online && !reached(&cv.visit.seen) {
		cv.visit.settle()
		h.held = append(h.held, cv)
		if h.hosts == nil {
			h.hosts = map[string]bool{}
		}
		h.hosts[hostOf(cv.visit.job.URL)] = true
		ask := len(h.hosts) >= heldHosts && !h.asked
		h.asked = h.asked || ask
		h.mu.Unlock()
		if ask && h.networkUp(ctx) {
			h.release(ctx)
		} else if ask && !h.reachedSince() {
			h.cancel(ErrOffline)
		}
		return
	}
	first := !h.online
	h.online = true
	h.mu.Unlock()
	if first {
		h.release(ctx)
	}
	h.keep(ctx, cv)
}

// reachedSince reports whether something answered while the network was asked after.
func (h *holder) reachedSince() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.online
}

// release keeps what was held back.
func (h *holder) release(ctx context.Context) {
	h.mu.Lock()
	h.online = true
	held := h.held
	h.held = nil
	h.mu.Unlock()
	for _, cv := range held {
		h.keep(ctx, cv)
	}
}

// finish decides about what is still held back when the run ends.
func (h *holder) finish(ctx context.Context) error {
	if len(h.held) == 0 {
		return nil
	}
	if context.Cause(ctx) == nil && h.networkUp(ctx) {
		h.release(ctx)
		return nil
	}
	for _, cv := range h.held {
		cv.visit.close()
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return ErrOffline
}

// reached reports whether anything answered at all: a connection stood, or
// somebody refused it.
func reached(v *archive.Visit) bool {
	for _, x := range v.Exchanges {
		if x.Remote.IsValid() {
			return true
		}
		if f := x.Failure; f != nil {
			switch f.Class {
			case archive.ClassNoHost, archive.ClassDNS, archive.ClassTimeout, archive.ClassUnreachable, archive.ClassOther:
			default:
				return f.Class == archive.ClassRefused
			}
		}
	}
	return false
}

// networkUp asks for the name servers of the top-level domains that the held
// visits were about: a dead domain's parent still answers, a dead network's
// does not.
func (h *holder) networkUp(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	asked := map[string]bool{}
	h.mu.Lock()
	held := h.held
	h.mu.Unlock()
	for _, cv := range held {
		if blameless(&cv.visit.seen) {
			return true // nothing to do with the network
		}
		tld := topLevel(hostOf(cv.visit.job.URL))
		if asked[tld] || len(asked) == 3 {
			continue
		}
		asked[tld] = true
		if err := h.crawler.cfg.NameServers(ctx, tld); err == nil {
			return true
		}
	}
	return false
}

// blameless visits never got as far as the network.
func blameless(v *archive.Visit) bool {
	x := v.Last()
	return x != nil && x.Failure != nil && (x.Failure.Class == archive.ClassURL || x.Failure.Class == archive.ClassPrivate)
}

func topLevel(host string) string {
	host, _, _ = strings.Cut(host, ":")
	host = strings.TrimSuffix(host, ".")
	if i := strings.LastIndexByte(host, '.'); i >= 0 && host[len(host)-1] > '9' {
		return host[i+1:] + "."
	}
	return "com."
}

// keep has a visit kept and reports it.
func (h *holder) keep(ctx context.Context, cv *concluded) {
	defer cv.visit.close()
	err := h.crawler.keep(ctx, cv)
	h.report.Lock()
	defer h.report.Unlock()
	h.done(Result{Job: cv.visit.job, Capture: cv.capture, Err: err})
}

// failed reports a visit that could not be made for reasons of our own.
func (h *holder) failed(j Job, err error) {
	h.report.Lock()
	defer h.report.Unlock()
	h.done(Result{Job: j, Err: err})
}

// keep writes the visit's exchanges, fetches what its page needs, and commits.
func (c *Crawler) keep(ctx context.Context, cv *concluded) error {
	if c.cfg.Keeper == nil {
		return nil
	}
	w, err := c.cfg.Keeper.Begin()
	if err != nil {
		return fmt.Errorf("keep %s: %w", cv.capture.URL, err)
	}
	defer w.Abort()
	for _, x := range cv.visit.seen.Exchanges {
		if err := w.Exchange(x); err != nil {
			return fmt.Errorf("keep %s: %w", cv.capture.URL, err)
		}
	}
	if c.wantsRequisites(cv) {
		if err := c.requisites(ctx, cv, w); err != nil {
			return fmt.Errorf("keep requisites of %s: %w", cv.capture.URL, err)
		}
	}
	cv.capture.FinishedAt = c.now()
	if err := w.Commit(ctx, cv.capture); err != nil {
		return fmt.Errorf("keep %s: %w", cv.capture.URL, err)
	}
	return nil
}

func (c *Crawler) wantsRequisites(cv *concluded) bool {
	x := cv.visit.seen.Last()
	return !c.cfg.Requisites.Off && len(cv.requisites) > 0 && x.Status == http.StatusOK
}
