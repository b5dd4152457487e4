// Package render writes what ibid found for a person or a program to read: text
// for a terminal, JSON, JUnit XML and GitHub annotations, one file each.
//
// It guarantees that nothing that comes from a report or from the web can leave
// its place: every hostile text is cleaned for the sink it is written to, and an
// address that its author made unclickable stays so wherever a person reads it.
// It decides nothing; verdicts, severities and findings are given to it.
package render

import (
	"slices"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/seeds"
)

// Result is what a command found out about the citations of some reports.
type Result struct {
	Reports []ReportResult
	Archive string // where captures are kept, as the user named it; "" when nothing is kept
	Bytes   int64  // that this run added to it
	// Asked counts the addresses that this run told to web archives, by their hosts.
	Asked map[string]int
}

// ReportResult is one report with its citations.
type ReportResult struct {
	Path, Format, Title string
	Authors             []string
	Published           seeds.Date
	Language, Canonical string // as in seeds.Report
	SHA256              string // of its bytes, lower-case hex
	Citations           []CitationResult
	Seeds               []string // the URLs that are visited, in the order of first citation
	Findings            []seeds.Finding
}

// CitationResult is one citation and how it stands. The zero Judgement says
// that the source was not visited.
type CitationResult struct {
	seeds.Citation
	archive.Judgement
	archive.Outcome
	CheckedAt  time.Time // of the visit that was judged; zero when there was none
	CapturedAt time.Time // when content was last kept or confirmed; zero when none is kept
	Capture    string    // SHA-256 of the visit's WARC, lower-case hex; "" when none is kept
	Content    string    // that of the WARC that holds the content of CapturedAt; "" when it is not known
	Imported   bool      // somebody else captured the source, and we did not visit it
	Over       *OverTime // how the source stands over time; nil when that was not asked
	Memento    *Memento  // what a web archive has of it; nil for none
	Submitted  *Submitted
	Error      string // why there was no visit, or why its capture could not be kept
	// PostKept is what its platform said of a post that it shows no more, nil for
	// another source.
	PostKept *archive.Post
}

// Memento is what a web archive gave of a source, and where that is kept.
type Memento struct {
	archive.Memento
	Capture string // SHA-256 of the WARC, lower-case hex; "" when it is not kept
}

// Submitted is what a web archive answered that was asked to capture a source.
type Submitted struct {
	archive.Submission
	At      time.Time
	Capture string // SHA-256 of the WARC that holds the answer
}

// OverTime is how a source stands by all its visits; the state is in Judgement.
type OverTime struct {
	Strikes  int
	Since    time.Time // when what led to the state began; zero when nothing did
	Next     time.Time // when the next visit is due; zero for now
	Reasons  []string  // "<code>: <sentence>"
	Decision *archive.Decision
}

// ignored reports that a person decided that nothing is to fail on c.
func (c *CitationResult) ignored() bool {
	return c.Over != nil && c.Over.Decision != nil && c.Over.Decision.Decision == archive.DecideIgnore
}

// NewReport returns r with citations that nobody has visited yet.
func NewReport(r *seeds.Report) ReportResult {
	out := ReportResult{
		Path: r.Path, Format: r.Format, Title: r.Title, Authors: r.Authors, Published: r.Published, Language: r.Language, Canonical: r.Canonical,
		SHA256: r.SHA256, Findings: r.Findings,
	}
	out.Seeds = slices.Collect(r.Targets())
	out.Citations = make([]CitationResult, len(r.Citations))
	for i := range r.Citations {
		c := &out.Citations[i].Citation
		if *c = r.Citations[i]; c.Key == c.URL {
			c.Key = c.URL // one of the two is enough to keep
		}
	}
	return out
}

// messages returns what a finding says, without a clickable form of an address
// that its author had made unclickable.
func (r *ReportResult) messages() func(seeds.Finding) string {
	defanged := map[string]*CitationResult{}
	for i := range r.Citations {
		if c := &r.Citations[i]; c.Defanged {
			defanged[c.ID] = c
		}
	}
	return func(f seeds.Finding) string {
		if c := defanged[f.Citation]; c != nil {
			// What the author wrote is quoted, not made harmless once more.
			if rest, ok := strings.CutPrefix(f.Message, c.Raw+" "); ok {
				meant := c.said(rest)
				if meant == "is read as "+c.Raw {
					// The same twice would say nothing.
					meant = "is defanged; the address that is meant is visited"
				}
				return clean(c.Raw+" "+meant, longLine)
			}
			return c.said(f.Message)
		}
		return clean(f.Message, longLine)
	}
}

// verdict is that of the visit; a citation without a fetchable URL needs none
// to be invalid.
func (c *CitationResult) verdict() archive.Verdict {
	if c.Verdict == "" && c.Invalid != "" {
		return archive.Invalid
	}
	return c.Verdict
}

// Summary counts the citations of a report by verdict. Those that were not
// visited count under "".
func (r *ReportResult) Summary() map[archive.Verdict]int {
	counts := make(map[archive.Verdict]int)
	for i := range r.Citations {
		counts[r.Citations[i].verdict()]++
	}
	return counts
}
