package schedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/memento"
)

// Recall asks web archives about what a run found that kept nothing, and keeps
// nothing either: the mementos by the sources' keys. seen says how a source was
// found. It is for those who only want to know whether an archive has it.
func Recall(ctx context.Context, drain <-chan struct{}, crawl crawler.Config, sources []Source, seen func(key string) (archive.Judgement, bool),
	cfg Rescue, done func(job crawler.Job, m *archive.Memento, why string)) (map[string]*archive.Memento, map[string]int, error) {
	found := map[string]*archive.Memento{}
	if cfg.Mode == RescueNever || cfg.Mode == "" || crawl.Guard.AllowPrivate {
		return found, nil, nil
	}
	days, err := daysOf(sources, &cfg, time.Now(), func(string) (time.Time, error) { return time.Time{}, nil })
	if err != nil {
		return nil, nil, err
	}
	c, err := crawler.New(crawl)
	if err != nil {
		return nil, nil, err
	}
	fetcher := c.NewFetcher(cfg.Delay, drain)
	defer fetcher.Close()
	f, err := memento.New(memento.Config{Archives: cfg.Archives, Fetcher: fetcher, Judge: cfg.Judge})
	if err != nil {
		return nil, nil, err
	}
	for _, job := range Jobs(sources) {
		j, visited := seen(job.Key)
		check := catalog.Check{Judgement: j}
		w := want{job: job, day: days[job.Key].at, from: days[job.Key].from}
		if !visited || !sendable(job.URL) || cfg.archived(job.URL) || refused(&check) || cfg.Mode != RescueAlways && !needs(&check, time.Time{}, &w) {
			continue
		}
		got, err := f.Find(ctx, memento.Source{Key: job.Key, URL: job.URL, Day: w.day})
		if errors.Is(err, crawler.ErrDrained) {
			break
		}
		if err != nil {
			return nil, f.Asked(), fmt.Errorf("ask web archives for %s: %w", job.URL, err)
		}
		got.Close()
		if got.Memento != nil {
			got.Memento.From = w.from
			found[job.Key] = got.Memento
		}
		done(job, got.Memento, got.Why)
	}
	return found, f.Asked(), nil
}
