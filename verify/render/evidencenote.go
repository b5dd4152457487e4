package render

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/evidence"
	"github.com/ibid-archive/ibid/seeds"
)

// evidenceNote is a note of the report, or an address outside of any.
type evidenceNote struct {
	Anchor, Label, Text string
	Citations           []evidenceCitation
}

type evidenceCitation struct {
	Anchor, Address, Link, Written string
	Verdict, Class, State          string
	CheckedAt                      string
	Reasons                        []string
	Claims                         []evidenceClaim
	Capture                        *evidenceCapture
	Newest                         string // file of the newest visit, when that is not the capture
	Others                         []evidenceCapture
}

type evidenceClaim struct {
	Place  string
	Text   string
	Quotes []evidenceQuote
	Facts  []evidence.Fact
	None   string // why there is no quote
}

type evidenceQuote struct {
	Lang     string
	Segments []evidence.Segment
}

type evidenceCapture struct {
	At, Verdict, Title, FinalURL, Answer, File, SHA256, Holder, Logged string

	Post   []string // who wrote it, when, and what, in lines
	Others string   // who recorded it, when it is no visit of ours
}

// noteText is how much of a note, a claim or a passage is shown, in bytes.
const noteText = 4 << 10

// credentials are what stands before the host of an address.
var credentials = regexp.MustCompile(`//[^\s/@]+@`)

// prose cleans a text of the report. Passwords in its addresses are left out, as
// everywhere but in the report itself.
func prose(s string) string { return clean(credentials.ReplaceAllString(s, "//…@"), noteText) }

// evidenceNotes follows the order of the report: notes without an address
// are shown, too, so that a reader sees what the package has nothing of.
func evidenceNotes(d *evidence.Document, r *seeds.Report) []evidenceNote {
	e := &evidenceNotesMaker{d: d, entries: map[string]*int64{}, files: map[string]string{}}
	for i := range d.Objects {
		e.entries[d.Objects[i].SHA256], e.files[d.Objects[i].SHA256] = d.Objects[i].Entry, d.Objects[i].File
	}
	byNote := map[string][]*evidence.Citation{}
	for i := range d.Citations {
		t := &d.Citations[i]
		byNote[t.Note] = append(byNote[t.Note], t)
	}
	for i, n := range r.Notes {
		e.note(fmt.Sprintf("note-%d", i+1), "["+clean(n.Label, 60)+"]", prose(n.Text), byNote[n.Label])
		delete(byNote, n.Label) // of two notes with one label the first has them
	}
	for i := range d.Citations {
		if t := &d.Citations[i]; len(byNote[t.Note]) > 0 {
			anchor := fmt.Sprintf("line-%d", t.Line)
			if t.Line == 0 {
				anchor = fmt.Sprintf("place-%d", i+1)
			}
			where := place(seeds.Position{Line: t.Line, Column: t.Column, Page: t.Page, Place: t.Place})
			e.note(anchor, capital(where), "", []*evidence.Citation{t})
		}
	}
	return e.notes
}

type evidenceNotesMaker struct {
	d       *evidence.Document
	entries map[string]*int64
	files   map[string]string
	notes   []evidenceNote
	count   int
}

func (e *evidenceNotesMaker) note(anchor, label, text string, citations []*evidence.Citation) {
	n := evidenceNote{Anchor: anchor, Label: label, Text: text}
	for _, t := range citations {
		e.count++
		c := e.citation(t)
		c.Anchor = fmt.Sprintf("citation-%d", e.count)
		n.Citations = append(n.Citations, c)
	}
	e.notes = append(e.notes, n)
}

// spoken cleans what was said about a citation, and makes addresses in it
// unclickable when its author had made the citation so.
func spoken(t *evidence.Citation) func(string) string {
	return (&CitationResult{Citation: seeds.Citation{URL: t.URL, Raw: t.Raw, Defanged: t.Defanged}}).said
}

