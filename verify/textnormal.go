package verify

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// lines builds the normal form of a text, see Doc.
type lines struct {
	b       strings.Builder
	pending int // separator due before the next character
}

// The separators, weakest first: of several in a row the strongest is written.
const (
	nothing = iota
	space
	cell
	line
)

// separate asks for a separator before whatever is written next.
func (l *lines) separate(kind int) { l.pending = max(l.pending, kind) }

// write adds a run of text. With preformatted its line ends stay line ends.
func (l *lines) write(s string, preformatted bool) {
	for _, r := range s {
		switch {
		case r == '\n' && preformatted:
			l.separate(line)
		case unicode.IsSpace(r):
			l.separate(space)
		case !unseen(r):
			if l.b.Len() > 0 && l.pending > nothing {
				l.b.WriteByte(" \t\n"[l.pending-space])
			}
			l.pending = nothing
			l.b.WriteRune(r)
		}
	}
}

// String is what was written, in the normal form.
func (l *lines) String() string { return norm.NFC.String(l.b.String()) }

// unseen tells the characters that no reader sees and that differ between two
// copies of one text: controls, and the format characters but the joiners,
// which shape words of Persian and of the Indic scripts, and those that stand
// before digits in Arabic.
func unseen(r rune) bool {
	switch {
	case r == '\u200c', r == '\u200d', r >= '\u0600' && r <= '\u06dd':
		return false
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

// oneLine is the normal form of a text of one line, at most limit bytes of it.
func oneLine(s string, limit int) string {
	var l lines
	l.write(s, false)
	s = l.String()
	if len(s) > limit {
		for limit > 0 && !utf8.RuneStart(s[limit]) {
			limit--
		}
		s = strings.TrimSpace(s[:limit])
	}
	return s
}

// listMark begins an item of a list, or a heading of Markdown.
var listMark = regexp.MustCompile(`^[ \t]*(?:[-*•–—·+>]|#{1,6}|\(?\d{1,3}[.)])[ \t]`)

// narrow is the number of characters under which nobody wraps lines by hand.
const narrow = 50

// plainText is the normal form of plain text. An empty line ends a block, and
// so does a line that is too short to have been wrapped there or one before an
// item of a list; other line ends are only where an author's editor wrapped.
func plainText(s string) string {
	var l lines
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	for text := range strings.SplitSeq(s, "\n") {
		if listMark.MatchString(text) {
			l.separate(line)
		}
		l.write(text, false)
		l.separate(space)
		if utf8.RuneCountInString(strings.TrimSpace(text)) < narrow {
			l.separate(line)
		}
	}
	return l.String()
}
