package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/ibid-archive/ibid/archive/blob/blobtest"
	"github.com/ibid-archive/ibid/crawler/crawltest"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/seeds/reports"
)

// TestMain lets the test binary be ibid itself: when a script calls it, and
// when a test starts it as a process to be killed.
func TestMain(m *testing.M) {
	if os.Getenv(programEnv) != "" {
		os.Exit(Main(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
	}
	// Scripts wait for their web most of the time: more of them than there are processors, unless -parallel says otherwise.
	if err := flag.Set("test.parallel", strconv.Itoa(4*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	testscript.Main(atHome{m}, map[string]func(){
		"ibid": func() { os.Exit(Main(context.Background(), os.Args[1:], os.Stdout, os.Stderr)) },
	})
}

// atHome runs the tests with a home of their own: keys of logs are kept there.
type atHome struct{ *testing.M }

func (m atHome) Run() int {
	home, err := os.MkdirTemp("", "ibid-test-home-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(home)
	for name, value := range map[string]string{
		"HOME": home, "XDG_CONFIG_HOME": filepath.Join(home, "config"), "XDG_CACHE_HOME": filepath.Join(home, "cache"), "SOURCE_DATE_EPOCH": "", "COLUMNS": "100",
	} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	return m.M.Run()
}

// TestScripts runs the program as its users do. Each script has a small web of
// its own, which ibid.yaml leads to, and $SAMPLES with the sample reports.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		WorkdirRoot:         blobtest.MemoryDir(t),
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			web, err := crawltest.Start(crawltest.Config{Posts: crawltest.FatePosts(), Holdings: crawltest.Holdings()})
			if err != nil {
				return err
			}
			env.Defer(func() { web.Close() })
			env.Values["web"] = web
			env.Setenv("NO_COLOR", "1")
			env.Setenv("COLUMNS", "100")
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("XDG_CONFIG_HOME", "")
			return webConfig(env.WorkDir, web)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"advance": func(ts *testscript.TestScript, _ bool, _ []string) {
				ts.Value("web").(*crawltest.Web).Advance()
			},
			// requests prints what the web was asked for, a line each.
			"requests": func(ts *testscript.TestScript, _ bool, _ []string) {
				for _, r := range ts.Value("web").(*crawltest.Web).Requests() {
					fmt.Fprintln(ts.Stdout(), r.Method, r.Host, r.Path)
				}
			},
			// hits fails unless a path of a host was asked for so often.
			"hits": func(ts *testscript.TestScript, _ bool, args []string) {
				if got := fmt.Sprint(ts.Value("web").(*crawltest.Web).Hits(args[0], args[1])); got != args[2] {
					ts.Fatalf("%s%s was asked for %s times, want %s", args[0], args[1], got, args[2])
				}
			},
			"flipbyte":     flipByte,
			"fatereport":   fateReport,
			"samplereport": sampleReport,
			"addsetting":   addSetting,
			"unpack":       unpack,
			"cmpreports":   compareReports,
		},
	})
}

// webConfig writes a configuration that leads to web and does not wait.
func webConfig(dir string, web *crawltest.Web) error {
	var b strings.Builder
	b.WriteString("delay: 0s\ntimeout: 8s\nsecond_look: 10ms\nretries: 1\nrescue: never\nmemento_delay: 0s\nca_file: " + filepath.Join(dir, "ca.pem") + `
mementos:
  - name: wayback.test
    cdx: http://wayback.test/cdx/search/cdx
    replay: http://wayback.test/web/{timestamp}id_/{url}
    save: http://wayback.test/save
  - name: mementos.test
    timemap: http://mementos.test/timemap/link/{url}
connect_to:
`)
	for _, c := range web.ConnectTo() {
		fmt.Fprintf(&b, "  - %q\n", c)
	}
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), web.CACertPEM(), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "ibid.yaml"), []byte(b.String()), 0o600)
}

// sampleReport copies an embedded report into the script's directory.
func sampleReport(ts *testscript.TestScript, _ bool, args []string) {
	data, err := reports.FS.ReadFile(args[0])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o600))
}

// fateReport writes a report that cites a post of every fate of a platform, each
// in a note that is named for it.
func fateReport(ts *testscript.TestScript, _ bool, args []string) {
	var b strings.Builder
	fates := crawltest.Fates()
	for i, p := range crawltest.FatePosts() {
		if p.Platform == args[0] {
			fmt.Fprintf(&b, "The gauge at the lower bridge stood at 4.12 m, says the post that is %s.[^%s]\n\n[^%[2]s]: <%s>\n\n", fates[i].Note, p.Fate, p.URL())
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b.String()), 0o600))
}

