package crawler

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// pageUnescape decodes the character references of an attribute value. The
// rules there are not those of text, which x/net/html exports: a name counts
// only whole, and without its semicolon not before "=", so that "?a=1&copy=2"
// stays as it is (HTML standard §13.2.5.73).
func pageUnescape(value []byte) string {
	i := bytes.IndexByte(value, '&')
	if i < 0 {
		return string(value)
	}
	var b strings.Builder
	b.Grow(len(value))
	for ; i >= 0; i = bytes.IndexByte(value, '&') {
		b.Write(value[:i])
		value = value[i:]
		n := pageRefLen(value)
		b.WriteString(pageRefText(value[:n], n < len(value) && value[n] == '='))
		value = value[n:]
	}
	b.Write(value)
	return b.String()
}

// pageRefLen is the length of what may be a reference at the "&" that s begins with.
func pageRefLen(s []byte) int {
	i := 1
	if i < len(s) && s[i] == '#' {
		i++
		hex := i < len(s) && s[i]|0x20 == 'x'
		if hex {
			i++
		}
		for i < len(s) && (s[i] >= '0' && s[i] <= '9' || hex && robotsHex(s[i]) >= 0) {
			i++
		}
	} else {
		for i < len(s) && (s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z' || s[i] >= '0' && s[i] <= '9') {
			i++
		}
	}
	if i < len(s) && s[i] == ';' {
		i++
	}
	return i
}

// pageRefText is the text of one reference, or the reference itself when it is none.
func pageRefText(ref []byte, beforeEquals bool) string {
	switch string(ref) {
	case "&amp;":
		return "&"
	case "&quot;":
		return `"`
	case "&", "&;":
		return string(ref)
	}
	const longest = 33 // "&CounterClockwiseContourIntegral;"; numbers may have zeros in front
	if ref[1] != '#' && len(ref) > longest {
		return string(ref)
	}
	text := html.UnescapeString(string(ref))
	if ref[1] == '#' {
		return text
	}
	// A whole name stands for one or two characters. Where only its beginning is
	// a name, UnescapeString decodes that and leaves a rest that makes it longer.
	n := utf8.RuneCountInString(text)
	if ref[len(ref)-1] == ';' && n <= 2 || ref[len(ref)-1] != ';' && n == 1 && !beforeEquals {
		return text
	}
	return string(ref)
}
