package verify

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
)

var rotStart = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// visitsOf reads a history: "<hours> <what>[*] …", * for a browser's visit.
func visitsOf(t *testing.T, text string) []Visit {
	t.Helper()
	what := map[string]Visit{"alive": simAlive, "404": sim404, "410": sim410, "nohost": simNoHost, "soft": simSoft,
		"timeout": simTimeout, "503": sim503, "403": sim403, "429": sim429, "login": {Verdict: archive.Restricted, Reason: "http-401"},
		"conflict": {Verdict: archive.Unknown, Reason: "conflict"}, "invalid": {Verdict: archive.Invalid, Reason: "url-invalid"},
		"drifted": {Verdict: archive.Drifted}, "moved": {Verdict: archive.Moved}}
	var visits []Visit
	fields := strings.Fields(text)
	for i := 0; i+1 < len(fields); i += 2 {
		d, err := time.ParseDuration(fields[i] + "h")
		if err != nil {
			t.Fatal(err)
		}
		name, browser := strings.CutSuffix(fields[i+1], "*")
		v, ok := what[name]
		if !ok {
			t.Fatalf("what is %q?", name)
		}
		if browser {
			v.Profile = archive.ProfileBrowser
		}
		v.Source, v.At = "https://a.example/page", rotStart.Add(d)
		visits = append(visits, v)
	}
	return visits
}

func TestRot(t *testing.T) {
	const dying = "0 alive 100 404 100.5 404* 172 404 172.5 404* 244 404 244.5 404*"
	for _, test := range []struct {
		name, history string
		state         archive.State
		strikes       int
		code          string
	}{
		{"nothing", "", "", 0, ""},
		{"alive", "0 alive", archive.StateAlive, 0, ""},
		{"moved", "0 moved", archive.StateAlive, 0, ""},
		{"drifted", "0 drifted", archive.StateAlive, 0, ""},
		{"a single run", "0 404", archive.StateUnconfirmed, 1, "strike"},
		{"invalid", "0 invalid", archive.StateUnconfirmed, 0, ""},
		{"first strike", "0 alive 100 404", archive.StateSuspect, 1, "strike"},
		{"within 72 hours", "0 alive 100 404 110 404 120 404* 171.9 404", archive.StateSuspect, 1, "strike"},
		{"second strike", "0 alive 100 404 172 404", archive.StateSuspect, 2, "strike"},
		{"third strike, one way", "0 alive 100 404 172 404 244 404 400 404", archive.StateSuspect, 4, "strike"},
		{"third strike, second way once", "0 alive 100 404 172 404 244 404 245 404*", archive.StateSuspect, 3, "strike"},
		{"dead", dying, archive.StateDead, 3, "dead"},
		{"dead without ever being alive", "100 404 100.5 404* 172 404 172.5 404* 244 404 244.5 404*", archive.StateDead, 3, "dead"},
		{"dead by three kinds of absence", "0 alive 100 410 100.5 404* 172 nohost 172.5 soft* 244 404 244.5 404*", archive.StateDead, 3, "dead"},
		{"twice the same visits", dying + " " + dying, archive.StateDead, 3, "dead"},
		{"one success clears", dying + " 300 alive", archive.StateAlive, 0, ""},
		{"one success between", "0 alive 100 404 100.5 404* 172 404 172.5 404* 200 alive 244 404 244.5 404*", archive.StateSuspect, 1, "strike"},
		{"a browser's success clears", "0 alive 100 404 172 404 244 404 244.5 alive*", archive.StateAlive, 0, ""},
		{"a refusal contradicts", "0 alive 100 404 100.5 404* 172 404 172.5 403* 244 404 244.5 404* 316 404*", archive.StateSuspect, 4, "conflict"},
		{"a refusal before contradicts", "0 403 100 404 100.5 404* 172 404 172.5 404* 244 404 244.5 404*", archive.StateSuspect, 3, "conflict"},
		{"a wall within a visit contradicts", dying + " 250 conflict", archive.StateSuspect, 3, "conflict"},
		{"an old refusal does not", "0 403 1000 404 1000.5 404* 1072 404 1072.5 404* 1144 404 1144.5 404*", archive.StateDead, 3, "dead"},
		{"too many requests say nothing", "0 alive 100 404 100.5 404* 172 404 172.5 404* 200 429 244 404 244.5 404*", archive.StateDead, 3, "dead"},
		{"a refusal between strikes does, however old", "100 404 100.5 404* 172 404 172.5 404* 200 403 1000 404 1000.5 404*", archive.StateSuspect, 3, "conflict"},
		{"three strikes after a refusal do", "100 404 100.5 404* 172 404 172.5 404* 200 403 1000 404 1000.5 404* 1072 404 1072.5 404* 1144 404 1144.5 404*", archive.StateDead, 5, "dead"},
		{"refusals never strike", "0 403 100 403* 200 login 300 429 400 403* 500 403", "", 0, ""},
		{"errors never strike", "0 503 100 503* 200 timeout 300 503* 400 timeout* 500 503", archive.StateSuspect, 0, "silent"},
		{"short silence", "0 alive 100 503 200 503", archive.StateAlive, 0, "last-seen"},
		{"long silence", "0 alive 100 503 200 503 436 timeout", archive.StateSuspect, 0, "silent"},
		{"mostly silent", "0 alive 10 503 34 503 58 503 82 503 106 503 107 503 131 503 160 404 160.5 404* 232 404 232.5 404* 304 404 304.5 404*", archive.StateSuspect, 3, "conflict"},
		{"lied to", "0 alive 100 404 100.5 alive* 200 404 200.5 alive* 300 404", archive.StateAlive, 0, "last-seen"},
		{"no longer lied to", "0 alive 100 404 100.5 alive* 200 404 200.5 alive* 250 alive 300 404", archive.StateSuspect, 1, "strike"},
		{"dead though lied to", "0 404 0.5 alive* 100 404 100.5 alive* 200 404* 272 404* 344 404* 416 404* 488 404*", archive.StateDead, 5, "dead"},
		{"lied to takes longer", "0 404 0.5 alive* 100 404 100.5 alive* 200 404* 272 404* 344 404* 416 404* 416.5 404", archive.StateSuspect, 4, "strike"},
	} {
		t.Run(test.name, func(t *testing.T) {
			history := visitsOf(t, test.history)
			now := rotStart
			for _, v := range history {
				now = maxTime(now, v.At)
			}
			s := Rot(history, nil, nil, now)
			if s.State != test.state || s.Strikes != test.strikes {
				t.Errorf("state %q with %d strikes, want %q with %d; %v", s.State, s.Strikes, test.state, test.strikes, s.Reasons)
			}
			code := ""
			if len(s.Reasons) > 0 {
				code = ReasonCode(s.Reasons[0])
			}
			if code != test.code {
				t.Errorf("reasons %q, want %s first", s.Reasons, test.code)
			}
			shuffled := slices.Clone(history)
			rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			if again := Rot(shuffled, nil, nil, now); again.State != s.State || again.Strikes != s.Strikes || !cmp.Equal(again.Reasons, s.Reasons) {
				t.Errorf("in another order: %+v, want %+v", again, s)
			}
		})
	}
}

