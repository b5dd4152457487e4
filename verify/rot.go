package verify

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// Bounds of the judgement over time.
const (
	// StrikesToDie is how many strikes make a source dead.
	StrikesToDie = 3
	// StrikeGap is how long after a strike the next one may count. It is longer
	// than nearly every outage, so that two strikes are two events.
	StrikeGap = 72 * time.Hour
	// StrikesAlone is how many it takes of one profile when the other one is told
	// lies and cannot confirm them.
	StrikesAlone = 5
	// RefusalMemory is how long a refusal stands against a death, and longer when
	// the strikes after it are not enough for one. A wall that says 403 now and 404
	// then is a wall, however rarely it is visited.
	RefusalMemory = 30 * 24 * time.Hour
	// SilenceLimit is how long a source may give no answer at all before it is
	// suspect. It is never dead for that alone.
	SilenceLimit = 14 * 24 * time.Hour
	// StandFor is how long a source that was there counts as alive while later
	// visits found nothing out.
	StandFor = 90 * 24 * time.Hour
	// lieGap is within what time two profiles must be told different things for
	// one of them to be lied to; later, the source may have come back.
	lieGap = 24 * time.Hour
	// silenceGap is how far apart silences count: an outage is looked at often.
	silenceGap = 24 * time.Hour
	// clockSkew is how far ahead of now a visit may be dated.
	clockSkew = time.Hour
)

// Visit is what the judgement over time wants to know of one visit.
type Visit struct {
	Source  string // the source's key, see seeds.Seed
	At      time.Time
	Verdict archive.Verdict
	Reason  string // code of the decisive reason
	Profile string // archive.Policy.Profile
	Capture string // SHA-256 of its WARC, "" when none is kept
	Content string // digest of what came, to tell a change; "" for none
}

// Standing is how a source stands over time.
type Standing struct {
	State   archive.State // "" when nothing tells
	Strikes int           // that count, since the source was last there
	Since   time.Time     // when what led to the state began
	Reasons []string      // "<code>: <sentence>", most decisive first

	// Decision is what a person decided, nil for nothing. It has won over the
	// evidence unless it is to ignore, which leaves the state as it is.
	Decision *archive.Decision

	tally tally
}

// evidenceKind is what one visit says about whether the source is there.
type evidenceKind int

const (
	saysNothing evidenceKind = iota
	isThere                  // it answered
	isAbsent                 // somebody said that it does not exist: a strike, if it counts
	isRefused                // somebody stands before it
	isSilent                 // no answer, or trouble
)

// saidBy sorts a visit. 429 and robots.txt say something about us and nothing
// about the source, so they do not even contradict.
func saidBy(v *Visit) evidenceKind {
	switch v.Verdict {
	case archive.Alive, archive.Moved, archive.Drifted:
		return isThere
	case archive.Gone, archive.Soft404:
		return isAbsent
	case archive.Blocked, archive.Restricted:
		if v.Reason == "http-429" || v.Reason == "http-420" || v.Reason == "robots" {
			return saysNothing
		}
		return isRefused
	case archive.Unreachable:
		return isSilent
	case archive.Unknown:
		if v.Reason == "conflict" {
			return isRefused // within one visit: a wall, and an absence
		}
	}
	return saysNothing
}

// Rot judges a source by all its visits, in any order. It is a pure function:
// equal visits, decisions, outages and now give the same standing.
//
//   - A visit that says gone or soft-404 is a strike. Strikes count when they are
//     StrikeGap apart and no outage covers them.
//   - One visit that finds the source clears all.
//   - StrikesToDie strikes, each of which two profiles saw: dead.
//   - A profile that finds nothing, twice in a row, where another one finds the
//     source is being lied to. What it does not find counts no more until it has
//     found the source itself; the other one then needs StrikesAlone strikes.
//   - Refusals, silence and errors are never strikes. A refusal keeps a source from
//     being dead for RefusalMemory and until there are strikes enough after it, and
//     so does silence at half of the visits; silence for SilenceLimit makes it
//     suspect.
//   - Visits that are dated after now or not at all are left out, and visits that
//     are there twice count once: a clock that jumps ahead cannot make days pass.
//   - The latest decision wins over all of this.
//
// A wall that tells all profiles, from this address, that a source does not
// exist, and never anything else, cannot be told from a death by this.
func Rot(history []Visit, decisions []archive.Decision, outages []Outage, now time.Time) Standing {
	t := count(history, outages, now)
	s := t.standing(now)
	s.decide(decisions)
	return s
}

