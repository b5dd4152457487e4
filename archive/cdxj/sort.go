package cdxj

import (
	"bufio"
	"bytes"
	"container/heap"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// DefaultMemory is how many bytes of lines a [Sorter] keeps in memory.
const DefaultMemory = 16 << 20

// Sorter sorts lines by bytes, as LC_ALL=C sort does, in bounded memory: what
// exceeds it goes to temporary files, in sorted runs that are merged at the end.
type Sorter struct {
	dir    string
	memory int
	text   []byte // the lines of the run in the making
	lines  [][2]int
	runs   []*os.File
	count  int64
}

// NewSorter returns a Sorter with temporary files in dir ("" for the system's)
// that holds about memory bytes of lines; 0 means [DefaultMemory].
func NewSorter(dir string, memory int) *Sorter {
	if memory <= 0 {
		memory = DefaultMemory
	}
	return &Sorter{dir: dir, memory: memory}
}

// Add adds a line.
func (s *Sorter) Add(l Line) error {
	start := len(s.text)
	text, err := Append(s.text, l)
	if err != nil {
		return err
	}
	s.text = text
	s.lines = append(s.lines, [2]int{start, len(text)})
	s.count++
	if len(s.text)+len(s.lines)*16 >= s.memory {
		return s.spill()
	}
	return nil
}

// Len is the number of lines that were added.
func (s *Sorter) Len() int64 { return s.count }

func (s *Sorter) spill() error {
	f, err := os.CreateTemp(s.dir, "ibid-cdxj-*")
	if err != nil {
		return fmt.Errorf("sort cdxj: %w", err)
	}
	s.runs = append(s.runs, f)
	w := bufio.NewWriterSize(f, 64<<10)
	if err := s.writeRun(w); err != nil {
		return fmt.Errorf("sort cdxj: %w", err)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("sort cdxj: %w", err)
	}
	s.text, s.lines = s.text[:0], s.lines[:0]
	return nil
}

// writeRun writes the lines in memory in order.
func (s *Sorter) writeRun(w io.Writer) error {
	slices.SortFunc(s.lines, func(a, b [2]int) int {
		return bytes.Compare(s.text[a[0]:a[1]], s.text[b[0]:b[1]])
	})
	for _, at := range s.lines {
		if _, err := w.Write(s.text[at[0]:at[1]]); err != nil {
			return err
		}
	}
	return nil
}

// WriteSorted writes all lines that were added, in order. It can be called
// again, and more lines can be added in between.
func (s *Sorter) WriteSorted(w io.Writer) error {
	if len(s.runs) == 0 {
		return s.writeRun(w)
	}
	if len(s.lines) > 0 {
		if err := s.spill(); err != nil {
			return err
		}
	}
	var h merge
	for _, f := range s.runs {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("sort cdxj: %w", err)
		}
		r := &run{in: bufio.NewReaderSize(f, 32<<10)}
		if more, err := r.next(); err != nil {
			return err
		} else if more {
			h = append(h, r)
		}
	}
	heap.Init(&h)
	for len(h) > 0 {
		if _, err := w.Write(h[0].line); err != nil {
			return err
		}
		more, err := h[0].next()
		if err != nil {
			return err
		}
		if more {
			heap.Fix(&h, 0)
		} else {
			heap.Pop(&h)
		}
	}
	return nil
}

// Close removes the temporary files.
func (s *Sorter) Close() error {
	var errs []error
	for _, f := range s.runs {
		errs = append(errs, f.Close(), os.Remove(f.Name()))
	}
	s.runs, s.text, s.lines = nil, nil, nil
	return errors.Join(errs...)
}

// run is a sorted temporary file that is being merged.
type run struct {
	in   *bufio.Reader
	line []byte
}

func (r *run) next() (more bool, err error) {
	r.line = r.line[:0]
	for {
		part, err := r.in.ReadSlice('\n')
		r.line = append(r.line, part...)
		switch {
		case err == nil:
			return true, nil
		case err == io.EOF:
			return len(r.line) > 0, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return false, fmt.Errorf("sort cdxj: %w", err)
		}
	}
}

type merge []*run

func (m merge) Len() int           { return len(m) }
func (m merge) Less(i, j int) bool { return bytes.Compare(m[i].line, m[j].line) < 0 }
func (m merge) Swap(i, j int)      { m[i], m[j] = m[j], m[i] }
func (m *merge) Push(r any)        { *m = append(*m, r.(*run)) }
func (m *merge) Pop() any {
	old := *m
	last := old[len(old)-1]
	*m = old[:len(old)-1]
	return last
}
