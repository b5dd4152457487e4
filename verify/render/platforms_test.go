package render

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPlatforms(t *testing.T) {
	all := []Platform{
		{Name: "wend", About: "posts of a small platform that has much to say about itself and more than one line of it",
			Endpoints: []Endpoint{{Name: "wend.post", URL: "https://api.wend.test/v1/posts"}, {Name: "wend.thread", URL: "https://public.api.wend.test/xrpc/com.example.feed.thread"}, {Name: "wend.old", Off: true}},
			Test:      &PlatformTest{Differences: []string{"wend.post, of what is there: un\x1b[31mclear, expected shown, and this goes on for a while"}}},
		{Name: "lower", About: "pages", Endpoints: []Endpoint{{Name: "lower.page"}}, Note: "nothing proves that one is gone", Test: &PlatformTest{OK: true}},
	}
	var b strings.Builder
	if err := Platforms(&b, all, TextOptions{Width: 64}); err != nil {
		t.Fatal(err)
	}
	want := `wend      DIFFERS
          posts of a small platform that has much to say about
          itself and more than one line of it
  wend.post             https://api.wend.test/v1/posts
  wend.thread
    https://public.api.wend.test/xrpc/com.example.feed.thread
  wend.old              off
  ! wend.post, of what is there: unclear, expected shown, and
    this goes on for a while

lower     as expected
          pages
  lower.page            on the host of the source
  nothing proves that one is gone
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}
