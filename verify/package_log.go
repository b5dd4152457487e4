package verify

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/archive/log/timestamp"
)

// Names of files in a package of ibid's. They are spelled out here again, so that
// a mistake of the writer is not also the checker's.
const (
	logDir          = ownDir + "log/"
	checkpointFile  = logDir + "checkpoint"
	keyDir          = logDir + "keys/"
	introductionDir = logDir + "introductions/"
	entryDir        = logDir + "entries/"
	proofDir        = logDir + "proofs/"
	stampDir        = logDir + "timestamps/"
)

// log checks what the package has of the archive's log.
func (o *ownPackage) log() error {
	entries, err := o.entries()
	if err != nil {
		return err
	}
	chain, err := o.checkpoint()
	if err != nil {
		return err
	}
	if err := o.inclusion(entries, chain); err != nil {
		return err
	}
	return o.timestamps(chain)
}

// entries compares the log's entries with what the WARCs say of themselves, and
// returns those that agree, by the SHA-256 of the WARC.
func (o *ownPackage) entries() (map[string][]byte, error) {
	r := PackageResult{Step: StepEntries, Outcome: StepPassed, Proves: "What the log says of each WARC is what the WARC says of itself.",
		Limits: "That they are in a log: the entries stand beside the WARCs."}
	good := map[string][]byte{}
	absent, skipped := 0, 0
	for _, k := range o.order {
		file := entryDir + k.sum + ".json"
		got, missing, err := o.small(StepEntries, file)
		switch {
		case err != nil:
			return nil, err
		case missing:
			absent++
			continue
		case got == nil:
			skipped++
			continue
		}
		want, err := k.entry().Encode()
		if err != nil {
			o.found(StepEntries, CodeEntry, file, "no log can have an entry of %s: %v", k.file, err)
			continue
		}
		if !bytes.Equal(got, want) {
			o.found(StepEntries, CodeEntry, file, "it says %s of %s", differing(got, want), k.file)
			continue
		}
		good[k.sum] = got
	}
	o.strays(StepEntries, entryDir, ".json")
	r.Detail = fmt.Sprintf("%d of %s", len(good), counted(len(o.order), "WARC"))
	r.Outcome = partly(len(good), absent, skipped)
	o.end(r)
	return good, nil
}

// partly is the outcome of a step over many files.
func partly(good, absent, skipped int) StepOutcome {
	switch {
	case skipped > 0:
		return StepNotChecked
	case good == 0 && absent > 0:
		return StepAbsent
	case absent > 0:
		return StepIncomplete
	}
	return StepPassed
}

// strays names files that belong to no WARC of the package.
func (o *ownPackage) strays(step PackageStep, dir, suffix string) {
	for _, f := range o.in(dir) {
		sum, ok := strings.CutSuffix(strings.TrimPrefix(f, dir), suffix)
		if o.kept[sum] == nil && (!ok || !o.damaged["archive/"+sum+".warc.gz"]) {
			o.found(step, CodeStray, f, "it belongs to no WARC in the package")
		}
	}
}

// differing says what an entry says otherwise than the WARC.
func differing(got, want []byte) string {
	g, err := archive.DecodeEntry(got)
	if err != nil {
		return "nothing that an entry can say (" + err.Error() + ")"
	}
	w, err := archive.DecodeEntry(want)
	if err != nil {
		return "something else"
	}
	switch {
	case g.Kind != w.Kind:
		return fmt.Sprintf("kind %q, not %q,", g.Kind, w.Kind)
	case g.Object != w.Object:
		return fmt.Sprintf("SHA-256 %s, not %s,", g.Object, w.Object)
	case g.Verdict != w.Verdict:
		return fmt.Sprintf("verdict %q, not %q,", g.Verdict, w.Verdict)
	case !g.Time.Equal(w.Time):
		return fmt.Sprintf("time %s, not %s,", g.Time.Format(time.RFC3339Nano), w.Time.Format(time.RFC3339Nano))
	case g.URL != w.URL:
		return fmt.Sprintf("URL %q, not %q,", brief(g.URL), brief(w.URL))
	case g.PayloadSHA256 != w.PayloadSHA256:
		return fmt.Sprintf("payload %s, not %s,", brief(g.PayloadSHA256), brief(w.PayloadSHA256))
	}
	return "something else than the record"
}

