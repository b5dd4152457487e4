package seeds

import (
	"strings"
	"unicode"
)

// byline returns the authors that a plain text names in a line of its own below its title: "By Jane Doe and John Roe",
// "Von Jane Doe". Anything that may be a sentence is none.
func (d *document) byline(title string) []string {
	const lines, longest, most = 3, 160, 12 // lines below the title with something in them, bytes, authors
	below := -1
	for i := 0; i < len(d.lines) && below < lines; i++ {
		if d.lines[i].end()-d.lines[i].start() > 4*longest {
			return nil
		}
		text := collapse(strings.TrimFunc(d.lineText(i), invisible))
		switch {
		case text == "":
			continue
		case below < 0:
			if strings.TrimLeft(text, "#* ") != title {
				return nil
			}
		case len(text) <= longest:
			for _, by := range [...]string{"by ", "by: ", "author: ", "authors: ", "von ", "autor: ", "autorin: ", "par ", "por ", "автор: ", "авторы: "} { //nolint:misspell // German and French
				n, ok := foldPrefix(text, by)
				if !ok {
					continue
				}
				if names := people(text[n:]); len(names) > 0 && len(names) <= most {
					return names
				}
			}
		}
		below++
	}
	return nil
}

// people cuts a list of names, which are two to five words each that begin with a capital, or small words such as "van".
// There are none if anything else is among them.
func people(list string) []string {
	for _, and := range [...]string{" and ", " und ", " et ", " y ", " и ", " & ", "; "} {
		list = strings.ReplaceAll(list, and, ", ")
	}
	var names []string
	for name := range strings.SplitSeq(list, ",") {
		words := strings.Fields(name)
		if len(words) == 0 {
			continue
		}
		capitals := 0
		for _, w := range words {
			first := []rune(w)[0]
			switch {
			case strings.IndexFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !strings.ContainsRune(".-'’", r) }) >= 0:
				return nil
			case unicode.IsUpper(first):
				capitals++
			case !particle(w):
				return nil
			}
		}
		if len(words) < 2 || len(words) > 5 || capitals == 0 {
			return nil
		}
		names = append(names, strings.Join(words, " "))
	}
	return names
}

// particle tells the small words within names.
func particle(word string) bool {
	switch word {
	case "van", "von", "der", "den", "de", "del", "della", "di", "da", "du", "la", "le", "el", "al", "bin", "ibn", "zu", "zur", "ter", "ten", "dos", "das":
		return true
	}
	return false
}
