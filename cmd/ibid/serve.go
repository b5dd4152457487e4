package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/schedule"
)

// defaultConfig is what serve reads when no other file is named.
const defaultConfig = "ibid.yaml"

func (a *app) serveCommand() *cobra.Command {
	once := false
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the schedules",
		Long: `Visits what the reports in ibid.yaml cite, again and again, each report on its
cron schedule in UTC, and keeps what it finds as ` + "`ibid archive`" + ` does. Reports
are read anew at each tick; reports that are due together are visited as one.

A report is a file, a directory, a pattern such as reports/**/*.md, or the
address of a page, as for ` + "`ibid archive`" + `. A file that comes into a directory is
visited from the next tick on; of one that is removed, and of a page that cannot
be had, what is kept stays. Such a page is visited by its last kept version.

A report that was never visited begins at once. A tick that was missed is made
up for once. A run that failed, or found the machine offline, is tried again.

A tick visits what was never visited and what is due: a young source weekly,
later by how often it changes, 30 days apart at most. What was not found is
visited again after 72 hours, and as a browser, before it is called dead: at
that time, between the ticks, in runs an hour apart at least ("confirm" of
ibid.yaml), for 30 days at most. ` + "`ibid status`" + ` says when. With --once all waits
for the timer that runs it.

` + rescueHelp + `

GET /healthz says how it goes (200, or 503 when archive or catalog cannot be
reached or the last run failed) and GET /metrics counts, for Prometheus, at the
address "listen" of ibid.yaml.

SIGTERM or Ctrl-C finishes what is in flight, keeps it, and exits 0; what is
left is visited after the next start. A second one stops at once and exits 130.`,
		Example: `  ibid serve --config /etc/ibid/ibid.yaml
  ibid serve --once               every report once now, for other timers`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runServe(cmd, once) },
	}
	a.flags(cmd)
	a.archiveFlags(cmd)
	a.keysFlag(cmd)
	a.logFlag(cmd)
	a.rootsFlag(cmd)
	a.visitFlags(cmd)
	a.keepFlags(cmd)
	a.rescueFlags(cmd)
	a.submitFlag(cmd)
	cmd.Flags().BoolVar(&once, "once", false, "run every report once now, then exit")
	return cmd
}

