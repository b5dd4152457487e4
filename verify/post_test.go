package verify

import (
	"strings"
	"testing"

	"github.com/ibid-archive/ibid/archive"
)

func TestJudgePosts(t *testing.T) {
	const x, elsewhere = "https://x.com/jack/status/20", "https://social.example/@dam/17"
	whole := func(at string) []*archive.Exchange { return []*archive.Exchange{page(t, at)} }
	status := func(at string, n int) []*archive.Exchange {
		return []*archive.Exchange{answer(t, at, n, "<p>words</p>")}
	}
	noHost := []*archive.Exchange{failure(x, "dns", archive.ClassNoHost, "no such host")}
	posts := func(all ...archive.PostStanding) []*archive.Post {
		var ps []*archive.Post
		for _, s := range all {
			ps = append(ps, &archive.Post{Standing: s, Why: "because", Asked: []archive.PostAnswer{{Status: 200}}})
		}
		return ps
	}
	paged := func(all ...archive.PostStanding) []*archive.Post {
		ps := posts(all...)
		for _, p := range ps {
			p.Page = true
		}
		return ps
	}
	unanswered := posts(archive.PostUnclear)
	unanswered[0].Asked[0].Status = 0
	renamed := posts(archive.PostShown)
	renamed[0].Cited, renamed[0].Author, renamed[0].Mismatch = "jack", &archive.PostAuthor{Handle: "jack2"}, true
	const shown, absent, restricted, registered, unclear = archive.PostShown, archive.PostAbsent, archive.PostRestricted, archive.PostRegistered, archive.PostUnclear

	for _, tc := range []struct {
		name      string
		posts     []*archive.Post
		exchanges []*archive.Exchange
		verdict   archive.Verdict
		codes     string
	}{
		{"shown", posts(shown), whole(x), "alive", "post-shown"},
		{"shown behind a wall", posts(shown), status(x, 403), "alive", "post-shown"},
		{"shown, and the page is 404", posts(shown), status(x, 404), "alive", "post-shown"},
		{"shown, and the page has no host", posts(shown), noHost, "alive", "post-shown"},
		{"renamed", renamed, whole(x), "alive", "post-shown post-author"},
		{"absent once", posts(absent), whole(x), "gone", "post-absent single-look"},
		{"absent twice", posts(absent, absent), whole(x), "gone", "post-absent second-look"},
		{"absent, then shown", posts(absent, shown), whole(x), "alive", "post-shown other-look"},
		{"absent, then restricted", posts(absent, restricted), whole(x), "restricted", "post-restricted other-look"},
		{"restricted, then absent", posts(restricted, absent), whole(x), "unknown", "conflict post-absent other-look"},
		{"absent, then unclear", posts(absent, unclear), whole(x), "unknown", "post-unclear other-look"},
		{"restricted", posts(restricted), whole(x), "restricted", "post-restricted"},
		{"unclear", posts(unclear), whole(x), "unknown", "post-unclear"},
		{"unclear, and the page is 404", posts(unclear), status(x, 404), "unknown", "post-unclear"},
		{"unclear, and the page is a wall", posts(unclear), status(x, 403), "unknown", "post-unclear"},
		{"nobody answers", unanswered, noHost, "unreachable", "no-such-host post-unclear"},
		{"only the page answers", unanswered, whole(x), "unknown", "post-unclear"},

		{"page: shown, and its page is a wall", paged(shown), status(elsewhere, 403), "alive", "post-shown"},
		{"page: both say absent", paged(absent), status(elsewhere, 404), "gone", "post-absent http-404 single-look"},
		{"page: only the platform says absent", paged(absent), whole(elsewhere), "unknown", "conflict post-absent http-200"},
		{"page: absent, and its page refuses", paged(absent), status(elsewhere, 403), "unknown", "conflict post-absent http-403"},
		{"page: unclear", paged(unclear), whole(elsewhere), "alive", "http-200 post-unclear"},
		{"page: unclear, and its page is 404", paged(unclear), status(elsewhere, 404), "gone", "http-404 post-unclear single-look"},
		{"page: restricted, but there", paged(restricted), whole(elsewhere), "alive", "http-200 post-restricted"},
		{"page: registered", paged(registered), whole(elsewhere), "alive", "http-200 post-registered"},
		{"page: registered, and refused", paged(registered), status(elsewhere, 403), "blocked", "http-403 post-registered"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := &archive.Visit{Key: "https://x.com/i/status/20", URL: tc.exchanges[0].URL, Exchanges: tc.exchanges, Posts: tc.posts}
			j := Judge(v)
			var codes []string
			for _, r := range j.Reasons {
				code := ReasonCode(r)
				if codes = append(codes, code); !listed(code) {
					t.Errorf("code %s is not listed", code)
				}
			}
			if got := strings.Join(codes, " "); j.Verdict != tc.verdict || got != tc.codes {
				t.Errorf("%s (%s), want %s (%s)", j.Verdict, got, tc.verdict, tc.codes)
			}
		})
	}
}

// The page of a post alone proves nothing, whatever it shows.
func TestShell(t *testing.T) {
	const at = "https://x.com/jack/status/20"
	for want, x := range map[string]*archive.Exchange{
		"post-not-asked": page(t, at),
		"http-403":       answer(t, at, 403, ""),
		"timeout":        failure(at, "connect", archive.ClassTimeout, "too late"),
		"http-503":       answer(t, at, 503, ""),
	} {
		j := Judge(&archive.Visit{Key: "https://x.com/i/status/20", URL: at, Exchanges: []*archive.Exchange{x}})
		if got := ReasonCode(j.Reasons[0]); got != want || j.Verdict == archive.Alive || j.Verdict == archive.Gone {
			t.Errorf("%s: %s %q", want, j.Verdict, j.Reasons)
		}
	}
	if j := Judge(&archive.Visit{Key: "https://x.com/i/status/20", URL: at, Exchanges: []*archive.Exchange{answer(t, at, 404, "")}}); j.Verdict != archive.Unknown {
		t.Errorf("404: %s %q", j.Verdict, j.Reasons)
	}
}
