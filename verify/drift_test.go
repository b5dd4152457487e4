package verify

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// story makes a page of news around its paragraphs.
type story struct {
	title, date, views, advert string
	paragraphs, related        []string
}

func raid() story {
	return story{
		title: "Police raid three towns in the north",
		date:  "2 hours ago", views: "154 comments", advert: "Buy a Falcon 9000 now and save 40 percent",
		paragraphs: []string{
			"Police in the north of the country raided homes in three towns on Tuesday night, officials of the interior ministry said on Wednesday.",
			"The ministry said that 15 men were arrested and that 3 officers were wounded in Khujand. It denied reports of looting.",
			"Residents told reporters that the raids began shortly before midnight and went on until the early morning, when the roads were opened again.",
			"The governor, who has been in office since 2019, called the raids a success and thanked the police for what he called their restraint.",
			"Opposition politicians asked for an independent inquiry, and said that families of those arrested had not been told where they were held.",
			"Trials are expected to begin in the autumn, lawyers said, although the court has yet to name the judges who will hear the cases.",
		},
		related: []string{"Wheat prices rise again", "A bridge for the capital", "Football: the north loses in the cup"},
	}
}

func (s story) html() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!doctype html><html lang="en"><head><title>%s</title></head><body><nav><a href="/">Home</a> <a href="/w">World</a></nav>
<article><h1>%[1]s</h1><p class="meta"><time>%s</time> · <span>%s</span></p>`, s.title, s.date, s.views)
	for i, p := range s.paragraphs {
		fmt.Fprintf(&b, "<p>%s</p>\n", p)
		if i == 2 && s.advert != "" {
			fmt.Fprintf(&b, `<div class="advertisement"><a href="https://ads.test/">%s</a></div>`, s.advert)
		}
	}
	b.WriteString(`</article><aside class="related"><h3>Read next</h3><ul>`)
	for _, r := range s.related {
		fmt.Fprintf(&b, `<li><a href="/r">%s</a></li>`, r)
	}
	b.WriteString(`</ul></aside><footer>All rights reserved</footer></body></html>`)
	return b.String()
}

func (s story) replace(old, new string) story {
	s.paragraphs = slices.Clone(s.paragraphs)
	for i, p := range s.paragraphs {
		s.paragraphs[i] = strings.ReplaceAll(p, old, new)
	}
	return s
}

const arrests = "The interior ministry said 15 men had been arrested and three officers wounded in Khujand."

func TestCompare(t *testing.T) {
	from := raid()
	other := raid()
	other.title, other.paragraphs = "Wheat prices rise again", []string{
		"Wheat cost a tenth more in April than a year before, the office of statistics reported, as a dry spring kept the harvest small.",
		"Bakers in the capital said that they would have to ask more for bread, while mills hope for imports from the neighbouring countries.",
		"The minister of agriculture promised loans to farmers who have lost a part of their crop, and asked banks to wait for repayment.",
	}
	with := func(f func(*story)) story { s := raid(); f(&s); return s }
	for _, c := range []struct {
		name   string
		to     story
		claim  string
		want   Class
		reason string
	}{
		{"nothing", raid(), arrests, Same, "text-same"},
		{"time", with(func(s *story) { s.date = "3 days ago" }), arrests, Touched, "cited-stands"},
		{"counter", with(func(s *story) { s.views = "12,954 comments" }), arrests, Touched, "cited-stands"},
		{"advert", with(func(s *story) { s.advert = "Cheap flights to Lisbon from 29 euros" }), arrests, Touched, "cited-stands"},
		{"no advert", with(func(s *story) { s.advert = "" }), arrests, Touched, "cited-stands"},
		{"related", with(func(s *story) {
			s.related = []string{"15 men arrested in Khujand: what is known", "Ministry wounded by words"}
		}), arrests, Touched, "cited-stands"},
		{"everything around", with(func(s *story) {
			s.date, s.views, s.advert, s.related = "yesterday", "9 comments", "x y z", nil
		}), "", Touched, "main-"},
		{"typography", raid().replace("15 men were arrested and that", "15  men were “arrested”, and that"), arrests, Touched, "cited-stands"},
		{"digit", raid().replace("15 men", "16 men"), arrests, Drifted, "cited-number"},
		{"digit of a word", raid().replace("3 officers", "three officers"), arrests, Touched, "cited-stands"},
		{"another digit of a word", raid().replace("3 officers", "four officers"), arrests, Drifted, "cited-number"},
		{"not", raid().replace("men were arrested", "men were not arrested"), arrests, Drifted, "cited-negation"},
		{"not, first", raid().replace("The ministry said that 15", "Never: the ministry said that 15"), arrests, Drifted, "cited-negation"},
		{"contraction", raid().replace("men were arrested", "men weren’t arrested"), arrests, Drifted, "cited-negation"},
		{"name", raid().replace("wounded in Khujand", "wounded in Kulob"), arrests, Drifted, "cited-name"},
		{"word", raid().replace("officers were wounded", "officers were killed"), arrests, Drifted, "cited-words"},
		{"behind", raid().replace("wounded in Khujand.", "wounded in Khujand, but withdrew it."), arrests, Drifted, "cited-words"},
		{"taken out", raid().replace("The ministry said that 15 men were arrested and that 3 officers were wounded in Khujand. ", ""), arrests, Drifted, "cited-missing"},
		{"digit elsewhere", raid().replace("since 2019", "since 2018"), arrests, Touched, "cited-stands"},
		{"digit, nothing cited", raid().replace("15 men", "16 men"), "", Touched, "main-touched"},
		{"another language", raid().replace("15 men", "16 men"), "МВД сообщило об аресте 40 человек.", Touched, "cited-unknown"},
		{"another page", other, arrests, Drifted, "cited-missing"},
		{"another page, nothing cited", other, "", Drifted, "page-replaced"},
		{"grown", with(func(s *story) { s.paragraphs = append(s.paragraphs, other.paragraphs...) }), arrests, Changed, "page-grown"},
		{"grown, nothing cited", with(func(s *story) { s.paragraphs = append(s.paragraphs, other.paragraphs...) }), "", Changed, "page-grown"},
		{"half of it new", with(func(s *story) {
			s.paragraphs = append(slices.Clone(s.paragraphs[:3]), other.paragraphs...)
		}), arrests, Changed, "main-changed"},
		{"half of it new, nothing cited", with(func(s *story) {
			s.paragraphs = append(slices.Clone(s.paragraphs[:3]), other.paragraphs...)
		}), "", Drifted, "main-changed"},
		// The old sentence in a teaser does not hide that the article has another.
		{"digit, and a teaser", with(func(s *story) {
			*s = s.replace("15 men", "16 men")
			s.related = []string{"The ministry said that 15 men were arrested and that 3 officers were wounded in Khujand."}
		}), arrests, Drifted, "cited-number"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cited := Cited{}
			if c.claim != "" {
				cited.Claims = []string{c.claim}
			}
			old, new := pageOf(t, from.html()), pageOf(t, c.to.html())
			d := Compare(old, new, cited)
			if d.Class != c.want || !slices.ContainsFunc(d.Reasons, func(r string) bool { return strings.HasPrefix(r, c.reason) }) {
				t.Errorf("got %s %.3f %.3f %v, want %s %s\n%+v", d.Class, d.Score, d.Kept, d.Reasons, c.want, c.reason, d.Cited)
			}
			checkDrift(t, old, new, d)
		})
	}
}

// Quoted words are followed like a claim.
func TestCompareQuote(t *testing.T) {
	from := raid()
	for to, want := range map[string]Class{"since 2018, called": Drifted, "since 2019, — called": Touched} {
		s := from.replace("since 2019, called", to)
		d := Compare(pageOf(t, from.html()), pageOf(t, s.html()), Cited{Quotes: []string{"called the raids a success"}})
		if d.Class != want || len(d.Cited) != 1 || !d.Cited[0].Quoted {
			t.Errorf("%s: got %s %v %+v, want %s", to, d.Class, d.Reasons, d.Cited, want)
		}
	}
}

// What counts and ages inside a sentence is no drift, unless the claim says it.
func TestCompareVolatile(t *testing.T) {
	was := "The ministry said that 15 men were arrested in Khujand 3 hours ago 154 comments"
	is := "The ministry said that 15 men were arrested in Khujand 2 days ago 1,154 comments"
	page := func(s string) Page { return Page{Doc: Doc{Text: s}, Main: s, Extractor: MainExtractor} }
	for claim, want := range map[string]Fate{
		"The ministry said 15 men were arrested in Khujand.":                     Stands,
		"The ministry's arrest of 15 men in Khujand drew 154 comments in a day.": Altered,
	} {
		d := Compare(page(was), page(is), Cited{Claims: []string{claim}})
		if len(d.Cited) != 1 || d.Cited[0].Fate != want {
			t.Errorf("%s: got %+v, want %s", claim, d.Cited, want)
		}
	}
}

// checkDrift checks that a Drift keeps to its texts.
func checkDrift(t *testing.T, old, new Page, d Drift) {
	t.Helper()
	if err := d.Class.Validate(); err != nil || len(d.Reasons) == 0 {
		t.Error(err, d.Reasons)
	}
	if d.Score < 0 || d.Score > 1 || d.Kept < 0 || d.Kept > 1 {
		t.Errorf("score %v, kept %v", d.Score, d.Kept)
	}
	for _, s := range d.Cited {
		was, is := old.Text, new.Text
		if s.Main {
			was, is = old.Main, new.Main
			if d.Extractor == VisibleExtractor {
				was, is = old.Text, new.Text
			}
		}
		if got := was[s.Old.Start:s.Old.End]; got != s.Was {
			t.Errorf("was %q, not %q", got, s.Was)
		}
		if got := is[s.New.Start:s.New.End]; got != "" && got != s.Is {
			t.Errorf("is %q, not %q", got, s.Is)
		}
		if s.Fate != Stands && d.Class != Drifted {
			t.Errorf("%s: %s", s.Fate, d.Class)
		}
		if s.Fate == Altered {
			checkEdits(t, s.Was, s.Is, s.Edits)
		}
	}
}

// checkEdits checks that edits make one text of another.
func checkEdits(t *testing.T, old, new string, edits []Edit) {
	t.Helper()
	var was, is, kept, same []string
	for _, e := range edits {
		o, n := keysOf(old[e.Old.Start:e.Old.End]), keysOf(new[e.New.Start:e.New.End])
		was, is = append(was, o...), append(is, n...)
		if e.Op == Kept {
			kept, same = append(kept, o...), append(same, n...)
		}
	}
	if len(edits) == 0 {
		return
	}
	// The first token of a stretch may lose a minus sign that it has in the text.
	strip := func(keys []string) string { return strings.ReplaceAll(strings.Join(keys, " "), "-", "") }
	if strip(was) != strip(keysOf(old)) || strip(is) != strip(keysOf(new)) || strip(kept) != strip(same) {
		t.Errorf("edits %+v do not make %q of %q", edits, new, old)
	}
}

func TestEdits(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"one two three", "one three", "one [-two-] three"},
		{"1,200 men", "1 200 men", "1,200 men"},
		{"12:45 and 1.5", "12:46 and 15", "[-12:45-] {+12:46+} and [-1.5-] {+15+}"},
		{"", "new", "{+new+}"},
		{"It was −5 °C", "It was 5 °C", "It was [-−5-] {+5+} °C"},
		{"دیروز ۱۲ نفر", "دیروز ۱۳ نفر", "دیروز [-۱۲-] {+۱۳+} نفر"},
		{"警方逮捕了十五人", "警方没有逮捕十五人", "警方 {+没有+} 逮捕 [-了-] 十五人"},
	} {
		if got := marked(c.old, c.new); got != c.want {
			t.Errorf("%q to %q: got %q, want %q", c.old, c.new, got, c.want)
		}
	}
}

// marked writes edits as wdiff does.
func marked(old, new string) string {
	var parts []string
	for _, e := range Edits(old, new) {
		switch e.Op {
		case Kept:
			parts = append(parts, old[e.Old.Start:e.Old.End])
		case Deleted:
			parts = append(parts, "[-"+old[e.Old.Start:e.Old.End]+"-]")
		case Inserted:
			parts = append(parts, "{+"+new[e.New.Start:e.New.End]+"+}")
		}
	}
	return strings.Join(parts, " ")
}

// Texts that are too different to be aligned are still told as edits.
func TestEditsLarge(t *testing.T) {
	var a, b strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&a, "w%d x%d. ", i*7%1009, i)
		fmt.Fprintf(&b, "w%d y%d. ", i*11%1013, i)
	}
	edits := Edits(a.String(), b.String())
	checkEdits(t, a.String(), b.String(), edits)
	same := a.String()
	if edits := Edits(same, strings.Replace(same, "x30000.", "x.", 1)); len(edits) != 3 {
		t.Errorf("one word of many differs, and there are %d edits", len(edits))
	}
}

func FuzzCompare(f *testing.F) {
	s := raid()
	f.Add(s.html(), s.replace("15 men", "16 men").html(), arrests, "called the raids a success")
	f.Add("<p>a\xff<table><td><p>", "<b><i><p>x", "x", "")
	f.Add("<p>ʻ ʼʻ oʻ", "<p>ʼ oʻ oʼ.", "ʻ", "ʼ")
	f.Add("1 2 3 -4 ago 5 hours ago", "1 2 3 -4", "1 2 3", "1 2 3 4")
	f.Fuzz(func(t *testing.T, a, b, claim, quote string) {
		old, new := pageOf(t, a), pageOf(t, b)
		cited := Cited{Claims: []string{claim}, Quotes: []string{quote}}
		for _, p := range []Page{old, new} {
			if !utf8.ValidString(p.Main) {
				t.Fatalf("main text %q", p.Main)
			}
			if d := Compare(p, p, cited); d.Class != Same {
				t.Fatalf("a page is not what it is: %+v", d)
			}
		}
		d := Compare(old, new, cited)
		checkDrift(t, old, new, d)
		if again := Compare(old, new, cited); !cmp.Equal(d, again) {
			t.Fatal(cmp.Diff(d, again))
		}
	})
}

// Other scripts have numbers, negations and names, too.
func TestCompareScripts(t *testing.T) {
	page := func(s string) Page { return Page{Doc: Doc{Text: s}, Main: s, Extractor: MainExtractor} }
	russian := "Заголовок новости\nВ 2015 г. МВД сообщило, что в Худжанде арестовали 15 человек и трое ранены. Президент выразил сожаление.\n" +
		"Ещё одна строка о погоде в горах и о дорогах, которые закрыты."
	persian := "وزارت کشور گفت که ۱۵ نفر در خجند بازداشت شدند و سه نفر زخمی شدند. مردم گفتند شب آرام بود.\nخط دیگر درباره هوا و جاده‌های کوهستانی است."
	for _, c := range []struct {
		text, claim, old, new string
		want                  Class
		reason                string
	}{
		{russian, "МВД сообщило об аресте 15 человек в Худжанде, трое ранены.", "15 человек", "16 человек", Drifted, "cited-number"},
		{russian, "МВД сообщило об аресте 15 человек в Худжанде, трое ранены.", "арестовали", "не арестовали", Drifted, "cited-negation"},
		{russian, "МВД сообщило об аресте 15 человек в Худжанде, трое ранены.", "Худжанде", "Кулябе", Drifted, "cited-name"},
		{russian, "МВД сообщило об аресте 15 человек в Худжанде, трое ранены.", "погоде", "ветре", Touched, "cited-stands"},
		{persian, "وزارت کشور گفت ۱۵ نفر در خجند بازداشت شدند", "۱۵", "۱۶", Drifted, "cited-number"},
		{persian, "وزارت کشور گفت ۱۵ نفر در خجند بازداشت شدند", "بازداشت شدند", "بازداشت نشدند", Drifted, "cited-words"},
		{persian, "وزارت کشور گفت ۱۵ نفر در خجند بازداشت شدند", "۱۵", "15", Touched, "cited-stands"},
	} {
		old, new := page(c.text), page(strings.Replace(c.text, c.old, c.new, 1))
		d := Compare(old, new, Cited{Claims: []string{c.claim}})
		if d.Class != c.want || !strings.HasPrefix(d.Reasons[0], c.reason) {
			t.Errorf("%s to %s: got %s %v, want %s %s", c.old, c.new, d.Class, d.Reasons, c.want, c.reason)
		}
		checkDrift(t, old, new, d)
	}
}

// TestSpelledAlike compares sentences that differ only in how English is spelled.
func TestSpelledAlike(t *testing.T) {
	for _, c := range []struct {
		was, is string
		alike   bool
	}{
		{"The dam was not inspected.", "The dam wasn’t inspected.", true}, {"They cannot say.", "They can't say.", true}, {"It will not hold.", "It won't hold.", true}, {"It is not so.", "It is\u00adn’t so.", true}, {"ISN'T", "is not", true},
		{"Nine men and 3 women.", "9 men and three women.", true}, {"Twelve of twenty.", "12 of 20.", true},
		{"The dam was inspected.", "The dam wasn't inspected.", false}, {"Nine men.", "Eight men.", false}, {"One man.", "1 man.", false}, {"The cant of it.", "The can't of it.", false},
	} {
		edits := Edits(c.was, c.is)
		if alike := len(edits) == 1 && edits[0].Op == Kept; alike != c.alike {
			t.Errorf("%q and %q: %+v", c.was, c.is, edits)
		}
		checkEdits(t, c.was, c.is, edits)
	}
}
