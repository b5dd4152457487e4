package catalog

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"testing"
	"time"
)

func TestRuns(t *testing.T) {
	ctx := context.Background()
	c := openTest(t)
	later, err := c.BeginRun(ctx, sampleTime().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	first, err := c.BeginRun(ctx, sampleTime())
	if err != nil {
		t.Fatal(err)
	}
	runs, err := c.Unfinished(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(runs) != 2 || runs[0].ID != first || runs[1].ID != later || !runs[0].StartedAt.Equal(sampleTime()) || runs[0].Process != os.Getpid() {
		t.Errorf("unfinished runs are %+v", runs)
	}
	for range 2 {
		if err := c.EndRun(ctx, first); err != nil {
			t.Fatal(err)
		}
	}
	if runs, err := c.Unfinished(ctx); err != nil || len(runs) != 1 || runs[0].ID != later {
		t.Errorf("unfinished runs are %+v, %v", runs, err)
	}
}

func TestMeta(t *testing.T) {
	ctx := context.Background()
	c := openTest(t)
	if v, ok, err := c.Meta(ctx, "tick"); v != "" || ok || err != nil {
		t.Errorf("unset: %q, %v, %v", v, ok, err)
	}
	for _, value := range []string{"one", "two", ""} {
		if err := c.SetMeta(ctx, "tick", value); err != nil {
			t.Fatal(err)
		}
		if v, ok, err := c.Meta(ctx, "tick"); v != value || !ok || err != nil {
			t.Errorf("%q, %v, %v, want %q", v, ok, err, value)
		}
	}
}

// A run is noted with a sync, and what follows without, even after a failure.
func TestBeginRunSyncs(t *testing.T) {
	c := openTest(t)
	level := func(q interface {
		QueryRowContext(context.Context, string, ...any) *sql.Row
	}) (n int) {
		if err := q.QueryRowContext(context.Background(), `PRAGMA synchronous`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	const normal, full = 1, 2
	ctx, cancel := context.WithCancel(context.Background())
	if err := c.durably(ctx, func(conn *sql.Conn) error {
		if n := level(conn); n != full {
			t.Errorf("synchronous is %d, want %d", n, full)
		}
		cancel()
		return ctx.Err()
	}); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	if n := level(c.write); n != normal {
		t.Errorf("then synchronous is %d, want %d", n, normal)
	}
}
