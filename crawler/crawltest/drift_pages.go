package crawltest

import (
	"fmt"
	"html"
	"strings"
)

// article is a page of news that changes in place.
type article struct {
	lang, title string
	date, views string // what changes by itself
	paragraphs  []string
	advert      string
	related     []string
	nonce       string // seen by machines alone
}

func (a article) html() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!doctype html>\n<html lang=%q>\n<head><meta charset=\"utf-8\"><title>%s</title><meta name=\"csrf\" content=%q></head>\n<body><header><nav><a href=\"/\">Home</a> <a href=\"/news\">News</a></nav></header>\n<article><h1>%s</h1><p class=\"meta\"><time>%s</time> <span>%s</span></p>\n",
		a.lang, html.EscapeString(a.title), a.nonce, html.EscapeString(a.title), a.date, a.views)
	for i, p := range a.paragraphs {
		fmt.Fprintf(&b, "<p>%s</p>\n", html.EscapeString(p))
		if i == 1 && a.advert != "" {
			fmt.Fprintf(&b, "<div class=\"advertisement\"><a href=\"https://ads.test/\">%s</a></div>\n", a.advert)
		}
	}
	b.WriteString("</article><aside class=\"related\"><h3>Read next</h3><ul>")
	for _, r := range a.related {
		fmt.Fprintf(&b, "<li><a href=\"/r\">%s</a></li>", r)
	}
	b.WriteString("</ul></aside><footer>All rights reserved</footer></body></html>\n")
	return b.String()
}

// pdf is the article as a file of one page, broken into lines of so many letters.
func (a article) pdf(width int) string {
	lines := []string{a.title, ""}
	for _, p := range a.paragraphs {
		line := ""
		for word := range strings.FieldsSeq(p) {
			if len(line)+len(word) >= width {
				lines = append(lines, line)
				line = ""
			}
			line = strings.TrimLeft(line+" "+word, " ")
		}
		lines = append(lines, line, "")
	}
	// What is behind the last object is for machines alone.
	return strings.Replace(pdfOf(lines), "trailer\n<<", fmt.Sprintf("trailer\n<< /ID [(%s) (%[1]s)]", a.nonce), 1)
}

// with is a copy of the article that was edited.
func (a article) with(edit func(*article)) article {
	a.paragraphs = append([]string(nil), a.paragraphs...)
	edit(&a)
	return a
}

// replace is a copy in which the text says something else.
func (a article) replace(old, new string) article {
	return a.with(func(b *article) {
		for i := range b.paragraphs {
			b.paragraphs[i] = strings.ReplaceAll(b.paragraphs[i], old, new)
		}
	})
}

func spillway() article {
	return article{lang: "en", title: "The spillway at Wend", date: "2026-03-02 09:14", views: "212 comments", nonce: "a1b2",
		advert: "Cheap flights to Lisbon from 29 euros", related: []string{"Ferry steps to be mended", "A bad year for plums"},
		paragraphs: []string{
			"The waterworks of the upper valley has had the dam at Wend surveyed for the first time since it was built in 1962.",
			"The survey found that water leaks at the foot of the dam at about 4 litres a second. The gate of the spillway opens by 61 per cent of its height and no further.",
			"An engineer who took part said that a leak of this kind is not unusual in a dam of this age, as long as it stays clear and does not grow from one month to the next.",
			"The council of the lower town had asked for the survey in the autumn, after a letter by Mara Lind, who keeps the mill below the bridge, was read aloud in its meeting.",
			"A second survey is due before the snow melts. Until then the level of the lake is kept two metres lower than in other years, which the anglers' club has protested against.",
		}}
}

func theOther() article {
	return article{lang: "en", title: "Brass bands on the green", date: "2026-06-20", views: "3 comments", paragraphs: []string{
		"Brass bands from four valleys will play on the green this Saturday, beginning at two in the afternoon with the juniors.",
		"The committee asks visitors to leave their cars at the sawmill, where a bus will wait for them every quarter of an hour until the evening.",
		"Tickets are sold at the bakery and at the gate. Children under twelve pay nothing if somebody comes with them and stays with them.",
		"If it rains the bands will play in the hall of the school, which holds fewer people, so that whoever has a ticket should come early.",
	}}
}

func flood() article {
	return article{lang: "ru", title: "Плотина в Венде", date: "2 марта 2026", views: "17 комментариев", paragraphs: []string{
		"Водоканал верхней долины впервые с 1962 года обследовал плотину в Венде, сообщил его представитель журналистам.",
		"По данным обследования, у подножия плотины вытекает около 4 литров воды в секунду. Затвор водосброса открывается на 61 процент высоты.",
		"Инженер, участвовавший в работе, сказал, что такая утечка обычна для плотины этого возраста, пока вода остаётся прозрачной.",
		"Второе обследование назначено на весну, до таяния снега. До тех пор уровень озера держат на два метра ниже обычного.",
	}}
}

