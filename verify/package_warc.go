package verify

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"path"
	"strings"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/warc"
)

// warc checks a WARC file that stands alone. Its records are structure, the
// digests in them are records.
func (p *packageCheck) warc() error {
	var (
		pending []PackageFinding // harmless in a WARC of others, so what it is decides
		faults  = map[PackageStep]bool{}
		own     bool
		info    bool
	)
	whole := sha256.New()
	file := path.Base(strings.ReplaceAll(p.cfg.Name, `\`, "/"))
	in := io.TeeReader(&ctxReader{p.ctx, io.NewSectionReader(p.r, 0, p.size)}, whole)
	scan := newWARCScan()
	err := warc.VerifyFile(in, func(rec *warc.Record, problems []warc.Problem) error {
		for _, q := range problems {
			step := StepStructure
			if ruleOf(q.Code) == RuleDigest {
				step = StepRecords
			}
			f := PackageFinding{Step: step, Code: string(q.Code), File: file, Message: recordMessage(rec, q)}
			if !q.Code.Harmless() {
				p.add(f)
				continue
			}
			if faults[step] = true; len(pending) < maxPackageFindings {
				pending = append(pending, f)
			}
		}
		if rec == nil {
			return nil
		}
		p.report.Records++
		if rec.Type() == warc.TypeWarcinfo && !info {
			info = true
		}
		own = isEnd(rec)
		return nil
	})
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, in); err != nil { // what damage kept from being read
		return err
	}
	p.report.WARCs, p.report.Own = 1, own
	sum := hex.EncodeToString(whole.Sum(nil))
	stem, named := strings.CutSuffix(file, ".warc.gz")
	named = named && isSum(stem)
	for _, f := range pending {
		f.Note = !own && !named || warc.Code(f.Code).OfForm() // ours may have imported records
		p.add(f)
	}
	if p.report.Records == 0 && !p.failed[StepStructure] {
		p.found(StepStructure, CodeFormat, file, "there is no record in it")
	}
	p.end(PackageResult{Step: StepStructure, Outcome: StepPassed, Detail: "SHA-256 " + sum,
		Proves: "It is a WARC file, whole from the first record to the last.", Limits: "Who wrote it, and when."})
	for _, s := range []PackageStep{StepHashes, StepDigest, StepSignature} {
		p.end(PackageResult{Step: s, Outcome: StepAbsent})
	}
	records := PackageResult{Step: StepRecords, Outcome: StepPassed, Detail: counted(p.report.Records, "record"), Proves: provesRecords, Limits: limitsRecords}
	if p.report.Records == 0 {
		records.Outcome, records.Detail = StepNotChecked, ""
	}
	p.end(records)
	names := PackageResult{Step: StepNames, Outcome: StepAbsent, Proves: "The file is the one that its name stands for.", Limits: limitsNames}
	if named {
		names.Outcome = StepPassed
		if stem != sum {
			p.found(StepNames, CodeName, file, "the SHA-256 of its bytes is %s", sum)
		}
	}
	p.end(names)
	if err := p.alone(scan, file, sum, own, named); err != nil {
		return err
	}
	for _, s := range []PackageStep{StepEntries, StepCheckpoint, StepInclusion, StepTimestamps, StepCitations} {
		p.end(PackageResult{Step: s, Outcome: StepAbsent})
	}
	return nil
}

// alone checks that a WARC of ibid's is a whole capture or report. What its
// revisits refer to is elsewhere.
func (p *packageCheck) alone(scan *warcScan, file, sum string, own, named bool) error {
	r := PackageResult{Step: StepCaptures, Outcome: StepAbsent}
	switch {
	case p.failed[StepStructure]:
		r.Outcome = StepNotChecked
	case own || named:
		r.Outcome, r.Proves, r.Limits = StepPassed, provesCaptures, limitsCaptures
		kept, problems, err := scan.read(&ctxReader{p.ctx, io.NewSectionReader(p.r, 0, p.size)}, file, sum, p.size)
		if err != nil {
			return err
		}
		for _, m := range problems {
			p.found(StepCaptures, CodeCapture, file, "%s", m)
		}
		if kept != nil {
			p.report.Software, r.Detail = kept.software(), kept.said()
		}
		if n := len(scan.refs); n > 0 && r.Detail != "" {
			r.Detail += "; " + counted(n, "revisit") + " of records that are elsewhere"
		}
	}
	p.end(r)
	return nil
}

func recordMessage(rec *warc.Record, q warc.Problem) string {
	if rec == nil {
		return q.Message
	}
	return "record " + rec.ID() + " at byte " + itoa(rec.Offset) + ": " + q.Message
}

func isSum(s string) bool { return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == "" }

const (
	provesRecords  = "Every block and payload is the one that its record's digest is of."
	limitsRecords  = "Records without a digest prove nothing; whoever changes a record can change its digest."
	limitsNames    = "Who gave it that name."
	provesCaptures = "Each WARC ends in ibid's own account of it, and the records that this speaks of are there."
	limitsCaptures = "That the account is true: it is what the program that made it says."
)

// kept is a WARC of ibid's, by its last record.
type kept struct {
	file    string
	sum     string
	capture *archive.Capture // without exchanges; nil for a report
	content content          // of a capture: what holds its final answer
	report  *archive.Report
}

// content is where the payload of a capture's final answer is.
type content struct {
	here   bool      // in its own WARC
	target recordKey // in the record that a revisit refers to
	refers bool
}

func (k *kept) entry() *archive.Entry {
	if k.capture != nil {
		return archive.CaptureEntry(k.capture)
	}
	return archive.ReportEntry(k.report)
}

func (k *kept) software() string {
	if k.capture != nil {
		return k.capture.Software
	}
	return k.report.Software
}

func (k *kept) said() string {
	if k.capture != nil {
		return "a capture of " + k.capture.URL
	}
	return "the report " + k.report.Path
}
