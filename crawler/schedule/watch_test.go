package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
	"github.com/ibid-archive/ibid/archive/blob/dir"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/crawltest"
	"github.com/ibid-archive/ibid/seeds"
)

// watched is a Watch over a web on this machine. Everything is alive to its judge.
type watched struct {
	*Watch
	t     *testing.T
	dir   string // of reports
	store string
	seen  []string // URLs visited, in order
	now   time.Time
}

func newWatched(t *testing.T) *watched {
	t.Helper()
	web, err := crawltest.Start(crawltest.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { web.Close() })
	w := &watched{t: t, dir: t.TempDir(), store: filepath.Join(blobtest.MemoryDir(t), "store"), now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	store, err := dir.Open(w.store, dir.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	cat, err := catalog.Open(t.Context(), filepath.Join(blobtest.MemoryDir(t), "catalog.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cat.Close() })
	alive := func(*archive.Visit) archive.Judgement { return archive.Judgement{Verdict: archive.Alive} }
	runner := &Runner{
		Archive: archive.New(archive.Config{Store: store, Software: "ibid/test"}), Catalog: cat, MaxAge: 24 * time.Hour,
		Crawler: crawler.Config{UserAgent: "ibid-test", Judge: alive, Dial: web.DialContext, Roots: web.CAPool(), Delay: -1, SecondLook: -1, Retries: -1,
			Requisites: crawler.RequisiteLimits{Off: true}, Now: func() time.Time { return w.now },
			NameServers: func(context.Context, string) error { return errors.New("no network") }},
	}
	w.Watch = &Watch{Runner: runner, Read: w.read, Log: slog.New(slog.DiscardHandler), Done: func(r crawler.Result) {
		if r.Err != nil {
			t.Errorf("visit %s: %v", r.Job.URL, r.Err)
		}
		w.seen = append(w.seen, r.Job.URL)
	}}
	return w
}

func (w *watched) write(name string, urls ...string) {
	w.t.Helper()
	text := "As reported. [1]\n\n"
	for i, u := range urls {
		text += fmt.Sprintf("[%d] %s\n", i+1, u)
	}
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// read reads the report at a path, or those whose names match a pattern.
func (w *watched) read(_ context.Context, _ <-chan struct{}, e Entry) ([]Source, error) {
	names, err := filepath.Glob(filepath.Join(w.dir, e.Report))
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("%s: %w", e.Report, os.ErrNotExist)
	}
	if err != nil {
		return nil, err
	}
	var sources []Source
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		report, err := seeds.Read(filepath.Base(name), data)
		if err != nil {
			return nil, err
		}
		sources = append(sources, Source{Report: report, Data: data})
	}
	return sources, nil
}

// run runs the reports, each daily, and returns what was visited, sorted.
func (w *watched) run(drain chan struct{}, reports ...string) (seen []string, err error) {
	var due []Entry
	for _, r := range reports {
		due = append(due, Entry{r, spec(w.t, "@daily")})
	}
	w.seen = nil
	err = w.Run(w.t.Context(), drain, due)
	slices.Sort(w.seen) // captures become durable in any order
	return w.seen, err
}

func TestWatchReadsReportsAnew(t *testing.T) {
	w := newWatched(t)
	w.write("a.txt", "https://gazette.test/archive/17")
	w.write("b.txt", "https://gazette.test/archive/17")
	for _, step := range []struct {
		name    string
		change  func()
		want    []string
		version int // of a.txt
	}{
		{"first: one visit for both", func() {}, []string{"https://gazette.test/archive/17"}, 1},
		{"at once again: it is fresh", func() { w.now = w.now.Add(time.Hour) }, nil, 1},
		{"a new citation", func() { w.write("a.txt", "https://gazette.test/archive/17", "https://gazette.test/") }, []string{"https://gazette.test/"}, 2},
		{"the next day, an hour earlier", func() { w.now = w.now.Add(23 * time.Hour) }, []string{"https://gazette.test/", "https://gazette.test/archive/17"}, 2},
	} {
		step.change()
		got, err := w.run(nil, "a.txt", "b.txt")
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Errorf("%s: visited (-want +got):\n%s", step.name, diff)
		}
		versions, err := w.Runner.Catalog.Versions(t.Context(), "a.txt")
		if err != nil || len(versions) != step.version {
			t.Errorf("%s: %d versions, %v, want %d", step.name, len(versions), err, step.version)
		}
	}
}

func TestWatchLeavesOutWhatItCannotRead(t *testing.T) {
	w := newWatched(t)
	w.write("good.txt", "https://gazette.test/")
	w.write("report.pdf", "https://gazette.test/letters")
	got, err := w.run(nil, "missing.txt", "good.txt", "report.pdf")
	var unreadable Unreadable
	if !errors.As(err, &unreadable) {
		t.Fatalf("error %v, want Unreadable", err)
	}
	if diff := cmp.Diff([]string{"missing.txt", "report.pdf"}, unreadable.paths()); diff != "" {
		t.Errorf("unreadable (-want +got):\n%s", diff)
	}
	if !errors.Is(unreadable["missing.txt"], os.ErrNotExist) || !strings.Contains(err.Error(), "2 reports could not be read") {
		t.Errorf("missing.txt: %v; all: %v", unreadable["missing.txt"], err)
	}
	if diff := cmp.Diff([]string{"https://gazette.test/"}, got); diff != "" {
		t.Errorf("visited (-want +got):\n%s", diff)
	}
}

// A stop while a report is being fetched is no failure of the report.
func TestWatchInterruptedWhileReading(t *testing.T) {
	w := newWatched(t)
	w.write("a.txt", "https://gazette.test/")
	w.Read = func(ctx context.Context, drain <-chan struct{}, e Entry) ([]Source, error) {
		if e.Report == "b.txt" {
			return nil, fmt.Errorf("%w: %w", ErrInterrupted, context.Canceled)
		}
		return w.read(ctx, drain, e)
	}
	if got, err := w.run(nil, "a.txt", "b.txt"); len(got) != 0 || result(err) != ResultInterrupted {
		t.Errorf("visited %v, error %v", got, err)
	}
}

func TestWatchOffline(t *testing.T) {
	w := newWatched(t)
	w.Runner.Crawler.Dial = func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ENETUNREACH)}
	}
	w.write("a.txt", "https://gazette.test/")
	if _, err := w.run(nil, "a.txt"); !errors.Is(err, crawler.ErrOffline) {
		t.Errorf("error %v, want ErrOffline", err)
	}
}

