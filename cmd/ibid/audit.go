package main

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/verify"
	"github.com/ibid-archive/ibid/verify/render"
)

func (a *app) auditCommand() *cobra.Command {
	var workers int
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Re-read the archive, prove that nothing changed",
		Long: `Reads every object of the archive again from the store, hashes the file, every
record block and every payload anew, checks the structure of each WARC, and
names what is wrong: missing, altered, truncated, stray. It does not use the
catalog. Exits 2 when it finds something.`,
		Example: `  ibid audit
  ibid audit --archive s3://sources/reports --format json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			cfg, err := a.configure(cmd)
			if err != nil {
				return err
			}
			if err := a.writable(); err != nil {
				return err
			}
			v, err := a.openStore(cmd.Context(), cfg.Settings, false)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, v.Close()) }()
			report, err := verify.Audit(cmd.Context(), v.store, verify.AuditConfig{Workers: workers})
			if err != nil {
				return err
			}
			if err := a.write(func(w io.Writer) error {
				if a.opt.format == "json" {
					return render.AuditJSON(w, &report)
				}
				return render.AuditText(w, &report, cfg.Archive, render.TextOptions{Width: a.width(), Color: a.opt.output == "" && colour(a.out)})
			}); err != nil {
				return err
			}
			if len(report.Findings) > 0 {
				return errFindings
			}
			return nil
		},
	}
	a.flags(cmd, "text", "json")
	a.archiveFlags(cmd)
	cmd.Flags().IntVar(&workers, "workers", 0, "objects read at the same time (default: as the machine can)")
	return cmd
}