func TestRotForgetsWhatIsOld(t *testing.T) {
	if s := Rot(visitsOf(t, "0 alive"), nil, nil, rotStart.Add(StandFor+time.Hour)); s.State != "" {
		t.Errorf("state %q of what nobody visited for long, want none", s.State)
	}
}

// A clock that was ahead must not make days pass.
func TestRotClock(t *testing.T) {
	history := visitsOf(t, "0 alive 1 404 1.5 404* 100 404 100.5 404* 200 404 200.5 404*")
	now := rotStart.Add(3 * time.Hour)
	if s := Rot(history, nil, nil, now); s.State != archive.StateSuspect || s.Strikes != 1 || ReasonCode(s.Reasons[1]) != "clock" {
		t.Errorf("%+v", s)
	}
	history[0].At = time.Time{}
	if s := Rot(history[:1], nil, nil, now); s.State != "" {
		t.Errorf("a visit without a time: %+v", s)
	}
}

func TestRotDecisions(t *testing.T) {
	dead := visitsOf(t, "100 404 100.5 404* 172 404 172.5 404* 244 404 244.5 404*")
	now := rotStart.Add(400 * time.Hour)
	decision := func(what string, hours int) archive.Decision {
		return archive.Decision{Decision: what, By: "Ada", Because: "it opens here", Time: rotStart.Add(time.Duration(hours) * time.Hour)}
	}
	for _, test := range []struct {
		name      string
		decisions []archive.Decision
		state     archive.State
	}{
		{"none", nil, archive.StateDead},
		{"alive", []archive.Decision{decision("alive", 300)}, archive.StateAlive},
		{"ignore leaves the state", []archive.Decision{decision("ignore", 300)}, archive.StateDead},
		{"the latest wins", []archive.Decision{decision("alive", 300), decision("dead", 301)}, archive.StateDead},
		{"in any order", []archive.Decision{decision("alive", 301), decision("dead", 300)}, archive.StateAlive},
	} {
		s := Rot(dead, test.decisions, nil, now)
		if s.State != test.state {
			t.Errorf("%s: %s, want %s", test.name, s.State, test.state)
		}
		if len(test.decisions) > 0 && (s.Decision == nil || ReasonCode(s.Reasons[0]) != "decided") {
			t.Errorf("%s: the decision is not said: %+v", test.name, s)
		}
	}
}

