package verify

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/wacz"
	"github.com/ibid-archive/ibid/seeds"
)

// documentFile says for programs what the package says about the report.
const documentFile = ownDir + "citations.json"

// documentVersion is the one that is read.
const documentVersion = 1

// The parts of the document that are compared with the WARCs.
type (
	documentReport struct {
		Path   string    `json:"path"`
		SHA256 string    `json:"sha256"`
		Size   int64     `json:"size"`
		SeenAt time.Time `json:"seen_at"`
		Object string    `json:"object"`
		File   string    `json:"file"`
	}
	documentLog struct {
		Origin     string `json:"origin"`
		Size       int64  `json:"size"`
		Root       string `json:"root"`
		Key        string `json:"key"`
		Timestamps []struct {
			Directory string `json:"directory"`
			Size      int64  `json:"size"`
			Times     []struct {
				File string    `json:"file"`
				Time time.Time `json:"time"`
			} `json:"times"`
		} `json:"timestamps"`
	}
	documentObject struct {
		SHA256 string `json:"sha256"`
		Kind   string `json:"kind"`
		File   string `json:"file"`
		Entry  *int64 `json:"entry"`
	}
	documentCitation struct {
		seeds.CitationJSON
		archive.Judgement
		CheckedAt *time.Time        `json:"checked_at"`
		Capture   string            `json:"capture"`
		File      string            `json:"file"`
		Shown     string            `json:"shown"`
		Captures  []documentCapture `json:"captures"`
	}
	documentCapture struct {
		SHA256    string    `json:"sha256"`
		File      string    `json:"file"`
		URL       string    `json:"url"`
		StartedAt time.Time `json:"started_at"`
		CheckedAt time.Time `json:"checked_at"`
		archive.Judgement
		archive.Outcome
		Content string `json:"content"`
	}
)

// maxPart bounds one element of the document in bytes: a citation whose source
// was visited thousands of times has far less.
const maxPart = 16 << 20

// document is the comparison of ibid/citations.json with the package.
type document struct {
	*ownPackage
	report    documentReport
	seen      map[string]bool // names at the top
	objects   map[string]bool
	citations int
	captured  int
}

// citations compares what the package says of the citations with what the WARCs
// say. Citations are read one by one.
func (o *ownPackage) citations() error {
	r := PackageResult{Step: StepCitations, Outcome: StepPassed,
		Proves: "Each verdict, time and address in ibid/citations.json is that of the capture which it names.",
		Limits: "That a source supports a claim. report.html and the list of pages are not compared: the hashes cover them, and who signed vouches for them."}
	switch size, err := o.pack.Size(documentFile); {
	case errors.Is(err, wacz.ErrNotFound):
		r.Outcome = StepAbsent
		o.end(r)
		return nil
	case err != nil:
		return err
	case size == 0:
		o.found(StepCitations, CodeDocument, documentFile, "it is empty")
	case o.damaged[documentFile]:
		r.Outcome = StepNotChecked
	default:
		d := &document{ownPackage: o, seen: map[string]bool{}, objects: map[string]bool{}}
		if err := d.compare(); err != nil {
			return err
		}
		r.Detail = fmt.Sprintf("%s, %d with a capture", counted(d.citations, "citation"), d.captured)
	}
	o.end(r)
	return nil
}

// compare reads the document; the error is that of reading the package.
func (d *document) compare() error {
	in, err := d.pack.Open(documentFile)
	if err != nil {
		return err
	}
	defer in.Close()
	body := &boundedPart{r: &ctxReader{d.ctx, in}, left: maxPart}
	err = d.walk(body)
	if err != nil && (body.err == nil || errors.Is(body.err, errLongPart)) {
		d.wrong("%v", err)
		return nil
	}
	return body.err
}

func (d *document) wrong(format string, args ...any) {
	d.found(StepCitations, CodeDocument, documentFile, format, args...)
}

