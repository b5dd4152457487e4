package log

import (
	"context"
	"errors"
	"fmt"

	"github.com/ibid-archive/ibid/archive/blob"
)

// Witness is the result of [Log.CheckWitness].
type Witness struct {
	Old, New Checkpoint
	// Problems is empty when New extends Old.
	Problems []Problem
}

// CheckWitness proves that the log of today's [Log.Checkpoint] begins with that
// of an older checkpoint that somebody kept elsewhere. This finds what nothing in
// the store can show: that the store was rolled back as a whole, or that who
// holds the private key has written another history. The old checkpoint is
// verified by the archive's keys and those that are given or trusted; when that
// fails, the error wraps [ErrOrigin], [ErrUnknownKey], [ErrUntrusted],
// [ErrKeyLost] or [ErrDamaged], and nothing is known of the log.
func (l *Log) CheckWitness(ctx context.Context, old []byte, keys ...*Verifier) (Witness, error) {
	w := Witness{New: l.Checkpoint()}
	var err error
	if w.Old, err = l.Keychain().Open(old, append(keys, l.trusted...)...); err != nil {
		return w, fmt.Errorf("verify the witness's checkpoint: %w", err)
	}
	if w.Old.Origin != w.New.Origin {
		return w, fmt.Errorf("the witness's checkpoint is of %s, the log is %s: %w", w.Old.Origin, w.New.Origin, ErrOrigin)
	}
	err = consistent(ctx, l.cfg.Objects, l.cfg.Parallel, w.Old.tree(), w.New.tree())
	switch {
	case err == nil:
	case errors.Is(err, ErrRollback), errors.Is(err, ErrFork), errors.Is(err, ErrDamaged):
		w.Problems = append(w.Problems, Problem{Inconsistent, CheckpointKey, err.Error()})
	case errors.Is(err, blob.ErrNotExist):
		key := CheckpointKey
		var missing storeError
		if errors.As(err, &missing) {
			key = missing.key
		}
		w.Problems = append(w.Problems, Problem{Missing, key, "without it the log can't be compared with the older checkpoint"})
	default:
		return w, fmt.Errorf("compare with the witness's checkpoint: %w", err)
	}
	return w, nil
}
