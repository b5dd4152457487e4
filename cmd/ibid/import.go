package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/foreign"
	"github.com/ibid-archive/ibid/archive/wacz"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/verify"
	"github.com/ibid-archive/ibid/verify/render"
)

func (a *app) importCommand() *cobra.Command {
	var reports []string
	var force bool
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Keep captures that others made as captures of cited sources",
		Long: `Reads a WACZ package or a WARC that somebody else made – with Browsertrix,
ArchiveWeb.page, wget, Scoop or anything that writes WARC – and keeps what it
holds of the sources that reports cite. The records are kept byte for byte,
with the redirects between them, under the time at which they were made, and
marked as imported: from which file, by what software, by whom signed.

The file is checked first as ibid verify does, and refused when it does not
hold; --force keeps what is sound of it and names what was left out. Nothing
shows that a server sent what somebody else recorded: what was imported is never
shown before a visit of ours. Importing a file again adds nothing.

What is not kept: what revisits repeat, and what a page loads beside itself.`,
		Example: `  ibid import crawl.wacz
  ibid import --report report.txt crawl.warc.gz`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("name one WACZ or WARC")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return a.runImport(cmd, args[0], reports, force) },
	}
	a.flags(cmd, "text", "json")
	a.inputFlag(cmd)
	a.archiveFlags(cmd)
	a.keysFlag(cmd)
	a.logFlag(cmd)
	f := cmd.Flags()
	f.StringArrayVar(&reports, "report", nil, "keep what this `report` cites (default: every report that the archive knows)")
	f.BoolVar(&force, "force", false, "keep what is sound of a file that does not hold")
	return cmd
}

func (a *app) runImport(cmd *cobra.Command, name string, reports []string, force bool) (err error) {
	ctx := cmd.Context()
	cfg, err := a.configure(cmd)
	if err != nil {
		return err
	}
	sources, err := a.readReports(reports, nil)
	if err != nil {
		return err
	}
	if err := a.writable(); err != nil {
		return err
	}
	if len(reports) == 0 { // only an archive that is there knows any, and none is made by a slip in its name
		there, err := a.openPlain(ctx, cfg.Settings, false)
		if errors.Is(err, errNoArchive) {
			return usageError("there is no archive at %s, which would know the reports whose sources could be imported; name one with --report", cfg.Archive)
		}
		if err != nil {
			return err
		}
		if err := there.Close(); err != nil {
			return err
		}
	}
	file, size, err := openPackage(name)
	if err != nil {
		return err
	}
	defer file.Close()
	checked, err := verify.Package(ctx, file, size, verify.PackageConfig{Name: name})
	if err != nil {
		return err
	}
	if !checked.Holds() && !force {
		if err := render.PackageText(a.err, checked, render.TextOptions{Width: a.width(), Color: colour(a.err)}); err != nil {
			return err
		}
		return &exitError{exitFindings, fmt.Errorf("%s does not hold, and nothing was imported; --force keeps what is sound of it", name)}
	}
	warcs, software, err := foreignFiles(file, size, name, checked.Format)
	if err != nil {
		return err
	}
	found, err := foreign.Scan(ctx, warcs)
	if err != nil {
		return err
	}
	origin := archive.Imported{File: filepath.Base(name), Signer: checked.Signer, Domain: checked.Domain}
	if origin.SHA256, err = hashFile(file, size); err != nil {
		return err
	}
	for _, s := range found.Software {
		if !slices.Contains(software, s) {
			software = append(software, s)
		}
	}
	origin.Software = strings.Join(software, "; ")

	v, r, err := a.openCurrent(ctx, cfg.Settings, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	if len(reports) == 0 {
		if sources, err = v.reports(ctx); err != nil {
			return err
		}
		if len(sources) == 0 {
			return usageError("the archive knows no report whose sources could be imported; name one with --report")
		}
	}
	im := &importer{vault: v, found: found, origin: origin, now: time.Now()}
	if err := im.choose(ctx, schedule.Jobs(sources)); err != nil {
		return err
	}
	if len(im.chosen) > 0 {
		if err := r.Import(ctx, sources, im.keep); err != nil {
			return err
		}
	}
	if err := a.write(func(w io.Writer) error { return a.imported(w, name, im) }); err != nil {
		return err
	}
	if !checked.Holds() {
		return errFindings
	}
	return nil
}

// foreignFiles lists the WARCs in a file, and the software that a package names.
func foreignFiles(file io.ReaderAt, size int64, name, format string) (warcs []foreign.WARC, software []string, err error) {
	if format == verify.FormatWARC {
		open := func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(file, 0, size)), nil }
		return []foreign.WARC{{Name: filepath.Base(name), Open: open}}, nil, nil
	}
	pack, err := wacz.NewReader(file, size, wacz.Limits{})
	if err != nil {
		return nil, nil, fmt.Errorf("nothing of it can be imported: %w", err)
	}
	for _, w := range pack.WARCs() {
		warcs = append(warcs, foreign.WARC{Name: w, Open: func() (io.ReadCloser, error) { return pack.Open(w) }})
	}
	if s := pack.Info().Software; s != "" {
		software = []string{s}
	}
	return warcs, software, nil
}

