package warc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
	"sync"
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
		if httpMessageType(rec) == "" && block.hash != nil && payload.hash != nil && block.want.Alg == payload.want.Alg {
			payload.hash = block.hash // of the same bytes
		}
	}
	t := tools.Get().(*toolbox)
	err := hashBlock(rec, &block, &payload, t)
	t.release()
	var problems []Problem
	if len(rec.Problems) > 0 {
		problems = append(problems, rec.Problems...)
	}
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

// toolbox is what checking one record needs and the next can use again.
type toolbox struct {
	copy   []byte
	head   *bufio.Reader // over the block
	chunks *bufio.Reader // over head
	raw    rawBody
}

var tools = sync.Pool{New: func() any {
	return &toolbox{copy: make([]byte, 32<<10), head: bufio.NewReaderSize(nil, fileBuffer), chunks: bufio.NewReaderSize(nil, fileBuffer)}
}}

func (t *toolbox) release() {
	t.head.Reset(nil)
	t.chunks.Reset(nil)
	t.raw.reset(nil)
	tools.Put(t)
}

// copyTo gives all that r has to w. Neither has a faster way.
func (t *toolbox) copyTo(w io.Writer, r io.Reader) error {
	for {
		n, err := r.Read(t.copy)
		if n > 0 {
			if _, err := w.Write(t.copy[:n]); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// rawBody is a chunked body as it was sent. While it is small it is kept
// instead of hashed, for its hash is hardly ever asked for.
type rawBody struct {
	hash   hash.Hash
	kept   []byte
	hashed bool // kept is in hash already
}

// rawKept is how many bytes of a body are kept.
const rawKept = 256 << 10

func (b *rawBody) reset(h hash.Hash) { b.hash, b.kept, b.hashed = h, b.kept[:0], false }

// Write implements [io.Writer].
func (b *rawBody) Write(p []byte) (int, error) {
	if !b.hashed && len(b.kept)+len(p) <= rawKept {
		b.kept = append(b.kept, p...)
		return len(p), nil
	}
	if !b.hashed {
		b.hash.Write(b.kept)
		b.hashed = true
	}
	return b.hash.Write(p)
}

func (b *rawBody) sum() []byte {
	if !b.hashed {
		b.hash.Write(b.kept)
		b.hashed = true
	}
	return b.hash.Sum(nil)
}

// hashBlock feeds the block, and the payload when that is wanted, to the checks.
func hashBlock(rec *Record, block, payload *check, t *toolbox) error {
	in := io.TeeReader(rec.Block, block)
	if payload.hash != nil && payload.hash != block.hash {
		if err := hashPayload(rec, in, payload, t); err != nil {
			return err
		}
	}
	return t.copyTo(io.Discard, in)
}

func hashPayload(rec *Record, block io.Reader, c *check, t *toolbox) error {
	msgtype := httpMessageType(rec)
	if msgtype == "" {
		return t.copyTo(c, block)
	}
	// Some writers hash the body before its chunks are put together. That must
	// not look like an altered payload.
	t.raw.reset(c.want.New())
	m, err := payload(block, msgtype, t)
	if syntax := (*SyntaxError)(nil); errors.As(err, &syntax) {
		c.hash = nil
		c.problems = append(c.problems, problemf(CodeHTTPHead, "%s cannot be checked: %s", c.field, syntax.Message))
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.copyTo(c, m.Body); err != nil || m.framing == nil {
		return err
	}
	if err := t.copyTo(io.Discard, m.framing); err != nil {
		return err
	}
	if !bytes.Equal(c.hash.Sum(nil), c.want.Sum) && bytes.Equal(t.raw.sum(), c.want.Sum) {
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