func (e *evidenceNotesMaker) citation(t *evidence.Citation) evidenceCitation {
	say := spoken(t)
	v := citedVerdict(t)
	c := evidenceCitation{Address: clean(t.URL, longLine), Verdict: verdictWord(v), Class: verdictClass(v)}
	switch {
	case t.Defanged || t.URL == "":
		c.Address = clean(t.Raw, longLine)
	case t.Invalid == "":
		c.Link = activeLink(t.URL)
	}
	if written := clean(t.Raw, longLine); written != c.Address {
		c.Written = written
	}
	if t.State != "" && t.State != archive.StateAlive {
		c.State = clean(string(t.State), 40)
	}
	if t.CheckedAt != nil {
		c.CheckedAt = minute(*t.CheckedAt)
	}
	for _, reason := range t.Reasons {
		if _, sentence, ok := strings.Cut(reason, ": "); ok {
			reason = sentence
		}
		c.Reasons = append(c.Reasons, say(reason))
	}
	if t.Invalid != "" {
		c.Reasons = append(c.Reasons, say(t.Invalid))
	}
	c.Claims = claims(t)
	for i := range t.Captures {
		k := &t.Captures[i]
		shown := e.capture(t, k)
		switch {
		case k.SHA256 == t.Shown:
			if i < len(t.Captures)-1 {
				shown.Verdict = verdictWord(k.Verdict)
			} else {
				shown.Verdict = ""
			}
			c.Capture = &shown
		case i == len(t.Captures)-1:
			c.Newest = shown.File
		default:
			c.Others = append(c.Others, shown)
		}
	}
	return c
}

func claims(t *evidence.Citation) []evidenceClaim {
	var all []evidenceClaim
	for i, m := range t.Marks {
		claim := evidenceClaim{Place: place(seeds.Position{Line: m.Line, Column: m.Column, Page: m.Page, Place: m.Place}), Text: prose(m.Claim)}
		if i < len(t.Quotes) {
			for _, passage := range t.Quotes[i] {
				claim.Quotes = append(claim.Quotes, evidenceQuote{language(t.Language), cleanSegments(passage)})
			}
		}
		if i < len(t.Facts) {
			for _, f := range t.Facts[i] {
				claim.Facts = append(claim.Facts, evidence.Fact{What: spoken(t)(f.What), Of: spoken(t)(f.Of), There: spoken(t)(f.There)})
			}
		}
		switch {
		case t.Unread != "":
			claim.None = "There is no text of the source to look into: " + spoken(t)(t.Unread) + "."
		default:
			claim.None = "No passage was found that shares enough words with the claim. The source may say it in other words, in another language, in a picture, or not at all."
		}
		all = append(all, claim)
	}
	return all
}

func (e *evidenceNotesMaker) capture(t *evidence.Citation, k *evidence.Capture) evidenceCapture {
	say := spoken(t)
	c := evidenceCapture{At: minute(k.CheckedAt), Verdict: verdictWord(k.Verdict), Title: say(k.Title), File: k.File, SHA256: clean(k.SHA256, longLine),
		Logged: "not entered: there is no proof of when it was kept"}
	for _, reason := range k.Reasons {
		if code, sentence, _ := strings.Cut(reason, ": "); code == "memento" || code == "imported" {
			c.Others = say(sentence)
		}
	}
	if k.FinalURL != k.URL {
		c.FinalURL = say(k.FinalURL)
	}
	if k.HTTPStatus != 0 {
		c.Answer = strings.TrimSpace(fmt.Sprintf("HTTP status %d, %s", k.HTTPStatus, clean(k.MediaType, 200)))
		c.Answer = strings.TrimSuffix(c.Answer, ",")
	}
	if k.Content != "" && k.Content != k.SHA256 {
		c.Holder = e.files[k.Content]
	}
	if k.Post != nil {
		c.Post = (&CitationResult{Citation: seeds.Citation{URL: t.URL, Raw: t.Raw, Defanged: t.Defanged}, Outcome: k.Outcome}).post(noteText, 1)
	}
	if at := e.entries[k.SHA256]; at != nil {
		c.Logged = fmt.Sprintf("entry %d", *at)
	}
	return c
}

// cleanSegments cleans a passage piece by piece, and keeps the spaces between them.
func cleanSegments(p evidence.Passage) []evidence.Segment {
	var all []evidence.Segment
	left := noteText
	for _, s := range p {
		text := clean(s.Text, left)
		if text == "" && s.Text != "" {
			text = " "
		} else if first := strings.TrimLeft(s.Text, " \t\n"); first != s.Text && len(all) > 0 {
			text = " " + text
		}
		if last := strings.TrimRight(s.Text, " \t\n"); last != s.Text && strings.TrimSpace(text) != "" {
			text += " "
		}
		all = append(all, evidence.Segment{Text: text, Found: s.Found})
		if left -= len(text); left <= 0 {
			break
		}
	}
	return all
}

var languageTag = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,5}$`)

// language is a tag that can stand in an attribute, "" for anything else.
func language(tag string) string {
	if !languageTag.MatchString(tag) {
		return ""
	}
	return tag
}
