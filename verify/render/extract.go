package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/ibid-archive/ibid/seeds"
)

// Extract writes the citations of reports as a table: what `ibid extract` shows.
func Extract(w io.Writer, reports []*seeds.Report, o TextOptions) error {
	p := newPrinter(w, o)
	for i, r := range reports {
		if i > 0 {
			p.line("")
		}
		p.title(r.Path, r.Title)
		if line := published(r.Published); line != "" {
			p.line(p.paint(dim, line))
		}
		p.line("")
		p.table(r)
		p.findings(oddities(r))
		p.line("")
		sources := 0
		for range r.Targets() {
			sources++
		}
		p.line(fmt.Sprintf("%s, %s, %s", count(len(r.Citations), "citation"), count(sources, "source"), count(len(r.Findings), "finding")))
	}
	return p.flush()
}

// table writes the citations. The cells are made once to measure them and once to write them: those of a large report would
// take more than the report.
func (p *printer) table(r *seeds.Report) {
	if len(r.Citations) == 0 {
		p.line("no citations")
		return
	}
	head, longest := [4]string{"NOTE", "LINE:COL", "URL", "FLAGS"}, longLine
	if r.Citations[0].Line == 0 {
		head[1], longest = "PLACE", max(16, p.width*2/5)
	}
	var wide [4]int
	measure := func(row [4]string) {
		for i, cell := range row {
			wide[i] = max(wide[i], columns(cell))
		}
	}
	measure(head)
	for i := range r.Citations {
		measure(row(&r.Citations[i], longest))
	}
	const gap = 2
	wide[2] = min(wide[2], max(p.width-wide[0]-wide[1]-wide[3]-3*gap, 20))
	line := func(row [4]string) string {
		return pad(row[0], wide[0]+gap) + pad(row[1], wide[1]+gap) + pad(shorten(row[2], wide[2]), wide[2]+gap) + row[3]
	}
	p.line(p.paint(dim, strings.TrimRight(line(head), " ")))
	for i := range r.Citations {
		p.line(line(row(&r.Citations[i], longest)))
	}
}

// row are the cells of a citation: note, place, address, and what was done to it.
func row(cited *seeds.Citation, longest int) [4]string {
	c := CitationResult{Citation: *cited}
	return [4]string{
		cutEnd(clean(c.Note, longLine), 8), cutEnd(clean(c.Where(), longLine), longest), c.shown(), strings.Join(c.flags(), ","),
	}
}

// oddities is what is odd about a report, with the citations that it takes to say so.
func oddities(r *seeds.Report) *ReportResult {
	odd := &ReportResult{Findings: r.Findings}
	for _, c := range r.Citations {
		if c.Defanged {
			odd.Citations = append(odd.Citations, CitationResult{Citation: c})
		}
	}
	return odd
}

// published says when a report was published, and what tells it.
func published(d seeds.Date) string {
	day := clean(d.Value, 40)
	switch d.From {
	case seeds.PublishedMetadata:
		return "published " + day + ", by its metadata"
	case seeds.PublishedText:
		return "published " + day + ", by its text"
	case seeds.PublishedPost:
		return "published on or after " + day + ", by its newest post"
	}
	return ""
}

// flags are what was done to the address that the author wrote.
func (c *CitationResult) flags() []string {
	var flags []string
	if c.Defanged {
		flags = append(flags, "defanged")
	}
	if c.Repaired {
		flags = append(flags, "repaired")
	}
	if c.Invalid != "" {
		flags = append(flags, "invalid")
	}
	return flags
}
