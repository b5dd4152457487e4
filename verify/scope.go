package verify

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive/blob"
)

// Scope is which objects of an archive an audit reads. The zero Scope is all.
type Scope struct {
	// Sample is the share of the objects to read, between 0 and 1; 0 for all.
	Sample float64 `json:"sample,omitempty"`
	// Seed is which of them. The names of all objects lie on a circle, of which a
	// sample is an arc: it begins where that of the seed before ends, so that
	// 1/Sample seeds in a row, rounded up, cover everything.
	Seed uint64 `json:"seed,omitempty"`
	// Since leaves out what was stored earlier, by the clock of the store.
	Since time.Time `json:"since,omitzero"`
}

func (s Scope) whole() bool { return (s.Sample <= 0 || s.Sample >= 1) && s.Since.IsZero() }

// Has reports whether an object is in the scope, which only captures and reports
// can be. Their names are hashes, so that any stretch of names is a fair sample.
func (s Scope) Has(info blob.Info) bool {
	_, sum, ok := parseKey(info.Key)
	if !ok || info.ModTime.Before(s.Since) {
		return false
	}
	if s.Sample <= 0 || s.Sample >= 1 {
		return true
	}
	var name [8]byte
	_, _ = hex.Decode(name[:], []byte(sum[:16])) // a valid key
	at := binary.BigEndian.Uint64(name[:]) >> (64 - circle)
	arc := s.arc()
	return (at-s.Seed%s.Rounds()*arc)&(1<<circle-1) < arc
}

// circle is of how many bits the positions on it are.
const circle = 53

func (s Scope) arc() uint64 { return max(1, uint64(s.Sample*(1<<circle))) }

// Rounds is how many seeds in a row cover everything.
func (s Scope) Rounds() uint64 {
	if s.Sample <= 0 || s.Sample >= 1 {
		return 1
	}
	return (1<<circle + s.arc() - 1) / s.arc()
}

// String says the scope in words.
func (s Scope) String() string {
	var parts []string
	if s.Sample > 0 && s.Sample < 1 {
		parts = append(parts, fmt.Sprintf("a sample of %s %% with seed %d", strconv.FormatFloat(s.Sample*100, 'g', 6, 64), s.Seed))
	}
	if !s.Since.IsZero() {
		parts = append(parts, "what was stored since "+s.Since.UTC().Format(time.RFC3339))
	}
	if len(parts) == 0 {
		return "everything"
	}
	return strings.Join(parts, " of ")
}
