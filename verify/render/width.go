package render

import (
	"strings"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/mattn/go-runewidth"
)

// columns is how many columns s takes on a terminal. Characters of ambiguous
// width count as one, whatever the locale, so that output is reproducible.
func columns(s string) int {
	narrow := runewidth.Condition{StrictEmojiNeutral: true}
	return narrow.StringWidth(s)
}

// clusters splits s into what a reader sees as characters.
func clusters(s string) []string {
	var out []string
	for it := graphemes.FromString(s); it.Next(); {
		out = append(out, it.Value())
	}
	return out
}

// shorten cuts the middle out of s so that it fits width columns: the host at
// the front and the end of the path both tell addresses apart.
func shorten(s string, width int) string {
	if columns(s) <= width {
		return s
	}
	if width < 3 {
		return cutEnd(s, width)
	}
	parts := clusters(s)
	head := width - 1 - (width-1)*2/5
	i, used := 0, 0
	for ; i < len(parts) && used+columns(parts[i]) <= head; i++ {
		used += columns(parts[i])
	}
	tail := width - 1 - used // what wide characters left free at the front
	j, used := len(parts), 0
	for ; j > i && used+columns(parts[j-1]) <= tail; j-- {
		used += columns(parts[j-1])
	}
	return strings.Join(parts[:i], "") + "…" + strings.Join(parts[j:], "")
}

// cutEnd cuts s at the end so that it fits width columns.
func cutEnd(s string, width int) string {
	if columns(s) <= width {
		return s
	}
	if width < 1 {
		return ""
	}
	var b strings.Builder
	used := 0
	for _, c := range clusters(s) {
		if used += columns(c); used > width-1 {
			break
		}
		b.WriteString(c)
	}
	return strings.TrimRight(b.String(), " ") + "…"
}

// pad fills s with spaces up to width columns.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-columns(s)))
}

// wrap breaks s between words into lines of at most width columns, at most
// limit of them; a word that is too long is shortened in its middle.
func wrap(s string, width, limit int) []string {
	var lines []string
	line := ""
	words := strings.Fields(s)
	for i, word := range words {
		word = shorten(word, width)
		switch {
		case line == "":
			line = word
		case columns(line)+1+columns(word) <= width:
			line += " " + word
		case len(lines) == limit-1:
			return append(lines, cutEnd(line+" "+strings.Join(words[i:], " "), width))
		default:
			lines, line = append(lines, line), word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
