package seeds

import (
	"strconv"
	"strings"
)

// numberFormat writes the number of a note or of an item in the way that a word processor calls by this name, those of
// Office Open XML; a number that cannot be written so, and any other name, gives digits.
func numberFormat(n int, name string) string {
	const (
		alphabet = "abcdefghijklmnopqrstuvwxyz"
		turns    = 10 // "aaaaaaaaaa" is the last of its kind
	)
	switch name {
	case "lowerRoman", "upperRoman":
		if n < 1 || n > 3999 {
			break
		}
		if name == "upperRoman" {
			return strings.ToUpper(roman(n))
		}
		return roman(n)
	case "lowerLetter", "upperLetter":
		if n < 1 || n > len(alphabet)*turns {
			break
		}
		letters := strings.Repeat(alphabet[(n-1)%len(alphabet):(n-1)%len(alphabet)+1], (n-1)/len(alphabet)+1)
		if name == "upperLetter" {
			return strings.ToUpper(letters)
		}
		return letters
	case "chicago":
		signs := [...]string{"*", "†", "‡", "§"}
		if n < 1 || n > len(signs)*turns {
			break
		}
		return strings.Repeat(signs[(n-1)%len(signs)], (n-1)/len(signs)+1)
	case "decimalZero":
		if n >= 0 && n < 10 {
			return "0" + strconv.Itoa(n)
		}
	}
	return strconv.Itoa(n)
}

func roman(n int) string {
	var b strings.Builder
	for _, r := range [...]struct {
		value  int
		letter string
	}{
		{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"},
	} {
		for ; n >= r.value; n -= r.value {
			b.WriteString(r.letter)
		}
	}
	return b.String()
}

// noteNumbering says how the notes of a kind are numbered; what is empty is not said.
type noteNumbering struct {
	format, restart string
	start           int
}

// or fills what is not said from another one.
func (n noteNumbering) or(other noteNumbering) noteNumbering {
	if n.format == "" {
		n.format = other.format
	}
	if n.restart == "" {
		n.restart = other.restart
	}
	if n.start == 0 {
		n.start = other.start
	}
	return n
}

// raisedLabel writes a label that stands raised with superscript digits, so that it is read as a mark in plain text is.
func raisedLabel(text string) string {
	if strings.Trim(text, "0123456789,–-") != "" {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		b.WriteString(superscript(r))
	}
	return b.String()
}
