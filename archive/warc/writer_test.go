package warc

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
)

// The exact text of a record: other programs depend on it.
func TestWriteText(t *testing.T) {
	h := Header{
		{FieldType, "metadata"},
		{FieldRecordID, "<urn:uuid:00000000-0000-4000-8000-000000000001>"},
		{FieldDate, "2026-11-22T12:34:56Z"},
		{"X-Odd-CASE", "kept"},
	}
	want := "WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n" +
		"WARC-Date: 2026-11-22T12:34:56Z\r\nX-Odd-CASE: kept\r\nContent-Length: 3\r\n\r\na: \r\n\r\n"
	var out bytes.Buffer
	n, err := NewWriter(&out, NoCompression()).WriteRecord(h, strings.NewReader("a: "), 3)
	if err != nil || n != int64(len(want)) || out.String() != want {
		t.Errorf("WriteRecord = %d, %v\n%s", n, err, cmp.Diff(want, out.String()))
	}
	if len(h) != 4 {
		t.Errorf("WriteRecord changed the caller's header: %v", h)
	}

	out.Reset()
	if _, err := NewWriter(&out).WriteRecord(h, strings.NewReader("a: "), 3); err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	z.Multistream(false)
	got, err := io.ReadAll(z)
	if err != nil || string(got) != want || out.Len() != 0 {
		t.Errorf("member: %v, %d bytes left\n%s", err, out.Len(), cmp.Diff(want, string(got)))
	}
}

func TestWriteRefuses(t *testing.T) {
	good := func() sample { return record(TypeResource, []byte("block")) }
	with := func(name, value string) Header {
		h := good().Header
		h.Set(name, value)
		return h
	}
	for _, c := range []struct {
		name   string
		header Header
		block  io.Reader
		length int64
		torn   bool // something has been written
	}{
		{"no header", nil, strings.NewReader("block"), 5, false},
		{"unknown type", with(FieldType, "screenshot"), strings.NewReader("block"), 5, false},
		{"another length", with(FieldContentLength, "6"), strings.NewReader("block"), 5, false},
		{"signed length", with(FieldContentLength, "+5"), strings.NewReader("block"), 5, false},
		{"negative length", good().Header, strings.NewReader("block"), -1, false},
		{"line end in a value", with("X-A", "b\r\nWARC-Type: response"), strings.NewReader("block"), 5, false},
		{"line end in a name", with("X-A\r\nX-B", "c"), strings.NewReader("block"), 5, false},
		{"invalid UTF-8", with("X-A", "\xff"), strings.NewReader("block"), 5, false},
		{"quoted address", with(FieldTargetURI, "<https://source.test/>"), strings.NewReader("block"), 5, false},
		{"huge header", with("X-A", strings.Repeat("x", maxHeader)), strings.NewReader("block"), 5, false},
		{"too many fields", append(good().Header, make([]Field, maxFields)...), strings.NewReader("block"), 5, false},
		{"short block", good().Header, strings.NewReader("bloc"), 5, true},
		{"short block in memory", good().Header, bytes.NewReader([]byte("bloc")), 5, true},
		{"long block", good().Header, strings.NewReader("block!"), 5, true},
		{"long block in memory", good().Header, bytes.NewReader([]byte("block!")), 5, true},
		{"long buffer", good().Header, bytes.NewBufferString("block!"), 5, true},
		{"no block", good().Header, nil, 5, true},
		{"block of nothing", good().Header, nothing{}, 5, true},
		{"failing block", good().Header, io.MultiReader(strings.NewReader("blo"), failing{}), 5, true},
	} {
		for name, opts := range modes {
			t.Run(name+"/"+c.name, func(t *testing.T) {
				if b, ok := c.block.(io.Seeker); ok {
					b.Seek(0, io.SeekStart)
				}
				var out bytes.Buffer
				w := NewWriter(&out, opts...)
				n, err := w.WriteRecord(c.header, c.block, c.length)
				if err == nil {
					t.Fatal("no error")
				}
				if n != int64(out.Len()) {
					t.Errorf("n = %d, %d bytes written", n, out.Len())
				}
				if !c.torn && out.Len() > 0 {
					t.Errorf("%d bytes written for a refused record", out.Len())
				}
				s := good()
				_, again := w.WriteRecord(s.Header, bytes.NewReader(s.Block), 5)
				if (again != nil) != c.torn {
					t.Errorf("next record: %v", again)
				}
				out.Reset()
				w.Reset(&out)
				if _, err := w.WriteRecord(s.Header, bytes.NewReader(s.Block), 5); err != nil {
					t.Errorf("after Reset: %v", err)
				}
				if got, _, ps, err := readAll(&out); len(got) != 1 || len(ps) != 0 || err != nil {
					t.Errorf("after Reset: %d records, %v, %v", len(got), ps, err)
				}
			})
		}
	}
}

