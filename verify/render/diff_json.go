package render

import (
	"io"
	"net/url"
	"time"

	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify"
)

// diffVersion is the version of the JSON of a comparison.
const diffVersion = 1

type jsonDiff struct {
	Version  int                `json:"version"`
	Report   string             `json:"report"`
	Citation seeds.CitationJSON `json:"citation"`
	Old      jsonSide           `json:"old"`
	New      jsonSide           `json:"new"`
	Drift    jsonDrift          `json:"drift"`
	Changes  []jsonEdit         `json:"changes"` // between the texts that were compared, what was kept left out
}

type jsonSide struct {
	Capture    string    `json:"capture"`
	Content    string    `json:"content"`
	CapturedAt time.Time `json:"captured_at"`
	URL        string    `json:"url"`
	Title      string    `json:"title"`
	TextSHA256 string    `json:"text_sha256"`
}

type jsonDrift struct {
	Version   int          `json:"version"`
	Class     verify.Class `json:"class"`
	Extractor string       `json:"extractor"`
	Score     float64      `json:"score"`
	Kept      float64      `json:"kept"`
	Reasons   []string     `json:"reasons"`
	Cited     []jsonCited  `json:"cited"`
}

type jsonCited struct {
	Fate   verify.Fate `json:"fate"`
	Quoted bool        `json:"quoted"`
	Kinds  []string    `json:"kinds"`
	Was    string      `json:"was"`
	Is     string      `json:"is"`
	Edits  []jsonEdit  `json:"edits"`
}

type jsonEdit struct {
	Op   verify.Op `json:"op"`
	Text string    `json:"text"`
	Old  jsonSpan  `json:"old"` // bytes of the text that it is about
	New  jsonSpan  `json:"new"`
}

type jsonSpan struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// DiffJSON writes what Diff shows as one document. Values are as found, so whoever
// shows them cleans them.
func DiffJSON(w io.Writer, r *DiffResult) error {
	d := jsonDiff{
		Version: diffVersion, Report: r.Report, Citation: seeds.NewCitationJSON(r.Citation), Old: r.Old.json(), New: r.New.json(),
		Drift: jsonDrift{Version: r.Drift.Version, Class: r.Drift.Class, Extractor: r.Drift.Extractor, Score: r.Drift.Score, Kept: r.Drift.Kept,
			Reasons: list(r.Drift.Reasons), Cited: []jsonCited{}},
		Changes: jsonEdits(r.OldText, r.NewText, r.Edits),
	}
	for _, s := range r.Drift.Cited {
		d.Drift.Cited = append(d.Drift.Cited, jsonCited{Fate: s.Fate, Quoted: s.Quoted, Kinds: list(s.Kinds), Was: s.Was, Is: s.Is, Edits: jsonEdits(s.Was, s.Is, s.Edits)})
	}
	return encode(w, d)
}

func (s DiffSide) json() jsonSide {
	return jsonSide{Capture: s.Capture, Content: s.Content, CapturedAt: s.At.UTC(), URL: s.URL, Title: s.Title, TextSHA256: s.Text}
}

func jsonEdits(old, new string, edits []verify.Edit) []jsonEdit {
	all := []jsonEdit{}
	for _, e := range edits {
		j := jsonEdit{Op: e.Op, Old: jsonSpan{e.Old.Start, e.Old.End}, New: jsonSpan{e.New.Start, e.New.End}}
		switch e.Op {
		case verify.Inserted:
			j.Text = new[e.New.Start:e.New.End]
		case verify.Deleted:
			j.Text = old[e.Old.Start:e.Old.End]
		default:
			continue
		}
		all = append(all, j)
	}
	return all
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
