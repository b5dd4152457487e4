package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/verify"
	"github.com/ibid-archive/ibid/verify/render"
)

// shownCitation finds a citation in a file, or in the reports that the archive knows.
func (v *vault) shownCitation(ctx context.Context, name, report string) (*namedCitation, error) {
	if !isFile(report) {
		return v.anyCitation(ctx, name, report)
	}
	read, err := readOne(report)
	if err != nil {
		return nil, err
	}
	key, err := keyNamed(name)
	if err != nil {
		return nil, err
	}
	c := citationOf(read, name, key)
	if c == nil {
		return nil, usageError("%s has no citation %s; `ibid extract` lists them", report, name)
	}
	c.version = catalog.Report{Path: c.path}
	return c, nil
}

// show fills in what the archive knows of a citation. A nil vault knows nothing.
func (v *vault) show(ctx context.Context, c *namedCitation, result *render.ShowResult, capture string, at time.Time) error {
	doc, err := v.shownSource(ctx, c, result, capture, at)
	if err != nil {
		return err
	}
	for _, claim := range c.claims {
		result.Claims = append(result.Claims, render.ShowClaim{Claim: claim, Check: verify.CheckClaim(claim, doc, shownPassages)})
	}
	result.Doc = doc
	return nil
}

// shownPassages is how many passages are shown of a source beside one claim.
const shownPassages = 3

// shownSource reads the source as it is shown, and says in result how it stands.
func (v *vault) shownSource(ctx context.Context, c *namedCitation, result *render.ShowResult, capture string, at time.Time) (verify.Doc, error) {
	switch {
	case c.Key == "":
		result.Unread = "the citation names no address that can be fetched"
		return verify.Doc{}, nil
	case v == nil:
		result.Unread = "nothing is archived"
		return verify.Doc{}, nil
	}
	if err := v.standing(ctx, c, result); err != nil {
		return verify.Doc{}, err
	}
	index, err := newExportIndex(ctx, v.catalog, c.version)
	if err != nil {
		return verify.Doc{}, err
	}
	visits, err := index.Visits(ctx, c.Key)
	if err != nil {
		return verify.Doc{}, err
	}
	cited, err := index.Cited(ctx, c.Key)
	if err != nil {
		return verify.Doc{}, err
	}
	result.Choice = render.ShownAsCited
	if !at.IsZero() {
		result.Choice, cited = render.ShownAt, at
	}
	sum, _, _ := asCitedAndNewest(visits, cited)
	if capture != "" {
		result.Choice = render.ShownNamed
		if sum, err = captureNamed(visits, capture, render.Clean(c.Written())); err != nil {
			return verify.Doc{}, err
		}
	}
	switch {
	case len(visits) == 0:
		result.Unread = "the source was never visited; `ibid archive` does"
		return verify.Doc{}, nil
	case sum == "":
		result.Unread = "no visit found the content of the source"
		return verify.Doc{}, nil
	}
	return v.sourceText(ctx, sum, result)
}

// sourceText reads the source as one capture has it, and says in result why when
// there is nothing to read.
func (v *vault) sourceText(ctx context.Context, sum string, result *render.ShowResult) (verify.Doc, error) {
	page, err := v.reader().ReadText(ctx, sum)
	if page == nil {
		return verify.Doc{}, err
	}
	result.Shown, result.ShownAt = page.Capture.SHA256, page.Capture.StartedAt
	if result.Unread, err = whyUnread(page, err); err != nil {
		return verify.Doc{}, err
	}
	return page.Source(), nil
}

func (v *vault) reader() *verify.CaptureReader {
	return &verify.CaptureReader{Objects: v.store, Captures: v.archive, Holders: v.catalog}
}

// whyUnread says why a capture has no text, "" when it has some. An error that is no
// reason but a failure is returned.
func whyUnread(page *verify.CapturedPage, err error) (string, error) {
	var none *verify.NoTextError
	switch {
	case err == nil && page.Text == "":
		return "the page shows no text", nil
	case err == nil, errors.Is(err, archive.ErrDamaged):
		return "", err
	case errors.Is(err, verify.ErrNoAnswer):
		return "the visit was not answered with a page", nil
	case errors.As(err, &none):
		return "no text could be read: " + none.Why, nil
	case errors.Is(err, verify.ErrNoText):
		kind, _, _ := strings.Cut(page.Capture.MediaType, ";")
		if kind = strings.TrimSpace(kind); kind == "" {
			kind = "of unknown type"
		}
		return "no text could be read (" + kind + ")", nil
	}
	return "", err
}

// standing says how a citation stands, and lists the visits to its source.
func (v *vault) standing(ctx context.Context, c *namedCitation, result *render.ShowResult) error {
	report := render.ReportResult{Path: c.path, SHA256: c.report, Citations: []render.CitationResult{result.Citation}}
	if err := stand(ctx, v.catalog, report.Citations, words{}); err != nil {
		return err
	}
	if err := newStandings(v.catalog).fill(ctx, &report, false); err != nil {
		return err
	}
	result.Citation = report.Citations[0]
	checks, err := v.catalog.History(ctx, c.Key, 0)
	if err != nil {
		return err
	}
	told, err := v.catalog.Remembered(ctx, c.Key)
	if err != nil {
		return err
	}
	var last catalog.Check // with content
	for i := len(checks) - 1; i >= 0; i-- {
		k := checks[i]
		visit := render.ShowVisit{At: k.CheckedAt, Judgement: k.Judgement, HTTPStatus: k.HTTPStatus, FinalURL: k.FinalURL, Capture: k.Capture, Size: k.Size, Imported: k.Imported}
		if i := slices.Index(told[c.Key].Captures, k.Capture); i >= 0 {
			visit.Memento = &told[c.Key].All[i]
		}
		if k.Verdict == archive.Alive || k.Verdict == archive.Moved || k.Verdict == archive.Drifted {
			visit.Content = k.Content
			if last.Capture != "" {
				visit.Change = changed(last, k)
			}
			last = k
		}
		result.Visits = append(result.Visits, visit)
	}
	return nil
}

// changed says how what a visit found differs from what the one before found.
func changed(before, after catalog.Check) render.Change {
	said, says := before.Post.Said(), after.Post.Said()
	switch {
	case said != "" && said == says: // the page of a post is the platform's
		return render.SameText
	case said != "" && says != "":
		return render.OtherBytes
	case after.Unchanged || before.PayloadSHA256 != "" && before.PayloadSHA256 == after.PayloadSHA256:
		return render.Unchanged
	case before.TextSHA256 != "" && before.TextSHA256 == after.TextSHA256:
		return render.SameText
	}
	return render.OtherBytes
}
