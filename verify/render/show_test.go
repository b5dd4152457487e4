package render

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify"
)

// hostileShow is a citation whose report and source both try to leave their place.
func hostileShow() *ShowResult {
	bad := "\x1b]0;owned\x07\x1b[31m::error file=a::b ##[group] \u202eevil\u2066 "
	claim := bad + "The flood of 7 May 2022 killed 1,200 sheep, said “nothing of that \x1b[2Jis true” Zafar Mirzoyev."
	doc := verify.Doc{Text: "Зафар Мирзоев \x1b[31m7 мая https://evil.test/x " + bad + strings.Repeat("слово ", 400), Title: bad}
	r := &ShowResult{
		Report: bad, Archive: bad, Marks: []seeds.Mark{{Claim: claim}}, Shown: strings.Repeat("ab", 32), Choice: ShownAsCited, Doc: doc,
		Citation: CitationResult{Citation: seeds.Citation{ID: "1.1", URL: "https://evil.test/x", Raw: "hxxps://evil[.]test/x" + bad, Defanged: true}},
		Claims:   []ShowClaim{{claim, verify.CheckClaim(claim, doc, 3)}},
	}
	r.Citation.Verdict, r.Citation.Reasons, r.Citation.Title = archive.Alive, []string{"http-200: " + bad}, bad
	r.Citation.Over = &OverTime{Decision: &archive.Decision{Decision: archive.DecideAlive, By: bad, Because: bad, Time: time.Unix(0, 0)}}
	r.Visits = []ShowVisit{{Judgement: archive.Judgement{Verdict: archive.Gone, Reasons: []string{"x: " + bad}}, FinalURL: bad, Capture: strings.Repeat("ab", 32), Content: bad}}
	return r
}

func TestShowHostile(t *testing.T) {
	for _, width := range []int{0, 40, 200} {
		for _, color := range []bool{false, true} {
			var out bytes.Buffer
			if err := Show(&out, hostileShow(), TextOptions{Width: width, Color: color}); err != nil {
				t.Fatal(err)
			}
			text := out.String()
			for _, s := range []string{"\x1b]", "\x1b[2J", "\x07", "\u202e", "\u2066", "##[", "https://evil", "evil.test"} {
				if strings.Contains(text, s) {
					t.Errorf("width %d: %q stands in\n%s", width, s, text)
				}
			}
			for line := range strings.Lines(text) {
				if !color && columns(strings.TrimSuffix(line, "\n")) > max(width, 80) || strings.HasPrefix(line, "::") {
					t.Errorf("width %d: line %q", width, line)
				}
			}
			if !strings.Contains(text, "Мирзоев") || color == strings.Contains(text, "_Зафар Мирзоев_") {
				t.Errorf("no highlights in\n%s", text)
			}
		}
	}
	var out bytes.Buffer
	if err := ShowJSON(&out, hostileShow()); err != nil {
		t.Fatal(err)
	}
	var document map[string]any
	if err := json.Unmarshal(out.Bytes(), &document); err != nil || strings.ContainsAny(out.String(), "\x1b\u202e\x07") {
		t.Error("JSON", err)
	}
}
