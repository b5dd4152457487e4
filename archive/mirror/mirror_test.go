package mirror

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
	"github.com/ibid-archive/ibid/archive/blob/dir"
	"github.com/ibid-archive/ibid/archive/blob/s3"
)

// full is a store as the program has it.
type full interface {
	blob.Store
	blob.Cells
	blob.Quarantiner
}

func openDir(t testing.TB) (*dir.Store, string) {
	t.Helper()
	root := blobtest.MemoryDir(t)
	s, err := dir.Open(root, dir.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, root
}

func openBucket(t testing.TB) *s3.Store {
	t.Helper()
	server := blobtest.S3Server(t)
	s, _, err := s3.Open(t.Context(), s3.Config{
		Bucket: server.Bucket, Endpoint: server.Endpoint, Region: server.Region, Insecure: true,
		Credentials: credentials.NewStaticV4(server.AccessKey, server.SecretKey, ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func named(kind string, b []byte) string {
	sum := sha256.Sum256(b)
	name := hex.EncodeToString(sum[:])
	return kind + "/" + name[:2] + "/" + name + ".warc.gz"
}

func put(t testing.TB, s blob.Store, key string, b []byte) {
	t.Helper()
	if err := s.Put(t.Context(), key, blob.Bytes(b)); err != nil {
		t.Fatal(err)
	}
}

func swap(t testing.TB, s blob.Cells, key, data string) {
	t.Helper()
	_, version, err := s.Load(t.Context(), key)
	if err != nil && !errors.Is(err, blob.ErrNotExist) {
		t.Fatal(err)
	}
	if _, err := s.Swap(t.Context(), key, version, []byte(data)); err != nil {
		t.Fatal(err)
	}
}

func checkpoint(size int, root string) string {
	return fmt.Sprintf("test.invalid/log\n%d\n%s\n\n— test.invalid/log AAAA\n", size, root)
}

// fill puts an archive of n captures into s, one of them larger than what is
// held in memory, with a log of n entries and what is beside it.
func fill(t testing.TB, s full, n int) (keys []string) {
	t.Helper()
	for i := range n {
		b := []byte(strings.Repeat(fmt.Sprintf("capture %d\n", i), 1+i*10))
		if i == 1 && n > 8 {
			b = bytes.Repeat(b, 1+3*memory/len(b)/2)
		}
		keys = append(keys, named("captures", b))
		put(t, s, keys[i], b)
		put(t, s, fmt.Sprintf("log/tile/entries/000.p/%d", i+1), []byte(fmt.Sprint("entries up to ", i)))
	}
	put(t, s, named("reports", []byte("report")), []byte("report"))
	put(t, s, "events/fixity/1.json", []byte("{}"))
	put(t, s, "quarantine/captures/x.1", []byte("damaged"))
	put(t, s, "captures/notes.txt", []byte("stray"))
	swap(t, s, headCell, fmt.Sprint("head ", n))
	swap(t, s, checkpointCell, checkpoint(n, "root"+fmt.Sprint(n)))
	return keys
}

// contents are the bytes of all objects.
func contents(t testing.TB, s blob.Store) map[string]string {
	t.Helper()
	all := map[string]string{}
	for info, err := range s.List(context.Background(), "") {
		if err != nil {
			t.Fatal(err)
		}
		rc, err := s.Open(context.Background(), info.Key, 0, -1)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		rc.Close()
		all[info.Key] = string(b)
	}
	return all
}

// copied are the contents that a copy has to have.
func copied(t testing.TB, s blob.Store) map[string]string {
	all := contents(t, s)
	maps.DeleteFunc(all, func(key, _ string) bool {
		return strings.HasPrefix(key, "quarantine/") || strings.HasSuffix(key, ".txt") || strings.HasPrefix(key, "probe/")
	})
	return all
}

// stores runs a test from each kind of store to each.
func stores(t *testing.T, test func(t *testing.T, to, from full)) {
	open := map[string]func(t testing.TB) full{
		"dir": func(t testing.TB) full { s, _ := openDir(t); return s },
		"s3":  func(t testing.TB) full { return openBucket(t) },
	}
	for from, openFrom := range open {
		for to, openTo := range open {
			t.Run(from+" to "+to, func(t *testing.T) { test(t, openTo(t), openFrom(t)) })
		}
	}
}

func TestCopy(t *testing.T) {
	stores(t, func(t *testing.T, to, from full) {
		fill(t, from, 12)
		dry, err := Copy(t.Context(), to, from, Config{DryRun: true})
		if err != nil || len(copied(t, to)) != 0 {
			t.Fatalf("a dry run: %v, %d objects", err, len(copied(t, to)))
		}
		r, err := Copy(t.Context(), to, from, Config{Workers: 3})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(copied(t, from), copied(t, to)); diff != "" {
			t.Errorf("the copy differs (-source +copy):\n%s", diff)
		}
		if diff := cmp.Diff(dry, r); diff != "" {
			t.Errorf("the dry run said otherwise (-dry +done):\n%s", diff)
		}
		if r.Copied != 26 || len(r.Problems) != 0 || !slices.Equal(r.Cells, cells[:]) {
			t.Errorf("%+v", r)
		}
		// More, then the same again.
		fill2 := []byte("one more")
		put(t, from, named("captures", fill2), fill2)
		swap(t, from, headCell, "head 13")
		swap(t, from, checkpointCell, checkpoint(13, "root13"))
		if r, err := Copy(t.Context(), to, from, Config{}); err != nil || r.Copied != 1 || len(r.Cells) != 2 {
			t.Errorf("%+v, %v", r, err)
		}
		for _, verify := range []bool{false, true} {
			if r, err := Copy(t.Context(), to, from, Config{Verify: verify}); err != nil || r.Copied != 0 || len(r.Cells) != 0 || len(r.Problems) != 0 {
				t.Errorf("again, verify %v: %+v, %v", verify, r, err)
			}
		}
	})
}

// TestCopyNeverBackwards: a target whose log is not an earlier state of the
// source's is refused, and stays as it is.
func TestCopyNeverBackwards(t *testing.T) {
	for name, test := range map[string]struct {
		change func(t *testing.T, to, from *dir.Store)
		want   error
	}{
		"ahead":        {func(t *testing.T, to, _ *dir.Store) { swap(t, to, checkpointCell, checkpoint(9, "root9")) }, ErrAhead},
		"same size":    {func(t *testing.T, to, _ *dir.Store) { swap(t, to, checkpointCell, checkpoint(3, "other")) }, ErrForked},
		"another log":  {func(t *testing.T, to, _ *dir.Store) { swap(t, to, checkpointCell, "x\n1\nroot\n\n") }, ErrForked},
		"source empty": {func(t *testing.T, to, _ *dir.Store) { swap(t, to, checkpointCell, checkpoint(0, "root")) }, nil},
		"another tile": {func(t *testing.T, to, _ *dir.Store) {
			put(t, to, "log/tile/entries/000.p/2", []byte("entries up to Q"))
		}, ErrForked},
		"shorter tile":  {func(t *testing.T, to, _ *dir.Store) { put(t, to, "log/tile/entries/000.p/2", []byte("e")) }, ErrForked},
		"an older copy": {func(t *testing.T, to, _ *dir.Store) { swap(t, to, checkpointCell, checkpoint(1, "root1")) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			from, _ := openDir(t)
			to, _ := openDir(t)
			fill(t, from, 3)
			test.change(t, to, from)
			before, _, _ := to.Load(t.Context(), checkpointCell)
			_, err := Copy(t.Context(), to, from, Config{})
			if !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
				t.Fatalf("error %v, want %v", err, test.want)
			}
			after, _, _ := to.Load(t.Context(), checkpointCell)
			if test.want != nil && !bytes.Equal(before, after) {
				t.Errorf("the checkpoint became %q", after)
			}
		})
	}
	from, _ := openDir(t)
	to, _ := openDir(t)
	fill(t, to, 3)
	if _, err := Copy(t.Context(), to, from, Config{}); !errors.Is(err, ErrAhead) {
		t.Errorf("from a store without a log: %v", err)
	}
	for _, bad := range []string{"", "x", "x\n", "x\n-1\nr\n\n", "x\n01\nr\n\n", "x\n1\n\n\n", strings.Repeat("x", 5000)} {
		from, _ := openDir(t)
		swap(t, from, checkpointCell, bad)
		to, _ := openDir(t)
		if _, err := Copy(t.Context(), to, from, Config{}); err == nil {
			t.Errorf("a checkpoint of %.20q was copied", bad)
		}
	}
}

// TestCopyFaults fails every call of either store, before and after it. What is
// there then is good, the cells come last, and another run completes it.
func TestCopyFaults(t *testing.T) {
	from, _ := openDir(t)
	fill(t, from, 1)
	want := copied(t, from)
	for _, side := range []string{"source", "target"} {
		for _, op := range []blobtest.Op{blobtest.OpPut, blobtest.OpOpen, blobtest.OpList, blobtest.OpLoad, blobtest.OpSwap} {
			for _, when := range []blobtest.Moment{blobtest.Before, blobtest.After} {
				for n := 1; ; n++ {
					to, _ := openDir(t)
					source, target := Store(from), Store(to)
					faulty := blobtest.NewFaulty(from, blobtest.Fault{Op: op, N: n, When: when, Cut: true})
					if side == "target" {
						faulty = blobtest.NewFaulty(to, blobtest.Fault{Op: op, N: n, When: when, Cut: true})
						target = faulty
					} else {
						source = faulty
					}
					_, err := Copy(t.Context(), target, source, Config{Workers: 1})
					if faulty.Calls(op) < n {
						break
					}
					if err == nil {
						t.Errorf("%s, %s call %d, %s: no error", side, op, n, when)
					}
					got := copied(t, to)
					for key, b := range got {
						if want[key] != b {
							t.Errorf("%s, %s call %d, %s: %s is other than in the source", side, op, n, when, key)
						}
					}
					if _, ok := got[checkpointCell]; ok && len(got) != len(want) {
						t.Errorf("%s, %s call %d, %s: a checkpoint over %d of %d objects", side, op, n, when, len(got), len(want))
					}
					if _, err := Copy(t.Context(), to, from, Config{}); err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(want, copied(t, to)); diff != "" {
						t.Errorf("%s, %s call %d, %s: after another run (-source +copy):\n%s", side, op, n, when, diff)
					}
				}
			}
		}
	}
}

// damage changes files of a directory behind its store's back, and returns which
// keys are not sound then.
func damage(t *testing.T, root string, keys []string) (bad []string) {
	t.Helper()
	path := func(i int) string { return filepath.Join(root, filepath.FromSlash(keys[i])) }
	read := func(i int) []byte {
		b, err := os.ReadFile(path(i))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	write := func(i int, b []byte) {
		if err := os.Remove(path(i)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path(i), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	flipped := bytes.Clone(read(1))
	flipped[len(flipped)/2] ^= 1
	write(1, flipped)
	write(2, read(2)[:5])
	write(3, nil)
	if err := os.Remove(path(4)); err != nil {
		t.Fatal(err)
	}
	a, b := read(5), read(6)
	write(5, b)
	write(6, a)
	write(7, append(bytes.Clone(read(7)), "more"...))
	return slices.Sorted(slices.Values(keys[1:8]))
}

func TestRepair(t *testing.T) {
	for _, kind := range []string{"dir", "s3"} {
		t.Run("from "+kind, func(t *testing.T) {
			to, root := openDir(t)
			good := full(nil)
			if kind == "s3" {
				good = openBucket(t)
			} else {
				good, _ = openDir(t)
			}
			keys := fill(t, to, 10)
			want := contents(t, to)
			if _, err := Copy(t.Context(), good, to, Config{}); err != nil {
				t.Fatal(err)
			}
			bad := damage(t, root, keys)
			damaged := contents(t, to)
			missing, err := Missing(t.Context(), to, good)
			if err != nil || !slices.Equal(missing, []string{keys[4]}) {
				t.Fatalf("missing %v, %v", missing, err)
			}
			// A sound one is left alone, a stray one is no business of a repair.
			ask := append(slices.Clone(bad), keys[0], keys[1], "captures/notes.txt")
			dry, err := Repair(t.Context(), to, good, ask, Config{DryRun: true})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(damaged, contents(t, to)); diff != "" {
				t.Fatalf("a dry run changed something:\n%s", diff)
			}
			r, err := Repair(t.Context(), to, good, ask, Config{TempDir: to.TempDir()})
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Restored) != len(bad) || len(dry.Restored) != len(bad) || len(r.Problems) != 1 {
				t.Errorf("restored %d of %d, %+v", len(r.Restored), len(bad), r.Problems)
			}
			got := contents(t, to)
			for _, o := range r.Restored {
				was := damaged[o.Key]
				if o.Key == keys[4] {
					if o.Was != "missing" || o.Quarantine != "" {
						t.Errorf("%+v", o)
					}
					continue
				}
				if set, ok := got[o.Quarantine]; !ok || set != was || o.Was != "damaged" {
					t.Errorf("%+v: what was damaged is not kept", o)
				}
				delete(got, o.Quarantine)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("not as it was (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRepairCannot(t *testing.T) {
	to, root := openDir(t)
	good, goodRoot := openDir(t)
	keys := fill(t, to, 10)
	if _, err := Copy(t.Context(), good, to, Config{}); err != nil {
		t.Fatal(err)
	}
	damage(t, root, keys)
	bad := damage(t, goodRoot, keys) // missing in both: not known at all
	before := contents(t, to)
	r, err := Repair(t.Context(), to, good, bad, Config{})
	if err != nil || len(r.Restored) != 0 || len(r.Problems) != len(bad) {
		t.Errorf("%+v, %v", r, err)
	}
	if diff := cmp.Diff(before, contents(t, to)); diff != "" {
		t.Errorf("something was changed:\n%s", diff)
	}
}

// TestRepairLog: tiles come back from the copy, cells do not.
func TestRepairLog(t *testing.T) {
	to, root := openDir(t)
	good, _ := openDir(t)
	fill(t, to, 3)
	want := contents(t, to)
	if _, err := Copy(t.Context(), good, to, Config{}); err != nil {
		t.Fatal(err)
	}
	altered, gone, sound := "log/tile/entries/000.p/1", "log/tile/entries/000.p/2", "log/tile/entries/000.p/3"
	path := filepath.Join(root, filepath.FromSlash(altered))
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("altered"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(root, filepath.FromSlash(gone))); err != nil {
		t.Fatal(err)
	}
	r, err := Repair(t.Context(), to, good, []string{altered, gone, sound, checkpointCell, headCell}, Config{})
	if err != nil || len(r.Restored) != 2 || len(r.Problems) != 3 {
		t.Fatalf("%+v, %v", r, err)
	}
	got := contents(t, to)
	if got[r.Restored[0].Quarantine] != "altered" {
		t.Errorf("what was damaged is not kept: %+v", r.Restored[0])
	}
	delete(got, r.Restored[0].Quarantine)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("not as it was (-want +got):\n%s", diff)
	}
}

// TestRepairFaults: whatever fails, the good copy or the damaged object is there,
// and another run completes the repair.
func TestRepairFaults(t *testing.T) {
	sound, _ := openDir(t)
	keys := fill(t, sound, 8)
	want := contents(t, sound)
	// The same files in fresh directories, without the time that puts take.
	reopen := func() (*dir.Store, string) {
		root := blobtest.MemoryDir(t)
		for key, b := range want {
			path := filepath.Join(root, filepath.FromSlash(key))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(b), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s, err := dir.Open(root, dir.Config{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s, root
	}
	for _, op := range []blobtest.Op{blobtest.OpPut, blobtest.OpQuarantine, blobtest.OpOpen} {
		for _, when := range []blobtest.Moment{blobtest.Before, blobtest.After} {
			for n := 1; ; n++ {
				to, root := reopen()
				bad := damage(t, root, keys)
				good := sound
				faulty := blobtest.NewFaulty(to, blobtest.Fault{Op: op, N: n, When: when, Cut: true})
				_, err := Repair(t.Context(), faulty, good, bad, Config{})
				if faulty.Calls(op) < n {
					break
				}
				if err == nil {
					t.Errorf("%s call %d, %s: no error", op, n, when)
				}
				if _, err := Repair(t.Context(), to, good, bad, Config{}); err != nil {
					t.Fatal(err)
				}
				got := contents(t, to)
				maps.DeleteFunc(got, func(key, _ string) bool { return strings.HasPrefix(key, "quarantine/captures/") && want[key] == "" })
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s call %d, %s: not as it was (-want +got):\n%s", op, n, when, diff)
				}
			}
		}
	}
}
