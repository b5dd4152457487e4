package log

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// maxKeys bounds how many keys of one log are read.
const maxKeys = 1000

// ErrKeyLost says that a trusted key was replaced without its own signature.
var ErrKeyLost = fmt.Errorf("the trusted key was replaced as lost, signed by the new key alone: ask the archive's keeper and then trust the new one: %w", ErrUntrusted)

// Keychain holds the public keys of a log and how each introduced the next. It
// proves nothing of itself: see [Trust].
type Keychain struct {
	keys  map[uint32]*Verifier
	links []Introduction
}

// NewKeychain reads vkey lines and introductions, for checks without a store.
func NewKeychain(vkeys []string, introductions [][]byte) (*Keychain, error) {
	k := &Keychain{keys: map[uint32]*Verifier{}}
	for _, line := range vkeys {
		v, err := ParseVerifier(line)
		if err != nil {
			return nil, err
		}
		k.keys[v.id] = v
	}
	for _, b := range introductions {
		i, err := ParseIntroduction(b)
		if err != nil {
			return nil, fmt.Errorf("read introduction of a key: %w", err)
		}
		k.links = append(k.links, i)
	}
	return k, nil
}

// Keys returns the public keys, ordered by id.
func (k *Keychain) Keys() []*Verifier {
	var list []*Verifier
	for _, id := range slices.Sorted(maps.Keys(k.keys)) {
		list = append(list, k.keys[id])
	}
	return list
}

// Introductions returns how keys were replaced, in the order of the log.
func (k *Keychain) Introductions() []Introduction {
	list := slices.Clone(k.links)
	slices.SortStableFunc(list, func(a, b Introduction) int { return int(min(1, max(-1, a.Size-b.Size))) })
	return list
}

// loadKeychain reads the archive's own keys. What is damaged is left out and
// named.
func loadKeychain(ctx context.Context, o Objects) (*Keychain, []Problem, error) {
	k := &Keychain{keys: map[uint32]*Verifier{}}
	var problems []Problem
	n := 0
	// Keys are stored before their introductions, and so listed after them.
	for _, prefix := range []string{introductionPrefix, keyPrefix} {
		for info, err := range o.List(ctx, prefix) {
			if err != nil {
				return nil, nil, fmt.Errorf("list %s: %w", prefix, err)
			}
			if n++; n > maxKeys {
				return nil, nil, fmt.Errorf("list %s: more than %d keys: %w", prefix, maxKeys, ErrDamaged)
			}
			b, err := read(ctx, o, info.Key, maxIntroduction)
			if err != nil && !errors.Is(err, ErrDamaged) {
				return nil, nil, err
			}
			if err == nil {
				err = k.add(info.Key, b)
			}
			if err != nil {
				problems = append(problems, Problem{Altered, info.Key, err.Error()})
			}
		}
	}
	return k, problems, nil
}

// add takes in one stored object, whose name must be what it holds.
func (k *Keychain) add(key string, b []byte) error {
	id, isIntroduction := strings.CutPrefix(key, introductionPrefix)
	if isIntroduction {
		i, err := ParseIntroduction(b)
		if err != nil {
			return err
		}
		if i.New.ID() != id {
			return fmt.Errorf("it introduces the key %s: %w", i.New.ID(), ErrDamaged)
		}
		k.links = append(k.links, i)
		return nil
	}
	v, err := ParseVerifier(string(b))
	if err != nil {
		return err
	}
	if string(b) != v.String()+"\n" || keyPrefix+v.ID() != key {
		return fmt.Errorf("it holds the key %s: %w", v.ID(), ErrDamaged)
	}
	k.keys[v.id] = v
	return nil
}

