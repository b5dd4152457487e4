package render

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/evidence"
	"github.com/ibid-archive/ibid/seeds"
)

const evidenceReport = `The Weir <script>alert(1)</script>
A claim about <b>the weir</b> of 1962 & its "gate".[1] Another one.[2] A third.[3] A fourth.[4]

[1] https://a.test/weir?a=1&b="x"
[2] hxxps://evil[.]test/gate
[3] javascript:alert(1) and a talk
[4] https://user:secret@a.test:99999/
`

// evidenceDocument is about a report, and a web, whose texts are hostile.
func evidenceDocument(t *testing.T, hostile string) (*evidence.Document, *seeds.Report) {
	t.Helper()
	r, err := seeds.Read("weir"+hostile+".txt", []byte(evidenceReport))
	if err != nil {
		t.Fatal(err)
	}
	at, entry := time.Date(2026, 3, 14, 15, 9, 0, 0, time.UTC), int64(7)
	sum := strings.Repeat("ab", 32)
	d := &evidence.Document{Version: 1, Software: "ibid/test", ExportedAt: at, Choice: evidence.AsCited,
		Report: evidence.Report{Path: r.Path, Title: r.Title + hostile, SHA256: r.SHA256, SeenAt: at, File: "ibid/report/weir.txt"},
		Log: &evidence.Log{Origin: "log.test" + hostile, Size: 9, Key: "log.test+01+AA", Timestamps: []evidence.Timestamp{
			{Directory: "ibid/log/timestamps/1/", Size: 8, Times: []evidence.Stamped{{File: "ibid/log/timestamps/1/a.tst", Time: at, Authority: "CN=TSA" + hostile}}}}},
		Objects: []evidence.Object{{SHA256: sum, Kind: "capture", File: "archive/" + sum + ".warc.gz", Entry: &entry}}}
	for i := range r.Citations {
		c := evidence.Citation{CitationJSON: seeds.NewCitationJSON(r.Citations[i]), Language: `en" onload="x`}
		if i < 2 {
			host := "https://" + []string{"else", "evil"}[i] + ".test/"
			k := evidence.Capture{SHA256: sum, File: "archive/" + sum + ".warc.gz", URL: c.URL, StartedAt: at, CheckedAt: at, Content: sum,
				Judgement: archive.Judgement{Verdict: archive.Alive, State: archive.StateAlive, Reasons: []string{"http-200: answered by " + host + hostile}},
				Outcome:   archive.Outcome{HTTPStatus: 200, FinalURL: host + hostile, Title: "Title" + hostile, MediaType: "text/html" + hostile}}
			c.Judgement, c.CheckedAt, c.Capture, c.File, c.CitedAt, c.Shown = k.Judgement, &at, sum, k.File, &at, sum
			c.Captures = []evidence.Capture{k}
			c.Facts = [][]evidence.Fact{{{What: "number not found" + hostile, Of: "1962" + hostile, There: hostile}}}
			c.Quotes = [][]evidence.Passage{{{{Text: "of the "}, {Text: "weir", Found: true}, {Text: " of "}, {Text: "1962" + hostile, Found: true}, {Text: "."}}}}
		} else {
			c.Unread = "it was not visited" + hostile
		}
		d.Citations = append(d.Citations, c)
	}
	return d, r
}

func evidenceHTML(t *testing.T, d *evidence.Document, r *seeds.Report) (string, *html.Node) {
	t.Helper()
	var b bytes.Buffer
	if err := EvidencePage(&b, d, r); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), root
}

// evidenceMarkup is all that the page is made of.
var evidenceMarkup = map[string][]string{
	"html": {"lang"}, "head": nil, "meta": {"charset", "http-equiv", "content", "name"}, "title": nil, "style": nil, "body": nil, "header": nil, "main": nil,
	"section": nil, "article": {"class", "id"}, "h1": {"dir"}, "h2": nil, "h3": {"id"}, "h4": nil, "p": {"class", "dir"}, "a": {"href", "rel"}, "span": {"class", "dir"},
	"strong": nil, "mark": nil, "code": nil, "pre": nil, "br": nil, "blockquote": {"dir", "lang"}, "ul": {"class"}, "li": {"dir"}, "dl": nil, "dt": {"class"}, "dd": {"dir"},
}

