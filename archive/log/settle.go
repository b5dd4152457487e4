package log

import (
	"context"
	"errors"
	"fmt"

	"github.com/ibid-archive/ibid/archive/blob"
)

// settle returns where the log stands, step 1 of the package comment: it reads
// head and checkpoint, makes a log where there is none, and finishes what is
// pending. Afterwards w.at and w.signer are set.
func (w *appender) settle(ctx context.Context) (*position, error) {
	for w.at == nil {
		data, version, err := w.cfg.Cells.Load(ctx, HeadKey)
		if errors.Is(err, blob.ErrNotExist) {
			if err := w.begin(ctx); err != nil {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", HeadKey, err)
		}
		if err = w.take(ctx, data, version); err == nil {
			continue // once more if another writer was faster
		}
		// What contradicts this head may belong to the next one.
		_, now, lerr := w.cfg.Cells.Load(ctx, HeadKey)
		if lerr != nil && !errors.Is(lerr, blob.ErrNotExist) {
			return nil, fmt.Errorf("load %s: %w", HeadKey, lerr) // and whether that is so is unknown
		}
		if lerr != nil || now == version {
			return nil, err
		}
	}
	return w.at, nil
}

// begin makes a log: a head for the tree without entries.
func (w *appender) begin(ctx context.Context) error {
	_, _, err := w.cfg.Cells.Load(ctx, CheckpointKey)
	if err == nil {
		// Another writer may have made the log since the head was looked for.
		if _, _, err := w.cfg.Cells.Load(ctx, HeadKey); !errors.Is(err, blob.ErrNotExist) {
			return err
		}
		return fmt.Errorf("there is %s but no %s: %w", CheckpointKey, HeadKey, ErrDamaged)
	}
	if !errors.Is(err, blob.ErrNotExist) {
		return fmt.Errorf("load %s: %w", CheckpointKey, err)
	}
	if w.cfg.Origin != "" && !w.recalled {
		if w.seen, err = w.cfg.known(w.cfg.Origin); err != nil {
			return err
		}
	}
	if w.seen.size > 0 {
		return fmt.Errorf("there is no %s, and there were %d entries: %w", HeadKey, w.seen.size, ErrRollback)
	}
	if w.signer == nil {
		origin := w.cfg.Origin
		if origin == "" {
			origin = NewOrigin()
		}
		if w.signer, err = w.cfg.Keys.Create(origin); err != nil {
			return err
		}
	}
	empty := tree{0, emptyRoot()}
	data, err := (&head{old: empty, new: empty, key: w.signer.public, writer: w.id}).encode(w.signer)
	if err != nil {
		return err
	}
	_, err = w.cfg.Cells.Swap(ctx, HeadKey, "", data)
	if err == nil || errors.Is(err, blob.ErrStale) {
		return nil // whoever made it, it is there
	}
	// Perhaps it took place all the same.
	if _, _, lerr := w.cfg.Cells.Load(ctx, HeadKey); lerr == nil {
		return nil
	}
	return fmt.Errorf("swap %s: %w", HeadKey, err)
}

// take makes the head's tree the position, finishing it where needed.
func (w *appender) take(ctx context.Context, data []byte, version string) error {
	h, err := parseHead(data)
	if err != nil {
		return fmt.Errorf("load %s: %w", HeadKey, err)
	}
	if w.cfg.Origin != "" && h.key.origin != w.cfg.Origin {
		return fmt.Errorf("the log is %s, not %s: %w", h.key.origin, w.cfg.Origin, ErrOrigin)
	}
	if !w.recalled {
		if w.seen, err = w.cfg.known(h.key.origin); err != nil {
			return err
		}
		w.recalled = true
	}
	if h.new.size < w.seen.size {
		return fmt.Errorf("the head is of %d entries, and there were %d: %w", h.new.size, w.seen.size, ErrRollback)
	}
	signer := w.signer
	if signer == nil || !same(signer.public, h.key) {
		if signer, err = w.cfg.Keys.Load(h.key); err != nil {
			return err
		}
	}
	next := &position{head: version, headData: data, tree: h.new}
	was, err := w.published(ctx, h, next)
	if err != nil {
		return err
	}
	if was == nil {
		if next.front, err = loadFront(ctx, w.cfg.Objects, h.new); err != nil {
			return err
		}
		if err := w.extends(ctx, h.new); err != nil {
			return err
		}
		w.at, w.seen, w.signer = next, h.new, signer
		return nil
	}
	old, err := loadFront(ctx, w.cfg.Objects, h.old)
	if err != nil {
		return err
	}
	grown, objects := old.grow(h.batch)
	if got := grown.edge.tree(); got != h.new {
		return fmt.Errorf("the entries in %s make the root %v, not %v: %w", HeadKey, got.root, h.new.root, ErrDamaged)
	}
	// What was published lies on the way; it may be beyond the old tree only when
	// a key was replaced as lost, and wasn't.
	part, _ := old.grow(h.batch[:was.size-h.old.size])
	if got := part.edge.tree(); got != *was {
		return fmt.Errorf("%s has the root %v over %d entries, %s makes it %v: %w", CheckpointKey, was.root, was.size, HeadKey, got.root, ErrFork)
	}
	if h.old.size >= w.seen.size {
		err = w.extends(ctx, h.old)
	} else if h.new != w.seen {
		err = fmt.Errorf("%s goes from %d to %d entries, and there were %d: %w", HeadKey, h.old.size, h.new.size, w.seen.size, ErrRollback)
	}
	if err != nil {
		return err
	}
	next.front, w.seen = grown, h.new
	return w.publish(ctx, next, h, signer, objects)
}

// extends checks that t is an extension of what this process saw.
func (w *appender) extends(ctx context.Context, t tree) error {
	return consistent(ctx, w.cfg.Objects, w.cfg.Parallel, w.seen, t)
}

// published returns nil if the checkpoint is that of the head, and otherwise the
// tree of the one before. It notes the checkpoint's version.
func (w *appender) published(ctx context.Context, h *head, next *position) (*tree, error) {
	data, version, err := w.cfg.Cells.Load(ctx, CheckpointKey)
	if errors.Is(err, blob.ErrNotExist) {
		if h.new.size > 0 || h.introduction != nil {
			return nil, fmt.Errorf("there is %s but no %s: %w", HeadKey, CheckpointKey, ErrDamaged)
		}
		return &h.old, nil
	}
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", CheckpointKey, err)
	}
	next.checkpoint = version
	// Only the head's key can have signed it, or the one before.
	keys := &Keychain{keys: map[uint32]*Verifier{}}
	if h.introduction != nil {
		keys.keys[h.introduction.Old.id] = h.introduction.Old
	}
	keys.keys[h.key.id] = h.key
	c, err := keys.Open(data)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", CheckpointKey, err)
	}
	t := c.tree()
	lost := h.introduction != nil && h.introduction.Lost
	switch {
	case t == h.new && same(c.Key, h.key):
		return nil, nil
	case t == h.old, lost && h.old.size < t.size && t.size <= h.new.size:
		return &t, nil
	case t.size == h.old.size || t.size == h.new.size:
		return nil, fmt.Errorf("%s has the root %v over %d entries, %s another: %w", CheckpointKey, t.root, t.size, HeadKey, ErrFork)
	}
	return nil, fmt.Errorf("%s is of %d entries, and %s goes from %d to %d: one of them: %w", CheckpointKey, t.size, HeadKey, h.old.size, h.new.size, ErrRollback)
}
