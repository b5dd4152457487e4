package verify

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob/dir"
	export "github.com/ibid-archive/ibid/archive/evidence"
	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/archive/log/timestamp"
	"github.com/ibid-archive/ibid/archive/log/timestamp/tsatest"
	"github.com/ibid-archive/ibid/archive/wacz"
	"github.com/ibid-archive/ibid/seeds"
)

// packed is a package of ibid's, and what made it.
type packed struct {
	bytes    []byte
	files    map[string][]byte
	signer   *wacz.ECDSASigner
	log      *log.Log
	roots    *x509.CertPool
	captures []*archive.Capture // a page, and a revisit of it
}

// shelf is an archive that is its own index.
type shelf struct {
	*archive.Archive
	captures []*archive.Capture
}

func (s *shelf) Visits(_ context.Context, key string) (list []export.Visit, err error) {
	for _, c := range s.captures {
		if c.Key == key {
			list = append(list, export.Visit{Capture: c.SHA256, At: c.FinishedAt, Verdict: c.Verdict})
		}
	}
	return list, nil
}

func (s *shelf) Cited(context.Context, string) (time.Time, error) { return visitedAt, nil }

func (s *shelf) Holder(_ context.Context, _, record string) (string, error) {
	for _, c := range s.captures {
		for _, x := range c.Exchanges {
			if x.Record == record {
				return c.SHA256, nil
			}
		}
	}
	return "", nil
}

// newPacked makes a small package: a report that cites one page, which was
// visited twice, and with stamped a time-stamp over an older tree.
func newPacked(t testing.TB, stamped bool) *packed {
	t.Helper()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	store, err := dir.Open(t.TempDir(), dir.Config{})
	check(err)
	t.Cleanup(func() { _ = store.Close() })
	l, err := log.Open(t.Context(), log.Config{Objects: store, Cells: store, Keys: log.KeyDir(t.TempDir())})
	check(err)
	s := &shelf{Archive: archive.New(archive.Config{Store: store, Log: l, Software: "ibid/test"})}
	report := &archive.Report{Path: "dam.txt", SeenAt: visitedAt}
	check(s.PutReport(t.Context(), report, []byte(reportText)))
	_, err = s.Enter(t.Context(), archive.ReportEntry(report))
	check(err)
	p := &packed{log: l}
	for i := range 2 {
		x := page(t, cited)
		x.Started = visitedAt.AddDate(0, 0, i)
		block, _ := x.Response.Bytes()
		x.BlockSHA256 = sha256.Sum256(block) // as a recorder has it
		x.Request = archive.NewSpool(t.TempDir(), 1<<10)
		if i > 0 {
			first := &s.captures[0].Exchanges[0]
			x.Prior = &archive.Prior{URL: cited, Record: first.Record, Date: first.Date, PayloadSHA256: first.PayloadSHA256, Capture: s.captures[0].SHA256}
		}
		c := &archive.Capture{Version: archive.CaptureVersion, Key: cited, URL: cited, StartedAt: x.Started, FinishedAt: x.Started.Add(time.Second),
			Citations: []archive.CitationRef{{Report: report.SHA256, Path: report.Path, ID: "1.1"}},
			Judgement: archive.Judgement{Verdict: archive.Alive, State: archive.StateAlive, Reasons: []string{"http-200: it answered"}},
			Outcome:   archive.Outcome{HTTPStatus: 200, FinalURL: cited, Title: "The dam"}}
		w, err := s.Begin()
		check(err)
		check(w.Exchange(x))
		check(w.Commit(t.Context(), c))
		_, err = s.Enter(t.Context(), archive.CaptureEntry(c))
		check(err)
		s.captures = append(s.captures, c)
		if i == 0 && stamped {
			tsa := tsatest.Start(t, tsatest.Config{})
			p.roots, err = timestamp.ParseRoots(tsa.Roots)
			check(err)
			got, err := l.Stamp(t.Context(), &timestamp.Client{Transport: http.DefaultTransport, Roots: p.roots}, tsa.URL)
			check(err)
			check(got[0].Err)
		}
	}
	p.captures = s.captures
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	check(err)
	p.signer, err = wacz.NewECDSASigner(key)
	check(err)
	var out bytes.Buffer
	_, err = export.Write(t.Context(), &out, export.Config{Objects: store, Archive: s.Archive, Log: l, Index: s, Choice: export.All,
		Page: func(w io.Writer, _ *export.Document, _ *seeds.Report) error {
			_, err := io.WriteString(w, "<!doctype html><title>The dam</title>")
			return err
		},
		Software: "ibid/test", Date: visitedAt.AddDate(0, 1, 0), Signer: p.signer}, report.Object)
	check(err)
	p.bytes = out.Bytes()
	p.files = unzip(t, p.bytes)
	return p
}

