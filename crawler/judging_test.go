package crawler_test

import (
	"strings"
	"testing"
)

// TestJudgesPages visits the pages whose verdict is known: those that are
// there and look as if they were not, those that are not there and say that
// they are, and the walls. No page that is there may be called dead, no wall
// may be called dead, and nothing dead may be called alive.
func TestJudgesPages(t *testing.T) {
	web := startWeb(t)
	cfg := quick(web)
	kept, store := openArchive(t)
	cfg.Keeper = keeper{kept}
	var urls []string
	for _, c := range web.Cases() {
		if known(c.Name) {
			urls = append(urls, c.URL)
		}
	}
	got := crawl(t, cfg, urls...)
	kinds := 0
	for _, c := range web.Cases() {
		if !known(c.Name) {
			continue
		}
		kinds++
		r, ok := got[c.URL]
		if !ok || r.Err != nil {
			t.Errorf("%s: no capture: %v", c.Name, r.Err)
			continue
		}
		right := false
		for _, want := range c.Want {
			right = right || string(r.Capture.Verdict) == want
		}
		if !right {
			t.Errorf("%s (%s) is %s, want %q: %q", c.Name, c.Note, r.Capture.Verdict, c.Want, r.Capture.Reasons)
		}
	}
	t.Logf("%d kinds of page", kinds)
	if kinds < 45 {
		t.Errorf("%d kinds of page, want at least 45", kinds)
	}
	audited(t, store)
}

// known reports a case that stands for one kind of page.
func known(name string) bool {
	kind, _, ok := strings.Cut(name, "-")
	return ok && (kind == "soft" || kind == "good" || kind == "wall")
}
