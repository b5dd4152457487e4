package verify

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/log"
)

// LogReport is what an audit found the archive's log to be.
type LogReport struct {
	Origin     string    `json:"origin"`
	Size       int64     `json:"size"`       // entries
	Root       string    `json:"root"`       // of the Merkle tree, base64 as in the checkpoint
	Key        string    `json:"key"`        // the public line (vkey) that its checkpoint is signed by
	Trust      log.Trust `json:"trust"`      // why the signature is believed
	Checkpoint string    `json:"checkpoint"` // the signed note
	// Unlogged counts objects that the log does not have: what a run kept that
	// was killed, which the next run enters, or has not ended; or what somebody
	// else put into the store.
	Unlogged  int64         `json:"unlogged"`
	Witnesses int           `json:"witnesses,omitempty"` // older checkpoints that it was proved to extend
	Stamps    []StampReport `json:"timestamps,omitempty"`
}

// StampReport is one time-stamp that holds.
type StampReport struct {
	Key       string    `json:"key"`
	Size      int64     `json:"size"` // entries that the stamped checkpoint covers
	Time      time.Time `json:"time"`
	Authority string    `json:"authority"`
	Trusted   bool      `json:"trusted"` // a known root vouches for the authority
}

// entryKey is the first half of the SHA-256 of a log entry.
type entryKey [16]byte

func entryKeyOf(e *archive.Entry) (k entryKey) {
	b, err := e.Encode()
	if err != nil {
		return k // then it cannot be in the log either
	}
	sum := sha256.Sum256(b)
	copy(k[:], sum[:])
	return k
}

// auditLog checks the log, and the objects against it.
func (a *auditor) auditLog(ctx context.Context) error {
	store := unwritable{a.store}
	l, err := log.Open(ctx, log.Config{Objects: store, Cells: store, Trusted: a.cfg.LogKeys})
	if errors.Is(err, log.ErrNoLog) {
		if len(a.cfg.LogKeys)+len(a.cfg.Witnesses) > 0 {
			a.find(Finding{Rule: RuleMissing, Key: log.CheckpointKey, Message: "the archive has no log, though there should be one"})
		}
		return nil
	}
	if err != nil {
		return a.unsound(log.CheckpointKey, err)
	}
	a.log = l
	c := l.Checkpoint()
	a.report.Log = &LogReport{Origin: c.Origin, Size: c.Size, Root: base64.StdEncoding.EncodeToString(c.Root[:]), Key: c.Key.String(), Trust: c.Trust, Checkpoint: string(c.Note)}
	for p, err := range l.Check(ctx) {
		if err != nil {
			return fmt.Errorf("check the log: %w", err)
		}
		a.find(Finding{Rule: ruleOfLog(p.Rule), Key: p.Key, Message: p.Message})
	}
	if err := a.logged(ctx); err != nil {
		return err
	}
	if err := a.witnesses(ctx); err != nil {
		return err
	}
	return a.stamps(ctx)
}

func (a *auditor) find(f Finding) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.report.add(a.cfg.MaxFindings, f)
}

// unsound makes a finding of an error that says that the log is not what it
// should be, and returns every other.
func (a *auditor) unsound(key string, err error) error {
	rule := RuleLog
	switch {
	case errors.Is(err, blob.ErrNotExist):
		rule = RuleMissing
	case errors.Is(err, log.ErrDamaged), errors.Is(err, log.ErrOrigin), errors.Is(err, log.ErrUnknownKey), errors.Is(err, log.ErrUntrusted),
		errors.Is(err, log.ErrKeyLost), errors.Is(err, log.ErrRollback), errors.Is(err, log.ErrFork), errors.Is(err, log.ErrKey):
	default:
		return fmt.Errorf("read the log: %w", err)
	}
	a.find(Finding{Rule: rule, Key: key, Message: err.Error()})
	return nil
}

func ruleOfLog(r log.Rule) Rule {
	switch r {
	case log.Missing:
		return RuleMissing
	case log.Altered:
		return RuleAltered
	case log.Stray:
		return RuleStray
	}
	return RuleLog
}

