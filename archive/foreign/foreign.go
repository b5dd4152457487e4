// Package foreign finds in WARC files that others have made what they captured of
// a source: by Browsertrix, ArchiveWeb.page, wget, Scoop or whoever writes WARC.
//
// What it guarantees. A visit has only records whose structure, block and payload
// are sound; what was left out is listed with the reason. Extract gives the bytes
// of a record as they stand in the file. Memory grows with the number of answers
// in the files, by a few hundred bytes each, and not with their size.
//
// What it does not. That a record is what a server sent: whoever makes a file
// can put anything into it. It judges nothing, and writes nothing but temporary
// files. Revisits are no visits here: the answer that one repeats is.
package foreign

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/warc"
	"github.com/ibid-archive/ibid/seeds"
)

// WARC is a file of records, compressed or not.
type WARC struct {
	Name string
	Open func() (io.ReadCloser, error) // from its beginning; may be called more than once
}

// Record is where a record stands and what its header says.
type Record struct {
	WARC         int // in the list that was scanned
	Offset, Size int64
	Type         warc.Type
	ID           string // without <>
	URL          string
	Date         time.Time
	Status       int    // of an HTTP answer; 0 for a resource
	Location     string // of a redirect
	Truncated    string
	Compressed   bool

	info string // id of the warcinfo record that it names
	with string // id of the record that it was captured with, of an answer
}

// LeftOut is a record, or the rest of a file, that is not used.
type LeftOut struct {
	WARC   string
	Offset int64
	URL    string // may be empty
	Why    string
}

// Files is what was found in some files.
type Files struct {
	Software []string // as the warcinfo records say, each once
	LeftOut  []LeftOut
	More     int // left out beyond those

	warcs    []WARC
	byKey    map[string][]*Record
	posts    map[string][]*Record // what platforms said, by the key of the source
	requests map[string]*Record   // by the id of the answer that they name
	asked    map[string]*Record   // by their own id: wget has the answer name the request
	infos    map[string]*Record
}

// Bounds of what is remembered of hostile files.
const (
	maxLeftOut  = 200
	maxSoftware = 8
	maxAnswers  = 4_000_000
	maxText     = 8 << 10 // bytes of a URL or a location
	maxInfo     = 64 << 10
	maxHops     = 20
)

// Scan reads files from their beginnings to their ends. Damage ends the reading
// of a file and is in the list of what was left out; the error is that of reading.
func Scan(ctx context.Context, warcs []WARC) (*Files, error) {
	f := &Files{warcs: warcs, byKey: map[string][]*Record{}, posts: map[string][]*Record{}, requests: map[string]*Record{}, asked: map[string]*Record{}, infos: map[string]*Record{}}
	answers := 0
	for i := range warcs {
		if err := f.scan(ctx, i, &answers); err != nil {
			return nil, fmt.Errorf("scan %s: %w", warcs[i].Name, err)
		}
	}
	for _, list := range f.byKey {
		slices.SortStableFunc(list, func(a, b *Record) int { return a.Date.Compare(b.Date) })
	}
	return f, nil
}

