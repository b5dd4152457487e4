package seeds

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html/atom"
)

// htmlWriter writes what a person reads of a page.
type htmlWriter struct {
	*writer
	tree  *htmlTree
	main  *htmlMain
	found *htmlNotes
	info  *htmlPage

	frames  []frame
	late    int  // frames that show nothing yet
	inNotes int  // frames of notes
	broken  bool // the next text begins a block
	breaks  int  // line breaks that are due before the next text
	space   span // white space of the source that is due before the next text
	pre     int  // open elements whose text is preformatted
	notes   int  // next note
	refs    int  // next reference
	// leftBack is set behind a link back that was left out with the bracket before it.
	leftBack bool
}

// frame is an open element that does something when it ends.
type frame struct {
	kind  frameKind
	last  int32 // index of the node behind it
	start int   // where its text begins; -1 if it shows none yet
	link  link
	image bool // the link shows an image
	label string

	block blockKind // of what is written in it; blockInherited for that of what it stands in
	level int
	list  bool // of items
	next  int  // number of the next item of an ordered list, 0 for any other
	item  string
}

type frameKind int

const (
	frameBlock frameKind = iota
	framePre
	frameLink
	frameMark
	frameNote
	frameBar
	frameQuote
)

const blockInherited blockKind = -1

func newHTMLWriter(t *htmlTree, notes *htmlNotes, main *htmlMain, info *htmlPage) *htmlWriter {
	slices.SortStableFunc(notes.refs, func(a, b htmlRef) int { return int(a.mark - b.mark) })
	w := newWriter(t.src)
	w.text.Grow(min(len(t.src.text), main.all+main.all/4)) // with what is put between blocks
	return &htmlWriter{writer: w, tree: t, main: main, found: notes, info: info, broken: true}
}

// page walks over the nodes in the order of the source.
func (w *htmlWriter) page() *document {
	t := w.tree
	for i := int32(0); i < int32(len(t.nodes)); {
		w.close(i)
		w.openNote(i)
		n := t.nodes[i]
		switch {
		case !n.element:
			w.run(w.withoutBrackets(i))
			i++
		case i > 0 && w.main.leftOut(i), w.found.back[i] && !w.labels(i):
			if htmlBlock(n.tag) {
				w.breakBlock()
			}
			for i = n.last; w.refs < len(w.found.refs) && w.found.refs[w.refs].mark < i; w.refs++ {
			}
		case n.tag == atom.Sup && !w.isMark(i) && w.raise(i):
			i = n.last
		default:
			w.openNode(i)
			i++
		}
	}
	w.close(int32(len(t.nodes)))
	d := w.document()
	d.bracketMarks()
	return d
}

// withoutBrackets leaves out of text i the brackets around a link back that is left out itself.
func (w *htmlWriter) withoutBrackets(i int32) (from, to int) {
	n := w.tree.nodes[i]
	from, to = int(n.from), int(n.to)
	text := w.source.text
	if w.leftBack && from < to && (text[from] == ']' || text[from] == ')') {
		from++
	}
	w.leftBack = false
	if next := i + 1; w.found.back[next] && !w.labels(next) {
		if end := strings.TrimRight(text[from:to], " \t\r\n"); strings.HasSuffix(end, "[") || strings.HasSuffix(end, "(") {
			to = from + len(end) - 1
			w.leftBack = true
		}
	}
	return from, to
}

// labels tells whether a link back shows the number of its note, which stays in the text.
func (w *htmlWriter) labels(i int32) bool {
	const nearest = 12 // nodes from the beginning of the note
	k := w.found.noteAt(i)
	if k < 0 || i-w.found.notes[k].first > nearest {
		return false
	}
	text, ok := w.tree.shortText(i, 24)
	return ok && text != "" && strings.Trim(text, "[](). ") == w.found.notes[k].label
}

// isMark tells whether a reference is shown by node i.
func (w *htmlWriter) isMark(i int32) bool {
	for w.refs < len(w.found.refs) && w.found.refs[w.refs].mark < i {
		w.refs++
	}
	return w.refs < len(w.found.refs) && w.found.refs[w.refs].mark == i
}

// openNote begins a note that starts with node i.
func (w *htmlWriter) openNote(i int32) {
	for w.notes < len(w.found.notes) && w.found.notes[w.notes].first <= i {
		note := w.found.notes[w.notes]
		w.notes++
		if note.last <= i {
			continue // left out
		}
		w.breakBlock()
		w.inNotes++
		w.push(frame{kind: frameNote, last: note.last, start: -1, label: note.label})
	}
}

func (w *htmlWriter) push(f frame) {
	if f.start < 0 {
		w.late++
	}
	w.frames = append(w.frames, f)
}

