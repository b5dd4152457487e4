package render

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes one line of harmless text out of hostile text, of at most limit
// bytes: terminal escape sequences, control characters, bidirectional and
// invisible formatting are dropped, white space and line ends become single
// spaces, piles of combining marks are cut, broken UTF-8 becomes U+FFFD.
// U+200C and U+200D stay, since Persian and emoji are written with them.
func clean(s string, limit int) string {
	var b strings.Builder
	space, marks := false, 0
	for i := 0; i < len(s) && b.Len() < limit; {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == '\x1b' {
			i += escapeLength(s[i:])
			continue
		}
		if r == '\u009b' || r == '\u009d' { // CSI and OSC in one character
			i += n + sequenceLength(r == '\u009d', s[i+n:])
			continue
		}
		i += n
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case dropped(r):
			continue
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r):
			const pile = 3 // Vietnamese and vocalised Hebrew need as many
			if marks++; marks > pile {
				continue
			}
		default:
			marks = 0
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		if b.Len()+utf8.RuneLen(r) > limit {
			break
		}
		b.WriteRune(r)
	}
	return strings.TrimRight(b.String(), " ")
}

// dropped reports characters that format instead of showing, and those that
// XML 1.0 does not know.
func dropped(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0: // C0, DEL, C1
		return true
	case r == 0x00ad, r == 0x034f, r == 0x061c, r == 0x180e: // soft hyphen, joiners, marks of direction
		return true
	case r == 0x200b, r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f:
		return true
	case r == 0xfeff, r >= 0xfff9 && r <= 0xfffb:
		return true
	case r >= 0xe0000 && r <= 0xe0fff: // tags and variation selectors beyond emoji
		return true
	case r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef: // no characters
		return true
	}
	return false
}

// escapeLength returns the length of the escape sequence that s starts with
// (ECMA-48 §5.4, §5.6): one whose end is missing is its introducer alone, so
// that it cannot hide the text behind it.
func escapeLength(s string) int {
	if len(s) < 2 {
		return len(s)
	}
	switch s[1] {
	case '[':
		return 2 + sequenceLength(false, s[2:])
	case ']', 'P', 'X', '^', '_': // OSC, DCS, SOS, PM, APC
		return 2 + sequenceLength(true, s[2:])
	}
	i := 1
	for i < len(s) && s[i] >= 0x20 && s[i] <= 0x2f {
		i++
	}
	if i < len(s) && s[i] >= 0x30 && s[i] <= 0x7e {
		i++
	}
	return i
}

// sequenceLength returns how much of s belongs to a sequence whose introducer
// was read: a string up to BEL or ST, or parameters up to a final byte.
func sequenceLength(text bool, s string) int {
	const limit = 4096
	for i := 0; i < len(s) && i < limit; i++ {
		switch c := s[i]; {
		case text && c == '\a':
			return i + 1
		case text && strings.HasPrefix(s[i:], "\x1b\\"), text && strings.HasPrefix(s[i:], "\u009c"):
			return i + 2
		case !text && c >= 0x40 && c <= 0x7e:
			return i + 1
		case !text && (c < 0x20 || c > 0x7e):
			return 0
		}
	}
	return 0
}

// defang makes every address in s unclickable, and host wherever it stands.
func defang(s, host string) string {
	if strings.Contains(host, ".") {
		s = strings.ReplaceAll(s, host, strings.ReplaceAll(host, ".", "[.]"))
	}
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(s, "://")
		if !ok {
			b.WriteString(s)
			return b.String()
		}
		if stem, secure := strings.CutSuffix(before, "https"); secure {
			before = stem + "hxxps"
		} else if stem, plain := strings.CutSuffix(before, "http"); plain {
			before = stem + "hxxp"
		}
		b.WriteString(before + "://")
		end := strings.IndexAny(after, "/?#:, ")
		if end < 0 {
			end = len(after)
		}
		authority := strings.ReplaceAll(after[:end], "[.]", ".")
		b.WriteString(strings.ReplaceAll(authority, ".", "[.]"))
		s = after[end:]
	}
}

// shown returns the address of c as a person may see it: as its author wrote
// it when the author had made it unclickable, as meant otherwise.
func (c *CitationResult) shown() string {
	if c.Defanged || c.URL == "" {
		return clean(c.Raw, longLine)
	}
	return clean(c.URL, longLine)
}

// said cleans what was said about c, and defangs it when c is.
func (c *CitationResult) said(s string) string {
	s = clean(s, longLine)
	if !c.Defanged {
		return s
	}
	host := ""
	if u, err := url.Parse(c.URL); err == nil {
		host = u.Hostname()
	}
	return defang(s, host)
}

// longLine bounds one line of hostile text, in bytes.
const longLine = 2000
