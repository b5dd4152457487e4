package schedule_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/archive/mirror"
	"github.com/ibid-archive/ibid/verify"
)

// A workload archives in some way.
type workload struct {
	name   string
	before func(t *testing.T, p *process)
	during func(t *testing.T, p *process, kept func(*archive.Capture)) error
}

var workloads = []workload{
	{"first run", nil, func(t *testing.T, p *process, kept func(*archive.Capture)) error {
		return p.run(t.Context(), p.w.sources, kept)
	}},
	{"unchanged pages", func(t *testing.T, p *process) {
		must(t, p.run(t.Context(), p.w.sources, nil))
		p.w.pass()
	}, func(t *testing.T, p *process, kept func(*archive.Capture)) error {
		return p.run(t.Context(), p.w.sources, kept)
	}},
	{"shared sources and a new key", func(t *testing.T, p *process) {
		must(t, p.run(t.Context(), p.w.sources[:1], nil))
	}, func(t *testing.T, p *process, kept func(*archive.Capture)) error {
		if err := p.rotate(t.Context()); err != nil {
			return err
		}
		return p.run(t.Context(), p.w.sources[1:], kept)
	}},
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// moment is everything that a program which is killed there leaves behind.
type moment struct {
	what    string
	store   *blobtest.Memory
	catalog map[string][]byte
	clock   int64
	known
}

// prepared makes what a workload begins with.
func (l workload) prepared(t *testing.T, w *world, store *blobtest.Memory, path string) {
	t.Helper()
	if l.before == nil {
		return
	}
	p, err := w.start(t.Context(), store, path)
	must(t, err)
	l.before(t, p)
	p.end()
}

// moments lets a process do something and returns every different state that a
// kill can leave before, during and after it: before and after each change of the
// store, and whenever something is reported. points counts the moments.
func (w *world) moments(t *testing.T, store *blobtest.Memory, path string, do func(*testing.T, *process, func(*archive.Capture)) error) (left []victim, points int) {
	t.Helper()
	var mu sync.Mutex
	seen := map[[32]byte]bool{}
	var kept []*archive.Capture
	look := func(what string, reported ...*archive.Capture) {
		mu.Lock()
		defer mu.Unlock()
		points++
		kept = append(kept, reported...)
		m := moment{what: fmt.Sprintf("point %d, %s", points, what), store: store.Clone(), catalog: files(t, path), clock: w.clock.Load()}
		m.kept, m.witness = slices.Clone(kept), m.store.Bytes()[log.CheckpointKey]
		if f := fingerprint(m.store, m.catalog, len(kept)); !seen[f] {
			seen[f] = true
			left = append(left, victim{m, w.keys.copied()})
		}
	}
	watched := blobtest.NewFaulty(store)
	watched.Watch(func(op blobtest.Op, key string, when blobtest.Moment) error {
		if op == blobtest.OpPut || op == blobtest.OpSwap {
			look(fmt.Sprintf("%s %s %s", when, op, key))
		}
		return nil
	})
	look("before the start")
	p, err := w.start(t.Context(), watched, path)
	must(t, err)
	must(t, do(t, p, func(c *archive.Capture) {
		look("before " + c.URL + " is reported")
		look("after "+c.URL+" is reported", c)
	}))
	look("at the end")
	p.end()
	look("after the end")
	return left, points
}

// victim is a moment with the keys that the machine had then.
type victim struct {
	moment
	keys map[string]*log.Signer
}

// TestKilledAnywhere ends the program at every change that a run makes to the
// store, before and after it, and whenever it reports something. What is left is
// sound, and the next run completes it. With IBID_PROOF=full that run is killed,
// too, at every such moment, and the one after it completes.
func TestKilledAnywhere(t *testing.T) {
	var points, states, again atomic.Int64
	for _, l := range workloads {
		t.Run(l.name, func(t *testing.T) {
			var left []victim
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				store, path := blobtest.NewMemory(), filepath.Join(blobtest.MemoryDir(t), "catalog.sqlite")
				l.prepared(t, w, store, path)
				n := 0
				left, n = w.moments(t, store, path, l.during)
				points.Add(int64(n))
			})
			states.Add(int64(len(left)))
			for _, i := range share(t, len(left), len(left)) {
				k := left[i]
				t.Run(k.what, func(t *testing.T) {
					t.Parallel()
					for _, k2 := range k.completed(t) {
						again.Add(1)
						k2.completed(t)
					}
				})
			}
		})
	}
	t.Logf("%d crash points, %d different states", points.Load(), states.Load())
	t.Cleanup(func() { t.Logf("%d states of runs that were killed while they completed another", again.Load()) })
}

// completed completes what a kill has left, and returns in a full proof what
// kills of that would leave.
func (k victim) completed(t *testing.T) (left []victim) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.keys = &ring{keys: maps.Clone(k.keys)}
		w.clock.Store(k.clock + time.Minute.Microseconds())
		if fullProof() {
			left, _ = w.moments(t, k.store.Clone(), placed(t, k.catalog), func(t *testing.T, p *process, kept func(*archive.Capture)) error {
				return p.run(t.Context(), w.sources, kept)
			})
			for i := range left {
				left[i].kept = append(slices.Clone(k.kept), left[i].kept...)
			}
		}
		if err := w.completes(t.Context(), k.store.Clone(), placed(t, k.catalog), k.known, false); err != nil {
			t.Errorf("%s: %v", k.what, err)
		}
	})
	return left
}

// TestMirrorKilledAnywhere ends a copy before and after every change of its
// target: nothing in it is damaged, and the next copy completes it to the byte.
// Until then the audit may say that the copy has not ended: what others refer to
// may be missing, and the log's parts be ahead of its checkpoint.
func TestMirrorKilledAnywhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		from, path := blobtest.NewMemory(), filepath.Join(blobtest.MemoryDir(t), "catalog.sqlite")
		workloads[2].prepared(t, w, from, path)
		old := from.Clone()
		p, err := w.start(t.Context(), from, path)
		must(t, err)
		must(t, workloads[2].during(t, p, nil))
		p.end()
		points := 0
		for _, to := range []*blobtest.Memory{blobtest.NewMemory(), old} {
			watched := blobtest.NewFaulty(to)
			watched.Watch(func(op blobtest.Op, key string, when blobtest.Moment) error {
				if op != blobtest.OpPut && op != blobtest.OpSwap {
					return nil
				}
				points++
				part := to.Clone()
				report, err := verify.Audit(t.Context(), part, verify.AuditConfig{Workers: 1})
				must(t, err)
				for _, f := range report.Findings {
					if f.Rule != verify.RuleMissing && !strings.HasPrefix(f.Key, "log/") || f.Rule == verify.RuleAltered {
						t.Errorf("%s %s %s: %+v", when, op, key, f)
					}
				}
				_, err = mirror.Copy(t.Context(), part, from, mirror.Config{Workers: 1})
				must(t, err)
				if diff := cmp.Diff(from.Bytes(), part.Bytes()); diff != "" {
					t.Errorf("%s %s %s: the next copy differs", when, op, key)
				}
				return nil
			})
			_, err := mirror.Copy(t.Context(), watched, from, mirror.Config{Workers: 1})
			must(t, err)
			if n, err := audited(t.Context(), to, known{}); err != nil || n != 0 {
				t.Errorf("%d objects are not in the log, %v", n, err)
			}
		}
		if points < 20 {
			t.Errorf("only %d points", points)
		}
		t.Logf("%d crash points of a copy", points)
	})
}
