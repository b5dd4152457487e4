package crawler_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
)

func noNetwork(context.Context, string) error {
	return &net.DNSError{Err: "server misbehaving", IsTemporary: true}
}

// run is crawl without the demand that it goes well.
func run(ctx context.Context, t *testing.T, cfg crawler.Config, drain <-chan struct{}, urls ...string) ([]crawler.Result, error) {
	t.Helper()
	c, err := crawler.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var jobs []crawler.Job
	for _, u := range urls {
		jobs = append(jobs, job(u))
	}
	var results []crawler.Result // done is called once at a time: the race detector would tell
	err = c.Run(ctx, drain, jobs, func(r crawler.Result) { results = append(results, r) })
	return results, err
}

func TestOffline(t *testing.T) {
	unknown := []string{"http://x.test/", "http://y.test/", "http://z.test/", "http://x.test/2", "http://w.test/"}
	silent := func(ctx context.Context, _ string) error { <-ctx.Done(); return ctx.Err() }
	for _, tt := range []struct {
		name    string
		urls    []string
		servers func(context.Context, string) error
		dial    func(context.Context, string) error
		hosts   map[string]script
		err     error
		want    map[archive.Verdict]int
	}{
		{"nothing is found and nobody knows", unknown, noNetwork, nil, nil, crawler.ErrOffline, nil},
		{"one source, and nobody knows", unknown[:1], noNetwork, nil, nil, crawler.ErrOffline, nil},
		{"connecting times out everywhere", unknown, noNetwork, silent, nil, crawler.ErrOffline, nil},
		{"one dead name, the name servers answer", unknown[:1], func(context.Context, string) error { return nil }, nil, nil, nil,
			map[archive.Verdict]int{archive.Gone: 1}},
		{"many dead names, the name servers answer", unknown, func(context.Context, string) error { return nil }, nil, nil, nil,
			map[archive.Verdict]int{archive.Gone: 5}},
		{"one source answers", append([]string{"http://a.test/"}, unknown...), noNetwork, nil, map[string]script{"a.test": always(found())}, nil,
			map[archive.Verdict]int{archive.Gone: 5, archive.Alive: 1}},
		{"one source answers last", append([]string{"http://a.test/"}, unknown[:2]...), noNetwork, nil,
			map[string]script{"a.test": func(int, asked) string { time.Sleep(25 * time.Second); return found() }}, nil,
			map[archive.Verdict]int{archive.Gone: 2, archive.Alive: 1}},
		{"no fetchable URL has nothing to do with the network", []string{"http://10.0.0.1/"}, noNetwork, nil, nil, nil,
			map[archive.Verdict]int{archive.Invalid: 1}},
		{"no jobs", nil, noNetwork, nil, nil, nil, map[archive.Verdict]int{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				web, s := &stage{hosts: tt.hosts, dial: tt.dial}, &shelf{}
				cfg := web.config()
				cfg.Keeper, cfg.NameServers = s, tt.servers
				results, err := run(t.Context(), t, cfg, nil, tt.urls...)
				if !errors.Is(err, tt.err) || tt.err == nil && err != nil {
					t.Fatalf("error %v, want %v", err, tt.err)
				}
				got := map[archive.Verdict]int{}
				for _, r := range results {
					got[r.Capture.Verdict]++
				}
				if len(s.kept) != len(results) || fmt.Sprint(got) != fmt.Sprint(tt.want) && len(got)+len(tt.want) > 0 {
					t.Errorf("%d kept, verdicts %v; want %v", len(s.kept), got, tt.want)
				}
			})
		})
	}
}

// A source that answers while the network is asked after shows that it is up.
func TestOnlineAfterAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		web := &stage{hosts: map[string]script{"a.test": func(int, asked) string { time.Sleep(8 * time.Second); return found() }}}
		cfg := web.config()
		cfg.SecondLook = -1
		cfg.NameServers = func(context.Context, string) error { time.Sleep(9 * time.Second); return errors.New("no answer") }
		results, err := run(t.Context(), t, cfg, nil, "http://x.test/", "http://y.test/", "http://z.test/", "http://a.test/")
		if err != nil || len(results) != 4 {
			t.Errorf("%d results, %v", len(results), err)
		}
	})
}

