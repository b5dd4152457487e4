package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/dir"
	"github.com/ibid-archive/ibid/archive/warc"
)

// memory is an archive in a map, to audit thousands of damaged ones quickly.
type memory map[string][]byte

func (m memory) Open(_ context.Context, key string, off, n int64) (io.ReadCloser, error) {
	b, ok := m[key]
	if !ok {
		return nil, blob.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(b)), nil
}

func (m memory) List(_ context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if strings.HasPrefix(key, prefix) && !yield(blob.Info{Key: key, Size: int64(len(m[key]))}, nil) {
				return
			}
		}
	}
}

// put stores a file under the key that its bytes give.
func (m memory) put(kind kind, b []byte) string {
	key := objectKey(kind, sha256.Sum256(b))
	m[key] = b
	return key
}

// testRecord is one record to write; digests are added unless a field gives them.
type testRecord struct {
	kind   warc.Type
	id     string
	media  string
	block  string
	fields warc.Header
}

func writeWARC(t testing.TB, records ...testRecord) []byte {
	t.Helper()
	var out bytes.Buffer
	w := warc.NewWriter(&out)
	for _, r := range records {
		var h warc.Header
		h.Add(warc.FieldType, string(r.kind))
		h.Add(warc.FieldRecordID, "<"+r.id+">")
		h.Add(warc.FieldDate, warc.FormatDate(visitedAt))
		if r.kind != warc.TypeWarcinfo {
			h.Add(warc.FieldTargetURI, cited)
		}
		h.Add(warc.FieldContentType, r.media)
		h = append(h, r.fields...)
		if h.Get(warc.FieldBlockDigest) == "" {
			h.Add(warc.FieldBlockDigest, digestOf(r.block))
		}
		if _, err := w.WriteRecord(h, strings.NewReader(r.block), int64(len(r.block))); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func digestOf(s string) string { return warc.FormatDigest(sha256.Sum256([]byte(s))) }

func urn(n int) string { return fmt.Sprintf("urn:uuid:00000000-0000-4000-8000-%012d", n) }

const (
	reportText = "The dam held [1].\n\n[1] " + cited + "\n"
	pageBody   = "<p>The dam held.</p>"
	pageHead   = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
)

func warcinfo(n int) testRecord {
	return testRecord{kind: warc.TypeWarcinfo, id: urn(n), media: "application/warc-fields", block: "software: test\r\n"}
}

func response(n int) testRecord {
	return testRecord{kind: warc.TypeResponse, id: urn(n), media: "application/http;msgtype=response", block: pageHead + pageBody,
		fields: warc.Header{{Name: warc.FieldPayloadDigest, Value: digestOf(pageBody)}}}
}

func revisitOf(n, target int, body string) testRecord {
	return testRecord{kind: warc.TypeRevisit, id: urn(n), media: "application/http;msgtype=response", block: pageHead,
		fields: warc.Header{
			{Name: warc.FieldProfile, Value: warc.ProfileIdentical}, {Name: warc.FieldRefersTo, Value: "<" + urn(target) + ">"},
			{Name: warc.FieldPayloadDigest, Value: digestOf(body)}, {Name: warc.FieldTruncated, Value: warc.TruncatedLength},
		}}
}

func captureRecord(t testing.TB, n int, exchanges ...int) testRecord {
	t.Helper()
	sum := sha256.Sum256([]byte(reportText))
	c := archive.Capture{
		Version: archive.CaptureVersion, Key: cited, URL: cited, StartedAt: visitedAt, FinishedAt: visitedAt,
		Citations: []archive.CitationRef{{Report: hex.EncodeToString(sum[:]), ID: "1.1"}},
		Judgement: archive.Judgement{Verdict: archive.Alive},
	}
	for _, x := range exchanges {
		c.Exchanges = append(c.Exchanges, archive.ExchangeInfo{Role: archive.RoleSource, URL: cited, Record: urn(x)})
	}
	block, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return testRecord{kind: warc.TypeMetadata, id: urn(n), media: archive.CaptureType, block: string(block)}
}

func reportWARC(t testing.TB, said string) []byte {
	t.Helper()
	return writeWARC(t, warcinfo(900),
		testRecord{kind: warc.TypeResource, id: urn(901), media: "application/octet-stream", block: reportText,
			fields: warc.Header{{Name: warc.FieldPayloadDigest, Value: digestOf(reportText)}}},
		testRecord{kind: warc.TypeMetadata, id: urn(902), media: reportType, block: `{"version":1,"sha256":"` + strings.TrimPrefix(said, "sha256:") + `"}`})
}

// sound returns an archive of a report, a capture, and one that repeats it.
func sound(t testing.TB) (m memory, first, second, report string) {
	t.Helper()
	m = memory{}
	first = m.put(captureKind, writeWARC(t, warcinfo(1), response(2), captureRecord(t, 3, 2)))
	second = m.put(captureKind, writeWARC(t, warcinfo(11), revisitOf(12, 2, pageBody), captureRecord(t, 13, 12)))
	report = m.put(reportKind, reportWARC(t, digestOf(reportText)))
	return m, first, second, report
}

func audit(t testing.TB, m Objects) AuditReport {
	t.Helper()
	got, err := Audit(context.Background(), m, AuditConfig{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// rules lists what was found, as "<rule> <first key that tells>".
func rules(findings []Finding, names map[string]string) []string {
	var out []string
	for _, f := range findings {
		name := names[f.Key]
		if name == "" {
			name = f.Key
		}
		out = append(out, string(f.Rule)+" "+name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestAudit(t *testing.T) {
	type damage func(t *testing.T, m memory, first, second, report string)
	reseal := func(records ...testRecord) damage {
		return func(t *testing.T, m memory, first, _, _ string) {
			delete(m, first)
			first = m.put(captureKind, writeWARC(t, records...))
			m["name:first"] = []byte(first)
		}
	}
	with := func(r testRecord, name, value string) testRecord {
		r.fields = slices.Clone(r.fields)
		r.fields.Set(name, value)
		return r
	}
	for _, tc := range []struct {
		name   string
		damage damage
		want   []string
	}{
		{"sound", func(*testing.T, memory, string, string, string) {}, nil},
		{"beside it", func(_ *testing.T, m memory, _, _, _ string) {
			m["catalog.sqlite"], m["catalog.sqlite-wal"], m["probe/if-none-match"] = nil, nil, nil
		}, nil},
		{"first capture deleted", func(_ *testing.T, m memory, first, _, _ string) { delete(m, first) }, []string{"missing second"}},
		{"report deleted", func(_ *testing.T, m memory, _, _, report string) { delete(m, report) }, []string{"missing first"}},
		{"swapped", func(_ *testing.T, m memory, first, second, _ string) { m[first], m[second] = m[second], m[first] }, []string{"altered first", "altered second"}},
		{"swapped kinds", func(_ *testing.T, m memory, first, _, report string) { m[first], m[report] = m[report], m[first] }, []string{"altered first", "altered report", "missing second", "structure first", "structure report"}},
		{"copied to another name", func(_ *testing.T, m memory, first, _, _ string) {
			m["captures/ff/"+strings.Repeat("f", 64)+".warc.gz"] = m[first]
		}, []string{"altered captures/ff/" + strings.Repeat("f", 64) + ".warc.gz"}},
		{"copied to the reports", func(_ *testing.T, m memory, first, _, _ string) {
			m[strings.Replace(first, "captures", "reports", 1)] = m[first]
		}, []string{"structure first-as-report"}},
		{"wrong directory", func(_ *testing.T, m memory, first, _, _ string) {
			m["captures/zz/"+filepath.Base(first)] = m[first]
			delete(m, first)
		}, []string{"missing second", "stray captures/zz/first"}},
		{"stray files", func(_ *testing.T, m memory, first, _, _ string) {
			m["captures/notes.txt"], m["README"], m["captures/ab/x.warc.gz"] = nil, nil, nil
			m["captures/"+strings.ToUpper(first[9:])] = nil
			m["others/"+first[9:]] = nil
		}, []string{"stray README", "stray captures/FIRST", "stray captures/ab/x.warc.gz", "stray captures/notes.txt", "stray others/first"}},
		{"empty file", func(_ *testing.T, m memory, first, _, _ string) { m[first] = nil }, []string{"altered first", "missing second", "structure first"}},
		{"no WARC", func(_ *testing.T, m memory, first, _, _ string) { m[first] = []byte("hello") }, []string{"altered first", "missing second", "structure first"}},
		{"something after the end", func(_ *testing.T, m memory, first, _, _ string) {
			m[first] = append(slices.Clone(m[first]), "x"...)
		}, []string{"altered first", "structure first"}},

		{"sealed again: block", reseal(warcinfo(1), with(response(2), warc.FieldBlockDigest, digestOf("x")), captureRecord(t, 3, 2)), []string{"digest first"}},
		{"sealed again: payload", reseal(warcinfo(1), with(response(2), warc.FieldPayloadDigest, digestOf("x")), captureRecord(t, 3, 2)), []string{"digest first", "digest second"}},
		{"sealed again: no capture record", reseal(warcinfo(1), response(2)), []string{"structure first"}},
		{"sealed again: capture record not last", reseal(warcinfo(1), captureRecord(t, 3), response(2)), []string{"structure first"}},
		{"sealed again: unknown record", reseal(warcinfo(1), response(2), captureRecord(t, 3, 77)), []string{"structure first"}},
		{"sealed again: no JSON", reseal(warcinfo(1), response(2), testRecord{kind: warc.TypeMetadata, id: urn(3), media: archive.CaptureType, block: "{"}), []string{"structure first"}},
		{"sealed again: version", reseal(warcinfo(1), response(2), testRecord{kind: warc.TypeMetadata, id: urn(3), media: archive.CaptureType, block: `{"version":9}`}), []string{"structure first"}},
		{"revisit of nothing", func(t *testing.T, m memory, _, second, _ string) {
			delete(m, second)
			m["name:second"] = []byte(m.put(captureKind, writeWARC(t, revisitOf(12, 55, pageBody), captureRecord(t, 13, 12))))
		}, []string{"missing second"}},
		{"revisit of another payload", func(t *testing.T, m memory, _, second, _ string) {
			delete(m, second)
			m["name:second"] = []byte(m.put(captureKind, writeWARC(t, revisitOf(12, 2, "other"), captureRecord(t, 13, 12))))
		}, []string{"digest second"}},
		{"report record of other bytes", func(t *testing.T, m memory, _, _, report string) {
			delete(m, report)
			m["name:report"] = []byte(m.put(reportKind, reportWARC(t, digestOf("other"))))
		}, []string{"digest report", "missing first"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m, first, second, report := sound(t)
			names := map[string]string{first: "first", second: "second", report: "report",
				strings.Replace(first, "captures", "reports", 1): "first-as-report", "captures/zz/" + filepath.Base(first): "captures/zz/first",
				"captures/" + strings.ToUpper(first[9:]): "captures/FIRST", "others/" + first[9:]: "others/first"}
			tc.damage(t, m, first, second, report)
			for key, value := range m {
				if name, ok := strings.CutPrefix(key, "name:"); ok {
					names[string(value)] = name
					delete(m, key)
				}
			}
			got := audit(t, m)
			// A report that both captures cite is told of once, for the lower key.
			if len(got.Findings) > 0 && tc.want != nil && slices.Contains(tc.want, "missing first") && got.Findings[0].Key == second {
				names[second] = "first"
			}
			if diff := cmp.Diff(tc.want, rules(got.Findings, names)); diff != "" {
				t.Errorf("found (-want +got):\n%s%+v", diff, got.Findings)
			}
		})
	}
}

// TestAuditSeesEveryByte flips each byte of each object, and cuts each object
// at each length: all of it is found, none of it panics.
func TestAuditSeesEveryByte(t *testing.T) {
	m, _, _, _ := sound(t)
	for key, whole := range m {
		inParallel(len(whole), func(i int) {
			for name, damaged := range map[string][]byte{
				"flip": append(append(slices.Clone(whole[:i]), whole[i]^0x41), whole[i+1:]...),
				"cut":  whole[:i],
			} {
				got, err := Audit(t.Context(), memory{key: damaged}, AuditConfig{Workers: 1})
				if err != nil || !slices.ContainsFunc(got.Findings, func(f Finding) bool { return f.Rule != RuleMissing }) {
					t.Errorf("%s of %s at %d: %+v, %v", name, key, i, got.Findings, err)
				}
			}
		})
	}
}

// TestAuditSealedFlips flips each byte of the uncompressed capture and gives
// the file the name that fits: what its own digests cover is found still.
func TestAuditSealedFlips(t *testing.T) {
	m, first, second, _ := sound(t)
	var plain bytes.Buffer
	w := warc.NewWriter(&plain, warc.NoCompression())
	h := warc.Header{
		{Name: warc.FieldType, Value: "response"}, {Name: warc.FieldRecordID, Value: "<" + urn(2) + ">"}, {Name: warc.FieldDate, Value: warc.FormatDate(visitedAt)},
		{Name: warc.FieldTargetURI, Value: cited}, {Name: warc.FieldContentType, Value: "application/http;msgtype=response"},
		{Name: warc.FieldPayloadDigest, Value: digestOf(pageBody)}, {Name: warc.FieldBlockDigest, Value: digestOf(pageHead + pageBody)},
	}
	if _, err := w.WriteRecord(h, strings.NewReader(pageHead+pageBody), int64(len(pageHead+pageBody))); err != nil {
		t.Fatal(err)
	}
	start := bytes.Index(plain.Bytes(), []byte(pageHead))
	end := captureRecord(t, 3, 2)
	var tail bytes.Buffer
	w.Reset(&tail)
	if _, err := w.WriteRecord(warc.Header{
		{Name: warc.FieldType, Value: "metadata"}, {Name: warc.FieldRecordID, Value: "<" + urn(3) + ">"}, {Name: warc.FieldDate, Value: warc.FormatDate(visitedAt)},
		{Name: warc.FieldTargetURI, Value: cited}, {Name: warc.FieldContentType, Value: archive.CaptureType},
		{Name: warc.FieldBlockDigest, Value: digestOf(end.block)},
	}, strings.NewReader(end.block), int64(len(end.block))); err != nil {
		t.Fatal(err)
	}
	delete(m, first)
	delete(m, second)
	for i := start; i < plain.Len(); i++ {
		b := append(slices.Clone(plain.Bytes()), tail.Bytes()...)
		b[i] ^= 0x01
		changed := maps.Clone(m)
		key := changed.put(captureKind, b)
		if got := audit(t, changed); !slices.ContainsFunc(got.Findings, func(f Finding) bool { return f.Key == key }) {
			t.Errorf("byte %d of the response: %+v", i, got.Findings)
		}
	}
}

func TestAuditCountsAndTells(t *testing.T) {
	m, _, second, _ := sound(t)
	m["stray"] = []byte("x")
	m[second] = m[second][:len(m[second])-3]
	var events []Event
	got, err := Audit(context.Background(), m, AuditConfig{Workers: 3, MaxFindings: 1, Progress: func(e Event) { events = append(events, e) }})
	if err != nil {
		t.Fatal(err)
	}
	want := AuditReport{Objects: 3, Records: 9, Found: 2} // the torn record counts: it began
	for key, b := range m {
		if key != "stray" {
			want.Bytes += int64(len(b))
		}
	}
	findings := got.Findings
	got.Findings = nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("report (-want +got):\n%s%v", diff, findings)
	}
	if len(findings) != 1 {
		t.Errorf("%d findings kept, the limit is 1", len(findings))
	}
	if last := events[len(events)-1]; len(events) != 4 || last.Objects != 3 || last.Bytes != want.Bytes || last.Found != 2 {
		t.Errorf("%d events, the last %+v", len(events), last)
	}
}

// TestAuditOrder: the same findings in the same order, whoever reads faster.
func TestAuditOrder(t *testing.T) {
	m, first, second, _ := sound(t)
	m[first], m[second] = m[second], m[first]
	m["stray"], m["captures/x"] = nil, nil
	want := audit(t, m)
	for range 20 {
		if diff := cmp.Diff(want, audit(t, m)); diff != "" {
			t.Fatalf("another report (-first +now):\n%s", diff)
		}
	}
}

type faulty struct {
	memory
	open, read, list error
}

func (f faulty) Open(ctx context.Context, key string, off, n int64) (io.ReadCloser, error) {
	if f.open != nil {
		return nil, f.open
	}
	rc, err := f.memory.Open(ctx, key, off, n)
	if f.read != nil {
		rc = io.NopCloser(io.MultiReader(io.LimitReader(rc, 100), brokenReader{f.read}))
	}
	return rc, err
}

func (f faulty) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		for info, err := range f.memory.List(ctx, prefix) {
			if !yield(info, err) {
				return
			}
		}
		if f.list != nil {
			yield(blob.Info{}, f.list)
		}
	}
}

type brokenReader struct{ err error }

func (b brokenReader) Read([]byte) (int, error) { return 0, b.err }

func TestAuditCannotRead(t *testing.T) {
	m, _, _, _ := sound(t)
	m["stray"] = nil
	disk := errors.New("input/output error")
	for name, store := range map[string]faulty{
		"open": {memory: m, open: disk}, "read": {memory: m, read: disk}, "list": {memory: m, list: disk},
	} {
		got, err := Audit(context.Background(), store, AuditConfig{})
		if !errors.Is(err, disk) {
			t.Errorf("%s: error %v", name, err)
		}
		if len(got.Findings) != 1 || got.Findings[0].Rule != RuleStray {
			t.Errorf("%s: what could not be read is a finding: %+v", name, got.Findings)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Audit(ctx, m, AuditConfig{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v", err)
	}
}

// TestAuditDirectory audits a real store on disk, before and after damage.
func TestAuditDirectory(t *testing.T) {
	root := t.TempDir()
	store, err := dir.Open(root, dir.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	m, first, _, _ := sound(t)
	for key, b := range m {
		if err := store.Put(context.Background(), key, blob.Bytes(b)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "catalog.sqlite"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := audit(t, store); got.Found != 0 || got.Objects != 3 || got.Records != 9 {
		t.Fatalf("a sound archive: %+v", got)
	}
	if err := os.WriteFile(filepath.Join(root, "captures", "stray.txt"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, filepath.FromSlash(first))
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	b := slices.Clone(m[first])
	b[len(b)/2] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	found := strings.Join(rules(audit(t, store).Findings, map[string]string{first: "first"}), ", ")
	if !strings.Contains(found, "altered first") || !strings.Contains(found, "stray captures/stray.txt") {
		t.Errorf("found %s", found)
	}
}

// FuzzObject: no bytes make an audit panic, hang or take them for sound. It
// leaves out the workers, whose timing would mislead the fuzzer.
func FuzzObject(f *testing.F) {
	m, first, second, report := sound(f)
	for _, key := range []string{first, second, report} {
		f.Add(m[key])
	}
	f.Add([]byte("WARC/1.1\r\nContent-Length: 9999999\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		sum := strings.Repeat("0", 64)
		o := &object{key: "captures/00/" + sum + ".warc.gz", kind: captureKind, sum: sum, scratch: newScratch()}
		if err := o.read(bytes.NewReader(b), int64(len(b))); err != nil || len(o.findings) == 0 {
			t.Errorf("%+v, %v", o.findings, err)
		}
	})
}
