package log

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/sync/errgroup"
)

// keptTiles bounds the tiles that a tiles keeps, 8 KiB each.
const keptTiles = 64

// tiles reads hashes of a tree. Every one of them was checked against the root.
type tiles struct {
	ctx      context.Context // of one use; tlog.TileReader has no place for it
	objects  Objects
	parallel int

	mu   sync.Mutex
	kept map[tlog.Tile][]byte
}

// hashes returns a reader of the hashes of t. It is for one goroutine.
func hashes(ctx context.Context, o Objects, parallel int, t tree) tlog.HashReader {
	return tlog.TileHashReader(tlog.Tree{N: t.size, Hash: t.root}, &tiles{
		ctx: ctx, objects: o, parallel: parallel, kept: map[tlog.Tile][]byte{},
	})
}

func (r *tiles) Height() int { return height }

func (r *tiles) ReadTiles(list []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(list))
	group, ctx := errgroup.WithContext(r.ctx)
	group.SetLimit(r.parallel)
	for i, t := range list {
		if t.L < 0 || t.L > maxLevel {
			return nil, fmt.Errorf("tile of level %d: %w", t.L, ErrDamaged)
		}
		r.mu.Lock()
		data[i] = r.kept[t]
		r.mu.Unlock()
		if data[i] != nil {
			continue
		}
		group.Go(func() error {
			got, err := readHashes(ctx, r.objects, tile{t.L, t.N, t.W})
			if err == nil {
				data[i] = appendHashes(nil, got)
			}
			return err
		})
	}
	return data, group.Wait()
}

// SaveTiles is told of the tiles that were found right.
func (r *tiles) SaveTiles(list []tlog.Tile, data [][]byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, t := range list {
		if len(r.kept) >= keptTiles {
			clear(r.kept)
		}
		r.kept[t] = data[i]
	}
}

// proved sorts out why reading hashes of a tree has gone wrong: errors of the
// store stay what they are, and tiles that don't hash to the root are damage.
func proved(err error) error {
	// tlog has no type for its own errors.
	var store storeError
	if err == nil || errors.Is(err, ErrDamaged) || errors.As(err, &store) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

// consistent proves that the tree now has was as its beginning. An error that
// wraps [ErrFork] says that it hasn't.
func consistent(ctx context.Context, o Objects, parallel int, was, now tree) error {
	switch {
	case was.size > now.size:
		return fmt.Errorf("%d entries, and there were %d: %w", now.size, was.size, ErrRollback)
	case was.size == now.size && was.root != now.root:
		return fmt.Errorf("the root over %d entries is %v, and it was %v: %w", now.size, now.root, was.root, ErrFork)
	case was.size == now.size:
		return nil
	case was.size == 0:
		if was.root != emptyRoot() {
			return fmt.Errorf("the root over no entries was %v: %w", was.root, ErrFork)
		}
		return nil
	}
	proof, err := tlog.ProveTree(now.size, was.size, hashes(ctx, o, parallel, now))
	if err != nil {
		return proved(err)
	}
	if err := tlog.CheckTree(proof, now.size, now.root, was.size, was.root); err != nil {
		return fmt.Errorf("the log of %d entries doesn't begin with the %d that had the root %v: %w", now.size, was.size, was.root, ErrFork)
	}
	return nil
}
