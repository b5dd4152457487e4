package verify

import (
	"context"
	"crypto/x509"
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/archive/log/timestamp"
	"github.com/ibid-archive/ibid/archive/log/timestamp/tsatest"
)

// flipKeys keeps the private keys of a log in memory.
type flipKeys map[string]*log.Signer

func (k flipKeys) Load(v *log.Verifier) (*log.Signer, error) {
	if s := k[v.String()]; s != nil {
		return s, nil
	}
	return nil, log.ErrNoKey
}

func (k flipKeys) Create(origin string) (*log.Signer, error) {
	s, err := log.GenerateKey(nil, origin)
	if err == nil {
		k[s.Verifier().String()] = s
	}
	return s, err
}

// A whole is an archive with everything that one can have: captures and a
// report of more than 100 KB, a log with two keys, and a time-stamp.
type whole struct {
	memory
	roots   *x509.CertPool
	witness []byte              // the newest checkpoint, kept elsewhere
	past    []map[string][]byte // the log after each append
}

func newWhole(t *testing.T) *whole {
	t.Helper()
	w := &whole{memory: memory{}, roots: x509.NewCertPool()}
	captures, report := w.captures(t)
	authority := tsatest.Start(t, tsatest.Config{})
	w.roots.AddCert(authority.Root)
	store := blobtest.NewMemory()
	keys := flipKeys{}
	l, err := log.Open(t.Context(), log.Config{Objects: store, Cells: store, Keys: keys, Origin: "example.org/flip"})
	if err != nil {
		t.Fatal(err)
	}
	enter := func(list ...*archive.Entry) {
		t.Helper()
		var all [][]byte
		for _, e := range list {
			b, err := e.Encode()
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, b)
		}
		if _, err := l.Append(t.Context(), all); err != nil {
			t.Fatal(err)
		}
		w.past = append(w.past, store.Bytes())
	}
	enter(archive.ReportEntry(report))
	enter(captures[:3]...)
	client := &timestamp.Client{Transport: http.DefaultTransport, Roots: w.roots}
	if s, err := l.Stamp(t.Context(), client, authority.URL); err != nil || s[0].Err != nil {
		t.Fatal(s, err)
	}
	next, err := keys.Create("example.org/flip")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Rotate(t.Context(), next, func(i log.Introduction) ([]byte, error) {
		return archive.KeyEntry(i.New.String(), visitedAt).Encode()
	}); err != nil {
		t.Fatal(err)
	}
	enter(captures[3:]...)
	maps.Copy(w.memory, store.Bytes())
	w.witness = w.memory[log.CheckpointKey]
	return w
}

// captures puts a report and captures of noise, and returns their entries.
func (w *whole) captures(t *testing.T) (list []*archive.Entry, report *archive.Report) {
	t.Helper()
	sum := strings.TrimPrefix(digestOf(reportText), "sha256:")
	w.put(reportKind, reportWARC(t, sum))
	report = &archive.Report{SHA256: sum}
	for n := range 6 {
		body := make([]byte, 18<<10)
		var seed [32]byte
		binary.LittleEndian.PutUint64(seed[:], uint64(n))
		_, _ = rand.NewChaCha8(seed).Read(body)
		r := response(10*n + 2)
		r.block = pageHead + string(body)
		r.fields.Set("WARC-Payload-Digest", digestOf(string(body)))
		w.put(captureKind, writeWARC(t, warcinfo(10*n+1), r, captureRecord(t, 10*n+3, 10*n+2)))
	}
	for key, b := range w.memory {
		kind, sum, _ := parseKey(key)
		o := &object{key: key, kind: kind, sum: sum, scratch: newScratch()}
		if err := o.read(strings.NewReader(string(b)), int64(len(b))); err != nil || len(o.findings) > 0 {
			t.Fatal(o.findings, err)
		}
		if kind == reportKind {
			report.Object = sum
			continue
		}
		c, err := archive.DecodeCapture(strings.NewReader(string(o.end)))
		if err != nil {
			t.Fatal(err)
		}
		c.SHA256, c.Size = sum, int64(len(b))
		list = append(list, archive.CaptureEntry(c))
	}
	slices.SortFunc(list, func(a, b *archive.Entry) int { return strings.Compare(a.Object, b.Object) })
	return list, report
}

