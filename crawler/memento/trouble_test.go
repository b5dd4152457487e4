package memento

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// A host that an aggregator only lists ends nothing but its own memento; the
// aggregator's own host ends the asking.
func TestTroubleOfOthers(t *testing.T) {
	aggregator := Archive{Name: "aggregator", TimeMap: "https://aggregator.test/timemap/link/{url}"}
	f := &Finder{cfg: Config{Archives: []Archive{aggregator, {Name: "saver", Save: "https://saver.test/save"}}}, trouble: map[string]int{}, resting: map[string]string{}}
	dead := func(url string) *archive.Exchange {
		return &archive.Exchange{URL: url, Failure: &archive.Failure{Phase: "dns", Class: archive.ClassNoHost, Message: "no such host"}}
	}
	var out Found
	if !f.fails(&f.cfg.Archives[0], dead("https://listed.test/20220508/x"), &out) || !out.Unsure || f.Exhausted() || len(f.Resting()) > 0 {
		t.Errorf("a listed host: %+v, resting %v, exhausted %t", out, f.Resting(), f.Exhausted())
	}
	out = Found{}
	if !f.fails(&f.cfg.Archives[0], dead("https://aggregator.test/timemap/link/x"), &out) || !out.Unsure || f.Resting()["aggregator"] == "" {
		t.Errorf("its own host: %+v, resting %v", out, f.Resting())
	}
	if !f.Exhausted() {
		t.Error("one is left that cannot be asked what it has, and that is not seen")
	}
}

// answers is a Fetcher that knows what each address answers.
type answers map[string]*archive.Exchange

func (a answers) Fetch(_ context.Context, _, url string, _ http.Header, _ []byte) ([]*archive.Exchange, error) {
	x := *a[url]
	x.URL = url
	return []*archive.Exchange{&x}, nil
}

func (answers) Wait(context.Context, time.Duration) error { return nil }

// What is taken has to be of the source by its own word, and a TimeGate leads to
// an archive, not to the web of today.
func TestLookDistrusts(t *testing.T) {
	const source, gate, opaque = "https://council.test/plan", "https://gate.test/timegate/https://council.test/plan", "https://perma.test/AB12-CD34"
	memento := http.Header{"Memento-Datetime": {"Sun, 08 May 2022 12:00:00 GMT"}}
	to := func(url string) *archive.Exchange {
		return &archive.Exchange{Status: 302, Header: http.Header{"Location": {url}}}
	}
	for want, web := range map[string]answers{
		"2022-05-08 does not say what it is of":   {gate: to(opaque), opaque: {Status: 200, Header: memento}},
		"2022-05-08 redirects out of the archive": {gate: to(source), source: {Status: 200, Header: memento}},
		"2022-05-08 is of another address: https://council.test/other": {gate: to(opaque), opaque: {Status: 200, Header: http.Header{
			"Memento-Datetime": memento["Memento-Datetime"], "Link": {`<https://council.test/other>; rel="original"`}}}},
	} {
		f, err := New(Config{Archives: []Archive{{Name: "gate.test", TimeGate: "https://gate.test/timegate/{url}"}}, Fetcher: web,
			Judge: func(*archive.Visit) archive.Judgement { return archive.Judgement{Verdict: archive.Alive} }})
		if err != nil {
			t.Fatal(err)
		}
		c := &candidate{archive: &f.cfg.Archives[0], at: time.Date(2022, 5, 8, 12, 0, 0, 0, time.UTC), url: gate, gate: true}
		got, why, err := f.look(t.Context(), c, Source{Key: source, URL: source, Day: c.at}, &Found{})
		if err != nil || got != nil || why != want {
			t.Errorf("%+v, %q, %v, want %q", got, why, err, want)
		}
	}
}
