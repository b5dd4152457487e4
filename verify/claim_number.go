package verify

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// figure is a number in a text.
type figure struct {
	Span
	values []string // what it may mean, most likely first: 1,200 is 1200, or 1.2 with a decimal comma
	small  bool     // a word for one, or an ordinal word: too common to be asked for
	either bool     // each of the values is as likely
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
	end := f.End
	if v, size := fraction(text[f.End:]); size > 0 { // 12½
		values[0] += v
		f.End, end = f.End+size, f.End+size
	} else if more := andHalf(text, line, taken, n); more > 0 { // 3 and a half
		values[0] += 0.5
		n += more
		f.End, end = line[n-1].End, line[n-1].End
	}
	if n < len(line) && line[n].word != "" && !taken[n] && (joined(text, lexeme{Span: Span{f.Start, end}}, line[n]) || shortScale(text, []lexeme{line[n-1], line[n]})) {
		glued := line[n].Start == end
		if s := scaleOf(line[n].word, glued); s > 0 {
			metres := glued && line[n].word == "m" && !priced(text[:f.Start])
			for j, v := range values {
				values[j] = v * s
				if metres { // or millions
					values, f.either = append(values, v), true
				}
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

// indianGroups reads 1,00,000 and 2,50,00,000: thousands, then hundreds of thousands and so on.
func indianGroups(groups []string, separators string) (float64, bool) {
	if len(groups) < 3 || len(groups[0]) > 2 || groups[0][0] == '0' || strings.Trim(separators, ",") != "" || len(groups[len(groups)-1]) != 3 {
		return 0, false
	}
	for _, g := range groups[1 : len(groups)-1] {
		if len(g) != 2 {
			return 0, false
		}
	}
	return number10(strings.Join(groups, "")), true
}

// fraction reads a character such as ½, and how long it is.
func fraction(text string) (v float64, size int) {
	r, n := utf8.DecodeRuneInString(text)
	switch r {
	case '½':
		return 0.5, n
	case '¼':
		return 0.25, n
	case '¾':
		return 0.75, n
	case '⅓':
		return 1.0 / 3, n
	case '⅔':
		return 2.0 / 3, n
	}
	return 0, 0
}

// andHalf tells how many lexemes "and a half" behind line[n-1] has, 0 when it does not stand there.
func andHalf(text string, line []lexeme, taken []bool, n int) int {
	for i, word := range [...]string{"and", "a", "half"} {
		if n+i >= len(line) || taken[n+i] || line[n+i].word != word || !joined(text, line[n+i-1], line[n+i]) {
			return 0
		}
	}
	return 3
}

// priced reports a text that ends with the sign of a currency.
func priced(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(before, " \u00a0"))
	return unicode.Is(unicode.Sc, r)
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
	if v, ok := indianGroups(groups, separators); ok {
		return []float64{v}, len(groups)
	}
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
		if n > 0 && i == n && current < 100 {
			if more := andHalf(text, line, taken, n); more > 0 { // one and a half million
				current, last, n = current+0.5, 0.5, n+more
				i = n - 1
				continue
			}
		}
		if n == 0 && w == "half" && len(line) > 2 && line[1].word == "a" && scaleWords[line[2].word] > 0 && joined(text, line[0], line[1]) {
			current, last, n = 0.5, 0.5, 2 // half a million
			i = n - 1
			continue
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
			if current == 0 {
				current = 1
			}
			if scale <= 100 {
				current *= scale
			} else {
				total, current = total+current*scale, 0
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
