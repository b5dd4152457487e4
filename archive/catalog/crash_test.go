package catalog

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// crashFile names, in the process that is going to be killed, its catalog.
const crashFile = "IBID_TEST_CRASH_CATALOG"

// TestCrashVictim is the body of that process: it puts captures, says so, and
// goes on until it is killed.
func TestCrashVictim(t *testing.T) {
	path := os.Getenv(crashFile)
	if path == "" {
		return // not the process that TestKill starts
	}
	ctx := context.Background()
	c, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.BeginRun(ctx, sampleTime()); err != nil {
		t.Fatal(err)
	}
	fmt.Println("begun 0")
	for n := 0; ; n++ {
		put(t, c, sampleCapture(n, 0), sampleCapture(n, 1))
		fmt.Println("committed", n)
	}
}

// What a process has committed is there after it was killed at any moment, in
// whole transactions, and its run is known to be unfinished.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	path := filepath.Join(t.TempDir(), "c.db")
	for round, delay := range []time.Duration{0, 3 * time.Millisecond, 40 * time.Millisecond, 150 * time.Millisecond} {
		last := runVictim(t, path, delay)
		c, err := Open(context.Background(), path)
		if err != nil {
			t.Fatalf("after %v: %v", delay, err)
		}
		n := count(t, c)
		if n < 2*int64(last+1) || n%2 != 0 {
			t.Errorf("after %v: %d captures, and transaction %d was committed", delay, n, last)
		}
		var verdict string
		if err := c.write.QueryRow(`PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
			t.Errorf("after %v: integrity %q, %v", delay, verdict, err)
		}
		if runs, err := c.Unfinished(context.Background()); err != nil || len(runs) != round+1 {
			t.Errorf("after %v: %d unfinished runs, want %d, %v", delay, len(runs), round+1, err)
		}
		dump(t, c)
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
}

// runVictim starts the process, kills it some time after it has begun its run,
// and returns the last transaction that it said to be committed, or -1.
func runVictim(t *testing.T, path string, delay time.Duration) int {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestCrashVictim$")
	cmd.Env = append(os.Environ(), crashFile+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	last, begun := -1, false
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var word string
		var n string
		if _, err := fmt.Sscan(lines.Text(), &word, &n); err != nil {
			continue
		}
		switch word {
		case "begun":
			begun = true
			time.AfterFunc(delay, func() { _ = cmd.Process.Kill() })
		case "committed":
			if last, err = strconv.Atoi(n); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait() // "signal: killed"
	if !begun {
		t.Fatal("the process did not begin")
	}
	return last
}

// A process that is killed while it changes the file in place, before it has
// switched to the write-ahead log, leaves a rollback journal. Opening takes the
// change back, and refuses a foreign file as ever.
func TestOpenTakesBack(t *testing.T) {
	for name, test := range map[string]struct {
		id   int
		want error
	}{
		"half created": {applicationID, nil},
		"foreign":      {1, ErrForeign},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, dir := context.Background(), t.TempDir()
			live, dead := filepath.Join(dir, "live.db"), filepath.Join(dir, "dead.db")
			db, err := connect(live, nil, 1)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			exec := func(q interface {
				ExecContext(context.Context, string, ...any) (sql.Result, error)
			}, text string) {
				t.Helper()
				if _, err := q.ExecContext(ctx, text); err != nil {
					t.Fatal(err)
				}
			}
			exec(db, fmt.Sprintf(`PRAGMA application_id = %d`, test.id))
			exec(db, `PRAGMA cache_size = 1`) // pages go to the file before the end of the transaction
			tx, err := db.BeginTx(ctx, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback()
			exec(tx, `PRAGMA application_id = 7`)
			exec(tx, `CREATE TABLE half AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999) SELECT i, randomblob(999) FROM n`)
			for _, suffix := range []string{"", "-journal"} {
				b, err := os.ReadFile(live + suffix)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(dead+suffix, b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			c, err := Open(ctx, dead)
			if !errors.Is(err, test.want) {
				t.Fatalf("open: %v, want %v", err, test.want)
			}
			if err == nil {
				dump(t, c)
				if err := c.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
