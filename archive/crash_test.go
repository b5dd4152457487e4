package archive_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
	"github.com/ibid-archive/ibid/verify"
)

// sound checks that the audit finds nothing, and returns how many objects it read.
func (p *place) sound() int64 {
	p.t.Helper()
	report, err := verify.Audit(p.t.Context(), p.store, verify.AuditConfig{})
	if err != nil || report.Found != 0 {
		p.t.Errorf("audit: %+v, error %v", report.Findings, err)
	}
	return report.Objects
}

// noSpools checks that nothing is left in the directory for spooled captures.
func noSpools(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		t.Errorf("left behind: %s", e.Name())
	}
}

// bodies are an answer that stays in memory, and one that does not.
func bodies() map[string]string {
	return map[string]string{"small": "x", "big": noise(2*archive.SpoolMemory, "")}
}

// A store that fails before or after it has stored a capture: Commit says so,
// the archive is sound, and a commit of the same visit succeeds later.
func TestCommitFaults(t *testing.T) {
	for size, body := range bodies() {
		for _, when := range []blobtest.Moment{blobtest.Before, blobtest.After} {
			t.Run(fmt.Sprint(size, " ", when), func(t *testing.T) {
				p := newPlace(t)
				x := answered(t, "https://a.test/", "HTTP/1.1 200 OK\r\n\r\n"+body)
				p.faulty.Set(blobtest.Fault{Op: blobtest.OpPut, N: 1, When: when})
				c := sample()
				c.Citations = nil // there is no report
				w, err := p.Begin()
				if err != nil {
					t.Fatal(err)
				}
				if err := w.Exchange(x); err != nil {
					t.Fatal(err)
				}
				err = w.Commit(t.Context(), c)
				if !errors.Is(err, blobtest.ErrFault) || !strings.Contains(err.Error(), "put captures/") {
					t.Errorf("commit: %v", err)
				}
				if c.SHA256 != "" || c.Size != 0 {
					t.Errorf("the capture has the name %s, which says that it is kept", c.SHA256)
				}
				w.Abort()
				w.Abort()
				noSpools(t, p.store.TempDir())
				stored := int64(0)
				if when == blobtest.After {
					stored = 1
				}
				if n := p.sound(); n != stored {
					t.Errorf("%d objects are stored, want %d", n, stored)
				}
				p.commit(c, x)
				if n := p.sound(); n != stored+1 {
					t.Errorf("then %d objects are stored, want %d", n, stored+1)
				}
				for sum, err := range p.List(t.Context(), archive.CapturePrefix) {
					if err != nil {
						t.Fatal(err)
					}
					if got, err := p.Capture(t.Context(), sum); err != nil || got.URL != c.URL {
						t.Errorf("%s: %v", sum, err)
					}
				}
				noSpools(t, p.store.TempDir())
			})
		}
	}
}

// What was begun and not committed leaves nothing.
func TestAbort(t *testing.T) {
	for size, body := range bodies() {
		p := newPlace(t)
		w, err := p.Begin()
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Exchange(answered(t, "https://a.test/", "HTTP/1.1 200 OK\r\n\r\n"+body)); err != nil {
			t.Fatal(err)
		}
		w.Abort()
		noSpools(t, p.store.TempDir())
		if n := p.sound(); n != 0 {
			t.Errorf("%s: %d objects are stored", size, n)
		}
	}
}

// A commit that was cancelled before it began stores nothing and says so.
func TestCommitCancelled(t *testing.T) {
	p := newPlace(t)
	w, err := p.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Commit(ctx, sample()); !errors.Is(err, context.Canceled) {
		t.Errorf("commit: %v", err)
	}
	if n := p.sound(); n != 0 {
		t.Errorf("%d objects are stored", n)
	}
}

// A disk that takes no more: the error of the exchange names the place, the
// writer cannot be talked into a capture without it, and nothing is stored.
func TestNoRoomForCapture(t *testing.T) {
	p := newPlace(t)
	gone := filepath.Join(t.TempDir(), "missing")
	a := archive.New(archive.Config{Store: p.faulty, TempDir: gone})
	w, err := a.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	err = w.Exchange(answered(t, "https://a.test/", "HTTP/1.1 200 OK\r\n\r\n"+noise(2*archive.SpoolMemory, "")))
	if err == nil || !strings.Contains(err.Error(), gone) {
		t.Errorf("exchange: %v, does not name %s", err, gone)
	}
	if err := w.Exchange(answered(t, "https://a.test/", "HTTP/1.1 200 OK\r\n\r\nx")); err == nil {
		t.Error("the writer takes a record after a torn one")
	}
	if err := w.Commit(t.Context(), sample()); err == nil {
		t.Error("a capture without its exchange is committed")
	}
	if n := p.sound(); n != 0 || p.faulty.Calls(blobtest.OpPut) != 0 {
		t.Errorf("%d objects are stored, %d puts", n, p.faulty.Calls(blobtest.OpPut))
	}
}

// Spooled bytes that can no longer be read end in an error, not in a capture
// of something else.
func TestSpoolLost(t *testing.T) {
	for _, memory := range []int{0, archive.SpoolMemory} {
		p := newPlace(t)
		const answer = "HTTP/1.1 200 OK\r\n\r\nbody"
		x := answered(t, "https://a.test/", answer)
		x.Response = spool(t, memory, answer)
		if err := x.Response.Close(); err != nil {
			t.Fatal(err)
		}
		w, err := p.Begin()
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Exchange(x); err == nil {
			t.Errorf("memory %d: an exchange without its bytes is taken", memory)
		}
		if err := w.Commit(t.Context(), sample()); err == nil {
			t.Errorf("memory %d: then the capture is committed", memory)
		}
		w.Abort()
	}
}