// tally is what a history comes to.
type tally struct {
	first, newest Visit
	visits        int

	there      time.Time          // when the source was last there; zero for never
	strikes    []Visit            // that count, since then, by any profile
	each       map[string][]Visit // the same for each profile
	last       Visit              // the last absence, whether it counts or not
	absences   int                // since it was there, counted or not
	lies       map[string]int     // profile -> how often in a row others refuted it
	refused    time.Time          // the last refusal since it was there
	silent     time.Time          // when the silence began that goes on
	silences   int                // since it was there, silenceGap apart
	counted    time.Time          // the last of them
	unbelieved bool               // the profile of an absence is lied to
	excused    int                // strikes that an outage covers
	future     int                // visits dated after now
	changes    []change           // between visits that found something
}

func count(history []Visit, outages []Outage, now time.Time) *tally {
	inOrder := func(a, b Visit) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Capture, b.Capture), cmp.Compare(a.Verdict, b.Verdict), cmp.Compare(a.Profile, b.Profile))
	}
	visits := history
	if !slices.IsSortedFunc(visits, inOrder) {
		visits = slices.SortedStableFunc(slices.Values(history), inOrder)
	}
	var t tally
	var newest, content *Visit
	latest := now.Add(clockSkew)
	for i := range visits {
		v := &visits[i]
		switch {
		case v.At.IsZero():
			continue
		case v.At.After(latest):
			t.future++
			continue
		}
		if t.visits == 0 {
			t.first = *v
		}
		t.visits++
		newest = v
		switch saidBy(v) {
		case isThere:
			t.refuted(v)
			t.found(v)
			if v.Content != "" {
				if content != nil && v.At.After(content.At) {
					t.changes = append(t.changes, change{gap: v.At.Sub(content.At), changed: v.Content != content.Content})
				}
				content = v
			}
		case isAbsent:
			t.silent = time.Time{}
			t.last = *v
			t.absences++
			switch {
			case t.liedTo(v.Profile):
				t.unbelieved = true
			case covered(outages, v):
				t.excused++
			default:
				t.strike(v)
			}
		case isRefused:
			t.silent = time.Time{}
			t.refused = v.At
		case isSilent:
			if t.silent.IsZero() {
				t.silent = v.At
			}
			if v.At.Sub(t.counted) >= silenceGap {
				t.counted = v.At
				t.silences++
			}
		}
	}
	if newest != nil {
		t.newest = *newest
	}
	return &t
}

// found forgets what is counted since the source was last there.
func (t *tally) found(v *Visit) {
	if t.absences > 0 {
		t.strikes, t.each, t.last, t.absences, t.unbelieved, t.excused = nil, nil, Visit{}, 0, false, 0
	}
	t.there, t.refused, t.silent, t.counted, t.silences = v.At, time.Time{}, time.Time{}, time.Time{}, 0
}

// strike counts an absence, as far as it may count.
func (t *tally) strike(v *Visit) {
	apart := func(before []Visit) bool {
		return len(before) == 0 || v.At.Sub(before[len(before)-1].At) >= StrikeGap
	}
	if apart(t.strikes) {
		t.strikes = append(t.strikes, *v)
	}
	if own := t.each[v.Profile]; apart(own) {
		if t.each == nil {
			t.each = map[string][]Visit{}
		}
		t.each[v.Profile] = append(own, *v)
	}
}

// refuted notes that a profile has found what others had just not found.
func (t *tally) refuted(by *Visit) {
	for profile, strikes := range t.each {
		if profile != by.Profile && by.At.Sub(strikes[len(strikes)-1].At) < lieGap {
			if t.lies == nil {
				t.lies = map[string]int{}
			}
			t.lies[profile]++
		}
	}
	delete(t.lies, by.Profile)
}

// liedTo reports a profile that others refuted twice in a row.
func (t *tally) liedTo(profile string) bool { return t.lies[profile] > 1 }

