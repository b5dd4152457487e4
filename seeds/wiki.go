package seeds

import (
	"strings"
)

// wiki reads the wikitext of MediaWiki. Templates are not expanded, for they are other pages: it knows those that cite,
// and takes what is given to others for text where it holds notes or addresses.
type wiki struct {
	fluent
	*wikiScan
	src *source

	closers []fluentCloser // what is to be done where a group ends, the innermost last
	depth   int            // of templates and links
	linked  bool           // within the text of a link
	heads   bool           // within the first line of a header cell
	tables  int            // that are open
	counts  []int          // of the numbered lists that are open
	notes   wikiNotes
}

// readWiki reads wikitext.
func readWiki(data []byte, charset string) (*document, error) {
	src, err := decode(data, charset)
	if err != nil {
		return nil, err
	}
	scan, err := scanWiki(src)
	if err != nil {
		return nil, err
	}
	w := &wiki{fluent: newFluent(src), wikiScan: scan, src: src}
	w.defineNotes()
	w.run(0, len(src.text), true)
	w.writeEndnotes()
	w.unusedNotes()
	return w.document(), nil
}

// run writes source.text[from:to]; lines says that a line begins at from.
func (w *wiki) run(from, to int, lines bool) {
	t := w.src.text
	base := len(w.closers)
	for i := from; i < to; {
		for n := len(w.closers); n > base && w.closers[n-1].at <= i; n = len(w.closers) {
			c := w.closers[n-1]
			w.closers = w.closers[:n-1]
			c.run()
			i = max(i, c.next)
		}
		if i >= to {
			break
		}
		if lines {
			lines = false
			if next, ok := w.line(i, to); ok {
				// A line that was read as a whole is at its end.
				i = next
				continue
			}
		}
		switch t[i] {
		case '\n', '\r', ' ', '\t':
			i, lines = w.blank(i, to)
		case '\'':
			n := runLength(t, i)
			switch {
			case n == 1:
				w.text(i, i+1)
			case n == 4:
				w.text(i, i+1)
			case n > 5:
				w.text(i, i+n-5)
			}
			i += n
		case '&':
			meant, size := unescape(t[i:to], false)
			w.symbol(meant, i, i+size)
			i += size
		case '<':
			i = w.tag(i, to)
		case '[':
			i = w.bracket(i, to)
		case '{':
			i = w.brace(i, to)
		case '|', '!':
			i = w.cellBreak(i, to)
		case '_':
			i = w.magic(i, to)
		default:
			stop := to
			if n := len(w.closers); n > base {
				stop = min(to, w.closers[n-1].at)
			}
			end := i + 1
			for end < stop && !wikiSpecial(t[end]) {
				end++
			}
			w.text(i, end)
			i = end
		}
	}
	for n := len(w.closers); n > base; n = len(w.closers) {
		c := w.closers[n-1]
		w.closers = w.closers[:n-1]
		c.run()
	}
}

// wikiSpecial tells the characters that may mean something, and white space.
func wikiSpecial(c byte) bool {
	switch c {
	case '\n', '\r', ' ', '\t', '\'', '&', '<', '[', '{', '|', '!', '_':
		return true
	}
	return false
}

// blank passes over white space. Behind a line end a line begins; an empty one ends the paragraph.
func (w *wiki) blank(i, to int) (next int, line bool) {
	t := w.src.text
	from, ends := i, 0
	for ; i < to; i++ {
		if t[i] == '\n' {
			ends++
			from = i
		} else if t[i] != ' ' && t[i] != '\t' && t[i] != '\r' {
			break
		}
	}
	if ends > 1 {
		w.paragraph()
	} else if i > from {
		w.space(from, i, ends > 0)
	}
	return i, ends > 0
}

// tag reads a tag, a comment or what it holds.
func (w *wiki) tag(i, to int) int {
	t := w.src.text
	if strings.HasPrefix(t[i:], "<!--") {
		return w.comment(i)
	}
	name, end, empty := htmlTag(t, i)
	if end == i {
		w.text(i, i+1)
		return i + 1
	}
	closed := func() int { // where what is in the element ends
		if n := w.find("</"+name, end); !empty && n >= 0 && n < to {
			return n
		}
		return end
	}
	switch name {
	case "ref":
		return w.ref(i, end)
	case "references", "gallery":
		return closed()
	case "nowiki":
		n := closed()
		w.verbatim(end, n)
		return n
	case "math", "chem":
		n := closed()
		w.verbatim(end, n)
		return n
	case "pre", "syntaxhighlight", "source":
		n := closed()
		if n > end {
			w.paragraph()
			w.begin(blockCode, 0)
			w.copy(end, n)
			w.end()
		}
		return n
	case "score", "timeline", "graph", "templatedata", "hiero", "imagemap", "style", "script":
		return closed()
	case "br":
		if w.open {
			w.gap = textGap{i, end, true}
		}
	case "code", "tt", "kbd", "samp":
		if n := closed(); n > end {
			w.ensure()
			start := w.at()
			w.closers = append(w.closers, fluentCloser{at: n, run: func() { w.bar(start) }})
		}
	case "sup":
		if n := closed(); n > end && strings.Trim(t[end:n], "0123456789") == "" {
			for k := end; k < n; k++ {
				w.symbol(superscript(rune(t[k])), k, k+1)
			}
			return n
		}
	case "p", "/p", "div", "/div", "blockquote", "/blockquote", "li", "/li", "ol", "/ol", "ul", "/ul", "dl", "/dl", "dt", "dd", "table", "/table",
		"tr", "td", "th", "caption", "hr", "center", "/center", "h1", "h2", "h3", "h4", "h5", "h6", "/h1", "/h2", "/h3", "/h4", "/h5", "/h6":
		w.paragraph()
	case "b", "i", "u", "s", "em", "strong", "small", "big", "span", "sub", "del", "ins", "strike", "font", "cite", "abbr", "q", "var", "dfn", "mark",
		"bdi", "bdo", "ruby", "rt", "rp", "rb", "wbr", "time", "data", "noinclude", "includeonly", "onlyinclude", "section", "templatestyles",
		"poem", "indicator", "nobr", "/tbody", "/tr", "/td", "/th":
	default:
		if !strings.HasPrefix(name, "/") {
			w.text(i, i+1) // no element: text
			return i + 1
		}
	}
	return end
}

// magic passes over __TOC__ and the like.
func (w *wiki) magic(i, to int) int {
	t := w.src.text
	if strings.HasPrefix(t[i:to], "__") {
		const longest = 30 // bytes
		if n := strings.Index(t[i+2:min(to, i+longest)], "__"); n > 2 && strings.Trim(t[i+2:i+2+n], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
			return i + n + 4
		}
	}
	w.text(i, i+1)
	return i + 1
}
