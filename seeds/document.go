package seeds

import (
	"slices"
	"sort"
)

// document is a report as its reader understood it. Every format has one reader, a function from bytes to a document
// that stands in the table [formats]; what is common to all formats works on the document: it finds addresses, refangs
// and normalises them, cuts claims, numbers citations and looks for what is odd.
//
// A reader must fill:
//
//   - layout: the text of the report as a person reads it, in reading order, valid UTF-8, without markup. Every block
//     (paragraph, heading, list item, table cell, note) stands in lines of its own with an empty line before it; a line
//     break within a block is one "\n". What nobody reads (navigation, comments, deleted text) is left out.
//   - origin: it leads every place of the text back to the report. A format that is text itself has a [mapped] origin
//     and so exact offsets; any other one a [placed] origin that knows page, paragraph or row.
//   - blocks: what each stretch of the text is. Claims never reach over a block. A document without blocks is plain
//     text whose paragraphs are still to be found.
//
// It adds what the format says explicitly, each in the order of the text and without overlap among its kind:
//
//   - links: an address that is linked rather than written. No address is looked for in the text that shows it.
//     A target that leads to no other document (#fn1, mailto:, a relative path) may be given; it is passed over.
//   - marks and notes: references to notes, and the notes. A mark belongs to the notes that have its label, so labels
//     are unique: a format that numbers anew in every section gives the second note 1 another label. A note
//     without any mark, and a mark without a note, are given as well: that is a finding. The text of a note stands in one
//     piece, where it is written or at the end; the text of its mark stays in the text and is cut out of claims.
//   - cells: what is said of an address, and when it was seen, by the row of a list.
//   - barred: where nothing is to be found although people read it, such as code.
//   - meta: what the report says of itself.
//   - findings: what is odd about it and could still be read over, such as a page that is an image.
//
// The shared part then reads what remains as plain text: bare and defanged addresses, [1] and ¹ marks, and notes such as
// "[1] …" in lines of their own, so a list's numbers belong into the text. What is explicit wins.
//
// To add a format: its reader in a file of its own, its line in [formats] (and none in unread any more), a fixture in
// testdata/formats for everything that it reads, which TestFixtures checks, and docs/formats.md.
//
// [writer] builds a document piece by piece and keeps these promises. A reader returns an error only if it can make
// nothing of the bytes; the error says where (line, part, page) and what to do. It keeps the bounds of limits.go, and
// time and memory stay linear in the size of the report.
type document struct {
	layout
	origin   origin
	encoding string // of the bytes, empty for a format that is no text
	meta     metadata
	blocks   []block
	links    []link
	marks    []explicitMark
	notes    []explicitNote
	barred   []span
	cells    []cell
	findings []Finding
	list     bool // rows rather than prose: no title but what the format says, and labels may leave gaps
}

// cell is text[start:end] of a table or of data, in the order of the text: what is said of an address in it ends with
// it. seen is the day on which the author saw what it cites, if that stands elsewhere: 2022-05-03.
type cell struct {
	start, end int
	seen       string
}

// cellAt returns the cell in which text[at] stands.
func (d *document) cellAt(at int) (cell, bool) {
	i := sort.Search(len(d.cells), func(i int) bool { return d.cells[i].end > at })
	if i == len(d.cells) || at < d.cells[i].start {
		return cell{}, false
	}
	return d.cells[i], true
}

// origin leads text[start:end] of a document back to the report.
type origin interface {
	position(start, end int) Position
	// written is what stands there in the report, if that is text; ok is false if it is not.
	written(start, end int) (raw string, ok bool)
}

// blockKind says what a block is.
type blockKind int8

const (
	blockParagraph blockKind = iota
	blockHeading
	blockItem // of a list
	blockCell // of a table
	blockNote // a paragraph of a note: never a claim
	blockCode // never a claim, and nothing is looked for in it
)

// block is text[start:end], without the line end. level is that of a heading, from 1.
type block struct {
	start, end int
	kind       blockKind
	level      int8
}

// link is an address that the format links; text[start:end] shows it.
type link struct {
	start, end int
	target     string // as meant by the format: escapes and character references resolved
	// raw is the address as written, at source.text[from:to] of a format that is text. Without it it is the target, where
	// its text is.
	raw      string
	from, to int32
}

// explicitMark is a reference to notes at text[start:end], brackets included.
type explicitMark struct {
	start, end int
	labels     []string
	claim      string // what the notes support; if it is empty, the sentence before the mark
}

// explicitNote is a note at text[start:end]; textStart is behind its label, if the label is in the text.
type explicitNote struct {
	start, end, textStart int
	label                 string
}

// explicit is what a document says explicitly, as far as the search for the rest must know it.
func (d *document) explicit() []span {
	all := slices.Clone(d.barred)
	for _, l := range d.links {
		all = append(all, span{l.start, l.end})
	}
	for _, m := range d.marks {
		all = append(all, span{m.start, m.end})
	}
	for _, b := range d.blocks {
		if b.kind == blockCode {
			all = append(all, span{b.start, b.end})
		}
	}
	return merged(all)
}

// merged sorts spans and joins those that overlap or touch.
func merged(all []span) []span {
	slices.SortFunc(all, func(a, b span) int { return a.start - b.start })
	kept := all[:0]
	for _, s := range all {
		if n := len(kept); n > 0 && s.start <= kept[n-1].end {
			kept[n-1].end = max(kept[n-1].end, s.end)
			continue
		}
		kept = append(kept, s)
	}
	return kept
}

// settled tells for every line of a document with notes or code whether it belongs to one; no other note begins or goes
// on there. It is nil if there are none.
func (d *document) settled() []bool {
	var all []bool
	settle := func(start, end int) {
		if all == nil {
			all = make([]bool, len(d.lines))
		}
		for l := d.lineAt(start); l < len(d.lines) && d.lines[l].start() < max(end, start+1); l++ {
			all[l] = true
		}
	}
	for _, n := range d.notes {
		settle(n.start, n.end)
	}
	for _, b := range d.blocks {
		if b.kind == blockCode {
			settle(b.start, b.end)
		}
	}
	return all
}

// nested are the labels of the explicit marks that stand in notes: a note may rely on another one.
func (d *document) nested() map[string]bool {
	var labels map[string]bool
	for _, m := range d.marks {
		i := sort.Search(len(d.notes), func(i int) bool { return d.notes[i].end > m.start })
		if i == len(d.notes) || m.start < d.notes[i].start {
			continue
		}
		if labels == nil {
			labels = make(map[string]bool)
		}
		for _, l := range m.labels {
			labels[l] = true
		}
	}
	return labels
}

// noteSpans are the explicit notes as the rest of the package knows notes.
func (d *document) noteSpans() []noteSpan {
	spans := make([]noteSpan, 0, len(d.notes))
	for _, n := range d.notes {
		spans = append(spans, noteSpan{label: n.label, start: n.start, end: n.end, textStart: n.textStart})
	}
	return spans
}
