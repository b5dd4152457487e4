package schedule_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/verify"
)

// A gate lets the calls of several writers through to their store one at a time,
// in an order that a seed decides: every moment before and after a call waits
// here until it is its turn.
type gate struct {
	rng   *rand.Rand
	store *blobtest.Memory

	mu      sync.Mutex
	waiting []*turn
	dead    map[int]bool // writers whose process has been killed

	passed, faults, kills int
	checkpoints           [][]byte // every one that there ever was
}

// turn is one moment of a call.
type turn struct {
	writer int
	op     blobtest.Op
	key    string
	when   blobtest.Moment
	pass   chan error
}

func (g *gate) watch(writer int) func(blobtest.Op, string, blobtest.Moment) error {
	return func(op blobtest.Op, key string, when blobtest.Moment) error {
		t := &turn{writer, op, key, when, make(chan error, 1)}
		g.mu.Lock()
		g.waiting = append(g.waiting, t)
		g.mu.Unlock()
		return <-t.pass
	}
}

// next chooses who goes on, and how that ends for him. It returns false when
// nobody waits.
func (g *gate) next() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		return false
	}
	// Who came first among those that came meanwhile is chance.
	slices.SortFunc(g.waiting, func(a, b *turn) int {
		return cmp.Or(cmp.Compare(a.writer, b.writer), cmp.Compare(a.op, b.op), cmp.Compare(a.when, b.when), cmp.Compare(a.key, b.key))
	})
	i := g.rng.IntN(len(g.waiting))
	t := g.waiting[i]
	g.waiting = slices.Delete(g.waiting, i, i+1)
	g.passed++
	var err error
	switch chance := g.rng.IntN(400); {
	case g.dead[t.writer]:
		err = blobtest.ErrCut
	case chance < 4:
		g.faults++
		err = blobtest.ErrFault
	case chance == 4:
		g.kills++
		g.dead[t.writer] = true
		err = blobtest.ErrCut
	}
	t.pass <- err
	return true
}

// note keeps the checkpoint of the moment, and now and then audits what is there.
func (g *gate) note(ctx context.Context) error {
	now, _, err := g.store.Load(ctx, log.CheckpointKey)
	if err != nil && !errors.Is(err, blob.ErrNotExist) {
		return err
	}
	if now != nil && (len(g.checkpoints) == 0 || string(now) != string(g.checkpoints[len(g.checkpoints)-1])) {
		g.checkpoints = append(g.checkpoints, now)
	}
	if g.rng.IntN(50) > 0 {
		return nil
	}
	_, err = audited(ctx, g.store.Clone(), known{})
	return err
}

// writer archives, and begins anew when that failed, as often as it is told to.
func (w *world) writer(ctx context.Context, g *gate, n int, path string, rotates bool, kept func(*archive.Capture)) error {
	faulty := blobtest.NewFaulty(g.store)
	faulty.Watch(g.watch(n))
	for range 3 {
		p, err := w.start(ctx, faulty, path)
		if err == nil {
			// Each begins with another of the reports.
			sources := slices.Concat(w.sources[n%2:], w.sources[:n%2])
			if err = p.run(ctx, sources, kept); err == nil && rotates {
				err = p.rotate(ctx)
			}
			err = errors.Join(err, p.Catalog.Close())
		}
		if err != nil && !errors.Is(err, blobtest.ErrFault) && !errors.Is(err, blobtest.ErrCut) {
			return err
		}
		g.mu.Lock()
		delete(g.dead, n) // the next process is another one
		g.mu.Unlock()
		time.Sleep(time.Second)
	}
	return nil
}

// scheduled lets writers archive into one store at the same time, in the order
// that the seed gives, and checks what there is in the end.
func scheduled(t *testing.T, seed uint64) (g *gate) {
	w := newWorld(t)
	g = &gate{rng: rand.New(rand.NewPCG(seed, 1)), store: blobtest.NewMemory(), dead: map[int]bool{}}
	writers := 2 + g.rng.IntN(3)
	paths := make([]string, writers)
	errs := make([]error, writers)
	var k known
	var mu sync.Mutex
	var group sync.WaitGroup
	for n := range writers {
		paths[n] = filepath.Join(blobtest.MemoryDir(t), "catalog.sqlite")
		group.Go(func() {
			errs[n] = w.writer(t.Context(), g, n, paths[n], n == 0 && seed%3 == 0, func(c *archive.Capture) {
				mu.Lock()
				defer mu.Unlock()
				k.kept = append(k.kept, c)
			})
		})
	}
	ended := make(chan struct{})
	go func() { group.Wait(); close(ended) }()
	for running := true; running; {
		synctest.Wait() // everybody waits: here, for a timer, or for another
		if err := g.note(t.Context()); err != nil {
			t.Fatalf("seed %d: after %d moments: %v", seed, g.passed, err)
		}
		if g.next() {
			continue
		}
		select {
		case <-ended:
			running = false
		case <-time.After(time.Millisecond): // of the bubble's time
		}
	}
	if err := errors.Join(errs...); err != nil {
		t.Errorf("seed %d: %v", seed, err)
	}
	// What a writer has put and not entered is entered by its own next run.
	w.view(t, g, paths, seed)
	if err := w.completes(t.Context(), g.store, paths[0], k, true); err != nil {
		t.Errorf("seed %d: %v", seed, err)
	}
	views := w.view(t, g, paths, seed)
	for n := range views {
		if views[n] != views[0] {
			t.Errorf("seed %d: writer %d and the first have catalogs that differ", seed, n)
		}
	}
	r, err := verify.Audit(t.Context(), g.store, verify.AuditConfig{Workers: 1, Witnesses: g.checkpoints})
	if err != nil || r.Found != 0 || r.Log == nil || r.Log.Witnesses != len(g.checkpoints) {
		t.Errorf("seed %d: %d checkpoints, audit %+v, %v", seed, len(g.checkpoints), r, err)
	}
	return g
}

// view lets every writer run once more, alone, and returns what its catalog says.
func (w *world) view(t *testing.T, g *gate, paths []string, seed uint64) []string {
	t.Helper()
	views := make([]string, len(paths))
	for n, path := range paths {
		p, err := w.start(t.Context(), g.store, path)
		must(t, err)
		if err := p.run(t.Context(), w.sources, nil); err != nil {
			t.Errorf("seed %d: writer %d: %v", seed, n, err)
		}
		views[n], err = dumped(t.Context(), p.Catalog)
		must(t, err)
		p.end()
	}
	return views
}

// TestWritersInSchedules runs 2 to 4 writers with catalogs of their own over one
// store, in an order of all their calls that a seed decides, with calls that fail
// and processes that are killed. With IBID_PROOF=full it is 2,000 orders.
func TestWritersInSchedules(t *testing.T) {
	count := uint64(len(share(t, 2000, 16)))
	var mu sync.Mutex
	var passed, faults, kills int
	t.Run("seeds", func(t *testing.T) {
		for seed := proofSeed(t) * 10_000; seed < proofSeed(t)*10_000+count; seed++ {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					g := scheduled(t, seed)
					mu.Lock()
					defer mu.Unlock()
					passed, faults, kills = passed+g.passed, faults+g.faults, kills+g.kills
				})
			})
		}
	})
	t.Logf("%d schedules from IBID_PROOF_SEED=%d: %d moments, %d faults, %d killed processes", count, proofSeed(t), passed, faults, kills)
	if faults == 0 || kills == 0 {
		t.Error("nothing went wrong in any of them")
	}
}
