package s3

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/ibid-archive/ibid/archive/blob"
)

// simple is a service that is worse than a real one: it knows no conditions
// and computes no checksums.
type simple struct {
	mu         sync.Mutex
	objects    map[string][]byte
	meta       map[string]string
	sse        map[string][2]string // what was asked for: mode and key
	keepMeta   bool
	encrypts   bool
	refuseKey  string            // of a KMS
	status     int               // of every PUT, if not 0
	lockStatus int               // of the request for the bucket's Object Lock
	spoil      func([]byte)      // done to what is stored
	requests   map[string]int    // by method
	headers    map[string]string // of every answer
}

func (f *simple) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests[r.Method]++
	for k, v := range f.headers {
		w.Header().Set(k, v)
	}
	body, stored := f.objects[r.URL.Path]
	switch {
	case r.URL.Path == "/archive/" && r.Method == http.MethodHead:
	case r.URL.Path == "/archive/" && r.URL.Query().Has("object-lock"):
		w.WriteHeader(f.lockStatus)
		fmt.Fprint(w, "<ObjectLockConfiguration></ObjectLockConfiguration>")
	case r.URL.Path == "/archive/": // versioning
		fmt.Fprint(w, "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
	case r.Method == http.MethodPut && f.status != 0:
		w.WriteHeader(f.status)
	case r.Method == http.MethodPut && f.refuseKey != "" && r.Header.Get("x-amz-server-side-encryption-aws-kms-key-id") == f.refuseKey:
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, "<Error><Code>KMS.NotFoundException</Code><Message>no such key</Message></Error>")
	case r.Method == http.MethodPut:
		b, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if f.spoil != nil {
			f.spoil(b)
		}
		f.objects[r.URL.Path] = b
		f.meta[r.URL.Path] = r.Header.Get("x-amz-meta-" + digestMetadata)
		f.sse[r.URL.Path] = [2]string{r.Header.Get("x-amz-server-side-encryption"), r.Header.Get("x-amz-server-side-encryption-aws-kms-key-id")}
	case !stored:
		w.WriteHeader(http.StatusNotFound)
	default:
		if f.keepMeta {
			w.Header().Set("x-amz-meta-"+digestMetadata, f.meta[r.URL.Path])
		}
		if f.encrypts {
			w.Header().Set("x-amz-server-side-encryption", f.sse[r.URL.Path][0])
		}
		http.ServeContent(w, r, "", time.Unix(1700000000, 0), bytes.NewReader(body))
	}
}

func startSimple(t *testing.T) (*simple, Config) {
	f := &simple{objects: map[string][]byte{}, meta: map[string]string{}, sse: map[string][2]string{}, requests: map[string]int{}, lockStatus: http.StatusNotFound}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return f, Config{
		Bucket: "archive", Endpoint: server.URL, Region: "us-east-1", Style: StylePath,
		Credentials: credentials.NewStaticV4("key", "very-secret", ""),
		Pause:       time.Millisecond, Attempts: 2,
	}
}

