package crawler_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/platform"
)

const (
	tweetURL = "http://x.com/jack/status/20"
	tweet    = `{"__typename":"Tweet","id_str":"20","text":"just setting up my twttr","lang":"en","created_at":"2006-03-21T20:50:14.000Z","user":{"name":"jack","screen_name":"jack"}}`
	asksX    = "http://cdn.syndication.twimg.com/tweet-result?id=20&lang=en&token=6dq1a2xwd93"
	embedsX  = "http://publish.twitter.com/oembed?url=https%3A%2F%2Ftwitter.com%2Fi%2Fstatus%2F20&omit_script=1&dnt=1&lang=en"
)

// plain asks X without TLS, which a stage does not speak.
func plain(t *testing.T, cfg *crawler.Config) {
	t.Helper()
	registry, err := platform.New(platform.Config{Endpoints: map[string]string{
		"x.syndication": "http://cdn.syndication.twimg.com/tweet-result", "x.oembed": "http://publish.twitter.com/oembed"}})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Platforms = registry
}

func TestQuestions(t *testing.T) {
	shell := answer(200, "<!doctype html><title></title><div id=react-root></div>", "Content-Type: text/html")
	post := answer(200, tweet, "Content-Type: application/json")
	missing := answer(404, "")
	long := answer(200, `{"pad":"`+strings.Repeat("x", 1<<20)+`"}`, "Content-Type: application/json")
	for _, tt := range []struct {
		name                string
		syndication, oembed script
		robots              bool
		verdict             archive.Verdict
		trail               []string // what was asked after the page, in the first look
		card                bool
	}{
		{name: "the first shows it", syndication: always(post), verdict: archive.Alive, trail: []string{"200 " + asksX}, card: true},
		{name: "trouble passes", syndication: first(answer(503, ""), post), verdict: archive.Alive, trail: []string{"503 " + asksX, "200 " + asksX}, card: true},
		{name: "an answer without end", syndication: always(long), oembed: always(missing), verdict: archive.Unknown,
			trail: []string{"body-limit " + asksX, "404 " + embedsX}},
		{name: "a redirect on the way", syndication: always(missing), oembed: first(moved("http://publish.twitter.com/new"), moved("ftp://x/")), verdict: archive.Unknown,
			trail: []string{"404 " + asksX, "302 " + embedsX, "404 http://publish.twitter.com/new", "404 " + asksX}},
		{name: "the endpoints are no more", syndication: always(missing), oembed: always(missing), verdict: archive.Unknown,
			trail: []string{"404 " + asksX, "404 " + embedsX, "404 " + asksX}},
		{name: "redirects without end", syndication: always(missing), oembed: always(moved(embedsX)), verdict: archive.Unknown,
			trail: []string{"404 " + asksX, "302 " + embedsX, "302 " + embedsX, "302 " + embedsX, "302 " + embedsX, "302 " + embedsX}},
		{name: "robots.txt forbids it", syndication: always(answer(200, "User-agent: *\nDisallow: /\n")), oembed: always(missing), robots: true, verdict: archive.Unknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			oembed := tt.oembed
			s := &stage{hosts: map[string]script{"x.com": always(shell), "cdn.syndication.twimg.com": tt.syndication,
				"publish.twitter.com": func(n int, r asked) string {
					if r.target == "/new" || r.target == "/robots.txt" {
						return missing
					}
					return oembed(n, r)
				}}}
			cfg := s.config()
			plain(t, &cfg)
			cfg.Delay, cfg.RetryBase, cfg.SecondLook = -1, 1, -1
			if tt.robots {
				cfg.Robots = crawler.RobotsRespect
			}
			k := visitSeed(t, cfg, tweetURL)
			if k.capture.Verdict != tt.verdict {
				t.Errorf("%s: %q", k.capture.Verdict, k.capture.Reasons)
			}
			if tt.robots {
				for _, x := range k.xs {
					if x.Role == archive.RoleProbe && strings.HasPrefix(x.URL, "http://cdn.") {
						t.Errorf("%s was asked", x.URL)
					}
				}
				return
			}
			if diff := cmp.Diff(append([]string{"200 " + tweetURL}, tt.trail...), k.trail()); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			for _, x := range k.xs[1:] {
				if x.Role != archive.RoleProbe {
					t.Errorf("%s has the role %s", x.URL, x.Role)
				}
			}
			p, err := archive.DecodePost([]byte(k.resources["urn:post:https://x.com/i/status/20"]))
			if err != nil || p.ID != "20" || len(p.Asked) == 0 {
				t.Errorf("its record is %+v, %v", p, err)
			}
			if _, ok := k.resources["urn:card:https://x.com/i/status/20"]; ok != tt.card {
				t.Errorf("there is a card: %t, want %t", ok, tt.card)
			}
		})
	}
}

