package render

import (
	"io"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/verify"
)

// showVersion is the version of the JSON of one citation.
const showVersion = 1

type jsonShow struct {
	Version  int             `json:"version"`
	Report   string          `json:"report"`
	Archive  string          `json:"archive"`
	Citation jsonCitation    `json:"citation"`
	Shown    *jsonShown      `json:"shown"`  // null when no text was looked into
	Unread   string          `json:"unread"` // why there is no text, "" when there is
	Claims   []jsonShowClaim `json:"claims"`
	Visits   []jsonShowVisit `json:"visits"` // the oldest first
}

type jsonShown struct {
	Choice     ShowChoice `json:"choice"`
	Capture    string     `json:"capture"`
	CapturedAt time.Time  `json:"captured_at"`
	URL        string     `json:"url"`
	Title      string     `json:"title"`
	TextSHA256 string     `json:"text_sha256"` // of the text that spans are of
}

type jsonShowClaim struct {
	Claim           string        `json:"claim"`
	Language        string        `json:"language"`
	SourceLanguage  string        `json:"source_language"`
	LanguageDiffers bool          `json:"language_differs"`
	Suspected       bool          `json:"wrong_source_suspected"`
	Coverage        float64       `json:"coverage"`
	Reasons         []string      `json:"reasons"`
	Facts           []jsonFact    `json:"facts"`
	Passages        []jsonPassage `json:"passages"`
}

type jsonFact struct {
	Kind       verify.FactKind  `json:"kind"`
	State      verify.FactState `json:"state"`
	Text       string           `json:"text"`
	Claim      jsonSpan         `json:"claim"`
	Source     []jsonWritten    `json:"source"`
	Similarity *float64         `json:"similarity,omitempty"` // of a quote
}

type jsonWritten struct {
	jsonSpan
	Text string `json:"text"`
}

type jsonPassage struct {
	jsonWritten
	Score      float64    `json:"score"`
	Weak       bool       `json:"weak"`
	Highlights []jsonSpan `json:"highlights"`
}

type jsonShowVisit struct {
	CheckedAt  time.Time       `json:"checked_at"`
	Verdict    archive.Verdict `json:"verdict"`
	State      archive.State   `json:"state"`
	Reasons    []string        `json:"reasons"`
	HTTPStatus int             `json:"http_status"`
	FinalURL   string          `json:"final_url"`
	Capture    string          `json:"capture"`
	Object     string          `json:"object"` // its key in the archive
	Size       int64           `json:"size"`
	Content    string          `json:"content"`
	Change     Change          `json:"change"`
	Imported   bool            `json:"imported,omitempty"`
	Memento    *jsonMemento    `json:"memento,omitempty"`
}

// ShowJSON writes what Show shows as one document. Spans are bytes of the claim, or
// of the source's text. Values are as found, so whoever shows them cleans them.
func ShowJSON(w io.Writer, r *ShowResult) error {
	d := jsonShow{Version: showVersion, Report: r.Report, Archive: r.Archive, Citation: r.Citation.json(), Unread: r.Unread, Claims: []jsonShowClaim{}, Visits: []jsonShowVisit{}}
	if r.Shown != "" && r.Unread == "" {
		d.Shown = &jsonShown{Choice: r.Choice, Capture: r.Shown, CapturedAt: r.ShownAt.UTC(), URL: r.Doc.URL, Title: r.Doc.Title, TextSHA256: r.Doc.SHA256()}
	}
	for _, c := range r.Claims {
		d.Claims = append(d.Claims, c.json(r.Doc.Text))
	}
	for _, v := range r.Visits {
		var memento *jsonMemento
		if v.Memento != nil {
			memento = (&Memento{Memento: *v.Memento, Capture: v.Capture}).json()
		}
		d.Visits = append(d.Visits, jsonShowVisit{
			CheckedAt: v.At.UTC(), Verdict: v.Verdict, State: v.State, Reasons: list(v.Reasons), HTTPStatus: v.HTTPStatus, FinalURL: v.FinalURL,
			Capture: v.Capture, Object: archive.CaptureKey(v.Capture), Size: v.Size, Content: v.Content, Change: v.Change, Imported: v.Imported, Memento: memento,
		})
	}
	return encode(w, d)
}

func (c ShowClaim) json(text string) jsonShowClaim {
	k := &c.Check
	j := jsonShowClaim{
		Claim: c.Claim, Language: k.Language.Code, SourceLanguage: k.Source.Code, LanguageDiffers: k.Differs, Suspected: k.Suspected, Coverage: k.Coverage,
		Reasons: list(k.Reasons), Facts: []jsonFact{}, Passages: []jsonPassage{},
	}
	for _, f := range k.Facts {
		fact := jsonFact{Kind: f.Kind, State: f.State, Text: f.Text, Claim: jsonSpan(f.Claim), Source: []jsonWritten{}}
		for _, s := range f.Source {
			fact.Source = append(fact.Source, jsonWritten{jsonSpan(s), text[s.Start:s.End]})
		}
		if f.Kind == verify.QuoteFact && f.State != verify.FactUnread {
			fact.Similarity = &f.Quote.Similarity
		}
		j.Facts = append(j.Facts, fact)
	}
	for _, p := range k.Passages {
		passage := jsonPassage{jsonWritten{jsonSpan{p.Start, p.End}, p.Text}, p.Score, p.Weak, []jsonSpan{}}
		for _, s := range k.Highlights(p) {
			passage.Highlights = append(passage.Highlights, jsonSpan(s))
		}
		j.Passages = append(j.Passages, passage)
	}
	return j
}