func TestWatchInterrupted(t *testing.T) {
	w := newWatched(t)
	w.write("a.txt", "https://gazette.test/", "https://gazette.test/letters")
	drain := make(chan struct{})
	note := w.Done
	w.Done = func(r crawler.Result) { note(r); close(drain) }
	w.Runner.Crawler.Delay = time.Hour
	got, err := w.run(drain, "a.txt")
	if len(got) != 1 || !errors.Is(err, ErrInterrupted) || !strings.Contains(err.Error(), "1 of 2 sources are left") {
		t.Fatalf("visited %v, error %v", got, err)
	}
	w.Done, w.Runner.Crawler.Delay = note, -1
	if got, err := w.run(nil, "a.txt"); err != nil || len(got) != 1 {
		t.Errorf("afterwards: visited %v, error %v", got, err)
	}
}

func TestMaxAge(t *testing.T) {
	const day = 24 * time.Hour
	for _, test := range []struct {
		longest time.Duration
		specs   string
		want    time.Duration
	}{
		{day, "@weekly", day},
		{day, "@daily", day / 2},
		{day, "@daily|@hourly|@weekly", 30 * time.Minute},
		{day, "0 9,10 * * *", 30 * time.Minute},
		{time.Minute, "@daily", time.Minute},
		{0, "@daily", 0},
		{day, "", day},
	} {
		var due []Entry
		for text := range strings.SplitSeq(test.specs, "|") {
			e := Entry{}
			if text != "" {
				e.Schedule = spec(t, text)
			}
			due = append(due, e)
		}
		if got := MaxAge(test.longest, due, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)); got != test.want {
			t.Errorf("MaxAge(%v, %s) = %v, want %v", test.longest, test.specs, got, test.want)
		}
	}
}

func TestReachable(t *testing.T) {
	w := newWatched(t)
	if err := w.Runner.Reachable(t.Context()); err != nil {
		t.Errorf("an empty archive: %v", err)
	}
	w.write("a.txt", "https://gazette.test/")
	if _, err := w.run(nil, "a.txt"); err != nil {
		t.Fatal(err)
	}
	if err := w.Runner.Reachable(t.Context()); err != nil {
		t.Errorf("an archive: %v", err)
	}
	if err := os.Rename(w.store, w.store+".away"); err != nil {
		t.Fatal(err)
	}
	// The store holds the directory itself, wherever its name goes, so empty it.
	if err := os.RemoveAll(filepath.Join(w.store+".away", "reports")); err != nil {
		t.Fatal(err)
	}
	if err := w.Runner.Reachable(t.Context()); err == nil || !strings.Contains(err.Error(), "moved or removed") {
		t.Errorf("without its reports: %v", err)
	}
	if err := w.Runner.Catalog.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Runner.Reachable(t.Context()); err == nil {
		t.Error("without a catalog: no error")
	}
}

func TestHold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "catalog.sqlite.serve")
	lock, err := Hold(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Hold(path)
	if !errors.Is(err, ErrHeld) || !strings.Contains(err.Error(), fmt.Sprintf("process %d, since 2", os.Getpid())) {
		t.Errorf("held twice: %v", err)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	again, err := Hold(path)
	if err != nil {
		t.Fatalf("after it was released: %v", err)
	}
	if err := again.Release(); err != nil {
		t.Fatal(err)
	}
	if _, err := Hold(filepath.Join(path, "below")); err == nil {
		t.Error("below a file: no error")
	}
}

// TestUnreadable: one report is told as one.
func TestUnreadable(t *testing.T) {
	for want, u := range map[string]Unreadable{
		"one report could not be read: it is no text":           {"a.txt": errors.New("it is no text")},
		"2 reports could not be read, the first: it is no text": {"b.txt": os.ErrNotExist, "a.txt": errors.New("it is no text")},
	} {
		if got := u.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