func unzip(t testing.TB, b []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// forge writes a package of changed files whose manifest and signature are right.
func (p *packed) forge(t testing.TB, change func(files map[string][]byte)) []byte {
	t.Helper()
	files := maps.Clone(p.files)
	change(files)
	var out bytes.Buffer
	w, err := wacz.NewWriter(&out, wacz.Config{Software: "ibid/test", Created: visitedAt, Signer: p.signer})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		switch top, _, _ := strings.Cut(name, "/"); {
		case top == "indexes" || top == "pages" || strings.HasPrefix(name, "datapackage"):
		case top == "archive":
			err = w.AddWARC(path.Base(name), wacz.Bytes(files[name]))
		default:
			err = w.AddFile(name, wacz.Bytes(files[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func checkPackage(t testing.TB, b []byte, cfg PackageConfig) *PackageReport {
	t.Helper()
	if cfg.Name == "" {
		cfg.Name = "dam.wacz"
	}
	r, err := Package(context.Background(), bytes.NewReader(b), int64(len(b)), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// outcomes lists the steps that did not simply pass.
func outcomes(r *PackageReport) map[PackageStep]StepOutcome {
	m := map[PackageStep]StepOutcome{}
	for _, s := range r.Steps {
		if s.Outcome != StepPassed {
			m[s.Step] = s.Outcome
		}
	}
	return m
}

func TestPackage(t *testing.T) {
	p := newPacked(t, true)
	sum := sha256.Sum256(must(x509Public(t, p)))
	keys := p.log.Keychain().Keys()
	for _, c := range []struct {
		name string
		cfg  PackageConfig
		want map[PackageStep]StepOutcome
	}{
		{"nobody is known", PackageConfig{Roots: x509.NewCertPool()}, map[PackageStep]StepOutcome{
			StepSignature: StepConsistent, StepCheckpoint: StepConsistent, StepTimestamps: StepConsistent}},
		{"everybody is known", PackageConfig{Roots: p.roots, Keys: keys, Signers: []string{hex.EncodeToString(sum[:])}, Strict: true},
			map[PackageStep]StepOutcome{StepTimestamps: StepIncomplete}}, // of a tree without the second capture
		{"another signer", PackageConfig{Roots: p.roots, Keys: keys, Signers: []string{strings.Repeat("0", 64)}},
			map[PackageStep]StepOutcome{StepSignature: StepFailed, StepTimestamps: StepIncomplete}},
		{"another log", PackageConfig{Roots: p.roots, Keys: otherKey(t)}, map[PackageStep]StepOutcome{
			StepSignature: StepConsistent, StepCheckpoint: StepFailed, StepInclusion: StepNotChecked, StepTimestamps: StepNotChecked}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := checkPackage(t, p.bytes, c.cfg)
			if diff := cmp.Diff(c.want, outcomes(r)); diff != "" {
				t.Errorf("(-want +got):\n%s\n%v", diff, r.Findings)
			}
			if len(r.Steps) != len(steps()) || !r.Own || r.Format != FormatWACZ || r.WARCs != 3 {
				t.Errorf("%+v", r)
			}
			failed := slices.Contains(slices.Collect(maps.Values(c.want)), StepFailed)
			if r.Holds() == failed {
				t.Errorf("it holds: %v", r.Holds())
			}
		})
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// x509Public is the public key of the signer, in DER.
func x509Public(t testing.TB, p *packed) ([]byte, error) {
	t.Helper()
	_, public, err := p.signer.Sign("sha256:")
	return public, err
}

func otherKey(t testing.TB) []*log.Verifier {
	t.Helper()
	s, err := log.GenerateKey(nil, "other.example/log")
	if err != nil {
		t.Fatal(err)
	}
	return []*log.Verifier{s.Verifier()}
}

// Every byte of a package counts: whichever is changed, the check fails and names
// the file in which it is.
func TestPackageSeesEveryByte(t *testing.T) {
	p := newPacked(t, true)
	stride := 41 // a share of the bytes, in every bit; all of them take a minute
	if os.Getenv("IBID_EXHAUSTIVE") != "" {
		stride = 1
	}
	where := places(t, p.bytes)
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for k := range workers {
		wg.Go(func() {
			b := bytes.Clone(p.bytes)
			for i := k * stride; i < len(b); i += workers * stride {
				b[i] ^= 1 << (i % 8)
				r, err := Package(context.Background(), bytes.NewReader(b), int64(len(b)), PackageConfig{Name: "dam.wacz", Roots: p.roots})
				b[i] = p.bytes[i]
				if err != nil || r.Holds() {
					t.Errorf("byte %d of %s: %v, and it holds", i, where(i), err)
					return
				}
				if !slices.ContainsFunc(r.Findings, func(f PackageFinding) bool { return !f.Note && names(f.File, where(i)) }) {
					t.Errorf("byte %d of %s: no finding names it: %v", i, where(i), r.Findings)
					return
				}
			}
		})
	}
	wg.Wait()
}

// names reports whether a finding about a file is about the place of a byte. What
// stands between files belongs to the directory, and to the file before or after.
func names(file, place string) bool {
	return file != "" && (file == place || place == wacz.DirectoryFile || file == wacz.DirectoryFile && strings.HasPrefix(place, "header of "))
}

// places says in which file a byte is, by the zip directory.
func places(t testing.TB, b []byte) func(int) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	type span struct {
		from, to int
		name     string
	}
	var spans []span
	for _, f := range z.File {
		from, err := f.DataOffset()
		if err != nil {
			t.Fatal(err)
		}
		spans = append(spans, span{int(from), int(from) + int(f.CompressedSize64), f.Name})
	}
	return func(i int) string {
		for _, s := range spans {
			if i >= s.from && i < s.to {
				return s.name
			}
		}
		return wacz.DirectoryFile
	}
}

// A package whose hashes and signature are right can still lie.
func TestForgedPackages(t *testing.T) {
	p := newPacked(t, true)
	a, b := p.captures[0], p.captures[1]
	entry := func(c *archive.Capture) string { return entryDir + c.SHA256 + ".json" }
	proof := func(c *archive.Capture) string { return proofDir + c.SHA256 + ".tlog-proof" }
	warcFile := func(c *archive.Capture) string { return "archive/" + c.SHA256 + ".warc.gz" }
	stamps := ""
	for name := range p.files {
		if strings.HasSuffix(name, ".tst") {
			stamps = path.Dir(name) + "/"
		}
	}
	doc := func(old, to string) func(map[string][]byte) {
		return func(f map[string][]byte) { f[documentFile] = replaced(t, f[documentFile], old, to) }
	}
	for _, c := range []struct {
		name   string
		change func(f map[string][]byte)
		step   PackageStep
		file   string
	}{
		{"another name", func(f map[string][]byte) {
			f["archive/"+strings.Repeat("0", 64)+".warc.gz"] = f[warcFile(b)]
			delete(f, warcFile(b))
		}, StepNames, "archive/" + strings.Repeat("0", 64) + ".warc.gz"},
		{"a revisit of nothing", func(f map[string][]byte) {
			delete(f, warcFile(a))
			delete(f, entry(a))
			delete(f, proof(a))
		}, StepCaptures, warcFile(b)},
		{"a WARC of others", func(f map[string][]byte) {
			w := writeWARC(t, warcinfo(1), response(2))
			sum := sha256.Sum256(w)
			f["archive/"+hex.EncodeToString(sum[:])+".warc.gz"] = w
		}, StepCaptures, ""},
		{"another verdict in the log", func(f map[string][]byte) {
			f[entry(a)] = replaced(t, f[entry(a)], `"verdict":"alive"`, `"verdict":"gone"`)
		}, StepEntries, entry(a)},
		{"another time in the log", func(f map[string][]byte) {
			f[entry(a)] = replaced(t, f[entry(a)], `"time":"2026-`, `"time":"2025-`)
		}, StepEntries, entry(a)},
		{"swapped entries", func(f map[string][]byte) { f[entry(a)], f[entry(b)] = f[entry(b)], f[entry(a)] }, StepEntries, entry(a)},
		{"swapped proofs", func(f map[string][]byte) { f[proof(a)], f[proof(b)] = f[proof(b)], f[proof(a)] }, StepInclusion, proof(a)},
		{"an entry without a proof", func(f map[string][]byte) { delete(f, proof(b)) }, StepInclusion, proof(b)},
		{"an entry of nothing", func(f map[string][]byte) { f[entryDir+strings.Repeat("0", 64)+".json"] = []byte("{}") }, StepEntries, entryDir + strings.Repeat("0", 64) + ".json"},
		{"no checkpoint", func(f map[string][]byte) { delete(f, checkpointFile) }, StepCheckpoint, checkpointFile},
		{"an older checkpoint", func(f map[string][]byte) { f[checkpointFile] = f[stamps+"checkpoint"] }, StepInclusion, proof(b)},
		{"another key", func(f map[string][]byte) {
			for name := range f {
				if strings.HasPrefix(name, keyDir) {
					delete(f, name)
				}
			}
			k := otherKey(t)[0]
			f[keyDir+k.ID()] = []byte(k.String() + "\n")
		}, StepCheckpoint, checkpointFile},
		{"a key that is none", func(f map[string][]byte) { f[keyDir+"00000000"] = []byte("x\n") }, StepCheckpoint, keyDir + "00000000"},
		{"tokens of nothing", func(f map[string][]byte) { delete(f, stamps+"checkpoint") }, StepTimestamps, stamps + "checkpoint"},
		{"tokens of something else", func(f map[string][]byte) { f[stamps+"checkpoint"] = f[checkpointFile]; delete(f, stamps+"consistency") }, StepTimestamps, ""},
		{"no consistency", func(f map[string][]byte) { delete(f, stamps+"consistency") }, StepTimestamps, stamps + "consistency"},
		{"another verdict", doc(`"verdict": "alive"`, `"verdict": "gone"`), StepCitations, documentFile},
		{"another time", doc(`"started_at": "2026-`, `"started_at": "2025-`), StepCitations, documentFile},
		{"another address", doc(`"url": "`+cited, `"url": "https://other.example/`), StepCitations, documentFile},
		{"another capture", doc(b.SHA256, a.SHA256), StepCitations, documentFile},
		{"another place in the log", doc(`"entry": 1`, `"entry": 2`), StepCitations, documentFile},
		{"another log", doc(`"size": 3`, `"size": 4`), StepCitations, documentFile},
		{"two verdicts", doc(`"verdict": "alive"`, `"verdict": "alive", "VERDICT": "gone"`), StepCitations, documentFile},
		{"a member twice", doc(`"version": 1`, `"version": 1, "version": 1`), StepCitations, documentFile},
		{"another version", doc(`"version": 1`, `"version": 2`), StepCitations, documentFile},
		{"another report", func(f map[string][]byte) { f["ibid/report/dam.txt"] = []byte("The dam broke.\n") }, StepCitations, "ibid/report/dam.txt"},
		{"an empty document", func(f map[string][]byte) { f[documentFile] = nil }, StepCitations, documentFile},
		{"no document's end", func(f map[string][]byte) { f[documentFile] = f[documentFile][:200] }, StepCitations, documentFile},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := checkPackage(t, p.forge(t, c.change), PackageConfig{Roots: p.roots})
			if r.Holds() {
				t.Fatalf("it holds: %+v", r.Steps)
			}
			for _, s := range []PackageStep{StepStructure, StepHashes, StepDigest, StepSignature, StepRecords} {
				if outcomes(r)[s] == StepFailed {
					t.Fatalf("%s failed: %v", s, r.Findings)
				}
			}
			if !slices.ContainsFunc(r.Findings, func(f PackageFinding) bool { return f.Step == c.step && (c.file == "" || f.File == c.file) }) {
				t.Errorf("no finding of %s in %q: %+v", c.step, c.file, r.Findings)
			}
		})
	}
	if r := checkPackage(t, p.forge(t, func(map[string][]byte) {}), PackageConfig{Roots: p.roots, Strict: true}); !r.Holds() {
		t.Errorf("what was not changed does not hold: %v", r.Findings)
	}
}

func replaced(t testing.TB, b []byte, old, to string) []byte {
	t.Helper()
	if !bytes.Contains(b, []byte(old)) {
		t.Fatalf("no %q in %s", old, b)
	}
	return bytes.ReplaceAll(b, []byte(old), []byte(to))
}

// What is not there never passes, and is a failure where it was asked for.
func TestPartsThatAreNotThere(t *testing.T) {
	p := newPacked(t, false)
	without := func(prefix ...string) []byte {
		return p.forge(t, func(f map[string][]byte) {
			for name := range f {
				if slices.ContainsFunc(prefix, func(p string) bool { return strings.HasPrefix(name, p) }) {
					delete(f, name)
				}
			}
		})
	}
	noLog := func(f map[string][]byte) {
		f[documentFile] = regexp.MustCompile(`(?s)"log": \{.*?\},\n "objects"`).ReplaceAll(f[documentFile], []byte(`"log": null, "objects"`))
		f[documentFile] = regexp.MustCompile(`"entry": [0-9]+`).ReplaceAll(f[documentFile], []byte(`"entry": null`))
		for name := range f {
			if strings.HasPrefix(name, logDir) {
				delete(f, name)
			}
		}
	}
	for _, c := range []struct {
		name string
		b    []byte
		cfg  PackageConfig
		want map[PackageStep]StepOutcome
	}{
		{"no document", without(documentFile), PackageConfig{}, map[PackageStep]StepOutcome{StepCitations: StepAbsent}},
		{"nothing of ours", without(ownDir), PackageConfig{}, map[PackageStep]StepOutcome{StepEntries: StepAbsent, StepCheckpoint: StepAbsent,
			StepInclusion: StepAbsent, StepCitations: StepAbsent}},
		{"no log", p.forge(t, noLog), PackageConfig{}, map[PackageStep]StepOutcome{StepEntries: StepAbsent, StepCheckpoint: StepAbsent, StepInclusion: StepAbsent}},
		{"no log, asked for", p.forge(t, noLog), PackageConfig{Keys: p.log.Keychain().Keys()}, map[PackageStep]StepOutcome{StepEntries: StepAbsent,
			StepCheckpoint: StepFailed, StepInclusion: StepAbsent}},
		{"no log, strictly", p.forge(t, noLog), PackageConfig{Strict: true}, map[PackageStep]StepOutcome{StepEntries: StepFailed,
			StepCheckpoint: StepFailed, StepInclusion: StepFailed}},
		{"strictly", p.bytes, PackageConfig{Strict: true}, map[PackageStep]StepOutcome{StepCheckpoint: StepConsistent}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := checkPackage(t, c.b, c.cfg)
			want := map[PackageStep]StepOutcome{StepSignature: StepConsistent, StepTimestamps: StepAbsent, StepCheckpoint: StepConsistent}
			maps.Copy(want, c.want)
			if diff := cmp.Diff(want, outcomes(r)); diff != "" {
				t.Errorf("(-want +got):\n%s\n%v", diff, r.Findings)
			}
		})
	}
}

func TestLoneWARC(t *testing.T) {
	p := newPacked(t, false)
	c := p.captures[0]
	own := p.files["archive/"+c.SHA256+".warc.gz"]
	foreign := writeWARC(t, warcinfo(1), response(2))
	wrong := writeWARC(t, warcinfo(1), testRecord{kind: response(2).kind, id: urn(2), media: response(2).media, block: pageHead + "<p>other</p>", fields: response(2).fields})
	rest := map[PackageStep]StepOutcome{}
	for _, s := range steps() {
		if s != StepStructure && s != StepRecords {
			rest[s] = StepAbsent
		}
	}
	for _, x := range []struct {
		name, file string
		b          []byte
		want       map[PackageStep]StepOutcome
		holds      bool
	}{
		{"ours", c.SHA256 + ".warc.gz", own, map[PackageStep]StepOutcome{StepNames: StepPassed, StepCaptures: StepPassed}, true},
		{"ours by another name", "x.warc.gz", own, map[PackageStep]StepOutcome{StepCaptures: StepPassed}, true},
		{"another's by our name", strings.Repeat("a", 64) + ".warc.gz", foreign, map[PackageStep]StepOutcome{StepNames: StepFailed, StepCaptures: StepFailed}, false},
		{"another's", "x.warc.gz", foreign, nil, true},
		{"a wrong digest", "x.warc.gz", wrong, map[PackageStep]StepOutcome{StepRecords: StepFailed}, false},
		{"torn", "x.warc.gz", foreign[:len(foreign)-9], map[PackageStep]StepOutcome{StepStructure: StepFailed, StepCaptures: StepNotChecked}, false},
		{"empty", "x.warc", nil, map[PackageStep]StepOutcome{StepStructure: StepFailed, StepRecords: StepNotChecked, StepCaptures: StepNotChecked}, false},
		{"no WARC", "x.txt", []byte("The dam held.\n"), map[PackageStep]StepOutcome{StepStructure: StepFailed, StepRecords: StepNotChecked, StepCaptures: StepNotChecked}, false},
		{"no zip", "x.wacz", []byte("The dam held.\n"), nil, false},
	} {
		t.Run(x.name, func(t *testing.T) {
			r := checkPackage(t, x.b, PackageConfig{Name: "in/a/directory/" + x.file})
			if r.Holds() != x.holds {
				t.Errorf("it holds: %v; %v", r.Holds(), r.Findings)
			}
			if r.Format == FormatWACZ {
				return
			}
			want := maps.Clone(rest)
			for s, o := range x.want {
				if want[s] = o; o == StepPassed {
					delete(want, s)
				}
			}
			if diff := cmp.Diff(want, outcomes(r)); diff != "" {
				t.Errorf("(-want +got):\n%s\n%v", diff, r.Findings)
			}
		})
	}
	for i := range own {
		b := bytes.Clone(own)
		b[i] ^= 4
		r, err := Package(t.Context(), bytes.NewReader(b), int64(len(b)), PackageConfig{Name: c.SHA256 + ".warc.gz"})
		if err != nil || r.Holds() || r.Findings[0].File != c.SHA256+".warc.gz" {
			t.Fatalf("byte %d: %v", i, err)
		}
	}
}

func TestPackageIsCancelled(t *testing.T) {
	p := newPacked(t, false)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := Package(ctx, bytes.NewReader(p.bytes), int64(len(p.bytes)), PackageConfig{}); err == nil {
		t.Errorf("got %+v", r)
	}
}

// Files that others have made, good and bad.
func TestFilesOfOthers(t *testing.T) {
	where := os.Getenv("IBID_DATA_DIR")
	if where == "" {
		t.Skip("IBID_DATA_DIR is not set: the files of others are not at hand")
	}
	for file, holds := range map[string]bool{
		"py-wacz/valid_example_1.wacz": true, "py-wacz/valid_example_2.wacz": true, "py-wacz/valid_signed_example_1.wacz": true,
		"py-wacz/invalid_example_1.wacz": false, "py-wacz/example-collection.warc": true, "py-wacz/example-resource.warc.gz": true,
		"warcio/example.warc": true, "warcio/example.warc.gz": true, "warcio/example-wget-bad-target-uri.warc.gz": true,
		"warcio/example-digest.warc": true, "warcio/post-test.warc.gz": true, "warcio/example-trunc.warc": false,
		"warcio/example.arc.gz": false, "warcio/bad.arc": false,
	} {
		b, err := os.ReadFile(filepath.Join(where, file))
		if err != nil {
			t.Fatal(err)
		}
		r := checkPackage(t, b, PackageConfig{Name: file})
		if r.Holds() != holds || r.Own || !holds && len(r.Findings) == 0 {
			t.Errorf("%s holds: %v; %v", file, r.Holds(), r.Findings)
		}
		for _, s := range r.Steps {
			if s.Step.order() >= StepNames.order() && s.Outcome == StepPassed {
				t.Errorf("%s: %s passed", file, s.Step)
			}
		}
	}
}

func FuzzPackage(f *testing.F) {
	p := newPacked(f, false)
	f.Add(p.bytes)
	f.Add(p.files["archive/"+p.captures[0].SHA256+".warc.gz"])
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Package(context.Background(), bytes.NewReader(b), int64(len(b)), PackageConfig{Name: "x"})
		if err != nil {
			t.Fatal(err)
		}
		if !r.Holds() && r.Dropped == 0 && !slices.ContainsFunc(r.Findings, func(f PackageFinding) bool { return !f.Note }) {
			t.Fatal("it fails, and nothing says why: " + fmt.Sprint(r.Steps))
		}
	})
}

// FuzzDocument reads a document that may say anything about a good package.
func FuzzDocument(f *testing.F) {
	p := newPacked(f, false)
	f.Add(p.files[documentFile])
	f.Add([]byte(`{"version":1,"report":{},"log":null,"objects":[],"citations":[{}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := checkPackage(t, p.forge(t, func(files map[string][]byte) { files[documentFile] = b }), PackageConfig{})
		if outcomes(r)[StepNames] != "" || !slices.ContainsFunc(r.Steps, func(s PackageResult) bool { return s.Step == StepCitations }) {
			t.Fatal(r.Steps)
		}
	})
}
