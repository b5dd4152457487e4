package main

import (
	"context"
	"errors"
	"fmt"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/verify/render"
)

// decideOptions are what the flags of decide say.
type decideOptions struct{ because, report, by string }

func (a *app) decideCommand() *cobra.Command {
	var o decideOptions
	cmd := &cobra.Command{
		Use:   "decide CITATION alive|dead|ignore",
		Short: "Overrule the verdict on one citation, with a reason",
		Long: `Keeps what a person decided about one citation: that its source is alive, that
it is dead, or that ` + "`ibid check`" + ` is to ignore it. The decision is kept in the
archive for good, with name and reason, and is entered into its log. The latest
decision on a citation is in force; it holds for all versions of the report that
cite the same source, and for no other report and no other page of the host.

CITATION is an id as ibid status --format json and ibid extract show it, such as
6.1, or the address itself.`,
		Example: `  ibid decide 6.1 alive --because "opens in a browser, blocks programs"
  ibid decide --report report.txt L12.1 ignore --because "an example address"`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return errors.New("name one citation and what you decide: alive, dead or ignore")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return a.runDecide(cmd, args[0], args[1], o) },
	}
	a.flags(cmd)
	a.archiveFlags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.because, "because", "", "the `reason`, for whoever asks later (required)")
	f.StringVar(&o.report, "report", "", "the report that has the citation, its `path` or SHA-256 (default: the only one that the archive knows)")
	f.StringVar(&o.by, "by", "", "`who` decides (default: your name on this machine)")
	return cmd
}

func (a *app) runDecide(cmd *cobra.Command, citation, decision string, o decideOptions) (err error) {
	ctx := cmd.Context()
	cfg, err := a.configure(cmd)
	if err != nil {
		return err
	}
	if o.by == "" {
		o.by = userName()
	}
	d := &archive.Decision{Because: o.because, By: o.by, Decision: decision, Time: time.Now()}
	switch {
	case decision != archive.DecideAlive && decision != archive.DecideDead && decision != archive.DecideIgnore:
		return usageError("%s: want %s, %s or %s", decision, archive.DecideAlive, archive.DecideDead, archive.DecideIgnore)
	case strings.TrimSpace(o.because) == "":
		return usageError("a decision needs its reason: --because TEXT")
	case strings.TrimSpace(o.by) == "":
		return usageError("a decision needs the name of who made it: --by NAME")
	}
	// An archive that is not there is not made for this.
	there, err := a.openPlain(ctx, cfg.Settings, false)
	if err != nil {
		return err
	}
	if err := there.Close(); err != nil {
		return err
	}
	v, _, err := a.openCurrent(ctx, cfg.Settings, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	if err := subject(ctx, v.catalog, o.report, citation, d); err != nil {
		return err
	}
	if err := d.Validate(); err != nil {
		return &exitError{exitUsage, err}
	}
	if err := v.archive.PutDecision(ctx, d); err != nil {
		return err
	}
	if err := v.catalog.PutDecisions(context.WithoutCancel(ctx), d); err != nil {
		return fmt.Errorf("the decision is kept; `ibid reindex` enters it into the catalog: %w", err)
	}
	_, err = fmt.Fprintf(a.out, "%s of %s is decided: %s, by %s\n%s\n", render.Clean(d.Citation), render.Clean(d.Path), d.Decision, render.Clean(d.By), archive.DecisionKey(d.Object))
	return err
}

// subject fills in which source of which report a decision is about.
func subject(ctx context.Context, c *catalog.Catalog, report, citation string, d *archive.Decision) error {
	if report == "" {
		known, err := c.Reports(ctx)
		if err != nil {
			return err
		}
		if len(known) != 1 {
			return usageError("the archive knows %s: name one with --report", plural(len(known), "report"))
		}
		report = known[0].Path
	}
	r, citations, err := c.Report(ctx, report)
	if clean := filepath.ToSlash(filepath.Clean(report)); errors.Is(err, catalog.ErrNotFound) && clean != report {
		r, citations, err = c.Report(ctx, clean)
	}
	if errors.Is(err, catalog.ErrNotFound) {
		return usageError("--report %s: the archive does not know it; `ibid status` names the reports", report)
	}
	if err != nil {
		return err
	}
	for _, t := range citations {
		if t.Key != "" && (t.ID == citation || t.URL == citation || t.Raw == citation) {
			d.Citation, d.Key, d.Path, d.Report = t.ID, t.Key, r.Path, r.SHA256
			return nil
		}
	}
	return usageError("%s has no citation %s that can be visited; `ibid extract` names them", report, citation)
}

// userName is how the machine calls its user, "" when it does not say.
func userName() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	if name, _, _ := strings.Cut(u.Name, ","); strings.TrimSpace(name) != "" {
		return name
	}
	return u.Username
}
