package crawler_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/verify"
)

// What is no visit passes the guard like one.
func TestFetchIsGuarded(t *testing.T) {
	c, err := crawler.New(crawler.Config{UserAgent: "ibid-test/1", Judge: verify.Judge, Retries: -1})
	if err != nil {
		t.Fatal(err)
	}
	f := c.NewFetcher(time.Hour, nil)
	defer f.Close()
	for i, url := range []string{"http://127.0.0.1/", "http://10.0.0.1/", "ftp://example.org/"} {
		xs, err := f.Fetch(t.Context(), http.MethodGet, url, http.Header{"Accept": {"application/json"}}, nil)
		if err != nil || len(xs) != 1 {
			t.Fatalf("%d: %d exchanges, %v", i, len(xs), err)
		}
		x := xs[0]
		if x.Status != 0 || x.Failure == nil || x.Failure.Phase != "guard" || x.Role != archive.RoleLookup {
			t.Errorf("%s: %+v, %+v", url, x, x.Failure)
		}
		x.Close()
	}
}

// Two exchanges with one host are a pause apart, with two hosts they are not.
func TestFetchPauses(t *testing.T) {
	web := startWeb(t)
	c, err := crawler.New(crawler.Config{UserAgent: "ibid-test/1", Judge: verify.Judge, Dial: web.DialContext, Roots: web.CAPool(), Retries: -1, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	f := c.NewFetcher(time.Hour, nil)
	defer f.Close()
	for _, url := range []string{"https://gazette.test/letters", "https://council.test/plan.html"} {
		xs, err := f.Fetch(t.Context(), http.MethodGet, url, nil, nil)
		if err != nil || len(xs) != 1 || xs[0].Status == 0 {
			t.Fatalf("%s: %v, %v", url, xs, err)
		}
		xs[0].Close()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := f.Fetch(ctx, http.MethodGet, "https://gazette.test/letters", nil, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the pause ended with %v", err)
	}
	if n := web.Hits("gazette.test", "/letters"); n != 1 {
		t.Errorf("asked %d times", n)
	}
}
