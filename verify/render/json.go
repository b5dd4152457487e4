package render

import (
	"bufio"
	"io"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/seeds"
)

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
	Title         string          `json:"title,omitempty"`     // of the page
	Post          *archive.Post   `json:"post,omitempty"`      // what the source's platform says of it, in short
	PostKept      *archive.Post   `json:"post_kept,omitempty"` // of a post that is no longer shown: what was said when it was
	Imported      bool            `json:"imported,omitempty"`  // captured by somebody else, and not visited by us
	Error         string          `json:"error,omitempty"`     // why there was no visit, or nothing kept
	OverTime      *jsonOver       `json:"over_time,omitempty"`
	Memento       *jsonMemento    `json:"memento,omitempty"`
	Submitted     *jsonSubmitted  `json:"submitted,omitempty"`
}

// jsonMemento is what a web archive gave of a source.
type jsonMemento struct {
	Archive  string     `json:"archive"`
	URL      string     `json:"url"`
	Datetime *time.Time `json:"datetime"`
	Original string     `json:"original"`
	Wanted   *time.Time `json:"wanted"` // the day that it was looked for
	From     string     `json:"from"`   // where that day comes from
	Capture  string     `json:"capture"`
}

// jsonSubmitted is what a web archive answered that was asked to capture a source.
type jsonSubmitted struct {
	Archive  string     `json:"archive"`
	Status   string     `json:"status"`
	Job      string     `json:"job,omitempty"`
	URL      string     `json:"url,omitempty"`
	Datetime *time.Time `json:"datetime"`
	Message  string     `json:"message,omitempty"`
	At       *time.Time `json:"at"`
	Capture  string     `json:"capture"`
}

func (m *Memento) json() *jsonMemento {
	if m == nil {
		return nil
	}
	return &jsonMemento{m.Archive, m.URL, instant(m.Datetime), m.Original, instant(m.Wanted), m.From, m.Capture}
}

func (s *Submitted) json() *jsonSubmitted {
	if s == nil {
		return nil
	}
	return &jsonSubmitted{s.Archive, s.Status, s.Job, s.URL, instant(s.Datetime), s.Message, instant(s.At), s.Capture}
}

// jsonOver is how a source stands over time.
type jsonOver struct {
	Strikes   int               `json:"strikes"`
	Since     *time.Time        `json:"since"`
	Reasons   []string          `json:"reasons"`
	NextVisit *time.Time        `json:"next_visit"` // null for now
	Decision  *archive.Decision `json:"decision,omitempty"`
}

func (o *OverTime) json() *jsonOver {
	if o == nil {
		return nil
	}
	return &jsonOver{o.Strikes, instant(o.Since), list(o.Reasons), instant(o.Next), o.Decision}
}

// JSON writes the result as one document, indented: seeds.Document with what
// visits found. Fields may be added to it; a change of meaning makes a new
// version. Lists are never null; times are RFC 3339 in UTC, null when there is
// none. Values are as found, so whoever shows them cleans them.
//
// It is written citation by citation: as one value in memory the document on
// 100,000 citations would take several times what is known of them.
func JSON(w io.Writer, r *Result) error {
	s := &jsonStream{out: bufio.NewWriter(w)}
	s.object(0, func() {
		s.field(1, "version", seeds.JSONVersion)
		s.name(1, "reports")
		s.list(1, len(r.Reports), func(i int) { s.report(2, &r.Reports[i]) })
		if len(r.Asked) > 0 {
			s.field(1, "asked", r.Asked)
		}
	})
	s.text("\n")
	return s.flush()
}

func (s *jsonStream) report(depth int, r *ReportResult) {
	s.object(depth, func() {
		s.head(depth+1, &seeds.Report{
			Path: r.Path, Format: r.Format, Title: r.Title, Authors: r.Authors, Published: r.Published, Language: r.Language,
			Canonical: r.Canonical, SHA256: r.SHA256,
		})
		s.field(depth+1, "seeds", list(r.Seeds))
		s.findings(depth+1, r.Findings)
		s.name(depth+1, "citations")
		s.list(depth+1, len(r.Citations), func(i int) { s.value(depth+2, r.Citations[i].json()) })
		s.field(depth+1, "summary", r.summary())
	})
}

// head writes what a report says of itself, as seeds.ReportJSON does.
func (s *jsonStream) head(depth int, r *seeds.Report) {
	s.field(depth, "path", r.Path)
	s.field(depth, "format", r.Format)
	s.field(depth, "title", r.Title)
	if len(r.Authors) > 0 {
		s.field(depth, "authors", r.Authors)
	}
	if r.Published != (seeds.Date{}) {
		s.field(depth, "published", r.Published)
	}
	if r.Language != "" {
		s.field(depth, "language", r.Language)
	}
	if r.Canonical != "" {
		s.field(depth, "canonical_url", r.Canonical)
	}
	s.field(depth, "sha256", r.SHA256)
}

func (s *jsonStream) findings(depth int, all []seeds.Finding) {
	s.name(depth, "findings")
	s.list(depth, len(all), func(i int) { s.value(depth+1, seeds.NewFindingJSON(all[i])) })
}

// summary counts every verdict, also those that no citation has.
func (r *ReportResult) summary() map[archive.Verdict]int {
	counts := r.Summary()
	for _, v := range archive.Verdicts() {
		counts[v] += 0
	}
	return counts
}

// ExtractJSON writes what reports cite, citation by citation: the seeds.Document that `ibid extract --format json` shows.
func ExtractJSON(w io.Writer, reports []*seeds.Report) error {
	s := &jsonStream{out: bufio.NewWriter(w)}
	s.object(0, func() {
		s.field(1, "version", seeds.JSONVersion)
		s.name(1, "reports")
		s.list(1, len(reports), func(i int) { s.extracted(2, reports[i]) })
	})
	s.text("\n")
	return s.flush()
}

func (s *jsonStream) extracted(depth int, r *seeds.Report) {
	s.object(depth, func() {
		s.head(depth+1, r)
		s.name(depth+1, "citations")
		s.list(depth+1, len(r.Citations), func(i int) { s.value(depth+2, seeds.NewCitationJSON(r.Citations[i])) })
		s.name(depth+1, "seeds")
		s.nested(depth+1, "[", "]", func() {
			for target := range r.Targets() {
				s.next(depth + 2)
				s.value(depth+2, target)
			}
		})
		s.findings(depth+1, r.Findings)
	})
}

func (c *CitationResult) json() jsonCitation {
	return jsonCitation{
		CitationJSON: seeds.NewCitationJSON(c.Citation),
		Verdict:      c.verdict(), State: c.State, Reasons: list(c.Reasons), HTTPStatus: c.HTTPStatus, FinalURL: c.FinalURL, Redirects: list(c.Redirects),
		CheckedAt: instant(c.CheckedAt), CapturedAt: instant(c.CapturedAt), Capture: c.Capture, Content: c.Content,
		PayloadSHA256: c.PayloadSHA256, TextSHA256: c.TextSHA256, Title: c.Title, Post: c.Post, PostKept: c.PostKept, Imported: c.Imported, Error: c.Error, OverTime: c.Over.json(),
		Memento: c.Memento.json(), Submitted: c.Submitted.json(),
	}
}

// encode writes v indented, as one line after another.
func encode(w io.Writer, v any) error {
	s := &jsonStream{out: bufio.NewWriter(w)}
	s.value(0, v)
	s.text("\n")
	return s.flush()
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
