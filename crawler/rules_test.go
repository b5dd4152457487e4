package crawler_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/crawltest"
)

func TestRobotsPolicy(t *testing.T) {
	const nothing = "User-agent: *\nDisallow: /\n"
	for _, tt := range []struct {
		name, policy string
		robots       script
		url          string
		want         archive.Verdict
		asked        int // for robots.txt
	}{
		{"ignored", crawler.RobotsIgnore, always(answer(200, nothing)), "http://a.test/", archive.Alive, 0},
		{"allowed", crawler.RobotsRespect, always(answer(200, "User-agent: *\nDisallow: /x\n")), "http://a.test/", archive.Alive, 1},
		{"disallowed", crawler.RobotsRespect, always(answer(200, nothing)), "http://a.test/", archive.Blocked, 1},
		{"disallowed for us", crawler.RobotsRespect, always(answer(200, "User-agent: ibid\nDisallow: /a?b\n")), "http://a.test/a?b=1", archive.Blocked, 1},
		{"coded", crawler.RobotsRespect, always(answer(200, zipped(nothing), "Content-Encoding: gzip")), "http://a.test/", archive.Blocked, 1},
		{"none", crawler.RobotsRespect, always(answer(404, "")), "http://a.test/", archive.Alive, 1},
		{"forbidden", crawler.RobotsRespect, always(answer(403, "")), "http://a.test/", archive.Alive, 1},
		{"in trouble", crawler.RobotsRespect, always(answer(503, "")), "http://a.test/", archive.Blocked, 1},
		{"closed", crawler.RobotsRespect, always(""), "http://a.test/", archive.Blocked, 1},
		{"redirected", crawler.RobotsRespect, always(moved("http://b.test/r")), "http://a.test/", archive.Blocked, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				web := &stage{hosts: map[string]script{
					"a.test": func(n int, r asked) string {
						if r.target == "/robots.txt" {
							return tt.robots(n, r)
						}
						return found()
					}, "b.test": always(answer(200, nothing))}}
				cfg := web.config()
				cfg.Robots = tt.policy
				k := visitOne(t, cfg, tt.url)
				if k.capture.Verdict != tt.want || web.count["a.test/robots.txt"] != tt.asked || k.capture.Policy.Robots != tt.policy {
					t.Errorf("%s, asked %q: %q", k.capture.Verdict, web.urls(), k.capture.Reasons)
				}
				if tt.asked > 0 && (k.xs[0].Role != archive.RoleRobots || k.xs[0].URL != "http://a.test/robots.txt") {
					t.Errorf("robots.txt is not in the capture: %q", k.trail())
				}
				if tt.want == archive.Blocked && slices.Contains(web.urls(), strings.TrimPrefix(tt.url, "http://")) {
					t.Errorf("fetched all the same: %q", web.urls())
				}
			})
		})
	}
}

// Thirty-two visits at once ask for one robots.txt; the one that asked keeps it.
func TestRobotsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		web, s := &stage{hosts: map[string]script{"a.test": targets(map[string]script{"/robots.txt": always(answer(200, "User-agent: *\nDisallow: /2\n"))})}}, &shelf{}
		cfg := web.config()
		cfg.Robots, cfg.Keeper, cfg.Workers, cfg.PerHost, cfg.SecondLook = crawler.RobotsRespect, s, 32, 32, -1
		var urls []string
		for i := range 32 {
			urls = append(urls, fmt.Sprint("http://a.test/", i))
		}
		results := crawl(t, cfg, urls...)
		blocked, held := 0, 0
		for _, r := range results {
			if r.Capture.Verdict == archive.Blocked {
				blocked++
			}
		}
		for _, k := range s.kept {
			for _, x := range k.xs {
				if x.Role == archive.RoleRobots {
					held++
				}
			}
		}
		if n := web.count["a.test/robots.txt"]; n != 1 || blocked != 11 || held != 1 {
			t.Errorf("asked %d times, %d blocked, kept %d times; want 1, 11, 1", n, blocked, held)
		}
	})
}

