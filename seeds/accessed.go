package seeds

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// accessed finds the day on which a source was seen: in the text after its address, as in "accessed 3 May 2022", or
// right before it, as in "Retrieved May 3, 2022, from". The other address next to it bounds both texts; first tells that
// the text before begins with the note. The day is 2022-05-03, or 2022-05 if only the month is given; empty if there is none.
func accessed(before, after string, first bool) string {
	const lookAhead, lookBack = 400, 160
	after = after[:min(len(after), lookAhead)]
	before = before[max(0, len(before)-lookBack):]
	if day := accessDay(before, leadingFrom); day != "" {
		return day
	}
	if day := accessDay(after, following); day != "" {
		return day
	}
	if day := bracketed(before, after); day != "" || !first {
		return day
	}
	return accessDay(before, leading)
}

// sharedDay finds the day on which all sources of a note were seen, in the text behind the last of them: "both accessed
// 3 May 2022".
func sharedDay(after string) string {
	const lookAhead = 160
	after = after[:min(len(after), lookAhead)]
	for i, r := range after {
		if !unicode.IsLetter(r) || i > 0 && wordByteBefore(after, i) {
			continue
		}
		for _, all := range [...]string{"both ", "all ", "beide ", "alle ", "jeweils ", "sämtlich ", "tous ", "toutes ", "les deux ", "ambos ", "ambas ", "todos ", "todas ",
			"entrambi ", "tutti ", "оба ", "обе ", "все "} {
			if n, ok := foldPrefix(after[i:], all); ok {
				return accessDay(after[i+n:], following)
			}
		}
		break
	}
	return ""
}

// Where a day of access stands.
type access int

const (
	following   access = iota // behind the address
	leadingFrom               // before it, and a word such as "from" between
	leading                   // right before it: "Accessed May 3, 2022. https://…"
)

// accessDay finds a word such as "accessed" and the day near it.
func accessDay(text string, where access) string {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsLetter(r) {
			i += size
			continue
		}
		end := i + size
		for end < len(text) {
			r, size := utf8.DecodeRuneInString(text[end:])
			if !unicode.IsLetter(r) && !unicode.IsMark(r) {
				break
			}
			end += size
		}
		if short, ok := accessWord(text, i, end); ok {
			if day, rest := dayAfter(text[end:], short); day != "" && where.leads(rest) {
				return day
			}
			before := text[:i]
			for _, unit := range [...]string{"日", "일"} { // 2022年5月3日閲覧
				if strings.HasPrefix(text[i:end], unit) {
					before = text[:i+len(unit)]
				}
			}
			if day := dayBefore(before, short); day != "" && where == following {
				return day
			}
		}
		i = end
	}
	return ""
}

// leads tells whether a day of access with this text behind it, up to the address, is of the address.
func (a access) leads(rest string) bool {
	if a == following {
		return true
	}
	rest = strings.ToLower(strings.Trim(rest, " ,.:;()[]<\u00a0\n"))
	switch rest {
	case "from", "at", "von", "unter", "de", "sur", "à", "en", "da", "su", "em", "van", "op", "från", "fra", "с", "из", "на", "по адресу", "url", "from the website",
		"available at", "available from", "disponible en", "disponible sur", "disponible à", "disponível em", "verfügbar unter", "режим доступа", "доступно по адресу":
		return true
	}
	return rest == "" && a == leading
}

// bracketed reads a day in brackets next to the address, as those who write notes after GB/T 7714 have it:
// "[2022-05-03]. https://…".
func bracketed(before, after string) string {
	before = strings.TrimRight(before, " .,;:\u00a0\n<")
	if open := strings.LastIndexByte(before, '['); open >= 0 && strings.HasSuffix(before, "]") {
		if day, n := readDay(before[open+1:]); n == len(before)-open-2 && n == len("2022-05-03") {
			return day
		}
	}
	after = strings.TrimLeft(after, " .,;\u00a0\n>")
	if strings.HasPrefix(after, "[") {
		if day, n := readDay(after[1:]); n == len("2022-05-03") && strings.HasPrefix(after[1+n:], "]") {
			return day
		}
	}
	return ""
}

// dayAfter reads a day right behind a word, past "on", "am", "le" and the like, and returns what follows it.
func dayAfter(text string, short slashes) (day, rest string) {
	const longest = 24 // characters between the word and the day
	passed := 0
	for i := 0; i < len(text) && passed <= longest; passed++ {
		if i == 0 || !wordByteBefore(text, i) {
			if day, n := readDayAs(text[i:], short); n > 0 {
				return day, text[i+n:]
			}
			if n := clock(text[i:]); n > 0 {
				i += n
				continue
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

// clock is how long a time of day such as 10:23 is, 0 for none.
func clock(text string) int {
	digits := func(at int) int {
		n := 0
		for at+n < len(text) && n < 3 && text[at+n] >= '0' && text[at+n] <= '9' {
			n++
		}
		return n
	}
	h := digits(0)
	if h < 1 || h > 2 || !strings.HasPrefix(text[h:], ":") || digits(h+1) != 2 {
		return 0
	}
	end := h + 3
	if strings.HasPrefix(text[end:], ":") && digits(end+1) == 2 {
		end += 3
	}
	return end
}

// dayBefore reads a day that ends right before a word, as in "3. Mai 2022 abgerufen".
func dayBefore(text string, short slashes) string {
	const longest = 64
	text = strings.TrimRight(text, " \u00a0\n,")
	for i := max(0, len(text)-longest); i < len(text); i++ {
		if !utf8.RuneStart(text[i]) || i > 0 && wordByteBefore(text, i) {
			continue
		}
		if day, n := readDayAs(text[i:], short); n > 0 && i+n == len(text) {
			return day
		}
	}
	return ""
}

func wordByteBefore(text string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return isWord(r)
}
