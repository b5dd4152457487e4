package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive/blob"
)

// DecisionPrefix begins the keys of decisions: decisions/<sha256>.json
const DecisionPrefix = "decisions/"

// DecisionVersion is the version of a decision's JSON.
const DecisionVersion = 1

// What a person can decide about a citation.
const (
	DecideAlive  = "alive"
	DecideDead   = "dead"
	DecideIgnore = "ignore" // do not fail on it
)

// Bounds of a decision, in bytes.
const (
	MaxDecision = 64 << 10 // its JSON
	maxBecause  = 4 << 10
	maxBy       = 256
)

// Decision is what a person decided about one citation of one report. It holds
// for that report's citations of the same source, in all its versions, and for
// nothing else: not for the source in other reports, and not for its domain. The
// latest decision is in force.
type Decision struct {
	Because  string    `json:"because"`  // required
	By       string    `json:"by"`       // required: who decided
	Citation string    `json:"citation"` // its id when it was decided
	Decision string    `json:"decision"` // DecideAlive, DecideDead or DecideIgnore
	Key      string    `json:"key"`      // of the source, see seeds.Seed
	Path     string    `json:"path"`     // names the report
	Report   string    `json:"report"`   // SHA-256 of its bytes then, lower-case hex
	Time     time.Time `json:"time"`
	Version  int       `json:"version"`

	Object string `json:"-"` // SHA-256 of the JSON, which names it
}

// Validate says what is missing or too long.
func (d *Decision) Validate() error {
	_, errKey := ParseKey(ReportPrefix, key(ReportPrefix, d.Report))
	switch {
	case d.Decision != DecideAlive && d.Decision != DecideDead && d.Decision != DecideIgnore:
		return fmt.Errorf("decision %.40q: want %s, %s or %s", d.Decision, DecideAlive, DecideDead, DecideIgnore)
	case strings.TrimSpace(d.Because) == "":
		return errors.New("a decision needs its reason")
	case strings.TrimSpace(d.By) == "":
		return errors.New("a decision needs the name of who made it")
	case len(d.Because) > maxBecause:
		return fmt.Errorf("the reason is longer than %d bytes", maxBecause)
	case len(d.By) > maxBy:
		return fmt.Errorf("the name is longer than %d bytes", maxBy)
	case d.Citation == "" || d.Key == "" || d.Path == "" || errKey != nil || d.Time.IsZero():
		return errors.New("a decision needs the report, the citation, its source and the time")
	}
	return nil
}

// Encode returns the canonical JSON: names in ascending order, no white space,
// whole microseconds. Its SHA-256 names the object.
func (d *Decision) Encode() ([]byte, error) {
	c := *d
	c.Time = c.Time.UTC().Truncate(time.Microsecond)
	c.Because, c.By, c.Citation, c.Key, c.Path = valid(c.Because), valid(c.By), valid(c.Citation), valid(c.Key), valid(c.Path)
	err := c.Validate()
	var b bytes.Buffer
	if err == nil {
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		err = enc.Encode(&c)
	}
	if err == nil && b.Len() > MaxDecision {
		err = fmt.Errorf("it has %d bytes, at most %d are allowed", b.Len(), MaxDecision)
	}
	if err != nil {
		return nil, fmt.Errorf("encode decision: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// DecodeDecision reads canonical JSON and nothing else.
func DecodeDecision(b []byte) (*Decision, error) {
	var d Decision
	if len(b) > MaxDecision {
		return nil, fmt.Errorf("decode decision: longer than %d bytes", MaxDecision)
	}
	if err := json.Unmarshal(b, &d); err != nil {
		return nil, fmt.Errorf("decode decision: %w", err)
	}
	if d.Version != DecisionVersion {
		return nil, fmt.Errorf("decode decision: version %d, this program reads %d", d.Version, DecisionVersion)
	}
	again, err := d.Encode()
	if err != nil {
		return nil, fmt.Errorf("decode decision: %w", err)
	}
	if !bytes.Equal(again, b) {
		return nil, errors.New("decode decision: it is not in the canonical form")
	}
	sum := sha256.Sum256(b)
	d.Object = hex.EncodeToString(sum[:])
	return &d, nil
}

// DecisionKey is the key of the decision whose JSON has this SHA-256.
func DecisionKey(sum string) string { return DecisionPrefix + sum + ".json" }

// ParseDecisionKey returns the SHA-256 that a key of a decision names.
func ParseDecisionKey(key string) (sum string, err error) {
	rest, ok := strings.CutPrefix(key, DecisionPrefix)
	sum, ok2 := strings.CutSuffix(rest, ".json")
	if b, err := hex.DecodeString(sum); !ok || !ok2 || err != nil || len(b) != sha256.Size || sum != strings.ToLower(sum) {
		return "", fmt.Errorf("%s: not a key of the form %s<sha256>.json", key, DecisionPrefix)
	}
	return sum, nil
}

// PutDecision keeps a decision, fills in its version and object, and enters it
// into the log. It is kept when PutDecision returns.
func (a *Archive) PutDecision(ctx context.Context, d *Decision) error {
	d.Version, d.Time = DecisionVersion, d.Time.UTC().Truncate(time.Microsecond)
	b, err := d.Encode()
	if err != nil {
		return err
	}
	kept, err := DecodeDecision(b)
	if err != nil {
		return err
	}
	*d = *kept
	o := blob.Object{Body: bytes.NewReader(b), Size: int64(len(b)), SHA256: sha256.Sum256(b)}
	if err := a.store.Put(ctx, DecisionKey(d.Object), o); err != nil {
		return fmt.Errorf("keep decision: %w", err)
	}
	_, err = a.Enter(ctx, DecisionEntry(d))
	return err
}

// Decision reads one decision and compares it with its name.
func (a *Archive) Decision(ctx context.Context, sum string) (*Decision, error) {
	rc, err := a.store.Open(ctx, DecisionKey(sum), 0, -1)
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	b, err := io.ReadAll(io.LimitReader(rc, MaxDecision+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", DecisionKey(sum), err)
	}
	d, err := DecodeDecision(b)
	if err == nil && d.Object != sum {
		err = errors.New("the bytes are not those that the name stands for")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", DecisionKey(sum), err)
	}
	return d, nil
}

// Decisions yields the SHA-256 of every decision, in order. Keys of another
// form are passed over; the audit names them.
func (a *Archive) Decisions(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for info, err := range a.store.List(ctx, DecisionPrefix) {
			if err != nil {
				yield("", err)
				return
			}
			sum, err := ParseDecisionKey(info.Key)
			if err != nil {
				continue
			}
			if !yield(sum, nil) {
				return
			}
		}
	}
}
