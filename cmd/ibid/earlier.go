package main

import (
	"context"
	"hash/maphash"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/archive/evidence"
	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify"
)

// earlier knows of sources what one visit cannot: what they were when they were
// cited, for what, and where others of their host end. It is safe for concurrent
// use. What it cannot look up it logs, and then a visit is judged without it.
type earlier struct {
	catalog *catalog.Catalog
	archive *archive.Archive
	reader  *verify.CaptureReader
	log     *slog.Logger

	mu     sync.Mutex
	seed   maphash.Seed
	met    map[uint64]uint64           // by hash of the key: hash of the one payload of all visits that found the source; see sees
	all    bool                        // what is not in met was never visited
	cites  map[string]map[string]claim // by path of the report and id of the citation
	of     map[string]string           // by path: SHA-256 of the report that cites is of
	first  map[string]firstCited       // by path
	landed map[string][]string         // by URL: keys of some sources whose visits ended there; nil: not looked up
	early  [][2]string                 // URL and key of visits that ended before it was looked up
}

type (
	claim []string

	// firstCited is what catalog.FirstCited said when a version of a report was new.
	firstCited struct {
		version string
		at      map[string]time.Time
	}
)

const (
	never       = 0 // a visit found the source
	several     = 1 // payloads, or what others captured besides
	landedLimit = 8 // sources that are remembered of one URL
)

func (a *app) newEarlier(v *vault) *earlier {
	return &earlier{catalog: v.catalog, archive: v.archive, log: a.logger(), seed: maphash.MakeSeed(),
		reader: v.reader(),
		met:    map[uint64]uint64{}, cites: map[string]map[string]claim{}, of: map[string]string{}, first: map[string]firstCited{}}
}

// sees learns from the visits to a source, of which whole says that they are all,
// whether it has ever been seen to differ. All sources of a run pass it before the
// run: then a source that is new or unchanged needs no look into the catalog.
func (e *earlier) sees(key string, visits []verify.Visit, whole, brought bool) {
	one := uint64(never)
	for _, v := range visits {
		switch v.Verdict {
		case archive.Alive, archive.Moved, archive.Drifted:
			switch payload := maphash.String(e.seed, v.Content); {
			case v.Content == "" || one != never && one != payload:
				one = several
			default:
				one = payload
			}
		}
	}
	if !whole || brought {
		one = several
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.met[maphash.String(e.seed, key)] = one
}

// seesNoMore says that whatever has not passed sees was never visited.
func (e *earlier) seesNoMore() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = true
}

// know gives v what is known of its source. It is to be called before each time
// that v is judged, and does nothing but the first time.
func (e *earlier) know(ctx context.Context, v *archive.Visit) {
	if v.Memory.Earlier != nil {
		return
	}
	v.Memory = archive.Memory{
		Differs: func(payload string) bool { return e.differs(v.Key, payload) },
		Earlier: sync.OnceValue(func() *archive.Earlier {
			found, err := e.asCited(ctx, v.Key, v.Citations)
			e.failed("look up what the source was", v.Key, err)
			return found
		}),
		Claims: sync.OnceValue(func() []string { return e.claims(ctx, v.Key, v.Citations) }),
		Held: func(p *archive.Prior) *archive.Content {
			content, err := e.reader.Held(ctx, p)
			e.failed("read what is held of the source", v.Key, err)
			return content
		},
		Landed: func(url string) int { return e.others(ctx, v.Key, url) },
	}
}

func (e *earlier) failed(what, key string, err error) {
	if err != nil {
		e.log.Warn(what, "key", key, "err", err)
	}
}

func (e *earlier) differs(key, payload string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	one, ok := e.met[maphash.String(e.seed, key)]
	if !ok {
		return !e.all
	}
	return one != never && one != maphash.String(e.seed, payload)
}

// asCited finds the capture that shows a source as these citations saw it, by the
// first of them; see evidence.Cited. Of several reports that cite a source the
// oldest counts.
func (e *earlier) asCited(ctx context.Context, key string, citations []archive.CitationRef) (*archive.Earlier, error) {
	contents, err := e.catalog.Contents(ctx, key)
	if err != nil || len(contents) == 0 {
		return nil, err
	}
	var at time.Time
	if len(contents) > 1 {
		if at, err = e.firstCited(ctx, key, citations); err != nil {
			return nil, err
		}
	}
	visits := make([]evidence.Visit, len(contents))
	for i, c := range contents {
		visits[i] = evidence.Visit{Capture: c.Capture, At: c.CheckedAt, Verdict: c.Verdict}
	}
	best, _ := evidence.Cited(at, visits)
	c := contents[slices.IndexFunc(contents, func(c catalog.Content) bool { return c.Capture == best.Capture })]
	return &archive.Earlier{Date: c.CheckedAt, Capture: c.Capture, FinalURL: c.FinalURL, Title: c.Title, PayloadSHA256: c.PayloadSHA256,
		Content: sync.OnceValue(func() *archive.Content {
			content, err := e.reader.Content(ctx, c.Capture)
			e.failed("read what the source was", key, err)
			return content
		})}, nil
}

// firstCited is when a report that cites a source was first kept, zero when none was.
func (e *earlier) firstCited(ctx context.Context, key string, citations []archive.CitationRef) (time.Time, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var first time.Time
	for _, c := range citations {
		known, ok := e.first[c.Path]
		if !ok || known.version != c.Report {
			at, err := e.catalog.FirstCited(ctx, c.Path)
			if err != nil {
				return first, err
			}
			known = firstCited{c.Report, at}
			e.first[c.Path] = known
		}
		if at, ok := known.at[key]; ok && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first, nil
}

// claims are the sentences that a source is cited for, each once.
func (e *earlier) claims(ctx context.Context, key string, citations []archive.CitationRef) []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []string
	for _, c := range citations {
		if e.of[c.Path] != c.Report {
			report, err := e.report(ctx, c)
			e.failed("read for what the source is cited", key, err)
			if report == nil {
				continue
			}
			e.reads(report)
		}
		for _, s := range e.cites[c.Path][c.ID] {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

// report reads the version of a report that has a citation from the archive, nil
// when it is not there.
func (e *earlier) report(ctx context.Context, c archive.CitationRef) (*seeds.Report, error) {
	versions, err := e.catalog.Versions(ctx, c.Path)
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		if v.SHA256 == c.Report {
			kept, data, err := e.archive.Report(ctx, v.Object)
			if err != nil {
				return nil, err
			}
			return kept.Read(data)
		}
	}
	return nil, nil
}

// reads keeps what a report says of its sources.
func (e *earlier) reads(report *seeds.Report) {
	cites := map[string]claim{}
	for _, t := range report.Citations {
		for _, m := range t.Marks {
			if m.Claim != "" {
				cites[t.ID] = append(cites[t.ID], m.Claim)
			}
		}
	}
	e.cites[report.Path], e.of[report.Path] = cites, report.SHA256
}

// readsAll keeps what reports say that need not be in the archive.
func (e *earlier) readsAll(sources []schedule.Source) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, s := range sources {
		e.reads(s.Report)
	}
}
