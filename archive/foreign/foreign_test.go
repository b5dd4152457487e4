package foreign_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob/dir"
	"github.com/ibid-archive/ibid/archive/foreign"
	"github.com/ibid-archive/ibid/archive/warc"
)

func at(minutes int) time.Time {
	return time.Date(2025, 5, 4, 10, 0, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute)
}

func id(n int) string { return fmt.Sprintf("urn:uuid:00000000-0000-4000-8000-%012d", n) }

// maker writes a WARC as somebody else might.
type maker struct {
	t   testing.TB
	out bytes.Buffer
	w   *warc.Writer
}

func newMaker(t testing.TB, opts ...warc.Option) *maker {
	m := &maker{t: t}
	m.w = warc.NewWriter(&m.out, opts...)
	return m
}

func (m *maker) record(kind warc.Type, n int, url string, when time.Time, media, block string, more ...warc.Field) *maker {
	m.t.Helper()
	h := warc.Header{{Name: warc.FieldType, Value: string(kind)}, {Name: warc.FieldRecordID, Value: "<" + id(n) + ">"},
		{Name: warc.FieldDate, Value: warc.FormatDate(when)}, {Name: warc.FieldContentType, Value: media},
		{Name: warc.FieldBlockDigest, Value: warc.FormatDigest(sha256.Sum256([]byte(block)))}}
	if url != "" {
		h.Add(warc.FieldTargetURI, url)
	}
	if _, err := m.w.WriteRecord(append(h, more...), strings.NewReader(block), int64(len(block))); err != nil {
		m.t.Fatal(err)
	}
	return m
}

func (m *maker) info(n int, software string) *maker {
	return m.record(warc.TypeWarcinfo, n, "", at(0), "application/warc-fields", "software: "+software+"\r\n")
}

func (m *maker) answer(n int, url string, minute int, answer string, more ...warc.Field) *maker {
	return m.record(warc.TypeResponse, n, url, at(minute), "application/http; msgtype=response", answer, more...)
}

func (m *maker) request(n, of int, url string) *maker {
	return m.record(warc.TypeRequest, n, url, at(0), "application/http; msgtype=request", "GET / HTTP/1.1\r\n\r\n",
		warc.Field{Name: warc.FieldConcurrentTo, Value: "<" + id(of) + ">"})
}

func (m *maker) file(name string) foreign.WARC { return file(name, m.out.Bytes()) }

