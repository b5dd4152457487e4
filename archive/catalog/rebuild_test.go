package catalog

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// noLeftovers fails when a rebuild has left files behind.
func noLeftovers(t *testing.T, path string) {
	t.Helper()
	names, err := filepath.Glob(path + ".new*")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) > 0 {
		t.Errorf("left behind: %v", names)
	}
}

func fillSample(t *testing.T) func(*Catalog) error {
	return func(c *Catalog) error {
		put(t, c, sampleCapture(5, 0), sampleCapture(6, 0), revisit(sampleCapture(6, 0), 1, 200))
		putReports(t, c, sampleReport("one", "r.txt", 0), sampleReport("two", "r.txt", 1))
		return nil
	}
}

func TestRebuild(t *testing.T) {
	ctx := context.Background()
	want := openTest(t)
	if err := fillSample(t)(want); err != nil {
		t.Fatal(err)
	}

	live := openTest(t) // stays open all the time, as in another process
	put(t, live, sampleCapture(1, 0), sampleCapture(5, 0))
	putReports(t, live, sampleReport("stale", "r.txt", 9))
	if err := live.SetMeta(ctx, "tick", "kept"); err != nil {
		t.Fatal(err)
	}
	run, err := live.BeginRun(ctx, sampleTime())
	if err != nil {
		t.Fatal(err)
	}
	err = Rebuild(ctx, live.Path(), func(c *Catalog) error {
		if ok, err := live.HasCapture(ctx, sampleCapture(1, 0).SHA256); !ok || err != nil {
			t.Errorf("the old content is gone before the new one is complete: %v, %v", ok, err)
		}
		return fillSample(t)(c)
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(dump(t, want), dump(t, live)); diff != "" {
		t.Errorf("rebuilt catalog (-want +got):\n%s", diff)
	}
	if v, _, err := live.Meta(ctx, "tick"); v != "kept" || err != nil {
		t.Errorf("meta value is %q, %v", v, err)
	}
	if runs, err := live.Unfinished(ctx); err != nil || len(runs) != 1 || runs[0].ID != run {
		t.Errorf("runs are %v, %v", runs, err)
	}
	put(t, live, sampleCapture(7, 0))
	noLeftovers(t, live.Path())
}

func TestRebuildCreates(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.db")
	if err := Rebuild(context.Background(), path, fillSample(t)); err != nil {
		t.Fatal(err)
	}
	c, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if n := count(t, c); n != 3 {
		t.Errorf("%d captures, want 3", n)
	}
}

// pageOf is the number of the first page of a table or index.
func pageOf(t *testing.T, c *Catalog, name string) (page int) {
	t.Helper()
	if err := c.read.QueryRow(`SELECT rootpage FROM sqlite_master WHERE name = $1`, name).Scan(&page); err != nil {
		t.Fatal(err)
	}
	return page
}

// spoilPages overwrites one page, or with 0 every page but the first.
func spoilPages(t *testing.T, path string, page int) {
	t.Helper()
	const size = 4096
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	from, to := size, len(text)
	if page > 0 {
		from, to = (page-1)*size, page*size
	}
	for i := from; i < to; i++ {
		text[i] ^= 0x5a
	}
	writeFile(t, path, text)
}

func TestRebuildOfDamaged(t *testing.T) {
	for _, tt := range []struct {
		name   string
		damage func(*testing.T, string)
	}{
		{"no database", func(t *testing.T, path string) {
			writeFile(t, path, bytes.Repeat([]byte("x"), 9999))
			writeFile(t, path+"-wal", []byte("rest of a log"))
		}},
		{"damage that shows at once", func(t *testing.T, path string) { makeFile(t, path); spoilPages(t, path, 0) }},
		{"damage that shows later", func(t *testing.T, path string) {
			c, err := Open(context.Background(), path)
			if err != nil {
				t.Fatal(err)
			}
			// Enough for pages that only a look at every row comes by.
			for n := range 200 {
				put(t, c, sampleCapture(n, 0))
			}
			root := pageOf(t, c, "captures_key")
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			spoilPages(t, path, root)
			if c, err = Open(context.Background(), path); err != nil {
				t.Fatalf("shows at once: %v", err)
			}
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "c.db")
			tt.damage(t, path)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := Rebuild(context.Background(), path, fillSample(t)); err != nil {
				t.Fatal(err)
			}
			c, err := Open(context.Background(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if n := count(t, c); n != 3 {
				t.Errorf("%d captures, want 3", n)
			}
			if kept, err := os.ReadFile(path + ".damaged"); err != nil || len(kept) != len(before) {
				t.Errorf("the damaged file was not kept: %d bytes, %v", len(kept), err)
			}
			noLeftovers(t, path)
		})
	}
}

func TestRebuildOfDamagedThatFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.db")
	writeFile(t, path, []byte("no database"))
	stop := errors.New("the archive cannot be read")
	if err := Rebuild(context.Background(), path, func(*Catalog) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("error is %v", err)
	}
	if text, err := os.ReadFile(path); string(text) != "no database" {
		t.Errorf("the damaged file is not where it was: %v", err)
	}
	noLeftovers(t, path)
}

func TestRebuildThatFails(t *testing.T) {
	c := openTest(t)
	put(t, c, sampleCapture(1, 0))
	before := dump(t, c)
	stop := errors.New("the archive cannot be read")
	err := Rebuild(context.Background(), c.Path(), func(next *Catalog) error {
		put(t, next, sampleCapture(2, 0))
		return stop
	})
	if !errors.Is(err, stop) || !strings.Contains(err.Error(), c.Path()) {
		t.Errorf("error is %v", err)
	}
	if diff := cmp.Diff(before, dump(t, c)); diff != "" {
		t.Errorf("the catalog changed:\n%s", diff)
	}
	noLeftovers(t, c.Path())
}

func TestRebuildLeavesForeignFilesAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.db")
	execSQL(t, path, `CREATE TABLE songs (name TEXT)`)
	err := Rebuild(context.Background(), path, func(*Catalog) error {
		t.Error("fill was called")
		return nil
	})
	if !errors.Is(err, ErrForeign) {
		t.Errorf("error is %v", err)
	}
}

func TestRebuildRemovesWhatWasAbandoned(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.db")
	old, recent := path+".new-1", path+".new-2"
	for _, name := range []string{old, recent} {
		writeFile(t, name, nil)
	}
	if err := os.Chtimes(old, time.Time{}, time.Now().Add(-2*abandoned)); err != nil {
		t.Fatal(err)
	}
	if err := Rebuild(context.Background(), path, fillSample(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what was abandoned is still there: %v", err)
	}
	if _, err := os.Stat(recent); err != nil {
		t.Errorf("what another process is at work on is gone: %v", err)
	}
}
