package schedule_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
	"github.com/ibid-archive/ibid/archive/log"
)

// proofSeed decides which share of the cases is gone through.
func proofSeed(t *testing.T) uint64 {
	t.Helper()
	text := os.Getenv("IBID_PROOF_SEED")
	if text == "" {
		return 1
	}
	n, err := strconv.ParseUint(text, 10, 64)
	must(t, err)
	return n
}

// share picks so many of n cases, or all of them in a full proof, and few when
// tests are to be short.
func share(t *testing.T, n, most int) []int {
	t.Helper()
	all := rand.New(rand.NewPCG(proofSeed(t), 0)).Perm(n)
	if testing.Short() {
		most = min(most, 4)
	}
	if !fullProof() {
		all = all[:min(n, most)]
	}
	slices.Sort(all)
	return all
}

// struck is a store of which one moment fails, and perhaps everything from then
// on. A call has two moments: before anything has happened, and when all has.
type struck struct {
	mu      sync.Mutex
	at      int // 0 for none
	forever bool
	n       int
	what    string
}

func (s *struck) watch(op blobtest.Op, key string, when blobtest.Moment) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	if s.at == 0 || s.n < s.at || s.n > s.at && !s.forever {
		return nil
	}
	if s.n == s.at {
		s.what = fmt.Sprintf("%s %s %s", when, op, key)
	}
	return blobtest.ErrFault
}

// failing does a workload over a store with one fault, and checks that it is told
// or does no harm, and that the next run completes what is left. It returns how
// many moments there were.
func (l workload) failing(t *testing.T, at int, forever bool) int {
	w := newWorld(t)
	store, path := blobtest.NewMemory(), filepath.Join(blobtest.MemoryDir(t), "catalog.sqlite")
	l.prepared(t, w, store, path)
	s := &struck{at: at, forever: forever}
	faulty := blobtest.NewFaulty(store)
	faulty.Watch(s.watch)
	var k known
	p, err := w.start(t.Context(), faulty, path)
	if err == nil {
		err = l.during(t, p, func(c *archive.Capture) { k.kept = append(k.kept, c) })
		s.mu.Lock()
		s.at = 0
		s.mu.Unlock()
		if err == nil {
			if err := p.holds(t.Context(), store, k, true); err != nil {
				t.Errorf("moment %d, %s: the run says that all is well: %v", at, s.what, err)
			}
		}
		p.end()
	}
	if err != nil && !errors.Is(err, blobtest.ErrFault) {
		t.Errorf("moment %d, %s: the run ends with %v", at, s.what, err)
	}
	n := s.n
	k.witness = store.Bytes()[log.CheckpointKey]
	if err := w.completes(t.Context(), store, path, k, false); err != nil {
		t.Errorf("moment %d, %s: %v", at, s.what, err)
	}
	return n
}

// TestFailingAnywhere has every call of the store fail once, or from then on, in
// a process that lives on: before it has done anything, or after it has done all.
func TestFailingAnywhere(t *testing.T) {
	total, done := 0, 0
	for _, l := range workloads {
		t.Run(l.name, func(t *testing.T) {
			n := 0
			synctest.Test(t, func(t *testing.T) { n = l.failing(t, 0, false) })
			picked := share(t, 2*n, 12)
			total, done = total+2*n, done+len(picked)
			for _, i := range picked {
				t.Run(strconv.Itoa(i), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) { l.failing(t, 1+i/2, i%2 == 1) })
				})
			}
		})
	}
	t.Logf("%d of %d faults, IBID_PROOF_SEED=%d", done, total, proofSeed(t))
}
