package verify

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const speech = `The minister spoke on Tuesday. "We have arrested 15 men and seized the oﬃce’s papers, but nobody was hurt," he said in Dushanbe – the capital.
The opposition replied that it had not been told of the raid before it took place at 5.30 in the morning.
We have arrested 7 men elsewhere, the governor of Khatlon said. "It is true that nobody was hurt," the governor added, "in the raid."`

func TestAnchorQuote(t *testing.T) {
	for _, c := range []struct {
		name   string
		quote  string
		status QuoteStatus
		found  string
		kinds  []string
	}{
		{"as it stands", "nobody was hurt", QuoteFound, "nobody was hurt", nil},
		{"case, ligature, apostrophe, comma", "Seized the office's papers but Nobody was hurt", QuoteFound, "seized the oﬃce’s papers, but nobody was hurt", nil},
		{"over the end of a line", "the capital. The opposition", QuoteFound, "the capital.\nThe opposition", nil},
		{"part of a number", "5 men", QuoteAbsent, "", nil},
		{"part of a decimal", "30 in the morning", QuoteAbsent, "", nil},
		{"one digit", "We have arrested 16 men and seized the office's papers", QuoteChanged, "We have arrested 15 men and seized the oﬃce’s papers", []string{NumberChanged}},
		{"a negation less", "The opposition replied that it had been told of the raid before", QuoteChanged, "The opposition replied that it had not been told of the raid before", []string{NegationChanged}},
		{"another name", "but nobody was hurt, he said in Khujand, the capital", QuoteChanged, "but nobody was hurt,\" he said in Dushanbe – the capital", []string{NameChanged, WordsChanged}},
		{"another word", "replied that it had not been informed of the raid before it took place", QuoteApproximate, "replied that it had not been told of the raid before it took place", []string{WordsChanged}},
		{"left out", "We have arrested 15 men [...] but nobody was hurt", QuoteFound, "We have arrested 15 men", nil},
		{"left out, in another order", "nobody was hurt … The minister spoke", QuoteAbsent, "nobody was hurt", nil},
		{"short and different", "seized papers", QuoteAbsent, "", nil},
		{"something else", "Prices of wheat rose by a tenth in the first quarter of the year", QuoteAbsent, "", nil},
		{"interrupted in the source", "nobody was hurt in the raid", QuoteFound, "nobody was hurt,\" the governor added, \"in the raid", nil},
		{"interrupted, and changed", "nobody was hurt in the flood", QuoteAbsent, "", nil},
		{"fitted into a sentence", "[n]obody was hurt", QuoteFound, "nobody was hurt", nil},
		{"words of the quoting author", "We have arrested [them] in the morning", QuoteFound, "We have arrested", nil},
		{"nothing", "… “”", QuoteAbsent, "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := AnchorQuote(speech, Selector{Exact: c.quote})
			found, kinds := "", []string(nil)
			if len(a.Parts) > 0 {
				p := a.Parts[0]
				found, kinds = speech[p.Span.Start:p.Span.End], p.Kinds
			}
			if a.Status != c.status || found != c.found || !cmp.Equal(kinds, c.kinds) {
				t.Errorf("got %s %q %v, want %s %q %v (%.2f)", a.Status, found, kinds, c.status, c.found, c.kinds, a.Similarity)
			}
			if a.Status == QuoteFound && a.Similarity != 1 {
				t.Errorf("found, but similar by %.2f", a.Similarity)
			}
		})
	}
}

// Prefix and suffix choose between places that are equal.
func TestAnchorQuoteContext(t *testing.T) {
	text := "In March the price was 12 dollars. In April the price was 12 dollars. In May the price was 12 dollars and fell."
	for _, c := range []struct {
		prefix, suffix string
		at             int
	}{
		{"", "", strings.Index(text, "the price")},
		{"In April", "", strings.Index(text, "April ") + len("April ")},
		{"", "and fell", strings.Index(text, "May ") + len("May ")},
	} {
		a := AnchorQuote(text, Selector{Exact: "the price was 12 dollars", Prefix: c.prefix, Suffix: c.suffix})
		if len(a.Parts) != 1 || a.Parts[0].Span.Start != c.at {
			t.Errorf("%q %q: got %+v, want %d", c.prefix, c.suffix, a.Parts, c.at)
		}
	}
}

func TestQuoted(t *testing.T) {
	for sentence, want := range map[string][]string{
		`He said "we will not leave" and “a brand new beginning”.`: {"we will not leave", "a brand new beginning"},
		`The so-called "raid" of May.`:                             nil,
		`Министр сказал: «мы никого не трогали», и ушёл.`:          {"мы никого не трогали"},
		`An open "quote that never ends`:                           nil,
		`It's the minister's office's papers`:                      nil,
		`„Wir schaffen das auch“, sagte sie.`:                      {"Wir schaffen das auch"},
	} {
		if got := Quoted(sentence); !cmp.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", sentence, got, want)
		}
	}
}

func FuzzAnchorQuote(f *testing.F) {
	f.Add(speech, "We have arrested 16 men [...] nobody was hurt", "spoke", "he said")
	f.Add("a\xff b", "\xffa b", "", "")
	f.Add("ʻ ʼʻ oʻ", "ʻoʻzbek ʼ", "ʻ", "ʼ")
	f.Fuzz(func(t *testing.T, text, quote, prefix, suffix string) {
		a := AnchorQuote(text, Selector{quote, prefix, suffix})
		if a.Similarity < 0 || a.Similarity > 1 {
			t.Fatal("similarity", a.Similarity)
		}
		for _, p := range a.Parts {
			if p.Span.Start > p.Span.End {
				t.Fatal("span", p.Span)
			}
			checkEdits(t, p.Quote, text[p.Span.Start:p.Span.End], p.Edits)
			if a.Status == QuoteFound && !cmp.Equal(keysOf(p.Quote), keysOf(text[p.Span.Start:p.Span.End])) {
				t.Fatalf("%q is not %q", p.Quote, text[p.Span.Start:p.Span.End])
			}
		}
	})
}

func keysOf(s string) []string {
	var keys []string
	for _, t := range tokenize(s) {
		keys = append(keys, t.key)
	}
	return keys
}