// Without a directory of the store's, as over S3, a capture on disk has no
// name that a killed process would leave behind.
func TestUnnamedSpool(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows removes no file that is open")
	}
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	p := newPlace(t)
	p.Archive = archive.New(archive.Config{Store: p.faulty, Software: "ibid-test/1"})
	w, err := p.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	answer := "HTTP/1.1 200 OK\r\n\r\n" + noise(2*archive.SpoolMemory, "")
	if err := w.Exchange(answered(t, "https://a.test/", answer)); err != nil {
		t.Fatal(err)
	}
	if names, err := filepath.Glob(filepath.Join(dir, "capture-*")); err != nil || len(names) != 0 {
		t.Errorf("it is named %v, error %v", names, err)
	}
	c := sample()
	if err := w.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if recs := records(t, p.read(archive.CaptureKey(c.SHA256))); recs[2].Block != answer {
		t.Error("the answer is another")
	}
}

func TestReport(t *testing.T) {
	p := newPlace(t)
	for _, data := range []string{"", "text", noise(2*archive.SpoolMemory, "")} {
		want := &archive.Report{Path: "a/r.txt", SeenAt: day().Local()}
		if err := p.PutReport(t.Context(), want, []byte(data)); err != nil {
			t.Fatal(err)
		}
		got, read, err := p.Report(t.Context(), want.Object)
		if err != nil || string(read) != data || got.Size != int64(len(data)) || got.Software != "ibid-test/1" || !got.SeenAt.Equal(day()) {
			t.Errorf("%d bytes come back as %d, %+v, error %v", len(data), len(read), got, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-put +read):\n%s", diff)
		}
		for _, r := range records(t, p.read("reports/"+want.Object[:2]+"/"+want.Object+".warc.gz")) {
			if r.Type == "resource" && r.Block != data {
				t.Errorf("the resource record has %d bytes, want %d", len(r.Block), len(data))
			}
		}
	}
	if n := p.sound(); n != 3 {
		t.Errorf("%d objects are stored, want 3", n)
	}
	noSpools(t, p.store.TempDir())
}

// TestReportMediaType: only what an earlier program would read as another text has a new version.
func TestReportMediaType(t *testing.T) {
	p := newPlace(t)
	for mediaType, version := range map[string]int{"": 1, "text/html; charset=windows-1251": 2} {
		put := &archive.Report{Path: "https://a.test/r", MediaType: mediaType, SeenAt: day()}
		if err := p.PutReport(t.Context(), put, []byte("<p>\xcc\xee\xf1\xf2. https://b.test/</p>")); err != nil {
			t.Fatal(err)
		}
		got, data, err := p.Report(t.Context(), put.Object)
		if err != nil || got.Version != version || got.MediaType != mediaType {
			t.Errorf("%q comes back as %+v, error %v", mediaType, got, err)
			continue
		}
		read, err := got.Read(data)
		if err != nil || read.MediaType != mediaType || version == 2 && read.Title != "Мост. https://b.test/" {
			t.Errorf("%q is read as %q, %q, error %v", mediaType, read.MediaType, read.Title, err)
		}
	}
	if err := (&archive.Report{Version: archive.ReportVersion + 1}).Readable(); err == nil {
		t.Error("a version to come is read")
	}
}

func TestReportFaults(t *testing.T) {
	for _, when := range []blobtest.Moment{blobtest.Before, blobtest.After} {
		p := newPlace(t)
		p.faulty.Set(blobtest.Fault{Op: blobtest.OpPut, N: 1, When: when})
		r := &archive.Report{Path: "r.txt", SeenAt: day()}
		if err := p.PutReport(t.Context(), r, []byte("text")); !errors.Is(err, blobtest.ErrFault) || r.Object != "" {
			t.Errorf("%s: object %q, error %v", when, r.Object, err)
		}
		p.sound()
		if err := p.PutReport(t.Context(), r, []byte("text")); err != nil {
			t.Errorf("%s: then: %v", when, err)
		}
		p.sound()
		p.faulty.Set(blobtest.Fault{Op: blobtest.OpOpen, N: 1, When: when})
		if _, _, err := p.Report(t.Context(), r.Object); !errors.Is(err, blobtest.ErrFault) {
			t.Errorf("%s: a report that cannot be read gives %v", when, err)
		}
	}
}

// Reading a capture from a store that fails is an error of the store, not a
// capture without an end.
func TestCaptureFaults(t *testing.T) {
	p := newPlace(t)
	c := sample()
	p.commit(c)
	for _, op := range []blobtest.Op{blobtest.OpStat, blobtest.OpOpen} {
		for _, when := range []blobtest.Moment{blobtest.Before, blobtest.After} {
			p.faulty.Set(blobtest.Fault{Op: op, N: 1, When: when})
			if _, err := p.Capture(t.Context(), c.SHA256); !errors.Is(err, blobtest.ErrFault) || errors.Is(err, archive.ErrNotCapture) {
				t.Errorf("%s %s: %v", when, op, err)
			}
		}
	}
}
