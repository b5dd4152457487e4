package verify

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/warc"
)

// reportType is the media type of the last record of a report's WARC.
const reportType = "application/vnd.ibid.report+json"

const (
	maxEnd      = 64 << 20 // bytes of a last record's block that are read
	maxProblems = 20       // findings of one object; the rest are its echo
)

// object audits one file.
type object struct {
	key     string
	kind    kind
	sum     string // the name: SHA-256 in lower-case hex
	scratch *scratch
	noted   bool // in the journal already

	size, records int64
	findings      []Finding
	facts         facts
	cites         []Affected // by the capture record, nil when there is none
	entry         entryKey   // what the log should say of it; zero when it was not looked into
	uri           string     // of the first record that has one

	here     map[recordKey]bool // records of this file
	contents map[string]bool    // payload digests of its resource records
	last     *warc.Record
	end      []byte // block of the last record, when that is a capture or report record
	torn     bool
	ofForm   []Finding // faults that the records of an imported capture may have
}

// scratch is what one worker uses for object after object.
type scratch struct {
	warc *warc.Reader // nil before the first
	sum  hash.Hash
	buf  []byte
}

func newScratch() *scratch { return &scratch{sum: sha256.New(), buf: make([]byte, 128<<10)} }

// hash compares the name with the bytes that r gives and looks no further. The
// error is r's.
func (o *object) hash(r io.Reader, size int64) error {
	o.size = 0
	whole := o.scratch.sum
	whole.Reset()
	for {
		n, err := r.Read(o.scratch.buf)
		whole.Write(o.scratch.buf[:n])
		o.size += int64(n)
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	o.named(size)
	return nil
}

// named compares the name with the hash of all that was read.
func (o *object) named(size int64) {
	var sum [sha256.Size]byte
	got := hex.EncodeToString(o.scratch.sum.Sum(sum[:0]))
	switch {
	case got == o.sum:
		if o.size != size {
			o.found(RuleAltered, nil, "the store lists %d bytes and gives %d", size, o.size)
		}
	case o.torn: // is said already
	default:
		o.found(RuleAltered, nil, "the file's SHA-256 is %s", got)
	}
}

// read audits what r gives, size bytes by the store's listing. The error is r's.
func (o *object) read(r io.Reader, size int64) error {
	o.size = 0
	o.scratch.sum.Reset()
	in := &hashed{r: r, hash: o.scratch.sum, n: &o.size}
	o.here, o.contents = map[recordKey]bool{}, map[string]bool{}
	if o.kind == decisionKind {
		if err := o.decision(in); err != nil {
			return err
		}
	} else if err := o.warc(in); err != nil {
		return err
	}
	for { // what damage kept from being read
		if _, err := in.Read(o.scratch.buf); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
	}
	if !o.torn && o.kind != decisionKind {
		o.closing()
	}
	o.findings = append(o.findings, o.ofForm...)
	o.named(size)
	for i := range o.findings {
		o.findings[i].affect(o.cites)
	}
	return nil
}

// hashed hashes and counts what is read through it.
type hashed struct {
	r    io.Reader
	hash hash.Hash
	n    *int64
}

func (h *hashed) Read(p []byte) (int, error) {
	n, err := h.r.Read(p)
	h.hash.Write(p[:n])
	*h.n += int64(n)
	return n, err
}

// warc reads every record. Damage ends the reading; the error is the input's.
func (o *object) warc(in io.Reader) error {
	rd := o.scratch.warc
	if rd == nil {
		rd = new(warc.Reader)
		o.scratch.warc = rd
	}
	if err := rd.Reset(in); err != nil {
		return o.damage(nil, err)
	}
	for {
		rec, err := rd.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return o.damage(nil, err)
		}
		o.records++
		var block bytes.Buffer
		if isEnd(rec) {
			rec.Block = io.TeeReader(rec.Block, &head{b: &block, left: maxEnd})
		}
		problems, err := warc.Verify(rec)
		for _, p := range problems {
			if p.Code.OfForm() && len(o.ofForm) < maxProblems {
				o.ofForm = append(o.ofForm, Finding{Rule: ruleOf(p.Code), Key: o.key, Record: warc.StripBrackets(rec.ID()), Offset: rec.Offset,
					Message: string(p.Code) + ": " + p.Message})
				continue
			}
			o.found(ruleOf(p.Code), rec, "%s: %s", p.Code, p.Message)
		}
		var p warc.Problem
		if err != nil && !errors.As(err, &p) {
			return o.damage(rec, err)
		}
		o.remember(rec)
		o.last, o.end = rec, nil
		if isEnd(rec) {
			o.end = block.Bytes()
		}
	}
}

// damage turns what ended the reading into a finding, unless it is the input's
// own error.
func (o *object) damage(rec *warc.Record, err error) error {
	var syntax *warc.SyntaxError
	switch {
	case errors.Is(err, warc.ErrTruncated):
		o.torn = true
		o.found(RuleTruncated, rec, "%v", err)
	case errors.Is(err, warc.ErrCorrupt), errors.Is(err, warc.ErrARC), errors.As(err, &syntax):
		o.found(RuleStructure, rec, "%v", err)
	default:
		return err
	}
	return nil
}

