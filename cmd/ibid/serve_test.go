package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/crawler/crawltest"
	"github.com/ibid-archive/ibid/crawler/schedule"
)

// program is a running program.
type program struct {
	t      *testing.T
	cmd    *exec.Cmd
	ended  chan struct{} // closed when it has exited; then code is set
	code   int
	listen chan string // gets the address of /healthz and /metrics

	mu  sync.Mutex
	log bytes.Buffer
}

var listening = regexp.MustCompile(`answering /healthz and /metrics.*listen=(\S+)`)

func startProgram(t *testing.T, args ...string) *program {
	t.Helper()
	p := &program{t: t, cmd: exec.Command(os.Args[0], args...), ended: make(chan struct{}), listen: make(chan string, 1)}
	p.cmd.Env = append(os.Environ(), programEnv+"=1")
	out, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			p.mu.Lock()
			p.log.WriteString(lines.Text() + "\n")
			p.mu.Unlock()
			if m := listening.FindStringSubmatch(lines.Text()); m != nil {
				p.listen <- m[1]
			}
		}
		err := p.cmd.Wait()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Errorf("wait: %v", err)
		}
		p.code = p.cmd.ProcessState.ExitCode()
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.ended
		if t.Failed() {
			t.Logf("ibid %s\n%s", strings.Join(args, " "), p.said())
		}
	})
	return p
}

func (p *program) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

const patience = 30 * time.Second

// exit waits until the program ends and returns its exit code.
func (p *program) exit() int {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.t.Fatal("it does not end")
	}
	return p.code
}

func (p *program) terminate() int {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	return p.exit()
}

func (p *program) address() string {
	p.t.Helper()
	select {
	case addr := <-p.listen:
		return addr
	case <-p.ended:
		p.t.Fatal("it ended early")
	case <-time.After(patience):
		p.t.Fatal("it does not listen")
	}
	return ""
}

func fetch(t *testing.T, url string) (int, string) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// until asks again and again for a short while.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// serveConfig writes a configuration for a web on this machine, and reports
// that cite the URLs, each its own.
func serveConfig(t *testing.T, reports map[string][]string, settings map[string]any) (dir string) {
	t.Helper()
	web, err := crawltest.Start(crawltest.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { web.Close() })
	dir = t.TempDir()
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg := map[string]any{"archive": "store", "ca_file": "ca.pem", "connect_to": web.ConnectTo(), "listen": "127.0.0.1:0", "delay": "0s", "second_look": "0s", "rescue": "never"}
	var entries []map[string]string
	for name, urls := range reports {
		entries = append(entries, map[string]string{"path": name, "schedule": "@every 24h"})
		if urls == nil {
			continue
		}
		var text strings.Builder
		for i := range urls {
			fmt.Fprintf(&text, "The river rose in the night of the %d. [%d] ", i+1, i+1)
		}
		text.WriteString("\n\n")
		for i, u := range urls {
			fmt.Fprintf(&text, "[%d] %s\n", i+1, u)
		}
		write(name, []byte(text.String()))
	}
	cfg["reports"], cfg["keys"] = entries, "keys"
	for k, v := range settings {
		cfg[k] = v
	}
	data, err := yaml.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	write("ca.pem", web.CACertPEM())
	write("ibid.yaml", data)
	return dir
}

// run runs the program in this process.
func run(args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = Main(context.Background(), args, &out, &err)
	return code, out.String(), err.String()
}

