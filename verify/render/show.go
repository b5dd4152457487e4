package render

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify"
)

// ShowResult is all that is known of one citation.
type ShowResult struct {
	Report   string // where it was read
	Archive  string // where captures are kept, "" when there is no archive
	Citation CitationResult
	Marks    []seeds.Mark
	Claims   []ShowClaim
	Visits   []ShowVisit // the oldest first

	Shown   string     // SHA-256 of the visit's capture whose page was looked into, "" for none
	ShownAt time.Time  // of that visit
	Choice  ShowChoice // why it was this one
	Doc     verify.Doc // the text that spans are of
	Unread  string     // why there is no text
}

// ShowClaim is a claim of the citation beside its source.
type ShowClaim struct {
	Claim string
	Check verify.ClaimCheck
}

// ShowVisit is one visit to the source.
type ShowVisit struct {
	At time.Time
	archive.Judgement
	HTTPStatus int
	FinalURL   string
	Capture    string // SHA-256 of its WARC
	Size       int64  // bytes of that
	Content    string // SHA-256 of the WARC that holds what it found, "" when it found no content
	Change     Change // against the visit before that found content
	Imported   bool   // somebody else captured it
	// Memento says of which public archive the capture is a copy; nil for none.
	Memento *archive.Memento
}

// ShowChoice says how the capture was chosen that is shown.
type ShowChoice string

// The choices.
const (
	ShownAsCited ShowChoice = "as-cited" // nearest to the day of citation, as far as it is known, else to when the citation was first kept
	ShownAt      ShowChoice = "at"       // nearest to a date that was given
	ShownNamed   ShowChoice = "capture"  // it was named
)

// Change is how what a visit found differs from what the one before found.
type Change string

// The changes.
const (
	Unchanged  Change = "unchanged"   // the same bytes
	SameText   Change = "same-text"   // other bytes, the same text
	OtherBytes Change = "other-bytes" // other bytes: `ibid diff` tells what that means
)

// Show writes a citation for a reviewer. What a passage shares with the claim is
// coloured, or stands between underscores.
func Show(w io.Writer, r *ShowResult, o TextOptions) error {
	p := newPrinter(w, o)
	p.showHead(r)
	for _, c := range r.Claims {
		p.line("")
		p.showClaim(r, c)
	}
	if len(r.Claims) == 0 {
		p.line("")
		if r.Citation.Note == "" {
			p.line("no claim: it is cited in no sentence")
		} else {
			p.line("no claim: the report has no mark of this note")
		}
	}
	p.showVisits(r)
	return p.flush()
}

func (p *printer) showHead(r *ShowResult) {
	c := &r.Citation
	p.line(p.paint(bold, "["+cutEnd(clean(c.ID, longLine), 20)+"] ") + shorten(c.shown(), max(20, p.width-24)))
	if written := clean(c.Written(), longLine); written != c.shown() {
		p.labelled("written", shorten(written, p.width-labelWidth))
	}
	if meant := c.said(c.URL); c.Defanged && meant != c.shown() {
		p.labelled("meant", shorten(meant, p.width-labelWidth))
	}
	p.labelled("report", cutEnd(shorten(clean(r.Report, longLine), p.width-labelWidth-16)+", "+place(c.Position), p.width-labelWidth))
	word, color := string(c.verdict()), colorOf(c.verdict())
	if word == "" {
		word = "not visited"
	}
	verdict := p.paint(color, word)
	if c.State != "" && c.State != archive.State(c.Verdict) {
		verdict += ", " + clean(string(c.State), 40)
	}
	p.labelled("verdict", verdict)
	over := []string{}
	if c.Over != nil {
		over = sentences(c.Over.Reasons)
	}
	for _, reason := range append(over, sentences(c.Reasons)...) {
		p.labelled("", wrap(c.said(reason), p.width-labelWidth, 4)...)
	}
	if c.Invalid != "" {
		p.labelled("", wrap(c.said(c.Invalid), p.width-labelWidth, 4)...)
	}
	switch {
	case c.Post != nil:
		p.labelled("post", c.post(p.width-labelWidth, 40)...)
	case c.Title != "" && c.found():
		p.labelled("title", cutEnd(c.said(c.Title), p.width-labelWidth))
	}
	if !c.CheckedAt.IsZero() {
		p.labelled("checked", minute(c.CheckedAt))
	}
	if c.Over != nil {
		next := "due now"
		if !c.Over.Next.IsZero() {
			next = minute(c.Over.Next)
		}
		p.labelled("next visit", next)
		if d := c.Over.Decision; d != nil {
			p.labelled("decision", wrap(fmt.Sprintf("%s, by %s on %s: %s", clean(d.Decision, 40), clean(d.By, 200), minute(d.Time), c.said(d.Because)), p.width-labelWidth, 6)...)
		}
	}
}

// place says where in its report something stands.
func place(p seeds.Position) string {
	if p.Line > 0 && p.File() != "" {
		return fmt.Sprintf("line %d of %s", p.Line, clean(p.File(), longLine))
	}
	if p.Line > 0 {
		return fmt.Sprintf("line %d", p.Line)
	}
	return clean(p.Where(), longLine)
}

// capital begins a place as a sentence does.
func capital(place string) string {
	if place == "" {
		return ""
	}
	return strings.ToUpper(place[:1]) + place[1:]
}

const labelWidth = 13

// labelled writes lines behind a label.
func (p *printer) labelled(label string, lines ...string) {
	for _, line := range lines {
		p.line("  " + p.paint(dim, pad(label, labelWidth-2)) + line)
		label = ""
	}
}