func hashFile(file io.ReaderAt, size int64) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(file, 0, size)); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// importer keeps what was found of the sources of some reports.
type importer struct {
	*vault
	found  *foreign.Files
	origin archive.Imported
	now    time.Time

	chosen  []foreignVisit
	known   int // there already
	future  int // dated after now
	sources int // with something in the file
	kept    []*archive.Capture
}

// foreignVisit is a visit of others to a source of ours.
type foreignVisit struct {
	job   crawler.Job
	visit foreign.Visit
}

// choose looks for the sources in the file and passes over what was imported
// before.
func (m *importer) choose(ctx context.Context, jobs []crawler.Job) error {
	for _, job := range jobs {
		visits := m.found.Visits(job.Key)
		if len(visits) == 0 {
			continue
		}
		m.sources++
		before, err := m.before(ctx, job.Key)
		if err != nil {
			return err
		}
		for _, v := range visits {
			switch {
			case ended(v).After(m.now):
				m.future++
			case before[recordsOf(v)]:
				m.known++
			default:
				m.chosen = append(m.chosen, foreignVisit{job, v})
			}
		}
	}
	return nil
}

// before lists what was imported of a source, by its records.
func (m *importer) before(ctx context.Context, key string) (map[string]bool, error) {
	checks, err := m.catalog.History(ctx, key, 0)
	if err != nil {
		return nil, err
	}
	list := map[string]bool{}
	for i := range checks {
		if !checks[i].Imported {
			continue
		}
		c, err := m.archive.Capture(ctx, checks[i].Capture)
		if err != nil {
			return nil, err
		}
		var ids []string
		for _, x := range c.Exchanges {
			ids = append(ids, x.Record)
		}
		list[strings.Join(ids, " ")] = true
	}
	return list, nil
}

// recordsOf names the answers of a visit.
func recordsOf(v foreign.Visit) string {
	ids := make([]string, len(v.Hops))
	for i, h := range v.Hops {
		ids[i] = h.ID
	}
	return strings.Join(ids, " ")
}

// ended is when the last answer of a visit was recorded.
func ended(v foreign.Visit) (at time.Time) {
	for _, h := range v.Hops {
		if h.Date.After(at) {
			at = h.Date
		}
	}
	return at
}

// keep imports what was chosen. What it returns is in the archive, also when it
// returns an error.
func (m *importer) keep(ctx context.Context) ([]*archive.Capture, error) {
	visits := make([]foreign.Visit, len(m.chosen))
	for i := range m.chosen {
		visits[i] = m.chosen[i].visit
	}
	x, err := m.found.Extract(ctx, visits, m.tempDir)
	if err != nil {
		return nil, err
	}
	for i := range m.chosen {
		c, keepErr := m.one(ctx, x, &m.chosen[i])
		if keepErr != nil {
			err = keepErr
			break
		}
		m.kept = append(m.kept, c)
	}
	return m.kept, errors.Join(err, x.Close())
}

