package log

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/sync/errgroup"

	"github.com/ibid-archive/ibid/archive/blob"
)

// An object is what one append has to put.
type object struct {
	key  string
	data []byte
}

// A front is all that is known of the newest tree: its right edge, and the
// entries of the bundle that isn't full yet.
type front struct {
	edge *edge
	tail [][]byte
}

func loadFront(ctx context.Context, o Objects, t tree) (front, error) {
	e, err := loadEdge(ctx, o, t)
	if err != nil {
		return front{}, err
	}
	tail, err := loadTail(ctx, o, e)
	return front{e, tail}, err
}

// grow appends a batch and returns the new front and the objects that make it
// durable: bundles and tiles that became full, and of those that didn't what the
// new size has. f stays as it is.
func (f front) grow(batch [][]byte) (front, []object) {
	e, old := f.edge.clone(), f.edge.size
	var objects []object
	put := func(t tile, hashes []Hash) {
		objects = append(objects, object{t.key(), appendHashes(nil, hashes)})
	}
	bundle := append([][]byte(nil), f.tail...)
	for _, entry := range batch {
		bundle = append(bundle, entry)
		e.add(tlog.RecordHash(entry), put)
		if e.size%full == 0 {
			t := tile{entries, e.size>>height - 1, full}
			objects = append(objects, object{t.key(), appendBundle(nil, bundle)})
			bundle = nil
		}
	}
	if e.size == old {
		return front{e, bundle}, objects
	}
	if len(bundle) > 0 {
		t := tile{entries, e.size >> height, len(bundle)}
		objects = append(objects, object{t.key(), appendBundle(nil, bundle)})
	}
	list, hashes := e.partial()
	for i, t := range list {
		// What the old tree had as well is there already.
		if count(t.l, old) != count(t.l, e.size) {
			put(t, hashes[i])
		}
	}
	return front{e, bundle}, objects
}

// putAll stores objects, several at once, and returns when all are durable.
func putAll(ctx context.Context, o Objects, parallel int, objects []object) error {
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for _, obj := range objects {
		if gctx.Err() != nil {
			break
		}
		group.Go(func() error {
			if err := o.Put(gctx, obj.key, blob.Bytes(obj.data)); err != nil {
				return fmt.Errorf("put %s: %w", obj.key, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}
