package log

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"github.com/ibid-archive/ibid/archive/blob"
)

// An appender is the writing part of a [Log].
type appender struct {
	cfg Config
	id  string // in every head that this process wins

	mu       sync.Mutex
	signer   *Signer
	at       *position // nil when it must be read again
	seen     tree      // the newest tree that this process knows was decided
	recalled bool      // seen has what the machine remembers
	note     []byte    // the newest checkpoint that it published
}

// A position is where the log stands when nothing is pending.
type position struct {
	head, checkpoint string // versions of the cells
	headData         []byte
	front            front
	tree             tree
}

// newAppender makes the log when there is none, and finishes an append that
// another process left unfinished.
func newAppender(ctx context.Context, cfg Config) (*appender, error) {
	w := &appender{cfg: cfg, id: newID(), seen: tree{0, emptyRoot()}}
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := w.settle(ctx)
	return w, err
}

// newID returns what tells one process's heads from another's.
func newID() string {
	var b [8]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// Append enters entries at the end of the log, in this order, and returns the
// index of the first when all of them are sequenced, durable and covered by a
// published checkpoint. Up to [MaxBatchEntries] entries and [MaxBatchBytes] bytes
// get consecutive indexes; more are split, and between the parts the entries of
// other writers may stand. Without entries it returns the size of the log.
//
// After an error all, some or none of the entries may be in the log. The errors
// wrap [ErrEntry], [ErrNoKey], [ErrDamaged], [ErrRollback], [ErrFork],
// [blob.ErrReadOnly], or are those of the store.
func (l *Log) Append(ctx context.Context, list [][]byte) (int64, error) {
	if l.appender == nil {
		return 0, fmt.Errorf("append to log: %w", blob.ErrReadOnly)
	}
	for i, e := range list {
		if len(e) == 0 || len(e) > MaxEntry {
			return 0, fmt.Errorf("append to log: entry %d has %d bytes: %w", i, len(e), ErrEntry)
		}
	}
	first, note, err := l.appender.appendAll(ctx, list)
	if err != nil {
		return 0, fmt.Errorf("append to log: %w", err)
	}
	return first, l.advance(ctx, note, first+int64(len(list)))
}

// appendAll enters entries in as many batches as they need.
func (w *appender) appendAll(ctx context.Context, list [][]byte) (first int64, note []byte, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	first = -1
	for first < 0 || len(list) > 0 {
		n := batchLen(list)
		at, err := w.append(ctx, list[:n], nil)
		if err != nil {
			return 0, nil, err
		}
		if first < 0 {
			first = at
		}
		list = list[n:]
	}
	return first, w.note, nil
}

// batchLen returns how many of the entries fit into one batch.
func batchLen(list [][]byte) int {
	size := 0
	for i, e := range list {
		if size += 2 + len(e); i == MaxBatchEntries || size > MaxBatchBytes {
			return i
		}
	}
	return len(list)
}

// A rotation makes append hand the log over to another key.
type rotation struct {
	key          *Signer
	introduction Introduction
}

// append enters one batch. Steps 1 to 5 of the package comment. A rotation is
// prepared for one position of the log; when that is gone, append fails with
// ErrStale.
func (w *appender) append(ctx context.Context, batch [][]byte, r *rotation) (int64, error) {
	for {
		at, err := w.settle(ctx)
		if err != nil {
			return 0, err
		}
		if len(batch) == 0 && r == nil {
			return at.tree.size, nil
		}
		grown, objects := at.front.grow(batch)
		h := &head{old: at.tree, new: grown.edge.tree(), key: w.signer.public, writer: w.id, batch: batch}
		signer := w.signer
		if r != nil {
			h.key, h.introduction, signer = r.key.public, &r.introduction, r.key
		}
		data, err := h.encode(signer)
		if err != nil {
			return 0, err
		}
		version, err := w.cfg.Cells.Swap(ctx, HeadKey, at.head, data)
		w.at = nil // until all is done
		switch {
		case err == nil:
			w.seen = h.new
			next := &position{head: version, checkpoint: at.checkpoint, headData: data, front: grown, tree: h.new}
			return at.tree.size, w.publish(ctx, next, h, signer, objects)
		case !errors.Is(err, blob.ErrStale):
			// Perhaps it took place all the same.
			won, lerr := w.won(ctx, at.tree, h, data)
			if lerr != nil || !won {
				return 0, fmt.Errorf("swap %s: %w", HeadKey, errors.Join(err, lerr))
			}
			return at.tree.size, nil
		case r != nil:
			return 0, fmt.Errorf("swap %s: %w", HeadKey, err)
		}
	}
}

// won finds out whether a swap that ended with an error took place, and if so
// sees to it that the append is finished.
func (w *appender) won(ctx context.Context, old tree, h *head, data []byte) (bool, error) {
	at, err := w.settle(ctx)
	if err != nil {
		return false, err
	}
	if string(at.headData) == string(data) {
		return true, nil
	}
	// Another writer may have gone on from it.
	if at.tree.size < h.new.size || len(h.batch) == 0 {
		return false, nil
	}
	err = consistent(ctx, w.cfg.Objects, w.cfg.Parallel, h.new, at.tree)
	if errors.Is(err, ErrFork) {
		return false, nil
	}
	return err == nil && old.size < h.new.size, err
}

// publish does steps 4 and 5 for a head that was won, by whomever.
func (w *appender) publish(ctx context.Context, next *position, h *head, signer *Signer, objects []object) error {
	if h.introduction != nil || h.new.size == 0 {
		// Before its introduction, which no reader may see without it.
		key := object{keyPrefix + h.key.ID(), []byte(h.key.String() + "\n")}
		if err := putAll(ctx, w.cfg.Objects, 1, []object{key}); err != nil {
			return err
		}
	}
	if h.introduction != nil {
		objects = append(objects, object{introductionPrefix + h.key.ID(), h.introduction.Note})
	}
	if err := putAll(ctx, w.cfg.Objects, w.cfg.Parallel, objects); err != nil {
		return err
	}
	data, err := sign(checkpointText(h.key.origin, h.new), h.key.origin, signer)
	if err != nil {
		return err
	}
	version, err := w.swapCheckpoint(ctx, next.checkpoint, h, data)
	if err != nil {
		return err
	}
	w.signer = signer
	if version != "" {
		next.checkpoint = version
		w.at, w.note = next, data
	}
	return nil
}

// swapCheckpoint returns the version of the cell, or "" when another writer has
// published a later checkpoint.
func (w *appender) swapCheckpoint(ctx context.Context, old string, h *head, data []byte) (string, error) {
	const attempts = 3
	var err error
	for range attempts {
		var version string
		if version, err = w.cfg.Cells.Swap(ctx, CheckpointKey, old, data); err == nil {
			return version, nil
		}
		found, version, lerr := w.cfg.Cells.Load(ctx, CheckpointKey)
		switch {
		case errors.Is(lerr, blob.ErrNotExist) && old == "":
			continue
		case lerr != nil:
			return "", fmt.Errorf("swap %s: %w", CheckpointKey, errors.Join(err, lerr))
		case string(found) == string(data):
			return version, nil
		}
		later, cerr := w.later(ctx, found, h)
		if cerr != nil {
			return "", fmt.Errorf("swap %s: %w", CheckpointKey, cerr)
		}
		if later {
			return "", nil
		}
		old = version // the one before ours, perhaps signed anew
	}
	return "", fmt.Errorf("swap %s: %w", CheckpointKey, err)
}

// later reports whether the checkpoint found is of the tree that h makes or a
// later one. One of another tree is an error: nothing must be signed beside it.
func (w *appender) later(ctx context.Context, found []byte, h *head) (bool, error) {
	keys, _, err := loadKeychain(ctx, w.cfg.Objects)
	if err != nil {
		return false, err
	}
	c, err := keys.Open(found)
	if err != nil {
		return false, err
	}
	before := c.Size < h.new.size || h.introduction != nil && same(c.Key, h.introduction.Old)
	if before {
		return false, consistent(ctx, w.cfg.Objects, w.cfg.Parallel, c.tree(), h.new)
	}
	return true, consistent(ctx, w.cfg.Objects, w.cfg.Parallel, h.new, c.tree())
}
