package seeds

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// readDay reads a day at the beginning of the text, and how long it is: 2022-05-03, 2022/5/3, 03.05.2022, 3 May 2022,
// May 3, 2022, 2022. május 3., 2022年5月3日, 3 de mayo de 2022, ۱۳ اردیبهشت ۱۴۰۱, May 2022. What is ambiguous, such as
// 3/5/2022, is none.
func readDay(text string) (day string, size int) { return readDayAs(text, slashUnread) }

// slashes is how days such as 3/5/2022 are read.
type slashes int

const (
	slashUnread    slashes = iota // they are none, and so are years of two digits and months in Roman figures
	slashClear                    // if only one of both figures can be the month, or both are the same
	slashDayBefore                // the day comes first
)

// readDayAs is readDay for a text whose short forms are read as said.
func readDayAs(text string, short slashes) (day string, size int) {
	t := dayText{rest: text, short: short}
	day = t.read()
	if day == "" {
		return "", 0
	}
	return day, len(text) - len(t.rest)
}

// dayText is what is left of a text from which a day is read.
type dayText struct {
	rest  string
	short slashes
}

func (t *dayText) read() string {
	if y := t.number(4); y > 0 {
		return t.afterYear(y)
	}
	d := t.number(2)
	if d == 0 {
		d = t.number(1)
	}
	if d > 0 {
		return t.afterDay(d)
	}
	m, solar := t.month()
	if m == 0 {
		return ""
	}
	t.literal(".")
	t.blank()
	save := *t
	if d = t.number(2); d == 0 {
		d = t.number(1)
	}
	if d > 0 {
		t.ordinal()
	} else {
		*t = save
	}
	return t.year(m, d, solar)
}

// afterYear reads -05-03, -05, /5/3, . 5. 3., 年5月3日, . május 3., and what else may stand behind a year.
func (t *dayText) afterYear(y int) string {
	save := *t
	for _, by := range [...][3]string{{"-", "-", ""}, {"/", "/", ""}, {".", ".", "."}, {"年", "月", "日"}, {"년", "월", "일"}} {
		*t = save
		if !t.parted(by[0]) {
			continue
		}
		m := t.number(2)
		if m == 0 && by[0] != "-" {
			m = t.number(1)
		}
		if m == 0 {
			continue
		}
		beforeDay := *t
		d := 0
		if t.parted(by[1]) {
			if d = t.number(2); d == 0 && by[0] != "-" {
				d = t.number(1)
			}
		}
		switch {
		case d > 0:
			t.literal(by[2])
			return t.date(y, m, d, false)
		case by[0] == "年" || by[0] == "년":
			t.literal(by[1])
			return t.date(y, m, 0, false)
		case by[0] == "-":
			*t = beforeDay
			return t.date(y, m, 0, false)
		}
	}
	*t = save
	if !t.literal(".") && !strings.HasPrefix(t.rest, "-") {
		t.blank()
	}
	t.word("-yil", "-йил", "-жылдын", "йил", "yil", "жылғы", "жылдын", "г.", "m.")
	t.blank()
	d := t.number(2)
	if d == 0 {
		d = t.number(1)
	}
	if d > 0 { // 2022-yil 3-may
		t.ordinal()
		t.blank()
		if m, solar := t.month(); m > 0 {
			return t.date(y, m, d, solar)
		}
		return ""
	}
	m, solar := t.month()
	if m == 0 {
		return ""
	}
	t.literal(".")
	beforeDay := *t
	t.blank()
	if d = t.number(2); d == 0 {
		d = t.number(1)
	}
	if d == 0 {
		*t = beforeDay
	} else {
		t.ordinal()
	}
	return t.date(y, m, d, solar)
}

// afterDay reads what follows the number of a day: .05.2022, . 5. 2022, -May-2022, /05/2022, " May 2022", " tháng 5 năm 2022".
func (t *dayText) afterDay(d int) string {
	save := *t
	for _, by := range [...]string{".", "-", "/"} {
		*t = save
		if !t.parted(by) {
			continue
		}
		m := t.number(2)
		if m == 0 {
			m = t.number(1)
		}
		roman := false
		if m == 0 && t.short != slashUnread && by == "." {
			m, roman = t.roman(), true
		}
		if m == 0 || !t.parted(by) {
			continue
		}
		y := t.number(4)
		if yy := 0; y == 0 && t.short != slashUnread && by != "-" {
			if yy = t.number(2); yy > 0 {
				y = 2000 + yy
			}
		}
		if by == "." || roman {
			return t.date(y, m, d, false)
		}
		switch {
		case t.short == slashUnread:
			return ""
		case t.short == slashDayBefore || d > 12 || d == m:
			return t.date(y, m, d, false)
		case m > 12:
			return t.date(y, d, m, false)
		}
		return ""
	}
	*t = save
	if !t.literal("-") {
		t.ordinal()
	}
	t.blank()
	t.word("de", "of", "d'", "tháng")
	m, solar := t.month()
	if m == 0 && strings.HasSuffix(strings.TrimSuffix(save.rest, t.rest), "tháng ") {
		if m = t.number(2); m == 0 {
			m = t.number(1)
		}
	}
	if m == 0 && t.short != slashUnread {
		m = t.roman()
	}
	if m == 0 {
		return ""
	}
	if !t.literal(".") {
		t.literal("-")
	}
	return t.year(m, d, solar)
}

