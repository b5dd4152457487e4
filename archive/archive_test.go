package archive_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
	"github.com/ibid-archive/ibid/archive/blob/dir"
	"github.com/ibid-archive/ibid/archive/warc"
)

// place is an archive in a directory.
type place struct {
	*archive.Archive
	t      testing.TB
	store  *dir.Store
	faulty *blobtest.Faulty
}

func newPlace(t testing.TB) *place {
	t.Helper()
	store, err := dir.Open(blobtest.MemoryDir(t), dir.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	faulty := blobtest.NewFaulty(store)
	return &place{t: t, store: store, faulty: faulty,
		Archive: archive.New(archive.Config{Store: faulty, Software: "ibid-test/1", TempDir: store.TempDir()})}
}

func day() time.Time { return time.Date(2026, 3, 14, 15, 9, 26, 535897000, time.UTC) }

func sample() *archive.Capture {
	return &archive.Capture{
		Version: archive.CaptureVersion, Key: "https://a.test/", URL: "https://a.test/", StartedAt: day(), FinishedAt: day().Add(time.Second),
		Citations: []archive.CitationRef{{Report: strings.Repeat("ab", 32), Path: "r.txt", ID: "1.1", Raw: "a.test"}},
		Judgement: archive.Judgement{Verdict: archive.Alive, State: archive.StateAlive, Reasons: []string{"http-200: answered"}},
	}
}

// commit keeps one visit.
func (p *place) commit(c *archive.Capture, exchanges ...*archive.Exchange) {
	p.t.Helper()
	w, err := p.Begin()
	if err != nil {
		p.t.Fatal(err)
	}
	defer w.Abort()
	for _, x := range exchanges {
		if err := w.Exchange(x); err != nil {
			p.t.Fatal(err)
		}
	}
	if err := w.Commit(p.t.Context(), c); err != nil {
		p.t.Fatal(err)
	}
}

// read returns the bytes of an object.
func (p *place) read(key string) []byte {
	p.t.Helper()
	r, err := p.store.Open(p.t.Context(), key, 0, -1)
	if err != nil {
		p.t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		p.t.Fatal(err)
	}
	return b
}

// put stores bytes as a capture and returns their SHA-256.
func (p *place) put(b []byte) (sum string) {
	p.t.Helper()
	o := blob.Bytes(b)
	sum = hex.EncodeToString(o.SHA256[:])
	if err := p.store.Put(p.t.Context(), archive.CaptureKey(sum), o); err != nil {
		p.t.Fatal(err)
	}
	return sum
}

// record is one record of a WARC with its whole block.
type record struct {
	Type, ContentType, Truncated string
	Block                        string
	header                       warc.Header
}

// records reads a WARC that must be without any fault.
func records(t testing.TB, file []byte) (all []record) {
	t.Helper()
	err := warc.VerifyFile(bytes.NewReader(file), func(rec *warc.Record, problems []warc.Problem) error {
		for _, p := range problems {
			t.Errorf("%s: %v", rec.Type(), p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := warc.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	r.Strict = true
	for {
		rec, err := r.Next()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		block, err := io.ReadAll(rec.Block)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, record{string(rec.Type()), rec.ContentType(), rec.Truncated(), string(block), rec.Header})
	}
}

func TestParseKey(t *testing.T) {
	sum := strings.Repeat("0a", 32)
	key := archive.CaptureKey(sum)
	if got, err := archive.ParseKey(archive.CapturePrefix, key); err != nil || got != sum {
		t.Errorf("ParseKey(CaptureKey) = %q, %v", got, err)
	}
	for _, bad := range []string{
		"", "captures/", "captures//.warc.gz", sum, "reports/0a/" + sum + ".warc.gz", "captures/0b/" + sum + ".warc.gz", "captures/0a/" + sum,
		"captures/0a/" + sum[2:] + ".warc.gz", "captures/0a/" + sum + "0a.warc.gz", "captures/0A/" + strings.ToUpper(sum) + ".warc.gz",
		"captures/0a/x/" + sum + ".warc.gz", "captures/" + sum + ".warc.gz", "captures/0a/" + sum[:62] + "zz.warc.gz", "/" + key, key + "/", "captures/0a/../0a/" + sum + ".warc.gz",
	} {
		if got, err := archive.ParseKey(archive.CapturePrefix, bad); err == nil {
			t.Errorf("ParseKey(%q) = %q without an error", bad, got)
		} else if !strings.Contains(err.Error(), bad) {
			t.Errorf("ParseKey(%q): the error does not name it: %v", bad, err)
		}
	}
}

// What is no SHA-256, in a damaged catalog for instance, is not there.
func TestNoSuchCapture(t *testing.T) {
	p := newPlace(t)
	for _, sum := range []string{"", "a", "ab", strings.Repeat("ab", 32)} {
		if _, err := p.Capture(t.Context(), sum); !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, blob.ErrKey) {
			t.Errorf("Capture(%q): %v", sum, err)
		}
		if _, _, err := p.Report(t.Context(), sum); !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, blob.ErrKey) {
			t.Errorf("Report(%q): %v", sum, err)
		}
	}
}

func TestList(t *testing.T) {
	p := newPlace(t)
	var want []string
	for i := range 3 {
		c := sample()
		c.URL = fmt.Sprint("https://a.test/", i)
		p.commit(c)
		want = append(want, c.SHA256)
	}
	slices.Sort(want)
	if err := p.store.Put(t.Context(), "captures/readme.txt", blob.Bytes(nil)); err != nil {
		t.Fatal(err)
	}
	var got []string
	for sum, err := range p.List(t.Context(), archive.CapturePrefix) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, sum)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	p.faulty.Set(blobtest.Fault{Op: blobtest.OpList, When: blobtest.After})
	var err error
	for _, err = range p.List(t.Context(), archive.CapturePrefix) {
	}
	if !errors.Is(err, blobtest.ErrFault) {
		t.Errorf("a listing that breaks off ends with %v", err)
	}
}

// The capture record is found whatever stands before it, and read whole.
func TestCaptureAtTheEnd(t *testing.T) {
	fake := member(t, warc.TypeMetadata, archive.CaptureType, []byte(`{"version":1,"key":"fake","url":"fake","verdict":"gone"}`))
	for name, make := range map[string]func(*archive.Capture) []*archive.Exchange{
		"nothing before it": func(*archive.Capture) []*archive.Exchange { return nil },
		"bodies that look like the start of a record": func(*archive.Capture) []*archive.Exchange {
			return []*archive.Exchange{answered(t, "https://a.test/", "HTTP/1.1 200 OK\r\n\r\n"+noise(1<<16, "\x1f\x8b\x08"))}
		},
		"a body that is a capture record": func(*archive.Capture) []*archive.Exchange {
			return []*archive.Exchange{answered(t, "https://a.test/", "HTTP/1.1 200 OK\r\n\r\n"+noise(1000, "")+string(fake))}
		},
		"a capture record that fills the tail": func(c *archive.Capture) []*archive.Exchange {
			c.Title = hex.EncodeToString([]byte(noise(300<<10, "\x1f\x8b\x08")))
			return []*archive.Exchange{answered(t, "https://a.test/", "HTTP/1.1 200 OK\r\n\r\nx")}
		},
		"a file that outgrows memory": func(*archive.Capture) []*archive.Exchange {
			return []*archive.Exchange{answered(t, "https://a.test/", "HTTP/1.1 200 OK\r\n\r\n"+noise(archive.SpoolMemory+5, ""))}
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			want := sample()
			p.commit(want, make(want)...)
			got, err := p.Capture(t.Context(), want.SHA256)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Objects that do not end in a capture record give an error, never a capture.
func TestNoCaptureAtTheEnd(t *testing.T) {
	good := newPlace(t)
	c := sample()
	good.commit(c, answered(t, "https://a.test/", "HTTP/1.1 200 OK\r\n\r\nbody"))
	file := good.read(archive.CaptureKey(c.SHA256))
	fake := member(t, warc.TypeMetadata, archive.CaptureType, []byte(`{"version":1,"key":"k","url":"u","verdict":"gone"}`))
	note := member(t, warc.TypeMetadata, "text/plain", []byte("x"))
	report := &archive.Report{Path: "r.txt", SeenAt: day()}
	if err := good.PutReport(t.Context(), report, []byte("text")); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{
		"empty":                       nil,
		"one byte":                    {0x1f},
		"magic alone":                 {0x1f, 0x8b, 0x08},
		"text":                        []byte("no WARC"),
		"cut in the last record":      file[:len(file)-1],
		"cut in its header":           file[:len(file)-len(file)/5],
		"a byte too much":             append(slices.Clone(file), 0),
		"another record after it":     append(slices.Clone(fake), note...),
		"a report":                    good.read("reports/" + report.Object[:2] + "/" + report.Object + ".warc.gz"),
		"two records in one member":   shared(t, fake, note),
		"a version of the future":     member(t, warc.TypeMetadata, archive.CaptureType, []byte(`{"version":2,"verdict":"gone"}`)),
		"a verdict that there is not": member(t, warc.TypeMetadata, archive.CaptureType, []byte(`{"version":1,"verdict":"fine"}`)),
		"no JSON":                     member(t, warc.TypeMetadata, archive.CaptureType, []byte(`<html>`)),
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			if c, err := p.Capture(t.Context(), p.put(b)); err == nil {
				t.Errorf("read as a capture of %s", c.URL)
			}
		})
	}
}

// Any bytes are read or refused.
func FuzzCapture(f *testing.F) {
	p := newPlace(f)
	c := sample()
	p.commit(c, answered(f, "https://a.test/", "HTTP/1.1 200 OK\r\n\r\nbody"))
	file := p.read(archive.CaptureKey(c.SHA256))
	f.Add(file)
	f.Add(file[:len(file)-3])
	f.Add([]byte{0x1f, 0x8b, 0x08})
	f.Fuzz(func(t *testing.T, b []byte) {
		sum := strings.Repeat("0a", 32)
		c, err := archive.New(archive.Config{Store: one{b: b}}).Capture(t.Context(), sum)
		if err == nil && (c.SHA256 != sum || c.Size != int64(len(b)) || c.Verdict.Validate() != nil) {
			t.Errorf("%+v", c)
		}
	})
}

// one is a store whose every object has the same bytes.
type one struct {
	blob.Store
	b []byte
}

func (o one) Stat(_ context.Context, key string) (blob.Info, error) {
	return blob.Info{Key: key, Size: int64(len(o.b))}, nil
}

func (o one) Open(_ context.Context, _ string, off, n int64) (io.ReadCloser, error) {
	if n < 0 {
		n = int64(len(o.b)) - off
	}
	return io.NopCloser(io.NewSectionReader(bytes.NewReader(o.b), off, n)), nil
}

// member is a record in a gzip member of its own.
func member(t testing.TB, kind warc.Type, contentType string, block []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var h warc.Header
	h.Add(warc.FieldType, string(kind))
	h.Add(warc.FieldRecordID, warc.NewID())
	h.Add(warc.FieldDate, warc.FormatDate(day()))
	h.Add(warc.FieldContentType, contentType)
	if _, err := warc.NewWriter(&b).WriteRecord(h, bytes.NewReader(block), int64(len(block))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// shared puts the records of several members into one.
func shared(t testing.TB, members ...[]byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(bytes.Join(members, nil)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.Copy(w, r); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// noise returns n bytes that do not compress, with mark in them again and again.
func noise(n int, mark string) string {
	r := rand.NewChaCha8(sha256.Sum256([]byte(mark)))
	b := make([]byte, n)
	_, _ = r.Read(b)
	if mark != "" {
		for i := 0; i+16 < n; i += 16 {
			copy(b[i:], mark)
		}
	}
	return string(b)
}