var errFailing = errors.New("failing")

type failing struct{}

func (failing) Read([]byte) (int, error)  { return 0, errFailing }
func (failing) Write([]byte) (int, error) { return 0, errFailing }

// nothing breaks the rule that a Reader makes progress.
type nothing struct{}

func (nothing) Read([]byte) (int, error) { return 0, nil }

func TestWriteErrors(t *testing.T) {
	s := record(TypeResource, []byte("block"))
	if _, err := NewWriter(failing{}).WriteRecord(s.Header, bytes.NewReader(s.Block), 5); !errors.Is(err, errFailing) {
		t.Errorf("failing output: %v", err)
	}
	if _, err := NewWriter(io.Discard).WriteRecord(s.Header, failing{}, 5); !errors.Is(err, errFailing) {
		t.Errorf("failing block: %v", err)
	}
	for _, level := range []int{-3, 0, 10} {
		if _, err := NewWriter(io.Discard, Level(level)).WriteRecord(s.Header, bytes.NewReader(s.Block), 5); err == nil {
			t.Errorf("level %d: no error", level)
		}
	}
	if _, err := NewWriter(io.Discard).WriteRecord(s.Header, bytes.NewReader(s.Block), math.MaxInt64); err == nil {
		t.Error("huge length: no error")
	}
}

// Blocks of every kind of reader arrive alike.
func TestBlockSources(t *testing.T) {
	block := page(200 << 10)
	name := filepath.Join(t.TempDir(), "spool")
	if err := os.WriteFile(name, block, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	s := record(TypeResource, block)
	want, _ := write(t, []sample{s})
	w := NewWriter(nil)
	for name, r := range map[string]io.Reader{
		"bytes.Buffer": bytes.NewBuffer(bytes.Clone(block)),
		"file":         file,
		"section":      io.NewSectionReader(bytes.NewReader(block), 0, int64(len(block))),
		"pieces":       io.MultiReader(bytes.NewReader(block[:7]), bytes.NewReader(block[7:])),
	} {
		var out bytes.Buffer
		w.Reset(&out)
		if _, err := w.WriteRecord(s.Header, r, int64(len(block))); err != nil {
			t.Fatal(name, err)
		}
		got, _, _, err := readAll(&out)
		if err != nil || len(got) != 1 || !bytes.Equal(got[0].Block, block) {
			t.Errorf("%s: another block, %v", name, err)
		}
	}
	got, _, _, err := readAll(bytes.NewReader(want))
	if err != nil || !bytes.Equal(got[0].Block, block) {
		t.Errorf("bytes.Reader: another block, %v", err)
	}
}

// zeros is an endless block.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// Memory does not grow with the block, on neither side.
func TestConstantMemory(t *testing.T) {
	const size = 64 << 20
	s := record(TypeResource, nil)
	s.Header.Del(FieldBlockDigest)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	pr, pw := io.Pipe()
	go func() {
		_, err := NewWriter(pw).WriteRecord(s.Header, io.LimitReader(zeros{}, size), size)
		pw.CloseWithError(err)
	}()
	rd, err := NewReader(pr)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := rd.Next()
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, rec.Block)
	if n != size || err != nil {
		t.Fatalf("read %d bytes, %v", n, err)
	}
	runtime.ReadMemStats(&after)
	// Everything ever allocated, so no collection can hide a growth.
	if got := after.TotalAlloc - before.TotalAlloc; got > 8<<20 {
		t.Errorf("%d bytes allocated for a block of %d", got, size)
	}
}

// A pooled Writer must not allocate per record beyond a few small values.
func TestWriterAllocations(t *testing.T) {
	s := samples()[2]
	w := NewWriter(io.Discard)
	var block bytes.Reader
	n := testing.AllocsPerRun(100, func() {
		w.Reset(io.Discard)
		block.Reset(s.Block)
		if _, err := w.WriteRecord(s.Header, &block, int64(len(s.Block))); err != nil {
			t.Fatal(err)
		}
	})
	if n > 8 {
		t.Errorf("%v allocations a record, want at most 8", n)
	}
}