func TestOutages(t *testing.T) {
	at := func(source string, hours float64, v Visit) Visit {
		v.Source, v.At = source, rotStart.Add(time.Duration(hours*float64(time.Hour)))
		return v
	}
	a, b, c, d := "https://a.example/1", "https://a.example/2", "https://a.example/3", "https://a.example/4"
	before := []Visit{at(a, 0, simAlive), at(b, 0, simAlive), at(c, 0, simAlive), at(d, 0, simAlive)}
	var others []Visit
	for i, host := range []string{"b.example", "c.example", "d.example", "e.example", "f.example"} {
		others = append(others, at("https://"+host+"/", float64(i)/10, simAlive))
	}
	all := func(hours float64, v Visit) (visits []Visit) {
		for i, o := range others {
			visits = append(visits, at(o.Source, hours+float64(i)/10, v))
		}
		return visits
	}
	for _, test := range []struct {
		name   string
		visits [][]Visit
		now    float64
		want   []OutageScope
		covers []Visit
		not    []Visit
	}{
		{name: "nothing", visits: [][]Visit{before, {at(a, 100, sim404), at(b, 100, simAlive), at(c, 100, sim404)}}, now: 200},
		{name: "three of a host", visits: [][]Visit{before, {at(a, 100, sim404), at(b, 101, sim503), at(c, 102, simNoHost)}}, now: 110, want: []OutageScope{ScopeHost},
			covers: []Visit{at(d, 105, sim404)}, not: []Visit{at("https://b.example/", 105, sim404), at(a, 99, sim404)}},
		{name: "not at once", visits: [][]Visit{before, {at(a, 100, sim404), at(b, 107, sim404), at(c, 114, sim404)}}, now: 120},
		{name: "what comes back", visits: [][]Visit{before, {at(a, 100, sim404), at(b, 101, sim404), at(c, 102, sim404), at(a, 190, sim404), at(a, 200, simAlive)}}, now: 400,
			want: []OutageScope{ScopeHost}, covers: []Visit{at(b, 199, sim404)}, not: []Visit{at(b, 201, sim404)}},
		{name: "what others answer for is short", visits: [][]Visit{before, {at(a, 100, sim404), at(b, 101, sim404), at(c, 102, sim404), at(d, 300, simAlive)}}, now: 400,
			want: []OutageScope{ScopeHost}, covers: []Visit{at(a, 170, sim404)}, not: []Visit{at(a, 173, sim404)}},
		{name: "what stays is a death", visits: [][]Visit{before, {at(a, 100, sim404), at(b, 101, sim404), at(c, 102, sim404), at(a, 173, sim404)}}, now: 174},
		{name: "those dead before are no outage", visits: [][]Visit{{at(a, 0, sim404), at(b, 0, sim404), at(c, 0, sim404)}, {at(a, 100, sim404), at(b, 100, sim404), at(c, 100, sim404)}}, now: 110},
		{name: "names", visits: [][]Visit{others, all(100, simNoHost)[:3], {at(others[3].Source, 101, sim503)}}, now: 110, want: []OutageScope{ScopeNames},
			covers: []Visit{at("https://x.example/", 105, simNoHost)}, not: []Visit{at("https://x.example/", 105, sim404)}},
		{name: "everything", visits: [][]Visit{others, all(100, sim404)}, now: 110, want: []OutageScope{ScopeEverything}, covers: []Visit{at("https://x.example/", 105, simSoft)}},
		{name: "nearly everything", visits: [][]Visit{others, all(100, sim404), {at(others[2].Source, 100.15, simAlive)}}, now: 110},
		{name: "a wall is no outage", visits: [][]Visit{before, {at(a, 100, sim403), at(b, 100, sim403), at(c, 100, sim403)}}, now: 110},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := Outages(slices.Concat(test.visits...), rotStart.Add(time.Duration(test.now*float64(time.Hour))))
			var scopes []OutageScope
			for _, o := range got {
				scopes = append(scopes, o.Scope)
			}
			if diff := cmp.Diff(test.want, scopes); diff != "" {
				t.Errorf("%v: %s", got, diff)
			}
			for _, v := range test.covers {
				if !covered(got, &v) {
					t.Errorf("%v does not cover %v", got, v)
				}
			}
			for _, v := range test.not {
				if covered(got, &v) {
					t.Errorf("%v covers %v", got, v)
				}
			}
		})
	}
}

func TestRotExcusesOutages(t *testing.T) {
	history := visitsOf(t, "0 alive 100 404 172 404")
	outage := Outage{Scope: ScopeEverything, From: rotStart.Add(99 * time.Hour), To: rotStart.Add(101 * time.Hour)}
	s := Rot(history, nil, []Outage{outage}, rotStart.Add(180*time.Hour))
	if s.Strikes != 1 || !s.Since.Equal(rotStart.Add(172*time.Hour)) || ReasonCode(s.Reasons[len(s.Reasons)-1]) != "outage" {
		t.Errorf("%+v", s)
	}
}

