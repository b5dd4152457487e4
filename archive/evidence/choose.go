package evidence

import (
	"fmt"
	"slices"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// Choice says which captures of a source go into the package. The newest visit
// to a source is always among them, for its verdict is how the citation stands.
type Choice string

// The choices.
const (
	// AsCited takes the capture that shows the source as its author may have seen
	// it: with content, and nearest to the time when the report that cites it was
	// first kept.
	AsCited Choice = "as-cited"
	// Latest takes the newest capture with content.
	Latest Choice = "latest"
	// All takes every capture, and shows the one of AsCited.
	All Choice = "all"
)

// ParseChoice reads a Choice.
func ParseChoice(s string) (Choice, error) {
	switch c := Choice(s); c {
	case AsCited, Latest, All:
		return c, nil
	}
	return "", fmt.Errorf("unknown choice %q", s)
}

// Visit is one visit to a source, by what an index knows of it.
type Visit struct {
	Capture string // SHA-256 of its WARC
	At      time.Time
	Verdict archive.Verdict
}

// content says how much of the source a visit saw: 2 its content, 1 what stands
// before a wall, 0 neither.
func (v Visit) content() int {
	switch v.Verdict {
	case archive.Alive, archive.Moved, archive.Drifted:
		return 2
	case archive.Restricted:
		return 1
	}
	return 0
}

// choose picks from the visits to one source, in any order: which go into the
// package, and which of them is shown. A visit that saw more of the source is
// shown before every one that saw less, so of a source that never answered it is
// a visit that failed. The order of the result depends on nothing but the visits.
func choose(c Choice, cited time.Time, visits []Visit) (shown string, all []string) {
	if len(visits) == 0 {
		return "", nil
	}
	best, newest := visits[0], visits[0]
	for _, v := range visits[1:] {
		if better(c, cited, v, best) {
			best = v
		}
		if later(v, newest) {
			newest = v
		}
	}
	switch {
	case c == All:
		for _, v := range oldestFirst(visits) {
			all = append(all, v.Capture)
		}
	case best.Capture == newest.Capture:
		all = []string{best.Capture}
	default:
		all = []string{best.Capture, newest.Capture}
	}
	return best.Capture, all
}

// Cited picks, from visits in any order, the one that shows a source as it was
// cited: with content, and nearest to a time. At the same distance the earlier one
// counts. It returns false when no visit found the content.
func Cited(at time.Time, visits []Visit) (Visit, bool) {
	var best Visit
	for _, v := range visits {
		if v.content() == 2 && (best.Capture == "" || better(AsCited, at, v, best)) {
			best = v
		}
	}
	return best, best.Capture != ""
}

// better reports whether v shows the source better than w does.
func better(c Choice, cited time.Time, v, w Visit) bool {
	if v.content() != w.content() {
		return v.content() > w.content()
	}
	if c != Latest {
		if dv, dw := v.At.Sub(cited).Abs(), w.At.Sub(cited).Abs(); dv != dw {
			return dv < dw
		}
		return later(w, v)
	}
	return later(v, w)
}

// later is a total order of visits.
func later(v, w Visit) bool {
	if !v.At.Equal(w.At) {
		return v.At.After(w.At)
	}
	return v.Capture > w.Capture
}

func oldestFirst(visits []Visit) []Visit {
	return slices.SortedFunc(slices.Values(visits), func(v, w Visit) int {
		switch {
		case later(v, w):
			return 1
		case later(w, v):
			return -1
		}
		return 0
	})
}
