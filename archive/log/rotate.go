package log

import (
	"context"
	"errors"
	"fmt"

	"github.com/ibid-archive/ibid/archive/blob"
)

// Encode makes the entry that tells the log's readers of a new key. Nil means
// no entry.
type Encode func(Introduction) ([]byte, error)

// Rotate makes key sign the log's checkpoints from now on. It is introduced by a
// note that the old key signs as well, so that who trusts either of them trusts
// all checkpoints (see [Chained]). The introduction and the entry that encode
// makes are decided by one swap of the head, like an append. The key must be
// among Config.Keys, there to stay. Writers that don't have it are told by
// [ErrNoKey]. The old key stays valid for what it signed, and for nothing more.
func (l *Log) Rotate(ctx context.Context, key *Signer, encode Encode) (Introduction, error) {
	if l.appender == nil {
		return Introduction{}, fmt.Errorf("rotate key: %w", blob.ErrReadOnly)
	}
	i, err := l.appender.rotate(ctx, key, encode)
	if err == nil {
		_, err = l.Refresh(ctx)
	}
	if err != nil {
		return i, fmt.Errorf("rotate key: %w", err)
	}
	return i, nil
}

func (w *appender) rotate(ctx context.Context, key *Signer, encode Encode) (Introduction, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		at, err := w.settle(ctx)
		if err != nil {
			return Introduction{}, err
		}
		i, err := w.hand(ctx, at.tree, w.signer.public, w.signer, key, nil, encode)
		if !errors.Is(err, blob.ErrStale) {
			return i, err
		}
	}
}

// ReplaceLost makes cfg's log go on with a new key when the private key is lost.
// The introduction says so, and only the new key signs it: who trusts the old key
// is told by [ErrKeyLost] and has to decide. The new key must be among cfg.Keys,
// and the old one must not. What the old key left unfinished is kept. It returns
// the log, open.
func ReplaceLost(ctx context.Context, cfg Config, key *Signer, encode Encode) (*Log, Introduction, error) {
	cfg, err := cfg.complete()
	if err == nil && cfg.Keys == nil {
		err = fmt.Errorf("no private keys were given: %w", ErrNoKey)
	}
	if err != nil {
		return nil, Introduction{}, fmt.Errorf("replace lost key: %w", err)
	}
	var i Introduction
	for {
		if i, err = replaceLost(ctx, cfg, key, encode); !errors.Is(err, blob.ErrStale) {
			break
		}
	}
	if err != nil {
		return nil, i, fmt.Errorf("replace lost key: %w", err)
	}
	l, err := Open(ctx, cfg)
	return l, i, err
}

func replaceLost(ctx context.Context, cfg Config, key *Signer, encode Encode) (Introduction, error) {
	data, version, err := cfg.Cells.Load(ctx, HeadKey)
	if errors.Is(err, blob.ErrNotExist) {
		return Introduction{}, ErrNoLog
	}
	if err != nil {
		return Introduction{}, fmt.Errorf("load %s: %w", HeadKey, err)
	}
	h, err := parseHead(data)
	if err != nil {
		return Introduction{}, fmt.Errorf("load %s: %w", HeadKey, err)
	}
	if _, err := cfg.Keys.Load(h.key); !errors.Is(err, ErrNoKey) {
		return Introduction{}, fmt.Errorf("the private key of %s isn't lost, it can be rotated: %w", h.key, errors.Join(ErrKey, err))
	}
	w := &appender{cfg: cfg, id: newID(), signer: key, seen: tree{0, emptyRoot()}}
	at := &position{head: version, headData: data, tree: h.new}
	before, err := w.published(ctx, h, at)
	if err != nil {
		return Introduction{}, err
	}
	was, batch := h.key, [][]byte(nil)
	if before != nil {
		// It was decided, so it stays, under the new key's checkpoint.
		at.tree, batch = h.old, h.batch
		if h.introduction != nil {
			was = h.introduction.Old
		}
	}
	if at.front, err = loadFront(ctx, cfg.Objects, at.tree); err != nil {
		return Introduction{}, err
	}
	w.at = at
	return w.hand(ctx, at.tree, was, nil, key, batch, encode)
}

// hand enters the batch and the entry of an introduction with the head that
// makes key the log's; old is nil when it is lost. It fails with ErrStale when t
// isn't the tree of the log any more.
func (w *appender) hand(ctx context.Context, t tree, was *Verifier, old, key *Signer, batch [][]byte, encode Encode) (Introduction, error) {
	if _, err := w.cfg.Keys.Load(key.public); err != nil {
		return Introduction{}, err
	}
	known, _, err := loadKeychain(ctx, w.cfg.Objects)
	if err != nil {
		return Introduction{}, err
	}
	if known.keys[key.public.id] != nil || key.public.id == was.id {
		return Introduction{}, fmt.Errorf("the log has had the key %s already: %w", key.public.ID(), ErrKey)
	}
	i, err := introduce(t, was, old, key)
	if err != nil {
		return i, err
	}
	if encode != nil {
		e, err := encode(i)
		if err != nil {
			return i, err
		}
		if len(e) == 0 || len(e) > MaxEntry {
			return i, fmt.Errorf("the introduction's entry has %d bytes: %w", len(e), ErrEntry)
		}
		batch = append(batch[:len(batch):len(batch)], e)
	}
	_, err = w.append(ctx, batch, &rotation{key, i})
	return i, err
}
