package render

import (
	"fmt"
	"io"

	"github.com/ibid-archive/ibid/verify"
)

// AuditText writes what an audit of the archive at where found: every finding
// with its object, then one line that sums up.
func AuditText(w io.Writer, r *verify.AuditReport, where string, o TextOptions) error {
	p := newPrinter(w, o)
	last := ""
	for _, f := range r.Findings {
		if f.Key != last {
			p.line(p.paint(bold, clean(f.Key, longLine))) // whole: it will be copied
			last = f.Key
		}
		const indent = 13 // two spaces, the longest rule, two spaces
		message := clean(f.Message, longLine)
		if f.Record != "" {
			message += fmt.Sprintf(" (record %s at byte %d)", clean(f.Record, 100), f.Offset)
		}
		head := "  " + p.paint(red, pad(string(f.Rule), indent-4)) + "  "
		for i, line := range wrap(message, p.width-indent, 6) {
			if i > 0 {
				head = pad("", indent)
			}
			p.line(head + line)
		}
	}
	if len(r.Findings) > 0 {
		p.line("")
	}
	for _, line := range wrap(auditSummary(r, where), p.width, 9) {
		p.line(line)
	}
	return p.flush()
}

func auditSummary(r *verify.AuditReport, where string) string {
	found := "nothing is wrong"
	if r.Found > 0 {
		found = count(int(r.Found), "finding")
	}
	if hidden := r.Found - int64(len(r.Findings)); hidden > 0 {
		found += fmt.Sprintf(", %d of them not listed", hidden)
	}
	line := fmt.Sprintf("%s, %s, %s re-read", count(int(r.Objects), "object"), count(int(r.Records), "record"), size(r.Bytes))
	if where = clean(where, longLine); where != "" {
		line += " from " + where
	}
	return line + ": " + found
}

// AuditJSON writes the report of an audit as one document, indented.
func AuditJSON(w io.Writer, r *verify.AuditReport) error {
	report := *r
	if report.Findings == nil {
		report.Findings = []verify.Finding{}
	}
	const version = 1
	return encode(w, struct {
		Version int `json:"version"`
		verify.AuditReport
	}{version, report})
}
