package warc

import (
	"errors"
	"fmt"
	"io"
)

// block reads the block of one record and, behind it, the record's end.
type block struct {
	r     *Reader
	rec   *Record
	left  int64 // bytes of the block still to come
	err   error // what Read returns from now on
	alone bool  // the record began its gzip member, or is plain
	stale bool
}

var errStale = errors.New("warc: block read after the next record was asked for")

// Read returns io.EOF only after the record's end has been read, too, so that
// who reads a block to io.EOF knows that it was whole.
func (b *block) Read(p []byte) (int, error) {
	if b.stale {
		return 0, errStale
	}
	for b.err == nil {
		if b.left == 0 {
			b.finish()
			break
		}
		if len(p) == 0 {
			return 0, nil
		}
		if int64(len(p)) > b.left {
			p = p[:b.left]
		}
		n, err := b.r.src.data().Read(p)
		b.left -= int64(n)
		if n > 0 {
			return n, nil // a lasting error comes again
		}
		if err != nil {
			b.broke(err)
		}
	}
	return 0, b.err
}

// drain reads what is left without keeping it.
func (b *block) drain() {
	for b.err == nil {
		if b.left == 0 {
			b.finish()
			return
		}
		n, err := b.r.src.data().Discard(int(min(b.left, 1<<30)))
		b.left -= int64(n)
		if n == 0 && err != nil {
			b.broke(err)
		}
	}
}

// fail ends the whole reading.
func (b *block) fail(err error) { b.err, b.r.err = err, err }

func (b *block) problem(p Problem) {
	b.rec.Problems = append(b.rec.Problems, p)
	if b.r.Strict && b.err == nil {
		b.fail(recordError(b.rec, p))
	}
}

func (b *block) has(c Code) bool {
	for _, p := range b.rec.Problems {
		if p.Code == c {
			return true
		}
	}
	return false
}

// broke handles an error before the block's end. At the end of a gzip member
// the block may go on in the next one. When a record starts there instead, this
// one was shorter than it said; its block then ends in a Problem as the error,
// and the Reader goes on.
func (b *block) broke(err error) {
	s := b.r.src
	if err != io.EOF {
		b.fail(s.readError(err))
		return
	}
	if !s.inGzip {
		b.fail(fmt.Errorf("block of the record at offset %d lacks %d bytes: %w", b.rec.Offset, b.left, ErrTruncated))
		return
	}
	s.close()
	end := s.offset()
	split, err := b.splits()
	if err != nil {
		b.fail(err)
		return
	}
	if split {
		if !b.has(CodeGzipSplit) {
			b.problem(problemf(CodeGzipSplit, "the record goes on in the gzip member at offset %d", end))
		}
		return
	}
	if b.alone {
		b.rec.Size = end - b.rec.Offset
	}
	p := problemf(CodeBlockShort, "the gzip member ends %d bytes before the end of the block", b.left)
	b.problem(p)
	if b.err == nil {
		b.err = recordError(b.rec, p)
	}
}

// splits opens the gzip member that follows, if any, and reports whether the
// block goes on there, which is when no record starts there.
func (b *block) splits() (bool, error) {
	s := b.r.src
	packed, err := s.isGzip()
	if err == io.EOF || err == nil && !packed {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := s.open(); err != nil {
		return false, err
	}
	magic, err := s.member.Peek(len(warcMagic))
	if err != nil && err != io.EOF {
		return false, s.readError(err)
	}
	if string(magic) == warcMagic {
		return false, nil
	}
	s.held = 1
	return true, nil
}

// finish reads the CRLFCRLF behind the block and, in a gzip member, its end
// with the checksum.
func (b *block) finish() {
	s := b.r.src
	data := s.data()
	end, err := data.Peek(len(recordEnd))
	if err != nil && err != io.EOF {
		b.fail(s.readError(err))
		return
	}
	if !s.inGzip && len(end) < len(recordEnd) && string(end) == string(recordEnd[:len(end)]) {
		b.fail(fmt.Errorf("end of the record at offset %d: %w", b.rec.Offset, ErrTruncated))
		return
	}
	sound := string(end) == string(recordEnd)
	if sound {
		data.Discard(len(recordEnd)) // buffered: cannot fail
	}
	after := s.offset()
	extra, err := skipLineEnds(data)
	if err != nil && err != io.EOF {
		b.fail(s.readError(err))
		return
	}
	if !sound {
		after = s.offset()
	}
	if !sound || extra > 0 {
		b.problem(problemf(CodeRecordEnd, "the block is not followed by CRLF CRLF and the next record"))
	}
	if s.inGzip {
		b.endMember()
	} else {
		b.rec.Size = after - b.rec.Offset
	}
	if b.err == nil {
		b.err = io.EOF
	}
}

// endMember reads to the member's end unless another record follows in it.
func (b *block) endMember() {
	s := b.r.src
	magic, err := s.member.Peek(len(warcMagic))
	if string(magic) == warcMagic {
		if s.held == 1 {
			b.problem(sharedMember(s.start))
		}
		return
	}
	var rest int64
	for err == nil || err == io.EOF && rest < int64(len(magic)) {
		var n int
		n, err = s.member.Discard(1 << 20)
		rest += int64(n)
	}
	if err != io.EOF {
		b.fail(s.readError(err))
		return
	}
	if rest > 0 && !b.has(CodeRecordEnd) {
		b.problem(problemf(CodeRecordEnd, "%d bytes follow the block in its gzip member", rest))
	}
	s.close()
	if b.alone {
		b.rec.Size = s.offset() - b.rec.Offset
	}
}

// skipLineEnds discards CR and LF and returns how many.
func skipLineEnds(r interface {
	ReadByte() (byte, error)
	UnreadByte() error
}) (int, error) {
	for n := 0; ; n++ {
		c, err := r.ReadByte()
		if err != nil {
			return n, err
		}
		if c != '\r' && c != '\n' {
			return n, r.UnreadByte()
		}
	}
}
