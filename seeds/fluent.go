package seeds

import "slices"

// fluent writes text of a format that is text and has blocks that open by themselves: where there is something to write.
type fluent struct {
	*writer
	state fluentBlock
	gap   textGap
	flat  bool // only text is wanted: no blocks, marks or links

	pending []endnote      // notes that wait for the end of the text
	marks   map[string]int // index of the first mark of a label
	root    int            // index of the mark whose note is being written, or -1
}

// fluentBlock is what a block is, where reading has got to.
type fluentBlock struct {
	env   string
	kind  blockKind
	level int
	count int // of the last item of an enumeration
}

// fluentCloser is run when reading gets to a place.
type fluentCloser struct {
	at, next int // next is where reading goes on, if that is behind at
	run      func()
}

// textGap is white space of the source that is written only if text follows in the block.
type textGap struct {
	from, to int
	line     bool
}

// endnote is a note that stands within the text and is written behind it.
type endnote struct {
	label string
	write func()
}

func newFluent(src *source) fluent {
	return fluent{writer: newWriter(src), marks: make(map[string]int), root: -1}
}

// ensure opens a block if there is none, and writes the white space that waits.
func (f *fluent) ensure() {
	switch {
	case f.flat:
		if f.at() > 0 && f.gap.to > 0 {
			f.put(" ")
		}
	case !f.open:
		f.begin(f.state.kind, f.state.level)
	case f.gap.line:
		f.write("\n", f.gap.from, f.gap.to)
	case f.gap.to > 0:
		f.write(" ", f.gap.from, f.gap.to)
	}
	f.gap = textGap{}
}

// text writes source.text[from:to] as it is.
func (f *fluent) text(from, to int) {
	if from < to {
		f.ensure()
		f.copy(from, to)
	}
}

// symbol writes what source.text[from:to] means.
func (f *fluent) symbol(meant string, from, to int) {
	if meant != "" {
		f.ensure()
		f.write(meant, from, to)
	}
}

func (f *fluent) space(from, to int, line bool) {
	if f.gap.to == 0 && (f.open || f.flat) {
		f.gap = textGap{from, to, line}
	}
}

// verbatim writes text as it is, in which nothing is found.
func (f *fluent) verbatim(from, to int) {
	if from >= to {
		return
	}
	f.ensure()
	start := f.at()
	f.copy(from, to)
	if !f.flat {
		f.bar(start)
	}
}

// paragraph ends the block.
func (f *fluent) paragraph() {
	if f.flat {
		f.space(1, 1, false)
		return
	}
	f.end()
	f.gap = textGap{}
}

// refer writes a mark, which stands for source.text[from:to]. Within a note it is one of the claim that the note
// belongs to.
func (f *fluent) refer(shown string, from, to int, labels ...string) {
	f.ensure()
	start := f.at()
	f.write(shown, from, to)
	if f.state.kind != blockNote {
		for _, l := range labels {
			if _, ok := f.marks[l]; !ok {
				f.marks[l] = len(f.doc.marks)
			}
		}
		f.mark(start, labels...)
		return
	}
	const most = 200 // labels of a mark
	if f.root < 0 {
		f.mark(start, labels...)
		return
	}
	m := &f.doc.marks[f.root]
	for _, l := range labels {
		if len(m.labels) < most && !slices.Contains(m.labels, l) {
			m.labels = append(m.labels, l)
			if _, ok := f.marks[l]; !ok {
				f.marks[l] = f.root
			}
		}
	}
}

// writeEndnotes writes the notes that wait; those within them come behind.
func (f *fluent) writeEndnotes() {
	for k := 0; k < len(f.pending); k++ {
		n := f.pending[k]
		f.pending[k] = endnote{}
		f.paragraph()
		f.state = fluentBlock{kind: blockNote}
		f.root = -1
		if m, ok := f.marks[n.label]; ok {
			f.root = m
		}
		first := len(f.doc.blocks)
		n.write()
		f.paragraph()
		start := f.at()
		if first < len(f.doc.blocks) {
			start = f.doc.blocks[first].start
		}
		f.note(start, start, n.label)
	}
	f.pending = nil
}
