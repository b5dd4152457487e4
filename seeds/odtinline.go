package seeds

import (
	"fmt"
	"strconv"
	"strings"
)

// inline reads what stands in a paragraph. Of an element that is not known, such as a field, the text is read.
func (t *odtText) inline(e element) error {
	switch e.space {
	case "draw":
		return t.drawing(e)
	case "text":
	default:
		return nil // comments, which are of office, and what else is no text
	}
	switch e.name {
	case "span":
		s := t.style(e.attr("text", "style-name"))
		hidden, raised, start := t.hidden, t.raised, t.out.at()
		if s.hidden {
			t.hidden++
		}
		if s.raised {
			t.raised++
		}
		err := t.xml.each(t.inline, t.text)
		t.hidden, t.raised = hidden, raised
		if s.code {
			t.out.bar(start)
		}
		return err
	case "a":
		start := t.out.at()
		err := t.xml.each(t.inline, t.text)
		if t.hidden == 0 {
			t.out.linkTo(start, e.attr("xlink", "href"))
		}
		return err
	case "s":
		const most = 1000
		n, err := strconv.Atoi(e.attr("text", "c"))
		if err != nil || n < 1 {
			n = 1
		}
		t.exact(strings.Repeat(" ", min(n, most)))
	case "tab":
		t.exact("\t")
	case "line-break":
		t.exact("\n")
	case "note":
		return t.readNote(e)
	case "note-ref":
		start := t.out.at()
		err := t.xml.each(t.inline, t.text)
		if label := t.labels[e.attr("text", "ref-name")]; label != "" && t.out.at() > start && !t.note {
			t.out.mark(start, label)
		}
		return err
	case "ruby", "ruby-base", "meta", "meta-field":
		return t.xml.each(t.inline, t.text)
	case "ruby-text", "hidden-text", "hidden-paragraph", "toc-mark", "alphabetical-index-mark", "user-index-mark", "script", "change", "change-start", "change-end", "soft-page-break":
		return nil
	default:
		return t.xml.each(t.inline, t.text)
	}
	return nil
}

// readNote reads a note where its mark is. The number that is shown is in the file.
func (t *odtText) readNote(e element) error {
	kind, name := footnotes, "footnote"
	if e.attr("text", "note-class") == "endnote" {
		kind, name = endnotes, "endnote"
	}
	label := ""
	return t.xml.each(func(in element) error {
		switch {
		case in.space == "text" && in.name == "note-citation":
			shown, err := t.xml.content()
			if label = in.attr("text", "label"); label == "" {
				label = shown
			}
			return err
		case in.space != "text" || in.name != "note-body":
			return nil
		case t.note || t.hidden > 0 || !t.more():
			return nil // there is none within another one
		}
		if label = collapse(label); label == "" {
			label = strconv.Itoa(len(t.notes[kind]) + 1)
		}
		start := t.out.at()
		t.exact("[" + label + "]")
		label = t.unique(label)
		t.out.mark(start, label)
		if id := e.attr("text", "id"); id != "" {
			t.labels[id] = label
		}
		saved, raised := t.odtFlow, t.raised
		t.odtFlow, t.raised = odtFlow{out: t.sheet(), note: true, within: t.name(name + " " + label)}, 0
		t.out.spot(t.within, 0, 0)
		err := t.xml.each(t.block, nil)
		t.notes[kind] = append(t.notes[kind], odtNote{label, t.out})
		t.odtFlow, t.raised = saved, raised
		return err
	}, nil)
}

// drawing looks for text boxes in a frame or a shape, and for an address around it.
func (t *odtText) drawing(e element) error {
	if e.space != "draw" {
		return nil
	}
	switch e.name {
	case "a":
		start := t.out.at()
		err := t.xml.each(t.drawing, nil)
		if t.hidden == 0 {
			t.out.linkTo(start, e.attr("xlink", "href"))
		}
		return err
	case "text-box", "custom-shape", "rect", "ellipse", "circle", "polygon", "path", "line", "polyline", "connector", "caption":
		return t.textBox()
	}
	return t.xml.each(t.drawing, nil)
}

// textBox reads a text box, or the paragraphs in a shape, into a sheet of its own, which comes behind the paragraph at
// which it stands.
func (t *odtText) textBox() error {
	t.boxes++
	saved := t.odtFlow
	t.odtFlow = odtFlow{out: t.sheet(), note: t.note, within: t.within}
	if !t.note {
		t.within = t.name(fmt.Sprintf("box %d", t.boxes))
	}
	err := t.xml.each(t.block, nil)
	box := t.out
	t.odtFlow = saved
	if t.out.open {
		t.beside = append(t.beside, box)
	} else {
		t.out.add(box)
	}
	return err
}
