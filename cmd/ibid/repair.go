package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/mirror"
	"github.com/ibid-archive/ibid/verify"
	"github.com/ibid-archive/ibid/verify/render"
)

// repairFlags are the flags of repair.
type repairFlags struct {
	from          other
	dryRun, quick bool
	workers       int
}

func (a *app) repairCommand() *cobra.Command {
	var o repairFlags
	cmd := &cobra.Command{
		Use:   "repair --from STORE",
		Short: "Restore damaged and missing objects from a copy",
		Long: `Compares every name in the archive with its bytes, fetches what is damaged, and
what only the copy has, from STORE, a directory or s3://bucket/prefix, proves it
good by its hash, and puts it in place. A damaged object is not deleted but set
aside under quarantine/. Then the archive is audited again. Exits 2 when
something could not be restored or is still wrong.`,
		Example: `  ibid repair --from /mnt/backup/ibid-archive
  ibid repair --archive s3://sources/reports --from s3://copy/reports --dry-run`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runRepair(cmd, &o) },
	}
	a.flags(cmd, "text", "json")
	a.archiveFlags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.from.place, "from", "", "the copy: a `directory` or s3://bucket/prefix")
	o.from.flags(cmd, "from")
	f.BoolVar(&o.dryRun, "dry-run", false, "change nothing, say what would be restored")
	f.BoolVar(&o.quick, "quick", false, "audit as ibid audit --quick does")
	f.IntVar(&o.workers, "workers", 0, "objects read at the same time (default: as the machine can)")
	return cmd
}

func (a *app) runRepair(cmd *cobra.Command, o *repairFlags) (err error) {
	ctx := cmd.Context()
	cfg, err := a.configure(cmd)
	if err != nil {
		return err
	}
	if o.from.place == "" {
		return usageError("--from: name the copy to restore from")
	}
	if apart, err := o.from.apart(cfg.Settings); err != nil {
		return err
	} else if !apart {
		return usageError("--from %s: it and the archive %s are one, or one lies in the other: that is no second copy", o.from.place, cfg.Archive)
	}
	if err := a.writable(); err != nil {
		return err
	}
	good, err := a.openOther(ctx, cfg.Settings, o.from, false)
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	defer func() { err = errors.Join(err, good.Close()) }()
	// What is not there is not made: it would be filled with all of the copy.
	v, err := a.openPlain(ctx, cfg.Settings, false)
	if err != nil {
		return err
	}
	if !o.dryRun {
		if err := v.Close(); err != nil {
			return err
		}
		if v, err = a.openPlain(ctx, cfg.Settings, true); err != nil {
			return err
		}
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	store, ok := v.store.(mirror.Repairable)
	if !ok {
		return errors.New("in this kind of store nothing can be set aside")
	}
	keys, err := a.damaged(ctx, store, good.store, readers(o.workers, cfg.Archive))
	if err != nil {
		return err
	}
	done, err := mirror.Repair(ctx, store, good.store, keys, mirror.Config{DryRun: o.dryRun, TempDir: v.tempDir})
	if err != nil {
		return err
	}
	result := repairResult{Version: 1, RepairReport: done, DryRun: o.dryRun}
	if !o.dryRun {
		audit, err := a.auditAgain(ctx, store, verify.AuditConfig{Quick: o.quick, Workers: readers(o.workers, cfg.Archive)})
		if err != nil {
			return err
		}
		result.Audit = &audit
	}
	if err := a.write(func(w io.Writer) error { return a.writeRepair(w, &result, cfg.Archive) }); err != nil {
		return err
	}
	if len(done.Problems) > 0 || result.Audit != nil && result.Audit.Found > 0 || o.dryRun && len(done.Restored) > 0 {
		return errFindings
	}
	return nil
}

// auditAgain is an audit with its progress.
func (a *app) auditAgain(ctx context.Context, store blob.Store, cfg verify.AuditConfig) (verify.AuditReport, error) {
	p := a.objects(ctx, store, cfg.Scope.Has)
	defer p.stop()
	cfg.Progress = func(e verify.Event) { p.seen(e.Objects, e.Bytes, e.Found) }
	return verify.Audit(ctx, store, cfg)
}

// damaged lists what is not what its name says, cannot be read, or is missing.
func (a *app) damaged(ctx context.Context, store, good blob.Store, workers int) ([]string, error) {
	const all = 1 << 30
	report, err := a.auditAgain(ctx, store, verify.AuditConfig{Quick: true, Workers: workers, MaxFindings: all})
	if err != nil && (ctx.Err() != nil || len(report.Unread) == 0) {
		return nil, err
	}
	keys, err := mirror.Missing(ctx, store, good)
	if err != nil {
		return nil, err
	}
	keys = append(keys, report.Unread...)
	for _, f := range report.Findings {
		if _, named := mirror.Named(f.Key); named || strings.HasPrefix(f.Key, "log/") && f.Rule != verify.RuleStray {
			keys = append(keys, f.Key)
		}
	}
	return keys, nil
}

// repairResult is what a repair did and what an audit found after it.
type repairResult struct {
	Version int  `json:"version"` // 1
	DryRun  bool `json:"dry_run,omitempty"`
	mirror.RepairReport
	Audit *verify.AuditReport `json:"audit,omitempty"`
}

func (a *app) writeRepair(w io.Writer, r *repairResult, where string) error {
	if a.opt.format == "json" {
		return render.Document(w, r)
	}
	verb := "restored"
	if r.DryRun {
		verb = "to be restored"
	}
	for _, o := range r.Restored {
		fmt.Fprintf(w, "%s\n  was %s", render.Clean(o.Key), o.Was)
		if o.Quarantine != "" {
			fmt.Fprintf(w, ", now in %s", render.Clean(o.Quarantine))
		}
		fmt.Fprintln(w)
	}
	problems(w, r.Problems)
	lines := []string{plural(len(r.Restored), "object") + " " + verb}
	if n := len(r.Problems); n > 0 {
		lines = append(lines, plural(n, "object")+" could not be")
	}
	if _, err := fmt.Fprintln(w, strings.Join(lines, ", ")); err != nil || r.Audit == nil {
		return err
	}
	return render.AuditText(w, r.Audit, where, render.TextOptions{Width: a.width(), Color: a.opt.output == "" && colour(a.out)})
}
