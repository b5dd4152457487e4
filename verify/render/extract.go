package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/ibid-archive/ibid/seeds"
)

// Extract writes the citations of reports as a table: what `ibid extract` shows.
func Extract(w io.Writer, r *Result, o TextOptions) error {
	p := newPrinter(w, o)
	for i := range r.Reports {
		if i > 0 {
			p.line("")
		}
		p.table(&r.Reports[i])
	}
	return p.flush()
}

func (p *printer) table(r *ReportResult) {
	p.title(r.Path, r.Title)
	if line := r.published(); line != "" {
		p.line(p.paint(dim, line))
	}
	p.line("")
	rows := [][4]string{{"NOTE", "LINE:COL", "URL", "FLAGS"}}
	longest := longLine
	if len(r.Citations) > 0 && r.Citations[0].Line == 0 {
		rows[0][1], longest = "PLACE", max(16, p.width*2/5)
	}
	for i := range r.Citations {
		c := &r.Citations[i]
		rows = append(rows, [4]string{
			cutEnd(clean(c.Note, longLine), 8), cutEnd(clean(c.Where(), longLine), longest), c.shown(), strings.Join(c.flags(), ","),
		})
	}
	var wide [4]int
	for _, row := range rows {
		for i, cell := range row {
			wide[i] = max(wide[i], columns(cell))
		}
	}
	if len(rows) == 1 {
		p.line("no citations")
	} else {
		const gap = 2
		wide[2] = min(wide[2], max(p.width-wide[0]-wide[1]-wide[3]-3*gap, 20))
		for i, row := range rows {
			line := pad(row[0], wide[0]+gap) + pad(row[1], wide[1]+gap) + pad(shorten(row[2], wide[2]), wide[2]+gap) + row[3]
			if i == 0 {
				line = p.paint(dim, strings.TrimRight(line, " "))
			}
			p.line(line)
		}
	}
	p.findings(r)
	p.line("")
	p.line(fmt.Sprintf("%s, %s, %s", count(len(r.Citations), "citation"), count(len(r.Seeds), "source"), count(len(r.Findings), "finding")))
}

// published says when the report was published, and what tells it.
func (r *ReportResult) published() string {
	day := clean(r.Published.Value, 40)
	switch r.Published.From {
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
