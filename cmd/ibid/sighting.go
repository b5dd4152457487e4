package main

import (
	"encoding/hex"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/verify/render"
)

// sightings are what the visits of one run found when nothing is kept, by the
// sources' keys. A report may cite 100,000 sources, so they are packed.
type sightings struct {
	of    map[string]*sighting
	media words
}

func newSightings(sources int) sightings {
	return sightings{make(map[string]*sighting, sources), words{}}
}

// sighting is a judgement and an outcome. What most visits do not have is apart.
type sighting struct {
	verdict     archive.Verdict
	state       archive.State
	reason      string
	status      int32
	final       string
	media       string
	payload     [32]byte // zero for none
	payloadSize int64
	at          time.Time
	rest        *rest // nil for none
}

type rest struct {
	reasons, redirects []string
	title, text        string
	unchanged          bool
	post               *archive.Post
}

func (s sightings) add(c *archive.Capture) {
	v := &sighting{verdict: c.Verdict, state: c.State, status: int32(c.HTTPStatus), final: c.FinalURL, media: s.media.one(c.MediaType),
		payloadSize: c.PayloadSize, at: c.FinishedAt}
	if n, err := hex.Decode(v.payload[:], []byte(c.PayloadSHA256)); err != nil || n < len(v.payload) {
		v.payload = [32]byte{}
	}
	more := rest{redirects: c.Redirects, title: c.Title, text: c.TextSHA256, unchanged: c.Unchanged, post: c.Post}
	if len(c.Reasons) > 0 {
		v.reason, more.reasons = c.Reasons[0], c.Reasons[1:]
	}
	if len(more.reasons)+len(more.redirects)+len(more.title)+len(more.text) > 0 || more.unchanged || more.post != nil {
		v.rest = &more
	}
	s.of[c.Key] = v
}

// fill says in t how its source was seen.
func (v *sighting) fill(t *render.CitationResult) {
	t.CheckedAt = v.at
	t.Judgement = archive.Judgement{Verdict: v.verdict, State: v.state}
	if v.reason != "" {
		t.Reasons = []string{v.reason}
	}
	t.Outcome = archive.Outcome{HTTPStatus: int(v.status), FinalURL: same(v.final, t.URL), MediaType: v.media, PayloadSize: v.payloadSize}
	if v.payload != [32]byte{} {
		t.PayloadSHA256 = hex.EncodeToString(v.payload[:])
	}
	if more := v.rest; more != nil {
		t.Reasons = append(t.Reasons, more.reasons...)
		t.Redirects, t.Title, t.TextSHA256, t.Unchanged, t.Post = more.redirects, more.title, more.text, more.unchanged, more.post
	}
}

// result says how the citations of the reports stand. It lets go of the
// sources as it goes.
func (s sightings) result(sources []schedule.Source) *render.Result {
	result := &render.Result{}
	for i := range sources {
		report := shown(sources, i)
		for j := range report.Citations {
			t := &report.Citations[j]
			if v := s.of[t.Key]; v != nil && t.Key != "" {
				v.fill(t)
			}
		}
		result.Reports = append(result.Reports, report)
	}
	return result
}
