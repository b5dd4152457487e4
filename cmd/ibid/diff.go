package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/verify"
	"github.com/ibid-archive/ibid/verify/render"
)

func (a *app) diffCommand() *cobra.Command {
	var report string
	cmd := &cobra.Command{
		Use:   "diff CITATION [A [B]]",
		Short: "Show how a source changed between two captures",
		Long: `Compares a source as two captures have it: what was cited first, then every line
of its text that changed. Nothing is fetched.

CITATION is a citation's id, as ibid extract and ibid status --format json show
it (6.1), or its address. --report names the report when several cite it.

A and B are captures of the source: SHA-256s, or their beginnings. Without them
A is the capture with content that is nearest in time to when a version of the
report that cites the source was first kept, or to the day of citation by which
a memento was looked for, and B the newest with content.

The text that is compared is the main text of the page, without menus, adverts
and teasers. What the citation relies on decides:
  same     readers see the same text
  touched  what was cited stands, and little else changed: a time, a counter, an
           advert, a list of teasers
  changed  what was cited stands, but much around it is new
  drifted  what was cited is not there as it was (a number, a "not", a name or
           other words differ, or all of it is missing), or most of the page is
           not what it was
What was cited is found by the words of the claim and by those that it quotes.
Where nothing in the source speaks to the claim in its words, as in another
language, the page as a whole decides.

Ends with 0 when the source is the same, touched or changed, with 2 when it has
drifted.`,
		Example: `  ibid diff 6.1
  ibid diff 6.1 --report report.txt --format json
  ibid diff https://council.test/plan.html 3f2a 9c41`,
		Args: citationAndCaptures,
		RunE: func(cmd *cobra.Command, args []string) error { return a.runDiff(cmd, report, args) },
	}
	a.flags(cmd, "text", "json")
	a.archiveFlags(cmd)
	cmd.Flags().StringVar(&report, "report", "", "the `report` that has the citation: a file, a path or the SHA-256 of a version")
	return cmd
}

func citationAndCaptures(_ *cobra.Command, args []string) error {
	if len(args) < 1 || len(args) > 3 {
		return errors.New("name one citation, and at most two captures")
	}
	return nil
}

func (a *app) runDiff(cmd *cobra.Command, report string, args []string) (err error) {
	ctx := cmd.Context()
	cfg, err := a.configure(cmd)
	if err != nil {
		return err
	}
	v, _, err := a.openCurrent(ctx, cfg.Settings, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	c, err := v.citation(ctx, args[0], report)
	if err != nil {
		return err
	}
	before, after, err := v.pair(ctx, c, args[1:])
	if err != nil {
		return err
	}
	result, err := v.compare(ctx, c, before, after)
	if errors.Is(err, archive.ErrDamaged) {
		return &exitError{exitFindings, fmt.Errorf("%w; `ibid audit` says more", err)}
	}
	if err != nil {
		return err
	}
	err = a.write(func(w io.Writer) error {
		if a.opt.format == "json" {
			return render.DiffJSON(w, result)
		}
		return render.Diff(w, result, render.TextOptions{Width: a.width(), Color: a.opt.output == "" && colour(a.out)})
	})
	if err == nil && result.Drift.Class == verify.Drifted {
		err = errFindings
	}
	return err
}

// compare reads two captures of the source of c and compares them.
func (v *vault) compare(ctx context.Context, c *namedCitation, before, after string) (*render.DiffResult, error) {
	reader := v.reader()
	result := &render.DiffResult{Report: c.path, Citation: c.Citation}
	old, errOld := reader.Read(ctx, before)
	if old == nil {
		return nil, errOld
	}
	new, errNew := reader.Read(ctx, after)
	if new == nil {
		return nil, errNew
	}
	result.Old, result.New = diffSide(old), diffSide(new)
	err := errors.Join(errOld, errNew)
	switch same := old.Capture.PayloadSHA256; {
	case err == nil:
		result.Drift = verify.Compare(old.Page, new.Page, verify.CitedFor(c.claims))
		result.OldText, result.NewText = result.Drift.Texts(old.Page, new.Page)
		result.Edits = verify.Edits(result.OldText, result.NewText)
	case errors.Is(err, archive.ErrDamaged) || !errors.Is(err, verify.ErrNoText):
		return nil, err
	case same == "" || same != new.Capture.PayloadSHA256:
		return nil, fmt.Errorf("the two captures hold different bytes, and how they differ cannot be told: %w", errors.Join(errOld, errNew))
	default:
		result.Drift = verify.SameBytes()
	}
	return result, nil
}

func diffSide(p *verify.CapturedPage) render.DiffSide {
	s := render.DiffSide{Capture: p.Capture.SHA256, Content: p.Content, At: p.Capture.StartedAt, URL: p.Capture.FinalURL, Title: p.Title}
	if s.URL == "" {
		s.URL = p.Capture.URL
	}
	if s.Title == "" {
		s.Title = p.Capture.Title
	}
	if p.Text != "" {
		s.Text = p.SHA256()
	}
	return s
}
