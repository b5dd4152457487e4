package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify/render"
)

// letGo drops what was read of the reports, but for their bytes, which take a
// tenth of it: while the sources are visited nobody looks at the citations. What
// it returns reads the reports again, and drops the bytes.
func letGo(sources []schedule.Source) (again func() error) {
	paths, types := make([]string, len(sources)), make([]string, len(sources))
	size, citations := 0, 0
	for i := range sources {
		citations += len(sources[i].Report.Citations)
		paths[i], types[i] = sources[i].Report.Path, sources[i].Report.MediaType
		size += weight(sources[i].Data)
		sources[i].Report = nil
	}
	unboundMemory()
	tidyMemory(size)
	return func() error {
		boundMemory(size, citations)
		for i := range sources {
			report, err := seeds.ReadTyped(paths[i], types[i], sources[i].Data)
			if err != nil {
				return err
			}
			report.Notes, report.Marks = nil, nil // citations have what is shown of them
			sources[i] = schedule.Source{Report: report}
		}
		tidyMemory(size)
		return nil
	}
}

// results says how the citations of the reports stand, by the catalog. It lets
// go of the sources as it goes.
func results(ctx context.Context, c *catalog.Catalog, sources []schedule.Source) ([]render.ReportResult, error) {
	var out []render.ReportResult
	media := words{}
	for i := range sources {
		r := shown(sources, i)
		for part := range slices.Chunk(r.Citations, lookUp) {
			if err := stand(ctx, c, part, media); err != nil {
				return nil, err
			}
		}
		out = append(out, r)
	}
	return out, nil
}

// shown is source i as it is shown when nothing is known of it yet. The source
// is let go of, so that its citations are not in memory twice.
func shown(sources []schedule.Source, i int) render.ReportResult {
	report := sources[i].Report
	sources[i] = schedule.Source{}
	return render.NewReport(report)
}

// lookUp is how many citations are looked up at once, so that a report of
// 100,000 does not need its checks in memory twice.
const lookUp = 2000

// stand fills in how some citations stand.
func stand(ctx context.Context, c *catalog.Catalog, citations []render.CitationResult, media words) error {
	keys := make([]string, 0, len(citations))
	for _, t := range citations {
		if t.Key != "" {
			keys = append(keys, t.Key)
		}
	}
	checks, err := c.Latest(ctx, keys...)
	if err != nil {
		return err
	}
	for i := range citations {
		t := &citations[i]
		if check, ok := checks[t.Key]; ok && t.Key != "" {
			t.Judgement, t.Outcome = check.Judgement, check.Outcome
			t.Imported = check.Imported
			t.CheckedAt, t.CapturedAt, t.Capture, t.Content = check.CheckedAt, check.CapturedAt, check.Capture, same(check.Content, check.Capture)
			t.FinalURL, t.MediaType = same(t.FinalURL, t.URL), media.one(t.MediaType)
		}
	}
	if err := recall(ctx, c, citations); err != nil {
		return err
	}
	return rememberAll(ctx, c, citations)
}

// recall fills in what platforms said of posts that they no longer show.
func recall(ctx context.Context, c *catalog.Catalog, citations []render.CitationResult) error {
	for i := range citations {
		t := &citations[i]
		if t.Post == nil || t.Post.Said() != "" || t.Content == "" || t.Content == t.Capture {
			continue
		}
		checks, err := c.History(ctx, t.Key, 0)
		if err != nil {
			return err
		}
		for _, k := range checks {
			if k.Post.Said() != "" { // the newest come first
				t.PostKept = k.Post
				break
			}
		}
	}
	return nil
}

// rememberAll fills in what web archives have told of the sources of citations.
func rememberAll(ctx context.Context, c *catalog.Catalog, citations []render.CitationResult) error {
	for part := range slices.Chunk(citations, lookUp) {
		keys := make([]string, 0, len(part))
		for i := range part {
			if key := part[i].Key; key != "" {
				keys = append(keys, key)
			}
		}
		told, err := c.Remembered(ctx, keys...)
		if err != nil {
			return err
		}
		for i := range part {
			if told, ok := told[part[i].Key]; ok {
				remember(&part[i], &told)
			}
		}
	}
	return nil
}

// remember fills in what web archives have told of a citation's source. Where a
// memento is all that is kept of its content, it is the one that is shown.
func remember(t *render.CitationResult, told *catalog.Remembered) {
	if told.Memento != nil {
		t.Memento = &render.Memento{Memento: *told.Memento, Capture: told.Capture}
		if slices.Contains(told.Captures, t.Content) {
			t.Content, t.CapturedAt = told.Capture, told.Memento.Datetime
		}
	}
	if told.Submitted != nil {
		t.Submitted = &render.Submitted{Submission: *told.Submitted, At: told.SubmittedAt, Capture: told.SubmittedCapture}
	}
}

// same returns b in the place of an equal a, which then need not be kept.
func same(a, b string) string {
	if a == b {
		return b
	}
	return a
}

// words keeps one copy of what comes again and again.
type words map[string]string

func (w words) one(s string) string {
	kept, ok := w[s]
	if !ok {
		kept = strings.Clone(s) // it may be a part of something large
		w[kept] = kept
	}
	return kept
}

// sparesInput refuses to write the result over a file that the command reads.
func (a *app) sparesInput(names ...string) error {
	if a.opt.output == "" {
		return nil
	}
	result, err := os.Stat(a.opt.output)
	if err != nil || !result.Mode().IsRegular() {
		return nil //nolint:nilerr // nothing is lost; whoever writes it says what is wrong
	}
	for _, name := range names {
		if info, err := os.Stat(name); name != "" && err == nil && os.SameFile(info, result) {
			return usageError("--output %s: the result would replace %s, which is read", a.opt.output, name)
		}
	}
	return nil
}

// writable refuses a place for the result that cannot be written, before the
// work whose result would be lost. What is there already stays until then.
func (a *app) writable() error {
	if a.opt.output == "" {
		return nil
	}
	_, missing := os.Lstat(a.opt.output)
	f, err := os.OpenFile(a.opt.output, os.O_WRONLY|os.O_CREATE, 0o666) //nolint:gosec // as os.Create: the umask decides
	if err != nil {
		return &exitError{exitUsage, fmt.Errorf("--output: %w", err)}
	}
	err = f.Close()
	if errors.Is(missing, fs.ErrNotExist) { // an empty file would be taken for the result of a run that fails
		err = errors.Join(err, os.Remove(a.opt.output))
	}
	return err
}

// write has the result written to its place. A file has the old result or the whole
// new one: what fails in between leaves it as it was.
func (a *app) write(f func(io.Writer) error) error {
	if a.opt.output == "" {
		return f(a.out)
	}
	name := a.opt.output
	if to, err := filepath.EvalSymlinks(name); err == nil {
		name = to
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().IsRegular() {
		begun := false
		whole := writeWhole(name, true, func(w io.Writer) error { begun = true; return f(w) })
		if begun || err != nil || !errors.Is(whole, fs.ErrPermission) {
			return whole
		}
		// The file may be written, and no other in its directory.
	}
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(f(out), out.Close())
}
