package verify

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/archive/log/timestamp"
	"github.com/ibid-archive/ibid/archive/wacz"
)

// ownSoftware begins the software of packages that ibid has written.
const ownSoftware = "ibid/"

// ownDir is where ibid's packages have what the format knows nothing of.
const ownDir = "ibid/"

// wacz checks a package: first as any package, then what ibid's own have.
func (p *packageCheck) wacz() error {
	problems, sum, err := wacz.Validate(p.ctx, p.r, p.size, wacz.Options{Keys: p.cfg.Signers})
	if err != nil {
		return err
	}
	r := p.report
	r.WARCs, r.Records, r.Software, r.Created, r.Dropped = sum.WARCs, sum.Records, sum.Info.Software, sum.Info.Created, sum.Dropped
	damaged := map[string]bool{}
	for _, q := range problems {
		step := PackageStep(q.Step)
		if q.Code == wacz.CodeWARC {
			step = StepRecords
		}
		if !q.Note {
			damaged[q.File] = true
		}
		p.add(PackageFinding{Step: step, Code: string(q.Code), File: q.File, Message: q.Message, Note: q.Note})
	}
	unread := p.results(sum)
	own := strings.HasPrefix(r.Software, ownSoftware)
	pack, err := wacz.NewReader(p.r, p.size, wacz.Limits{})
	if errors.Is(err, wacz.ErrInvalid) {
		// What is wrong stands among the problems.
		r.Own = own
		p.rest(StepNotChecked, StepNames)
		return nil
	}
	if err != nil {
		return err
	}
	files := pack.Files()
	r.Own = own || slices.ContainsFunc(files, func(f string) bool { return strings.HasPrefix(f, ownDir) })
	switch {
	case unread:
		p.rest(StepNotChecked, StepNames)
		return nil
	case !r.Own:
		p.rest(StepAbsent, StepNames)
		return nil
	}
	o := &ownPackage{packageCheck: p, pack: pack, files: files, damaged: damaged, kept: map[string]*kept{}, scan: newWARCScan(),
		indexes: map[string]int64{}, stamps: map[string]timestamp.Info{}}
	return o.check()
}

// results takes over the results of the format's own steps, and reports whether
// the files could not be read.
func (p *packageCheck) results(sum *wacz.Summary) (unread bool) {
	outcomes := map[wacz.Outcome]StepOutcome{wacz.Passed: StepPassed, wacz.Consistent: StepConsistent, wacz.Failed: StepFailed,
		wacz.NotChecked: StepNotChecked, wacz.Absent: StepAbsent}
	hashes := StepPassed
	for _, s := range sum.Results {
		r := PackageResult{Step: PackageStep(s.Step), Outcome: outcomes[s.Outcome], Proves: s.Proves, Limits: s.Limits}
		switch s.Step {
		case wacz.StepStructure:
			r.Detail = counted(sum.Files, "file")
		case wacz.StepHashes:
			if r.Outcome == StepFailed && !p.failed[StepHashes] && p.failed[StepRecords] {
				r.Outcome = StepPassed // all faults were of records, which have a step of their own
				r.Proves, r.Limits = "Every file is the one that the manifest describes.", "Who made the manifest, and when."
			}
			r.Detail = fmt.Sprintf("%s, %s indexed, %s", counted(sum.WARCs, "WARC"), counted(sum.Lines, "record"), counted(sum.Pages, "page"))
			hashes = r.Outcome
		case wacz.StepDigest:
			if sum.SHA256 != "" {
				r.Detail = "datapackage.json has SHA-256 " + sum.SHA256
			}
		case wacz.StepSignature:
			r.Detail = signer(&sum.Signature)
			// Of the anonymous form the format's own check has seen to it.
			if sum.Signature.Form == wacz.FormDomain && len(p.cfg.Signers) > 0 && !slices.Contains(p.cfg.Signers, sum.Signature.Key) {
				p.found(StepSignature, string(wacz.CodeTrust), wacz.DigestFile, "the key is none of those that were asked for: %s", sum.Signature.Key)
			}
		}
		if r.Outcome == StepNotChecked || r.Outcome == StepAbsent {
			r.Detail = ""
		}
		p.end(r)
		if s.Step == wacz.StepSignature && !p.failed[StepSignature] && r.Outcome != StepAbsent && r.Outcome != StepNotChecked {
			p.report.Signer, p.report.Domain = sum.Signature.Key, sum.Signature.Domain
		}
	}
	records := PackageResult{Step: StepRecords, Outcome: StepPassed, Detail: counted(sum.Records, "record"), Proves: provesRecords, Limits: limitsRecords}
	if unread = hashes == StepNotChecked || p.failed[StepStructure]; unread {
		records.Outcome, records.Detail = StepNotChecked, ""
	}
	p.end(records)
	return unread
}

func signer(s *wacz.Signature) string {
	switch s.Form {
	case wacz.FormAnonymous:
		return "anonymous, key " + s.Key
	case wacz.FormDomain:
		text := "for the domain " + brief(s.Domain) + ", key " + s.Key
		if !s.StampedAt.IsZero() {
			text += ", stamped " + s.StampedAt.UTC().Format("2006-01-02T15:04:05Z")
		}
		return text
	}
	return ""
}

