package verify

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// EventPrefix is where the events of fixity checks are kept in an archive:
// events/fixity/<time>-<id>.json, each immutable. They are notes of those who
// checked, and prove nothing to others.
const EventPrefix = "events/fixity/"

// FixityEvent says that an archive was checked, when, by whom, how far, and
// with what outcome: an Event of PREMIS, "fixity check".
type FixityEvent struct {
	Version int       `json:"version"` // 1
	Type    string    `json:"type"`    // "fixity check"
	Began   time.Time `json:"began"`   // UTC, seconds
	Ended   time.Time `json:"ended"`
	Agent   string    `json:"agent"` // the program, "ibid/1.2.3"

	Outcome Outcome `json:"outcome"`
	Error   string  `json:"error,omitempty"` // of an incomplete check
	AuditReport
}

// Outcome is how a check of fixity ended.
type Outcome string

// Outcomes.
const (
	OutcomePass       Outcome = "pass"       // nothing is wrong with what was checked
	OutcomeFail       Outcome = "fail"       // there are findings
	OutcomeIncomplete Outcome = "incomplete" // something could not be read
)

// maxEventFindings is how many findings an event keeps; the rest is counted.
const maxEventFindings = 1000

// NewFixityEvent describes an audit that has ended; err is what Audit returned.
func NewFixityEvent(agent string, began, ended time.Time, r AuditReport, err error) *FixityEvent {
	e := &FixityEvent{Version: 1, Type: "fixity check", Began: began.UTC().Truncate(time.Second), Ended: ended.UTC().Truncate(time.Second),
		Agent: agent, Outcome: OutcomePass, AuditReport: r}
	switch {
	case err != nil:
		e.Outcome, e.Error = OutcomeIncomplete, err.Error()
	case r.Found > 0:
		e.Outcome = OutcomeFail
	}
	e.Findings = e.Findings[:min(len(e.Findings), maxEventFindings)]
	e.Unread = e.Unread[:min(len(e.Unread), maxEventFindings)]
	return e
}

// Encode returns a fresh key for the event, and the object to put under it.
func (e *FixityEvent) Encode() (key string, object []byte, err error) {
	b, err := json.MarshalIndent(e, "", " ")
	if err != nil {
		return "", nil, fmt.Errorf("encode fixity event: %w", err)
	}
	var id [6]byte
	rand.Read(id[:]) // never fails
	return EventPrefix + e.Ended.Format("20060102T150405Z") + "-" + hex.EncodeToString(id[:]) + ".json", append(b, '\n'), nil
}
