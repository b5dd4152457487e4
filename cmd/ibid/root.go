package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/lmittmann/tint"
	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"
)

// Exit codes, the same for every command.
const (
	exitOK          = 0
	exitFailed      = 1
	exitFindings    = 2
	exitUsage       = 3
	exitInterrupted = 130
)

const exitCodes = `
Exit codes: 0 all well · 1 the job could not be done · 2 done, and there are
findings that fail · 3 usage or configuration · 130 interrupted`

// exitError carries an exit code; message may be empty when all has been said.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}
func (e *exitError) Unwrap() error { return e.err }

func usageError(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

var errFindings = &exitError{code: exitFindings}

// app is one run of the program.
type app struct {
	out, err io.Writer
	drain    chan struct{} // closed at the first interrupt: finish what is in flight
	graceful bool          // an interrupt ended a service the way it is meant to end
	unread   int           // reports that were named and could not be read, while others could
	opt      options
}

// Main runs the program and returns its exit code.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	a := &app{out: stdout, err: stderr, drain: make(chan struct{})}
	ctx, stop := a.interrupts(ctx)
	defer stop()
	root := a.root()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	return a.exit(err)
}

// interrupts closes drain at the first signal and cancels the context at the
// second.
func (a *app) interrupts(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	done := make(chan struct{})
	go func() {
		for n := 0; ; n++ {
			select {
			case <-signals:
			case <-done:
				return
			}
			if n > 0 {
				cancel()
				return
			}
			close(a.drain)
			if a.opt.announceDrain.Load() {
				fmt.Fprintln(a.err, "\nInterrupted: finishing what is in flight. Press Ctrl-C again to stop at once.")
			} else {
				cancel()
			}
		}
	}()
	return ctx, func() { signal.Stop(signals); close(done); cancel() }
}

// interrupted reports whether a signal came.
func (a *app) interrupted() bool {
	select {
	case <-a.drain:
		return true
	default:
		return false
	}
}

func (a *app) exit(err error) int {
	var e *exitError
	switch {
	case a.interrupted() && !(a.graceful && err == nil):
		if err != nil && err.Error() != "" && !errors.Is(err, context.Canceled) {
			a.say(err)
		}
		return exitInterrupted
	case err == nil && a.unread > 0:
		a.say(fmt.Errorf("%d of the reports could not be read, see above", a.unread))
		return exitFailed
	case err == nil:
		return exitOK
	case errors.As(err, &e):
		if e.err != nil {
			a.say(err)
		}
		return e.code
	}
	a.say(err)
	return exitFailed
}

func (a *app) say(err error) {
	fmt.Fprintf(a.err, "ibid: %s\n", oneLine(err.Error()))
}

func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}

// helpWidth is how many columns the help takes at most.
const helpWidth = 80

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "ibid",
		Short: "Keep every source that a report cites, and say how each citation stands",
		Long: `ibid reads a report, finds what each footnote cites, fetches every source, keeps
an unchangeable snapshot of each, and says which citations still stand.
` + exitCodes,
		Example: `  ibid demo                       the whole story on a small web on this machine
  ibid extract report.txt         what the report cites; no network
  ibid archive report.txt         fetch and keep every source
  ibid status report.txt          how its citations stand; no network
  ibid check report.txt           for CI: fail when a citation is dead
  ibid audit                      prove that nothing in the archive changed`,
		SilenceUsage:      true,
		SilenceErrors:     true,
		DisableAutoGenTag: true,
		Args:              cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError("%w\nSee: %s --help", err, cmd.CommandPath())
	})
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages", fmt.Sprintf(".FlagUsagesWrapped %d", helpWidth)))
	root.AddCommand(a.archiveCommand(), a.checkCommand(), a.extractCommand(), a.statusCommand(), a.showCommand(), a.platformsCommand(), a.diffCommand(), a.decideCommand(), a.auditCommand(),
		a.exportCommand(), a.verifyCommand(), a.importCommand(), a.keyCommand(), a.mirrorCommand(),
		a.repairCommand(), a.reindexCommand(), a.serveCommand(), a.demoCommand(), a.versionCommand())
	root.InitDefaultHelpCmd()
	all := append(root.Commands(), root)
	for _, c := range root.Commands() {
		all = append(all, c.Commands()...)
	}
	for _, c := range all {
		if c.Name() == "help" {
			c.Args = func(_ *cobra.Command, args []string) error {
				if found, _, err := root.Find(args); err != nil || found == root && len(args) > 0 {
					return fmt.Errorf("unknown command %q", strings.Join(args, " "))
				}
				return nil
			}
		}
		if c != root {
			c.Long += "\n" + exitCodes
		}
		if check := c.Args; check != nil {
			c.Args = func(cmd *cobra.Command, args []string) error {
				if err := check(cmd, args); err != nil {
					return usageError("%w\nSee: %s --help", err, cmd.CommandPath())
				}
				return nil
			}
		}
	}
	return root
}

// someReports is the check of the arguments of what reads reports.
func someReports(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return errors.New("name at least one report, or - for standard input")
	}
	return nil
}

// logger writes to stderr what a person may want to know.
func (a *app) logger() *slog.Logger {
	return slog.New(tint.NewTextHandler(a.err, &tint.Options{Level: a.logLevel(), TimeFormat: "15:04:05", NoColor: !colour(a.err)}))
}

func (a *app) logLevel() slog.Level {
	switch {
	case a.opt.quiet:
		return slog.LevelError
	case a.opt.verbose:
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// terminal reports whether w is one.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}

// colour follows https://no-color.org.
func colour(w io.Writer) bool {
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && terminal(w)
}
