package crawler_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nlnwa/whatwg-url/url"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
	"github.com/ibid-archive/ibid/archive/blob/dir"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/crawltest"
	"github.com/ibid-archive/ibid/crawler/wire"
	"github.com/ibid-archive/ibid/verify"
)

func startWeb(t testing.TB) *crawltest.Web {
	t.Helper()
	web, err := crawltest.Start(crawltest.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { web.Close() })
	return web
}

type keeper struct{ a *archive.Archive }

func (k keeper) Begin() (crawler.Capturing, error) { return k.a.Begin() }

// quick is a crawler over web with limits that a test can wait for.
func quick(web *crawltest.Web) crawler.Config {
	return crawler.Config{
		Workers: 32, Delay: -1, Timeout: slowness * 6 * time.Second, UserAgent: "ibid-test", Judge: verify.Judge,
		Retries: 2, RetryBase: 20 * time.Millisecond, RetryMax: 50 * time.Millisecond, SecondLook: 20 * time.Millisecond,
		MaxRetryAfter: 3 * time.Second, MaxBody: 20 << 20,
		Wire: wire.Config{HeaderTimeout: slowness * 2 * time.Second, TLSTimeout: slowness * time.Second, ConnectTimeout: slowness * time.Second, RateWindow: time.Second},
		Dial: web.DialContext, Roots: web.CAPool(), Requisites: crawler.RequisiteLimits{Time: 3 * time.Second},
		NameServers: func(context.Context, string) error { return nil },
	}
}

func openArchive(t testing.TB) (*archive.Archive, *dir.Store) {
	t.Helper()
	store, err := dir.Open(blobtest.MemoryDir(t), dir.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return archive.New(archive.Config{Store: store, Software: "ibid-test/1", TempDir: store.TempDir()}), store
}

// audited fails the test for whatever an audit of store finds.
func audited(t testing.TB, store *dir.Store) {
	t.Helper()
	report, err := verify.Audit(t.Context(), store, verify.AuditConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if report.Objects == 0 {
		t.Error("the audit saw no capture")
	}
	for _, f := range report.Findings {
		t.Errorf("audit: %+v", f)
	}
}

// peakHeap samples the bytes of live and dead heap objects until the returned
// func is called, which gives the most that was seen.
func peakHeap() func() uint64 {
	done, result := make(chan struct{}), make(chan uint64)
	go func() {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		var peak uint64
		for tick := time.NewTicker(5 * time.Millisecond); ; {
			select {
			case <-tick.C:
				metrics.Read(sample)
				peak = max(peak, sample[0].Value.Uint64())
			case <-done:
				tick.Stop()
				result <- peak
				return
			}
		}
	}()
	return func() uint64 { close(done); return <-result }
}

// job makes a job as package seeds does: serialised, without credentials.
func job(cited string) crawler.Job {
	u, err := url.Parse(cited)
	if err != nil {
		return crawler.Job{Key: cited, URL: cited}
	}
	u.SetUsername("")
	u.SetPassword("")
	return crawler.Job{Key: cited, URL: u.Href(true), Host: u.Host()}
}

func crawl(t testing.TB, cfg crawler.Config, urls ...string) map[string]crawler.Result {
	t.Helper()
	c, err := crawler.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var jobs []crawler.Job
	for _, u := range urls {
		jobs = append(jobs, job(u))
	}
	var mu sync.Mutex
	got := map[string]crawler.Result{}
	if err := c.Run(t.Context(), nil, jobs, func(r crawler.Result) {
		mu.Lock()
		defer mu.Unlock()
		got[r.Job.Key] = r
	}); err != nil {
		t.Fatal(err)
	}
	return got
}

// TestEveryPathology visits every way in which a server can misbehave: each
// gets a verdict of those that fit, the run ends in time, and stable bodies are
// kept bit by bit under the URL as it was cited. What it leaves behind is an
// archive without a fault, nothing that was dialled in vain, and no great heap,
// and the judge keeps its promise.
func TestEveryPathology(t *testing.T) {
	web := startWeb(t)
	cfg := quick(web)
	kept, store := openArchive(t)
	cfg.Keeper = keeper{kept}
	var urls []string
	for _, c := range web.Cases() {
		urls = append(urls, c.URL)
		web.Body(c.URL) // what is dear to make is made before the clock runs
	}
	defer debug.SetGCPercent(debug.SetGCPercent(50)) // as the program does
	begun, peak := time.Now(), peakHeap()
	got := crawl(t, cfg, urls...)
	if most := peak(); most > 200<<20 {
		t.Errorf("the heap grew to %d MiB, want at most 200", most>>20)
	}
	if took, most := time.Since(begun), 2*cfg.Timeout; took > most {
		t.Errorf("the run took %s, want at most %s", took, most)
	}
	for _, c := range web.Cases() {
		t.Run(c.Name, func(t *testing.T) {
			r, ok := got[c.URL]
			if !ok || r.Err != nil {
				t.Fatalf("no capture of %s: %v", c.URL, r.Err)
			}
			if !slices.Contains(c.Want, string(r.Capture.Verdict)) {
				t.Errorf("%s is %s, want one of %q\n%s\n%+v", c.URL, r.Capture.Verdict, c.Want, c.Note, r.Capture.Reasons)
				for _, x := range r.Capture.Exchanges {
					t.Logf("  %s %s %d %s %+v", x.Role, x.URL, x.Status, x.Truncated, x.Failure)
				}
			}
			if c.Stable {
				want := web.Body(r.Capture.FinalURL)
				if sum := sha256.Sum256(want); r.Capture.PayloadSHA256 != hex.EncodeToString(sum[:]) || want == nil {
					t.Errorf("the body is not kept as sent: %d bytes, got %s (%d bytes)", len(want), r.Capture.PayloadSHA256, r.Capture.PayloadSize)
					for _, x := range r.Capture.Exchanges {
						t.Logf("  %s %s %d %s %s %+v", x.Role, x.URL, x.Status, x.Truncated, x.PayloadSHA256, x.Failure)
					}
				}
			}
			if c.Truncated != "" {
				found := false
				for _, x := range r.Capture.Exchanges {
					found = found || slices.Contains(strings.Split(c.Truncated, "|"), string(x.Truncated))
				}
				if !found {
					t.Errorf("no exchange is marked as truncated %s", c.Truncated)
				}
			}
		})
	}
	t.Run("judge", func(t *testing.T) { judgesPages(t, web, got) })
	audited(t, store)
}
