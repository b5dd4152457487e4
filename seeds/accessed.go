package seeds

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// accessed finds the day on which a source was seen: in the text after its address, as in "accessed 3 May 2022", or
// right before it, as in "Retrieved May 3, 2022, from". The other address next to it bounds both texts. The day is
// 2022-05-03, or 2022-05 if only the month is given; empty if there is none.
func accessed(before, after string) string {
	const lookAhead, lookBack = 400, 160
	after = after[:min(len(after), lookAhead)]
	before = before[max(0, len(before)-lookBack):]
	if day := accessDay(before, true); day != "" {
		return day
	}
	return accessDay(after, false)
}

// accessDay finds a word such as "accessed" and the day near it. If leading is set the day must lead to what follows the
// text: "Retrieved 3 May 2022, from".
func accessDay(text string, leading bool) string {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsLetter(r) {
			i += size
			continue
		}
		end := i + size
		for end < len(text) {
			r, size := utf8.DecodeRuneInString(text[end:])
			if !unicode.IsLetter(r) {
				break
			}
			end += size
		}
		if accessWord(text[i:end]) {
			if day, rest := dayAfter(text[end:]); day != "" && (!leading || leads(rest)) {
				return day
			}
			if day := dayBefore(text[:i]); day != "" && !leading {
				return day
			}
		}
		i = end
	}
	return ""
}

// accessWord tells the words that say that somebody looked at a source.
func accessWord(word string) bool {
	if len(word) < len("Stand") {
		return false
	}
	switch strings.ToLower(word) {
	case "accessed", "retrieved", "visited", "viewed", "checked", "consulted", // English
		"abgerufen", "aufgerufen", "zugriff", "besucht", "abruf", "eingesehen", // German
		"consulté", "consultée", "consultés", "consultées", "consultation", // French
		"consultado", "consultada", "consultados", "consulta", "acceso", "recuperado", // Spanish
		"обращения", "просмотрено", "проверено", "доступа": // Russian
		return true
	}
	return false
}

// leads tells that only a word such as "from" stands between a day and the address.
func leads(rest string) bool {
	rest = strings.ToLower(strings.Trim(rest, " ,.:;()<[\u00a0\n"))
	switch rest {
	case "from", "at", "von", "unter", "de", "sur", "à", "en", "с", "из", "на", "from the website":
		return true
	}
	return false
}

