package verify

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"
	"sync"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/log"
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

	// Quick compares names with bytes and looks into nothing whose name is right.
	Quick bool
	// Scope is which objects are read; the zero Scope is all of them.
	Scope Scope
	// LogKeys are public keys, as vkey lines, of which one must vouch for the
	// archive's log. Without any the archive's own are believed.
	LogKeys []string
	// Witnesses are older checkpoints of the log that were kept elsewhere:
	// today's log must extend each of them.
	Witnesses [][]byte
	// StampRoots are who is trusted to vouch for time-stamps; nil takes the
	// system's roots.
	StampRoots *x509.CertPool
	// Indexed are the captures that an index of the archive has, by their
	// SHA-256 in lower-case hex; nil when there is none. The audit takes nothing
	// from it, and says where it and the archive differ.
	Indexed iter.Seq2[string, error]
	// Journal gets a line for every object that was read, for Done of a later
	// audit with the same Quick and Scope; may be nil.
	Journal io.Writer
	// Done is the journal of an audit that was interrupted. Objects in it that
	// are still of the same size and time are not read again; may be nil.
	Done io.Reader
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
//     was made for, is in the archive (missing);
//   - the log is sound: its checkpoint is signed by a key that is vouched for,
//     every entry, tile and key of it is what the checkpoint covers, it extends
//     the checkpoints that were time-stamped or kept elsewhere, and the stamps
//     hold (log, and the rules above);
//   - every object that the log names is in the archive (missing) and says what
//     the log says of it (log);
//   - every capture that an index names is in the archive (missing).
//
// A quick audit checks the first two and the log; what the second finds wrong
// it looks into as a whole audit does. References between objects are checked
// only when all of them were looked into: not by a quick one, nor with a Scope.
//
// Without a log it cannot see that a capture is missing to which nothing
// refers, and it trusts no index but the store's own listing. What is found says
// which citations it affects: as the capture record has them, or the log, or
// else as the archive's reports cite what was visited.
//
// Objects are streamed in one pass: memory does not grow with their size, only
// by some 60 bytes for each response and each revisit that refers to one, and
// 200 for each object.
//
// A fault of the archive is a Finding. The error says what could not be read;
// the report is still that of all else. Objects that are put meanwhile may or
// may not be audited.
func Audit(ctx context.Context, store Objects, cfg AuditConfig) (AuditReport, error) {
	if cfg.Workers <= 0 {
		cfg.Workers = runtime.GOMAXPROCS(0)
	}
	if cfg.MaxFindings <= 0 {
		cfg.MaxFindings = 10_000
	}
	a := &auditor{cfg: cfg, store: store, index: newIndex(), seen: map[string]bool{}, entered: map[[32]byte]bool{}, entries: map[[32]byte]entryKey{}, paths: map[string]string{}, report: AuditReport{Findings: []Finding{}, Quick: cfg.Quick, Scope: cfg.Scope}}
	err := a.run(ctx)
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	slices.SortFunc(a.report.Findings, compareFindings)
	slices.Sort(a.report.Unread)
	if err = errors.Join(append(a.errs, err)...); err != nil {
		return a.report, fmt.Errorf("audit: %w", err)
	}
	return a.report, nil
}

type auditor struct {
	cfg   AuditConfig
	store Objects
	index *index

	seen map[string]bool // keys that were listed
	log  *log.Log        // nil when there is none, or none that can be believed
	done map[string]note // by the audit that this one goes on with

	entered map[[32]byte]bool // objects that the log has

	scratches []*scratch // of the workers

	mu      sync.Mutex
	paths   map[string]string     // SHA-256 of a report -> where it was read
	entries map[[32]byte]entryKey // what the log should say of the objects that were looked into
	report  AuditReport
	errs    []error
	failed  int
	journal error // that of the last write
}

