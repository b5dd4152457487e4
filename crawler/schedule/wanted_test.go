package schedule

import (
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/crawler/memento"
)

func TestNeeds(t *testing.T) {
	day := time.Date(2022, 5, 24, 0, 0, 0, 0, time.UTC)
	soon, late := day.Add(48*time.Hour), day.Add(30*24*time.Hour)
	for name, c := range map[string]struct {
		verdict archive.Verdict
		state   archive.State
		first   time.Time
		from    string
		want    bool
	}{
		"alive, captured then":           {archive.Alive, archive.StateAlive, soon, archive.DayText, false},
		"alive, captured late":           {archive.Alive, archive.StateAlive, late, archive.DayText, true},
		"alive, no day":                  {archive.Alive, archive.StateAlive, late, archive.DayKept, false},
		"gone, captured then":            {archive.Gone, archive.StateUnconfirmed, soon, archive.DayText, true},
		"soft 404":                       {archive.Soft404, archive.StateUnconfirmed, time.Time{}, archive.DayKept, true},
		"out of reach, and dead by then": {archive.Unreachable, archive.StateDead, time.Time{}, archive.DayKept, true},
		"out of reach":                   {archive.Unreachable, "", time.Time{}, archive.DayText, false},
		"blocked":                        {archive.Blocked, "", time.Time{}, archive.DayKept, true},
		"restricted":                     {archive.Restricted, "", time.Time{}, archive.DayKept, true},
		"unknown":                        {archive.Unknown, "", time.Time{}, archive.DayKept, false},
	} {
		check := catalog.Check{Judgement: archive.Judgement{Verdict: c.verdict, State: c.state}}
		if got := needs(&check, c.first, &want{day: day, from: c.from}); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
}

// What is told to an archive is told to the world.
func TestSendable(t *testing.T) {
	for address, want := range map[string]bool{
		"https://example.org/a?b":         true,
		"http://93.184.216.34/":           true,
		"http://10.0.0.1/":                false,
		"http://[::1]/":                   false,
		"http://localhost/":               false,
		"http://wiki/page":                false,
		"http://wiki.corp/page":           false,
		"http://nas.local/":               false,
		"http://router.home.arpa./":       false,
		"http://x.onion/":                 false,
		"https://user:secret@example.org": false,
		"ftp://example.org/":              false,
		"http://example.org:25/":          false,
	} {
		if got := sendable(address); got != want {
			t.Errorf("%s: %t", address, got)
		}
	}
	cfg := &Rescue{Archives: []memento.Archive{memento.Wayback()}}
	for address, want := range map[string]bool{"https://web.archive.org/web/2022/https://a.test/": true, "http://WEB.archive.org/": true, "https://archive.org/": false} {
		if got := cfg.archived(address); got != want {
			t.Errorf("%s is within an archive: %t", address, got)
		}
	}
	for _, check := range []catalog.Check{
		{Judgement: archive.Judgement{Verdict: archive.Invalid}},
		{Judgement: archive.Judgement{Verdict: archive.Unreachable, Reasons: []string{"private-address: 10.0.0.0/8"}}},
	} {
		if !refused(&check) {
			t.Errorf("%v is told", check.Judgement)
		}
	}
}