// audited returns what an audit finds in a changed archive.
func (w *whole) audited(t *testing.T, changed memory, cfg AuditConfig) []Finding {
	cfg.Workers, cfg.StampRoots = 1, w.roots
	r, err := Audit(context.Background(), changed, cfg)
	if err != nil {
		t.Error(err)
	}
	return r.Findings
}

func named(list []Finding, key string) bool {
	return slices.ContainsFunc(list, func(f Finding) bool { return f.Key == key || strings.Contains(f.Message, key) })
}

// with returns a copy with other bytes under key; nil removes it.
func (w *whole) with(key string, b []byte) memory {
	m := maps.Clone(w.memory)
	if m[key] = b; b == nil {
		delete(m, key)
	}
	return m
}

// inParallel calls do for every index below n, on all processors.
func inParallel(n int, do func(int)) {
	var group sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
}

// TestFlips changes one bit of one byte of a whole archive at a time, and the
// audit must name the object: a share of the bytes; with IBID_PROOF=log every byte
// of the log, and with IBID_PROOF=full every byte of all, and each bit of the log's.
func TestFlips(t *testing.T) {
	w := newWhole(t)
	if list := w.audited(t, w.memory, AuditConfig{Witnesses: [][]byte{w.witness}}); len(list) > 0 {
		t.Fatal(list)
	}
	full := os.Getenv("IBID_PROOF") == "full"
	wholeLog := full || os.Getenv("IBID_PROOF") == "log"
	type flip struct {
		key string
		at  int
		bit byte
	}
	var flips []flip
	total, ofLog := 0, 0
	for _, key := range slices.Sorted(maps.Keys(w.memory)) {
		inLog := strings.HasPrefix(key, "log/")
		for at := range w.memory[key] {
			total++
			if inLog {
				ofLog++
			}
			bits := []byte{1 << (at % 8)}
			switch {
			case inLog && full:
				bits = []byte{1, 2, 4, 8, 16, 32, 64, 128}
			case inLog && !wholeLog && at%7 != 0, !inLog && !full && at%97 != 0:
				continue
			}
			for _, bit := range bits {
				flips = append(flips, flip{key, at, bit})
			}
		}
	}
	if total < 100_000 || ofLog < 5_000 {
		t.Fatalf("the archive has only %d bytes, the log %d", total, ofLog)
	}
	inParallel(len(flips), func(i int) {
		f := flips[i]
		b := slices.Clone(w.memory[f.key])
		b[f.at] ^= f.bit
		changed, cfg := w.with(f.key, b), AuditConfig{Quick: true}
		if strings.HasPrefix(f.key, "log/") && !full {
			// What else there is takes time and is looked at in the other flips.
			cfg.Scope.Since = visitedAt
			if !strings.HasPrefix(f.key, log.StampPrefix) {
				maps.DeleteFunc(changed, func(key string, _ []byte) bool { return strings.HasPrefix(key, log.StampPrefix) })
			}
		}
		if list := w.audited(t, changed, cfg); !named(list, f.key) {
			t.Errorf("bit %#x of byte %d of %s (%q): not named by %v", f.bit, f.at, f.key, w.memory[f.key][max(0, f.at-8):f.at+1], list)
		}
	})
	t.Logf("%d flips in an archive of %d bytes, %d of them of the log", len(flips), total, ofLog)
}

// TestDamage does to every object, and to every pair, what one flipped bit does
// not: truncates, empties, deletes, swaps, duplicates, prolongs.
func TestDamage(t *testing.T) {
	w := newWhole(t)
	type damage struct {
		what    string
		changed memory
		named   []string // one of them
	}
	var all []damage
	keys := slices.Sorted(maps.Keys(w.memory))
	for _, key := range keys {
		b := w.memory[key]
		for _, n := range []int{0, 1, len(b) / 2, len(b) - 1} {
			all = append(all, damage{fmt.Sprintf("%s cut to %d bytes", key, n), w.with(key, b[:n:n]), []string{key}})
		}
		all = append(all, damage{key + " prolonged", w.with(key, append(slices.Clone(b), 0)), []string{key}},
			damage{key + " zeroed", w.with(key, make([]byte, len(b))), []string{key}},
			damage{key + " twice over", w.with(key, append(slices.Clone(b), b...)), []string{key}})
		if why := lossless(key); why == "" {
			all = append(all, damage{key + " deleted", w.with(key, nil), []string{key}})
		}
		copied := path.Join(path.Dir(key), "ffffffff")
		if _, _, ok := parseKey(key); ok {
			copied = path.Dir(path.Dir(key)) + "/ff/" + strings.Repeat("f", 64) + ".warc.gz"
		}
		all = append(all, damage{key + " duplicated as " + copied, w.with(copied, b), []string{copied}})
		for _, other := range keys {
			if other <= key || string(w.memory[other]) == string(b) {
				continue
			}
			m := w.with(key, w.memory[other])
			m[other] = b
			all = append(all, damage{key + " and " + other + " swapped", m, []string{key, other}})
		}
	}
	inParallel(len(all), func(i int) {
		d := all[i]
		list := w.audited(t, d.changed, AuditConfig{Quick: true})
		if !slices.ContainsFunc(d.named, func(key string) bool { return named(list, key) }) {
			t.Errorf("%s: not named by %v", d.what, list)
		}
	})
	t.Logf("%d damages", len(all))
}

