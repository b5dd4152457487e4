package platform

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/seeds"
)

func registry(t testing.TB, endpoints map[string]string) *Registry {
	t.Helper()
	r, err := New(Config{Endpoints: endpoints})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// match asks as the crawler does: by the key that package seeds makes.
func match(t testing.TB, r *Registry, cited string) *Query {
	t.Helper()
	key, err := seeds.Normalize(cited)
	if err != nil {
		t.Fatalf("%s: %v", cited, err)
	}
	return r.Match(key, cited)
}

func TestMatch(t *testing.T) {
	r := registry(t, nil)
	for _, tt := range matches {
		q := match(t, r, tt.cited)
		if tt.platform == "" {
			if q != nil {
				t.Errorf("%s is of %s, want no platform", tt.cited, q.Platform())
			}
			continue
		}
		if q == nil {
			t.Errorf("%s is of no platform, want %s", tt.cited, tt.platform)
			continue
		}
		first := ""
		if e, ok := q.Next(); ok {
			first = e.URL
		}
		p := q.Post()
		if diff := cmp.Diff([4]string{tt.platform, tt.id, tt.handle, tt.first}, [4]string{p.Platform, p.ID, p.Cited, first}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.cited, diff)
		}
	}
}

// TestKnown: every probe knows its own example, and names are what the
// configuration can say.
func TestKnown(t *testing.T) {
	r := registry(t, nil)
	for _, p := range r.all {
		if p.known == "" {
			continue
		}
		if q := match(t, r, p.known); q == nil || q.Platform() != p.name {
			t.Errorf("%s does not know %s", p.name, p.known)
		}
	}
}

func TestEndpoints(t *testing.T) {
	r := registry(t, map[string]string{"x.syndication": "http://127.0.0.1:8080/tweet", "x.oembed": Off})
	q := match(t, r, "https://twitter.com/jack/status/20")
	if e, _ := q.Next(); e.URL != "http://127.0.0.1:8080/tweet?id=20&lang=en&token=6dq1a2xwd93" {
		t.Errorf("asks %s", e.URL)
	}
	q.Tell("", &Answer{Status: 404})
	if e, ok := q.Next(); ok {
		t.Errorf("asks %s, which is off", e.URL)
	}
	if p := q.Post(); p.Standing != archive.PostUnclear {
		t.Errorf("one witness of two makes it %s", p.Standing)
	}
	on := registry(t, map[string]string{"instagram.oembed": On})
	if e, _ := match(t, on, "https://www.instagram.com/p/AbC/").Next(); !strings.HasPrefix(e.URL, "https://graph.facebook.com/v26.0/instagram_oembed?url=https%3A%2F%2Fwww.instagram.com%2Fp%2FAbC") {
		t.Errorf("asks %s", e.URL)
	}
	for name, to := range map[string]string{"x.nothing": "https://x.com/", "x.oembed": "ftp://x.com/", "x.syndication": "https://a:b@x.com/", "telegram.embed": "x"} {
		if _, err := New(Config{Endpoints: map[string]string{name: to}}); err == nil {
			t.Errorf("%s: %q is accepted", name, to)
		}
	}
}

func TestCopyOf(t *testing.T) {
	for key, want := range map[string]string{
		"https://web.archive.org/web/20200102030405/https://example.org/a?b=c": "20200102030405 https://example.org/a?b=c",
		"https://web.archive.org/web/202001/http:/example.org/":                "20200101000000 http://example.org/",
		"https://web.archive.org/web/2020if_/example.org":                      "20200101000000 http://example.org",
		"https://archive.today/20200102-030405/example.org/":                   "20200102030405 http://example.org/",
		"https://archive.today/20200102030405/ftp://example.org/":              " ",
		"https://web.archive.org/web/20200102030405/https://a:b@example.org/":  " ",
		"https://web.archive.org/web/20200102030405":                           " ",
		"https://web.archive.org/save/https://example.org/":                    " ",
		"https://web.archive.org/web/20201302030405/https://example.org/":      " ",
	} {
		host, _, _ := strings.Cut(strings.TrimPrefix(key, "https://"), "/")
		if at, original := copyOf(host, key); at+" "+original != want {
			t.Errorf("%s: %q, want %q", key, at+" "+original, want)
		}
	}
}

func TestMatchIsCheap(t *testing.T) {
	r := registry(t, nil)
	if n := testing.AllocsPerRun(100, func() { r.Match("https://example.org/2026/05/story.html?id=17", "") }); n > 0 {
		t.Errorf("an ordinary page costs %.0f allocations", n)
	}
}

// hostile is a post whose every text wants to be markup.
func hostile() *archive.Post {
	const bad = `"><script>alert(1)</script>' onload=x javascript:alert(1) </style>`
	return &archive.Post{Platform: "x", ID: "1", URL: "https://x.com/i/status/1", Standing: archive.PostShown, Why: bad, Title: bad, Text: bad + "\n" + bad, Lang: bad,
		Author: &archive.PostAuthor{Name: bad, Handle: bad},
		Media: []archive.PostMedia{{Kind: archive.MediaImage, URL: "https://pbs.example/a.jpg", Alt: bad}, {Kind: archive.MediaVideo, URL: "javascript:alert(1)"},
			{Kind: archive.MediaImage, URL: "https://evil.example;script-src/*/"}},
		Quoted: &archive.Post{Text: bad}}
}

