package wacz

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Options of [Validate].
type Options struct {
	Limits Limits

	// Keys of anonymous signatures that are to be trusted: SHA-256 of the
	// SubjectPublicKeyInfo in DER, lower-case hex. With an empty list a signature
	// can at best be [Consistent]; with one, a signature of another key fails.
	Keys []string

	// Roots of domain-name signatures that are to be trusted, in the same way:
	// SHA-256 of the certificate in DER, as the reference verifier authsign lists
	// them. Both lists are needed.
	DomainRoots    []string
	TimestampRoots []string
}

// Outcome is how a step ended.
type Outcome string

// The outcomes of a step.
const (
	Passed     Outcome = "passed"
	Failed     Outcome = "failed"
	Consistent Outcome = "consistent"  // of a signature: all belongs together, whom to trust was not said
	NotChecked Outcome = "not checked" // a step before it leaves nothing to check
	Absent     Outcome = "absent"      // the package has no such thing, and need not
)

// Result is what came of one step.
type Result struct {
	Step    Step
	Outcome Outcome
	Proves  string // when passed or consistent, in a sentence
	Limits  string // what it does not prove
}

// Summary is what a validation saw of a package.
type Summary struct {
	Info      Info
	Results   []Result // of all steps, in order
	Files     int
	Bytes     int64 // of all files, inflated
	WARCs     int
	Records   int
	Lines     int    // of all indexes
	Pages     int    // of all lists
	SHA256    string // of datapackage.json, lower-case hex; "" when there is none
	Signature Signature
	Dropped   int // problems beyond those that are listed
}

// Valid reports whether no step failed.
func (s *Summary) Valid() bool {
	return !slices.ContainsFunc(s.Results, func(r Result) bool { return r.Outcome == Failed }) && len(s.Results) > 0
}

// Validate reads the whole package of size bytes in r and returns all that is
// wrong with it, in the order of the steps, and what was found. A package is
// valid when no problem but notes is left, as [Summary.Valid] says. The error is
// that of reading, or ctx's; with it the rest says nothing.
func Validate(ctx context.Context, r io.ReaderAt, size int64, opts Options) ([]Problem, *Summary, error) {
	v := &validator{ctx: ctx, r: r, opts: opts, sums: map[string]string{}, sum: &Summary{}}
	v.opts.Limits = opts.Limits.withDefaults()
	if err := v.run(size); err != nil {
		return nil, nil, fmt.Errorf("validate wacz: %w", err)
	}
	v.sum.Results = v.results()
	v.sum.Dropped = v.ps.dropped
	return v.ps.list, v.sum, nil
}

type validator struct {
	ctx  context.Context
	r    io.ReaderAt
	opts Options
	ps   problems
	sum  *Summary
	dir  *directory
	info *Info
	ours bool

	listed map[string]Resource // by path
	sums   map[string]string   // SHA-256 of files as read, hex; absent when damaged
	store  recordStore

	signed  bool // there is a signature
	digests bool // there is a digest file
}

func (v *validator) run(size int64) error {
	v.ps.step = StepStructure
	var err error
	if v.dir, err = readDirectory(v.r, size, v.opts.Limits, &v.ps); err != nil || v.dir == nil {
		return err
	}
	v.sum.Files = len(v.dir.entries)
	if v.ps.failed[StepStructure] {
		// What two readers understand differently has no one content.
		v.peek()
		return nil
	}
	v.ps.step = StepHashes
	if err := v.readManifest(); err != nil {
		return err
	}
	if v.ours {
		v.ps.step = StepStructure
		if err := v.checkCanonical(); err != nil {
			return err
		}
		v.ps.step = StepHashes
	}
	if err := v.readFiles(); err != nil {
		return err
	}
	v.ps.step = StepDigest
	return v.checkDigest()
}

// peek reads the manifest of a package that has been refused, for its summary.
func (v *validator) peek() {
	e := v.dir.byName[DatapackageFile]
	if e == nil || e.size > v.opts.Limits.Text || e.data == e.offset {
		return
	}
	if text, err := io.ReadAll(e.open(v.r)); err == nil {
		if info := parseInfo(text, &problems{}); info != nil {
			v.sum.Info = *info
		}
	}
}

