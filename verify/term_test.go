package verify

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestTerms(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"Stopped, stops and stopping", "stop stop and stop"},
		{"He tries; she tried to try.", "he try she try to try"},
		{"making makes made", "mak mak mad"},
		{"this class is glass", "this class is glass"},
		{"Café naïve Ёлка", "caf naiv елка"},
		{"don't 1990s 3rd", "don 1990 3 rd"},
		{"1,200 and 1 200 and 1\u00a0200 and 1.200", "1200 and 1200 and 1200 and 1200"},
		{"1,234,567 and 1.234.567,50", "1234567 and 1234567.5"},
		{"3.5 and 3,50 and 0.125 and 007", "3.5 and 3.5 and 0.125 and 7"},
		{"in 2015 300 people, 10-20 or 3/4", "in 2015 300 peopl 10 20 or 3 4"},
		{"١٢ و ۱۲", "12 و 12"},
		{"twelve, Two, one", "12 2 one"},
		{"COVID-19", "covid 19"},
		{"12 March 2015", "12 month3 2015"},
		{"March 12, 2015", "month3 12 2015"},
		{"12 марта 2015 года", "12 month3 2015 года"},
		{"2015-03-12 and 12.03.2015 and 3/12/2015 and 31/12/2015", "2015 12 3 month3 and 2015 12 3 month3 and 2015 3 12 month12 month3 and 2015 31 12 month12"},
		{"they march, they may", "they march they may"},
		{"May 5", "month5 5"},
		{"президент президента президентом", "президент президент президент"},
		{"كتاب الكتاب کتاب", "کتاب کتاب کتاب"},
		{"99999-99-99 1.2.3.4.5.6.7.8.9", "99999 99 99 1.2 3.4 5.6 7.8 9"},
		{strings.Repeat("9", 100), strings.Repeat("9", 32)},
		{"", ""},
	} {
		var got []string
		for term := range terms(tt.text) {
			got = append(got, strings.ReplaceAll(term.key, " ", ""))
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestTermNames(t *testing.T) {
	var got []string
	const text = "The minister met Anna Lee of NATO. Later Ivan left.\nNATO did not."
	for term := range terms(text) {
		if term.name {
			got = append(got, text[term.Start:term.End])
		}
	}
	if diff := cmp.Diff([]string{"Anna", "Lee", "NATO", "Ivan", "NATO"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzTerms(f *testing.F) {
	for _, seed := range []string{"1.2-3/4 5", "Ёлки, ١٢٣٬٤٥٦٫٧", "2015-03-", "ied ing ies", "كتاب\u0640\u064e", "\xff1\xff", "İstanbul ß"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at := Span{}
		for term := range terms(text) {
			if term.key == "" || term.Start >= term.End || term.End > len(text) || term.Start < at.Start || term.Start < at.End && term.Span != at {
				t.Fatalf("%q: %+v after %v", text, term, at)
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[term.Start:term.End]) {
				t.Fatalf("%q: %+v cuts a character", text, term)
			}
			at = term.Span
		}
	})
}
