package seeds

import (
	"fmt"
	"sort"
	"strings"
)

// book is the document of a word processor while it is read.
type book struct {
	within []string       // what paragraphs are counted in: nothing for the body, "table 2, row 1, cell 3", "footnote 1"
	size   int            // bytes of text so far, in all sheets
	notes  int            // references to notes so far
	taken  map[string]int // how often a label was asked for
}

func newBook() *book { return &book{within: []string{""}, taken: make(map[string]int)} }

// name names what the paragraphs that come are counted in.
func (b *book) name(within string) int32 {
	b.within = append(b.within, within)
	return int32(len(b.within) - 1)
}

// unique returns the label by which a note is known. A second note that is shown alike, as where every section counts
// anew or footnotes and endnotes both have numbers, gets the number of its turn behind it.
func (b *book) unique(label string) string {
	label = short(label)
	known := label
	for b.taken[known] > 0 {
		b.taken[label]++
		known = fmt.Sprintf("%s/%d", label, b.taken[label])
	}
	b.taken[known]++
	return known
}

// check returns the error of a document with more text or notes than a report may have.
func (b *book) check() error {
	if b.notes > maxNotes {
		return fmt.Errorf("more than %d references to notes: split the report", maxNotes)
	}
	if b.size > MaxSize {
		return fmt.Errorf("more than %d bytes of text are unpacked: split the report", MaxSize)
	}
	return nil
}

// more counts a reference to a note; of those that are too many nothing is kept.
func (b *book) more() bool {
	b.notes++
	return b.notes <= maxNotes
}

// sheet writes one flow of a word processor's document: the body, a note, a text box. Flows lie within each other in the
// file and stand one after the other in the text, so each is written by itself and then added to another.
type sheet struct {
	*writer
	book  *book
	spots []spot
}

// spot says that text from at on stands in a run of a paragraph, both counted from 1. What has no runs has 0 there.
type spot struct {
	at                     int
	within, paragraph, run int32
}

func (b *book) sheet() *sheet { return &sheet{writer: newWriter(nil), book: b} }

// put writes text; what is too much is not kept, see [book.check].
func (s *sheet) put(text string) {
	s.book.size += len(text)
	if s.book.size <= MaxSize {
		s.writer.put(text)
	}
}

func (s *sheet) spot(within, paragraph, run int32) {
	s.spots = append(s.spots, spot{s.at(), within, paragraph, run})
}

// since is the text from start on.
func (s *sheet) since(start int) string { return s.text.String()[start:] }

// linkTo links the text from start on. A link around another one is none: the inner one is what a reader follows.
func (s *sheet) linkTo(start int, target string) {
	n := len(s.doc.links)
	if target == "" || !s.open || n > 0 && s.doc.links[n-1].end > start {
		return
	}
	s.link(start, link{target: target})
}

// add adds another sheet behind this one, and returns where it begins.
func (s *sheet) add(o *sheet) int {
	s.end()
	o.end()
	if s.at() > 0 && o.at() > 0 {
		s.text.WriteString("\n\n")
	}
	by := s.at()
	s.text.WriteString(o.text.String())
	for _, b := range o.doc.blocks {
		b.start, b.end = b.start+by, b.end+by
		s.doc.blocks = append(s.doc.blocks, b)
	}
	for _, l := range o.doc.links {
		l.start, l.end = l.start+by, l.end+by
		s.doc.links = append(s.doc.links, l)
	}
	for _, m := range o.doc.marks {
		m.start, m.end = m.start+by, m.end+by
		s.doc.marks = append(s.doc.marks, m)
	}
	for _, b := range o.doc.barred {
		s.doc.barred = append(s.doc.barred, span{b.start + by, b.end + by})
	}
	for _, p := range o.spots {
		p.at += by
		s.spots = append(s.spots, p)
	}
	return by
}

// addNote adds a note. Its label may stand at its beginning, as a mark that the author chose does.
func (s *sheet) addNote(o *sheet, label, shown string) {
	start := s.add(o)
	text := start
	if rest, ok := strings.CutPrefix(strings.TrimLeft(s.since(start), " \t"), shown); ok && shown != "" {
		text = s.at() - len(rest)
	}
	s.note(start, text, label)
}

// finish returns the document.
func (s *sheet) finish() (*document, error) {
	if err := s.book.check(); err != nil {
		return nil, err
	}
	d := s.document()
	d.origin = &spots{s.book.within, s.spots}
	return d, nil
}

// spots is the origin of a document that counts paragraphs.
type spots struct {
	within []string
	all    []spot
}

// position is the last spot at or before start. Its offset is that of the text, so that findings can be put in order.
func (s *spots) position(start, _ int) Position {
	at := Position{Offset: start}
	i := sort.Search(len(s.all), func(i int) bool { return s.all[i].at > start }) - 1
	if i < 0 {
		return at
	}
	var words []string
	p := s.all[i]
	if within := s.within[p.within]; within != "" {
		words = append(words, within)
	}
	if p.paragraph > 0 {
		words = append(words, fmt.Sprintf("paragraph %d", p.paragraph))
	}
	if p.run > 0 {
		words = append(words, fmt.Sprintf("run %d", p.run))
	}
	at.Place = strings.Join(words, ", ")
	return at
}

func (s *spots) written(int, int) (string, bool) { return "", false }
