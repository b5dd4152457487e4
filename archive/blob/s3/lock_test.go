package s3

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/minio/minio-go/v7"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
)

// lockedBucket creates a bucket with Object Lock on a server of its own.
func lockedBucket(t *testing.T) Config {
	t.Helper()
	cfg := config(blobtest.S3VersionedServer(t))
	cfg.Bucket = "locked"
	whole, err := cfg.complete()
	if err != nil {
		t.Fatal(err)
	}
	core, err := whole.dial()
	if err != nil {
		t.Fatal(err)
	}
	if err := core.MakeBucket(t.Context(), cfg.Bucket, minio.MakeBucketOptions{ObjectLocking: true}); err != nil {
		t.Fatal(err)
	}
	return cfg
}

// versions returns the versions of a key, and how many of them are markers of a
// deletion.
func versions(t *testing.T, s *Store, key string) (ids []string, markers int) {
	t.Helper()
	for o := range s.core.ListObjectsIter(t.Context(), s.cfg.Bucket, minio.ListObjectsOptions{Prefix: s.key(key), WithVersions: true, Recursive: true}) {
		switch {
		case o.Err != nil:
			t.Fatal(o.Err)
		case o.Key != s.key(key):
		case o.IsDeleteMarker:
			markers++
		default:
			ids = append(ids, o.VersionID)
		}
	}
	return ids, markers
}

func TestLock(t *testing.T) {
	t.Parallel()
	for _, mode := range []LockMode{LockGovernance, LockCompliance} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			cfg := lockedBucket(t)
			cfg.Lock = Lock{mode, 1}
			cfg.SingleMax, cfg.PartSize = 100_000, 5<<20
			s, caps, err := Open(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			want := Capabilities{ConditionalPut: true, ConditionalSwap: true, Writable: true, Checksums: true, Versioning: "Enabled", ObjectLock: true}
			if diff := cmp.Diff(want, caps); diff != "" {
				t.Errorf("capabilities (-want +got):\n%s", diff)
			}
			remove := func(key, version string, bypass bool) error {
				return s.core.RemoveObject(t.Context(), cfg.Bucket, s.key(key), minio.RemoveObjectOptions{VersionID: version, GovernanceBypass: bypass})
			}
			locked := func(key string) {
				t.Helper()
				ids, _ := versions(t, s, key)
				if len(ids) != 1 {
					t.Errorf("%s has the versions %q, want one", key, ids)
				}
				for _, id := range ids {
					if err := remove(key, id, false); !status(err, http.StatusForbidden) {
						t.Errorf("removal of a version of %s: %v, want that it is refused", key, err)
					}
					if err := remove(key, id, true); mode == LockCompliance && !status(err, http.StatusForbidden) {
						t.Errorf("removal of a version of %s by one who may bypass governance: %v, want that it is refused", key, err)
					}
				}
			}
			for key, n := range map[string]int{"small": 1000, "parts": 6 << 20} {
				o := blob.Bytes(random(1, n))
				for range 2 {
					if err := s.Put(t.Context(), key, o); err != nil {
						t.Fatal(err)
					}
				}
				locked(key)
			}

			// What is set aside is locked under both keys, and the old one is free.
			damaged, good := blob.Bytes([]byte("damaged")), blob.Bytes([]byte("good"))
			if err := s.Put(t.Context(), "k", damaged); err != nil {
				t.Fatal(err)
			}
			to, err := s.Quarantine(t.Context(), "k")
			if err != nil {
				t.Fatal(err)
			}
			if ids, markers := versions(t, s, "k"); len(ids) != 1 || markers != 1 {
				t.Errorf("the freed key has the versions %q and %d markers, want one of each", ids, markers)
			}
			locked(to)
			locked("k")
			if err := s.Put(t.Context(), "k", good); err != nil {
				t.Errorf("put on a freed key: %v", err)
			}
			if got, err := readAll(t, s, "k", 0, -1); err != nil || string(got) != "good" {
				t.Errorf("read %q, error %v", got, err)
			}

			// Each value of a cell is a version, and not locked by us.
			version := ""
			for i := range 3 {
				if version, err = s.Swap(t.Context(), "cell", version, fmt.Appendf(nil, "%d", i)); err != nil {
					t.Fatal(err)
				}
			}
			ids, _ := versions(t, s, "cell")
			if len(ids) != 3 {
				t.Errorf("the cell has the versions %q, want three", ids)
			}
			if err := remove("cell", ids[len(ids)-1], false); err != nil {
				t.Errorf("removal of an old value of a cell: %v", err)
			}
		})
	}
}

func TestLockWithout(t *testing.T) {
	t.Parallel()
	cfg := config(blobtest.S3Server(t))
	cfg.Lock = Lock{LockCompliance, 30}
	_, _, err := Open(t.Context(), cfg)
	if err == nil || !strings.Contains(err.Error(), "the bucket has no Object Lock") || !strings.Contains(err.Error(), "--object-lock-enabled-for-bucket") {
		t.Errorf("open of a bucket without Object Lock: %v, want an error that says how to get it", err)
	}
	// To read it, nothing is needed.
	cfg.ReadOnly = true
	if _, _, err := Open(t.Context(), cfg); err != nil {
		t.Errorf("open for reading: %v", err)
	}

	f, cfg := startSimple(t)
	f.lockStatus = http.StatusForbidden
	_, caps, err := Open(t.Context(), cfg)
	if err != nil || caps.ObjectLock || len(caps.Limits) != 2 || !strings.Contains(caps.Limits[0], "can't be found out") {
		t.Errorf("without permission to ask: capabilities %+v, error %v", caps, err)
	}
	cfg.Lock = Lock{LockCompliance, 30}
	if _, _, err := Open(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "s3:GetBucketObjectLockConfiguration") {
		t.Errorf("lock without permission to ask: %v, want an error that names it", err)
	}
}

