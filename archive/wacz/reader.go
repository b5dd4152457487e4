package wacz

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/ibid-archive/ibid/archive/cdxj"
	"github.com/ibid-archive/ibid/archive/warc"
)

// ErrInvalid is returned, wrapped, for a package whose structure or manifest is
// at fault; [Validate] says more.
var ErrInvalid = errors.New("wacz: not a valid package")

// Reader reads from a package whose structure is sound. It is safe for
// concurrent use if the io.ReaderAt under it is.
type Reader struct {
	r    io.ReaderAt
	lim  Limits
	dir  *directory
	info Info
	sha  string
}

// NewReader returns a Reader of the package of size bytes in r. It checks the
// structure of the zip file and the form of the manifest, and reads no other
// file: whoever needs their hashes checked calls [Validate] before.
func NewReader(r io.ReaderAt, size int64, lim Limits) (*Reader, error) {
	v := &validator{r: r, opts: Options{Limits: lim.withDefaults()}, sums: map[string]string{}, sum: &Summary{}}
	v.ps.step = StepStructure
	dir, err := readDirectory(r, size, v.opts.Limits, &v.ps)
	if err == nil && dir != nil && !v.ps.failed[StepStructure] {
		v.dir = dir
		err = v.readManifest()
	}
	if err != nil {
		return nil, fmt.Errorf("open wacz: %w", err)
	}
	for _, p := range v.ps.list {
		if !p.Note {
			return nil, fmt.Errorf("open wacz: %w: %s", ErrInvalid, p)
		}
	}
	return &Reader{r: r, lim: v.opts.Limits, dir: dir, info: *v.info, sha: v.sum.SHA256}, nil
}

// Info returns what the manifest says.
func (r *Reader) Info() Info { return r.info }

// SHA256 is that of the manifest, in lower-case hex.
func (r *Reader) SHA256() string { return r.sha }

// Files returns the names of all files, sorted.
func (r *Reader) Files() []string { return r.names(func(string) bool { return true }) }

// WARCs returns the names of the WARC files, with their directory, sorted.
func (r *Reader) WARCs() []string { return r.names(isWARC) }

func (r *Reader) names(want func(string) bool) []string {
	var names []string
	for _, e := range r.dir.entries {
		if !e.isDir() && want(e.name) {
			names = append(names, e.name)
		}
	}
	slices.Sort(names)
	return names
}

// Size returns the size in bytes of a file, inflated.
func (r *Reader) Size(name string) (int64, error) {
	e, err := r.find(name)
	if err != nil {
		return 0, err
	}
	return e.size, nil
}

func (r *Reader) find(name string) (*entry, error) {
	e := r.dir.byName[name]
	if e == nil || e.isDir() {
		return nil, fmt.Errorf("%w: %q", ErrNotFound, name)
	}
	return e, nil
}

// Open returns the bytes of a file. Where they end, they are held to the size
// and checksum of the zip directory, and to the SHA-256 of the manifest: the
// last Read fails when they are not those.
func (r *Reader) Open(name string) (io.ReadCloser, error) {
	e, err := r.find(name)
	if err != nil {
		return nil, err
	}
	want := r.sha
	for _, res := range r.info.Resources {
		if res.Path == name {
			want = res.SHA256
		}
	}
	if name == DigestFile {
		want = ""
	}
	h := &hashedBody{in: e.open(r.r), name: name, want: want, hash: sha256.New()}
	if strings.Contains(r.info.Software, doublingSoftware) {
		h.twice = newDoubled()
	}
	return h, nil
}

type hashedBody struct {
	in    *body
	name  string
	want  string // "" for what has no hash
	hash  hash.Hash
	twice *doubled // nil but for packages whose hashes may be such
}

