package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/ibid-archive/ibid/archive/blob"
)

// Objects is what an audit needs of a blob.Store: an audit cannot write.
type Objects interface {
	Open(ctx context.Context, key string, off, n int64) (io.ReadCloser, error)
	List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error]
}

// AuditConfig says how an audit is made. The zero value is right for most.
type AuditConfig struct {
	Workers     int         // objects read at once; 0 for one a processor
	MaxFindings int         // findings kept, the rest is counted; 0 for 10,000
	Progress    func(Event) // called after every object, never twice at once; may be nil
}

// Event says how far an audit is.
type Event struct {
	Key     string // of the object just read
	Objects int64  // read so far
	Bytes   int64
	Found   int64
}

// Audit lists the whole store and re-reads every object. It checks that
//
//   - every key is one that an archive has (stray);
//   - the SHA-256 of every file is its name (altered);
//   - every file is a sound WARC to its last byte (structure, truncated);
//   - every record's block and payload match their digests (digest);
//   - a capture ends in a capture record and a report in a report record that
//     can be read and speak of records in the file (structure);
//   - every record that a revisit refers to, and every report that a capture
//     was made for, is in the archive (missing).
//
// It cannot see that a capture is missing to which nothing refers, and it
// trusts no index but the store's own listing.
//
// Objects are streamed: memory does not grow with their size, only by some 60
// bytes for each response and each revisit that refers to one, and 200 for each
// object.
//
// A fault of the archive is a Finding. The error says what could not be read;
// the report is still that of all else. Objects that are put meanwhile may or
// may not be audited.
func Audit(ctx context.Context, store Objects, cfg AuditConfig) (AuditReport, error) {
	a := &auditor{cfg: cfg, store: store, index: newIndex(), seen: map[string]bool{}, report: AuditReport{Findings: []Finding{}}}
	if a.cfg.Workers <= 0 {
		a.cfg.Workers = runtime.GOMAXPROCS(0)
	}
	if a.cfg.MaxFindings <= 0 {
		a.cfg.MaxFindings = 10_000
	}
	err := a.readAll(ctx)
	// A run that goes on meanwhile may put an object where the listing has
	// passed, and another that refers to it where it has not.
	for again := 0; err == nil && again < listAgain && a.index.unresolved(); again++ {
		err = a.readAll(ctx)
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	if err == nil && a.failed == 0 {
		// With objects unread, what they hold would be called missing.
		a.index.missing(func(f Finding) { a.report.add(a.cfg.MaxFindings, f) })
	}
	slices.SortFunc(a.report.Findings, compareFindings)
	if err = errors.Join(append(a.errs, err)...); err != nil {
		return a.report, fmt.Errorf("audit: %w", err)
	}
	return a.report, nil
}

type auditor struct {
	cfg   AuditConfig
	store Objects
	index *index

	seen map[string]bool // keys that were given to a worker

	mu     sync.Mutex
	report AuditReport
	errs   []error
	failed int
}

// listAgain is how often the store is listed again for what references miss.
const listAgain = 3

// readAll gives every listed object that was not read yet to a worker.
func (a *auditor) readAll(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	work := make(chan blob.Info)
	var workers sync.WaitGroup
	defer workers.Wait()
	defer close(work)
	for range a.cfg.Workers {
		workers.Go(func() {
			for info := range work {
				a.object(ctx, info)
			}
		})
	}
	for info, err := range a.store.List(ctx, "") {
		if err != nil {
			return err
		}
		if a.seen[info.Key] {
			continue
		}
		a.seen[info.Key] = true
		select {
		case work <- info:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (a *auditor) object(ctx context.Context, info blob.Info) {
	kind, sum, known := parseKey(info.Key)
	if !known {
		if !besides(info.Key) {
			a.done(Event{Key: info.Key}, 0, []Finding{{Rule: RuleStray, Key: info.Key, Message: "this is no key of an archive: captures/<aa>/<sha256>.warc.gz or reports/<aa>/<sha256>.warc.gz"}})
		}
		return
	}
	o := &object{key: info.Key, kind: kind, sum: sum, index: a.index}
	rc, err := a.store.Open(ctx, info.Key, 0, -1)
	if err == nil {
		err = errors.Join(o.read(rc, info.Size), rc.Close())
	}
	if err != nil {
		a.fail(fmt.Errorf("read %s: %w", info.Key, err))
		return
	}
	a.done(Event{Key: info.Key, Objects: 1, Bytes: o.size}, o.records, o.findings)
}

// done adds what one object gave and tells the progress.
func (a *auditor) done(e Event, records int64, findings []Finding) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.report.Objects += e.Objects
	a.report.Bytes += e.Bytes
	a.report.Records += records
	a.report.add(a.cfg.MaxFindings, findings...)
	if a.cfg.Progress != nil {
		a.cfg.Progress(Event{Key: e.Key, Objects: a.report.Objects, Bytes: a.report.Bytes, Found: a.report.Found})
	}
}

// fail remembers that an object could not be read; the audit goes on with the
// others, since one bad sector must not hide what is wrong elsewhere.
func (a *auditor) fail(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	const kept = 20
	if a.failed++; a.failed <= kept {
		a.errs = append(a.errs, err)
	} else if a.failed == kept+1 {
		a.errs = append(a.errs, errors.New("more objects could not be read"))
	}
}

// kind is what an object is, by the first part of its key.
type kind string

const (
	captureKind kind = "captures"
	reportKind  kind = "reports"
)

// parseKey reads <kind>/<aa>/<sha256>.warc.gz. The form is spelled out here
// again, so that a mistake of the writer is not also the auditor's.
func parseKey(key string) (k kind, sum string, ok bool) {
	parts := strings.Split(key, "/")
	if len(parts) != 3 || parts[0] != string(captureKind) && parts[0] != string(reportKind) {
		return "", "", false
	}
	sum, ok = strings.CutSuffix(parts[2], ".warc.gz")
	if !ok || len(sum) != 64 || strings.Trim(sum, "0123456789abcdef") != "" || parts[1] != sum[:2] {
		return "", "", false
	}
	return kind(parts[0]), sum, true
}

// besides reports keys that are not the archive's but may stand beside it: the
// catalog, which lives in the same directory by default, and what stores keep
// for themselves.
func besides(key string) bool {
	for _, prefix := range []string{"catalog.", "log/", "probe/", "tmp/"} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}