func TestCard(t *testing.T) {
	b, err := Card(hostile())
	if err != nil {
		t.Fatal(err)
	}
	page := document(b)
	if n := find(page, tag("script")); n != nil {
		t.Error("there is a script in it")
	}
	for d := range page.Descendants() {
		for _, a := range d.Attr {
			if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.TrimSpace(strings.ToLower(a.Val)), "javascript:") {
				t.Errorf("<%s %s=%q>", d.Data, a.Key, a.Val)
			}
		}
	}
	policy := ""
	for _, m := range findAll(page, tag("meta")) {
		if attr(m, "http-equiv") == "Content-Security-Policy" {
			policy = attr(m, "content")
		}
	}
	const want = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; img-src https://pbs.example; media-src https://pbs.example"
	if policy != want {
		t.Errorf("policy %q, want %q", policy, want)
	}
}

// FuzzAnswers: whatever endpoints say, a post is bounded and sound, and it is
// called absent only by as many witnesses as its platform has.
func FuzzAnswers(f *testing.F) {
	for i := range matches {
		f.Add(uint8(i), 200, []byte(`{"__typename":"Tweet","id_str":"20","text":"a","user":{"name":"b","screen_name":"c"},"mediaDetails":[{"media_url_https":"https://a/b"}],"quoted_tweet":{"id_str":"1"}}`), 404, []byte("{}"))
	}
	f.Add(uint8(0), 200, []byte("{}"), 403, []byte(`{"error":"not authorized"}`))
	f.Add(uint8(0), 200, []byte(`{"__typename":"TweetTombstone","tombstone":{"text":{"text":"x"}}}`), 200, []byte(`{"html":"<p>a<br>b</p><a href=https://twitter.com/a/status/20>"}`))
	f.Add(uint8(2), 200, []byte(`<div class="tgme_widget_message" data-post="durov/1"><div class=tgme_widget_message_text>a<p>b</p></div><time datetime="2024-05-03T22:40:00+00:00">`), 200, []byte(`<div class=tgme_widget_message_error>Post not found`))
	r, err := New(Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, which uint8, status1 int, body1 []byte, status2 int, body2 []byte) {
		tt := matches[int(which)%len(matches)]
		key, err := seeds.Normalize(tt.cited)
		if err != nil {
			t.Fatal(err)
		}
		q := r.Match(key, tt.cited)
		if q == nil {
			return
		}
		n := 0
		for {
			e, ok := q.Next()
			if !ok {
				break
			}
			if n++; n > 5 {
				t.Fatal("asks without end")
			}
			a := &Answer{Status: status1, Body: body1}
			if n%2 == 0 {
				a = &Answer{Status: status2, Body: body2}
			}
			q.Tell(e.URL, a)
		}
		p := q.Post()
		if err := p.Standing.Validate(); err != nil {
			t.Error(err)
		}
		absent := 0
		for _, a := range p.Asked {
			if a.Standing == archive.PostAbsent {
				absent++
			}
		}
		if p.Standing == archive.PostAbsent && absent < q.probe.witnesses {
			t.Errorf("absent by %d of %d witnesses", absent, q.probe.witnesses)
		}
		if len(p.Text) > maxText || len(p.Media) > maxMedia || len(p.Title) > maxText {
			t.Error("not bounded")
		}
		for _, m := range p.Media {
			if webURL(m.URL) != m.URL {
				t.Errorf("media at %q", m.URL)
			}
		}
		b, err := archive.EncodePost(p)
		if err != nil {
			t.Fatal(err)
		}
		again, err := archive.DecodePost(b)
		if err != nil {
			t.Fatal(err)
		}
		again.Version = 0
		if diff := cmp.Diff(p, again); diff != "" {
			t.Errorf("it does not survive its record (-want +got):\n%s", diff)
		}
		if _, err := Card(p); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzMatch: whatever is cited, only the platform's own endpoints are asked, or
// the source's own host.
func FuzzMatch(f *testing.F) {
	for _, tt := range matches {
		f.Add(tt.cited)
	}
	f.Add("https://doi.org/10.1/..%2f..%2fx?y#z")
	f.Add("https://hdl.handle.net/0/%0X0")
	f.Add("https://archive.ph/2020-01-01/https:/a")
	f.Add("http:i`l.example/users/dam/statuses/1")
	r, err := New(Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, cited string) {
		key, err := seeds.Normalize(cited)
		if err != nil {
			return
		}
		q := r.Match(key, cited)
		if q == nil {
			return
		}
		for range 5 {
			e, ok := q.Next()
			if !ok {
				break
			}
			u, err := url.Parse(e.URL)
			if err != nil {
				t.Fatalf("%s: %v", e.URL, err)
			}
			base := r.bases[e.Name]
			if base == "" {
				base = "https://" + q.subject.host + "/"
				u.Scheme = "https"
			}
			if !strings.HasPrefix(u.String(), base) || u.User != nil || u.Fragment != "" {
				t.Errorf("%s is not below %s", e.URL, base)
			}
			q.Tell(e.URL, &Answer{Status: 404})
		}
		if p := q.Post(); p.Platform == "" || p.Standing.Validate() != nil {
			t.Errorf("%+v", p)
		}
	})
}

// FuzzOriginal: whatever a page says that it is a copy of is an address or nothing.
func FuzzOriginal(f *testing.F) {
	f.Add(`<https://a.example/>; rel="original", <https://b.example/>; rel=timegate`, []byte("<p>"))
	f.Add("<x>;", []byte(`<input name="q" value="https://a.example/">`))
	f.Add(`<javascript:x>; rel="original"`, []byte(`<input name=q value=//a>`))
	f.Fuzz(func(t *testing.T, link string, body []byte) {
		got := originalOf(&Answer{Status: 200, Header: http.Header{"Link": {link}}, Body: body})
		if got != "" && webURL(got) != got {
			t.Errorf("a copy of %q", got)
		}
	})
}
