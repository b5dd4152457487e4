package render

import (
	"crypto/sha256"
	_ "embed" // for the page and its style
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"strings"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/evidence"
	"github.com/ibid-archive/ibid/seeds"
)

//go:embed evidence.tmpl
var evidenceTemplate string

//go:embed evidence.css
var evidenceStyle string

// EvidencePage writes report.html of a package of evidence: each claim beside
// what was captured of its source, and how to check all of it.
//
// The page has no script and nothing from elsewhere; its own policy allows
// neither. All that comes from the report or the web is text, cleaned and
// escaped; an address is a link only when it is of http or https and its author
// had not made it unclickable.
func EvidencePage(w io.Writer, d *evidence.Document, r *seeds.Report) error {
	t, err := template.New("report").Parse(evidenceTemplate)
	if err != nil {
		return fmt.Errorf("report page: %w", err)
	}
	if err := t.Execute(w, newEvidence(d, r)); err != nil {
		return fmt.Errorf("report page: %w", err)
	}
	return nil
}

// evidencePage is what the template shows. Its texts are clean.
type evidencePage struct {
	Policy                string
	Style                 template.CSS
	Title, Path           string
	ReportFile, ReportSum string
	SeenAt, ExportedAt    string
	Software, Choice      string
	Count                 string
	Counts                []evidenceCount
	Notes                 []evidenceNote
	Findings              []evidenceFinding
	Log                   *evidenceLog
	Words                 []evidenceWord
}

type evidenceCount struct {
	N           int
	Word, Class string
}

type evidenceFinding struct{ Place, Message string }

type evidenceWord struct{ Word, Class, Means string }

type evidenceLog struct {
	Origin, Key string
	Size        int64
	Timestamps  []evidenceStamps
}

type evidenceStamps struct {
	Size  int64
	Times []evidenceTime
}

type evidenceTime struct{ At, Authority, File string }

func newEvidence(d *evidence.Document, r *seeds.Report) *evidencePage {
	// The policy allows this very style and nothing else.
	sum := sha256.Sum256([]byte(evidenceStyle))
	p := &evidencePage{
		Policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'",
		Style:  template.CSS(evidenceStyle), //nolint:gosec // a file of ours
		Title:  clean(d.Report.Title, longLine), Path: clean(d.Report.Path, longLine),
		ReportFile: d.Report.File, ReportSum: clean(d.Report.SHA256, longLine),
		SeenAt: minute(d.Report.SeenAt), ExportedAt: minute(d.ExportedAt), Software: clean(d.Software, longLine),
		Choice: chosen(d.Choice), Count: count(len(d.Citations), "citation"), Words: verdictWords(),
	}
	if p.Title == "" {
		p.Title = p.Path
	}
	n := map[archive.Verdict]int{}
	for i := range d.Citations {
		n[citedVerdict(&d.Citations[i])]++
	}
	for _, v := range append(archive.Verdicts(), "") {
		if n[v] > 0 {
			p.Counts = append(p.Counts, evidenceCount{n[v], verdictWord(v), verdictClass(v)})
		}
	}
	p.Notes = evidenceNotes(d, r)
	shown := NewReport(r)
	message := shown.messages()
	for _, f := range r.Findings {
		p.Findings = append(p.Findings, evidenceFinding{capital(place(f.Position)), message(f)})
	}
	if d.Log != nil {
		p.Log = &evidenceLog{Origin: clean(d.Log.Origin, longLine), Key: clean(d.Log.Key, longLine), Size: d.Log.Size}
		for _, t := range d.Log.Timestamps {
			s := evidenceStamps{Size: t.Size}
			for _, at := range t.Times {
				s.Times = append(s.Times, evidenceTime{minute(at.Time), clean(at.Authority, longLine), at.File})
			}
			p.Log.Timestamps = append(p.Log.Timestamps, s)
		}
	}
	return p
}

func chosen(c evidence.Choice) string {
	switch c {
	case evidence.Latest:
		return "the newest capture with content of each source"
	case evidence.All:
		return "the capture with content that is nearest to when the citation was first kept; every other one is in the package, too"
	}
	return "the capture with content of each source that is nearest to when the citation was first kept"
}

// citedVerdict is how a citation stands; one without a fetchable URL needs no
// visit to be invalid.
func citedVerdict(t *evidence.Citation) archive.Verdict {
	if t.Verdict == "" && t.Invalid != "" {
		return archive.Invalid
	}
	return t.Verdict
}

func verdictWord(v archive.Verdict) string {
	if v == "" {
		return "not visited"
	}
	return clean(string(v), 40)
}

func verdictClass(v archive.Verdict) string {
	switch v {
	case archive.Alive, archive.Moved:
		return "good"
	case archive.Gone, archive.Soft404, archive.Invalid:
		return "bad"
	}
	return "other"
}

func verdictWords() []evidenceWord {
	means := map[archive.Verdict]string{
		archive.Alive:       "the address answered with its content when it was visited",
		archive.Moved:       "it redirected for good to another address, which answered",
		archive.Drifted:     "it answered, but not with what was cited",
		archive.Restricted:  "it exists behind a login, a payment or the settings of an account",
		archive.Blocked:     "it refused the program that visited; it may show itself to people",
		archive.Soft404:     "it answered with a page that says that there is nothing",
		archive.Gone:        "it said that it is gone, or its domain does not exist",
		archive.Unreachable: "no whole answer came, for reasons that could pass",
		archive.Invalid:     "the report names no address that could be visited, or the answer was no HTTP",
		archive.Unknown:     "what was seen contradicts itself",
	}
	var words []evidenceWord
	for _, v := range archive.Verdicts() {
		words = append(words, evidenceWord{verdictWord(v), verdictClass(v), means[v]})
	}
	return append(words, evidenceWord{"unconfirmed", "", "seen by one visit alone; only later visits could tell that it lasts"})
}

// activeLink returns the address when it may be a link: one of http or https
// that looks as it is.
func activeLink(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil ||
		strings.ContainsAny(address, " \t\r\n") || clean(address, len(address)) != address {
		return ""
	}
	return address
}
