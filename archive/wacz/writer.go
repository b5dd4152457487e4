package wacz

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ibid-archive/ibid/archive/cdxj"
)

// Config describes a package to be written. Nothing in it is read from a clock.
type Config struct {
	Software    string    // "ibid/1.2.3"; what begins with "ibid/" is validated as ours
	Title       string    // "" for none
	Description string    // Markdown, "" for none
	Created     time.Time // of the package; kept in milliseconds
	MainPageURL string    // to open first, "" for none
	MainPageTS  time.Time // of that page's capture
	Signer      Signer    // nil: the package is not signed
	TempDir     string    // for lists and indexes that outgrow memory, "" for the system's
}

// Opener opens a source from its beginning. It is called twice: a file's size
// and checksum stand before it in the package, so that readers can stream.
type Opener func() (io.ReadCloser, error)

// Bytes returns an Opener of b.
func Bytes(b []byte) Opener {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
}

// Writer writes a package from its beginning to its end. It must not be used
// concurrently. The first error is returned again by every later call.
type Writer struct {
	cfg    Config
	out    counter
	files  []written
	names  map[string]string // folded name -> name
	index  *cdxj.Sorter
	pages  pageList
	extra  pageList
	warcs  int
	err    error
	closed bool
}

type written struct {
	file
	sum [sha256.Size]byte
}

// NewWriter returns a Writer to out.
func NewWriter(out io.Writer, cfg Config) (*Writer, error) {
	if cfg.Software == "" || cfg.Created.IsZero() {
		return nil, errors.New("wacz: a package needs software and time of creation")
	}
	if cfg.MainPageURL != "" && cfg.MainPageTS.IsZero() {
		return nil, errors.New("wacz: the main page needs a time")
	}
	for _, s := range []string{cfg.Software, cfg.Title, cfg.Description, cfg.MainPageURL} {
		if !utf8.ValidString(s) {
			return nil, fmt.Errorf("wacz: %.100q is not UTF-8", s)
		}
	}
	cfg.Created = cfg.Created.UTC().Truncate(time.Millisecond)
	return &Writer{
		cfg: cfg, out: counter{w: out}, names: map[string]string{},
		index: cdxj.NewSorter(cfg.TempDir, 0),
		pages: pageList{spool: spool{dir: cfg.TempDir}},
		extra: pageList{spool: spool{dir: cfg.TempDir}},
	}, nil
}

// AddWARC adds the WARC file archive/name and indexes its records. It must be
// whole: a fault of its structure is an error. The name ends in .warc, or in
// .warc.gz when the file is compressed.
func (w *Writer) AddWARC(name string, open Opener) error {
	if strings.Contains(name, "/") || !strings.HasSuffix(name, ".warc") && !strings.HasSuffix(name, ".warc.gz") {
		return w.fail(fmt.Errorf("wacz: %q is no name for a WARC", name))
	}
	err := w.add(ArchiveDir+name, open, func(r io.Reader) error { return cdxj.Index(r, name, w.index.Add) })
	if err == nil {
		w.warcs++
	}
	return err
}

// AddFile adds a file of our own. Its name must not begin with one of the
// format's directories (WACZ 1.1.1, "Other files and directories") and be of
// ASCII letters, digits, and "._-/".
func (w *Writer) AddFile(name string, open Opener) error {
	for _, dir := range []string{ArchiveDir, IndexDir, PagesDir} {
		if strings.HasPrefix(strings.ToLower(name)+"/", dir) {
			return w.fail(fmt.Errorf("wacz: %s is kept for the format's own files: %s", dir, name))
		}
	}
	if strings.EqualFold(name, DatapackageFile) || strings.EqualFold(name, DigestFile) {
		return w.fail(fmt.Errorf("wacz: %s is written by the package itself", name))
	}
	return w.add(name, open, nil)
}

// AddPage adds a page to pages/pages.jsonl.
func (w *Writer) AddPage(p Page) error { return w.addPage(&w.pages, p) }

// AddExtraPage adds a page to pages/extraPages.jsonl, which exists only when
// this was called: pages that were not asked for, but belong to the archive.
func (w *Writer) AddExtraPage(p Page) error { return w.addPage(&w.extra, p) }

func (w *Writer) addPage(l *pageList, p Page) error {
	if err := w.usable(); err != nil {
		return err
	}
	if err := l.add(p); err != nil {
		return w.fail(fmt.Errorf("wacz: %w", err))
	}
	return nil
}

// Close writes lists, index, manifest, signature and directory, and removes
// what is temporary. It does not close the output. To give up, call
// [Writer.Abort].
func (w *Writer) Close() error {
	if err := w.usable(); err != nil {
		w.Abort()
		return err
	}
	err := w.finish()
	if err != nil {
		err = w.fail(fmt.Errorf("wacz: finish package: %w", err))
	}
	w.Abort()
	return err
}

