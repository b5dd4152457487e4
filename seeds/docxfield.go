package seeds

import "fmt"

// docxField is a field whose code and result stand in runs, ECMA-376 part 1 section 17.16.
type docxField struct {
	code  []byte
	start int  // where its result begins
	shown bool // the code is complete, the result is read
	done  bool
}

func (f *docxField) add(code string) {
	f.code = append(f.code, code[:min(len(code), max(0, maxField-len(f.code)))]...)
}

// fieldText reads a part of a code.
func (t *docxText) fieldText(text string) {
	if n := len(t.fields); n > 0 && !t.fields[n-1].shown {
		t.fields[n-1].add(text)
	}
}

// maxFields bounds how deep fields lie within each other.
const maxFields = 32

func (t *docxText) fieldChar(kind string) error {
	n := len(t.fields)
	switch {
	case kind == "begin" && n == maxFields:
		return fmt.Errorf("part %s: paragraph %d: fields lie more than %d deep", shortName(t.xml.name), t.paragraph, maxFields)
	case kind == "begin":
		t.fields = append(t.fields, docxField{})
	case n == 0:
	case kind == "separate":
		t.fields[n-1].shown, t.fields[n-1].start = true, t.out.at()
	case kind == "end":
		f := &t.fields[n-1]
		if f.shown {
			t.endField(f)
		}
		t.fields = t.fields[:n-1]
	}
	return nil
}

// endField links the result of a field. A cross-reference to a note is a mark of it.
func (t *docxText) endField(f *docxField) {
	if f.done {
		return
	}
	f.done = true
	code := readField(string(f.code))
	t.out.linkTo(f.start, code.link())
	if code.argument == "" || t.out.at() == f.start || t.note {
		return
	}
	switch code.name {
	case "NOTEREF":
		t.out.mark(f.start, pendingBookmark+code.argument)
	case "REF":
		t.out.mark(f.start, pendingText+code.argument)
	}
}

// cutFields ends at the end of a paragraph what the fields link that go on in the next one: a link belongs to one block.
func (t *docxText) cutFields() {
	for i := range t.fields {
		if f := &t.fields[i]; f.shown && f.start < t.out.at() {
			t.endField(f)
		}
	}
}
