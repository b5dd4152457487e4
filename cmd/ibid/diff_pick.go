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

// diffCitation is the citation whose source is compared.
type diffCitation struct {
	seeds.Citation
	path    string // of the report
	version catalog.Report
	claims  []string
}

// citation finds a citation by its id or its address, in one report or in all.
// That several citations of a report name one address is no doubt about which
// source is meant, and all their claims count.
func (v *vault) citation(ctx context.Context, name, report string) (*diffCitation, error) {
	reports, err := v.catalog.Reports(ctx)
	if report != "" {
		var one catalog.Report
		one, err = knownReport(ctx, v.catalog, report)
		reports = []catalog.Report{one}
	}
	if err != nil {
		return nil, err
	}
	key := ""
	if strings.Contains(name, "://") {
		if key, err = seeds.Normalize(name); err != nil {
			return nil, &exitError{exitUsage, err}
		}
	}
	var found []*diffCitation
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
	case found[0].Key == "":
		return nil, usageError("citation %s names no address that can be fetched", name)
	}
	return found[0], nil
}

// citationIn finds a citation in a report, nil when it has none.
func (v *vault) citationIn(ctx context.Context, known catalog.Report, id, key string) (*diffCitation, error) {
	_, data, err := v.archive.Report(ctx, known.Object)
	if err != nil {
		return nil, fmt.Errorf("report %s: %w", known.Path, err)
	}
	report, err := seeds.Read(known.Path, data)
	if err != nil {
		return nil, err
	}
	var c *diffCitation
	for _, t := range report.Citations {
		if key == "" && t.ID != id || key != "" && t.Key != key {
			continue
		}
		if c == nil {
			c = &diffCitation{Citation: t, path: known.Path, version: known}
		}
		for _, m := range t.Marks {
			if m.Claim != "" && !slices.Contains(c.claims, m.Claim) {
				c.claims = append(c.claims, m.Claim)
			}
		}
	}
	return c, nil
}

// pair picks the two captures that are compared.
func (v *vault) pair(ctx context.Context, c *diffCitation, names []string) (before, after string, err error) {
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
