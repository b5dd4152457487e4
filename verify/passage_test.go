package verify

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// gazette is a source of several blocks with one report in them.
const gazette = `The Valley Gazette
News	Sport	Weather
Flood in Norin destroys bridge
On 12 March 2015 a flood destroyed the old bridge of Norin. It killed 1,200 sheep and three people. The governor, Aliya Karimova, visited the valley two days later.
She promised a new bridge. Nobody said when it would be built.
Residents complain about the price of bread in the valley. A loaf costs four somoni in the city.
The football club lost again on Sunday. The weather stays wet.
Subscribe to our newsletter`

func TestPassages(t *testing.T) {
	for _, tt := range []struct {
		name, text, claim string
		k                 int
		want, terms       []string // of the first passage
	}{
		{
			"best sentence", gazette, "A flood destroyed the bridge of Norin in March 2015.", 1,
			[]string{"On 12 March 2015 a flood destroyed the old bridge of Norin."},
			[]string{"March", "2015", "flood", "destroyed", "bridge", "Norin"},
		},
		{
			"neighbours join", gazette, "The flood of 12.03.2015 killed 3 people and 1200 sheep, and Governor Karimova visited.", 1,
			[]string{"On 12 March 2015 a flood destroyed the old bridge of Norin. It killed 1,200 sheep and three people. " +
				"The governor, Aliya Karimova, visited the valley two days later."},
			[]string{"12", "March", "2015", "flood", "killed", "1,200", "sheep", "three", "people", "governor", "Karimova", "visited"},
		},
		{
			"other forms of the words", gazette, "Bread prices: residents are complaining", 1,
			[]string{"Residents complain about the price of bread in the valley."},
			[]string{"Residents", "complain", "price", "bread"},
		},
		{"another subject", gazette, "Parliament elected a new speaker in October 2021 after a long debate about taxes.", 3, nil, nil},
		{"one word in common", gazette, "The weather service of Norway hired fourteen scientists.", 3, nil, nil},
		{"only common words", gazette, "It was there and they had it.", 3, nil, nil},
		{"no claim", gazette, "", 3, nil, nil},
		{"no text", "", "A flood destroyed the bridge.", 3, nil, nil},
		{"none wanted", gazette, "A flood destroyed the bridge of Norin.", 0, nil, nil},
		{
			"Cyrillic", "Погода хорошая. Президент подписал закон о воде 5 мая 2019 г. в столице. Спорт.",
			"Закон о воде подписан президентом 05.05.2019", 1,
			[]string{"Президент подписал закон о воде 5 мая 2019 г. в столице."},
			[]string{"Президент", "подписал", "закон", "воде", "5", "мая", "2019"},
		},
		{
			"dates across languages", "Погода хорошая. Наводнение 12 марта 2015 г. унесло 1 200 овец. Спорт.",
			"The flood of 12 March 2015 killed 1,200 sheep.", 1,
			[]string{"Наводнение 12 марта 2015 г. унесло 1 200 овец."},
			[]string{"12", "марта", "2015", "1 200"},
		},
		{
			"Arabic script", "الطقس جيد. وقع الرئيس قانون المياه في ۱۲ مارس 2019. الرياضة.",
			"الرئیس وقع قانون المیاه 12 مارس", 1,
			[]string{"وقع الرئيس قانون المياه في ۱۲ مارس 2019."},
			[]string{"وقع", "الرئيس", "قانون", "المياه", "۱۲", "مارس"},
		},
	} {
		var got []string
		passages := StrongPassages(Doc{Text: tt.text}, tt.claim, tt.k)
		for _, p := range passages {
			got = append(got, p.Text)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if len(passages) > 0 {
			if diff := cmp.Diff(tt.terms, passages[0].Terms); diff != "" {
				t.Errorf("%s: terms (-want +got):\n%s", tt.name, diff)
			}
		}
	}
}

// TestPassagesNumber holds a claim's number to decide between sentences that
// are otherwise alike.
func TestPassagesNumber(t *testing.T) {
	text := "In 2014 the plant made 300 tons of salt. In 2015 the plant made 450 tons of salt. In 2016 the plant made 500 tons of salt."
	best := Passages(Doc{Text: text}, "The plant produced 450 tons of salt in 2015.", 3)
	if len(best) == 0 || best[0].Text != "In 2015 the plant made 450 tons of salt." {
		t.Errorf("%+v", best)
	}
}

// TestPassagesWeak holds a passage with too little of the claim to be weak, and a
// strong one to come first.
func TestPassagesWeak(t *testing.T) {
	var got []string
	for _, claim := range []string{"The weather service of Norway hired fourteen scientists.", "A flood destroyed the bridge of Norin.", "Parliament promised in October 2021, after a long debate on taxes, that the capital would have another bridge.", "It was there and they had it."} {
		for _, p := range Passages(Doc{Text: gazette}, claim, 2) {
			got = append(got, fmt.Sprint(p.Weak, " ", p.Text))
		}
	}
	want := []string{
		"false Flood in Norin destroys bridge",
		"false On 12 March 2015 a flood destroyed the old bridge of Norin.",
		"true She promised a new bridge.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestPassagesPromises checks of any text and claim what Passages says of its
// result.
func TestPassagesPromises(t *testing.T) {
	words := strings.Fields("flood bridge Norin 2015 12 March people. killed it. Governor the? В 1,200 г. 5")
	words = append(words, "\n", "\t")
	draw := func(t *rapid.T, name string) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 60).Draw(t, name), " ")
	}
	rapid.Check(t, func(t *rapid.T) {
		doc, claim, k := Doc{Text: draw(t, "text")}, draw(t, "claim"), rapid.IntRange(-1, 5).Draw(t, "k")
		best := Passages(doc, claim, k)
		if len(best) > max(0, k) {
			t.Fatalf("%d passages", len(best))
		}
		if diff := cmp.Diff(best, Passages(doc, claim, k)); diff != "" {
			t.Fatalf("a second call differs:\n%s", diff)
		}
		for i, p := range best {
			if p.Start < 0 || p.End > len(doc.Text) || doc.Text[p.Start:p.End] != p.Text {
				t.Fatalf("%+v is no part of the text", p)
			}
			if p.Score <= 0 || p.Score > 1 || i > 0 && p.Weak == best[i-1].Weak && p.Score > best[i-1].Score || i > 0 && best[i-1].Weak && !p.Weak {
				t.Fatalf("score %v of passage %d", p.Score, i)
			}
			if n := len(Sentences(p.Text)); n < 1 || n > windowLength {
				t.Fatalf("%q has %d sentences", p.Text, n)
			}
			if len(p.Terms) == 0 {
				t.Fatalf("%q shares no term", p.Text)
			}
			for _, term := range p.Terms {
				if !strings.Contains(p.Text, term) {
					t.Fatalf("%q has no %q", p.Text, term)
				}
			}
			for _, other := range best[:i] {
				if p.Start < other.End && other.Start < p.End {
					t.Fatalf("%+v and %+v overlap", other, p)
				}
			}
		}
	})
}
