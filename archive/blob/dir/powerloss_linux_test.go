package dir

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
)

// sector is what a disk writes whole or not at all, in bytes.
const sector = 512

// A disk knows what of a directory tree is durable: the bytes that files had when
// they were synced last, and the names that directories had. Everything else a
// power cut may leave as it was or as it is, each name and each sector for itself.
type disk struct {
	t    *testing.T
	root string

	files map[uint64][]byte            // inode -> its durable bytes
	dirs  map[uint64]map[string]uint64 // inode -> its durable entries
	seen  map[uint64]node              // every inode as it was seen last
	held  []*os.File                   // keep the numbers of inodes from being used again

	moment func(what string)
}

// node is a file or a directory.
type node struct {
	dir     bool
	data    []byte
	entries map[string]uint64
}

func newDisk(t *testing.T, root string) *disk {
	d := &disk{t: t, root: root, files: map[uint64][]byte{}, dirs: map[uint64]map[string]uint64{}, seen: map[uint64]node{}}
	t.Cleanup(func() {
		for _, f := range d.held {
			f.Close()
		}
	})
	return d
}

func inode(t *testing.T, info os.FileInfo) uint64 {
	t.Helper()
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		t.Fatal("no inode numbers")
	}
	return st.Ino
}

// look takes in the whole tree as it is, and returns the inode of its root.
func (d *disk) look() uint64 { return d.lookAt(d.root) }

func (d *disk) lookAt(path string) uint64 {
	d.t.Helper()
	info, err := os.Lstat(path)
	d.must(err)
	ino := inode(d.t, info)
	if !info.IsDir() {
		data, err := os.ReadFile(path)
		d.must(err)
		d.seen[ino] = node{data: data}
		return ino
	}
	n := node{dir: true, entries: map[string]uint64{}}
	list, err := os.ReadDir(path)
	d.must(err)
	for _, e := range list {
		n.entries[e.Name()] = d.lookAt(filepath.Join(path, e.Name()))
	}
	d.seen[ino] = n
	return ino
}