// Open verifies a checkpoint with the keys of the archive and those that are
// trusted, as [Config.Trusted] has them. Every trusted key must belong to the
// checkpoint's log.
func (k *Keychain) Open(b []byte, trusted ...*Verifier) (Checkpoint, error) {
	text, _, err := noteSigners(b, "")
	if err != nil {
		return Checkpoint{}, err
	}
	origin, t, err := parseCheckpointText(text)
	if err != nil {
		return Checkpoint{}, err
	}
	for _, v := range trusted {
		if v.origin != origin {
			return Checkpoint{}, fmt.Errorf("the checkpoint is of %s, the trusted key of %s: %w", origin, v.origin, ErrOrigin)
		}
	}
	key, err := k.signer(b, origin, trusted)
	if err != nil {
		return Checkpoint{}, err
	}
	if _, err := openNote(b, origin, key); err != nil {
		return Checkpoint{}, err
	}
	trust, err := k.trust(key, t.size, trusted)
	if err != nil {
		return Checkpoint{}, err
	}
	return Checkpoint{Origin: origin, Size: t.size, Root: t.root, Note: b, Key: key, Trust: trust}, nil
}

// signer finds the key that claims to have signed. A trusted one comes first.
func (k *Keychain) signer(b []byte, origin string, trusted []*Verifier) (*Verifier, error) {
	_, ids, err := noteSigners(b, origin)
	if err != nil {
		return nil, err
	}
	for _, v := range trusted {
		if slices.Contains(ids, v.id) {
			return v, nil
		}
	}
	for _, id := range ids {
		if v := k.keys[id]; v != nil && v.origin == origin {
			return v, nil
		}
	}
	if len(ids) == 0 {
		return nil, fmt.Errorf("no signature by %s: %w", origin, ErrUnknownKey)
	}
	return nil, fmt.Errorf("%w: there is no %s%08x", ErrUnknownKey, keyPrefix, ids[0])
}

// trust says why key may sign a tree of size entries.
func (k *Keychain) trust(key *Verifier, size int64, trusted []*Verifier) (Trust, error) {
	for _, i := range k.links {
		if !i.Lost && same(i.Old, key) && size > i.Size {
			return "", fmt.Errorf("a checkpoint of %d entries by key %s, which was replaced at %d: %w", size, key.ID(), i.Size, ErrUntrusted)
		}
	}
	if len(trusted) == 0 {
		return SelfAsserted, nil
	}
	switch {
	case slices.ContainsFunc(trusted, func(v *Verifier) bool { return same(v, key) }):
		return Pinned, nil
	case k.reaches(key, trusted, false):
		return Chained, nil
	case k.reaches(key, trusted, true):
		return "", fmt.Errorf("key %s: %w", key.ID(), ErrKeyLost)
	}
	return "", fmt.Errorf("key %s: %w", key.ID(), ErrUntrusted)
}

// reaches follows introductions in both directions from key to one of goals:
// both keys signed each.
func (k *Keychain) reaches(key *Verifier, goals []*Verifier, lost bool) bool {
	seen := map[string]bool{key.String(): true}
	for todo := []*Verifier{key}; len(todo) > 0; todo = todo[1:] {
		if slices.ContainsFunc(goals, func(v *Verifier) bool { return same(v, todo[0]) }) {
			return true
		}
		for _, i := range k.links {
			if i.Lost && !lost {
				continue
			}
			for _, pair := range [][2]*Verifier{{i.Old, i.New}, {i.New, i.Old}} {
				if same(pair[0], todo[0]) && !seen[pair[1].String()] {
					seen[pair[1].String()] = true
					todo = append(todo, pair[1])
				}
			}
		}
	}
	return false
}

// first returns the oldest key that introductions lead to from v on.
func (k *Keychain) first(v *Verifier) *Verifier {
	for range k.links { // no more, whatever circles they make
		n := slices.IndexFunc(k.links, func(i Introduction) bool { return same(i.New, v) })
		if n < 0 {
			break
		}
		v = k.links[n].Old
	}
	return v
}

func same(a, b *Verifier) bool { return a.String() == b.String() }

// parseTrusted reads [Config.Trusted].
func parseTrusted(lines []string) ([]*Verifier, error) {
	var list []*Verifier
	for _, line := range lines {
		v, err := ParseVerifier(line)
		if err != nil {
			return nil, fmt.Errorf("trusted key: %w", err)
		}
		list = append(list, v)
	}
	return list, nil
}
