package log

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"path"
	"strings"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/log/timestamp"
)

// StampPrefix is where time-stamps of checkpoints are: under
// log/timestamps/<size, 12 digits>-<first 16 hex digits of the root>/ the signed
// checkpoint itself, since the newest one replaces it in its own place, and a
// token of each authority, <first 16 hex digits of the SHA-256 of its
// address>.tst. None of them ever changes.
const StampPrefix = prefix + "timestamps/"

const (
	stampedCheckpoint = "checkpoint"
	stampSuffix       = ".tst"
)

// Stamp is what an authority stated of a checkpoint. Nothing of it is verified:
// that is for [Keychain.Open] and [timestamp.Verify].
type Stamp struct {
	Key        string // of the token in the store
	Checkpoint []byte // the signed note that the token is about
	Token      *timestamp.Token
}

// Stamped is what one authority answered.
type Stamped struct {
	Authority string // its address, without password
	Info      timestamp.Info
	Known     bool  // it had stated that before, and wasn't asked
	Err       error // it gave no good answer, or the answer could not be stored
}

// Stamp has authorities state when the checkpoint of the moment existed, and
// stores what they answer. An authority that fails is in the result, and the
// others are asked all the same; the error is that of the store.
func (l *Log) Stamp(ctx context.Context, c *timestamp.Client, authorities ...string) ([]Stamped, error) {
	at := l.Checkpoint()
	dir := fmt.Sprintf("%s%012d-%x/", StampPrefix, at.Size, at.Root[:8])
	note, err := l.keepNote(ctx, dir+stampedCheckpoint, at)
	if err != nil {
		return nil, fmt.Errorf("stamp the log: %w", err)
	}
	var all []Stamped
	for _, authority := range authorities {
		key := dir + authorityName(authority) + stampSuffix
		s := Stamped{Authority: redacted(authority)}
		switch token, err := l.token(ctx, key); {
		case err == nil:
			s.Known = true
			s.Info, _ = timestamp.Verify(token, note, timestamp.Options{Roots: c.Roots})
		case errors.Is(err, blob.ErrNotExist):
			token, s.Info, s.Err = c.Request(ctx, authority, note)
			if s.Err == nil {
				if err := l.cfg.Objects.Put(ctx, key, blob.Bytes(token.Bytes())); err != nil && !errors.Is(err, blob.ErrConflict) {
					s.Err = fmt.Errorf("store %s: %w", key, err)
				} // in conflict another process was quicker, and its token is as good
			}
		default:
			s.Err = err
		}
		all = append(all, s)
	}
	return all, ctx.Err()
}

// keepNote stores the signed checkpoint and returns the one that is stored: of
// the same tree, though perhaps with the signature of a key before.
func (l *Log) keepNote(ctx context.Context, key string, at Checkpoint) ([]byte, error) {
	err := l.cfg.Objects.Put(ctx, key, blob.Bytes(at.Note))
	if err == nil {
		return at.Note, nil
	}
	if !errors.Is(err, blob.ErrConflict) {
		return nil, fmt.Errorf("store %s: %w", key, err)
	}
	note, err := l.object(ctx, key, maxNote)
	if err != nil {
		return nil, err
	}
	c, err := l.Keychain().Open(note, l.trusted...)
	if err == nil && c.tree() != at.tree() {
		err = ErrDamaged
	}
	if err != nil {
		return nil, fmt.Errorf("verify %s: %w", key, err)
	}
	return note, nil
}

// Stamps yields the stored time-stamps, those of the oldest checkpoint first.
// An object that can't be read as one is an error that wraps [ErrDamaged] and
// names it, after which the sequence goes on; any other error ends it.
func (l *Log) Stamps(ctx context.Context) iter.Seq2[Stamp, error] {
	return func(yield func(Stamp, error) bool) {
		notes := map[string][]byte{}
		for info, err := range l.cfg.Objects.List(ctx, StampPrefix) {
			if err != nil {
				yield(Stamp{}, fmt.Errorf("list %s: %w", StampPrefix, err))
				return
			}
			if !strings.HasSuffix(info.Key, stampSuffix) {
				continue
			}
			s, err := l.stamp(ctx, info.Key, notes)
			if !yield(s, err) || err != nil && !errors.Is(err, ErrDamaged) {
				return
			}
		}
	}
}

func (l *Log) stamp(ctx context.Context, key string, notes map[string][]byte) (Stamp, error) {
	s := Stamp{Key: key}
	dir := path.Dir(key)
	var err error
	if notes[dir] == nil {
		clear(notes) // they come in order
		if notes[dir], err = l.object(ctx, dir+"/"+stampedCheckpoint, maxNote); err != nil {
			if errors.Is(err, blob.ErrNotExist) {
				err = fmt.Errorf("%s: the checkpoint beside it is missing: %w", key, ErrDamaged)
			}
			return s, err
		}
	}
	s.Checkpoint = notes[dir]
	s.Token, err = l.token(ctx, key)
	return s, err
}

func (l *Log) token(ctx context.Context, key string) (*timestamp.Token, error) {
	b, err := l.object(ctx, key, timestamp.MaxFile)
	if err != nil {
		return nil, err
	}
	token, err := timestamp.Parse(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", key, ErrDamaged, err)
	}
	return token, nil
}

// object reads a small object of the log.
func (l *Log) object(ctx context.Context, key string, most int64) ([]byte, error) {
	rc, err := l.cfg.Objects.Open(ctx, key, 0, most+1)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", key, err)
	}
	defer rc.Close()
	b, err := io.ReadAll(rc)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	if int64(len(b)) > most {
		return nil, fmt.Errorf("%s has more than %d bytes: %w", key, most, ErrDamaged)
	}
	return b, nil
}

// authorityName names an authority in a key. Its password isn't part of it.
func authorityName(address string) string {
	sum := sha256.Sum256([]byte(redacted(address)))
	return fmt.Sprintf("%x", sum[:8])
}

func redacted(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(not an address)"
	}
	u.User = nil
	return u.String()
}
