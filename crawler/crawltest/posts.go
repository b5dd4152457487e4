package crawltest

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Post is one post on a twin of a platform. The twins answer under the hosts'
// real names, and only to a client that comes through the Directory.
type Post struct {
	Platform string // "x", "telegram", "youtube", …: see Fates
	// ID is what the platform knows it by: digits of X, channel/number of
	// Telegram, eleven characters of YouTube.
	ID           string
	Handle, Name string // of who made it; "" for made-up ones
	Text         string // in plain words; of a video the title
	At           time.Time
	Images       int // pictures that come with it
	// Fate is one of Fates of its platform; "" for live. It is this post's alone:
	// a refusal asks nobody to stay away, since others share the endpoint.
	Fate string
	// Then and ThenText are its fate and text from phase 1 on; "" for the same.
	Then, ThenText string
}

// Fate is one documented way in which a platform answers about a post.
type Fate struct {
	Platform, Name string
	Want           string // the verdict that follows
	Shown          bool   // author, time and text can be had
	NoPost         bool   // nothing is asked of this platform: its page is judged
	Original       string // what the platform says it is a copy of; "" for no copy
	Note           string
}

// Fates lists every way that the twins know, in an order that stays.
func Fates() []Fate {
	var all []Fate
	for _, t := range twins() {
		all = append(all, t.fates...)
	}
	return all
}

// FatePosts are posts with one of every fate, under IDs and addresses that are
// their own.
func FatePosts() []Post {
	var posts []Post
	for i, f := range Fates() {
		p := Post{Platform: f.Platform, Fate: f.Name, Handle: "gauge_reader", Name: "The Gauge Reader",
			Text: "The gauge at the lower bridge stands at 4.12 m & rises. (" + f.Name + ")", At: time.Date(2024, 5, 3, 22, 40, i, 0, time.UTC), Images: i % 3}
		p.ID = twinOf(f.Platform).id(p, i)
		posts = append(posts, p)
	}
	return posts
}

// URL is the address under which a report cites the post.
func (p Post) URL() string { return twinOf(p.Platform).address(p) }

// twin is the stand-in for one platform.
type twin struct {
	name    string
	fates   []Fate
	id      func(p Post, n int) string // a fitting ID for the n-th post
	address func(p Post) string
	// hosts are the platform's, with what each answers about the post that the
	// request names; find finds that post.
	hosts []twinHost
}

type twinHost struct {
	name string
	// about is the ID that a request asks about, "" for another page.
	about func(u *url.URL) string
	// says answers about a post, nil for one that nobody made; n counts the
	// requests for this target from 0.
	says func(p *Post, u *url.URL, n int) page
	page func(u *url.URL) page // the other pages; nil for 404
}

func twins() []twin {
	return []twin{xTwin(), telegramTwin(), youTubeTwin(), blueskyTwin(), mastodonTwin(), tikTokTwin(), redditTwin(), doiTwin(), archiveTwin(), permaTwin(), googleTwin(),
		facebookTwin(), instagramTwin(), linkedInTwin()}
}

func twinOf(name string) twin {
	for _, t := range twins() {
		if t.name == name {
			return t
		}
	}
	return twin{name: name, id: func(Post, int) string { return "" }, address: func(Post) string { return "" }}
}

// twinSites are the hosts of all twins with these posts on them, and with those
// that everybody knows.
func twinSites(posts []Post) []*site {
	posts = append(KnownPosts(), posts...)
	var sites []*site
	for _, t := range twins() {
		byID := map[string]*Post{}
		for i := range posts {
			if posts[i].Platform == t.name {
				p := posts[i]
				if p.Handle == "" {
					p.Handle = "gauge_reader"
				}
				if p.Name == "" {
					p.Name = p.Handle
				}
				byID[strings.ToLower(p.ID)] = &p
			}
		}
		for _, h := range t.hosts {
			sites = append(sites, h.site(byID))
		}
	}
	return sites
}

func (h twinHost) site(byID map[string]*Post) *site {
	counts := make(map[string]*counter)
	for id := range byID {
		counts[id] = &counter{}
	}
	return &site{name: h.name, fallback: func(phase int) resource {
		return does(func(c *conn, head *head) bool { return h.answer(c, head, byID, counts, phase) })
	}}
}

func (h twinHost) answer(c *conn, head *head, byID map[string]*Post, counts map[string]*counter, phase int) bool {
	u, err := url.ParseRequestURI(head.target)
	if err != nil {
		return page{status: 400}.answer(c, head)
	}
	if id := strings.ToLower(h.about(u)); id != "" {
		n := 0
		if count := counts[id]; count != nil {
			n = count.next()
		}
		return h.says(byID[id].in(phase), u, n).answer(c, head)
	}
	if h.page != nil {
		return h.page(u).answer(c, head)
	}
	return notFound(h.name).answer(c, head)
}

// in is the post as it is in a phase; nil stays nil.
func (p *Post) in(phase int) *Post {
	if p == nil || phase == 0 {
		return p
	}
	later := *p
	if later.Then != "" {
		later.Fate = later.Then
	}
	if later.ThenText != "" {
		later.Text = later.ThenText
	}
	return &later
}

const typeJSON = "application/json; charset=utf-8"

func jsonAnswer(status int, v any) page {
	b, err := json.Marshal(v)
	if err != nil {
		return page{status: http.StatusInternalServerError}
	}
	return page{status: status, ctype: typeJSON, body: string(b)}
}

func textPage(status int, body string) page {
	return page{status: status, ctype: typeHTML, body: body}
}

// blockPage is what a wall sends in the place of JSON.
func blockPage(status int) page {
	return textPage(status, "<!doctype html><title>Access denied</title><h1>Access denied</h1>\n")
}

// pictures are the addresses of a post's images on a host of pictures.
func (p *Post) pictures(base string) []string {
	var all []string
	for i := range p.Images {
		all = append(all, fmt.Sprintf("%s%s-%d.jpg", base, strings.ReplaceAll(p.ID, "/", "-"), i+1))
	}
	return all
}

func postPicture(u *url.URL) page {
	return page{ctype: "image/jpeg", body: "\xff\xd8\xff\xe0 a picture of the gauge: " + u.Path, etag: tagOf(u.Path)}
}

func escaped(s string) string { return html.EscapeString(s) }

// KnownPosts are posts under the addresses of well-known real ones, for programs
// that ask about those.
func KnownPosts() []Post {
	at := time.Date(2015, 9, 1, 12, 0, 0, 0, time.UTC)
	return []Post{
		{Platform: "x", ID: "20", Handle: "jack", Text: "just setting up a gauge", At: at},
		{Platform: "telegram", ID: "durov/68", Handle: "durov", Text: "A gauge.", At: at},
		{Platform: "youtube", ID: "jNQXAC9IVRw", Handle: "jawed", Text: "At the gauge", At: at},
		{Platform: "bluesky", ID: "3l6oveex3ii2l", Handle: "bsky", Text: "A gauge.", At: at, Fate: "live"},
		{Platform: "mastodon", ID: "1", Handle: "Gargron", Text: "A gauge.", At: at, Fate: "live"},
		{Platform: "tiktok", ID: "6718335390845095173", Handle: "scout2015", Text: "A gauge.", At: at},
		{Platform: "reddit", ID: "26h4f2", Handle: "wend", Text: "A gauge.", At: at, Fate: "live"},
		{Platform: "doi", ID: "10.1000/182", Text: "On gauges", At: at, Fate: "live"},
	}
}
