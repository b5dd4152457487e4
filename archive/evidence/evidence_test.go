package evidence_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/evidence"
	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/archive/log/timestamp"
	"github.com/ibid-archive/ibid/archive/log/timestamp/tsatest"
	"github.com/ibid-archive/ibid/archive/warc"
)

const (
	weir = "https://a.test/weir"
	gate = "https://b.test/gate"
	page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
)

// filled is a world whose newest captures refer to older ones, some of them of
// sources that the report does not cite.
func filled(t *testing.T, logged bool) (w *world, captures map[string]*archive.Capture) {
	w = newWorld(t, logged)
	c := map[string]*archive.Capture{}
	style := page + "p{}"
	c["other"] = w.visit("https://other.test/", -9, archive.Alive, w.answer(archive.RoleSource, "https://other.test/", page+"other"),
		w.answer(archive.RoleRequisite, "https://cdn.test/s.css", style))
	c["first"] = w.visit(weir, 0, archive.Alive, w.answer(archive.RoleSource, weir, page+"the weir of 1962"),
		unchanged(w.answer(archive.RoleRequisite, "https://cdn.test/s.css", style), c["other"], 1))
	c["second"] = w.visit(weir, 30, archive.Alive, unchanged(w.answer(archive.RoleSource, weir, "HTTP/1.1 304 Not Modified\r\n\r\n"), c["first"], 0))
	c["third"] = w.visit(weir, 60, archive.Alive, w.answer(archive.RoleSource, weir, page+"the weir of 1963"))
	c["gate"] = w.visit(gate, 0, archive.Alive, w.answer(archive.RoleSource, gate, page+"the gate"))
	c["gone"] = w.visit(gate, 60, archive.Gone, w.answer(archive.RoleSource, gate, "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\nno gate"))
	c["unrelated"] = w.visit("https://unrelated.test/", 1, archive.Alive, w.answer(archive.RoleSource, "https://unrelated.test/", page+"x"))
	return w, c
}

func TestWhatIsInThePackage(t *testing.T) {
	for choice, want := range map[evidence.Choice]string{
		evidence.AsCited: "report first other third gate gone",
		evidence.Latest:  "report third gate gone",
		evidence.All:     "report first other second third gate gone",
	} {
		t.Run(string(choice), func(t *testing.T) {
			w, captures := filled(t, true)
			names := map[string]string{w.report.Object: "report"}
			for name, c := range captures {
				names[c.SHA256] = name
			}
			doc, _, files := w.pack(w.config(choice))
			var got []string
			for _, o := range doc.Objects {
				got = append(got, names[o.SHA256])
				sum := sha256.Sum256([]byte(files[o.File]))
				if o.File != "archive/"+o.SHA256+".warc.gz" || hex.EncodeToString(sum[:]) != o.SHA256 {
					t.Errorf("%s is not the object of that name", o.File)
				}
				if o.Entry == nil {
					t.Errorf("%s has no entry", o.File)
				}
			}
			if got := strings.Join(got, " "); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			warcs := 0
			for name := range files {
				if strings.HasPrefix(name, "archive/") {
					warcs++
				}
			}
			if warcs != len(doc.Objects) {
				t.Errorf("%d WARCs, and %d are listed", warcs, len(doc.Objects))
			}
		})
	}
}

