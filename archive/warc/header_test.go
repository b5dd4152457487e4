package warc

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestHeader(t *testing.T) {
	var h Header
	h.Add("A", "1")
	h.Add("b", "2")
	h.Add("a", "3")
	if got := h.Get("B"); got != "2" {
		t.Errorf("Get = %q", got)
	}
	if _, ok := h.Lookup("c"); ok || h.Get("c") != "" {
		t.Error("found a field that is not there")
	}
	if d := cmp.Diff([]string{"1", "3"}, h.Values("a")); d != "" {
		t.Error(d)
	}
	h.Set("A", "4")
	h.Set("C", "5")
	if d := cmp.Diff(Header{{"A", "4"}, {"b", "2"}, {"C", "5"}}, h); d != "" {
		t.Error(d)
	}
	h.Del("B")
	h.Del("none")
	if d := cmp.Diff(Header{{"A", "4"}, {"C", "5"}}, h); d != "" {
		t.Error(d)
	}
}

func TestDate(t *testing.T) {
	at := func(layout, s string) time.Time {
		d, err := time.Parse(layout, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		text string
		want time.Time // zero: an error
	}{
		{"2026-11-22T12:34:56Z", at(time.RFC3339, "2026-11-22T12:34:56Z")},
		{"2026-11-22T12:34:56.5Z", at(time.RFC3339Nano, "2026-11-22T12:34:56.5Z")},
		{"2026-11-22T12:34:56.123456789Z", at(time.RFC3339Nano, "2026-11-22T12:34:56.123456789Z")},
		{"2026-11-22T12:34Z", at(time.RFC3339, "2026-11-22T12:34:00Z")},
		{"2026-11-22", at(time.DateOnly, "2026-11-22")},
		{"2026-11", at(time.DateOnly, "2026-11-01")},
		{"2026", at(time.DateOnly, "2026-01-01")},
		{"2026-11-22T12:34:56.1234567890Z", time.Time{}},
		{"2026-11-22T12:34:56,5Z", time.Time{}},
		{"2026-11-22T12:34:56", time.Time{}},
		{"2026-11-22T12:34:56+02:00", time.Time{}},
		{"2026-11-22 12:34:56Z", time.Time{}},
		{"2026-02-30T00:00:00Z", time.Time{}},
		{"20261122123456", time.Time{}},
		{"", time.Time{}},
	} {
		got, err := ParseDate(c.text)
		if (err != nil) != c.want.IsZero() || !got.Equal(c.want) {
			t.Errorf("ParseDate(%q) = %v, %v, want %v", c.text, got, err, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(0, 200e9).Draw(t, "s"), rapid.Int64Range(0, 999999999).Draw(t, "ns"))
		got, err := ParseDate(FormatDate(at))
		if err != nil || !got.Equal(at) {
			t.Fatalf("%v -> %s -> %v, %v", at, FormatDate(at), got, err)
		}
	})
}

func TestNewID(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id := NewID()
		if seen[id] {
			t.Fatalf("%s twice", id)
		}
		seen[id] = true
		if !isID(id) || len(id) != len("<urn:uuid:00000000-0000-4000-8000-000000000000>") || id[24] != '4' || !strings.ContainsRune("89ab", rune(id[29])) {
			t.Fatalf("%s is no version 4 UUID", id)
		}
	}
}

func TestRecordAccessors(t *testing.T) {
	r := Record{Header: Header{
		{"warc-type", "response"}, {"warc-record-id", "<urn:x:1>"}, {"warc-target-uri", "<http://a.test/>"},
		{"content-length", "12"}, {"content-type", "text/plain"}, {"warc-truncated", "time"}, {"warc-date", "2026"},
	}}
	date, err := r.Date()
	if r.Type() != TypeResponse || r.ID() != "<urn:x:1>" || r.TargetURI() != "http://a.test/" || r.ContentLength() != 12 ||
		r.ContentType() != "text/plain" || r.Truncated() != "time" || err != nil || date.Year() != 2026 {
		t.Errorf("%v %v %v %v %v %v %v %v", r.Type(), r.ID(), r.TargetURI(), r.ContentLength(), r.ContentType(), r.Truncated(), date, err)
	}
	for text, want := range map[string]int64{"": -1, "x": -1, "-1": -1, "0": 0, "007": 7} {
		r := Record{Header: Header{{FieldContentLength, text}}}
		if r.ContentLength() != want {
			t.Errorf("ContentLength of %q = %d, want %d", text, r.ContentLength(), want)
		}
	}
	if (&Record{}).ContentLength() != -1 {
		t.Error("ContentLength without the field is not -1")
	}
}

func TestParseProfile(t *testing.T) {
	const np = "http://netpreserve.org/warc/"
	for uri, want := range map[string]string{
		ProfileIdentical:   ProfileIdentical,
		ProfileNotModified: ProfileNotModified,
		np + "1.0/revisit/identical-payload-digest": ProfileIdentical,
		np + "1.0/revisit/server-not-modified":      ProfileNotModified,
		np + "1.1/server-not-modified":              ProfileNotModified,
		np + "2.0/revisit/server-not-modified":      "",
		"":                                          "",
	} {
		if got, ok := ParseProfile(uri); got != want || ok != (want != "") {
			t.Errorf("ParseProfile(%q) = %q, %v", uri, got, ok)
		}
	}
}

func TestParseType(t *testing.T) {
	for _, s := range []string{"warcinfo", "request", "response", "revisit", "resource", "metadata", "conversion", "continuation"} {
		if got, err := ParseType(s); err != nil || string(got) != s {
			t.Errorf("ParseType(%q) = %q, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "Response", "screenshot"} {
		if _, err := ParseType(s); err == nil {
			t.Errorf("ParseType(%q): no error", s)
		}
	}
}