func (a *auditor) run(ctx context.Context) error {
	if a.cfg.Done != nil {
		var err error
		if a.done, err = readJournal(a.cfg.Done); err != nil {
			return err
		}
	}
	if err := a.readAll(ctx); err != nil {
		return err
	}
	if !a.cfg.Quick && a.cfg.Scope.whole() {
		// A run that goes on meanwhile may put an object where the listing has
		// passed, and another that refers to it where it has not.
		for again := 0; again < listAgain && a.index.unresolved(); again++ {
			if err := a.readAll(ctx); err != nil {
				return err
			}
		}
		if ctx.Err() == nil && a.failed == 0 {
			// With objects unread, what they hold would be called missing.
			a.index.missing(func(f Finding) { a.report.add(a.cfg.MaxFindings, f) })
		}
	}
	if err := a.auditLog(ctx); err != nil {
		return err
	}
	if err := a.auditIndex(ctx); err != nil {
		return err
	}
	if err := a.affected(ctx); err != nil {
		return err
	}
	return a.journal
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
	for i := range a.cfg.Workers {
		s := a.scratch(i)
		workers.Go(func() {
			for info := range work {
				a.object(ctx, s, info)
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

// scratch is that of the i-th worker, from one listing to the next.
func (a *auditor) scratch(i int) *scratch {
	for len(a.scratches) <= i {
		a.scratches = append(a.scratches, newScratch())
	}
	return a.scratches[i]
}

func (a *auditor) object(ctx context.Context, s *scratch, info blob.Info) {
	kind, sum, known := parseKey(info.Key)
	if !known {
		if !besides(info.Key) {
			a.finish(info, &object{findings: []Finding{{Rule: RuleStray, Key: info.Key, Message: "this is no key of an archive: captures/<aa>/<sha256>.warc.gz, reports/<aa>/<sha256>.warc.gz or decisions/<sha256>.json"}}})
		}
		return
	}
	if !a.cfg.Scope.Has(info) {
		return
	}
	if n, ok := a.done[info.Key]; ok && n.same(info) {
		a.finish(info, n.object())
		return
	}
	o := &object{key: info.Key, kind: kind, sum: sum, scratch: s}
	if err := a.read(ctx, o, info); err != nil {
		a.fail(info.Key, fmt.Errorf("read %s: %w", info.Key, err))
		return
	}
	a.finish(info, o)
}

// read reads one object. What a quick audit finds altered is read once more, to
// say what is wrong with it.
func (a *auditor) read(ctx context.Context, o *object, info blob.Info) error {
	read := func(how func(io.Reader, int64) error) error {
		rc, err := a.store.Open(ctx, info.Key, 0, -1)
		if err != nil {
			return err
		}
		return errors.Join(how(rc, info.Size), rc.Close())
	}
	if !a.cfg.Quick {
		return read(o.read)
	}
	if err := read(o.hash); err != nil || len(o.findings) == 0 {
		return err
	}
	o.findings = nil
	if err := read(o.read); err != nil {
		return err
	}
	o.records, o.facts = 0, facts{}
	return nil
}

// finish adds what one object gave and tells the progress.
func (a *auditor) finish(info blob.Info, o *object) {
	a.index.add(o)
	a.mu.Lock()
	defer a.mu.Unlock()
	if o.key != "" {
		a.report.Objects++
		if o.entry != (entryKey{}) {
			a.entries[rawSum(o.sum)] = o.entry
		}
		if o.kind == reportKind && len(o.cites) == 1 {
			a.paths[o.cites[0].Report] = o.cites[0].Path
		}
	}
	a.report.Bytes += o.size
	a.report.Records += o.records
	a.report.add(a.cfg.MaxFindings, o.findings...)
	if a.cfg.Journal != nil && o.key != "" && !o.noted && a.journal == nil {
		a.journal = writeNote(a.cfg.Journal, info, o)
	}
	if a.cfg.Progress != nil {
		a.cfg.Progress(Event{Key: info.Key, Objects: a.report.Objects, Bytes: a.report.Bytes, Found: a.report.Found})
	}
}

// fail remembers that an object could not be read; the audit goes on with the
// others, since one bad sector must not hide what is wrong elsewhere.
func (a *auditor) fail(key string, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.report.Unread) < a.cfg.MaxFindings {
		a.report.Unread = append(a.report.Unread, key)
	}
	const kept = 20
	if a.failed++; a.failed <= kept {
		a.errs = append(a.errs, err)
	} else if a.failed == kept+1 {
		a.errs = append(a.errs, errors.New("more objects could not be read"))
	}
}
