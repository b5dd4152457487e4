package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/crawler/crawltest"
	"github.com/ibid-archive/ibid/seeds"
)

// programEnv makes the test binary be ibid itself, so that a test can kill it.
const programEnv = "IBID_TEST_PROGRAM"

// How often TestKill kills, unless IBID_KILLS says otherwise, and after how
// many kills it goes on with a new archive, since creating one is a moment
// like any other.
const (
	killsByDefault  = 6
	killsPerArchive = 8
)

// TestKill kills ibid at random moments while it creates an archive, keeps
// reports, archives and reindexes. After every kill the audit is clean, and
// everything that was reported as archived is found by a reindex; after the
// last one a run completes what is left, and catalog and archive agree.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	kills := number(t, "IBID_KILLS", killsByDefault)
	seed := uint64(number(t, "IBID_KILL_SEED", int(time.Now().UnixNano()>>10)))
	t.Logf("IBID_KILLS=%d IBID_KILL_SEED=%d", kills, seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	corpus := crawltest.NewCorpus(crawltest.CorpusConfig{Pages: 80, Hosts: 8, MedianBytes: 6 << 10, PDFShare: 0.1, Seed: 1})
	web, err := crawltest.Start(crawltest.Config{Corpus: corpus, NoDemo: true, NoCases: true})
	if err != nil {
		t.Fatal(err)
	}
	defer web.Close()
	var struck tally
	for kills > 0 {
		v := newVictim(t, rng, web, corpus)
		for round := 0; v.Killed < min(kills, killsPerArchive) && round < 10*killsPerArchive; round++ {
			v.round(round)
		}
		v.complete()
		struck.add(v.tally)
		if kills -= v.Killed; v.Killed == 0 || t.Failed() {
			break // what the log says is enough
		}
	}
	t.Logf("%+v", struck)
	if kills > 0 {
		t.Errorf("%d kills more were to be made", kills)
	}
	// Of a few kills all may come before the first visit is reported.
	if struck.Killed >= 50 && struck.Reported == 0 {
		t.Error("no visit was ever reported")
	}
}

func number(t *testing.T, env string, otherwise int) int {
	s := os.Getenv(env)
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("%s: %v", env, err)
	}
	return n
}

// tally counts what kills have struck.
type tally struct {
	Killed                    int // while it ran
	TooLate                   int // the program had ended before
	Reported                  int // visits that it had said to be kept
	Archive, Reports, Reindex int // of the killed

	Unlogged int // kills that left captures which the log did not have
	Pending  int // kills between the swap of the log's head and its checkpoint
}

func (t *tally) add(o tally) {
	t.Killed, t.TooLate, t.Reported = t.Killed+o.Killed, t.TooLate+o.TooLate, t.Reported+o.Reported
	t.Archive, t.Reports, t.Reindex = t.Archive+o.Archive, t.Reports+o.Reports, t.Reindex+o.Reindex
	t.Unlogged, t.Pending = t.Unlogged+o.Unlogged, t.Pending+o.Pending
}

// victim is one archive and the program that is killed over it.
type victim struct {
	t       *testing.T
	rng     *rand.Rand
	dir     string // of reports and catalogs
	archive string
	visit   []string // flags of a run
	urls    []string
	main    string   // report that cites every page
	small   []string // reports that cite one page each and change all the time
	changes int
	kept    map[string]int // by URL, how often a visit was reported as kept
	tally
}

func newVictim(t *testing.T, rng *rand.Rand, web *crawltest.Web, corpus *crawltest.Corpus) *victim {
	dir := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(dir, "config")) // where the log's key is
	v := &victim{t: t, rng: rng, dir: dir, archive: filepath.Join(dir, "archive"), urls: corpus.URLs(), main: filepath.Join(dir, "report.txt"), kept: map[string]int{}}
	v.visit = []string{"--archive", v.archive, "--delay", "0", "--workers", "8", "--per-host", "2", "--requisites=false", "--rescue", "never", "--format", "json"}
	for _, c := range web.ConnectTo() {
		v.visit = append(v.visit, "--connect-to", c)
	}
	for i := range 12 {
		v.small = append(v.small, filepath.Join(dir, fmt.Sprintf("small-%d.txt", i)))
	}
	v.change()
	return v
}

// change gives every report another text and the same citations.
func (v *victim) change() {
	v.changes++
	write := func(path string, urls ...string) {
		text := fmt.Sprintf("Version %d of a report.\n\nNotes\n", v.changes)
		for i, u := range urls {
			text += fmt.Sprintf("[%d] %s\n", i+1, u)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			v.t.Fatal(err)
		}
	}
	write(v.main, v.urls...)
	for i, path := range v.small {
		write(path, v.urls[i])
	}
}