// driftPages are sources that were as they were cited in phase 0, and change in
// place after it, or do not.
func driftPages() []trouble {
	const leak = "A survey found that the dam leaks at about 4 litres a second at its foot."
	a, stays := spillway(), []string{"alive", "alive"}
	kind := func(name, note, claim string, then []string, versions ...article) trouble {
		target := "/2026/" + name
		c := Case{Name: "drift-" + name, URL: "http://drift.test" + target, Want: alive(), Stable: true, Claim: claim, Then: then, Note: note}
		var pages []resource
		for _, v := range versions {
			pages = append(pages, htmlPage(v.html()).resource())
		}
		return trouble{Case: c, also: map[string]route{target: phases(pages...)}}
	}
	back, gone := []string{"drifted", "alive"}, []string{"drifted", "drifted"}
	advert := func(b *article) { b.advert = "Doctors hate this one simple trick from Brno" }
	all := []trouble{
		kind("digit", "one figure of what was cited changes, and is put right", leak, back, a, a.replace("4 litres", "6 litres"), a),
		kind("digit-stays", "one figure changes and stays so: the server says 304", leak, gone, a, a.replace("4 litres", "6 litres")),
		kind("digit-advert", "one figure changes, then only an advert", leak, gone, a, a.replace("4 litres", "6 litres"), a.replace("4 litres", "6 litres").with(advert)),
		kind("not", "what was cited is negated", leak, back, a, a.replace("found that water leaks", "found that water never leaks"), a),
		kind("word", "another word in what was cited", leak, gone, a, a.replace("litres a second", "litres a minute")),
		kind("name", "another name in what was cited", "Mara Lind, who keeps the mill, had a letter read aloud in the council.", gone, a, a.replace("Mara Lind", "Vera Lind")),
		kind("taken-out", "what was cited is taken out", leak, back, a, a.replace("The survey found that water leaks at the foot of the dam at about 4 litres a second. ", ""), a),
		kind("replaced", "another article stands in its place", leak, back, a, theOther(), a),
		kind("replaced-uncited", "another article, and no claim is known", "", gone, a, theOther()),
		kind("russian", "one figure of a Russian page", "У подножия плотины вытекает около 4 литров воды в секунду.", back, flood(), flood().replace("около 4", "около 9"), flood()),
		kind("time", "the time of its last change", leak, stays, a, a.with(func(b *article) { b.date = "3 days ago" })),
		kind("counter", "the number of comments", leak, stays, a, a.with(func(b *article) { b.views = "4,096 comments" }), a.with(func(b *article) { b.views = "5,120 comments" })),
		kind("advert", "another advert", leak, stays, a, a.with(advert), a.with(func(b *article) { b.advert = "" })),
		kind("related", "another list of what to read next", leak, stays, a, a.with(func(b *article) { b.related = []string{"Dam leaks 9 litres a second", "Mill to close"} })),
		kind("machine", "bytes that no reader sees", leak, stays, a, a.with(func(b *article) { b.nonce = "c3d4" }), a.with(func(b *article) { b.nonce = "e5f6" })),
		kind("typography", "quotation marks and spaces", leak, stays, a, a.replace("water leaks", "water  “leaks”")),
		kind("elsewhere", "a figure that is not cited", leak, stays, a, a.replace("two metres", "three metres")),
		kind("grown", "more text behind it", leak, stays, a, a.with(func(b *article) { b.paragraphs = append(b.paragraphs, theOther().paragraphs...) })),
		kind("same", "nothing changes", leak, stays, a),
	}
	text := func(name string, then []string, versions ...string) trouble {
		t := kind(name, "a plain text", leak, then)
		var pages []resource
		for _, v := range versions {
			pages = append(pages, page{ctype: "text/plain; charset=utf-8", body: v}.resource())
		}
		t.also = map[string]route{"/2026/" + name: phases(pages...)}
		return t
	}
	plain := strings.Join(a.paragraphs, "\n\n") + "\n"
	file := func(name, note string, then []string, versions ...string) trouble {
		t := kind(name, note, leak, then)
		target := "/2026/" + name + ".pdf"
		t.URL = "http://drift.test" + target
		var pages []resource
		for _, v := range versions {
			pages = append(pages, page{ctype: "application/pdf", body: v}.resource())
		}
		t.also = map[string]route{target: phases(pages...)}
		return t
	}
	all = append(all,
		file("pdf", "one figure of a PDF changes, and is put right", back, a.pdf(90), a.replace("4 litres", "6 litres").pdf(90), a.pdf(90)),
		file("pdf-again", "a PDF is made anew, then laid out anew", stays, a.pdf(90), a.with(func(b *article) { b.nonce = "c3d4" }).pdf(90), a.pdf(64)))
	all = append(all, text("plain", back, plain, strings.Replace(plain, "4 litres", "6 litres", 1), plain))

	moved := func(name, note string, then []string, to article) trouble {
		t := kind(name, note, leak, then)
		t.also = map[string]route{
			"/2026/" + name:    phases(htmlPage(a.html()).resource(), redirect(301, "/archive/"+name).resource()),
			"/archive/" + name: always(htmlPage(to.html()).resource()),
		}
		return t
	}
	return append(all,
		moved("moved", "moves for good with its text", []string{"moved", "moved"}, a),
		moved("moved-digit", "moves for good, and one figure with it changes", gone, a.replace("4 litres", "6 litres")),
		moved("moved-other", "moves for good to another text", gone, theOther()))
}

// manyPages were articles in phase 0 and are redirected to one page of their site
// after it, while its other addresses are not found. As long as few are known to
// end there, each is only seen to be another text.
func manyPages() []trouble {
	var all []trouble
	topic := htmlPage(simple("News from the valley", "Brass bands, ferries and plums: all that is new, every day. Choose a topic."))
	for i := range 6 {
		target := fmt.Sprintf("/2026/many-%d", i)
		a := spillway().replace("1962", fmt.Sprint(1962+i)).with(func(b *article) { b.title += fmt.Sprintf(", part %d", i) })
		all = append(all, trouble{
			Case: Case{Name: fmt.Sprintf("many-%d", i), URL: "http://many.test" + target, Want: alive(), Stable: true, Then: []string{"drifted|soft-404", "soft-404"},
				Claim: "The dam leaks at about 4 litres a second.", Note: "redirected with all others to one page"},
			also: map[string]route{
				target:           phases(htmlPage(a.html()).resource(), redirect(301, "/topics/valley").resource()),
				"/topics/valley": always(topic.resource()),
			}})
	}
	return all
}
