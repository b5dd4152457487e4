package crawler_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/crawltest"
	"github.com/ibid-archive/ibid/crawler/platform"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/seeds/reports"
)

// platforms adds the probes of platforms, as they are, to cfg.
func platforms(t testing.TB, cfg *crawler.Config) {
	t.Helper()
	registry, err := platform.New(platform.Config{})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Platforms = registry
}

// seedOf makes a job as package seeds does, with the folded key.
func seedOf(t testing.TB, cited string) crawler.Job {
	t.Helper()
	j := job(cited)
	key, err := seeds.Normalize(cited)
	if err != nil {
		t.Fatal(err)
	}
	j.Key = key
	return j
}

func crawlJobs(t testing.TB, cfg crawler.Config, jobs []crawler.Job) map[string]crawler.Result {
	t.Helper()
	c, err := crawler.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]crawler.Result{}
	if err := c.Run(t.Context(), nil, jobs, func(r crawler.Result) { got[r.Job.URL] = r }); err != nil {
		t.Fatal(err)
	}
	return got
}

// TestPlatforms visits a post for every documented way in which a platform
// answers. No post that is there, or that is only refused, may be called gone,
// and none that is gone may be called alive.
func TestPlatforms(t *testing.T) {
	posts, fates := crawltest.FatePosts(), crawltest.Fates()
	web, err := crawltest.Start(crawltest.Config{Posts: posts, NoDemo: true, NoCases: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { web.Close() })
	cfg := quick(web)
	platforms(t, &cfg)
	kept, store := openArchive(t)
	cfg.Keeper = keeper{kept}
	var jobs []crawler.Job
	for _, p := range posts {
		jobs = append(jobs, seedOf(t, p.URL()))
	}
	got := crawlJobs(t, cfg, jobs)
	for i, p := range posts {
		f := fates[i]
		name := f.Platform + " " + f.Name
		r, ok := got[jobs[i].URL]
		if !ok || r.Err != nil {
			t.Errorf("%s: no capture: %v", name, r.Err)
			continue
		}
		c := r.Capture
		if string(c.Verdict) != f.Want {
			t.Errorf("%s (%s) is %s, want %s: %q", name, f.Note, c.Verdict, f.Want, c.Reasons)
		}
		if f.NoPost {
			if c.Post != nil {
				t.Errorf("%s: the capture says of a post: %+v", name, c.Post)
			}
			continue
		}
		if c.Post == nil || c.Post.Platform != f.Platform {
			t.Errorf("%s: the capture says nothing of the post: %+v", name, c.Post)
			continue
		}
		if c.Post.Original != "" && f.Original == "" || f.Original != "" && !strings.HasPrefix(c.Post.Original, f.Original) {
			t.Errorf("%s: a copy of %q, want %q", name, c.Post.Original, f.Original)
		}
		if f.Platform == "x" && !c.Post.PostedAt.Equal(p.At) {
			t.Errorf("%s: posted at %s, want %s", name, c.Post.PostedAt, p.At)
		}
		if f.Shown {
			shown(t, name, p, c.Post)
		}
		if renamed := f.Name == "renamed"; c.Post.Mismatch != renamed || renamed != strings.Contains(strings.Join(c.Reasons, "\n"), "post-author: ") {
			t.Errorf("%s: mismatch %t: %q", name, c.Post.Mismatch, c.Reasons)
		}
	}
	audited(t, store)
	if strays := web.Strays(); len(strays) > 0 {
		t.Errorf("connected elsewhere: %q", strays)
	}
}

func shown(t *testing.T, name string, want crawltest.Post, got *archive.Post) {
	t.Helper()
	said := got.Text
	if got.Title != "" {
		said = got.Title
	}
	if said != want.Text {
		t.Errorf("%s: text %q, want %q", name, said, want.Text)
	}
	if got.Author == nil || got.Author.Name != want.Name || got.Author.Handle == "" && want.Platform != "reddit" {
		t.Errorf("%s: author %+v, want %s", name, got.Author, want.Name)
	}
	if timed := want.Platform != "youtube" && want.Platform != "tiktok" && want.Platform != "reddit"; timed && !got.PostedAt.Equal(want.At) {
		t.Errorf("%s: posted at %s, want %s", name, got.PostedAt, want.At)
	}
}

// TestPlatformTurnedOn: what is asked of Meta only when that is wanted proves a post
// behind a login, and never an absence.
func TestPlatformTurnedOn(t *testing.T) {
	var posts []crawltest.Post
	for _, p := range crawltest.FatePosts() {
		if p.Platform == "facebook" {
			posts = append(posts, p)
		}
	}
	web, err := crawltest.Start(crawltest.Config{Posts: posts, NoDemo: true, NoCases: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { web.Close() })
	cfg := quick(web)
	if cfg.Platforms, err = platform.New(platform.Config{Endpoints: map[string]string{"facebook.oembed": platform.On}}); err != nil {
		t.Fatal(err)
	}
	var jobs []crawler.Job
	for _, p := range posts {
		jobs = append(jobs, seedOf(t, p.URL()))
	}
	got := crawlJobs(t, cfg, jobs)
	for i, p := range posts {
		c := got[jobs[i].URL].Capture
		want := archive.Alive
		if p.Fate == "hidden" {
			want = archive.Unknown
		}
		if c.Verdict != want || c.Post == nil || c.Post.Author != nil || c.Post.Text != "" {
			t.Errorf("%s is %s, want %s: %q, %+v", p.Fate, c.Verdict, want, c.Reasons, c.Post)
		}
	}
}

// Without the platforms the shell of a page proves nothing.
func TestPlatformsOff(t *testing.T) {
	at := time.Date(2024, 5, 3, 0, 0, 0, 0, time.UTC)
	post := crawltest.Post{Platform: "x", ID: crawltest.XID(at, 1), Handle: "a", Text: "b", At: at}
	web, err := crawltest.Start(crawltest.Config{Posts: []crawltest.Post{post}, NoDemo: true, NoCases: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { web.Close() })
	j := seedOf(t, post.URL())
	r := crawlJobs(t, quick(web), []crawler.Job{j})[j.URL]
	if r.Capture.Verdict != archive.Unknown || !strings.HasPrefix(r.Capture.Reasons[0], "post-not-asked: ") {
		t.Errorf("verdict %s: %q", r.Capture.Verdict, r.Capture.Reasons)
	}
}

// TestPlatformsOfReport visits every post that a real report cites: whatever
// became of it, its time is known, and what is there has author and text.
func TestPlatformsOfReport(t *testing.T) {
	data, err := reports.FS.ReadFile("islamic-state-khorasan.txt")
	if err != nil {
		t.Fatal(err)
	}
	report, err := seeds.Read("islamic-state-khorasan.txt", data)
	if err != nil {
		t.Fatal(err)
	}
	fates := []crawltest.Fate{}
	for _, f := range crawltest.Fates() {
		if f.Platform == "x" {
			fates = append(fates, f)
		}
	}
	var jobs []crawler.Job
	var posts []crawltest.Post
	for _, s := range report.Seeds() {
		id, ok := strings.CutPrefix(s.Key, "https://x.com/i/status/")
		if !ok {
			continue
		}
		at, _ := seeds.PostedAt(s.Key)
		handle := strings.Split(s.URL, "/")[3]
		posts = append(posts, crawltest.Post{Platform: "x", ID: id, Handle: handle, Name: "Name of " + handle, Text: "Said by " + handle + ".", At: at,
			Fate: fates[len(posts)%len(fates)].Name})
		jobs = append(jobs, crawler.Job{Key: s.Key, URL: s.URL, Host: s.Host})
	}
	if len(posts) < 19 {
		t.Fatalf("%d posts in the report", len(posts))
	}
	web, err := crawltest.Start(crawltest.Config{Posts: posts, NoDemo: true, NoCases: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { web.Close() })
	cfg := quick(web)
	platforms(t, &cfg)
	got := crawlJobs(t, cfg, jobs)
	for i, p := range posts {
		f, c := fates[i%len(fates)], got[jobs[i].URL].Capture
		if c == nil || string(c.Verdict) != f.Want || c.Post == nil {
			t.Errorf("%s, %s: %+v, want %s", jobs[i].URL, f.Name, c, f.Want)
			continue
		}
		if y := c.Post.PostedAt.Year(); y != 2022 || !c.Post.PostedAt.Truncate(time.Second).Equal(p.At.Truncate(time.Second)) {
			t.Errorf("%s, %s: posted at %s, want %s", jobs[i].URL, f.Name, c.Post.PostedAt, p.At)
		}
		if f.Shown && (c.Post.Text != p.Text || c.Post.Author == nil || c.Post.Author.Name != p.Name) {
			t.Errorf("%s, %s: %+v", jobs[i].URL, f.Name, c.Post)
		}
	}
}
