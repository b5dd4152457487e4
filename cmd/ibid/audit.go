package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/verify"
	"github.com/ibid-archive/ibid/verify/render"
)

// auditOptions are the flags of audit.
type auditOptions struct {
	quick    bool
	sample   string
	seed     int64
	since    string
	resume   bool
	workers  int
	noRecord bool

	witness    []string
	witnessOut string
}

func (a *app) auditCommand() *cobra.Command {
	var o auditOptions
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Re-read the archive, prove that nothing changed",
		Long: `Reads every object of the archive again from the store, hashes the file, every
record block and every payload anew, checks the structure of each WARC, and
names what is wrong – missing, altered, truncated, stray – with the citations
that rest on it. It takes nothing from the catalog, but says when that names a
capture that is gone. Exits 2 when it finds something.

--quick compares the names of the objects, which are hashes, with their bytes
and does not look into them. --sample reads a share; each further sample reads
the next, until all was read. Both and --since leave out what refers from one
object to another.

The log of the archive is checked with it. A whole archive can be put back to an
older state, log and all; to see that, keep its checkpoint where its keeper
cannot change it (--witness-out) and give it to a later audit (--witness).

An audit that was interrupted goes on with --resume. That it was made, and what
it found, is kept in the archive as an event (events/fixity/…json), unless
--no-record is given or the store cannot be written to.`,
		Example: `  ibid audit
  ibid audit --quick --sample 5%
  ibid audit --archive s3://sources/reports --format json
  ibid audit --witness published.txt --witness-out checkpoint.txt`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runAudit(cmd, &o) },
	}
	a.flags(cmd, "text", "json")
	a.archiveFlags(cmd)
	a.keysFlag(cmd)
	a.logFlag(cmd)
	a.rootsFlag(cmd)
	f := cmd.Flags()
	f.BoolVar(&o.quick, "quick", false, "compare names with bytes, look into nothing")
	f.StringVar(&o.sample, "sample", "", "read this `share` of the objects, as 5%")
	f.Int64Var(&o.seed, "seed", -1, "which sample: a `number` from 0 (default: the one after the last)")
	f.StringVar(&o.since, "since", "", "read what was stored within a `time` (30d, 12h) or since a date")
	f.BoolVar(&o.resume, "resume", false, "go on with the audit that was interrupted")
	f.BoolVar(&o.noRecord, "no-record", false, "keep no event of this audit in the archive")
	f.StringArrayVar(&o.witness, "witness", nil, "prove that the log extends this older checkpoint: a `file` or URL")
	f.StringVar(&o.witnessOut, "witness-out", "", "write the log's checkpoint to this `file`, to keep it elsewhere")
	f.IntVar(&o.workers, "workers", 0, "objects read at the same time (default: as the machine can)")
	return cmd
}