func TestDocument(t *testing.T) {
	w, captures := filled(t, true)
	doc, _, files := w.pack(w.config(evidence.AsCited))
	var read evidence.Document
	if err := json.Unmarshal([]byte(files[evidence.CitationsFile]), &read); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range read.Citations {
		verdict, shown, all := string(c.Verdict), "", []string{}
		for _, k := range c.Captures {
			for name, capture := range captures {
				if k.SHA256 == capture.SHA256 {
					all = append(all, name)
				}
				if c.Shown == capture.SHA256 {
					shown = name
				}
			}
			if files[k.File] == "" || k.Content != "" && files["archive/"+k.Content+".warc.gz"] == "" {
				t.Errorf("%s: %s or what it refers to is not in the package", c.ID, k.File)
			}
		}
		got = append(got, c.ID+" "+verdict+" shows "+shown+" of "+strings.Join(all, ","))
	}
	want := []string{"1.1 alive shows first of first,third", "2.1 gone shows gate of gate,gone", "2.2 alive shows first of first,third",
		"3.1  shows  of ", "4.1  shows  of "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if strings.Contains(files[evidence.CitationsFile], "secret") {
		t.Error("a password of the report stands in citations.json")
	}
	if files[read.Report.File] != reportText || read.Report.File != "ibid/report/The-weir-.txt" {
		t.Errorf("%s is not the report", read.Report.File)
	}
	if q := doc.Citations[1].Quotes; len(q) != 1 || q[0][0][0].Text != "the gate" {
		t.Errorf("2.1 quotes %v", q)
	}
	if why := doc.Citations[3].Unread; why != "the source was never visited" {
		t.Errorf("3.1 is unread since %q", why)
	}
	if n := strings.Count(files["pages/pages.jsonl"], "\n"); n != 3 { // a line about the list, and two sources that were visited
		t.Errorf("%d lines of pages:\n%s", n, files["pages/pages.jsonl"])
	}
}

// The newest capture may be a revisit: its text is that of what it refers to.
func TestTextOfARevisit(t *testing.T) {
	w := newWorld(t, false)
	first := w.visit(weir, 0, archive.Alive, w.answer(archive.RoleSource, weir, page+"the weir of 1962"))
	w.visit(weir, 30, archive.Alive, unchanged(w.answer(archive.RoleSource, weir, "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n"), first, 0))
	doc, _, _ := w.pack(w.config(evidence.Latest))
	c := doc.Citations[0]
	if k := c.Captures[0]; len(c.Captures) != 1 || k.Content != first.SHA256 || k.SHA256 == first.SHA256 {
		t.Fatalf("%+v", c.Captures)
	}
	if q := c.Quotes; len(q) != 1 || q[0][0][0].Text != "the weir of 1962" {
		t.Errorf("it quotes %v", q)
	}
}

// A page that says that there is nothing is no source to quote from.
func TestNoQuotesFromErrors(t *testing.T) {
	w := newWorld(t, false)
	w.visit(weir, 0, archive.Blocked, w.answer(archive.RoleSource, weir, "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\nthe weir of 1962 is not for you"))
	doc, _, files := w.pack(w.config(evidence.AsCited))
	if c := doc.Citations[0]; len(c.Quotes) != 0 && len(c.Quotes[0]) != 0 || c.Unread == "" {
		t.Errorf("%+v", c)
	}
	if !strings.Contains(files["pages/pages.jsonl"], "not for you") {
		t.Error("the page is not in the list")
	}
}

// Whoever has the package alone can prove each of its WARCs.
func TestProofs(t *testing.T) {
	w, _ := filled(t, true)
	// Whoever asks an authority does so now and then: of two stamped trees the
	// first that has an entry says most about it.
	tsa := tsatest.Start(t, tsatest.Config{})
	roots, err := timestamp.ParseRoots(tsa.Roots)
	if err != nil {
		t.Fatal(err)
	}
	client := &timestamp.Client{Transport: http.DefaultTransport, Roots: roots}
	stamp := func() {
		if _, err := w.log.Stamp(t.Context(), client, tsa.URL); err != nil {
			t.Fatal(err)
		}
	}
	stamp()
	w.visit("https://unrelated.test/", 61, archive.Gone)
	stamp() // of nothing that is in the package
	w.visit(gate, 62, archive.Gone)
	stamp()
	w.visit("https://unrelated.test/", 63, archive.Gone)
	doc, _, files := w.pack(w.config(evidence.AsCited))

	var vkeys []string
	for name, data := range files {
		if strings.HasPrefix(name, evidence.KeyDir) {
			vkeys = append(vkeys, strings.TrimSuffix(data, "\n"))
		}
	}
	chain, err := log.NewKeychain(vkeys, nil)
	if err != nil {
		t.Fatal(err)
	}
	point, err := chain.Open([]byte(files[evidence.CheckpointFile]))
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range doc.Objects {
		proof, err := log.ParseInclusion(files[evidence.ProofDir+o.SHA256+".tlog-proof"])
		if err != nil {
			t.Fatal(err)
		}
		entry := []byte(files[evidence.EntryDir+o.SHA256+".json"])
		by, err := log.VerifyInclusion(proof, entry, chain)
		if err != nil || by.Size != point.Size || by.Root != point.Root || proof.Index != *o.Entry {
			t.Errorf("%s: entry %d, error %v", o.File, proof.Index, err)
		}
		if e, err := archive.DecodeEntry(entry); err != nil || e.Object != o.SHA256 || e.Kind != o.Kind {
			t.Errorf("%s: its entry is %+v, error %v", o.File, e, err)
		}
	}
	if len(doc.Log.Timestamps) != 2 {
		t.Fatalf("%+v, want the stamped trees with the first entries of something in the package", doc.Log.Timestamps)
	}
	for _, s := range doc.Log.Timestamps {
		note := []byte(files[s.Directory+"checkpoint"])
		stamped, err := chain.Open(note)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := log.ParseConsistency(files[s.Directory+"consistency"])
		if err != nil {
			t.Fatal(err)
		}
		if err := log.VerifyConsistency(proof, stamped, point); err != nil || stamped.Size != s.Size {
			t.Errorf("%s: %v", s.Directory, err)
		}
		for _, at := range s.Times {
			token, err := timestamp.Parse([]byte(files[at.File]))
			if err != nil {
				t.Fatal(err)
			}
			info, findings := timestamp.Verify(token, note, timestamp.Options{Roots: roots})
			if err := timestamp.Err(findings); err != nil || !info.Trusted || !info.Time.Equal(at.Time) {
				t.Errorf("%s: %v", at.File, err)
			}
		}
	}
}

func TestWithoutALog(t *testing.T) {
	w, _ := filled(t, false)
	doc, _, files := w.pack(w.config(evidence.AsCited))
	for name := range files {
		if strings.HasPrefix(name, evidence.LogDir) {
			t.Errorf("%s, and there is no log", name)
		}
	}
	if doc.Log != nil || doc.Objects[0].Entry != nil {
		t.Errorf("%+v", doc.Log)
	}
}

func TestSameBytes(t *testing.T) {
	w, _ := filled(t, true)
	keys := t.TempDir()
	var packages [][]byte
	for range 2 {
		cfg := w.config(evidence.All)
		signer, err := evidence.OpenKey(keys)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Signer = signer
		_, b, files := w.pack(cfg)
		if !strings.Contains(files["datapackage-digest.json"], "signature") {
			t.Error("it is not signed")
		}
		packages = append(packages, b)
	}
	if !bytes.Equal(packages[0], packages[1]) {
		t.Error("the same archive and date make another package")
	}
}

// failing is an output that takes some bytes and no more.
type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errors.New("the disk is full")
	}
	return len(p), nil
}

