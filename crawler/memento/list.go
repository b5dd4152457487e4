package memento

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// candidate is a memento that an archive names.
type candidate struct {
	archive *Archive
	at      time.Time
	url     string // where it is fetched
	gate    bool   // url is a TimeGate, and at the day that it is asked for
}

// candidates asks every archive that does not rest for what it has of a source,
// the nearest to the day first.
func (f *Finder) candidates(ctx context.Context, s Source, out *Found) ([]candidate, error) {
	var all []candidate
	for i := range f.cfg.Archives {
		a := &f.cfg.Archives[i]
		for _, form := range forms(s) {
			switch {
			case !a.Asks():
				continue
			case f.resting[a.Name] != "":
				out.Unsure, out.Why = true, a.Name+": "+f.resting[a.Name]
				continue
			}
			var some []candidate
			var err error
			switch {
			case a.CDX != "":
				some, err = f.cdx(ctx, a, form, s, out)
			case a.TimeMap != "":
				some, err = f.timeMap(ctx, a, form, s, out)
			default:
				some = []candidate{{archive: a, at: s.Day, url: strings.ReplaceAll(a.TimeGate, "{url}", form), gate: true}}
			}
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
	}
	latest := f.cfg.Now().Add(24 * time.Hour)
	all = slices.DeleteFunc(all, func(c candidate) bool {
		return c.at.After(latest) || c.at.Before(firstCrawl) || f.excluded(c.url)
	})
	slices.SortStableFunc(all, func(a, b candidate) int { return int(min(1, max(-1, apart(a.at, s.Day)-apart(b.at, s.Day)))) })
	return slices.CompactFunc(all, func(a, b candidate) bool { return a.url == b.url }), nil
}

// firstCrawl is before the first archive of the web.
var firstCrawl = time.Date(1995, 1, 1, 0, 0, 0, 0, time.UTC)

func apart(a, b time.Time) time.Duration { return a.Sub(b).Abs() }

// cdxLimit is how many captures a CDX server is asked for.
const cdxLimit = 10

// cdx asks a CDX server. Captures of error pages are left out by the server; those
// of redirects are not, since they lead to captures.
func (f *Finder) cdx(ctx context.Context, a *Archive, form string, s Source, out *Found) ([]candidate, error) {
	ask := a.CDX
	separator := "?"
	if strings.Contains(ask, "?") {
		separator = "&"
	}
	if strings.Contains(ask, "{url}") {
		ask = strings.ReplaceAll(ask, "{url}", url.QueryEscape(form))
	} else {
		ask += separator + "url=" + url.QueryEscape(form)
		separator = "&"
	}
	ask += fmt.Sprintf("%soutput=json&fl=%s&filter=%s&closest=%s&sort=closest&limit=%d", separator, cdxFields,
		url.QueryEscape("!statuscode:[45].."), s.Day.UTC().Format(stampLayout), cdxLimit)
	x, err := f.fetch(ctx, out, ask, http.Header{"Accept": {"application/json"}})
	if err != nil {
		return nil, err
	}
	if f.fails(a, x, out) {
		return nil, nil
	}
	if x.Status == http.StatusNotFound {
		return nil, nil
	}
	rows, err := parseCDX(contentOf(x))
	if err == nil && x.Status != http.StatusOK {
		err = fmt.Errorf("it answers %d", x.Status)
	}
	if err == nil && x.Truncated != "" {
		err = errors.New("its answer is cut")
	}
	if err != nil {
		out.Unsure, out.Why = true, a.Name+": "+err.Error()
		return nil, nil //nolint:nilerr // said in what is found: other archives may have it
	}
	var list []candidate
	for _, r := range rows {
		if r.status >= 400 || !sameSource(r.original, s.Key) {
			continue
		}
		list = append(list, candidate{archive: a, at: r.at, url: a.replay(r.stamp, r.original)})
	}
	return list, nil
}

func contentOf(x *archive.Exchange) io.Reader {
	return x.Content(archive.DecodeLimits{MaxBytes: maxList})
}

func (a *Archive) replay(stamp, original string) string {
	return strings.NewReplacer("{timestamp}", stamp, "{url}", original).Replace(a.Replay)
}

// page is a page of a TimeMap that was not read yet.
type page struct {
	url  string
	away time.Duration // of its period from the day, at least
}

// timeMap reads a TimeMap, of one in pages the pages that can hold what is nearest.
func (f *Finder) timeMap(ctx context.Context, a *Archive, form string, s Source, out *Found) ([]candidate, error) {
	first := strings.ReplaceAll(a.TimeMap, "{url}", form)
	pending := []page{{url: first}}
	seen := map[string]bool{first: true}
	var list []candidate
	nearest := time.Duration(1<<63 - 1)
	for n := 0; n < f.cfg.Pages && len(pending) > 0; n++ {
		slices.SortStableFunc(pending, func(a, b page) int { return int(min(1, max(-1, a.away-b.away))) })
		p := pending[0]
		pending = pending[1:]
		if p.away > nearest {
			break
		}
		x, err := f.fetch(ctx, out, p.url, http.Header{"Accept": {"application/link-format"}})
		if err != nil {
			return nil, err
		}
		if f.fails(a, x, out) {
			return list, nil
		}
		if x.Status != http.StatusOK {
			if x.Status != http.StatusNotFound {
				out.Unsure, out.Why = true, fmt.Sprintf("%s: its TimeMap answers %d", a.Name, x.Status)
			}
			continue
		}
		body, _ := io.ReadAll(contentOf(x)) // as much as came: the parser says what is missing
		links, err := parseLinks(string(body))
		if err != nil {
			out.Unsure, out.Why = true, a.Name+": "+err.Error()
		}
		for i := range links {
			l := &links[i]
			target, ok := resolve(p.url, l.target)
			if !ok {
				continue
			}
			switch {
			case l.is("memento"):
				at, err := http.ParseTime(l.datetime)
				if err != nil {
					continue // it says of no time
				}
				list = append(list, candidate{archive: a, at: at.UTC(), url: a.raw(target)})
				nearest = min(nearest, apart(at, s.Day))
			case l.is("timemap") && !seen[target] && hostOf(target) == hostOf(first):
				seen[target] = true
				pending = append(pending, page{target, l.away(s.Day)})
			}
		}
	}
	return list, nil
}

// away is how far the period of a page of a TimeMap is from a day, 0 when it does
// not say.
func (l *link) away(day time.Time) time.Duration {
	from, err := http.ParseTime(l.from)
	if err == nil && day.Before(from) {
		return from.Sub(day)
	}
	until, err := http.ParseTime(l.until)
	if err == nil && day.After(until) {
		return day.Sub(until)
	}
	return 0
}

// resolve makes an address absolute. Only http and https are followed.
func resolve(base, ref string) (string, bool) {
	b, err := url.Parse(base)
	if err != nil {
		return "", false
	}
	u, err := b.Parse(ref)
	if err != nil || u.User != nil {
		return "", false
	}
	u.Fragment, u.RawFragment = "", ""
	s := u.String()
	if fetchable(ref) {
		s, _, _ = strings.Cut(ref, "#") // as written: what is in its path is an address of another server
	}
	return s, fetchable(s)
}
