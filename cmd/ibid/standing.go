package main

import (
	"context"
	"slices"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/verify"
	"github.com/ibid-archive/ibid/verify/render"
)

// Bounds of what the judgement over time looks at.
const (
	pastVisits  = 256                  // of one source, the newest
	pastOutages = 120 * 24 * time.Hour // how far back outages are looked for
)

// standings judges sources over time, by the catalog.
type standings struct {
	catalog *catalog.Catalog
	now     time.Time

	outages []verify.Outage
	looked  bool // for outages

	earlier *earlier // nil: what sources were is not known
}

func newStandings(c *catalog.Catalog) *standings { return &standings{catalog: c, now: time.Now()} }

// remembering lets sources be compared with what they were.
func (s *standings) remembering(e *earlier) *standings {
	s.earlier = e
	return s
}

// each calls f for every one of the keys that was visited before, or is in
// extra, which holds visits that the catalog does not have.
func (s *standings) each(ctx context.Context, keys []string, extra map[string]verify.Visit, f func(key string, history []verify.Visit) error) error {
	seen := map[string]bool{}
	err := s.catalog.Pasts(ctx, keys, pastVisits, func(key string, first time.Time, pasts []catalog.Past) error {
		if seen[key] {
			return nil
		}
		seen[key] = true
		history := make([]verify.Visit, 0, len(pasts)+2)
		if first.Before(pasts[0].CheckedAt) {
			history = append(history, verify.Visit{Source: key, At: first, Verdict: archive.Unknown})
		}
		for _, p := range pasts {
			history = append(history, visitOf(p))
		}
		if v, ok := extra[key]; ok {
			history = append(history, v)
		}
		return f(key, history)
	})
	if err != nil {
		return err
	}
	for key, v := range extra {
		if !seen[key] {
			if err := f(key, []verify.Visit{v}); err != nil {
				return err
			}
		}
	}
	return nil
}

func visitOf(p catalog.Past) verify.Visit {
	return verify.Visit{Source: p.Key, At: p.CheckedAt, Verdict: p.Verdict, Reason: p.Reason, Profile: p.Profile, Capture: p.Capture, Content: p.Content}
}

// of judges one source. Outages are only looked for when there is something
// that they could excuse: that reads all visits.
func (s *standings) of(ctx context.Context, history []verify.Visit, decisions []archive.Decision) (verify.Standing, error) {
	st := verify.Rot(history, decisions, s.outages, s.now)
	if st.Strikes == 0 || s.looked {
		return st, nil
	}
	s.looked = true
	watch := verify.NewOutageWatch()
	if err := s.catalog.Since(ctx, s.now.Add(-pastOutages), func(p catalog.Past) error {
		watch.Add(visitOf(p))
		return nil
	}); err != nil {
		return st, err
	}
	s.outages = watch.Outages(s.now)
	return verify.Rot(history, decisions, s.outages, s.now), nil
}

// due says when sources want their next visit. It is a schedule.DueFunc.
func (s *standings) due(ctx context.Context, keys []string) (map[string]schedule.Due, error) {
	s.now, s.looked, s.outages = time.Now(), false, nil
	due := make(map[string]schedule.Due, len(keys))
	var brought map[string]bool
	if s.earlier != nil {
		var err error
		if brought, err = s.catalog.Brought(ctx, keys); err != nil {
			return nil, err
		}
		for key := range brought {
			s.earlier.sees(key, nil, true, true)
		}
		s.earlier.seesNoMore()
	}
	err := s.each(ctx, keys, nil, func(key string, history []verify.Visit) error {
		st, err := s.of(ctx, history, nil)
		next := verify.Next(key, &st)
		if s.earlier != nil {
			s.earlier.sees(key, history, len(history) < pastVisits, brought[key])
		}
		due[key] = schedule.Due{At: next.At, Profile: next.Profile, InDoubt: next.InDoubt}
		return err
	})
	return due, err
}

// judge is verify.Judge, which also says what an absence comes to over time.
// What is found needs no history.
func (s *standings) judge(ctx context.Context) archive.Judge {
	return func(v *archive.Visit) archive.Judgement {
		j := s.visited(ctx, v)
		if j.Verdict != archive.Gone && j.Verdict != archive.Soft404 {
			return j
		}
		at := time.Now()
		this := map[string]verify.Visit{v.Key: {Source: v.Key, At: at, Verdict: j.Verdict, Reason: verify.ReasonCode(j.Reasons[0]), Profile: v.Policy.Profile}}
		// A catalog that cannot be read now is said when the visit is entered.
		_ = s.each(ctx, []string{v.Key}, this, func(_ string, history []verify.Visit) error {
			if st := verify.Rot(history, nil, nil, at); st.State != "" {
				j.State = st.State
			}
			return nil
		})
		return j
	}
}

// visited judges one visit, compared with what is known of its source.
func (s *standings) visited(ctx context.Context, v *archive.Visit) archive.Judgement {
	if s.earlier == nil {
		return verify.Judge(v)
	}
	s.earlier.know(ctx, v)
	j := verify.Judge(v)
	s.earlier.lands(v)
	return j
}

// fill says how the citations of a report stand over time. With fresh, what they
// say of their visit is not in the catalog.
func (s *standings) fill(ctx context.Context, report *render.ReportResult, fresh bool) error {
	for part := range slices.Chunk(report.Citations, lookUp) {
		if err := s.fillSome(ctx, report, part, fresh); err != nil {
			return err
		}
	}
	return nil
}

func (s *standings) fillSome(ctx context.Context, report *render.ReportResult, part []render.CitationResult, fresh bool) error {
	var keys []string
	extra := map[string]verify.Visit{}
	of := map[string][]*render.CitationResult{}
	for i := range part {
		t := &part[i]
		if t.Key == "" {
			continue
		}
		if of[t.Key] == nil {
			keys = append(keys, t.Key)
		}
		of[t.Key] = append(of[t.Key], t)
		if fresh && t.Verdict != "" {
			v := verify.Visit{Source: t.Key, At: t.CheckedAt, Verdict: t.Verdict, Content: t.ContentDigest()}
			if len(t.Reasons) > 0 {
				v.Reason = verify.ReasonCode(t.Reasons[0])
			}
			extra[t.Key] = v
		}
	}
	decided, err := s.catalog.Decisions(ctx, keys...)
	if err != nil {
		return err
	}
	return s.each(ctx, keys, extra, func(key string, history []verify.Visit) error {
		mine := slices.DeleteFunc(decided[key], func(d archive.Decision) bool { return d.Path != report.Path && d.Report != report.SHA256 })
		st, err := s.of(ctx, history, mine)
		if err != nil {
			return err
		}
		over := &render.OverTime{Strikes: st.Strikes, Since: st.Since, Reasons: st.Reasons, Next: verify.Next(key, &st).At, Decision: st.Decision}
		for _, t := range of[key] {
			if st.State != "" {
				t.State = st.State
			}
			t.Over = over
		}
		return nil
	})
}
