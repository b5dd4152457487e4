package verify

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/ibid-archive/ibid/archive/blob"
)

// note is a line of a journal: what an audit took from one object.
type note struct {
	Key      string    `json:"key"`
	Size     int64     `json:"size"` // as listed
	Stored   time.Time `json:"stored,omitzero"`
	Bytes    int64     `json:"bytes"` // as read
	Records  int64     `json:"records,omitempty"`
	Findings []Finding `json:"findings,omitempty"`

	// Facts for references between objects: of 24, 32, 32 and 32 bytes each.
	Held    []byte `json:"held,omitempty"`
	Refs    []byte `json:"refs,omitempty"`
	Cited   []byte `json:"cited,omitempty"`
	Reports []byte `json:"reports,omitempty"`
}

// maxNote bounds a line of a journal in bytes.
const maxNote = 16 << 20

func writeNote(w io.Writer, info blob.Info, o *object) error {
	n := note{Key: info.Key, Size: info.Size, Stored: info.ModTime.UTC(), Bytes: o.size, Records: o.records, Findings: o.findings}
	for _, h := range o.facts.held {
		n.Held = append(append(n.Held, h.record[:]...), h.payload[:]...)
	}
	for _, r := range o.facts.refs {
		n.Refs = append(append(n.Refs, r.target[:]...), r.payload[:]...)
		n.Refs = binary.BigEndian.AppendUint64(n.Refs, uint64(r.offset))
	}
	for _, c := range o.facts.cited {
		n.Cited = append(n.Cited, c[:]...)
	}
	for _, r := range o.facts.reports {
		n.Reports = append(n.Reports, r[:]...)
	}
	line, err := json.Marshal(&n)
	if err != nil {
		return fmt.Errorf("note %s: %w", info.Key, err)
	}
	if len(line) >= maxNote {
		return nil // it will be read again
	}
	if _, err := w.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("note %s: %w", info.Key, err)
	}
	return nil
}

// readJournal returns the notes by key. What is torn or no note is left out: it
// is then read again.
func readJournal(r io.Reader) (map[string]note, error) {
	notes := map[string]note{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxNote)
	for lines.Scan() {
		var n note
		if err := json.Unmarshal(lines.Bytes(), &n); err != nil || n.Key == "" {
			continue
		}
		notes[n.Key] = n
	}
	if err := lines.Err(); err != nil && !errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("read the journal of the audit before: %w", err)
	}
	return notes, nil
}

// same reports whether an object is still the one that was read.
func (n *note) same(info blob.Info) bool {
	return n.Size == info.Size && n.Stored.Equal(info.ModTime)
}

// object is the object as it was read then.
func (n *note) object() *object {
	_, sum, _ := parseKey(n.Key)
	o := &object{key: n.Key, sum: sum, size: n.Bytes, records: n.Records, findings: n.Findings, noted: true}
	for b := n.Held; len(b) >= 24; b = b[24:] {
		o.facts.held = append(o.facts.held, holding{recordKey(b[:16]), digestKey(b[16:24])})
	}
	for b := n.Refs; len(b) >= 32; b = b[32:] {
		o.facts.refs = append(o.facts.refs, reference{target: recordKey(b[:16]), payload: digestKey(b[16:24]), offset: int64(binary.BigEndian.Uint64(b[24:32]))})
	}
	for b := n.Cited; len(b) >= 32; b = b[32:] {
		o.facts.cited = append(o.facts.cited, [32]byte(b[:32]))
	}
	for b := n.Reports; len(b) >= 32; b = b[32:] {
		o.facts.reports = append(o.facts.reports, [32]byte(b[:32]))
	}
	return o
}
