package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
	"github.com/ibid-archive/ibid/archive/blob/dir"
	"github.com/ibid-archive/ibid/crawler/crawltest"
	"github.com/ibid-archive/ibid/seeds/reports"
	"github.com/ibid-archive/ibid/verify"
)

// archived makes a small archive in a fresh directory and returns where it is
// and what runs the program.
func archived(t *testing.T) (root string, ibid func(want int, args ...string) string) {
	t.Helper()
	web, err := crawltest.Start(crawltest.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { web.Close() })
	work := t.TempDir()
	if err := webConfig(work, web); err != nil {
		t.Fatal(err)
	}
	data, err := reports.FS.ReadFile("demo.txt")
	if err != nil {
		t.Fatal(err)
	}
	report := filepath.Join(work, "demo.txt")
	if err := os.WriteFile(report, data, 0o600); err != nil {
		t.Fatal(err)
	}
	ibid = func(want int, args ...string) string {
		t.Helper()
		var out, log bytes.Buffer
		if got := Main(t.Context(), args, &out, &log); got != want {
			t.Fatalf("ibid %q exits %d, want %d\n%s%s", args, got, want, &out, &log)
		}
		return out.String()
	}
	root = filepath.Join(work, "archive")
	ibid(0, "archive", "-q", "--config", filepath.Join(work, "ibid.yaml"), "--archive", root, report)
	return root, ibid
}

// files are the captures and reports of an archive in a directory.
func files(t *testing.T, root string) map[string]string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(root, "*", "??", "*.warc.gz"))
	if err != nil || len(names) == 0 {
		t.Fatal("no files in", root, err)
	}
	all := map[string]string{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimPrefix(name, root)] = string(b)
	}
	return all
}