// What lies on private addresses is not asked for, whoever names it: the
// report, a redirect, or a page. Not a packet is sent.
func TestGuardOnTheWay(t *testing.T) {
	private := []string{"http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://[::ffff:169.254.169.254]/", "http://[64:ff9b::a9fe:a9fe]/",
		"http://[fe80::1]/", "http://192.168.1.1/", "http://127.0.0.1/", "http://0.0.0.0/", "http://a.test:25/"}
	for _, to := range private {
		synctest.Test(t, func(t *testing.T) {
			web := &stage{hosts: map[string]script{"redirects.test": always(moved(to)), "page.test": always(answer(200,
				`<title>t</title><img src="`+to+`"><link rel=stylesheet href="`+to+`x.css"><p>text`, "Content-Type: text/html"))}}
			web.dial = func(_ context.Context, host string) error {
				if !strings.HasSuffix(host, "s.test") && host != "page.test" {
					t.Errorf("dialled %s for %s", host, to)
				}
				return nil
			}
			cfg := web.config()
			cfg.Requisites.Off = false
			for from, want := range map[string]archive.Verdict{to: archive.Invalid, "http://redirects.test/": "", "http://page.test/": archive.Alive} {
				k := visitOne(t, cfg, from)
				if want != "" && k.capture.Verdict != want || k.capture.Verdict == archive.Gone {
					t.Errorf("%s by way of %s is %s: %q", to, from, k.capture.Verdict, k.capture.Reasons)
				}
				refused := 0
				for _, x := range k.xs {
					if x.Failure != nil && x.Failure.Phase == "guard" {
						refused++
					}
				}
				if refused == 0 {
					t.Errorf("%s by way of %s: no refusal is kept: %q", to, from, k.trail())
				}
			}
		})
	}
}

// A name that resolves to a private address is stopped on the socket. Hosts of
// the web pass because the dialer knows them.
func TestGuardOnTheSocket(t *testing.T) {
	web := startWeb(t)
	cfg := quick(web)
	cfg.Keeper = &shelf{}
	cfg.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, err
		}
		ips, err := web.Resolve(ctx, host)
		if err != nil {
			return nil, &net.OpError{Op: "dial", Net: network, Err: err}
		}
		for _, ip := range ips {
			to := netip.AddrPortFrom(ip, map[string]uint16{"80": 80, "443": 443}[port]).String()
			if !crawltest.Prefix().Contains(ip) {
				if err := cfg.Guard.Control("tcp", to, nil); err != nil {
					return nil, &net.OpError{Op: "dial", Net: network, Err: err}
				}
			}
		}
		return web.DialContext(ctx, network, addr)
	}
	for _, name := range []string{"dns-private", "dns-metadata", "dns-mapped"} {
		k := visitOne(t, cfg, "http://"+name+".test/")
		if f := k.xs[0].Failure; f == nil || f.Class != archive.ClassPrivate || len(k.xs) != 1 {
			t.Errorf("%s: %q %+v", name, k.trail(), f)
		}
	}
	if k := visitOne(t, cfg, "http://gzip.test/"); k.capture.Verdict != archive.Alive {
		t.Errorf("a host of the web is %s", k.capture.Verdict)
	}
	if s := web.Strays(); len(s) != 0 {
		t.Errorf("dialled %q", s)
	}
}

func TestNewRefuses(t *testing.T) {
	judge := func(*archive.Visit) archive.Judgement { return archive.Judgement{} }
	for _, cfg := range []crawler.Config{{}, {UserAgent: "x"}, {Judge: judge}, {UserAgent: "x", Judge: judge, Robots: "perhaps"}} {
		if _, err := crawler.New(cfg); err == nil {
			t.Errorf("%+v was taken", cfg)
		}
	}
}

// What is wrong with the archive's index is an error of the job, not a verdict.
func TestPriorFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		web, broken := &stage{hosts: map[string]script{"a.test": always(found())}}, errors.New("index is broken")
		cfg := web.config()
		cfg.Prior = func(context.Context, string) (*archive.Prior, error) { return nil, broken }
		results, err := run(t.Context(), t, cfg, nil, "http://a.test/")
		if err != nil || len(results) != 1 || !errors.Is(results[0].Err, broken) || results[0].Capture != nil {
			t.Errorf("%v, %+v", err, results)
		}
	})
}
