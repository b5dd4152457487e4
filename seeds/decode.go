package seeds

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"

	"github.com/wlynxg/chardet"
	"golang.org/x/text/encoding/charmap"
)

// decode turns the raw bytes of a plain-text report into text and the map back. A byte order mark decides, then charset, the
// encoding that was declared for them, if there is one; without them the order is UTF-16 by its NULs, UTF-8 by its validity, and
// a single-byte charset by letter statistics.
func decode(raw []byte, charset string) (*source, error) {
	if s, err := decodeDeclared(raw, charset); s != nil || err != nil {
		return s, err
	}
	s := &source{rawSize: len(raw)}
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(raw, []byte("\x00\x00\xfe\xff")):
		return nil, errors.New("UTF-32 text is not read: save the report as UTF-8")
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		s.decodeUTF8(raw, 3)
	case bytes.HasPrefix(raw, []byte("\xff\xfe")):
		s.decodeUTF16(raw, 2, binary.LittleEndian)
	case bytes.HasPrefix(raw, []byte("\xfe\xff")):
		s.decodeUTF16(raw, 2, binary.BigEndian)
	default:
		even, odd := countNULs(raw)
		switch nuls := even + odd; {
		case nuls > 0 && odd > 8*even && odd*20 >= len(raw):
			s.decodeUTF16(raw, 0, binary.LittleEndian)
		case nuls > 0 && even > 8*odd && even*20 >= len(raw):
			s.decodeUTF16(raw, 0, binary.BigEndian)
		case nuls*10 > len(raw), countControls(raw)*20 > len(raw):
			return nil, errors.New("this is no text: save the report as plain text in UTF-8")
		case mostlyUTF8(raw):
			s.decodeUTF8(raw, 0)
		default:
			name, charset := detect(raw)
			s.decodeBytes(raw, name, charset)
		}
	}
	s.index()
	return s, nil
}

// countNULs counts zero bytes at even and at odd offsets: ASCII written as UTF-16 has them on one side only.
func countNULs(raw []byte) (even, odd int) {
	for i, b := range raw {
		if b == 0 {
			if i%2 == 0 {
				even++
			} else {
				odd++
			}
		}
	}
	return even, odd
}

// countControls counts the control characters that no text is written with: what is compressed or compiled holds one in
// ten, text none or a few.
func countControls(raw []byte) int {
	n := 0
	for _, b := range raw {
		if (b < '\b' || b > '\r' && b < ' ' || b == 0x7f) && b != 0x1b {
			n++
		}
	}
	return n
}

// mostlyUTF8 forgives a few broken bytes, such as a character cut in half, in text that is UTF-8 otherwise.
func mostlyUTF8(raw []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(raw); {
		if raw[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	return bad == 0 || good > 4*bad
}

// decodeUTF8 copies raw from offset from on; a byte that is no UTF-8 becomes U+FFFD.
func (s *source) decodeUTF8(raw []byte, from int) {
	s.encoding = "utf-8"
	if utf8.Valid(raw[from:]) {
		s.text = shared(raw[from:])
		s.runs = []run{{text: 0, raw: from, textStep: 1, rawStep: 1}}
		return
	}
	var b strings.Builder
	for i := from; i < len(raw); {
		r, n := utf8.DecodeRune(raw[i:])
		at := b.Len()
		size, _ := b.WriteRune(r)
		if size == n {
			s.addRune(at, i, 1, 1)
		} else {
			s.addRune(at, i, size, n)
		}
		i += n
	}
	s.text = b.String()
}

// shared is raw as a string that takes no memory of its own. Nobody changes either of them, see [Read].
func shared(raw []byte) string {
	return unsafe.String(unsafe.SliceData(raw), len(raw)) //nolint:gosec // a copy would be the largest part of what reading takes
}

// decodeUTF16 decodes code units from offset from on; a lone surrogate or half a unit at the end becomes U+FFFD.
func (s *source) decodeUTF16(raw []byte, from int, order binary.ByteOrder) {
	s.encoding = "utf-16le"
	if order == binary.BigEndian {
		s.encoding = "utf-16be"
	}
	var b strings.Builder
	for i := from; i < len(raw); {
		r, n := utf8.RuneError, len(raw)-i
		if n >= 2 {
			r, n = rune(order.Uint16(raw[i:])), 2
			if utf16.IsSurrogate(r) {
				pair := utf8.RuneError
				if i+4 <= len(raw) {
					pair = utf16.DecodeRune(r, rune(order.Uint16(raw[i+2:])))
				}
				if pair != utf8.RuneError {
					n = 4
				}
				r = pair
			}
		}
		at := b.Len()
		size, _ := b.WriteRune(r)
		s.addRune(at, i, size, n)
		i += n
	}
	s.text = b.String()
}

// decodeBytes decodes a single-byte charset.
func (s *source) decodeBytes(raw []byte, name string, cm *charmap.Charmap) {
	s.encoding = name
	var b strings.Builder
	for i, c := range raw {
		at := b.Len()
		size, _ := b.WriteRune(cm.DecodeByte(c))
		s.addRune(at, i, size, 1)
	}
	s.text = b.String()
}

// detectSample is how many bytes from the first letters outside ASCII on are shown to the detector: more costs time
// and does not change its mind.
const detectSample = 64 << 10

// detect guesses the single-byte charset and its name in the WHATWG Encoding standard. Multi-byte charsets without a
// byte order mark are taken for Windows-1252: their addresses are ASCII and come out right, their prose does not.
func detect(raw []byte) (string, *charmap.Charmap) {
	first := max(0, bytes.IndexFunc(raw, func(r rune) bool { return r >= utf8.RuneSelf })-64)
	sample := raw[first:min(len(raw), first+detectSample)]
	guess := strings.ToLower(chardet.Detect(sample).Charset)
	switch guess {
	case "windows-1251", "maccyrillic":
		// Mac Cyrillic has died out; what is taken for it shares its small letters with Windows-1251.
		return "windows-1251", charmap.Windows1251
	case "koi8-r":
		return guess, charmap.KOI8R
	case "ibm866":
		return guess, charmap.CodePage866
	case "iso-8859-5":
		return guess, charmap.ISO8859_5
	case "windows-1250", "iso-8859-2":
		return "windows-1250", charmap.Windows1250
	case "windows-1253", "iso-8859-7":
		return "windows-1253", charmap.Windows1253
	case "windows-1254", "iso-8859-9":
		return "windows-1254", charmap.Windows1254
	case "windows-1255", "iso-8859-8":
		return "windows-1255", charmap.Windows1255
	case "windows-1256":
		return guess, charmap.Windows1256
	}
	return "windows-1252", charmap.Windows1252
}