func file(name string, b []byte) foreign.WARC {
	return foreign.WARC{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

const (
	page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>The dam.</p>"
	gone = "HTTP/1.1 404 Not Found\r\n\r\n"
)

func to(url string) string {
	return "HTTP/1.1 301 Moved Permanently\r\nLocation: " + url + "\r\n\r\n"
}

// told is a visit in short.
func told(v foreign.Visit) string {
	var s []string
	for i, h := range v.Hops {
		one := fmt.Sprintf("%s %d", strings.TrimLeft(h.ID[len(h.ID)-3:], "0"), h.Status)
		if v.Requests[i] != nil {
			one += " asked"
		}
		s = append(s, one)
	}
	if v.Missing != "" {
		s = append(s, "missing "+v.Missing)
	}
	if v.Info != nil {
		s = append(s, "info")
	}
	return strings.Join(s, ", ")
}

func TestVisits(t *testing.T) {
	named := warc.Field{Name: warc.FieldWarcinfoID, Value: "<" + id(1) + ">"}
	plain := newMaker(t, warc.NoCompression()).info(1, "a crawler").
		answer(2, "http://a.test/dam", 1, to("https://a.test/dam"), named).request(3, 2, "http://a.test/dam").
		answer(4, "https://a.test/dam", 1, to("/new")).
		answer(5, "https://a.test/dam", 90, page).
		answer(6, "https://b.test/", 1, to("https://b.test/")).
		answer(7, "https://c.test/x#part", 1, page).
		answer(8, "dns:a.test", 1, page).
		record(warc.TypeResource, 9, "https://d.test/paper.pdf", at(5), "application/pdf", "%PDF-1.4").
		record(warc.TypeMetadata, 10, "https://a.test/dam", at(1), "text/plain", "of the crawler")
	second := newMaker(t).info(20, "another").
		answer(21, "https://a.test/new", 2, page).
		answer(22, "https://e.test/", 1, to("https://nowhere.test/")).
		answer(23, "https://f.test/", 1, to("https://f.test/1")).answer(24, "https://f.test/1", 1, to("https://f.test/")).
		record(warc.TypeRequest, 26, "https://g.test/", at(3), "application/http; msgtype=request", "GET / HTTP/1.1\r\n\r\n").
		answer(25, "https://g.test/", 3, gone, warc.Field{Name: warc.FieldConcurrentTo, Value: "<" + id(26) + ">"}) // as wget does
	f, err := foreign.Scan(t.Context(), []foreign.WARC{plain.file("1.warc"), second.file("2.warc.gz")})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a crawler", "another"}, f.Software); diff != "" || len(f.LeftOut) > 0 {
		t.Errorf("%s%v", diff, f.LeftOut)
	}
	for key, want := range map[string][]string{
		"https://a.test/dam":       {"2 301 asked, 4 301, 21 200, info", "4 301, 21 200", "5 200"},
		"http://a.test/dam":        {"2 301 asked, 4 301, 21 200, info", "4 301, 21 200", "5 200"},
		"https://b.test/":          {"6 301, missing https://b.test/"},
		"https://c.test/x":         {"7 200"},
		"https://d.test/paper.pdf": {"9 0"},
		"https://e.test/":          {"22 301, missing https://nowhere.test/"},
		"https://f.test/":          {"23 301, 24 301, missing https://f.test/"},
		"https://g.test/":          {"25 404 asked"},
		"https://h.test/":          nil,
		"dns:a.test":               nil,
	} {
		var got []string
		for _, v := range f.Visits(key) {
			got = append(got, told(v))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
	}
}

func TestLeftOut(t *testing.T) {
	wrong := warc.Field{Name: warc.FieldPayloadDigest, Value: warc.FormatDigest(sha256.Sum256(nil))}
	shared := func() []byte {
		m := newMaker(t, warc.NoCompression()).answer(1, "https://a.test/", 1, page).answer(2, "https://b.test/", 1, page)
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(m.out.Bytes()); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}()
	torn := newMaker(t).answer(1, "https://a.test/", 1, page).answer(2, "https://b.test/", 1, page).out.Bytes()
	for _, c := range []struct {
		name  string
		b     []byte
		why   string
		holds bool // the visit to a.test stays
	}{
		{"a wrong digest", newMaker(t).answer(1, "https://a.test/", 1, page, wrong).out.Bytes(), "payload-digest", false},
		{"a shared member", shared, "gzip-not-per-record", false},
		{"a torn file", torn[:len(torn)-20], "cannot be read", true},
		{"no WARC", []byte("<html>"), "cannot be read", false},
		{"no HTTP", newMaker(t).answer(1, "https://a.test/", 1, "nonsense").out.Bytes(), "http", false},
		{"a long address", newMaker(t).answer(1, "https://a.test/"+strings.Repeat("x", 9000), 1, page).out.Bytes(), "too long an address", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := foreign.Scan(t.Context(), []foreign.WARC{file("x", c.b)})
			if err != nil {
				t.Fatal(err)
			}
			if len(f.LeftOut) == 0 || !strings.Contains(strings.ToLower(f.LeftOut[0].Why), c.why) {
				t.Errorf("left out: %v", f.LeftOut)
			}
			if got := len(f.Visits("https://a.test/")); got != map[bool]int{true: 1}[c.holds] {
				t.Errorf("%d visits", got)
			}
		})
	}
}

// What is imported is byte for byte what stood in the file, and importing it again
// adds nothing.
func TestImport(t *testing.T) {
	store, err := dir.Open(t.TempDir(), dir.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	a := archive.New(archive.Config{Store: store, Software: "ibid/test", TempDir: t.TempDir()})
	for name, opts := range map[string][]warc.Option{"plain": {warc.NoCompression()}, "compressed": nil} {
		m := newMaker(t, opts...).info(1, "x").answer(9, "https://other.test/", 0, page).
			answer(2, "https://a.test/dam", 1, to("/new"), warc.Field{Name: warc.FieldWarcinfoID, Value: "<" + id(1) + ">"}).
			answer(3, "https://a.test/new", 1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwell\r\n0\r\n\r\n")
		var sums []string
		for range 2 {
			f, err := foreign.Scan(t.Context(), []foreign.WARC{m.file(name)})
			if err != nil {
				t.Fatal(err)
			}
			visits := f.Visits("https://a.test/dam")
			x, err := f.Extract(t.Context(), visits, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			v, err := x.Visit(visits[0], t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			payload := sha256.Sum256([]byte("well"))
			want := archive.Outcome{HTTPStatus: 200, FinalURL: "https://a.test/new", Redirects: []string{"https://a.test/new"},
				PayloadSHA256: hex.EncodeToString(payload[:]), PayloadSize: 4}
			if diff := cmp.Diff(want, v.Outcome); diff != "" || !v.Exchanges[1].Chunked {
				t.Errorf("(-want +got):\n%s", diff)
			}
			c := &archive.Capture{Key: "https://a.test/dam", URL: v.URL, StartedAt: v.StartedAt, FinishedAt: v.StartedAt, Outcome: v.Outcome,
				Judgement: archive.Judgement{Verdict: archive.Moved}, Imported: &archive.Imported{File: name, SHA256: strings.Repeat("0", 64)},
				Exchanges: []archive.ExchangeInfo{{Role: archive.RoleSource, URL: v.URL, Record: visits[0].Hops[0].ID, Date: v.StartedAt}}}
			if err := a.Import(t.Context(), c, x.Raw(visits[0])); err != nil {
				t.Fatal(err)
			}
			for _, e := range v.Exchanges {
				e.Close()
			}
			if err := x.Close(); err != nil {
				t.Fatal(err)
			}
			sums = append(sums, c.SHA256)
			back, err := a.Reread(t.Context(), c.SHA256)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.Imported, back.Imported); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			rc, err := store.Open(t.Context(), archive.CaptureKey(c.SHA256), 0, -1)
			if err != nil {
				t.Fatal(err)
			}
			kept, want2 := plainRecords(t, rc), plainRecords(t, bytes.NewReader(m.out.Bytes()))
			if len(kept) != 4 || kept[0] != want2[0] || kept[1] != want2[2] || kept[2] != want2[3] {
				t.Errorf("the records are not those of the file: %q", kept)
			}
			if err := rc.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if sums[0] != sums[1] {
			t.Errorf("importing %s twice makes two objects", name)
		}
	}
}

// plainRecords are the headers and blocks of all records.
func plainRecords(t *testing.T, r io.Reader) (all []string) {
	t.Helper()
	err := warc.VerifyFile(r, func(rec *warc.Record, problems []warc.Problem) error {
		if len(problems) > 0 {
			t.Error(problems)
		}
		all = append(all, fmt.Sprint(rec.Header))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func FuzzScan(f *testing.F) {
	f.Add(newMaker(f).info(1, "x").answer(2, "https://a.test/", 1, to("/b")).answer(3, "https://a.test/b", 1, page).out.Bytes())
	f.Add(newMaker(f, warc.NoCompression()).info(1, "x").answer(2, "https://a.test/", 1, page).request(3, 2, "https://a.test/").out.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		found, err := foreign.Scan(context.Background(), []foreign.WARC{file("x", b)})
		if err != nil {
			t.Fatal(err)
		}
		visits := found.Visits("https://a.test/")
		x, err := found.Extract(context.Background(), visits, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer x.Close()
		for _, v := range visits {
			seen, err := x.Visit(v, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range seen.Exchanges {
				e.Close()
			}
		}
	})
}
