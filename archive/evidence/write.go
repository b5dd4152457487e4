package evidence

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/ibid-archive/ibid/archive/wacz"
)

// write writes everything but what the package's writer adds by itself.
func (c *collection) write(w *wacz.Writer, p *proofs) error {
	for _, s := range c.order {
		if err := c.text(w, s); err != nil {
			return err
		}
	}
	c.doc.Objects = make([]Object, len(c.list))
	for i, it := range c.list {
		c.doc.Objects[i] = it.Object
	}
	if err := c.page(w); err != nil {
		return err
	}
	document, err := encode(&c.doc)
	if err != nil {
		return err
	}
	if err := w.AddFile(CitationsFile, wacz.Bytes(document)); err != nil {
		return err
	}
	if err := w.AddFile(c.doc.Report.File, wacz.Bytes(c.data)); err != nil {
		return err
	}
	if p != nil {
		if err := p.write(c, w); err != nil {
			return err
		}
	}
	return c.warcs(w)
}

func (c *collection) page(w *wacz.Writer) error {
	if c.Page == nil {
		return nil
	}
	var b bytes.Buffer
	if err := c.Page(&b, &c.doc, c.read); err != nil {
		return fmt.Errorf("write %s: %w", PageFile, err)
	}
	return w.AddFile(PageFile, wacz.Bytes(b.Bytes()))
}

// warcs copies the objects.
func (c *collection) warcs(w *wacz.Writer) error {
	var done, all int64
	for _, it := range c.list {
		all += it.size
	}
	for _, it := range c.list {
		c.Progress(done, all)
		open := func() (io.ReadCloser, error) { return c.open(it.key, it.SHA256) }
		if err := w.AddWARC(path.Base(it.File), open); err != nil {
			return c.blame(it.key, it.SHA256, err)
		}
		done += it.size
	}
	c.Progress(done, all)
	return nil
}

// mainPage is what a viewer opens first: the first cited source that answered.
func (c *collection) mainPage() wacz.Page {
	for _, s := range c.order {
		if it := c.items[s.shown]; it != nil && it.capture.Content != "" {
			return wacz.Page{URL: valid(it.capture.URL), TS: it.capture.StartedAt}
		}
	}
	return wacz.Page{}
}

func (c *collection) title() string {
	if t := valid(c.doc.Report.Title); t != "" {
		return t
	}
	return valid(path.Base(c.doc.Report.Path))
}

// fileName is the last part of a report's path as a name that every system takes
// for a file.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '-'
	}, name)
	const most = 100
	if ext := path.Ext(name); len(name) > most && len(ext) < most/2 {
		name = name[:most-len(ext)] + ext
	}
	if name = strings.Trim(name[:min(len(name), most)], ".-"); name == "" {
		return "report"
	}
	return name
}
