package log

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// A tree is a size and the RFC 6962 root of that many entries.
type tree struct {
	size int64
	root Hash
}

// emptyRoot is the root of no entries: SHA-256 of nothing.
func emptyRoot() Hash { return sha256.Sum256(nil) }

// An edge is the right edge of a tree: the hashes of its partial tiles, and
// from them its root. It is all that is needed to go on appending.
type edge struct {
	size  int64
	tiles [][]Hash // tiles[l] are the hashes of the partial tile of level l, fewer than full
}

func (e *edge) clone() *edge {
	c := &edge{size: e.size, tiles: slices.Clone(e.tiles)}
	for l := range c.tiles {
		c.tiles[l] = slices.Clone(c.tiles[l])
	}
	return c
}

// add appends the hash of an entry. Each tile that this fills is given to done,
// lower levels first; the hashes are done's to keep.
func (e *edge) add(h Hash, done func(t tile, hashes []Hash)) { e.push(0, h, done) }

// push appends the hash of a full tile below level l, or of an entry at level 0.
// The levels below must have no partial tiles.
func (e *edge) push(l int, h Hash, done func(t tile, hashes []Hash)) {
	e.size += 1 << (height * l)
	for ; ; l++ {
		for l >= len(e.tiles) {
			e.tiles = append(e.tiles, nil)
		}
		e.tiles[l] = append(e.tiles[l], h)
		if len(e.tiles[l]) < full {
			return
		}
		hashes := e.tiles[l]
		e.tiles[l] = nil
		if done != nil {
			done(tile{l, count(l, e.size)>>height - 1, full}, hashes)
		}
		h = perfect(hashes)
	}
}

// partial returns the partial tiles of the edge, lower levels first. Their
// hashes belong to the edge.
func (e *edge) partial() (list []tile, hashes [][]Hash) {
	for l, t := range e.tiles {
		if len(t) > 0 {
			list = append(list, tile{l, count(l, e.size) >> height, len(t)})
			hashes = append(hashes, t)
		}
	}
	return list, hashes
}

// tree returns the size and the root.
func (e *edge) tree() tree {
	if e.size == 0 {
		return tree{0, emptyRoot()}
	}
	// A tree is a row of perfect trees that get smaller to the right, one for
	// each bit of its size; eight bits of it are in the tile of one level.
	var root Hash
	empty := true
	for _, t := range e.tiles {
		for k := range height {
			if len(t)>>k&1 == 0 {
				continue
			}
			end := len(t) >> k << k
			left := perfect(t[end-1<<k : end])
			if empty {
				root, empty = left, false
			} else {
				root = tlog.NodeHash(left, root)
			}
		}
	}
	return tree{e.size, root}
}

// perfect returns the root over hashes, whose number is a power of two.
func perfect(hashes []Hash) Hash {
	row := slices.Clone(hashes)
	for len(row) > 1 {
		for i := range len(row) / 2 {
			row[i] = tlog.NodeHash(row[2*i], row[2*i+1])
		}
		row = row[:len(row)/2]
	}
	return row[0]
}

// loadEdge reads the right edge of a tree and checks that it hashes to the root.
func loadEdge(ctx context.Context, o Objects, t tree) (*edge, error) {
	e := &edge{size: t.size}
	for l := 0; l <= maxLevel && count(l, t.size) > 0; l++ {
		var hashes []Hash
		if n := count(l, t.size) >> height; width(l, n, t.size) > 0 {
			var err error
			if hashes, err = readHashes(ctx, o, tile{l, n, width(l, n, t.size)}); err != nil {
				return nil, err
			}
		}
		e.tiles = append(e.tiles, hashes)
	}
	if got := e.tree(); got != t {
		return nil, fmt.Errorf("the newest tiles of the log hash to %v, not to the root %v of its %d entries: %w", got.root, t.root, t.size, ErrDamaged)
	}
	return e, nil
}

// loadTail reads the entries of the last, partial bundle of the edge's tree and
// checks them.
func loadTail(ctx context.Context, o Objects, e *edge) ([][]byte, error) {
	if e.size%full == 0 {
		return nil, nil
	}
	t := tile{entries, e.size >> height, int(e.size % full)}
	b, err := readTile(ctx, o, t)
	if err != nil {
		return nil, err
	}
	list, err := parseBundle(b, t.w)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", t.key(), err)
	}
	for i, entry := range list {
		if tlog.RecordHash(entry) != e.tiles[0][i] {
			return nil, fmt.Errorf("entry %d in %s isn't the one in the tree: %w", t.n<<height+int64(i), t.key(), ErrDamaged)
		}
	}
	return list, nil
}
