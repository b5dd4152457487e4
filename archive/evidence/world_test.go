package evidence_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
	"github.com/ibid-archive/ibid/archive/blob/dir"
	"github.com/ibid-archive/ibid/archive/evidence"
	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/archive/wacz"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify"
)

// world is an archive with a log in a directory, and an index that reads it all.
type world struct {
	t     *testing.T
	where string
	store *dir.Store
	log   *log.Log
	*archive.Archive
	report *archive.Report
}

const reportText = `The Weir
One claim about the weir of 1962.[1] Another says that the gate is open.[2]
A third is bare.[3] A fourth cannot be.[4]

[1] https://a.test/weir
[2] hxxps://b[.]test/gate and https://a.test/weir
[3] https://never.test/
[4] https://user:secret@a.test:99999/
`

func start() time.Time { return time.Date(2026, 3, 14, 15, 0, 0, 0, time.UTC) }

func newWorld(t *testing.T, logged bool) *world {
	t.Helper()
	w := &world{t: t, where: blobtest.MemoryDir(t)}
	var err error
	if w.store, err = dir.Open(w.where, dir.Config{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.store.Close() })
	cfg := archive.Config{Store: w.store, Software: "ibid/test", TempDir: w.store.TempDir()}
	if logged {
		if w.log, err = log.Open(t.Context(), log.Config{Objects: w.store, Cells: w.store, Keys: log.KeyDir(t.TempDir())}); err != nil {
			t.Fatal(err)
		}
		cfg.Log = w.log
	}
	w.Archive = archive.New(cfg)
	w.report = &archive.Report{Path: "drafts/The weir?.txt", SeenAt: start()}
	if err := w.PutReport(t.Context(), w.report, []byte(reportText)); err != nil {
		t.Fatal(err)
	}
	w.enter(archive.ReportEntry(w.report))
	return w
}

func (w *world) enter(e *archive.Entry) {
	w.t.Helper()
	if _, err := w.Enter(w.t.Context(), e); err != nil {
		w.t.Fatal(err)
	}
}