func (d *document) checkReport() error {
	r := &d.report
	k := d.kept[r.Object]
	switch {
	case k == nil && d.damaged["archive/"+r.Object+".warc.gz"]:
	case k == nil || k.report == nil:
		d.wrong("the report is said to be in %s, which is no report in the package", brief(r.Object))
	case k.report.SHA256 != r.SHA256 || k.report.Path != r.Path || k.report.Size != r.Size || !k.report.SeenAt.Equal(r.SeenAt):
		d.wrong("it says of the report something else than %s", k.file)
	}
	if !strings.HasPrefix(r.File, ownDir) {
		d.wrong("the report's bytes are said to be in %q", brief(r.File))
		return nil
	}
	if d.damaged[r.File] {
		return nil
	}
	for _, res := range d.pack.Info().Resources {
		if res.Path == r.File {
			if res.SHA256 != r.SHA256 {
				d.found(StepCitations, CodeDocument, r.File, "its SHA-256 is %s, that of the report is %s", res.SHA256, brief(r.SHA256))
			}
			return nil
		}
	}
	d.found(StepCitations, CodeMissing, r.File, "the report's bytes are not there")
	return nil
}

func (d *document) checkLog(l *documentLog) {
	p := d.point
	switch {
	case p == nil && l == nil, p == nil && (d.failed[StepCheckpoint] || d.damaged[checkpointFile]):
		return
	case l == nil:
		d.wrong("it says that there is no log, and there is %s", checkpointFile)
		return
	case p == nil:
		d.wrong("it speaks of a log, and there is no %s", checkpointFile)
		return
	}
	if l.Origin != p.Origin || l.Size != p.Size || l.Root != base64.StdEncoding.EncodeToString(p.Root[:]) || l.Key != p.Key.String() {
		d.wrong("it says of the log something else than %s", checkpointFile)
	}
	for _, t := range l.Timestamps {
		for _, at := range t.Times {
			if info, ok := d.stamps[at.File]; ok && !info.Time.Equal(at.Time) {
				d.wrong("it says %s of %s, which states %s", at.Time.Format(time.RFC3339Nano), brief(at.File), info.Time.UTC().Format(time.RFC3339Nano))
			} else if !ok && !d.failed[StepTimestamps] && !d.damaged[at.File] && d.point != nil {
				d.wrong("it speaks of a token %s, which is not there", brief(at.File))
			}
		}
	}
}

func (d *document) checkObject(b *documentObject) {
	if d.objects[b.SHA256] {
		d.wrong("it names the object %s twice", brief(b.SHA256))
	}
	d.objects[b.SHA256] = true
	file := "archive/" + b.SHA256 + ".warc.gz"
	k := d.kept[b.SHA256]
	if k == nil {
		if !d.damaged[file] && !d.failed[StepCaptures] {
			d.wrong("it names the object %s, which is not in the package", brief(b.SHA256))
		}
		return
	}
	if b.File != file || b.Kind != k.entry().Kind {
		d.wrong("it says of %s that it is %q in %q", k.file, brief(b.Kind), brief(b.File))
	}
	index, proved := d.indexes[b.SHA256]
	switch {
	case b.Entry == nil && proved, b.Entry != nil && proved && *b.Entry != index:
		d.wrong("it says something else of the place of %s in the log than its proof", k.file)
	case b.Entry != nil && !proved && !d.failed[StepInclusion] && !d.failed[StepEntries] && !d.failed[StepCheckpoint] && len(d.damaged) == 0:
		d.wrong("it says that %s is in the log, and there is no proof of it", k.file)
	}
}

