package pdf

import (
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

// The encodings of simple fonts (ISO 32000-1, annex D). They are never written to.
var (
	windows   = table(charmap.Windows1252)
	macintosh = table(charmap.Macintosh)
	standard  = standardTable()
)

func table(c *charmap.Charmap) *[256]string {
	var t [256]string
	for i := ' '; i < 256; i++ {
		t[i] = string(c.DecodeByte(byte(i)))
	}
	return &t
}

// standardTable is that of Adobe's StandardEncoding.
func standardTable() *[256]string {
	var t [256]string
	for i := ' '; i < 0x7f; i++ {
		t[i] = string(i)
	}
	t['\''], t['`'] = "’", "‘"
	upper := []rune("¡¢£⁄¥ƒ§¤'“«‹›ﬁﬂ\x00–†‡·\x00¶•‚„”»…‰\x00¿\x00`´ˆ˜¯˘˙¨\x00˚¸\x00˝˛ˇ—")
	for i, r := range upper {
		if code := 0xa1 + i; r != 0 && code < len(t) {
			t[code] = string(r) //nolint:gosec // it is tested
		}
	}
	for code, r := range map[int]rune{0xe1: 'Æ', 0xe3: 'ª', 0xe8: 'Ł', 0xe9: 'Ø', 0xea: 'Œ', 0xeb: 'º', 0xf1: 'æ', 0xf5: 'ı', 0xf8: 'ł', 0xf9: 'ø', 0xfa: 'œ', 0xfb: 'ß'} {
		t[code] = string(r)
	}
	return &t
}

// decodeText decodes a text string: UTF-16 or UTF-8 by its byte order mark, else PDFDocEncoding, which differs from
// Windows-1252 in few characters.
func decodeText(s string) string {
	switch {
	case strings.HasPrefix(s, "\xfe\xff"):
		return string(utf16.Decode(units(s[2:])))
	case strings.HasPrefix(s, "\xff\xfe"):
		swapped := []byte(s[2:])
		for i := 0; i+1 < len(swapped); i += 2 {
			swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
		}
		return string(utf16.Decode(units(string(swapped))))
	case strings.HasPrefix(s, "\xef\xbb\xbf"):
		return strings.ToValidUTF8(s[3:], "\ufffd")
	}
	const special = "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž" // from 0x80 on
	runes := []rune(special)
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 0x80 && int(c)-0x80 < len(runes):
			b.WriteString(clean(string(runes[c-0x80])))
		case c == 0xa0:
			b.WriteRune('€')
		default:
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}

// Widths of the characters from the space to the tilde in the two proportional faces that every viewer has, in
// thousandths of the size; they stand in for widths that a file does not give.
var (
	sansWidths = [...]int16{
		278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556,
		556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
		667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556,
		556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
	}
	serifWidths = [...]int16{
		250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500, 500,
		500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722,
		556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500, 444, 333, 500,
		500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
	}
)

// standardWidth is the width of a character in a font without widths of its own.
func standardWidth(base, text string) float64 {
	if strings.Contains(base, "Courier") || strings.Contains(base, "Mono") {
		return 0.6
	}
	widths := &serifWidths
	if strings.Contains(base, "Helvetica") || strings.Contains(base, "Arial") || strings.Contains(base, "Sans") {
		widths = &sansWidths
	}
	if len(text) == 1 && text[0] >= ' ' && int(text[0])-' ' < len(widths) {
		return float64(widths[text[0]-' ']) / 1000
	}
	return 0.5
}

// texEncoding is the encoding that the fonts of TeX have built in, and StandardEncoding for any other font. Many files
// embed them without saying so.
func texEncoding(base string) *[256]string {
	if _, rest, ok := strings.Cut(base, "+"); ok {
		base = rest
	}
	t := *standard
	switch {
	case strings.HasPrefix(base, "CMSY"):
		for code, text := range map[int]string{0: "−", 1: "·", 2: "×", 3: "∗", 6: "±", 15: "•", 0x78: "§", 0x79: "†", 0x7a: "‡", 0x7b: "¶"} {
			t[code] = text
		}
	case strings.HasPrefix(base, "CMR"), strings.HasPrefix(base, "CMBX"), strings.HasPrefix(base, "CMTI"),
		strings.HasPrefix(base, "CMSL"), strings.HasPrefix(base, "CMSS"), strings.HasPrefix(base, "CMCSC"):
		for i, text := range [...]string{"ff", "fi", "fl", "ffi", "ffl", "ı", "ȷ", "`", "´", "ˇ", "˘", "¯", "˚", "¸", "ß", "æ", "œ", "ø", "Æ", "Œ", "Ø"} {
			t[0x0b+i] = text
		}
		for code, text := range map[int]string{0x22: "”", 0x3c: "¡", 0x3e: "¿", 0x5c: "“", 0x5e: "ˆ", 0x5f: "˙", 0x7b: "–", 0x7c: "—", 0x7d: "˝", 0x7e: "˜", 0x7f: "¨"} {
			t[code] = text
		}
	default:
		return standard
	}
	return &t
}