func (h *hashedBody) Read(p []byte) (int, error) {
	n, err := h.in.Read(p)
	h.hash.Write(p[:n])
	if h.twice != nil {
		_, _ = h.twice.Write(p[:n]) // never fails
	}
	var damage *errBody
	if errors.As(err, &damage) {
		return n, fmt.Errorf("read %s: %w: %s", h.name, ErrInvalid, damage.text)
	}
	if err == io.EOF && !h.matches() {
		return n, fmt.Errorf("read %s: %w: it is not the file that the manifest describes", h.name, ErrInvalid)
	}
	return n, err
}

func (h *hashedBody) matches() bool {
	return h.want == "" || hex.EncodeToString(h.hash.Sum(nil)) == h.want || h.twice != nil && h.twice.sum() == h.want
}

func (h *hashedBody) Close() error { return nil }

// Pages yields the pages of pages/pages.jsonl and, behind them, of the other
// lists. A line that is no page ends it with an error.
func (r *Reader) Pages() iter.Seq2[Page, error] {
	lists := r.names(func(n string) bool { return strings.HasPrefix(n, PagesDir) && strings.HasSuffix(n, ".jsonl") })
	slices.SortStableFunc(lists, func(a, b string) int {
		switch {
		case a == PagesFile && b != PagesFile:
			return -1
		case b == PagesFile && a != PagesFile:
			return 1
		}
		return 0
	})
	return func(yield func(Page, error) bool) {
		for _, name := range lists {
			in, err := r.Open(name)
			if err != nil {
				yield(Page{}, err)
				return
			}
			pages := newPageReader(in)
			for {
				p, err := pages.next()
				if err == io.EOF {
					break
				}
				if !yield(p, err) || err != nil {
					return
				}
			}
		}
	}
}

// Lookup returns the line about exactly this URL whose time is nearest to at,
// of all indexes, and whether there is one. It reads the indexes whole.
func (r *Reader) Lookup(url string, at time.Time) (best cdxj.Line, found bool, err error) {
	for _, name := range r.names(isIndex) {
		in, err := r.Open(name)
		if err != nil {
			return best, false, err
		}
		var text io.Reader = in
		if strings.HasSuffix(name, ".gz") {
			z, err := gzip.NewReader(in)
			if err != nil {
				return best, false, fmt.Errorf("open %s: %w: %w", name, ErrInvalid, err)
			}
			text = &bounded{z, max(smallFile, r.dir.byName[name].size*r.lim.Ratio)}
		}
		l, ok, err := cdxj.Nearest(text, url, at)
		if err != nil {
			return best, false, fmt.Errorf("look up in %s: %w", name, err)
		}
		if ok && (!found || l.Time.Sub(at).Abs() < best.Time.Sub(at).Abs()) {
			best, found = l, true
		}
	}
	return best, found, nil
}

// Record returns the record that a line of the index points to, after it has
// been compared with the line's URL. Its block has not been read.
func (r *Reader) Record(l cdxj.Line) (*warc.Record, error) {
	name := ArchiveDir + strings.TrimPrefix(l.Filename, ArchiveDir)
	e, err := r.find(name)
	if err != nil {
		return nil, err
	}
	if l.Offset < 0 || l.Length <= 0 || l.Offset > e.size-l.Length || e.method != methodStored {
		return nil, fmt.Errorf("%s: %w: no record of %d bytes at %d", name, ErrInvalid, l.Length, l.Offset)
	}
	rd, err := warc.NewReader(io.NewSectionReader(r.r, e.data+l.Offset, l.Length))
	if err != nil {
		return nil, fmt.Errorf("%s at %d: %w", name, l.Offset, err)
	}
	rec, err := rd.Next()
	if err != nil {
		return nil, fmt.Errorf("%s at %d: %w", name, l.Offset, err)
	}
	if rec.TargetURI() != l.URL {
		return nil, fmt.Errorf("%s at %d: %w: the record is about %.200q", name, l.Offset, ErrInvalid, rec.TargetURI())
	}
	return rec, nil
}
