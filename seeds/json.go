package seeds

import "slices"

// JSONVersion is the version of [Document]. It grows when a name changes its meaning or goes away; new names may come.
const JSONVersion = 1

// Document is what "ibid extract --format json" prints.
type Document struct {
	Version int          `json:"version"`
	Reports []ReportJSON `json:"reports"`
}

// ReportJSON is one report in JSON. A larger document embeds it and adds its own names.
type ReportJSON struct {
	Path      string         `json:"path"`
	Format    string         `json:"format"`
	Title     string         `json:"title"`
	Authors   []string       `json:"authors,omitempty"`
	Published Date           `json:"published,omitzero"`
	Language  string         `json:"language,omitempty"`
	Canonical string         `json:"canonical_url,omitempty"`
	SHA256    string         `json:"sha256"`
	Citations []CitationJSON `json:"citations"`
	Seeds     []string       `json:"seeds"` // what is fetched, see [Seed].URL
	Findings  []FindingJSON  `json:"findings"`
}

// CitationJSON is one citation in JSON. Line and column count from 1, columns in code points; a format that has no lines
// has 0 there, and page or place.
type CitationJSON struct {
	ID       string     `json:"id"`
	Note     string     `json:"note"`
	URL      string     `json:"url"`
	Raw      string     `json:"raw"`
	Shown    string     `json:"shown,omitempty"`    // text of a link
	Accessed string     `json:"accessed,omitempty"` // day on which the author saw it
	Defanged bool       `json:"defanged"`
	Repaired bool       `json:"repaired,omitempty"`
	Invalid  string     `json:"invalid,omitempty"` // why there is no fetchable URL
	Line     int        `json:"line"`
	Column   int        `json:"column"`
	Page     int        `json:"page,omitempty"`
	Place    string     `json:"place,omitempty"`
	Marks    []MarkJSON `json:"marks"`
}

// MarkJSON is one mark of a citation's note in JSON.
type MarkJSON struct {
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Page   int    `json:"page,omitempty"`
	Place  string `json:"place,omitempty"`
	Claim  string `json:"claim"`
}

// FindingJSON is one finding in JSON.
type FindingJSON struct {
	Rule     string `json:"rule"`
	Level    string `json:"level"`
	Note     string `json:"note"`
	Citation string `json:"citation,omitempty"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Page     int    `json:"page,omitempty"`
	Place    string `json:"place,omitempty"`
	Message  string `json:"message"`
}

// NewReportJSON returns the JSON form of a report. Its lists are empty rather than null.
func NewReportJSON(r *Report) ReportJSON {
	j := ReportJSON{
		Path: r.Path, Format: r.Format, Title: r.Title, SHA256: r.SHA256,
		Authors: r.Authors, Published: r.Published, Language: r.Language, Canonical: r.Canonical,
		Citations: make([]CitationJSON, 0, len(r.Citations)),
		Seeds:     []string{},
		Findings:  make([]FindingJSON, 0, len(r.Findings)),
	}
	for _, c := range r.Citations {
		j.Citations = append(j.Citations, NewCitationJSON(c))
	}
	j.Seeds = slices.AppendSeq(j.Seeds, r.Targets())
	for _, f := range r.Findings {
		j.Findings = append(j.Findings, NewFindingJSON(f))
	}
	return j
}

// NewFindingJSON returns the JSON form of a finding.
func NewFindingJSON(f Finding) FindingJSON {
	return FindingJSON{
		Rule: f.Rule, Level: f.Level, Note: f.Note, Citation: f.Citation, Line: f.Line, Column: f.Column,
		Page: f.Page, Place: f.Place, Message: f.Message,
	}
}

// NewCitationJSON returns the JSON form of a citation.
func NewCitationJSON(c Citation) CitationJSON {
	j := CitationJSON{
		ID: c.ID, Note: c.Note, URL: c.URL, Raw: c.Written(), Defanged: c.Defanged, Repaired: c.Repaired, Invalid: c.Invalid,
		Shown: withoutCredentials(c.Shown), Accessed: c.Accessed,
		Line: c.Line, Column: c.Column, Page: c.Page, Place: c.Place, Marks: make([]MarkJSON, 0, len(c.Marks)),
	}
	for _, m := range c.Marks {
		j.Marks = append(j.Marks, MarkJSON{Line: m.Line, Column: m.Column, Page: m.Page, Place: m.Place, Claim: m.Claim})
	}
	return j
}
