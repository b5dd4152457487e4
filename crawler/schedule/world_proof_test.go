package schedule_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify"
)

// fullProof has the suites go through every case instead of a share of them.
func fullProof() bool { return os.Getenv("IBID_PROOF") == "full" }

// archiving is a store that an archive with a log can be in.
type archiving interface {
	blob.Store
	blob.Cells
}

// ring keeps private keys in memory: those of one machine.
type ring struct {
	mu   sync.Mutex
	keys map[string]*log.Signer
}

func (r *ring) Load(v *log.Verifier) (*log.Signer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.keys[v.String()]; s != nil {
		return s, nil
	}
	return nil, log.ErrNoKey
}

func (r *ring) Create(origin string) (*log.Signer, error) {
	s, err := log.GenerateKey(nil, origin)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.keys == nil {
		r.keys = map[string]*log.Signer{}
	}
	r.keys[s.Verifier().String()] = s
	return s, nil
}

// copied returns the keys that there are now.
func (r *ring) copied() map[string]*log.Signer {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.keys)
}

// world is what stays when programs end: the web, the reports, the keys.
type world struct {
	t       *testing.T
	web     *piped
	keys    *ring
	sources []schedule.Source
	clock   *atomic.Int64 // microseconds
}

// newWorld has two reports that share sources.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, web: newPiped(), keys: &ring{}, clock: &atomic.Int64{}}
	t.Cleanup(w.web.close)
	w.clock.Store(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC).UnixMicro())
	pages := []string{"http://a.test/tagged/1", "http://a.test/plain/2", "http://b.test/slow/3", "http://b.test/slow/4"}
	for i, cited := range [][]string{pages[:3], pages[1:]} {
		text := fmt.Sprintf("Report %d.\n\nNotes\n", i)
		for n, u := range cited {
			text += fmt.Sprintf("[%d] %s\n", n+1, u)
		}
		r, err := seeds.Read(fmt.Sprintf("report-%d.txt", i), []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		w.sources = append(w.sources, schedule.Source{Report: r, Data: []byte(text)})
	}
	return w
}

// now is a clock on which no two moments are the same.
func (w *world) now() time.Time { return time.UnixMicro(w.clock.Add(1000)).UTC() }

// pass lets everything that was visited be due again.
func (w *world) pass() { w.clock.Add(int64(2 * time.Hour / time.Microsecond)) }

// process is one start of the program.
type process struct {
	*schedule.Runner
	w   *world
	log *log.Log
}

// start opens log and catalog and makes a Runner, as the program does.
func (w *world) start(ctx context.Context, store archiving, path string) (*process, error) {
	l, err := log.Open(ctx, log.Config{Objects: store, Cells: store, Keys: w.keys, Parallel: 1})
	if err != nil {
		return nil, err
	}
	c, err := catalog.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	return &process{w: w, log: l, Runner: &schedule.Runner{
		Archive: archive.New(archive.Config{Store: store, Log: l, Software: "ibid-test/1"}),
		Catalog: c, MaxAge: time.Hour,
		Crawler: crawler.Config{
			Workers: 1, Delay: -1, Retries: -1, SecondLook: -1, UserAgent: "ibid-test/1", Judge: verify.Judge, Dial: w.web.dial, Now: w.now,
			Requisites: crawler.RequisiteLimits{Off: true},
		},
	}}, nil
}

func (p *process) end() {
	p.w.t.Helper()
	if err := p.Catalog.Close(); err != nil {
		p.w.t.Error(err)
	}
}

// run visits what is due; kept is told of what is reported as kept.
func (p *process) run(ctx context.Context, sources []schedule.Source, kept func(*archive.Capture)) error {
	run, err := p.Visit(ctx, nil, sources, nil, func(r crawler.Result) {
		if r.Err == nil && kept != nil {
			kept(r.Capture)
		}
	})
	if err == nil && len(run.Errors) > 0 {
		err = run.Errors[0]
	}
	if err == nil && run.Left > 0 {
		err = fmt.Errorf("%d visits were left", run.Left)
	}
	return err
}

// rotate gives the log another key, as the program does.
func (p *process) rotate(ctx context.Context) error {
	key, err := p.w.keys.Create(p.log.Checkpoint().Origin)
	if err != nil {
		return err
	}
	_, err = p.log.Rotate(ctx, key, func(i log.Introduction) ([]byte, error) {
		return archive.KeyEntry(i.New.String(), p.w.now()).Encode()
	})
	return err
}

// known is what was promised about an archive, and must hold from then on.
type known struct {
	kept    []*archive.Capture // reported as kept
	witness []byte             // a checkpoint that was published
}

// audited is the oracle: the audit finds nothing, and the log extends the
// checkpoint that was published before. It returns how many objects the log
// does not have yet.
func audited(ctx context.Context, store verify.Objects, k known) (unlogged int64, err error) {
	cfg := verify.AuditConfig{Workers: 1}
	if k.witness != nil {
		cfg.Witnesses = [][]byte{k.witness}
	}
	r, err := verify.Audit(ctx, store, cfg)
	if err != nil {
		return 0, err
	}
	if r.Found != 0 {
		return 0, fmt.Errorf("the audit finds: %+v", r.Findings)
	}
	if r.Log == nil {
		return r.Objects, nil
	}
	return r.Log.Unlogged, nil
}

