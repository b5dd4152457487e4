package verify

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/ibid-archive/ibid/archive"
)

// keptAs is an earlier capture of the cited page.
func keptAs(body, mediaType string) func() *archive.Earlier {
	sum := sha256.Sum256([]byte(body))
	return func() *archive.Earlier {
		return &archive.Earlier{Date: visitedAt.AddDate(0, -1, 0), Capture: strings.Repeat("ab", 32), FinalURL: cited, PayloadSHA256: hex.EncodeToString(sum[:]),
			Content: func() *archive.Content { return &archive.Content{URL: cited, MediaType: mediaType, Body: []byte(body)} }}
	}
}

func TestJudgeInPlace(t *testing.T) {
	const html = "Content-Type: text/html; charset=utf-8"
	was := raid().html()
	is := raid().replace("15 men", "16 men").html()
	seen := func(body string, fields ...string) *archive.Visit {
		v := visit(answer(t, cited, 200, body, append(fields, html)...))
		v.Earlier = keptAs(was, "text/html; charset=utf-8")
		v.Claims = func() []string { return []string{arrests} }
		return v
	}
	for _, c := range []struct {
		name    string
		visit   func() *archive.Visit
		verdict archive.Verdict
		codes   string
	}{
		{"changed", func() *archive.Visit { return seen(is) }, "drifted", "cited-number as-cited http-200"},
		{"same bytes", func() *archive.Visit { return seen(was) }, "alive", "http-200"},
		{"same text", func() *archive.Visit { return seen(was + "<!-- 17 -->") }, "alive", "http-200 text-same as-cited"},
		{"touched", func() *archive.Visit { s := raid(); s.advert = "x y z"; return seen(s.html()) }, "alive", "http-200 cited-stands main-same as-cited"},
		{"nothing kept", func() *archive.Visit { v := seen(is); v.Earlier = func() *archive.Earlier { return nil }; return v }, "alive", "http-200"},
		{"nothing known", func() *archive.Visit { v := seen(is); v.Memory = archive.Memory{}; return v }, "alive", "http-200"},
		{"known never to differ", func() *archive.Visit {
			v := seen(is)
			v.Differs = func(string) bool { return false }
			v.Earlier = func() *archive.Earlier { t.Error("it was looked up all the same"); return nil }
			return v
		}, "alive", "http-200"},
		{"what was kept is damaged", func() *archive.Visit {
			v := seen(is)
			before := v.Earlier()
			before.Content = func() *archive.Content { return nil }
			v.Earlier = func() *archive.Earlier { return before }
			return v
		}, "alive", "http-200 not-compared"},
		{"kept is what a platform said, which is not asked now", func() *archive.Visit {
			v := seen(is)
			before := v.Earlier()
			before.Content = func() *archive.Content {
				return &archive.Content{URL: cited, MediaType: "text/plain", Body: []byte("A post about something else altogether."), Post: true}
			}
			v.Earlier = func() *archive.Earlier { return before }
			return v
		}, "alive", "http-200 not-compared"},
		{"the platform is unclear, and the page tells", func() *archive.Visit {
			v := seen(is)
			v.Posts = []*archive.Post{{Standing: archive.PostUnclear, Why: "it has trouble", Page: true, Asked: []archive.PostAnswer{{Status: 503}}}}
			return v
		}, "drifted", "cited-number as-cited http-200 post-unclear"},
		{"an image", func() *archive.Visit {
			v := visit(answer(t, cited, 200, "GIF89a", "Content-Type: image/gif"))
			v.Earlier = keptAs("GIF87a", "image/gif")
			return v
		}, "alive", "http-200 not-compared"},
		{"not modified since it drifted", func() *archive.Visit {
			x := answer(t, cited, 304, "")
			x.Prior = &archive.Prior{URL: cited, Date: visitedAt, PayloadSHA256: strings.Repeat("cd", 32)}
			v := visit(x)
			v.Memory = seen(is).Memory
			v.Held = func(p *archive.Prior) *archive.Content {
				if p != x.Prior {
					t.Error("another answer is asked for")
				}
				return &archive.Content{URL: cited, MediaType: "text/html; charset=utf-8", Body: []byte(is)}
			}
			return v
		}, "drifted", "cited-number as-cited not-modified"},
		{"moved, and changed", func() *archive.Visit {
			const to = "https://gazette.example/archive/17"
			v := visit(redirect(t, cited, 301, to), answer(t, to, 200, is, html))
			v.Memory = seen(is).Memory
			return v
		}, "drifted", "cited-number as-cited redirect-permanent http-200 like-earlier"},
		{"a second look finds it as it was", func() *archive.Visit {
			v := visit(answer(t, cited, 200, is, html), answer(t, cited, 200, was, html))
			v.Memory = seen(is).Memory
			return v
		}, "alive", "http-200 other-look"},
		{"drifted, and not found before", func() *archive.Visit {
			v := visit(answer(t, cited, 404, "no"), answer(t, cited, 200, is, html))
			v.Memory = seen(is).Memory
			return v
		}, "drifted", "cited-number as-cited http-200 other-look"},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := Judge(c.visit())
			check(t, j, c.verdict, c.codes)
			compared := strings.Contains(c.codes, "as-cited")
			if (j.Compared != nil) != compared {
				t.Fatalf("compared %+v", j.Compared)
			}
			if !compared {
				return
			}
			if w := j.Compared; w.With != strings.Repeat("ab", 32) || w.Version != DriftVersion || w.Text != TextVersion || w.Extractor == "" ||
				(w.Class == string(Drifted)) != (c.verdict == archive.Drifted) || len(w.TextSHA256) != 64 {
				t.Errorf("compared %+v", w)
			}
		})
	}
}

// TestJudgeArticlesInPlace is TestDriftArticles by way of the judge, as a visit
// goes: a page that was kept, and what is at its address now.
func TestJudgeArticlesInPlace(t *testing.T) {
	const html = "text/html; charset=utf-8"
	pages := realPages(t)
	var benignCount, meant, unrelated int
	for i, p := range pages {
		judge := func(was, is string) archive.Judgement {
			v := visit(answer(t, cited, 200, is, "Content-Type: "+html))
			v.Earlier = keptAs(was, html)
			v.Claims = func() []string {
				if p.cited == "" {
					return nil
				}
				return []string{p.cited}
			}
			return Judge(v)
		}
		was, is := p.html, p.html
		for _, edit := range benign() {
			was, is = edit(was, 1), edit(is, 2)
		}
		benignCount++
		if j := judge(was, is); j.Verdict != archive.Alive {
			t.Errorf("%s: time, counter, advert and related at once: %s %q", p.id, j.Verdict, j.Reasons)
		}
		if p.cited != "" {
			for name, s := range meaning(p.cited) {
				meant++
				if j := judge(p.html, strings.ReplaceAll(p.html, p.cited, s)); j.Verdict != archive.Drifted || !strings.HasPrefix(j.Reasons[0], "cited-") {
					t.Errorf("%s: %s: %s %q", p.id, name, j.Verdict, j.Reasons)
				}
			}
		}
		unrelated++
		if j := judge(p.html, pages[(i+1)%len(pages)].html); j.Verdict != archive.Drifted {
			t.Errorf("%s: another article: %s %q", p.id, j.Verdict, j.Reasons)
		}
	}
	t.Logf("%d pages: %d benign edits, %d of a digit or a negation, %d unrelated", len(pages), benignCount, meant, unrelated)
}
