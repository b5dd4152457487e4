package verify

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
)

const survey = "The survey of the dam found that the gate opens by sixty-one per cent of its height and no further. " +
	"The waterworks had told the council in March that the spillway would pass a flood of 480 cubic metres a second. " +
	"The surveyors measured 290, and wrote that they had measured it twice because nobody would believe it the first time."

const other = "Brass bands from four valleys will play on the green this Saturday, beginning at two in the afternoon with the " +
	"juniors. The committee asks visitors to leave their cars at the mill, where a bus will wait until the last concert has ended."

func doc(title, text string) string {
	return "<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1><p>" + text + "</p></body></html>"
}

// TestJudgeWithEarlier judges visits of sources of which something is known.
func TestJudgeWithEarlier(t *testing.T) {
	const html = "Content-Type: text/html"
	const elsewhere, home = "https://gazette.example/archive/17", "https://gazette.example/"
	text := func(s string) func() *archive.Content {
		return func() *archive.Content { return &archive.Content{MediaType: "text/plain", Body: []byte(s)} }
	}
	good := &archive.Earlier{Date: visitedAt, FinalURL: cited, Title: "The survey of the dam – Gazette", Content: text("The survey of the dam\n" + survey)}
	titled := &archive.Earlier{Date: visitedAt, FinalURL: cited, Title: "The survey of the dam – Gazette"}
	about404 := &archive.Earlier{Date: visitedAt, FinalURL: cited, Title: "404", Content: text("404")}
	wasHome := &archive.Earlier{Date: visitedAt, FinalURL: home, Title: "The Gazette"}
	to := func(status int, at, body string) []*archive.Exchange {
		return []*archive.Exchange{redirect(t, cited, status, at), answer(t, at, 200, body, html)}
	}
	for _, tc := range []struct {
		name      string
		earlier   *archive.Earlier
		exchanges []*archive.Exchange
		verdict   archive.Verdict
		codes     string
	}{
		{"moved with its text", good, to(301, elsewhere, doc("Archive", survey)), "moved", "redirect-permanent http-200 like-earlier"},
		{"moved with its title", titled, to(301, elsewhere, doc("Gazette | The survey of the dam", "")), "moved", "redirect-permanent http-200 like-earlier"},
		{"moved to another text", good, to(301, elsewhere, doc("The survey of the dam", other)), "drifted", "unlike-earlier redirect-permanent http-200"},
		{"moved to another title", titled, to(301, elsewhere, doc("Brass bands", other)), "moved", "redirect-permanent http-200 not-compared"},
		{"home with its text", good, to(301, home, doc("Gazette", survey)), "moved", "redirect-permanent http-200 redirect-home like-earlier"},
		{"home without", good, to(302, home, doc("Gazette", other)), "soft-404", "redirect-home redirect-temporary unlike-earlier http-200 single-look"},
		{"home, where all titles are one", titled, to(302, home, doc("The survey of the dam – Gazette", other)), "soft-404", "redirect-home redirect-temporary http-200 single-look"},
		{"home, as it was when it was cited", wasHome, to(302, home, doc("Gazette", other)), "alive", "http-200 redirect-home redirect-temporary same-as-earlier"},
		{"not found, as it was when it was cited", about404, []*archive.Exchange{answer(t, cited, 200, doc("404", ""), html)}, "alive", "http-200"},
		{"not found, and was there", good, []*archive.Exchange{answer(t, cited, 200, doc("Page not found", "Try the search."), html)}, "soft-404", "not-found-title http-200 unlike-earlier single-look"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := visit(tc.exchanges...)
			v.Earlier = func() *archive.Earlier { return tc.earlier }
			check(t, Judge(v), tc.verdict, tc.codes)
		})
	}
}

