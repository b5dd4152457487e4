package schedule

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/netip"
	neturl "net/url"
	"slices"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/memento"
)

// Intervals of what is asked again.
const (
	// slack is how much later than the day of citation a first capture may be
	// to stand for it.
	slack = 7 * 24 * time.Hour
	// askAgain is when archives that had nothing are asked again.
	askAgain = 30 * 24 * time.Hour
	// submitAgain is when a source is submitted again; submitRetry, when that failed.
	submitAgain = 30 * 24 * time.Hour
	submitRetry = 24 * time.Hour
)

// want is a source that archives are to be asked about.
type want struct {
	job  crawler.Job
	day  time.Time
	from string
	past catalog.Remembered
	lost bool   // it is dead or walled: asked about before those that are there
	who  string // names the archives that are asked
}

// asked is the name under which the catalog notes when archives were asked.
func (w *want) asked() string {
	return "memento.asked " + w.who + " " + w.day.Format(time.DateOnly) + " " + w.job.Key
}

// who names the archives that can be asked, "" when there are none.
func (cfg *Rescue) who() string {
	h := sha256.New()
	any := false
	for i := range cfg.Archives {
		if a := &cfg.Archives[i]; a.Asks() {
			any = true
			fmt.Fprintf(h, "%s\n%s\n%s\n", a.CDX, a.TimeMap, a.TimeGate)
		}
	}
	if !any {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// has reports that a memento is kept already.
func (w *want) has(m *archive.Memento) bool {
	return slices.ContainsFunc(w.past.All, func(o archive.Memento) bool {
		return o.Archive == m.Archive && o.URL == m.URL && o.Datetime.Equal(m.Datetime)
	})
}

// wanted says which sources archives are to be asked about, and which they are to
// be asked to capture.
func (r *Runner) wanted(ctx context.Context, sources []Source, cfg *Rescue) (wants, submits []want, err error) {
	days, err := daysOf(sources, cfg, r.now(), func(path string) (time.Time, error) { return r.firstKept(ctx, path) })
	if err != nil {
		return nil, nil, err
	}
	who := cfg.who()
	var jobs []crawler.Job
	for _, j := range Jobs(sources) {
		if sendable(j.URL) && !cfg.archived(j.URL) {
			jobs = append(jobs, j)
		}
	}
	for part := range slices.Chunk(jobs, lookUp) {
		keys := keysOf(part)
		checks, err := r.Catalog.Latest(ctx, keys...)
		if err != nil {
			return nil, nil, err
		}
		first, err := r.Catalog.Firsts(ctx, keys)
		if err != nil {
			return nil, nil, err
		}
		past, err := r.Catalog.Remembered(ctx, keys...)
		if err != nil {
			return nil, nil, err
		}
		for _, j := range part {
			check, visited := checks[j.Key]
			if !visited || check.Imported || refused(&check) {
				continue
			}
			w := want{job: j, day: days[j.Key].at, from: days[j.Key].from, past: past[j.Key], lost: lost(&check), who: who}
			if who != "" && (cfg.Mode == RescueAlways || needs(&check, first[j.Key], &w)) {
				ask, err := r.unasked(ctx, &w)
				if err != nil {
					return nil, nil, err
				}
				if ask {
					wants = append(wants, w)
				}
			}
			if cfg.Submit != nil && !dead(&check) && r.unsubmitted(&w) {
				submits = append(submits, w)
			}
		}
	}
	slices.SortStableFunc(wants, func(a, b want) int {
		switch {
		case a.lost == b.lost:
			return 0
		case a.lost:
			return -1
		}
		return 1
	})
	return wants, submits, nil
}

// lost reports a source that we cannot see, or not any more.
func lost(c *catalog.Check) bool {
	return dead(c) || c.Verdict == archive.Blocked || c.Verdict == archive.Restricted
}

// needs reports a source whose content we do not have as it was cited.
func needs(c *catalog.Check, first time.Time, w *want) bool {
	switch {
	case lost(c):
		return true
	case w.from == archive.DayKept || first.IsZero():
		return false // when it was cited is not known, or nothing was ever wrong with it
	}
	return first.After(w.day.Add(slack))
}

func dead(c *catalog.Check) bool {
	switch c.State {
	case archive.StateDead, archive.StateSuspect, archive.StateUnconfirmed:
		return true
	}
	return c.Verdict == archive.Gone || c.Verdict == archive.Soft404
}

// unasked reports that no memento for the day is kept, nor were archives asked for
// one lately.
func (r *Runner) unasked(ctx context.Context, w *want) (bool, error) {
	for _, m := range w.past.All {
		if w.from != archive.DayGiven && w.from != archive.DayAccessed || m.Wanted.Sub(w.day).Abs() < 24*time.Hour {
			return false, nil
		}
	}
	text, _, err := r.Catalog.Meta(ctx, w.asked())
	if err != nil {
		return false, err
	}
	at, err := time.Parse(time.RFC3339, text)
	return err != nil || at.Before(r.now().Add(-askAgain)), nil //nolint:nilerr // what cannot be read was not asked
}

func (r *Runner) unsubmitted(w *want) bool {
	s := w.past.Submitted
	switch {
	case s == nil:
		return true
	case s.Status == archive.SubmissionError:
		return w.past.SubmittedAt.Before(r.now().Add(-submitRetry))
	}
	return w.past.SubmittedAt.Before(r.now().Add(-submitAgain))
}

// refused reports a source that is nobody's business but ours, or no source at all.
func refused(c *catalog.Check) bool {
	return c.Verdict == archive.Invalid || slices.ContainsFunc(c.Reasons, func(reason string) bool {
		return strings.HasPrefix(reason, "private-address:")
	})
}

// sendable reports an address that may be told to an archive: that of a host which
// has a name that others can know.
func sendable(raw string) bool {
	u, err := neturl.Parse(raw)
	if err != nil || (crawler.Guard{}).CheckURL(u) != nil {
		return false
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if _, err := netip.ParseAddr(host); err == nil {
		return true // the guard lets it through
	}
	if !strings.Contains(host, ".") {
		return false
	}
	for _, local := range []string{".local", ".localhost", ".internal", ".intranet", ".lan", ".corp", ".home", ".private", ".home.arpa", ".onion"} {
		if strings.HasSuffix(host, local) {
			return false
		}
	}
	return true
}

// archived reports an address within one of the archives: there is nothing to ask it
// about itself.
func (cfg *Rescue) archived(raw string) bool {
	u, err := neturl.Parse(raw)
	return err == nil && slices.ContainsFunc(cfg.Archives, func(a memento.Archive) bool {
		for _, place := range []string{a.CDX, a.TimeMap, a.TimeGate, a.Replay, a.Save} {
			if _, rest, ok := strings.Cut(place, "://"); ok {
				if host, _, _ := strings.Cut(rest, "/"); strings.EqualFold(host, u.Host) {
					return true
				}
			}
		}
		return false
	})
}

// cited is a day of citation and whence it is known.
type cited struct {
	at   time.Time
	from string
}

// firstKept is when the first version of a report was kept, zero when none was.
func (r *Runner) firstKept(ctx context.Context, path string) (first time.Time, err error) {
	versions, err := r.Catalog.Versions(ctx, path)
	for _, v := range versions {
		if first.IsZero() || v.SeenAt.Before(first) {
			first = v.SeenAt
		}
	}
	return first, err
}

// daysOf says for every source when it was first cited; firstKept, when a report was
// first kept.
func daysOf(sources []Source, cfg *Rescue, now time.Time, firstKept func(path string) (time.Time, error)) (map[string]cited, error) {
	dayOf := cfg.Day
	if dayOf == nil {
		dayOf = CitedOn
	}
	days := map[string]cited{}
	for _, s := range sources {
		kept, err := firstKept(s.Report.Path)
		if err != nil {
			return nil, err
		}
		if kept.IsZero() {
			kept = now
		}
		for i := range s.Report.Citations {
			c := &s.Report.Citations[i]
			if c.Key == "" {
				continue
			}
			at, from := dayOf(s.Report, c)
			if at.IsZero() || at.After(now) {
				at, from = kept, archive.DayKept
			}
			// What is known beats what is not; of what is known, the first day.
			before, ok := days[c.Key]
			unknown := from == archive.DayKept
			if !ok || (before.from == archive.DayKept) != unknown && !unknown || (before.from == archive.DayKept) == unknown && at.Before(before.at) {
				days[c.Key] = cited{at.UTC(), from}
			}
		}
	}
	return days, nil
}

// read returns the beginning of an answer's content.
func read(x *archive.Exchange, limit int64) []byte {
	b, _ := io.ReadAll(x.Content(archive.DecodeLimits{MaxBytes: limit})) // as much as there is
	return b
}
