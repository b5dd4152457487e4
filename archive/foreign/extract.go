package foreign

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/warc"
)

// Extract is the bytes of some records in a temporary file.
type Extract struct {
	file *os.File
	at   map[*Record]int64
}

// Extract copies the bytes of all records of the visits into a temporary file in
// dir ("" for the system's), which Close removes. The files are read once more.
func (f *Files) Extract(ctx context.Context, visits []Visit, dir string) (*Extract, error) {
	byWARC := make([][]*Record, len(f.warcs))
	seen := map[*Record]bool{}
	for _, v := range visits {
		for _, r := range v.Records() {
			if !seen[r] {
				seen[r] = true
				byWARC[r.WARC] = append(byWARC[r.WARC], r)
			}
		}
	}
	file, err := os.CreateTemp(dir, "import-*")
	if err != nil {
		return nil, fmt.Errorf("extract records: %w", err)
	}
	x := &Extract{file, map[*Record]int64{}}
	end := int64(0)
	for n, list := range byWARC {
		if len(list) == 0 {
			continue
		}
		if end, err = f.extract(ctx, n, list, x, end); err != nil {
			return nil, errors.Join(fmt.Errorf("extract records of %s: %w", f.warcs[n].Name, err), x.Close())
		}
	}
	return x, nil
}

func (f *Files) extract(ctx context.Context, n int, list []*Record, x *Extract, end int64) (int64, error) {
	slices.SortFunc(list, func(a, b *Record) int { return cmp.Compare(a.Offset, b.Offset) })
	in, err := f.warcs[n].Open()
	if err != nil {
		return end, err
	}
	defer in.Close()
	from := &ctxReader{ctx, in}
	at := int64(0)
	for _, r := range list {
		if _, err := io.CopyN(io.Discard, from, r.Offset-at); err != nil {
			return end, err
		}
		if _, err := io.CopyN(x.file, from, r.Size); err != nil {
			return end, err
		}
		x.at[r] = end
		at, end = r.Offset+r.Size, end+r.Size
		var magic [2]byte
		if _, err := x.file.ReadAt(magic[:], x.at[r]); err != nil {
			return end, err
		}
		r.Compressed = magic == [2]byte{0x1f, 0x8b}
	}
	return end, nil
}

// Close removes the temporary file.
func (x *Extract) Close() error {
	return errors.Join(x.file.Close(), os.Remove(x.file.Name()))
}

// open reads the bytes of a record as they stand in their file.
func (x *Extract) open(r *Record) *io.SectionReader {
	return io.NewSectionReader(x.file, x.at[r], r.Size)
}

// Records are all records of a visit in the order in which they are kept, each
// once.
func (v Visit) Records() []*Record {
	var list []*Record
	add := func(r *Record) {
		if r != nil && !slices.Contains(list, r) {
			list = append(list, r)
		}
	}
	add(v.Info)
	for i, h := range v.Hops {
		add(v.Requests[i])
		add(h)
	}
	add(v.Post)
	return list
}

// Raw are the bytes of the records of a visit.
func (x *Extract) Raw(v Visit) []archive.RawRecord {
	var raw []archive.RawRecord
	for _, r := range v.Records() {
		raw = append(raw, archive.RawRecord{Body: x.open(r), Compressed: r.Compressed})
	}
	return raw
}

