package pdf

import (
	"bytes"
	"reflect"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// font knows how wide the codes of a text are and what they mean.
type font struct {
	bold   bool
	height float64 // of the em, in units of the size

	// A simple font has codes of one byte.
	widths  [256]float64
	meant   [256]string
	unicode *cmap // what codes mean, before meant

	// A composite one has codes of one to four bytes.
	composite bool
	codes     *cmap // to numbers of glyphs; nil if a code of two bytes is the number
	charset   encoding.Encoding
	utf16     bool
	wide      map[uint32]float64
	otherwise float64
}

// font returns the font of a dictionary, which is read once.
func (f *File) font(o any) *font {
	d := f.dict(o)
	if d == nil {
		return nil
	}
	key := reflect.ValueOf(d).Pointer()
	if known, ok := f.fonts[key]; ok {
		return known
	}
	t := &font{height: 1}
	f.fonts[key] = t
	if s, ok := f.resolve(d["ToUnicode"]).(stream); ok {
		t.unicode = f.readCMap(s)
	}
	base := string(f.name(d["BaseFont"]))
	if f.name(d["Subtype"]) == "Type0" {
		f.composite(t, d)
	} else {
		f.simple(t, d, base)
	}
	lower := strings.ToLower(base)
	t.bold = t.bold || strings.Contains(lower, "bold") || strings.Contains(lower, "black") || strings.Contains(lower, "heavy")
	return t
}

func (f *File) simple(t *font, d dict, base string) {
	descriptor := f.dict(d["FontDescriptor"])
	const forceBold = 1 << 18
	t.bold = int(f.number(descriptor["Flags"], 0))&forceBold != 0
	unit := 0.001
	switch f.name(d["Subtype"]) {
	case "Type3":
		m, box := f.list(d["FontMatrix"]), f.list(d["FontBBox"])
		if len(m) >= 6 {
			unit = f.number(m[0], unit)
			if len(box) >= 4 {
				if h := (f.number(box[3], 0) - f.number(box[1], 0)) * f.number(m[3], unit); h > 0 {
					t.height = h
				}
			}
		}
		f.encode(t, d, standard)
	case "TrueType":
		f.encode(t, d, windows)
	default:
		builtin := texEncoding(base)
		if s, ok := f.resolve(descriptor["FontFile"]).(stream); ok && f.encodingName(d) == "" {
			if data, err := f.decode(s); err == nil {
				builtin = builtinEncoding(data, builtin)
			}
		}
		f.encode(t, d, builtin)
	}
	first, widths := int(f.number(d["FirstChar"], 0)), f.list(d["Widths"])
	missing := f.number(descriptor["MissingWidth"], 0) * unit
	for code := range t.widths {
		t.widths[code] = missing
		if i := code - first; i >= 0 && i < len(widths) {
			t.widths[code] = f.number(widths[i], 0) * unit
		} else if len(widths) == 0 {
			t.widths[code] = standardWidth(base, t.meant[code])
		}
	}
}

func (f *File) encodingName(d dict) name {
	if n := f.name(d["Encoding"]); n != "" {
		return n
	}
	return f.name(f.dict(d["Encoding"])["BaseEncoding"])
}

// encode fills what the codes of a simple font mean.
func (f *File) encode(t *font, d dict, base *[256]string) {
	switch f.encodingName(d) {
	case "WinAnsiEncoding":
		base = windows
	case "MacRomanEncoding":
		base = macintosh
	case "StandardEncoding":
		base = standard
	}
	t.meant = *base
	code := 0
	for _, o := range f.list(f.dict(d["Encoding"])["Differences"]) {
		switch o := f.resolve(o).(type) {
		case int:
			code = o
		case name:
			if code >= 0 && code < len(t.meant) {
				if text, ok := glyphText(string(o)); ok {
					t.meant[code] = text
				} else {
					t.meant[code] = ""
				}
			}
			code++
		}
	}
}

// builtinEncoding reads "dup 65 /A put" of a Type 1 font.
func builtinEncoding(data []byte, otherwise *[256]string) *[256]string {
	data = data[:min(len(data), 64<<10)]
	i := bytes.Index(data, []byte("/Encoding"))
	if i < 0 {
		return otherwise
	}
	l := lexer{data: data, pos: i + len("/Encoding")}
	if l.token() == keyword("StandardEncoding") {
		return otherwise
	}
	var table [256]string
	for {
		switch l.token() {
		case end, keyword("eexec"), keyword("readonly"):
			return &table
		case keyword("dup"):
			code, ok := l.token().(int)
			glyph, ok2 := l.token().(name)
			if ok && ok2 && code >= 0 && code < len(table) {
				table[code], _ = glyphText(string(glyph))
			}
		}
	}
}

func (f *File) composite(t *font, d dict) {
	t.composite = true
	inner := f.dict(nil)
	if all := f.list(d["DescendantFonts"]); len(all) > 0 {
		inner = f.dict(all[0])
	}
	const forceBold = 1 << 18
	t.bold = int(f.number(f.dict(inner["FontDescriptor"])["Flags"], 0))&forceBold != 0
	t.otherwise = f.number(inner["DW"], 1000) / 1000
	t.wide = make(map[uint32]float64)
	w := f.list(inner["W"])
	for i := 0; i+1 < len(w); {
		first := f.number(w[i], 0)
		if list, ok := f.resolve(w[i+1]).(array); ok {
			for j, o := range list {
				t.wide[uint32(int(first)+j)] = f.number(o, 0) / 1000
			}
			i += 2
			continue
		}
		if i+2 >= len(w) {
			break
		}
		last, width := f.number(w[i+1], 0), f.number(w[i+2], 0)/1000
		for c := first; c <= last && c < 1<<16; c++ {
			t.wide[uint32(c)] = width
		}
		f.elements -= int(max(0, min(last-first, 1<<16)))
		i += 3
	}
	if s, ok := f.resolve(d["Encoding"]).(stream); ok {
		t.codes = f.readCMap(s)
		return
	}
	n := string(f.name(d["Encoding"]))
	switch {
	case strings.Contains(n, "UCS2"), strings.Contains(n, "UTF16"):
		t.utf16 = true
	case strings.Contains(n, "RKSJ"):
		t.charset = japanese.ShiftJIS
	case strings.HasPrefix(n, "GBK"), strings.HasPrefix(n, "GB-EUC"):
		t.charset = simplifiedchinese.GBK
	case strings.HasPrefix(n, "B5"), strings.HasPrefix(n, "ETen"):
		t.charset = traditionalchinese.Big5
	case strings.HasPrefix(n, "KSC"):
		t.charset = korean.EUCKR
	}
}

// next reads one code of a text and how many bytes it has.
func (t *font) next(text string) (code uint32, n int) {
	switch {
	case !t.composite:
		return uint32(text[0]), 1
	case t.codes != nil:
		return t.codes.next(text)
	case t.charset != nil && (text[0] < 0x80 || t.charset == japanese.ShiftJIS && text[0] >= 0xa0 && text[0] < 0xe0):
		return uint32(text[0]), 1
	}
	n = min(2, len(text))
	return codeOf(text[:n]), n
}

// width is that of a code, in units of the size of the font.
func (t *font) width(code uint32) float64 {
	if !t.composite {
		return t.widths[byte(code)]
	}
	cid := code
	if t.codes != nil {
		r, ok := t.codes.find(code)
		if !ok {
			return t.otherwise
		}
		cid = r.cid + code - r.from
	} else if t.charset != nil || t.utf16 {
		return map[bool]float64{true: t.otherwise / 2, false: t.otherwise}[code < 0x80]
	}
	if w, ok := t.wide[cid]; ok {
		return w
	}
	return t.otherwise
}

// meaning is the text of a code, with ligatures taken apart.
func (t *font) meaning(code uint32, raw string) string {
	if t.unicode != nil {
		if text, ok := t.unicode.text(code); ok && text != "\x00" {
			return clean(text)
		}
	}
	switch {
	case !t.composite:
		return clean(t.meant[byte(code)])
	case t.charset != nil:
		if text, err := t.charset.NewDecoder().String(raw); err == nil {
			return clean(text)
		}
	case t.utf16:
		return clean(string(utf16.Decode(units(raw))))
	}
	return "\ufffd"
}

// clean takes ligatures apart and control characters out; what a font keeps to itself is U+FFFD.
func clean(text string) string {
	if len(text) == 1 && text[0] > ' ' && text[0] < 0x7f {
		return text
	}
	if text == "" {
		return "\ufffd"
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r >= '\ufb00' && r <= '\ufb06':
			b.WriteString([...]string{"ff", "fi", "fl", "ffi", "ffl", "ft", "st"}[r-'\ufb00'])
		case r == '\t' || r == '\n' || r == '\r' || r == '\u00a0':
			b.WriteByte(' ')
		case r < ' ' || r == 0x7f:
		case r >= '\ue000' && r <= '\uf8ff':
			b.WriteRune('\ufffd')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
