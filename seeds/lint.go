package seeds

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// The rules of findings about the report itself.
const (
	RuleNoteMissing       = "note-missing"       // a mark without a note
	RuleNoteUnused        = "note-unused"        // a note without a mark
	RuleNoteDuplicate     = "note-duplicate"     // two notes with one label
	RuleNoteEmpty         = "note-empty"         // a note that names no address
	RuleNoteGap           = "note-gap"           // a number that the notes leave out
	RuleNoteReference     = "note-reference"     // a note such as "Ibid." or "see note 4", when what it refers to is not known
	RuleURLDefanged       = "url-defanged"       // an address that was made unclickable, and was refanged
	RuleURLRepaired       = "url-repaired"       // an address that was completed, re-joined or cleaned
	RuleURLInvalid        = "url-invalid"        // an address that cannot be fetched
	RuleURLMismatch       = "url-mismatch"       // an address is shown and another one is linked
	RuleURLLogin          = "url-login"          // an address of a page to log in
	RuleURLSearch         = "url-search"         // an address of a page of search results
	RuleURLLocal          = "url-local"          // an address on the author's own computer
	RuleURLPrivate        = "url-private"        // an address in a private network
	RuleURLShortener      = "url-shortener"      // an address that a service made short
	RuleCitationDuplicate = "citation-duplicate" // a source that was cited before
	RulePageUnread        = "page-unread"        // a page that is an image, or in unknown characters
	RuleFileUnread        = "file-unread"        // a file that belongs to the report, and was not read with it
)

// The levels of findings.
const (
	LevelError   = "error"
	LevelWarning = "warning"
	LevelNote    = "note"
)

// Finding is something to know about the report. Its Position is that of the mark, note or citation concerned.
type Finding struct {
	Rule, Level string
	// Note is the label of the note concerned, Citation the ID of the citation; each is empty if there is none.
	Note, Citation string
	Position
	Message string
}

// lint looks for what is odd about a report; targets are the IDs of the citations that are the link behind the one
// before, nested the labels that are referred to within notes, and found what the reader has found odd. A report without
// any mark is a list of sources: its notes are not unused.
func lint(r *Report, targets, nested map[string]bool, found []Finding) []Finding {
	all := slices.Clone(found)
	notes := make(map[string]int, len(r.Notes))
	for i := range r.Notes {
		n := &r.Notes[i]
		if first, ok := notes[n.Label]; ok {
			all = append(all, Finding{
				Rule: RuleNoteDuplicate, Level: LevelWarning, Note: n.Label, Position: n.Position,
				Message: fmt.Sprintf("note %s stands in %s already", n.Label, r.Notes[first].line()),
			})
			continue
		}
		notes[n.Label] = i
	}
	marked := make(map[string]bool, len(notes))
	for i := range r.Marks {
		m := &r.Marks[i]
		if _, ok := notes[m.Label]; !ok && !marked[m.Label] {
			all = append(all, Finding{
				Rule: RuleNoteMissing, Level: LevelWarning, Note: m.Label, Position: m.Position,
				Message: fmt.Sprintf("mark [%s] has no note", m.Label),
			})
		}
		marked[m.Label] = true
	}
	cited := make(map[string]bool, len(notes))
	for i := range r.Citations {
		cited[r.Citations[i].Note] = true
	}
	for _, f := range found {
		if f.Rule == RuleNoteReference {
			cited[f.Note] = true // what is wrong with it is said
		}
	}
	for i := range r.Notes {
		n := &r.Notes[i]
		if len(r.Marks) > 0 && !marked[n.Label] && !nested[n.Label] {
			all = append(all, Finding{
				Rule: RuleNoteUnused, Level: LevelWarning, Note: n.Label, Position: n.Position,
				Message: fmt.Sprintf("no mark points to note %s", n.Label),
			})
		}
		if cited[n.Label] {
			continue
		}
		f := Finding{Rule: RuleNoteEmpty, Level: LevelNote, Note: n.Label, Position: n.Position}
		f.Message = fmt.Sprintf("note %s names no address that can be visited", n.Label)
		if n.Text == "" {
			f.Level, f.Message = LevelWarning, fmt.Sprintf("note %s is empty", n.Label)
		}
		all = append(all, f)
	}
	all = append(all, lintCitations(r.Citations, targets)...)
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Rule, b.Rule))
	})
	return all
}

// lintCitations looks at the addresses, each for itself and then against those before it.
func lintCitations(citations []Citation, targets map[string]bool) []Finding {
	var all []Finding
	first := make(map[string]int32, len(citations)) // at most maxCitations
	for i := range citations {
		c := &citations[i]
		add := func(rule, level, message string) {
			all = append(all, Finding{Rule: rule, Level: level, Note: c.Note, Citation: c.ID, Position: c.Position, Message: message})
		}
		rule, level, message := "", "", ""
		repeats := c.repeats()
		if !repeats {
			rule, level, message = lintAddress(c)
		}
		switch {
		case rule == RuleURLLocal && c.Invalid != "": // its hint says more
		case c.Invalid != "":
			add(RuleURLInvalid, LevelError, fmt.Sprintf("%s cannot be fetched: %s", shown(c.Raw), c.Invalid))
		case c.Defanged:
			add(RuleURLDefanged, LevelNote, fmt.Sprintf("%s is read as %s", shown(c.Raw), c.URL))
		case c.Repaired:
			add(RuleURLRepaired, LevelNote, fmt.Sprintf("%s is read as %s", shown(c.Raw), c.URL))
		}
		if rule != "" {
			add(rule, level, message)
		}
		if c.Key == "" || repeats {
			continue
		}
		if targets[c.ID] && citations[i-1].Key != "" && hostOf(citations[i-1].Key) != hostOf(c.Key) {
			add(RuleURLMismatch, LevelWarning, fmt.Sprintf("%s is shown, but %s is linked", citations[i-1].URL, c.URL))
		}
		if shown, ok := c.mismatch(); ok {
			add(RuleURLMismatch, LevelWarning, fmt.Sprintf("%s is shown, but %s is linked", shown, c.URL))
		}
		if before, ok := first[c.Key]; ok {
			add(RuleCitationDuplicate, LevelNote, fmt.Sprintf("citation %s cites the same source as %s", c.ID, citations[before].ID))
			continue
		}
		first[c.Key] = int32(i)
	}
	return all
}

// Written is Raw without credentials, which are neither stored nor logged.
func (c Citation) Written() string { return withoutCredentials(c.Raw) }

// shown is an address as written, fit for a message: on one line and without credentials.
func shown(raw string) string { return withoutCredentials(collapse(raw)) }

func withoutCredentials(raw string) string {
	host := strings.IndexAny(raw, "/\\") + 1
	for host < len(raw) && strings.IndexByte("/\\])", raw[host]) >= 0 {
		host++
	}
	if at := strings.IndexAny(raw[host:], "@/?#"); at >= 0 && raw[host+at] == '@' {
		return raw[:host] + "…" + raw[host+at:]
	}
	return raw
}