func (d *disk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// hold returns a descriptor of its own for an open file, which stays open.
func (d *disk) hold(f *os.File) (*os.File, uint64) {
	own, err := os.Open("/proc/self/fd/" + strconv.Itoa(int(f.Fd())))
	d.must(err)
	d.held = append(d.held, own)
	info, err := own.Stat()
	d.must(err)
	return own, inode(d.t, info)
}

// file is fsync of a file: what it held when that began is durable when it ends.
func (d *disk) file(f *os.File) error {
	d.moment("before a file is synced")
	own, ino := d.hold(f)
	data, err := io.ReadAll(own)
	d.must(err)
	d.files[ino] = data
	d.seen[ino] = node{data: data}
	d.moment("after a file is synced")
	return nil
}

// dir is fsync of a directory.
func (d *disk) dir(f *os.File) error {
	d.moment("before a directory is synced")
	_, ino := d.hold(f)
	d.look()
	d.dirs[ino] = maps.Clone(d.seen[ino].entries)
	d.moment("after a directory is synced")
	return nil
}

// A wholeDisk is a [durable] that syncs everything at once, as syncfs does.
type wholeDisk struct{ *disk }

func (w wholeDisk) bytes(f *os.File) error {
	w.moment("before everything is synced")
	w.look()
	if f != nil { // it may not have a name yet
		own, ino := w.hold(f)
		data, err := io.ReadAll(own)
		w.must(err)
		w.seen[ino] = node{data: data}
	}
	for ino, n := range w.seen {
		if n.dir {
			w.dirs[ino] = maps.Clone(n.entries)
		} else {
			w.files[ino] = n.data
		}
	}
	w.moment("after everything is synced")
	return nil
}

func (w wholeDisk) names(string) error { return w.bytes(nil) }
func (w wholeDisk) close() error       { return nil }

// cut makes at path what a power cut at this moment may leave, by chance.
func (d *disk) cut(rng *rand.Rand, path string) {
	d.t.Helper()
	d.leave(rng, d.look(), path)
}

func (d *disk) leave(rng *rand.Rand, ino uint64, path string) {
	d.t.Helper()
	n := d.seen[ino]
	if !n.dir {
		d.must(os.WriteFile(path, d.torn(rng, d.files[ino], n.data), 0o600))
		return
	}
	if err := os.Mkdir(path, 0o700); !errors.Is(err, os.ErrExist) {
		d.must(err)
	}
	names := slices.Collect(maps.Keys(n.entries))
	for name := range d.dirs[ino] {
		if _, ok := n.entries[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		entry := d.dirs[ino][name]
		if rng.IntN(2) == 0 {
			entry = n.entries[name]
		}
		if entry != 0 {
			d.leave(rng, entry, filepath.Join(path, name))
		}
	}
}

// torn mixes what is durable of a file with what was written since, sector by
// sector, and is as long as either or anything between.
func (d *disk) torn(rng *rand.Rand, durable, now []byte) []byte {
	if bytes.Equal(durable, now) {
		return now
	}
	short, long := min(len(durable), len(now)), max(len(durable), len(now))
	out := make([]byte, short+rng.IntN(long-short+1))
	for at := 0; at < len(out); at += sector {
		from := [][]byte{durable, now, nil}[rng.IntN(3)]
		copy(out[at:min(at+sector, len(out))], from[min(at, len(from)):])
	}
	return out
}

// promises are what a store has acknowledged, and what is under way.
type promises struct {
	objects map[string][]byte
	cells   map[string][]byte
	aside   map[string][]byte // key -> what was set aside from there

	trying string // the key of what is under way
	data   []byte // its bytes; nil when it is to be set aside
}

// holds checks that a store keeps its promises after a power cut, and goes on.
func (p *promises) holds(t *testing.T, path string) error {
	s, err := Open(path, Config{Sync: SyncFiles})
	if err != nil {
		return err
	}
	defer s.Close()
	s.durable = instantly{} // the power stays now
	for key, want := range p.objects {
		if got, err := stored(t, s, key); err != nil || !bytes.Equal(got, want) {
			if key == p.trying && p.data == nil && errors.Is(err, blob.ErrNotExist) {
				continue // it is being set aside
			}
			return fmt.Errorf("%s was put and is %d bytes, %w", key, len(got), err)
		}
	}
	for key, want := range p.cells {
		got, version, err := s.Load(t.Context(), key)
		if err != nil || !bytes.Equal(got, want) && (key != p.trying || !bytes.Equal(got, p.data)) {
			return fmt.Errorf("the cell %s is %d bytes, neither the old nor the new, %w", key, len(got), err)
		}
		if _, err := s.Swap(t.Context(), key, version, []byte("next")); err != nil {
			return err
		}
	}
	for key, want := range p.aside {
		if err := p.somewhere(t, s, key, want); err != nil {
			return err
		}
	}
	if p.trying != "" && p.data == nil {
		if err := p.somewhere(t, s, p.trying, p.objects[p.trying]); err != nil {
			return err
		}
	}
	return p.nothingElse(t, s)
}

// somewhere checks that what was set aside is whole, there or where it was.
func (p *promises) somewhere(t *testing.T, s *Store, key string, want []byte) error {
	to, err := blob.QuarantineKey(key, 1)
	if err != nil {
		return err
	}
	if got, err := stored(t, s, to); err == nil && bytes.Equal(got, want) {
		return nil
	}
	if got, err := stored(t, s, key); err != nil || !bytes.Equal(got, want) {
		return fmt.Errorf("%s was set aside and is nowhere, %w", key, err)
	}
	return nil
}

// nothingElse checks that everything that is visible is whole.
func (p *promises) nothingElse(t *testing.T, s *Store) error {
	for info, err := range s.List(t.Context(), "") {
		if err != nil {
			return err
		}
		got, err := stored(t, s, info.Key)
		if err != nil {
			return err
		}
		fits := info.Key == p.trying && bytes.Equal(got, p.data) || string(got) == "next"
		for key, want := range p.objects {
			to, _ := blob.QuarantineKey(key, 1)
			fits = fits || bytes.Equal(got, want) && (info.Key == key || info.Key == to && key == p.trying)
		}
		for key, want := range p.aside {
			to, _ := blob.QuarantineKey(key, 1)
			fits = fits || bytes.Equal(got, want) && (info.Key == key && p.objects[key] == nil || info.Key == to)
		}
		if !fits {
			return fmt.Errorf("%s has %d bytes that nobody has put there", info.Key, len(got))
		}
	}
	return nil
}

// instantly is a [durable] for when nothing is cut any more.
type instantly struct{}

func (instantly) bytes(*os.File) error { return nil }
func (instantly) names(string) error   { return nil }
func (instantly) close() error         { return nil }

func stored(t *testing.T, s *Store, key string) ([]byte, error) {
	r, err := s.Open(t.Context(), key, 0, -1)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// TestPowerLoss cuts the power before and after every sync of a random sequence
// of puts, swaps and quarantines, and looks at some of the states that this may
// leave: bytes that were not synced are lost, torn at 512 bytes or mixed, and names
// that were not synced are there or not, each for itself.
func TestPowerLoss(t *testing.T) {
	seeds, states := 1, 2
	if os.Getenv("IBID_PROOF") == "full" {
		seeds, states = 100, 10
	}
	first := uint64(1)
	if text := os.Getenv("IBID_PROOF_SEED"); text != "" {
		var err error
		if first, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	var mu sync.Mutex
	moments, cuts := 0, 0
	t.Run("all", func(t *testing.T) {
		for name, open := range stores {
			for seed := first; seed < first+uint64(seeds); seed++ {
				for _, whole := range []bool{false, true} {
					t.Run(fmt.Sprintf("%s/%d/%v", name, seed, whole), func(t *testing.T) {
						t.Parallel()
						m := powerLoss(t, open(t), name != "nolinks", whole, seed, states)
						mu.Lock()
						defer mu.Unlock()
						moments, cuts = moments+m, cuts+m*states
					})
				}
			}
		}
	})
	t.Logf("%d moments, %d power cuts, from IBID_PROOF_SEED=%d", moments, cuts, first)
}

func powerLoss(t *testing.T, s *Store, links, whole bool, seed uint64, states int) (moments int) {
	d := newDisk(t, s.root.Name())
	p := &promises{objects: map[string][]byte{}, cells: map[string][]byte{}, aside: map[string][]byte{}}
	rng := rand.New(rand.NewPCG(seed, 5))
	after := blobtest.MemoryDir(t)
	d.moment = func(what string) {
		moments++
		for n := range states {
			path := filepath.Join(after, strconv.Itoa(moments)+"-"+strconv.Itoa(n))
			d.cut(rng, path)
			if err := p.holds(t, path); err != nil {
				t.Fatalf("seed %d, moment %d, %s, while %q was under way: %v", seed, moments, what, p.trying, err)
			}
			d.must(os.RemoveAll(path))
		}
	}
	s.durable = wholeDisk{d}
	if !whole {
		files := newSyncFiles(s.root)
		files.file, files.dir = d.file, d.dir
		s.durable = files
	}
	for n := range 10 {
		p.step(t, s, rng, n, links)
		p.trying, p.data = "", nil
		d.moment("after a call has returned")
	}
	return moments
}

// step makes one random call of the store.
func (p *promises) step(t *testing.T, s *Store, rng *rand.Rand, n int, links bool) {
	body := make([]byte, rng.IntN(3*sector))
	for i := range body {
		body[i] = byte(1 + rng.IntN(255))
	}
	body = slices.Concat(body, []byte(fmt.Sprintf("-%d", n))) // no two are the same
	kind := rng.IntN(6)
	key := fmt.Sprintf("captures/%02d/%d", rng.IntN(3), n)
	var err error
	switch {
	case kind < 3:
		o := blob.Bytes(body)
		if kind == 0 {
			o.File = filepath.Join(s.TempDir(), strconv.Itoa(n))
			if err := os.WriteFile(o.File, body, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		p.trying, p.data = key, body
		if err = s.Put(t.Context(), key, o); err == nil {
			p.objects[key] = body
			delete(p.aside, key)
		}
	case kind == 3 && len(p.objects) > 0 && links:
		// Without links it is a rename over two directories, which has to be one
		// step for the file system, too.
		key = slices.Sorted(maps.Keys(p.objects))[rng.IntN(len(p.objects))]
		p.trying, p.data = key, nil
		if _, err = s.Quarantine(t.Context(), key); err == nil {
			p.aside[key] = p.objects[key]
			delete(p.objects, key)
		}
	default:
		key = fmt.Sprintf("log/cell-%d", rng.IntN(2))
		old := ""
		if was, ok := p.cells[key]; ok {
			old = versionOf(was)
		}
		p.trying, p.data = key, body
		if _, err = s.Swap(t.Context(), key, old, body); err == nil {
			p.cells[key] = body
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}
