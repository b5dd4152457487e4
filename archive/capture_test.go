package archive_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ibid-archive/ibid/archive"
)

// What Encode leaves out DecodeCapture fills in, whichever of the fields are
// equal to each other.
func TestCaptureRecordIsFilledIn(t *testing.T) {
	url := rapid.SampledFrom([]string{"http://a.test/", "http://b.test/x", "https://b.test/x"})
	at := rapid.Custom(func(t *rapid.T) time.Time {
		return time.Date(2026, 1, 2, 3, 4, 5, 1000*rapid.IntRange(0, 2).Draw(t, "µs"), time.UTC)
	})
	rapid.Check(t, func(t *rapid.T) {
		c := &archive.Capture{
			Version: archive.CaptureVersion, Software: "test/1", Key: url.Draw(t, "key"), URL: url.Draw(t, "url"),
			StartedAt: at.Draw(t, "started"), FinishedAt: at.Draw(t, "finished"),
		}
		c.Verdict = archive.Unreachable
		if c.HTTPStatus = rapid.SampledFrom([]int{0, 200, 304}).Draw(t, "status"); c.HTTPStatus != 0 {
			c.FinalURL = url.Draw(t, "final")
		}
		for range rapid.IntRange(0, 3).Draw(t, "exchanges") {
			c.Exchanges = append(c.Exchanges, archive.ExchangeInfo{
				Role: rapid.SampledFrom([]archive.Role{archive.RoleSource, archive.RoleRequisite}).Draw(t, "role"),
				URL:  url.Draw(t, "exchange url"), Date: at.Draw(t, "date"), Status: c.HTTPStatus,
			})
		}
		text, err := c.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := archive.DecodeCapture(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c, got); d != "" {
			t.Fatalf("%s (-want +got):\n%s", text, d)
		}
	})
}

func TestCaptureRecordSaysThingsOnce(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)
	const url = "http://a.test/"
	c := &archive.Capture{Version: archive.CaptureVersion, Key: url, URL: url, StartedAt: at,
		Judgement: archive.Judgement{Verdict: archive.Alive},
		Exchanges: []archive.ExchangeInfo{{Role: archive.RoleSource, URL: url, Date: at, Status: 200}}}
	text, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, once := range []string{url, "2026-01-02T03:04:05.000006Z"} {
		if n := strings.Count(string(text), once); n != 1 {
			t.Errorf("%s stands %d times in %s", once, n, text)
		}
	}
	if c.Key != url || c.Exchanges[0].URL != url {
		t.Errorf("Encode changed its receiver: %+v", c)
	}
}

// What stood in the place of a source is not asked about again: "not modified"
// would be taken for the source.
func TestValidatorsOfTheSourceAlone(t *testing.T) {
	for verdict, want := range map[archive.Verdict]string{
		archive.Alive: `"a"`, archive.Moved: `"a"`, archive.Drifted: `"a"`, archive.Soft404: "", archive.Blocked: "", archive.Restricted: "", archive.Unknown: "",
	} {
		p := newPlace(t)
		c := sample()
		c.Verdict = verdict
		p.commit(c, answered(t, "https://a.test/", "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: 2\r\n\r\nhi"))
		if got := c.Exchanges[0].ETag; got != want {
			t.Errorf("%s: ETag %q, want %q", verdict, got, want)
		}
	}
}