// headers keeps the header of every request.
type headers struct {
	mu   sync.Mutex
	seen []http.Header
}

func (h *headers) RoundTrip(r *http.Request) (*http.Response, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	header := r.Header.Clone()
	header.Set("request", r.Method+" "+strings.SplitN(r.URL.RawQuery, "=", 2)[0])
	h.seen = append(h.seen, header)
	return http.DefaultTransport.RoundTrip(r)
}

// TestRequestHeaders: every request that makes an object asks for its retention and
// encryption.
func TestRequestHeaders(t *testing.T) {
	t.Parallel()
	cfg := lockedBucket(t)
	sent := new(headers)
	cfg.Transport = sent
	cfg.SingleMax, cfg.PartSize = 100_000, 5<<20
	s := openTest(t, cfg)
	// This server has no encryption, so it is asked for after Open.
	s.cfg.Lock = Lock{LockGovernance, 10}
	s.cfg.Encryption = Encryption{Mode: EncryptionKMS, Key: "the-key"}
	var err error
	if s.sse, err = s.cfg.Encryption.sse(); err != nil {
		t.Fatal(err)
	}
	type asked struct{ Request, Lock, Encryption, Key string }
	requests := func(do func() error) (all []asked) {
		t.Helper()
		sent.seen = nil
		before := time.Now()
		if err := do(); err != nil {
			t.Fatal(err)
		}
		for _, h := range sent.seen {
			if until := h.Get("x-amz-object-lock-retain-until-date"); until != "" {
				date, err := time.Parse(time.RFC3339, until)
				if err != nil || date.Sub(before.AddDate(0, 0, 10)).Abs() > time.Hour {
					t.Errorf("retention until %s, error %v; want ten days", until, err)
				}
			} else if h.Get("x-amz-object-lock-mode") != "" {
				t.Error("a lock without an end")
			}
			all = append(all, asked{
				h.Get("request"), h.Get("x-amz-object-lock-mode"),
				h.Get("x-amz-server-side-encryption"), h.Get("x-amz-server-side-encryption-aws-kms-key-id"),
			})
		}
		return all
	}
	for name, test := range map[string]struct {
		do   func() error
		want []asked
	}{
		"small": {
			func() error { return s.Put(t.Context(), "small", blob.Bytes([]byte("x"))) },
			[]asked{{"PUT ", "GOVERNANCE", "aws:kms", "the-key"}},
		},
		"parts": {
			func() error { return s.Put(t.Context(), "parts", blob.Bytes(random(1, 200_000))) },
			[]asked{{Request: "HEAD "}, {"POST uploads", "GOVERNANCE", "aws:kms", "the-key"}, {Request: "PUT partNumber"}, {Request: "POST uploadId"}},
		},
		"cell": {
			func() error { _, err := s.Swap(t.Context(), "cell", "", []byte("x")); return err },
			[]asked{{"PUT ", "", "aws:kms", "the-key"}},
		},
	} {
		if diff := cmp.Diff(test.want, requests(test.do)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	all := requests(func() error { _, err := s.Quarantine(t.Context(), "small"); return err })
	copies := 0
	for _, a := range all {
		if a.Request == "PUT " {
			copies++
			if diff := cmp.Diff(asked{"PUT ", "GOVERNANCE", "aws:kms", "the-key"}, a); diff != "" {
				t.Errorf("copy (-want +got):\n%s", diff)
			}
		}
	}
	if copies != 1 {
		t.Errorf("%d copies, want one: %v", copies, all)
	}
}

func TestEncryption(t *testing.T) {
	t.Parallel()
	// A server that ignores it is found out.
	cfg := config(blobtest.S3Server(t))
	cfg.Encryption.Mode = EncryptionS3
	if _, _, err := Open(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "use a service that has it") {
		t.Errorf("open with encryption that the service ignores: %v", err)
	}
	for e, want := range map[Encryption][2]string{
		{}:                        {},
		{Mode: EncryptionS3}:      {"AES256", ""},
		{Mode: EncryptionKMS}:     {"aws:kms", ""},
		{EncryptionKMS, "arn:k1"}: {"aws:kms", "arn:k1"},
	} {
		f, cfg := startSimple(t)
		f.encrypts = true
		cfg.Encryption = e
		s := openTest(t, cfg)
		if err := s.Put(t.Context(), "k", blob.Bytes([]byte("x"))); err != nil {
			t.Fatal(err)
		}
		if got := f.sse["/archive/k"]; got != want {
			t.Errorf("%+v: asked for %q, want %q", e, got, want)
		}
	}
	// A key that doesn't exist is refused at the start.
	f, cfg := startSimple(t)
	f.encrypts = true
	cfg.Encryption = Encryption{EncryptionKMS, "missing"}
	f.refuseKey = "missing"
	if _, _, err := Open(t.Context(), cfg); err == nil || errors.Is(err, blob.ErrNotExist) {
		t.Errorf("open with a key that the service refuses: %v", err)
	}
}
