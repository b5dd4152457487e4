package seeds

import (
	"strings"
	"unicode/utf8"
)

// metadata is what a report says of itself.
type metadata struct {
	title     string
	authors   []string
	published Date
	language  string // BCP 47, as written
	canonical string // URL, as written
}

// Date is a day and how it is known.
type Date struct {
	// Value is a day, a month or a year: 2022-05-03, 2022-05 or 2022. It is empty if none is known.
	Value string `json:"value"`
	// From is where it stands: one of the Published constants.
	From string `json:"from"`
}

// describe moves what the report says of itself into r, within bounds.
func (m *metadata) describe(r *Report) {
	for _, a := range m.authors[:min(len(m.authors), maxAuthors)] {
		if a = short(a); a != "" {
			r.Authors = append(r.Authors, a)
		}
	}
	r.Published = m.published
	r.Language = short(m.language)
	if a, err := parseAddress(strings.TrimSpace(m.canonical)); err == nil {
		r.Canonical = a.href
	}
}

// short collapses white space and cuts what is longer than maxMeta.
func short(text string) string {
	text = collapse(text)
	if len(text) <= maxMeta {
		return text
	}
	cut := maxMeta
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut]
}

// setDate takes the day, month or year with which a value begins.
func (m *metadata) setDate(value string) {
	day, _ := readDay(value)
	if day == "" && len(value) >= 4 && isDigits(value[:4], 4) && (len(value) == 4 || value[4] == ' ') {
		day = value[:4]
	}
	if day != "" {
		m.published = Date{Value: day, From: PublishedMetadata}
	}
}
