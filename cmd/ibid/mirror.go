package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/mirror"
	"github.com/ibid-archive/ibid/verify/render"
)

// other is a second archive that a command names, beside --archive.
type other struct {
	place            string
	endpoint, region string
}

// flags adds the flags that say how to reach it. All else, credentials too, is
// as for the archive.
func (o *other) flags(cmd *cobra.Command, prefix string) {
	f := cmd.Flags()
	f.StringVar(&o.endpoint, prefix+"-s3-endpoint", "", "the other store's S3 server `URL` (default: that of the archive)")
	f.StringVar(&o.region, prefix+"-s3-region", "", "the other store's S3 `region` (default: that of the archive)")
}

// apart reports that neither of the two archives is the other, or lies in it.
func (o *other) apart(s Settings) (bool, error) {
	remote := func(place string) bool { return strings.Contains(place, "://") }
	if remote(s.Archive) != remote(o.place) {
		return true, nil
	}
	if remote(s.Archive) {
		elsewhere := o.endpoint != "" && o.endpoint != s.S3.Endpoint || o.region != "" && o.region != s.S3.Region
		one, two := strings.TrimRight(s.Archive, "/")+"/", strings.TrimRight(o.place, "/")+"/"
		return elsewhere || !strings.HasPrefix(one, two) && !strings.HasPrefix(two, one), nil
	}
	within, err := liesIn(s.Archive, o.place)
	if err != nil || within {
		return !within, err
	}
	within, err = liesIn(o.place, s.Archive)
	return !within, err
}

// liesIn reports that path, which need not exist, is the directory dir or lies in it.
func liesIn(path, dir string) (bool, error) {
	want, err := os.Stat(dir)
	if err != nil {
		return false, nil //nolint:nilerr // in what is not there nothing lies
	}
	if path, err = filepath.Abs(path); err != nil {
		return false, err
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	for {
		if info, err := os.Stat(path); err == nil && os.SameFile(info, want) {
			return true, nil
		}
		up := filepath.Dir(path)
		if up == path {
			return false, nil
		}
		path = up
	}
}

func (a *app) openOther(ctx context.Context, s Settings, o other, create bool) (*vault, error) {
	s.Archive = o.place
	if o.endpoint != "" {
		s.S3.Endpoint = o.endpoint
	}
	if o.region != "" {
		s.S3.Region = o.region
	}
	return a.openPlain(ctx, s, create)
}

func (a *app) mirrorCommand() *cobra.Command {
	var to other
	var c mirror.Config
	cmd := &cobra.Command{
		Use:   "mirror TO",
		Short: "Copy the archive to a second store",
		Long: `Copies every object of the archive that is not there yet to TO, a directory or
s3://bucket/prefix. Each is hashed before it is put; what is damaged is not
copied but named, and the exit code is 2. The log's checkpoint comes last, so
that the copy is consistent at every moment; a copy that is ahead of the
archive, or of another log, is refused. Nothing is deleted anywhere. What is
interrupted goes on when it is run again.`,
		Example: `  ibid mirror /mnt/backup/ibid-archive
  ibid mirror --archive s3://sources/reports s3://elsewhere/reports
  ibid mirror --verify --dry-run /mnt/backup/ibid-archive`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("name one directory or s3://bucket/prefix to copy to")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			to.place = args[0]
			return a.runMirror(cmd, to, c)
		},
	}
	a.flags(cmd, "text", "json")
	a.archiveFlags(cmd)
	to.flags(cmd, "to")
	f := cmd.Flags()
	f.BoolVar(&c.Verify, "verify", false, "re-read what is there already")
	f.BoolVar(&c.DryRun, "dry-run", false, "change nothing, say what would be copied")
	f.IntVar(&c.Workers, "workers", 0, "objects copied at the same time (default: as the machine can)")
	return cmd
}