// openNode begins an element that is shown.
func (w *htmlWriter) openNode(i int32) {
	n := w.tree.nodes[i]
	if w.isMark(i) {
		w.push(frame{kind: frameMark, last: n.last, start: -1, label: w.found.refs[w.refs].label})
		w.refs++
		return
	}
	switch n.tag {
	case atom.Br:
		w.breakLine()
	case atom.A:
		if l, image, ok := w.target(i); ok {
			w.push(frame{kind: frameLink, last: n.last, start: -1, link: l, image: image})
		}
	case atom.Code, atom.Kbd, atom.Samp, atom.Tt:
		w.push(frame{kind: frameBar, last: n.last, start: -1})
	case atom.Pre, atom.Listing, atom.Xmp, atom.Plaintext:
		w.breakBlock()
		w.pre++
		f := frame{kind: framePre, last: n.last, block: blockCode}
		if w.main.code {
			f.block = blockParagraph
		}
		w.push(f)
	case atom.Q:
		w.show()
		w.write("“", int(n.from), int(n.from))
		w.push(frame{kind: frameQuote, last: n.last})
	default:
		w.openBlock(i)
	}
}

// openBlock begins an element that stands in lines of its own, if it is one.
func (w *htmlWriter) openBlock(i int32) {
	n := w.tree.nodes[i]
	if !htmlBlock(n.tag) && !htmlTable(n.tag) {
		return
	}
	w.breakBlock()
	f := frame{kind: frameBlock, last: n.last, block: blockInherited}
	switch n.tag {
	case atom.Ol, atom.Ul, atom.Menu, atom.Dir:
		f.block, f.list = blockItem, true
		if n.tag == atom.Ol {
			f.next = 1
			if start, err := strconv.Atoi(strings.TrimSpace(w.tree.attr(i, "start"))); err == nil && start > 0 {
				f.next = start
			}
		}
	case atom.Li:
		f.block, f.item = blockItem, w.number(i)
	case atom.Td, atom.Th:
		f.block = blockCell
	default:
		if f.level = headingLevel(n.tag); f.level > 0 {
			f.block = blockHeading
		}
	}
	w.push(f)
}

// number is what stands before an item of an ordered list, "3. ". An item that is a note does without.
func (w *htmlWriter) number(i int32) string {
	for k := len(w.frames) - 1; k >= 0; k-- {
		f := &w.frames[k]
		if !f.list {
			continue
		}
		if f.next == 0 || f.last < w.tree.nodes[i].last {
			return ""
		}
		if v, err := strconv.Atoi(strings.TrimSpace(w.tree.attr(i, "value"))); err == nil && v > 0 {
			f.next = v
		}
		f.next++
		if w.inNotes > 0 {
			return ""
		}
		return strconv.Itoa(f.next-1) + ". "
	}
	return ""
}

// close ends the frames that end before node i. A note may begin in an element and outlast it.
func (w *htmlWriter) close(i int32) {
	for k := len(w.frames) - 1; k >= 0; k-- {
		f := w.frames[k]
		if f.last <= i {
			w.frames = slices.Delete(w.frames, k, k+1)
			w.closeFrame(f)
		} else if w.inNotes == 0 {
			return
		}
	}
}

func (w *htmlWriter) closeFrame(f frame) {
	if f.start < 0 {
		w.late--
	}
	switch f.kind {
	case frameBlock:
		w.breakBlock()
	case framePre:
		w.pre--
		w.breakBlock()
	case frameLink:
		if f.start >= 0 {
			w.link(f.start, f.link)
		} else if f.image {
			w.show()
			w.link(w.at(), f.link)
		}
	case frameMark:
		if f.start >= 0 {
			w.mark(f.start, f.label)
		}
	case frameBar:
		if f.start >= 0 {
			w.bar(f.start)
		}
	case frameQuote:
		w.show()
		w.write("”", w.sourceEnd(), w.sourceEnd())
	case frameNote:
		w.breakBlock()
		w.inNotes--
		if f.start < 0 {
			f.start = w.at()
		}
		w.note(f.start, f.start+noteLabelSize(w.text.String()[f.start:], f.label), f.label)
	}
}

// sourceEnd is where what was written last comes from.
func (w *htmlWriter) sourceEnd() int {
	if n := w.pieces.n; n > 0 {
		return int(w.pieces.at(n - 1).to)
	}
	return 0
}

// noteLabelSize measures the label that the text of a note begins with.
func noteLabelSize(text, label string) int {
	if l, ok := labelAt(text[:min(len(text), 300)]); ok && (l.text == label || strings.HasPrefix(label, l.text+"/")) {
		return l.size
	}
	rest := strings.TrimLeft(text, "[( ")
	rest, ok := strings.CutPrefix(rest, label)
	if !ok || startsWord(rest) {
		return 0
	}
	return len(text) - len(strings.TrimLeft(rest, "]).: \u00a0"))
}