// round lets the program begin something, kills it, and looks at what is left.
func (v *victim) round(n int) {
	v.t.Helper()
	what, args := &v.Archive, append([]string{"archive", "--max-age", []string{"0", "24h"}[v.rng.IntN(2)], v.main}, v.visit...)
	_, err := os.Stat(v.archive)
	switch kind := v.rng.IntN(6); {
	case err != nil: // there is nothing to reindex yet
	case kind == 0:
		v.change()
		what, args = &v.Reports, append(append([]string{"archive"}, v.small...), v.visit...)
	case kind == 1:
		what, args = &v.Reindex, []string{"reindex", "--archive", v.archive}
	case kind == 2:
		v.change()
	}
	// At some moment of the start, or of what comes after some visit was kept,
	// after the log was changed, or after some visits were reported.
	c := cue{delay: time.Duration(v.rng.Int64N(int64(150 * time.Millisecond)))}
	if n > 0 && what == &v.Archive {
		switch v.rng.IntN(4) {
		case 0:
			c = cue{captures: 1 + v.rng.IntN(len(v.urls)*3/4), delay: time.Duration(v.rng.Int64N(int64(5 * time.Millisecond)))}
		case 1:
			c = cue{heads: 1 + v.rng.IntN(2), delay: time.Duration(v.rng.Int64N(int64(5 * time.Millisecond)))}
		case 2:
			c = cue{lines: 1 + v.rng.IntN(len(v.urls)*3/4), delay: time.Duration(v.rng.Int64N(int64(20 * time.Millisecond)))}
		}
	}
	if v.kill(args, c) {
		v.Killed++
		*what++
		v.left()
	} else {
		v.TooLate++
	}
	if _, err := os.Stat(v.archive); err != nil {
		return // killed before there was an archive
	}
	v.sound()
	if v.rng.IntN(2) == 0 { // else the next run finds everything as the kill left it
		v.run(exitOK, "status", "--archive", v.archive)
		v.agree()
	}
}

// line is what a run prints when a visit is kept.
var line = regexp.MustCompile(`^\d+/\d+ ([a-z0-9-]+) (http\S+)$`)

// A cue is when to kill a program: some time after it began, has printed so many
// lines, has kept so many captures, or has replaced the log's head so often.
// Lines come in bursts, each time the log was brought up to date.
type cue struct {
	lines, captures, heads int
	delay                  time.Duration
}

// watch looks at the archive until the cue has come, or done is closed.
func (c cue) watch(archive string, done <-chan struct{}, strike func()) {
	look := func() (captures int, head [2]int64) {
		list, _ := filepath.Glob(filepath.Join(archive, "captures", "*", "*.warc.gz"))
		if info, err := os.Stat(filepath.Join(archive, "log", "head")); err == nil {
			head = [2]int64{info.ModTime().UnixNano(), info.Size()}
		}
		return len(list), head
	}
	before, was := look()
	for heads := 0; ; {
		captures, head := look()
		if head != was {
			was = head
			heads++
		}
		if c.captures > 0 && captures-before >= c.captures || c.heads > 0 && heads >= c.heads {
			strike()
			return
		}
		select {
		case <-done:
			return
		case <-time.After(200 * time.Microsecond):
		}
	}
}

