package verify

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// realPage is one of the real articles: its page, and a sentence of it that a
// report may cite.
type realPage struct {
	id, html string
	page     Page
	cited    string
}

func pageOf(t testing.TB, html string) Page {
	p, err := ReadPage(strings.NewReader(html), "text/html; charset=utf-8", "https://news.test/2026/05/article.html")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func pageText(t testing.TB, html string) string {
	d, err := Text(strings.NewReader(html), "text/html; charset=utf-8", "")
	if err != nil {
		t.Fatal(err)
	}
	return d.Text
}

// inOtherWords is what a report may make of a sentence: two words of three.
func inOtherWords(s string) string {
	var kept []string
	for i, w := range strings.Fields(s) {
		if i%3 != 1 {
			kept = append(kept, w)
		}
	}
	return "According to reports, " + strings.Join(kept, " ")
}

// realPages reads the articles. Cited is a sentence of the middle that stands in
// one piece in the source of its page, so that a test can edit it there.
func realPages(t *testing.T) []realPage {
	dir := articleDir(t)
	truth, err := os.ReadFile(filepath.Join(dir, "ground-truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var articles map[string]struct {
		Body string `json:"articleBody"`
	}
	if err := json.Unmarshal(truth, &articles); err != nil {
		t.Fatal(err)
	}
	var pages []realPage
	for _, id := range slices.Sorted(maps.Keys(articles)) {
		p := realPage{id: id[:8], html: readArticle(t, filepath.Join(dir, "html", id+".html.gz"))}
		p.page = pageOf(t, p.html)
		body := articles[id].Body
		all := Sentences(body)
		for i := range all {
			s := body[all[(i+len(all)/2)%len(all)].Start:all[(i+len(all)/2)%len(all)].End]
			// It may stand in the page again, in a script or an attribute, or nowhere else.
			if len(readClaim(s).weight) >= 6 && strings.Contains(p.html, s) && strings.Count(p.page.Text, s) == 1 &&
				!strings.Contains(pageText(t, strings.ReplaceAll(p.html, s, "")), s) {
				p.cited = s
				break
			}
		}
		pages = append(pages, p)
	}
	return pages
}

var (
	timeElement = regexp.MustCompile(`(?is)(<time\b[^>]*>)(.*?)(</time>)`)
	bodyStart   = regexp.MustCompile(`(?is)<body\b[^>]*>`)
	bodyEnd     = regexp.MustCompile(`(?i)</body>`)
	paragraph   = regexp.MustCompile(`(?i)</p>`)
)

// benign are edits of a page that no reader of the article would call a change.
func benign() map[string]func(html string, round int) string {
	after := func(html string, re *regexp.Regexp, which int, add string) string {
		at := re.FindAllStringIndex(html, -1)
		if len(at) == 0 {
			return html + add
		}
		i := at[which*len(at)/100][1]
		return html[:i] + add + html[i:]
	}
	return map[string]func(string, int) string{
		"time": func(html string, round int) string {
			html = timeElement.ReplaceAllString(html, fmt.Sprintf("${1}%d hours ago${3}", round))
			return after(html, bodyStart, 0, fmt.Sprintf(`<div class="date">Updated 2026-05-%02d, 1%d:4%d</div>`, round+10, round, round))
		},
		"counter": func(html string, round int) string {
			return after(html, paragraph, 0, fmt.Sprintf(`<div class="share"><span>%d shares</span> <a href="#c">%d comments</a> <b>%d,%03d views</b></div>`,
				round*17, round*31, round, round*123))
		},
		"advert": func(html string, round int) string {
			ads := []string{"Buy the new Falcon 9000 today and save up to 40 percent on your first year", "Doctors hate this one simple trick from Brno",
				"Cheap flights to Lisbon from 29 euros, only this week, book now and travel in May"}
			return after(html, paragraph, 50, `<div class="ad advertisement"><a href="https://ads.test/x">`+ads[round%3]+`</a></div>`)
		},
		"related": func(html string, round int) string {
			var b strings.Builder
			b.WriteString(`<div class="related"><h3>Read next</h3><ul>`)
			for i := range 6 {
				fmt.Fprintf(&b, `<li><a href="/%d/%d">Story %d of the day: minister number %d answers questions about budget %d</a></li>`, round, i, round*100+i, i, round*7+i)
			}
			b.WriteString("</ul></div>")
			return insertBefore(after(html, paragraph, 80, b.String()), bodyEnd, b.String())
		},
	}
}

func insertBefore(html string, re *regexp.Regexp, add string) string {
	at := re.FindAllStringIndex(html, -1)
	if len(at) == 0 {
		return html + add
	}
	i := at[len(at)-1][0]
	return html[:i] + add + html[i:]
}

var aDigit = regexp.MustCompile(`[0-9]`)

// meaning are edits of a sentence that turn what it says.
func meaning(s string) map[string]string {
	edits := map[string]string{}
	if at := aDigit.FindStringIndex(s); at != nil {
		edits["digit"] = s[:at[0]] + string('0'+(s[at[0]]-'0'+1)%10) + s[at[1]:]
	}
	words := strings.SplitAfter(s, " ")
	edits["not"] = strings.Join(words[:len(words)/2], "") + "not " + strings.Join(words[len(words)/2:], "")
	return edits
}

// TestDriftArticles measures on real pages what Compare promises.
func TestDriftArticles(t *testing.T) {
	pages := realPages(t)
	var cited, unknown, visible, benignCount, benignDrift, benignAlone, meant, missed, foreign, foreignMissed int
	for i, p := range pages {
		if p.page.Extractor == VisibleExtractor {
			visible++
			t.Logf("%s: %s", p.id, p.page.WhyVisible)
		}
		c := Cited{}
		if p.cited != "" {
			cited++
			c.Claims = []string{p.cited}
		}
		for name, edit := range benign() {
			was, is := pageOf(t, edit(p.html, 1)), pageOf(t, edit(p.html, 2))
			benignCount++
			if d := Compare(was, is, c); d.Class == Drifted {
				benignDrift++
				t.Logf("%s %s drifts: %.3f %.3f %v %+v", p.id, name, d.Score, d.Kept, d.Reasons, d.Cited)
			}
			if d := Compare(was, is, Cited{}); d.Class == Drifted {
				benignAlone++
				t.Logf("%s %s drifts alone: %.3f %.3f %v", p.id, name, d.Score, d.Kept, d.Reasons)
			}
		}
		if p.cited != "" {
			for name, s := range meaning(p.cited) {
				is := pageOf(t, strings.ReplaceAll(p.html, p.cited, s))
				for _, claim := range []string{p.cited, inOtherWords(p.cited)} {
					d := Compare(p.page, is, Cited{Claims: []string{claim}})
					if len(d.Cited) == 0 && claim != p.cited {
						unknown++ // too little of the sentence is left in the claim
						continue
					}
					meant++
					if d.Class != Drifted {
						missed++
						t.Logf("%s %s missed: %q of %q %.3f %.3f %v %+v", p.id, name, s, claim, d.Score, d.Kept, d.Reasons, d.Cited)
					}
				}
			}
		}
		other := pages[(i+1)%len(pages)].page
		for _, c := range []Cited{c, {}} {
			foreign++
			if d := Compare(p.page, other, c); d.Class != Drifted {
				foreignMissed++
				t.Logf("%s unrelated page: %.3f %.3f %v %+v", p.id, d.Score, d.Kept, d.Reasons, d.Cited)
			}
		}
	}
	t.Logf("%d pages, %d without a main text, %d with a cited sentence", len(pages), visible, cited)
	t.Logf("benign: %d of %d drift, %d with nothing cited", benignDrift, benignCount, benignAlone)
	t.Logf("digit or negation: %d of %d missed; %d claims in other words were not looked for", missed, meant, unknown)
	t.Logf("unrelated: %d of %d not drifted", foreignMissed, foreign)
	if benignDrift+benignAlone+missed+foreignMissed > 0 || unknown*100 > meant {
		t.Error("Compare does not keep its promises")
	}
}
