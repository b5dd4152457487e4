// Package seeds reads a report and says what it cites.
//
// It guarantees that every position it reports points at the raw bytes of the report, whatever their encoding; that
// a citation keeps the address as the author wrote it beside the address as meant; and that two spellings of one page
// become one [Seed]. Reading takes time linear in the size of the report, and no input makes it panic.
//
// It does not fetch anything and does not judge whether a source supports a claim. What it cannot know it leaves visible:
// a repaired or refanged address carries a flag and a [Finding]. How a format is added says the type document.
package seeds

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"strconv"
	"strings"
)

// Position is a place in a report. A format that is text has a line and a column, any other one a page or a place.
type Position struct {
	// Line and Column count from 1. A column is one Unicode code point of the decoded line, as editors count it; a byte
	// order mark takes no column. LF, CRLF and a lone CR end a line. Both are 0 in a format that has no lines.
	Line, Column int
	// Offset and Length are in bytes of the raw file, in the encoding that it has. In a format that is no text Offset
	// only grows in the order of the text, and Length is 0.
	Offset, Length int
	// Page counts from 1; it is 0 in a format without pages.
	Page int
	// Place says in words where, if the format has no lines or its lines do not say it: "paragraph 12, run 3",
	// "row 7, column url", "file refs.bib".
	Place string
}

// Where writes a position for people: "33:5", "page 4" or "paragraph 12, run 3".
func (p Position) Where() string {
	switch {
	case p.Line > 0 && p.File() != "":
		return fmt.Sprintf("%s:%d:%d", p.File(), p.Line, p.Column)
	case p.Line > 0:
		return fmt.Sprintf("%d:%d", p.Line, p.Column)
	case p.Page > 0 && p.Place != "":
		return fmt.Sprintf("page %d, %s", p.Page, p.Place)
	case p.Page > 0:
		return fmt.Sprintf("page %d", p.Page)
	}
	return p.Place
}

// File is the file in which a position is, if that is one that belongs to the report, see [Gather]; relative to the report's
// directory, with slashes. It is empty for the report itself.
func (p Position) File() string {
	if file, ok := strings.CutPrefix(p.Place, bundledAs); ok && p.Line > 0 {
		return file
	}
	return ""
}

// line writes a position without its column, for a sentence.
func (p Position) line() string {
	if file := p.File(); file != "" {
		return fmt.Sprintf("line %d of %s", p.Line, file)
	}
	if p.Line > 0 {
		return fmt.Sprintf("line %d", p.Line)
	}
	return p.Where()
}

// prefix is what the IDs of citations outside any note begin with: L33, P4, or R7 for "row 7".
func (p Position) prefix() string {
	switch {
	case p.Line > 0:
		return "L" + strconv.Itoa(p.Line)
	case p.Page > 0:
		return "P" + strconv.Itoa(p.Page)
	}
	word, rest, _ := strings.Cut(p.Place, " ")
	n := 0
	for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
		n++
	}
	if word == "" || n == 0 {
		return "X"
	}
	return strings.ToUpper(word[:1]) + rest[:n]
}

// Report is what [Read] found in one report.
type Report struct {
	// Path is the name given to Read; Format names the reader ("text", "markdown", "docx").
	Path, Format string
	// MediaType is what the header of a report from the web says of it, or [BundleType]; empty for any other.
	MediaType string
	// Encoding is how the raw bytes are decoded: "utf-8", "utf-16le", "utf-16be" or a single-byte charset such as
	// "windows-1251".
	Encoding string
	// Title is what the report says, else its first heading, else its first line of prose; or empty.
	Title string
	// Authors, Published, Language (BCP 47, as written) and Canonical (a URL) are what the report says of itself; empty
	// if it does not. Published may also come from its text, or from what it cites.
	Authors   []string
	Published Date
	Language  string
	Canonical string
	// SHA256 is the lower-case hexadecimal digest of the raw bytes.
	SHA256 string

	Notes     []Note     // in the order of the text
	Marks     []Mark     // in the order of the text
	Citations []Citation // in the order of the text
	Findings  []Finding  // in the order of the text
}

// Note is one footnote or endnote. Its Position spans the whole note, label included.
type Note struct {
	Label string
	Position
	// Text is the note without its label, with white space collapsed.
	Text string
}

// Mark is one reference to a note in the body of the report. Its Position spans the mark with its brackets; the marks
// of one group such as "[2, 5]" share it, and so do those that a range such as "[2]–[5]" implies.
type Mark struct {
	Label string
	Position
	// Claim is the sentence that the mark supports, without marks and with white space collapsed.
	Claim string
}

