package crawltest

import (
	"strconv"
	"strings"
	"time"
)

// Truth is what is so about one source that a sample report cites, and what a
// reader must be told of it.
type Truth struct {
	URL     string // as the report cites it, without defanging
	Note    string // what its twin does
	Verdict string
	Reason  string // the code of the first reason; "" for any
	// Title is that of the page; of a post who wrote it, under which name now, when
	// and what, "" and zero for what cannot be known.
	Title            string
	Author, Name     string
	Posted           time.Time
	Text             string
	Claim            bool // the source says what it is cited for
	ThenVerdict      string
	ThenReason, From string // after Web.Advance; From is a piece of what a reader sees of the change
}

// khorasanSource is a source of the sample report islamic-state-khorasan.txt.
// The posts and pages under these addresses are made up for tests, word by word:
// none of it was written by those who have the accounts and hosts.
type khorasanSource struct {
	Truth
	post *Post
	page route
	also map[string]route // other targets of its host
	host *site            // how its host behaves, when otherwise than others
}

// KhorasanTruth is what is so about every source of that report, in the order in
// which it is first cited.
func KhorasanTruth() []Truth {
	var all []Truth
	for _, s := range khorasanSources() {
		all = append(all, s.Truth)
	}
	return all
}

func khorasanSources() []khorasanSource {
	pages := khorasanPages()
	all := khorasanPosts()
	for i := range all {
		if p := all[i].post; p != nil {
			all[i].Posted = p.At
		}
	}
	return append(all, pages...)
}

// khorasanPostList are the posts that the report cites, for the twin of X.
func khorasanPostList() []Post {
	var all []Post
	for _, s := range khorasanPosts() {
		all = append(all, *s.post)
	}
	return all
}

// khorasanSites are the hosts of pages that the report cites.
func khorasanSites() []*site {
	byName := map[string]*site{}
	var all []*site
	for _, s := range khorasanPages() {
		name, target, _ := splitURL(s.URL)
		h := byName[name]
		if h == nil {
			if h = s.host; h == nil {
				h = &site{}
			}
			h.name, h.routes = name, map[string]route{"/": always(htmlPage(simple(name, "What is new today.")).resource())}
			byName[name], all = h, append(all, h)
		}
		if s.page != nil {
			h.routes[target] = s.page
		}
		for to, r := range s.also {
			h.routes[to] = r
		}
	}
	return all
}

// postedAt is the time within an ID of X.
func postedAt(id string) time.Time {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(n>>22 + 1288834974657).UTC()
}

// khorasanPost is a post of handle with a fate, and what follows from it.
func khorasanPost(handle, id, fate, text string) khorasanSource {
	p := &Post{Platform: "x", ID: id, Handle: handle, Name: "The twin of " + handle, Text: text, At: postedAt(id), Fate: fate}
	s := khorasanSource{post: p, Truth: Truth{URL: "https://twitter.com/" + handle + "/status/" + id, Verdict: "alive", Reason: "post-shown", Author: p.handleNow(), Name: p.Name, Text: text, Claim: true}}
	for _, f := range twinOf("x").fates {
		if f.Name != fate {
			continue
		}
		s.Note, s.Verdict = f.Note, f.Want
		if !f.Shown {
			s.Author, s.Name, s.Text, s.Claim = "", "", "", false
			s.Reason = map[string]string{"gone": "post-absent", "restricted": "post-restricted", "unknown": "post-unclear"}[f.Want]
		}
	}
	return s
}

// thenDeleted is the post deleted later.
func (s khorasanSource) thenDeleted() khorasanSource {
	s.post.Then = "deleted"
	s.ThenVerdict, s.ThenReason, s.From = "gone", "post-absent", "X (syndication, oembed) has no such post"
	return s
}

// thenSays is the post edited later.
func (s khorasanSource) thenSays(old, new string) khorasanSource {
	s.post.ThenText = strings.Replace(s.Text, old, new, 1)
	s.ThenVerdict, s.ThenReason, s.From = "drifted", "cited-number", new
	return s
}
