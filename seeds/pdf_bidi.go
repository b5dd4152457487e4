package seeds

import (
	"slices"
	"strings"
	"unicode"
)

// A PDF has the glyphs of a line where they stand, from left to right. Of Persian, Arabic or Hebrew that is the wrong
// order: what is read first stands last, but for words in Latin letters and numbers, which stand as they are read.

// rightToLeft tells whether a line is read from right to left: most of its letters are of such a script, or some of them
// are and the lines around it are read so.
func rightToLeft(text string, around bool) bool {
	return around && strings.IndexFunc(text, fromRight) >= 0 || letterBalance(text) > 0
}

// letterBalance is how many more letters of a text are of scripts that are written from right to left than of others. Those
// of an address do not count.
func letterBalance(text string) int {
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= 0x590 }) {
		return -len(text)
	}
	balance := 0
	for word := range strings.FieldsSeq(text) {
		if strings.Contains(word, "://") {
			continue
		}
		for _, r := range word {
			switch {
			case fromRight(r):
				balance++
			case unicode.IsLetter(r):
				balance--
			}
		}
	}
	return balance
}

// fromRight tells the letters of scripts that are written from right to left, and their vowel signs.
func fromRight(r rune) bool {
	return r >= 0x590 && unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko) && digit(r) < 0
}

// pdfChar is a character of a run.
type pdfChar struct {
	r   rune
	run int
}

// asRead puts the runs of a line that is read from right to left into the order in which they are read. Runs of which
// parts are read in different directions are divided.
func asRead(runs []pdfRun) []pdfRun {
	var seen []pdfChar
	for i, run := range runs {
		for _, r := range run.text {
			seen = append(seen, pdfChar{r, i})
		}
	}
	slices.Reverse(seen)
	turned := make([]bool, len(seen)) // back again
	for i := 0; i < len(seen); {
		end := forward(seen, i)
		if end == i {
			i++
			continue
		}
		slices.Reverse(seen[i:end])
		for k := i; k < end; k++ {
			turned[k] = true
		}
		i = end
	}
	marksBehind(seen)
	mirror(seen, turned)
	var all []pdfRun
	for i := 0; i < len(seen); {
		end := i
		var b strings.Builder
		for end < len(seen) && seen[end].run == seen[i].run {
			b.WriteRune(seen[end].r)
			end++
		}
		run := runs[seen[i].run]
		run.text = b.String()
		all = append(all, run)
		i = end
	}
	return all
}

// forward returns the end of what begins at i and is read from left to right: words in Latin letters and numbers, with
// what stands within them.
func forward(seen []pdfChar, i int) int {
	strong := func(r rune) bool {
		return !fromRight(r) && (unicode.IsLetter(r) || digit(r) >= 0 || raised(string(r)) > 0)
	}
	if !strong(seen[i].r) {
		return i
	}
	end := i + 1
	for k := i + 1; k < len(seen) && !fromRight(seen[k].r); k++ {
		if !strong(seen[k].r) {
			continue
		}
		between := seen[end:k]
		words := unicode.IsLetter(seen[end-1].r) || unicode.IsLetter(seen[k].r)
		blank := slices.ContainsFunc(between, func(p pdfChar) bool { return unicode.IsSpace(p.r) })
		if !words && (blank || len(between) > 1) || blank && len(between) > 3 {
			break // two numbers
		}
		end = k + 1
	}
	return end
}

// marksBehind puts vowel signs behind their letters again.
func marksBehind(seen []pdfChar) {
	for i := 0; i < len(seen); i++ {
		end := i
		for end < len(seen) && unicode.Is(unicode.Mn, seen[end].r) {
			end++
		}
		if end > i && end < len(seen) {
			letter := seen[end]
			copy(seen[i+1:end+1], seen[i:end])
			seen[i] = letter
		}
		i = max(i, end)
	}
}

// mirror turns the brackets around that are read from right to left, if they then fit together better: some programs
// say which bracket is shown, others which one is meant.
func mirror(seen []pdfChar, forward []bool) {
	wrong := 0
	for i, p := range seen {
		if forward[i] {
			continue
		}
		switch p.r {
		case '(', '[', '{', '«', '‹':
			wrong-- // opens
			if i == len(seen)-1 || unicode.IsSpace(seen[i+1].r) {
				wrong += 2
			}
		case ')', ']', '}', '»', '›':
			wrong--
			if i == 0 || unicode.IsSpace(seen[i-1].r) {
				wrong += 2
			}
			if i > 0 && i+1 < len(seen) && !unicode.IsSpace(seen[i+1].r) && !unicode.IsPunct(seen[i+1].r) {
				wrong += 2
			}
		}
	}
	if wrong <= 0 {
		return
	}
	for i := range seen {
		if !forward[i] {
			seen[i].r = mirrored(seen[i].r)
		}
	}
}

func mirrored(r rune) rune {
	const pairs = "()[]{}«»‹›<>"
	all := []rune(pairs)
	if i := slices.Index(all, r); i >= 0 {
		return all[i^1]
	}
	return r
}
