package seeds

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// pdfWriter writes lines into a document.
type pdfWriter struct {
	*writer
	reader   *pdfReader
	notes    *noteIndex
	unshown  map[*pdfLine][]int
	sections *endSections // nil if the notes at the end have no chapters
	block    int          // where the block begins
	link     int32        // that is open, or 0
	start    int          // where it begins
	skip     int          // bytes of the next line that the link before it has taken
}

// write writes the body, and then the notes.
func (p *pdfReader) write() *document {
	w := &pdfWriter{writer: newWriter(nil), reader: p, unshown: p.placeUnshown()}
	blocks := p.flow()
	p.learnHyphens(blocks)
	w.notes = p.index()
	if !p.plain {
		w.sections = findSections(blocks)
	}
	for i, b := range blocks {
		if w.sections != nil && i >= w.sections.first {
			w.chapters(blocks)
			break
		}
		w.begin(b.kind, b.level)
		w.block = w.at()
		w.lines(b.lines, 0, true)
	}
	w.end()
	for _, n := range p.notes {
		w.begin(blockNote, 0)
		w.block = w.at()
		w.place(n.lines[0].place())
		w.put(n.lines[0].text[:n.labelSize])
		if n.labelSize > 0 && !strings.HasSuffix(n.lines[0].text[:n.labelSize], " ") {
			w.put(" ")
		}
		textStart := w.at()
		w.lines(n.lines, n.labelSize, false)
		w.note(w.block, textStart, n.label)
	}
	return w.document()
}

// chapters writes the notes at the end, which have chapters, and what follows them.
func (w *pdfWriter) chapters(blocks []pdfBlock) {
	start, textStart, open := 0, 0, ""
	finish := func() {
		if open != "" {
			w.note(start, textStart, open)
		}
		open = ""
	}
	for i := w.sections.first; i < len(blocks); i++ {
		b := blocks[i]
		label := w.sections.notes[i]
		if label != "" || w.sections.ends[i] || b.kind == blockHeading {
			w.end()
			finish()
		}
		kind := b.kind
		if label != "" || open != "" {
			kind = blockNote
		}
		w.begin(kind, b.level)
		w.block = w.at()
		w.lines(b.lines, 0, false)
		if label != "" {
			l, _ := labelAt(b.lines[0].text)
			start, textStart, open = w.block, w.block+l.size, label
		}
	}
	w.end()
	finish()
}

// lines writes lines without the first skip bytes.
func (w *pdfWriter) lines(lines []*pdfLine, skip int, marks bool) {
	w.skip = skip
	for i, l := range lines {
		w.place(l.place())
		var next *pdfLine
		if i+1 < len(lines) {
			next = lines[i+1]
		}
		w.line(l, next, marks)
	}
	w.close()
	for _, l := range lines {
		for _, u := range w.unshown[l] {
			w.writer.link(w.at(), link{target: w.reader.links[u].target})
		}
	}
}

// line writes a line and what joins it to the next one.
func (w *pdfWriter) line(l, next *pdfLine, marks bool) {
	cut, separator := 0, ""
	if next != nil {
		cut, separator = w.seam(l, next)
	}
	left := len(strings.TrimSpace(l.joined())) - cut // bytes of the line still to write
	skip := w.skip
	w.skip = 0
	for i, r := range l.runs {
		text := r.text
		if i == 0 {
			text = strings.TrimLeft(text, " ")
		}
		if skip > 0 {
			n := min(skip, len(text))
			text, skip, left = text[n:], skip-n, left-n
			if text == "" {
				continue
			}
		}
		text = text[:max(0, min(len(text), left))]
		left -= len(text)
		if text == "" {
			continue
		}
		w.turn(r.link, text)
		w.prose(text, l, marks)
	}
	if next == nil {
		return
	}
	w.put(separator)
	if w.link > 0 && len(next.runs) > 0 && !w.same(next.runs[0].link) {
		w.goOn(next)
	}
}

