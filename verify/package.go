package verify

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ibid-archive/ibid/archive/log"
)

// PackageStep is one step of the check of a package, in the order in which they
// are made. The strings are stable.
type PackageStep string

// The steps. Those from StepNames on are about what ibid's own packages have.
const (
	StepStructure  PackageStep = "structure"  // the file means the same to every reader
	StepHashes     PackageStep = "hashes"     // every file is the one that the manifest describes
	StepDigest     PackageStep = "digest"     // the manifest is the one whose hash is given
	StepSignature  PackageStep = "signature"  // who vouches for that hash
	StepRecords    PackageStep = "records"    // blocks and payloads of the WARCs are those of their digests
	StepNames      PackageStep = "names"      // each WARC is the one that its name stands for
	StepCaptures   PackageStep = "captures"   // each WARC is a whole capture, or a report
	StepEntries    PackageStep = "entries"    // what the log says of it is what it says of itself
	StepCheckpoint PackageStep = "checkpoint" // who signed the log
	StepInclusion  PackageStep = "inclusion"  // the entries are in that log
	StepTimestamps PackageStep = "timestamps" // since when that log has existed
	StepCitations  PackageStep = "citations"  // the verdicts that are shown are those of the captures
)

// StepOutcome is how a step ended.
type StepOutcome string

// The outcomes of a step.
const (
	StepPassed     StepOutcome = "passed"
	StepConsistent StepOutcome = "consistent"  // all belongs together; whom to trust was not said
	StepIncomplete StepOutcome = "incomplete"  // what is there holds, and a part is not there
	StepAbsent     StepOutcome = "not there"   // there is nothing to check
	StepNotChecked StepOutcome = "not checked" // a failure before it leaves nothing to check
	StepFailed     StepOutcome = "failed"
)

// PackageResult is what came of one step.
type PackageResult struct {
	Step    PackageStep `json:"step"`
	Outcome StepOutcome `json:"outcome"`
	// Detail is what was found: a count, a key, a time. It may quote the
	// package, so clean it before it is shown.
	Detail string `json:"detail,omitempty"`
	Proves string `json:"proves,omitempty"` // of a step that holds, in a sentence
	Limits string `json:"limits,omitempty"` // what it does not prove
}

// PackageFinding is one thing that is wrong with a package, or worth saying.
type PackageFinding struct {
	Step    PackageStep `json:"step"`
	Code    string      `json:"code"`
	File    string      `json:"file,omitempty"` // in the package; "" for the package
	Message string      `json:"message"`        // for people; may quote the package, so clean it before it is shown
	Note    bool        `json:"note,omitempty"` // it fails nothing
}

// Codes of findings about ibid's own packages. Those of the steps up to
// StepRecords are the codes of packages wacz and warc.
const (
	CodeFormat    = "format"    // neither a zip file nor a WARC
	CodeName      = "name"      // the name is not the SHA-256 of the bytes
	CodeCapture   = "capture"   // a WARC is no capture and no report of ibid's
	CodeReference = "reference" // a revisit refers to what is not in the package
	CodeEntry     = "entry"     // the log's entry is not that of the WARC
	CodeMissing   = "missing"   // a package of ibid's has it, and this one has not
	CodeStray     = "stray"     // it belongs to nothing in the package
	CodeKey       = "key"       // a key, or what introduces it, is malformed, or is not the one that was asked for
	CodeNote      = "checkpoint"
	CodeProof     = "proof"
	CodeTimestamp = "timestamp"
	CodeDocument  = "document" // ibid/citations.json says something else than the WARCs
)

// Formats of packages.
const (
	FormatWACZ = "wacz"
	FormatWARC = "warc"
)

