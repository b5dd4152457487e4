package verify

import (
	"fmt"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// Judge gives one visit its verdict. It is an archive.Judge.
//
// A visit holds one or more looks: the first one, retries, second looks. Each
// look is judged on its own by the first rule that applies to it, then:
//
//   - a look that found the source wins over all others, whatever their order:
//     what answered once is not gone. One that found it as it was cited wins over
//     one that found it drifted;
//   - otherwise the last look decides, since it is the one made with the most
//     patience; the earlier ones are kept as evidence;
//   - gone, soft-404 and invalid do not survive a look that was refused: a wall
//     that answers 403 now and 404 then is a wall. The verdict is unknown.
//
// What a platform said of its post (archive.Visit.Posts) stands before all that
// the pages say, see judgePosts.
//
// Every judgement has at least one reason. State is alive for alive and moved,
// unconfirmed for gone, soft-404 and invalid, empty for the rest.
func Judge(v *archive.Visit) archive.Judgement {
	if reason := addressOf(v.URL).unfetchable(); reason != "" {
		return withState(judged(archive.Invalid, reason))
	}
	looks := splitLooks(v)
	if len(v.Posts) > 0 {
		return judgePosts(v, looks)
	}
	if len(looks) == 0 {
		return judged(archive.Unknown, because("no-evidence", "the source was not asked"))
	}
	return judgeLooks(v, looks)
}

// judgeLooks judges by the pages alone.
func judgeLooks(v *archive.Visit, looks [][]*archive.Exchange) archive.Judgement {
	each := make([]archive.Judgement, len(looks))
	rules := lookRules()
	for i, hops := range looks {
		each[i] = judgeLook(&evidence{visit: v, hops: hops}, rules)
		if upgraded(v.URL, hops[0].URL) {
			each[i] = byHTTPS(each[i])
		}
		if x := hops[len(hops)-1]; len(x.Tried) > 0 && x.Status != 0 {
			each[i].Reasons = append(each[i].Reasons, because("address-tried", "%s answered, and other addresses of the host did not: %s",
				x.Remote.Addr(), brief(strings.Join(x.Tried, ", "))))
		}
	}
	return withState(combine(each))
}

// rule judges one look, or says that it does not apply. Rules are pure and
// read nothing but the evidence; their order is their priority.
type rule struct {
	name  string
	judge func(*evidence) (archive.Judgement, bool)
}

func judgeLook(e *evidence, rules []rule) archive.Judgement {
	for _, r := range rules {
		if j, ok := r.judge(e); ok {
			if found(j.Verdict) {
				return e.drift(j)
			}
			return j
		}
	}
	return judged(archive.Unknown, because(statusCode(e.end().Status), "an answer that no rule knows"))
}

// combine makes one judgement of those of all looks.
func combine(each []archive.Judgement) archive.Judgement {
	last := len(each) - 1
	for _, there := range []func(archive.Verdict) bool{found, drifted} {
		for i := last; i >= 0; i-- {
			if there(each[i].Verdict) {
				return withEvidence(each, i)
			}
		}
	}
	if !condemns(each[last].Verdict) {
		return withEvidence(each, last)
	}
	agree := 0
	for i := range each {
		switch each[i].Verdict {
		case archive.Blocked, archive.Restricted:
			j := withEvidence(each, last)
			j.Verdict = archive.Unknown
			j.Reasons = append([]string{because("conflict",
				"one look was refused, another found nothing: a refusal never confirms an absence")}, j.Reasons...)
			return j
		case each[last].Verdict:
			agree++
		}
	}
	j := withEvidence(each, last)
	switch code := ReasonCode(j.Reasons[0]); {
	case agree > 1:
		j.Reasons = append(j.Reasons, because("second-look", "%d looks agreed", agree))
	case code == "url-invalid" || code == "private-address":
		// It is in the citation, and looking again would not change it.
	default:
		j.Reasons = append(j.Reasons, because("single-look", "seen once in this run, not confirmed by a second look"))
	}
	return j
}

// withEvidence returns each[at], followed by how the other looks ended when
// they ended differently. Runs of equal endings are told once.
func withEvidence(each []archive.Judgement, at int) archive.Judgement {
	j := each[at]
	j.Reasons = append([]string(nil), j.Reasons...)
	decisive := ReasonCode(each[at].Reasons[0])
	for i := 0; i < len(each); {
		code, n := ReasonCode(each[i].Reasons[0]), 0
		from := i
		for i < len(each) && ReasonCode(each[i].Reasons[0]) == code {
			i, n = i+1, n+1
		}
		if code == decisive {
			continue
		}
		which := fmt.Sprintf("look %d of %d", from+1, len(each))
		if n > 1 {
			which = fmt.Sprintf("looks %d to %d of %d", from+1, i, len(each))
		}
		j.Reasons = append(j.Reasons, because("other-look", "%s ended %s (%s)", which, code, each[from].Verdict))
	}
	return j
}

func withState(j archive.Judgement) archive.Judgement {
	switch {
	case found(j.Verdict):
		j.State = archive.StateAlive
	case condemns(j.Verdict):
		j.State = archive.StateUnconfirmed
	}
	return j
}

func judged(v archive.Verdict, reasons ...string) archive.Judgement {
	return archive.Judgement{Verdict: v, Reasons: reasons}
}

// found reports a verdict that says: the source is there, with its content.
func found(v archive.Verdict) bool { return v == archive.Alive || v == archive.Moved }

func drifted(v archive.Verdict) bool { return v == archive.Drifted }

// condemns reports a verdict that fails a citation once it is confirmed.
func condemns(v archive.Verdict) bool {
	return v == archive.Gone || v == archive.Soft404 || v == archive.Invalid
}