func (m *importer) one(ctx context.Context, x *foreign.Extract, t *foreignVisit) (*archive.Capture, error) {
	v, err := x.Visit(t.visit, m.tempDir)
	if err != nil {
		return nil, err
	}
	defer func() {
		for _, e := range v.Exchanges {
			e.Close()
		}
	}()
	v.Key, v.Citations = t.job.Key, t.job.Citations
	c := &archive.Capture{Key: t.job.Key, URL: v.URL, Citations: t.job.Citations, StartedAt: v.StartedAt, FinishedAt: ended(t.visit),
		Judgement: verify.JudgeImported(v, t.visit.Missing), Outcome: v.Outcome, Imported: &m.origin}
	for i, e := range v.Exchanges {
		c.Exchanges = append(c.Exchanges, archive.ExchangeInfo{Role: e.Role, URL: e.URL, Record: t.visit.Hops[i].ID, Date: e.Started,
			Status: e.Status, Truncated: e.Truncated})
	}
	if err := m.archive.Import(ctx, c, x.Raw(t.visit)); err != nil {
		return nil, err
	}
	return c, nil
}

// imported says what was kept.
func (a *app) imported(w io.Writer, name string, m *importer) error {
	if a.opt.format == "json" {
		return render.Document(w, newImportJSON(name, m))
	}
	var b strings.Builder
	for _, c := range m.kept {
		fmt.Fprintf(&b, "%-12s %s  %s\n", c.Verdict, c.StartedAt.Format("2006-01-02 15:04 UTC"), render.Clean(c.URL))
	}
	for _, l := range m.found.LeftOut {
		fmt.Fprintf(&b, "left out: %s at byte %d %s: %s\n", render.Clean(l.WARC), l.Offset, render.Clean(l.URL), render.Clean(l.Why))
	}
	if m.found.More > 0 {
		fmt.Fprintf(&b, "left out: %d more\n", m.found.More)
	}
	if m.future > 0 {
		fmt.Fprintf(&b, "left out: %s dated in the future\n", plural(m.future, "capture"))
	}
	fmt.Fprintf(&b, "%s: %s of %s imported", render.Clean(name), plural(len(m.kept), "capture"), plural(m.sources, "cited source"))
	if m.known > 0 {
		fmt.Fprintf(&b, ", %d there already", m.known)
	}
	b.WriteString("\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// importJSON is what import prints with --format json.
type importJSON struct {
	Version  int              `json:"version"`
	File     string           `json:"file"`
	Origin   archive.Imported `json:"imported"`
	Captures []importCapture  `json:"captures"`
	Sources  int              `json:"sources"` // cited, with something in the file
	Known    int              `json:"known"`   // captures that were imported before
	Future   int              `json:"future"`  // captures that are dated in the future
	LeftOut  []importLeftOut  `json:"left_out"`
	More     int              `json:"left_out_more,omitempty"`
}

type importCapture struct {
	SHA256  string          `json:"capture"`
	URL     string          `json:"url"`
	At      time.Time       `json:"started_at"`
	Verdict archive.Verdict `json:"verdict"`
	Reasons []string        `json:"reasons"`
}

type importLeftOut struct {
	WARC   string `json:"warc"`
	Offset int64  `json:"offset"`
	URL    string `json:"url,omitempty"`
	Why    string `json:"why"`
}

func newImportJSON(name string, m *importer) importJSON {
	j := importJSON{Version: 1, File: name, Origin: m.origin, Captures: []importCapture{}, Sources: m.sources, Known: m.known, Future: m.future,
		LeftOut: []importLeftOut{}, More: m.found.More}
	for _, c := range m.kept {
		j.Captures = append(j.Captures, importCapture{c.SHA256, c.URL, c.StartedAt, c.Verdict, c.Reasons})
	}
	for _, l := range m.found.LeftOut {
		j.LeftOut = append(j.LeftOut, importLeftOut(l))
	}
	return j
}
