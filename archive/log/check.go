package log

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"

	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/sync/errgroup"

	"github.com/ibid-archive/ibid/archive/blob"
)

// Check reads the whole log and yields what is wrong with it, each with the key
// of the object: that every entry bundle and every tile, full and partial, is
// what the entries make of it; that they make the root of the newest checkpoint;
// that the head and the keys fit. A tile that is left from an append that never
// had a checkpoint does no harm when it is what the entries make of it, and
// partial tiles of older sizes may be missing, as tlog-tiles has it. What Open
// refuses – the checkpoint, its key – isn't looked at again, but for a newer
// checkpoint.
//
// An error says that something couldn't be read, and ends the sequence. Memory
// stays within a few bundles and about a hundred bytes for 256 entries.
func (l *Log) Check(ctx context.Context) iter.Seq2[Problem, error] {
	return func(yield func(Problem, error) bool) {
		c := checker{ctx: ctx, log: l, yield: yield}
		if err := c.run(); err != nil && !c.stopped {
			yield(Problem{}, fmt.Errorf("check log: %w", err))
		}
	}
}

// A checker is one run of Check.
type checker struct {
	ctx     context.Context // of the one call that this is
	log     *Log
	yield   func(Problem, error) bool
	stopped bool // nobody wants to hear more

	slots map[slot]widths
	tree  tree // of the checkpoint
	head  *head
	pend  [][]byte // entries after the tree, from a head that isn't finished
	roots []claim
	r     tlog.HashReader

	edge   edge
	broken bool // hashes are unknown, so that nothing above and after can be computed
	clean  bool // no problem with tiles yet
	filled []filled

	fetched int64 // the bundle up to which is read ahead
	ahead   map[string]fetched
}

// fetched is an object that was read ahead, or why it wasn't.
type fetched struct {
	data []byte
	err  error
}

// filled is a tile with the hashes that it should have.
type filled struct {
	tile   tile
	hashes []Hash
}

// A claim is the root that an object gives for a size.
type claim struct {
	tree
	key string
}

var errStopped = errors.New("stopped")

func (c *checker) problem(rule Rule, key, format string, args ...any) {
	if key != CheckpointKey && key != HeadKey {
		c.clean = false
	}
	if !c.stopped {
		c.stopped = !c.yield(Problem{rule, key, fmt.Sprintf(format, args...)}, nil)
	}
}

func (c *checker) run() error {
	slots, problems, err := stored(c.ctx, c.log.cfg.Objects)
	if err != nil {
		return err
	}
	c.slots, c.clean = slots, true
	for _, p := range problems {
		c.problem(p.Rule, p.Key, "%s", p.Message)
	}
	// Keys come before the head, so that it knows of all that are found; those
	// that are new since then stand with the checkpoint.
	keys, problems, err := loadKeychain(c.ctx, c.log.cfg.Objects)
	if err != nil {
		return err
	}
	for _, p := range problems {
		c.problem(p.Rule, p.Key, "%s", p.Message)
	}
	if err := c.heads(); err != nil {
		return err
	}
	c.keys(keys, c.log.Keychain())
	c.r = hashes(c.ctx, c.log.cfg.Objects, c.log.cfg.Parallel, c.tree)
	total := c.tree.size + int64(len(c.pend))
	c.claims()
	for n := int64(0); n<<height < total; n++ {
		if n = c.skip(n); n >= c.fetched {
			c.fetch(n)
		}
		if err := c.bundle(n, total); err != nil {
			return err
		}
	}
	if err := c.top(); err != nil {
		return err
	}
	for s, w := range c.slots {
		for n := 1; n <= full; n++ {
			if w.has(n) && (!c.broken || n > width(s.l, s.n, total)) {
				c.problem(Stray, tile{s.l, s.n, n}.key(), "the log has only %d entries", total)
			}
		}
		if c.stopped {
			return errStopped
		}
	}
	return nil
}

// skip returns n, or behind many bundles of which nothing is stored the last of
// them: a checkpoint can claim more entries than could ever be looked for.
func (c *checker) skip(n int64) int64 {
	const many = 16
	last := (c.tree.size - 1) >> height
	for i := n; i <= min(n+many, last); i++ {
		if c.slots[slot{entries, i}] != (widths{}) || c.slots[slot{0, i}] != (widths{}) {
			return n
		}
	}
	next := last
	for s := range c.slots {
		if (s.l == entries || s.l == 0) && s.n >= n {
			next = min(next, s.n-1)
		}
	}
	if next <= n+many {
		return n
	}
	c.problem(Missing, tile{entries, n, full}.key(), "it and the %d bundles after it, with the tiles above them", next-n-1)
	c.broken = true
	return next
}

