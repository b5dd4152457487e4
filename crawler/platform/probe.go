package platform

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/seeds"
)

// probe is one platform, as data and the functions that only it needs.
type probe struct {
	name  string
	title string   // as people write it
	about string   // for people, one line
	hosts []string // of the keys of its sources; none: by shape alone
	// shape reports, cheaply, an address that match is worth being asked about; of
	// a probe without hosts.
	shape func(key string) bool
	match func(*subject) bool
	asks  []ask
	// witnesses is how many endpoints must say that a post is absent; 0: none
	// of the endpoints can.
	witnesses int
	page      bool // see archive.Post.Page
	// see is what the page of the source says of itself; may be nil.
	see func(*Answer) archive.Post
	// post is what the address alone says; may be nil.
	post func(*subject) archive.Post
	// known is a source that has been there for long, missing one that never
	// was: for the self-test. "" for none.
	known, missing string
	// control is known in the form that asks least; "" for known.
	control string
	note    string // what a reader of the results should know; "" for nothing
}

// ask is one endpoint.
type ask struct {
	name   string
	base   string // "": on the host of the source itself
	accept string
	follow bool
	// aside marks what cannot contradict the others: only what it shows counts.
	aside bool
	// quiet is asked only when the configuration turns it on.
	quiet bool
	// expect is what it says of probe.known; "" for shown.
	expect archive.PostStanding
	url    func(base string, s *subject) string // "" when it cannot be asked
	read   func(*subject, *Answer) reading
}

// subject is one source.
type subject struct {
	key, host string
	cited     string // the address as cited
	id        string // of the post, as the platform has it
	handle    string // in the address, "" when it names none
	did       string // of Bluesky: who the handle is
}

// reading is what one answer says.
type reading struct {
	ask      *ask
	url      string
	status   int
	standing archive.PostStanding // "": it is no witness, what it said leads on
	says     string
	post     archive.Post // what it tells of the post; the fields of standing are not used
}

func read(standing archive.PostStanding, format string, args ...any) reading {
	says := format
	if len(args) > 0 {
		says = fmt.Sprintf(format, args...)
	}
	return reading{standing: standing, says: says}
}

// refusal reads what no platform means by an answer about a post: no answer, a
// refusal, trouble, a redirect.
func refusal(a *Answer) reading {
	switch {
	case a.Failure != "" && a.Status == 0:
		return read(archive.PostUnclear, "gave no answer: %s", brief(a.Failure))
	case a.Failure != "":
		return read(archive.PostUnclear, "gave a cut answer: %s", brief(a.Failure))
	case a.Status == 401, a.Status == 403, a.Status == 451, a.Status == 999:
		return read(archive.PostUnclear, "refused us (%d)", a.Status)
	case a.Status == 402:
		return read(archive.PostUnclear, "asks for payment (402)")
	case a.Status == 420, a.Status == 429:
		return read(archive.PostUnclear, "found our visits too many (%d)", a.Status)
	case a.Status >= 300 && a.Status < 400:
		return read(archive.PostUnclear, "redirects elsewhere (%d)", a.Status)
	case a.Status >= 500:
		return read(archive.PostUnclear, "has trouble (%d)", a.Status)
	}
	return read(archive.PostUnclear, "answers in a way that is not known (%d)", a.Status)
}

