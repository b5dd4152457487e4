package schedule_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
	"github.com/ibid-archive/ibid/archive/blob/dir"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/crawltest"
	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify"
)

// scene is a web, two reports that cite it, and an archive whose store fails
// when it is told to.
type scene struct {
	*schedule.Runner
	t       *testing.T
	web     *crawltest.Web
	urls    []string
	sources []schedule.Source
	store   *dir.Store
	faulty  *blobtest.Faulty
	path    string // of the catalog
}

func newWeb(t *testing.T, cfg crawltest.CorpusConfig) (*crawltest.Web, []string) {
	t.Helper()
	corpus := crawltest.NewCorpus(cfg)
	web, err := crawltest.Start(crawltest.Config{Corpus: corpus, NoDemo: true, NoCases: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { web.Close() })
	return web, corpus.URLs()
}

func newScene(t *testing.T, web *crawltest.Web, urls []string) *scene {
	t.Helper()
	at := blobtest.MemoryDir(t)
	s := &scene{t: t, web: web, urls: urls, path: filepath.Join(at, "catalog.sqlite")}
	var err error
	if s.store, err = dir.Open(at, dir.Config{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.store.Close() })
	s.faulty = blobtest.NewFaulty(s.store)
	s.Runner = &schedule.Runner{
		Archive: archive.New(archive.Config{Store: s.faulty, Software: "ibid-test/1", TempDir: s.store.TempDir()}),
		MaxAge:  time.Hour,
		Crawler: crawler.Config{
			Workers: 1, Delay: -1, Retries: -1, SecondLook: -1, UserAgent: "ibid-test/1", Judge: verify.Judge, Dial: web.DialContext,
			Requisites: crawler.RequisiteLimits{Off: true}, TempDir: s.store.TempDir(),
		},
	}
	s.openCatalog()
	for i, cited := range [][]string{urls, urls[:1]} {
		text := fmt.Sprintf("Report %d.\n\nNotes\n", i)
		for n, u := range cited {
			text += fmt.Sprintf("[%d] %s\n", n+1, u)
		}
		r, err := seeds.Read(fmt.Sprintf("report-%d.txt", i), []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		s.sources = append(s.sources, schedule.Source{Report: r, Data: []byte(text)})
	}
	return s
}

func (s *scene) openCatalog() {
	s.t.Helper()
	c, err := catalog.Open(s.t.Context(), s.path)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { c.Close() })
	s.Catalog = c
}

// visit makes a run and returns it, its error and what it reported as kept.
func (s *scene) visit() (run *schedule.Run, kept []crawler.Result, err error) {
	run, err = s.Visit(s.t.Context(), nil, s.sources, nil, func(r crawler.Result) {
		if r.Err == nil {
			kept = append(kept, r)
		}
	})
	return run, kept, err
}

// mustVisit makes a run that has to do all that is left.
func (s *scene) mustVisit() *schedule.Run {
	s.t.Helper()
	run, _, err := s.visit()
	if err != nil || run.Left != 0 || len(run.Errors) != 0 {
		s.t.Fatalf("a run without faults: %+v, error %v", run, err)
	}
	return run
}

// sound checks that the audit finds nothing and that the archive has what was
// reported as kept.
func (s *scene) sound(kept []crawler.Result) {
	s.t.Helper()
	s.faulty.Set()
	report, err := verify.Audit(s.t.Context(), s.store, verify.AuditConfig{})
	if err != nil || report.Found != 0 {
		s.t.Errorf("audit: %+v, error %v", report.Findings, err)
	}
	for _, r := range kept {
		if c, err := s.Archive.Capture(s.t.Context(), r.Capture.SHA256); err != nil || c.URL != r.Job.URL {
			s.t.Errorf("%s was reported as kept: %v", r.Job.URL, err)
		}
	}
}

// agree checks that the catalog says what the archive says, and that no run is
// taken for unfinished.
func (s *scene) agree() {
	s.t.Helper()
	ctx := s.t.Context()
	path := filepath.Join(blobtest.MemoryDir(s.t), "reindexed.sqlite")
	if n, err := s.Reindex(ctx, path, false); err != nil || len(n.Unreadable) != 0 {
		s.t.Fatalf("reindex: %+v, error %v", n, err)
	}
	c, err := catalog.Open(ctx, path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer c.Close()
	var want, got strings.Builder
	if err := errors.Join(c.Dump(ctx, &want), s.Catalog.Dump(ctx, &got)); err != nil {
		s.t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), got.String()); diff != "" {
		s.t.Errorf("the catalog is not what a reindex gives (-reindex +catalog):\n%s", diff)
	}
	if runs, err := s.Catalog.Unfinished(ctx); err != nil || len(runs) != 0 {
		s.t.Errorf("unfinished runs: %v, error %v", runs, err)
	}
}

// captures counts what the archive holds.
func (s *scene) captures() (n int) {
	s.t.Helper()
	for _, err := range s.Archive.List(s.t.Context(), archive.CapturePrefix) {
		if err != nil {
			s.t.Fatal(err)
		}
		n++
	}
	return n
}

// moments are all ways in which one call of a store can go wrong. When nothing
// is changed, being cut off is no more than errors in a row.
func moments(op blobtest.Op, calls int) (faults []blobtest.Fault) {
	for n := 1; n <= calls; n++ {
		for _, when := range []blobtest.Moment{blobtest.Before, blobtest.After} {
			faults = append(faults, blobtest.Fault{Op: op, N: n, When: when})
			if op == blobtest.OpPut {
				faults = append(faults, blobtest.Fault{Op: op, N: n, When: when, Cut: true})
			}
		}
	}
	return faults
}

func label(f blobtest.Fault) string {
	s := fmt.Sprintf("%s %s %d", f.When, f.Op, f.N)
	if f.Cut {
		s += " and every later call"
	}
	return s
}

// A store that fails before or after any call of a run: the run says so, does
// not report what it did not keep, and the next run completes it, without
// visiting again what was stored unnoticed.
func TestVisitFaults(t *testing.T) {
	web, urls := newWeb(t, crawltest.CorpusConfig{Pages: 3, Hosts: 2, MedianBytes: 3 << 10, Seed: 1})
	calm := newScene(t, web, urls)
	calm.faulty.Set()
	calm.mustVisit()
	var faults []blobtest.Fault
	for _, op := range []blobtest.Op{blobtest.OpPut, blobtest.OpList, blobtest.OpOpen, blobtest.OpStat} {
		faults = append(faults, moments(op, calm.faulty.Calls(op))...)
	}
	if len(faults) < 4*(2+len(urls)) {
		t.Fatalf("only %d faults", len(faults))
	}
	for _, fault := range faults {
		t.Run(label(fault), func(t *testing.T) {
			s := newScene(t, web, urls)
			s.faulty.Set(fault)
			run, kept, err := s.visit()
			if err == nil {
				if len(run.Errors) == 0 {
					t.Fatal("the fault is not told")
				}
				err = run.Errors[0]
			}
			// Of the commits on their way another may be the first to fail.
			if !errors.Is(err, blobtest.ErrFault) && !(fault.Cut && errors.Is(err, blobtest.ErrCut)) {
				t.Errorf("the error is %v", err)
			}
			s.sound(kept)
			stored := s.captures()
			lost := fault.Op == blobtest.OpPut && fault.When == blobtest.After && fault.N > len(s.sources)
			if want := len(kept); lost && stored != want+1 || !lost && stored != want {
				t.Errorf("%d captures were reported as kept, %d are stored", want, stored)
			}
			if run := s.mustVisit(); run.Fresh != stored || run.Visited != len(urls)-stored {
				t.Errorf("the next run left %d sources alone and visited %d, with %d captures stored before", run.Fresh, run.Visited, stored)
			}
			s.sound(kept)
			s.agree()
		})
	}
}

// A store that fails while the next run enters what a killed one left, or
// everything into a new catalog: then that run says so, or the one after it
// enters the rest.
func TestHealFaults(t *testing.T) {
	web, urls := newWeb(t, crawltest.CorpusConfig{Pages: 3, Hosts: 2, MedianBytes: 3 << 10, Seed: 1})
	for name, test := range map[string]struct {
		hurt func(*testing.T, *scene)
		lost int // captures that the catalog does not know
	}{
		"killed run":  {killed, len(urls) - 1},
		"new catalog": {forgotten, len(urls)},
	} {
		t.Run(name, func(t *testing.T) {
			calm := newScene(t, web, urls)
			test.hurt(t, calm)
			if n, err := calm.Heal(t.Context()); err != nil || n.Captures != test.lost {
				t.Fatalf("heal: %+v, error %v; want %d captures", n, err, test.lost)
			}
			var faults []blobtest.Fault
			for _, op := range []blobtest.Op{blobtest.OpList, blobtest.OpOpen, blobtest.OpStat} {
				if calm.faulty.Calls(op) == 0 {
					t.Errorf("healing does not %s", op)
				}
				faults = append(faults, moments(op, calm.faulty.Calls(op))...)
			}
			calm.agree()
			for _, fault := range faults {
				t.Run(label(fault), func(t *testing.T) {
					s := newScene(t, web, urls)
					test.hurt(t, s)
					s.faulty.Set(fault)
					if n, err := s.Heal(t.Context()); err == nil && len(n.Unreadable) == 0 {
						t.Errorf("the fault is not told: %+v", n)
					}
					s.faulty.Set()
					if run := s.mustVisit(); run.Visited != 0 {
						t.Errorf("%d sources were visited again", run.Visited)
					}
					s.sound(nil)
					s.agree()
				})
			}
		})
	}
}

// killed makes an archive with a capture and a report that its catalog knows
// and others that it does not, and a run that has not ended.
func killed(t *testing.T, s *scene) {
	all, healthy := s.sources, s.Catalog
	s.sources = all[1:]
	s.mustVisit()
	forgotten(t, s) // for a moment: what follows is entered elsewhere
	s.sources = all
	s.mustVisit()
	s.Catalog = healthy
	if _, err := s.Catalog.BeginRun(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	s.faulty.Set()
}

// forgotten makes an archive and gives it a new catalog.
func forgotten(t *testing.T, s *scene) {
	s.mustVisit()
	c, err := catalog.Open(t.Context(), filepath.Join(blobtest.MemoryDir(t), "new.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	s.Catalog = c
	s.faulty.Set()
}

// A reindex over a store that fails says so and leaves the old catalog.
func TestReindexFaults(t *testing.T) {
	web, urls := newWeb(t, crawltest.CorpusConfig{Pages: 2, Hosts: 2, MedianBytes: 3 << 10, Seed: 1})
	s := newScene(t, web, urls)
	s.mustVisit()
	s.faulty.Set()
	s.agree()
	for _, op := range []blobtest.Op{blobtest.OpList, blobtest.OpOpen, blobtest.OpStat} {
		for _, fault := range moments(op, s.faulty.Calls(op)) {
			s.faulty.Set(fault)
			n, err := s.Reindex(t.Context(), s.path, false)
			if err == nil && len(n.Unreadable) == 0 && n.Captures != len(urls) {
				t.Errorf("%s: %+v without an error", label(fault), n)
			}
			s.faulty.Set()
			if _, err := s.Reindex(t.Context(), s.path, false); err != nil {
				t.Errorf("%s: the next reindex: %v", label(fault), err)
			}
			s.agree()
		}
	}
}

// While a catalog is built anew another process goes on archiving.
func TestReindexWhileArchiving(t *testing.T) {
	web, urls := newWeb(t, crawltest.CorpusConfig{Pages: 4, Hosts: 2, MedianBytes: 3 << 10, Seed: 1})
	s := newScene(t, web, urls)
	all := s.sources
	s.sources = all[1:]
	s.mustVisit()
	s.sources = all
	other := newScene(t, web, urls)
	visited := false
	other.Runner = &schedule.Runner{Archive: archive.New(archive.Config{Store: listening{s.store, func() {
		if !visited {
			visited = true
			s.mustVisit()
		}
	}}})}
	n, err := other.Reindex(t.Context(), s.path, false)
	if err != nil || !visited || n.Captures != len(urls) {
		t.Errorf("reindex: %+v, error %v, visited %v; want %d captures", n, err, visited, len(urls))
	}
	s.agree()
}

// listening calls listed when a listing has come to its end.
type listening struct {
	*dir.Store
	listed func()
}

func (l listening) List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) {
		for i, err := range l.Store.List(ctx, prefix) {
			if !yield(i, err) {
				return
			}
		}
		if prefix == archive.CapturePrefix {
			l.listed()
		}
	}
}

// A catalog that is lost in the middle of a run: what is kept stays kept, and
// the error says what to do.
func TestCatalogLost(t *testing.T) {
	web, urls := newWeb(t, crawltest.CorpusConfig{Pages: 12, Hosts: 2, MedianBytes: 3 << 10, Seed: 1})
	s := newScene(t, web, urls)
	var kept []crawler.Result
	failed := 0
	run, err := s.Visit(t.Context(), nil, s.sources, nil, func(r crawler.Result) {
		if r.Err != nil {
			failed++
			return
		}
		if kept = append(kept, r); len(kept) == 5 {
			s.Catalog.Close()
		}
	})
	if err == nil || !strings.Contains(err.Error(), "reindex") {
		t.Errorf("the error does not say how to go on: %v", err)
	}
	if len(kept) < 5 || run.Visited != len(kept) || len(run.Errors) != failed || run.Left+run.Visited != run.Seeds {
		t.Errorf("%d were reported as kept and %d as not, the run says %+v", len(kept), failed, run)
	}
	s.sound(kept)
	if n := s.captures(); n != len(kept) {
		t.Errorf("%d captures are stored, %d were reported as kept", n, len(kept))
	}
	s.openCatalog()
	if run := s.mustVisit(); run.Fresh != len(kept) {
		t.Errorf("the next run left %d sources alone, want %d", run.Fresh, len(kept))
	}
	s.sound(kept)
	s.agree()
}

// Bodies that outgrow memory, and no place for them on the disk: the error
// names the place, and nothing else is kept in their stead.
func TestNoRoomForSpools(t *testing.T) {
	web, urls := newWeb(t, crawltest.CorpusConfig{Pages: 2, Hosts: 1, MedianBytes: 3 << 20, Sigma: 0.01, PDFShare: 1, Seed: 1})
	missing := filepath.Join(t.TempDir(), "missing")
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, place := range map[string]func(s *scene, dir string){
		"answers":  func(s *scene, dir string) { s.Crawler.TempDir = dir },
		"captures": func(s *scene, dir string) { s.Archive = archive.New(archive.Config{Store: s.faulty, TempDir: dir}) },
	} {
		for _, dir := range []string{missing, file} {
			t.Run(name+" in "+filepath.Base(dir), func(t *testing.T) {
				s := newScene(t, web, urls)
				good := s.Runner
				bad := *s.Runner
				s.Runner = &bad
				place(s, dir)
				run, kept, err := s.visit()
				if err != nil || len(kept) != 0 || len(run.Errors) != len(urls) {
					t.Fatalf("%d were reported as kept: %+v, error %v", len(kept), run, err)
				}
				for _, err := range run.Errors {
					if !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "http://h001.bench.test/p/") {
						t.Errorf("the error does not name the directory and the source: %v", err)
					}
				}
				s.sound(nil)
				if n := s.captures(); n != 0 {
					t.Errorf("%d captures are stored", n)
				}
				s.Runner = good
				s.mustVisit()
				s.sound(nil)
				s.agree()
				spools(t, s.store.TempDir())
			})
		}
	}
}

// spools checks that no spooled bytes are left.
func spools(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Errorf("left behind: %s", e.Name())
	}
}
