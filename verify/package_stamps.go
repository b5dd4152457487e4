package verify

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/archive/log/timestamp"
)

// timestamps checks what authorities say of when the log was as it is.
func (o *ownPackage) timestamps(chain *log.Keychain) error {
	r := PackageResult{Step: StepTimestamps, Outcome: StepNotChecked}
	files := o.in(stampDir)
	switch {
	case len(files) == 0:
		r.Outcome = StepAbsent
		o.end(r)
		return nil
	case o.point == nil:
		o.end(r)
		return nil
	}
	var said []string
	trusted := true
	covered := int64(0)
	for len(files) > 0 {
		dir := path.Dir(files[0]) + "/"
		n := 0
		for n < len(files) && strings.HasPrefix(files[n], dir) {
			n++
		}
		old, good, err := o.stamped(dir, files[:n], chain)
		if err != nil {
			return err
		}
		if good {
			if old.Size > covered {
				covered = old.Size
			}
			for _, f := range files[:n] {
				if !strings.HasSuffix(f, ".tst") {
					continue
				}
				info, sound, err := o.token(f, old.Note)
				if err != nil {
					return err
				}
				if sound {
					trusted = trusted && info.Trusted
					said = append(said, fmt.Sprintf("%d entries before %s by %s", old.Size, info.Time.UTC().Format(time.RFC3339), brief(info.Authority)))
				}
			}
		}
		files = files[n:]
	}
	under := 0
	for _, i := range o.indexes {
		if i < covered {
			under++
		}
	}
	if len(said) == 0 && !o.failed[StepTimestamps] {
		o.found(StepTimestamps, CodeTimestamp, stampDir, "there is no token")
	}
	const most = 4
	more := ""
	if n := len(said) - most; n > 0 {
		said, more = said[:most], fmt.Sprintf("; and %d more", n)
	}
	r.Detail = fmt.Sprintf("%d of %s: %s%s", under, counted(len(o.order), "WARC"), strings.Join(said, "; "), more)
	r.Proves = "The log with these entries, and so the WARCs, existed before the times that the authorities state."
	r.Limits = "How long before; and that the authority's clock was right."
	r.Outcome = StepPassed
	if !trusted {
		r.Outcome = StepConsistent
		r.Limits = "No known root vouches for an authority: the tokens agree with the certificates that they bring, which anybody can make (--timestamp-roots). " + r.Limits
	}
	if under < len(o.order) && r.Outcome == StepPassed {
		r.Outcome = StepIncomplete
	}
	o.end(r)
	return nil
}

// stamped checks a checkpoint that was stamped: that it is of this log, and that
// the tree of the package's own begins with it.
func (o *ownPackage) stamped(dir string, files []string, chain *log.Keychain) (old log.Checkpoint, good bool, err error) {
	var note, proof []byte
	for _, f := range files {
		b, _, err := o.small(StepTimestamps, f)
		if err != nil {
			return old, false, err
		}
		switch {
		case f == dir+"checkpoint":
			note = b
		case f == dir+"consistency":
			proof = b
		case !strings.HasSuffix(f, ".tst"):
			o.found(StepTimestamps, CodeStray, f, "it is neither a checkpoint nor a token")
		}
	}
	if note == nil {
		o.found(StepTimestamps, CodeMissing, dir+"checkpoint", "there are tokens, and not what they are about")
		return old, false, nil
	}
	if old, err = chain.Open(note, o.cfg.Keys...); err != nil {
		o.found(StepTimestamps, CodeNote, dir+"checkpoint", "%v", err)
		return old, false, nil
	}
	if bytes.Equal(note, o.point.Note) {
		if proof != nil {
			o.found(StepTimestamps, CodeStray, dir+"consistency", "the checkpoint is the package's own, which needs no such proof")
		}
		return old, true, nil
	}
	if proof == nil {
		o.found(StepTimestamps, CodeMissing, dir+"consistency", "nothing proves that the log begins with what was stamped")
		return old, false, nil
	}
	c, err := log.ParseConsistency(string(proof))
	if err == nil && c.String() != string(proof) {
		err = errors.New("it is not as ibid writes it")
	}
	if err == nil {
		err = log.VerifyConsistency(c, old, *o.point)
	}
	if err != nil {
		o.found(StepTimestamps, CodeProof, dir+"consistency", "%v", err)
		return old, false, nil
	}
	return old, true, nil
}

// token checks one token.
func (o *ownPackage) token(file string, note []byte) (info timestamp.Info, sound bool, err error) {
	b, _, err := o.small(StepTimestamps, file)
	if err != nil || b == nil {
		return info, false, err
	}
	t, err := timestamp.Parse(b)
	if err != nil {
		o.found(StepTimestamps, CodeTimestamp, file, "%v", err)
		return info, false, nil
	}
	info, findings := timestamp.Verify(t, note, timestamp.Options{Roots: o.cfg.Roots})
	for _, f := range findings {
		o.add(PackageFinding{Step: StepTimestamps, Code: string(f.Code), File: file, Message: f.Message, Note: f.Level != timestamp.Error})
	}
	if sound = timestamp.Err(findings) == nil; sound {
		o.stamps[file] = info
	}
	return info, sound, nil
}
