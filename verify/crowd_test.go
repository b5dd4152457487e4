package verify

import (
	"testing"

	"github.com/ibid-archive/ibid/archive"
)

// TestJudgeCrowd: deep links that all end at one page say nothing.
func TestJudgeCrowd(t *testing.T) {
	const html, deep, topics = "Content-Type: text/html", "http://wend.example/reports/17", "http://wend.example/topics"
	moved := func(body string) *archive.Visit {
		return visit(redirect(t, deep, 301, "/topics"), answer(t, topics, 200, body, html))
	}
	landed := func(n int) func(string) int {
		return func(url string) int {
			if url != topics {
				t.Errorf("asked for %s", url)
			}
			return n
		}
	}
	for _, c := range []struct {
		name    string
		visit   *archive.Visit
		memory  archive.Memory
		verdict archive.Verdict
		codes   string
	}{
		{"two others", moved(doc("News", other)), archive.Memory{Landed: landed(2)}, "moved", "redirect-permanent http-200 not-compared"},
		{"three others", moved(doc("News", other)), archive.Memory{Landed: landed(3)}, "soft-404", "redirect-many redirect-permanent http-200 single-look"},
		{"which still speaks to the claim", moved(doc("News", other+" "+survey)),
			archive.Memory{Landed: landed(9), Claims: func() []string { return []string{survey} }}, "moved", "redirect-permanent http-200 not-compared"},
		{"which says nothing of the claim", moved(doc("News", other)),
			archive.Memory{Landed: landed(9), Claims: func() []string { return []string{survey} }}, "soft-404", "redirect-many redirect-permanent http-200 single-look"},
		{"where it ended when it was first kept", moved(doc("News", other)), archive.Memory{Landed: landed(9), Earlier: func() *archive.Earlier {
			return &archive.Earlier{Date: visitedAt, FinalURL: topics, Title: "News"}
		}}, "soft-404", "redirect-many redirect-permanent http-200 single-look"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.visit.URL, c.visit.Memory = deep, c.memory
			check(t, Judge(c.visit), c.verdict, c.codes)
		})
	}
}