func TestDamage(t *testing.T) {
	w, captures := filled(t, true)
	cfg := w.config(evidence.AsCited)
	for name, damage := range map[string]func(path string, b []byte) error{
		"flipped":   func(path string, b []byte) error { b[len(b)/2] ^= 1; return os.WriteFile(path, b, 0o600) },
		"last byte": func(path string, b []byte) error { b[len(b)-1] ^= 1; return os.WriteFile(path, b, 0o600) },
		"truncated": func(path string, b []byte) error { return os.WriteFile(path, b[:len(b)-40], 0o600) },
		"emptied":   func(path string, _ []byte) error { return os.WriteFile(path, nil, 0o600) },
		"longer":    func(path string, b []byte) error { return os.WriteFile(path, append(b, 0), 0o600) },
		"missing":   func(path string, _ []byte) error { return os.Remove(path) },
	} {
		for _, victim := range []string{"report", "first", "other", "gone"} {
			t.Run(name+" "+victim, func(t *testing.T) {
				key := "reports/" + w.report.Object[:2] + "/" + w.report.Object + ".warc.gz"
				if victim != "report" {
					key = archive.CaptureKey(captures[victim].SHA256)
				}
				path := filepath.Join(w.where, filepath.FromSlash(key))
				b, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if err := errors.Join(os.Chmod(path, 0o600), damage(path, bytes.Clone(b))); err != nil {
					t.Fatal(err)
				}
				defer os.WriteFile(path, b, 0o600)
				_, err = evidence.Write(t.Context(), io.Discard, cfg, w.report.Object)
				var damaged *evidence.DamagedError
				if !errors.As(err, &damaged) || damaged.Key != key || !strings.Contains(err.Error(), key) {
					t.Errorf("error %v, want one that names %s", err, key)
				}
			})
		}
	}
}