// TestMirrorS3 copies a directory to a bucket, repairs the directory from it,
// and makes another directory of it.
func TestMirrorS3(t *testing.T) {
	server := blobtest.S3Server(t)
	t.Setenv("AWS_ACCESS_KEY_ID", server.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", server.SecretKey)
	t.Setenv("AWS_REGION", server.Region)
	root, ibid := archived(t)
	before := files(t, root)
	bucket := "s3://" + server.Bucket + "/copies/1"
	endpoint := "http://" + strings.TrimPrefix(server.Endpoint, "http://")
	if out := ibid(0, "mirror", "-q", "--archive", root, "--to-s3-endpoint", endpoint, bucket); !strings.Contains(out, "copied to "+bucket) {
		t.Errorf("mirror says %s", out)
	}
	if out := ibid(0, "audit", "-q", "--no-record", "--s3-endpoint", endpoint, "--archive", bucket); !strings.Contains(out, "nothing is wrong") {
		t.Errorf("audit of the copy says %s", out)
	}
	for name := range before {
		if strings.HasPrefix(name, "/captures") {
			flip(t.Fatal, filepath.Join(root, name))
			break
		}
	}
	ibid(2, "audit", "-q", "--quick", "--archive", root)
	ibid(0, "repair", "-q", "--archive", root, "--from", bucket, "--from-s3-endpoint", endpoint)
	other := filepath.Join(t.TempDir(), "other")
	ibid(0, "mirror", "-q", "--s3-endpoint", endpoint, "--archive", bucket, other)
	for what, got := range map[string]map[string]string{"repaired": files(t, root), "copied back": files(t, other)} {
		if len(got) != len(before) {
			t.Errorf("%s: %d files of %d", what, len(got), len(before))
		}
		for name, b := range before {
			if got[name] != b {
				t.Errorf("%s: %s is not as it was", what, name)
			}
		}
	}
}

// TestAuditResume goes on with an audit that was interrupted half-way.
func TestAuditResume(t *testing.T) {
	t.Parallel()
	root, ibid := archived(t)
	state, err := openAuditState(Settings{Archive: root})
	if err != nil {
		t.Fatal(err)
	}
	cfg := verify.AuditConfig{Workers: 1, Scope: verify.Scope{Sample: 0.9, Seed: 1}}
	end, err := state.journal(&cfg, false, false)
	if err != nil {
		t.Fatal(err)
	}
	store, err := dir.Open(root, dir.Config{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cfg.Progress = func(e verify.Event) {
		if e.Objects == 3 {
			cancel()
		}
	}
	if _, err := verify.Audit(ctx, store, cfg); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if err := end(false); err != nil {
		t.Fatal(err)
	}
	// What was read is not read again: damage to it goes unseen.
	journal, err := os.ReadFile(state.path)
	if err != nil || !bytes.Contains(journal, []byte("captures/")) {
		t.Fatalf("the journal is %q, %v", journal, err)
	}
	for line := range bytes.Lines(journal) {
		_, rest, ok := bytes.Cut(line, []byte(`"key":"`))
		if !ok {
			continue
		}
		key, _, _ := bytes.Cut(rest, []byte(`"`))
		path := filepath.Join(root, filepath.FromSlash(string(key)))
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		flip(t.Fatal, path)
		if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
			t.Fatal(err)
		}
		break
	}
	ibid(3, "audit", "--archive", root, "--resume", "--quick")
	ibid(3, "audit", "--archive", root, "--resume", "--sample", "90%", "--seed", "0")
	out := strings.Join(strings.Fields(ibid(0, "audit", "-q", "--archive", root, "--resume")), " ")
	if !strings.Contains(out, "a sample of 90 % with seed 1") || !strings.Contains(out, "nothing is wrong") {
		t.Errorf("resumed: %s", out)
	}
	if _, err := os.Stat(state.path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the journal is still there: %v", err)
	}
	// Without a journal it starts anew, and sees it.
	ibid(2, "audit", "-q", "--archive", root, "--resume")
	if err := os.WriteFile(state.path, []byte("no journal\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ibid(1, "audit", "-q", "--archive", root, "--resume")
	if state.round() != 2 {
		t.Errorf("the next sample is %d, want 2", state.round())
	}
}

// TestAuditReadOnly: a store that cannot be written to is audited all the same.
func TestAuditReadOnly(t *testing.T) {
	t.Parallel()
	root, ibid := archived(t)
	// Nobody, not even root, can stage a write where a file takes the place.
	stage := filepath.Join(root, "tmp")
	if err := os.RemoveAll(stage); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stage, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if out := ibid(0, "audit", "-q", "--archive", root); !strings.Contains(strings.Join(strings.Fields(out), " "), "nothing is wrong") {
		t.Errorf("audit says %s", out)
	}
}

// TestAuditFullDisk: an audit whose journal finds no room reads all the same.
func TestAuditFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no /dev/full")
	}
	t.Parallel()
	root, ibid := archived(t)
	state, err := openAuditState(Settings{Archive: root})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/full", state.path); err != nil {
		t.Fatal(err)
	}
	cfg := verify.AuditConfig{Workers: 1}
	end, err := state.journal(&cfg, false, false)
	if err != nil {
		t.Fatal(err)
	}
	store, err := dir.Open(root, dir.Config{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	cfg.Progress = func(verify.Event) { state.flushed = time.Time{}; state.tick() }
	report, err := verify.Audit(t.Context(), store, cfg)
	if err != nil || report.Found > 0 || report.Objects == 0 {
		t.Errorf("the audit read %d objects, found %d: %v", report.Objects, report.Found, err)
	}
	if err := end(false); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("the journal that found no room ends with %v", err)
	}
	if out := ibid(0, "audit", "-q", "--no-record", "--archive", root); !strings.Contains(strings.Join(strings.Fields(out), " "), "nothing is wrong") {
		t.Errorf("audit says %s", out)
	}
}

// TestNothing: the store that a dry run copies to has nothing and takes nothing.
func TestNothing(t *testing.T) {
	var s nothing
	_, openErr := s.Open(t.Context(), "a", 0, -1)
	_, statErr := s.Stat(t.Context(), "a")
	_, _, loadErr := s.Load(t.Context(), "a")
	_, swapErr := s.Swap(t.Context(), "a", "", nil)
	putErr := s.Put(t.Context(), "a", blob.Bytes(nil))
	for _, err := range []error{openErr, statErr, loadErr} {
		if !errors.Is(err, blob.ErrNotExist) {
			t.Error(err)
		}
	}
	if !slices.Equal([]error{putErr, swapErr}, []error{blob.ErrReadOnly, blob.ErrReadOnly}) {
		t.Error(putErr, swapErr)
	}
	for range s.List(t.Context(), "") {
		t.Error("it lists something")
	}
}
