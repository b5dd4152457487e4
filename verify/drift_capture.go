package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/warc"
)

// ErrNoAnswer says that no visit of a capture was answered with a page.
var ErrNoAnswer = errors.New("the visit was not answered with a page")

// Opened is what is asked of the archive's store.
type Opened interface {
	Open(ctx context.Context, key string, off, n int64) (io.ReadCloser, error)
}

// Captured reads the capture record of one capture: an *archive.Archive.
type Captured interface {
	Capture(ctx context.Context, sum string) (*archive.Capture, error)
}

// Held finds the capture that holds the record with this WARC-Record-ID (without
// <>) and URL, "" when none is known. What it says is checked against the record.
type Held interface {
	Holder(ctx context.Context, url, record string) (capture string, err error)
}

// CaptureReader reads sources as they were captured.
type CaptureReader struct {
	Objects  Opened
	Captures Captured
	Holders  Held
	Limit    int64 // of a page, in bytes; 0 and all above 16 MiB stand for that. A PDF is read whole
}

// CapturedPage is a source as one visit saw it.
type CapturedPage struct {
	Page
	Capture *archive.Capture
	// Content is the SHA-256 of the capture that holds the bytes: that of the
	// visit itself, or an earlier one when the source was unchanged.
	Content string
}

// Source is the text in which claims are looked up: all that the capture shows a
// reader of what the source says. Spans of a ClaimCheck are of its Text.
func (p *CapturedPage) Source() Doc { return p.Doc }

// Read reads the page that the final answer of a capture holds. Where that is a
// revisit, it is read from the capture that it refers to. Of a post it reads what
// its platform said, which the capture record has.
//
// The WARC that the page is read from must have the SHA-256 of its name, otherwise
// the error wraps archive.ErrDamaged. An answer without a text is ErrNoText, no
// answer at all ErrNoAnswer; the Capture is there in both cases.
func (r *CaptureReader) Read(ctx context.Context, sum string) (*CapturedPage, error) {
	p, content, err := r.read(ctx, sum)
	if err != nil {
		return p, err
	}
	if p.Page, err = ReadPage(bytes.NewReader(content.Body), content.MediaType, content.URL); err != nil {
		return p, fmt.Errorf("read capture %s: %w", sum, err)
	}
	return p, nil
}

// ReadText is Read without looking for the main text: of the Page only the Doc is
// there.
func (r *CaptureReader) ReadText(ctx context.Context, sum string) (*CapturedPage, error) {
	p, content, err := r.read(ctx, sum)
	if err != nil {
		return p, err
	}
	if p.Doc, err = Text(bytes.NewReader(content.Body), content.MediaType, content.URL); err != nil {
		return p, fmt.Errorf("read capture %s: %w", sum, err)
	}
	return p, nil
}

// Content reads the body of the final answer of a capture, as Read does, at most
// 16 MiB of a page, 32 MiB of what may be a PDF, and hardly anything of what has
// no text that is read.
func (r *CaptureReader) Content(ctx context.Context, sum string) (*archive.Content, error) {
	_, content, err := r.read(ctx, sum)
	return content, err
}

// Held reads the body of the answer that p is, as Content does.
func (r *CaptureReader) Held(ctx context.Context, p *archive.Prior) (*archive.Content, error) {
	content, err := r.content(ctx, p.Capture, p.Record, p.URL)
	if err != nil {
		return nil, fmt.Errorf("read capture %s: %w", p.Capture, err)
	}
	return content, nil
}

