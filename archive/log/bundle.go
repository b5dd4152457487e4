package log

import (
	"encoding/binary"
	"fmt"
)

// appendBundle appends entries in the form of an entry bundle (C2SP tlog-tiles,
// "Log entries"): each after its length as two bytes, big-endian.
func appendBundle(b []byte, list [][]byte) []byte {
	for _, e := range list {
		b = binary.BigEndian.AppendUint16(b, uint16(len(e)))
		b = append(b, e...)
	}
	return b
}

// parseBundle returns the n entries of b, which share its memory. There must be
// exactly n, none of them empty.
func parseBundle(b []byte, n int) ([][]byte, error) {
	// Each has at least three bytes, so n can't claim more than b has.
	if n < 0 || n > len(b)/3 && n > 0 {
		return nil, fmt.Errorf("%d bytes are too few for %d entries: %w", len(b), n, ErrDamaged)
	}
	list := make([][]byte, 0, n)
	for len(list) < n {
		if len(b) < 2 {
			return nil, fmt.Errorf("ends in entry %d of %d: %w", len(list), n, ErrDamaged)
		}
		size := int(binary.BigEndian.Uint16(b))
		if b = b[2:]; size == 0 || size > len(b) {
			return nil, fmt.Errorf("entry %d of %d has %d bytes, %d are left: %w", len(list), n, size, len(b), ErrDamaged)
		}
		list = append(list, b[:size:size])
		b = b[size:]
	}
	if len(b) > 0 {
		return nil, fmt.Errorf("%d bytes after %d entries: %w", len(b), n, ErrDamaged)
	}
	return list, nil
}
