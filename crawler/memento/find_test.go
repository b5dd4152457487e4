package memento_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/crawltest"
	"github.com/ibid-archive/ibid/crawler/memento"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify"
)

func body(title string) string {
	return "<!doctype html><title>" + title + "</title><h1>" + title + "</h1><p>" + strings.Repeat("The gauge at the lower bridge is read twice a day. ", 30) + "</p>"
}

const (
	wayback  = "wayback.test"
	mementos = "mementos.test"
)

func archives() map[string]memento.Archive {
	return map[string]memento.Archive{
		wayback: {Name: wayback, CDX: "http://wayback.test/cdx/search/cdx", Replay: "http://wayback.test/web/{timestamp}id_/{url}", Save: "http://wayback.test/save"},
		"map":   {Name: mementos, TimeMap: "http://mementos.test/timemap/link/{url}"},
		"gate":  {Name: mementos, TimeGate: "http://mementos.test/timegate/{url}"},
	}
}

// world is a web with archives and a way to ask them.
func world(t *testing.T, drain <-chan struct{}, holdings ...crawltest.Holding) (*crawltest.Web, *crawler.Fetcher) {
	t.Helper()
	web, err := crawltest.Start(crawltest.Config{NoDemo: true, NoCases: true, Holdings: holdings})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { web.Close() })
	c, err := crawler.New(crawler.Config{UserAgent: "ibid-test/1", Judge: verify.Judge, Dial: web.DialContext, Roots: web.CAPool(), Retries: 1,
		RetryBase: time.Millisecond, RetryMax: time.Millisecond, MaxRetryAfter: 2 * time.Second, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	f := c.NewFetcher(0, drain)
	t.Cleanup(f.Close)
	return web, f
}

func TestFind(t *testing.T) {
	const u = "https://council.test/plan"
	at := func(day string, more crawltest.Holding) crawltest.Holding {
		more.At = strings.ReplaceAll(day, "-", "") + "120000"
		if more.URL == "" {
			more.URL = u
		}
		if more.Body == "" {
			more.Body = body("The plan")
		}
		return more
	}
	plain := func(day string) crawltest.Holding { return at(day, crawltest.Holding{}) }
	list := func(tr crawltest.Trouble) crawltest.Holding { return crawltest.Holding{URL: u, Trouble: tr} }
	wrong := func(day string, tr crawltest.Trouble) crawltest.Holding {
		return at(day, crawltest.Holding{Trouble: tr})
	}
	notFound := "<!doctype html><title>Page not found</title><h1>Page not found</h1><p>Sorry, the page you were looking for does not exist.</p>"
	for name, c := range map[string]struct {
		archives []string
		holdings []crawltest.Holding
		url      string
		want     string // day of the memento, "" for none
		why      string // why there is none, or a reason of the memento
		unsure   bool
	}{
		"the nearest":            {[]string{wayback}, []crawltest.Holding{plain("2018-01-01"), plain("2022-05-06"), plain("2023-01-01")}, u, "2022-05-06", "memento: as of 2022-05-06, by wayback.test", false},
		"none":                   {[]string{wayback}, []crawltest.Holding{at("2022-05-06", crawltest.Holding{URL: "https://other.test/"})}, u, "", "no archive has it", false},
		"an archived 404":        {[]string{wayback}, []crawltest.Holding{plain("2018-01-01"), at("2022-05-08", crawltest.Holding{Status: 404, Trouble: "unknown"})}, u, "2018-01-01", "2022-05-08 is an archived error page (404)", false},
		"an archived 503":        {[]string{wayback}, []crawltest.Holding{plain("2018-01-01"), at("2022-05-08", crawltest.Holding{Status: 503, Trouble: "unknown"})}, u, "2018-01-01", "error page (503)", false},
		"a soft 404":             {[]string{wayback}, []crawltest.Holding{plain("2018-01-01"), at("2022-05-08", crawltest.Holding{Body: notFound})}, u, "2018-01-01", "2022-05-08 is soft-404", false},
		"nothing but errors":     {[]string{wayback}, []crawltest.Holding{at("2022-05-08", crawltest.Holding{Body: notFound})}, u, "", "can be trusted: 2022-05-08 is soft-404", false},
		"too many errors":        {[]string{wayback}, append([]crawltest.Holding{plain("2018-01-01")}, many(6, at, notFound)...), u, "", "can be trusted", false},
		"no Memento-Datetime":    {[]string{wayback}, []crawltest.Holding{plain("2018-01-01"), wrong("2022-05-08", crawltest.NoDatetime)}, u, "2018-01-01", "has no Memento-Datetime", false},
		"a bad Memento-Datetime": {[]string{wayback}, []crawltest.Holding{plain("2018-01-01"), wrong("2022-05-08", crawltest.BadDatetime)}, u, "2018-01-01", "has no Memento-Datetime", false},
		"of another address":     {[]string{wayback}, []crawltest.Holding{plain("2018-01-01"), wrong("2022-05-08", crawltest.OtherOriginal)}, u, "2018-01-01", "is of another address: https://elsewhere.test/other", false},
		"out of the archive":     {[]string{wayback}, []crawltest.Holding{plain("2018-01-01"), wrong("2022-05-08", crawltest.LeadsOut)}, u, "2018-01-01", "redirects out of the archive", false},
		"in a circle":            {[]string{wayback}, []crawltest.Holding{plain("2018-01-01"), wrong("2022-05-08", crawltest.LeadsRound)}, u, "2018-01-01", "redirects in a circle", false},
		"of another time":        {[]string{wayback}, []crawltest.Holding{plain("2018-01-01"), plain("2022-06-30"), wrong("2022-05-08", crawltest.OtherTime)}, u, "2022-06-30", "memento: as of 2022-06-30", false},
		"an archived redirect": {[]string{wayback}, []crawltest.Holding{at("2022-05-08", crawltest.Holding{Status: 301, Location: "https://council.test/plans/5"}),
			at("2022-05-08", crawltest.Holding{URL: "https://council.test/plans/5"})}, u, "2022-05-08", "moved for good to https://council.test/plans/5", false},
		"an archived redirect home": {[]string{wayback}, []crawltest.Holding{at("2022-05-08", crawltest.Holding{Status: 302, Location: "https://council.test/"}),
			at("2022-05-08", crawltest.Holding{URL: "https://council.test/"})}, u, "", "is redirected to a home page", false},
		"a redirect that was not followed": {[]string{wayback}, []crawltest.Holding{at("2022-05-08", crawltest.Holding{Status: 302, Location: "https://council.test/new"})}, u, "", "redirects out of the archive", false},
		"busy":                             {[]string{wayback}, []crawltest.Holding{plain("2022-05-06"), list(crawltest.ArchiveBusy)}, u, "", "asks for rest", true},
		"busy for a second":                {[]string{wayback}, []crawltest.Holding{plain("2022-05-06"), list(crawltest.ArchiveSoonBusy)}, u, "2022-05-06", "", false},
		"blocked":                          {[]string{wayback}, []crawltest.Holding{plain("2022-05-06"), list(crawltest.ArchiveBlocks)}, u, "", "it shows nothing of this site", false},
		"failing":                          {[]string{wayback}, []crawltest.Holding{plain("2022-05-06"), list(crawltest.ArchiveFails)}, u, "", "has trouble (503)", true},
		"babbling":                         {[]string{wayback}, []crawltest.Holding{plain("2022-05-06"), list(crawltest.ArchiveBabbles)}, u, "", "read CDX list", true},
		"lying":                            {[]string{wayback}, []crawltest.Holding{plain("2022-05-06"), list(crawltest.ArchiveLies)}, u, "", "no archive has it", false},
		"one busy, one not":                {[]string{wayback, "map"}, []crawltest.Holding{at("2022-05-06", crawltest.Holding{Only: mementos}), {URL: u, Trouble: crawltest.ArchiveBusy, Only: wayback}}, u, "2022-05-06", "by mementos.test", true},
		"the nearest of two":               {[]string{wayback, "map"}, []crawltest.Holding{at("2022-05-06", crawltest.Holding{Only: mementos}), at("2022-05-05", crawltest.Holding{Only: wayback})}, u, "2022-05-06", "by mementos.test", false},
		"a TimeMap in pages":               {[]string{"map"}, []crawltest.Holding{plain("2018-01-01"), plain("2019-01-01"), plain("2022-05-06"), plain("2022-09-01"), plain("2024-01-01")}, u, "2022-05-06", "", false},
		"a TimeMap that babbles":           {[]string{"map"}, []crawltest.Holding{plain("2018-01-01"), list(crawltest.ArchiveBabbles)}, u, "", "read link", true},
		"a TimeGate":                       {[]string{"gate"}, []crawltest.Holding{plain("2018-01-01"), plain("2022-05-06"), plain("2024-01-01")}, u, "2022-05-06", "", false},
		"a TimeGate that has none":         {[]string{"gate"}, []crawltest.Holding{at("2022-05-06", crawltest.Holding{URL: "https://other.test/"})}, u, "", "no Memento-Datetime", false},
		"a post by its old name":           {[]string{wayback}, []crawltest.Holding{at("2022-05-12", crawltest.Holding{URL: "https://twitter.com/who/status/1524393464124825604"})}, "https://x.com/who/status/1524393464124825604", "2022-05-12", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			web, fetcher := world(t, nil, c.holdings...)
			cfg := memento.Config{Fetcher: fetcher, Judge: verify.Judge}
			for _, a := range c.archives {
				cfg.Archives = append(cfg.Archives, archives()[a])
			}
			f, err := memento.New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			key, err := seeds.Normalize(c.url)
			if err != nil {
				t.Fatal(err)
			}
			found, err := f.Find(t.Context(), memento.Source{Key: key, URL: c.url, Day: time.Date(2022, 5, 8, 0, 0, 0, 0, time.UTC)})
			if err != nil {
				t.Fatal(err)
			}
			defer found.Close()
			got, why := "", found.Why
			if m := found.Memento; m != nil {
				got, why = m.Datetime.Format(time.DateOnly), strings.Join(found.Reasons, "\n")
				last := (&archive.Visit{Exchanges: found.Exchanges}).Last()
				if last == nil || last.URL != found.FinalURL || last.Status != 200 {
					t.Errorf("the last exchange with the source is %+v", last)
				}
				if content, err := io.ReadAll(last.Content(archive.DecodeLimits{})); err != nil || !strings.Contains(string(content), "The gauge") {
					t.Errorf("content %q, %v", content, err)
				}
				if found.State != "" || strings.Contains(m.URL, "id_") {
					t.Errorf("state %q, address %s", found.State, m.URL)
				}
			}
			if got != c.want || !strings.Contains(why, c.why) || found.Unsure != c.unsure {
				t.Errorf("found %q, unsure %t: %s\nwant %q, %t: %s", got, found.Unsure, why, c.want, c.unsure, c.why)
			}
			if n := len(web.Strays()); n > 0 {
				t.Errorf("asked elsewhere: %v", web.Strays())
			}
			if asked := len(web.Requests()); asked != len(found.Exchanges) {
				t.Errorf("%d requests, %d exchanges in the record", asked, len(found.Exchanges))
			}
			for host, n := range f.Asked() {
				if n != 1 || !strings.HasSuffix(host, ".test") {
					t.Errorf("%s was asked about %d addresses", host, n)
				}
			}
		})
	}
}

