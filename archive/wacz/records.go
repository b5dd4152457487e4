package wacz

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/gzip"

	"github.com/ibid-archive/ibid/archive/cdxj"
	"github.com/ibid-archive/ibid/archive/warc"
)

// recordStore remembers of every record that can be indexed what a line about
// it must say, in few bytes a record.
type recordStore struct {
	seed  maphash.Seed
	at    map[place]imprint
	limit int
	lines int // records that our index has a line for
}

type place struct {
	warc   uint64 // of its name
	offset int64
}

// imprint is what a line is compared with.
type imprint struct {
	loose  uint64 // URL, second, length
	strict uint64 // all of a line of ours, digest apart when it is not declared
	size   bool   // the length is known: the record has a gzip member of its own
	digest bool   // the record declares one
}

func (s *recordStore) hash(parts ...string) uint64 {
	if s.at == nil {
		s.seed, s.at = maphash.MakeSeed(), map[place]imprint{}
	}
	return maphash.String(s.seed, strings.Join(parts, "\x00"))
}

func (s *recordStore) loose(l *cdxj.Line, size bool) uint64 {
	length := int64(-1)
	if size {
		length = l.Length
	}
	return s.hash(l.URL, l.Time.UTC().Format("20060102150405"), fmt.Sprint(length))
}

func (s *recordStore) strict(l cdxj.Line, digest bool) uint64 {
	if !digest {
		l.Digest = ""
	}
	return s.hash(l.Key, l.URL, l.Time.UTC().Format("20060102150405.000"), l.Digest, l.MIME, fmt.Sprint(l.Offset, l.Length, l.Status), l.Filename)
}

// headBytes is how much of a block is kept to read the HTTP head from.
const headBytes = 256 << 10

// readWARC verifies the records of a WARC and remembers where they are.
func (v *validator) readWARC(e *entry, in io.Reader) error {
	v.sum.WARCs++
	name := path.Base(e.name)
	rd, err := warc.NewReader(in)
	for err == nil {
		var rec *warc.Record
		if rec, err = rd.Next(); err == nil {
			err = v.readRecord(e, name, rec)
		}
	}
	var damage *errBody
	var syntax *warc.SyntaxError
	switch {
	case err == io.EOF:
		return nil
	case errors.As(err, &damage), v.ctx.Err() != nil:
		return err
	case errors.Is(err, warc.ErrTruncated), errors.Is(err, warc.ErrCorrupt), errors.Is(err, warc.ErrARC), errors.As(err, &syntax):
		v.ps.add(CodeWARC, e.name, "%v", err)
		return nil
	}
	return err
}

func (v *validator) readRecord(e *entry, name string, rec *warc.Record) error {
	v.sum.Records++
	head := &prefix{limit: headBytes}
	block := rec.Block
	rec.Block = io.TeeReader(block, head)
	found, err := warc.Verify(rec)
	for _, p := range found {
		if p.Code.OfForm() || !v.ours && p.Code.Harmless() { // ours may have imported records
			v.ps.note(CodeWARC, e.name, "record %s at %d: %s: %s", rec.ID(), rec.Offset, p.Code, p.Message)
		} else {
			v.ps.add(CodeWARC, e.name, "record %s at %d: %s: %s", rec.ID(), rec.Offset, p.Code, p.Message)
		}
	}
	if err != nil {
		return err
	}
	rec.Block = bytes.NewReader(head.b)
	at, err := rec.Date()
	if err != nil {
		return nil //nolint:nilerr // it has been reported, and no line can be about the record
	}
	l, ok, err := cdxj.Describe(rec)
	if err != nil {
		return err
	}
	if !ok { // other indexes have lines for other records
		l = cdxj.Line{URL: rec.TargetURI(), Time: at, Offset: rec.Offset, Length: rec.Size}
	}
	l.Filename = name
	if len(v.store.at) >= v.store.limit {
		v.ps.add(CodeBomb, e.name, "the package has more than %d records", v.store.limit)
		return &errBody{CodeBomb, "the rest of it has not been read"}
	}
	_, err = warc.ParseDigest(rec.Header.Get(warc.FieldPayloadDigest))
	p := imprint{size: l.Length > 0, digest: err == nil || errors.Is(err, warc.ErrDigestAlgorithm)}
	p.loose, p.strict = v.store.loose(&l, p.size), v.store.strict(l, p.digest)
	key := place{v.store.hash(name), rec.Offset}
	if _, shared := v.store.at[key]; !shared { // of records in one gzip member the first
		v.store.at[key] = p
	}
	if ok {
		v.store.lines++
	}
	return nil
}

