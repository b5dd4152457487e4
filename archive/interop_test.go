package archive_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/warc"
	"github.com/ibid-archive/ibid/archive/warc/warctest"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/crawltest"
	"github.com/ibid-archive/ibid/verify"
)

// keeper gives archive.Writer to the crawler.
type keeper struct{ *archive.Archive }

func (k keeper) Begin() (crawler.Capturing, error) { return k.Archive.Begin() }

// Captures of a real crawl of pages that live, move, refuse, break off and die
// are sound, hold every stable body bit by bit, and pass the audit; and an
// implementation of WARC that shares no code with ours reads the same.
func TestRealVisits(t *testing.T) {
	web, err := crawltest.Start(crawltest.Config{NoCases: true})
	if err != nil {
		t.Fatal(err)
	}
	defer web.Close()
	p := newPlace(t)
	urls := []string{
		"https://gazette.test/2026/dam-report", "https://gazette.test/letters", "http://old.gazette.test/story/17", "https://council.test/minutes/2024-03",
		"https://council.test/plan.html", "https://ministry.test/notice/9", "https://ministry.test/files/annual.pdf", "https://walled.test/report",
		"https://slow.test/long-read", "https://expired.test/", "https://cut.test/broadcast", "https://wire.test/live", "https://nowhere.test/gone",
	}
	var jobs []crawler.Job
	for _, u := range urls {
		_, host, _ := strings.Cut(u, "://")
		host, _, _ = strings.Cut(host, "/")
		jobs = append(jobs, crawler.Job{Key: u, URL: u, Host: host})
	}
	c, err := crawler.New(crawler.Config{
		Delay: -1, Retries: -1, SecondLook: -1, UserAgent: "ibid-test/1", Judge: verify.Judge, Dial: web.DialContext, Roots: web.CAPool(),
		Timeout: 20 * time.Second, TempDir: p.store.TempDir(), Keeper: keeper{p.Archive},
	})
	if err != nil {
		t.Fatal(err)
	}
	captures := map[string]*archive.Capture{}
	if err := c.Run(t.Context(), nil, jobs, func(r crawler.Result) {
		if r.Err != nil {
			t.Errorf("%s: %v", r.Job.URL, r.Err)
			return
		}
		captures[r.Job.URL] = r.Capture
	}); err != nil {
		t.Fatal(err)
	}
	if n := p.sound(); int(n) != len(urls) {
		t.Errorf("%d objects are stored, want %d", n, len(urls))
	}
	noSpools(t, p.store.TempDir())
	var all bytes.Buffer
	for _, u := range urls {
		capture := captures[u]
		if capture == nil {
			t.Errorf("%s: no capture", u)
			continue
		}
		file := p.read(archive.CaptureKey(capture.SHA256))
		all.Write(file)
		recs := records(t, file)
		if want := web.Body(u); want != nil && !slices.ContainsFunc(recs, func(r record) bool {
			return r.Type == "response" && r.header.Get("WARC-Target-URI") == u && bytes.Equal(payload(t, r), want)
		}) {
			t.Errorf("%s: no response holds its body of %d bytes", u, len(want))
		}
	}
	if len(captures["https://gazette.test/2026/dam-report"].Exchanges) < 3 {
		t.Error("the page with requisites has none")
	}
	t.Run("warcio", func(t *testing.T) { sameToWarcio(t, all.Bytes()) })
}

// sameToWarcio checks that warcio finds a WARC right and reads the same in it.
func sameToWarcio(t *testing.T, file []byte) {
	path := filepath.Join(t.TempDir(), "all.warc.gz")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	report := warctest.CheckWithNode(t, path)
	ours := records(t, file)
	if len(report.Records) != len(ours) {
		t.Fatalf("warcio reads %d records, we %d", len(report.Records), len(ours))
	}
	for i, r := range report.Records {
		if id := ours[i].header.Get(warc.FieldRecordID); r.Type != ours[i].Type || r.ID != id || int(r.BlockLength) != len(ours[i].Block) {
			t.Errorf("record %d is %s %s of %d bytes to warcio, %s %s of %d bytes to us", i, r.Type, r.ID, r.BlockLength, ours[i].Type, id, len(ours[i].Block))
		}
		if r.Type == "response" && r.HTTPStatus < http.StatusOK {
			t.Errorf("record %d: warcio reads the status %d", i, r.HTTPStatus)
		}
	}
}

// payload is the body in a response record, without transfer coding.
func payload(t *testing.T, r record) []byte {
	t.Helper()
	m, err := warc.Payload(strings.NewReader(r.Block), warc.MsgResponse)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(m.Body); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