func TestNext(t *testing.T) {
	steady := "0 alive 168 alive 336 alive 504 alive 2400 alive"
	for _, test := range []struct {
		name, history string
		least, most   float64 // hours after the start
		profile       string
		inDoubt       bool
	}{
		{"young", "0 alive", 0.8 * 168, 168, "", false},
		{"stable", steady, 2400 + 0.8*720, 2400 + 720, "", false},
		{"no answer", "0 alive 100 503", 119, 124, "", false},
		{"no answer for long", "0 alive 100 503 400 503", 400 + 0.8*72, 472, "", false},
		{"refused", "0 403", 0.8 * 168, 168, "", false},
		{"struck", "0 alive 100 404", 100, 100, archive.ProfileBrowser, true},
		{"struck twice over", "0 alive 100 404 100.5 404*", 136, 136, archive.ProfileBrowser, true},
		{"looked for between", "0 alive 100 404 100.5 404* 136 404*", 172, 175.1, "", true},
		{"the third strike", "0 alive 100 404 100.5 404* 172 404 172.5 404* 208 404* 244 404", 244.5, 244.5, archive.ProfileBrowser, true},
		{"no answer when one was due", "0 alive 100 404 100.5 503*", 112.5, 112.5, archive.ProfileBrowser, true},
		{"dead", "100 404 100.5 404* 172 404 172.5 404* 244 404 244.5 404*", 244.5 + 0.8*720, 244.5 + 720, "", false},
		{"back again", "0 alive 100 404 100.5 404* 136 alive*", 136 + 0.8*168, 136 + 168, "", false},
		{"a wall says not found, too", "0 alive 90 403 100 404 100.5 404*", 136, 136, archive.ProfileBrowser, false},
		{"in doubt for long", "100 404 100.5 404* 136 404* 172 503 300 503 500 503 700 503 815 503", 827, 827, "", false},
		{"lied to", "0 alive 100 404 100.5 alive* 200 404 200.5 alive* 300 404", 300, 300, archive.ProfileBrowser, false},
	} {
		history := visitsOf(t, test.history)
		s := Rot(history, nil, nil, history[len(history)-1].At)
		due := Next(history[0].Source, &s)
		if h := due.At.Sub(rotStart).Hours(); h < test.least-0.001 || h > test.most+0.001 || due.Profile != test.profile || due.InDoubt != test.inDoubt {
			t.Errorf("%s: after %.2f hours as %q, in doubt %t, want %.2f to %.2f as %q, %t", test.name, h, due.Profile, due.InDoubt, test.least, test.most, test.profile, test.inDoubt)
		}
	}
	var never Standing
	if due := Next("https://a.example/", &never); !due.At.IsZero() {
		t.Errorf("never visited: %v, want now", due)
	}
}

// Whatever happened, a visit is due within the promise of traceability, and
// never in a tight loop for ever.
func TestNextIsBounded(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2))
	kinds := []Visit{simAlive, sim404, simSoft, sim403, sim429, sim503, simNoHost, {Verdict: archive.Unknown, Reason: "conflict"}, {Verdict: archive.Invalid, Reason: "not-http"}}
	for range 300 {
		now, profile := rotStart, ""
		var history []Visit
		kind := kinds[rng.IntN(len(kinds))]
		for i := range 60 {
			if rng.IntN(4) == 0 {
				kind = kinds[rng.IntN(len(kinds))]
			}
			v := kind
			v.Source, v.At, v.Profile = "https://a.example/", now, profile
			history = append(history, v)
			s := Rot(history, nil, nil, now)
			due := Next(v.Source, &s)
			if wait := due.At.Sub(now); wait > dueStable || i > 3 && due.At.Before(history[i-3].At) {
				t.Fatalf("visit %d: due at %s, now %s, %v", i, due.At, now, history)
			}
			now, profile = maxTime(due.At, now.Add(time.Minute)), due.Profile
		}
		if days := now.Sub(rotStart).Hours() / 24; days < 10 {
			t.Fatalf("60 visits in %.1f days: %v", days, history)
		}
	}
}

// The values are those of Cho and Garcia-Molina's estimator with equal gaps.
func TestChangeRate(t *testing.T) {
	for changed, want := range map[int]float64{0: 0, 1: 0.1, 5: 0.65, 10: 3.05} {
		var list []change
		for i := range 10 {
			list = append(list, change{gap: time.Hour, changed: i < changed})
		}
		if got := changeRate(list); math.Abs(got-want) > 0.01 {
			t.Errorf("%d of 10 changed: %.3f, want %.2f", changed, got, want)
		}
	}
}
