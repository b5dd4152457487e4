package log

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

const (
	inclusionVersion   = "c2sp.org/tlog-proof@v1"
	consistencyVersion = "ibid log consistency proof 1"
	// maxProof bounds a proof in bytes: a checkpoint, as much in extra, and hashes.
	maxProof = 3 * maxNote
	// maxHashes is more than any tree of 2^63 entries needs.
	maxHashes = 128
)

// String returns the text form, C2SP tlog-proof: the name of the format, extra
// if there is any, the index, the hashes, an empty line, the checkpoint.
func (p Inclusion) String() string {
	var b strings.Builder
	b.WriteString(inclusionVersion + "\n")
	if len(p.Extra) > 0 {
		b.WriteString("extra " + base64.StdEncoding.EncodeToString(p.Extra) + "\n")
	}
	fmt.Fprintf(&b, "index %d\n", p.Index)
	writeHashes(&b, p.Hashes)
	b.WriteByte('\n')
	b.Write(p.Checkpoint)
	return b.String()
}

// ParseInclusion reads a C2SP tlog-proof. It verifies nothing.
func ParseInclusion(s string) (Inclusion, error) {
	p, err := parseInclusion(s)
	if err != nil {
		return Inclusion{}, fmt.Errorf("read proof of inclusion: %w", err)
	}
	return p, nil
}

func parseInclusion(s string) (p Inclusion, err error) {
	if len(s) > maxProof {
		return p, fmt.Errorf("%d bytes: %w", len(s), ErrDamaged)
	}
	top, checkpoint, ok := strings.Cut(s, "\n\n")
	lines := strings.Split(top, "\n")
	if !ok || len(lines) < 2 || lines[0] != inclusionVersion {
		return p, fmt.Errorf("it isn't a %s: %w", inclusionVersion, ErrDamaged)
	}
	lines = lines[1:]
	if extra, ok := strings.CutPrefix(lines[0], "extra "); ok {
		if p.Extra, err = base64.StdEncoding.Strict().DecodeString(extra); err != nil || len(p.Extra) == 0 {
			return p, fmt.Errorf("the extra data: %w", ErrDamaged)
		}
		lines = lines[1:]
	}
	if len(lines) == 0 {
		return p, fmt.Errorf("it has no index: %w", ErrDamaged)
	}
	if p.Index, err = number(lines[0], "index "); err != nil {
		return p, err
	}
	if p.Hashes, err = readHashLines(lines[1:]); err != nil {
		return p, err
	}
	p.Checkpoint = []byte(checkpoint)
	if p.String() != s { // such as a carriage return within base64
		return p, fmt.Errorf("it isn't in its normal form: %w", ErrDamaged)
	}
	return p, nil
}

// String returns the text form, which is ibid's own: the lines "ibid log
// consistency proof 1", "old <size>", "new <size>", and one for each hash. The
// checkpoints of both sizes go with it, in files of their own.
func (p Consistency) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nold %d\nnew %d\n", consistencyVersion, p.Old, p.New)
	writeHashes(&b, p.Hashes)
	return b.String()
}

// ParseConsistency reads the text form of a proof. It verifies nothing.
func ParseConsistency(s string) (Consistency, error) {
	p, err := parseConsistency(s)
	if err != nil {
		return Consistency{}, fmt.Errorf("read proof of consistency: %w", err)
	}
	return p, nil
}

func parseConsistency(s string) (p Consistency, err error) {
	if len(s) > maxProof {
		return p, fmt.Errorf("%d bytes: %w", len(s), ErrDamaged)
	}
	lines := strings.Split(s, "\n")
	if len(lines) < 4 || lines[0] != consistencyVersion || lines[len(lines)-1] != "" {
		return p, fmt.Errorf("it isn't a %s: %w", consistencyVersion, ErrDamaged)
	}
	if p.Old, err = number(lines[1], "old "); err != nil {
		return p, err
	}
	if p.New, err = number(lines[2], "new "); err != nil {
		return p, err
	}
	if p.Hashes, err = readHashLines(lines[3 : len(lines)-1]); err != nil {
		return p, err
	}
	if p.String() != s {
		return p, fmt.Errorf("it isn't in its normal form: %w", ErrDamaged)
	}
	return p, nil
}

// number reads a line with a name and a decimal number ≥ 0.
func number(line, name string) (int64, error) {
	digits, ok := strings.CutPrefix(line, name)
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || n < 0 || strconv.FormatInt(n, 10) != digits {
		return 0, fmt.Errorf("no line %q with a number: %w", name, ErrDamaged)
	}
	return n, nil
}

func writeHashes(b *strings.Builder, hashes []Hash) {
	for _, h := range hashes {
		b.WriteString(base64.StdEncoding.EncodeToString(h[:]) + "\n")
	}
}

func readHashLines(lines []string) ([]Hash, error) {
	if len(lines) > maxHashes {
		return nil, fmt.Errorf("%d hashes: %w", len(lines), ErrDamaged)
	}
	var hashes []Hash
	for _, line := range lines {
		h, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(h) != len(Hash{}) {
			return nil, fmt.Errorf("hash %d: %w", len(hashes)+1, ErrDamaged)
		}
		hashes = append(hashes, Hash(h))
	}
	return hashes, nil
}
