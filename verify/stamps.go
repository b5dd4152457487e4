package verify

import (
	"context"
	"errors"
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/archive/log/timestamp"
)

const (
	stampedNote = "checkpoint" // the name, in a directory of stamps, of what was stamped
	stampSuffix = ".tst"
)

// stamps checks what authorities have stated of older checkpoints. A stamp is
// judged when what it is about is sound.
func (a *auditor) stamps(ctx context.Context) error {
	sound, err := a.stampedNotes(ctx)
	if err != nil {
		return err
	}
	for s, err := range a.log.Stamps(ctx) {
		if s.Key != "" && !sound[path.Dir(s.Key)] {
			continue // is said already, or was put while the audit ran
		}
		if err != nil {
			key := s.Key
			if key == "" {
				key = log.StampPrefix
			}
			if err := a.unsound(key, err); err != nil {
				return err
			}
			continue
		}
		info, findings := timestamp.Verify(s.Token, s.Checkpoint, timestamp.Options{Roots: a.cfg.StampRoots})
		if err := timestamp.Err(findings); err != nil {
			a.find(Finding{Rule: RuleStamp, Key: s.Key, Message: err.Error()})
			continue
		}
		c, err := a.log.Keychain().Open(s.Checkpoint)
		if err != nil {
			continue // it was another one a moment ago
		}
		a.report.Log.Stamps = append(a.report.Log.Stamps, StampReport{Key: s.Key, Size: c.Size, Time: info.Time, Authority: info.Authority, Trusted: info.Trusted})
	}
	return nil
}

// stampedNotes checks that today's log extends every checkpoint that was to be
// stamped, whether it has a stamp or not, and returns in which directories it does.
func (a *auditor) stampedNotes(ctx context.Context) (sound map[string]bool, err error) {
	sound = map[string]bool{}
	for _, key := range slices.Sorted(maps.Keys(a.seen)) {
		rest, ok := strings.CutPrefix(key, log.StampPrefix)
		if !ok {
			continue
		}
		dir, note := path.Dir(key), path.Dir(key)+"/"+stampedNote
		switch {
		case strings.Count(rest, "/") != 1 || key != note && !strings.HasSuffix(key, stampSuffix):
			a.find(Finding{Rule: RuleStray, Key: key, Message: "no time-stamp has this name"})
		case key == note:
			sound[dir], err = a.stampedNote(ctx, key)
		case !a.seen[note]:
			a.seen[note] = true // it is told of once
			var there bool
			if there, err = a.stored(ctx, note); err == nil && !there {
				a.find(Finding{Rule: RuleMissing, Key: note, Message: "what was stamped in " + key})
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return sound, nil
}

func (a *auditor) stampedNote(ctx context.Context, key string) (sound bool, err error) {
	note, err := a.smallObject(ctx, key)
	if errors.Is(err, blob.ErrNotExist) {
		return false, nil // removed by hand since it was listed
	}
	if err != nil {
		return false, err
	}
	w, err := a.log.CheckWitness(ctx, note)
	if err != nil {
		return false, a.unsound(key, err)
	}
	for _, p := range w.Problems {
		a.find(Finding{Rule: RuleLog, Key: key, Message: "the log does not extend the checkpoint that was stamped: " + p.Message})
	}
	return len(w.Problems) == 0, nil
}

// smallObject reads what no checkpoint is larger than. What is longer is cut, and
// then no checkpoint.
func (a *auditor) smallObject(ctx context.Context, key string) ([]byte, error) {
	const most = 1 << 20
	rc, err := a.store.Open(ctx, key, 0, most)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(rc, most))
	return b, errors.Join(err, rc.Close())
}
