package log

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
	"github.com/ibid-archive/ibid/archive/blob/dir"
	"github.com/ibid-archive/ibid/archive/blob/s3"
)

type store interface {
	blob.Store
	blob.Cells
}

func storeConfig(s store, keys KeySource) Config { return Config{Objects: s, Cells: s, Keys: keys} }

// writers appends to one store from several logs at once and checks what is
// there: each of the entries once, since nothing fails.
func writers(t *testing.T, open func() store, keys KeySource, n, each int) {
	t.Helper()
	var group sync.WaitGroup
	for w := range n {
		group.Go(func() {
			l, err := Open(t.Context(), storeConfig(open(), keys))
			if err != nil {
				t.Error(err)
				return
			}
			for i := range each {
				if _, err := l.Append(t.Context(), [][]byte{fmt.Appendf(nil, "%d-%d", w, i)}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	wantEach(t, open(), n, each)
}

func wantEach(t *testing.T, s store, n, each int) {
	t.Helper()
	l, err := Open(t.Context(), storeConfig(s, nil))
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for e, err := range l.Entries(t.Context(), 0, -1) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(e))
	}
	for w := range n {
		last := -1
		for i := range each {
			e := fmt.Sprintf("%d-%d", w, i)
			at := slices.Index(got, e)
			if at < last {
				t.Errorf("%s is at %d, before the one before", e, at)
			}
			want, last = append(want, e), at
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %d entries %v, want %d", len(got), got, len(want))
	}
	for p, err := range l.Check(t.Context()) {
		t.Errorf("%v, %v", p, err)
	}
}

func openDir(t testing.TB, path string) store {
	t.Helper()
	s, err := dir.Open(path, dir.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestDir(t *testing.T) {
	path, keys := t.TempDir(), KeyDir(t.TempDir())
	writers(t, func() store { return openDir(t, path) }, keys, 3, 8)
}

const childEnv = "IBID_LOG_TEST_CHILD"

// TestProcesses appends from several processes to one directory.
func TestProcesses(t *testing.T) {
	const n, each = 3, 5
	if child := os.Getenv(childEnv); child != "" {
		l, err := Open(t.Context(), storeConfig(openDir(t, filepath.Join(child, "archive")), KeyDir(filepath.Join(child, "keys"))))
		if err != nil {
			t.Fatal(err)
		}
		for i := range each {
			if _, err := l.Append(t.Context(), [][]byte{fmt.Appendf(nil, "%s-%d", os.Getenv(childEnv+"_N"), i)}); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := t.TempDir()
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			c := exec.CommandContext(t.Context(), program, "-test.run=^TestProcesses$")
			c.Env = append(os.Environ(), childEnv+"="+path, fmt.Sprintf("%s_N=%d", childEnv, i))
			if out, err := c.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	group.Wait()
	wantEach(t, openDir(t, filepath.Join(path, "archive")), n, each)
}

func TestS3(t *testing.T) {
	server := blobtest.S3Server(t)
	t.Setenv("AWS_ACCESS_KEY_ID", server.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", server.SecretKey)
	open := func() store {
		s, _, err := s3.Open(t.Context(), s3.Config{Bucket: server.Bucket, Endpoint: server.Endpoint, Region: server.Region, Insecure: true, Prefix: "archive"})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	writers(t, open, &keyring{}, 3, 5)
}
