package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/archive/evidence"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify/render"
)

// namedCitation is the citation that the command line names.
type namedCitation struct {
	seeds.Citation
	path    string         // of the report
	report  string         // SHA-256 of its bytes
	version catalog.Report // as the catalog knows it; zero when it does not
	marks   []seeds.Mark   // of all citations that the name is of
	claims  []string       // of these, each once
}

// citation finds a citation by its id or its address, in one report or in all.
// That several citations of a report name one address is no doubt about which
// source is meant, and all their claims count.
func (v *vault) citation(ctx context.Context, name, report string) (*namedCitation, error) {
	c, err := v.anyCitation(ctx, name, report)
	if err == nil && c.Key == "" {
		err = usageError("citation %s names no address that can be fetched", name)
	}
	return c, err
}

// anyCitation is citation for those that name no fetchable address, too.
func (v *vault) anyCitation(ctx context.Context, name, report string) (*namedCitation, error) {
	reports, err := v.catalog.Reports(ctx)
	if report != "" {
		var one catalog.Report
		one, err = knownReport(ctx, v.catalog, report)
		reports = []catalog.Report{one}
	}
	if err != nil {
		return nil, err
	}
	key, err := keyNamed(name)
	if err != nil {
		return nil, err
	}
	var found []*namedCitation
	for _, known := range reports {
		c, err := v.citationIn(ctx, known, name, key)
		if err != nil {
			return nil, err
		}
		if c != nil {
			found = append(found, c)
		}
	}
	switch {
	case len(found) == 0 && report != "":
		return nil, usageError("%s has no citation %s; `ibid extract` lists them", report, name)
	case len(found) == 0:
		return nil, usageError("no report that the archive knows has a citation %s; `ibid status --format json` lists them", name)
	case len(found) > 1:
		var paths []string
		for _, c := range found {
			paths = append(paths, c.path)
		}
		return nil, usageError("%s is a citation of %s: name one with --report", name, strings.Join(paths, ", "))
	}
	return found[0], nil
}

// citationIn finds a citation in a report, nil when it has none.
func (v *vault) citationIn(ctx context.Context, known catalog.Report, id, key string) (*namedCitation, error) {
	kept, data, err := v.archive.Report(ctx, known.Object)
	if err != nil {
		return nil, fmt.Errorf("report %s: %w", known.Path, err)
	}
	report, err := kept.Read(data)
	if err != nil {
		return nil, err
	}
	c := citationOf(report, id, key)
	if c != nil {
		c.version = known
	}
	return c, nil
}

// keyNamed is the key of the source when a citation is named by its address, ""
// when it is by its id.
func keyNamed(name string) (string, error) {
	if !strings.Contains(name, "://") {
		return "", nil
	}
	key, err := seeds.Normalize(name)
	if err != nil {
		return "", &exitError{exitUsage, err}
	}
	return key, nil
}

// citationOf finds a citation in a report by its id, or by its key when that is not
// empty; nil when there is none.
func citationOf(report *seeds.Report, id, key string) *namedCitation {
	var c *namedCitation
	for _, t := range report.Citations {
		if key == "" && t.ID != id || key != "" && t.Key != key {
			continue
		}
		if c == nil {
			c = &namedCitation{Citation: t, path: report.Path, report: report.SHA256}
		}
		for _, m := range t.Marks {
			if !slices.Contains(c.marks, m) {
				c.marks = append(c.marks, m)
			}
			if m.Claim != "" && !slices.Contains(c.claims, m.Claim) {
				c.claims = append(c.claims, m.Claim)
			}
		}
	}
	return c
}

// pair picks the two captures that are compared.
func (v *vault) pair(ctx context.Context, c *namedCitation, names []string) (before, after string, err error) {
	index, err := newExportIndex(ctx, v.catalog, c.version)
	if err != nil {
		return "", "", err
	}
	visits, err := index.Visits(ctx, c.Key)
	if err != nil {
		return "", "", err
	}
	cited, err := index.Cited(ctx, c.Key)
	if err != nil {
		return "", "", err
	}
	shown := render.Clean(c.URL)
	if c.Defanged {
		shown = render.Clean(c.Written())
	}
	before, after, several := asCitedAndNewest(visits, cited)
	for i, name := range names {
		sum, err := captureNamed(visits, name, shown)
		if err != nil {
			return "", "", err
		}
		if i == 0 {
			before = sum
		} else {
			after = sum
		}
	}
	switch {
	case len(visits) == 0:
		return "", "", fmt.Errorf("%s was never visited: `ibid archive` does", shown)
	case after == "":
		return "", "", fmt.Errorf("no visit to %s found its content, so there is nothing to compare", shown)
	case len(names) == 0 && !several:
		return "", "", fmt.Errorf("one visit alone to %s found its content, so there is nothing to compare with", shown)
	}
	return before, after, nil
}

// asCitedAndNewest picks the captures that are compared when none are named, and
// reports whether there is more than one with content.
func asCitedAndNewest(visits []evidence.Visit, at time.Time) (before, after string, several bool) {
	cited, ok := evidence.Cited(at, visits)
	if !ok {
		return "", "", false
	}
	newest := cited
	for _, v := range visits {
		switch v.Verdict {
		case archive.Alive, archive.Moved, archive.Drifted:
			several = several || v.Capture != cited.Capture
			if n := v.At.Compare(newest.At); n > 0 || n == 0 && v.Capture > newest.Capture {
				newest = v
			}
		}
	}
	return cited.Capture, newest.Capture, several
}

// captureNamed finds the visit whose capture begins with a name.
func captureNamed(visits []evidence.Visit, name, source string) (string, error) {
	const shortest = 4
	name = strings.ToLower(name)
	if len(name) < shortest || len(name) > 64 || strings.Trim(name, "0123456789abcdef") != "" {
		return "", usageError("%s: a capture is named by its SHA-256, or by four or more of its first digits", name)
	}
	var found []string
	for _, v := range visits {
		if strings.HasPrefix(v.Capture, name) && !slices.Contains(found, v.Capture) {
			found = append(found, v.Capture)
		}
	}
	switch len(found) {
	case 0:
		return "", usageError("%s has no capture %s", source, name)
	case 1:
		return found[0], nil
	}
	return "", usageError("%s: %d captures of %s begin so", name, len(found), source)
}
