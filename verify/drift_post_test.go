package verify

import (
	"strings"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// TestPostDrift: a post that says something else than when it was cited drifted,
// and how often it is liked or how its links are written is no part of it.
func TestPostDrift(t *testing.T) {
	const was = "The gauge stands at 4.12 m. Seven boats are out. https://t.co/abc pic.twitter.com/xyz"
	for _, tt := range []struct {
		name, is string
		page     bool // then only its page was kept
		want     archive.Verdict
		reason   string
	}{
		{"same", was, false, archive.Alive, "post-shown"},
		{"links", "The gauge stands at 4.12 m. Seven boats are out. https://gauge.example/today", false, archive.Alive, "post-shown"},
		{"cited number", strings.Replace(was, "4.12", "4.21", 1), false, archive.Drifted, "cited-number"},
		{"another number", strings.Replace(was, "Seven", "Five", 1), false, archive.Drifted, "cited-number"},
		{"taken out", strings.Replace(was, "Seven boats are out. ", "", 1), false, archive.Drifted, "cited-number"},
		{"another text", "Brass bands will play on the green this Saturday.", false, archive.Drifted, ""},
		{"more", was + " The ferry waits.", false, archive.Alive, "post-shown"},
		{"only a page", "Another text altogether.", true, archive.Alive, "post-shown"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := &archive.Visit{Key: "https://x.com/i/status/20", URL: "https://x.com/jack/status/20",
				Posts: []*archive.Post{{Platform: "x", ID: "20", Standing: archive.PostShown, Why: "X (syndication) gives the post", Text: tt.is}}}
			v.Claims = func() []string { return []string{"The gauge stood at 4.12 m that day."} }
			v.Earlier = func() *archive.Earlier {
				return &archive.Earlier{Date: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), Capture: strings.Repeat("ab", 32),
					Content: func() *archive.Content {
						return &archive.Content{MediaType: "text/plain; charset=utf-8", Body: []byte(was), Post: !tt.page}
					}}
			}
			j := Judge(v)
			if j.Verdict != tt.want || tt.reason != "" && ReasonCode(j.Reasons[0]) != tt.reason {
				t.Errorf("%s, %q; want %s, %s", j.Verdict, j.Reasons, tt.want, tt.reason)
			}
			if (j.Compared != nil) != (tt.want == archive.Drifted || tt.name == "more") {
				t.Errorf("compared: %+v", j.Compared)
			}
		})
	}
}
