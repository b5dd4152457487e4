package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/verify"
)

// AuditText writes what an audit of the archive at where found: every finding
// with its object, then one line that sums up.
func AuditText(w io.Writer, r *verify.AuditReport, where string, o TextOptions) error {
	p := newPrinter(w, o)
	last := ""
	for i, f := range r.Findings {
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
		if i+1 == len(r.Findings) || r.Findings[i+1].Key != f.Key {
			p.affects(&f, indent)
		}
	}
	for _, key := range r.Unread {
		p.line(p.paint(bold, clean(key, longLine)))
		p.line("  " + p.paint(red, "unread"))
	}
	if len(r.Findings)+len(r.Unread) > 0 {
		p.line("")
	}
	for _, line := range wrap(auditSummary(r, where), p.width, 9) {
		p.line(line)
	}
	if r.Log != nil {
		for _, line := range wrap(logSummary(r.Log), p.width, 9) {
			p.line(line)
		}
	}
	if n := r.Unindexed; n != nil && *n > 0 {
		for _, line := range wrap(count(int(*n), "capture")+" not in the catalog: `ibid reindex` enters them", p.width, 9) {
			p.line(line)
		}
	}
	return p.flush()
}

// logSummary says what the log is, and why it is believed.
func logSummary(l *verify.LogReport) string {
	entries := "entries"
	if l.Size == 1 {
		entries = "entry"
	}
	line := fmt.Sprintf("log %s: %d %s, ", clean(l.Origin, longLine), l.Size, entries)
	switch l.Trust {
	case log.Pinned:
		line += "signed by a key that you trust"
	case log.Chained:
		line += "signed by a key that one you trust introduced"
	default:
		line += "signed by the key that the archive itself names"
	}
	if l.Unlogged > 0 {
		line += "; " + count(int(l.Unlogged), "object") + " not in it: kept by a run that goes on or was killed, which the next run enters, or put there by somebody else"
	}
	if l.Witnesses > 0 {
		line += "; extends " + count(l.Witnesses, "checkpoint") + " kept elsewhere"
	}
	if n := len(l.Stamps); n > 0 {
		first := l.Stamps[0]
		line += fmt.Sprintf("; %s, the first of %s by %s", count(n, "time-stamp"), first.Time.UTC().Format("2006-01-02 15:04 MST"), clean(first.Authority, longLine))
		if !first.Trusted {
			line += ", for whom no known root vouches"
		}
	}
	return line
}

// affects writes which citations rest on what is wrong.
func (p *printer) affects(f *verify.Finding, indent int) {
	const shown = 5
	head := "  " + pad("affects", indent-4) + "  "
	for i, a := range f.Affects {
		if i == shown {
			break
		}
		where := a.Path
		if where == "" {
			where = "report " + a.Report[:min(len(a.Report), 12)]
		}
		if a.Citation != "" {
			where += " [" + a.Citation + "]"
		}
		for _, line := range wrap(clean(strings.TrimSpace(where+" "+a.URL), longLine), p.width-indent, 3) {
			p.line(head + line)
			head = pad("", indent)
		}
	}
	if more := len(f.Affects) + f.More - shown; more > 0 {
		p.line(head + fmt.Sprintf("and %d more", more))
	}
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
	if r.Quick {
		line = fmt.Sprintf("%s, %s compared with their names", count(int(r.Objects), "object"), size(r.Bytes))
	}
	if where = clean(where, longLine); where != "" {
		line += " from " + where
	}
	if scope := r.Scope.String(); scope != "everything" {
		line += " (" + scope + ")"
	}
	if n := len(r.Unread); n > 0 {
		found += ", but " + count(n, "object") + " could not be read"
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

// Document writes v as one JSON document, indented, with characters escaped that
// a terminal acts on. v has its version in it.
func Document(w io.Writer, v any) error { return encode(w, v) }
