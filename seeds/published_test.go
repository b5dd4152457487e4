package seeds

import (
	"strings"
	"testing"
)

func TestPublished(t *testing.T) {
	for name, c := range map[string]struct{ text, want, from string }{
		"front matter":             {"---\ndate: 2022-05-24\n---\n\n# Title\n\nMay 1, 2022\n", "2022-05-24", "metadata"},
		"front matter, and a post": {"---\ndate: 2022-04\n---\n\n# Title\n\nText[^1].\n\n[^1]: https://twitter.com/b/status/1524393464124825604\n", "2022-05-11", "post"},
		"a month with the post":    {"---\ndate: 2022-05\n---\n\n# Title\n\nText[^1].\n\n[^1]: https://twitter.com/b/status/1524393464124825604\n", "2022-05", "metadata"},
		"a line of its own":        {"Title\n\nMay 24, 2022\n\nText.[1]\n\n[1] https://a.test/\n", "2022-05-24", "text"},
		"with an author":           {"Title\nBy Jane Doe | 24 May 2022\n\nText.", "2022-05-24", "text"},
		"labelled":                 {"Title\n\nPublished: 2022-05-24\n\nText.", "2022-05-24", "text"},
		"dots, Russian":            {"Отчёт\n\n24 мая 2022\n\nТекст.", "2022-05-24", "text"},
		"dotted":                   {"Bericht\n\nBerlin, 24.05.2022\n\nText.", "2022-05-24", "text"},
		"a dispatch":               {"KABUL, May 24, 2022 — The council said that it would meet again and decide on all of it.", "2022-05-24", "text"},
		"no such day":              {"Title\n\nFebruary 30, 2022\n\nText.", "", ""},
		"prose":                    {"Title\n\nThe council discussed the survey on 12 March 2024. Its plan was\npublished a week later.", "", ""},
		"the rest of a sentence":   {"Title\n\nThe council discussed the survey, which it had ordered long before,\non 12 March 2024\nand in April.", "", ""},
		"a title about a date":     {"The attack of 18 April 2022\n\nText.", "", ""},
		"in a note":                {"Title\n\nText.[1]\n\n[1] https://a.test/\n24 May 2022\n", "", ""},
		"the newest post":          {"Title\n\nText.[1]\n\n[1] https://twitter.com/a/status/1516071949260230659\nhttps://twitter.com/b/status/1524393464124825604\n", "2022-05-11", "post"},
		"a post after the line":    {"Title\n\nMay 1, 2022\n\nText.[1]\n\n[1] https://twitter.com/b/status/1524393464124825604\n", "2022-05-11", "post"},
		"a post before the line":   {"Title\n\nMay 24, 2022\n\nText.[1]\n\n[1] https://twitter.com/b/status/1524393464124825604\n", "2022-05-24", "text"},
		"an invented post":         {"Title\n\nText.[1]\n\n[1] https://twitter.com/b/status/9223372036854775807\n", "", ""},
		"nothing":                  {"Title\n\nText.", "", ""},
		"far down":                 {"Title\n" + lines(40) + "\nMay 24, 2022\n", "", ""},
		"a number that is no date": {"Title\n\nOrder 1.2.20225\n\nText.", "", ""},
	} {
		file := "r.txt"
		if strings.HasPrefix(c.text, "---") {
			file = "r.md"
		}
		r, err := Read(file, []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		if r.Published != (Date{c.want, c.from}) {
			t.Errorf("%s: %q, want %q from %q", name, r.Published, c.want, c.from)
		}
	}
}

func lines(n int) (s string) {
	for range n {
		s += "A line of text.\n"
	}
	return s
}
