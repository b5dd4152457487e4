package memento

import (
	"context"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// Find looks for the memento of a source that is nearest to its day. What archives
// answer is part of what is found; the error is the Fetcher's.
func (f *Finder) Find(ctx context.Context, s Source) (out *Found, err error) {
	out = &Found{}
	defer func() {
		if err != nil {
			out.Close()
			out = nil
		}
	}()
	f.subject = s.URL
	list, err := f.candidates(ctx, s, out)
	if err != nil {
		return out, err
	}
	var passed []string
	var best *seen
	for i := range list {
		if i == f.cfg.Tries {
			break
		}
		c := &list[i]
		if best != nil && apart(best.at, s.Day) <= apart(c.at, s.Day) {
			break // nothing nearer is left
		}
		if f.resting[c.archive.Name] != "" {
			continue
		}
		got, why, err := f.look(ctx, c, s, out)
		switch {
		case err != nil:
			return out, err
		case got == nil:
			passed = append(passed, why)
		case best == nil || apart(got.at, s.Day) < apart(best.at, s.Day):
			best = got
		}
	}
	if best == nil {
		switch {
		case len(passed) > 0:
			out.Why = "no memento that was looked at can be trusted: " + strings.Join(passed, "; ")
		case out.Why == "":
			out.Why = "no archive has it"
		}
		return out, nil
	}
	best.found(s, passed, out)
	return out, nil
}

// seen is a memento that was fetched and can be trusted.
type seen struct {
	archive  *Archive
	at       time.Time
	original string
	chain    []*archive.Exchange // archived redirects, and the memento
	judged   archive.Judgement
}

// look fetches a memento. When it is not to be taken it is nil, and why says so.
func (f *Finder) look(ctx context.Context, c *candidate, s Source, out *Found) (got *seen, why string, err error) {
	got = &seen{archive: c.archive}
	visited := map[string]bool{}
	visit := &archive.Visit{Key: s.Key, URL: s.URL}
	at := c.url
	header := http.Header{}
	if c.gate {
		header.Set("Accept-Datetime", s.Day.UTC().Format(http.TimeFormat))
	}
	say := func(format string, args ...any) (*seen, string, error) {
		return nil, c.at.UTC().Format(time.DateOnly) + " " + fmt.Sprintf(format, args...), nil
	}
	for hops := 0; ; hops++ {
		visited[at] = true
		x, err := f.fetch(ctx, out, at, header)
		if err != nil {
			return nil, "", err
		}
		if f.fails(c.archive, x, out) {
			why, _ := troubleOf(x)
			return say("could not be had: %s", why)
		}
		when, isMemento := f.datetime(x)
		if isMemento {
			original := originalOf(x)
			switch {
			case len(got.chain) > 0: // a redirect of the source, to what it was redirected to
			case original == "":
				return say("does not say what it is of")
			case !sameSource(original, s.Key):
				return say("is of another address: %.200s", original)
			}
			if original == "" {
				original = s.URL
			}
			got.chain, got.original, got.at = append(got.chain, x), original, when
			as := *x // as the server that was archived said it
			as.URL, as.Role = original, archive.RoleSource
			visit.Exchanges = append(visit.Exchanges, &as)
		}
		location := x.Header.Get("Location")
		switch {
		case !x.Complete():
			return say("did not arrive whole")
		case x.Status/100 == 3 && location != "":
			to, ok := resolve(x.URL, location)
			switch {
			case !ok || hostOf(to) != hostOf(x.URL) && (!c.gate || len(got.chain) > 0 || hostOf(to) == hostOf(s.URL)) || f.excluded(to):
				return say("redirects out of the archive")
			case visited[to]:
				return say("redirects in a circle")
			case hops == f.cfg.Hops:
				return say("redirects more than %d times", f.cfg.Hops)
			}
			at = c.archive.raw(to)
			continue
		case !isMemento:
			return say("is no memento: the answer (%d) has no Memento-Datetime", x.Status)
		case x.Status/100 != 2:
			return say("is an archived error page (%d)", x.Status)
		}
		visit.StartedAt = when
		visit.HTTPStatus, visit.FinalURL = x.Status, got.original
		got.judged = f.cfg.Judge(visit)
		if slices.ContainsFunc(got.judged.Reasons, func(r string) bool { return strings.HasPrefix(r, "redirect-home:") }) {
			return say("is redirected to a home page")
		}
		switch got.judged.Verdict {
		case archive.Alive, archive.Moved, archive.Drifted:
			return got, "", nil
		}
		return say("is %s: %s", got.judged.Verdict, strings.Join(got.judged.Reasons[:min(1, len(got.judged.Reasons))], ""))
	}
}

// datetime is what makes an answer a memento (RFC 7089 §2.1.1). One that lies in
// the future or before the web says nothing.
func (f *Finder) datetime(x *archive.Exchange) (time.Time, bool) {
	at, err := http.ParseTime(strings.TrimSpace(x.Header.Get("Memento-Datetime")))
	if err != nil || at.After(f.cfg.Now().Add(24*time.Hour)) || at.Before(firstCrawl) {
		return time.Time{}, false
	}
	return at.UTC(), true
}

// originalOf is the address that a memento is of: as its Link says, or as stands
// in its own address.
func originalOf(x *archive.Exchange) string {
	links, _ := parseLinks(strings.Join(x.Header.Values("Link"), ", ")) // what could be read of it
	for i := range links {
		if links[i].is("original") && fetchable(links[i].target) {
			return links[i].target
		}
	}
	if _, original, ok := parts(x.URL); ok && fetchable(original) {
		return original
	}
	return ""
}

// maxPassed is how many mementos that were not taken are named.
const maxPassed = 5

// found fills in what is known of a memento that was taken.
func (m *seen) found(s Source, passed []string, out *Found) {
	for _, x := range m.chain {
		x.Role = archive.RoleSource
	}
	last := m.chain[len(m.chain)-1]
	out.Memento = &archive.Memento{Archive: m.archive.Name, URL: shown(last.URL), Datetime: m.at, Original: m.original, Wanted: s.Day.UTC(), Passed: len(passed)}
	out.Judgement = archive.Judgement{Verdict: m.judged.Verdict, Reasons: slices.Clone(m.judged.Reasons)}
	out.Reasons = append(out.Reasons, fmt.Sprintf("memento: as of %s, by %s; nothing shows that the server sent it", m.at.Format(time.DateOnly), m.archive.Name))
	for _, why := range passed[:min(len(passed), maxPassed)] {
		out.Reasons = append(out.Reasons, "memento-passed: the one of "+why)
	}
	out.Outcome = archive.Outcome{HTTPStatus: last.Status, FinalURL: last.URL, PayloadSHA256: hex.EncodeToString(last.PayloadSHA256[:]), PayloadSize: last.PayloadSize}
	for _, x := range m.chain[1:] {
		out.Redirects = append(out.Redirects, x.URL)
	}
	if t, _, err := mime.ParseMediaType(last.Header.Get("Content-Type")); err == nil {
		out.MediaType = t
	}
}
