package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ibid-archive/ibid/archive/blob/blobtest"
)

// A directory refuses what it can't do before anything is written.
func TestDirectorySettings(t *testing.T) {
	for text, want := range map[string]string{
		"lock: {mode: compliance, days: 30}\n": "lock: a directory can't",
		"lock: {days: 30}\n":                   "lock: a directory can't",
		"encryption: {mode: s3}\n":             "encryption: ",
	} {
		config := writeConfig(t, text)
		dir := filepath.Join(t.TempDir(), "store")
		report := filepath.Join(t.TempDir(), "report.txt")
		if err := os.WriteFile(report, []byte("A claim.[1]\n\n[1] https://source.example/\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		var out, log bytes.Buffer
		code := Main(t.Context(), []string{"archive", "--config", config, "--archive", dir, report}, &out, &log)
		if code != exitUsage || !strings.Contains(log.String(), want) {
			t.Errorf("%q: exit %d, %s; want exit %d and %q", text, code, &log, exitUsage, want)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%q: the directory was created", text)
		}
	}
}

// What a bucket can't do is said at the start.
func TestBucketSettings(t *testing.T) {
	server := blobtest.S3Server(t)
	t.Setenv("AWS_ACCESS_KEY_ID", server.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", server.SecretKey)
	t.Setenv("AWS_ENDPOINT_URL", "http://"+strings.TrimPrefix(server.Endpoint, "http://"))
	t.Setenv("AWS_REGION", server.Region)
	for text, want := range map[string]string{
		"lock: {mode: governance, days: 30}\n": "the bucket has no Object Lock",
		"lock: {mode: forever, days: 30}\n":    "lock mode \"forever\"",
		"lock: {mode: governance}\n":           "lock days: 0",
		"encryption: {mode: s3}\n":             "asked for AES256",
		"encryption: {key: abc}\n":             "encryption key",
	} {
		a, cfg, err := configured(t, writeConfig(t, "archive: s3://"+server.Bucket+"/ibid\n"+text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.openStore(t.Context(), cfg.Settings, true); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	// With -v it is said what the bucket lacks.
	var log bytes.Buffer
	a := &app{err: &log}
	a.opt.verbose = true
	s := defaults()
	s.Archive = "s3://" + server.Bucket + "/ibid"
	v, err := a.openStore(t.Context(), s, true)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	for _, want := range []string{"keeps no versions", "no Object Lock"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log doesn't say %q: %s", want, &log)
		}
	}
}