// TestJudgeWithSibling judges visits with the answer to a page that nobody made.
func TestJudgeWithSibling(t *testing.T) {
	const html = "Content-Type: text/html"
	const story, news = "http://wend.example/reports/17", "http://wend.example/news"
	probed := func(x *archive.Exchange) *archive.Exchange { x.Role = archive.RoleProbe; return x }
	moved := []*archive.Exchange{redirect(t, story, 301, "/news"), answer(t, news, 200, doc("News", other), html)}
	thin := []*archive.Exchange{answer(t, story, 200, "<p>Nothing to see.", html)}
	shell := []*archive.Exchange{answer(t, story, 200, "<div id=app></div><script src=a.js></script>", html)}
	for _, tc := range []struct {
		name      string
		exchanges []*archive.Exchange
		sibling   func(at string) *archive.Exchange // nil when it is not asked
		verdict   archive.Verdict
		codes     string
	}{
		{"moved, not asked", moved, nil, "moved", "redirect-permanent http-200 not-compared"},
		{"all are moved there", moved, func(at string) *archive.Exchange { return redirect(t, at, 301, "/news") }, "soft-404", "redirect-all redirect-permanent http-200 single-look"},
		{"others are moved elsewhere", moved, func(at string) *archive.Exchange { return redirect(t, at, 301, "/") }, "moved", "redirect-permanent http-200 not-compared"},
		{"others are not found", moved, func(at string) *archive.Exchange { return answer(t, at, 404, "no") }, "moved", "redirect-permanent http-200 not-compared"},
		{"others are refused", moved, func(at string) *archive.Exchange { return answer(t, at, 403, "no") }, "moved", "redirect-permanent http-200 not-compared"},
		{"thin, not asked", thin, nil, "alive", "http-200"},
		{"thin, and others are not", thin, func(at string) *archive.Exchange { return answer(t, at, 200, doc("x", other), html) }, "alive", "http-200"},
		{"thin, and others did not answer", thin, func(at string) *archive.Exchange { return failure(at, "header", archive.ClassTimeout, "30 s") }, "alive", "http-200"},
		{"a shell", shell, func(at string) *archive.Exchange {
			return answer(t, at, 200, "<div id=app></div><script src=a.js></script>", html)
		}, "unknown", "shell sibling http-200"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := visit(tc.exchanges...)
			asked := Judge(v).Ask
			if !strings.HasPrefix(asked, "http://wend.example/reports/") || asked != Judge(v).Ask {
				t.Fatalf("asks for %q", asked)
			}
			if tc.sibling != nil {
				v.Exchanges = append(v.Exchanges[:len(v.Exchanges):len(v.Exchanges)], probed(tc.sibling(asked)))
			}
			j := Judge(v)
			check(t, j, tc.verdict, tc.codes)
			if tc.sibling != nil && j.Ask != "" {
				t.Errorf("asks again for %q", j.Ask)
			}
		})
	}
}

// TestJudgeData judges answers in JSON.
func TestJudgeData(t *testing.T) {
	for body, want := range map[string]archive.Verdict{
		`{"error":"not found","status":404}`:                      archive.Soft404,
		`{"success":false,"message":"Article not found"}`:         archive.Soft404,
		`{"error":{"code":404,"message":"Page not found"}}`:       archive.Soft404,
		`{"level":4.2,"error":null}`:                              archive.Alive,
		`{"title":"Not found: the children of 1974","year":1975}`: archive.Alive,
		`[{"message":"not found"}]`:                               archive.Alive,
		`{"message":"not found"`:                                  archive.Alive,
	} {
		if j := Judge(visit(answer(t, cited, 200, body, "Content-Type: application/json"))); j.Verdict != want {
			t.Errorf("%s is %s %q, want %s", body, j.Verdict, j.Reasons, want)
		}
	}
}