// Citation is one address that a report names, at one place.
type Citation struct {
	// ID is "<note>.<position in the note>", or "L<line>.<n>" outside any note: the line in which it is cited. In a format
	// without lines the page or the place stands for the line: P4.1. It is unique in its report.
	ID string
	// Note is the label of the note, or empty outside any note.
	Note string
	// URL is the address as meant: refanged, repaired and serialised by the WHATWG URL standard, with its fragment and
	// without credentials. If Invalid is set it is only as good as could be made.
	URL string
	// Key is the normal form, see [Normalize]; empty if Invalid is set.
	Key string
	// Raw is the text of the report at Position, decoded and otherwise untouched; "Ibid." for a note that says so. Of a
	// link it is the address that is linked.
	Raw string
	// Shown is the text of a link, with white space collapsed; empty for an address that is not linked.
	Shown string
	// Accessed is the day on which the author saw the source, by "accessed 3 May 2022" and the like: 2022-05-03, or
	// 2022-05 if only the month is given. Empty if the report does not say.
	Accessed string
	// Defanged tells that the author had made the address unclickable, Repaired that it was completed, re-joined or
	// cleaned in another way.
	Defanged, Repaired bool
	Position
	// Marks are the marks of the citation's note; shared between the citations of a note, not to be changed. Outside of
	// notes a citation that stands in a sentence – a link on some of its words, or an address in brackets – is its own mark,
	// without a label, which Report.Marks leaves out.
	Marks []Mark
	// Invalid says why there is no fetchable URL; empty when there is one.
	Invalid string
}

// Seed is one page to visit, on behalf of every citation that names it.
type Seed struct {
	// Key is the normal form, the identity of the page.
	Key string
	// URL is what is fetched: the first citation's address without its fragment, otherwise exactly as cited.
	URL string
	// Host is the lower-case host, with the port unless it is the scheme's own.
	Host string
	// Citations are the IDs of the citations, in the order of the text.
	Citations []string
}

// Read reads the report called name; its first bytes and its extension pick the reader. A known format that is not read
// is an error that says what to do, and so are bytes that are no text. What is merely odd about a report is a [Finding].
//
// The report may refer to data, which is not to be changed any more.
func Read(name string, data []byte) (*Report, error) { return ReadTyped(name, "", data) }

// ReadTyped reads a report that came with a media type, see [MediaType]; it is empty for a file. Of the reader it decides if
// the first bytes do not, and of the encoding if there is no byte order mark.
func ReadTyped(name, mediaType string, data []byte) (*Report, error) {
	if len(data) > MaxSize {
		return nil, fmt.Errorf("read report %s: %d bytes are more than the limit of %d: split the report", name, len(data), MaxSize)
	}
	f := format{name: "latex", read: readBundle}
	if mediaType != BundleType {
		var err error
		if f, err = formatOf(name, mediaType, data); err != nil {
			return nil, fmt.Errorf("read report %s: %w", name, err)
		}
	}
	d, err := f.read(data, charsetOf(mediaType))
	if err != nil {
		return nil, fmt.Errorf("read report %s: %w", name, err)
	}
	sum := sha256.Sum256(data)
	r := &Report{Path: name, MediaType: mediaType, Format: f.name, Encoding: d.encoding, SHA256: hex.EncodeToString(sum[:])}
	if err := d.fill(r); err != nil {
		return nil, fmt.Errorf("read report %s: %w", name, err)
	}
	return r, nil
}

// Seeds returns one seed for every normal form, in the order of first citation. Invalid citations have none.
func (r *Report) Seeds() []Seed {
	var seeds []Seed
	at := make(map[string]int)
	for _, c := range r.Citations {
		if c.Key == "" {
			continue
		}
		i, ok := at[c.Key]
		if !ok {
			i = len(seeds)
			at[c.Key] = i
			target, _, _ := strings.Cut(c.URL, "#")
			seeds = append(seeds, Seed{Key: c.Key, URL: target, Host: hostOf(target)})
		}
		seeds[i].Citations = append(seeds[i].Citations, c.ID)
	}
	return seeds
}

// Targets returns the URL of every seed, in the order of first citation, without making the seeds.
func (r *Report) Targets() iter.Seq[string] {
	return func(yield func(string) bool) {
		seen := make(map[string]struct{})
		for i := range r.Citations {
			key := r.Citations[i].Key
			if _, ok := seen[key]; ok || key == "" {
				continue
			}
			seen[key] = struct{}{}
			target, _, _ := strings.Cut(r.Citations[i].URL, "#")
			if !yield(target) {
				return
			}
		}
	}
}

// hostOf cuts host[:port] out of a serialised URL, which the URL standard has already put in lower case.
func hostOf(serialised string) string {
	_, rest, _ := strings.Cut(serialised, "://")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return rest
}
