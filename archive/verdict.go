package archive

import "fmt"

// Verdict says how a source stood at one visit. It is stored as this string.
type Verdict string

// Verdicts of one visit.
const (
	Alive       Verdict = "alive"       // the source answered with its content
	Moved       Verdict = "moved"       // permanently redirected
	Drifted     Verdict = "drifted"     // answers, but not with what was cited
	Restricted  Verdict = "restricted"  // exists behind login, payment, age or account settings
	Blocked     Verdict = "blocked"     // refused us
	Soft404     Verdict = "soft-404"    // a success code with a not-found page
	Gone        Verdict = "gone"        // 404, 410, no such domain
	Unreachable Verdict = "unreachable" // could pass: DNS, connect, TLS, time-out, 5xx, a loop, a cut body
	Invalid     Verdict = "invalid"     // no fetchable URL, or the answer is no HTTP
	Unknown     Verdict = "unknown"     // conflicting or no evidence
)

// Verdicts lists every verdict, the best first.
func Verdicts() []Verdict {
	return []Verdict{Alive, Moved, Drifted, Restricted, Blocked, Soft404, Gone, Unreachable, Invalid, Unknown}
}

// Validate reports a string that is no verdict.
func (v Verdict) Validate() error {
	for _, known := range Verdicts() {
		if v == known {
			return nil
		}
	}
	return fmt.Errorf("unknown verdict %q", string(v))
}

// State is how a citation stands over time.
type State string

// States of a citation.
const (
	StateAlive       State = "alive"
	StateUnconfirmed State = "unconfirmed" // looks dead, in a single run
	StateSuspect     State = "suspect"
	StateDead        State = "dead"
)
