package verify

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// figure is a number in a text.
type figure struct {
	Span
	values []string // what it may mean, most likely first: 1,200 is 1200, or 1.2 with a decimal comma
	small  bool     // a word for one, or an ordinal word: too common to be asked for
}

// readFigures reads the numbers of a line, but for the lexemes that are taken, as
// parts of a date: in figures of any script, with separators of thousands and
// decimals, as words, and with words for thousands, millions and so on behind
// them. Percent signs and units are no part of a number.
func readFigures(text string, line []lexeme, taken []bool) []figure {
	var all []figure
	for i := 0; i < len(line); {
		if taken[i] {
			i++
			continue
		}
		var f figure
		n := 0
		if line[i].digits != "" {
			f, n = readDigits(text, line[i:], taken[i:])
		} else {
			f, n = readNumberWords(text, line[i:], taken[i:])
		}
		if n > 0 {
			all = append(all, f)
		}
		i += max(n, 1)
	}
	return all
}

// readDigits reads a number in figures and what multiplies it; n is how many
// lexemes it has.
func readDigits(text string, line []lexeme, taken []bool) (f figure, n int) {
	groups := []string{line[0].digits}
	separators := ""
	for n = 1; n < len(line) && n < 8 && line[n].digits != "" && !taken[n]; n++ {
		gap := between(text, line[n-1], line[n])
		r, size := utf8.DecodeRuneInString(gap)
		separator, ok := numberSeparator(r)
		if !ok || size != len(gap) || separator == '-' || separator == '/' || separator == ' ' && len(line[n].digits) != 3 {
			break
		}
		groups, separators = append(groups, line[n].digits), separators+string(separator)
	}
	values, used := groupValues(groups, separators)
	n = used
	f.Span = Span{line[0].Start, line[n-1].End}
	if n < len(line) && line[n].word != "" && !taken[n] && (joined(text, line[n-1], line[n]) || shortScale(text, line[n-1:n+1])) {
		glued := line[n].Start == line[n-1].End
		if s := scaleOf(line[n].word, glued); s > 0 {
			for j := range values {
				values[j] *= s
			}
			f.End = line[n].End
			n++
		}
	}
	for _, v := range values {
		f.values = append(f.values, numberKey(v))
	}
	return f, n
}

// shortScale allows the full stop of "тыс." to be left out between figures and
// scale: there is nothing but white space between them.
func shortScale(text string, pair []lexeme) bool {
	return strings.TrimSpace(between(text, pair[0], pair[1])) == "" && pair[1].Start-pair[0].End <= 4
}

// groupValues reads groups of figures with separators between them; used is how
// many of the groups the number has.
func groupValues(groups []string, separators string) (values []float64, used int) {
	first := groups[0]
	thousands := func(n int) bool { // the groups up to n are of one number
		if len(first) > 3 || first[0] == '0' {
			return false
		}
		for i := 1; i <= n; i++ {
			if len(groups[i]) != 3 || separators[i-1] != separators[0] {
				return false
			}
		}
		return true
	}
	last := len(separators)
	switch {
	case last == 0:
		return []float64{number10(first)}, 1
	case last == 1 && separators[0] != ' ':
		decimal := number10(first + "." + groups[1])
		if thousands(1) {
			return []float64{number10(first + groups[1]), decimal}, 2
		}
		return []float64{decimal}, 2
	case thousands(last):
		return []float64{number10(strings.Join(groups, ""))}, last + 1
	case separators[last-1] != ' ' && separators[last-1] != separators[0] && thousands(last-1):
		return []float64{number10(strings.Join(groups[:last], "") + "." + groups[last])}, last + 1
	case separators[0] == ' ':
		n := 0
		for n < last && thousands(n+1) {
			n++
		}
		return []float64{number10(strings.Join(groups[:n+1], ""))}, n + 1
	}
	return []float64{number10(first)}, 1 // an address, a version, a section
}

func number10(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return -1
	}
	return v
}

// numberKey is equal for equal numbers. Twelve significant digits are more than
// any claim has, and hide what floating point adds.
func numberKey(v float64) string { return strconv.FormatFloat(v, 'g', 12, 64) }

// scaleOf is what a word behind figures multiplies them by, 0 when it does not.
// Glued to them, one letter is enough.
func scaleOf(word string, glued bool) float64 {
	if glued {
		switch word {
		case "k":
			return 1e3
		case "m", "mn":
			return 1e6
		case "bn":
			return 1e9
		}
	}
	return scaleWords[word]
}

// readNumberWords reads a number that is written as words: "two hundred and
// forty-one", "двести сорок один", "бисту панҷ", "بیست و پنج". n is how many
// lexemes it has.
func readNumberWords(text string, line []lexeme, taken []bool) (f figure, n int) {
	const most = 16
	total, current, last := 0.0, 0.0, 0.0 // last is what was added last
	ordinal := false
	for i := 0; i < min(len(line), most) && !taken[i] && !ordinal; i++ {
		w := line[i].word
		if w == "" || i > 0 && !joined(text, line[i-1], line[i]) {
			break
		}
		if i > 0 && i == n && numberAnd(w) {
			continue // counts only when a number follows that is smaller
		}
		unit, isUnit := unitOf(line[i:])
		if !isUnit && i == n {
			unit, ordinal = ordinalWords[w]
			isUnit = ordinal
		}
		scale := scaleWords[w]
		if isUnit && (n == 0 || unit < magnitude(last)) {
			current, last = current+unit, unit
		} else if scale > 0 && i == n && (n > 0 || soloScale(w)) {
			if scale <= 100 {
				current = max(current, 1) * scale
			} else {
				total, current = total+max(current, 1)*scale, 0
			}
			last = scale
		} else {
			break
		}
		n = i + 1
	}
	if n == 0 {
		return figure{}, 0
	}
	v := total + current
	return figure{Span: Span{line[0].Start, line[n-1].End}, values: []string{numberKey(v)}, small: v < 2 || ordinal && n == 1}, n
}

// unitOf is what a word adds to a number. "A" is one before a word for a scale.
func unitOf(line []lexeme) (v float64, ok bool) {
	w := line[0].word
	if v, ok = unitWords[w]; ok {
		return v, true
	}
	if root, and := strings.CutSuffix(w, "у"); and { // Tajik joins its "and" to the word
		v, ok = unitWords[root]
		return v, ok && v >= 10
	}
	return 1, w == "a" && len(line) > 1 && scaleWords[line[1].word] > 0
}

// magnitude is the largest power of ten that divides a number of words: what is
// added to it is smaller.
func magnitude(v float64) float64 {
	m := 1.0
	for m < 1e9 && int64(v)%int64(m*10) == 0 && v > 0 {
		m *= 10
	}
	return m
}

// numberAnd tells the words for "and" between parts of a number.
func numberAnd(word string) bool {
	switch word {
	case "and", "و", "у", "ва":
		return true
	}
	return false
}

// soloScale tells the words for a scale that are a number without another one
// before them. "Thousands" is none.
func soloScale(word string) bool {
	switch word {
	case "тысяча", "ҳазор", "минг", "мың", "миң", "هزار", "ألف", "زر", "dozen", "дюжина":
		return true
	}
	return false
}
