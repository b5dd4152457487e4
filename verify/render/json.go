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
	"github.com/ibid-archive/ibid/seeds"
)

// jsonResult is seeds.Document with what visits found. Fields may be added to
// it; a change of meaning makes a new version.
type jsonResult struct {
	Version int          `json:"version"`
	Reports []jsonReport `json:"reports"`
}

type jsonReport struct {
	seeds.ReportJSON
	Citations []jsonCitation          `json:"citations"` // in the place of those of ReportJSON
	Summary   map[archive.Verdict]int `json:"summary"`   // every verdict, also those that no citation has
}

type jsonCitation struct {
	seeds.CitationJSON
	Verdict       archive.Verdict `json:"verdict"` // "" when not visited
	State         archive.State   `json:"state"`
	Reasons       []string        `json:"reasons"`
	HTTPStatus    int             `json:"http_status"`
	FinalURL      string          `json:"final_url"`
	Redirects     []string        `json:"redirects"`
	CheckedAt     *time.Time      `json:"checked_at"`
	CapturedAt    *time.Time      `json:"captured_at"`
	Capture       string          `json:"capture"`
	Content       string          `json:"content,omitempty"`
	PayloadSHA256 string          `json:"payload_sha256"`
	TextSHA256    string          `json:"text_sha256"`
	Title         string          `json:"title,omitempty"` // of the page
	Error         string          `json:"error,omitempty"` // why there was no visit, or nothing kept
}

// JSON writes the result as one document, indented. Lists are never null;
// times are RFC 3339 in UTC, null when there is none. Values are as found, so
// whoever shows them cleans them.
func JSON(w io.Writer, r *Result) error {
	doc := jsonResult{Version: seeds.JSONVersion, Reports: []jsonReport{}}
	for i := range r.Reports {
		doc.Reports = append(doc.Reports, r.Reports[i].json())
	}
	return encode(w, doc)
}

// ExtractJSON writes what reports cite: what `ibid extract --format json` shows.
func ExtractJSON(w io.Writer, reports []*seeds.Report) error {
	doc := seeds.Document{Version: seeds.JSONVersion, Reports: []seeds.ReportJSON{}}
	for _, r := range reports {
		doc.Reports = append(doc.Reports, seeds.NewReportJSON(r))
	}
	return encode(w, doc)
}

func (r *ReportResult) json() jsonReport {
	known := seeds.NewReportJSON(&seeds.Report{Path: r.Path, Format: r.Format, Title: r.Title, SHA256: r.SHA256, Findings: r.Findings})
	known.Seeds, known.Citations = list(r.Seeds), nil
	out := jsonReport{ReportJSON: known, Citations: []jsonCitation{}, Summary: map[archive.Verdict]int{}}
	for i := range r.Citations {
		out.Citations = append(out.Citations, r.Citations[i].json())
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
	return jsonCitation{
		CitationJSON: seeds.NewCitationJSON(c.Citation),
		Verdict:      c.verdict(), State: c.State, Reasons: list(c.Reasons), HTTPStatus: c.HTTPStatus, FinalURL: c.FinalURL, Redirects: list(c.Redirects),
		CheckedAt: instant(c.CheckedAt), CapturedAt: instant(c.CapturedAt), Capture: c.Capture, Content: c.Content,
		PayloadSHA256: c.PayloadSHA256, TextSHA256: c.TextSHA256, Title: c.Title, Error: c.Error,
	}
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