func isEnd(rec *warc.Record) bool {
	return rec.Type() == warc.TypeMetadata && (rec.ContentType() == archive.CaptureType || rec.ContentType() == reportType)
}

// remember notes what other records can refer to, and what this one refers to.
func (o *object) remember(rec *warc.Record) {
	id := warc.StripBrackets(rec.ID())
	o.here[keyOf(id)] = true
	if o.uri == "" {
		o.uri = rec.TargetURI()
	}
	switch rec.Type() {
	case warc.TypeResponse, warc.TypeResource:
		digest := payloadDigest(rec)
		if rec.Type() == warc.TypeResource {
			o.contents[digest] = true
		}
		o.facts.holds(id, digest)
	case warc.TypeRevisit:
		target := warc.StripBrackets(rec.Header.Get(warc.FieldRefersTo))
		if target == "" {
			o.found(RuleStructure, rec, "a revisit that does not say which record it repeats")
			return
		}
		o.facts.refers(target, payloadDigest(rec), rec.Offset)
	}
}

// payloadDigest returns the SHA-256 of a record's payload in lower-case hex, as
// its header gives it; "" when it gives none.
func payloadDigest(rec *warc.Record) string {
	d, err := warc.ParseDigest(rec.Header.Get(warc.FieldPayloadDigest))
	if err != nil || d.Alg != "sha256" {
		return ""
	}
	return hex.EncodeToString(d.Sum)
}

// closing checks the record that makes a WARC a capture or a report.
func (o *object) closing() {
	want := archive.CaptureType
	if o.kind == reportKind {
		want = reportType
	}
	switch {
	case o.last == nil && len(o.findings) > 0: // nothing could be read
	case o.last == nil:
		o.found(RuleStructure, nil, "there is no record in it")
	case o.last.ContentType() != want || o.end == nil:
		o.found(RuleStructure, o.last, "the last record is not %s", want)
	case o.kind == captureKind:
		o.capture()
	default:
		o.reportRecord()
	}
}

func (o *object) capture() {
	c, err := archive.DecodeCapture(bytes.NewReader(o.end))
	if err != nil {
		o.found(RuleStructure, o.last, "%v", err)
		return
	}
	for _, x := range c.Exchanges {
		if x.Record != "" && !o.here[keyOf(warc.StripBrackets(x.Record))] {
			o.found(RuleStructure, o.last, "the capture record speaks of a record %s that is not in the file", brief(x.Record))
		}
	}
	if c.Imported.Foreign() {
		o.ofForm = nil // they are kept as somebody else wrote them
	}
	o.cites = captureCitations(c)
	c.SHA256, c.Size = o.sum, o.size
	o.entry = entryKeyOf(archive.CaptureEntry(c))
	for _, ref := range c.Citations {
		if ref.Report != "" {
			o.facts.cites(ref.Report)
		}
	}
}

func (o *object) reportRecord() {
	var r archive.Report
	if err := json.Unmarshal(o.end, &r); err != nil {
		o.found(RuleStructure, o.last, "decode report record: %v", err)
		return
	}
	o.cites = []Affected{{Report: r.SHA256, Path: r.Path}}
	r.Object = o.sum
	o.entry = entryKeyOf(archive.ReportEntry(&r))
	if !o.contents[r.SHA256] || r.SHA256 == "" {
		o.found(RuleDigest, o.last, "no record in the file holds the report's bytes, whose SHA-256 is %q", brief(r.SHA256))
		return
	}
	o.facts.report(r.SHA256)
}

func (o *object) found(rule Rule, rec *warc.Record, format string, args ...any) {
	f := Finding{Rule: rule, Key: o.key, Message: fmt.Sprintf(format, args...)}
	if rec != nil {
		f.Record, f.Offset = warc.StripBrackets(rec.ID()), rec.Offset
	}
	switch n := len(o.findings); {
	case n < maxProblems || rule == RuleAltered:
		o.findings = append(o.findings, f)
	case n == maxProblems:
		o.findings = append(o.findings, Finding{Rule: rule, Key: o.key, Offset: f.Offset, Message: "and more from here on"})
	}
}

// ruleOf sorts the problems of a record into the rules of an audit.
func ruleOf(code warc.Code) Rule {
	switch code {
	case warc.CodeBlockDigest, warc.CodePayloadDigest, warc.CodeDigestUnsupported, warc.CodeHTTPHead:
		return RuleDigest
	case warc.CodeTruncated:
		return RuleTruncated
	}
	return RuleStructure
}

// head keeps the first bytes that are written to it.
type head struct {
	b    *bytes.Buffer
	left int
}

func (h *head) Write(p []byte) (int, error) {
	n := min(len(p), h.left)
	h.b.Write(p[:n])
	h.left -= n
	return len(p), nil
}
