package seeds

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// source is a decoded report that can lead every place of its text back to the raw bytes.
type source struct {
	layout   // of valid UTF-8, without a byte order mark
	encoding string
	rawSize  int
	runs     []run
	parts    []textPart // files that it was put together of; none if it is one
	runes    []int32    // code points before every runeBlock-th byte of text
}

// layout is a text and its lines.
type layout struct {
	text  string
	lines []line
}

// run is a stretch of text whose code points all have the same width in text and the same width in the raw bytes.
type run struct {
	text, raw         int // where the run begins
	textStep, rawStep int // bytes of one code point
}

// line is one line of the text without its end, text[from:to]. There may be as many of them as there are bytes.
type line struct{ from, to int32 } // below 3*MaxSize

func (l line) start() int { return int(l.from) }
func (l line) end() int   { return int(l.to) }

const runeBlock = 256

// addRune appends the mapping of one code point; runs of equal shape share an entry.
func (s *source) addRune(text, raw, textStep, rawStep int) {
	if n := len(s.runs); n > 0 && s.runs[n-1].textStep == textStep && s.runs[n-1].rawStep == rawStep {
		return
	}
	s.runs = append(s.runs, run{text: text, raw: raw, textStep: textStep, rawStep: rawStep})
}

// rawOffset returns the offset in the raw bytes of the code point that begins at offset at of the text.
func (s *source) rawOffset(at int) int {
	if at >= len(s.text) {
		return s.rawSize
	}
	i := sort.Search(len(s.runs), func(i int) bool { return s.runs[i].text > at }) - 1
	if i < 0 {
		return 0
	}
	r := s.runs[i]
	return r.raw + (at-r.text)/r.textStep*r.rawStep
}

// index finds the lines and counts the code points, once the text is complete.
func (s *source) index() {
	s.findLines()
	count := 0
	s.runes = make([]int32, 0, len(s.text)/runeBlock+1)
	for i := 0; i < len(s.text); i++ {
		if i%runeBlock == 0 {
			s.runes = append(s.runes, int32(count))
		}
		if utf8.RuneStart(s.text[i]) {
			count++
		}
	}
}

// findLines cuts the text into lines.
func (l *layout) findLines() {
	ends := strings.Count(l.text, "\n")
	if lone := strings.Count(l.text, "\r"); lone > 0 {
		ends += lone - strings.Count(l.text, "\r\n")
	}
	l.lines = make([]line, 0, ends+1)
	start := 0
	for i := 0; i < len(l.text); i++ {
		switch l.text[i] {
		case '\r':
			l.lines = append(l.lines, line{int32(start), int32(i)})
			if i+1 < len(l.text) && l.text[i+1] == '\n' {
				i++
			}
			start = i + 1
		case '\n':
			l.lines = append(l.lines, line{int32(start), int32(i)})
			start = i + 1
		}
	}
	l.lines = append(l.lines, line{int32(start), int32(len(l.text))})
}

// runesBefore counts the code points that begin before offset at.
func (s *source) runesBefore(at int) int {
	block := at / runeBlock
	if block >= len(s.runes) {
		block = len(s.runes) - 1
	}
	if block < 0 {
		return 0
	}
	n := int(s.runes[block])
	for i := block * runeBlock; i < at; i++ {
		if utf8.RuneStart(s.text[i]) {
			n++
		}
	}
	return n
}

// lineAt returns the index of the line that holds offset at.
func (l *layout) lineAt(at int) int {
	return max(0, sort.Search(len(l.lines), func(i int) bool { return l.lines[i].start() > at })-1)
}

// position describes text[start:end] in terms of the raw bytes.
func (s *source) position(start, end int) Position {
	l := s.lineAt(start)
	offset := s.rawOffset(start)
	at := Position{
		Line:   l + 1,
		Column: s.runesBefore(start) - s.runesBefore(s.lines[l].start()) + 1,
		Offset: offset,
		Length: s.rawOffset(end) - offset,
	}
	if p, ok := s.partAt(start); ok {
		at.Line -= p.line
		at.Place = bundledAs + p.name
	}
	return at
}

func (s *source) written(start, end int) (string, bool) { return s.text[start:end], true }

// lineText returns the text of line i.
func (l *layout) lineText(i int) string { return l.text[l.lines[i].start():l.lines[i].end()] }

// blank tells whether line i holds nothing but white space.
func (l *layout) blank(i int) bool { return strings.TrimFunc(l.lineText(i), invisible) == "" }

// invisible tells white space and the zero-width characters that word processors leave behind.
func invisible(r rune) bool { return unicode.IsSpace(r) || zeroWidth(r) }

// zeroWidth tells the characters that are pasted into addresses without being seen.
func zeroWidth(r rune) bool {
	switch r {
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u2060', '\ufeff':
		return true
	}
	return false
}

// collapse trims text and turns every stretch of white space into one space.
func collapse(text string) string {
	return strings.Join(strings.FieldsFunc(text, unicode.IsSpace), " ")
}

// bytes is the text as bytes; raw is what it was decoded from, which serves if it is the same.
func (s *source) bytes(raw []byte) []byte {
	if len(s.runs) == 1 && s.runs[0].textStep == 1 && s.runs[0].rawStep == 1 && s.encoding == "utf-8" {
		return raw[s.runs[0].raw:]
	}
	return []byte(s.text)
}