// An endpoint that asks to be left alone is not asked about the next post.
func TestQuestionsLeaveAlone(t *testing.T) {
	s := &stage{hosts: map[string]script{"x.com": always(answer(200, "shell")), "cdn.syndication.twimg.com": always(answer(429, "", "Retry-After: 900")),
		"publish.twitter.com": always(answer(404, ""))}}
	cfg := s.config()
	plain(t, &cfg)
	cfg.Delay, cfg.Workers, cfg.Keeper = -1, 1, &shelf{}
	got := crawlJobs(t, cfg, []crawler.Job{seedOf(t, tweetURL), seedOf(t, "http://x.com/jack/status/21")})
	asked := 0
	for _, u := range s.urls() {
		if strings.HasPrefix(u, "cdn.") {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
	said := ""
	for _, r := range got {
		if r.Capture.Verdict != archive.Unknown {
			t.Errorf("%s: %q", r.Capture.Verdict, r.Capture.Reasons)
		}
		said += strings.Join(r.Capture.Reasons, "\n")
	}
	if !strings.Contains(said, "it asked to be left alone until ") {
		t.Errorf("it is not said: %s", said)
	}
}

// What has not changed is kept once: the second visit has the answer as a
// revisit, and no record of the post.
func TestQuestionsUnchanged(t *testing.T) {
	s := &stage{hosts: map[string]script{"x.com": always(answer(200, "shell")), "cdn.syndication.twimg.com": always(answer(200, tweet, `ETag: "1"`))}}
	cfg := s.config()
	plain(t, &cfg)
	cfg.Delay = -1
	cfg.Prior = func(_ context.Context, url string) (*archive.Prior, error) {
		if url != asksX {
			return nil, nil
		}
		return &archive.Prior{URL: url, Record: "urn:uuid:1", PayloadSHA256: sha(tweet), ETag: `"1"`, VerifiedAt: time.Now()}, nil
	}
	k := visitSeed(t, cfg, tweetURL)
	if k.capture.Verdict != archive.Alive || k.capture.Post == nil || k.capture.Post.Text != "just setting up my twttr" {
		t.Errorf("%s %+v", k.capture.Verdict, k.capture.Post)
	}
	if len(k.resources) != 0 {
		t.Errorf("kept again: %v", k.resources)
	}
	for _, x := range k.xs {
		if x.Role == archive.RoleProbe && (!x.Revisit() || strings.Contains(x.request, "If-None-Match")) {
			t.Errorf("asked %q, a revisit: %t", x.request, x.Revisit())
		}
	}
}

// visitSeed visits one URL, with the key that package seeds gives it.
func visitSeed(t *testing.T, cfg crawler.Config, url string) *kept {
	t.Helper()
	s := &shelf{}
	cfg.Keeper = s
	if r := crawlJobs(t, cfg, []crawler.Job{seedOf(t, url)})[url]; r.Err != nil || len(s.kept) != 1 {
		t.Fatalf("visit %s: %v, %d captures", url, r.Err, len(s.kept))
	}
	return s.kept[0]
}