// fetch reads the next bundles and tiles, several at once.
func (c *checker) fetch(n int64) {
	c.fetched, c.ahead = n+int64(c.log.cfg.Parallel), map[string]fetched{}
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(c.log.cfg.Parallel)
	for ; n < c.fetched; n++ {
		for l, limit := range map[int]int64{entries: maxBundle, 0: maxTile} {
			need := width(l, n, c.tree.size)
			if need == 0 {
				continue
			}
			key := c.needed(tile{l, n, need}).key()
			group.Go(func() error {
				b, err := read(c.ctx, c.log.cfg.Objects, key, limit)
				mu.Lock()
				defer mu.Unlock()
				c.ahead[key] = fetched{b, err}
				return nil
			})
		}
	}
	_ = group.Wait() // each error stands with its object
}

// read returns an object, of which the next ones may have been read ahead.
func (c *checker) read(key string, limit int64) ([]byte, error) {
	if f, ok := c.ahead[key]; ok {
		delete(c.ahead, key)
		return f.data, f.err
	}
	return read(c.ctx, c.log.cfg.Objects, key, limit)
}

// heads reads head and checkpoint and what they say of the tree. The checkpoint
// may have moved on since Open, and what is stored with it.
func (c *checker) heads() error {
	for {
		h, version, err := c.loadHead()
		if err != nil {
			return err
		}
		cp, err := c.log.Refresh(c.ctx)
		switch {
		case errors.Is(err, ErrRollback), errors.Is(err, ErrFork), errors.Is(err, ErrDamaged), errors.Is(err, ErrUnknownKey),
			errors.Is(err, ErrUntrusted), errors.Is(err, ErrOrigin), errors.Is(err, blob.ErrNotExist):
			c.problem(Inconsistent, CheckpointKey, "%v", err)
			cp = c.log.Checkpoint()
		case err != nil:
			return err
		}
		c.tree, c.head = cp.tree(), h
		c.roots = append(c.roots, claim{c.tree, CheckpointKey})
		if h == nil {
			return nil
		}
		if cp.Size > h.new.size {
			// Another append since the head was read, or the head is old.
			_, now, err := c.log.cfg.Cells.Load(c.ctx, HeadKey)
			if err == nil && now != version {
				c.roots = nil
				continue
			}
			c.problem(Inconsistent, HeadKey, "it is of %d entries, the checkpoint of %d", h.new.size, cp.Size)
			c.head = nil
			return nil
		}
		c.roots = append(c.roots, claim{h.old, HeadKey}, claim{h.new, HeadKey})
		if cp.Size < h.old.size {
			c.problem(Inconsistent, CheckpointKey, "it is of %d entries, the head goes from %d to %d", cp.Size, h.old.size, h.new.size)
			return nil
		}
		c.pend = h.batch[cp.Size-h.old.size:]
		return nil
	}
}

func (c *checker) loadHead() (*head, string, error) {
	data, version, err := c.log.cfg.Cells.Load(c.ctx, HeadKey)
	if errors.Is(err, blob.ErrNotExist) {
		c.problem(Missing, HeadKey, "nothing can be appended without it")
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("load %s: %w", HeadKey, err)
	}
	h, err := parseHead(data)
	if err == nil && h.key.origin != c.log.Checkpoint().Origin {
		err = fmt.Errorf("it is of %s: %w", h.key.origin, ErrOrigin)
	}
	if err != nil {
		c.problem(Altered, HeadKey, "%v", err)
		return nil, version, nil
	}
	return h, version, nil
}

// keys checks that all public keys are there and that each has a part in the
// log: keys that were found before the head was read, and those of the checkpoint.
func (c *checker) keys(found, now *Keychain) {
	part := map[uint32]*Verifier{}
	signed := c.log.Checkpoint().Key
	part[signed.id] = signed
	total := c.tree.size + int64(len(c.pend))
	for _, i := range now.links {
		part[i.Old.id], part[i.New.id] = i.Old, i.New
		c.roots = append(c.roots, claim{tree{i.Size, i.Root}, introductionPrefix + i.New.ID()})
	}
	for _, i := range found.links {
		if i.Size > total {
			c.problem(Inconsistent, introductionPrefix+i.New.ID(), "it is of %d entries, the log has %d", i.Size, total)
		}
	}
	if c.head != nil && c.head.new == c.tree {
		part[c.head.key.id] = c.head.key
		if c.head.introduction != nil && !now.reaches(c.head.introduction.Old, []*Verifier{c.head.key}, true) {
			c.problem(Missing, introductionPrefix+c.head.key.ID(), "the head has the introduction")
		}
	}
	for _, id := range slices.Sorted(maps.Keys(part)) {
		if got := now.keys[id]; got == nil || !same(got, part[id]) {
			c.problem(Missing, keyPrefix+part[id].ID(), "the log was signed with this key")
		}
	}
	for _, v := range found.Keys() {
		pending := c.head != nil && same(c.head.key, v)
		if !pending && !now.reaches(v, []*Verifier{signed}, true) {
			c.problem(Stray, keyPrefix+v.ID(), "no introduction leads from it to the key of the checkpoint; perhaps %s%s is missing", introductionPrefix, now.first(signed).ID())
		}
	}
}