// entered counts how often each object is in the log, as a reader sees it.
func entered(ctx context.Context, store archiving) (map[string]int, error) {
	entries := map[string]int{}
	l, err := log.Open(ctx, log.Config{Objects: store, Cells: store})
	if errors.Is(err, log.ErrNoLog) {
		return entries, nil
	}
	if err != nil {
		return nil, err
	}
	for e, err := range archive.New(archive.Config{Store: store, Log: l}).Logged(ctx, 0) {
		if err != nil {
			return nil, err
		}
		entries[e.Object]++
	}
	return entries, nil
}

// completes starts the program anew over what a crash or a fault has left, lets
// it do all that is due, and checks everything that must then hold: the log has
// every object, once unless repeats are allowed; what was reported is there; and
// both ways to reindex give what the catalog says.
func (w *world) completes(ctx context.Context, store archiving, path string, k known, repeats bool) (err error) {
	if _, err := audited(ctx, store, k); err != nil {
		return fmt.Errorf("before the next run: %w", err)
	}
	entries, err := entered(ctx, store)
	if err != nil {
		return fmt.Errorf("before the next run: %w", err)
	}
	for _, c := range k.kept {
		if entries[c.SHA256] == 0 {
			return fmt.Errorf("%s was reported as kept before it was in the log", c.URL)
		}
	}
	p, err := w.start(ctx, store, path)
	if err != nil {
		return fmt.Errorf("start again: %w", err)
	}
	defer func() { err = errors.Join(err, p.Catalog.Close()) }()
	if err := p.run(ctx, w.sources, func(c *archive.Capture) { k.kept = append(k.kept, c) }); err != nil {
		return fmt.Errorf("the next run: %w", err)
	}
	return p.holds(ctx, store, k, repeats)
}

// holds checks what must hold after a run that was well.
func (p *process) holds(ctx context.Context, store archiving, k known, repeats bool) error {
	if n, err := audited(ctx, store, k); err != nil || n != 0 {
		return fmt.Errorf("after the next run: %d objects are not in the log, %w", n, err)
	}
	entries, err := entered(ctx, store)
	if err != nil {
		return err
	}
	for object, n := range entries {
		if n > 1 && object != "" && !repeats {
			return fmt.Errorf("%s is in the log %d times", object, n)
		}
	}
	for _, c := range k.kept {
		got, err := p.Archive.Capture(ctx, c.SHA256)
		if err != nil || got.URL != c.URL || entries[c.SHA256] == 0 {
			return fmt.Errorf("%s was reported as kept, and is %d times in the log, %w", c.URL, entries[c.SHA256], err)
		}
	}
	if err := p.citedArchived(ctx); err != nil {
		return err
	}
	runs, err := p.Catalog.Unfinished(ctx)
	if err != nil || len(runs) != 0 {
		return fmt.Errorf("unfinished runs: %v, error %w", runs, err)
	}
	return p.agrees(ctx)
}

// citedArchived checks that every source that a report cites has content.
func (p *process) citedArchived(ctx context.Context) error {
	for _, s := range p.w.sources {
		for _, seed := range s.Report.Seeds() {
			checks, err := p.Catalog.Latest(ctx, seed.Key)
			if err != nil || checks[seed.Key].Content == "" {
				return fmt.Errorf("%s is cited and not archived, error %w", seed.URL, err)
			}
		}
	}
	return nil
}

// agrees checks that reindexing, fast and thorough, gives what the catalog says.
func (p *process) agrees(ctx context.Context) error {
	live, err := dumped(ctx, p.Catalog)
	if err != nil {
		return err
	}
	for _, fromObjects := range []bool{false, true} {
		path := filepath.Join(blobtest.MemoryDir(p.w.t), "reindexed.sqlite")
		n, err := p.Reindex(ctx, path, fromObjects)
		if err != nil || len(n.Unreadable) != 0 || n.Unlogged != 0 {
			return fmt.Errorf("reindex: %+v, error %w", n, err)
		}
		c, err := catalog.Open(ctx, path)
		if err != nil {
			return err
		}
		again, err := dumped(ctx, c)
		if err := errors.Join(err, c.Close()); err != nil {
			return err
		}
		if diff := cmp.Diff(again, live); diff != "" {
			return fmt.Errorf("the catalog is not what a reindex gives (-reindex +catalog):\n%s", diff)
		}
	}
	return nil
}

func dumped(ctx context.Context, c *catalog.Catalog) (string, error) {
	var b strings.Builder
	err := c.Dump(ctx, &b)
	return b.String(), err
}

// files are the database at path and what SQLite keeps beside it, as a program
// that is killed now leaves them.
func files(t *testing.T, path string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, suffix := range []string{"", "-journal", "-wal"} {
		b, err := os.ReadFile(path + suffix)
		if err == nil {
			all[suffix] = b
		} else if !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	return all
}

func placed(t *testing.T, all map[string][]byte) (path string) {
	t.Helper()
	path = filepath.Join(blobtest.MemoryDir(t), "catalog.sqlite")
	for suffix, b := range all {
		if err := os.WriteFile(path+suffix, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// fingerprint is the same for equal states.
func fingerprint(store *blobtest.Memory, catalog map[string][]byte, kept int) [32]byte {
	h := sha256.New()
	for _, all := range []map[string][]byte{store.Bytes(), catalog} {
		var keys []string
		for key := range all {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			fmt.Fprintf(h, "%q %x\n", key, sha256.Sum256(all[key]))
		}
	}
	fmt.Fprint(h, kept)
	return [32]byte(h.Sum(nil))
}
