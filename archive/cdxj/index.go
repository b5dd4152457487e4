package cdxj

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive/warc"
)

// Index reads a WARC from its beginning and gives emit a line for each record
// that can be replayed: response, revisit and resource, as pywb does. Requests,
// metadata and conversions get none: replay would take a line of theirs for
// another capture of the URL that they are about.
//
// filename is what the lines call the file. A digest that a record does not
// declare is computed, as SHA-256 of the payload. A resource has status 200, for
// that is what is replayed. The whole of r is read, damage or not; an error is
// that of reading, as [warc.Reader] gives it, or emit's. A record that shares
// its gzip member with others cannot be named by an offset: that is an error.
func Index(r io.Reader, filename string, emit func(Line) error) error {
	rd, err := warc.NewReader(r)
	if err != nil {
		return fmt.Errorf("index %s: %w", filename, err)
	}
	for {
		rec, err := rd.Next()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = indexRecord(rec, filename, emit)
		}
		if err != nil {
			return fmt.Errorf("index %s: %w", filename, err)
		}
	}
}

func indexRecord(rec *warc.Record, filename string, emit func(Line) error) error {
	l, ok, err := Describe(rec)
	if err != nil || !ok {
		return err
	}
	if l.Length == 0 {
		return fmt.Errorf("record at offset %d shares its gzip member: nothing can point to it", rec.Offset)
	}
	l.Filename = filename
	return emit(l)
}

// Describe reads the block of rec, which must not have been read before, and
// returns its line but for the file name; ok is false for a record that has none.
// Length is 0 when the record shares its gzip member.
func Describe(rec *warc.Record) (l Line, ok bool, err error) {
	typ := rec.Type()
	uri := strings.ToValidUTF8(rec.TargetURI(), "\uFFFD")
	if typ != warc.TypeResponse && typ != warc.TypeRevisit && typ != warc.TypeResource || uri == "" {
		return l, false, drain(rec.Block)
	}
	at, err := rec.Date()
	if err != nil {
		return l, false, fmt.Errorf("record at offset %d: %w", rec.Offset, err)
	}
	l = Line{
		Key: Key(uri), Time: at.Truncate(time.Millisecond),
		URL: uri, Digest: declared(rec), MIME: mediaType(rec.ContentType()), Offset: rec.Offset,
	}
	whole, part := sha256.New(), sha256.New() // of the block, of the payload in it
	in, to, isHTTP := rec.Block, io.Discard, false
	if l.Digest == "" {
		in, to = io.TeeReader(rec.Block, whole), part
	}
	if typ == warc.TypeResource || l.MIME != "application/http" {
		l.Status = 200
	} else if m, err := warc.Payload(in, warc.MsgResponse); err == nil {
		isHTTP, l.MIME, l.Status = true, mediaType(m.Header.Get("Content-Type")), m.Status
		if _, err := io.Copy(to, m.Body); err != nil {
			return l, false, err
		}
	} else if syntax := (*warc.SyntaxError)(nil); !errors.As(err, &syntax) {
		return l, false, err
	} // else it is no HTTP: what was received is kept all the same, without a status
	if typ == warc.TypeRevisit {
		l.MIME = "warc/revisit"
	}
	if err := drain(in); err != nil {
		return l, false, err
	}
	if !isHTTP {
		part = whole
	}
	if l.Digest == "" {
		l.Digest = warc.FormatDigest([sha256.Size]byte(part.Sum(nil)))
	}
	l.Length = rec.Size
	return l, true, nil
}

func drain(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}

// declared returns the payload digest that the record declares, "" when there
// is none that could be one.
func declared(rec *warc.Record) string {
	text := rec.Header.Get(warc.FieldPayloadDigest)
	if _, err := warc.ParseDigest(text); err != nil && !errors.Is(err, warc.ErrDigestAlgorithm) {
		return ""
	}
	return text
}

// mediaType returns a media type as found without its parameters, in lower
// case; "unk", which is what indexes say, when it is none.
func mediaType(s string) string {
	s, _, _ = strings.Cut(s, ";")
	media, _, err := mime.ParseMediaType(s)
	if err != nil || len(media) > 127 {
		return "unk"
	}
	return media
}
