package memento

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseCDX(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want []string // "<time> <status> <original>"
		err  string
	}{
		"nothing":        {"", nil, ""},
		"none":           {"[]\n", nil, ""},
		"two":            {`[["timestamp","original","statuscode"],["20220508093000","https://a.test/","200"],["2018","http://a.test:80/","-"]]`, []string{"20220508093000 200 https://a.test/", "20180101000000 0 http://a.test:80/"}, ""},
		"other order":    {`[["original","x","timestamp"],["https://a.test/","","20220508093000"]]`, []string{"20220508093000 0 https://a.test/"}, ""},
		"rows of no use": {`[["timestamp","original","statuscode"],["2022050809300","https://a.test/","200"],["20221399000000","https://a.test/","200"],["20220508093000","ftp://a.test/","200"],["20220508093000","https://a.test/ x","200"],["20220508093000","https://a.test/","2x0"],["20220508093000"],[]]`, nil, ""},
		"no names":       {`[["20220508093000","https://a.test/","200"]]`, nil, "does not name its fields"},
		"HTML":           {"<!doctype html><title>Sorry</title>", nil, "read CDX list"},
		"an object":      {`{"error":"no"}`, nil, "no JSON array"},
		"numbers":        {`[["timestamp","original"],[1,2]]`, nil, "row 1"},
		"cut":            {`[["timestamp","original"],["20220508093000","https://a.test/"]`, nil, "read CDX list"},
	} {
		rows, err := parseCDX(strings.NewReader(c.in))
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: error %v, want %q", name, err, c.err)
			}
			continue
		}
		var got []string
		for _, r := range rows {
			got = append(got, fmt.Sprint(r.at.Format(stampLayout), " ", r.status, " ", r.original))
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestParseLinks(t *testing.T) {
	const timeMap = `<http://a.example.org>;rel="original",
 <http://arxiv.example.net/timemap/http://a.example.org>
   ; rel="self";type="application/link-format"
   ; from="Tue, 20 Jun 2000 18:02:59 GMT"
   ; until="Wed, 09 Apr 2008 20:30:51 GMT",
 <http://arxiv.example.net/web/20000620180259/http://a.example.org?x=1,2;3>
   ; rel="first memento";datetime="Tue, 20 Jun 2000 18:02:59 GMT"; title="a \"quoted\", one",
 <http://arxiv.example.net/web/20091027204954/http://a.example.org>;rel=memento;datetime="Tue, 27 Oct 2009 20:49:54 GMT",
`
	got, err := parseLinks(timeMap)
	if err != nil {
		t.Fatal(err)
	}
	want := []link{
		{target: "http://a.example.org", rel: []string{"original"}},
		{target: "http://arxiv.example.net/timemap/http://a.example.org", rel: []string{"self"}, from: "Tue, 20 Jun 2000 18:02:59 GMT", until: "Wed, 09 Apr 2008 20:30:51 GMT"},
		{target: "http://arxiv.example.net/web/20000620180259/http://a.example.org?x=1,2;3", rel: []string{"first", "memento"}, datetime: "Tue, 20 Jun 2000 18:02:59 GMT"},
		{target: "http://arxiv.example.net/web/20091027204954/http://a.example.org", rel: []string{"memento"}, datetime: "Tue, 27 Oct 2009 20:49:54 GMT"},
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(link{})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for _, bad := range []string{"http://a.test/", "<http://a.test/", `<a>; rel="memento`, "<!doctype html>\n<p>Sorry</p>"} {
		if got, err := parseLinks(bad); err == nil {
			t.Errorf("%q is read as %v", bad, got)
		}
	}
}

func TestForms(t *testing.T) {
	for url, want := range map[string][]string{
		"https://example.org/a?b":                                 {"https://example.org/a?b"},
		"https://twitter.com/who/status/1524393464124825604?s=20": {"https://twitter.com/who/status/1524393464124825604", "https://x.com/who/status/1524393464124825604"},
		"https://x.com/who/status/1524393464124825604":            {"https://twitter.com/who/status/1524393464124825604", "https://x.com/who/status/1524393464124825604"},
		"https://x.com/i/status/1524393464124825604":              {"https://twitter.com/i/web/status/1524393464124825604", "https://x.com/i/status/1524393464124825604"},
	} {
		key := url
		if strings.Contains(url, "/status/") {
			key = "https://x.com/i/status/1524393464124825604"
		}
		if d := cmp.Diff(want, forms(Source{Key: key, URL: url})); d != "" {
			t.Errorf("%s (-want +got):\n%s", url, d)
		}
	}
}

func TestAddresses(t *testing.T) {
	wayback := Wayback()
	const human = "https://web.archive.org/web/20220508093000/https://a.test/b?c=%zz"
	raw := "https://web.archive.org/web/20220508093000id_/https://a.test/b?c=%zz"
	if got := wayback.raw(human); got != raw {
		t.Errorf("raw is %s", got)
	}
	if got := shown(raw); got != human {
		t.Errorf("shown is %s", got)
	}
	if _, original, ok := parts("https://web.archive.org/web/20220508093000/http:/a.test/"); !ok || original != "http://a.test/" {
		t.Errorf("folded slashes: %s", original)
	}
	for ref, want := range map[string]string{
		"/web/20220508093000id_/https://a.test/#x": "https://arch.test/web/20220508093000id_/https://a.test/",
		"https://b.test/c?%zz#d":                   "https://b.test/c?%zz",
		"javascript:alert(1)":                      "",
		"https://user:pw@b.test/":                  "",
		"//c.test/":                                "https://c.test/",
	} {
		got, ok := resolve("https://arch.test/x/y", ref)
		if got != want && (ok || want != "") {
			t.Errorf("%s leads to %q, %t, want %q", ref, got, ok, want)
		}
	}
	for original, want := range map[string]bool{
		"http://www.a.test:80/b": true, "https://a.test/b/": true, "https://a.test/c": false, "nonsense": false,
	} {
		if got := sameSource(original, "https://a.test/b"); got != want {
			t.Errorf("%s is the source: %t", original, got)
		}
	}
}

func TestValidate(t *testing.T) {
	for want, a := range map[string]Archive{
		"":                         Wayback(),
		"needs a name":             {CDX: "https://a.test/"},
		"nothing of it":            {Name: "a"},
		"cdx needs replay":         {Name: "a", CDX: "https://a.test/"},
		"has no {url}":             {Name: "a", TimeMap: "https://a.test/"},
		"has no {timestamp}":       {Name: "a", TimeMap: "https://a.test/{url}", Replay: "https://a.test/{url}"},
		"no http or https address": {Name: "a", TimeGate: "ftp://a.test/{url}"},
		"without credentials":      {Name: "a", TimeGate: "https://x:y@a.test/{url}"},
	} {
		if err := a.Validate(); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", a, err, want)
		}
	}
}

func TestSaveAnswers(t *testing.T) {
	wayback := Wayback()
	for name, c := range map[string]struct {
		in, status, url string
		done            bool
	}{
		"a job":             {`{"url":"https://a.test/","job_id":"spn2-1"}`, "pending", "", false},
		"pending":           {`{"status":"pending","job_id":"spn2-1","resources":[]}`, "pending", "", false},
		"success":           {`{"status":"success","job_id":"spn2-1","timestamp":"20221128132600","original_url":"https://a.test/"}`, "success", "https://web.archive.org/web/20221128132600/https://a.test/", true},
		"without a time":    {`{"status":"success","timestamp":"yesterday"}`, "success", "", true},
		"a hostile address": {`{"status":"success","timestamp":"20221128132600","original_url":"javascript:x"}`, "success", "https://web.archive.org/web/20221128132600/https://a.test/", true},
		"error":             {`{"status":"error","status_ext":"error:blocked-url","message":"no"}`, "error", "", true},
		"young enough":      {`{"url":"https://a.test/","job_id":null,"message":"The same snapshot had been made 2 hours ago."}`, "success", "", true},
		"nothing":           {`{}`, "error", "", true},
	} {
		a, err := parseSave(strings.NewReader(c.in))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var out Submitted
		if done := a.settle("https://a.test/", &wayback, &out); done != c.done || out.Status != c.status || out.URL != c.url {
			t.Errorf("%s: %t %+v", name, done, out.Submission)
		}
	}
	if _, err := parseSave(strings.NewReader("<html>")); err == nil {
		t.Error("HTML is read")
	}
}

func FuzzParseCDX(f *testing.F) {
	f.Add(`[["timestamp","original","statuscode"],["20220508093000","https://a.test/","200"]]`)
	f.Add(`[]`)
	f.Add(`[["timestamp","original"],["2022`)
	f.Fuzz(func(t *testing.T, in string) {
		rows, err := parseCDX(strings.NewReader(in))
		if err != nil {
			return
		}
		for _, r := range rows {
			if !fetchable(r.original) || r.at.IsZero() && r.stamp[:4] != "0001" {
				t.Errorf("row %+v", r)
			}
			wayback := Wayback()
			if u := wayback.replay(r.stamp, r.original); strings.ContainsAny(u, " \r\n") {
				t.Errorf("address %q", u)
			}
		}
	})
}

func FuzzParseLinks(f *testing.F) {
	f.Add(`<http://a.test>;rel="original", <http://b.test/1>; rel="first memento"; datetime="Tue, 20 Jun 2000 18:02:59 GMT"`)
	f.Add(`<a>;x="\"",<b>;;=,`)
	f.Fuzz(func(t *testing.T, in string) {
		links, _ := parseLinks(in)
		if len(links) > len(in) {
			t.Errorf("%d links in %d bytes", len(links), len(in))
		}
		for i := range links {
			to, ok := resolve("https://arch.test/timemap", links[i].target)
			if ok && (!strings.HasPrefix(to, "http") || strings.ContainsAny(to, " \r\n")) {
				t.Errorf("%q leads to %q", links[i].target, to)
			}
			links[i].away(time.Now())
		}
	})
}

func FuzzParseSave(f *testing.F) {
	f.Add(`{"status":"success","job_id":"spn2-1","timestamp":"20221128132600","original_url":"https://a.test/"}`)
	f.Add(`{"job_id":"../../x","status":"pending"}`)
	f.Fuzz(func(t *testing.T, in string) {
		a, err := parseSave(strings.NewReader(in))
		if err != nil {
			return
		}
		var out Submitted
		wayback := Wayback()
		a.settle("https://a.test/", &wayback, &out)
		if len(out.Message) > maxWords || len(out.Job) > maxWords || strings.ContainsAny(out.URL, " \r\n") || out.Status == "" {
			t.Errorf("%+v", out.Submission)
		}
	})
}