// PackageReport is what the check of one file found.
type PackageReport struct {
	File     string `json:"file"`   // its name, as given
	Format   string `json:"format"` // FormatWACZ or FormatWARC
	Own      bool   `json:"own"`    // it says that it is ibid's
	Software string `json:"software,omitempty"`
	Created  string `json:"created,omitempty"` // as it says
	Size     int64  `json:"size"`              // bytes
	// Signer is the SHA-256 of the key that signed the package, and Domain that
	// of its certificate, when the step StepSignature holds.
	Signer string `json:"signer,omitempty"`
	Domain string `json:"domain,omitempty"`

	WARCs    int              `json:"warcs"`
	Records  int              `json:"records"`
	Steps    []PackageResult  `json:"steps"`
	Findings []PackageFinding `json:"findings"` // in the order of the steps; never nil
	Dropped  int              `json:"findings_dropped,omitempty"`
}

// Holds reports whether nothing that could be checked failed.
func (r *PackageReport) Holds() bool {
	return len(r.Steps) > 0 && !slices.ContainsFunc(r.Steps, func(s PackageResult) bool { return s.Outcome == StepFailed })
}

// PackageConfig says what a package is held to.
type PackageConfig struct {
	Name string // of the file; a WARC of ibid's must have its SHA-256 for a name

	// Keys are those that are known from elsewhere to be the log's: one must
	// vouch for the checkpoint. With none, the package's own are believed.
	Keys []*log.Verifier
	// Signers are keys of packages that are known from elsewhere: SHA-256 of the
	// SubjectPublicKeyInfo in DER, lower-case hex. One must have signed.
	Signers []string
	// Roots are trusted to vouch for authorities of time-stamps. Nil takes the
	// system's; an empty pool trusts nobody.
	Roots *x509.CertPool
	// Strict makes it a failure when something is not there that a package of
	// ibid's has.
	Strict bool

	Progress func(done, all int64) // bytes read; may be nil
}

// Package checks a WACZ package or a WARC file of size bytes, whoever wrote it,
// with nothing but its bytes: no network, no archive, no catalog. It reads all of
// it, in memory that does not grow with its size, and names every file in it that
// any changed byte makes differ from what was written. What is wrong is a
// finding; the error is that of reading, or ctx's.
func Package(ctx context.Context, r io.ReaderAt, size int64, cfg PackageConfig) (*PackageReport, error) {
	p := &packageCheck{ctx: ctx, cfg: cfg, r: &countedReader{r: r, all: size, seen: cfg.Progress}, size: size,
		report: &PackageReport{File: cfg.Name, Size: size, Findings: []PackageFinding{}}}
	var err error
	if p.report.Format, err = packageFormat(r, size, cfg.Name); err != nil {
		return nil, fmt.Errorf("read %s: %w", cfg.Name, err)
	}
	if p.report.Format == FormatWACZ {
		err = p.wacz()
	} else {
		err = p.warc()
	}
	if err != nil {
		return nil, fmt.Errorf("check %s: %w", cfg.Name, err)
	}
	p.demand()
	return p.report, nil
}

