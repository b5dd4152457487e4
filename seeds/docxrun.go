package seeds

import (
	"strconv"
	"strings"
)

// inline reads what stands in a paragraph.
func (t *docxText) inline(e element) error {
	switch {
	case e.space == "mc" && e.name == "AlternateContent":
		return t.alternate(t.inline)
	case e.space == "m" && e.name == "t":
		return t.xml.each(nil, t.put)
	case e.space == "m":
		return t.xml.each(t.inline, nil)
	case e.space != "w":
		return nil
	}
	switch e.name {
	case "r":
		return t.readRun()
	case "hyperlink":
		start := t.out.at()
		err := t.xml.each(t.inline, nil)
		t.out.linkTo(start, t.external(e))
		return err
	case "fldSimple":
		f := docxField{start: t.out.at(), shown: true}
		f.add(e.attr("w", "instr"))
		err := t.xml.each(t.inline, nil)
		t.endField(&f)
		return err
	case "ins", "moveTo", "smartTag", "sdt", "sdtContent", "customXml", "dir", "bdo":
		return t.xml.each(t.inline, nil)
	case "bookmarkStart", "bookmarkEnd":
		t.bookmark(e)
	}
	return nil // deleted, moved away, or no text
}

// external returns the address to which a relationship leads outside of the document.
func (t *docxText) external(e element) string {
	if r := t.relations[e.attr("r", "id")]; r.external {
		return withAnchor(r.target, e.attr("w", "anchor"))
	}
	return ""
}

// put writes text, or adds it to the code of a field.
func (t *docxText) put(text string) {
	if t.hidden || text == "" {
		return
	}
	for i := range t.fields {
		if f := &t.fields[i]; !f.shown {
			f.add(text)
			return
		}
	}
	t.out.put(text)
}

func (t *docxText) readRun() error {
	t.run++
	t.out.spot(t.within, t.paragraph, t.run)
	start, style := t.out.at(), docxStyle{}
	err := t.xml.each(func(e element) error {
		if e.space == "w" && e.name == "rPr" {
			err := t.xml.each(func(e element) error { return t.runProperty(&style, e) }, nil)
			t.hidden = style.hidden
			return err
		}
		return t.runPart(e, style)
	}, nil)
	t.hidden = false
	if t.custom {
		if mark := collapse(t.out.since(start)); mark != "" {
			t.refs[len(t.refs)-1].custom = short(mark)
			t.out.mark(start, pendingRef+strconv.Itoa(len(t.refs)-1))
			t.custom = false
		}
	}
	if style.code {
		t.out.bar(start)
	}
	return err
}

func (t *docxText) runProperty(s *docxStyle, e element) error {
	if e.space != "w" {
		return nil
	}
	switch e.name {
	case "rStyle":
		*s = t.style(e.attr("w", "val"))
	case "vanish":
		s.hidden = on(e)
	case "vertAlign":
		s.raised = e.attr("w", "val") == "superscript"
	}
	return nil
}

// runPart reads what stands in a run.
func (t *docxText) runPart(e element, style docxStyle) error {
	switch e.space {
	case "mc":
		return t.alternate(func(e element) error { return t.runPart(e, style) })
	case "w":
	default:
		return nil
	}
	switch e.name {
	case "t":
		text, err := t.xml.content()
		t.put(runText(text, e.attr("xml", "space") == "preserve", style.raised && !t.custom))
		return err
	case "tab", "ptab":
		t.put("\t")
	case "br", "cr":
		t.put("\n")
	case "noBreakHyphen":
		t.put("-")
	case "sym":
		t.put(symbol(e))
	case "fldChar":
		return t.fieldChar(e.attr("w", "fldCharType"))
	case "instrText":
		return t.xml.each(nil, t.fieldText)
	case "footnoteReference":
		t.reference(footnotes, e)
	case "endnoteReference":
		t.reference(endnotes, e)
	case "ruby":
		return t.xml.each(func(e element) error {
			if e.name == "rubyBase" {
				return t.xml.each(t.inline, nil)
			}
			return nil
		}, nil)
	case "drawing", "pict", "object":
		start := t.out.at()
		t.image = ""
		err := t.xml.each(t.drawing, nil)
		t.out.linkTo(start, t.image)
		t.image = ""
		return err
	}
	return nil
}

// runText reads the text of a run.
func runText(text string, preserve, raised bool) string {
	text = strings.NewReplacer("\r", " ", "\n", " ", "\t", " ").Replace(text)
	if !preserve {
		text = strings.Trim(text, " ")
	}
	if raised {
		return raisedLabel(text)
	}
	return text
}

// symbol reads a character of a font. Those of symbol fonts have no meaning outside of them; they are shown as a dot.
func symbol(e element) string {
	n, err := strconv.ParseUint(e.attr("w", "char"), 16, 16)
	switch {
	case err != nil || n < ' ':
		return ""
	case n >= 0xe000 && n <= 0xf8ff:
		if low := n & 0xff; e.attr("w", "font") == "Symbol" && (low == '*' || low >= '0' && low <= '9') {
			return string(rune(low))
		}
		return "•"
	}
	return string(rune(n))
}

// reference reads a reference to a note.
func (t *docxText) reference(kind int, e element) {
	if t.note || t.hidden || !t.more() {
		return
	}
	t.refs = append(t.refs, docxRef{kind: kind, id: e.attr("w", "id"), section: len(t.sections)})
	last := len(t.refs) - 1
	for id, name := range t.open {
		if _, ok := t.bookmarks[name]; !ok {
			t.bookmarks[name] = last
		}
		delete(t.open, id) // it is about this one, wherever it ends
	}
	if e.attr("w", "customMarkFollows") != "" && e.attr("w", "customMarkFollows") != "0" && e.attr("w", "customMarkFollows") != "false" {
		t.custom = true
		return
	}
	start := t.out.at()
	t.put("[" + t.likely(kind) + "]")
	t.out.mark(start, pendingRef+strconv.Itoa(last))
}

// drawing looks for text boxes, and for an address, in a picture or a shape. What alternate contents show is read once.
func (t *docxText) drawing(e element) error {
	switch {
	case e.space == "mc" && e.name == "AlternateContent":
		return t.alternate(t.drawing)
	case e.space == "w" && e.name == "txbxContent":
		return t.textBox()
	case e.space == "a" && e.name == "hlinkClick":
		t.image = t.external(e)
	case e.space == "v" && e.attr("", "href") != "":
		t.image = e.attr("", "href")
	}
	return t.xml.each(t.drawing, nil)
}
