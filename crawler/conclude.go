package crawler

import (
	"context"
	"encoding/hex"
	"io"
	"mime"
	neturl "net/url"
	"slices"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// conclude judges a visit that has come to its end and has it kept. It returns
// true when the judge asks for something, or a second look is due, first: after
// the wait.
func (c *Crawler) conclude(ctx context.Context, v *visit, h *holder) (wait time.Duration, again bool) {
	if c.nextQuestion(v) {
		return 1, true // however short: the host's delay comes first
	}
	requisites := c.outcome(v)
	j := c.cfg.Judge(&v.seen)
	if j.Ask != "" && len(v.probed) < mostProbes && !slices.Contains(v.probed, j.Ask) {
		v.probe, v.url, v.probed = j.Ask, j.Ask, append(v.probed, j.Ask)
		return 1, true // however short: the host's delay comes first
	}
	if v.look == 0 && c.cfg.SecondLook > 0 && doubtful(j.Verdict, v) {
		v.lookAgain()
		return c.cfg.SecondLook, true
	}
	if len(v.seen.Exchanges) > 0 {
		// Not the moment before it: one time less to keep.
		v.seen.StartedAt = v.seen.Exchanges[0].Started
	}
	if j.Compared != nil {
		v.seen.TextSHA256 = j.Compared.TextSHA256
	}
	capture := &archive.Capture{
		Version: archive.CaptureVersion, Software: c.cfg.UserAgent, Key: v.seen.Key, URL: v.seen.URL, Citations: v.seen.Citations,
		StartedAt: v.seen.StartedAt, FinishedAt: c.now(), Judgement: j, Outcome: v.seen.Outcome, Policy: v.seen.Policy,
	}
	h.concluded(ctx, &concluded{visit: v, capture: capture, requisites: requisites})
	return 0, false
}

// mostProbes is how many pages of the host the judge may ask for in one visit.
const mostProbes = 2

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
	post := v.seen.BestPost()
	o.Post = post.Summary()
	x := v.seen.Last()
	if x == nil || x.Status == 0 {
		v.seen.Outcome = o
		return mediaOf(post)
	}
	contentType := x.Header.Get("Content-Type")
	o.HTTPStatus, o.FinalURL, o.MediaType = x.Status, x.URL, mediaType(contentType)
	o.Unchanged = x.Revisit()
	if x.NotModified() {
		o.PayloadSHA256 = x.Prior.PayloadSHA256
	} else if x.Complete() {
		o.PayloadSHA256, o.PayloadSize = hex.EncodeToString(x.PayloadSHA256[:]), x.PayloadSize
	}
	v.seen.Outcome = o
	base, err := neturl.Parse(x.URL)
	if err != nil || !isHTML(o.MediaType) || x.PayloadSize == 0 || c.cfg.Keeper == nil {
		return mediaOf(post)
	}
	if !c.showsPage(x) {
		v.seen.Outcome.Title = pageTitle(contentType, c.page(x), titleLimit)
		return mediaOf(post)
	}
	page := ReadPage(base, contentType, c.page(x), titleLimit)
	v.seen.Outcome.Title = page.Title
	return append(mediaOf(post), page.Requisites...)
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
