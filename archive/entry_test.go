package archive_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ibid-archive/ibid/archive"
)

func TestEntryIsCanonical(t *testing.T) {
	c := &archive.Capture{URL: "https://a.test/?q=<1>&r=\"2\"", SHA256: strings.Repeat("ab", 32), Size: 1234,
		FinishedAt: time.Date(2026, 11, 22, 10, 0, 0, 123456789, time.FixedZone("", 3600)),
		Citations:  []archive.CitationRef{{Report: "r2", ID: "9.1"}, {Report: "r1", ID: "6.2"}, {Report: "r1", ID: "6.1", Raw: "https://a(dot)test/"}}}
	c.Verdict, c.PayloadSHA256 = archive.Alive, strings.Repeat("cd", 32)
	got, err := archive.CaptureEntry(c).Encode()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"citations":{"r1":["6.1","6.2"],"r2":["9.1"]},"kind":"capture","object":"` + c.SHA256 + `","payload_sha256":"` + c.PayloadSHA256 +
		`","size":1234,"time":"2026-11-22T09:00:00.123456Z","url":"https://a.test/?q=<1>&r=\"2\"","verdict":"alive","version":1}`
	if string(got) != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
}

// The names are in ascending order, whatever is in the entry.
func TestEntryNamesAscend(t *testing.T) {
	e := archive.Entry{Citations: map[string][]string{"r": {"1.1"}}, CitationsOmitted: 1, Kind: "capture", Object: "o", Path: "p", PayloadSHA256: "p",
		ReportSHA256: "r", Size: 1, TextSHA256: "t", Time: time.Unix(1, 0), URL: "u", Verdict: archive.Alive, Version: 1, VKey: "v"}
	b, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	d := json.NewDecoder(bytes.NewReader(b))
	for depth := 0; ; {
		tok, err := d.Token()
		if err != nil {
			break
		}
		switch tok := tok.(type) {
		case json.Delim:
			if tok == '{' || tok == '[' {
				depth++
			} else {
				depth--
			}
		case string:
			if depth == 1 && d.More() && strings.HasPrefix(string(b[d.InputOffset():]), ":") {
				names = append(names, tok)
			}
		}
	}
	if len(names) != 14 || !slices.IsSorted(names) {
		t.Errorf("members %q, want 14 in ascending order", names)
	}
}

func TestEntryFits(t *testing.T) {
	for name, c := range map[string]*archive.Capture{
		"a long address":                {URL: "https://a.test/" + strings.Repeat("x", 1<<20)},
		"a long address of escapes":     {URL: strings.Repeat("\x01", 1<<20)},
		"a source cited everywhere":     {URL: "https://a.test/", Citations: slices.Repeat([]archive.CitationRef{{Report: strings.Repeat("e", 64), ID: "17.1"}}, 100_000)},
		"a source cited by hostile ids": {URL: "https://a.test/", Citations: slices.Repeat([]archive.CitationRef{{Report: "r", ID: "\x01\x02"}}, 100_000)},
	} {
		c.SHA256, c.FinishedAt = strings.Repeat("ab", 32), time.Unix(1, 0)
		c.Verdict = archive.Alive
		e := archive.CaptureEntry(c)
		b, err := e.Encode()
		if err != nil || len(b) > archive.MaxEntry {
			t.Errorf("%s: %d bytes, error %v", name, len(b), err)
		}
		kept := 0
		for _, ids := range e.Citations {
			kept += len(ids)
		}
		if kept+e.CitationsOmitted != len(c.Citations) {
			t.Errorf("%s: %d citations kept and %d omitted of %d", name, kept, e.CitationsOmitted, len(c.Citations))
		}
	}
}

func TestEntryRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &archive.Capture{SHA256: strings.Repeat("0f", 32), Size: rapid.Int64Range(0, 1<<40).Draw(t, "size"), URL: rapid.String().Draw(t, "url"),
			FinishedAt: time.UnixMicro(rapid.Int64Range(0, 1<<52).Draw(t, "time"))}
		c.Verdict = rapid.SampledFrom([]archive.Verdict{archive.Alive, archive.Gone, ""}).Draw(t, "verdict")
		for range rapid.IntRange(0, 4).Draw(t, "citations") {
			c.Citations = append(c.Citations, archive.CitationRef{Report: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "report"), ID: rapid.StringMatching(`[0-9]{1,2}\.[1-9]`).Draw(t, "id")})
		}
		e := archive.CaptureEntry(c)
		b, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := archive.DecodeEntry(b)
		if err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		again, err := back.Encode()
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("%s became %s, error %v", b, again, err)
		}
		if diff := cmp.Diff(e.Citations, back.Citations); diff != "" {
			t.Error(diff)
		}
	})
}

func FuzzDecodeEntry(f *testing.F) {
	object := strings.Repeat("ab", 32)
	for _, s := range []string{
		`{"kind":"capture","object":"` + object + `","time":"2026-11-22T09:00:00Z","version":1}`,
		`{"kind":"report","object":"` + object + `","path":"r.txt","time":"2026-11-22T09:00:00Z","version":1}`,
		`{"kind":"capture","object":"../../x","time":"2026-11-22T09:00:00Z","version":1}`,
		`{"version":1,"kind":"key","time":"2026-11-22T09:00:00Z","vkey":"a+b+c"}`, `{}`, `[`, ``,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := archive.DecodeEntry(b)
		if err != nil {
			if !errors.Is(err, archive.ErrNotEntry) {
				t.Errorf("%v isn't ErrNotEntry", err)
			}
			return
		}
		if again, err := e.Encode(); err != nil || !bytes.Equal(again, b) {
			t.Errorf("accepted %q, which is not canonical", b)
		}
		if k := e.Key(); k == "" && e.Kind != archive.KindKey {
			t.Errorf("%q has no key", b)
		}
	})
}
