package main

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/verify/render"
)

func (a *app) statusCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "status [REPORT…]",
		Short: "Print what is known of every citation; no network",
		Long: `Prints how every citation stood when it was last visited, how it stands over
time, when its next visit is due and where it is kept. Dead is what was not
found three times, 72 hours apart and asked in two ways; a success clears it,
and a person can overrule it (ibid decide).
Without a report: of every report that the archive knows, in its newest version.`,
		Example: `  ibid status report.txt
  ibid status --format json`,
		RunE: func(cmd *cobra.Command, args []string) error { return a.runStatus(cmd, args) },
	}
	a.flags(cmd, "text", "json")
	a.inputFlag(cmd)
	a.archiveFlags(cmd)
	a.logFlag(cmd)
	return cmd
}

func (a *app) runStatus(cmd *cobra.Command, args []string) (err error) {
	ctx := cmd.Context()
	cfg, err := a.configure(cmd)
	if err != nil {
		return err
	}
	var v *vault
	defer func() {
		if v != nil {
			err = errors.Join(err, v.Close())
		}
	}()
	open := func() (err error) {
		if v == nil {
			v, _, err = a.openCurrent(ctx, cfg.Settings, false)
		}
		return err
	}
	sources, err := a.readReports(args, func(address string) (fetched, error) {
		if err := open(); err != nil {
			return fetched{}, err
		}
		return v.keptPage(ctx, address)
	})
	if err != nil {
		return err
	}
	if err := open(); err != nil {
		return err
	}
	if len(args) == 0 {
		if sources, err = v.reports(ctx); err != nil {
			return err
		}
	}
	shown, err := results(ctx, v.catalog, sources)
	if err != nil {
		return err
	}
	over := newStandings(v.catalog)
	for i := range shown {
		if err := over.fill(ctx, &shown[i], false); err != nil {
			return err
		}
	}
	return a.write(func(w io.Writer) error {
		return a.render(w, &render.Result{Reports: shown, Archive: cfg.Archive}, true)
	})
}
