//go:build unix

package dir

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive/blob"
)

// putterEnv tells the test binary to be the process that is killed.
const putterEnv = "IBID_TEST_PUTTER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(putterEnv); dir != "" {
		putForever(dir)
	}
	if dir := os.Getenv(counterEnv); dir != "" {
		count(dir)
	}
	os.Exit(m.Run())
}

// putForever puts objects from several goroutines, named by their SHA-256, and prints
// each key when it is durable.
func putForever(dir string) {
	s, err := Open(dir, Config{})
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	for i := range 8 {
		go func() {
			rng := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), uint64(i)))
			for n := 0; ; n++ {
				body := make([]byte, rng.IntN(100_000))
				for j := range body {
					body[j] = byte(rng.Uint32())
				}
				o := blob.Bytes(body)
				if n%2 == 0 {
					o.File = filepath.Join(s.TempDir(), fmt.Sprintf("%d-%d", i, n))
					if err := os.WriteFile(o.File, body, 0o600); err != nil {
						fmt.Println("error:", err)
					}
				}
				key := fmt.Sprintf("captures/%02x/%x", o.SHA256[0], o.SHA256)
				if err := s.Put(context.Background(), key, o); err != nil {
					fmt.Println("error:", err)
				}
				fmt.Println(key)
			}
		}()
	}
	select {}
}

// TestKill kills a process that puts, and looks at what it leaves.
func TestKill(t *testing.T) {
	root := t.TempDir()
	alive := openTest(t, root, Config{})
	spool := filepath.Join(alive.TempDir(), "spool")
	if err := os.WriteFile(spool, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	acknowledged := map[string]bool{}
	for round := range 5 {
		killPutter(t, root, round, acknowledged)
		if n := sessions(t, root); n < 2 {
			t.Errorf("round %d: %d sessions after the kill, want that of the dead process, too", round, n)
		}
		s, err := Open(root, Config{})
		if err != nil {
			t.Fatal(err)
		}
		if n := sessions(t, root); n != 2 {
			t.Errorf("round %d: %d sessions after opening again, want the two of the living", round, n)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(spool); err != nil {
		t.Errorf("a file of a living store was swept: %v", err)
	}
	found := 0
	for info, err := range alive.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(root, info.Key))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(b)
		if hex.EncodeToString(sum[:]) != path.Base(info.Key) {
			t.Errorf("%s has %d bytes that hash to %x", info.Key, len(b), sum)
		}
		if acknowledged[info.Key] {
			found++
		}
	}
	if found != len(acknowledged) || found == 0 {
		t.Errorf("%d of %d acknowledged objects are there", found, len(acknowledged))
	}
}

// killPutter runs putForever for a moment and collects what it acknowledged.
func killPutter(t *testing.T, root string, round int, acknowledged map[string]bool) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), putterEnv+"="+root)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		if n == 20+7*round {
			if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
				t.Error(err)
			}
		}
		if line := lines.Text(); strings.HasPrefix(line, "error:") {
			t.Error(line)
		} else if len(path.Base(line)) == 64 { // the last line may be cut
			acknowledged[line] = true
		}
	}
	_ = cmd.Wait() // "killed"
}

// sessions counts the locks below tmp.
func sessions(t *testing.T, root string) int {
	t.Helper()
	locks, err := filepath.Glob(filepath.Join(root, tmp, "*"+lockSuffix))
	if err != nil {
		t.Fatal(err)
	}
	return len(locks)
}

func TestPermissions(t *testing.T) {
	for root, want := range map[fs.FileMode][2]fs.FileMode{0o700: {0o700, 0o400}, 0o755: {0o755, 0o444}, 0o750: {0o750, 0o440}} {
		for name, open := range stores {
			s := open(t)
			dir := filepath.Join(t.TempDir(), "a")
			if err := os.Mkdir(dir, 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(dir, root); err != nil {
				t.Fatal(err)
			}
			links, anonymous := s.links, s.anonymous
			s = openTest(t, dir, Config{})
			s.links, s.anonymous = links, anonymous
			o := blob.Bytes([]byte("x"))
			if err := s.Put(t.Context(), "b/copied", o); err != nil {
				t.Fatal(err)
			}
			o.File = filepath.Join(s.TempDir(), "f")
			if err := os.WriteFile(o.File, []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := s.Put(t.Context(), "b/linked", o); err != nil {
				t.Fatal(err)
			}
			for path, want := range map[string]fs.FileMode{"b": want[0], "b/copied": want[1], "b/linked": want[1]} {
				info, err := os.Stat(filepath.Join(dir, path))
				if err != nil || info.Mode().Perm() != want {
					t.Errorf("%s, root %v: %s has mode %v, error %v; want %v", name, root, path, info.Mode().Perm(), err, want)
				}
			}
		}
	}
}

// TestFIFO: a special file under a key must not block.
func TestFIFO(t *testing.T) {
	root := t.TempDir()
	s := openTest(t, root, Config{})
	if err := syscall.Mkfifo(filepath.Join(root, "fifo"), 0o600); err != nil {
		t.Skip(err)
	}
	if r, err := s.Open(t.Context(), "fifo", 0, -1); err == nil {
		r.Close()
		t.Error("open of a FIFO succeeds")
	}
	if err := s.Put(t.Context(), "fifo", blob.Bytes(nil)); err == nil {
		t.Error("put over a FIFO succeeds")
	}
}
