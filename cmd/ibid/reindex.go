package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/crawler/schedule"
)

func (a *app) reindexCommand() *cobra.Command {
	var fromObjects bool
	cmd := &cobra.Command{
		Use:   "reindex",
		Short: "Rebuild the catalog from the archive",
		Long: `Builds the catalog anew from the objects of the archive alone. The catalog is an
index: losing it loses nothing, and this brings it back.

Of each capture its record is read and compared with what the archive's log says
of it. With --from-objects every byte of every capture is read and checked, too.`,
		Example: `  ibid reindex
  ibid reindex --from-objects
  ibid reindex --archive s3://sources/reports`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			cfg, err := a.configure(cmd)
			if err != nil {
				return err
			}
			v, err := a.openStore(cmd.Context(), cfg.Settings, false)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, v.Close()) }()
			path, err := catalogPath(cfg.Settings)
			if err != nil {
				return err
			}
			r := &schedule.Runner{Archive: v.archive, Log: a.logger()}
			n, err := r.Reindex(cmd.Context(), path, fromObjects)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.out, "%s and %s entered into %s\n", plural(n.Captures, "capture"), plural(n.Reports, "report"), path)
			for _, err := range n.Unreadable {
				a.say(err)
			}
			if len(n.Unreadable) > 0 {
				fmt.Fprintf(a.err, "%s could not be read and left out; `ibid audit` says what is wrong\n", plural(len(n.Unreadable), "object"))
				return errFindings
			}
			return nil
		},
	}
	a.flags(cmd)
	a.archiveFlags(cmd)
	a.logFlag(cmd)
	cmd.Flags().BoolVar(&fromObjects, "from-objects", false, "read every byte of every capture, not only its record")
	return cmd
}

func plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
