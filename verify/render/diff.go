package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify"
)

// DiffResult is a source as two captures have it.
type DiffResult struct {
	Report   string // where it was read
	Citation seeds.Citation
	Old, New DiffSide
	Drift    verify.Drift
	OldText  string // the texts that were compared
	NewText  string
	Edits    []verify.Edit // between them
}

// DiffSide is one of the two captures.
type DiffSide struct {
	Capture string    // SHA-256 of the visit's WARC
	Content string    // that of the WARC that holds what was seen
	At      time.Time // of the visit
	URL     string    // where the answer came from
	Title   string
	Text    string // SHA-256 of the visible text, "" when there is none
}

// Diff writes how a source has changed: what was cited first, then every line of
// the text that is not as it was, with a line before and behind it. Without colour
// what was deleted stands in [-…-] and what was inserted in {+…+}; a line with what
// was cited begins with ».
func Diff(w io.Writer, r *DiffResult, o TextOptions) error {
	p := newPrinter(w, o)
	c := CitationResult{Citation: r.Citation}
	p.line(p.paint(bold, "["+cutEnd(clean(r.Citation.ID, longLine), 20)+"] ") + shorten(c.shown(), max(20, p.width-24)))
	p.side(&c, "before", r.Old)
	p.side(&c, "after", r.New)
	p.line("")
	p.line(p.paint(classColor(r.Drift.Class), string(r.Drift.Class)) + fmt.Sprintf(" · %s of the text alike, %s of what it said still there",
		percent(r.Drift.Score), percent(r.Drift.Kept)))
	for _, reason := range r.Drift.Reasons {
		_, sentence, _ := strings.Cut(reason, ": ")
		for _, line := range wrap(c.said(sentence), p.width-2, 4) {
			p.line("  " + line)
		}
	}
	p.citedSpans(&c, r.Drift.Cited)
	p.changes(&c, r)
	return p.flush()
}

func (p *printer) side(c *CitationResult, name string, s DiffSide) {
	at := "  " + pad(name, 7)
	p.line(at + minute(s.At) + "  " + p.paint(dim, shortKey(s.Content)))
	if s.Title != "" {
		p.line(pad("", len(at)) + p.paint(dim, "“"+cutEnd(c.said(s.Title), p.width-len(at)-2)+"”"))
	}
}

func classColor(c verify.Class) sgr {
	switch c {
	case verify.Drifted:
		return red
	case verify.Changed:
		return yellow
	}
	return green
}

// percent never says all or nothing of what is not.
func percent(share float64) string {
	n := int(share*100 + 0.5)
	if share < 1 {
		n = min(n, 99)
	}
	if share > 0 {
		n = max(n, 1)
	}
	return fmt.Sprintf("%d %%", n)
}

// citedSpans shows what became of each sentence that was cited.
func (p *printer) citedSpans(c *CitationResult, spans []verify.CitedSpan) {
	if len(spans) == 0 {
		return
	}
	p.line("")
	p.line(p.paint(bold, "What was cited"))
	for _, s := range spans {
		word, color := "stands", green
		var runs []run
		switch s.Fate {
		case verify.Stands:
			runs = []run{{op: verify.Kept, text: s.Was}}
		case verify.Altered:
			word, color = "altered: "+strings.Join(s.Kinds, ", "), red
			runs = runsOf(s.Was, s.Is, s.Edits)
		default:
			word, color = "missing", red
			runs = []run{{op: verify.Deleted, text: s.Was}}
		}
		p.line("  " + p.paint(color, word))
		for _, line := range p.layout(atomsOf(c, runs), p.width-4) {
			p.line("  » " + line)
		}
	}
}

// changes shows the lines that differ.
func (p *printer) changes(c *CitationResult, r *DiffResult) {
	lines := linesOf(runsOf(r.OldText, r.NewText, r.Edits))
	changed := func(i int) bool { return i >= 0 && i < len(lines) && lines[i].changed() }
	if !slices.ContainsFunc(lines, diffLine.changed) {
		return
	}
	p.line("")
	p.line(p.paint(bold, "What changed"))
	left := false
	for i, l := range lines {
		switch {
		case changed(i):
			for _, line := range p.layout(atomsOf(c, l.runs), p.width-4) {
				p.line("  " + p.margin(l.cited(r.Drift.Cited)) + line)
			}
		case changed(i-1) || changed(i+1):
			p.line("  " + p.margin(l.cited(r.Drift.Cited)) + p.paint(dim, cutEnd(c.said(l.text()), p.width-4)))
		case !left:
			p.line("  …")
		}
		left = !changed(i) && !changed(i-1) && !changed(i+1)
	}
}

// margin marks a line with what was cited.
func (p *printer) margin(cited bool) string {
	if cited {
		return p.paint(bold, "» ")
	}
	return "  "
}
