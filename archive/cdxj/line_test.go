package cdxj

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func sample() Line {
	return Line{
		Key: "org,example)/", Time: time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC), URL: "https://example.org/",
		Digest: "sha256:00", MIME: "text/html", Filename: "a.warc.gz", Offset: 0, Length: 7, Status: 200,
	}
}

func TestAppend(t *testing.T) {
	b, err := Append([]byte("x"), sample())
	want := `xorg,example)/ 20260102030405006 {"url":"https://example.org/","digest":"sha256:00","mime":"text/html","offset":0,"length":7,"status":200,"filename":"a.warc.gz"}` + "\n"
	if err != nil || string(b) != want {
		t.Errorf("got %s, %v", b, err)
	}
	whole := sample()
	whole.Time = whole.Time.Truncate(time.Second)
	if b, err := Append(nil, whole); err != nil || !strings.HasPrefix(string(b), "org,example)/ 20260102030405 {") {
		t.Errorf("without milliseconds: %s, %v", b, err)
	}
}

func TestAppendRefuses(t *testing.T) {
	for name, change := range map[string]func(l *Line){
		"no key":             func(l *Line) { l.Key = "" },
		"key with a space":   func(l *Line) { l.Key = "a b" },
		"no URL":             func(l *Line) { l.URL = "" },
		"no digest":          func(l *Line) { l.Digest = "" },
		"no type":            func(l *Line) { l.MIME = "" },
		"no file":            func(l *Line) { l.Filename = "" },
		"no length":          func(l *Line) { l.Length = 0 },
		"negative offset":    func(l *Line) { l.Offset = -1 },
		"status of 4 digits": func(l *Line) { l.Status = 1000 },
		"year of 5 digits":   func(l *Line) { l.Time = l.Time.AddDate(9000, 0, 0) },
		"not UTF-8":          func(l *Line) { l.URL = "\xff" },
		"too long":           func(l *Line) { l.URL = strings.Repeat("x", MaxLine) },
	} {
		l := sample()
		change(&l)
		if b, err := Append([]byte("x"), l); err == nil || string(b) != "x" {
			t.Errorf("%s: accepted, or left %d bytes", name, len(b))
		}
	}
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.StringN(1, 40, -1)
		l := Line{
			URL: text.Draw(r, "url"), Digest: text.Draw(r, "digest"), MIME: text.Draw(r, "mime"), Filename: text.Draw(r, "file"),
			Offset: rapid.Int64Min(0).Draw(r, "offset"), Length: rapid.Int64Min(1).Draw(r, "length"), Status: rapid.IntRange(0, 999).Draw(r, "status"),
			Time: time.UnixMilli(rapid.Int64Range(-62167219200000, 253402300799999).Draw(r, "time")).UTC(),
		}
		l.Key = "k" + Key(l.URL)
		b, err := Append(nil, l)
		if err != nil {
			r.Fatal(err)
		}
		got, err := Parse(b)
		if err != nil {
			r.Fatal(err)
		}
		if d := cmp.Diff(l, got); d != "" {
			r.Fatal(d)
		}
	})
}

func TestParse(t *testing.T) {
	at := time.Date(2022, 1, 18, 4, 54, 32, 0, time.UTC)
	for _, c := range []struct {
		line string
		want Line
		ok   bool
	}{
		{`a 20220118045432 {"url":"u","status":"404","offset":"1","length":"2"}`, Line{Key: "a", Time: at, URL: "u", Status: 404, Offset: 1, Length: 2}, true},
		{`a 20220118045432 {"status":"-","referrer":"x","more":[1]}` + "\r\n", Line{Key: "a", Time: at}, true},
		{`a 20220118045432123 {}`, Line{Key: "a", Time: at.Add(123 * time.Millisecond)}, true},
		{line: ``}, {line: `a`}, {line: `a 20220118045432`}, {line: ` 20220118045432 {}`},
		{line: `a 2022011804543 {}`}, {line: `a 202201180454321 {}`}, {line: `a 20221318045432 {}`}, {line: `a +0220118045432 {}`},
		{line: `a 20220118045432 []`}, {line: `a 20220118045432 {} {}`}, {line: `a 20220118045432 {"url":1}`},
		{line: `a 20220118045432 {"url":"a","url":"b"}`}, {line: `a 20220118045432 {"offset":-1}`}, {line: `a 20220118045432 {"length":1.5}`},
		{line: `a 20220118045432 {"status":1000}`}, {line: `a 20220118045432 {"offset":[]}`}, {line: "a 20220118045432 {\"url\":\"\xff\"}"},
		{line: "\xff 20220118045432 {}"}, {line: `a 20220118045432 {"x":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`},
		{line: strings.Repeat("a", MaxLine+1)},
	} {
		got, err := Parse([]byte(c.line))
		var syntax *SyntaxError
		if (err == nil) != c.ok || err != nil && !errors.As(err, &syntax) {
			t.Errorf("Parse(%.100q): %v", c.line, err)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("Parse(%.100q): %s", c.line, d)
		}
	}
}

func TestReader(t *testing.T) {
	good := func(key string) string { return key + ` 20220118045432 {"url":"` + key + `"}` + "\n" }
	in := "!meta 0 {}\n" + good("a") + "\nrubbish\n" + strings.Repeat("x", 3*MaxLine) + "\n" + good("b") + strings.TrimSuffix(good("c"), "\n")
	r := NewReader(strings.NewReader(in))
	var got []string
	for {
		l, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			l.URL = err.Error()
		}
		got = append(got, l.URL)
		if len(r.Raw()) > MaxLine+2 {
			t.Errorf("%d bytes of a line were kept", len(r.Raw()))
		}
	}
	want := []string{"a", `cdxj: line 4: "rubbish" is not URL, time and JSON`, "cdxj: line 5: longer than 1048576 bytes", "b", "c"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestNearest(t *testing.T) {
	in := `x 20220101000000 {"url":"A","filename":"1"}
x 20220103000000 {"url":"A","filename":"2"}
rubbish
x 20220102000000 {"url":"a","filename":"3"}
x 20220105000000 {"url":"A","filename":"4"}`
	day := func(n, h int) time.Time { return time.Date(2022, 1, n, h, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		url  string
		at   time.Time
		want string
	}{
		{"A", day(1, 0), "1"}, {"A", day(2, 0), "1"}, {"A", day(2, 1), "2"}, {"A", day(4, 0), "2"}, {"A", day(30, 0), "4"}, {"a", day(30, 0), "3"}, {"B", day(1, 0), ""},
	} {
		l, ok, err := Nearest(strings.NewReader(in), c.url, c.at)
		if err != nil || ok != (c.want != "") || l.Filename != c.want {
			t.Errorf("Nearest(%s, %s) = %q, %v, %v, want %q", c.url, c.at, l.Filename, ok, err, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	b, _ := Append(nil, sample())
	f.Add(b)
	f.Add([]byte(`a 20220118045432 {"url":"u","status":"404","offset":"1","length":"2"}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		l, err := Parse(in)
		if err != nil {
			return
		}
		b, err := Append(nil, l)
		if err != nil {
			return // a line that is not complete
		}
		if again, err := Parse(b); err != nil || again != l {
			t.Errorf("%q: %+v became %+v, %v", in, l, again, err)
		}
		r := NewReader(bytes.NewReader(in))
		for range 1000 {
			if _, err := r.Next(); err == io.EOF {
				return
			}
		}
		if bytes.Count(in, []byte("\n")) < 900 {
			t.Error("the reader does not end")
		}
	})
}