// confirmed reports that enough ways of asking had the same answer often enough
// after a time.
func (t *tally) confirmed(since time.Time) bool {
	sure, lies := 0, false
	for profile, strikes := range t.each {
		n := 0
		for i := range strikes {
			if strikes[i].At.After(since) {
				n++
			}
		}
		if n >= StrikesToDie {
			sure++
		}
		if n >= StrikesAlone && t.liedTo(otherProfile(profile)) {
			lies = true
		}
	}
	return sure > 1 || lies
}

// contradicted says what speaks against the absence, "" for nothing: somebody
// refused us too recently, or between the strikes, or most visits had no answer at all.
func (t *tally) contradicted() string {
	switch {
	case !t.refused.IsZero() && (t.last.At.Sub(t.refused) < RefusalMemory || !t.confirmed(t.refused)):
		return fmt.Sprintf("refused on %s: a wall may say both", day(t.refused))
	case t.silences >= t.absences:
		return fmt.Sprintf("and %d visits had no answer", t.silences)
	}
	return ""
}

// standing says what the evidence alone comes to.
func (t *tally) standing(now time.Time) Standing {
	s := Standing{Strikes: len(t.strikes), tally: *t}
	silent := !t.silent.IsZero() && t.newest.At.Sub(t.silent) >= SilenceLimit
	switch {
	case s.Strikes > 0:
		s.Since = t.strikes[0].At
		s.struck(t)
	case silent:
		s.State, s.Since = archive.StateSuspect, t.silent
		s.because("silent", "no answer at %d visits since %s; that alone is never a death", t.silences, day(t.silent))
	case !t.there.IsZero() && now.Sub(t.there) <= StandFor:
		s.State, s.Since = archive.StateAlive, t.there
		if t.newest.At.After(t.there) {
			s.because("last-seen", "it was there on %s; nothing since then says that it is gone", day(t.there))
		}
	case t.visits > 0 && condemns(t.newest.Verdict):
		s.State, s.Since = archive.StateUnconfirmed, t.newest.At
	}
	if t.unbelieved {
		s.because("told-otherwise", "it was found by asking in another way, so this absence is not believed")
	}
	if t.excused > 0 {
		s.because("outage", "%s not counted: much else failed at that time, too", times(t.excused))
	}
	if t.future > 0 {
		s.because("clock", "%d visits are dated in the future and left out", t.future)
	}
	return s
}

// struck says what a history with strikes comes to.
func (s *Standing) struck(t *tally) {
	n, against := len(t.strikes), t.contradicted()
	s.State = archive.StateSuspect
	switch {
	case n == 1 && t.there.IsZero() && t.refused.IsZero():
		s.State = archive.StateUnconfirmed
		s.because("strike", "not found once, on %s; it was never seen otherwise", day(t.strikes[0].At))
		return
	case against != "":
		s.because("conflict", "not found %s, but %s", times(n), against)
		return
	case !t.confirmed(time.Time{}):
		s.because("strike", "not found %s since %s; %d times, %s apart and asked in two ways, make it dead", times(n), day(s.Since), StrikesToDie, hours(StrikeGap))
		return
	}
	s.State = archive.StateDead
	s.because("dead", "not found %s since %s, at least %s apart and asked in two ways", times(n), day(s.Since), hours(StrikeGap))
}

// decide lets the latest decision win.
func (s *Standing) decide(decisions []archive.Decision) {
	for i := range decisions {
		d := &decisions[i]
		if s.Decision == nil || cmp.Or(d.Time.Compare(s.Decision.Time), cmp.Compare(d.Object, s.Decision.Object)) > 0 {
			s.Decision = d
		}
	}
	d := s.Decision
	if d == nil {
		return
	}
	switch d.Decision {
	case archive.DecideAlive:
		s.State, s.Since = archive.StateAlive, d.Time
	case archive.DecideDead:
		s.State, s.Since = archive.StateDead, d.Time
	}
	s.Reasons = append([]string{because("decided", "%s decided on %s: %s, because %s", d.By, day(d.Time), d.Decision, d.Because)}, s.Reasons...)
}

func (s *Standing) because(code, format string, args ...any) {
	s.Reasons = append(s.Reasons, because(code, format, args...))
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

func hours(d time.Duration) string { return fmt.Sprintf("%d hours", d/time.Hour) }

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
