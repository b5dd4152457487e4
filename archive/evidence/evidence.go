// Package evidence writes what an archive knows about one report as a WACZ
// package that can be checked without ibid, its catalog or its operator.
//
//	archive/<sha256>.warc.gz                 captures, what their revisits refer to, and the report
//	pages/, indexes/, datapackage*.json      as WACZ 1.1.1 has them
//	report.html                              for people
//	ibid/citations.json                      for programs: a Document
//	ibid/report/<name>                       the report's own bytes
//	ibid/log/checkpoint                      signed tree head (C2SP tlog-checkpoint)
//	ibid/log/keys/<id>                       public keys of the log, a vkey line each
//	ibid/log/introductions/<id>              how one key introduced the next
//	ibid/log/entries/<sha256>.json           the entry of archive/<sha256>.warc.gz
//	ibid/log/proofs/<sha256>.tlog-proof      that it is in the tree (C2SP tlog-proof)
//	ibid/log/timestamps/<tree>/checkpoint    a checkpoint that was stamped, as stored in the archive
//	ibid/log/timestamps/<tree>/<name>.tst    the tokens over its bytes, in the form of package timestamp
//	ibid/log/timestamps/<tree>/consistency   proof that the tree of ibid/log/checkpoint begins with the
//	                                         stamped one; left out when the checkpoints are the same
//
// What it guarantees. Every WARC in the package is the object of the archive to
// the byte, so its name is its SHA-256; an object whose bytes are not those of
// its name is a *DamagedError, and so is one that is missing. Every record that
// a revisit refers to is in the package. What [Document] says of a capture is
// read from the capture, not from an index. All proofs are under the one
// checkpoint that is in the package. Equal archives, reports and times make
// equal packages, signature included. Memory does not grow with the captures.
//
// What it does not. It judges nothing: whether a passage speaks to a claim is
// said by the function that is given. It checks neither payload digests nor
// proofs; who receives the package does. The signature shows that the package
// was written with the key that is named in it, and who holds that key must be
// known from elsewhere.
//
// The commit point is the return of Write: before, what was written is no
// package. To make it durable is up to the owner of the output.
package evidence

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/archive/wacz"
	"github.com/ibid-archive/ibid/seeds"
)

// Objects is what is asked of the archive's store.
type Objects interface {
	Open(ctx context.Context, key string, off, n int64) (io.ReadCloser, error)
}

// Index answers what reading all objects would answer, too, but slowly.
type Index interface {
	// Visits returns the visits to the source with this key, in any order.
	Visits(ctx context.Context, key string) ([]Visit, error)
	// Cited is when a version of the report that cites the key was kept first.
	Cited(ctx context.Context, key string) (time.Time, error)
	// Holder returns the SHA-256 of the capture that holds the record with this
	// WARC-Record-ID (without <>) and URL, "" when it knows of none.
	Holder(ctx context.Context, url, record string) (capture string, err error)
}

// Read reads the text of a source as the capture with this SHA-256 has it: what its
// answer holds, the answer that it refers to, or a post as its platform gave it. The
// Text has the passages that speak to each of the claims. An error that wraps
// [ErrNoText] says why there is no text to be read, one that wraps
// [archive.ErrDamaged] that what holds it is not what it was.
type Read func(ctx context.Context, capture string, claims []string) (Text, error)

// ErrNoText says that a source has no text that can be read.
var ErrNoText = errors.New("no text")

// Config says what a package is made from and how.
type Config struct {
	Objects Objects
	Archive *archive.Archive // over the same store
	Log     *log.Log         // nil when the archive has none
	Index   Index

	Choice   Choice
	Read     Read                                                       // nil: no text is read
	Page     func(w io.Writer, d *Document, report *seeds.Report) error // writes report.html
	Progress func(done, all int64)                                      // bytes of WARCs; may be nil

	Software string      // "ibid/1.2.3"
	Date     time.Time   // of the package
	Signer   wacz.Signer // nil: not signed
	TempDir  string      // "" for the system's
}

// Write writes the package about the report that is kept in the object with the
// SHA-256 object, and returns what stands in citations.json.
func Write(ctx context.Context, out io.Writer, cfg Config, object string) (*Document, error) {
	if cfg.Progress == nil {
		cfg.Progress = func(int64, int64) {}
	}
	c := &collection{Config: cfg, ctx: ctx, items: map[string]*item{}}
	if err := c.report(object); err != nil {
		return nil, err
	}
	if err := c.sources(); err != nil {
		return nil, err
	}
	proofs, err := c.proofs()
	if err != nil {
		return nil, err
	}
	main := c.mainPage()
	w, err := wacz.NewWriter(out, wacz.Config{
		Software: cfg.Software, Created: cfg.Date, Signer: cfg.Signer, TempDir: cfg.TempDir,
		Title: c.title(), Description: description, MainPageURL: main.URL, MainPageTS: main.TS,
	})
	if err != nil {
		return nil, err
	}
	defer w.Abort()
	if err := c.write(w, proofs); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return &c.doc, nil
}

const description = "A report, the sources that it cites as they were captured, and proofs of both. report.html shows it to people, ibid/citations.json to programs."