// visit keeps a visit to a URL that began some days after the report.
func (w *world) visit(url string, days int, v archive.Verdict, exchanges ...*archive.Exchange) *archive.Capture {
	w.t.Helper()
	at := start().AddDate(0, 0, days)
	c := &archive.Capture{Version: archive.CaptureVersion, Software: "ibid/test", Key: url, URL: url, StartedAt: at, FinishedAt: at.Add(time.Second),
		Judgement: archive.Judgement{Verdict: v, Reasons: []string{"test: it was so"}}}
	wr, err := w.Begin()
	if err != nil {
		w.t.Fatal(err)
	}
	defer wr.Abort()
	for _, x := range exchanges {
		x.Started = at
		if x.Role == archive.RoleSource && x.Status != 0 {
			c.HTTPStatus, c.FinalURL, c.MediaType = x.Status, x.URL, x.Header.Get("Content-Type")
		}
		if err := wr.Exchange(x); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := wr.Commit(w.t.Context(), c); err != nil {
		w.t.Fatal(err)
	}
	w.enter(archive.CaptureEntry(c))
	return c
}

// answer is an exchange with an answer.
func (w *world) answer(role archive.Role, url, answer string) *archive.Exchange {
	w.t.Helper()
	x := &archive.Exchange{Role: role, URL: url, Method: http.MethodGet, Remote: netip.MustParseAddrPort("192.0.2.7:443"),
		Request: w.spool("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"), Response: w.spool(answer)}
	head, body, _ := strings.Cut(answer, "\r\n\r\n")
	res, err := http.ReadResponse(bufio.NewReader(strings.NewReader(head+"\r\n\r\n")), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	x.HeaderSize, x.Proto, x.Status, x.Header = int64(len(head)+4), res.Proto, res.StatusCode, res.Header
	x.BlockSHA256, x.PayloadSHA256, x.PayloadSize = sha256.Sum256([]byte(answer)), sha256.Sum256([]byte(body)), int64(len(body))
	return x
}

func (w *world) spool(s string) *archive.Spool {
	w.t.Helper()
	b := archive.NewSpool(w.t.TempDir(), archive.SpoolMemory)
	w.t.Cleanup(func() { b.Close() })
	if _, err := io.WriteString(b, s); err != nil {
		w.t.Fatal(err)
	}
	return b
}

// unchanged makes x a revisit of an exchange of an earlier capture.
func unchanged(x *archive.Exchange, of *archive.Capture, n int) *archive.Exchange {
	x.Prior = &archive.Prior{URL: x.URL, Record: of.Exchanges[n].Record, Date: of.Exchanges[n].Date, PayloadSHA256: of.Exchanges[n].PayloadSHA256, Capture: of.SHA256}
	return x
}

// The world is its own index.

func (w *world) all(yield func(*archive.Capture) bool) {
	for sum, err := range w.List(w.t.Context(), archive.CapturePrefix) {
		if err != nil {
			w.t.Fatal(err)
		}
		c, err := w.Archive.Capture(w.t.Context(), sum)
		if err != nil {
			continue // damaged by a test
		}
		if !yield(c) {
			return
		}
	}
}

func (w *world) Cited(context.Context, string) (time.Time, error) { return w.report.SeenAt, nil }

// index knows what the world knew when it was made: damage comes later.
type index struct {
	*world
	visits  map[string][]evidence.Visit
	holders map[string]string
}

func (w *world) index() *index {
	x := &index{w, map[string][]evidence.Visit{}, map[string]string{}}
	for c := range w.all {
		x.visits[c.Key] = append(x.visits[c.Key], evidence.Visit{Capture: c.SHA256, At: c.FinishedAt, Verdict: c.Verdict})
		for _, e := range c.Exchanges {
			if e.Record != "" {
				x.holders[e.URL+" "+e.Record] = c.SHA256
			}
		}
	}
	return x
}

func (x *index) Visits(_ context.Context, key string) ([]evidence.Visit, error) {
	return x.visits[key], nil
}

func (x *index) Holder(_ context.Context, url, record string) (string, error) {
	return x.holders[url+" "+record], nil
}

// config is that of a package about the world's report.
func (w *world) config(choice evidence.Choice) evidence.Config {
	return evidence.Config{Objects: w.store, Archive: w.Archive, Log: w.log, Index: w.index(), Choice: choice, Software: "ibid/test",
		Date: start().AddDate(1, 0, 0), TempDir: w.t.TempDir(), Read: w.readText,
		Page: func(out io.Writer, d *evidence.Document, r *seeds.Report) error {
			_, err := io.WriteString(out, "<!DOCTYPE html><title>"+r.Title+"</title>")
			return err
		}}
}

// readText takes the body as it is, and quotes all of it to each claim.
func (w *world) readText(ctx context.Context, capture string, claims []string) (evidence.Text, error) {
	reader := verify.CaptureReader{Objects: w.store, Captures: w.Archive, Holders: w.index()}
	content, err := reader.Content(ctx, capture)
	switch {
	case errors.Is(err, verify.ErrNoText):
		return evidence.Text{}, errors.Join(evidence.ErrNoText, err)
	case err != nil:
		return evidence.Text{}, err
	case !strings.HasPrefix(content.MediaType, "text/"):
		return evidence.Text{}, errors.Join(evidence.ErrNoText, errors.New(content.MediaType))
	}
	text := evidence.Text{Text: string(content.Body)}
	for range claims {
		text.Quotes = append(text.Quotes, []evidence.Passage{{{Text: text.Text, Found: true}}})
	}
	return text, nil
}

// pack writes a package, which must be valid, and returns it with its files.
func (w *world) pack(cfg evidence.Config) (*evidence.Document, []byte, map[string]string) {
	w.t.Helper()
	var b bytes.Buffer
	doc, err := evidence.Write(w.t.Context(), &b, cfg, w.report.Object)
	if err != nil {
		w.t.Fatal(err)
	}
	problems, _, err := wacz.Validate(w.t.Context(), bytes.NewReader(b.Bytes()), int64(b.Len()), wacz.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, p := range problems {
		w.t.Errorf("the package is not valid: %v", p)
	}
	return doc, b.Bytes(), unzip(w.t, b.Bytes())
}

func unzip(t *testing.T, b []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(data)
	}
	return files
}