func (a *app) runServe(cmd *cobra.Command, once bool) (err error) {
	ctx := cmd.Context()
	if a.opt.config == "" {
		if _, err := os.Stat(defaultConfig); errors.Is(err, fs.ErrNotExist) {
			return usageError("serve needs a configuration that names the reports: there is no %s here, name one with --config FILE", defaultConfig)
		}
		a.opt.config = defaultConfig
	}
	cfg, err := a.configure(cmd)
	if err != nil {
		return err
	}
	entries, err := a.entries(cfg, once)
	if err != nil {
		return err
	}
	crawl, err := a.crawlerConfig(cfg.Settings)
	if err != nil {
		return err
	}
	rescue, err := a.rescueConfig(cfg)
	if err != nil {
		return err
	}
	v, err := a.openVault(ctx, cfg.Settings, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	lock, err := schedule.Hold(v.catalog.Path() + ".serve")
	if errors.Is(err, schedule.ErrHeld) {
		return fmt.Errorf("another `ibid serve` works on this archive: stop it first, or name both its reports in one configuration: %w", err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()

	log := a.serviceLogger()
	crawl.Log = log
	s, err := a.service(cfg, v, crawl, rescue, entries, log)
	if err != nil {
		return err
	}
	a.opt.announceDrain.Store(true)
	log.Info("serving", "version", version(), "archive", cfg.Archive, "catalog", v.catalog.Path(), "reports", len(entries))
	if once {
		return s.scheduler.Once(ctx, a.drain)
	}
	if cfg.Listen != "" {
		stop, err := s.listen(ctx, cfg.Listen)
		if err != nil {
			return err
		}
		defer stop()
	}
	if err := s.scheduler.Serve(ctx, a.drain); err != nil {
		return err
	}
	log.Info("stopped", "archive", cfg.Archive)
	a.graceful = true
	return nil
}

// entries checks the reports of the configuration.
func (a *app) entries(cfg *Config, once bool) ([]schedule.Entry, error) {
	if cfg.Confirm != 0 && cfg.Confirm < schedule.MinInterval {
		return nil, usageError("%s: confirm: %s: want %s or more, or 0 for visits at ticks alone", a.opt.config, cfg.Confirm, schedule.MinInterval)
	}
	if len(cfg.Reports) == 0 {
		return nil, usageError("%s: no reports: add\n\nreports:\n  - path: report.txt\n    schedule: \"@daily\"", a.opt.config)
	}
	var entries []schedule.Entry
	first := map[string]int{}
	for _, r := range cfg.Reports {
		wrong := func(format string, args ...any) error {
			return usageError("%s:%d: %w", a.opt.config, r.line, fmt.Errorf(format, args...))
		}
		path, err := watchedPath(filepath.Dir(a.opt.config), r.Path)
		if err != nil {
			return nil, wrong("%w", err)
		}
		if line, ok := first[path]; ok {
			return nil, wrong("report %s is there already, in line %d", r.Path, line)
		}
		first[path] = r.line
		e := schedule.Entry{Report: path}
		switch spec, err := schedule.Parse(r.Schedule); {
		case r.Schedule == "" && once:
		case r.Schedule == "":
			return nil, wrong(`report %s has no schedule: add one, such as schedule: "@daily"`, r.Path)
		case err != nil:
			return nil, wrong("report %s: %w", r.Path, err)
		default:
			e.Schedule = spec
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// serviceLogger writes lines with whole times, unless to a terminal.
func (a *app) serviceLogger() *slog.Logger {
	if terminal(a.err) {
		return a.logger()
	}
	return slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: a.logLevel()}))
}

// service is a running `ibid serve`.
type service struct {
	scheduler *schedule.Scheduler
	metrics   *metrics
	health    *health
	log       *slog.Logger
}

func (a *app) service(cfg *Config, v *vault, crawl crawler.Config, rescue schedule.Rescue, entries []schedule.Entry, log *slog.Logger) (*service, error) {
	s := &service{log: log}
	s.metrics = newMetrics(v.catalog, func() time.Time { return s.scheduler.Status().NextTick }, log)
	crawl.TempDir = v.tempDir
	crawl.Events = crawler.Events{End: func(x *archive.Exchange) { s.metrics.exchange(x) }}
	reports := &watching{app: a, vault: v, crawl: crawl, dir: filepath.Dir(a.opt.config), log: log}
	over := newStandings(v.catalog).remembering(a.newEarlier(v))
	crawl.Judge = over.judge(context.Background())
	runner := &schedule.Runner{Archive: v.archive, Catalog: v.catalog, Crawler: crawl, MaxAge: cfg.MaxAge, Due: over.due, Log: log}
	watch := &schedule.Watch{Runner: runner, Read: reports.read, Done: s.metrics.visit, Rescue: rescue, Log: log}
	watch.After = func(ctx context.Context) {
		if err := a.stamp(ctx, v, cfg.Settings, log); err != nil {
			log.Warn("the log is not time-stamped", "err", err)
		}
	}
	plan := schedule.Config{Entries: entries, Memory: v.catalog, Run: watch.Run, Ended: s.metrics.run, Log: log}
	if cfg.Confirm > 0 {
		plan.Between, plan.Spacing = watch, cfg.Confirm
	}
	var err error
	s.scheduler, err = schedule.New(plan)
	s.health = &health{reachable: runner.Reachable, status: func() schedule.Status { return s.scheduler.Status() }}
	return s, err
}

// Limits of the server of /healthz and /metrics, whose answers are small.
const (
	httpTimeout = 30 * time.Second
	httpIdle    = 2 * time.Minute
	httpHeader  = 16 << 10
)

// listen answers /healthz and /metrics until stop is called.
func (s *service) listen(ctx context.Context, addr string) (stop func(), err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("answer /healthz and /metrics (listen: in the configuration, \"\" for nowhere): %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /healthz", s.health)
	mux.Handle("GET /metrics", s.metrics.handler())
	server := &http.Server{Handler: mux, ReadTimeout: httpTimeout, WriteTimeout: httpTimeout, IdleTimeout: httpIdle, MaxHeaderBytes: httpHeader,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		// The visits go on without it: whoever watches sees that it is gone.
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("/healthz and /metrics are not answered any more", "err", err)
		}
	}()
	s.log.Info("answering /healthz and /metrics", "listen", l.Addr().String())
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			_ = server.Close()
		}
		<-ended
	}, nil
}
