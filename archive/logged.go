package archive

import (
	"bytes"
	"context"
	"fmt"
	"iter"
)

// Log is where an archive enters what it has kept. A *log.Log is one.
type Log interface {
	// Append sequences entries and returns the index of the first when they
	// are durable and under a signed checkpoint.
	Append(ctx context.Context, entries [][]byte) (first int64, err error)
	// Size is how many entries the log has now.
	Size(ctx context.Context) (int64, error)
	// Entries yields the entries from to to-1, proved to be those of the checkpoint.
	Entries(ctx context.Context, from, to int64) iter.Seq2[[]byte, error]
}

// Logs reports whether the archive has a log.
func (a *Archive) Logs() bool { return a.log != nil }

// Enters reports whether what is kept is entered into it.
func (a *Archive) Enters() bool { return a.log != nil && !a.readOnly }

// Enter enters objects that were kept into the log, in this order, and returns
// the index of the first. It does nothing when the archive does not enter. What is
// entered twice counts where it came first.
func (a *Archive) Enter(ctx context.Context, entries ...*Entry) (first int64, err error) {
	if !a.Enters() || len(entries) == 0 {
		return 0, nil
	}
	all := make([][]byte, len(entries))
	for i, e := range entries {
		if all[i], err = e.Encode(); err != nil {
			return 0, err
		}
	}
	first, err = a.log.Append(ctx, all)
	if err != nil {
		return 0, fmt.Errorf("enter %d objects into the log: %w", len(entries), err)
	}
	return first, nil
}

// LogSize is how many entries the log has now, 0 without a log.
func (a *Archive) LogSize(ctx context.Context) (int64, error) {
	if a.log == nil {
		return 0, nil
	}
	return a.log.Size(ctx)
}

// Logged yields the entries of the log from an index on. A leaf that is no
// entry of this format is an error that wraps ErrNotEntry, after which the
// sequence goes on; any other error ends it.
func (a *Archive) Logged(ctx context.Context, from int64) iter.Seq2[*Entry, error] {
	return func(yield func(*Entry, error) bool) {
		to, err := a.LogSize(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		if from >= to {
			return
		}
		at := from
		for b, err := range a.log.Entries(ctx, from, to) {
			if err != nil {
				yield(nil, err)
				return
			}
			e, err := DecodeEntry(b)
			if err != nil {
				err = fmt.Errorf("entry %d of the log: %w", at, err)
			}
			if !yield(e, err) {
				return
			}
			at++
		}
	}
}

// Matches reports whether e is the entry that the object with the record other
// has: both say the same of it.
func (e *Entry) Matches(other *Entry) bool {
	a, err := e.Encode()
	if err != nil {
		return false
	}
	b, err := other.Encode()
	return err == nil && bytes.Equal(a, b)
}
