package schedule

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ibid-archive/ibid/crawler"
)

// ErrInterrupted is what a run returns that was asked to stop before it had
// visited everything: it is made up for at the next start.
var ErrInterrupted = errors.New("the run was interrupted")

// Unreadable is what a run returns that was well but for some reports, which
// it left out: the causes by the reports' paths.
type Unreadable map[string]error

func (u Unreadable) Error() string {
	paths := u.paths()
	if len(paths) == 1 {
		return "one report could not be read: " + u[paths[0]].Error()
	}
	text := fmt.Sprintf("%d reports could not be read", len(u))
	if len(paths) > 0 {
		text += ", the first: " + u[paths[0]].Error()
	}
	return text
}

func (u Unreadable) paths() []string {
	var paths []string
	for p := range u {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths
}

// Results of a run.
const (
	ResultOK          = "ok"
	ResultPartial     = "partial" // some reports could not be read, the others were run
	ResultOffline     = "offline"
	ResultInterrupted = "interrupted"
	ResultFailed      = "failed"
)

// Results lists every result of a run.
func Results() []string {
	return []string{ResultOK, ResultPartial, ResultOffline, ResultInterrupted, ResultFailed}
}

// Outcome is how one run went.
type Outcome struct {
	StartedAt, EndedAt time.Time
	Reports            []string
	Confirming         bool // between ticks: of the reports' sources those in doubt
	Result             string
	Err                error // nil when Result is ResultOK
}

// Status is what a Scheduler is doing.
type Status struct {
	Running  bool
	Last     *Outcome           // nil before the first run has ended
	Failing  map[string]Failure // the reports whose last try failed, by their paths
	NextTick time.Time          // of any report; in the past when one is due already, zero when there is none
	// NextConfirming is when the next run between ticks begins, as far as is known
	// now; zero when there is none.
	NextConfirming time.Time
}

func result(err error) string {
	var u Unreadable
	switch {
	case err == nil:
		return ResultOK
	case errors.As(err, &u):
		return ResultPartial
	case errors.Is(err, crawler.ErrOffline):
		return ResultOffline
	case errors.Is(err, ErrInterrupted), errors.Is(err, context.Canceled):
		return ResultInterrupted
	}
	return ResultFailed
}

// Failure is how the last try at a report ended that is not done.
type Failure struct {
	Result string // ResultPartial when it could not be read, else ResultOffline or ResultFailed
	Err    error
}
