package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/ibid-archive/ibid/verify"
)

// PackageText writes what the check of a package or a WARC found: a line for
// each step, what it proves and what not, then what is wrong, then a line that
// sums up.
func PackageText(w io.Writer, r *verify.PackageReport, o TextOptions) error {
	p := newPrinter(w, o)
	p.line(p.paint(bold, clean(r.File, longLine)))
	for i := 0; i < len(r.Steps); i++ {
		s := &r.Steps[i]
		last := i
		for s.Outcome == verify.StepAbsent || s.Outcome == verify.StepNotChecked {
			if last+1 == len(r.Steps) || r.Steps[last+1].Outcome != s.Outcome {
				break
			}
			last++
		}
		names := make([]string, 0, last-i+1)
		for _, same := range r.Steps[i : last+1] {
			names = append(names, string(same.Step))
		}
		p.step(s, names)
		i = last
	}
	p.packageFindings(r)
	p.line("")
	for _, line := range wrap(packageSummary(r), p.width, 9) {
		p.line(line)
	}
	return p.flush()
}

// stepColumn is where the text of a step begins: after two spaces and the
// longest outcome.
const stepColumn = 15

func (p *printer) step(s *verify.PackageResult, names []string) {
	color := red
	switch s.Outcome {
	case verify.StepPassed:
		color = green
	case verify.StepConsistent, verify.StepIncomplete:
		color = yellow
	case verify.StepAbsent, verify.StepNotChecked:
		color = dim
	}
	text := strings.Join(names, ", ")
	if detail := clean(s.Detail, longLine); detail != "" {
		text += ": " + detail
	}
	head := "  " + p.paint(color, pad(string(s.Outcome), stepColumn-2))
	for _, line := range wrap(text, p.width-stepColumn, 6) {
		p.line(head + line)
		head = pad("", stepColumn)
	}
	said := clean(s.Proves, longLine)
	if limits := clean(s.Limits, longLine); limits != "" {
		said += " Not proved: " + limits
	}
	for _, line := range wrap(said, p.width-stepColumn, 9) {
		p.line(pad("", stepColumn) + p.paint(dim, line))
	}
}

func (p *printer) packageFindings(r *verify.PackageReport) {
	last := "\x00"
	for _, f := range r.Findings {
		if f.File != last {
			last = f.File
			name := clean(f.File, longLine)
			if name == "" {
				name = "the package"
			}
			p.line("")
			p.line(p.paint(bold, name)) // whole: it will be copied
		}
		word, color := "fault", red
		if f.Note {
			word, color = "note", dim
		}
		head := "  " + p.paint(color, pad(word, 5)) + "  "
		text := fmt.Sprintf("%s: %s: %s", f.Step, clean(f.Code, 100), clean(f.Message, longLine))
		for _, line := range wrap(text, p.width-9, 6) {
			p.line(head + line)
			head = pad("", 9)
		}
	}
	if r.Dropped > 0 {
		p.line("")
		p.line(fmt.Sprintf("and %d more", r.Dropped))
	}
}

func packageSummary(r *verify.PackageReport) string {
	what := "a WARC file"
	if r.Format == verify.FormatWACZ {
		what = "a WACZ package"
	}
	if r.Own {
		what += " of ibid's"
	}
	what += fmt.Sprintf(", %s, %s in %s", size(r.Size), count(r.Records, "record"), count(r.WARCs, "WARC"))
	faults := r.Dropped
	for _, f := range r.Findings {
		if !f.Note {
			faults++
		}
	}
	if !r.Holds() {
		return what + ": " + count(faults, "fault") + ", it does not hold"
	}
	open := map[verify.StepOutcome]int{}
	for _, s := range r.Steps {
		open[s.Outcome]++
	}
	text := what + ": all that could be checked holds"
	if n := open[verify.StepConsistent]; n > 0 {
		text += fmt.Sprintf("; of %s whom to trust was not said", count(n, "step"))
	}
	if n := open[verify.StepAbsent] + open[verify.StepIncomplete]; n > 0 {
		text += fmt.Sprintf("; for %s there is nothing, or not everything", count(n, "step"))
	}
	return text
}

// PackagesJSON writes the reports of several checks as one document, indented.
func PackagesJSON(w io.Writer, reports []*verify.PackageReport) error {
	const version = 1
	type file struct {
		Holds bool `json:"holds"`
		*verify.PackageReport
	}
	list := make([]file, len(reports))
	for i, r := range reports {
		list[i] = file{r.Holds(), r}
	}
	return encode(w, struct {
		Version int    `json:"version"`
		Files   []file `json:"files"`
	}{version, list})
}
