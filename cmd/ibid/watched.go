package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/schedule"
)

// watchedPath is what the path of a report in the configuration, whose directory is
// dir, names: a file, a directory or a pattern, clean and with slashes; or the address
// of a page, without its fragment.
func watchedPath(dir, name string) (string, error) {
	switch {
	case name == "":
		return "", errors.New("a report without a path")
	case onTheWeb(name):
		job, err := pageJob(name)
		return job.URL, err
	case strings.Contains(name, "://"):
		return "", fmt.Errorf("report %s: want a file, a directory, a pattern, or an address with http or https", name)
	case name == "-":
		return "", errors.New("standard input cannot be read again at each tick: name a file")
	}
	clean := filepath.ToSlash(filepath.Clean(name))
	if _, err := os.Stat((&finder{dir: dir}).at(clean)); err != nil && patterned(clean) && !doublestar.ValidatePattern(clean) {
		return "", fmt.Errorf("report %s: not a pattern that can be read", name)
	}
	return clean, nil
}

// covers tells whether the report at a path is one of those that watched, which
// watchedPath made, names.
func covers(watched, report string) bool {
	switch {
	case watched == report:
		return true
	case onTheWeb(watched), onTheWeb(report):
		return false
	case watched == ".":
		return !path.IsAbs(report) && !strings.HasPrefix(report, "../")
	}
	return strings.HasPrefix(report, strings.TrimSuffix(watched, "/")+"/") || patterned(watched) && doublestar.MatchUnvalidated(watched, report)
}

// watching reads the reports that serve watches, as the other commands read those
// that they are given.
type watching struct {
	*app
	vault *vault
	crawl crawler.Config // of reports that are pages
	dir   string         // of the configuration
	log   *slog.Logger
}

// read is for schedule.Watch.
func (w *watching) read(ctx context.Context, _ <-chan struct{}, e schedule.Entry) ([]schedule.Source, error) {
	if onTheWeb(e.Report) {
		source, err := w.readPage(ctx, e.Report)
		if err != nil {
			return nil, err
		}
		return []schedule.Source{source}, nil
	}
	find := &finder{dir: w.dir}
	if err := find.add(e.Report); err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	var sources []schedule.Source
	for _, f := range find.all {
		source, err := w.readFile(f)
		switch {
		case err != nil && !f.found:
			return nil, err
		case err != nil:
			w.log.Warn("passed over", "report", f.path, "in", e.Report, "err", err)
		default:
			sources = append(sources, source)
		}
	}
	if len(sources) == 0 {
		return nil, fmt.Errorf("read report: none of the files found in %s could be read", e.Report)
	}
	return sources, nil
}

// readFile reads a report, but not what could make it wait, such as a named pipe.
func (w *watching) readFile(f wanted) (schedule.Source, error) {
	if info, err := os.Stat(f.file); err == nil && !info.Mode().IsRegular() {
		return schedule.Source{}, fmt.Errorf("read report: %s is not a regular file", f.file)
	}
	return w.readSource(f, nil, nil)
}

// readPage fetches a report. When it cannot be had, or cites nothing any more, the
// version that was kept last stands for it: a page that is down, or stands behind a
// wall, must not end the visits to what it cites.
func (w *watching) readPage(ctx context.Context, address string) (schedule.Source, error) {
	source, err := w.readSource(wanted{path: address}, func(address string) (fetched, error) { return w.keepPage(ctx, w.vault, w.crawl, address) }, nil)
	switch {
	case errors.Is(err, context.Canceled):
		return source, fmt.Errorf("%w: %w", schedule.ErrInterrupted, err)
	case err == nil && len(source.Report.Citations) > 0:
		return source, nil
	}
	kept, keptErr := w.vault.newest(ctx, address)
	switch {
	case errors.Is(keptErr, catalog.ErrNotFound):
		return source, err
	case keptErr != nil:
		return source, errors.Join(err, keptErr)
	case err == nil && len(kept.Report.Citations) == 0:
		return source, nil
	case err == nil:
		err = fmt.Errorf("report %s: it cites nothing now", address)
	}
	w.log.Warn("the report could not be had: what its last kept version cites is visited", "report", address, "sha256", kept.Report.SHA256, "err", err)
	return kept, nil
}