// packageFormat tells zip files from WARCs by their bytes, so that a damaged
// beginning is a finding in what the file is, and not another format. Names
// decide where bytes do not.
func packageFormat(r io.ReaderAt, size int64, name string) (string, error) {
	read := func(off, n int64) ([]byte, error) {
		b := make([]byte, min(n, size-off))
		if n, err := r.ReadAt(b, off); n < len(b) {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		return b, nil
	}
	head, err := read(0, 5)
	if err != nil {
		return "", err
	}
	switch {
	case bytes.HasPrefix(head, []byte("WARC/")), bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return FormatWARC, nil
	case bytes.HasPrefix(head, []byte("PK")):
		return FormatWACZ, nil
	}
	const end = 1<<16 + 22 // end of central directory with the longest comment (APPNOTE 4.3.16)
	tail, err := read(max(0, size-end), end)
	if err != nil {
		return "", err
	}
	name = strings.ToLower(name)
	if bytes.Contains(tail, []byte("PK\x05\x06")) || strings.HasSuffix(name, ".wacz") || strings.HasSuffix(name, ".zip") {
		return FormatWACZ, nil
	}
	return FormatWARC, nil
}

// packageCheck is one check.
type packageCheck struct {
	ctx    context.Context //nolint:containedctx // it lives as long as Package
	cfg    PackageConfig
	r      io.ReaderAt
	size   int64
	report *PackageReport
	failed map[PackageStep]bool
}

// maxPackageFindings bounds what is listed: a hostile package has as many faults
// as its author likes.
const maxPackageFindings = 1000

func (p *packageCheck) found(step PackageStep, code, file, format string, args ...any) {
	p.add(PackageFinding{Step: step, Code: code, File: file, Message: fmt.Sprintf(format, args...)})
}

func (p *packageCheck) add(f PackageFinding) {
	if !f.Note {
		if p.failed == nil {
			p.failed = map[PackageStep]bool{}
		}
		p.failed[f.Step] = true
	}
	if len(p.report.Findings) == maxPackageFindings {
		p.report.Dropped++
		return
	}
	p.report.Findings = append(p.report.Findings, f)
}

// end says how a step ended that found what it found.
func (p *packageCheck) end(r PackageResult) {
	if p.failed[r.Step] {
		r.Outcome = StepFailed
	}
	switch r.Outcome {
	case StepPassed, StepConsistent, StepIncomplete:
	default:
		r.Proves, r.Limits = "", ""
	}
	p.report.Steps = append(p.report.Steps, r)
}

// demand fails what is not there and was asked for.
func (p *packageCheck) demand() {
	for i := range p.report.Steps {
		s := &p.report.Steps[i]
		if s.Outcome != StepAbsent && s.Outcome != StepIncomplete {
			continue
		}
		switch {
		case s.Step == StepCheckpoint && len(p.cfg.Keys) > 0:
			p.found(s.Step, CodeMissing, "", "there is no signed log, so the key that was asked for vouches for nothing")
		case s.Step == StepSignature && len(p.cfg.Signers) > 0:
			p.found(s.Step, CodeMissing, "", "there is no signature, so the signer that was asked for vouches for nothing")
		case p.cfg.Strict && p.needs(s.Step):
			p.found(s.Step, CodeMissing, "", "a package of ibid's has it: %s", s.Step.needed())
		default:
			continue
		}
		s.Outcome, s.Proves, s.Limits = StepFailed, "", ""
	}
	slices.SortStableFunc(p.report.Findings, func(a, b PackageFinding) int { return a.Step.order() - b.Step.order() })
}

// needs reports a step for which a package of ibid's has what is checked. Time-
// stamps are there when an authority was configured; a WARC alone has no log.
func (p *packageCheck) needs(s PackageStep) bool {
	if p.report.Format == FormatWARC {
		return s == StepNames || s == StepCaptures
	}
	return s != StepTimestamps
}

// needed says what is missing when a step found nothing.
func (s PackageStep) needed() string {
	switch s {
	case StepDigest:
		return "datapackage-digest.json"
	case StepSignature:
		return "a signature in datapackage-digest.json"
	case StepNames:
		return "WARCs that are named by the SHA-256 of their bytes"
	case StepEntries:
		return "the log's entry of each WARC"
	case StepCheckpoint:
		return "the log's checkpoint"
	case StepInclusion:
		return "a proof that each WARC is in the log"
	case StepCitations:
		return "ibid/citations.json"
	}
	return string(s)
}

func (s PackageStep) order() int { return slices.Index(steps(), s) }

func steps() []PackageStep {
	return []PackageStep{StepStructure, StepHashes, StepDigest, StepSignature, StepRecords, StepNames, StepCaptures, StepEntries,
		StepCheckpoint, StepInclusion, StepTimestamps, StepCitations}
}

// countedReader tells how far the reading is. Packages are read from the start
// to the end, with looks ahead at the directory.
type countedReader struct {
	r         io.ReaderAt
	done, all int64
	seen      func(done, all int64)
}

func (c *countedReader) ReadAt(b []byte, off int64) (int, error) {
	n, err := c.r.ReadAt(b, off)
	if c.seen != nil {
		c.done += int64(n)
		c.seen(min(c.done, c.all), c.all)
	}
	return n, err
}