// Draining ends what is in flight, whole and kept, and begins nothing.
func TestDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(int, asked) string { time.Sleep(10 * time.Second); return found() }
		web, s := &stage{hosts: map[string]script{"a.test": slow, "b.test": slow, "c.test": always(answer(404, "no"))}}, &shelf{}
		cfg := web.config()
		cfg.Keeper = s
		drain := make(chan struct{})
		time.AfterFunc(2*time.Second, func() { close(drain) })
		from := time.Now()
		results, err := run(t.Context(), t, cfg, drain, "http://a.test/1", "http://a.test/2", "http://b.test/", "http://c.test/")
		if err != nil || len(results) != 2 || len(s.kept) != 2 || s.aborted != 0 {
			t.Errorf("%d results, %d kept, %d aborted, %v", len(results), len(s.kept), s.aborted, err)
		}
		for _, r := range results {
			if r.Err != nil || r.Capture.Verdict != archive.Alive {
				t.Errorf("%s: %v, %+v", r.Job.URL, r.Err, r.Capture)
			}
		}
		if took := time.Since(from); took != 10*time.Second {
			t.Errorf("took %s", took)
		}
	})
}

// Cancelling ends at once and keeps nothing by halves.
func TestCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		endless := always("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nbegun")
		web, s := &stage{hosts: map[string]script{"a.test": endless, "b.test": always(found()), "c.test": func(int, asked) string {
			time.Sleep(time.Minute)
			return found()
		}}}, &shelf{}
		cfg := web.config()
		cfg.Keeper = s
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		from := time.Now()
		results, err := run(ctx, t, cfg, nil, "http://a.test/", "http://b.test/", "http://c.test/", "http://a.test/2")
		if !errors.Is(err, context.Canceled) || time.Since(from) != 3*time.Second {
			t.Errorf("%v after %s", err, time.Since(from))
		}
		if len(results) != 1 || results[0].Job.URL != "http://b.test/" || len(s.kept) != 1 {
			t.Errorf("%d results, %d kept", len(results), len(s.kept))
		}
		time.Sleep(time.Hour)
	})
}

// A capture whose commit is cut off is not reported as kept.
func TestCancelWhileKeeping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		web := &stage{hosts: map[string]script{"a.test": always(found())}}
		ctx, cancel := context.WithCancel(t.Context())
		s := &shelf{commit: func(ctx context.Context) error { cancel(); <-ctx.Done(); return ctx.Err() }}
		cfg := web.config()
		cfg.Keeper = s
		results, err := run(ctx, t, cfg, nil, "http://a.test/")
		if !errors.Is(err, context.Canceled) || len(s.kept) != 0 || s.aborted != 1 {
			t.Errorf("%v, %d kept, %d aborted", err, len(s.kept), s.aborted)
		}
		for _, r := range results {
			if r.Err == nil {
				t.Error("reported as kept")
			}
		}
	})
}

// A capture that cannot be kept is an error of its own job and of no other.
func TestKeeperFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := errors.New("disk full")
		var once sync.Once
		s := &shelf{commit: func(context.Context) (err error) { once.Do(func() { err = full }); return err }}
		web := &stage{hosts: map[string]script{"a.test": always(found())}}
		cfg := web.config()
		cfg.Keeper = s
		results, err := run(t.Context(), t, cfg, nil, "http://a.test/1", "http://a.test/2", "http://a.test/3")
		failed := 0
		for _, r := range results {
			if errors.Is(r.Err, full) {
				failed++
			}
		}
		if err != nil || len(results) != 3 || failed != 1 || len(s.kept) != 2 || s.aborted != 1 {
			t.Errorf("%v: %d results, %d failed, %d kept, %d aborted", err, len(results), failed, len(s.kept), s.aborted)
		}
	})
}
