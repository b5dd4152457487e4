package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/archive/evidence"
	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/verify/render"
)

// exportOptions are the flags of export.
type exportOptions struct {
	all, latest, asCited bool
	force                bool
	date                 string
}

func (a *app) exportCommand() *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:   "export REPORT",
		Short: "One WACZ file: report, sources, verdicts, proofs",
		Long: `Writes what the archive knows of one report into one WACZ 1.1.1 file, which
whoever gets it can check and show without ibid: the report, captures of its
sources byte for byte, a page that shows each claim beside its source
(report.html), and for each capture the proof that it stands in the log of the
archive. Nothing is fetched.

REPORT is the report's file; or, when there is none, the path under which the
archive knows it, in its newest version, or the SHA-256 of a version.

Of each source that is cited go into the file the newest visit, on which the
verdict rests, and
  --as-cited  the capture with content that is nearest in time to when a version
              of the report that cites it was first kept, or to the day of
              citation by which a memento was looked for. That shows the source
              as its author may have seen it. (default)
  --latest    the newest capture with content
  --all       every capture
and whatever these refer to. Of a source that never answered with content it is
a visit that failed.

The file is signed with a key of its own, made at the first use beside the keys
of the log (package.pem in --keys). That shows which packages come from the same
hand; whose hand, the reader must know from elsewhere.

The same archive, report and --date give the same bytes. Without --date it is
the time in SOURCE_DATE_EPOCH, else now.`,
		Example: `  ibid export report.txt
  ibid export report.txt --latest -o evidence.wacz
  ibid export report.txt -o - | ssh court 'cat > report.wacz'`,
		Args: oneReport,
		RunE: func(cmd *cobra.Command, args []string) error { return a.runExport(cmd, o, args[0]) },
	}
	a.flags(cmd)
	a.archiveFlags(cmd)
	a.keysFlag(cmd)
	a.logFlag(cmd)
	f := cmd.Flags()
	f.StringVarP(&a.opt.output, "output", "o", "", "write to this `file`, - for standard output (default: the report's name with .wacz)")
	f.BoolVar(&o.asCited, "as-cited", false, "the capture nearest to the citation (default)")
	f.BoolVar(&o.latest, "latest", false, "the newest capture with content")
	f.BoolVar(&o.all, "all", false, "every capture")
	f.BoolVar(&o.force, "force", false, "replace a file that is there")
	f.StringVar(&o.date, "date", "", "the package's `time`, as 2026-05-09 or 2026-05-09T10:00:00Z")
	return cmd
}

func oneReport(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return errors.New("name one report")
	}
	return nil
}

func (o exportOptions) choice() (evidence.Choice, error) {
	switch chosen := map[bool]int{true: 1}; {
	case chosen[o.all]+chosen[o.latest]+chosen[o.asCited] > 1:
		return "", usageError("--all, --latest and --as-cited exclude each other")
	case o.all:
		return evidence.All, nil
	case o.latest:
		return evidence.Latest, nil
	}
	return evidence.AsCited, nil
}

// time is that of the package (https://reproducible-builds.org/specs/source-date-epoch/).
func (o exportOptions) time() (time.Time, error) {
	if o.date == "" {
		epoch := os.Getenv("SOURCE_DATE_EPOCH")
		if epoch == "" {
			return time.Now().UTC().Truncate(time.Second), nil
		}
		n, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil || n < 0 || n > 253402300799 {
			return time.Time{}, usageError("SOURCE_DATE_EPOCH=%s: want seconds since 1970", epoch)
		}
		return time.Unix(n, 0).UTC(), nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, o.date); err == nil && t.Year() >= 1980 && t.Year() < 10000 {
			return t.UTC(), nil
		}
	}
	return time.Time{}, usageError("--date %s: want 2026-05-09 or 2026-05-09T10:00:00Z, from 1980 on", o.date)
}

