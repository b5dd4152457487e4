package blobtest

import (
	"bytes"
	"crypto/sha256"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive/blob"
)

func readYourWrites(t *testing.T, s blob.Store) {
	b := noise(1, 15<<10)
	start := time.Now()
	put(t, s, "captures/ab/one.warc.gz", b)
	wantBytes(t, s, "captures/ab/one.warc.gz", b)
	info, err := s.Stat(t.Context(), "captures/ab/one.warc.gz")
	if err != nil {
		t.Fatal(err)
	}
	if info.Key != "captures/ab/one.warc.gz" || info.Size != int64(len(b)) {
		t.Errorf("stat: %+v, want the key and %d bytes", info, len(b))
	}
	// Clocks of services have whole seconds and needn't agree with ours.
	if age := info.ModTime.Sub(start); age < -time.Minute || age > time.Minute {
		t.Errorf("stat says it was stored at %v, but it was at %v", info.ModTime, start)
	}
	for listed, err := range s.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		if listed.Key != info.Key || listed.Size != info.Size || listed.ModTime.Sub(info.ModTime).Abs() > time.Second {
			t.Errorf("list: %+v, want %+v", listed, info)
		}
	}
	wantKeys(t, s, "", "captures/ab/one.warc.gz")
}

func emptyObject(t *testing.T, s blob.Store) {
	put(t, s, "empty", nil)
	put(t, s, "empty", nil)
	wantBytes(t, s, "empty", []byte{})
	wantError(t, "put other bytes", s.Put(t.Context(), "empty", blob.Bytes([]byte("x"))), blob.ErrConflict)
	_, err := s.Open(t.Context(), "empty", 1, -1)
	wantError(t, "open past the end", err, blob.ErrRange)
	wantKeys(t, s, "", "empty")
}

func putAgain(t *testing.T, s blob.Store) {
	b := noise(2, 1000)
	for range 3 {
		put(t, s, "a/b", b)
	}
	wantBytes(t, s, "a/b", b)
	wantKeys(t, s, "", "a/b")
}

func conflict(t *testing.T, s blob.Store) {
	b := noise(3, 1000)
	put(t, s, "a/b", b)
	same := bytes.Clone(b)
	same[500]++
	for what, other := range map[string][]byte{"shorter": b[:999], "longer": append(bytes.Clone(b), 0), "as long": same, "empty": nil} {
		wantError(t, "put "+what+" bytes", s.Put(t.Context(), "a/b", blob.Bytes(other)), blob.ErrConflict)
	}
	wantBytes(t, s, "a/b", b)
	put(t, s, "a/c", same)
	wantBytes(t, s, "a/c", same)
}

func mismatch(t *testing.T, s blob.Store) {
	b := noise(4, 1000)
	good := blob.Bytes(b)
	wrongHash, tooShort, tooLong, negative := good, good, good, good
	wrongHash.SHA256 = sha256.Sum256([]byte("other"))
	tooShort.Size = 999
	tooLong.Size = 1001
	negative.Size = -1
	for what, o := range map[string]blob.Object{"wrong SHA-256": wrongHash, "size too small": tooShort, "size too great": tooLong, "negative size": negative} {
		wantError(t, what, s.Put(t.Context(), "a/b", o), blob.ErrMismatch)
	}
	_, err := s.Stat(t.Context(), "a/b")
	wantError(t, "stat after refused puts", err, blob.ErrNotExist)
	wantKeys(t, s, "")
	put(t, s, "a/b", b)
	wantBytes(t, s, "a/b", b)
}

func badKeys(t *testing.T, s blob.Store) {
	for _, key := range []string{"", ".", "/a", "a/", "a//b", "../a", "a/../b", ".hidden", "a/.b", "tmp", "tmp/a", "Tmp/a", "ä", "a\x00b", `a\b`, "a:b", "a.", strings.Repeat("a", blob.MaxKey+1)} {
		wantError(t, "put "+key, s.Put(t.Context(), key, blob.Bytes([]byte("x"))), blob.ErrKey)
		_, err := s.Open(t.Context(), key, 0, -1)
		wantError(t, "open "+key, err, blob.ErrKey)
		_, err = s.Stat(t.Context(), key)
		wantError(t, "stat "+key, err, blob.ErrKey)
	}
	wantKeys(t, s, "")
	good := "a/tmp/b c+d=e@f,g~h_i-j.k/" + strings.Repeat("b", 200)
	put(t, s, good, []byte("x"))
	wantBytes(t, s, good, []byte("x"))
	wantKeys(t, s, "", good)
}

func notExist(t *testing.T, s blob.Store) {
	put(t, s, "a/b/c", []byte("x"))
	for _, key := range []string{"x", "x/y", "a", "a/b", "a/b/d", "a/b/c/d"} {
		_, err := s.Stat(t.Context(), key)
		wantError(t, "stat "+key, err, blob.ErrNotExist)
		for _, off := range []int64{0, 1} {
			_, err = s.Open(t.Context(), key, off, -1)
			wantError(t, "open "+key, err, blob.ErrNotExist)
		}
	}
}

func ranges(t *testing.T, s blob.Store) {
	b := noise(5, 1000)
	put(t, s, "k", b)
	for _, test := range []struct{ off, n int64 }{
		{0, -1}, {0, 0}, {0, 1}, {0, 1000}, {0, 1001}, {999, 1}, {999, 2}, {999, -1}, {1000, -1}, {1000, 0}, {1000, 5},
		{500, 0}, {123, 456}, {1, -5}, {3, 1<<63 - 1},
	} {
		end := int64(len(b))
		if test.n >= 0 && test.n < end-test.off {
			end = test.off + test.n
		}
		got, err := read(t.Context(), s, "k", test.off, test.n)
		if err != nil || !bytes.Equal(got, b[test.off:end]) {
			t.Errorf("open (%d, %d): %d bytes, error %v; want %d bytes", test.off, test.n, len(got), err, end-test.off)
		}
	}
	for _, off := range []int64{-1, 1001, 1 << 40} {
		for _, n := range []int64{-1, 0, 1} {
			_, err := s.Open(t.Context(), "k", off, n)
			wantError(t, "open outside", err, blob.ErrRange)
		}
	}
}

// big has more than one part when parts of an object are sent on their own.
func big(t *testing.T, s blob.Store) {
	b := noise(6, 12<<20+12345)
	o := blob.Bytes(b)
	wrong := o
	wrong.SHA256[0]++
	wantError(t, "wrong SHA-256", s.Put(t.Context(), "big", wrong), blob.ErrMismatch)
	put(t, s, "big", b)
	put(t, s, "big", b)
	wantBytes(t, s, "big", b)
	got, err := read(t.Context(), s, "big", 11<<20, 1000)
	if err != nil || !bytes.Equal(got, b[11<<20:11<<20+1000]) {
		t.Errorf("a range of a big object: %d bytes, error %v", len(got), err)
	}
	b[10<<20]++
	other := blob.Bytes(b)
	wantError(t, "put other bytes", s.Put(t.Context(), "big", other), blob.ErrConflict)
	// The second of two racing bodies of different keys must not disturb the first.
	other.Body = io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b)))
	if err := s.Put(t.Context(), "big2", other); err != nil {
		t.Fatal(err)
	}
	wantBytes(t, s, "big2", b)
	wantKeys(t, s, "b", "big", "big2")
}
