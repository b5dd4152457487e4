package archive_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
)

func TestPostSummary(t *testing.T) {
	long := strings.Repeat("дамба ", 1000)
	p := &archive.Post{Version: 1, Platform: "x", ID: "20", URL: "https://x.com/i/status/20", Standing: archive.PostShown, Text: long, Title: "bad \xff byte",
		Author: &archive.PostAuthor{Name: long, Handle: "jack", URL: "https://x.com/jack"}, PostedAt: time.Unix(1, 0).UTC(),
		Media: []archive.PostMedia{{Kind: archive.MediaImage, URL: "https://a/b"}}, Quoted: &archive.Post{ID: "1"}, Asked: []archive.PostAnswer{{Endpoint: "x.oembed"}}}
	s := p.Summary()
	if n := utf8.RuneCountInString(s.Text); n != 4097 || !strings.HasSuffix(s.Text, "…") || !utf8.ValidString(s.Title) {
		t.Errorf("text of %d characters, title %q", n, s.Title)
	}
	s.Text, s.Title, s.Author.Name = "", "", ""
	want := &archive.Post{Platform: "x", ID: "20", URL: p.URL, Standing: archive.PostShown, Author: &archive.PostAuthor{Handle: "jack"}, PostedAt: p.PostedAt}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if p.Author.URL == "" || len(p.Media) != 1 {
		t.Error("the post itself was changed")
	}
	if (*archive.Post)(nil).Summary() != nil {
		t.Error("none has a summary")
	}
}

func TestDecodePost(t *testing.T) {
	for _, bad := range []string{"", "{}", `{"version":2,"standing":"shown"}`, `{"version":1,"standing":"dead"}`, `{"version":1,"standing":"shown","text":1}`, "[]"} {
		if p, err := archive.DecodePost([]byte(bad)); err == nil {
			t.Errorf("%s is read as %+v", bad, p)
		}
	}
}

// A post has changed when what it says has, whatever its page was.
func TestContentDigest(t *testing.T) {
	page := archive.Outcome{PayloadSHA256: "aa"}
	said := archive.Outcome{PayloadSHA256: "aa", Post: &archive.Post{Text: "a"}}
	again := archive.Outcome{PayloadSHA256: "bb", Post: &archive.Post{Text: "a", Standing: archive.PostShown}}
	gone := archive.Outcome{PayloadSHA256: "cc", Post: &archive.Post{Standing: archive.PostAbsent}}
	if page.ContentDigest() != "aa" || gone.ContentDigest() != "cc" {
		t.Errorf("page %s, gone %s", page.ContentDigest(), gone.ContentDigest())
	}
	if d := said.ContentDigest(); d != again.ContentDigest() || len(d) != 64 {
		t.Errorf("%s and %s", d, again.ContentDigest())
	}
}

func FuzzDecodePost(f *testing.F) {
	f.Add([]byte(`{"version":1,"platform":"x","id":"20","url":"https://x.com/i/status/20","standing":"shown","author":{"name":"a"},"posted_at":"2006-03-21T20:50:14Z","quoted":{"quoted":{}}}`))
	f.Add([]byte(`{"version":1,"standing":"absent","asked":[{"endpoint":"x.oembed","status":404}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := archive.DecodePost(b)
		if err != nil {
			return
		}
		_, _, _ = p.Said(), p.Summary(), archive.PostURI(p.URL)
		again, err := archive.EncodePost(p)
		if err != nil {
			return // a time beyond what JSON has
		}
		q, err := archive.DecodePost(again)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p, q); diff != "" {
			t.Errorf("read again (-want +got):\n%s", diff)
		}
	})
}
