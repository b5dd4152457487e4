package mirror

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ibid-archive/ibid/archive/blob"
)

// Repairable is a store in which damaged objects can be set aside.
type Repairable interface {
	blob.Store
	blob.Quarantiner
}

// Restored is an object that was put back.
type Restored struct {
	Key  string `json:"key"`
	Size int64  `json:"size"` // bytes
	// Quarantine is where the damaged object is now, "" when it was missing.
	Quarantine string `json:"quarantine,omitempty"`
	Was        string `json:"was"` // "damaged" or "missing"
}

// RepairReport is what Repair did.
type RepairReport struct {
	Restored []Restored `json:"restored"` // with DryRun, what would be; never nil
	Problems []Problem  `json:"problems"` // what could not be restored; never nil
}

// Missing returns the keys of captures and reports that from has and to has not,
// in order.
func Missing(ctx context.Context, to, from blob.Store) ([]string, error) {
	next, stop := pull(to.List(ctx, ""))
	defer stop()
	have, more, err := next()
	var keys []string
	for info, err2 := range from.List(ctx, "") {
		if err2 != nil {
			return nil, fmt.Errorf("list the other store: %w", err2)
		}
		if _, named := Named(info.Key); !named {
			continue
		}
		for more && err == nil && have.Key < info.Key {
			have, more, err = next()
		}
		if err != nil {
			break
		}
		if !more || have.Key != info.Key {
			keys = append(keys, info.Key)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("list the store: %w", err)
	}
	return keys, nil
}

// Repair restores objects of to, which are damaged or missing, from the other
// store: each is fetched whole and hashed, then what is in its place is set
// aside, then the good copy is put. An object that is sound after all is left
// alone. The names of the log's tiles and keys do not say what they must be: of
// these that was found damaged is taken on trust from the other store, for the
// next audit to prove, and its cells are not touched. What cannot be restored is
// in the report. The error says what could not
// be done; after it, or a crash, calling Repair again goes on.
func Repair(ctx context.Context, to Repairable, from blob.Store, keys []string, cfg Config) (RepairReport, error) {
	r := RepairReport{Restored: []Restored{}, Problems: []Problem{}}
	seen := Event{}
	keys = slices.Clone(keys)
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		done, problem, err := restore(ctx, to, from, key, cfg)
		switch {
		case err != nil:
			return r, fmt.Errorf("repair %s: %w", key, err)
		case problem != nil:
			r.Problems = append(r.Problems, *problem)
		case done != nil:
			r.Restored = append(r.Restored, *done)
			seen.Copied++
			seen.Bytes += done.Size
		}
		if seen.Key, seen.Objects = key, seen.Objects+1; cfg.Progress != nil {
			cfg.Progress(seen)
		}
	}
	return r, nil
}

func restore(ctx context.Context, to Repairable, from blob.Store, key string, cfg Config) (*Restored, *Problem, error) {
	sum, named := Named(key)
	if !named && (!strings.HasPrefix(key, logPrefix) || slices.Contains(cells[:], key)) {
		return nil, &Problem{key, NoCopy, "its name does not say what its bytes must be, so that no copy of it can be proved good"}, nil
	}
	got, readErr := hashOf(ctx, to, key)
	missing := errors.Is(readErr, blob.ErrNotExist)
	if readErr == nil && named && got == sum {
		return nil, nil, nil
	}
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	// An object that cannot be read is damaged as well: the disk says so.
	o, err := fetch(ctx, from, key, cfg.TempDir)
	switch {
	case errors.Is(err, blob.ErrNotExist):
		return nil, &Problem{key, NoCopy, "the other store does not have it"}, nil
	case err != nil:
		return nil, nil, err
	}
	defer o.close()
	if !named && readErr == nil && o.SHA256 == got {
		return nil, &Problem{key, SourceDamaged, "the other store has the same bytes"}, nil
	}
	if named && o.SHA256 != sum {
		return nil, &Problem{key, SourceDamaged, fmt.Sprintf("in the other store its SHA-256 is %x", o.SHA256)}, nil
	}
	r := &Restored{Key: key, Size: o.Size, Was: "damaged"}
	if missing {
		r.Was = "missing"
	}
	if cfg.DryRun {
		return r, nil, nil
	}
	if !missing {
		if r.Quarantine, err = to.Quarantine(ctx, key); err != nil {
			return nil, nil, err
		}
	}
	if err := to.Put(ctx, key, o.Object); err != nil {
		return nil, nil, err
	}
	return r, nil, nil
}
