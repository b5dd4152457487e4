package warc

import (
	"bytes"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
)

// Verify reads the rest of rec's block, which must not have been read before,
// and compares it with the record's digests. It returns all problems of the
// record, those in rec.Problems included. The error is that of reading the
// block, with the problems found until then.
//
// The payload of a response or request is the HTTP body without the chunked
// coding ([Payload]), or the block when that is of another media type; that of
// resource and conversion records is the block. The payload digest of a revisit
// or of a segment is about bytes that are not in the record: it is not checked.
func Verify(rec *Record) ([]Problem, error) {
	block := check{field: FieldBlockDigest, code: CodeBlockDigest}
	payload := check{field: FieldPayloadDigest, code: CodePayloadDigest}
	block.open(rec)
	if hasPayload(rec) {
		payload.open(rec)
	}
	err := hashBlock(rec, &block, &payload)
	problems := append([]Problem(nil), rec.Problems...)
	if err == nil {
		problems = payload.close(block.close(problems))
	}
	return problems, err
}

// check is the comparison of one digest field with what is read.
type check struct {
	field    string
	code     Code
	want     Digest
	hash     hash.Hash // nil when there is nothing to compare
	problems []Problem
}

func (c *check) open(rec *Record) {
	text, ok := rec.Header.Lookup(c.field)
	if !ok {
		return
	}
	var err error
	if c.want, err = ParseDigest(text); err == nil {
		c.hash = c.want.New()
	} else if errors.Is(err, ErrDigestAlgorithm) {
		c.problems = append(c.problems, problemf(CodeDigestUnsupported, "%s: %s", c.field, text))
	} // else Validate has reported it
}

// close appends what was found to problems.
func (c *check) close(problems []Problem) []Problem {
	problems = append(problems, c.problems...)
	if c.hash != nil {
		if got := (Digest{Alg: c.want.Alg, Sum: c.hash.Sum(nil)}); !got.Equal(c.want) {
			problems = append(problems, problemf(c.code, "%s is %s, the bytes give %s", c.field, c.want, got))
		}
	}
	return problems
}

func (c *check) Write(p []byte) (int, error) {
	if c.hash != nil {
		c.hash.Write(p)
	}
	return len(p), nil
}

// hashBlock feeds the block, and the payload when that is wanted, to the checks.
func hashBlock(rec *Record, block, payload *check) error {
	in := io.TeeReader(rec.Block, block)
	if payload.hash != nil {
		if err := hashPayload(rec, in, payload); err != nil {
			return err
		}
	}
	_, err := io.Copy(io.Discard, in)
	return err
}

func hashPayload(rec *Record, block io.Reader, c *check) error {
	msgtype := httpMessageType(rec)
	if msgtype == "" {
		_, err := io.Copy(c, block)
		return err
	}
	// Some writers hash the body before its chunks are put together. That must
	// not look like an altered payload, so both are computed.
	raw := c.want.New()
	m, err := payload(block, msgtype, raw)
	if syntax := (*SyntaxError)(nil); errors.As(err, &syntax) {
		c.hash = nil
		c.problems = append(c.problems, problemf(CodeHTTPHead, "%s cannot be checked: %s", c.field, syntax.Message))
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := io.Copy(c, m.Body); err != nil || m.framing == nil {
		return err
	}
	if _, err := io.Copy(io.Discard, m.framing); err != nil {
		return err
	}
	if !bytes.Equal(c.hash.Sum(nil), c.want.Sum) && bytes.Equal(raw.Sum(nil), c.want.Sum) {
		c.hash = nil
		c.problems = append(c.problems, problemf(CodePayloadChunked, "%s is that of the chunked body as it was sent", c.field))
	}
	return nil
}

func hasPayload(rec *Record) bool {
	if _, segment := rec.Header.Lookup(FieldSegmentNumber); segment {
		return false
	}
	switch rec.Type() {
	case TypeResponse, TypeRequest, TypeResource, TypeConversion:
		return true
	}
	return false
}

// httpMessageType returns the kind of HTTP message that rec's block is, "" when
// it is none. Media types without msgtype are as common as those with it.
func httpMessageType(rec *Record) string {
	media, _, err := mime.ParseMediaType(rec.ContentType())
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) || media != "application/http" {
		return ""
	}
	switch rec.Type() {
	case TypeResponse, TypeRevisit:
		return MsgResponse
	case TypeRequest:
		return MsgRequest
	}
	return ""
}

// VerifyFile reads a whole WARC file and calls visit for each record with all
// its problems, none when it is sound. What stops the reading of a damaged file
// (torn, corrupt, no WARC) is a problem, too: of the record that it struck, or
// with a nil record when it lies between records. The error is the input's own,
// or visit's, which ends the reading; a file that could be read, however
// damaged, gives nil.
//
// The record's block has been read when visit is called.
func VerifyFile(r io.Reader, visit func(rec *Record, problems []Problem) error) error {
	rd, err := NewReader(r)
	if err != nil {
		return report(nil, nil, err, visit)
	}
	for {
		rec, err := rd.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return report(nil, nil, err, visit)
		}
		problems, err := Verify(rec)
		var p Problem
		if err == nil || errors.As(err, &p) { // a Problem is among the problems already
			err = visit(rec, problems)
		} else if err = report(rec, problems, err, visit); err == nil {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// report hands a final error to visit if it is a fault of the file, and
// returns it otherwise.
func report(rec *Record, problems []Problem, err error, visit func(*Record, []Problem) error) error {
	var syntax *SyntaxError
	var p Problem
	switch {
	case errors.Is(err, ErrTruncated):
		p = problemf(CodeTruncated, "%v", err)
	case errors.Is(err, ErrCorrupt):
		p = problemf(CodeGzipCorrupt, "%v", err)
	case errors.As(err, &syntax), errors.Is(err, ErrARC):
		p = problemf(CodeSyntax, "%v", err)
	default:
		return fmt.Errorf("verify warc: %w", err)
	}
	return visit(rec, append(problems, p))
}