// prefix keeps the first bytes that are written to it.
type prefix struct {
	b     []byte
	limit int
}

func (p *prefix) Write(b []byte) (int, error) {
	p.b = append(p.b, b[:min(len(b), p.limit-len(p.b))]...)
	return len(b), nil
}

// readIndex holds each line of an index against the record that it points to.
func (v *validator) readIndex(e *entry, in io.Reader) error {
	if strings.HasSuffix(e.name, ".gz") {
		z, err := gzip.NewReader(in)
		if err != nil {
			return v.badIndex(e, err)
		}
		in = &bounded{z, max(smallFile, e.size*v.opts.Limits.Ratio)}
	}
	rd := cdxj.NewReader(in)
	var before []byte
	for {
		l, err := rd.Next()
		var syntax *cdxj.SyntaxError
		switch {
		case err == io.EOF:
			return nil
		case errors.As(err, &syntax):
			v.ps.add(CodeIndex, e.name, "%v", err)
			continue
		case err != nil:
			return v.badIndex(e, err)
		}
		v.sum.Lines++
		if bytes.Compare(before, rd.Raw()) > 0 {
			v.indexFault(CodeIndexOrder, e, rd, "it belongs before the line that it follows")
		}
		before = append(before[:0], rd.Raw()...)
		v.checkLine(e, rd, &l)
	}
}

func (v *validator) badIndex(e *entry, err error) error {
	var damage *errBody
	if errors.As(err, &damage) || v.ctx.Err() != nil {
		return err
	}
	v.ps.add(CodeIndexed, e.name, "%v", err)
	return nil
}

// bounded fails when more is read than it may give.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errors.New("it unfolds to more than the limits allow")
	}
	return n, err
}

func (v *validator) checkLine(e *entry, rd *cdxj.Reader, l *cdxj.Line) {
	name := strings.TrimPrefix(l.Filename, ArchiveDir)
	p, ok := v.store.at[place{v.store.hash(name), l.Offset}]
	switch {
	case v.dir.byName[ArchiveDir+name] == nil:
		v.ps.add(CodeIndexTarget, e.name, "line %d points into %.200q, which is not in the package", rd.Number(), l.Filename)
	case !ok:
		v.ps.add(CodeIndexTarget, e.name, "line %d points to offset %d of %s, where no record of a capture begins", rd.Number(), l.Offset, name)
	case p.loose != v.store.loose(l, p.size):
		v.ps.add(CodeIndexTarget, e.name, "line %d says %.200q of %s, and the record at offset %d of %s says something else",
			rd.Number(), l.URL, l.Time.Format("2006-01-02T15:04:05Z"), l.Offset, name)
	case v.ours && p.strict != v.store.strict(*l, p.digest):
		v.ps.add(CodeIndexTarget, e.name, "line %d differs from the one that belongs to the record at offset %d of %s", rd.Number(), l.Offset, name)
	}
}

func (v *validator) indexFault(code Code, e *entry, rd *cdxj.Reader, text string) {
	if v.ours {
		v.ps.add(code, e.name, "line %d: %s", rd.Number(), text)
	} else {
		v.ps.note(code, e.name, "line %d: %s", rd.Number(), text)
	}
}