// TestDeleted takes away what lossless speaks of: of the partial tiles the widest
// is missed, and the others and a time-stamp are not, as docs/proofs.md says. What
// a time-stamp was about is looked at without it, too.
func TestDeleted(t *testing.T) {
	w := newWhole(t)
	widest := map[string]int{}
	width := func(key string) (slot string, n int) {
		slot, text, _ := strings.Cut(key, ".p/")
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(key, err)
		}
		return slot, n
	}
	for key := range w.memory {
		if strings.Contains(key, ".p/") {
			slot, n := width(key)
			widest[slot] = max(widest[slot], n)
		}
	}
	for key := range w.memory {
		if lossless(key) == "" {
			continue
		}
		missed := false
		if strings.Contains(key, ".p/") {
			slot, n := width(key)
			missed = n == widest[slot]
		} else {
			m := w.with(key, nil)
			note := path.Dir(key) + "/checkpoint"
			m[note] = slices.Concat([]byte("x"), m[note])
			if list := w.audited(t, m, AuditConfig{Quick: true}); !named(list, note) {
				t.Errorf("%s damaged, without a stamp: %v", note, list)
			}
		}
		if list := w.audited(t, w.with(key, nil), AuditConfig{Quick: true}); named(list, key) != missed || !missed && len(list) > 0 {
			t.Errorf("%s deleted: %v", key, list)
		}
	}
}

// lossless says why an object can be deleted without anybody noticing.
func lossless(key string) string {
	switch {
	case strings.HasSuffix(key, ".tst"):
		return "that a time-stamp existed is known to nobody else"
	case strings.Contains(key, ".p/"):
		return "tlog-tiles lets partial tiles go once there is a wider one"
	}
	return ""
}

// TestRollBack puts single objects, and the whole log, back to what they were.
func TestRollBack(t *testing.T) {
	w := newWhole(t)
	count := 0
	for n, past := range w.past[:len(w.past)-1] {
		for key, b := range past {
			if string(b) == string(w.memory[key]) {
				continue
			}
			count++
			if list := w.audited(t, w.with(key, b), AuditConfig{Quick: true}); !named(list, log.CheckpointKey) && !named(list, log.HeadKey) {
				t.Errorf("%s as after append %d: not named by %v", key, n, list)
			}
		}
		// Both cells, with the newer tiles still there.
		m := w.with(log.CheckpointKey, past[log.CheckpointKey])
		m[log.HeadKey] = past[log.HeadKey]
		if list := w.audited(t, m, AuditConfig{Quick: true}); !slices.ContainsFunc(list, func(f Finding) bool { return strings.HasPrefix(f.Key, "log/") }) {
			t.Errorf("both cells as after append %d: %v", n, list)
		}
		// All of the log: only who kept a newer checkpoint can tell.
		m = maps.Clone(w.memory)
		maps.DeleteFunc(m, func(key string, _ []byte) bool { return strings.HasPrefix(key, "log/") })
		maps.Copy(m, past)
		if list := w.audited(t, m, AuditConfig{Quick: true, Witnesses: [][]byte{w.witness}}); !named(list, log.CheckpointKey) {
			t.Errorf("the log as after append %d, with a witness: %v", n, list)
		}
	}
	if count < 4 {
		t.Errorf("only %d objects were rolled back", count)
	}
}
