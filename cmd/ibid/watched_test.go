package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/seeds"
)

// cited_on holds for all reports that a path of the configuration stands for, and of
// two paths the one that names the report says when.
func TestCitedOnCovers(t *testing.T) {
	config := writeConfig(t, `reports:
  - {path: reports/, cited_on: 2024-01-01}
  - {path: "more/**/*.md", cited_on: 2024-02-02}
  - {path: reports/b.txt, cited_on: 2024-03-03}
  - {path: "https://gazette.test/review#top", cited_on: 2024-04-04}
  - path: other
`)
	a, cfg, err := configured(t, config)
	if err != nil {
		t.Fatal(err)
	}
	days, err := a.citedOn(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"reports/a.txt":                 "2024-01-01",
		"reports/deep/er.txt":           "2024-01-01",
		"reports/b.txt":                 "2024-03-03",
		"reports":                       "2024-01-01",
		"reportsonly.txt":               "",
		"more/x.md":                     "2024-02-02",
		"more/x/y.md":                   "2024-02-02",
		"more/x.txt":                    "",
		"https://gazette.test/review":   "2024-04-04",
		"https://gazette.test/review/2": "",
		"other/a.txt":                   "",
		filepath.ToSlash(filepath.Join(filepath.Dir(config), "reports", "a.txt")): "",
	} {
		got := ""
		if at, from := days(&seeds.Report{Path: path}, &seeds.Citation{}); from == archive.DayGiven {
			got = at.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%s was cited on %q, want %q", path, got, want)
		}
	}
}

func TestCovers(t *testing.T) {
	for _, test := range []struct {
		watched, report string
		want            bool
	}{
		{".", "a.txt", true},
		{".", "deep/a.txt", true},
		{".", "/a.txt", false},
		{".", "../a.txt", false},
		{".", "https://a.test/", false},
		{"/", "/a.txt", true},
		{"*.txt", "a.txt", true},
		{"*.txt", "deep/a.txt", false},
		{"[a].txt", "[a].txt", true},
		{"https://a.test/*", "https://a.test/b", false},
	} {
		if got := covers(test.watched, test.report); got != test.want {
			t.Errorf("covers(%s, %s) = %t", test.watched, test.report, got)
		}
	}
}
