package log

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/ibid-archive/ibid/archive/blob"
)

// Log is an open log. Make it with [Open]. What it reads is checked against the
// newest checkpoint that it knows: that of [Open], [Log.Append] or [Log.Refresh].
// Its methods may be called by several goroutines, and any number of processes
// may have one log open, for reading and for appending.
type Log struct {
	cfg      Config
	trusted  []*Verifier
	appender *appender // nil when open for reading only

	mu         sync.Mutex
	keys       *Keychain
	checkpoint Checkpoint
}

// Open opens a log. Without Config.Keys it needs no private key and writes
// nothing, and when there is no log it returns an error that wraps [ErrNoLog].
// With them it finishes what another process left unfinished, and makes the log
// when there is none: named Config.Origin or else [NewOrigin], with a key that
// Keys creates.
//
// It returns an error that wraps [ErrNoKey] when Keys hasn't the log's key,
// [ErrOrigin] when the log isn't the one of the Config, [ErrUnknownKey],
// [ErrUntrusted] or [ErrKeyLost] when nothing vouches for the checkpoint, and
// [ErrDamaged], [ErrRollback] or [ErrFork] when its parts do not fit together.
func Open(ctx context.Context, cfg Config) (*Log, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	l := &Log{cfg: cfg}
	if l.trusted, err = parseTrusted(cfg.Trusted); err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	if cfg.Keys != nil {
		if l.appender, err = newAppender(ctx, cfg); err != nil {
			return nil, fmt.Errorf("open log: %w", err)
		}
	}
	if l.checkpoint, l.keys, err = l.load(ctx); err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	was, err := cfg.known(l.checkpoint.Origin)
	if err == nil {
		err = consistent(ctx, cfg.Objects, cfg.Parallel, was, l.checkpoint.tree())
	}
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	return l, nil
}

// load reads and verifies the newest checkpoint.
func (l *Log) load(ctx context.Context) (Checkpoint, *Keychain, error) {
	b, _, err := l.cfg.Cells.Load(ctx, CheckpointKey)
	if errors.Is(err, blob.ErrNotExist) {
		absent := l.absent(ctx)
		if !errors.Is(absent, ErrDamaged) {
			return Checkpoint{}, nil, absent
		}
		// What there is without it may have been made since it was looked for.
		if b, _, err = l.cfg.Cells.Load(ctx, CheckpointKey); errors.Is(err, blob.ErrNotExist) {
			return Checkpoint{}, nil, absent
		}
	}
	if err != nil {
		return Checkpoint{}, nil, fmt.Errorf("load %s: %w", CheckpointKey, err)
	}
	// The keys come second: whatever signed the checkpoint was stored before it.
	keys, problems, err := loadKeychain(ctx, l.cfg.Objects)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	c, err := keys.Open(b, l.trusted...)
	if errors.Is(err, ErrUnknownKey) && len(problems) > 0 {
		return Checkpoint{}, nil, fmt.Errorf("verify %s: %w; perhaps it is the one in %s, which is damaged", CheckpointKey, err, problems[0].Key)
	}
	if err != nil {
		return Checkpoint{}, nil, fmt.Errorf("verify %s: %w", CheckpointKey, err)
	}
	if l.cfg.Origin != "" && c.Origin != l.cfg.Origin {
		return Checkpoint{}, nil, fmt.Errorf("verify %s: the log is %s, not %s: %w", CheckpointKey, c.Origin, l.cfg.Origin, ErrOrigin)
	}
	return c, keys, nil
}

// absent tells a log that lost its checkpoint from none. A head for no entries
// is of a log that is just being made.
func (l *Log) absent(ctx context.Context) error {
	b, _, err := l.cfg.Cells.Load(ctx, HeadKey)
	if errors.Is(err, blob.ErrNotExist) {
		for info, err := range l.cfg.Objects.List(ctx, prefix) {
			if err != nil {
				return fmt.Errorf("list %s: %w", prefix, err)
			}
			return fmt.Errorf("there is %s but no %s: %w", info.Key, CheckpointKey, ErrDamaged)
		}
		return ErrNoLog
	}
	if err != nil {
		return fmt.Errorf("load %s: %w", HeadKey, err)
	}
	if h, err := parseHead(b); err == nil && h.new.size == 0 {
		return ErrNoLog
	}
	return fmt.Errorf("there is %s but no %s: %w", HeadKey, CheckpointKey, ErrDamaged)
}

// Size returns how many entries the log has now; see [Log.Refresh].
func (l *Log) Size(ctx context.Context) (int64, error) {
	c, err := l.Refresh(ctx)
	return c.Size, err
}

// advance takes in the newest checkpoint that this process published, if any,
// and sees to it that at least need entries are covered.
func (l *Log) advance(ctx context.Context, note []byte, need int64) error {
	l.mu.Lock()
	if c, err := l.keys.Open(note, l.trusted...); err == nil && c.Size > l.checkpoint.Size {
		l.checkpoint = c
	}
	covered := l.checkpoint.Size >= need
	l.mu.Unlock()
	if covered {
		return nil
	}
	// Another process published it, or the key is new.
	_, err := l.Refresh(ctx)
	return err
}

// Checkpoint returns the checkpoint that everything is checked against.
func (l *Log) Checkpoint() Checkpoint {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.checkpoint
}

// Keychain returns the archive's own public keys.
func (l *Log) Keychain() *Keychain {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.keys
}

// Refresh reads the newest checkpoint and proves that it extends the one before:
// otherwise the error wraps [ErrRollback] or [ErrFork], and the old one stays.
func (l *Log) Refresh(ctx context.Context) (Checkpoint, error) {
	was := l.Checkpoint()
	c, keys, err := l.load(ctx)
	if errors.Is(err, ErrNoLog) {
		err = fmt.Errorf("%w: %w", ErrRollback, err)
	}
	if err == nil && c.Origin != was.Origin {
		err = fmt.Errorf("the log was %s and is %s: %w", was.Origin, c.Origin, ErrOrigin)
	}
	if err == nil {
		err = consistent(ctx, l.cfg.Objects, l.cfg.Parallel, was.tree(), c.tree())
	}
	if err != nil {
		return Checkpoint{}, fmt.Errorf("refresh log: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.Size >= l.checkpoint.Size {
		l.checkpoint, l.keys = c, keys
	}
	return l.checkpoint, nil
}
