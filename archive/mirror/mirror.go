// Package mirror copies an archive from one store to another, and restores what
// is damaged in one from the other.
//
// It guarantees that nothing is put under a name that its bytes do not have: an
// object of captures/, reports/ and decisions/ is hashed before it is put, and one whose
// hash is not its name stays where it is and is a [Problem]. It guarantees an
// order: the cells of the log are read first and replaced last, and between the
// two everything else is copied, captures before tiles, so that at every moment
// a copy holds all that its own checkpoint speaks of, as far as its source does.
// A copy's cells never go backwards: a copy whose log is ahead of its source or
// another than it is an error. Nothing is deleted or replaced in either store;
// what [Repair] finds wrong is set aside under quarantine/.
//
// The commit point of each object is the Put of the store that takes it. After
// an error, a crash or a cancelled context another call goes on where this one
// was: what is there already with the same key and size is passed over.
//
// It does not interpret objects: that what was copied is a sound archive is for
// an audit to say. Copied are captures, reports, decisions, events and the log; what was set
// aside and what strangers left beside them is not. Who archives into a copy makes it an archive of its own.
package mirror

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/ibid-archive/ibid/archive/blob"
)

// Config says how to copy. The zero value is right for most.
type Config struct {
	// Workers is how many objects are copied at once; 0 for four a processor,
	// since most of the time is spent waiting for disks and networks.
	Workers int
	// Verify re-reads what is in the target already and compares it.
	Verify bool
	// DryRun changes nothing and says what would be done.
	DryRun bool
	// TempDir is where objects of more than 1 MiB wait for their hash; "" for the
	// system's. On the file system of a target directory they are linked from there.
	TempDir string
	// Progress is called after every object, never twice at once; may be nil.
	Progress func(Event)
}

func (c Config) workers() int {
	if c.Workers > 0 {
		return c.Workers
	}
	return 4 * runtime.GOMAXPROCS(0)
}

// Event says how far the work is.
type Event struct {
	Key     string // of the object just seen to
	Objects int64  // seen to so far
	Bytes   int64  // of them
	Copied  int64  // objects put so far
}

// Problem is an object that was not copied or not restored, as a value.
type Problem struct {
	Key     string `json:"key"`
	Kind    Kind   `json:"kind"`
	Message string `json:"message"` // for people
}

// Kind says where the fault lies.
type Kind string

// Kinds of problems.
const (
	SourceDamaged Kind = "source-damaged" // the bytes in the source are not those of the name
	TargetDamaged Kind = "target-damaged" // the target has other bytes under the key
	NoCopy        Kind = "no-copy"        // the other store does not have it either
)

// Report is what Copy did.
type Report struct {
	Objects  int64     `json:"objects"` // in the source
	Bytes    int64     `json:"bytes"`
	Copied   int64     `json:"copied"` // of them, now; with DryRun, that would be
	Sent     int64     `json:"sent"`   // bytes of these
	Cells    []string  `json:"cells"`  // that were brought up to date; never nil
	Problems []Problem `json:"problems"`
}

// cells are the objects of an archive that are replaced, in the order in which a
// copy gets them: a head that is ahead of its checkpoint is an append that was
// begun; the other way round there is no such state.
var cells = [...]string{headCell, checkpointCell}

const (
	headCell       = "log/head"
	checkpointCell = "log/checkpoint"
	logPrefix      = "log/"
	eventPrefix    = "events/"
)

// Store is what an archive is copied from and to.
type Store interface {
	blob.Store
	blob.Cells
}

// Copy brings the archive in to up to date with that in from. Damaged objects
// are in the report; the error says what could not be done, and then the cells
// of the target are as they were.
func Copy(ctx context.Context, to, from Store, cfg Config) (Report, error) {
	r, err := copyAll(ctx, to, from, cfg)
	slices.SortFunc(r.Problems, func(a, b Problem) int { return strings.Compare(a.Key, b.Key) })
	if err != nil {
		return r, fmt.Errorf("mirror: %w", err)
	}
	return r, nil
}

func copyAll(ctx context.Context, to, from Store, cfg Config) (Report, error) {
	c := &copier{to: to, from: from, cfg: cfg, report: Report{Cells: []string{}, Problems: []Problem{}}}
	now, err := loadLog(ctx, from)
	if err != nil {
		return c.report, err
	}
	was, err := loadLog(ctx, to)
	if err != nil {
		return c.report, fmt.Errorf("target: %w", err)
	}
	if err := follows(was, now); err != nil {
		return c.report, err
	}
	c.level = was.exists && was.size == now.size
	outside := func(key string) bool { return !strings.HasPrefix(key, logPrefix) }
	for _, wanted := range []func(string) bool{outside, func(key string) bool { return !outside(key) }} {
		if err := c.objects(ctx, wanted); err != nil {
			return c.report, err
		}
	}
	return c.report, c.cells(ctx, was, now)
}

type copier struct {
	to, from Store
	cfg      Config
	level    bool // the target's log is that of the source already

	mu     sync.Mutex
	report Report
	errs   []error
	failed int
}

// belongs reports keys of what an archive consists of and is copied as it is. Not
// what was set aside, nor what strangers left beside it.
func belongs(key string) bool {
	_, named := Named(key)
	return named || strings.HasPrefix(key, eventPrefix) || strings.HasPrefix(key, logPrefix) && !slices.Contains(cells[:], key)
}