// dayAfter reads a day right behind a word, past "on", "am", "le" and the like, and returns what follows it.
func dayAfter(text string) (day, rest string) {
	const longest = 24 // bytes between the word and the day
	for i := 0; i < len(text) && i <= longest; {
		if i == 0 || !wordByteBefore(text, i) {
			if day, n := readDay(text[i:]); n > 0 {
				return day, text[i+n:]
			}
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsDigit(r) || strings.ContainsRune(";!?", r) {
			return "", ""
		}
		i += size
	}
	return "", ""
}

// dayBefore reads a day that ends right before a word, as in "3. Mai 2022 abgerufen".
func dayBefore(text string) string {
	const longest = 32
	text = strings.TrimRight(text, " \u00a0\n,")
	for i := max(0, len(text)-longest); i < len(text); i++ {
		if !utf8.RuneStart(text[i]) || i > 0 && wordByteBefore(text, i) {
			continue
		}
		if day, n := readDay(text[i:]); n > 0 && i+n == len(text) {
			return day
		}
	}
	return ""
}

func wordByteBefore(text string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return isWord(r)
}

// readDay reads a day at the beginning of the text, and how long it is: 2022-05-03, 03.05.2022, 3 May 2022, May 3, 2022,
// 3. Mai 2022, 3 de mayo de 2022, 3 мая 2022, May 2022. What is ambiguous, such as 3/5/2022, is none.
func readDay(text string) (day string, size int) {
	t := dayText{rest: text}
	if y := t.number(4); y > 0 {
		return t.iso(y, len(text))
	}
	d := t.number(2)
	if d == 0 {
		d = t.number(1)
	}
	if d > 0 {
		if t.literal(".") && len(t.rest) > 0 && t.rest[0] >= '0' && t.rest[0] <= '9' {
			return t.dotted(d, len(text))
		}
		t.ordinal()
	}
	t.blank()
	t.word("de", "of")
	m := t.month()
	if m == 0 {
		return "", 0
	}
	t.literal(".")
	t.blank()
	if d == 0 {
		save := t
		if d = t.number(2); d == 0 {
			d = t.number(1)
		}
		if d > 0 {
			t.ordinal()
			t.literal(",")
		} else {
			t = save
		}
	}
	t.literal(",")
	t.blank()
	t.word("de", "del")
	y := t.number(4)
	return date(y, m, d, len(text)-len(t.rest))
}

// dayText is what is left of a text from which a day is read.
type dayText struct{ rest string }

// number reads exactly n digits; it is 0 if there are fewer or more.
func (t *dayText) number(n int) int {
	i := 0
	for i < len(t.rest) && i <= n && t.rest[i] >= '0' && t.rest[i] <= '9' {
		i++
	}
	if i != n {
		return 0
	}
	v, _ := strconv.Atoi(t.rest[:n])
	t.rest = t.rest[n:]
	return v
}

func (t *dayText) literal(s string) bool {
	rest, ok := strings.CutPrefix(t.rest, s)
	t.rest = rest
	return ok
}

func (t *dayText) blank() { t.rest = strings.TrimLeft(t.rest, " \u00a0\n\r\t") }

// ordinal passes over what may stand behind the number of a day.
func (t *dayText) ordinal() {
	for _, s := range [...]string{"st", "nd", "rd", "th", "er", "º", "."} {
		if t.literal(s) {
			return
		}
	}
}

// word passes over one of some words and the blank behind it.
func (t *dayText) word(words ...string) {
	for _, w := range words {
		if n, ok := foldPrefix(t.rest, w+" "); ok {
			t.rest = t.rest[n:]
			return
		}
	}
}

// month reads the name of a month.
func (t *dayText) month() int {
	end := strings.IndexFunc(t.rest, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		end = len(t.rest)
	}
	const longest = 24 // bytes
	if end == 0 || end > longest {
		return 0
	}
	m := monthOf(strings.ToLower(t.rest[:end]))
	if m > 0 {
		t.rest = t.rest[end:]
	}
	return m
}

// iso reads -05-03 or -05 behind a year.
func (t *dayText) iso(y, all int) (string, int) {
	if !t.literal("-") {
		return "", 0
	}
	m := t.number(2)
	save := *t
	d := 0
	if t.literal("-") {
		d = t.number(2)
	}
	if d == 0 {
		*t = save
	}
	return date(y, m, d, all-len(t.rest))
}

// dotted reads 05.2022 behind the day.
func (t *dayText) dotted(d, all int) (string, int) {
	m := t.number(2)
	if m == 0 {
		m = t.number(1)
	}
	if !t.literal(".") {
		return "", 0
	}
	return date(t.number(4), m, d, all-len(t.rest))
}

// date writes a day, or a month if d is 0. There is none if it cannot be one on which somebody saw a page of the web.
func date(y, m, d, size int) (string, int) {
	switch {
	case y < 1990 || y > 2100 || m < 1 || m > 12 || d > 31:
		return "", 0
	case d == 0:
		return fmt.Sprintf("%04d-%02d", y, m), size
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d), size
}

// monthOf is the number of a month by its name in lower case, or 0.
func monthOf(name string) int {
	switch name {
	case "january", "jan", "januar", "jänner", "janvier", "janv", "enero", "ene", "января", "январь", "янв":
		return 1
	case "february", "feb", "februar", "februari", "février", "févr", "fév", "febrero", "февраля", "февраль", "февр", "фев":
		return 2
	case "march", "mar", "märz", "mrz", "mars", "marzo", "марта", "март", "мар":
		return 3
	case "april", "apr", "avril", "avr", "abril", "abr", "апреля", "апрель", "апр":
		return 4
	case "may", "mai", "mayo", "мая", "май":
		return 5
	case "june", "jun", "juni", "juin", "junio", "июня", "июнь", "июн":
		return 6
	case "july", "jul", "juli", "juillet", "juil", "julio", "июля", "июль", "июл":
		return 7
	case "august", "aug", "août", "agosto", "ago", "августа", "август", "авг":
		return 8
	case "september", "sep", "sept", "septembre", "septiembre", "сентября", "сентябрь", "сент", "сен":
		return 9
	case "october", "oct", "oktober", "okt", "octobre", "octubre", "октября", "октябрь", "окт":
		return 10
	case "november", "nov", "novembre", "noviembre", "ноября", "ноябрь", "нояб", "ноя":
		return 11
	case "december", "dec", "dezember", "dez", "décembre", "déc", "diciembre", "dic", "декабря", "декабрь", "дек":
		return 12
	}
	return 0
}