// Visit is a visit as one of ours would have seen it, to be judged: without
// timing, addresses and certificates, which such records do not have. An answer
// from which its maker took the chunked coding is as it stands in the record.
// The caller closes the exchanges.
func (x *Extract) Visit(v Visit, dir string) (*archive.Visit, error) {
	out := &archive.Visit{URL: v.Hops[0].URL, StartedAt: v.Hops[0].Date}
	for _, h := range v.Hops {
		e, err := x.exchange(h, dir)
		if err != nil {
			for _, e := range out.Exchanges {
				e.Close()
			}
			return nil, fmt.Errorf("read the answer of %s: %w", h.URL, err)
		}
		out.Exchanges = append(out.Exchanges, e)
	}
	last := out.Exchanges[len(out.Exchanges)-1]
	mediaType, _, _ := strings.Cut(last.Header.Get("Content-Type"), ";")
	out.Outcome = archive.Outcome{HTTPStatus: last.Status, FinalURL: last.URL, MediaType: strings.ToLower(strings.TrimSpace(mediaType)),
		PayloadSize: last.PayloadSize}
	if last.Truncated == "" {
		out.PayloadSHA256 = fmt.Sprintf("%x", last.PayloadSHA256)
	}
	if v.Post != nil {
		// One that cannot be read says nothing; its bytes are kept all the same.
		if p, err := x.post(v.Post); err == nil {
			out.Posts, out.Post = []*archive.Post{p}, p.Summary()
		}
	}
	for _, e := range out.Exchanges[1:] {
		out.Redirects = append(out.Redirects, e.URL)
	}
	return out, nil
}

// maxPost bounds a record of a post in bytes.
const maxPost = 4 << 20

func (x *Extract) post(r *Record) (*archive.Post, error) {
	rd, err := warc.NewReader(x.open(r))
	if err != nil {
		return nil, err
	}
	rec, err := rd.Next()
	if err != nil {
		return nil, err
	}
	block, err := io.ReadAll(io.LimitReader(rec.Block, maxPost+1))
	if err != nil {
		return nil, err
	}
	if len(block) > maxPost {
		return nil, errors.New("it is too long")
	}
	p, err := archive.DecodePost(block)
	if err != nil {
		return nil, err
	}
	if archive.PostURI(p.URL) != r.URL {
		return nil, errors.New("it is of another post")
	}
	return p, nil
}

func (x *Extract) exchange(r *Record, dir string) (_ *archive.Exchange, err error) {
	rd, err := warc.NewReader(x.open(r))
	if err != nil {
		return nil, err
	}
	rec, err := rd.Next()
	if err != nil {
		return nil, err
	}
	e := &archive.Exchange{Role: archive.RoleSource, URL: r.URL, Method: http.MethodGet, Started: r.Date, Header: http.Header{},
		Request: archive.NewSpool(dir, archive.SpoolMemory), Response: archive.NewSpool(dir, archive.SpoolMemory)}
	defer func() {
		if err != nil {
			e.Close()
		}
	}()
	if r.Truncated != "" {
		if e.Truncated = archive.Truncation(r.Truncated); e.Truncated != archive.TruncatedLength && e.Truncated != archive.TruncatedTime &&
			e.Truncated != archive.TruncatedDisconnect {
			e.Truncated = archive.TruncatedUnspecified
		}
	}
	whole := sha256.New()
	if _, err := io.Copy(io.MultiWriter(e.Response, whole), rec.Block); err != nil {
		return nil, err
	}
	whole.Sum(e.BlockSHA256[:0])
	body := io.Reader(io.NewSectionReader(e.Response, 0, e.Response.Size()))
	var m *warc.HTTPMessage
	if r.Type == warc.TypeResponse {
		if m, err = warc.Payload(body, warc.MsgResponse); err != nil {
			return nil, err
		}
		e.HeaderSize, e.Proto, e.Status, body = m.HeadSize, m.Proto, m.Status, m.Body
		for _, f := range m.Header {
			e.Header.Add(f.Name, f.Value)
		}
	} else {
		e.Header.Set("Content-Type", rec.ContentType())
	}
	payload := sha256.New()
	if e.PayloadSize, err = io.Copy(payload, body); err != nil {
		return nil, err
	}
	payload.Sum(e.PayloadSHA256[:0])
	if m != nil {
		e.Chunked = chunked(m)
	}
	return e, nil
}

// chunked reports whether the body in the block has chunked framing.
func chunked(m *warc.HTTPMessage) bool {
	for _, p := range m.Problems() {
		if p.Code == warc.CodeChunkedInvalid {
			return false
		}
	}
	return strings.Contains(strings.ToLower(m.Header.Get("Transfer-Encoding")), "chunked")
}