// Nothing that comes from elsewhere is more than text on the page.
func TestEvidencePageIsStatic(t *testing.T) {
	for _, hostile := range []string{"", "<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "</style><style>body{background:url(//evil.test)}", "'onmouseover='x", "\x1b]8;;https://other.test\x07", "\u202etxt.exe",
		"</title><base href=//evil.test>", "<!--", "{{.}}", "\xff\xfe"} {
		d, r := evidenceDocument(t, hostile)
		page, root := evidenceHTML(t, d, r)
		for n := range root.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			allowed, known := evidenceMarkup[n.Data]
			if !known {
				t.Errorf("%q: an element %s", hostile, n.Data)
			}
			for _, a := range n.Attr {
				if !slices.Contains(allowed, a.Key) {
					t.Errorf("%q: <%s %s=%q>", hostile, n.Data, a.Key, a.Val)
				}
				if a.Key == "href" && !strings.HasPrefix(a.Val, "https://a.test/") {
					t.Errorf("%q: a link to %s", hostile, a.Val)
				}
				if a.Key == "lang" && a.Val != "en" {
					t.Errorf("%q: the language %q", hostile, a.Val)
				}
			}
			if n.Data == "a" && !strings.Contains(attribute(n, "rel"), "noreferrer") {
				t.Errorf("%q: a link that tells where it stands", hostile)
			}
		}
		for _, c := range page {
			if c != '\n' && dropped(c) {
				t.Errorf("%q: the character %U", hostile, c)
			}
		}
		if strings.Contains(page, "https://evil.test") {
			t.Errorf("%q: the address that its author made unclickable", hostile)
		}
		if strings.Contains(page, "secret") {
			t.Errorf("%q: a password", hostile)
		}
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// The policy of the page allows its own style and nothing else.
func TestEvidencePolicy(t *testing.T) {
	d, r := evidenceDocument(t, "")
	_, root := evidenceHTML(t, d, r)
	var policy, style string
	for n := range root.Descendants() {
		if n.Data == "meta" && attribute(n, "http-equiv") == "Content-Security-Policy" {
			policy = attribute(n, "content")
		}
		if n.Data == "style" {
			style = n.FirstChild.Data
		}
	}
	sum := sha256.Sum256([]byte(style))
	if want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"; policy != want {
		t.Errorf("got  %s\nwant %s", policy, want)
	}
	if strings.Contains(style, "url(") || strings.Contains(style, "@import") {
		t.Error("the style asks for something from elsewhere")
	}
}

// text returns what a reader of the page sees.
func text(root *html.Node) string {
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "style" {
			b.WriteString(n.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestEvidenceWords(t *testing.T) {
	d, r := evidenceDocument(t, "")
	d.Citations[1].Quotes = [][]evidence.Passage{nil}
	page, root := evidenceHTML(t, d, r)
	seen := text(root)
	for _, want := range []string{
		`A claim about <b>the weir</b> of 1962 & its "gate".`, "of the weir of 1962.", "hxxps://evil[.]test/gate", "hxxps://evil[.]test/ ", "No passage was found", "entry 7",
		"There is no text of the source to look into: it was not visited.", strings.Repeat("ab", 32), "2026-03-14 15:09 UTC, by CN=TSA: the first 8 entries",
		"The archive has no capture of it.", "This note names no address.",
	} {
		if !strings.Contains(seen+" ", want) {
			t.Errorf("no %q in\n%s", want, seen)
		}
	}
	if n := strings.Count(page, "<mark>"); n != 2 {
		t.Errorf("%d words are marked, want 2", n)
	}
	// A program that compares words must not sound as if it had judged.
	for _, word := range []string{"verified claim", "supported", "supports", "confirmed by", "proves the claim", "true claim"} {
		if strings.Contains(strings.ToLower(seen), word) {
			t.Errorf("the page says %q", word)
		}
	}
	d.Log = nil
	if _, root := evidenceHTML(t, d, r); !strings.Contains(text(root), "This archive has no log") {
		t.Error("it does not say that there is no log")
	}
}

func TestActiveLinks(t *testing.T) {
	for address, want := range map[string]bool{
		"https://a.test/": true, "http://a.test/a?b=c#d": true, "javascript:alert(1)": false, "data:text/html,x": false, "//a.test/": false, "": false,
		"https:///x": false, "https://user@a.test/": false, "https://a.test/ b": false, "https://a.test/\u202e": false, "HTTPS://a.test/": true, "file:///etc/passwd": false,
	} {
		if got := activeLink(address) != ""; got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}

// Cutting a passage into segments changes nothing of what a reader sees.
func TestCleanSegments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		passage := make(evidence.Passage, rapid.IntRange(0, 6).Draw(t, "segments"))
		var whole, got strings.Builder
		for i := range passage {
			passage[i].Text = rapid.StringMatching(`[ab.é\n\t ]{0,6}`).Draw(t, "text")
			whole.WriteString(passage[i].Text)
		}
		for _, s := range cleanSegments(passage) {
			got.WriteString(s.Text)
		}
		if want := clean(whole.String(), noteText); clean(got.String(), noteText) != want {
			t.Fatalf("got %q, want %q", got.String(), want)
		}
	})
}

// TestEvidencePlaces shows where claims, citations and findings stand in a report without lines.
func TestEvidencePlaces(t *testing.T) {
	d, r := evidenceDocument(t, "")
	d.Citations[0].Marks[0] = seeds.MarkJSON{Place: "paragraph 2, run 3", Claim: "A claim"}
	outside := &d.Citations[1]
	outside.Note, outside.Line, outside.Page, outside.Place = "", 0, 4, "table 1"
	r.Findings = []seeds.Finding{{Message: "odd", Position: seeds.Position{Place: "row 7"}}}
	var b bytes.Buffer
	if err := EvidencePage(&b, d, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"(paragraph 2, run 3)", ">Page 4, table 1</h3>", "<li>Row 7: "} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}