func (a *app) runMirror(cmd *cobra.Command, to other, c mirror.Config) (err error) {
	ctx := cmd.Context()
	cfg, err := a.configure(cmd)
	if err != nil {
		return err
	}
	if c.Workers < 0 {
		return usageError("--workers must not be negative")
	}
	if apart, err := to.apart(cfg.Settings); err != nil {
		return err
	} else if !apart {
		return usageError("%s and the archive %s are one, or one lies in the other: that would be no second copy", to.place, cfg.Archive)
	}
	if err := a.writable(); err != nil {
		return err
	}
	from, err := a.openPlain(ctx, cfg.Settings, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	source, err := copyable(from)
	if err != nil {
		return err
	}
	target, err := a.mirrorTarget(ctx, cfg.Settings, to, c.DryRun)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	into, err := copyable(target)
	if err != nil {
		return err
	}
	c.TempDir = target.tempDir
	p := a.objects(ctx, from.store, func(blob.Info) bool { return true })
	c.Progress = func(e mirror.Event) { p.seen(e.Objects, e.Bytes, 0) }
	report, err := mirror.Copy(ctx, into, source, c)
	p.stop()
	if err != nil {
		return err
	}
	if err := a.write(func(w io.Writer) error {
		if a.opt.format == "json" {
			return render.Document(w, struct {
				Version int  `json:"version"`
				DryRun  bool `json:"dry_run,omitempty"`
				mirror.Report
			}{1, c.DryRun, report})
		}
		return writeMirror(w, &report, to.place, c.DryRun)
	}); err != nil {
		return err
	}
	if len(report.Problems) > 0 {
		return errFindings
	}
	return nil
}

// mirrorTarget opens where to copy to. A dry run does not make a directory: what
// is not there is an empty store.
func (a *app) mirrorTarget(ctx context.Context, s Settings, to other, dryRun bool) (*vault, error) {
	v, err := a.openOther(ctx, s, to, !dryRun)
	if dryRun && errors.Is(err, errNoArchive) {
		return &vault{store: nothing{}}, nil
	}
	return v, err
}

// copyable is the store of an archive with the cells of its log.
func copyable(v *vault) (mirror.Store, error) {
	s, ok := v.store.(mirror.Store)
	if !ok {
		return nil, errors.New("this kind of store cannot be copied")
	}
	return s, nil
}

func writeMirror(w io.Writer, r *mirror.Report, to string, dryRun bool) error {
	verb := "copied to"
	if dryRun {
		verb = "to be copied to"
	}
	problems(w, r.Problems)
	_, err := fmt.Fprintf(w, "%s, %s, in the archive; %s, %s, %s %s\n", plural(int(r.Objects), "object"), render.Bytes(r.Bytes),
		plural(int(r.Copied), "object"), render.Bytes(r.Sent), verb, render.Clean(to))
	return err
}

func problems(w io.Writer, list []mirror.Problem) {
	for _, p := range list {
		fmt.Fprintf(w, "%s\n  %s: %s\n", render.Clean(p.Key), p.Kind, render.Clean(p.Message))
	}
}

// nothing is a store without objects that cannot be written to.
type nothing struct{}

func (nothing) Put(context.Context, string, blob.Object) error { return blob.ErrReadOnly }

func (nothing) Open(_ context.Context, key string, _, _ int64) (io.ReadCloser, error) {
	return nil, fmt.Errorf("open %s: %w", key, blob.ErrNotExist)
}

func (nothing) Stat(_ context.Context, key string) (blob.Info, error) {
	return blob.Info{}, fmt.Errorf("stat %s: %w", key, blob.ErrNotExist)
}

func (nothing) List(context.Context, string) iter.Seq2[blob.Info, error] {
	return func(func(blob.Info, error) bool) {}
}

func (nothing) Load(_ context.Context, key string) ([]byte, string, error) {
	return nil, "", fmt.Errorf("load %s: %w", key, blob.ErrNotExist)
}

func (nothing) Swap(context.Context, string, string, []byte) (string, error) {
	return "", blob.ErrReadOnly
}
