package render

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonStream writes a JSON document piece by piece, indented by two spaces as
// encoding/json would write it whole. Depth is how often the value that is
// written is indented. The first error stays.
type jsonStream struct {
	out   *bufio.Writer // keeps the first error of writing
	buf   bytes.Buffer
	begun bool // the object or list that is open has an element
	err   error
}

// value writes v. HTML is not escaped, so that addresses stay readable; every
// character that a terminal acts on is, which leaves the values as they are.
func (s *jsonStream) value(depth int, v any) {
	s.buf.Reset()
	enc := json.NewEncoder(&s.buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent(indent(depth), indent(1))
	if err := enc.Encode(v); err != nil && s.err == nil {
		s.err = fmt.Errorf("encode JSON: %w", err)
	}
	for text := bytes.TrimSuffix(s.buf.Bytes(), []byte("\n")); len(text) > 0; {
		r, n := utf8.DecodeRune(text)
		switch {
		case r == '\n' || !dropped(r):
			_, _ = s.out.Write(text[:n])
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			_, _ = fmt.Fprintf(s.out, `\u%04x\u%04x`, high, low)
		default:
			_, _ = fmt.Fprintf(s.out, `\u%04x`, r)
		}
		text = text[n:]
	}
}

// object writes an object, whose fields are written by fields.
func (s *jsonStream) object(depth int, fields func()) {
	s.nested(depth, "{", "}", fields)
}

// list writes a list of n elements, each of which is written by element at the
// depth below.
func (s *jsonStream) list(depth, n int, element func(i int)) {
	s.nested(depth, "[", "]", func() {
		for i := range n {
			s.next(depth + 1)
			element(i)
		}
	})
}

func (s *jsonStream) nested(depth int, open, shut string, inside func()) {
	s.text(open)
	s.begun = false
	inside()
	if s.begun {
		s.text("\n" + indent(depth))
	}
	s.text(shut)
	s.begun = true // whatever this stands in
}

// next begins an element of what is open.
func (s *jsonStream) next(depth int) {
	if s.begun {
		s.text(",")
	}
	s.begun = true
	s.text("\n" + indent(depth))
}

// name begins a field, whose value has to follow. Names need no escapes.
func (s *jsonStream) name(depth int, name string) {
	s.next(depth)
	s.text(`"` + name + `": `)
}

func (s *jsonStream) field(depth int, name string, v any) {
	s.name(depth, name)
	s.value(depth, v)
}

func (s *jsonStream) text(t string) { _, _ = s.out.WriteString(t) }

func (s *jsonStream) flush() error {
	if err := s.out.Flush(); err != nil && s.err == nil {
		s.err = fmt.Errorf("write JSON: %w", err)
	}
	return s.err
}

func indent(depth int) string { return strings.Repeat("  ", depth) }