// TestJudgeWithHome judges pages that say next to nothing, as others do that nobody made, with the answer of the
// site's home page.
func TestJudgeWithHome(t *testing.T) {
	const html, story, home = "Content-Type: text/html", "http://wend.example:8080/reports/17", "http://wend.example:8080/"
	few := "<p>Nothing to see."
	for name, tc := range map[string]struct {
		home    *archive.Exchange // nil when it is not asked
		verdict archive.Verdict
		codes   string
	}{
		"not asked":           {nil, "unknown", "site-same sibling http-200"},
		"has more":            {answer(t, home, 200, doc("Wend", other), html), "soft-404", "sibling http-200 single-look"},
		"the same":            {answer(t, home, 200, few, html), "unknown", "site-same sibling http-200"},
		"as few other words":  {answer(t, home, 200, "<p>Welcome.", html), "unknown", "site-same sibling http-200"},
		"is redirected":       {redirect(t, home, 302, "/en/"), "unknown", "site-same sibling http-200"},
		"is refused":          {answer(t, home, 403, "no"), "unknown", "site-same sibling http-200"},
		"did not answer":      {failure(home, "header", archive.ClassTimeout, "30 s"), "unknown", "site-same sibling http-200"},
		"belongs to the look": {answer(t, story, 200, few, html), "unknown", "site-same sibling http-200"},
	} {
		t.Run(name, func(t *testing.T) {
			v := visit(answer(t, story, 200, few, html))
			sibling := answer(t, Judge(v).Ask, 200, few, html)
			sibling.Role = archive.RoleProbe
			v.Exchanges = append(v.Exchanges, sibling)
			if ask := Judge(v).Ask; ask != home {
				t.Fatalf("asks for %q", ask)
			}
			if tc.home != nil {
				tc.home.Role = archive.RoleProbe
				v.Exchanges = append(v.Exchanges, tc.home)
			}
			check(t, Judge(v), tc.verdict, tc.codes)
		})
	}
}

func check(t *testing.T, j archive.Judgement, verdict archive.Verdict, codes string) {
	t.Helper()
	var got []string
	for _, r := range j.Reasons {
		got = append(got, ReasonCode(r))
	}
	if diff := cmp.Diff([]string{string(verdict), codes}, []string{string(j.Verdict), strings.Join(got, " ")}); diff != "" {
		t.Errorf("judgement (-want +got):\n%s%q", diff, j.Reasons)
	}
	wellFormed(t, j)
}

func TestAbsenceIn(t *testing.T) {
	for line, want := range map[string]absenceOf{
		"Page not found":                           explicitly,
		"404 Not Found":                            explicitly,
		"Error 404: page not found | Wend":         explicitly,
		"Wend – Oops! That page can’t be found.":   explicitly,
		"Sorry, the page you requested has moved":  explicitly,
		"ОШИБКА 404":                               explicitly,
		"Страница не найдена":                      explicitly,
		"SAYFA BULUNAMADI":                         explicitly,
		"Sahifa topilmadi":                         explicitly,
		"404":                                      vaguely,
		"404 | Wend":                               vaguely,
		"Not Found":                                vaguely,
		"":                                         notAbsent,
		"The survey of the dam":                    notAbsent,
		"Peugeot 404":                              notAbsent,
		"Body of missing hiker not found":          notAbsent,
		"Why I was not found":                      notAbsent,
		"Not found: the children of 1974":          notAbsent,
		"The page of the year":                     notAbsent,
		"How the museum says that a page is there": notAbsent,
		"1404 and all that":                        notAbsent,
	} {
		if got, said := absenceIn(line); got != want {
			t.Errorf("%q: %d (%q), want %d", line, got, said, want)
		}
	}
}

func TestHomely(t *testing.T) {
	for raw, want := range map[string]bool{
		"http://a.example": true, "http://a.example/": true, "http://a.example/index.php": true, "http://a.example/ru/": true, "http://a.example/en-GB": true,
		"http://a.example/?utm_source=x1": true, "http://a.example/?p=17": false, "http://a.example/dam": false, "http://a.example/index.php?id=17": false,
		"http://a.example/ru/17": false, "http://a.example/home.pdf": false,
	} {
		if got := addressOf(raw).homely(); got != want {
			t.Errorf("%s: homely %t", raw, got)
		}
	}
}

