package seeds

import (
	"slices"
	"strings"
	"testing"
)

// TestInlineClaims reads what citations outside of notes are cited for.
func TestInlineClaims(t *testing.T) {
	for text, want := range map[string][]string{
		"The ministry said that [nine people](https://a.test/1) were killed. It rained.":                       {"The ministry said that nine people were killed."},
		"The dam broke on Monday.[^1] It was built in 1960 (https://a.test/1).\n\n[^1]: https://a.test/2":      {"It was built in 1960.", "The dam broke on Monday."},
		"Two [reports](https://a.test/1) and a [survey](https://a.test/2) say that the dam was old.":           {"Two reports and a survey say that the dam was old.", "Two reports and a survey say that the dam was old."},
		"Before it. The council, says [the Gazette](https://a.test/1), had been warned[^1].\n\n[^1]: A minute": {"The council, says the Gazette, had been warned."},
		"[The plan of the council for the dam](https://a.test/1)":                                              {""},
		"See [the plan](https://a.test/1).":                                                                    {""},
		"- [A](https://a.test/1)\n- [B](https://a.test/2)":                                                     {"", ""},
		"Smith, J. The dam and the river, Gazette, https://a.test/1":                                           {""},
		"Smith, J. The dam and the river, [Gazette](https://a.test/1), accessed 3 May 2022.":                   {""},
		"It was said at length by [https://a.test/1](https://a.test/1) in the year before.":                    {""},
		strings.Repeat("and then ", 300) + "came [the dam](https://a.test/1).":                                 {""},
	} {
		r := mustRead(t, "r.md", []byte(text))
		var got []string
		for _, c := range r.Citations {
			claim := ""
			for _, m := range c.Marks {
				claim += m.Claim
			}
			got = append(got, claim)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s\n%q, want %q", text, got, want)
		}
	}
}