func TestWithoutConditions(t *testing.T) {
	t.Parallel()
	f, cfg := startSimple(t)
	s, caps, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if caps.ConditionalPut || caps.ConditionalSwap || !caps.Writable || caps.Versioning != "Enabled" || len(caps.Notes) != 2 ||
		!strings.Contains(caps.Notes[0], "ignores If-None-Match") || !strings.Contains(caps.Notes[1], "ignores If-Match") {
		t.Errorf("capabilities %+v", caps)
	}
	a, b := blob.Bytes([]byte("aaa")), blob.Bytes([]byte("bbb"))
	for range 2 {
		if err := s.Put(t.Context(), "k", a); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Put(t.Context(), "k", b); !errors.Is(err, blob.ErrConflict) {
		t.Errorf("put other bytes: %v, want a conflict", err)
	}
	if n := f.requests["PUT"]; n != 4 { // three probes, one object
		t.Errorf("%d PUT requests, want 4", n)
	}
	if got, err := readAll(t, s, "k", 1, 1); err != nil || string(got) != "a" {
		t.Errorf("read %q, error %v", got, err)
	}
	for _, old := range []string{"", "version"} {
		if _, err := s.Swap(t.Context(), "cell", old, []byte("x")); err == nil || !strings.Contains(err.Error(), "keep the archive in a directory") {
			t.Errorf("swap without conditions: %v, want an error that says what to do", err)
		}
	}
	if n := f.requests["PUT"]; n != 4 {
		t.Errorf("%d PUT requests after refused swaps, want 4", n)
	}
	f.keepMeta = true // now the digest is known without reading
	gets := f.requests["GET"]
	if err := s.Put(t.Context(), "k", a); err != nil {
		t.Error(err)
	}
	if n := f.requests["GET"] - gets; n != 0 {
		t.Errorf("%d GET requests to compare an object whose digest is kept with it", n)
	}
}

// TestDamagedUpload shows that what the service keeps is read back when it
// reports no checksum.
func TestDamagedUpload(t *testing.T) {
	t.Parallel()
	f, cfg := startSimple(t)
	s := openTest(t, cfg)
	f.spoil = func(b []byte) { b[1] ^= 1 }
	if err := s.Put(t.Context(), "k", blob.Bytes([]byte("aaa"))); !errors.Is(err, blob.ErrConflict) {
		t.Errorf("put, damaged by the service: %v, want a conflict", err)
	}
}

func TestReadOnlyBucket(t *testing.T) {
	t.Parallel()
	f, cfg := startSimple(t)
	f.status = http.StatusForbidden
	f.objects["/archive/k"] = []byte("aaa")
	s, caps, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if caps.Writable || len(caps.Notes) != 1 || !strings.Contains(caps.Notes[0], "may not write") {
		t.Errorf("capabilities %+v", caps)
	}
	if got, err := readAll(t, s, "k", 0, -1); err != nil || string(got) != "aaa" {
		t.Errorf("read %q, error %v", got, err)
	}
}

func TestReadOnlyStore(t *testing.T) {
	t.Parallel()
	f, cfg := startSimple(t)
	f.objects["/archive/k"] = []byte("aaa")
	cfg.ReadOnly = true
	s := openTest(t, cfg)
	if err := s.Put(t.Context(), "k", blob.Bytes([]byte("aaa"))); !errors.Is(err, blob.ErrReadOnly) {
		t.Errorf("put: %v, want %v", err, blob.ErrReadOnly)
	}
	if _, err := s.Swap(t.Context(), "cell", "", []byte("x")); !errors.Is(err, blob.ErrReadOnly) {
		t.Errorf("swap: %v, want %v", err, blob.ErrReadOnly)
	}
	if got, err := readAll(t, s, "k", 0, -1); err != nil || string(got) != "aaa" {
		t.Errorf("read %q, error %v", got, err)
	}
	if f.requests["PUT"] != 0 {
		t.Errorf("%d PUT requests from a store that is only read", f.requests["PUT"])
	}
}

func TestUnknownConditions(t *testing.T) {
	t.Parallel()
	f, cfg := startSimple(t)
	f.status = http.StatusNotImplemented
	_, caps, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if caps.ConditionalPut || caps.ConditionalSwap || len(caps.Notes) != 2 ||
		!strings.Contains(caps.Notes[0], "doesn't know If-None-Match") || !strings.Contains(caps.Notes[1], "doesn't know If-Match") {
		t.Errorf("capabilities %+v", caps)
	}
}

// TestIgnoredRange refuses an answer that isn't about the bytes asked for.
func TestIgnoredRange(t *testing.T) {
	t.Parallel()
	_, cfg := startSimple(t)
	s := openTest(t, cfg)
	if err := s.Put(t.Context(), "k", blob.Bytes([]byte("0123456789"))); err != nil {
		t.Fatal(err)
	}
	cfg.Transport = dropRange{http.DefaultTransport}
	s = openTest(t, cfg)
	if got, err := readAll(t, s, "k", 3, 4); err == nil {
		t.Errorf("read %q from a service that ignores ranges, want an error", got)
	}
}

type dropRange struct{ http.RoundTripper }

func (d dropRange) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Del("Range")
	return d.RoundTripper.RoundTrip(r)
}
