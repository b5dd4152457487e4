package schedule

import (
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// MinInterval is the shortest distance of two ticks.
const MinInterval = time.Minute

const specForms = "want five fields (minute hour day month weekday, in UTC) or @hourly, @daily, @weekly, @monthly, @yearly, @every 12h"

// Spec is when something is due, in UTC. Make it with [Parse].
type Spec struct {
	text string
	next cron.Schedule
}

// Parse reads a cron expression of five fields, or one of @hourly, @daily,
// @midnight, @weekly, @monthly, @yearly, @annually and "@every DURATION". All
// are in UTC, where no hour is left out or comes twice. A schedule that names a
// time zone, that never comes or that comes more often than every MinInterval
// is an error.
func Parse(text string) (Spec, error) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "TZ=") || strings.HasPrefix(text, "CRON_TZ=") {
		return Spec{}, fmt.Errorf("schedule %q: a time zone cannot be set, schedules are in UTC: leave it out", text)
	}
	next, err := parse(text)
	if err != nil {
		return Spec{}, fmt.Errorf("schedule %q: %s: %w", text, specForms, err)
	}
	switch s := next.(type) {
	case *cron.SpecSchedule:
		s.Location = time.UTC
	case cron.ConstantDelaySchedule:
		// The library makes a second of what is shorter, negative or nothing.
		if s.Delay < MinInterval {
			return Spec{}, fmt.Errorf("schedule %q: the interval must be %s or more", text, MinInterval)
		}
	}
	// From a day that has every day of the calendar ahead within five years,
	// which is as far as the library looks.
	if next.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Spec{}, fmt.Errorf("schedule %q: no day is ever like that", text)
	}
	return Spec{text, next}, nil
}

// parse calls the library's parser, which panics on some texts.
func parse(text string) (s cron.Schedule, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, err = nil, fmt.Errorf("not understood (%v)", r)
		}
	}()
	return cron.ParseStandard(text)
}

// String is the text that was parsed.
func (s Spec) String() string { return s.text }

// Next is the first tick after t, in UTC. It is zero when there is none within
// five years, and of a zero Spec.
func (s Spec) Next(t time.Time) time.Time {
	if s.next == nil {
		return time.Time{}
	}
	return s.next.Next(t.UTC())
}

// ticksAhead is how far Shortest looks: enough to find the short gaps of
// schedules such as "0 9-17 * * 1-5".
const ticksAhead = 64

// Shortest is the shortest distance between two of the next ticks after t, and
// 0 when there are no two.
func (s Spec) Shortest(t time.Time) time.Duration {
	var shortest time.Duration
	prev := s.Next(t)
	for range ticksAhead {
		next := s.Next(prev)
		if prev.IsZero() || next.IsZero() {
			break
		}
		if gap := next.Sub(prev); shortest == 0 || gap < shortest {
			shortest = gap
		}
		prev = next
	}
	return shortest
}