func many(n int, at func(string, crawltest.Holding) crawltest.Holding, text string) (all []crawltest.Holding) {
	for i := range n {
		all = append(all, at(fmt.Sprintf("2022-05-%02d", 2+i), crawltest.Holding{Body: text}))
	}
	return all
}

// An archive that fails about one source is asked about the next, and not for ever.
func TestPatience(t *testing.T) {
	var holdings []crawltest.Holding
	for _, path := range []string{"a", "b", "c", "d"} {
		holdings = append(holdings, crawltest.Holding{URL: "https://a.test/" + path, Trouble: crawltest.ArchiveFails})
	}
	web, fetcher := world(t, nil, holdings...)
	f, err := memento.New(memento.Config{Archives: []memento.Archive{archives()[wayback]}, Fetcher: fetcher, Judge: verify.Judge})
	if err != nil {
		t.Fatal(err)
	}
	for i, path := range []string{"a", "b", "fine", "a", "b", "c", "d"} {
		u := "https://a.test/" + path
		found, err := f.Find(t.Context(), memento.Source{Key: u, URL: u, Day: time.Now()})
		if err != nil || found.Unsure != (path != "fine") || (f.Resting()[wayback] != "") != (i >= 5) {
			t.Errorf("%d: %s: %+v, %v, resting %v", i, u, found, err, f.Resting())
		}
		found.Close()
	}
	for _, r := range web.Requests() {
		if strings.Contains(r.Target, "url=https%3A%2F%2Fa.test%2Fd&") {
			t.Errorf("asked after it was to be left alone: %s", r.Target)
		}
	}
}

