package crawler_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
)

// Over real connections: one at a time to a host, the delay between two
// visits, and hosts at the same time.
func TestPolite(t *testing.T) {
	web := startWeb(t)
	cfg := quick(web)
	cfg.Delay, cfg.Requisites.Off = 60*time.Millisecond, true
	var urls []string
	hosts := []string{"etag-weak.test", "no-validator.test", "gzip.test"}
	for _, h := range hosts {
		for i := range 5 {
			urls = append(urls, fmt.Sprintf("http://%s/?n=%d", h, i))
		}
	}
	cfg.SecondLook = -1
	crawl(t, cfg, urls...)
	var first, last []time.Time
	for _, h := range hosts {
		var at []time.Time
		for _, r := range web.Requests() {
			if r.Site == h {
				at = append(at, r.Time)
			}
		}
		if len(at) != 5 || web.PeakConns(h) != 1 {
			t.Errorf("%s was asked %d times over %d connections at once", h, len(at), web.PeakConns(h))
		}
		slices.SortFunc(at, time.Time.Compare)
		for i := range len(at) - 1 {
			// The exchange before it ended after its request was read.
			if gap := at[i+1].Sub(at[i]); gap < cfg.Delay {
				t.Errorf("%s was asked again after %s", h, gap)
			}
		}
		first, last = append(first, at[0]), append(last, at[len(at)-1])
	}
	if begun, ended := slices.MaxFunc(first, time.Time.Compare), slices.MinFunc(last, time.Time.Compare); !begun.Before(ended) {
		t.Errorf("a host was asked %s after all visits of another: they waited for each other", begun.Sub(ended))
	}
}

// The requisites of a page come over a few connections, all in the page's own
// capture, those that style sheets name too.
func TestRequisitesOfAPage(t *testing.T) {
	web, s := startWeb(t), &shelf{}
	cfg := quick(web)
	cfg.Keeper = s
	page := "https://gazette.test/2026/dam-report"
	k := visitWeb(t, cfg, page)
	var got []string
	for _, x := range k.xs[1:] {
		if x.Status == 200 && x.Role == "requisite" && x.Complete() {
			got = append(got, strings.TrimPrefix(x.URL, "https://gazette.test"))
		}
	}
	slices.Sort(got)
	want := []string{"/assets/reader.js", "/assets/site.css", "/assets/type.css", "/assets/wend-serif.woff2", "/favicon.ico",
		"/img/dam-wide.png", "/img/dam.png", "/img/map.png", "/img/paper.png"}
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("%s is not in the capture: %q", w, got)
		}
	}
	if r := k.capture.Requisites; r == nil || r.Fetched != len(k.xs)-1 || r.Failed != 0 || r.Skipped != 0 {
		t.Errorf("%+v of %d", r, len(k.xs)-1)
	}
	if n := web.PeakConns("gazette.test"); n < 2 || n > 6 {
		t.Errorf("%d connections at once", n)
	}

	before := len(web.Requests())
	cfg.Requisites.Off = true
	if k := visitWeb(t, cfg, page); len(k.xs) != 1 || k.capture.Requisites != nil || len(web.Requests()) != before+1 {
		t.Errorf("%q though requisites are off", k.trail())
	}
}

func TestRequisiteLimits(t *testing.T) {
	web := startWeb(t)
	for _, tt := range []struct {
		name, url string
		limits    crawler.RequisiteLimits
		fetched   int
		skipped   int // at least
	}{
		{"count", "http://requisites-5000.test/", crawler.RequisiteLimits{Count: 30}, 30, 4900},
		{"bytes", "http://requisites-5000.test/", crawler.RequisiteLimits{Bytes: 4 << 10, Connections: 1}, -1, 4900},
		{"time", "http://requisites-gone.test/", crawler.RequisiteLimits{Time: 300 * time.Millisecond, Bytes: 1 << 40}, -1, 0},
		{"style sheets without end", "http://requisites-growing.test/", crawler.RequisiteLimits{}, -1, 1},
		{"style sheets that import each other", "http://requisites-loop.test/", crawler.RequisiteLimits{}, 4, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := quick(web)
			tt.limits.Time = max(tt.limits.Time, 300*time.Millisecond)
			cfg.Requisites, cfg.Keeper, cfg.MaxBody = tt.limits, &shelf{}, 1<<20
			begun := time.Now()
			k := visitWeb(t, cfg, tt.url)
			r := k.capture.Requisites
			if k.capture.Verdict != "alive" || r == nil || tt.fetched >= 0 && r.Fetched != tt.fetched || r.Skipped < tt.skipped || r.Fetched > 200 {
				t.Errorf("%s, %+v", k.capture.Verdict, r)
			}
			if took := time.Since(begun); took > 3*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

// visitWeb is visitOne over the web; the capture is the one that was added.
func visitWeb(t *testing.T, cfg crawler.Config, url string) *kept {
	t.Helper()
	if cfg.Keeper == nil {
		cfg.Keeper = &shelf{}
	}
	return visitOne(t, cfg, url)
}

// Of a page that is what it was, only what the archive lacks is fetched, and
// the robots.txt of another host that had to be asked is in the capture.
func TestRequisiteGaps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		body := `<title>t</title><link rel=icon href="/i.png"><img src="/have.png"><img src="/lack.png"><img src="http://b.test/no/x.png"><img src="http://b.test/yes.png"><p>text`
		web := &stage{hosts: map[string]script{
			"a.test": targets(map[string]script{"/": always(answer(200, body, "Content-Type: text/html")), "/lack.png": always(answer(200, "png")), "/i.png": always(answer(200, "png"))}),
			"b.test": targets(map[string]script{"/robots.txt": always(answer(200, "User-agent: *\nDisallow: /no/\n")), "/yes.png": always(answer(200, "png"))})}}
		cfg := web.config()
		cfg.Requisites.Off, cfg.Robots = false, crawler.RobotsRespect
		cfg.Prior = func(_ context.Context, url string) (*archive.Prior, error) {
			switch url {
			case "http://a.test/":
				return &archive.Prior{URL: url, PayloadSHA256: sha(body), VerifiedAt: time.Now()}, nil
			case "http://a.test/have.png":
				return &archive.Prior{URL: url, PayloadSHA256: sha("png"), VerifiedAt: time.Now()}, nil
			}
			return nil, nil
		}
		k := visitOne(t, cfg, "http://a.test/")
		got := k.trail()
		slices.Sort(got)
		want := []string{"200 http://a.test/", "200 http://a.test/i.png", "200 http://a.test/lack.png", "200 http://b.test/robots.txt", "200 http://b.test/yes.png", "404 http://a.test/robots.txt"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("exchanges (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(&archive.RequisiteSummary{Fetched: 3, Held: 1, Skipped: 1}, k.capture.Requisites); diff != "" || !k.capture.Unchanged {
			t.Error(diff)
		}
	})
}
