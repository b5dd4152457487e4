package seeds

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Where a report's date comes from, see [Report].
const (
	PublishedText = "text" // a line near the top that is about its date
	PublishedPost = "post" // the newest post of X among the citations: the report cannot be older
)

// Bounds of where a date is looked for.
const (
	dateLines = 30   // with something in them, from the top
	dateBytes = 4000 // of these lines
	dateWords = 8    // that such a line may have beside the date
)

// monthNames are the months by name, in the forms that stand in dates.
var monthNames = [12][]string{
	{"january", "jan", "января"}, {"february", "feb", "февраля"}, {"march", "mar", "марта"}, {"april", "apr", "апреля"},
	{"may", "мая"}, {"june", "jun", "июня"}, {"july", "jul", "июля"}, {"august", "aug", "августа"},
	{"september", "sept", "sep", "сентября"}, {"october", "oct", "октября"}, {"november", "nov", "ноября"}, {"december", "dec", "декабря"},
}

const (
	monthPattern = `(january|jan|february|feb|march|mar|april|apr|may|june|jun|july|jul|august|aug|september|sept|sep|october|oct|november|nov|december|dec|` +
		`января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)\.?`
	dayPattern  = `([0-3]?[0-9])(?:st|nd|rd|th)?`
	yearPattern = `((?:19|20)[0-9]{2})`
)

// datePattern finds "May 24, 2022", "24 May 2022", 2022-05-24 and 24.05.2022.
var datePattern = regexp.MustCompile(`(?i)(?:^|[^\pL\pN])(?:` + monthPattern + `\s+` + dayPattern + `,?\s+` + yearPattern +
	`|` + dayPattern + `\s+` + monthPattern + `,?\s+` + yearPattern +
	`|` + yearPattern + `-([0-9]{2})-([0-9]{2})` +
	`|([0-3]?[0-9])\.([01]?[0-9])\.` + yearPattern + `)(?:[^\pL\pN]|$)`)

// place is what a dispatch begins with, up to its date.
var place = regexp.MustCompile(`^[\p{Lu} .,'’/-]{2,40}[,(]?\s*$`)

// published says when a report was published, as far as it can be known from its
// text, and where that comes from. What is cited bounds it: a report is not older
// than the newest post that it cites.
func published(src *source, spans []noteSpan, citations []Citation) (time.Time, string) {
	day, from := dateline(src, spans), PublishedText
	for i := range citations {
		at, ok := PostedAt(citations[i].Key)
		if ok && at.Before(snowflakeLimit) && (day.IsZero() || at.After(day.Add(48*time.Hour))) {
			day, from = at.Truncate(24*time.Hour), PublishedPost
		}
	}
	if day.IsZero() {
		return day, ""
	}
	return day, from
}

// snowflakeLimit keeps invented IDs, whose times lie far ahead, from dating a report.
var snowflakeLimit = time.Date(2045, 1, 1, 0, 0, 0, 0, time.UTC)

// dateline looks for a line near the top that is about a date.
func dateline(src *source, spans []noteSpan) time.Time {
	end := len(src.text)
	if len(spans) > 0 {
		end = spans[0].start
	}
	lines, size, before := 0, 0, ""
	for i := range src.lines {
		if src.lines[i].start >= end || lines == dateLines || size > dateBytes {
			break
		}
		raw := src.lineText(i)
		if len(raw) > dateBytes {
			raw = raw[:dateBytes]
		}
		line := collapse(strings.TrimFunc(raw, invisible))
		if line != "" {
			if day, ok := dated(line, before); ok {
				return day
			}
			lines++
			size += len(line)
		}
		before = line
	}
	return time.Time{}
}

// dated reads the date that a line is about; before is the line above it.
func dated(line, before string) (time.Time, bool) {
	m := datePattern.FindStringSubmatchIndex(line)
	if m == nil {
		return time.Time{}, false
	}
	day, ok := dayOf(line, m)
	if !ok {
		return day, false
	}
	head, tail := strings.TrimSpace(line[:m[0]]), strings.TrimSpace(line[max(m[0], m[1]-1):])
	tail = strings.TrimSpace(strings.TrimLeft(tail, "0123456789"))
	if dash := strings.IndexAny(tail, "—–-"); place.MatchString(head) && dash >= 0 && dash < 3 {
		return day, true // KABUL, May 24, 2022 —
	}
	if len(strings.Fields(head))+len(strings.Fields(tail)) > dateWords || strings.HasPrefix(tail, ".") || strings.ContainsAny(line, "[]") {
		return day, false
	}
	if first, _ := utf8.DecodeRuneInString(line); unicode.IsLower(first) {
		return day, false // the rest of a sentence
	}
	// "The attack of 18 April 2022" speaks of a date and has none.
	if words := strings.Fields(strings.ToLower(head)); len(words) > 0 {
		switch words[len(words)-1] {
		case "on", "in", "of", "from", "since", "until", "by", "to", "and", "before", "after", "between", "the", "с", "от", "до", "по":
			return day, false
		}
	}
	// A line of its own, or one of a title's.
	return day, before == "" || len(strings.Fields(before)) <= 2*dateWords && !strings.HasSuffix(before, ",")
}

// dayOf reads a match of datePattern.
func dayOf(line string, m []int) (time.Time, bool) {
	group := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return line[m[2*i]:m[2*i+1]]
	}
	var year, month, day int
	switch {
	case group(1) != "":
		month, day, year = monthOf(group(1)), number(group(2)), number(group(3))
	case group(5) != "":
		day, month, year = number(group(4)), monthOf(group(5)), number(group(6))
	case group(7) != "":
		year, month, day = number(group(7)), number(group(8)), number(group(9))
	default:
		day, month, year = number(group(10)), number(group(11)), number(group(12))
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return t, month >= 1 && month <= 12 && t.Day() == day && year >= 1990
}

func number(s string) int {
	n, _ := strconv.Atoi(s) // digits by the pattern
	return n
}

func monthOf(name string) int {
	name = strings.ToLower(name)
	for i, names := range monthNames {
		for _, n := range names {
			if n == name {
				return i + 1
			}
		}
	}
	return 0
}
