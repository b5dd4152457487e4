package seeds

import "strings"

// writer builds a [document] in reading order. Of a report that is text, source is its decoded text, which copy and
// write refer to; a reader of data may call placeBeside as well, and one of a format that is no text calls place instead.
type writer struct {
	doc    *document
	source *source
	text   strings.Builder
	pieces pieces
	places placed
	beside []beside
	open   bool // a block is open
}

// newWriter returns a writer for a format that is text. src is nil for any other.
func newWriter(src *source) *writer {
	w := &writer{doc: &document{}, source: src}
	if src != nil {
		w.doc.encoding = src.encoding
	}
	return w
}

// at is where what is written next begins.
func (w *writer) at() int { return w.text.Len() }

// copy takes source.text[from:to] over as it is.
func (w *writer) copy(from, to int) {
	if from < to {
		w.write(w.source.text[from:to], from, to)
	}
}

// write writes what source.text[from:to] means, such as "&" for "&amp;".
func (w *writer) write(text string, from, to int) {
	if text == "" {
		return
	}
	if w.text.Cap() == 0 {
		w.text.Grow(len(w.source.text)) // not before anything is written: what is parsed first may take a lot
	}
	piece := copied{at: int32(w.at()), size: int32(len(text)), from: int32(from), to: int32(to)} // below 3*MaxSize
	w.text.WriteString(text)
	if n := w.pieces.n; n > 0 {
		p := w.pieces.at(n - 1)
		if p.at+p.size == piece.at && p.to == piece.from && p.size == p.to-p.from && piece.size == piece.to-piece.from {
			p.size += piece.size
			p.to = piece.to
			return
		}
	}
	w.pieces.add(piece)
}

// put writes text that has no place in a source: that of a format with places.
func (w *writer) put(text string) { w.text.WriteString(text) }

// place says where what is written from here on stands in the report.
func (w *writer) place(p Position) {
	if n := len(w.places); n > 0 && (w.places[n-1].Position == p || w.places[n-1].at == w.at()) {
		w.places[n-1].Position = p
		return
	}
	w.places = append(w.places, place{w.at(), p})
}

// placeBeside says what is known beside line and column of what is written from here on.
func (w *writer) placeBeside(place string) {
	if n := len(w.beside); n == 0 || w.beside[n-1].place != place {
		w.beside = append(w.beside, beside{int32(w.at()), place})
	}
}

// begin opens a block; the one before it is closed.
func (w *writer) begin(kind blockKind, level int) {
	w.end()
	if w.at() > 0 {
		w.text.WriteString("\n\n")
	}
	w.doc.blocks = append(w.doc.blocks, block{start: w.at(), kind: kind, level: int8(min(level, 100))})
	w.open = true
}

// end closes the open block, if there is one. A block in which nothing was written is dropped.
func (w *writer) end() {
	if !w.open {
		return
	}
	w.open = false
	last := &w.doc.blocks[len(w.doc.blocks)-1]
	last.end = w.at()
	if last.end == last.start {
		w.doc.blocks = w.doc.blocks[:len(w.doc.blocks)-1]
	}
}

// link adds an address whose text began at start and ends here. A link that shows nothing gets a space for its text, so
// that it has a place.
func (w *writer) link(start int, l link) {
	if start == w.at() {
		w.text.WriteByte(' ')
	}
	l.start, l.end = start, w.at()
	w.doc.links = append(w.doc.links, l)
}

// mark adds a reference to notes whose text began at start and ends here.
func (w *writer) mark(start int, labels ...string) {
	w.doc.marks = append(w.doc.marks, explicitMark{start: start, end: w.at(), labels: labels})
}

// note adds a note that began at start, with its text behind the label at textStart, and ends here.
func (w *writer) note(start, textStart int, label string) {
	w.doc.notes = append(w.doc.notes, explicitNote{start: start, end: w.at(), textStart: textStart, label: label})
}

// bar says that nothing is to be found from start up to here.
func (w *writer) bar(start int) {
	if start < w.at() {
		w.doc.barred = append(w.doc.barred, span{start, w.at()})
	}
}

// document returns what was built; the writer is done.
func (w *writer) document() *document {
	w.end()
	d := w.doc
	d.text = w.text.String()
	d.findLines()
	if d.blocks == nil {
		d.blocks = []block{}
	}
	d.origin = w.places
	if w.source != nil {
		d.origin = &mapped{source: w.source, pieces: w.pieces, beside: w.beside}
	}
	return d
}
