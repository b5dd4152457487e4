package verify

import (
	"regexp"
	"slices"

	"time"

	"github.com/ibid-archive/ibid/archive"
)

// postLink is a link in the text of a post. A platform writes the same link in
// several ways, by who asks.
var postLink = regexp.MustCompile(`(?:https?://|pic\.(?:twitter|x)\.com/)\S*`)

// postDrift compares what a platform says of a post with what it said when the post
// was cited: a post can be edited under its address. j is the judgement of a visit.
// Numbers of likes and the like are no part of what is compared.
func postDrift(v *archive.Visit, j archive.Judgement) archive.Judgement {
	p := v.BestPost().Summary()
	if j.Verdict != archive.Alive || p.Standing != archive.PostShown || p.Said() == "" || v.Earlier == nil || v.Differs != nil && !v.Differs("") {
		return j
	}
	before := v.Earlier()
	if before == nil {
		return j
	}
	old := contentOf(before.Content)
	if old == nil || !old.Post { // when it was cited its platform was not asked, or showed nothing
		return j
	}
	was, is := postText(old.Body), postText([]byte(p.Said()))
	d := Compare(was, is, wholePost(was.Text, v.Claims))
	if d.Class == Same {
		return j
	}
	d.Reasons = slices.DeleteFunc(d.Reasons, func(r string) bool { return ReasonCode(r) == "no-main-text" })
	j.Compared = &archive.Comparison{With: before.Capture, Class: string(d.Class), Score: d.Score, Kept: d.Kept,
		Version: d.Version, Extractor: d.Extractor, Text: TextVersion, TextSHA256: is.SHA256()}
	since := because("as-cited", "compared with what was there on %s", before.Date.UTC().Format(time.DateOnly))
	if d.Class == Drifted {
		j.Verdict = archive.Drifted
		j.Reasons = append(append(append([]string(nil), d.Reasons...), since), j.Reasons...)
		return j
	}
	j.Reasons = append(append(j.Reasons, d.Reasons...), since)
	return j
}

// postText is what a platform said, without what it writes in several ways.
func postText(said []byte) Page {
	return Page{Doc: Doc{Text: plainText(string(postLink.ReplaceAll(said, nil)))}, Extractor: VisibleExtractor}
}

// postSentences is how many sentences a text has that is cited as a whole.
const postSentences = 24

// wholePost: who cites a post cites every sentence of it, whatever the claim is; of
// a long text only what speaks to the claims. claims may be nil.
func wholePost(text string, claims func() []string) Cited {
	var cited Cited
	if claims != nil {
		cited = CitedFor(claims())
	}
	all := Sentences(text)
	if len(all) > postSentences {
		return cited
	}
	cited.Quotes = nil
	for _, s := range all {
		cited.Quotes = append(cited.Quotes, text[s.Start:s.End])
	}
	return cited
}