// readText reads a small file whole; nil when it is not there or damaged, which
// is reported.
func (v *validator) readText(name string) ([]byte, error) {
	e := v.dir.byName[name]
	if e.size > v.opts.Limits.Text {
		v.ps.add(CodeBomb, name, "%d bytes are more than the %d that are read", e.size, v.opts.Limits.Text)
		return nil, nil
	}
	text, err := io.ReadAll(e.open(v.r))
	var damage *errBody
	if errors.As(err, &damage) {
		v.ps.add(damage.code, name, "%s", damage.text)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	v.sums[name] = hex.EncodeToString(sum[:])
	v.sum.Bytes += int64(len(text))
	return text, nil
}

// readManifest reads datapackage.json and compares its list with the files that
// there are.
func (v *validator) readManifest() error {
	if v.dir.byName[DatapackageFile] == nil {
		v.ps.add(CodeMissing, DatapackageFile, "there is no manifest")
		return nil
	}
	text, err := v.readText(DatapackageFile)
	if err != nil || text == nil {
		return err
	}
	v.sum.SHA256 = v.sums[DatapackageFile]
	if v.info = parseInfo(text, &v.ps); v.info == nil {
		return nil
	}
	v.sum.Info = *v.info
	v.ours = strings.HasPrefix(v.info.Software, ours)
	v.listed = map[string]Resource{}
	for _, r := range v.info.Resources {
		_, twice := v.listed[r.Path]
		switch {
		case twice:
			v.ps.add(CodeManifest, r.Path, "the manifest names it twice")
		case r.Path == DatapackageFile || r.Path == DigestFile:
			v.ps.add(CodeManifest, r.Path, "the manifest names itself, or its digest")
		case v.dir.byName[r.Path] == nil:
			v.ps.add(CodeMissing, r.Path, "the manifest names a file that is not in the package")
		case v.dir.byName[r.Path].isDir():
			v.ps.add(CodeManifest, r.Path, "the manifest names a directory")
		}
		v.listed[r.Path] = r
	}
	for _, e := range v.dir.entries {
		if _, ok := v.listed[e.name]; !ok && e.name != DatapackageFile && e.name != DigestFile && !e.isDir() {
			v.ps.add(CodeUnlisted, e.name, "the manifest does not name this file")
		}
	}
	v.checkPresent()
	return nil
}

// checkPresent reports what a package must have (WACZ 1.1.1, "Directories and Files").
func (v *validator) checkPresent() {
	if v.dir.byName[PagesFile] == nil {
		v.ps.add(CodeMissing, PagesFile, "there is no list of pages")
	}
	for _, dir := range []string{ArchiveDir, IndexDir} {
		if !slices.ContainsFunc(v.dir.entries, func(e *entry) bool { return strings.HasPrefix(e.name, dir) && !e.isDir() }) {
			v.ps.add(CodeMissing, dir, "there is no file in this directory")
		}
	}
}

// readFiles reads every file once, WARCs first, since indexes point into them.
func (v *validator) readFiles() error {
	v.store.limit = v.opts.Limits.Records
	var rest []*entry
	for _, e := range v.dir.entries {
		switch {
		case e.isDir() || e.name == DatapackageFile || e.name == DigestFile:
		case isWARC(e.name):
			if err := v.readFile(e, v.readWARC); err != nil {
				return err
			}
		default:
			rest = append(rest, e)
		}
	}
	for _, e := range rest {
		scan := func(*entry, io.Reader) error { return nil }
		switch {
		case isForeign(e.name) && v.ours:
			v.ps.add(CodeForeign, e.name, "no such file belongs into this directory")
		case isForeign(e.name):
			v.ps.note(CodeForeign, e.name, "no such file belongs into this directory")
		case isIndex(e.name):
			scan = v.readIndex
		case strings.HasPrefix(e.name, PagesDir) && strings.HasSuffix(e.name, ".jsonl"):
			scan = v.readPages
		}
		if err := v.readFile(e, scan); err != nil {
			return err
		}
	}
	if v.ours && v.sum.Lines < v.store.lines {
		v.ps.add(CodeIndexMissing, indexFile, "%d records of the WARCs have no line", v.store.lines-v.sum.Lines)
	}
	return nil
}

func isWARC(name string) bool {
	return strings.HasPrefix(name, ArchiveDir) && (strings.HasSuffix(name, ".warc") || strings.HasSuffix(name, ".warc.gz"))
}

// isForeign tells a file of another kind in one of the format's directories.
func isForeign(name string) bool {
	dir, _, _ := strings.Cut(name, "/")
	switch dir + "/" {
	case ArchiveDir:
		return !isWARC(name)
	case IndexDir:
		return !isIndex(name) && !strings.HasSuffix(name, ".idx")
	case PagesDir:
		return !strings.HasSuffix(name, ".jsonl")
	}
	return false
}

func isIndex(name string) bool {
	name, _ = strings.CutSuffix(name, ".gz")
	return strings.HasPrefix(name, IndexDir) && (strings.HasSuffix(name, ".cdx") || strings.HasSuffix(name, ".cdxj"))
}

// readFile gives the bytes of e to scan, reads what that leaves, and compares
// hash and size with the manifest's.
func (v *validator) readFile(e *entry, scan func(*entry, io.Reader) error) error {
	h := sha256.New()
	var sink io.Writer = h
	var twice *doubled
	if v.info != nil && strings.Contains(v.info.Software, doublingSoftware) {
		twice = newDoubled()
		sink = io.MultiWriter(h, twice)
	}
	in := io.TeeReader(&ctxReader{v.ctx, e.open(v.r)}, sink)
	err := scan(e, in)
	if err == nil {
		_, err = io.Copy(io.Discard, in)
	}
	var damage *errBody
	if errors.As(err, &damage) {
		v.ps.add(damage.code, e.name, "%s", damage.text)
		return nil
	}
	if err != nil {
		return err
	}
	v.sum.Bytes += e.size
	v.sums[e.name] = hex.EncodeToString(h.Sum(nil))
	if v.info == nil {
		return nil
	}
	r, ok := v.listed[e.name]
	if ok && r.Bytes >= 0 && r.Bytes != e.size {
		v.ps.add(CodeSize, e.name, "it has %d bytes, the manifest says %d", e.size, r.Bytes)
	}
	switch {
	case !ok || r.SHA256 == "" || r.SHA256 == v.sums[e.name]:
	case twice != nil && r.SHA256 == twice.sum():
		v.ps.note(CodeHash, e.name, "the manifest's SHA-256 is that of every 64 KiB taken twice: a mistake of its writer, which binds the bytes all the same")
	default:
		v.ps.add(CodeHash, e.name, "its SHA-256 is %s, the manifest says %s", v.sums[e.name], r.SHA256)
	}
	return nil
}

// ctxReader ends with its context.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *ctxReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// results says how the steps ended, and what follows.
func (v *validator) results() []Result {
	stopped := false
	result := func(step Step, proves, limits string, absent bool) Result {
		r := Result{Step: step, Outcome: Passed, Proves: proves, Limits: limits}
		switch {
		case stopped:
			r.Outcome = NotChecked
		case v.ps.failed[step]:
			r.Outcome = Failed
			stopped = stopped || step == StepStructure
		case absent:
			r.Outcome = Absent
		case step == StepSignature && !v.sum.Signature.Trusted:
			r.Outcome = Consistent
		}
		if r.Outcome != Passed && r.Outcome != Consistent {
			r.Proves, r.Limits = "", ""
		}
		return r
	}
	noManifest := v.info == nil
	rs := []Result{
		result(StepStructure, "Every reader finds the same files in the package.", "Anything about their content.", false),
		result(StepHashes, "Every file is the one that the manifest describes; the WARCs are sound and the index points to their records.",
			"Who made the manifest, and when.", false),
	}
	stopped = stopped || noManifest
	return append(rs,
		result(StepDigest, "The manifest is the one that the digest is of.", "Whoever changes one can change the other.", !v.digests),
		result(StepSignature, v.sum.Signature.Proves, v.sum.Signature.Limits, !v.signed))
}
