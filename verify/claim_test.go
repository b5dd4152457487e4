package verify

import (
	"fmt"
	"slices"

	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadFigures(t *testing.T) {
	for text, want := range map[string]string{
		"1,200 sheep": "1200|1.2", "1 200 sheep": "1200", "1.2 thousand": "1200", "12,5 %": "12.5", "1,234.5 and 1.234,5": "1234.5; 1234.5",
		"twelve men": "12", "at least 35": "35", "35%": "35", "thirty-five": "35", "two hundred and forty-one": "241", "a hundred": "100",
		"two and three": "2; 3", "twenty five thousand three hundred": "25300", "2.5 million": "2500000", "3bn": "3000000000", "$5m": "5000000", "100m": "100000000|100", "12½": "12.5", "1½ million": "1500000", "one and a half million": "1500000", "three and a half thousand": "3500", "3 and a half": "3.5",
		"half a million": "500000", "half a loaf": "", "5 and a hat": "5", "1,00,000": "100000", "2,50,00,000": "25000000", "10 lakh": "1000000", "2 crore": "20000000", "1,00": "1", "полтора миллиона": "1500000", "35k": "35000",
		"the 21st": "21", "5-го": "5", "двести сорок один человек": "241", "12 тыс. тонн": "12000", "1,5 млн": "1500000", "тысяча": "1000",
		"бисту панҷ нафар": "25", "йигирма беш": "25", "жиырма бес": "20", "жыйырма беш": "25", "۱۲ نفر": "12", "١٬٢٠٠": "1200|1.2", "٣٥": "35",
		"بیست و پنج نفر": "25", "۲ هزار": "2000", "خمسة": "5", "0.50": "0.5", "007": "7", "1.2.3": "1", "thousands of people": "", "two dozen": "24",
		"one": "1", "third": "3", "2-3": "2; 3", "1 200 300": "1200300", "12 34": "12; 34", "сад": "", "он": "", "nineteen": "19", "one million two hundred thousand": "1200000",
	} {
		var got []string
		for line := range lexemes(text) {
			for _, f := range readFigures(text, line, make([]bool, len(line))) {
				got = append(got, strings.Join(f.values, "|"))
			}
		}
		if s := strings.ReplaceAll(strings.Join(got, "; "), "1.2.3", ""); s != want && !(text == "1.2.3" && strings.HasPrefix(s, "1")) {
			t.Errorf("%s: %q, want %q", text, s, want)
		}
	}
}

func TestReadDates(t *testing.T) {
	for text, want := range map[string]string{
		"2022-05-07": "2022-5-7", "07.05.2022": "2022-5-7", "5/7/2022": "2022-7-5|2022-5-7", "13/5/2022": "2022-5-13", "5/13/2022": "2022-5-13",
		"May 7, 2022": "2022-5-7", "May 7": "0-5-7", "7 May 2022": "2022-5-7", "7th of May, 2022": "2022-5-7", "the 7th May": "0-5-7", "May 2022": "2022-5-0", "May 7th, 2022": "2022-5-7",
		"7 мая": "0-5-7", "7 мая 2022 года": "2022-5-7", "7-го мая": "0-5-7", "5–7 May 2022": "2022-5-7; 2022-5-5", "May 5–7, 2022": "2022-5-5; 2022-5-7",
		"2022 йил 7 май": "2022-5-7", "2022 жылғы 7 мамыр": "2022-5-7", "2022-жылдын 7-майы": "2022-5-7", "7 майи соли 2022": "2022-5-7", "3 maggio 2022": "2022-5-3", "3 de maio de 2022": "2022-5-3", "3. května 2022": "2022-5-3", "2022. május 3.": "2022-5-3",
		"2022年5月3日": "2022-5-3", "2022년 5월 3일": "2022-5-3", "3 मई 2022": "2022-5-3", "maio": "", "in mei": "", "7 مه ۲۰۲۲": "2022-5-7", "7 مايو 2022": "2022-5-7",
		"۱۷ اردیبهشت ۱۴۰۱": "2022-5-7", "1401/02/17": "2022-5-7", "۳۰ اسفند ۱۴۰۳": "2025-3-20", "۳۰ اسفند ۱۴۰۲": "", "۱ حمل ۱۴۰۰": "2021-3-21",
		"in 2015": "2015-0-0", "about 2000 people": "", "2,000": "", "may come": "", "it may 7": "", "31 and 12": "", "майор 7": "", "7 майора": "", "32 May": "0-5-0", "1/2/3": "",
	} {
		var got []string
		for line := range lexemes(text) {
			for _, d := range readDates(text, line, make([]bool, len(line))) {
				var all []string
				for _, t := range d.dates {
					all = append(all, fmt.Sprintf("%d-%d-%d", t.year, t.month, t.day))
				}
				got = append(got, strings.Join(all, "|"))
			}
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%s: %q, want %q", text, s, want)
		}
	}
}

// factLines writes the facts of a check as lines.
func factLines(c ClaimCheck, text string) []string {
	var all []string
	for _, f := range c.Facts {
		s := fmt.Sprintf("%s %s %s", f.Kind, f.State, f.Text)
		for i, at := range f.Source {
			if i == 0 {
				s += " = " + text[at.Start:at.End]
			}
		}
		all = append(all, s)
	}
	return all
}

func TestCheckClaim(t *testing.T) {
	long := strings.Repeat("The council met again on the matter of roads and schools in the old town hall. ", 12)
	for _, tt := range []struct {
		name, claim, source string
		facts, reasons      []string
	}{
		{
			"all there", "A flood of March 12, 2015 killed 1,200 sheep and three people in Norin, said Governor Aliya Karimova.", gazette,
			[]string{"date found March 12, 2015 = 12 March 2015", "number found 1,200 = 1,200", "number found three = three", "name found Norin = Norin", "name found Governor Aliya Karimova = governor, Aliya Karimova"}, nil,
		},
		{
			"some not", "On 13 March 2015 the flood killed 1,300 sheep near Norin, said Boris Karimov of the Red Cross.", gazette,
			[]string{"date not-found 13 March 2015", "number not-found 1,300", "name found Norin = Norin", "name not-found Boris Karimov", "name not-found Red Cross"},
			[]string{"date not found: 13 March 2015", "number not found: 1,300", "name not found: Boris Karimov", "name not found: Red Cross"},
		},
		{
			"quotes", "She said “nobody said when it would be built” and ‘the weather stays dry’, but not \"there is no hope for us\".", gazette,
			[]string{"quote found nobody said when it would be built = Nobody said when it would be built", "quote not-found the weather stays dry", "quote not-found there is no hope for us"},
			[]string{"quote found: nobody said when it would be built", "quote absent: the weather stays dry", "quote absent: there is no hope for us"},
		},
		{
			"another source", "Parliament elected Boris Yusupov as its speaker in October 2021 after a debate about taxes and pensions.", long,
			[]string{"name not-found Boris Yusupov", "date not-found October 2021"},
			[]string{"wrong-source suspected: the source has hardly anything of the claim (0 % by weight)", "name not found: Boris Yusupov", "date not found: October 2021"},
		},
		{"too little source", "Parliament elected Boris Yusupov as its speaker in October 2021 after a debate about taxes and pensions.", "Sign in to read on.",
			[]string{"name not-found Boris Yusupov", "date not-found October 2021"}, []string{"name not found: Boris Yusupov", "date not found: October 2021"}},
		{
			"Russian", "On May 7, 2022, at least seven rockets were fired at Tajikistan from Afghanistan, said Zafar Mirzoyev; 35 people were with the Islamic State.",
			"По словам Зафара Мирзоева, 7 мая с территории Афганистана в сторону Таджикистана были выпущены семь ракет. Никто из людей не пострадал, сообщили в комитете.",
			[]string{"date found May 7, 2022 = 7 мая", "number found seven = семь", "name found Tajikistan = Таджикистана", "name found Afghanistan = Афганистана", "name found Zafar Mirzoyev = Зафара Мирзоева",
				"number language-differs 35", "name language-differs Islamic State"},
			[]string{"language differs: the claim is in English, the source in Russian; what is not seen may stand there in other words"},
		},
		{
			"Persian", "On 7 May 2022, at least 12 Taliban fighters were killed in Kabul and Herat, said Amrullah Saleh.",
			"کابل: در ۱۷ ثور ۱۴۰۱ دست‌کم ۱۲ تن از جنگجویان طالبان کشته شدند. امرالله صالح این را گفت.",
			[]string{"date found 7 May 2022 = ۱۷ ثور ۱۴۰۱", "number found 12 = ۱۲", "name found Taliban = طالبان", "name found Kabul = کابل", "name language-differs Herat", "name found Amrullah Saleh = امرالله صالح"},
			[]string{"language differs: the claim is in English, the source in Persian; what is not seen may stand there in other words"},
		},
		{
			"Tajik", "Twenty-five people died in Khatlon in 2021.", "Дар соли 2021 дар Хатлон бисту панҷ нафар ҷони худро аз даст доданд, гуфт Вазорати корҳои дохилӣ ва ҷомеаи шаҳрӣ.",
			[]string{"number found Twenty-five = бисту панҷ", "name found Khatlon = Хатлон", "date found 2021 = 2021"},
			[]string{"language differs: the claim is in English, the source in Tajik; what is not seen may stand there in other words"},
		},
		{"no text", "It killed 35 people.", "", []string{"number unread 35"}, []string{"no text: the source has no text that could be read"}},
		{"names with numbers", "The G20 spoke of COVID-19 and an F-16[4].", "Nothing of it.", []string{"name not-found COVID"}, []string{"name not found: COVID"}},
		{"hardly a claim", "It was there.", gazette, nil, nil},
	} {
		c := CheckClaim(tt.claim, Doc{Text: tt.source}, 3)
		if diff := cmp.Diff(tt.facts, factLines(c, tt.source)); diff != "" {
			t.Errorf("%s: facts (-want +got):\n%s", tt.name, diff)
		}
		if diff := cmp.Diff(tt.reasons, c.Reasons); diff != "" {
			t.Errorf("%s: reasons (-want +got):\n%s", tt.name, diff)
		}
		if strings.Contains(strings.Join(c.Reasons, " "), "supported") {
			t.Error("a check says supported")
		}
	}
}

func TestHighlights(t *testing.T) {
	for _, tt := range []struct{ claim, want string }{
		{"A flood destroyed the bridge of Norin on 12.03.2015", "On [12 March 2015] a [flood] [destroyed] the old [bridge] of [Norin]. It killed 1,200 sheep and [three] people."},
		{"The governor said “nobody said when it would be built”, promising bridges", "The [governor], Aliya Karimova, visited the valley two days later.\nShe [promised] a new [bridge]. [Nobody said when it would be built]."},
	} {
		c := CheckClaim(tt.claim, Doc{Text: gazette}, 3)
		var got []string
		for _, p := range c.Passages {
			s, at := "", p.Start
			for _, h := range c.Highlights(p) {
				s += gazette[at:h.Start] + "[" + gazette[h.Start:h.End] + "]"
				at = h.End
			}
			got = append(got, s+gazette[at:p.End])
		}
		if !slices.Contains(got, tt.want) {
			t.Errorf("%s: %q", tt.claim, got)
		}
	}
}

// TestCheckClaimLarge holds a claim and a source that nobody reads by hand to
// bounded work: every limit is reached, and what is kept stays small.
func TestCheckClaimLarge(t *testing.T) {
	for name, part := range map[string]string{
		"prose": "Boris Karimov said on 7 May 2022 that “1,200 sheep of Norin” died. ", "digits": "1,1", "capitals": "A B-C ", "quotes": "«‘“", "words": "сто двести тысяч и ",
		"Arabic": "کابل هرات ۱۷ ثور ۱۴۰۱ ", "one line": "x", "months": "May мая 7-",
	} {
		claim, source := strings.Repeat(part, 1<<20/len(part)), strings.Repeat(part, 1<<20/len(part))
		c := CheckClaim(claim, Doc{Text: source}, 3)
		places := 0
		for _, f := range c.Facts {
			places += len(f.Source)
		}
		if len(c.Facts) > 4*factsLimit || places > len(c.Facts)*(spansLimit+1) || len(c.Passages) > 3 || len(c.Reasons) > len(c.Facts)+2 {
			t.Errorf("%s: %d facts in %d places, %d passages", name, len(c.Facts), places, len(c.Passages))
		}
	}
}

// TestCoverageOfItself sums the same weights often: in another order each time,
// they came to a little more than all of them.
func TestCoverageOfItself(t *testing.T) {
	for _, claim := range []string{
		"On 12 March 2015 the flood killed 1,200 sheep, said Boris Karimov of Norin.",
		"In May 2022 twenty-five goats of the valley drowned near Tashkent, the ministry of water told the Gazette on Friday.",
	} {
		for range 50 {
			if c := CheckClaim(claim, Doc{Text: claim}, 3); c.Coverage != 1 {
				t.Fatalf("%q covers %v of itself", claim, c.Coverage)
			}
		}
	}
}

func FuzzCheckClaim(f *testing.F) {
	f.Add("On 12 March 2015 the flood killed 1,200 sheep, said “nobody said when” Karimova.", gazette)
	f.Add("Twenty-five on May 5–7, 2022 in Khatlon", "۱۷ اردیبهشت ۱۴۰۱ бисту панҷ 2022-жылдын 7-майы 1401/02/17")
	f.Add("‘’«»[1]A-1", "\xff\xfe 1,2.3'4")
	f.Add("‘’«A ʼ", "94ʻ ʼʻ oʻ")
	f.Fuzz(func(t *testing.T, claim, text string) {
		doc := Doc{Text: strings.ToValidUTF8(text, "")}
		c := CheckClaim(claim, doc, 2)
		for _, fact := range c.Facts {
			for _, s := range fact.Source {
				if s.Start < 0 || s.Start >= s.End || s.End > len(doc.Text) {
					t.Fatalf("%s %q stands at %v of %d bytes", fact.Kind, fact.Text, s, len(doc.Text))
				}
			}
			if found := fact.State == FactFound || fact.State == FactPartly || fact.State == FactApproximate || fact.State == FactChanged; found && len(fact.Source) == 0 {
				t.Fatalf("%s %q is %s nowhere", fact.Kind, fact.Text, fact.State)
			}
		}
		for _, p := range c.Passages {
			last := p.Start
			for _, s := range c.Highlights(p) {
				if s.Start < last || s.End > p.End {
					t.Fatalf("highlight %v of passage %d-%d", s, p.Start, p.End)
				}
				last = s.End
			}
		}
		if c.Coverage < 0 || c.Coverage > 1 {
			t.Fatalf("coverage %v", c.Coverage)
		}
	})
}
