package seeds

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Where a report's date comes from.
const (
	PublishedMetadata = "metadata" // what the report's format says, such as front matter
	PublishedText     = "text"     // a line near the top that is about its date
	PublishedPost     = "post"     // the newest post of X among the citations: the report cannot be older
)

// Bounds of where a date is looked for.
const (
	dateLines = 30   // with something in them, from the top
	dateBytes = 4000 // of these lines
	dateWords = 8    // that such a line may have beside the date
)

// dispatchPlace is what a dispatch begins with, up to its date.
var dispatchPlace = regexp.MustCompile(`^[\p{Lu} .,'’/-]{2,40}[,(]?\s*$`)

// published says when a report was published, as far as it can be known, if its format does not say it in words that
// its author wrote. What is cited bounds it: a report is not older than the newest post that it cites.
func (d *document) published(r *Report, spans []noteSpan) {
	known := r.Published
	if _, ok := known.Day(); !d.list && (!ok || !authored(r.Format)) {
		if at := dateline(&d.layout, spans); !at.IsZero() {
			known = Date{Value: at.Format(time.DateOnly), From: PublishedText}
		}
	}
	for i := range r.Citations {
		at, ok := PostedAt(r.Citations[i].Key)
		if !ok || at.After(snowflakeLimit) {
			continue
		}
		if day, ok := known.last(); !ok || at.After(day.Add(48*time.Hour)) {
			known = Date{Value: at.Format(time.DateOnly), From: PublishedPost}
		}
	}
	r.Published = known
}

// authored tells the formats whose metadata are words that the author wrote. Those of office documents and of PDF are
// set by programs, when a file is made or copied.
func authored(format string) bool {
	switch format {
	case "markdown", "html", "text", "latex", "cff":
		return true
	}
	return false
}

// Day is a day in the period that the date names: it, or its middle. It returns false if there is none.
func (d Date) Day() (time.Time, bool) {
	for layout, more := range map[string]time.Duration{time.DateOnly: 0, "2006-01": 14 * 24 * time.Hour, "2006": 182 * 24 * time.Hour} {
		if at, err := time.Parse(layout, d.Value); err == nil && len(d.Value) == len(layout) {
			return at.Add(more), true
		}
	}
	return time.Time{}, false
}

// last is the last day of the period.
func (d Date) last() (time.Time, bool) {
	at, ok := d.Day()
	switch len(d.Value) {
	case len("2006-01"):
		at = at.Add(16 * 24 * time.Hour)
	case len("2006"):
		at = at.Add(183 * 24 * time.Hour)
	}
	return at, ok
}

// snowflakeLimit keeps invented IDs, whose times lie far ahead, from dating a report.
var snowflakeLimit = time.Date(2045, 1, 1, 0, 0, 0, 0, time.UTC)

// dateline looks for a line near the top that is about a date.
func dateline(src *layout, spans []noteSpan) time.Time {
	end := len(src.text)
	if len(spans) > 0 {
		end = spans[0].start
	}
	lines, size, before := 0, 0, ""
	for i := range src.lines {
		if src.lines[i].start() >= end || lines == dateLines || size > dateBytes {
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
	day, start, end := findDay(line)
	if day.IsZero() {
		return day, false
	}
	head, tail := strings.TrimSpace(line[:start]), strings.TrimSpace(line[end:])
	if dash := strings.IndexAny(tail, "—–-"); dispatchPlace.MatchString(head) && dash >= 0 && dash < 3 {
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

// dateReach is how far into a line its date may begin, in bytes.
const dateReach = 160

// findDay finds the first whole date in a line, and where it stands.
func findDay(line string) (day time.Time, start, end int) {
	inside := false // of a word or a number
	for i, r := range line {
		if i > dateReach {
			break
		}
		word := unicode.IsLetter(r) || unicode.IsDigit(r)
		if word && !inside {
			value, size := readDay(line[i:])
			next, _ := utf8.DecodeRuneInString(line[i+size:])
			if at, err := time.Parse(time.DateOnly, value); err == nil && !unicode.IsLetter(next) && !unicode.IsDigit(next) && next != '/' {
				return at, i, i + size
			}
		}
		inside = word || r == '/' // as in a path
	}
	return time.Time{}, 0, 0
}
