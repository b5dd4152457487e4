package schedule

import (
	"context"
	"encoding/json"
	"slices"
)

// foundIn is the name under which the catalog notes the paths of the reports that
// an entry had when it was read last, where they are not just its own.
func foundIn(e Entry) string { return "found/" + e.Report }

// found notes the reports that an entry has now, and says which it has no more.
func (w *Watch) found(ctx context.Context, e Entry, now []Source) error {
	before, err := w.paths(ctx, e)
	if err != nil {
		return err
	}
	paths := make([]string, len(now))
	for i, s := range now {
		paths[i] = s.Report.Path
	}
	if slices.Equal(before, paths) {
		return nil
	}
	for _, path := range before {
		if path != e.Report && !slices.Contains(paths, path) {
			w.Log.Warn("a report is not there any more: what it cites is not visited for it now, and what is kept stays", "report", path, "in", e.Report)
		}
	}
	text, err := json.Marshal(paths)
	if err != nil {
		return err
	}
	return w.Runner.Catalog.SetMeta(ctx, foundIn(e), string(text))
}

// paths are those of the reports that an entry had when it was read last.
func (w *Watch) paths(ctx context.Context, e Entry) ([]string, error) {
	text, ok, err := w.Runner.Catalog.Meta(ctx, foundIn(e))
	if err != nil || !ok {
		return []string{e.Report}, err
	}
	var paths []string
	if json.Unmarshal([]byte(text), &paths) != nil {
		return []string{e.Report}, nil //nolint:nilerr // what cannot be read was not noted
	}
	return paths, nil
}
