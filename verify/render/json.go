package render

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/ibid-archive/ibid/archive"
)

// jsonVersion is the version of the document that JSON writes. Fields may be
// added to it; a change of meaning makes a new version.
const jsonVersion = 1

type jsonResult struct {
	Version int          `json:"version"`
	Reports []jsonReport `json:"reports"`
}

type jsonReport struct {
	Path      string                  `json:"path"`
	Format    string                  `json:"format"`
	Title     string                  `json:"title"`
	SHA256    string                  `json:"sha256"`
	Citations []jsonCitation          `json:"citations"`
	Seeds     []string                `json:"seeds"`
	Findings  []jsonFinding           `json:"findings"`
	Summary   map[archive.Verdict]int `json:"summary"` // every verdict, also those that no citation has
}

type jsonCitation struct {
	ID       string     `json:"id"`
	Note     string     `json:"note"`
	URL      string     `json:"url"`
	Raw      string     `json:"raw"`
	Defanged bool       `json:"defanged"`
	Line     int        `json:"line"`
	Column   int        `json:"column"`
	Marks    []jsonMark `json:"marks"`

	Verdict       archive.Verdict `json:"verdict"` // "" when not visited
	State         archive.State   `json:"state"`
	Reasons       []string        `json:"reasons"`
	HTTPStatus    int             `json:"http_status"`
	FinalURL      string          `json:"final_url"`
	Redirects     []string        `json:"redirects"`
	CheckedAt     *time.Time      `json:"checked_at"`
	CapturedAt    *time.Time      `json:"captured_at"`
	Capture       string          `json:"capture"`
	PayloadSHA256 string          `json:"payload_sha256"`
	TextSHA256    string          `json:"text_sha256"`
	Title         string          `json:"title,omitempty"`
	Error         string          `json:"error,omitempty"`
}

type jsonMark struct {
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Claim  string `json:"claim"`
}

type jsonFinding struct {
	Rule     string `json:"rule"`
	Level    string `json:"level"`
	Note     string `json:"note"`
	Citation string `json:"citation,omitempty"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Message  string `json:"message"`
}

// JSON writes the result as one document, indented. Lists are never null;
// times are RFC 3339 in UTC, null when there is none. Strings are as found:
// JSON escapes what a terminal must not see, and who shows them cleans them.
func JSON(w io.Writer, r *Result) error {
	doc := jsonResult{Version: jsonVersion, Reports: []jsonReport{}}
	for i := range r.Reports {
		doc.Reports = append(doc.Reports, r.Reports[i].json())
	}
	return encode(w, doc)
}

func (r *ReportResult) json() jsonReport {
	out := jsonReport{
		Path: r.Path, Format: r.Format, Title: r.Title, SHA256: r.SHA256,
		Citations: []jsonCitation{}, Seeds: list(r.Seeds), Findings: []jsonFinding{}, Summary: map[archive.Verdict]int{},
	}
	for i := range r.Citations {
		out.Citations = append(out.Citations, r.Citations[i].json())
	}
	for _, f := range r.Findings {
		out.Findings = append(out.Findings, jsonFinding{
			Rule: f.Rule, Level: f.Level, Note: f.Note, Citation: f.Citation, Line: f.Line, Column: f.Column, Message: f.Message,
		})
	}
	for _, v := range archive.Verdicts() {
		out.Summary[v] = 0
	}
	for v, n := range r.Summary() {
		out.Summary[v] = n
	}
	return out
}

func (c *CitationResult) json() jsonCitation {
	out := jsonCitation{
		ID: c.ID, Note: c.Note, URL: c.URL, Raw: c.Raw, Defanged: c.Defanged, Line: c.Line, Column: c.Column, Marks: []jsonMark{},
		Verdict: c.verdict(), State: c.State, Reasons: list(c.Reasons), HTTPStatus: c.HTTPStatus, FinalURL: c.FinalURL, Redirects: list(c.Redirects),
		CheckedAt: instant(c.CheckedAt), CapturedAt: instant(c.CapturedAt), Capture: c.Capture,
		PayloadSHA256: c.PayloadSHA256, TextSHA256: c.TextSHA256, Title: c.Title, Error: c.Error,
	}
	for _, m := range c.Marks {
		out.Marks = append(out.Marks, jsonMark{Line: m.Line, Column: m.Column, Claim: m.Claim})
	}
	return out
}

// encode writes v indented. HTML is not escaped, so that addresses stay
// readable; every character that a terminal acts on is, which leaves the values
// as they are.
func encode(w io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("encode JSON: %w", err)
	}
	out := bufio.NewWriter(w)
	for text := b.Bytes(); len(text) > 0; {
		r, n := utf8.DecodeRune(text)
		switch {
		case r == '\n' || !dropped(r):
			_, _ = out.Write(text[:n])
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			_, _ = fmt.Fprintf(out, `\u%04x\u%04x`, high, low)
		default:
			_, _ = fmt.Fprintf(out, `\u%04x`, r)
		}
		text = text[n:]
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