func TestServe(t *testing.T) {
	t.Parallel()
	dir := serveConfig(t, map[string][]string{
		"dam.txt":     {"https://gazette.test/2026/dam-report", "https://old.gazette.test/story/17", "https://ministry.test/notice/9"},
		"river.txt":   {"https://gazette.test/2026/dam-report", "https://ministry.test/files/annual.pdf"},
		"missing.txt": nil,
	}, nil)
	config, store := filepath.Join(dir, "ibid.yaml"), filepath.Join(dir, "store")
	p := startProgram(t, "serve", "--config", config)
	addr := p.address()

	// Reports that were never done begin at once.
	var health healthJSON
	until(t, "a first run", func() bool {
		code, body := fetch(t, "http://"+addr+"/healthz")
		health = healthJSON{}
		if err := json.Unmarshal([]byte(body), &health); err != nil || code != http.StatusOK {
			t.Fatalf("/healthz: %d %s %v", code, body, err)
		}
		return health.LastRun != nil
	})
	if health.Status != "ok" || health.Storage != "ok" || health.LastRun.Result != "partial" || health.LastRun.Reports != 3 || health.NextTick == nil {
		t.Errorf("/healthz: %+v %+v", health, health.LastRun)
	}
	if why := health.Failing["missing.txt"]; len(health.Failing) != 1 || !strings.Contains(why, "missing.txt") {
		t.Errorf("failing: %v", health.Failing)
	}
	_, counts := fetch(t, "http://"+addr+"/metrics")
	for _, want := range []string{
		`ibid_visits_total{verdict="alive"} 2`, `ibid_visits_total{verdict="moved"} 1`, `ibid_visits_total{verdict="gone"} 1`, // one visit for two reports
		`ibid_visits_total{verdict="not-kept"} 0`, `ibid_runs_total{result="partial"} 1`, `ibid_runs_total{result="failed"} 0`,
		`ibid_run_duration_seconds_count 1`, `ibid_unreadable_reports_total 1`,
		`ibid_citations{verdict="alive"} 3`, `ibid_citations{verdict="moved"} 1`, `ibid_citations{verdict="gone"} 1`, `ibid_citations{verdict="unvisited"} 0`,
		`ibid_exchanges_total{class="2xx"}`, `go_goroutines `,
	} {
		if !strings.Contains(counts, "\n"+want) {
			t.Errorf("/metrics lacks %s:\n%s", want, counts)
		}
	}
	// One redirect; and what two pages of a site need may be asked for again
	// within the run, and be unchanged (304), as the order of the visits has it.
	if !regexp.MustCompile(`(?m)^ibid_exchanges_total\{class="3xx"\} [12]$`).MatchString(counts) {
		t.Errorf("/metrics has neither one nor two redirects:\n%s", counts)
	}
	for _, name := range []string{"ibid_bytes_received_total", "ibid_archive_bytes_total", "ibid_next_tick_timestamp_seconds"} {
		if !regexp.MustCompile(`(?m)^` + name + ` [1-9]`).MatchString(counts) {
			t.Errorf("/metrics has no positive %s", name)
		}
	}

	// A second service is turned away; other commands are not.
	second := startProgram(t, "serve", "--config", config)
	if code := second.exit(); code != exitFailed || !strings.Contains(second.said(), "another `ibid serve` works on this archive") ||
		!strings.Contains(second.said(), fmt.Sprintf("process %d", p.cmd.Process.Pid)) {
		t.Errorf("a second serve: exit %d, %s", code, second.said())
	}
	if code, _, stderr := run("status", "--archive", store, filepath.Join(dir, "dam.txt")); code != exitOK {
		t.Errorf("status beside it: exit %d, %s", code, stderr)
	}

	if code := p.terminate(); code != exitOK {
		t.Errorf("SIGTERM: exit %d", code)
	}
	if code, stdout, stderr := run("audit", "--archive", store); code != exitOK {
		t.Errorf("audit: exit %d, %s%s", code, stdout, stderr)
	}
	before := captures(t, store)

	// What was done is not done again after a restart, and what could not be read is.
	if err := os.WriteFile(filepath.Join(dir, "missing.txt"), []byte("It was dry. [1]\n\n[1] https://council.test/\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p = startProgram(t, "serve", "--config", config)
	addr = p.address()
	until(t, "a run of the report that was missing", func() bool {
		_, body := fetch(t, "http://"+addr+"/healthz")
		return strings.Contains(body, `"reports":1,"result":"ok"`)
	})
	if code := p.terminate(); code != exitOK {
		t.Errorf("SIGTERM: exit %d", code)
	}
	if got := captures(t, store); got != before+1 {
		t.Errorf("%d captures before the restart and %d after", before, got)
	}
}

// captures counts the captures in a directory.
func captures(t *testing.T, store string) int {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(store, "captures", "*", "*.warc.gz"))
	if err != nil {
		t.Fatal(err)
	}
	return len(names)
}

// A stop in the middle of a run keeps what was begun, and the next start goes on there.
func TestServeDrains(t *testing.T) {
	t.Parallel()
	urls := []string{"https://gazette.test/", "https://gazette.test/2026/dam-report", "https://gazette.test/archive/17", "https://gazette.test/letters"}
	dir := serveConfig(t, map[string][]string{"dam.txt": urls}, map[string]any{"delay": "1m"})
	config, store := filepath.Join(dir, "ibid.yaml"), filepath.Join(dir, "store")
	p := startProgram(t, "serve", "--config", config)
	addr := p.address()
	until(t, "a first visit", func() bool {
		_, counts := fetch(t, "http://"+addr+"/metrics")
		return strings.Contains(counts, "\nibid_visits_total{verdict=\"alive\"} 1\n")
	})
	if code, body := fetch(t, "http://"+addr+"/healthz"); code != http.StatusOK || !strings.Contains(body, `"running":true`) {
		t.Errorf("/healthz during a run: %d %s", code, body)
	}
	if code := p.terminate(); code != exitOK {
		t.Errorf("SIGTERM: exit %d", code)
	}
	if got := captures(t, store); got != 1 {
		t.Errorf("%d captures after the drain, want 1", got)
	}
	p = startProgram(t, "serve", "--config", config, "--delay", "0s", "--once")
	if code := p.exit(); code != exitOK {
		t.Errorf("--once: exit %d", code)
	}
	if got := captures(t, store); got != len(urls) {
		t.Errorf("%d captures in the end, want %d", got, len(urls))
	}
	if code, stdout, stderr := run("audit", "--archive", store); code != exitOK {
		t.Errorf("audit: exit %d, %s%s", code, stdout, stderr)
	}
}

// What was not found is visited again when that is due, and not only at the next tick.
func TestServeBetweenTicks(t *testing.T) {
	const gone, lives = "https://ministry.test/notice/9", "https://gazette.test/letters"
	dir := serveConfig(t, map[string][]string{"dam.txt": {gone, lives}}, nil)
	config, store := filepath.Join(dir, "ibid.yaml"), filepath.Join(dir, "store")
	// A run of four days ago, and a tick of now.
	a, cfg, err := configured(t, config)
	if err != nil {
		t.Fatal(err)
	}
	v, err := a.openVault(t.Context(), cfg.Settings, true)
	if err != nil {
		t.Fatal(err)
	}
	crawl, err := a.crawlerConfig(cfg.Settings)
	if err != nil {
		t.Fatal(err)
	}
	crawl.Now = func() time.Time { return time.Now().Add(-4 * 24 * time.Hour) }
	source, err := a.readSource(wanted{path: "dam.txt", file: filepath.Join(dir, "dam.txt")}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &schedule.Runner{Archive: v.archive, Catalog: v.catalog, Crawler: crawl}
	if _, err := r.Visit(t.Context(), nil, []schedule.Source{source}, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(v.catalog.SetMeta(t.Context(), "schedule/dam.txt", time.Now().UTC().Format(time.RFC3339Nano)), v.Close()); err != nil {
		t.Fatal(err)
	}
	if got := captures(t, store); got != 2 {
		t.Fatalf("%d captures, want 2", got)
	}

	p := startProgram(t, "serve", "--config", config)
	addr := p.address()
	var health healthJSON
	until(t, "a run between ticks", func() bool {
		_, body := fetch(t, "http://"+addr+"/healthz")
		health = healthJSON{}
		if err := json.Unmarshal([]byte(body), &health); err != nil {
			t.Fatalf("/healthz: %s %v", body, err)
		}
		return health.LastRun != nil
	})
	if !health.LastRun.Confirming || health.LastRun.Result != schedule.ResultOK || health.LastRun.Reports != 1 || health.Status != "ok" {
		t.Errorf("/healthz: %+v %+v", health, health.LastRun)
	}
	_, counts := fetch(t, "http://"+addr+"/metrics")
	if !strings.Contains(counts, "\nibid_visits_total{verdict=\"gone\"} 1\n") || !strings.Contains(counts, "\nibid_visits_total{verdict=\"alive\"} 0\n") {
		t.Errorf("/metrics:\n%s", counts)
	}
	until(t, "when the next one is", func() bool {
		_, body := fetch(t, "http://"+addr+"/healthz")
		return strings.Contains(body, `"next_confirming"`)
	})
	if code := p.terminate(); code != exitOK {
		t.Errorf("SIGTERM: exit %d", code)
	}
	if got := captures(t, store); got != 3 {
		t.Errorf("%d captures in the end, want 3", got)
	}
	if code, stdout, stderr := run("status", "--archive", store, "--format", "json"); code != exitOK || !strings.Contains(stdout, `"strikes": 2`) {
		t.Errorf("status: exit %d, %s%s", code, stdout, stderr)
	}
	if code, stdout, stderr := run("audit", "--archive", store); code != exitOK {
		t.Errorf("audit: exit %d, %s%s", code, stdout, stderr)
	}

	// An archivist may want visits at ticks alone.
	p = startProgram(t, "serve", "--config", writeBeside(t, config, "confirm: 0s\n"))
	addr = p.address()
	until(t, "it waits for a tick", func() bool {
		_, body := fetch(t, "http://"+addr+"/healthz")
		return strings.Contains(body, `"next_tick"`) && !strings.Contains(body, `"next_confirming"`)
	})
	if code := p.terminate(); code != exitOK {
		t.Errorf("SIGTERM: exit %d", code)
	}
}

// writeBeside writes a configuration like another one with something more in it.
func writeBeside(t *testing.T, config, more string) string {
	t.Helper()
	data, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	path := strings.TrimSuffix(config, ".yaml") + "-2.yaml"
	if err := os.WriteFile(path, append(data, more...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestServeUsage(t *testing.T) {
	t.Chdir(t.TempDir())
	code, _, stderr := run("serve")
	if diff := cmp.Diff("ibid: serve needs a configuration that names the reports: there is no ibid.yaml here, name one with --config FILE\n", stderr); code != exitUsage || diff != "" {
		t.Errorf("without a configuration: exit %d (-want +got):\n%s", code, diff)
	}
	if code, _, stderr := run("serve", "--config", "other.yaml"); code != exitUsage || !strings.Contains(stderr, "other.yaml") {
		t.Errorf("without the configuration that is named: exit %d, %s", code, stderr)
	}
	if err := os.WriteFile("ibid.yaml", []byte("reports:\n  - path: a.txt\n    schedule: '@every 3s'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := run("serve"); code != exitUsage || !strings.Contains(stderr, "ibid.yaml:2: report a.txt") {
		t.Errorf("with ./ibid.yaml: exit %d, %s", code, stderr)
	}
	if _, err := os.Stat("ibid-archive"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an archive was made before the configuration was checked")
	}
}

// The archive is not served when nobody can be told how it goes.
func TestServeListenFails(t *testing.T) {
	dir := serveConfig(t, map[string][]string{"dam.txt": {"https://gazette.test/"}}, map[string]any{"listen": "127.0.0.1:-1"})
	code, _, stderr := run("serve", "-q", "--config", filepath.Join(dir, "ibid.yaml"))
	if code != exitFailed || !strings.Contains(stderr, "/healthz") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}