// joined is the text of all runs.
func (l *pdfLine) joined() string {
	var b strings.Builder
	for _, r := range l.runs {
		b.WriteString(r.text)
	}
	return b.String()
}

// same tells whether a link leads where the open one does.
func (w *pdfWriter) same(link int32) bool {
	return max(0, link) == w.link || link > 0 && w.link > 0 && w.reader.links[link].target == w.reader.links[w.link].target
}

// turn closes the open link if a run does not belong to it, and opens that of the run.
func (w *pdfWriter) turn(link int32, text string) {
	if w.same(link) {
		return
	}
	w.close()
	if link > 0 {
		w.link = link
		w.start = w.at() + len(text) - len(strings.TrimLeft(text, " "))
	}
}

// close ends the open link.
func (w *pdfWriter) close() {
	if w.link == 0 {
		return
	}
	target := w.reader.links[w.link].target
	w.link = 0
	if w.start >= w.at() {
		w.writer.link(w.at(), link{target: target})
		return
	}
	w.writer.link(w.start, link{target: target})
}

// goOn looks at a link that ends with its line. If the target goes on with what the next line shows, that belongs to the
// link; if the link stops in the middle of an address, the address is left to be read from the text.
func (w *pdfWriter) goOn(next *pdfLine) {
	target := w.reader.links[w.link].target
	shown := strings.TrimSpace(w.writer.text.String()[w.start:])
	i := strings.Index(target, shown)
	if shown == "" || i < 0 || !strings.ContainsAny(shown, "./") {
		return
	}
	text := strings.TrimLeft(next.runs[0].text, " ")
	word, _, _ := strings.Cut(text, " ")
	rest := strings.TrimSuffix(target[i+len(shown):], "/")
	if len(rest) > 1 && strings.HasPrefix(text, rest) {
		w.put(text[:len(rest)])
		w.close()
		w.skip = len(rest)
		return
	}
	p := piece{text: strings.TrimRight(word, `.,;:!?)]>"'”»`), sole: word == text || word != strings.TrimRight(word, `,;)]>`), wide: true}
	if rest == "" && strings.IndexByte("/-_=&?%", shown[len(shown)-1]) >= 0 && p.continues(shown[len(shown)-1]) && p.typical() {
		w.link = 0
	}
}

// text_ writes text, with the marks in it if there may be some.
func (w *pdfWriter) prose(text string, l *pdfLine, marks bool) {
	if !marks || len(w.notes.byPage) == 0 && w.sections == nil {
		w.put(text)
		return
	}
	from := 0
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		var labels []string
		switch {
		case raisedDigit(r) >= 0:
			var size int
			if labels, size, _ = raisedAt(text[i:]); size > 0 {
				n = size
			}
		case noteSymbol(r) && w.at()+i-from > w.block:
			n = symbolSize(text[i:])
			labels = []string{text[i : i+n]}
		}
		if len(labels) == 0 {
			i += n
			continue
		}
		w.put(text[from:i])
		from = i
		if found := w.resolve(l.page, labels); len(found) > 0 {
			start := w.at()
			w.put(text[i : i+n])
			w.mark(start, found...)
			from = i + n
		}
		i += n
	}
	w.put(text[from:])
}

// resolve returns the labels of the notes that a mark on a page means. What may be an exponent is no mark unless its note
// still lacks one; of several labels all must be known.
func (w *pdfWriter) resolve(page int, shown []string) []string {
	power := powered(w.writer.text.String())
	if w.sections != nil && w.notes.find(page, shown[0]) == nil {
		if power {
			return nil
		}
		return w.sections.resolve(shown)
	}
	var labels []string
	for _, s := range w.notes.split(page, shown) {
		n := w.notes.find(page, s)
		switch {
		case n != nil && power && (n.used || n.page != page || w.reader.marked[pageLabel{page, s}]):
			return nil
		case n != nil:
			n.used = true
			labels = append(labels, n.label)
		case !power && w.notes.missing(s):
			labels = append(labels, s)
		default:
			return nil
		}
	}
	return labels
}

