package archive_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/dir"
)

func someDecision() *archive.Decision {
	return &archive.Decision{Because: "opens <here> & now", By: "Ada\u2028", Citation: "6.1", Decision: archive.DecideAlive, Key: "https://a.example/",
		Path: "report.txt", Report: strings.Repeat("ab", 32), Time: time.Date(2026, 5, 9, 1, 2, 3, 4567, time.UTC)}
}

func TestDecision(t *testing.T) {
	ctx := context.Background()
	store, err := dir.Open(t.TempDir(), dir.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	a := archive.New(archive.Config{Store: store})
	d := someDecision()
	for range 2 { // putting it again succeeds
		if err := a.PutDecision(ctx, d); err != nil {
			t.Fatal(err)
		}
	}
	var sums []string
	for sum, err := range a.Decisions(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, sum)
	}
	if diff := cmp.Diff([]string{d.Object}, sums); diff != "" {
		t.Fatal(diff)
	}
	got, err := a.Decision(ctx, d.Object)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d, got); diff != "" {
		t.Error(diff)
	}
	if _, err := a.Decision(ctx, strings.Repeat("0", 64)); !errors.Is(err, blob.ErrNotExist) {
		t.Errorf("%v, want ErrNotExist", err)
	}
	e := archive.DecisionEntry(d)
	b, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := archive.DecodeEntry(b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(e, back); diff != "" || back.Key() != "decisions/"+d.Object+".json" {
		t.Errorf("%s: %s", back.Key(), diff)
	}
}

func TestDecisionIsComplete(t *testing.T) {
	for name, spoil := range map[string]func(*archive.Decision){
		"no reason":      func(d *archive.Decision) { d.Because = " " },
		"no name":        func(d *archive.Decision) { d.By = "" },
		"no citation":    func(d *archive.Decision) { d.Citation = "" },
		"no source":      func(d *archive.Decision) { d.Key = "" },
		"no report":      func(d *archive.Decision) { d.Report = "abc" },
		"no path":        func(d *archive.Decision) { d.Path = "" },
		"no time":        func(d *archive.Decision) { d.Time = time.Time{} },
		"other decision": func(d *archive.Decision) { d.Decision = "maybe" },
		"long reason":    func(d *archive.Decision) { d.Because = strings.Repeat("x", 5000) },
		"long name":      func(d *archive.Decision) { d.By = strings.Repeat("x", 300) },
		"long key":       func(d *archive.Decision) { d.Key = strings.Repeat("x", archive.MaxDecision) },
	} {
		d := someDecision()
		spoil(d)
		if _, err := d.Encode(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzDecodeDecision(f *testing.F) {
	d := someDecision()
	d.Version = archive.DecisionVersion
	b, err := d.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(bytes.ReplaceAll(b, []byte(":"), []byte(": ")))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := archive.DecodeDecision(b)
		if err != nil {
			return
		}
		again, err := d.Encode()
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("%q became %q, %v", b, again, err)
		}
	})
}
