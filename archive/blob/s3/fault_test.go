package s3

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
)

// proxied returns a store behind a proxy. Objects over 100 KB go up in parts.
func proxied(t *testing.T, change func(*Config)) (*Store, *blobtest.Proxy) {
	t.Helper()
	server := blobtest.S3Server(t)
	proxy := blobtest.FaultProxy(t, server.Endpoint)
	cfg := config(server)
	cfg.Endpoint = proxy.Endpoint
	cfg.SingleMax = 100_000
	cfg.PartSize = 5 << 20
	cfg.Timeout = 500 * time.Millisecond
	if change != nil {
		change(&cfg)
	}
	s := openTest(t, cfg)
	proxy.Set()
	return s, proxy
}

func random(seed uint64, n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{byte(seed)}).Read(b)
	return b
}

func readAll(t *testing.T, s *Store, key string, off, n int64) ([]byte, error) {
	t.Helper()
	r, err := s.Open(t.Context(), key, off, n)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// uploadsLeft counts multipart uploads that were neither completed nor aborted.
func uploadsLeft(t *testing.T, s *Store) int {
	t.Helper()
	result, err := s.core.ListMultipartUploads(t.Context(), s.cfg.Bucket, "", "", "", "", 100)
	if err != nil {
		t.Fatal(err)
	}
	return len(result.Uploads)
}

func TestPutSurvives(t *testing.T) {
	t.Parallel()
	s, proxy := proxied(t, nil)
	small, large := random(1, 50_000), random(2, 11<<20)
	for name, test := range map[string]struct {
		body   []byte
		faults []blobtest.Wire
	}{
		"500":                     {small, []blobtest.Wire{{Status: 500, Times: 3}}},
		"503":                     {small, []blobtest.Wire{{Status: 503, Times: 3}}},
		"409":                     {small, []blobtest.Wire{{Match: "PUT", Status: 409, Times: 2}}},
		"reset":                   {small, []blobtest.Wire{{Times: 2}}},
		"stall":                   {small, []blobtest.Wire{{Match: "PUT", Stall: true, Times: 1}}},
		"answer lost":             {small, []blobtest.Wire{{Match: "PUT", After: true, Times: 1}}},
		"500 after storing":       {small, []blobtest.Wire{{Match: "PUT", After: true, Status: 500, Times: 1}}},
		"answer lost, stat fails": {small, []blobtest.Wire{{Match: "PUT", After: true, Times: 1}, {Match: "HEAD", Status: 503, Times: 2}}},

		"parts: 503 everywhere":     {large, []blobtest.Wire{{Status: 503, Times: 5}}},
		"parts: initiation":         {large, []blobtest.Wire{{Match: "POST uploads", Status: 500, Times: 2}}},
		"parts: part reset":         {large, []blobtest.Wire{{Match: "PUT partNumber", Times: 2}}},
		"parts: part answer lost":   {large, []blobtest.Wire{{Match: "PUT partNumber", After: true, Times: 1}}},
		"parts: part stalls":        {large, []blobtest.Wire{{Match: "PUT partNumber", Stall: true, Times: 1}}},
		"parts: completion 500":     {large, []blobtest.Wire{{Match: "POST uploadId", Status: 500, Times: 1}}},
		"parts: completion lost":    {large, []blobtest.Wire{{Match: "POST uploadId", After: true, Times: 1}}},
		"parts: completion 409":     {large, []blobtest.Wire{{Match: "POST uploadId", Status: 409, Times: 1}}},
		"parts: completion 503 two": {large, []blobtest.Wire{{Match: "POST uploadId", After: true, Status: 503, Times: 2}}},
	} {
		t.Run(name, func(t *testing.T) {
			key := "k/" + strings.Map(func(r rune) rune {
				if r == ':' {
					return '-'
				}
				return r
			}, name)
			proxy.Set(test.faults...)
			if err := s.Put(t.Context(), key, blob.Bytes(test.body)); err != nil {
				t.Fatalf("%v\nrequests: %q", err, proxy.Requests())
			}
			if n, least := len(proxy.Requests()), 2; n < least {
				t.Errorf("%d requests, want at least %d: the fault wasn't met", n, least)
			}
			proxy.Set()
			if got, err := readAll(t, s, key, 0, -1); err != nil || !bytes.Equal(got, test.body) {
				t.Errorf("read back %d bytes, error %v", len(got), err)
			}
		})
	}
	if n := uploadsLeft(t, s); n != 0 {
		t.Errorf("%d multipart uploads are left", n)
	}
}

func TestPutFailsCleanly(t *testing.T) {
	t.Parallel()
	s, proxy := proxied(t, func(c *Config) { c.Attempts = 3; c.Timeout = 300 * time.Millisecond })
	for name, test := range map[string]struct {
		size  int
		fault blobtest.Wire
		most  int // requests
	}{
		"500 forever":       {1000, blobtest.Wire{Status: 500}, 3},
		"reset forever":     {1000, blobtest.Wire{}, 7}, // three, and two looks, which net/http repeats
		"stall forever":     {1000, blobtest.Wire{Stall: true}, 7},
		"forbidden":         {1000, blobtest.Wire{Match: "PUT", Status: 403}, 1},
		"parts fail":        {6 << 20, blobtest.Wire{Match: "PUT partNumber", Status: 500}, 20},
		"part is forbidden": {6 << 20, blobtest.Wire{Match: "PUT partNumber", Status: 403}, 20},
		"completion fails":  {6 << 20, blobtest.Wire{Match: "POST uploadId", Status: 500}, 20},
	} {
		t.Run(name, func(t *testing.T) {
			proxy.Set(test.fault)
			o := blob.Bytes(random(3, test.size))
			err := s.Put(t.Context(), "key", o)
			if err == nil || !strings.HasPrefix(err.Error(), "put key: ") {
				t.Errorf("error %v, want one of put key", err)
			}
			for _, not := range []error{blob.ErrConflict, blob.ErrMismatch, blob.ErrNotExist} {
				if errors.Is(err, not) {
					t.Errorf("error %v claims %v", err, not)
				}
			}
			if n := len(proxy.Requests()); n > test.most {
				t.Errorf("%d requests, want at most %d: %q", n, test.most, proxy.Requests())
			}
			proxy.Set()
			if _, err := s.Stat(t.Context(), "key"); !errors.Is(err, blob.ErrNotExist) {
				t.Errorf("stat after the failure: %v, want that it doesn't exist", err)
			}
			if n := uploadsLeft(t, s); n != 0 {
				t.Errorf("%d multipart uploads are left", n)
			}
		})
	}
}

func TestReadsSurvive(t *testing.T) {
	t.Parallel()
	s, proxy := proxied(t, nil)
	body := random(4, 3<<20)
	if err := s.Put(t.Context(), "k/a", blob.Bytes(body)); err != nil {
		t.Fatal(err)
	}
	for name, faults := range map[string][]blobtest.Wire{
		"503":            {{Status: 503, Times: 3}},
		"reset":          {{Times: 3}},
		"stall":          {{Stall: true, Times: 1}},
		"cut":            {{CutBody: 100_000, Times: 4}},
		"cut, then 500":  {{CutBody: 100_000, Times: 1}, {Status: 500, Times: 3}},
		"cut very often": {{CutBody: 200_000}}, // each attempt makes progress
	} {
		t.Run(name, func(t *testing.T) {
			proxy.Set(faults...)
			if got, err := readAll(t, s, "k/a", 0, -1); err != nil || !bytes.Equal(got, body) {
				t.Errorf("open all: %d bytes, error %v", len(got), err)
			}
			proxy.Set(faults...)
			if got, err := readAll(t, s, "k/a", 12345, 2<<20); err != nil || !bytes.Equal(got, body[12345:12345+2<<20]) {
				t.Errorf("open a range: %d bytes, error %v", len(got), err)
			}
			if name == "cut very often" {
				return // an answer without a body can't be cut
			}
			proxy.Set(faults...)
			if info, err := s.Stat(t.Context(), "k/a"); err != nil || info.Size != int64(len(body)) {
				t.Errorf("stat: %+v, error %v", info, err)
			}
			proxy.Set(faults...)
			n := 0
			for _, err := range s.List(t.Context(), "") {
				if n++; err != nil {
					t.Errorf("list: %v", err)
				}
			}
			if n != 1 {
				t.Errorf("listed %d objects, want 1", n)
			}
		})
	}
}

func TestReadsFailCleanly(t *testing.T) {
	t.Parallel()
	s, proxy := proxied(t, func(c *Config) { c.Timeout = 300 * time.Millisecond; c.Attempts = 3 })
	body := random(5, 1<<20)
	if err := s.Put(t.Context(), "k", blob.Bytes(body)); err != nil {
		t.Fatal(err)
	}
	r, err := s.Open(t.Context(), "k", 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	proxy.Set(blobtest.Wire{CutBody: 10_000, Times: 1}, blobtest.Wire{Stall: true})
	r2, err := s.Open(t.Context(), "k", 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r2.Close()
	got, err := io.ReadAll(r2)
	if err == nil || !bytes.HasPrefix(body, got) || len(got) == len(body) {
		t.Errorf("reading a body that ends early: %d bytes, error %v; want a part and an error", len(got), err)
	}
	// Not a change of the object unnoticed: another ETag is refused.
	proxy.Set(blobtest.Wire{CutBody: 10_000})
	r3, err := s.Open(t.Context(), "k", 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r3.Close()
	r3.(*reader).etag = "other"
	if _, err := io.ReadAll(r3); err == nil || !strings.Contains(err.Error(), "replaced meanwhile") {
		t.Errorf("reading an object that was replaced: %v", err)
	}
	proxy.Set(blobtest.Wire{Status: 503})
	for _, err = range s.List(t.Context(), "") {
	}
	if err == nil {
		t.Error("a list that the service refuses ends without an error")
	}
}

// TestRequestCount keeps Put from growing dearer unnoticed.
func TestRequestCount(t *testing.T) {
	t.Parallel()
	s, proxy := proxied(t, nil)
	small, large := blob.Bytes(random(6, 1000)), blob.Bytes(random(7, 6<<20))
	for _, step := range []struct {
		key  string
		o    blob.Object
		want int
	}{
		{"small", small, 1}, // PUT
		{"small", small, 2}, // PUT, HEAD
		{"large", large, 5}, // HEAD, POST, 2 × PUT, POST
		{"large", large, 1}, // HEAD
	} {
		proxy.Set()
		if err := s.Put(t.Context(), step.key, step.o); err != nil {
			t.Fatal(err)
		}
		if got := proxy.Requests(); len(got) != step.want {
			t.Errorf("put %s: %d requests, want %d: %q", step.key, len(got), step.want, got)
		}
	}
}

// TestPartsAreConditional goes around the look before a multipart upload.
func TestPartsAreConditional(t *testing.T) {
	t.Parallel()
	s, proxy := proxied(t, nil)
	a, b := random(8, 200_000), random(9, 200_000)
	if err := s.Put(t.Context(), "k", blob.Bytes(a)); err != nil {
		t.Fatal(err)
	}
	// The first look is told that nothing is there.
	proxy.Set(blobtest.Wire{Match: "HEAD", Status: 404, Times: 1})
	if err := s.Put(t.Context(), "k", blob.Bytes(b)); !errors.Is(err, blob.ErrConflict) {
		t.Errorf("put other bytes: %v, want a conflict", err)
	}
	proxy.Set(blobtest.Wire{Match: "HEAD", Status: 404, Times: 1})
	if err := s.Put(t.Context(), "k", blob.Bytes(a)); err != nil {
		t.Errorf("put equal bytes: %v", err)
	}
	proxy.Set()
	if got, err := readAll(t, s, "k", 0, -1); err != nil || !bytes.Equal(got, a) {
		t.Errorf("read back %d bytes, error %v", len(got), err)
	}
	if n := uploadsLeft(t, s); n != 0 {
		t.Errorf("%d multipart uploads are left", n)
	}
}
