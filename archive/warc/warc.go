// Package warc reads and writes WARC 1.1 files (ISO 28500:2017), the format in
// which web archives keep what crossed the wire.
//
// What it guarantees. A record that [Writer.WriteRecord] returned without error
// is a whole, valid record: its header satisfies [Validate], its block has
// exactly the declared length, and it is one gzip member of its own (annex D),
// so that it can be read from its offset alone. What the Writer wrote, the
// [Reader] returns byte for byte. The Reader names every structural fault as a
// [Problem] and goes on where the standard leaves a way to go on; where it does
// not, it returns an error that tells a torn file ([ErrTruncated]) from damaged
// compression ([ErrCorrupt]) and from bytes that are no WARC ([SyntaxError]).
// Both stream: memory does not grow with the size of a block.
//
// What it does not. It computes no digests while writing: the caller has hashed
// the bytes already and gives the fields. It does not sync: the commit point
// belongs to whoever owns the file. It interprets no payload beyond removing
// the chunked transfer coding, which the payload digest needs ([Payload]).
// It does not read ARC, the format before WARC ([ErrARC]).
package warc

import (
	"errors"
	"fmt"
)

// Version is the first line of every record that this package writes.
const Version = "WARC/1.1"

// MediaType is the registered type of a WARC file.
const MediaType = "application/warc"

var (
	// ErrTruncated is returned, wrapped, when the input ends within a record:
	// everything before Record.Offset is whole.
	ErrTruncated = errors.New("warc: input ends within a record")

	// ErrCorrupt is returned, wrapped, when a gzip member cannot be inflated or
	// its checksum does not match.
	ErrCorrupt = errors.New("warc: damaged gzip member")

	// ErrARC is returned, wrapped, for a file in the older ARC format.
	ErrARC = errors.New("warc: ARC is not WARC")
)

// SyntaxError says that the bytes at Offset are no WARC record. It is final:
// where the next record would begin cannot be known.
type SyntaxError struct {
	Offset  int64 // in the file, where the gzip member starts when compressed; 0 for a message in a block
	Message string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("warc: offset %d: %s", e.Offset, e.Message)
}
