package wacz

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"testing"
)

// sparse is a file that is zero but for some pieces.
type sparse struct {
	size   int64
	pieces map[int64][]byte
}

func (s *sparse) put(b []byte) {
	s.pieces[s.size] = b
	s.size += int64(len(b))
}

func (s *sparse) ReadAt(p []byte, at int64) (int, error) {
	if at >= s.size {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), s.size-at))
	clear(p[:n])
	for start, b := range s.pieces {
		if from, to := max(start, at), min(start+int64(len(b)), at+int64(n)); from < to {
			copy(p[from-at:to-at], b[from-start:to-start])
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// large returns a package without content: files of these sizes, as headers of
// ours describe them.
func large(sizes ...int64) (*sparse, []*file) {
	s := &sparse{pieces: map[int64][]byte{}}
	var files []*file
	for i, size := range sizes {
		f := &file{name: fmt.Sprintf("archive/%d.warc", i), size: size, offset: s.size, crc: 7}
		files = append(files, f)
		s.put(appendLocal(nil, f, created))
		s.size += size
	}
	start := s.size
	var dir []byte
	for _, f := range files {
		dir = appendCentral(dir, f, created)
	}
	s.put(dir)
	s.put(appendEnd(nil, int64(len(files)), int64(len(dir)), start))
	return s, files
}

// TestZip64 has packages that need wide sizes, wide places, both, and sizes at
// the very limit, read by us and by another reader of zip files.
func TestZip64(t *testing.T) {
	const limit = int64(max32)
	for _, sizes := range [][]int64{
		{5 << 30},
		{limit - 1, 1}, {limit, 1}, {limit + 1, 1},
		{limit - 1 - localSize - int64(len("archive/0.warc")), 9},
		{limit - localSize - int64(len("archive/0.warc")), 9},
		{1, 5 << 30, 2, 6 << 30, 3},
	} {
		s, files := large(sizes...)
		ps := &problems{step: StepStructure}
		d, err := readDirectory(s, s.size, Limits{}.withDefaults(), ps)
		if err != nil || d == nil || len(ps.list) > 0 {
			t.Fatalf("%v: %v, %v", sizes, err, ps.list)
		}
		z, err := zip.NewReader(s, s.size)
		if err != nil {
			t.Fatalf("%v: %v", sizes, err)
		}
		v := &validator{r: s, dir: d, info: &Info{Created: formatTime(created)}}
		if err := v.checkCanonical(); err != nil || len(v.ps.list) > 0 {
			t.Fatalf("%v: %v, %v", sizes, err, v.ps.list)
		}
		for i, e := range d.entries {
			if e.file != *files[i] {
				t.Errorf("%v: entry %d is %+v, want %+v", sizes, i, e.file, *files[i])
			}
			at, err := z.File[i].DataOffset()
			if err != nil || at != e.data || z.File[i].UncompressedSize64 != uint64(e.size) || z.File[i].Name != e.name {
				t.Errorf("%v: entry %d at %d, another reader says %d, %d bytes, %v", sizes, i, e.data, at, z.File[i].UncompressedSize64, err)
			}
		}
	}
}

// TestZip64Bytes changes every byte of the structure of a package that needs
// all wide fields.
func TestZip64Bytes(t *testing.T) {
	s, _ := large(1, 5<<30, 2)
	for start, b := range s.pieces {
		for i := range b {
			b[i] ^= 1
			ps := &problems{step: StepStructure}
			d, err := readDirectory(s, s.size, Limits{}.withDefaults(), ps)
			if err != nil {
				t.Fatal(err)
			}
			if d != nil && len(ps.list) == 0 {
				v := &validator{r: s, dir: d, info: &Info{Created: formatTime(created)}}
				if err := v.checkCanonical(); err != nil {
					t.Fatal(err)
				}
				// The checksum of content is compared when that is read.
				differs := false
				for _, e := range d.entries {
					differs = differs || e.crc != 7
				}
				if len(v.ps.list) == 0 && !differs {
					t.Errorf("byte %d changed: nothing was found", start+int64(i))
				}
			}
			b[i] ^= 1
		}
	}
}

// TestManyFiles needs a wide count of files.
func TestManyFiles(t *testing.T) {
	for _, n := range []int64{max16 - 1, max16, max16 + 1} {
		var b, dir []byte
		for i := range n {
			f := &file{name: fmt.Sprintf("f/%d", i), offset: int64(len(b))}
			b, dir = appendLocal(b, f, created), appendCentral(dir, f, created)
		}
		start := int64(len(b))
		b = appendEnd(append(b, dir...), n, int64(len(dir)), start)
		ps := &problems{step: StepStructure}
		d, err := readDirectory(bytes.NewReader(b), int64(len(b)), Limits{}.withDefaults(), ps)
		if err != nil || d == nil || int64(len(d.entries)) != n || len(ps.list) > 0 {
			t.Fatalf("%d files: %v, %v", n, err, ps.list)
		}
		if z, err := zip.NewReader(bytes.NewReader(b), int64(len(b))); err != nil || int64(len(z.File)) != n {
			t.Fatalf("%d files: another reader says %v", n, err)
		}
	}
}