// powered tells whether a number in superscript may be an exponent: it stands behind no word and no end of a sentence.
func powered(before string) bool {
	before = strings.TrimRight(before[max(0, len(before)-32):], " ")
	r, _ := utf8.DecodeLastRuneInString(before)
	return exponent(before) || !unicode.IsLetter(r) && !strings.ContainsRune(".,;:!?\"'”’»…", r)
}

// seam says how a line is joined to the next one: how many bytes at its end are dropped, and what stands between.
func (w *pdfWriter) seam(l, next *pdfLine) (cut int, separator string) {
	last, first := l.runs[len(l.runs)-1], next.runs[0]
	if last.link > 0 && first.link > 0 && w.reader.links[last.link].target == w.reader.links[first.link].target {
		if hyphen, ok := joint(w.reader.links[last.link].target, last.text, first.text); ok {
			if hyphen {
				return 0, ""
			}
			_, n := utf8.DecodeLastRuneInString(strings.TrimRight(last.text, " "))
			return n, ""
		}
	} else if last.link > 0 {
		if hyphen, ok := joint(w.reader.links[last.link].target, last.text, first.text); ok && hyphen {
			return 0, ""
		}
	}
	a, size := utf8.DecodeLastRuneInString(l.text)
	b, _ := utf8.DecodeRuneInString(next.text)
	if unicode.In(a, unicode.Han, unicode.Hiragana, unicode.Katakana) && unicode.In(b, unicode.Han, unicode.Hiragana, unicode.Katakana) {
		return 0, ""
	}
	if !lineHyphen(a) || !unicode.IsLetter(b) {
		return 0, "\n"
	}
	front, back := lastWord(l.text[:len(l.text)-size]), firstWord(next.text)
	if front == "" || strings.ContainsAny(l.text[strings.LastIndexByte(l.text, ' ')+1:], "/@:_=") {
		return 0, "\n"
	}
	if a == '\u00ad' || unicode.IsLower(b) && w.reader.dropsHyphen(front, back) {
		return size, ""
	}
	return 0, ""
}

func lineHyphen(r rune) bool { return r == '-' || r == '‐' || r == '\u00ad' }

// lastWord and firstWord are the letters at the end and at the beginning of a text.
func lastWord(text string) string {
	return text[len(strings.TrimRightFunc(text, unicode.IsLetter)):]
}

func firstWord(text string) string {
	return text[:len(text)-len(strings.TrimLeftFunc(text, unicode.IsLetter))]
}

// learnHyphens looks whether the report is hyphenated at line ends. Words that have a hyphen anyway are also broken in
// one that is not.
func (p *pdfReader) learnHyphens(blocks []pdfBlock) {
	lines, ends := 0, 0
	var all []*pdfLine
	for _, b := range blocks {
		all = append(all, b.lines...)
	}
	for _, n := range p.notes {
		all = append(all, n.lines...)
	}
	for i := range all {
		lines++
		if r, _ := utf8.DecodeLastRuneInString(all[i].text); lineHyphen(r) {
			ends++
		}
	}
	if ends == 0 {
		return
	}
	p.words = make(map[string]bool)
	for _, l := range all {
		words := strings.Fields(l.text)
		for i, word := range words {
			if i+1 < len(words) && i > 0 {
				p.words[strings.ToLower(strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }))] = true
			}
		}
	}
	p.hyphen = ends*60 > lines && ends > 2
}

// dropsHyphen tells whether the hyphen between two parts of a word stands there only for the end of the line.
func (p *pdfReader) dropsHyphen(front, back string) bool {
	front, back = strings.ToLower(front), strings.ToLower(back)
	switch {
	case p.words[front+back]:
		return true
	case p.words[front+"-"+back]:
		return false
	}
	return p.hyphen
}
