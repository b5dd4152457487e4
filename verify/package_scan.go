package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/warc"
)

// warcScan reads WARCs of ibid's that have been found sound, for what they say:
// their last records, and what their records refer to.
type warcScan struct {
	reader *warc.Reader
	held   map[recordKey]holder
	refs   []packageReference
	files  []string // by the number that holder and packageReference have
}

type holder struct {
	file    int32
	payload digestKey
}

type packageReference struct {
	file    int32
	target  recordKey
	payload digestKey
	offset  int64
}

func newWARCScan() *warcScan {
	return &warcScan{reader: new(warc.Reader), held: map[recordKey]holder{}}
}

// read reads one file. What is wrong with it is a list of sentences; the result
// is nil when it is neither a capture nor a report. The error is the input's.
func (s *warcScan) read(in io.Reader, file, sum string, size int64) (*kept, []string, error) {
	n := int32(len(s.files))
	s.files = append(s.files, file)
	here, contents := map[recordKey]bool{}, map[string]bool{}
	var last *warc.Record
	var end []byte
	if err := s.reader.Reset(in); err != nil {
		return s.damage(err)
	}
	for {
		rec, err := s.reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return s.damage(err)
		}
		last, end = rec, nil
		id := warc.StripBrackets(rec.ID())
		here[keyOf(id)] = true
		switch digest := payloadDigest(rec); {
		case rec.Type() == warc.TypeResponse, rec.Type() == warc.TypeResource:
			s.held[keyOf(id)] = holder{n, digestKeyOf(digest)}
			contents[digest] = true
		case rec.Type() == warc.TypeRevisit:
			target := warc.StripBrackets(rec.Header.Get(warc.FieldRefersTo))
			s.refs = append(s.refs, packageReference{n, keyOf(target), digestKeyOf(digest), rec.Offset})
		case isEnd(rec):
			if end, err = io.ReadAll(io.LimitReader(rec.Block, maxEnd)); err != nil {
				return s.damage(err)
			}
		}
	}
	switch {
	case end == nil:
		return nil, []string{"its last record is not that of a capture or a report of ibid's"}, nil
	case last.ContentType() == reportType:
		return s.report(end, file, sum, contents)
	}
	return s.capture(end, file, sum, size, here)
}

// damage turns a fault of the file into a sentence.
func (s *warcScan) damage(err error) (*kept, []string, error) {
	var syntax *warc.SyntaxError
	for _, fault := range []error{warc.ErrTruncated, warc.ErrCorrupt, warc.ErrARC} {
		if errors.Is(err, fault) || errors.As(err, &syntax) {
			return nil, []string{err.Error()}, nil
		}
	}
	return nil, nil, err
}

func (s *warcScan) capture(end []byte, file, sum string, size int64, here map[recordKey]bool) (*kept, []string, error) {
	c, err := archive.DecodeCapture(bytes.NewReader(end))
	if err != nil {
		return nil, []string{err.Error()}, nil //nolint:nilerr // a fault of the file, not of the reading
	}
	var problems []string
	k := &kept{file: file, sum: sum, capture: c}
	for i := range c.Exchanges {
		x := &c.Exchanges[i]
		if x.Record != "" && !here[keyOf(x.Record)] {
			problems = append(problems, fmt.Sprintf("the capture record speaks of a record %s that is not in the file", brief(x.Record)))
		}
		if x.Role == archive.RoleSource {
			k.content = content{here: x.Record != "" && x.RefersTo == "", target: keyOf(x.RefersTo), refers: x.RefersTo != ""}
		}
	}
	c.SHA256, c.Size, c.Exchanges = sum, size, nil
	return k, problems, nil
}

func (s *warcScan) report(end []byte, file, sum string, contents map[string]bool) (*kept, []string, error) {
	var r archive.Report
	if err := json.Unmarshal(end, &r); err != nil {
		return nil, []string{"decode report record: " + err.Error()}, nil //nolint:nilerr // as above
	}
	if err := r.Readable(); err != nil {
		return nil, []string{err.Error()}, nil //nolint:nilerr // as above
	}
	r.Object = sum
	k := &kept{file: file, sum: sum, report: &r}
	if r.SHA256 == "" || !contents[r.SHA256] {
		return k, []string{fmt.Sprintf("no record in the file holds the report's bytes, whose SHA-256 is %s", brief(r.SHA256))}, nil
	}
	return k, nil, nil
}

// ctxReader ends with its context.
type ctxReader struct {
	ctx context.Context //nolint:containedctx // it lives as long as one reading
	r   io.Reader
}

func (c *ctxReader) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(b)
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// counted is a number and what it counts, whose plural has an s.
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strings.Join([]string{strconv.Itoa(n), what + "s"}, " ")
}