func (a *app) runExport(cmd *cobra.Command, o exportOptions, name string) (err error) {
	ctx := cmd.Context()
	cfg, err := a.configure(cmd)
	if err != nil {
		return err
	}
	choice, err := o.choice()
	if err != nil {
		return err
	}
	date, err := o.time()
	if err != nil {
		return err
	}
	v, _, err := a.openCurrent(ctx, cfg.Settings, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	report, err := knownReport(ctx, v.catalog, name)
	if err != nil {
		return err
	}
	index, err := newExportIndex(ctx, v.catalog, report)
	if err != nil {
		return err
	}
	keys, err := keyDir(cfg.Settings)
	if err != nil {
		return err
	}
	signer, err := evidence.OpenKey(keys)
	if err != nil {
		return err
	}
	boundExport(len(index.cited))
	target := a.opt.output
	if target == "" {
		target = packageName(report.Path)
	}
	p := a.exporting(target)
	defer p.stop()
	e := evidence.Config{Objects: v.store, Archive: v.archive, Log: v.log, Index: index, Choice: choice, Read: v.quotable, Page: render.EvidencePage,
		Progress: p.seen, Software: "ibid/" + version(), Date: date, Signer: signer, TempDir: v.tempDir}
	doc, size, err := a.exportTo(ctx, target, o.force, e, report.Object)
	var damaged *evidence.DamagedError
	if errors.As(err, &damaged) || errors.Is(err, log.ErrDamaged) {
		return &exitError{exitFindings, fmt.Errorf("%w; `ibid audit` says more, and nothing was written", err)}
	}
	if err != nil {
		return err
	}
	p.stop()
	a.exported(target, size, doc)
	return nil
}

// exportTo writes the package to the target, and nothing to it when that fails.
func (a *app) exportTo(ctx context.Context, target string, force bool, e evidence.Config, object string) (doc *evidence.Document, size int64, err error) {
	write := func(w io.Writer) error {
		out := &countingWriter{w: w}
		doc, err = evidence.Write(ctx, out, e, object)
		size = out.n
		return err
	}
	switch {
	case target != "-":
		err = writeWhole(target, force, write)
	case terminal(a.out):
		err = usageError("-o -: a package is nothing for a terminal; name a file, or redirect")
	default:
		err = write(a.out)
	}
	return doc, size, err
}

// exported says what was written.
func (a *app) exported(target string, size int64, doc *evidence.Document) {
	if a.opt.quiet {
		return
	}
	out := a.out
	if target == "-" {
		out, target = a.err, "standard output"
	}
	captured := 0
	for i := range doc.Citations {
		if doc.Citations[i].Shown != "" {
			captured++
		}
	}
	fmt.Fprintf(out, "%s: %d of %s with a capture, %s, %s\n", target, captured, plural(len(doc.Citations), "citation"),
		plural(len(doc.Objects), "WARC"), render.Bytes(size))
	entered := 0
	for _, o := range doc.Objects {
		if o.Entry != nil {
			entered++
		}
	}
	if entered < len(doc.Objects) {
		fmt.Fprintf(a.err, "%s not in the archive's log, so the package has no proof of when they were kept\n", verb(len(doc.Objects)-entered))
	}
}

func verb(n int) string {
	if n == 1 {
		return "1 WARC is"
	}
	return fmt.Sprintf("%d WARCs are", n)
}

// packageName is the report's name with another ending.
func packageName(report string) string {
	name := render.Clean(path.Base(strings.ReplaceAll(report, `\`, "/")))
	if stem := strings.TrimSuffix(name, path.Ext(name)); strings.Trim(stem, ".") != "" {
		name = stem
	}
	return name + ".wacz"
}

// knownReport finds the version of a report that the archive has.
func knownReport(ctx context.Context, c *catalog.Catalog, name string) (catalog.Report, error) {
	if _, err := os.Stat(name); err != nil && name != "-" {
		report, _, err := c.Report(ctx, name)
		if errors.Is(err, catalog.ErrNotFound) {
			err = &exitError{exitUsage, fmt.Errorf("there is no file %s, and the archive knows no report of that path or SHA-256; `ibid status` lists what it knows", name)}
		}
		return report, err
	}
	file, err := readOne(name)
	if err != nil {
		return catalog.Report{}, err
	}
	versions, err := c.Versions(ctx, file.Path)
	if err != nil {
		return catalog.Report{}, err
	}
	for _, v := range versions {
		if v.SHA256 == file.SHA256 {
			return v, nil
		}
	}
	report, _, err := c.Report(ctx, file.SHA256)
	if !errors.Is(err, catalog.ErrNotFound) {
		return report, err
	}
	if len(versions) > 0 {
		return report, fmt.Errorf("the archive knows %s, but not as it is now (SHA-256 %s): `ibid archive %s` keeps it; to export the version of %s name its SHA-256 %s",
			name, file.SHA256, name, versions[0].SeenAt.UTC().Format(time.DateOnly), versions[0].SHA256)
	}
	return report, fmt.Errorf("the archive does not know %s: `ibid archive %s` keeps it and its sources", name, name)
}

// Bounds of what an export may have in memory, in bytes: what the pages of a few
// sources take while their text is read, and what is said of each source.
const (
	exportEnough    = 72 << 20
	exportPerSource = 8 << 10
)

// boundExport has what does not live collected before there is much of it: each
// source that is read leaves behind many times its size.
func boundExport(sources int) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(int64(max(exportEnough, exportPerSource*sources)))
	}
}