func (f *Files) scan(ctx context.Context, n int, answers *int) error {
	in, err := f.warcs[n].Open()
	if err != nil {
		return err
	}
	defer in.Close()
	rd, err := warc.NewReader(&ctxReader{ctx, in})
	for err == nil {
		var rec *warc.Record
		if rec, err = rd.Next(); err == nil {
			err = f.record(n, rec, answers)
		}
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	// What was read until here is sound: each record has digests of its own.
	f.leave(n, 0, "", "the rest of the file cannot be read: "+err.Error())
	return nil
}

// record looks at one record; the error is that of reading it.
func (f *Files) record(n int, rec *warc.Record, answers *int) error {
	r := &Record{WARC: n, Offset: rec.Offset, Type: rec.Type(), ID: warc.StripBrackets(rec.ID()), URL: rec.TargetURI(),
		Truncated: rec.Truncated(), info: warc.StripBrackets(rec.Header.Get(warc.FieldWarcinfoID))}
	keep := &prefix{limit: maxInfo}
	rec.Block = io.TeeReader(rec.Block, keep)
	problems, err := warc.Verify(rec)
	if err != nil {
		return err
	}
	problems = slices.DeleteFunc(problems, func(p warc.Problem) bool { return p.Code.OfForm() })
	if _, err := io.Copy(io.Discard, rec.Block); err != nil {
		return err
	}
	r.Size = rec.Size
	at, dateErr := rec.Date()
	r.Date = at
	wanted := r.Type == warc.TypeResponse || r.Type == warc.TypeResource || r.Type == warc.TypeRequest || r.Type == warc.TypeWarcinfo
	switch {
	case !wanted:
		return nil
	case len(problems) > 0:
		f.leave(n, r.Offset, r.URL, fmt.Sprintf("%s: %s", problems[0].Code, problems[0].Message))
		return nil
	case r.Size == 0 || dateErr != nil || r.ID == "" || len(r.URL) > maxText:
		f.leave(n, r.Offset, r.URL, "it has no bytes, time or name of its own, or too long an address")
		return nil //nolint:nilerr // it is in the list
	}
	switch r.Type {
	case warc.TypeWarcinfo:
		f.infos[r.ID] = r
		f.software(keep.b)
	case warc.TypeRequest:
		f.asked[r.ID] = r
		for _, id := range rec.Header.Values(warc.FieldConcurrentTo) {
			f.requests[warc.StripBrackets(id)] = r
		}
	default:
		if *answers++; *answers > maxAnswers {
			f.leave(n, r.Offset, r.URL, "the files have more answers than are read")
			return nil
		}
		r.with = warc.StripBrackets(rec.Header.Get(warc.FieldConcurrentTo))
		f.answer(r, rec, keep.b)
	}
	return nil
}

// answer remembers what can be a visit.
func (f *Files) answer(r *Record, rec *warc.Record, head []byte) {
	if at, ok := strings.CutPrefix(r.URL, archive.PostURI("")); ok {
		if key, ok := keyOf(at); ok && r.Type == warc.TypeResource && rec.ContentType() == archive.PostType {
			f.posts[key] = append(f.posts[key], r)
		}
		return
	}
	if r.Type == warc.TypeResponse {
		if !strings.HasPrefix(strings.ToLower(rec.ContentType()), "application/http") {
			return // dns: and the like
		}
		m, err := warc.Payload(strings.NewReader(string(head)), warc.MsgResponse)
		if err != nil || m.Status == 0 {
			f.leave(r.WARC, r.Offset, r.URL, "it is no HTTP answer")
			return
		}
		r.Status, r.Location = m.Status, m.Header.Get("Location")
		if len(r.Location) > maxText {
			r.Location = ""
		}
	}
	key, ok := keyOf(r.URL)
	if !ok {
		return
	}
	f.byKey[key] = append(f.byKey[key], r)
}

// keyOf is the normal form of a URL without its scheme, since what is the same
// page over http and https is one source.
func keyOf(raw string) (string, bool) {
	key, err := seeds.Normalize(raw)
	if err != nil {
		return "", false
	}
	_, rest, ok := strings.Cut(key, "://")
	return rest, ok
}

func (f *Files) leave(n int, offset int64, url, why string) {
	if len(f.LeftOut) == maxLeftOut {
		f.More++
		return
	}
	f.LeftOut = append(f.LeftOut, LeftOut{f.warcs[n].Name, offset, url, why})
}

// software reads that field of a warcinfo block (application/warc-fields).
func (f *Files) software(block []byte) {
	for line := range strings.Lines(string(block)) {
		name, value, ok := strings.Cut(line, ":")
		if value = strings.TrimSpace(strings.ToValidUTF8(value, "\ufffd")); ok && strings.EqualFold(strings.TrimSpace(name), "software") &&
			len(f.Software) < maxSoftware && len(value) < 1000 && !slices.Contains(f.Software, value) {
			f.Software = append(f.Software, value)
		}
	}
}

// Visit is what a file holds of one visit: the answer of a source, and what its
// redirects led to.
type Visit struct {
	Hops     []*Record // each redirected to the next
	Requests []*Record // of the hops, nil where the file has none
	Info     *Record   // the warcinfo record of the first hop; nil for none
	// Post is what an ibid says that the source's platform said then; nil for
	// none.
	Post *Record
	// Missing is where the last hop redirects to, when the files do not hold
	// that, or "".
	Missing string
}

// Visits returns what the files hold of the source with a key (see
// seeds.Normalize), the oldest first.
func (f *Files) Visits(key string) []Visit {
	_, rest, ok := strings.Cut(key, "://")
	if !ok {
		return nil
	}
	var visits []Visit
	for _, r := range f.byKey[rest] {
		v := f.follow(r)
		v.Post = postOf(f.posts[rest], &v)
		visits = append(visits, v)
	}
	return visits
}

// follow follows the redirects that stand in the files.
func (f *Files) follow(r *Record) Visit {
	v := Visit{Hops: []*Record{r}, Info: f.infos[r.info]}
	for r.Status >= 300 && r.Status < 400 && r.Location != "" {
		target, key, ok := resolve(r)
		next := nearest(f.byKey[key], r, target)
		if !ok || next == nil || len(v.Hops) == maxHops || slices.Contains(v.Hops, next) {
			v.Missing = target
			break
		}
		v.Hops = append(v.Hops, next)
		r = next
	}
	for _, h := range v.Hops {
		v.Requests = append(v.Requests, f.request(h))
	}
	return v
}

// postOf is the first post that was written after the visit, into the same file.
func postOf(list []*Record, v *Visit) *Record {
	last := v.Hops[len(v.Hops)-1]
	var best *Record
	for _, p := range list {
		if p.WARC == last.WARC && !p.Date.Before(last.Date) && p.Date.Before(last.Date.Add(oneVisit)) && (best == nil || p.Date.Before(best.Date)) {
			best = p
		}
	}
	return best
}

// request finds what an answer answers; either of the two may name the other.
func (f *Files) request(answer *Record) *Record {
	if r := f.requests[answer.ID]; r != nil {
		return r
	}
	return f.asked[answer.with]
}

func resolve(r *Record) (target, key string, ok bool) {
	base, err := url.Parse(r.URL)
	if err != nil {
		return r.Location, "", false
	}
	to, err := base.Parse(strings.TrimSpace(r.Location))
	if err != nil {
		return r.Location, "", false
	}
	to.Fragment = ""
	key, ok = keyOf(to.String())
	return to.String(), key, ok
}

// oneVisit is how long after a redirect its target may have answered to belong to
// the same visit.
const oneVisit = 10 * time.Minute

// nearest is the answer of the target that came soonest after r: with exactly its
// URL if there is one, since http may redirect to https.
func nearest(list []*Record, r *Record, target string) (best *Record) {
	for _, c := range list {
		if c == r || c.Date.Before(r.Date.Add(-time.Minute)) || c.Date.After(r.Date.Add(oneVisit)) || c.URL == r.URL && c.Status == r.Status {
			continue
		}
		exact := sameAddress(c.URL, target)
		if best == nil || exact && !sameAddress(best.URL, target) {
			best = c
		}
	}
	return best
}

// sameAddress compares URLs with an empty path as "/".
func sameAddress(a, b string) bool {
	return strings.TrimSuffix(a, "/") == strings.TrimSuffix(b, "/")
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

// prefix keeps the first bytes that are written to it.
type prefix struct {
	b     []byte
	limit int
}

func (p *prefix) Write(b []byte) (int, error) {
	p.b = append(p.b, b[:min(len(b), p.limit-len(p.b))]...)
	return len(b), nil
}