func (d *document) checkCitation(c *documentCitation) {
	d.citations++
	if c.Capture == "" && len(c.Captures) == 0 {
		if c.Verdict != "" || c.File != "" || c.Shown != "" || c.CheckedAt != nil {
			d.wrong("citation %s has a verdict, and no capture that it could be of", brief(c.ID))
		}
		return
	}
	d.captured++
	shown := c.Shown == ""
	for i := range c.Captures {
		t := &c.Captures[i]
		shown = shown || t.SHA256 == c.Shown
		if i > 0 && t.CheckedAt.Before(c.Captures[i-1].CheckedAt) {
			d.wrong("the captures of citation %s are not in the order of their times", brief(c.ID))
		}
		d.checkCapture(c, t)
	}
	if !shown {
		d.wrong("the capture %s that is shown of citation %s is not among its captures", brief(c.Shown), brief(c.ID))
	}
	if len(c.Captures) == 0 {
		d.wrong("citation %s has a capture, and it is not described", brief(c.ID))
		return
	}
	newest := &c.Captures[len(c.Captures)-1]
	if c.Capture != newest.SHA256 || c.File != newest.File || c.CheckedAt == nil || !c.CheckedAt.Equal(newest.CheckedAt) ||
		!sameJudgement(c.Judgement, newest.Judgement) {
		d.wrong("citation %s says %q, and its newest capture %s says %q", brief(c.ID), c.Verdict, brief(newest.SHA256), newest.Verdict)
	}
}

// checkCapture compares what is said of a capture with its own record.
func (d *document) checkCapture(c *documentCitation, t *documentCapture) {
	k := d.kept[t.SHA256]
	if k == nil || k.capture == nil {
		if !d.damaged["archive/"+t.SHA256+".warc.gz"] && !d.failed[StepCaptures] {
			d.wrong("citation %s names a capture %s that is not in the package", brief(c.ID), brief(t.SHA256))
		}
		return
	}
	r := k.capture
	checked := r.FinishedAt
	if checked.IsZero() {
		checked = r.StartedAt
	}
	differs := ""
	switch {
	case t.File != k.file:
		differs = "file"
	case t.URL != r.URL:
		differs = "url"
	case !t.StartedAt.Equal(r.StartedAt):
		differs = "started_at"
	case !t.CheckedAt.Equal(checked):
		differs = "checked_at"
	case !sameJudgement(t.Judgement, r.Judgement):
		differs = "verdict, state, reasons or comparison"
	case !sameOutcome(&t.Outcome, &r.Outcome):
		differs = "outcome"
	case !d.sameContent(t.Content, k):
		differs = "content"
	}
	if differs != "" {
		d.wrong("citation %s says of %s something else than its record (%s)", brief(c.ID), k.file, differs)
	}
	if key, err := seeds.Normalize(c.URL); err != nil || key != r.Key {
		if !slices.ContainsFunc(r.Citations, func(ref archive.CitationRef) bool { return ref.Report == d.report.SHA256 && ref.ID == c.ID }) {
			d.wrong("citation %s of %q names %s, a capture of %q", brief(c.ID), brief(c.URL), k.file, brief(r.URL))
		}
	}
}

func (d *document) sameContent(content string, k *kept) bool {
	switch {
	case k.content.here:
		return content == k.sum
	case !k.content.refers:
		return content == ""
	}
	h, ok := d.scan.held[k.content.target]
	if !ok {
		return true // which has been found, or is damage elsewhere
	}
	return "archive/"+content+".warc.gz" == d.scan.files[h.file]
}

func sameJudgement(a, b archive.Judgement) bool {
	return a.Verdict == b.Verdict && a.State == b.State && slices.Equal(a.Reasons, b.Reasons) && sameComparison(a.Compared, b.Compared)
}

func sameComparison(a, b *archive.Comparison) bool {
	if a == nil || b == nil {
		return a == b
	}
	x, y := *a, *b
	x.TextSHA256, y.TextSHA256 = "", "" // the outcome has it
	return x == y
}

func sameOutcome(a, b *archive.Outcome) bool {
	return a.HTTPStatus == b.HTTPStatus && a.FinalURL == b.FinalURL && slices.Equal(a.Redirects, b.Redirects) && a.Title == b.Title &&
		a.MediaType == b.MediaType && a.PayloadSHA256 == b.PayloadSHA256 && a.PayloadSize == b.PayloadSize &&
		a.TextSHA256 == b.TextSHA256 && a.Unchanged == b.Unchanged && samePost(a.Post, b.Post)
}

func samePost(a, b *archive.Post) bool {
	if a == nil || b == nil {
		return a == b
	}
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

var errLongPart = errors.New("a part of it is longer than any that ibid writes")
