package s3

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
)

// TestSwapSurvives: whatever happens to the requests, a swap that nobody
// disturbs succeeds once.
func TestSwapSurvives(t *testing.T) {
	t.Parallel()
	s, proxy := proxied(t, nil)
	put := func(w blobtest.Wire) blobtest.Wire { w.Match = "PUT"; return w }
	for name, faults := range map[string][]blobtest.Wire{
		"500":                     {{Status: 500, Times: 3}},
		"503":                     {{Status: 503, Times: 3}},
		"409":                     {put(blobtest.Wire{Status: 409, Times: 2})},
		"reset":                   {{Times: 2}},
		"stall":                   {put(blobtest.Wire{Stall: true, Times: 1})},
		"answer lost":             {put(blobtest.Wire{After: true, Times: 1})},
		"answer lost twice":       {put(blobtest.Wire{After: true, Times: 2})},
		"stall after storing":     {put(blobtest.Wire{After: true, Stall: true, Times: 1})},
		"500 after storing":       {put(blobtest.Wire{After: true, Status: 500, Times: 1})},
		"503 after storing":       {put(blobtest.Wire{After: true, Status: 503, Times: 1})},
		"never an answer":         {put(blobtest.Wire{After: true})},
		"answer lost, load fails": {put(blobtest.Wire{After: true, Times: 1}), {Match: "GET", Status: 503, Times: 2}},
		"answer lost, load cut":   {put(blobtest.Wire{After: true, Times: 1}), {Match: "GET", CutBody: 3, Times: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			key := "cells/" + strings.ReplaceAll(name, ",", "")
			version := ""
			for i := range 2 { // to create it, to replace it
				data := fmt.Appendf(nil, "value %d", i)
				proxy.Set(faults...)
				v, err := s.Swap(t.Context(), key, version, data)
				requests := proxy.Requests()
				proxy.Set()
				if err != nil {
					t.Fatalf("swap %d: %v\nrequests: %q", i, err, requests)
				}
				if len(requests) < 2 {
					t.Errorf("swap %d: %d requests: the fault wasn't met", i, len(requests))
				}
				got, now, err := s.Load(t.Context(), key)
				if err != nil || string(got) != string(data) || now != v {
					t.Errorf("swap %d: load yields %q, version %s, error %v; want version %s", i, got, now, err, v)
				}
				version = v
			}
		})
	}
}

// TestSwapFailsCleanly: only a cell that wasn't replaced is called stale, and never one of which
// nobody knows.
func TestSwapFailsCleanly(t *testing.T) {
	t.Parallel()
	s, proxy := proxied(t, func(c *Config) { c.Attempts = 3; c.Timeout = 300 * time.Millisecond })
	for name, test := range map[string]struct {
		faults []blobtest.Wire
		now    string // what the cell holds then
	}{
		"500 forever":   {[]blobtest.Wire{{Status: 500}}, "old"},
		"reset forever": {[]blobtest.Wire{{}}, "old"},
		"409 forever":   {[]blobtest.Wire{{Match: "PUT", Status: 409}}, "old"},
		"forbidden":     {[]blobtest.Wire{{Match: "PUT", Status: 403}}, "old"},
		"refused":       {[]blobtest.Wire{{Match: "PUT", Status: 412}}, "old"},
		"blind":         {[]blobtest.Wire{{Match: "PUT", After: true}, {Match: "GET", Status: 500}}, "new"},
	} {
		t.Run(name, func(t *testing.T) {
			key := "cells/" + name
			proxy.Set()
			version, err := s.Swap(t.Context(), key, "", []byte("old"))
			if err != nil {
				t.Fatal(err)
			}
			proxy.Set(test.faults...)
			_, err = s.Swap(t.Context(), key, version, []byte("new"))
			if err == nil || errors.Is(err, blob.ErrStale) || !strings.HasPrefix(err.Error(), "swap "+key+": ") {
				t.Errorf("error %v, want one of the swap that isn't ErrStale", err)
			}
			proxy.Set()
			if got, _, err := s.Load(t.Context(), key); err != nil || string(got) != test.now {
				t.Errorf("the cell holds %q, error %v; want %q", got, err, test.now)
			}
		})
	}
}

