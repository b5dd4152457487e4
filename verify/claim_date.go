package verify

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// date is a day, a month or a year of the Gregorian calendar; what is not said is
// 0.
type date struct{ year, month, day int }

// dated is a date in a text.
type dated struct {
	Span
	dates []date // what it may mean: 3/4/2022 is of March or of April
}

// readDates reads the dates of a line and marks the lexemes that they take.
//
// It knows 2022-05-07, 07.05.2022, 5/7/2022, "May 7, 2022", "7th of May",
// "5–7 May", "7 мая 2022 г.", "2022 йил 7 май", "May 2022", years, and days of the
// Solar Hijri calendar with their year, which are turned into Gregorian ones.
func readDates(text string, line []lexeme, taken []bool) []dated {
	d := dateReader{text: text, line: line, taken: taken}
	for i := range line {
		if !taken[i] && line[i].digits != "" {
			d.figures(i)
		}
	}
	for i := range line {
		if line[i].word != "" {
			d.named(i)
		}
	}
	for i := range line {
		if !taken[i] && line[i].digits != "" {
			d.year(i)
		}
	}
	return d.found
}

type dateReader struct {
	text  string
	line  []lexeme
	taken []bool
	found []dated
}

func (d *dateReader) add(first, last int, dates ...date) {
	for i := first; i <= last; i++ {
		d.taken[i] = true
	}
	d.found = append(d.found, dated{Span{d.line[first].Start, d.line[last].End}, dates})
}

// number is the lexeme i as a number from low to high, 0 when it is none of them.
func (d *dateReader) number(i, low, high int) int {
	if i < 0 || i >= len(d.line) || d.taken[i] || len(d.line[i].digits) > 4 {
		return 0
	}
	n, err := strconv.Atoi(d.line[i].digits)
	if err != nil || n < low || n > high {
		return 0
	}
	return n
}

// figures reads a date in figures that begins at lexeme i.
func (d *dateReader) figures(i int) {
	if i+2 >= len(d.line) || len(d.line[i].digits) > 4 {
		return
	}
	first, second := between(d.text, d.line[i], d.line[i+1]), between(d.text, d.line[i+1], d.line[i+2])
	if i+4 < len(d.line) && d.line[i+1].word == "년" && d.line[i+3].word == "월" {
		if t := (date{d.number(i, 1000, 2099), d.number(i+2, 1, 12), d.number(i+4, 1, 31)}); t.year > 0 && t.month > 0 && t.day > 0 {
			d.add(i, i+4, t)
			return
		}
	}
	if y, m := strings.TrimSpace(first), strings.TrimSpace(second); y == "年" && m == "月" {
		if t := (date{d.number(i, 1000, 2099), d.number(i+1, 1, 12), d.number(i+2, 1, 31)}); t.year > 0 && t.month > 0 && t.day > 0 {
			d.add(i, i+2, t)
		}
		return
	}
	if first != second || first != "-" && first != "." && first != "/" || len(d.line[i+1].digits) > 2 {
		return
	}
	a, m, b := d.number(i, 1, 9999), d.number(i+1, 1, 31), d.number(i+2, 1, 9999)
	year, other := b, a
	if len(d.line[i].digits) == 4 {
		year, other = a, b
	}
	if m == 0 || other == 0 || other > 31 || year < 1000 || min(m, other) > 12 {
		return
	}
	if solarYear(year) {
		if t, ok := fromSolar(year, m, other); ok {
			d.add(i, i+2, t)
		}
		return
	}
	var dates []date
	if m <= 12 {
		dates = append(dates, date{year, m, other})
	}
	if other <= 12 && other != m && (first == "/" || m > 12) && len(d.line[i].digits) != 4 {
		dates = append(dates, date{year, other, m})
	}
	if len(dates) > 0 {
		d.add(i, i+2, dates...)
	}
}

// named reads a date whose month is lexeme i, by its name.
func (d *dateReader) named(i int) {
	w := d.line[i].word
	month := months[w]
	if month > 0 && mayBeVerb(w) && !d.line[i].upper {
		month = 0
	}
	solar := 0
	if month == 0 {
		solar = solarMonths[w]
	}
	inflected := 0
	if month == 0 && solar == 0 {
		if inflected = monthsWithDay[w]; inflected == 0 {
			inflected = inflectedMonth(w)
		}
	}
	if month+solar+inflected == 0 {
		return
	}
	first, last, days, year := d.around(i)
	switch {
	case inflected > 0 && len(days) == 0:
		return
	case inflected > 0:
		month = inflected
	}
	if solar == 0 {
		if len(days) == 0 {
			days = []int{0}
		}
		var dates []date
		for _, day := range days {
			dates = append(dates, date{year, month, day})
		}
		d.add(first, last, dates[0])
		for _, t := range dates[1:] {
			d.found = append(d.found, dated{d.found[len(d.found)-1].Span, []date{t}})
		}
		return
	}
	if len(days) == 1 && solarYear(year) {
		if t, ok := fromSolar(year, solar, days[0]); ok {
			d.add(first, last, t)
		}
	}
}

