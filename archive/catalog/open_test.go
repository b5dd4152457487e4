package catalog

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestOpenAgain(t *testing.T) {
	ctx := context.Background()
	for _, name := range []string{"catalog.db", "with space.db", "50%25?#[a]&mode=ro.db", "каталог.db"} {
		path := filepath.Join(t.TempDir(), name)
		var dumps []string
		for range 2 {
			c, err := Open(ctx, path)
			if err != nil {
				t.Fatal(err)
			}
			put(t, c, sampleCapture(1, 0))
			dumps = append(dumps, dump(t, c))
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(path); err != nil {
				t.Errorf("the file is elsewhere: %v", err)
			}
		}
		if dumps[0] != dumps[1] || strings.Count(dumps[1], "capture sha256=") != 1 {
			t.Errorf("%s: opening it again changed it:\n%s", name, cmp.Diff(dumps[0], dumps[1]))
		}
	}
}

func TestOpenRelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	c, err := Open(context.Background(), "c.db")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("c.db"); err != nil {
		t.Error(err)
	}
}

// execSQL runs SQL in a file as another program would.
func execSQL(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
}

// makeFile creates a catalog with one capture and closes it.
func makeFile(t *testing.T, path string) {
	t.Helper()
	c, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	put(t, c, sampleCapture(1, 0))
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		make func(t *testing.T, path string)
		is   error
		says []string
	}{
		{"a database of another program", func(t *testing.T, path string) { execSQL(t, path, `CREATE TABLE songs (name TEXT)`) }, ErrForeign, []string{"--catalog", "ibid reindex"}},
		{"an empty database of another program", func(t *testing.T, path string) { execSQL(t, path, `PRAGMA application_id = 7`) }, ErrForeign, []string{"--catalog"}},
		{"a text", func(t *testing.T, path string) { writeFile(t, path, bytes.Repeat([]byte("no database "), 1000)) }, ErrDamaged, []string{"ibid reindex"}},
		{"zeros", func(t *testing.T, path string) { writeFile(t, path, make([]byte, 8192)) }, ErrDamaged, []string{"ibid reindex"}},
		{"a lost page", func(t *testing.T, path string) {
			makeFile(t, path)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			copy(text[100:4096], bytes.Repeat([]byte{0xaa}, 4096))
			writeFile(t, path, text)
		}, ErrDamaged, []string{"ibid reindex"}},
		{"a newer schema", func(t *testing.T, path string) {
			makeFile(t, path)
			execSQL(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`)
		}, ErrNewer, []string{"schema is 99", "ibid reindex"}},
		{"a directory", func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o755); err != nil {
				t.Fatal(err)
			}
		}, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "c.db")
			tt.make(t, path)
			before, _ := os.ReadFile(path)
			c, err := Open(context.Background(), path)
			if err == nil {
				c.Close()
				t.Fatal("opened")
			}
			if tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("error is %v, want %v", err, tt.is)
			}
			for _, s := range append(tt.says, path) {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("error does not say %q: %v", s, err)
				}
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

func writeFile(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestOpenWithoutDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "missing")
	_, err := Open(context.Background(), filepath.Join(dir, "c.db"))
	if err == nil || !strings.Contains(err.Error(), "is there a directory "+dir) {
		t.Errorf("error is %v", err)
	}
}

// A process that was killed between creating the file and its tables.
func TestOpenHalfCreated(t *testing.T) {
	for _, statements := range [][]string{
		{`PRAGMA journal_mode = wal`},
		{`PRAGMA journal_mode = wal`, `PRAGMA application_id = 1768057188`},
	} {
		path := filepath.Join(t.TempDir(), "c.db")
		execSQL(t, path, statements...)
		makeFile(t, path)
	}
}

func TestOpenTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.db")
	var wg sync.WaitGroup
	for n := range 6 {
		wg.Go(func() {
			c, err := Open(context.Background(), path)
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			for v := range 5 {
				if err := c.PutCaptures(context.Background(), sampleCapture(n, v)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	c, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if s, err := c.Stats(context.Background()); err != nil || s.Captures != 30 || s.Sources != 6 {
		t.Errorf("%d captures of %d sources, %v", s.Captures, s.Sources, err)
	}
}

// One handle sees what the other commits, while it writes itself.
func TestTwoHandles(t *testing.T) {
	ctx := context.Background()
	a := openTest(t)
	b, err := Open(ctx, a.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for n := range 20 {
		put(t, a, sampleCapture(n, 0))
		put(t, b, sampleCapture(n, 0), sampleCapture(n, 1))
		got, err := a.Latest(ctx, sampleKey(n))
		if err != nil || got[sampleKey(n)].Capture != sampleCapture(n, 1).SHA256 {
			t.Fatalf("the first handle sees %q, %v", got[sampleKey(n)].Capture, err)
		}
	}
	if diff := cmp.Diff(dump(t, a), dump(t, b)); diff != "" {
		t.Error(diff)
	}
}

// The bound is far above the work that it takes (1–2 ms), and far below what would be felt.
func TestOpenIsQuick(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.db")
	makeFile(t, path)
	if cpuTime(t) == 0 {
		t.Skip("the work of a process is not measured here")
	}
	best := time.Hour
	for range 10 {
		start := cpuTime(t)
		c, err := Open(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		best = min(best, cpuTime(t)-start)
		c.Close()
	}
	if best > 20*time.Millisecond {
		t.Errorf("opening a catalog takes %v", best)
	}
}

// Who may read an archive but not write it is told what to do instead.
func TestExplainReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.db")
	makeFile(t, path)
	db, err := connect(path, url.Values{"mode": {"ro"}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = db.ExecContext(t.Context(), `PRAGMA application_id = 7`)
	if err == nil {
		t.Fatal("a read-only file was written")
	}
	if got := explain(err, path).Error(); !strings.Contains(got, "--catalog sqlite:FILE") {
		t.Errorf("%v does not say what to do", got)
	}
}