// An archive that asks for rest is asked about nothing else.
func TestRest(t *testing.T) {
	web, fetcher := world(t, nil, crawltest.Holding{URL: "https://a.test/x", Trouble: crawltest.ArchiveBusy})
	f, err := memento.New(memento.Config{Archives: []memento.Archive{archives()[wayback]}, Fetcher: fetcher, Judge: verify.Judge})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range []string{"https://a.test/x", "https://a.test/y", "https://a.test/z"} {
		found, err := f.Find(t.Context(), memento.Source{Key: u, URL: u, Day: time.Now()})
		if err != nil || !found.Unsure {
			t.Errorf("%s: %v, %v", u, found, err)
		}
		found.Close()
	}
	if n := len(web.Requests()); n != 1 || f.Resting()[wayback] == "" {
		t.Errorf("%d requests; resting %v", n, f.Resting())
	}
}

func TestSubmit(t *testing.T) {
	trouble := func(path string, tr crawltest.Trouble) crawltest.Holding {
		return crawltest.Holding{URL: "https://a.test/" + path, Trouble: tr}
	}
	_, fetcher := world(t, nil, trouble("fails", crawltest.SaveFails), trouble("recent", crawltest.SaveRecent), trouble("slow", crawltest.SaveSlow),
		trouble("limit", crawltest.SaveLimit), trouble("busy", crawltest.ArchiveBusy), trouble("babbles", crawltest.ArchiveBabbles))
	for name, c := range map[string]struct {
		key, status, message string
		ends                 bool
	}{
		"good":    {crawltest.SaveKey, archive.SubmissionSuccess, "", false},
		"fails":   {crawltest.SaveKey, archive.SubmissionError, "Couldn't resolve host", false},
		"recent":  {crawltest.SaveKey, archive.SubmissionSuccess, "2 hours ago", false},
		"slow":    {crawltest.SaveKey, archive.SubmissionPending, "", false},
		"limit":   {crawltest.SaveKey, archive.SubmissionError, "limit of active sessions", true},
		"busy":    {crawltest.SaveKey, archive.SubmissionError, "asks for rest", true},
		"babbles": {crawltest.SaveKey, archive.SubmissionError, "read answer", false},
		"no key":  {"other", archive.SubmissionError, "refuses us (401)", true},
	} {
		s, err := memento.NewSaver(memento.SaverConfig{Archive: archives()[wayback], Fetcher: fetcher, Key: c.key, Secret: crawltest.SaveSecret, Poll: time.Millisecond, Polls: 3})
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Submit(t.Context(), "https://a.test/"+strings.ReplaceAll(name, " ", "-"))
		if err != nil {
			t.Fatal(err)
		}
		if got.Status != c.status || !strings.Contains(got.Message, c.message) || (s.Ended() != "") != c.ends {
			t.Errorf("%s: %+v, ended %q", name, got.Submission, s.Ended())
		}
		if c.status == archive.SubmissionSuccess && name == "good" && (got.URL == "" || got.Datetime.IsZero() || got.Job == "") {
			t.Errorf("%s: %+v", name, got.Submission)
		}
		for _, x := range got.Exchanges {
			raw, ok := x.Request.Bytes()
			if !ok || strings.Contains(string(raw), crawltest.SaveSecret) || !strings.Contains(string(raw), "Authorization: [withheld]\r\n") {
				t.Errorf("%s: the record of the request is %q", name, raw)
			}
		}
		got.Close()
	}
}

// An interruption ends a wait, and what an archive was asked for stays known.
func TestDrain(t *testing.T) {
	drain := make(chan struct{})
	_, fetcher := world(t, drain, crawltest.Holding{URL: "https://a.test/slow", Trouble: crawltest.SaveSlow})
	s, err := memento.NewSaver(memento.SaverConfig{Archive: archives()[wayback], Fetcher: closing{fetcher, drain}, Key: crawltest.SaveKey, Secret: crawltest.SaveSecret, Poll: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Submit(t.Context(), "https://a.test/slow")
	if err != nil || got.Status != archive.SubmissionPending || got.Job == "" {
		t.Fatalf("%+v, %v", got, err)
	}
	got.Close()
	if _, err := fetcher.Fetch(t.Context(), "GET", "http://wayback.test/", nil, nil); err != crawler.ErrDrained {
		t.Errorf("after the interruption: %v", err)
	}
}

// closing is interrupted as soon as it is to wait.
type closing struct {
	*crawler.Fetcher
	drain chan struct{}
}

func (c closing) Wait(ctx context.Context, d time.Duration) error {
	close(c.drain)
	return c.Fetcher.Wait(ctx, d)
}