// rest says the same of all steps from one on.
func (p *packageCheck) rest(outcome StepOutcome, from PackageStep) {
	all := steps()
	for _, s := range all[from.order():] {
		p.end(PackageResult{Step: s, Outcome: outcome})
	}
}

// ownPackage checks what ibid's own packages have.
type ownPackage struct {
	*packageCheck
	pack    *wacz.Reader
	files   []string // sorted
	damaged map[string]bool
	kept    map[string]*kept // by the SHA-256 of the WARC
	order   []*kept          // in the order of their names
	scan    *warcScan

	point   *log.Checkpoint           // nil when it is not there, or does not hold
	indexes map[string]int64          // in the log, of the WARCs that are proved to be in it
	stamps  map[string]timestamp.Info // of the tokens that hold, by their files
}

func (o *ownPackage) check() error {
	if err := o.warcs(); err != nil {
		return err
	}
	if err := o.log(); err != nil {
		return err
	}
	return o.citations()
}

// warcs reads the WARCs that are not damaged: their names, and what they are.
func (o *ownPackage) warcs() error {
	names := PackageResult{Step: StepNames, Outcome: StepPassed, Proves: "Each WARC is the one that its name stands for.", Limits: limitsNames}
	captures := PackageResult{Step: StepCaptures, Outcome: StepPassed, Proves: provesCaptures + " Every revisit finds its record in the package.", Limits: limitsCaptures}
	hashes := map[string]string{}
	for _, r := range o.pack.Info().Resources {
		hashes[r.Path] = r.SHA256
	}
	skipped, reports := 0, 0
	for _, file := range o.pack.WARCs() {
		if o.damaged[file] {
			skipped++
			continue
		}
		// That the file has the hash of the manifest has been found before.
		sum := hashes[file]
		if file != "archive/"+sum+".warc.gz" || !isSum(sum) {
			o.found(StepNames, CodeName, file, "the SHA-256 of its bytes is %s", brief(sum))
		}
		k, err := o.readWARC(file, sum)
		if err != nil {
			return err
		}
		if k == nil {
			continue
		}
		if k.report != nil {
			reports++
		}
		o.kept[sum] = k
		o.order = append(o.order, k)
	}
	o.references()
	names.Detail = counted(len(o.order), "WARC")
	captures.Detail = fmt.Sprintf("%s, %s", counted(len(o.order)-reports, "capture"), counted(reports, "report"))
	if skipped > 0 {
		names.Outcome, captures.Outcome = StepNotChecked, StepNotChecked
	}
	o.end(names)
	o.end(captures)
	return nil
}

func (o *ownPackage) readWARC(file, sum string) (*kept, error) {
	size, err := o.pack.Size(file)
	if err != nil {
		return nil, err
	}
	in, err := o.pack.Open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	k, problems, err := o.scan.read(&ctxReader{o.ctx, in}, file, sum, size)
	if err != nil {
		return nil, err
	}
	for _, m := range problems {
		o.found(StepCaptures, CodeCapture, file, "%s", m)
	}
	return k, nil
}

// references looks for what the revisits refer to.
func (o *ownPackage) references() {
	for _, r := range o.scan.refs {
		h, ok := o.scan.held[r.target]
		file := o.scan.files[r.file]
		switch {
		case !ok && len(o.damaged) > 0: // it may be in a WARC that could not be read
		case !ok:
			o.found(StepCaptures, CodeReference, file, "the revisit at byte %d refers to a record that is not in the package", r.offset)
		case h.payload != r.payload && r.payload != digestKey{}:
			o.found(StepCaptures, CodeReference, file, "the revisit at byte %d refers to a record in %s with another payload", r.offset, o.scan.files[h.file])
		}
	}
}

// maxSmall bounds a file of the log in a package; the longest are proofs.
const maxSmall = 1 << 20

// small reads a small file whole. A damaged one is nil; so is one that is not
// there, which only missing tells apart.
func (o *ownPackage) small(step PackageStep, file string) (data []byte, missing bool, err error) {
	if o.damaged[file] {
		return nil, false, nil
	}
	size, err := o.pack.Size(file)
	if errors.Is(err, wacz.ErrNotFound) {
		return nil, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	if size > maxSmall {
		o.found(step, CodeFormat, file, "%d bytes are more than such a file has", size)
		return nil, false, nil
	}
	in, err := o.pack.Open(file)
	if err != nil {
		return nil, false, err
	}
	defer in.Close()
	if data, err = io.ReadAll(in); err != nil {
		return nil, false, err
	}
	return data, false, nil
}

// in returns the names of the files in a directory, which ends in a slash.
func (o *ownPackage) in(dir string) []string {
	at, _ := slices.BinarySearch(o.files, dir)
	list := o.files[at:]
	for i, f := range list {
		if !strings.HasPrefix(f, dir) {
			return list[:i]
		}
	}
	return list
}