// objects copies all objects whose key is wanted.
func (c *copier) objects(ctx context.Context, wanted func(string) bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	work := make(chan job)
	var workers sync.WaitGroup
	for range c.cfg.workers() {
		workers.Go(func() {
			for j := range work {
				c.object(ctx, j)
			}
		})
	}
	err := c.list(ctx, wanted, work)
	close(work)
	workers.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errors.Join(append(c.errs, err)...)
}

// job is one object of the source, and what the target has under its key.
type job struct {
	from blob.Info
	to   blob.Info // without a Key when there is nothing
}

// list walks both listings, which are in the same order, side by side.
func (c *copier) list(ctx context.Context, wanted func(string) bool, work chan<- job) error {
	next, stop := pull(c.to.List(ctx, listPrefix(wanted)))
	defer stop()
	have, more, err := next()
	for info, err2 := range c.from.List(ctx, listPrefix(wanted)) {
		if err2 != nil {
			return err2
		}
		if !belongs(info.Key) || !wanted(info.Key) {
			continue
		}
		for more && err == nil && have.Key < info.Key {
			have, more, err = next()
		}
		if err != nil {
			return fmt.Errorf("target: %w", err)
		}
		j := job{from: info}
		if more && have.Key == info.Key {
			j.to = have
		}
		select {
		case work <- j:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return err
}

// listPrefix narrows a listing to the log when nothing else is wanted.
func listPrefix(wanted func(string) bool) string {
	if wanted("captures/") {
		return ""
	}
	return logPrefix
}

// object copies one object unless it is there.
func (c *copier) object(ctx context.Context, j job) {
	done, problem, err := c.transfer(ctx, j)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err != nil:
		const kept = 20
		if c.failed++; c.failed <= kept {
			c.errs = append(c.errs, fmt.Errorf("copy %s: %w", j.from.Key, err))
		} else if c.failed == kept+1 {
			c.errs = append(c.errs, errors.New("more objects could not be copied"))
		}
		return
	case problem != nil:
		c.report.Problems = append(c.report.Problems, *problem)
	case done:
		c.report.Copied++
		c.report.Sent += j.from.Size
	}
	c.report.Objects++
	c.report.Bytes += j.from.Size
	if c.cfg.Progress != nil {
		c.cfg.Progress(Event{Key: j.from.Key, Objects: c.report.Objects, Bytes: c.report.Bytes, Copied: c.report.Copied})
	}
}

func (c *copier) transfer(ctx context.Context, j job) (done bool, problem *Problem, err error) {
	key := j.from.Key
	sum, named := Named(key)
	there := j.to.Key != ""
	switch {
	case there && named && j.to.Size != j.from.Size:
		return c.differ(ctx, key, sum)
	case there && named && !c.cfg.Verify:
		return false, nil, nil
	case there && named:
		got, err := hashOf(ctx, c.to, key)
		if err != nil || got == sum {
			return false, nil, err
		}
		return c.differ(ctx, key, sum)
	case there && !c.cfg.Verify && (c.level || !strings.HasPrefix(key, logPrefix)) && j.to.Size == j.from.Size:
		return false, nil, nil
	case there:
		return false, nil, c.equal(ctx, key)
	case c.cfg.DryRun:
		return true, nil, nil
	}
	o, err := fetch(ctx, c.from, key, c.cfg.TempDir)
	if errors.Is(err, blob.ErrNotExist) { // removed by hand meanwhile
		return false, nil, nil
	}
	if err != nil {
		return false, nil, err
	}
	defer o.close()
	if named && o.SHA256 != sum {
		return false, &Problem{key, SourceDamaged, fmt.Sprintf("its SHA-256 is %x; it was not copied", o.SHA256)}, nil
	}
	if err := c.to.Put(ctx, key, o.Object); errors.Is(err, blob.ErrConflict) {
		return false, &Problem{key, TargetDamaged, "the target has other bytes under this key"}, nil
	} else if err != nil {
		return false, nil, err
	}
	return true, nil, nil
}

// differ says which of two named objects that are not equal is damaged.
func (c *copier) differ(ctx context.Context, key string, sum [32]byte) (bool, *Problem, error) {
	for _, side := range []struct {
		store Store
		kind  Kind
		where string
	}{{c.to, TargetDamaged, "target"}, {c.from, SourceDamaged, "source"}} {
		got, err := hashOf(ctx, side.store, key)
		if err != nil {
			return false, nil, err
		}
		if got != sum {
			return false, &Problem{key, side.kind, fmt.Sprintf("in the %s its SHA-256 is %x", side.where, got)}, nil
		}
	}
	return false, nil, nil // it grew whole meanwhile
}

// equal compares an object whose name is no hash in both stores.
func (c *copier) equal(ctx context.Context, key string) error {
	a, err := hashOf(ctx, c.from, key)
	if err != nil {
		return err
	}
	b, err := hashOf(ctx, c.to, key)
	if err != nil {
		return err
	}
	switch {
	case a == b:
		return nil
	case strings.HasPrefix(key, logPrefix):
		return fmt.Errorf("%w: %s differs", ErrForked, key)
	}
	return fmt.Errorf("%w: source and target differ and nothing says which is right", blob.ErrConflict)
}
