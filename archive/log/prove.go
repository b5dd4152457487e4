package log

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrProof says that a proof doesn't prove what it should.
var ErrProof = errors.New("the proof does not hold")

// Inclusion proves that an entry stands at an index of the tree that a checkpoint
// signs. Its text form is a C2SP tlog-proof.
type Inclusion struct {
	Index  int64
	Hashes []Hash // RFC 6962 section 2.1.1, from the leaf's sibling up
	// Checkpoint is the signed note.
	Checkpoint []byte
	// Extra is anything else that goes with it. Nothing signs it.
	Extra []byte
}

// Consistency proves that a tree begins with an older one (RFC 6962 section
// 2.1.2).
type Consistency struct {
	Old, New int64 // sizes in entries, Old ≤ New
	Hashes   []Hash
}

// ProveInclusion returns a proof for each index, under the [Log.Checkpoint] of
// the moment.
func (l *Log) ProveInclusion(ctx context.Context, indexes ...int64) ([]Inclusion, error) {
	c := l.Checkpoint()
	r := hashes(ctx, l.cfg.Objects, l.cfg.Parallel, c.tree())
	var list []Inclusion
	for _, i := range indexes {
		if i < 0 || i >= c.Size {
			return nil, fmt.Errorf("prove entry %d of %d: there is none", i, c.Size)
		}
		proof, err := tlog.ProveRecord(c.Size, i, r)
		if err != nil {
			return nil, fmt.Errorf("prove entry %d: %w", i, proved(err))
		}
		list = append(list, Inclusion{Index: i, Hashes: proof, Checkpoint: c.Note})
	}
	return list, nil
}

// ProveConsistency proves that the log of now entries begins with that of was
// entries, which is all that there is to it when was is 0 or now.
func (l *Log) ProveConsistency(ctx context.Context, was, now int64) (Consistency, error) {
	c := l.Checkpoint()
	p := Consistency{Old: was, New: now}
	if was < 0 || was > now || now > c.Size {
		return p, fmt.Errorf("prove that %d entries follow on %d: the log has %d", now, was, c.Size)
	}
	if was == 0 || was == now {
		return p, nil
	}
	// The hashes of an older tree are hashes of the newest one, too.
	proof, err := tlog.ProveTree(now, was, hashes(ctx, l.cfg.Objects, l.cfg.Parallel, c.tree()))
	if err != nil {
		return p, fmt.Errorf("prove that %d entries follow on %d: %w", now, was, proved(err))
	}
	p.Hashes = proof
	return p, nil
}

// VerifyInclusion checks that p proves entry, with nothing but the keys, and
// returns the checkpoint that it is proved by; see [Keychain.Open]. When the
// proof doesn't hold, the error wraps [ErrProof].
func VerifyInclusion(p Inclusion, entry []byte, keys *Keychain, trusted ...*Verifier) (Checkpoint, error) {
	c, err := keys.Open(p.Checkpoint, trusted...)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("verify entry %d: %w", p.Index, err)
	}
	if p.Index < 0 || p.Index >= c.Size {
		return Checkpoint{}, fmt.Errorf("verify entry %d: the checkpoint has %d: %w", p.Index, c.Size, ErrProof)
	}
	if err := tlog.CheckRecord(p.Hashes, c.Size, c.Root, p.Index, tlog.RecordHash(entry)); err != nil {
		return Checkpoint{}, fmt.Errorf("verify entry %d: %w", p.Index, ErrProof)
	}
	return c, nil
}

// VerifyConsistency checks that p proves that the tree of one verified
// checkpoint begins with that of an older one. When it doesn't, the error wraps
// [ErrProof].
func VerifyConsistency(p Consistency, was, now Checkpoint) error {
	if was.Origin != now.Origin {
		return fmt.Errorf("verify consistency of %s with %s: %w", now.Origin, was.Origin, ErrOrigin)
	}
	ok := p.Old == was.Size && p.New == now.Size && p.Old <= p.New
	switch {
	case !ok:
	case was.Size == now.Size:
		ok = was.Root == now.Root && len(p.Hashes) == 0
	case was.Size == 0:
		ok = was.Root == emptyRoot() && len(p.Hashes) == 0
	default:
		ok = tlog.CheckTree(p.Hashes, now.Size, now.Root, was.Size, was.Root) == nil
	}
	if !ok {
		return fmt.Errorf("verify that %d entries follow on %d: %w", now.Size, was.Size, ErrProof)
	}
	return nil
}
