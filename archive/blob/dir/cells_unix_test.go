//go:build unix

package dir

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
)

// counterEnv tells the test binary to count in the cell "count" of a directory.
const counterEnv = "IBID_TEST_COUNTER"

// count counts until it is killed, and prints a line for each success.
func count(dir string) {
	s, err := Open(dir, Config{})
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	for {
		if err := blobtest.Increment(context.Background(), s, "log/count", 1); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		fmt.Println("counted")
	}
}

// TestCountingProcesses counts from several processes, each of which is killed
// at some moment: every success that was reported counts, and at most one more
// of each process does.
func TestCountingProcesses(t *testing.T) {
	root := t.TempDir()
	s := openTest(t, root, Config{})
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	const processes, rounds = 3, 2
	total := 0
	for round := range rounds {
		var wg sync.WaitGroup
		var mu sync.Mutex
		for i := range processes {
			cmd := exec.Command(exe)
			cmd.Env = append(os.Environ(), counterEnv+"="+root)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			wg.Go(func() {
				n := 0
				for lines := bufio.NewScanner(out); lines.Scan(); {
					if line := lines.Text(); line != "counted" {
						t.Error(line)
						continue
					}
					if n++; n == 5+3*i+round {
						if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
							t.Error(err)
						}
					}
				}
				_ = cmd.Wait() // "killed"
				mu.Lock()
				total += n
				mu.Unlock()
			})
		}
		wg.Go(func() {
			if err := blobtest.Increment(t.Context(), s, "log/count", 5); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		total += 5
	}
	got, _, err := s.Load(t.Context(), "log/count")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := blobtest.Count(got); err != nil || n < total || n > total+processes*rounds {
		t.Errorf("the cell holds %q, error %v; want from %d to %d", got, err, total, total+processes*rounds)
	}
	wantTemporary(t, s, 0)
	// What the dead left goes away, and the lock doesn't outlive them.
	again := openTest(t, root, Config{})
	if n := sessions(t, root); n != 2 {
		t.Errorf("%d sessions are left, want the two of the living", n)
	}
	if err := blobtest.Increment(t.Context(), again, "log/count", 1); err != nil {
		t.Error(err)
	}
}

// TestSwapWaits: who waits for the lock of a process that has stopped can be
// cancelled, and the next who waits gets it.
func TestSwapWaits(t *testing.T) {
	root := t.TempDir()
	s := openTest(t, root, Config{})
	unlock, err := s.lockNames(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		_, err := s.Swap(ctx, "cell", "", []byte("x"))
		failed <- err
	}()
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("swap, cancelled while the lock is held: %v", err)
	}
	done := make(chan error)
	go func() {
		_, err := s.Swap(t.Context(), "cell", "", []byte("y"))
		done <- err
	}()
	unlock()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestCellPermissions(t *testing.T) {
	root := filepath.Join(t.TempDir(), "a")
	if err := os.Mkdir(root, 0o700); err != nil {
		t.Fatal(err)
	}
	s := openTest(t, root, Config{})
	version := ""
	for _, b := range []string{"one", "two"} {
		var err error
		if version, err = s.Swap(t.Context(), "log/cell", version, []byte(b)); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(root, "log/cell"))
		if err != nil || info.Mode().Perm() != 0o400 {
			t.Errorf("the cell has the mode %v, error %v", info.Mode(), err)
		}
	}
}

// TestCellStrangers: what isn't a plain file isn't replaced.
func TestCellStrangers(t *testing.T) {
	root := t.TempDir()
	s := openTest(t, root, Config{})
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(root, "dir"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(root, "fifo"), 0o600); err != nil {
		t.Skip(err)
	}
	for link, target := range map[string]string{"link": outside, "dangling": outside + "2", "away": filepath.Dir(outside)} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Skip(err)
		}
	}
	for _, key := range []string{"dir", "fifo", "link", "dangling", "away/outside", "away/new"} {
		if _, err := s.Swap(t.Context(), key, "", []byte("y")); err == nil {
			t.Errorf("swap %s succeeds", key)
		}
		if _, _, err := s.Load(t.Context(), key); err == nil {
			t.Errorf("load %s succeeds", key)
		}
	}
	if b, err := os.ReadFile(outside); err != nil || string(b) != "x" {
		t.Errorf("the file outside holds %q, error %v", b, err)
	}
	big := filepath.Join(root, "big")
	if err := os.WriteFile(big, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(big, blob.MaxCell+1); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Load(t.Context(), "big"); !errors.Is(err, blob.ErrCellSize) {
		t.Errorf("load of a huge file: %v, want %v", err, blob.ErrCellSize)
	}
	if _, err := s.Swap(t.Context(), "big", strings.Repeat("0", 64), nil); err == nil {
		t.Error("swap of a huge file succeeds")
	}
}