func FuzzReadHeading(f *testing.F) {
	for _, page := range []string{
		"<title>The dam</title><h1>The <b>dam</b></h1>", "<TITLE>x", "<h1", "<!--<title>no</title>--><title>yes</title>", "<script><h1>no</h1></script><h1>yes</h1>",
		"<svg><title>no</title></svg>", "\xff\xfe<\x00t\x00", "<meta name=prerender-status-code content=404>", "<body class='error404'>",
	} {
		f.Add(page, "text/html")
	}
	f.Fuzz(func(t *testing.T, page, contentType string) {
		h := readHeading([]byte(page), contentType)
		for _, line := range []string{h.title, h.h1} {
			if len(line) > titleLimit || !utf8.ValidString(line) || strings.ContainsAny(line, "\n\r") {
				t.Errorf("%q is no line", line)
			}
			absenceIn(line)
		}
	})
}

func TestReadHeading(t *testing.T) {
	for page, want := range map[string]heading{
		"<title>The &amp; dam</title><h1>The <b>old</b>\n dam</h1>":                                                 {title: "The & dam", h1: "The old dam"},
		"<!--<title>no</title>--><svg><title>no</title></svg><script>'<h1>no</h1>'</script><Title>yes</tITLE><h1>y": {title: "yes", h1: "y"},
		"<h1><img src=x></h1><h1>second</h1>":                                                                       {h1: "second"},
		"<header>x</header><h10>no</h10>":                                                                           {},
		"<meta name=\"prerender-status-code\" content=\"404\">":                                                     {absent: true},
		"<body class='page error404 x'>":                                                                            {absent: true},
		"<body class='error4040'>":                                                                                  {},
		"<script type=\"application/ld+json\">{\"isAccessibleForFree\": false}</script>":                            {closed: true},
		"<script>{\"isAccessibleForFree\": false}</script>":                                                         {},
		"<meta itemprop=\"isAccessibleForFree\" content=\"False\">":                                                 {closed: true},
		"<meta itemprop=\"isAccessibleForFree\" content=\"true\">":                                                  {},
	} {
		if got := readHeading([]byte(page), "text/html"); got != want {
			t.Errorf("%s: %+v, want %+v", page, got, want)
		}
	}
}

// TestJudgeDoubtfulApology: what sounds like an apology may be a title. A page that
// nobody made tells whether the server would have said so by status.
func TestJudgeDoubtfulApology(t *testing.T) {
	const html = "Content-Type: text/html"
	const story = "http://wend.example/reports/17"
	article := doc("Page not found guilty – Gazette", survey+" "+other)
	removed := doc("Page not found – Gazette", survey)
	song := doc("No Longer Available", "A song by the valley's band, from 1983.")
	own := func(at string) *archive.Exchange { return answer(t, at, 404, doc("404", "Nothing."), html) }
	for _, tc := range []struct {
		name, page string
		sibling    func(at string) *archive.Exchange
		verdict    archive.Verdict
		codes      string
	}{
		{"an article, not asked", article, nil, "soft-404", "not-found-title http-200 single-look"},
		{"an article, others are not found", article, own, "alive", "http-200"},
		{"an article's teasers, all pages are so", removed, func(at string) *archive.Exchange { return answer(t, at, 200, removed, html) }, "soft-404", "not-found-title http-200 single-look"},
		{"the same page with another status", removed, func(at string) *archive.Exchange { return answer(t, at, 404, removed, html) }, "soft-404", "not-found-title http-200 single-look"},
		{"a song, others are not found", song, own, "unknown", "not-found-title sibling-absent"},
		{"a song, others are refused", song, func(at string) *archive.Exchange { return answer(t, at, 403, "no") }, "soft-404", "not-found-title http-200 single-look"},
		{"an article on domains", doc("Domain for sale scams rise", survey+" "+other), own, "alive", "http-200"},
		{"a domain for sale", doc("Domain for sale", survey+" "+other), func(at string) *archive.Exchange { return answer(t, at, 200, doc("Domain for sale", survey), html) }, "soft-404", "parked-registrar http-200 single-look"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := visit(answer(t, story, 200, tc.page, html))
			asked := Judge(v).Ask
			if asked == "" {
				t.Fatal("asks for no page that nobody made")
			}
			if tc.sibling != nil {
				x := tc.sibling(asked)
				x.Role = archive.RoleProbe
				v.Exchanges = append(v.Exchanges, x)
			}
			check(t, Judge(v), tc.verdict, tc.codes)
		})
	}
}
