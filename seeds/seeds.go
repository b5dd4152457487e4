// Package seeds reads a report and says what it cites.
//
// It guarantees that every position it reports points at the raw bytes of the report, whatever their encoding; that
// a citation keeps the address as the author wrote it beside the address as meant; and that two spellings of one page
// become one [Seed]. Reading takes time linear in the size of the report, and no input makes it panic.
//
// It does not fetch anything, does not judge whether a source supports a claim, and reads plain text only. What it
// cannot know it leaves visible: a repaired or refanged address carries a flag and a [Finding].
package seeds

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

// MaxSize is the largest report that [Read] takes, in bytes.
const MaxSize = 64 << 20

// Position is a place in the raw bytes of a report.
type Position struct {
	// Line and Column count from 1. A column is one Unicode code point of the decoded line, as editors count it; a byte
	// order mark takes no column. LF, CRLF and a lone CR end a line.
	Line, Column int
	// Offset and Length are in bytes of the raw file, in the encoding that it has.
	Offset, Length int
}

// Report is what [Read] found in one report.
type Report struct {
	// Path is the name given to Read; Format names the reader ("text").
	Path, Format string
	// Encoding is how the raw bytes are decoded: "utf-8", "utf-16le", "utf-16be" or a single-byte charset such as
	// "windows-1251".
	Encoding string
	// Title is the first line of prose, or empty.
	Title string
	// SHA256 is the lower-case hexadecimal digest of the raw bytes.
	SHA256 string
	// Published is the day, in UTC, on which the report seems to have been published, zero if nothing tells; PublishedFrom
	// says what tells it, [PublishedText] or [PublishedPost]. Dates of the file are not trusted.
	Published     time.Time
	PublishedFrom string

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
	// ID is "<note>.<position in the note>", or "L<line>.<n>" outside any note. It is unique in its report.
	ID string
	// Note is the label of the note, or empty outside any note.
	Note string
	// URL is the address as meant: refanged, repaired and serialised by the WHATWG URL standard, with its fragment and
	// without credentials. If Invalid is set it is only as good as could be made.
	URL string
	// Key is the normal form, see [Normalize]; empty if Invalid is set.
	Key string
	// Raw is the text of the report at Position, decoded and otherwise untouched; "Ibid." for a note that says so.
	Raw string
	// Defanged tells that the author had made the address unclickable, Repaired that it was completed, re-joined or
	// cleaned in another way.
	Defanged, Repaired bool
	Position
	// Marks are the marks of the citation's note; shared between the citations of a note, not to be changed.
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

// Read reads the report called name, whose extension picks the reader. Plain text is read so far; other known formats
// are an error, and so are bytes that are no text. What is merely odd about a report is a [Finding].
func Read(name string, data []byte) (*Report, error) {
	if format := otherFormat(name, data); format != "" {
		return nil, fmt.Errorf("read report %s: only plain text is read so far, not %s: save it as text first", name, format)
	}
	if len(data) > MaxSize {
		return nil, fmt.Errorf("read report %s: %d bytes are more than the limit of %d", name, len(data), MaxSize)
	}
	src, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("read report %s: %w", name, err)
	}
	sum := sha256.Sum256(data)
	r := &Report{Path: name, Format: "text", Encoding: src.encoding, SHA256: hex.EncodeToString(sum[:])}
	targets := readText(r, src)
	r.Findings = lint(r, targets)
	return r, nil
}

// otherFormat names the known format, other than text, that the name's extension or the first bytes announce.
func otherFormat(name string, data []byte) string {
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case ".docx", ".doc", ".odt", ".rtf", ".pages", ".pdf", ".html", ".htm", ".xhtml", ".mhtml", ".epub", ".pptx", ".xlsx":
		return ext[1:]
	}
	for _, known := range []struct{ prefix, format string }{
		{"%PDF-", "pdf"}, {"PK\x03\x04", "zip or office document"}, {"\x1f\x8b", "gzip"}, {"\x89PNG", "png"},
		{"\xff\xd8\xff", "jpeg"}, {"{\\rtf", "rtf"}, {"\xd0\xcf\x11\xe0", "old office document"},
	} {
		if strings.HasPrefix(string(data[:min(len(data), 8)]), known.prefix) {
			return known.format
		}
	}
	return ""
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

// hostOf cuts host[:port] out of a serialised URL, which the URL standard has already put in lower case.
func hostOf(serialised string) string {
	_, rest, _ := strings.Cut(serialised, "://")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return rest
}
