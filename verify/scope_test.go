package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/warc"
)

// TestScopeRotates: seeds in a row cover every object, and no sample is much
// larger than its share.
func TestScopeRotates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Scope{Sample: rapid.Float64Range(0.01, 0.999).Draw(t, "sample"), Seed: rapid.Uint64().Draw(t, "seed") % (1 << 60)}
		key := objectKey(captureKind, sha256.Sum256([]byte(rapid.String().Draw(t, "object"))))
		times := 0
		for range s.Rounds() {
			if s.Has(blob.Info{Key: key}) {
				times++
			}
			s.Seed++
		}
		if times < 1 || times > 2 {
			t.Fatalf("%s is in %d of %d samples", key, times, s.Rounds())
		}
	})
	count := 0
	s := Scope{Sample: 0.05, Seed: 7}
	for i := range 10_000 {
		if s.Has(blob.Info{Key: objectKey(captureKind, sha256.Sum256([]byte{byte(i), byte(i >> 8)}))}) {
			count++
		}
	}
	if count < 400 || count > 600 {
		t.Errorf("%d of 10,000 objects are in a sample of 5 %%", count)
	}
}

func TestScope(t *testing.T) {
	key := objectKey(captureKind, sha256.Sum256(nil))
	day := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		scope Scope
		info  blob.Info
		want  bool
	}{
		{Scope{}, blob.Info{Key: key}, true},
		{Scope{}, blob.Info{Key: "catalog.sqlite"}, false},
		{Scope{Since: day}, blob.Info{Key: key, ModTime: day}, true},
		{Scope{Since: day}, blob.Info{Key: key, ModTime: day.Add(-1)}, false},
		{Scope{Sample: 1}, blob.Info{Key: key}, true},
	} {
		if got := test.scope.Has(test.info); got != test.want {
			t.Errorf("%v has %v: %v", test.scope, test.info, got)
		}
	}
	for want, s := range map[string]Scope{
		"everything":                                 {},
		"a sample of 2.5 % with seed 3":              {Sample: 0.025, Seed: 3},
		"what was stored since 2026-11-01T00:00:00Z": {Since: day},
		"a sample of 5 % with seed 0 of what was stored since 2026-11-01T00:00:00Z": {Sample: 0.05, Since: day},
	} {
		if s.String() != want {
			t.Errorf("%q, want %q", s, want)
		}
	}
}

