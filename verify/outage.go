package verify

import (
	"slices"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"
)

// OutageScope is what an outage took down.
type OutageScope string

// Scopes of outages.
const (
	ScopeHost       OutageScope = "host"       // one host
	ScopeNames      OutageScope = "names"      // names of several domains: a registrar, a name server, our own resolver
	ScopeEverything OutageScope = "everything" // whatever was visited: our own connection, or something on the way
)

// Bounds of outages.
const (
	outageWindow  = 6 * time.Hour // sources that fail at once do so within this
	outageSources = 3             // of one host, or domains whose names fail
	outageAll     = 5             // sources, of outageSources domains or more, when nothing else stands
)

// Outage is a time in which absences say nothing about a source, because many
// sources with something in common failed at once that had been there before.
type Outage struct {
	Scope    OutageScope
	Host     string    // of ScopeHost
	From, To time.Time // To excluded
}

// covers reports whether the outage explains what v found.
func (o *Outage) covers(v *Visit) bool {
	if v.At.Before(o.From) || !v.At.Before(o.To) {
		return false
	}
	switch o.Scope {
	case ScopeHost:
		return hostOf(v.Source) == o.Host
	case ScopeNames:
		return nameless(v)
	case ScopeEverything:
		return true
	}
	return false
}

func covered(outages []Outage, v *Visit) bool {
	return slices.ContainsFunc(outages, func(o Outage) bool { return o.covers(v) })
}

// nameless reports a visit that ended at the name.
func nameless(v *Visit) bool { return v.Reason == "no-such-host" || v.Reason == "dns" }

// OutageWatch finds outages in the visits to many sources, which it is shown in
// the order of time. It remembers whether each source was there and little more.
//
// An outage begins when several sources fail at once, each of which was there at
// its visit before, and nothing of the same scope is found between them. It ends
// when something of its scope is found again. What never comes back within
// StrikeGap is no outage but a death, and its strikes count from the first.
type OutageWatch struct {
	there map[string]bool // source -> it was there when it was last visited and said anything
	open  map[group]*failing
	found []Outage
	last  time.Time
}

// group is what fails together.
type group struct {
	scope OutageScope
	host  string
}

// failing are the sources of a group that failed without one that did not.
type failing struct {
	turns   []turn // those that had been there before, within outageWindow
	outage  bool
	from    time.Time
	to      time.Time       // last failure
	members map[string]bool // sources of the outage
}

type turn struct {
	source, domain string
	at             time.Time
}

// NewOutageWatch returns a watch that has seen nothing.
func NewOutageWatch() *OutageWatch {
	return &OutageWatch{there: map[string]bool{}, open: map[group]*failing{}}
}

// Add shows the watch the next visit. Visits without a time are left out.
func (w *OutageWatch) Add(v Visit) {
	if v.At.IsZero() {
		return
	}
	w.last = v.At
	kind := saidBy(&v)
	host := hostOf(v.Source)
	switch kind {
	case isThere:
		w.there[v.Source] = true
		w.end(group{ScopeHost, host}, &v)
		w.end(group{scope: ScopeNames}, &v)
		w.end(group{scope: ScopeEverything}, &v)
	case isAbsent, isSilent:
		turned := w.there[v.Source]
		w.there[v.Source] = false
		w.fail(group{ScopeHost, host}, &v, turned)
		if nameless(&v) {
			w.fail(group{scope: ScopeNames}, &v, turned)
		}
		w.fail(group{scope: ScopeEverything}, &v, turned)
	}
}

// end closes what was open of a group: something of it is there. When that is
// none of those that failed, they may have died together, and only the time in
// which nobody could know is excused.
func (w *OutageWatch) end(g group, v *Visit) {
	f := w.open[g]
	if f == nil {
		return
	}
	delete(w.open, g)
	if !f.outage {
		return
	}
	o := Outage{Scope: g.scope, Host: g.host, From: f.from, To: v.At}
	if limit := f.from.Add(StrikeGap); !f.members[v.Source] && o.To.After(limit) {
		o.To = limit
	}
	w.found = append(w.found, o)
}

func (w *OutageWatch) fail(g group, v *Visit, turned bool) {
	f := w.open[g]
	if f == nil {
		if !turned {
			return
		}
		f = &failing{}
		w.open[g] = f
	}
	f.to = v.At
	switch {
	case !turned:
		return
	case f.outage:
		f.members[v.Source] = true
		return
	}
	f.turns = slices.DeleteFunc(f.turns, func(t turn) bool { return v.At.Sub(t.at) > outageWindow })
	f.turns = append(f.turns, turn{v.Source, domainOf(v.Source), v.At})
	if enough(g.scope, f.turns) {
		f.outage, f.from, f.members = true, f.turns[0].at, map[string]bool{}
		for _, t := range f.turns {
			f.members[t.source] = true
		}
		f.turns = nil
	}
}

// enough reports whether what failed at once is more than a coincidence.
func enough(scope OutageScope, turns []turn) bool {
	if scope == ScopeHost {
		return len(turns) >= outageSources // a source turns once
	}
	domains := map[string]bool{}
	for _, t := range turns {
		domains[t.domain] = true
	}
	return len(domains) >= outageSources && (scope == ScopeNames || len(turns) >= outageAll)
}

// Outages returns those that were found, the oldest first. What is still open
// counts until now, as long as it is young enough to end.
func (w *OutageWatch) Outages(now time.Time) []Outage {
	out := slices.Clone(w.found)
	for g, f := range w.open {
		if f.outage && f.to.Sub(f.from) < StrikeGap {
			out = append(out, Outage{Scope: g.scope, Host: g.host, From: f.from, To: maxTime(now, w.last).Add(1)})
		}
	}
	slices.SortFunc(out, func(a, b Outage) int {
		if c := a.From.Compare(b.From); c != 0 {
			return c
		}
		return strings.Compare(string(a.Scope)+a.Host, string(b.Scope)+b.Host)
	})
	return out
}

// Outages finds the outages in the visits to many sources, in any order.
func Outages(visits []Visit, now time.Time) []Outage {
	sorted := slices.Clone(visits)
	slices.SortStableFunc(sorted, func(a, b Visit) int { return a.At.Compare(b.At) })
	w := NewOutageWatch()
	for _, v := range sorted {
		w.Add(v)
	}
	return w.Outages(now)
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// hostOf is the host of a source's key, lower-case, without a port.
func hostOf(source string) string { return addressOf(source).host }

// domainOf is what somebody registered: the host's last label before its public
// suffix, and the suffix. It is the host when there is none.
func domainOf(source string) string {
	host := hostOf(source)
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}
