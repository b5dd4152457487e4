package evidence

import (
	"context"
	"fmt"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/seeds"
)

// collection is a package in the making: what goes into it and why.
type collection struct {
	Config
	ctx context.Context //nolint:containedctx // it lives as long as Write

	doc   Document
	read  *seeds.Report
	data  []byte // the report's bytes
	order []*source
	byKey map[string]*source
	items map[string]*item
	list  []*item // in the order of the package
}

// item is a WARC that goes into the package.
type item struct {
	Object
	key  string // in the store
	size int64
	// capture is the record of a chosen capture, without its exchanges.
	capture *Capture
	last    archive.ExchangeInfo // the exchange with the final answer
}

// source is what is known of one key.
type source struct {
	key       string
	cited     time.Time
	citations []int // indexes in the document
	captures  []string
	shown     string
}

// report reads the report and makes the document's frame.
func (c *collection) report(object string) error {
	it := &item{Object: Object{SHA256: object, Kind: archive.KindReport}}
	it.key = (&archive.Entry{Kind: archive.KindReport, Object: object}).Key()
	kept, data, err := c.Archive.Report(c.ctx, object)
	if err != nil {
		return c.blame(it.key, object, fmt.Errorf("read report: %w", err))
	}
	if c.read, err = kept.Read(data); err != nil {
		return fmt.Errorf("read report %s: %w", kept.Path, err)
	}
	c.data = data
	c.add(it)
	c.doc = Document{
		Version: DocumentVersion, Software: c.Software, ExportedAt: c.Date.UTC(), Choice: c.Choice, Citations: []Citation{},
		Report: Report{Path: kept.Path, MediaType: kept.MediaType, Title: c.read.Title, Format: c.read.Format, SHA256: kept.SHA256, Size: kept.Size,
			SeenAt: kept.SeenAt.UTC(), Object: object, File: ReportDir + fileName(kept.Path)},
	}
	if kept.MediaType == seeds.BundleType {
		c.doc.Report.File += ".tar"
	}
	c.byKey = map[string]*source{}
	for i := range c.read.Citations {
		t := &c.read.Citations[i]
		c.doc.Citations = append(c.doc.Citations, Citation{CitationJSON: seeds.NewCitationJSON(*t), Captures: []Capture{}})
		if t.Key == "" {
			c.doc.Citations[i].Unread = "the report names no address that can be fetched"
			continue
		}
		s := c.byKey[t.Key]
		if s == nil {
			s = &source{key: t.Key}
			c.byKey[t.Key] = s
			c.order = append(c.order, s)
		}
		s.citations = append(s.citations, i)
	}
	return nil
}

// sources chooses the captures of every source, adds them and all that they
// refer to, and says in the document what they say.
func (c *collection) sources() error {
	for _, s := range c.order {
		var err error
		if s.cited, err = c.Index.Cited(c.ctx, s.key); err != nil {
			return err
		}
		visits, err := c.Index.Visits(c.ctx, s.key)
		if err != nil {
			return err
		}
		s.shown, s.captures = choose(c.Choice, s.cited, visits)
		for _, sum := range s.captures {
			if err := c.capture(sum, true); err != nil {
				return err
			}
		}
	}
	for _, s := range c.order {
		if err := c.describe(s); err != nil {
			return err
		}
	}
	return nil
}

// capture adds a capture and those that its revisits refer to. The archive
// refers backwards in time alone, so this ends.
func (c *collection) capture(sum string, chosen bool) error {
	it := c.items[sum]
	if it != nil && (it.capture != nil || !chosen) {
		return nil
	}
	key := archive.CaptureKey(sum)
	record, err := c.Archive.Capture(c.ctx, sum)
	if err != nil {
		return c.blame(key, sum, fmt.Errorf("read capture: %w", err))
	}
	if it == nil {
		it = &item{Object: Object{SHA256: sum, Kind: archive.KindCapture}, key: key, size: record.Size}
		c.add(it)
	}
	for i := range record.Exchanges {
		x := &record.Exchanges[i]
		if chosen && x.Role == archive.RoleSource {
			it.last = *x
		}
		if x.RefersTo == "" {
			continue
		}
		holder, err := c.holder(key, x)
		if err != nil {
			return err
		}
		if err := c.capture(holder, false); err != nil {
			return err
		}
	}
	if chosen {
		it.capture = describe(record)
		it.capture.File = it.File
	}
	return nil
}

// holder finds the capture that holds what x, of the capture with the key, refers to.
func (c *collection) holder(key string, x *archive.ExchangeInfo) (string, error) {
	holder, err := c.Index.Holder(c.ctx, x.URL, x.RefersTo)
	if err != nil {
		return "", err
	}
	if holder == "" {
		return "", &DamagedError{Key: key, Err: fmt.Errorf("it refers to the record %.100s of %.200s, which no capture holds", x.RefersTo, x.URL)}
	}
	return holder, nil
}

// add gives an item its place in the package.
func (c *collection) add(it *item) {
	it.File = "archive/" + it.SHA256 + warcSuffix
	c.items[it.SHA256] = it
	c.list = append(c.list, it)
}

func describe(r *archive.Capture) *Capture {
	d := &Capture{SHA256: r.SHA256, URL: r.URL, StartedAt: r.StartedAt.UTC(), CheckedAt: r.FinishedAt.UTC(), Judgement: r.Judgement, Outcome: r.Outcome}
	if r.FinishedAt.IsZero() {
		d.CheckedAt = d.StartedAt
	}
	return d
}

// describe says in the document what the captures of s say.
func (c *collection) describe(s *source) error {
	var captures []Capture
	for _, sum := range s.captures {
		it := c.items[sum]
		if x := &it.last; x.RefersTo != "" {
			holder, err := c.holder(it.key, x)
			if err != nil {
				return err
			}
			it.capture.Content = holder
		} else if x.Record != "" {
			it.capture.Content = sum
		}
		captures = append(captures, *it.capture)
	}
	for _, i := range s.citations {
		t := &c.doc.Citations[i]
		if cited := s.cited.UTC(); !s.cited.IsZero() {
			t.CitedAt = &cited
		}
		if len(captures) == 0 {
			continue
		}
		newest := &captures[len(captures)-1]
		t.Judgement, t.CheckedAt, t.Capture, t.File = newest.Judgement, &newest.CheckedAt, newest.SHA256, newest.File
		t.Shown, t.Captures = s.shown, captures
	}
	return nil
}
