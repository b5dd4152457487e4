package log

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

var errCrash = errors.New("the process ended")
var errFault = errors.New("fault injected by the test")

// A process appends to a log while a scheduler decides when each of its store
// operations happens, and how it ends.
type process struct {
	name  string
	rand  *rand.Rand
	store *memory
	keys  *keyring
	ready chan bool // true: waits for its turn; false: it has ended
	turn  chan struct{}
	down  bool
	fault float64 // the probability that an operation fails, before or after
	crash float64 // and that the process ends there
	acked map[int64]string
	tried map[string]bool
	n     int
}

// strike is where a process waits for its turn.
func (p *process) strike(op, key string, after bool) error {
	p.ready <- true
	<-p.turn
	switch x := p.rand.Float64(); {
	case p.down:
		return errCrash
	case x < p.crash:
		p.down = true
		return errCrash
	case x < p.crash+p.fault:
		return fmt.Errorf("%w: %s %s", errFault, op, key)
	}
	return nil
}

// run makes some appends, goes on after faults, and starts again after a crash.
func (p *process) run(ctx context.Context, appends int) {
	defer func() { p.ready <- false }()
	var l *Log
	for range appends * 3 {
		if p.down {
			p.down, l = false, nil
		}
		if l == nil {
			cfg := p.store.config()
			cfg.Keys = p.keys
			var err error
			if l, err = Open(ctx, cfg); err != nil {
				continue
			}
		}
		if appends--; appends < 0 {
			return
		}
		if p.rand.IntN(12) == 0 {
			if key, err := p.keys.Create(l.Checkpoint().Origin); err == nil {
				_, _ = l.Rotate(ctx, key, nil) // whether or not it works
			}
			continue
		}
		var batch [][]byte
		for range 1 + p.rand.IntN(4) {
			p.n++
			e := fmt.Sprintf("%s-%d", p.name, p.n)
			p.tried[e] = true
			batch = append(batch, []byte(e))
		}
		first, err := l.Append(ctx, batch)
		for i, e := range batch {
			if err == nil {
				p.acked[first+int64(i)] = string(e)
			}
		}
	}
}

// schedule runs processes over a store, one operation at a time, in an order
// that follows from the seed, and checks what they leave.
func schedule(t *testing.T, base *memory, base0 int64, keys *keyring, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 1))
	m := base.clone()
	ring := &keyring{n: keys.n}
	for k, v := range keys.keys {
		if ring.keys == nil {
			ring.keys = map[string]*Signer{}
		}
		ring.keys[k] = v
	}
	fault, crash := []float64{0, 0.02, 0.1}[random.IntN(3)], []float64{0, 0.02}[random.IntN(2)]
	var waiting, all []*process
	for i := range 2 + random.IntN(3) {
		p := &process{
			name: fmt.Sprintf("p%d", i), rand: rand.New(rand.NewPCG(seed, uint64(i)+2)), keys: ring,
			ready: make(chan bool), turn: make(chan struct{}), fault: fault, crash: crash,
			acked: map[int64]string{}, tried: map[string]bool{},
		}
		p.store = &memory{m.shared, p.strike}
		go p.run(t.Context(), 2+random.IntN(3))
		all = append(all, p)
		if <-p.ready { // up to its first operation
			waiting = append(waiting, p)
		}
	}
	for len(waiting) > 0 {
		i := random.IntN(len(waiting))
		waiting[i].turn <- struct{}{}
		if !<-waiting[i].ready {
			waiting = append(waiting[:i], waiting[i+1:]...)
		}
	}
	// The next process finishes what is pending.
	cfg := m.config()
	cfg.Keys = ring
	if _, err := Open(t.Context(), cfg); err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	list, _ := readAll(t, m)
	tried := map[string]bool{}
	for _, p := range all {
		for e := range p.tried {
			tried[e] = true
		}
		for i, e := range p.acked {
			if i >= int64(len(list)) || list[i] != e {
				t.Errorf("seed %d: entry %d was acknowledged as %s and isn't there", seed, i, e)
			}
		}
	}
	for i, e := range list[base0:] {
		if !tried[e] {
			t.Errorf("seed %d: entry %d is %q, which nobody appended", seed, base0+int64(i), e)
		}
	}
	oneHistory(t, m, list)
	wantClean(t, m)
	if t.Failed() {
		t.Fatalf("seed %d", seed)
	}
}

// oneHistory checks that every checkpoint that was ever published is of a
// beginning of the log, and none is older than the one before.
func oneHistory(t *testing.T, m *memory, list []string) {
	t.Helper()
	var trees []tree
	for _, note := range m.published {
		text, _, err := noteSigners(note, "")
		if err != nil {
			t.Fatal(err)
		}
		_, got, err := parseCheckpointText(text)
		if err != nil {
			t.Fatal(err)
		}
		trees = append(trees, got)
	}
	var e edge
	for len(trees) > 0 {
		switch {
		case trees[0].size == e.size && trees[0] == e.tree():
			trees = trees[1:]
		case trees[0].size > e.size && e.size < int64(len(list)):
			e.add(tlog.RecordHash([]byte(list[e.size])), nil)
		default:
			t.Fatalf("a checkpoint of %d entries with the root %v isn't of the log after %d", trees[0].size, trees[0].root, e.size)
		}
	}
}

// TestSchedules runs 2 to 4 processes in many orders, with faults and crashes.
// IBID_SCHEDULES says in how many.
func TestSchedules(t *testing.T) {
	n := 100
	if s := os.Getenv("IBID_SCHEDULES"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	for name, size := range map[string]int64{"new": 0, "full tile": 250} {
		t.Run(name, func(t *testing.T) {
			base, keys := newMemory(), &keyring{}
			if size > 0 {
				appendTo(t, openWriter(t, base, keys), entryList(0, size))
			}
			for seed := range n {
				schedule(t, base, size, keys, uint64(seed))
			}
		})
	}
}