// The text of a revisit is in another object, and that is the one to blame.
func TestDamageOfWhatIsReferredTo(t *testing.T) {
	w := newWorld(t, false)
	first := w.visit(weir, 0, archive.Alive, w.answer(archive.RoleSource, weir, page+strings.Repeat("the weir of 1962 ", 500)))
	w.visit(weir, 30, archive.Alive, unchanged(w.answer(archive.RoleSource, weir, "HTTP/1.1 304 Not Modified\r\n\r\n"), first, 0))
	cfg := w.config(evidence.Latest)
	path := filepath.Join(w.where, filepath.FromSlash(archive.CaptureKey(first.SHA256)))
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := warc.VerifyFile(bytes.NewReader(bytes.Clone(b)), func(rec *warc.Record, _ []warc.Problem) error {
		if rec.Type() == warc.TypeResponse {
			b[rec.Offset+rec.Size/2] ^= 1 // the record at the end stays as it is
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, b, 0o600)); err != nil {
		t.Fatal(err)
	}
	_, err = evidence.Write(t.Context(), io.Discard, cfg, w.report.Object)
	var damaged *evidence.DamagedError
	if !errors.As(err, &damaged) || damaged.Key != archive.CaptureKey(first.SHA256) {
		t.Errorf("error %v, want one that names %s", err, first.SHA256)
	}
}

// What goes wrong elsewhere is not blamed on an object.
func TestOtherErrors(t *testing.T) {
	w, captures := filled(t, true)
	var damaged *evidence.DamagedError
	var whole bytes.Buffer
	if _, err := evidence.Write(t.Context(), &whole, w.config(evidence.All), w.report.Object); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 1000, whole.Len() / 2, whole.Len() - 1} {
		_, err := evidence.Write(t.Context(), &failing{n}, w.config(evidence.All), w.report.Object)
		if err == nil || errors.As(err, &damaged) || !strings.Contains(err.Error(), "the disk is full") {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := evidence.Write(ctx, io.Discard, w.config(evidence.All), w.report.Object); !errors.Is(err, context.Canceled) {
		t.Errorf("when interrupted: %v", err)
	}
	cfg := w.config(evidence.All)
	cfg.Index.(*index).holders = nil
	_, err := evidence.Write(t.Context(), io.Discard, cfg, w.report.Object)
	if !errors.As(err, &damaged) || damaged.Key != archive.CaptureKey(captures["first"].SHA256) {
		t.Errorf("when nothing holds what a revisit refers to: %v", err)
	}
}

// However large a capture is, little of it is in memory.
func TestStreams(t *testing.T) {
	w := newWorld(t, false)
	const size = 48 << 20
	body := strings.Repeat("0123456789abcdef", size/16)
	w.visit(weir, 0, archive.Alive, w.answer(archive.RoleSource, weir, "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n"+body))
	cfg := w.config(evidence.AsCited)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := evidence.Write(t.Context(), io.Discard, cfg, w.report.Object); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > size/4 {
		t.Errorf("a capture of %d bytes took %d bytes of memory", size, used)
	}
}

func TestKey(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	if _, err := evidence.OpenKey(dir); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, evidence.KeyFile)
	first, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, error %v", info.Mode(), err)
	}
	list, err := os.ReadDir(dir)
	if err != nil || len(list) != 1 {
		t.Errorf("%v, error %v", list, err)
	}
	if _, err := evidence.OpenKey(dir); err != nil {
		t.Fatal(err)
	}
	if again, err := os.ReadFile(name); err != nil || !bytes.Equal(again, first) {
		t.Errorf("the key is not the same any more, error %v", err)
	}
	if err := os.Chmod(name, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := evidence.OpenKey(dir); !errors.Is(err, evidence.ErrKey) {
		t.Errorf("others can read it: %v", err)
	}
	for _, bad := range []string{"", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", strings.ReplaceAll(string(first), "PRIVATE", "PUBLIC"), string(first[:100])} {
		if err := errors.Join(os.WriteFile(name, []byte(bad), 0o600), os.Chmod(name, 0o600)); err != nil {
			t.Fatal(err)
		}
		_, err := evidence.OpenKey(dir)
		if !errors.Is(err, evidence.ErrKey) {
			t.Errorf("%q: %v", bad, err)
		}
		for line := range strings.Lines(string(first)) {
			if line = strings.TrimSpace(line); err != nil && !strings.HasPrefix(line, "---") && strings.Contains(err.Error(), line) {
				t.Errorf("the error tells of the key: %v", err)
			}
		}
	}
}

func TestChoices(t *testing.T) {
	for _, c := range []evidence.Choice{evidence.AsCited, evidence.Latest, evidence.All} {
		if got, err := evidence.ParseChoice(string(c)); got != c || err != nil {
			t.Errorf("%s: %s, %v", c, got, err)
		}
	}
	if _, err := evidence.ParseChoice("newest"); err == nil {
		t.Error("newest is no choice")
	}
}

// A report of which nothing was visited makes a package, too.
func TestNothingVisited(t *testing.T) {
	w := newWorld(t, true)
	doc, _, _ := w.pack(w.config(evidence.All))
	if len(doc.Citations) != 5 || len(doc.Objects) != 1 {
		t.Errorf("%+v", doc)
	}
	for _, c := range doc.Citations {
		if c.Shown != "" || c.Verdict != "" || len(c.Captures) > 0 || c.Unread == "" {
			t.Errorf("%+v", c)
		}
	}
}
