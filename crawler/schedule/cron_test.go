package schedule

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func at(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse("2006-01-02 15:04:05", s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func spec(t *testing.T, s string) Spec {
	t.Helper()
	v, err := Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestParse(t *testing.T) {
	for _, test := range []struct{ text, after, next, shortest string }{
		{"@daily", "2026-03-28 12:00:00", "2026-03-29 00:00:00", "24h"},
		{" @hourly ", "2026-03-28 12:00:00", "2026-03-28 13:00:00", "1h"},
		{"@weekly", "2026-11-22 00:00:00", "2026-11-29 00:00:00", "168h"},
		{"@monthly", "2026-01-31 00:00:00", "2026-02-01 00:00:00", "672h"},
		{"@every 12h", "2026-11-22 01:02:03", "2026-11-22 13:02:03", "12h"},
		{"@every 1m", "2026-11-22 01:02:03", "2026-11-22 01:03:03", "1m"},
		{"30 1 * * *", "2026-03-29 00:00:00", "2026-03-29 01:30:00", "24h"}, // left out in London that day
		{"30 1 * * *", "2026-10-25 01:30:00", "2026-10-26 01:30:00", "24h"}, // twice in London that day
		{"*/5 9-17 * * 1-5", "2026-11-22 00:00:00", "2026-11-23 09:00:00", "5m"},
		{"0 9,10 * * *", "2026-11-22 09:30:00", "2026-11-22 10:00:00", "1h"},
		{"0 0 29 2 *", "2026-01-01 00:00:00", "2028-02-29 00:00:00", "35064h"},
	} {
		t.Run(test.text, func(t *testing.T) {
			s := spec(t, test.text)
			if got, want := s.Next(at(t, test.after)), at(t, test.next); !got.Equal(want) {
				t.Errorf("Next(%s) = %v, want %v", test.after, got, want)
			}
			want, _ := time.ParseDuration(test.shortest)
			if got := s.Shortest(at(t, test.after)); got != want {
				t.Errorf("Shortest = %v, want %v", got, want)
			}
			if s.String() != strings.TrimSpace(test.text) {
				t.Errorf("String() = %q", s)
			}
		})
	}
}

// The zone of the machine, or of the time that is asked about, is of no matter.
func TestNextIsInUTC(t *testing.T) {
	zone := time.FixedZone("east", 5*3600+1800)
	got := spec(t, "0 6 * * *").Next(at(t, "2026-11-22 05:00:00").In(zone))
	if want := at(t, "2026-11-22 06:00:00"); !got.Equal(want) || got.Location() != time.UTC {
		t.Errorf("Next = %v, want %v", got, want)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", "want five fields"},
		{"   ", "want five fields"},
		{"TZ=UTC", "schedules are in UTC"},
		{"CRON_TZ=UTC", "schedules are in UTC"},
		{"TZ=Europe/London 0 6 * * *", "schedules are in UTC"},
		{"0 0 31 2 *", "no day is ever like that"},
		{"0 0 30 2 *", "no day is ever like that"},
		{", * * * *", "no day is ever like that"},
		{"@every -5m", "must be 1m0s or more"},
		{"@every 59s", "must be 1m0s or more"},
		{"@every 0s", "must be 1m0s or more"},
		{"@every", "want five fields"},
		{"@every soon", "want five fields"},
		{"@fortnightly", "want five fields"},
		{"* * * *", "want five fields"},
		{"0 * * * * *", "want five fields"},
		{"60 * * * *", "want five fields"},
		{"*/0 * * * *", "want five fields"},
		{"0 0 * * 8", "want five fields"},
	} {
		t.Run(test.text, func(t *testing.T) {
			if s, err := Parse(test.text); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Parse = %v, %v, want %q", s, err, test.want)
			}
		})
	}
}

func TestZeroSpec(t *testing.T) {
	if got := (Spec{}).Next(time.Now()); !got.IsZero() {
		t.Errorf("Next of a zero Spec = %v", got)
	}
	if got := (Spec{}).Shortest(time.Now()); got != 0 {
		t.Errorf("Shortest of a zero Spec = %v", got)
	}
}

// Whatever is accepted moves on, by MinInterval or more between ticks.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"@daily", "@every 90s", "*/7 3 1,15 * 2", "TZ=UTC", "CRON_TZ= ", "0 0 31 2 *", "1-5/2 ? * JAN MON", "@every 9999999h"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		if err != nil {
			return
		}
		from := time.Date(2026, 1, 1, 0, 0, 30, 5, time.UTC)
		first := s.Next(from)
		if first.IsZero() {
			return
		}
		if !first.After(from) {
			t.Fatalf("%q: Next(%v) = %v", text, from, first)
		}
		if second := s.Next(first); !second.IsZero() && second.Sub(first) < MinInterval {
			t.Fatalf("%q: ticks at %v and %v", text, first, second)
		}
	})
}

// done keeps the beat: afterwards the next tick is ahead, and no tick between
// the one that was served and it is left out.
func TestDoneLeavesTheNextTickAhead(t *testing.T) {
	specs := []Spec{spec(t, "@daily"), spec(t, "@every 7m"), spec(t, "0 0 29 2 *"), spec(t, "*/5 9-17 * * 1-5"), {}}
	epoch := at(t, "2026-01-01 00:00:00")
	rapid.Check(t, func(t *rapid.T) {
		tm := &timer{Entry: Entry{Schedule: rapid.SampledFrom(specs).Draw(t, "spec")}}
		if rapid.Bool().Draw(t, "before") {
			tm.last = epoch.Add(time.Duration(rapid.Int64Range(0, 1e9).Draw(t, "last")) * time.Millisecond)
		}
		start := epoch.Add(time.Duration(rapid.Int64Range(1e9, 2e9).Draw(t, "start")) * time.Millisecond)
		if !tm.last.IsZero() && tm.Schedule.Next(tm.last).After(start) {
			t.Skip("not due")
		}
		tm.done(start)
		next := tm.Schedule.Next(tm.last)
		if !next.IsZero() && !next.After(start) {
			t.Fatalf("done at %v: last %v, and due again at %v", start, tm.last, next)
		}
		if tm.last.After(start) {
			t.Fatalf("done at %v: last %v is ahead", start, tm.last)
		}
	})
}
