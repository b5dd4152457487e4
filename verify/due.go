package verify

import (
	"hash/fnv"
	"math"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// Intervals between visits.
const (
	// YoungFor is how long after its first visit a source is visited weekly:
	// most of what rots rots early, and a citation is mended best while its
	// author remembers it.
	YoungFor = 90 * 24 * time.Hour

	dueAgain   = 12 * time.Hour      // after a visit that should have confirmed something and had no answer
	dueSoonest = 24 * time.Hour      // after any other visit without an answer
	dueWeekly  = 7 * 24 * time.Hour  // young, or changing often
	dueStable  = 30 * 24 * time.Hour // never seen to change, or dead
	dueSpread  = 0.2                 // intervals are up to this share shorter
	strikeLate = 3 * time.Hour       // what waits for a strike waits up to this longer: at another hour of the day

	// doubtFor is how long after its first strike a source is in doubt: what three
	// strikes did not settle by then is not settled by hurry.
	doubtFor = 30 * 24 * time.Hour
)

// Due is when a source wants its next visit, and how.
type Due struct {
	At      time.Time
	Profile string // archive.ProfileDefault or archive.ProfileBrowser
	// InDoubt says that the source was not found, and that this visit may settle
	// whether it is dead. It is worth making at its time, where other visits can
	// wait for the next tick of a schedule.
	InDoubt bool
}

// Next says when the source of s, whose key is source, is to be visited again.
// It is a pure function, and never more than 30 days after the visit before;
// a source that was never visited is due at once, which is the zero time.
//
//   - What was not found is due at once as the other profile, and then again when
//     its next strike can count. In between a browser looks whether it is back.
//   - What gave no answer is due after a day, later after three and seven.
//   - Young sources and those behind a wall are due weekly.
//   - All others by how often their content changed, between 7 and 30 days.
//   - In doubt is what has struck and is not dead, for 30 days after its first
//     strike, unless it was refused: behind a wall nothing is settled soon.
//
// Intervals are up to a fifth shorter, by the key, so that what was first
// visited in one run is not visited in one run for ever.
func Next(source string, s *Standing) Due {
	t := &s.tally
	if t.visits == 0 {
		return Due{Profile: archive.ProfileDefault}
	}
	due := t.due(source)
	due.InDoubt = t.inDoubt(due.At)
	return due
}

// inDoubt reports that a visit at a time can settle whether the source is dead.
func (t *tally) inDoubt(at time.Time) bool {
	return len(t.strikes) > 0 && t.refused.IsZero() && at.Sub(t.strikes[0].At) <= doubtFor && (!t.confirmed(time.Time{}) || t.contradicted() != "")
}

// due is when the next visit is wanted, and as whom.
func (t *tally) due(source string) Due {
	roll := dice(source, t.visits)
	early := func(d time.Duration) time.Time {
		return t.newest.At.Add(d - time.Duration(roll*dueSpread*float64(d)))
	}
	if len(t.strikes) > 0 || saidBy(&t.newest) == isAbsent {
		return t.next(early, roll)
	}
	return Due{At: early(t.interval()), Profile: archive.ProfileDefault}
}

// next is for what has struck, or would have if it had been believed.
func (t *tally) next(early func(time.Duration) time.Time, roll float64) Due {
	n, newest := len(t.strikes), &t.newest
	other, confirmed := otherProfile(newest.Profile), t.confirmed(time.Time{})
	switch {
	case saidBy(newest) != isAbsent && !confirmed: // what was due found nothing out
		return Due{At: newest.At.Add(dueAgain), Profile: newest.Profile}
	case n == 0 && t.liedTo(newest.Profile) && !t.liedTo(other):
		return Due{At: newest.At, Profile: other}
	case n == 0: // an outage
		return Due{At: early(dueSoonest), Profile: archive.ProfileDefault}
	case confirmed && t.contradicted() == "":
		return Due{At: early(dueStable), Profile: archive.ProfileDefault}
	}
	last := t.strikes[n-1].At
	if between := last.Add(StrikeGap / 2); newest.At.Before(between) && t.askedAs(other) {
		// It counts only if the source is there, and then it clears all.
		return Due{At: between, Profile: t.believed(archive.ProfileBrowser)}
	}
	due := Due{At: last.Add(StrikeGap + time.Duration(roll*float64(strikeLate))), Profile: t.believed(archive.ProfileDefault)}
	if !t.askedAs(other) && !t.liedTo(other) {
		due = Due{At: last, Profile: other}
		if own := t.each[other]; len(own) > 0 {
			due.At = maxTime(due.At, own[len(own)-1].At.Add(StrikeGap))
		}
	}
	if newest.At.After(last) { // it was asked since, and that did not count
		due.At = maxTime(due.At, newest.At.Add(dueAgain))
	}
	return due
}

// believed is the profile, or the other one when it is lied to.
func (t *tally) believed(profile string) string {
	if t.liedTo(profile) {
		return otherProfile(profile)
	}
	return profile
}

// askedAs reports whether a profile was told of the last strike, too.
func (t *tally) askedAs(profile string) bool {
	own := t.each[profile]
	if len(own) == 0 || len(t.strikes) == 0 {
		return false
	}
	return !own[len(own)-1].At.Before(t.strikes[len(t.strikes)-1].At)
}

func otherProfile(profile string) string {
	if profile == archive.ProfileDefault {
		return archive.ProfileBrowser
	}
	return archive.ProfileDefault
}

// interval is how long a source without strikes is left alone.
func (t *tally) interval() time.Duration {
	switch saidBy(&t.newest) {
	case isSilent, saysNothing:
		switch since := t.newest.At.Sub(t.silent); {
		case t.silent.IsZero() || since < dueWeekly:
			return dueSoonest
		case since < dueStable:
			return StrikeGap
		}
		return dueWeekly
	case isRefused:
		return dueWeekly
	}
	if t.newest.At.Sub(t.first.At) < YoungFor {
		return dueWeekly
	}
	rate := changeRate(t.changes)
	if rate <= 0 {
		return dueStable
	}
	return min(max(time.Duration(min(float64(time.Hour)/rate, math.MaxInt64/2)), dueWeekly), dueStable)
}

// change is whether a source's content differed after a time.
type change struct {
	gap     time.Duration
	changed bool
}

// changeRate estimates how often a source changes, in changes an hour, of which
// we see at most one a visit. It is the maximum-likelihood rate of a Poisson
// process that was looked at irregularly, with half an unchanged look added
// against bias; with equal gaps it is Cho and Garcia-Molina's
// −ln((X̄+0.5)/(n+0.5)) per gap.
func changeRate(changes []change) float64 {
	var still, sum float64
	var gaps []float64 // of the looks that saw a change
	for _, c := range changes {
		h := c.gap.Hours()
		sum += h
		if c.changed {
			gaps = append(gaps, h)
		} else {
			still += h
		}
	}
	if len(gaps) == 0 {
		return 0
	}
	still += sum / float64(len(changes)) / 2
	// The likelihood's slope falls with the rate: sum g/(e^(rg)-1) = still.
	slope := func(rate float64) float64 {
		s := -still
		for _, g := range gaps {
			s += g / math.Expm1(rate*g)
		}
		return s
	}
	low, high := 0.0, 1.0
	for range 60 { // until nothing changes that fast
		if slope(high) <= 0 {
			break
		}
		low, high = high, high*2
	}
	for range 60 {
		if mid := (low + high) / 2; slope(mid) > 0 {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// dice is a number from 0 to 1 that the key and the count of visits fix.
func dice(source string, visits int) float64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(source))
	_, _ = h.Write([]byte{byte(visits), byte(visits >> 8), byte(visits >> 16)})
	x := h.Sum64() // its high bits differ little between like keys
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return float64(x>>11) / (1 << 53)
}