// unpack takes files out of a package, under their names.
func unpack(ts *testscript.TestScript, _ bool, args []string) {
	pack, err := zip.OpenReader(ts.MkAbs(args[0]))
	ts.Check(err)
	defer pack.Close()
	for _, name := range args[1:] {
		data, err := fs.ReadFile(pack, name)
		ts.Check(err)
		ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(name)), 0o700))
		ts.Check(os.WriteFile(ts.MkAbs(name), data, 0o600))
	}
}

// addSetting copies a configuration file and adds lines to it.
func addSetting(ts *testscript.TestScript, _ bool, args []string) {
	lines := ts.ReadFile(args[0]) + strings.Join(args[2:], "\n") + "\n"
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(lines), 0o600))
}

// compareReports compares the paths of the reports in the JSON that was printed last.
func compareReports(ts *testscript.TestScript, _ bool, want []string) {
	var doc seeds.Document
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &doc))
	var got []string
	for _, r := range doc.Reports {
		got = append(got, r.Path)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		ts.Fatalf("reports (-want +got):\n%s", diff)
	}
}

// flipByte damages the first file that matches a pattern, in its middle.
func flipByte(ts *testscript.TestScript, _ bool, args []string) {
	names, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(names) == 0 {
		ts.Fatalf("no file matches %s", args[0])
	}
	flip(func(args ...any) { ts.Fatalf("%v", args) }, names[0])
}

// TestS3 archives into a bucket of a real S3 server, by the command line alone.
func TestS3(t *testing.T) {
	server := blobtest.S3Server(t)
	web, err := crawltest.Start(crawltest.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { web.Close() })
	dir := t.TempDir()
	if err := webConfig(dir, web); err != nil {
		t.Fatal(err)
	}
	report := filepath.Join(dir, "demo.txt")
	data, err := reports.FS.ReadFile("demo.txt")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(report, data, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", server.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", server.SecretKey)
	t.Setenv("AWS_ENDPOINT_URL", "http://"+strings.TrimPrefix(server.Endpoint, "http://"))
	t.Setenv("AWS_REGION", server.Region)
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	t.Setenv("HOME", dir)
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(dir, "config"))
	archive := "s3://" + server.Bucket + "/reports/2026"
	ibid := func(want int, args ...string) string {
		t.Helper()
		var out, log bytes.Buffer
		if got := Main(t.Context(), args, &out, &log); got != want {
			t.Fatalf("ibid %q exits %d, want %d\n%s%s", args, got, want, &out, &log)
		}
		if strings.Contains(out.String()+log.String(), server.SecretKey) {
			t.Errorf("ibid %q prints the secret key", args)
		}
		return out.String()
	}
	visit := []string{"archive", "-q", "--config", filepath.Join(dir, "ibid.yaml"), "--archive", archive, report}
	if out := ibid(0, visit...); !strings.Contains(strings.Join(strings.Fields(out), " "), "kept in "+archive) {
		t.Errorf("archive says\n%s", out)
	}
	if out := ibid(0, "audit", "--archive", archive); !strings.Contains(out, "nothing is wrong") {
		t.Errorf("audit says\n%s", out)
	}
	before := ibid(0, "status", "--format", "json", "--archive", archive, report)
	if err := os.RemoveAll(filepath.Join(dir, "cache")); err != nil {
		t.Fatal(err)
	}
	ibid(0, "reindex", "--archive", archive)
	if after := ibid(0, "status", "--format", "json", "--archive", archive, report); after != before {
		t.Errorf("the rebuilt catalog answers otherwise:\n%s\nbefore:\n%s", after, before)
	}
	// Something else changes one object behind our back.
	var damaged string
	err = filepath.WalkDir(server.Dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && damaged == "" && strings.HasSuffix(path, ".warc.gz") && strings.Contains(path, "captures") {
			damaged = path
		}
		return err
	})
	if err != nil || damaged == "" {
		t.Fatal("no capture in the bucket", err)
	}
	flip(t.Fatal, damaged)
	if out := ibid(2, "audit", "--archive", archive); !strings.Contains(out, filepath.Base(damaged)[:12]) {
		t.Errorf("audit of a damaged bucket says\n%s", out)
	}
}

// flip changes one byte in the middle of a file.
func flip(fatal func(...any), path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		fatal(err)
	}
	at := len(data) / 2
	const header = 10 // of a gzip member (RFC 1952 §2.3.1): no checksum of the file covers its time and system
	if i := bytes.LastIndex(data[:at+1], []byte("\x1f\x8b\x08")); i >= 0 && at-i < header {
		at = i + header
	}
	data[at] ^= 0x10
	if err := os.Chmod(path, 0o600); err != nil {
		fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		fatal(err)
	}
}
