package wacz

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPackageIsValid(t *testing.T) {
	b := testPackage(t, testConfig(t))
	faults, s := validate(t, b)
	if len(faults) > 0 || !s.Valid() {
		t.Fatalf("faults: %v", faults)
	}
	for _, r := range s.Results {
		want := Passed
		if r.Step == StepSignature {
			want = Consistent
		}
		if r.Outcome != want || r.Proves == "" || r.Limits == "" {
			t.Errorf("step %s: %s, proves %q, does not prove %q", r.Step, r.Outcome, r.Proves, r.Limits)
		}
	}
	if s.WARCs != 2 || s.Lines != 4 || s.Pages != 2 || s.Records != 10 || s.Files != 9 {
		t.Errorf("%d WARCs, %d lines, %d pages, %d records, %d files", s.WARCs, s.Lines, s.Pages, s.Records, s.Files)
	}
	if s.Signature.Form != FormAnonymous || s.Signature.Created != "2026-11-22T13:14:15.678Z" {
		t.Errorf("signature %+v", s.Signature)
	}
}

func TestPackageIsDeterministic(t *testing.T) {
	if a, b := testPackage(t, testConfig(t)), testPackage(t, testConfig(t)); !bytes.Equal(a, b) {
		t.Error("two packages of the same input differ")
	}
}

// TestPackageReadsAsZip holds the structure against a reader that is not ours.
func TestPackageReadsAsZip(t *testing.T) {
	b := testPackage(t, testConfig(t))
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
		if f.Method != zip.Store || f.Mode() != 0o644 || f.Modified.Unix()/2 != created.Unix()/2 {
			t.Errorf("%s: method %d, mode %s, time %s", f.Name, f.Method, f.Mode(), f.Modified)
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	want := []string{
		"archive/one.warc.gz", "archive/two.warc.gz", "report.html", "log/checkpoint", "pages/pages.jsonl",
		"pages/extraPages.jsonl", "indexes/index.cdxj", "datapackage.json", "datapackage-digest.json",
	}
	if d := cmp.Diff(want, names); d != "" {
		t.Error(d)
	}
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var captures []capture
		for i := range rapid.IntRange(1, 4).Draw(r, "captures") {
			captures = append(captures, capture{
				url:  fmt.Sprintf("https://h%d.test/%s", i, rapid.StringMatching(`[A-Za-z0-9/?&=%_-]{0,30}`).Draw(r, "path")),
				at:   time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(r, "time")).UTC(),
				body: rapid.String().Draw(r, "body"),
			})
		}
		text, title := rapid.String().Draw(r, "text"), rapid.String().Draw(r, "title")
		var b bytes.Buffer
		w, err := NewWriter(&b, Config{Software: "ibid/test", Created: created})
		if err != nil {
			r.Fatal(err)
		}
		file := testWARC(t, captures...)
		if err := w.AddWARC("a.warc.gz", Bytes(file)); err != nil {
			r.Fatal(err)
		}
		var pages []Page
		for i, c := range captures {
			p := Page{ID: fmt.Sprint(i), URL: c.url, TS: c.at, Title: title, Text: text}
			pages = append(pages, p)
			if err := w.AddPage(p); err != nil {
				r.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			r.Fatal(err)
		}
		if faults, _ := validate(t, b.Bytes()); len(faults) > 0 {
			r.Fatalf("faults: %v", faults)
		}
		rd, err := NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()), Limits{})
		if err != nil {
			r.Fatal(err)
		}
		in, err := rd.Open("archive/a.warc.gz")
		if err != nil {
			r.Fatal(err)
		}
		if got, err := io.ReadAll(in); err != nil || !bytes.Equal(got, file) {
			r.Fatalf("the WARC came back as %d bytes of %d, %v", len(got), len(file), err)
		}
		var got []Page
		for p, err := range rd.Pages() {
			if err != nil {
				r.Fatal(err)
			}
			got = append(got, p)
		}
		if d := cmp.Diff(pages, got); d != "" {
			r.Fatal(d)
		}
		for _, c := range captures {
			l, ok, err := rd.Lookup(c.url, c.at)
			if err != nil || !ok || !l.Time.Equal(c.at) {
				r.Fatalf("Lookup(%s) = %v, %v, %v", c.url, l, ok, err)
			}
			rec, err := rd.Record(l)
			if err != nil {
				r.Fatal(err)
			}
			if block, err := io.ReadAll(rec.Block); err != nil || !strings.HasSuffix(string(block), "\r\n\r\n"+c.body) {
				r.Fatalf("record of %s: %q, %v", c.url, block, err)
			}
		}
	})
}