// entriesOf yields what the log has of the archive, nothing when there is no log.
func (a *auditor) entriesOf(ctx context.Context) iter.Seq2[*archive.Entry, error] {
	return func(yield func(*archive.Entry, error) bool) {
		if a.log == nil {
			return
		}
		for b, err := range a.log.Entries(ctx, 0, a.log.Checkpoint().Size) {
			if err != nil {
				yield(nil, err)
				return
			}
			e, err := archive.DecodeEntry(b)
			if !yield(e, err) {
				return
			}
		}
	}
}

// logged compares the objects with the entries that name them.
func (a *auditor) logged(ctx context.Context) error {
	entered := a.entered
	at := int64(-1)
	for e, err := range a.entriesOf(ctx) {
		at++
		if errors.Is(err, archive.ErrNotEntry) {
			a.find(Finding{Rule: RuleLog, Key: log.CheckpointKey, Message: fmt.Sprintf("entry %d: %v", at, err)})
			continue
		}
		if err != nil {
			return a.unsound(log.CheckpointKey, err)
		}
		sum := rawSum(e.Object)
		key := e.Key()
		if key == "" || entered[sum] {
			continue // of what was entered twice the first counts
		}
		entered[sum] = true
		if e.Kind == archive.KindReport {
			a.paths[e.ReportSHA256] = e.Path
		}
		if !a.seen[key] {
			there, err := a.stored(ctx, key)
			if err != nil {
				return err
			}
			if !there {
				f := Finding{Rule: RuleMissing, Key: key, Message: fmt.Sprintf("entry %d of the log names this object, and the archive does not have it", at)}
				f.affect(entryCitations(e))
				a.find(f)
			}
			continue
		}
		if said, ok := a.entries[sum]; ok && said != entryKeyOf(e) {
			f := Finding{Rule: RuleLog, Key: key, Message: fmt.Sprintf("entry %d of the log says something else of this object than the object itself", at)}
			f.affect(entryCitations(e))
			a.find(f)
		}
	}
	for key := range a.seen {
		if _, sum, ok := parseKey(key); ok && !entered[rawSum(sum)] {
			a.report.Log.Unlogged++
		}
	}
	return nil
}

// stored looks whether an object was put while the audit ran.
func (a *auditor) stored(ctx context.Context, key string) (bool, error) {
	rc, err := a.store.Open(ctx, key, 0, 0)
	if errors.Is(err, blob.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for %s: %w", key, err)
	}
	return true, rc.Close()
}

// witnesses proves that today's log extends the checkpoints that were kept
// elsewhere.
func (a *auditor) witnesses(ctx context.Context) error {
	for _, note := range a.cfg.Witnesses {
		w, err := a.log.CheckWitness(ctx, note)
		if err != nil {
			if err := a.unsound(log.CheckpointKey, fmt.Errorf("the checkpoint that was kept elsewhere: %w", err)); err != nil {
				return err
			}
			continue
		}
		for _, p := range w.Problems {
			a.find(Finding{Rule: ruleOfLog(p.Rule), Key: p.Key, Message: fmt.Sprintf("against the checkpoint of %d entries that was kept elsewhere: %s", w.Old.Size, p.Message)})
		}
		if len(w.Problems) == 0 {
			a.report.Log.Witnesses++
		}
	}
	return nil
}

// unwritable gives the log a store that an audit can only read.
type unwritable struct{ Objects }

// maxCell bounds a cell in bytes.
const maxCell = 32 << 20

func (unwritable) Put(context.Context, string, blob.Object) error { return blob.ErrReadOnly }

func (s unwritable) Load(ctx context.Context, key string) ([]byte, string, error) {
	rc, err := s.Open(ctx, key, 0, maxCell+1)
	if err != nil {
		return nil, "", err
	}
	defer rc.Close()
	b, err := io.ReadAll(rc)
	if err == nil && len(b) > maxCell {
		err = fmt.Errorf("%s has more than %d bytes: %w", key, maxCell, log.ErrDamaged)
	}
	return b, "", err
}

func (unwritable) Swap(context.Context, string, string, []byte) (string, error) {
	return "", blob.ErrReadOnly
}
