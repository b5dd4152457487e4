package crawler_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
)

// What can pass is asked again, what cannot is not, and what seems dead is
// looked at twice.
func TestRetries(t *testing.T) {
	for _, tt := range []struct {
		name  string
		play  script
		asked int
		want  archive.Verdict
	}{
		{"200", always(found()), 1, archive.Alive},
		{"401", always(answer(401, "")), 1, archive.Restricted},
		{"403", always(answer(403, "no")), 1, archive.Blocked},
		{"404", always(answer(404, "no")), 2, archive.Gone},
		{"410", always(answer(410, "no")), 2, archive.Gone},
		{"404 once", first(answer(404, "no"), found()), 2, archive.Alive},
		{"408", always(answer(408, "")), 3, archive.Unreachable},
		{"425", always(answer(425, "")), 3, ""},
		{"429", always(answer(429, "")), 3, archive.Blocked},
		{"500", always(answer(500, "oh")), 3, archive.Unreachable},
		{"501", always(answer(501, "oh")), 1, ""},
		{"505", always(answer(505, "oh")), 1, ""},
		{"503 once", first(answer(503, ""), found()), 2, archive.Alive},
		{"503 twice", first(answer(503, ""), answer(503, ""), found()), 3, archive.Alive},
		{"503 three times", first(answer(503, ""), answer(503, ""), answer(503, ""), found()), 3, archive.Unreachable},
		{"closed at once", always(""), 3, archive.Unreachable},
		{"closed once", first("", found()), 2, archive.Alive},
		{"cut once", first("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 99\r\n\r\nshort", found()), 2, archive.Alive},
		{"not HTTP", always("220 mail.test ESMTP\r\nConnection: close\r\n"), 2, archive.Invalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				web := &stage{hosts: map[string]script{"a.test": tt.play}}
				k := visitOne(t, web.config(), "http://a.test/")
				if len(web.asked) != tt.asked || len(k.xs) != tt.asked {
					t.Errorf("asked %d times, kept %q; want %d", len(web.asked), k.trail(), tt.asked)
				}
				if tt.want != "" && k.capture.Verdict != tt.want {
					t.Errorf("verdict %s, want %s: %q", k.capture.Verdict, tt.want, k.capture.Reasons)
				}
			})
		})
	}
}

// The waits between the requests of one visit.
func TestWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		date := time.Now().Add(20 * time.Second).UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")
		for _, tt := range []struct {
			name       string
			first      string
			least, wet time.Duration // from the first to the second request
			asked      int
		}{
			{"jittered", answer(503, ""), time.Second, 2 * time.Second, 2}, // at least the delay
			{"seconds", answer(503, "", "Retry-After: 7"), 7 * time.Second, 7 * time.Second, 2},
			{"seconds of a 429", answer(429, "", "Retry-After: 30"), 30 * time.Second, 30 * time.Second, 2},
			{"zero", answer(503, "", "Retry-After: 0"), time.Second, time.Second, 2},
			{"too long", answer(429, "", "Retry-After: 31"), 0, 0, 1},
			{"an hour", answer(503, "", "Retry-After: 3600"), 0, 0, 1},
			{"garbage", answer(503, "", "Retry-After: soon"), time.Second, 2 * time.Second, 2},
			{"not for a 200", found("Retry-After: 9"), 0, 0, 1},
			{"second look", answer(404, ""), 3 * time.Second, 3 * time.Second, 2},
			{"date", answer(503, "", "Retry-After: "+date), 0, 20 * time.Second, 2},
		} {
			web := &stage{hosts: map[string]script{"a.test": first(tt.first, found())}}
			visitOne(t, web.config(), "http://a.test/")
			if len(web.asked) != tt.asked {
				t.Errorf("%s: asked %d times, want %d", tt.name, len(web.asked), tt.asked)
				continue
			}
			if tt.asked > 1 {
				if gap := web.asked[1].at.Sub(web.asked[0].at); gap < tt.least || gap > tt.wet {
					t.Errorf("%s: asked again after %s, want %s to %s", tt.name, gap, tt.least, tt.wet)
				}
			}
		}
	})
}

func TestRetryAfterRestsTheHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		web := &stage{hosts: map[string]script{
			"a.test": targets(map[string]script{"/1": first(answer(429, "", "Retry-After: 20"), found()), "/2": always(found())}),
			"b.test": always(found())}}
		from := time.Now()
		crawl(t, web.config(), "http://a.test/1", "http://a.test/2", "http://b.test/3")
		for _, r := range web.asked {
			if at := r.at.Sub(from); r.url == "a.test/2" && at < 20*time.Second || r.url == "b.test/3" && at > 0 {
				t.Errorf("%s was asked after %s", r.url, at)
			}
		}
		if len(web.asked) != 4 {
			t.Errorf("asked %q", web.urls())
		}
	})
}

