package verify

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/seeds"
)

// captureCitations are what a capture was made for.
func captureCitations(c *archive.Capture) []Affected {
	out := make([]Affected, 0, len(c.Citations))
	for _, ref := range c.Citations {
		out = append(out, Affected{Report: ref.Report, Path: ref.Path, Citation: ref.ID, URL: c.URL})
	}
	return out
}

// entryCitations are the same by the log.
func entryCitations(e *archive.Entry) []Affected {
	if e.Kind == archive.KindReport {
		return []Affected{{Report: e.ReportSHA256, Path: e.Path}}
	}
	var out []Affected
	for _, report := range slices.Sorted(maps.Keys(e.Citations)) {
		for _, id := range e.Citations[report] {
			out = append(out, Affected{Report: report, Citation: id, URL: e.URL})
		}
	}
	return out
}

// affected completes the findings that do not say yet what they affect: those
// about references, whose capture is sound but was forgotten meanwhile, and those
// about objects whose last record cannot be read.
func (a *auditor) affected(ctx context.Context) error {
	blank := map[string][]*Finding{}
	for i := range a.report.Findings {
		f := &a.report.Findings[i]
		if _, _, ok := parseKey(f.Key); ok && len(f.Affects) == 0 && a.seen[f.Key] {
			blank[f.Key] = append(blank[f.Key], f)
		}
	}
	visits := map[string][]string{} // normal form of an address -> keys of captures that visited it
	s := a.scratch(0)               // the workers have ended
	for _, key := range slices.Sorted(maps.Keys(blank)) {
		kind, sum, _ := parseKey(key)
		o := &object{key: key, kind: kind, sum: sum, scratch: s}
		if rc, err := a.store.Open(ctx, key, 0, -1); err == nil {
			_ = o.read(rc, 0) // as far as it can be; what is wrong with it was found before
			_ = rc.Close()
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		switch {
		case len(o.cites) > 0:
			settle(blank, key, o.cites)
		case kind == captureKind && o.uri != "":
			address := o.uri
			if normal, err := seeds.Normalize(address); err == nil {
				address = normal
			}
			visits[address] = append(visits[address], key)
		}
	}
	if err := a.byLog(ctx, blank); err != nil {
		return err
	}
	if err := a.byReports(ctx, blank, visits); err != nil {
		return err
	}
	for i := range a.report.Findings {
		for j := range a.report.Findings[i].Affects {
			if f := &a.report.Findings[i].Affects[j]; f.Path == "" {
				f.Path = a.paths[f.Report]
			}
		}
	}
	return nil
}

// settle gives the findings of an object what they affect.
func settle(blank map[string][]*Finding, key string, cites []Affected) {
	for _, f := range blank[key] {
		f.affect(cites)
	}
	delete(blank, key)
}

// byLog asks the log what the objects were.
func (a *auditor) byLog(ctx context.Context, blank map[string][]*Finding) error {
	if len(blank) == 0 {
		return nil
	}
	for e, err := range a.entriesOf(ctx) {
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			continue // the audit of the log has said so
		}
		if key := e.Key(); len(blank[key]) > 0 {
			settle(blank, key, entryCitations(e))
		}
	}
	return nil
}

// byReports looks in all reports of the archive for citations of what captures
// without a record had visited.
func (a *auditor) byReports(ctx context.Context, blank map[string][]*Finding, visits map[string][]string) error {
	cites := map[string][]Affected{}
	wanted := false
	for _, keys := range visits {
		wanted = wanted || slices.ContainsFunc(keys, func(key string) bool { return len(blank[key]) > 0 })
	}
	if !wanted {
		return nil
	}
	reader := archive.New(archive.Config{Store: readOnly{a.store}})
	for _, key := range slices.Sorted(maps.Keys(a.seen)) {
		kind, sum, ok := parseKey(key)
		if !ok || kind != reportKind {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		kept, data, err := reader.Report(ctx, sum)
		if err != nil {
			continue // it is damaged, too
		}
		report, err := kept.Read(data)
		if err != nil {
			continue
		}
		for _, c := range report.Citations {
			for _, key := range visits[c.Key] {
				cites[key] = append(cites[key], Affected{Report: kept.SHA256, Path: kept.Path, Citation: c.ID, URL: c.URL})
			}
		}
	}
	for key, list := range cites {
		settle(blank, key, list)
	}
	return nil
}

// readOnly is a store that the package archive can read from.
type readOnly struct{ Objects }

func (readOnly) Put(context.Context, string, blob.Object) error { return blob.ErrReadOnly }

func (readOnly) Stat(context.Context, string) (blob.Info, error) {
	return blob.Info{}, errors.ErrUnsupported
}