// showClaim writes a claim, what its source has of it and the passages.
func (p *printer) showClaim(r *ShowResult, c ShowClaim) {
	var at []string
	for _, m := range r.Marks {
		if m.Claim == c.Claim {
			at = append(at, place(m.Position))
		}
	}
	p.line(p.paint(bold, "Claim") + p.paint(dim, cutEnd(" · "+strings.Join(at, ", "), p.width-5)))
	for _, line := range wrap(prose(c.Claim), p.width-2, 40) {
		p.line("  " + line)
	}
	p.line("")
	if r.Unread != "" {
		for _, line := range wrap("In the source: "+r.Citation.said(r.Unread), p.width, 4) {
			p.line(line)
		}
		return
	}
	p.line(p.paint(bold, "In the source") + p.paint(dim, " · as of "+minute(r.ShownAt)))
	for _, reason := range c.Check.Reasons {
		p.showReason(r, reason)
	}
	p.showFacts(r, c.Check)
	p.showPassages(r, &c.Check)
}

// showReason writes what is to be said of the claim as a whole; what is said of a
// single fact stands with the facts.
func (p *printer) showReason(r *ShowResult, reason string) {
	what, sentence, _ := strings.Cut(reason, ": ")
	if what != verify.WrongSource && what != verify.LanguageDiffers {
		return
	}
	for i, line := range wrap(what+": "+r.Citation.said(sentence), p.width-2, 4) {
		if i == 0 {
			line = p.paint(yellow, line[:len(what)]) + line[len(what):]
		}
		p.line("  " + line)
	}
}

func (p *printer) showFacts(r *ShowResult, check verify.ClaimCheck) {
	width := 0
	for _, f := range check.Facts {
		width = max(width, len(f.Word()))
	}
	for _, f := range check.Facts {
		room := p.width - width - 4
		text := clean(f.Text, longLine)
		if f.Kind == verify.QuoteFact {
			text = "“" + text + "”"
		}
		if source := clean(f.Written(r.Doc.Text), longLine); source != "" && !strings.EqualFold(source, clean(f.Text, longLine)) {
			text += " – there: " + source
		}
		for i, line := range wrap(r.Citation.said(text), room, 3) {
			word := ""
			if i == 0 {
				word = f.Word()
			}
			p.line("  " + p.paint(factColor(f.State), pad(word, width)) + "  " + line)
		}
	}
}

func factColor(s verify.FactState) sgr {
	switch s {
	case verify.FactFound, verify.FactApproximate:
		return green
	case verify.FactAbsent, verify.FactChanged:
		return red
	case verify.FactPartly:
		return yellow
	}
	return dim
}

// highlighted marks what a passage shares with the claim.
const highlighted verify.Op = "highlighted"

func (p *printer) showPassages(r *ShowResult, check *verify.ClaimCheck) {
	if len(check.Passages) == 0 {
		p.line("  no passage speaks to the claim")
	}
	for _, passage := range check.Passages {
		p.line("")
		label := "Passage"
		if passage.Weak {
			label = "Weak passage"
		}
		p.line("  " + p.paint(dim, label))
		for _, line := range p.layout(atomsOf(&r.Citation, highlightedRuns(r.Doc.Text, passage, check.Highlights(passage))), p.width-4) {
			p.line("    " + line)
		}
	}
}

// highlightedRuns cuts a passage at its highlights.
func highlightedRuns(text string, passage verify.Passage, highlights []verify.Span) []run {
	var runs []run
	at := passage.Start
	for _, s := range highlights {
		runs = append(runs, run{op: verify.Kept, text: text[at:s.Start], at: at}, run{op: highlighted, text: text[s.Start:s.End], at: s.Start})
		at = s.End
	}
	return append(runs, run{op: verify.Kept, text: text[at:passage.End], at: at})
}

// visitsLimit bounds the visits that are shown as text, the newest.
const visitsLimit = 30

func (p *printer) showVisits(r *ShowResult) {
	if len(r.Visits) == 0 {
		return
	}
	p.line("")
	where := ""
	if r.Archive != "" {
		where = p.paint(dim, " · kept in "+shorten(clean(r.Archive, longLine), p.width-24))
	}
	p.line(p.paint(bold, "Visits") + where)
	visits := r.Visits
	if n := len(visits) - visitsLimit; n > 0 {
		p.line(fmt.Sprintf("  … %s before", count(n, "visit")))
		visits = visits[n:]
	}
	for i := range visits {
		v := &visits[i]
		line := "  " + minute(v.At) + "  " + p.paint(colorOf(v.Verdict), clean(string(v.Verdict), 40))
		for _, more := range v.notes(r) {
			line += " · " + more
		}
		p.line(line)
		if v.Verdict != archive.Alive {
			for _, s := range sentences(v.Reasons) {
				for _, line := range wrap(r.Citation.said(s), p.width-4, 2) {
					p.line("    " + line)
				}
			}
		}
		p.line("    " + p.paint(dim, clean(v.Capture, longLine)))
		if v.Content != "" && v.Content != v.Capture {
			p.line("    " + p.paint(dim, "content in "+shortKey(v.Content)))
		}
	}
	p.line("  " + p.paint(dim, "A capture is captures/<first two digits>/<SHA-256>.warc.gz."))
}

// notes say what there is of a visit beside its verdict.
func (v *ShowVisit) notes(r *ShowResult) []string {
	var all []string
	switch v.Change {
	case Unchanged:
		all = append(all, "unchanged")
	case SameText:
		all = append(all, "same text")
	case OtherBytes:
		all = append(all, "changed")
	}
	switch {
	case v.Memento != nil:
		all = append(all, "as "+clean(v.Memento.Archive, longLine)+" has it")
	case v.Imported:
		all = append(all, "imported")
	}
	if v.Capture == r.Shown {
		shown := "shown"
		if r.Choice == ShownAsCited {
			shown = "shown, as cited"
		}
		all = append(all, shown)
	}
	return all
}