func (r *CaptureReader) read(ctx context.Context, sum string) (*CapturedPage, *archive.Content, error) {
	record, err := r.Captures.Capture(ctx, sum)
	if err != nil {
		return nil, nil, fmt.Errorf("read capture %s: %w", sum, err)
	}
	p := &CapturedPage{Capture: record}
	url := record.FinalURL
	if url == "" {
		url = record.URL
	}
	if said := record.Post.Said(); said != "" {
		return r.post(ctx, p, said, url)
	}
	var last *archive.ExchangeInfo
	for i := range record.Exchanges {
		if x := &record.Exchanges[i]; x.Role == archive.RoleSource {
			last = x
		}
	}
	id := ""
	switch {
	case last == nil:
	case last.RefersTo != "":
		id = last.RefersTo
		if p.Content, err = r.Holders.Holder(ctx, last.URL, id); err != nil {
			return nil, nil, fmt.Errorf("read capture %s: %w", sum, err)
		}
		if p.Content == "" {
			return nil, nil, fmt.Errorf("read capture %s: %w: no capture holds the record %.100s that it refers to", sum, archive.ErrDamaged, id)
		}
	default:
		id, p.Content = last.Record, sum
	}
	if id == "" {
		p.Content = ""
		return p, nil, fmt.Errorf("read capture %s: %w", sum, ErrNoAnswer)
	}
	content, err := r.content(ctx, p.Content, id, url)
	if err != nil {
		return p, nil, fmt.Errorf("read capture %s: %w", sum, err)
	}
	return p, content, nil
}

// post reads what a platform said. The page of a post is the platform's: the same
// for every post, or half adverts.
func (r *CaptureReader) post(ctx context.Context, p *CapturedPage, said, url string) (*CapturedPage, *archive.Content, error) {
	p.Content = p.Capture.SHA256
	if _, err := r.content(ctx, p.Content, "", url); err != nil {
		return p, nil, fmt.Errorf("read post of capture %s: %w", p.Content, err)
	}
	return p, &archive.Content{Body: []byte(said), MediaType: "text/plain; charset=utf-8", URL: url, Post: true}, nil
}

// content reads the record with an ID from the WARC of a capture, none for "".
func (r *CaptureReader) content(ctx context.Context, sum, id, url string) (*archive.Content, error) {
	key := archive.CaptureKey(sum)
	object, err := r.Objects.Open(ctx, key, 0, -1)
	if err != nil {
		return nil, err
	}
	defer object.Close()
	hash := sha256.New()
	file := io.TeeReader(object, hash)
	var content *archive.Content
	var reading error
	if id != "" {
		content, reading = r.findContent(file, id, url)
	}
	if _, err := io.Copy(io.Discard, file); err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	if got := hex.EncodeToString(hash.Sum(nil)); got != sum {
		return nil, fmt.Errorf("%s: %w: its SHA-256 is %s", key, archive.ErrDamaged, got)
	}
	if reading != nil {
		return nil, fmt.Errorf("%s: %w", key, reading)
	}
	return content, nil
}

func (r *CaptureReader) findContent(file io.Reader, id, url string) (*archive.Content, error) {
	w, err := warc.NewReader(file)
	if err != nil {
		return nil, err
	}
	for {
		record, err := w.Next()
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%w: it has no record %.100s", archive.ErrDamaged, id)
		}
		if err != nil {
			return nil, err
		}
		if warc.StripBrackets(record.ID()) == id {
			return r.recordContent(record, url)
		}
	}
}

// recordContent reads the body in a record. A body that breaks off, or that is not
// what its coding says, is read as far as it goes.
func (r *CaptureReader) recordContent(record *warc.Record, url string) (*archive.Content, error) {
	kind, _, err := mime.ParseMediaType(record.ContentType())
	if err != nil || kind != "application/http" {
		return nil, fmt.Errorf("%w: what was answered is no HTTP", ErrNoText)
	}
	m, err := warc.Payload(record.Block, warc.MsgResponse)
	if err != nil {
		return nil, fmt.Errorf("%w: what was answered is no HTTP: %w", ErrNoText, err)
	}
	coding := strings.Join(m.Header.Values("Content-Encoding"), ",")
	mediaType := m.Header.Get("Content-Type")
	limit := bodyLimit(mediaType)
	if limit == pageLimit && r.Limit > 0 {
		limit = min(limit, r.Limit)
	}
	limit++
	// asFarAs has no error.
	body, _ := io.ReadAll(io.LimitReader(asFarAs{archive.Decode(m.Body, coding, archive.DecodeLimits{MaxBytes: limit})}, limit))
	return &archive.Content{URL: url, MediaType: mediaType, Body: body}, nil
}

// asFarAs ends what it reads where it breaks.
type asFarAs struct{ r io.Reader }

func (a asFarAs) Read(p []byte) (int, error) {
	n, err := a.r.Read(p)
	if err != nil {
		err = io.EOF
	}
	return n, err
}
