package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/spf13/cobra"
)

// configured reads a configuration as serve does, with flags.
func configured(t *testing.T, path string, args ...string) (*app, *Config, error) {
	t.Helper()
	a := &app{out: io.Discard, err: io.Discard, drain: make(chan struct{})}
	var cfg *Config
	cmd := a.serveCommand()
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		cfg, err = a.configure(cmd)
		return err
	}
	cmd.SetArgs(append([]string{"--config", path}, args...))
	err := cmd.Execute()
	return a, cfg, err
}

func writeConfig(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ibid.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const exampleConfig = "../../docs/ibid.example.yaml"

// The example is valid, names every field, and shows the defaults.
func TestExampleConfig(t *testing.T) {
	a, cfg, err := configured(t, exampleConfig)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := a.entries(cfg, false)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Report+" "+e.Schedule.String())
	}
	if diff := cmp.Diff([]string{"reports/dam.txt 30 4 * * *", "reports/election.txt @weekly"}, got); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	// The fields whose example is not the default, as their comments say.
	others := cmpopts.IgnoreFields(Settings{}, "Archive", "Catalog", "Contact", "Keys", "S3")
	if diff := cmp.Diff(defaults(), cfg.Settings, others, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the example's values are not the defaults (-default +example):\n%s", diff)
	}
	data, err := os.ReadFile(exampleConfig)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range yamlKeys(reflect.TypeFor[Config]()) {
		if !strings.Contains(string(data), key+":") {
			t.Errorf("the example does not show %s", key)
		}
	}
}

// yamlKeys are the names of all fields of a struct and the structs in it.
func yamlKeys(t reflect.Type) []string {
	var keys []string
	for f := range t.Fields() {
		tag, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if tag != "" {
			keys = append(keys, tag)
		}
		inner := f.Type
		if inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct {
			keys = append(keys, yamlKeys(inner)...)
		}
	}
	return keys
}

func TestConfigPaths(t *testing.T) {
	path := writeConfig(t, "archive: store\ncatalog: sqlite:index/c.sqlite\nca_file: ca.pem\n")
	dir := filepath.Dir(path)
	_, cfg, err := configured(t, path)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{filepath.Join(dir, "store"), "sqlite:" + filepath.Join(dir, "index", "c.sqlite"), filepath.Join(dir, "ca.pem")}
	if diff := cmp.Diff(want, []string{cfg.Archive, cfg.Catalog, cfg.CAFile}); diff != "" {
		t.Errorf("of the file (-want +got):\n%s", diff)
	}
	_, cfg, err = configured(t, path, "--archive", "here", "--ca-file", "mine.pem")
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Archive != "here" || cfg.CAFile != "mine.pem" {
		t.Errorf("of flags: %s, %s", cfg.Archive, cfg.CAFile)
	}
	_, cfg, err = configured(t, writeConfig(t, "archive: s3://bucket/prefix\n"))
	if err != nil || cfg.Archive != "s3://bucket/prefix" {
		t.Errorf("a bucket: %v, %v", cfg, err)
	}
}

// What a file leaves out has its default.
func TestConfigDefaults(t *testing.T) {
	for _, text := range []string{"", "# nothing yet\n", "---\n", "~\n", "s3: {}\n", "reports: []\n", "archive: \"\"\n"} {
		_, cfg, err := configured(t, writeConfig(t, text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		want := &Config{Settings: defaults(), Listen: "127.0.0.1:9642", Confirm: time.Hour}
		if diff := cmp.Diff(want, cfg, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(ReportConfig{}), cmpopts.IgnoreFields(S3Settings{}, "PathStyle")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestConfigRefuses(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"no reports", "delay: 2s\n", "ibid.yaml: no reports"},
		{"no schedule", "delay: 2s\nreports:\n  - path: a.txt\n    schedule: '@daily'\n  - path: b.txt\n", "ibid.yaml:5: report b.txt has no schedule"},
		{"bad schedule", "reports:\n  - schedule: TZ=UTC\n    path: a.txt\n", "ibid.yaml:2: report a.txt: schedule \"TZ=UTC\""},
		{"runs too close", "confirm: 3s\nreports:\n  - path: a.txt\n    schedule: '@daily'\n", "ibid.yaml: confirm: 3s: want 1m0s or more"},
		{"no path", "reports:\n\n  - schedule: '@daily'\n", "ibid.yaml:3: a report without a path"},
		{"twice", "reports:\n  - path: a.txt\n    schedule: '@daily'\n  - path: ./x/../a.txt\n    schedule: '@hourly'\n", "ibid.yaml:4: report ./x/../a.txt is there already, in line 2"},
		{"unknown field", "reprots: []\n", "reprots"},
		{"unknown field of a report", "reports:\n  - path: a.txt\n    shedule: '@daily'\n", "shedule"},
		{"two documents", "delay: 2s\n---\ndelay: 3s\n", "more than one document"},
		{"not a list", "reports: a.txt\n", "reports"},
		{"an empty entry", "reports:\n  -\n", "without a path"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, cfg, err := configured(t, writeConfig(t, test.text))
			if err == nil {
				_, err = a.entries(cfg, false)
			}
			var e *exitError
			if !errors.As(err, &e) || e.code != exitUsage || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want exit %d and %q", err, exitUsage, test.want)
			}
		})
	}
}

// With --once another timer says when.
func TestOnceNeedsNoSchedule(t *testing.T) {
	a, cfg, err := configured(t, writeConfig(t, "reports:\n  - path: a.txt\n"))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := a.entries(cfg, true)
	if err != nil || len(entries) != 1 {
		t.Errorf("entries = %v, %v", entries, err)
	}
}
