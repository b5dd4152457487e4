package verify

import (
	"slices"

	"github.com/ibid-archive/ibid/archive"
)

// Severity is how much a verdict matters to a job that watches citations.
type Severity string

// Severities, the mildest first.
const (
	SeverityPass    Severity = "pass"
	SeverityNote    Severity = "note"
	SeverityWarning Severity = "warning"
	SeverityError   Severity = "error"
)

// Level returns how much a verdict matters by default. Refusals are notes and
// never more; what may pass is a warning.
func Level(v archive.Verdict) Severity {
	switch v {
	case archive.Alive:
		return SeverityPass
	case archive.Drifted, archive.Unreachable:
		return SeverityWarning
	case archive.Soft404, archive.Gone, archive.Invalid:
		return SeverityError
	}
	return SeverityNote
}

// Fails reports a judgement that a job should fail on: an error that more than
// one look of the run saw, or that needs no look at all. What is dead fails
// whatever this visit found; what history or a person says is only suspect, or
// alive, does not.
func Fails(j archive.Judgement) bool {
	switch j.State {
	case archive.StateDead:
		return true
	case archive.StateSuspect, archive.StateAlive:
		return false
	}
	return Level(j.Verdict) == SeverityError && !slices.ContainsFunc(j.Reasons, func(r string) bool {
		return ReasonCode(r) == "single-look"
	})
}
