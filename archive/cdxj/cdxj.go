// Package cdxj writes and reads CDXJ 0.1.0, the index of web archives: one line
// a capture, sorted by bytes.
//
//	org,example)/Page 20260105121314159 {"url":"https://www.example.org/Page",…}
//
// What it guarantees. [Append] writes only lines with every mandatory property,
// and [Parse] returns what it wrote. [Index] names for each line an offset and a
// length from which that one record can be read alone. [Sorter] takes any number
// of lines in bounded memory. Lines are read leniently – numbers as numbers or
// as text, absent properties, unknown ones – but never longer than [MaxLine].
//
// What it does not. The searchable URL ([Key]) brings the addresses of one page
// together and therefore clashes on purpose: what a line is about is its url
// alone, and a reader must compare that. Request methods are not looked at. The
// package has no commit point; temporary files of a Sorter are gone after Close.
package cdxj

import (
	"fmt"
	"time"
)

// MaxLine is the longest line that is read or written, in bytes without its LF.
const MaxLine = 1 << 20

// Line is one entry of an index.
type Line struct {
	Key  string    // searchable URL, see [Key]; printable ASCII
	Time time.Time // when the record was made, UTC, in milliseconds

	URL      string
	Digest   string // of the payload, "sha256:…"; "sha1:…" or bare in lines of others
	MIME     string // of the payload, without parameters; "warc/revisit" of a revisit
	Filename string // of the WARC, without the directory archive/
	Offset   int64  // of the record in the WARC, bytes
	Length   int64  // of the record in the WARC, bytes, its gzip member whole
	Status   int    // HTTP status; 0 when there is none
}

// SyntaxError says that a line is no CDXJ.
type SyntaxError struct {
	Line    int // counted from 1; 0 when it stands alone
	Message string
}

func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return "cdxj: " + e.Message
	}
	return fmt.Sprintf("cdxj: line %d: %s", e.Line, e.Message)
}