func TestTimeout(t *testing.T) {
	silent := func(int, asked) string { time.Sleep(time.Hour); return "" }
	for _, tt := range []struct {
		name string
		play script
		took time.Duration // at most
		want []string
	}{
		{"one exchange", always("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), 9 * time.Second, []string{"timeout http://a.test/"}},
		{"hops that each take long", func(n int, r asked) string { time.Sleep(4 * time.Second); return moved(r.target + "x") }, 9 * time.Second,
			[]string{"302 http://a.test/", "302 http://a.test/x", "timeout http://a.test/xx"}},
		{"retries", func(int, asked) string { time.Sleep(4 * time.Second); return answer(500, "") }, 9 * time.Second,
			[]string{"500 http://a.test/", "500 http://a.test/"}},
		{"silence", silent, 9 * time.Second, []string{"timeout http://a.test/"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				web := &stage{hosts: map[string]script{"a.test": tt.play}}
				cfg := web.config()
				cfg.Timeout, cfg.Delay, cfg.RetryBase = 9*time.Second, -1, time.Millisecond
				from := time.Now()
				k := visitOne(t, cfg, "http://a.test/")
				if took := time.Since(from); took > tt.took {
					t.Errorf("took %s", took)
				}
				got := k.trail()
				if len(got) > len(tt.want) && strings.HasPrefix(got[len(got)-1], "timeout") {
					got = got[:len(tt.want)] // whether a last attempt fits in is the jitter's choice
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Error(diff)
				}
				if k.capture.Verdict != archive.Unreachable {
					t.Errorf("verdict %s", k.capture.Verdict)
				}
				time.Sleep(time.Hour) // the silent host's
			})
		})
	}
}

// The time that a visit waits for its turn is not its own.
func TestTimeoutLeavesOutTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		web := &stage{hosts: map[string]script{"a.test": always(found())}}
		cfg := web.config()
		cfg.Timeout = 2 * time.Second
		var urls []string
		for i := range 20 {
			urls = append(urls, fmt.Sprint("http://a.test/", i))
		}
		for url, r := range crawl(t, cfg, urls...) {
			if r.Capture.Verdict != archive.Alive {
				t.Errorf("%s is %s: %q", url, r.Capture.Verdict, r.Capture.Reasons)
			}
		}
	})
}

func TestRequestTarget(t *testing.T) {
	long := "/" + strings.Repeat("a", 8000)
	for _, target := range []string{"/", "/?b=2&a=1", "/?", "/a?b?c", "/%zz", "/a|b", "/a%20b+c", "/%c3%A9", "//a//b/", "/a/...//b", "/it's!(x)*", "/[0]", "/?q=http://b.test/../x", "/;a=1", long} {
		synctest.Test(t, func(t *testing.T) {
			web := &stage{hosts: map[string]script{"a.test": always(found())}}
			k := visitOne(t, web.config(), "http://a.test"+target)
			if len(k.xs) != 1 {
				t.Fatalf("%.40s: kept %q, %+v", target, k.trail(), k.capture)
			}
			if len(web.asked) != 1 || !strings.HasPrefix(web.asked[0].raw, "GET "+target+" HTTP/1.1\r\nHost: a.test\r\nUser-Agent: ibid-test/1\r\n") {
				t.Errorf("%.40s was asked as %.80q", target, web.urls())
			}
			if k.xs[0].URL != "http://a.test"+target || k.xs[0].request != web.asked[0].raw {
				t.Errorf("kept %.40s as %.80q", k.xs[0].URL, k.xs[0].request)
			}
		})
	}
}

func TestConditional(t *testing.T) {
	now := time.Now()
	same := archive.Prior{URL: "http://a.test/", Record: "urn:uuid:1", PayloadSHA256: sha(article), ETag: `W/"7"`, LastModified: "last Tuesday", VerifiedAt: now}
	old, other, bare := same, same, same
	old.VerifiedAt = now.Add(-91 * 24 * time.Hour)
	other.PayloadSHA256 = sha("other")
	bare.ETag, bare.LastModified = "", ""
	for _, tt := range []struct {
		name        string
		prior       *archive.Prior
		answer      string
		tag, since  string // what was sent
		revisit     bool
		payload     string
		wantVerdict archive.Verdict
	}{
		{"nothing known", nil, found(), "", "", false, sha(article), archive.Alive},
		{"304", &same, answer(304, ""), `W/"7"`, "last Tuesday", true, sha(article), archive.Alive},
		{"equal bytes", &same, found(), `W/"7"`, "last Tuesday", true, sha(article), archive.Alive},
		{"equal bytes, no validators", &bare, found(), "", "", true, sha(article), archive.Alive},
		{"changed", &other, found(), `W/"7"`, "last Tuesday", false, sha(article), archive.Alive},
		{"not believed for ever", &old, found(), "", "", true, sha(article), archive.Alive},
		{"equal bytes, cut", &same, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9999\r\n\r\n" + article, `W/"7"`, "last Tuesday", false, "", archive.Unreachable},
		{"equal bytes of an error", &same, answer(404, article), `W/"7"`, "last Tuesday", false, sha(article), archive.Gone},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				web := &stage{hosts: map[string]script{"a.test": always(tt.answer)}}
				cfg := web.config()
				cfg.Now = func() time.Time { return now }
				cfg.Prior = func(_ context.Context, url string) (*archive.Prior, error) {
					if url != "http://a.test/" {
						t.Errorf("asked for what is known of %s", url)
					}
					return tt.prior, nil
				}
				k := visitOne(t, cfg, "http://a.test/")
				h := web.asked[0].header
				if h.Get("If-None-Match") != tt.tag || h.Get("If-Modified-Since") != tt.since {
					t.Errorf("sent %q", h)
				}
				x := k.xs[len(k.xs)-1]
				if x.Revisit() != tt.revisit || k.capture.Unchanged != tt.revisit {
					t.Errorf("revisit %t, unchanged %t; want %t", x.Revisit(), k.capture.Unchanged, tt.revisit)
				}
				if k.capture.PayloadSHA256 != tt.payload || k.capture.Verdict != tt.wantVerdict {
					t.Errorf("%s with payload %q; want %s, %q", k.capture.Verdict, k.capture.PayloadSHA256, tt.wantVerdict, tt.payload)
				}
			})
		})
	}
}
