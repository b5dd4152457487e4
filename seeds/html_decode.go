package seeds

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/transform"
)

// htmlPrescan is how far into a page its declared encoding is looked for (HTML standard, 13.2.3.2).
const htmlPrescan = 1024

// decodeHTML decodes a page (HTML standard, 13.2.3.1): a byte order mark decides, then what was declared for it, then what its
// first bytes declare, and then, as for any text, its bytes.
func decodeHTML(raw []byte, charset string) (*source, error) {
	if s, err := decodeDeclared(raw, charset); s != nil || err != nil {
		return s, err
	}
	if nulls(raw) {
		return decode(raw, "")
	}
	return decode(raw, declaredEncoding(raw[:min(len(raw), htmlPrescan)]))
}

// decodeDeclared decodes a text whose encoding is declared. It returns nil if a byte order mark overrules that, if the label
// is of no encoding, or if its bytes would have to be guessed even so: a declaration of UTF-8 that is not true counts for
// nothing, nor does one of UTF-16, which whoever can read it does not need.
func decodeDeclared(raw []byte, label string) (*source, error) {
	e, err := htmlindex.Get(label)
	if err != nil || marked(raw) || nulls(raw) {
		return nil, nil //nolint:nilerr // a label that nobody knows says nothing
	}
	name, err := htmlindex.Name(e)
	switch {
	case err == nil && name == "utf-8" && mostlyUTF8(raw):
		return decode(raw, "")
	case err != nil, name == "utf-8", name == "replacement", strings.HasPrefix(name, "utf-16"):
		return nil, nil //nolint:nilerr // nor does one without a name
	}
	s := &source{rawSize: len(raw)}
	if single, ok := e.(*charmap.Charmap); ok {
		s.decodeBytes(raw, name, single)
	} else if err := s.decodeWith(raw, name, e); err != nil {
		return nil, err
	}
	s.index()
	return s, nil
}

// marked tells a byte order mark.
func marked(raw []byte) bool {
	return bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")) || bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff"))
}

// nulls tells UTF-16, and what is no text.
func nulls(raw []byte) bool {
	even, odd := countNULs(raw)
	return (even+odd)*10 > len(raw)
}

// declaredEncoding is the label that an XML declaration or a <meta> gives; empty if there is none.
func declaredEncoding(head []byte) string {
	if declaration, _, ok := bytes.Cut(head, []byte("?>")); ok && bytes.HasPrefix(head, []byte("<?xml")) {
		_, rest, _ := bytes.Cut(declaration, []byte("encoding="))
		if len(rest) > 0 && (rest[0] == '"' || rest[0] == '\'') {
			label, _, _ := bytes.Cut(rest[1:], rest[:1])
			return string(label)
		}
	}
	s := &source{}
	s.decodeBytes(head, "", charmap.Windows1252)
	t := parseHTML(s)
	for i := range t.nodes {
		at := int32(i)
		if t.nodes[i].tag != atom.Meta {
			continue
		}
		if label := t.attr(at, "charset"); label != "" {
			return label
		}
		if !strings.EqualFold(t.attr(at, "http-equiv"), "content-type") {
			continue
		}
		if _, label, ok := strings.Cut(strings.ToLower(t.attr(at, "content")), "charset="); ok {
			label, _, _ = strings.Cut(label, ";")
			return strings.Trim(label, " \"'")
		}
	}
	return ""
}

// decodeWith decodes any encoding code point by code point.
func (s *source) decodeWith(raw []byte, name string, e encoding.Encoding) error {
	s.encoding = name
	d := e.NewDecoder()
	var b strings.Builder
	var dst [utf8.UTFMax]byte
	for i := 0; i < len(raw); {
		wrote, read, err := 0, 0, transform.ErrShortDst
		for room := 1; wrote+read == 0 && errors.Is(err, transform.ErrShortDst) && room <= len(dst); room++ {
			wrote, read, err = d.Transform(dst[:room], raw[i:], true) // no room for two code points
		}
		if wrote+read == 0 {
			return fmt.Errorf("byte %d is no %s: save the report as UTF-8", i+1, name)
		}
		if wrote > 0 {
			text := bytes.ToValidUTF8(dst[:wrote], []byte("\ufffd"))
			s.addRune(b.Len(), i, len(text), read)
			b.Write(text)
		}
		i += read
	}
	s.text = b.String()
	return nil
}