// year reads the year behind a month.
func (t *dayText) year(m, d int, solar bool) string {
	if !t.literal(",") {
		t.literal("،")
	}
	t.blank()
	t.word("de", "del", "of", "năm", "соли", "сол", "سال", "жылы")
	return t.date(t.number(4), m, d, solar)
}

// date writes a day, or a month if d is 0. There is none if it cannot be one on which somebody saw a page of the web.
func (t *dayText) date(y, m, d int, solar bool) string {
	if solarYear := y >= 1370 && y <= 1450; solar || solarYear {
		if !solarYear || d == 0 {
			return ""
		}
		return fromSolar(y, m, d)
	}
	at := time.Date(y, time.Month(m), max(d, 1), 0, 0, 0, 0, time.UTC)
	switch {
	case y < 1990 || y > 2100 || m < 1 || m > 12 || d > 0 && at.Day() != d:
		return ""
	case d == 0:
		return at.Format("2006-01")
	}
	return at.Format(time.DateOnly)
}

// fromSolar is a day of the Solar Hijri calendar in the Gregorian one; empty if there is no such day. 1 Farvardin 1400 was
// 21 March 2021; the leap years of these centuries follow a cycle of 33 years.
func fromSolar(y, m, d int) string {
	leap := func(y int) int {
		switch y % 33 {
		case 1, 5, 9, 13, 17, 22, 26, 30:
			return 1
		}
		return 0
	}
	length := 31
	switch {
	case m == 12:
		length = 29 + leap(y)
	case m > 6:
		length = 30
	}
	if m < 1 || m > 12 || d < 1 || d > length {
		return ""
	}
	days := (m-1)*31 - max(0, m-7) + d - 1
	for i := 1400; i < y; i++ {
		days += 365 + leap(i)
	}
	for i := y; i < 1400; i++ {
		days -= 365 + leap(i)
	}
	return time.Date(2021, time.March, 21+days, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// number reads exactly n digits, of any script; it is 0 if there are fewer or more.
func (t *dayText) number(n int) int {
	i, v := 0, 0
	for k, r := range t.rest {
		d := digit(r)
		if d < 0 {
			break
		}
		if i++; i > n {
			return 0
		}
		v = v*10 + d
		if i == n {
			rest := t.rest[k+utf8.RuneLen(r):]
			if next, _ := utf8.DecodeRuneInString(rest); digit(next) >= 0 {
				return 0
			}
			t.rest = rest
			return v
		}
	}
	return 0
}

// digit is the value of a decimal digit of the scripts in which dates are written, or -1.
func digit(r rune) int {
	for _, zero := range [...]rune{'0', '٠', '۰', '०', '০', '０'} {
		if r >= zero && r <= zero+9 {
			return int(r - zero)
		}
	}
	return -1
}

func (t *dayText) literal(s string) bool {
	rest, ok := strings.CutPrefix(t.rest, s)
	t.rest = rest
	return ok
}

// parted passes over what parts two figures. Blanks may stand behind dots and signs of Chinese.
func (t *dayText) parted(by string) bool {
	if !t.literal(by) {
		return false
	}
	if by != "-" && by != "/" {
		t.blank()
	}
	return true
}

func (t *dayText) blank() { t.rest = strings.TrimLeft(t.rest, " \u00a0\u202f\n\r\t") }

// ordinal passes over what may stand behind the number of a day.
func (t *dayText) ordinal() {
	for _, s := range [...]string{"st", "nd", "rd", "th", "er", "º", "ª", "-го", "-е", "-", "."} {
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

// letters reads what is a word by its letters, in lower case.
func (t *dayText) letters() string {
	const longest = 48 // bytes
	end := strings.IndexFunc(t.rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	if end < 0 {
		end = len(t.rest)
	}
	if end > longest {
		return ""
	}
	word := strings.ToLower(t.rest[:end])
	t.rest = t.rest[end:]
	return word
}

// month reads the name of a month, and says whether it is one of the Solar Hijri calendar.
func (t *dayText) month() (m int, solar bool) {
	save := *t
	word := t.letters()
	if m = monthOf(word); m > 0 {
		return m, false
	}
	if m = solarMonthNames[word]; m > 0 {
		return m, true
	}
	if word == "تشرين" || word == "كانون" { // the first, the second
		t.blank()
		which := t.letters()
		switch first := which == "الأول" || which == "الاول"; {
		case first && word == "تشرين":
			return 10, false
		case first:
			return 12, false
		case which == "الثاني" && word == "تشرين":
			return 11, false
		case which == "الثاني":
			return 1, false
		}
	}
	*t = save
	return 0, false
}

// roman reads a month in Roman figures.
func (t *dayText) roman() int {
	save := *t
	m := romanMonth(t.letters())
	if m == 0 {
		*t = save
	}
	return m
}
