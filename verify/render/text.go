package render

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify"
)

// TextOptions say what the terminal can show.
type TextOptions struct {
	Width  int  // columns; 0 for 80. Below 40 it is 40
	Color  bool // whether to use SGR colours; the caller knows of NO_COLOR and terminals
	All    bool // show every reason in full, instead of the first two lines of them
	Status bool // say when each source was last checked, as `ibid status` does
}

// Text writes how every citation stands, note by note, then what is odd about
// the reports and one line that sums up.
func Text(w io.Writer, r *Result, o TextOptions) error {
	p := newPrinter(w, o)
	for i := range r.Reports {
		if i > 0 {
			p.line("")
		}
		p.report(&r.Reports[i])
	}
	p.line("")
	for _, line := range append(wrap(summary(r), p.width, 9), asked(r)...) {
		p.line(line)
	}
	return p.flush()
}

func (p *printer) report(r *ReportResult) {
	p.title(r.Path, r.Title)
	for i := range r.Citations {
		c := &r.Citations[i]
		if i == 0 || c.Note != r.Citations[i-1].Note || c.Note == "" {
			p.line("")
			p.note(c)
		}
		p.citation(c)
	}
	if len(r.Citations) == 0 {
		p.line("")
		p.line("no citations")
	}
	p.findings(r)
}

func (p *printer) title(path, title string) {
	path, title = shorten(clean(path, longLine), p.width), clean(title, longLine)
	if rest := p.width - columns(path) - 2; title != "" && rest > 10 {
		p.line(p.paint(bold, path) + "  " + p.paint(dim, cutEnd(title, rest)))
		return
	}
	p.line(p.paint(bold, path))
}

// note writes the heading of a note: its label and the claim that it supports.
func (p *printer) note(c *CitationResult) {
	label := cutEnd(place(c.Position), p.width)
	if c.Note != "" {
		label = "[" + cutEnd(clean(c.Note, longLine), 12) + "]"
	}
	if len(c.Marks) == 0 || c.Marks[0].Claim == "" {
		p.line(p.paint(bold, label))
		return
	}
	claim := cutEnd(clean(c.Marks[0].Claim, longLine), p.width-columns(label)-1)
	p.line(p.paint(bold, label) + " " + p.paint(dim, claim))
}

// textColumn is where addresses begin: after two spaces and the longest verdict.
const textColumn = 15

func (p *printer) citation(c *CitationResult) {
	word, color := string(c.verdict()), colorOf(c.verdict())
	if word == "" {
		word = "not visited"
	}
	indent, room := strings.Repeat(" ", textColumn), p.width-textColumn
	p.line("  " + p.paint(color, pad(cutEnd(clean(word, 40), textColumn-4), textColumn-2)) + shorten(c.shown(), room))
	if c.Post != nil {
		for _, line := range c.post(room, 1) {
			p.line(indent + line)
		}
	} else if c.found() && c.Title != "" {
		p.line(indent + p.paint(dim, "“"+cutEnd(c.said(c.Title), room-2)+"”"))
	}
	limit := 2
	if p.All {
		limit = 1000
	}
	for _, line := range wrap(c.said(c.why()), room, limit) {
		p.line(indent + line)
	}
	for _, line := range slices.Concat(p.kept(c, room), p.memento(c, room), p.submitted(c, room)) {
		p.line(indent + p.paint(dim, line))
	}
}

// found reports whether the visit found the source's content.
func (c *CitationResult) found() bool {
	return c.Verdict == archive.Alive || c.Verdict == archive.Moved || c.Verdict == archive.Drifted
}

// why gives the reasons as one sentence, without their codes.
func (c *CitationResult) why() string {
	var parts []string
	if c.State != "" && c.State != archive.StateAlive {
		parts = append(parts, string(c.State))
	}
	if c.Over != nil {
		parts = append(parts, sentences(c.Over.Reasons)...)
	}
	if c.Error != "" {
		parts = append(parts, c.Error)
	}
	if len(c.Reasons) == 0 && c.Invalid != "" {
		parts = append(parts, c.Invalid)
	}
	return strings.Join(append(parts, sentences(c.Reasons)...), "; ")
}

// sentences are reasons without their codes.
func sentences(reasons []string) []string {
	out := make([]string, len(reasons))
	for i, r := range reasons {
		_, sentence, ok := strings.Cut(r, ": ")
		if !ok {
			sentence = r
		}
		out[i] = sentence
	}
	return out
}

// kept says when the source was checked and where its content is kept: that may
// be the capture of an earlier visit. Then a visit that found none has its own.
func (p *printer) kept(c *CitationResult, room int) []string {
	var parts []string
	switch {
	case c.Imported:
		parts = append(parts, "imported, not visited")
	case p.Status && !c.CheckedAt.IsZero():
		parts = append(parts, "last checked "+minute(c.CheckedAt))
	}
	if p.Status && c.Over != nil {
		parts = append(parts, "next visit "+minute(c.Over.Next))
	}
	ours := !c.CapturedAt.IsZero() && (c.Memento == nil || c.Content != c.Memento.Capture)
	switch {
	case ours:
		parts = append(parts, "captured "+minute(c.CapturedAt))
	case p.Status && c.Verdict != "" && c.Memento == nil:
		parts = append(parts, "no content captured")
	}
	content := ours && c.Content != "" && c.Content != c.Capture
	if content {
		parts = append(parts, shortKey(c.Content))
	}
	if key := shortKey(c.Capture); key != "" && !content {
		parts = append(parts, key)
	} else if key != "" && !c.found() {
		parts = append(parts, "this visit "+key)
	}
	return oneLine(parts, room)
}

