package verify

import (
	"bytes"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/log"
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
