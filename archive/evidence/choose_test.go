package evidence

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ibid-archive/ibid/archive"
)

func day(n int) time.Time { return time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC).AddDate(0, 0, n) }

func TestChoose(t *testing.T) {
	const cited = 10
	for _, tt := range []struct {
		name            string
		visits          string // <name> <day> <verdict>, in any order
		asCited, latest string // the shown one, then those in the package
		all             string
	}{
		{name: "never visited"},
		{"once", "a 10 alive", "a a", "a a", "a a"},
		{"the nearest, before or after", "a 3 alive, b 9 alive, c 12 alive, d 40 alive", "b b d", "d d", "b a b c d"},
		{"of two as near the earlier", "c 12 alive, a 8 alive, e 50 alive", "a a e", "e e", "a a c e"},
		{"content before nearness", "a 10 gone, b 11 blocked, c 90 moved", "c c", "c c", "c a b c"},
		{"the newest visit is always there", "a 10 alive, b 50 gone", "a a b", "a a b", "a a b"},
		{"a page before a wall only without content", "a 10 restricted, b 30 alive, c 40 restricted", "b b c", "b b c", "b a b c"},
		{"nothing but a wall", "a 10 restricted, b 30 blocked", "a a b", "a a b", "a a b"},
		{"never any content", "a 11 unreachable, b 30 gone, c 60 gone", "a a c", "c c", "a a b c"},
		{"a cut body is no content", "a 10 unreachable, b 20 drifted", "b b", "b b", "b a b"},
		{"at one time", "b 10 alive, a 10 alive", "a a b", "b b", "a a b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var visits []Visit
			for v := range strings.SplitSeq(tt.visits, ", ") {
				if f := strings.Fields(v); len(f) == 3 {
					d, err := time.ParseDuration(f[1] + "h")
					if err != nil {
						t.Fatal(err)
					}
					visits = append(visits, Visit{f[0], day(int(d.Hours())), archive.Verdict(f[2])})
				}
			}
			for c, want := range map[Choice]string{AsCited: tt.asCited, Latest: tt.latest, All: tt.all} {
				shown, all := choose(c, day(cited), visits)
				if got := strings.TrimSpace(shown + " " + strings.Join(all, " ")); got != want {
					t.Errorf("%s: got %q, want %q", c, got, want)
				}
			}
		})
	}
}

// The order in which an index knows the visits makes no difference.
func TestChooseIgnoresOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		visits := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) Visit {
			return Visit{rapid.StringMatching(`[a-f]{3}`).Draw(t, "capture"), day(rapid.IntRange(0, 5).Draw(t, "day")),
				rapid.SampledFrom(archive.Verdicts()).Draw(t, "verdict")}
		}), 1, 12, func(v Visit) string { return v.Capture }).Draw(t, "visits")
		again := rapid.Permutation(visits).Draw(t, "permutation")
		for _, c := range []Choice{AsCited, Latest, All} {
			shown, all := choose(c, day(2), visits)
			shown2, all2 := choose(c, day(2), again)
			if diff := cmp.Diff(append([]string{shown}, all...), append([]string{shown2}, all2...)); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", c, diff)
			}
			newest := oldestFirst(visits)[len(visits)-1].Capture
			if !slices.Contains(all, shown) || all[len(all)-1] != newest {
				t.Fatalf("%s: %q of %q, the newest is %s", c, shown, all, newest)
			}
		}
	})
}
