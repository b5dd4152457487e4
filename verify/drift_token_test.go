package verify

import (
	"slices"
	"testing"
)

// TestApostropheLetters reads words with the apostrophes that are letters by
// their category, ʻ (U+02BB) and ʼ (U+02BC), as with the one that is none: alone
// they once were a word without an end, and the reader never came to one.
func TestApostropheLetters(t *testing.T) {
	for text, want := range map[string][]string{
		"ʻ":                nil,
		"ʼ 94ʻ":            {"94"},
		"oʻzbek ʻokina":    {"o'zbek", "okina"},
		"gʻ, rock ʼnʼ ʻʻa": {"g", "rock", "n", "a"},
		"o’clock":          {"o'clock"},
	} {
		var got, words []string
		for _, token := range tokenize(text) {
			got = append(got, token.key)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: tokens %q, want %q", text, got, want)
		}
		for line := range lexemes(text) {
			for _, l := range line {
				words = append(words, text[l.Start:l.End])
			}
		}
		if len(words) != len(want) {
			t.Errorf("%q: lexemes %q, want as many as %q", text, words, want)
		}
	}
}
