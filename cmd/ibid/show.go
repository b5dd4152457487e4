package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/verify/render"
)

// showOptions are what the flags of show say.
type showOptions struct{ report, capture, at string }

func (a *app) showCommand() *cobra.Command {
	var o showOptions
	cmd := &cobra.Command{
		Use:   "show CITATION",
		Short: "Show a claim beside its source, and all that is known of it",
		Long: `Shows what a reviewer needs of one citation: each claim that rests on it, the
passages of the source that speak to the claim, which of the claim's numbers,
dates, names and quoted words are in the source and which are not, the verdict
with its reasons, every visit, and where the captures are kept. Nothing is
fetched.

CITATION is a citation's id, as ibid extract and ibid status --format json show
it (6.1), or its address. --report names the report when several cite it; a file
that the archive does not know is read as it is.

The source is shown as the capture has it that is nearest in time to when a
version of the report that cites the source was first kept, or to the day of
citation by which a memento was looked for; --capture and --at choose another
one.

That a source has the words of a claim does not make the claim true, nor does
their absence make it false: ibid never says that a source supports a claim. It
says
  wrong-source suspected   hardly anything of the claim is in the source
  number not found         also date and name; of a name that is "partly found"
                           only some of the words are there
  quote found, quote changed, quote absent
                           changed is one with another number, name or "not"
  language differs         the source is in another language: numbers, dates and
                           names are looked for; what is not seen is left open
A weak passage is only what comes nearest to the claim.`,
		Example: `  ibid show 6.1
  ibid show 6.1 --report report.txt --format json
  ibid show https://council.test/plan.html --at 2026-03-01`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("name one citation")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return a.runShow(cmd, args[0], o) },
	}
	a.flags(cmd, "text", "json")
	a.archiveFlags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.report, "report", "", "the `report` that has the citation: a file, a path or the SHA-256 of a version")
	f.StringVar(&o.capture, "capture", "", "show the source as this capture has it: its `SHA-256`, or four or more of its first digits")
	f.StringVar(&o.at, "at", "", "show the source as the capture nearest to this `date` has it (2026-03-01, or with a time as RFC 3339 has it)")
	return cmd
}

func (a *app) runShow(cmd *cobra.Command, name string, o showOptions) (err error) {
	ctx := cmd.Context()
	cfg, err := a.configure(cmd)
	if err != nil {
		return err
	}
	var at time.Time
	if o.at != "" {
		if at, err = parseDay(o.at); err != nil {
			return err
		}
	}
	if o.at != "" && o.capture != "" {
		return usageError("--capture and --at both choose a capture: give one of them")
	}
	v, _, err := a.openCurrent(ctx, cfg.Settings, false)
	switch {
	case errors.Is(err, errNoArchive) && o.capture == "" && isFile(o.report):
		v = nil // the claim is worth showing all the same
	case err != nil:
		return err
	default:
		defer func() { err = errors.Join(err, v.Close()) }()
	}
	c, err := v.shownCitation(ctx, name, o.report)
	if err != nil {
		return err
	}
	result := &render.ShowResult{Report: c.path, Archive: cfg.Archive, Citation: render.CitationResult{Citation: c.Citation}, Marks: c.marks}
	if v == nil {
		result.Archive = ""
	}
	if err := v.show(ctx, c, result, o.capture, at); err != nil {
		if errors.Is(err, archive.ErrDamaged) {
			return &exitError{exitFindings, fmt.Errorf("%w; `ibid audit` says more", err)}
		}
		return err
	}
	return a.write(func(w io.Writer) error {
		if a.opt.format == "json" {
			return render.ShowJSON(w, result)
		}
		return render.Show(w, result, render.TextOptions{Width: a.width(), Color: a.opt.output == "" && colour(a.out)})
	})
}

// parseDay reads a date, which stands for its noon in UTC, or a time.
func parseDay(s string) (time.Time, error) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t.Add(12 * time.Hour), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, usageError("--at %s: want a date such as 2026-03-01, or a time such as 2026-03-01T15:04:05Z", s)
	}
	return t, nil
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return name == "-" || err == nil && info.Mode().IsRegular()
}