// oneLine joins what fits on a line; otherwise each part has its own.
func oneLine(parts []string, room int) []string {
	if line := strings.Join(parts, " · "); columns(line) <= room {
		return []string{line}[:min(1, len(parts))]
	}
	for i := range parts {
		parts[i] = shorten(parts[i], room)
	}
	return parts
}

// shortKey names the object of a capture so that a person can find it.
func shortKey(sha256 string) string {
	const most = 12 // of 64 digits: enough to be the only match
	if len(sha256) <= most {
		return clean(sha256, longLine)
	}
	return "captures/" + clean(sha256[:2], 8) + "/" + clean(sha256[:most], 48) + "….warc.gz"
}

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// findings lists what is odd about the report itself.
func (p *printer) findings(r *ReportResult) {
	list := r.Findings
	if len(list) == 0 {
		return
	}
	p.line("")
	p.line(p.paint(bold, "In the report"))
	place, rule := 0, 0
	for _, f := range list {
		place, rule = max(place, len(at(f))), max(rule, columns(clean(f.Rule, 40)))
	}
	indent := 2 + place + 2 + rule + 2
	message := r.messages()
	for _, f := range list {
		color := dim
		if verify.Severity(f.Level) == verify.SeverityWarning || verify.Severity(f.Level) == verify.SeverityError {
			color = yellow
		}
		head := "  " + pad(at(f), place) + "  " + p.paint(color, pad(clean(f.Rule, 40), rule)) + "  "
		lines := wrap(message(f), max(p.width-indent, 20), 4)
		if len(lines) == 0 {
			lines = []string{""}
		}
		for i, line := range lines {
			if i > 0 {
				head = strings.Repeat(" ", indent)
			}
			p.line(strings.TrimRight(head+line, " "))
		}
	}
}

func at(f seeds.Finding) string { return clean(f.Where(), longLine) }

// summary says in one sentence how all citations stand.
func summary(r *Result) string {
	counts, keys, total := map[archive.Verdict]int{}, map[string]bool{}, 0
	for i := range r.Reports {
		for v, n := range r.Reports[i].Summary() {
			counts[v] += n
			total += n
		}
		for _, c := range r.Reports[i].Citations {
			if c.Key != "" {
				keys[c.Key] = true
			}
		}
	}
	var parts []string
	for _, v := range append(archive.Verdicts(), "") {
		if word := string(v); counts[v] > 0 {
			if v == "" {
				word = "not visited"
			}
			parts = append(parts, fmt.Sprintf("%d %s", counts[v], word))
		}
	}
	line := count(total, "citation")
	if len(parts) > 0 {
		line += ": " + strings.Join(parts, ", ")
	}
	line += " · " + count(len(keys), "source")
	switch where := clean(r.Archive, longLine); {
	case where != "" && r.Bytes > 0:
		line += " · " + size(r.Bytes) + " kept in " + where
	case where != "":
		line += " · kept in " + where
	}
	return line
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// size writes a number of bytes for people, in powers of 1000.
func size(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	value := float64(n)
	for _, unit := range []string{"kB", "MB", "GB", "TB"} {
		if value /= 1000; value < 999.95 {
			return fmt.Sprintf("%.1f %s", value, unit)
		}
	}
	return fmt.Sprintf("%.1f PB", value/1000)
}

// printer writes lines and remembers the first error.
type printer struct {
	TextOptions
	width int
	out   *bufio.Writer
}

func newPrinter(w io.Writer, o TextOptions) *printer {
	width := o.Width
	if width == 0 {
		width = 80
	}
	return &printer{TextOptions: o, width: max(width, 40), out: bufio.NewWriter(w)}
}

// line writes one line. When it ends up in the log of a GitHub job, a line that
// begins with "::", or has "##[" anywhere, would be a command to the runner.
func (p *printer) line(s string) {
	s = strings.ReplaceAll(strings.TrimRight(s, " "), "##[", "##(")
	if front := strings.Index(s, "::"); front >= 0 && blank(s[:front]) {
		s = s[:front] + "∷" + s[front+2:]
	}
	_, _ = p.out.WriteString(s)
	_ = p.out.WriteByte('\n')
}

// blank reports spaces and colours alone.
func blank(s string) bool {
	for s = strings.TrimLeft(s, " "); strings.HasPrefix(s, "\x1b["); s = strings.TrimLeft(s, " ") {
		_, s, _ = strings.Cut(s, "m")
	}
	return s == ""
}

// flush returns the first error of any line: a bufio.Writer keeps it.
func (p *printer) flush() error {
	if err := p.out.Flush(); err != nil {
		return fmt.Errorf("write text: %w", err)
	}
	return nil
}
