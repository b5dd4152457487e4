package log

import (
	"errors"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/ibid-archive/ibid/archive/blob"
)

// bundle checks the n-th bundle of entries, the tile above it, and what follows
// from them further up.
func (c *checker) bundle(n, total int64) error {
	if c.stopped {
		return errStopped
	}
	need := width(entries, n, c.tree.size)
	leaves, err := c.leaves(n, need)
	if err != nil {
		return err
	}
	if leaves != nil || need == 0 {
		for i := n<<height + int64(need) - c.tree.size; i < int64(len(c.pend)) && len(leaves) < full; i++ {
			leaves = append(leaves, tlog.RecordHash(c.pend[i]))
		}
		if err := c.others(slot{entries, n}, need, leaves); err != nil {
			return err
		}
		if err := c.others(slot{0, n}, need, leaves); err != nil {
			return err
		}
		for _, h := range leaves {
			c.edge.add(h, c.fill)
			c.claims()
		}
		return c.above()
	}
	// Neither the entries nor the hashes are known. What is above may help on.
	delete(c.slots, slot{entries, n})
	delete(c.slots, slot{0, n})
	h, ok := c.authority(n)
	c.broken = c.broken || !ok
	if need == full {
		c.edge.push(1, h, c.fill)
	}
	return c.above()
}

// leaves returns the hashes of the entries that the checkpoint covers in a
// bundle, and names the bundle or the tile when it is wrong. It returns nil when
// there is no telling.
func (c *checker) leaves(n int64, need int) ([]Hash, error) {
	if need == 0 {
		return nil, nil
	}
	bundle, tileKey := c.needed(tile{entries, n, need}), c.needed(tile{0, n, need})
	fromEntries, err := c.hashesOf(bundle)
	if err != nil {
		return nil, err
	}
	fromTile, err := c.hashesOf(tileKey)
	if err != nil {
		return nil, err
	}
	a, b := cut(fromEntries, need), cut(fromTile, need)
	if a == nil || b == nil || slices.Equal(a, b) {
		if a == nil {
			a = b
		}
		return a, nil
	}
	switch c.right(n, a, b) {
	case 0:
		c.problem(Altered, tileKey.key(), "it isn't what the entries make of it")
		return a, nil
	case 1:
		c.problem(Altered, bundle.key(), "its entries aren't those in the tree")
		return b, nil
	}
	c.problem(Inconsistent, bundle.key(), "its entries aren't those that %s has", tileKey.key())
	return nil, nil
}

// right says which of two lists of leaves the checkpoint's root has: 0, 1, or -1
// when neither can be proved.
func (c *checker) right(n int64, lists ...[]Hash) int {
	for i, list := range lists {
		if h, ok := c.authority(n); ok && perfect(list) == h {
			return i
		}
		if len(list) < full && !c.broken { // the last one
			e := c.edge.clone()
			for _, h := range list {
				e.add(h, nil)
			}
			if e.tree() == c.tree {
				return i
			}
		}
	}
	return -1
}

// authority returns the hash over a full bundle as the tiles above have it, when
// these hash to the checkpoint's root.
func (c *checker) authority(n int64) (Hash, bool) {
	if (n+1)<<height > c.tree.size {
		return Hash{}, false
	}
	list, err := c.r.ReadHashes([]int64{tlog.StoredHashIndex(height, n)})
	if err != nil {
		return Hash{}, false
	}
	return list[0], true
}

// needed returns t, or the full tile if only that is there.
func (c *checker) needed(t tile) tile {
	if w := c.slots[slot{t.l, t.n}]; !w.has(t.w) && w.has(full) {
		t.w = full
	}
	return t
}

// hashesOf reads a tile or a bundle and returns its hashes. It is nil, after
// naming the object, when that is missing or malformed.
func (c *checker) hashesOf(t tile) ([]Hash, error) {
	limit := int64(maxTile)
	if t.l == entries {
		limit = maxBundle
	}
	b, err := c.read(t.key(), limit)
	switch {
	case errors.Is(err, blob.ErrNotExist):
		c.problem(Missing, t.key(), "the log of %d entries needs it", c.tree.size)
		return nil, nil
	case errors.Is(err, ErrDamaged):
		c.problem(Altered, t.key(), "it is longer than %d bytes", limit)
		return nil, nil
	case err != nil:
		return nil, err
	}
	var list []Hash
	if t.l == entries {
		var data [][]byte
		data, err = parseBundle(b, t.w)
		for _, e := range data {
			list = append(list, tlog.RecordHash(e))
		}
	} else {
		list, err = parseHashes(b, t.w)
	}
	if err != nil {
		c.problem(Altered, t.key(), "%v", err)
		return nil, nil
	}
	return list, nil
}

// others checks all stored widths of a tile, but for the one of width but, against
// the hashes that it should have.
func (c *checker) others(s slot, but int, want []Hash) error {
	w := c.slots[s]
	delete(c.slots, s)
	for n := 1; n <= full; n++ {
		t := tile{s.l, s.n, n}
		if !w.has(n) || n == but {
			continue
		}
		if n > len(want) {
			c.problem(Stray, t.key(), "the log has only %d here", len(want))
			continue
		}
		got, err := c.hashesOf(t)
		if err != nil {
			return err
		}
		if got != nil && !slices.Equal(got, want[:n]) {
			c.problem(Altered, t.key(), "it isn't what the entries make of it")
		}
	}
	return nil
}

// fill is given the tiles that the entries fill.
func (c *checker) fill(t tile, hashes []Hash) {
	if t.l > 0 { // the others are checked with their bundles
		c.filled = append(c.filled, filled{t, hashes})
	}
}

// above checks the tiles of level 1 and higher that are filled.
func (c *checker) above() error {
	for _, f := range c.filled {
		if err := c.upper(f); err != nil {
			return err
		}
	}
	c.filled = c.filled[:0]
	return nil
}

// upper checks one tile of level 1 or higher.
func (c *checker) upper(f filled) error {
	s := slot{f.tile.l, f.tile.n}
	if c.broken {
		delete(c.slots, s)
		return nil
	}
	need := width(s.l, s.n, c.tree.size)
	if need > 0 {
		at := c.needed(tile{s.l, s.n, need})
		got, err := c.hashesOf(at)
		if err != nil {
			return err
		}
		if got != nil && !slices.Equal(got[:need], f.hashes[:need]) {
			c.problem(Altered, at.key(), "it isn't what the entries make of it")
		}
	}
	return c.others(s, need, f.hashes)
}

// top checks the partial tiles at the end.
func (c *checker) top() error {
	list, hashes := c.edge.partial()
	for i, t := range list {
		c.fill(t, hashes[i])
	}
	return c.above()
}

// claims compares the roots that are given for the size that is reached.
func (c *checker) claims() {
	for _, claim := range c.roots {
		if claim.size != c.edge.size || c.broken {
			continue
		}
		if got := c.edge.tree(); got != claim.tree && (claim.key != CheckpointKey || c.clean) {
			c.problem(Inconsistent, claim.key, "its root over %d entries is %v, the entries make it %v", claim.size, claim.root, got.root)
		}
	}
}

func cut(list []Hash, n int) []Hash {
	if len(list) < n {
		return nil
	}
	return list[:n]
}