// Post says what was learnt. It can be called at any time.
func (q *Query) Post() *archive.Post {
	p := archive.Post{}
	if q.probe.post != nil {
		p = q.probe.post(&q.subject)
	}
	for i := range q.asked {
		fill(&p, &q.asked[i].post)
	}
	fill(&p, &q.saw)
	p.Platform, p.ID, p.URL, p.Cited, p.Page = q.probe.name, q.subject.id, q.subject.key, q.subject.handle, q.probe.page
	p.Standing, p.Why = q.standing()
	if p.Standing == archive.PostAbsent && q.broken != "" {
		p.Standing, p.Why = archive.PostUnclear, q.broken+"; "+p.Why
	}
	if at, ok := seeds.PostedAt(q.subject.key); ok && p.PostedAt.IsZero() {
		p.PostedAt, p.PostedBy = at, archive.PostedByID
	}
	p.PostedAt = p.PostedAt.UTC().Truncate(time.Millisecond)
	if a := p.Author; a != nil && a.Handle != "" && p.Cited != "" && !strings.HasPrefix(p.Cited, "did:") {
		p.Mismatch = !strings.EqualFold(a.Handle, p.Cited)
	}
	for i := range q.asked {
		r := &q.asked[i]
		standing := r.standing
		if standing == "" {
			standing = archive.PostRegistered
		}
		p.Asked = append(p.Asked, archive.PostAnswer{Endpoint: q.probe.name + "." + r.ask.name, URL: r.url, Status: r.status, Standing: standing, Says: r.says})
	}
	p.Asked = append(p.Asked, q.controlled...)
	return &p
}

// standing weighs the answers: what was shown wins, a reserve comes before an
// absence, and an absence needs all witnesses and nobody in doubt.
func (q *Query) standing() (archive.PostStanding, string) {
	absent, doubt := 0, false
	var of [5][]said // by rank
	rank := map[archive.PostStanding]int{archive.PostShown: 0, archive.PostRegistered: 1, archive.PostRestricted: 2, archive.PostAbsent: 3, archive.PostUnclear: 4}
	for i := range q.asked {
		r := &q.asked[i]
		if r.standing == "" {
			continue
		}
		n := rank[r.standing]
		of[n] = append(of[n], said{r.ask.name, r.says})
		switch {
		case r.standing == archive.PostAbsent && !r.ask.aside:
			absent++
		case r.standing == archive.PostUnclear && !r.ask.aside:
			doubt = true
		}
	}
	say := func(lists ...[]said) string { return q.probe.says(slices.Concat(lists...)...) }
	switch {
	case len(of[0]) > 0:
		return archive.PostShown, say(of[0])
	case len(of[1]) > 0:
		return archive.PostRegistered, say(of[1])
	case len(of[2]) > 0:
		return archive.PostRestricted, say(of[2], of[3], of[4])
	case len(q.asked) == 0 && q.probe.post != nil:
		return archive.PostRegistered, "known by its address"
	case len(q.asked) == 0:
		return archive.PostUnclear, "nothing was asked"
	case !doubt && q.probe.witnesses > 0 && absent >= q.probe.witnesses:
		return archive.PostAbsent, say(of[3], of[4])
	}
	return archive.PostUnclear, say(of[3], of[4])
}

// said is a sentence of one endpoint.
type said struct{ endpoint, sentence string }

// says joins what endpoints say; what several of them say alike is said once.
func (p *probe) says(all ...said) string {
	var order []string
	of := map[string][]string{}
	for _, s := range all {
		if of[s.sentence] == nil {
			order = append(order, s.sentence)
		}
		of[s.sentence] = append(of[s.sentence], s.endpoint)
	}
	for i, sentence := range order {
		order[i] = p.title + " (" + strings.Join(of[sentence], ", ") + ") " + strings.TrimSuffix(sentence, ".")
	}
	return strings.Join(order, "; ")
}

// fill completes p by what more knows.
func fill(p, more *archive.Post) {
	if p.Author == nil {
		p.Author = more.Author
	}
	if p.PostedAt.IsZero() && !more.PostedAt.IsZero() {
		p.PostedAt, p.PostedBy = more.PostedAt, archive.PostedByPlatform
	}
	if p.Original == "" {
		p.Original = more.Original
	}
	if p.Title == "" {
		p.Title = more.Title
	}
	if p.Text == "" {
		p.Text, p.Lang = more.Text, more.Lang
	}
	if len(p.Media) == 0 {
		p.Media = more.Media
	}
	if p.Quoted == nil {
		p.Quoted = more.Quoted
	}
}