// around reads the days and the year around the name of a month.
func (d *dateReader) around(i int) (first, last int, days []int, year int) {
	first, last = i, i
	if day := d.number(i-1, 1, 31); day > 0 && d.near(i-1, i) {
		days, first = append(days, day), i-1
	} else if i > 1 && d.ordinal(i-1) && d.near(i-1, i) && d.near(i-2, i-1) { // 7th of May has two words between
		if day := d.number(i-2, 1, 31); day > 0 {
			days, first = append(days, day), i-2
		} else if day := d.number(i-3, 1, 31); day > 0 && d.ordinal(i-2) {
			days, first = append(days, day), i-3
		}
	}
	if len(days) > 0 {
		if day := d.number(first-1, 1, 31); day > 0 && day < days[0] && ranged(between(d.text, d.line[first-1], d.line[first])) {
			days, first = append(days, day), first-1
		}
	} else if day := d.number(i+1, 1, 31); day > 0 && d.near(i, i+1) && len(d.line[i+1].digits) <= 2 {
		days, last = append(days, day), i+1
		if end := d.number(i+2, 1, 31); end > day && ranged(between(d.text, d.line[i+1], d.line[i+2])) {
			days, last = append(days, end), i+2
		}
		if last+1 < len(d.line) && d.line[last+1].Start == d.line[last].End && d.ordinal(last+1) {
			last++
		}
	}
	next := last + 1
	if next < len(d.line) {
		switch d.line[next].word {
		case "of", "de", "del", "соли", "سال":
			next++
		}
	}
	if y := d.number(next, 1000, 2099); y > 0 && len(d.line[next].digits) == 4 && d.near(last, next) {
		return first, next, days, y
	}
	// 2022 йил 7 май, 2022 жылғы 7 мамыр
	before := first - 1
	if before > 0 && yearWord(d.line[before].word) {
		before--
	}
	if y := d.number(before, 1000, 2099); y > 0 && len(d.line[before].digits) == 4 && len(days) > 0 && d.near(before, first) {
		return before, last, days, y
	}
	return first, last, days, 0
}

// near reports that little but white space and a comma stands between two lexemes.
func (d *dateReader) near(a, b int) bool {
	if a < 0 || b >= len(d.line) {
		return false
	}
	gap := d.text[d.line[a].End:d.line[b].Start]
	if b-a > 1 { // with a word between
		return len(gap) <= 24
	}
	return strings.Trim(gap, " ,.-،\u00a0\u202f\t") == "" && len(gap) <= 4
}

// ordinal tells what stands between a day and its month: 7th of, 5-го, 7-е.
func (d *dateReader) ordinal(i int) bool {
	if i < 0 {
		return false
	}
	switch d.line[i].word {
	case "st", "nd", "rd", "th", "of", "го", "е", "ого", "й", "de", "числа":
		return true
	}
	return false
}

func ranged(gap string) bool {
	gap = strings.TrimSpace(gap)
	r, n := utf8.DecodeRuneInString(gap)
	return n > 0 && n == len(gap) && (hyphen(r) || r == '—')
}

func yearWord(word string) bool {
	switch word {
	case "йил", "йилнинг", "йили", "жылғы", "жылдың", "жылы", "жылдын", "соли", "سال", "yil", "yilning", "года", "году":
		return true
	}
	return false
}

// year reads a year that stands alone, unless the word before it counts things.
func (d *dateReader) year(i int) {
	y := d.number(i, 1900, 2099)
	if y == 0 || len(d.line[i].digits) != 4 {
		return
	}
	if i > 0 {
		switch d.line[i-1].word {
		case "about", "nearly", "over", "some", "almost", "than", "least", "most", "approximately", "around", "roughly":
			return
		}
	}
	for _, j := range []int{i - 1, i + 1} { // 2,000, 2 000 000 and 2000.5 are numbers
		if j >= 0 && j < len(d.line) && d.line[j].digits != "" {
			a, b := min(i, j), max(i, j)
			gap := between(d.text, d.line[a], d.line[b])
			r, n := utf8.DecodeRuneInString(gap)
			if sep, ok := numberSeparator(r); ok && n == len(gap) && sep != '-' && sep != '/' && (sep != ' ' || j > i && len(d.line[j].digits) == 3) {
				return
			}
		}
	}
	d.add(i, i, date{year: y})
}

// monthEndings are what Kyrgyz, Kazakh, Uzbek and Tajik join to the name of a month.
// It is not changed.
var monthEndings = strings.Fields("ындагы ундагы ында унда ынын унун даги дағы тағы дан ден тан тен да де та те дин нинг ның нің ы и у ү і")

// inflectedMonth is a month with such an ending, 0 for other words.
func inflectedMonth(word string) int {
	if first, _ := utf8.DecodeRuneInString(word); !unicode.Is(unicode.Cyrillic, first) {
		return 0
	}
	for _, ending := range monthEndings {
		if root, ok := strings.CutSuffix(word, ending); ok && months[root] > 0 {
			return months[root]
		}
	}
	return 0
}
