package log

import (
	"context"
	"fmt"
	"iter"

	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/sync/errgroup"
)

// Entries yields the entries from index from up to but not including to; to < 0
// means all that the [Log.Checkpoint] of the moment covers. Each bundle is checked against the checkpoint's root
// before an entry of it is yielded. It holds a few bundles of at most 16 MiB at
// a time, usually far less. An error ends the sequence; of damage it wraps
// [ErrDamaged] or [blob.ErrNotExist] and names the object.
func (l *Log) Entries(ctx context.Context, from, to int64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		t := l.Checkpoint().tree()
		if to < 0 {
			to = t.size
		}
		if from < 0 || from > to || to > t.size {
			yield(nil, fmt.Errorf("read entries %d to %d of %d: there are none", from, to, t.size))
			return
		}
		r := hashes(ctx, l.cfg.Objects, l.cfg.Parallel, t)
		window := int64(min(l.cfg.Parallel, full)) * full
		for start := from; start < to; {
			end := min(start/full*full+window, to)
			bundles, err := l.bundles(ctx, r, t, start, end)
			if err != nil {
				yield(nil, fmt.Errorf("read entries: %w", err))
				return
			}
			for _, list := range bundles {
				for _, data := range list {
					if !yield(data, nil) {
						return
					}
					start++
				}
			}
		}
	}
}

// bundles returns the entries from start to end in pieces, checked.
func (l *Log) bundles(ctx context.Context, r tlog.HashReader, t tree, start, end int64) ([][][]byte, error) {
	first, last := start>>height, (end-1)>>height
	lists := make([][][]byte, last-first+1)
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(l.cfg.Parallel)
	for n := first; n <= last; n++ {
		group.Go(func() (err error) {
			lists[n-first], err = l.bundle(gctx, n, width(entries, n, t.size))
			return err
		})
	}
	// A bundle that is full is one hash of the tree, 8 levels up.
	var want []int64
	for n := first; n <= last; n++ {
		if width(entries, n, t.size) == full {
			want = append(want, tlog.StoredHashIndex(height, n))
			continue
		}
		for i := n << height; i < t.size; i++ {
			want = append(want, tlog.StoredHashIndex(0, i))
		}
	}
	hashes, err := r.ReadHashes(want)
	if gerr := group.Wait(); gerr != nil {
		return nil, gerr
	}
	if err != nil {
		return nil, proved(err)
	}
	for n := first; n <= last; n++ {
		list := lists[n-first]
		got := make([]Hash, len(list))
		for i, data := range list {
			got[i] = tlog.RecordHash(data)
		}
		if len(list) == full {
			got = []Hash{perfect(got)}
		}
		for i := range got {
			if got[i] != hashes[i] {
				key := tile{entries, n, len(list)}.key()
				return nil, fmt.Errorf("read %s: not the entries that the checkpoint signs: %w", key, ErrDamaged)
			}
		}
		hashes = hashes[len(got):]
		lists[n-first] = list[max(0, start-n<<height):min(int64(len(list)), end-n<<height)]
	}
	return lists, nil
}

// bundle reads a bundle of w entries and checks nothing but its form.
func (l *Log) bundle(ctx context.Context, n int64, w int) ([][]byte, error) {
	t := tile{entries, n, w}
	b, err := readTile(ctx, l.cfg.Objects, t)
	if err != nil {
		return nil, err
	}
	list, err := parseBundle(b, w)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", t.key(), err)
	}
	return list, nil
}