// checkpoint checks who signed the tree of which all proofs speak.
func (o *ownPackage) checkpoint() (*log.Keychain, error) {
	r := PackageResult{Step: StepCheckpoint, Outcome: StepConsistent}
	note, missing, err := o.small(StepCheckpoint, checkpointFile)
	switch {
	case err != nil:
		return nil, err
	case missing && len(o.in(logDir)) == 0:
		r.Outcome = StepAbsent
	case missing:
		o.found(StepCheckpoint, CodeMissing, checkpointFile, "there are proofs, and not what they prove")
	case note == nil:
		r.Outcome = StepNotChecked
	}
	if note == nil {
		o.end(r)
		return nil, nil
	}
	chain, err := o.keychain()
	if err != nil {
		return nil, err
	}
	if chain == nil {
		o.end(r)
		return nil, nil
	}
	point, err := chain.Open(note, o.cfg.Keys...)
	if err != nil {
		o.found(StepCheckpoint, CodeNote, checkpointFile, "%v", err)
		o.end(r)
		return nil, nil
	}
	o.point = &point
	r.Detail = fmt.Sprintf("%s, %d entries, key %s (%s)", point.Origin, point.Size, point.Key.ID(), point.Trust)
	r.Proves = "Whoever holds the private key " + point.Key.ID() + " signed the log of " + point.Origin + " as it was then."
	r.Limits = "Who that is: the key comes with the package. Compare it with the one that the archive's keeper publishes (--log-key)."
	if point.Trust != log.SelfAsserted {
		r.Outcome = StepPassed
		r.Limits = "When that was; and that the log which is shown to others is the same: that needs a checkpoint kept elsewhere."
	}
	o.end(r)
	return chain, nil
}

// keychain reads the public keys of the log; nil when they are at fault.
func (o *ownPackage) keychain() (*log.Keychain, error) {
	var vkeys []string
	var notes [][]byte
	bad := false
	for _, f := range o.in(keyDir) {
		b, _, err := o.small(StepCheckpoint, f)
		if err != nil {
			return nil, err
		}
		v, err := log.ParseVerifier(string(b))
		switch {
		case err != nil:
			o.found(StepCheckpoint, CodeKey, f, "%v", err)
			bad = true
			continue
		case path.Base(f) != v.ID():
			o.found(StepCheckpoint, CodeKey, f, "it is the key %s", v.ID())
			bad = true
		}
		vkeys = append(vkeys, v.String())
	}
	for _, f := range o.in(introductionDir) {
		b, _, err := o.small(StepCheckpoint, f)
		if err != nil {
			return nil, err
		}
		in, err := log.ParseIntroduction(b)
		switch {
		case err != nil:
			o.found(StepCheckpoint, CodeKey, f, "%v", err)
			bad = true
			continue
		case path.Base(f) != in.New.ID():
			o.found(StepCheckpoint, CodeKey, f, "it introduces the key %s", in.New.ID())
			bad = true
		}
		notes = append(notes, b)
	}
	if bad {
		return nil, nil
	}
	chain, err := log.NewKeychain(vkeys, notes)
	if err != nil {
		o.found(StepCheckpoint, CodeKey, keyDir, "%v", err)
		return nil, nil
	}
	return chain, nil
}

// inclusion checks that each entry is in the tree of the checkpoint.
func (o *ownPackage) inclusion(entries map[string][]byte, chain *log.Keychain) error {
	r := PackageResult{Step: StepInclusion, Outcome: StepNotChecked, Proves: "The entry of each WARC is in the log that the checkpoint signs: it cannot be taken out or changed unnoticed.",
		Limits: "That what the entries say is true; and when they were entered, which the time-stamps bound."}
	proofs := o.in(proofDir)
	if o.point == nil {
		if !o.failed[StepCheckpoint] && len(proofs) == 0 {
			r.Outcome = StepAbsent
		}
		o.end(r)
		return nil
	}
	absent, skipped := 0, 0
	for _, k := range o.order {
		file := proofDir + k.sum + ".tlog-proof"
		text, missing, err := o.small(StepInclusion, file)
		entry := entries[k.sum]
		switch {
		case err != nil:
			return err
		case missing && entry != nil:
			o.found(StepInclusion, CodeMissing, file, "%s has an entry and no proof", k.file)
			continue
		case missing:
			absent++
			continue
		case text == nil || entry == nil:
			skipped++
			continue
		}
		proof, err := log.ParseInclusion(string(text))
		if err != nil {
			o.found(StepInclusion, CodeProof, file, "%v", err)
			continue
		}
		// One form for each proof, and nothing beside it that nobody signs.
		if proof.Extra != nil || proof.String() != string(text) {
			o.found(StepInclusion, CodeProof, file, "it is not as ibid writes it")
			continue
		}
		if !bytes.Equal(proof.Checkpoint, o.point.Note) {
			o.found(StepInclusion, CodeProof, file, "it is under another checkpoint than %s", checkpointFile)
			continue
		}
		if _, err := log.VerifyInclusion(proof, entry, chain, o.cfg.Keys...); err != nil {
			o.found(StepInclusion, CodeProof, file, "%v", err)
			continue
		}
		o.indexes[k.sum] = proof.Index
	}
	o.strays(StepInclusion, proofDir, ".tlog-proof")
	r.Detail = fmt.Sprintf("%d of %s", len(o.indexes), counted(len(o.order), "WARC"))
	r.Outcome = partly(len(o.indexes), absent, skipped)
	o.end(r)
	return nil
}

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
