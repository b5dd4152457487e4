package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/schedule"
)

// metrics counts what serve does, for Prometheus.
type metrics struct {
	registry  *prometheus.Registry
	visits    *prometheus.CounterVec
	exchanges *prometheus.CounterVec
	received  prometheus.Counter
	archived  prometheus.Counter
	duration  prometheus.Histogram
	runs      *prometheus.CounterVec
	unread    prometheus.Counter
	standing  *standing
	log       *slog.Logger
}

// notKept is the verdict label of visits that could not be kept.
const notKept = "not-kept"

func newMetrics(c *catalog.Catalog, nextTick func() time.Time, log *slog.Logger) *metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	counters := func(name, help, label string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{label})
	}
	m := &metrics{
		registry:  prometheus.NewRegistry(),
		visits:    counters("ibid_visits_total", "Visits to sources, by verdict; not-kept when the capture could not be kept.", "verdict"),
		exchanges: counters("ibid_exchanges_total", "Requests with their answers, by class of status (2xx) or of failure (timeout).", "class"),
		received:  counter("ibid_bytes_received_total", "Bytes of answers received, header included."),
		archived:  counter("ibid_archive_bytes_total", "Bytes of captures added to the archive."),
		duration: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "ibid_run_duration_seconds", Help: "Duration of runs.",
			Buckets: []float64{1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 12 * 3600}}),
		runs:     counters("ibid_runs_total", "Runs, by result.", "result"),
		unread:   counter("ibid_unreadable_reports_total", "Times that a report was due and could not be read."),
		standing: &standing{catalog: c, log: log, desc: prometheus.NewDesc("ibid_citations", "Citations of the reports, by the verdict of the last visit to the source; unvisited when there was none.", []string{"verdict"}, nil)},
		log:      log,
	}
	next := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "ibid_next_tick_timestamp_seconds", Help: "When a report is due next, Unix time; 0 for never."},
		func() float64 {
			if t := nextTick(); !t.IsZero() {
				return float64(t.UnixMilli()) / 1000
			}
			return 0
		})
	// What alerts are made of exists from the start, not from the first failure.
	for _, v := range archive.Verdicts() {
		m.visits.WithLabelValues(string(v))
	}
	m.visits.WithLabelValues(notKept)
	for _, r := range schedule.Results() {
		m.runs.WithLabelValues(r)
	}
	m.registry.MustRegister(m.visits, m.exchanges, m.received, m.archived, m.duration, m.runs, m.unread, m.standing, next,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorLog: slog.NewLogLogger(m.log.Handler(), slog.LevelError), MaxRequestsInFlight: 4, Timeout: httpTimeout / 2})
}

// exchange counts one exchange.
func (m *metrics) exchange(x *archive.Exchange) {
	m.exchanges.WithLabelValues(exchangeClass(x)).Inc()
	m.received.Add(float64(x.Response.Size()))
}

// exchangeClass is one of a few words: every other value would be a time series
// that a stranger's server makes.
func exchangeClass(x *archive.Exchange) string {
	switch {
	case x.Failure != nil && x.Failure.Class != "":
		return x.Failure.Class
	case x.Status >= 100 && x.Status < 600:
		return strconv.Itoa(x.Status/100) + "xx"
	}
	return archive.ClassOther
}

// visit counts one visit.
func (m *metrics) visit(r crawler.Result) {
	if r.Err != nil {
		m.visits.WithLabelValues(notKept).Inc()
		return
	}
	m.visits.WithLabelValues(string(r.Capture.Verdict)).Inc()
	m.archived.Add(float64(r.Capture.Size))
}

// run counts one run.
func (m *metrics) run(o schedule.Outcome) {
	m.runs.WithLabelValues(o.Result).Inc()
	m.duration.Observe(o.EndedAt.Sub(o.StartedAt).Seconds())
	var unreadable schedule.Unreadable
	if errors.As(o.Err, &unreadable) {
		m.unread.Add(float64(len(unreadable)))
	}
	m.standing.forget()
}

// standing collects how the citations stand. It asks the catalog at most once a
// minute, and after each run.
type standing struct {
	catalog *catalog.Catalog
	log     *slog.Logger
	desc    *prometheus.Desc

	mu    sync.Mutex
	at    time.Time
	count map[string]int
}

// Bounds of counting the citations.
const (
	standingAge     = time.Minute
	standingTimeout = 10 * time.Second
)

// unvisited is the verdict label of citations whose source was not visited yet.
const unvisited = "unvisited"

// Describe implements prometheus.Collector.
func (s *standing) Describe(out chan<- *prometheus.Desc) { out <- s.desc }

// Collect implements prometheus.Collector. When the catalog cannot be read it
// gives nothing, and the other metrics are not lost with it.
func (s *standing) Collect(out chan<- prometheus.Metric) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count == nil || time.Since(s.at) > standingAge {
		ctx, cancel := context.WithTimeout(context.Background(), standingTimeout)
		defer cancel()
		count, err := countCitations(ctx, s.catalog)
		if err != nil {
			s.log.Error("the citations could not be counted", "err", err)
			return
		}
		s.count, s.at = count, time.Now()
	}
	for verdict, n := range s.count {
		out <- prometheus.MustNewConstMetric(s.desc, prometheus.GaugeValue, float64(n), verdict)
	}
}

func (s *standing) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count = nil
}

// countCitations counts the citations of the present reports by the verdict of
// the newest check of their source.
func countCitations(ctx context.Context, c *catalog.Catalog) (map[string]int, error) {
	count := map[string]int{unvisited: 0}
	for _, v := range archive.Verdicts() {
		count[string(v)] = 0
	}
	reports, err := c.Reports(ctx)
	if err != nil {
		return nil, err
	}
	cited := map[string]int{} // citations by key
	for _, r := range reports {
		_, citations, err := c.Report(ctx, r.Path)
		if err != nil {
			return nil, err
		}
		for _, t := range citations {
			if t.Key == "" {
				count[string(archive.Invalid)]++
				continue
			}
			cited[t.Key]++
		}
	}
	keys := make([]string, 0, len(cited))
	for key := range cited {
		keys = append(keys, key)
	}
	checks, err := c.Latest(ctx, keys...)
	if err != nil {
		return nil, err
	}
	for key, n := range cited {
		verdict := unvisited
		if check, ok := checks[key]; ok {
			verdict = string(check.Verdict)
		}
		count[verdict] += n
	}
	return count, nil
}
