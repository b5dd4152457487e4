package warc

import "fmt"

// Code names one kind of [Problem]. The strings are stable: reports carry them.
type Code string

// Faults of a record header.
const (
	CodeVersion         Code = "version"           // neither WARC/1.0 nor WARC/1.1
	CodeLineEnd         Code = "line-end"          // a header line ends in LF without CR
	CodeFieldSyntax     Code = "field-syntax"      // a line without colon, a bad name, control characters, a folded or non-UTF-8 value
	CodeFieldMissing    Code = "field-missing"     // mandatory for this type
	CodeFieldForbidden  Code = "field-forbidden"   // not allowed for this type
	CodeFieldRepeated   Code = "field-repeated"    // only WARC-Concurrent-To may be
	CodeFieldValue      Code = "field-value"       // not of the form that the standard gives it
	CodeRevisitBlock    Code = "revisit-block"     // an identical-payload revisit with a block and no "WARC-Truncated: length"
	CodeTargetURIQuoted Code = "target-uri-quoted" // angle brackets around WARC-Target-URI; never written, harmless on reading
)

// Faults of a record's frame.
const (
	CodeRecordEnd  Code = "record-end"          // the block is not followed by exactly CRLFCRLF
	CodeBlockShort Code = "block-short"         // the gzip member ends before Content-Length is reached
	CodeGzipShared Code = "gzip-not-per-record" // the record shares its gzip member with others
	CodeGzipSplit  Code = "gzip-record-split"   // the record spans several gzip members
	CodeGzipMixed  Code = "gzip-mixed"          // compressed and plain records in one file
)

// Faults that [Verify] and [VerifyFile] find by reading everything.
const (
	CodeBlockDigest       Code = "block-digest"           // the block is not what WARC-Block-Digest says
	CodePayloadDigest     Code = "payload-digest"         // the payload is not what WARC-Payload-Digest says
	CodePayloadChunked    Code = "payload-digest-chunked" // WARC-Payload-Digest is that of the body with its chunked framing: the writer's mistake, nothing was altered
	CodeDigestUnsupported Code = "digest-unsupported"     // of an algorithm that cannot be computed here
	CodeTruncated         Code = "truncated"              // the file ends within a record
	CodeGzipCorrupt       Code = "gzip-corrupt"           // a member cannot be inflated, or its checksum is wrong
	CodeSyntax            Code = "syntax"                 // bytes that are no record
)

// Faults of an HTTP message in a block. They are the server's, or of the
// connection: an archive keeps what was sent, so they blame nobody here.
const (
	CodeHTTPHead       Code = "http-head"       // no start line, or the head does not end
	CodeHTTPField      Code = "http-field"      // a line of the head that is no field
	CodeChunkedInvalid Code = "chunked-invalid" // declared chunked, but does not begin with a chunk: kept as it is
	CodeChunkedBroken  Code = "chunked-broken"  // the framing breaks off: the rest is kept as it is
	CodeChunkedCut     Code = "chunked-cut"     // the body ends before the last chunk
	CodeChunkedExtra   Code = "chunked-extra"   // bytes after the last chunk: not part of the payload
)

// Problem is one fault found in a record. It implements error for the strict
// mode of [Reader].
type Problem struct {
	Code    Code
	Message string
}

func (p Problem) Error() string { return "warc: " + string(p.Code) + ": " + p.Message }

func problemf(code Code, format string, args ...any) Problem {
	return Problem{Code: code, Message: fmt.Sprintf(format, args...)}
}