// TestSwapOvertaken: the answer to a swap is lost, and before it is repeated
// somebody else replaces the cell. Then nothing tells whether it took place.
func TestSwapOvertaken(t *testing.T) {
	t.Parallel()
	server := blobtest.S3Server(t)
	other := openTest(t, config(server))
	for name, stored := range map[string]bool{"stored": true, "not stored": false} {
		key := "cells/" + name
		version, err := other.Swap(t.Context(), key, "", []byte("old"))
		if err != nil {
			t.Fatal(err)
		}
		s := openTest(t, config(server))
		cfg := s.cfg
		cfg.Transport = &lossy{method: http.MethodPut, stored: stored, then: func() {
			_, now, err := other.Load(t.Context(), key)
			if err != nil {
				t.Error(err)
			}
			if _, err := other.Swap(t.Context(), key, now, []byte("theirs")); err != nil {
				t.Error(err)
			}
		}}
		if s.core, err = cfg.dial(); err != nil {
			t.Fatal(err)
		}
		_, err = s.Swap(t.Context(), key, version, []byte("mine"))
		if !errors.Is(err, errUnsettled) || errors.Is(err, blob.ErrStale) {
			t.Errorf("%s: %v, want that it isn't settled", name, err)
		}
		if got, _, err := other.Load(t.Context(), key); err != nil || string(got) != "theirs" {
			t.Errorf("%s: the cell holds %q, error %v; want theirs", name, got, err)
		}
	}
}

// lossy loses the answer to the first request with a method, whether it is passed
// on or not.
type lossy struct {
	method string
	stored bool
	then   func()
	once   sync.Once
}

func (l *lossy) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	if r.Method == l.method {
		l.once.Do(func() {
			if l.stored {
				if resp, err = http.DefaultTransport.RoundTrip(r); err == nil {
					resp.Body.Close()
				}
			}
			l.then()
			resp, err = nil, errNoNetwork
		})
		if err != nil {
			return nil, err
		}
	}
	return http.DefaultTransport.RoundTrip(r)
}

// TestSwapRaceWithFaults counts in a cell while answers are lost.
func TestSwapRaceWithFaults(t *testing.T) {
	t.Parallel()
	s, proxy := proxied(t, nil)
	const workers, each = 6, 6
	proxy.Set(
		blobtest.Wire{Match: "PUT", After: true, Times: 3},
		blobtest.Wire{Match: "PUT", Status: 503, Times: 3},
		blobtest.Wire{Match: "PUT", After: true, Status: 500, Times: 3},
		blobtest.Wire{Match: "GET", Status: 500, Times: 5},
	)
	var wg sync.WaitGroup
	var mu sync.Mutex
	counted, unsure := 0, 0
	for range workers {
		wg.Go(func() {
			for range each {
				err := blobtest.Increment(t.Context(), s, "count", 1)
				mu.Lock()
				switch {
				case err == nil:
					counted++
				case errors.Is(err, errUnsettled):
					unsure++
				default:
					t.Error(err)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	got, _, err := s.Load(t.Context(), "count")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := blobtest.Count(got); err != nil || n < counted || n > counted+unsure {
		t.Errorf("the cell holds %s; %d increments succeeded and %d may have", got, counted, unsure)
	}
}

// TestLoadLimits: the size of what a service sends is checked before it is held.
func TestLoadLimits(t *testing.T) {
	t.Parallel()
	f, cfg := startSimple(t)
	s := openTest(t, cfg)
	f.objects["/archive/cell"] = make([]byte, blob.MaxCell+1)
	f.headers = map[string]string{"ETag": `"x"`}
	if _, _, err := s.Load(t.Context(), "cell"); !errors.Is(err, blob.ErrCellSize) {
		t.Errorf("load of a huge cell: %v, want %v", err, blob.ErrCellSize)
	}
	f.objects["/archive/cell"] = []byte("small")
	f.headers = nil
	if _, _, err := s.Load(t.Context(), "cell"); err == nil || !strings.Contains(err.Error(), "no ETag") {
		t.Errorf("load without an ETag: %v", err)
	}
}