func (a *app) runAudit(cmd *cobra.Command, o *auditOptions) (err error) {
	ctx := cmd.Context()
	cfg, err := a.configure(cmd)
	if err != nil {
		return err
	}
	if o.workers < 0 || o.seed < -1 {
		return usageError("--workers and --seed must not be negative")
	}
	if err := a.writable(); err != nil {
		return err
	}
	v, err := a.openPlain(ctx, cfg.Settings, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	state, err := openAuditState(cfg.Settings)
	if err != nil {
		return err
	}
	audit := verify.AuditConfig{Workers: readers(o.workers, cfg.Archive), Quick: o.quick, LogKeys: cfg.LogKeys}
	if audit.StampRoots, err = stampRoots(cfg.Settings); err != nil {
		return err
	}
	if audit.Witnesses, err = a.witnesses(ctx, cfg.Settings, o.witness); err != nil {
		return err
	}
	if audit.Scope, err = o.scope(state, time.Now()); err != nil {
		return err
	}
	index, err := a.openIndex(ctx, cfg.Settings)
	if err != nil {
		return err
	}
	if index != nil {
		defer func() { err = errors.Join(err, index.Close()) }()
		audit.Indexed = index.Captures(ctx)
	}
	given := cmd.Flags().Changed("quick") || o.sample != "" || o.since != "" || o.seed >= 0
	closeJournal, err := state.journal(&audit, o.resume, given)
	if err != nil {
		return err
	}
	for _, note := range state.notes {
		a.logger().Warn(note)
	}
	p := a.objects(ctx, v.store, audit.Scope.Has)
	audit.Progress = func(e verify.Event) { p.seen(e.Objects, e.Bytes, e.Found); state.tick() }
	began := time.Now()
	report, auditErr := verify.Audit(ctx, v.store, audit)
	p.stop()
	a.compareSeen(cfg.Settings, report.Log)
	if err := closeJournal(auditErr == nil); err != nil {
		a.logger().Warn("the audit cannot be resumed", "err", err)
	}
	if ctx.Err() != nil {
		fmt.Fprintln(a.err, "Interrupted: `ibid audit --resume` goes on from here.")
		return auditErr
	}
	if auditErr == nil && audit.Scope.Rounds() > 1 {
		if err := state.setRound(audit.Scope.Seed + 1); err != nil {
			a.logger().Warn("the next sample will be the same", "err", err)
		}
	}
	if !o.noRecord {
		event := verify.NewFixityEvent("ibid/"+version(), began, time.Now(), report, auditErr)
		if err := a.record(ctx, cfg.Settings, event); err != nil {
			fmt.Fprintf(a.err, "no event of this audit is kept: %s\n", oneLine(err.Error()))
		}
	}
	if auditErr != nil && len(report.Unread) == 0 {
		return auditErr
	}
	if err := a.write(func(w io.Writer) error {
		if a.opt.format == "json" {
			return render.AuditJSON(w, &report)
		}
		return render.AuditText(w, &report, cfg.Archive, render.TextOptions{Width: a.width(), Color: a.opt.output == "" && colour(a.out)})
	}); err != nil {
		return err
	}
	if auditErr != nil {
		return auditErr
	}
	if o.witnessOut != "" && report.Found > 0 {
		fmt.Fprintln(a.err, "--witness-out: no checkpoint is written while something is wrong")
	} else if o.witnessOut != "" {
		if report.Log == nil {
			return errors.New("--witness-out: the archive has no log yet")
		}
		if err := writeWitness(o.witnessOut, report.Log.Checkpoint); err != nil {
			return fmt.Errorf("--witness-out: %w", err)
		}
	}
	if report.Found > 0 {
		return errFindings
	}
	return nil
}

// compareSeen says when this machine has seen more of the log than the store
// has. That is no finding: the store may be a copy that is behind.
func (a *app) compareSeen(s Settings, l *verify.LogReport) {
	dir, err := keyDir(s)
	if err != nil || l == nil {
		return
	}
	note, err := log.KeyDir(dir).Seen(l.Origin)
	if err != nil || len(note) == 0 {
		return
	}
	lines := strings.SplitN(string(note), "\n", 3)
	if len(lines) < 3 {
		return
	}
	if seen, err := strconv.ParseInt(lines[1], 10, 64); err == nil && seen > l.Size {
		fmt.Fprintf(a.err, "this machine has seen the log with %s, this store has %d: it is an older copy, or was rolled back\n", plural64(seen, "entry", "entries"), l.Size)
	}
}

// openIndex opens the catalog, if there is one that can be read. An audit needs
// none, and does not make one.
func (a *app) openIndex(ctx context.Context, s Settings) (*catalog.Catalog, error) {
	path, err := catalogPath(s)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	c, err := catalog.Open(ctx, path)
	if err != nil {
		a.logger().Warn("the catalog is not compared with the archive", "err", err)
	}
	return c, nil
}

// record keeps an event in the archive.
func (a *app) record(ctx context.Context, s Settings, event *verify.FixityEvent) (err error) {
	key, object, err := event.Encode()
	if err != nil {
		return err
	}
	v, err := a.openPlain(ctx, s, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	return v.store.Put(ctx, key, blob.Bytes(object))
}

// scope reads the flags that say what to audit.
func (o *auditOptions) scope(state *auditState, now time.Time) (s verify.Scope, err error) {
	if o.sample != "" {
		text, ok := strings.CutSuffix(o.sample, "%")
		share, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if !ok || err != nil || !(share >= 0.0001 && share <= 100) {
			return s, usageError("--sample %s: want a share between 0.0001%% and 100%%, as 5%%", o.sample)
		}
		if s.Sample = share / 100; s.Sample == 1 {
			s.Sample = 0
		}
	}
	switch {
	case s.Sample == 0 && o.seed >= 0:
		return s, usageError("--seed is that of a --sample")
	case s.Sample > 0 && o.seed >= 0:
		s.Seed = uint64(o.seed)
	case s.Sample > 0:
		s.Seed = state.round() % s.Rounds()
	}
	if o.since != "" {
		if s.Since, err = parseSince(o.since, now); err != nil {
			return s, err
		}
	}
	return s, nil
}

// parseSince reads a time that has passed: 30d, 12h, 2026-01-31, or RFC 3339.
func parseSince(text string, now time.Time) (time.Time, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 16); err == nil {
			return now.Add(-time.Duration(n) * 24 * time.Hour).UTC().Truncate(time.Second), nil
		}
	}
	if d, err := time.ParseDuration(text); err == nil && d >= 0 {
		return now.Add(-d).UTC().Truncate(time.Second), nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, usageError("--since %s: want a time like 30d or 12h, or a date like 2026-01-31", text)
}
