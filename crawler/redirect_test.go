package crawler_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
)

func TestRedirects(t *testing.T) {
	hops := map[string]script{}
	for i := range 20 {
		hops[fmt.Sprint("/", i)] = always(moved(fmt.Sprint("/", i+1)))
	}
	gate := func(elsewhere string) script {
		return func(_ int, r asked) string {
			if strings.Contains(r.header.Get("Cookie"), "visitor=17") {
				return found()
			}
			return moved(elsewhere, "Set-Cookie: visitor=17; Path=/")
		}
	}
	for _, tt := range []struct {
		name  string
		hosts map[string]script
		trail []string
		final string
		want  archive.Verdict
	}{
		{"none", map[string]script{"a.test": always(found())}, []string{"200 http://a.test/"}, "http://a.test/", archive.Alive},
		{"to another host", map[string]script{"a.test": always(moved("http://b.test/x?y#z")), "b.test": always(found())},
			[]string{"302 http://a.test/", "200 http://b.test/x?y"}, "http://b.test/x?y", ""},
		{"credentials are dropped", map[string]script{"a.test": always(moved("http://me:secret@b.test/")), "b.test": always(found())},
			[]string{"302 http://a.test/", "200 http://b.test/"}, "http://b.test/", ""},
		{"ten are followed", map[string]script{"a.test": targets(map[string]script{"/": always(moved("/11")),
			"/11": hops["/11"], "/12": hops["/12"], "/13": hops["/13"], "/14": hops["/14"], "/15": hops["/15"], "/16": hops["/16"],
			"/17": hops["/17"], "/18": hops["/18"], "/19": hops["/19"], "/20": always(found())})},
			nil, "http://a.test/20", ""},
		{"eleven are not", map[string]script{"a.test": targets(with(hops, "/", always(moved("/0"))))}, nil, "", archive.Unreachable},
		{"to itself", map[string]script{"a.test": always(moved("/"))}, []string{"302 http://a.test/", "redirect-loop http://a.test/"}, "", archive.Unreachable},
		{"round and round", map[string]script{"a.test": always(moved("http://b.test/")), "b.test": always(moved("http://a.test/"))},
			[]string{"302 http://a.test/", "302 http://b.test/", "redirect-loop http://a.test/"}, "", archive.Unreachable},
		{"no URL", map[string]script{"a.test": always(moved("http://[::bad"))}, []string{"302 http://a.test/", "url http://[::bad"}, "", ""},
		{"no web", map[string]script{"a.test": always(moved("javascript:alert(1)"))}, []string{"302 http://a.test/", "url javascript:alert(1)"}, "", ""},
		{"nowhere", map[string]script{"a.test": always(answer(302, "here"))}, []string{"302 http://a.test/"}, "http://a.test/", ""},
		{"a cookie and itself", map[string]script{"a.test": gate("/")}, []string{"302 http://a.test/", "200 http://a.test/"}, "http://a.test/", archive.Alive},
		{"a cookie by way of another page", map[string]script{"a.test": targets(map[string]script{"/": gate("/set"), "/set": always(moved("/"))})},
			[]string{"302 http://a.test/", "302 http://a.test/set", "200 http://a.test/"}, "http://a.test/", archive.Alive},
		{"a cookie that is never enough", map[string]script{"a.test": always(moved("/", "Set-Cookie: a=1"))},
			[]string{"302 http://a.test/", "302 http://a.test/", "redirect-loop http://a.test/"}, "", archive.Unreachable},
		{"a hop that fails once", map[string]script{"a.test": always(moved("http://b.test/")), "b.test": first(answer(503, ""), found())},
			[]string{"302 http://a.test/", "503 http://b.test/", "200 http://b.test/"}, "http://b.test/", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				web := &stage{hosts: tt.hosts}
				k := visitOne(t, web.config(), "http://a.test/")
				got := k.trail()
				if tt.trail != nil && cmp.Diff(tt.trail, got) != "" {
					t.Errorf("exchanges (-want +got):\n%s", cmp.Diff(tt.trail, got))
				}
				if len(got) > 12 {
					t.Errorf("%d exchanges", len(got))
				}
				if k.capture.FinalURL != tt.final || tt.want != "" && k.capture.Verdict != tt.want {
					t.Errorf("%s at %q, want %s at %q: %q", k.capture.Verdict, k.capture.FinalURL, tt.want, tt.final, k.capture.Reasons)
				}
				for _, x := range k.xs {
					if strings.Contains(x.URL+x.request, "secret") && !strings.Contains(x.response, "secret") {
						t.Errorf("credentials were kept: %q", x.request)
					}
					if x.Status == 302 && x.PayloadSize == 0 {
						t.Errorf("the body of %s is not kept", x.URL)
					}
				}
			})
		})
	}
}

func with(m map[string]script, key string, s script) map[string]script {
	all := map[string]script{key: s}
	for k, v := range m {
		all[k] = v
	}
	return all
}

// A redirect is a visit to the other host: it waits for its turn there.
func TestRedirectWaitsForTheOtherHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		web := &stage{hosts: map[string]script{"a.test": always(moved("http://b.test/")), "b.test": always(found()), "c.test": always(moved("http://b.test/"))}}
		cfg := web.config()
		cfg.Delay = 5 * time.Second
		from := time.Now()
		crawl(t, cfg, "http://a.test/", "http://b.test/own", "http://c.test/")
		var at []int
		for _, r := range web.asked {
			if strings.HasPrefix(r.url, "b.test") {
				at = append(at, int(r.at.Sub(from).Seconds()))
			}
		}
		if !slices.Equal(at, []int{0, 5, 10}) {
			t.Errorf("b.test was asked at %v s, want 0, 5 and 10", at)
		}
	})
}

// A visit's cookies are its own, and are sent nowhere else.
func TestCookiesStayWhereTheyAre(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		web := &stage{hosts: map[string]script{
			"a.test": func(_ int, r asked) string {
				if r.header.Get("Cookie") == "" {
					return moved("/", "Set-Cookie: visitor=17; Path=/")
				}
				return moved("http://b.test/")
			}, "b.test": always(found())}}
		crawl(t, web.config(), "http://a.test/", "http://a.test/2")
		for _, r := range web.asked {
			if r.url == "b.test/" && r.header.Get("Cookie") != "" {
				t.Errorf("b.test was sent %q", r.header)
			}
		}
		if n := len(web.asked); n != 2*3+1 && n != 2*3 {
			t.Logf("asked %q", web.urls())
		}
	})
}
