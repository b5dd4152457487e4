package crawler_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/crawltest"
)

// judgesPages looks at the pages whose verdict is known: those that are
// there and look as if they were not, those that are not there and say that
// they are, the walls, and whatever else has one truth. What the project promises
// is four numbers: of all verdicts 99 % are right, and no page that is there is
// called dead, no wall is called dead, and nothing dead is called alive.
func judgesPages(t *testing.T, web *crawltest.Web, got map[string]crawler.Result) {
	truths := map[string]string{} // by URL
	kinds := map[string]int{}
	for _, c := range web.Cases() {
		if truth := truthOf(c.Want); truth != "" && known(c.Name) {
			truths[c.URL] = truth
			kinds[truth]++
		}
	}
	var judged, right, aliveCalledDead, wallCalledDead, deadCalledAlive int
	for _, c := range web.Cases() {
		truth, ok := truths[c.URL]
		if !ok || !known(c.Name) {
			continue
		}
		r, ok := got[c.URL]
		if !ok || r.Err != nil {
			t.Errorf("%s: no capture: %v", c.Name, r.Err)
			continue
		}
		verdict := string(r.Capture.Verdict)
		judged++
		if slices.Contains(c.Want, verdict) {
			right++
		} else {
			t.Errorf("%s (%s) is %s, want %q: %q", c.Name, c.Note, verdict, c.Want, r.Capture.Reasons)
		}
		switch said := truthOf([]string{verdict}); {
		case truth == "alive" && said == "dead":
			aliveCalledDead++
		case truth == "wall" && said == "dead":
			wallCalledDead++
		case truth == "dead" && said == "alive":
			deadCalledAlive++
		}
	}
	t.Logf("%d kinds of page, %v: %d right; %d alive called dead, %d walls called dead, %d dead called alive",
		judged, kinds, right, aliveCalledDead, wallCalledDead, deadCalledAlive)
	if judged < 45 || kinds["alive"] < 15 || kinds["wall"] < 15 || kinds["dead"] < 15 {
		t.Errorf("%d kinds of page are too few: %v", judged, kinds)
	}
	if right*100 < judged*99 || aliveCalledDead+wallCalledDead+deadCalledAlive > 0 {
		t.Error("the judge does not keep its promise")
	}
}

// known reports a case that stands for one kind of page.
func known(name string) bool {
	kind, _, ok := strings.Cut(name, "-")
	return ok && slices.Contains([]string{"soft", "good", "wall", "drift", "many", "tls", "status", "etag", "modified"}, kind)
}

// truthOf is what verdicts come to, "" when they come to different things.
func truthOf(verdicts []string) string {
	truths := map[string]string{"alive": "alive", "moved": "alive", "drifted": "alive", "restricted": "wall", "blocked": "wall",
		"soft-404": "dead", "gone": "dead", "unreachable": "unreachable"}
	truth := truths[verdicts[0]]
	for _, v := range verdicts {
		if truths[v] != truth {
			return ""
		}
	}
	return truth
}
