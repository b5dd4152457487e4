package seeds

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// rtf reads Rich Text Format 1.9.1. What it says is a stream of words that change a state; a group gives it back.
type rtf struct {
	*book
	tokens    rtfTokens
	meta      metadata
	state     rtfState
	groups    []rtfState
	page      int         // code page
	fonts     map[int]int // charset by number
	font      int         // of the font table, that is read
	styles    map[int]int // level of headings by number of the style
	style     int         // of the stylesheet, that is read
	name      strings.Builder
	raw       []byte // bytes that are not decoded yet
	skip      int    // characters that stand for one in Unicode
	high      rune   // first half of a surrogate pair
	fields    []rtfField
	list      string // number of an item
	numbering [noteKinds]noteNumbering
	section   [noteKinds]noteNumbering
	counts    [noteKinds]int
	notes     [noteKinds][]rtfNote
	boxes     int
	date      [3]int
}

// rtfState is what a group keeps.
type rtfState struct {
	to                      rtfTarget
	star                    bool // an unknown destination is passed over
	shape, object           bool
	hidden, deleted, raised bool
	unicode                 int // characters that stand for one in Unicode
	font                    int
	table                   bool
	heading                 int
	flow                    *rtfFlow
	ends                    rtfEnds
	start                   int // where the group begins in its flow
}

// rtfTarget is where text goes.
type rtfTarget int

const (
	toText rtfTarget = iota
	toNothing
	toCode
	toList
	toFonts
	toStyles
	toInfo
	toTitle
	toAuthor
	toDate
)

// rtfEnds is what ends with a group.
type rtfEnds int

const (
	endsNothing rtfEnds = iota
	endsField
	endsResult
	endsNote
	endsBox
	endsList
)

// rtfFlow is where the text goes: the body, a note or a text box.
type rtfFlow struct {
	out                    *sheet
	within                 int32
	paragraph              int32
	note, endnote          bool
	table, row, cell, part int  // part is the paragraph in the cell
	inTable                bool // the last paragraph was
	marked                 bool // the number of a note was just shown
	last                   int  // where the last group began
	beside                 []*sheet
}

type rtfField struct {
	code  []byte
	start int // where its result begins, -1 if nothing was written yet
	shown bool
	done  bool
	flow  *rtfFlow
}

type rtfNote struct {
	label, shown string
	out          *sheet
}

func sniffRTF(head []byte) bool { return bytes.HasPrefix(head, []byte(`{\rtf`)) }

// readRTF reads .rtf.
func readRTF(data []byte, _ string) (*document, error) {
	if !sniffRTF(data) {
		return nil, fmt.Errorf("it does not begin as RTF does, with %q", `{\rtf`)
	}
	r := &rtf{book: newBook(), tokens: rtfTokens{data: data}, fonts: make(map[int]int), styles: make(map[int]int)}
	body := r.sheet()
	r.state = rtfState{unicode: 1, flow: &rtfFlow{out: body}}
	for {
		t := r.tokens.next()
		if t.kind == rtfEnd {
			break
		}
		if err := r.read(t); err != nil {
			return nil, err
		}
		if t.kind == rtfClose && len(r.groups) == 0 {
			break // what follows is no part of the document
		}
	}
	r.flush()
	for len(r.groups) > 0 {
		r.close()
	}
	r.endParagraph(r.state.flow)
	for kind := range noteKinds {
		for _, n := range r.notes[kind] {
			body.addNote(n.out, n.label, n.shown)
		}
	}
	if r.date[0] > 0 {
		r.meta.setDate(fmt.Sprintf("%04d-%02d-%02d", r.date[0], r.date[1], r.date[2]))
	}
	body.doc.meta = r.meta
	return body.finish()
}

func (r *rtf) read(t rtfToken) error {
	if t.kind != rtfHex && t.kind != rtfPlain {
		r.flush()
	}
	switch t.kind {
	case rtfOpen:
		r.skip = 0
		if len(r.groups) == maxNesting {
			return fmt.Errorf("byte %d: groups lie more than %d deep", r.tokens.at, maxNesting)
		}
		r.groups = append(r.groups, r.state)
		r.state.ends, r.state.star, r.state.start = endsNothing, false, r.state.flow.out.at()
		return nil
	case rtfClose:
		r.skip = 0
		r.close()
		return r.check()
	case rtfPlain:
		n := min(r.skip, len(t.text))
		r.skip -= n
		r.raw = append(r.raw, t.text[n:]...)
		return nil
	}
	if r.skip > 0 {
		r.skip--
		return nil
	}
	switch t.kind {
	case rtfHex:
		r.raw = append(r.raw, byte(t.value))
	case rtfSymbol:
		r.symbol(t.word)
	case rtfWord:
		r.word(t)
	}
	return nil
}

// flush decodes the bytes so far.
func (r *rtf) flush() {
	if len(r.raw) == 0 {
		return
	}
	raw := r.raw
	r.raw = r.raw[:0]
	for _, c := range raw {
		if c >= utf8.RuneSelf {
			page := fontPage(r.fonts[r.state.font])
			if page == 0 {
				page = r.page
			}
			if decoded, err := codePage(page).NewDecoder().Bytes(raw); err == nil {
				raw = decoded
			}
			break
		}
	}
	r.text(strings.ToValidUTF8(string(raw), "\ufffd"))
}

// unicode reads a UTF-16 code unit.
func (r *rtf) unicode(n int) {
	c := rune(uint16(n))
	r.skip = r.state.unicode
	switch {
	case c >= 0xd800 && c < 0xdc00:
		r.high = c
		return
	case c >= 0xdc00 && c < 0xe000:
		c = utf16.DecodeRune(r.high, c)
	case c >= 0xf020 && c <= 0xf0ff:
		c = '•' // of a symbol font, without a meaning outside of it
	}
	r.high = 0
	if c >= ' ' {
		r.text(string(c))
	}
}

// text writes text to where the state says.
func (r *rtf) text(text string) {
	s := &r.state
	switch s.to {
	case toText:
		if !s.hidden && !s.deleted {
			if s.raised {
				text = raisedLabel(text)
			}
			r.put(text)
		}
	case toCode:
		if n := len(r.fields); n > 0 {
			f := &r.fields[n-1]
			f.code = append(f.code, text[:min(len(text), max(0, maxField-len(f.code)))]...)
		}
	case toList:
		r.list += text[:min(len(text), max(0, maxMeta-len(r.list)))]
	case toTitle:
		r.meta.title += text[:min(len(text), max(0, maxMeta-len(r.meta.title)))]
	case toAuthor:
		r.name.WriteString(text[:min(len(text), max(0, maxMeta-r.name.Len()))])
		r.meta.authors = strings.Split(r.name.String(), ";")
	case toStyles:
		r.styleName(text)
	}
}

// put writes text into the flow.
func (r *rtf) put(text string) {
	flow := r.state.flow
	if !flow.out.open && strings.Trim(text, " \t") == "" {
		return // an indent
	}
	r.begin(flow)
	for i := range r.fields {
		if f := &r.fields[i]; f.shown && f.flow == flow && f.start < 0 {
			f.start = flow.out.at()
		}
	}
	flow.out.put(text)
	if strings.TrimSpace(text) != "" {
		flow.marked = false
	}
}