// Abort removes what is temporary; the output is no package, unless Close has
// returned nil before.
func (w *Writer) Abort() {
	w.closed = true
	w.pages.spool.Close()
	w.extra.spool.Close()
	w.index.Close()
}

func (w *Writer) finish() error {
	if w.warcs == 0 {
		return errors.New("no WARC was added")
	}
	if err := w.add(PagesFile, w.pages.open("pages", "All Pages"), nil); err != nil {
		return err
	}
	if w.extra.count > 0 {
		if err := w.add(ExtraPagesFile, w.extra.open("extraPages", "Extra Pages"), nil); err != nil {
			return err
		}
	}
	index := spool{dir: w.cfg.TempDir}
	defer index.Close()
	if err := w.index.WriteSorted(&index); err != nil {
		return err
	}
	openIndex := func() (io.ReadCloser, error) { return io.NopCloser(index.reader()), nil }
	if err := w.add(indexFile, openIndex, nil); err != nil {
		return err
	}
	manifest, err := w.manifest()
	if err != nil {
		return err
	}
	if err := w.add(DatapackageFile, Bytes(manifest), nil); err != nil {
		return err
	}
	digest, err := w.digest(formatHash(w.files[len(w.files)-1].sum[:]))
	if err != nil {
		return err
	}
	if err := w.add(DigestFile, Bytes(digest), nil); err != nil {
		return err
	}
	return w.directory()
}

func (w *Writer) directory() error {
	start := w.out.n
	var b []byte
	for i := range w.files {
		b = appendCentral(b[:0], &w.files[i].file, w.cfg.Created)
		if err := w.write(b); err != nil {
			return err
		}
	}
	return w.write(appendEnd(b[:0], int64(len(w.files)), w.out.n-start, start))
}

// add measures the source, with scan reading it when there is one, and then
// copies it.
func (w *Writer) add(name string, open Opener, scan func(io.Reader) error) error {
	if err := w.usable(); err != nil {
		return err
	}
	if err := w.claim(name); err != nil {
		return w.fail(err)
	}
	f := written{file: file{name: name, offset: w.out.n}}
	m := newMeter()
	if err := read(open, m, scan); err != nil {
		return w.fail(fmt.Errorf("wacz: add %s: %w", name, err))
	}
	f.size, f.crc, f.sum = m.size, m.crc.Sum32(), m.sum()
	if err := w.write(appendLocal(nil, &f.file, w.cfg.Created)); err != nil {
		return w.fail(fmt.Errorf("wacz: add %s: %w", name, err))
	}
	again := newMeter()
	if err := read(open, io.MultiWriter(again, &w.out), nil); err != nil {
		return w.fail(fmt.Errorf("wacz: add %s: %w", name, err))
	}
	if again.size != m.size || again.sum() != f.sum {
		return w.fail(fmt.Errorf("wacz: add %s: it changed while it was read", name))
	}
	w.files = append(w.files, f)
	return nil
}

// read gives the whole source to to, and on the way to scan.
func read(open Opener, to io.Writer, scan func(io.Reader) error) error {
	r, err := open()
	if err != nil {
		return err
	}
	defer r.Close()
	in := io.TeeReader(r, to)
	if scan != nil {
		if err := scan(in); err != nil {
			return err
		}
	}
	_, err = io.Copy(io.Discard, in)
	return err
}

// claim takes a name that no reader can take for another file's.
func (w *Writer) claim(name string) error {
	if p := checkName(name); p != "" || strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789._-/") != "" {
		return fmt.Errorf("wacz: %q is no name for a file in a package", name)
	}
	key := fold(name)
	if other, taken := w.names[key]; taken {
		return fmt.Errorf("wacz: %s is in the package already, as %s", name, other)
	}
	w.names[key] = name
	return nil
}

// Files returns the names of the files that were added, sorted.
func (w *Writer) Files() []string {
	var names []string
	for _, f := range w.files {
		names = append(names, f.name)
	}
	slices.Sort(names)
	return names
}

func (w *Writer) usable() error {
	if w.err == nil && w.closed {
		return errors.New("wacz: the package is closed")
	}
	return w.err
}

func (w *Writer) fail(err error) error {
	if w.err == nil {
		w.err = err
	}
	return w.err
}

func (w *Writer) write(b []byte) error {
	_, err := w.out.Write(b)
	return err
}

// counter counts what the output took.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// meter measures what is written to it.
type meter struct {
	size int64
	crc  hash.Hash32
	hash hash.Hash
}

func newMeter() *meter { return &meter{crc: crc32.NewIEEE(), hash: sha256.New()} }

func (m *meter) Write(p []byte) (int, error) {
	m.size += int64(len(p))
	m.crc.Write(p)
	m.hash.Write(p)
	return len(p), nil
}

func (m *meter) sum() [sha256.Size]byte { return [sha256.Size]byte(m.hash.Sum(nil)) }
