package s3

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
)

func TestQuarantineSurvives(t *testing.T) {
	t.Parallel()
	s, proxy := proxied(t, nil)
	body := random(1, 200_000) // in parts
	for name, faults := range map[string][]blobtest.Wire{
		"503":                  {{Status: 503, Times: 4}},
		"reset":                {{Times: 4}},
		"copy 500":             {{Match: "PUT", Status: 500, Times: 2}},
		"copy answer lost":     {{Match: "PUT", After: true, Times: 1}},
		"copy 500 after it":    {{Match: "PUT", After: true, Status: 500, Times: 1}},
		"removal 503":          {{Match: "DELETE", Status: 503, Times: 2}},
		"removal answer lost":  {{Match: "DELETE", After: true, Times: 1}},
		"removal 500 after it": {{Match: "DELETE", After: true, Status: 500, Times: 1}},
		"no conditions":        {{Match: "DELETE", Status: 501, Times: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			key := "k/" + name
			proxy.Set()
			if err := s.Put(t.Context(), key, blob.Bytes(body)); err != nil {
				t.Fatal(err)
			}
			proxy.Set(faults...)
			to, err := s.Quarantine(t.Context(), key)
			requests := proxy.Requests()
			proxy.Set()
			if err != nil || to != "quarantine/"+key+".1" {
				t.Fatalf("quarantine: %q, error %v\nrequests: %q", to, err, requests)
			}
			if got, err := readAll(t, s, to, 0, -1); err != nil || !bytes.Equal(got, body) {
				t.Errorf("the copy has %d bytes, error %v", len(got), err)
			}
			if _, err := s.Stat(t.Context(), key); !errors.Is(err, blob.ErrNotExist) {
				t.Errorf("stat of the freed key: %v", err)
			}
		})
	}
}

// TestQuarantineInterrupted: whatever fails for good, the object is there, and the
// next call finishes what was begun, without a second copy.
func TestQuarantineInterrupted(t *testing.T) {
	t.Parallel()
	s, proxy := proxied(t, func(c *Config) { c.Attempts = 2 })
	body := []byte("damaged")
	for name, test := range map[string]struct {
		fault  blobtest.Wire
		copied bool
	}{
		"before the copy":      {blobtest.Wire{Match: "PUT", Status: 500}, false},
		"copied, not told":     {blobtest.Wire{Match: "PUT", After: true}, true},
		"between copy and end": {blobtest.Wire{Match: "DELETE"}, true},
		"may not remove":       {blobtest.Wire{Match: "DELETE", Status: http.StatusForbidden}, true},
	} {
		t.Run(name, func(t *testing.T) {
			key := "k/" + name
			proxy.Set()
			if err := s.Put(t.Context(), key, blob.Bytes(body)); err != nil {
				t.Fatal(err)
			}
			proxy.Set(test.fault)
			_, err := s.Quarantine(t.Context(), key)
			if err == nil || !strings.HasPrefix(err.Error(), "quarantine "+key) {
				t.Errorf("error %v, want one of the quarantine", err)
			}
			proxy.Set()
			to := "quarantine/" + key + ".1"
			if got, err := readAll(t, s, key, 0, -1); err != nil || !bytes.Equal(got, body) {
				t.Errorf("the object has %d bytes, error %v", len(got), err)
			}
			if got, err := readAll(t, s, to, 0, -1); (err == nil) != test.copied || err == nil && !bytes.Equal(got, body) {
				t.Errorf("the copy has %d bytes, error %v; want one: %v", len(got), err, test.copied)
			}
			if again, err := s.Quarantine(t.Context(), key); err != nil || again != to {
				t.Errorf("quarantine again: %q, error %v; want %s", again, err, to)
			}
		})
	}
}

// TestQuarantineSparesTheGoodCopy: the answer to the removal is lost, and
// before it is repeated there is a good copy.
func TestQuarantineSparesTheGoodCopy(t *testing.T) {
	t.Parallel()
	server := blobtest.S3Server(t)
	other := openTest(t, config(server))
	if err := other.Put(t.Context(), "k", blob.Bytes([]byte("damaged"))); err != nil {
		t.Fatal(err)
	}
	s := openTest(t, config(server))
	cfg := s.cfg
	cfg.Transport = &lossy{method: http.MethodDelete, stored: true, then: func() {
		if err := other.Put(t.Context(), "k", blob.Bytes([]byte("good"))); err != nil {
			t.Error(err)
		}
	}}
	var err error
	if s.core, err = cfg.dial(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Quarantine(t.Context(), "k"); err != nil {
		t.Fatal(err)
	}
	if got, err := readAll(t, other, "k", 0, -1); err != nil || string(got) != "good" {
		t.Errorf("the good copy: %q, error %v", got, err)
	}
	if got, err := readAll(t, other, "quarantine/k.1", 0, -1); err != nil || string(got) != "damaged" {
		t.Errorf("the damaged one: %q, error %v", got, err)
	}
	// The condition alone spares it, too.
	if err := other.removeIf(t.Context(), "k", "another"); !status(err, http.StatusPreconditionFailed) {
		t.Errorf("removal of another version: %v, want that the condition fails", err)
	}
}

// TestQuarantineChecksTheCopy: nothing is removed when the copy isn't what it
// should be.
func TestQuarantineChecksTheCopy(t *testing.T) {
	t.Parallel()
	f, cfg := startSimple(t)
	cfg.Timeout = time.Second
	s := openTest(t, cfg)
	f.objects["/archive/k"] = []byte("damaged")
	f.headers = map[string]string{"ETag": `"x"`}
	// This service takes the request for one to store nothing.
	if to, err := s.Quarantine(t.Context(), "k"); err == nil {
		t.Errorf("quarantine succeeds, to %s", to)
	}
	if string(f.objects["/archive/k"]) != "damaged" || f.requests["DELETE"] != 0 {
		t.Errorf("the object is %q, after %d removals", f.objects["/archive/k"], f.requests["DELETE"])
	}
	f.headers = nil
	if _, err := s.Quarantine(t.Context(), "k"); err == nil || !strings.Contains(err.Error(), "no ETag") {
		t.Errorf("quarantine without an ETag: %v", err)
	}
	cfg.ReadOnly = true
	s = openTest(t, cfg)
	if _, err := s.Quarantine(t.Context(), "k"); !errors.Is(err, blob.ErrReadOnly) {
		t.Errorf("quarantine: %v, want %v", err, blob.ErrReadOnly)
	}
}