// kill starts the program and kills it when the cue comes. It notes the visits
// that were reported as kept, and returns false when the program had ended before.
func (v *victim) kill(args []string, c cue) bool {
	v.t.Helper()
	exe, err := os.Executable()
	if err != nil {
		v.t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Env = append(os.Environ(), programEnv+"=1")
	errors, err := cmd.StderrPipe()
	if err != nil {
		v.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		v.t.Fatal(err)
	}
	strike := func() { time.AfterFunc(c.delay, func() { _ = cmd.Process.Kill() }) }
	ended := make(chan struct{})
	defer close(ended)
	switch {
	case c.captures > 0 || c.heads > 0:
		go c.watch(v.archive, ended, strike)
	case c.lines == 0:
		strike()
	}
	seen := 0
	for in := bufio.NewReader(errors); ; {
		text, err := in.ReadString('\n')
		if err != nil {
			break // a line that was cut says nothing
		}
		text = strings.TrimSuffix(text, "\n")
		if m := line.FindStringSubmatch(text); m != nil {
			v.kept[m[2]]++
			v.Reported++
			if seen++; seen == c.lines {
				strike()
			}
		} else if strings.Contains(text, "not kept") || strings.HasPrefix(text, "ibid:") {
			v.t.Errorf("ibid %s says: %s", args[0], text)
		}
	}
	err = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code > 0 {
		v.t.Errorf("ibid %s: exit code %d", args[0], code)
	}
	return err != nil
}

// run runs the program in this process and returns what it prints.
func (v *victim) run(want int, args ...string) string {
	v.t.Helper()
	var out, errors bytes.Buffer
	if code := Main(v.t.Context(), args, &out, &errors); code != want {
		v.t.Fatalf("ibid %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), code, want, out.String(), errors.String())
	}
	return out.String()
}

// sound checks that the audit finds nothing, and that a reindex finds every
// visit that was reported as kept.
func (v *victim) sound() {
	v.t.Helper()
	v.run(exitOK, "audit", "--archive", v.archive)
	c := v.reindexed()
	defer c.Close()
	for url, n := range v.kept {
		key, err := seeds.Normalize(url)
		if err != nil {
			v.t.Fatal(err)
		}
		checks, err := c.History(v.t.Context(), key, 0)
		if err != nil {
			v.t.Fatal(err)
		}
		if len(checks) < n {
			v.t.Errorf("%s: %d visits were reported as kept, the archive holds %d", url, n, len(checks))
		}
	}
}

// size finds the sizes that the log's head and checkpoint are of.
var size = regexp.MustCompile(`(?m)^(?:new )?([0-9]+)(?: |$)`)

// left counts what the kill has struck, as far as it shows.
func (v *victim) left() {
	v.t.Helper()
	var sizes [2]string
	for i, name := range []string{"head", "checkpoint"} {
		b, err := os.ReadFile(filepath.Join(v.archive, "log", name))
		if err != nil {
			return // there was no log yet
		}
		if m := size.FindSubmatch(b); m != nil {
			sizes[i] = string(m[1])
		}
	}
	if sizes[0] != sizes[1] {
		v.Pending++
	}
	var report struct{ Log struct{ Unlogged int } }
	if err := json.Unmarshal([]byte(v.run(exitOK, "audit", "--archive", v.archive, "--format", "json")), &report); err != nil {
		v.t.Fatal(err)
	}
	if report.Log.Unlogged > 0 {
		v.Unlogged++
	}
}

// reindexed builds a catalog from the archive alone.
func (v *victim) reindexed() *catalog.Catalog {
	v.t.Helper()
	f, err := os.CreateTemp(v.dir, "reindexed-*")
	if err != nil {
		v.t.Fatal(err)
	}
	_ = f.Close()
	v.run(exitOK, "reindex", "--archive", v.archive, "--catalog", "sqlite:"+f.Name())
	return v.open(f.Name())
}

func (v *victim) open(path string) *catalog.Catalog {
	v.t.Helper()
	c, err := catalog.Open(v.t.Context(), path)
	if err != nil {
		v.t.Fatal(err)
	}
	return c
}

// agree checks that the archive's own catalog says what the archive says.
func (v *victim) agree() {
	v.t.Helper()
	dump := func(c *catalog.Catalog) string {
		defer c.Close()
		var b strings.Builder
		if err := c.Dump(v.t.Context(), &b); err != nil {
			v.t.Fatal(err)
		}
		return b.String()
	}
	live := dump(v.open(filepath.Join(v.archive, "catalog.sqlite")))
	if diff := cmp.Diff(dump(v.reindexed()), live); diff != "" {
		v.t.Errorf("the catalog is not what a reindex gives (-reindex +catalog):\n%s", diff)
	}
}

// complete lets a run end and checks that nothing is left to do.
func (v *victim) complete() {
	v.t.Helper()
	v.run(exitOK, append([]string{"archive", v.main}, v.visit...)...)
	v.sound()
	v.agree()
	c := v.open(filepath.Join(v.archive, "catalog.sqlite"))
	defer c.Close()
	if runs, err := c.Unfinished(v.t.Context()); err != nil || len(runs) > 0 {
		v.t.Errorf("unfinished after a run that completed: %+v, error %v", runs, err)
	}
	checks, err := c.Latest(v.t.Context(), v.urls...)
	if err != nil {
		v.t.Fatal(err)
	}
	for _, url := range v.urls {
		if checks[url].Content == "" {
			v.t.Errorf("%s was not archived by the run that completed", url)
		}
	}
	v.run(exitOK, append([]string{"archive", "-q", v.main}, v.visit...)...)
	// Whatever dead processes had begun to write is swept away.
	err = filepath.WalkDir(filepath.Join(v.archive, "tmp"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name()[0] != '.' { // locks of the store
			v.t.Errorf("left behind: %s", path)
		}
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		v.t.Error(err)
	}
}