// TestAuditQuick finds what whole audits find of files, and reads nothing else.
func TestAuditQuick(t *testing.T) {
	m, first, second, report := sound(t)
	quick := func() AuditReport {
		r, err := Audit(context.Background(), m, AuditConfig{Quick: true})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := quick(); r.Found != 0 || r.Records != 0 || r.Objects != 3 || r.Bytes == 0 || !r.Quick {
		t.Errorf("a sound archive: %+v", r)
	}
	whole := bytes.Clone(m[second])
	for i := range whole {
		m[second] = bytes.Clone(whole)
		m[second][i] ^= 4
		if r := quick(); r.Found == 0 || r.Findings[0].Key != second {
			t.Fatalf("a flip at byte %d: %+v", i, r)
		}
	}
	m[second] = whole
	delete(m, first) // only a whole audit follows the reference
	m[report] = nil
	if r := quick(); !slices.Equal(rules(r.Findings, map[string]string{report: "report"}), []string{"altered report", "structure report"}) {
		t.Errorf("%+v", r.Findings)
	}
}

// TestAuditScope checks no references, which may lead out of the scope.
func TestAuditScope(t *testing.T) {
	m, first, _, _ := sound(t)
	delete(m, first)
	seen := int64(0)
	for seed := range uint64(4) {
		r, err := Audit(context.Background(), m, AuditConfig{Scope: Scope{Sample: 0.25, Seed: seed}})
		if err != nil || r.Found != 0 {
			t.Errorf("seed %d: %+v, %v", seed, r.Findings, err)
		}
		seen += r.Objects
	}
	if seen != int64(len(m)) {
		t.Errorf("%d objects in four quarters of %d", seen, len(m))
	}
}

// TestAuditAffects: what is damaged is named with the citations that rest on it,
// from its own record, from the log, or from the reports.
func TestAuditAffects(t *testing.T) {
	sum := sha256.Sum256([]byte(reportText))
	id := strings.TrimPrefix(warc.FormatDigest(sum), "sha256:")
	unnamed := []Affected{{Report: id, Citation: "1.1", URL: cited}}
	own := []Affected{{Report: id, Path: "dam.txt", Citation: "1.1", URL: cited}}
	m, first, second, report := sound(t)
	// A report whose record can be read by the package archive, too.
	delete(m, report)
	report = m.put(reportKind, writeWARC(t, warcinfo(900),
		testRecord{kind: warc.TypeResource, id: urn(901), media: "application/octet-stream", block: reportText,
			fields: warc.Header{{Name: warc.FieldPayloadDigest, Value: digestOf(reportText)}}},
		testRecord{kind: warc.TypeMetadata, id: urn(902), media: reportType, block: `{"version":1,"path":"dam.txt","sha256":"` + id + `"}`}))
	ends := bytes.LastIndex(m[first], []byte{0x1f, 0x8b, 8}) // where the capture record begins
	for name, test := range map[string]struct {
		damage func(m memory)
		key    string
		rule   Rule
		want   []Affected
	}{
		"its own record":          {func(m memory) { m[first] = append(slices.Clone(m[first]), 0) }, first, RuleAltered, own},
		"the reports":             {func(m memory) { m[first] = m[first][:ends] }, first, RuleAltered, []Affected{{Report: id, Path: "dam.txt", Citation: "1.1", URL: cited}}},
		"nobody knows":            {func(m memory) { m[first] = nil }, first, RuleAltered, nil},
		"missing by a reference":  {func(m memory) { delete(m, first) }, second, RuleMissing, own},
		"a report":                {func(m memory) { m[report] = append(slices.Clone(m[report]), 0) }, report, RuleAltered, []Affected{{Report: id, Path: "dam.txt"}}},
		"a report that is gone":   {func(m memory) { delete(m, report) }, min(first, second), RuleMissing, unnamed},
		"a stray file of no kind": {func(m memory) { m["x"] = nil }, "x", RuleStray, nil},
	} {
		t.Run(name, func(t *testing.T) {
			m := maps.Clone(m)
			test.damage(m)
			r, err := Audit(context.Background(), m, AuditConfig{})
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Key == test.key && f.Rule == test.rule })
			if i < 0 {
				t.Fatalf("no finding %s of %s in %+v", test.rule, test.key, r.Findings)
			}
			if diff := cmp.Diff(test.want, r.Findings[i].Affects); diff != "" {
				t.Errorf("affects (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAffectedIsBounded(t *testing.T) {
	var f Finding
	f.affect(make([]Affected, maxAffected+7))
	if len(f.Affects) != maxAffected || f.More != 7 {
		t.Errorf("%d named, %d more", len(f.Affects), f.More)
	}
}

// interrupting ends an audit after some objects.
type interrupting struct {
	memory
	left   int
	opened []string
	stop   context.CancelFunc
}

func (i *interrupting) Open(ctx context.Context, key string, off, n int64) (io.ReadCloser, error) {
	if i.left--; i.left < 0 {
		i.stop()
		return nil, context.Canceled
	}
	i.opened = append(i.opened, key)
	return i.memory.Open(ctx, key, off, n)
}

// TestAuditResumes after each object, with and without damage: the report is the
// same as of an audit in one go, and nothing is read twice that is as it was.
func TestAuditResumes(t *testing.T) {
	for name, change := range map[string]func(m memory, first, second, report string){
		"sound":   func(memory, string, string, string) {},
		"damaged": func(m memory, first, _, _ string) { m[first] = m[first][:len(m[first])-1] },
		"missing": func(m memory, first, _, _ string) { delete(m, first) },
		"cited":   func(m memory, _, _, report string) { delete(m, report) },
	} {
		m, first, second, report := sound(t)
		change(m, first, second, report)
		want, err := Audit(context.Background(), m, AuditConfig{})
		if err != nil {
			t.Fatal(err)
		}
		for after := range len(m) {
			var journal bytes.Buffer
			ctx, cancel := context.WithCancel(context.Background())
			store := &interrupting{memory: m, left: after, stop: cancel}
			if _, err := Audit(ctx, store, AuditConfig{Workers: 1, Journal: &journal}); !errors.Is(err, context.Canceled) {
				t.Fatalf("%s: interrupted after %d: %v", name, after, err)
			}
			before := store.opened
			// What a kill leaves of a line is passed over.
			done := journal.String() + "\n{\"key\":\"captures/aa"
			store = &interrupting{memory: m, left: 1000}
			var more bytes.Buffer
			got, err := Audit(context.Background(), store, AuditConfig{Workers: 1, Done: strings.NewReader(done), Journal: &more})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, resumed after %d (-in one go +resumed):\n%s", name, after, diff)
			}
			if strings.Count(journal.String(), "\n")+strings.Count(more.String(), "\n") != len(m) {
				t.Errorf("%s, resumed after %d: %d objects in journals of %d and %d bytes", name, after, len(m), journal.Len(), more.Len())
			}
			if name == "sound" && slices.ContainsFunc(store.opened, func(key string) bool { return slices.Contains(before, key) }) {
				t.Errorf("resumed after %d: read again: %v of %v", after, store.opened, before)
			}
		}
	}
}

// TestAuditJournalOfAnother: what changed since is read again.
func TestAuditJournalOfAnother(t *testing.T) {
	m, first, _, _ := sound(t)
	var journal bytes.Buffer
	if _, err := Audit(context.Background(), m, AuditConfig{Journal: &journal}); err != nil {
		t.Fatal(err)
	}
	m[first] = append(slices.Clone(m[first]), 0)
	r, err := Audit(context.Background(), m, AuditConfig{Done: &journal})
	if err != nil || r.Found == 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := Audit(context.Background(), m, AuditConfig{Done: brokenReader{io.ErrClosedPipe}}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a journal that cannot be read: %v", err)
	}
	if _, err := Audit(context.Background(), m, AuditConfig{Journal: brokenWriter{}}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("a journal that cannot be written: %v", err)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func FuzzJournal(f *testing.F) {
	m, _, _, _ := sound(f)
	var journal bytes.Buffer
	if _, err := Audit(context.Background(), m, AuditConfig{Journal: &journal}); err != nil {
		f.Fatal(err)
	}
	f.Add(journal.Bytes())
	f.Add([]byte(`{"key":"captures/x","held":"AAAA","refs":"AA==","cited":"","reports":"AAAAAA=="}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		notes, err := readJournal(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range notes {
			newIndex().add(n.object())
		}
	})
}

func TestFixityEvent(t *testing.T) {
	began := time.Date(2026, 11, 22, 10, 0, 0, 5, time.FixedZone("", 3600))
	r := AuditReport{Objects: 3, Findings: []Finding{}}
	for want, e := range map[Outcome]*FixityEvent{
		OutcomePass:       NewFixityEvent("ibid/1", began, began.Add(time.Minute), r, nil),
		OutcomeFail:       NewFixityEvent("ibid/1", began, began.Add(time.Minute), AuditReport{Found: 2, Findings: make([]Finding, 2*maxEventFindings)}, nil),
		OutcomeIncomplete: NewFixityEvent("ibid/1", began, began.Add(time.Minute), r, io.ErrUnexpectedEOF),
	} {
		key, b, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if err := blob.ValidKey(key); err != nil || !strings.HasPrefix(key, EventPrefix+"20261122T090100Z-") || !besides(key) {
			t.Errorf("key %s: %v", key, err)
		}
		var back FixityEvent
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(e, &back); diff != "" {
			t.Error(diff)
		}
		if back.Outcome != want || len(back.Findings) > maxEventFindings || back.Version != 1 {
			t.Errorf("%+v", back)
		}
	}
}