func TestWriterRefuses(t *testing.T) {
	file := Bytes(testWARC(t, pageOne))
	broken := errors.New("disk on fire")
	turn := 0
	unsteady := func() (io.ReadCloser, error) {
		turn++
		return io.NopCloser(strings.NewReader(fmt.Sprint(turn))), nil
	}
	for name, add := range map[string]func(w *Writer) error{
		"path in a WARC's name":    func(w *Writer) error { return w.AddWARC("a/b.warc.gz", file) },
		"WARC of another name":     func(w *Writer) error { return w.AddWARC("b.txt", file) },
		"no WARC":                  func(w *Writer) error { return w.AddWARC("b.warc", Bytes([]byte("text"))) },
		"torn WARC":                func(w *Writer) error { return w.AddWARC("b.warc.gz", Bytes(testWARC(t, pageOne)[:500])) },
		"twice":                    func(w *Writer) error { return w.AddWARC("a.warc.gz", file) },
		"twice in another case":    func(w *Writer) error { return w.AddWARC("A.warc.gz", file) },
		"file in archive":          func(w *Writer) error { return w.AddFile("archive/x", Bytes(nil)) },
		"file in Pages":            func(w *Writer) error { return w.AddFile("Pages/x", Bytes(nil)) },
		"file called archive":      func(w *Writer) error { return w.AddFile("archive", Bytes(nil)) },
		"manifest":                 func(w *Writer) error { return w.AddFile("Datapackage.json", Bytes(nil)) },
		"climbing":                 func(w *Writer) error { return w.AddFile("../x", Bytes(nil)) },
		"absolute":                 func(w *Writer) error { return w.AddFile("/x", Bytes(nil)) },
		"umlaut":                   func(w *Writer) error { return w.AddFile("ä", Bytes(nil)) },
		"source that fails":        func(w *Writer) error { return w.AddFile("x", func() (io.ReadCloser, error) { return nil, broken }) },
		"source that breaks off":   func(w *Writer) error { return w.AddFile("x", failing(broken)) },
		"source that changes":      func(w *Writer) error { return w.AddFile("x", unsteady) },
		"page without URL":         func(w *Writer) error { return w.AddPage(Page{TS: created}) },
		"page without time":        func(w *Writer) error { return w.AddPage(Page{URL: "https://a.test/"}) },
		"page that is not UTF-8":   func(w *Writer) error { return w.AddPage(Page{URL: "https://a.test/", TS: created, Text: "\xff"}) },
		"extra page without a URL": func(w *Writer) error { return w.AddExtraPage(Page{TS: created}) },
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			w, err := NewWriter(&b, testConfig(t))
			if err != nil {
				t.Fatal(err)
			}
			if err := w.AddWARC("a.warc.gz", file); err != nil {
				t.Fatal(err)
			}
			if err = add(w); err == nil {
				t.Fatal("accepted")
			}
			if again := w.AddFile("fine", Bytes(nil)); !errors.Is(again, err) {
				t.Errorf("after %v the writer goes on: %v", err, again)
			}
			if w.Close() == nil {
				t.Error("Close after an error succeeds")
			}
		})
	}
}

func failing(err error) Opener {
	return func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(strings.NewReader("some"), iotest.ErrReader(err))), nil
	}
}

func TestWriterNeedsAWARC(t *testing.T) {
	w, err := NewWriter(io.Discard, testConfig(t))
	if err != nil {
		t.Fatal(err)
	}
	if w.Close() == nil {
		t.Error("a package without a WARC was closed")
	}
	if _, err := NewWriter(io.Discard, Config{Software: "ibid/1"}); err == nil {
		t.Error("a package without a time was begun")
	}
}

// TestOutputFails lets the output fail at every write.
func TestOutputFails(t *testing.T) {
	broken := errors.New("disk full")
	for after := range 40 {
		out := &limited{left: after, err: broken}
		w, err := NewWriter(out, testConfig(t))
		if err != nil {
			t.Fatal(err)
		}
		w.AddWARC("a.warc.gz", Bytes(testWARC(t, pageOne)))
		w.AddPage(Page{URL: pageOne.url, TS: pageOne.at})
		if err := w.Close(); (out.left < 0) != errors.Is(err, broken) {
			t.Fatalf("output that fails after %d writes: Close = %v", after, err)
		}
		if out.left >= 0 {
			return
		}
	}
	t.Error("the package took more than 40 writes")
}

type limited struct {
	left int
	err  error
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left--; l.left < 0 {
		return 0, l.err
	}
	return len(p), nil
}
