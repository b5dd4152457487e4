package wacz

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/ibid-archive/ibid/archive/cdxj/strict"
)

// pageReader reads a list of pages line by line.
type pageReader struct {
	in   *bufio.Reader
	line int
	raw  []byte
}

func newPageReader(r io.Reader) *pageReader {
	return &pageReader{in: bufio.NewReaderSize(r, 64<<10)}
}

// pageFault says that one line is no page.
type pageFault struct {
	line int
	text string
}

func (e *pageFault) Error() string { return fmt.Sprintf("wacz: line %d of pages: %s", e.line, e.text) }

// next returns the next page; io.EOF after the last. After a *pageFault it can
// go on.
func (r *pageReader) next() (Page, error) {
	for {
		long, err := r.read()
		if err != nil && (err != io.EOF || len(r.raw) == 0) {
			return Page{}, err
		}
		r.line++
		text := bytes.TrimSpace(r.raw)
		switch {
		case long:
			return Page{}, &pageFault{r.line, fmt.Sprintf("longer than %d bytes", maxPageLine)}
		case len(text) == 0:
			continue
		}
		o, err := strict.Object(text)
		if err != nil {
			return Page{}, &pageFault{r.line, err.Error()}
		}
		if _, ok := o["format"].(string); ok && r.line == 1 && o["url"] == nil {
			continue // says what follows, and no page
		}
		return r.page(o)
	}
}

func (r *pageReader) page(o map[string]any) (p Page, err error) {
	var ts string
	for name, to := range map[string]*string{"id": &p.ID, "url": &p.URL, "title": &p.Title, "ts": &ts, "text": &p.Text} {
		v, has := o[name]
		s, ok := v.(string)
		if has && v != nil && !ok && name != "id" {
			return Page{}, &pageFault{r.line, name + " is no text"}
		}
		*to = s
	}
	if p.URL == "" {
		return Page{}, &pageFault{r.line, "a page without url"}
	}
	if p.TS, err = parseTime(ts); err != nil {
		return Page{}, &pageFault{r.line, fmt.Sprintf("ts is no RFC 3339 time: %.60q", ts)}
	}
	return p, nil
}

// read puts the next line into r.raw; of a line that is too long, its beginning.
func (r *pageReader) read() (long bool, err error) {
	r.raw = r.raw[:0]
	for {
		part, err := r.in.ReadSlice('\n')
		if keep := maxPageLine - len(r.raw); len(part) > keep {
			long, part = true, part[:keep]
		}
		r.raw = append(r.raw, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return long, err
		}
	}
}

// readPages checks the lines of a list of pages.
func (v *validator) readPages(e *entry, in io.Reader) error {
	r := newPageReader(in)
	for {
		_, err := r.next()
		var fault *pageFault
		switch {
		case err == io.EOF:
			return nil
		case errors.As(err, &fault):
			v.ps.add(CodePages, e.name, "line %d: %s", fault.line, fault.text)
		case err != nil:
			return err
		default:
			v.sum.Pages++
		}
	}
}
