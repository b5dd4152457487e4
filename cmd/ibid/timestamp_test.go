package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ibid-archive/ibid/archive/log/timestamp/tsatest"
	"github.com/ibid-archive/ibid/crawler/crawltest"
)

// TestTimestamp has an authority time-stamp the log after a run, and lets an
// audit check what it stated.
func TestTimestamp(t *testing.T) {
	web, err := crawltest.Start(crawltest.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { web.Close() })
	dir := t.TempDir()
	if err := webConfig(dir, web); err != nil {
		t.Fatal(err)
	}
	good := tsatest.Start(t, tsatest.Config{})
	in := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{"roots.pem": string(good.Roots), "report.txt": "The river rose. [1]\n\n[1] https://gazette.test/2026/dam-report\n"} {
		if err := os.WriteFile(in(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ibid := func(want int, args ...string) string {
		t.Helper()
		var out, log bytes.Buffer
		args = append(args, "--archive", in("archive"), "--keys", in("keys"), "--timestamp-roots", in("roots.pem"))
		if got := Main(t.Context(), args, &out, &log); got != want {
			t.Fatalf("ibid %q exits %d, want %d\n%s%s", args, got, want, &out, &log)
		}
		return out.String() + log.String()
	}
	visit := []string{"archive", "--config", in("ibid.yaml"), "--max-age", "0s", in("report.txt")}
	// The guard holds for authorities, too.
	if said := ibid(0, append(visit, "--timestamp", good.URL)...); !strings.Contains(said, "no time-stamp") {
		t.Errorf("an authority on loopback was asked:\n%s", said)
	}
	const dead = "http://127.0.0.1:1/"
	if said := ibid(0, append(visit, "--allow-private", "--timestamp", dead, "--timestamp", good.URL)...); !strings.Contains(said, "no time-stamp") || !strings.Contains(said, dead) {
		t.Errorf("nothing is said of the authority that does not answer:\n%s", said)
	}
	said := strings.Join(strings.Fields(ibid(0, "audit", "--no-record")), " ")
	if !strings.Contains(said, "1 time-stamp, the first of") || strings.Contains(said, "no known root") {
		t.Errorf("the audit says\n%s", said)
	}
	tokens, err := filepath.Glob(in("archive/log/timestamps/*/*.tst"))
	if err != nil || len(tokens) != 1 {
		t.Fatal(tokens, err)
	}
	flip(t.Fatal, tokens[0])
	if said := ibid(exitFindings, "audit", "--no-record"); !strings.Contains(said, "log/timestamps/") {
		t.Errorf("the audit of a damaged token says\n%s", said)
	}
}
