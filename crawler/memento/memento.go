// Package memento asks public web archives for what a source was on the day when
// it was cited (RFC 7089), and asks them to keep what still is.
//
// What it guarantees. Of the mementos that the archives name, the one nearest to
// the day is taken that is a memento by its Memento-Datetime, of the address that
// was asked for, complete, no error page by its status and none by the Judge; how
// many nearer ones were passed over, and why, is said. Every exchange is returned
// as received, those that led to nothing too. What archives answer is bounded and
// parsed as hostile. An archive that asks for rest, refuses or does not answer is
// asked no more by the same Finder.
//
// What it does not. That the archive tells the truth: a memento is what somebody
// else says that a server sent. It keeps nothing and paces nothing; both are the
// caller's, through Fetcher.
package memento

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// Fetcher makes exchanges. A *crawler.Fetcher is one.
type Fetcher interface {
	// Fetch makes one exchange and returns every attempt at it, the last one
	// being the answer. It follows no redirect.
	Fetch(ctx context.Context, method, url string, header http.Header, body []byte) ([]*archive.Exchange, error)
	// Wait waits, and returns an error when the work is to end.
	Wait(ctx context.Context, d time.Duration) error
}

// Archive is a web archive and how it is asked. At least one of CDX, TimeMap and
// TimeGate is set; {url} in them stands for the address that is looked for.
type Archive struct {
	// Name is how results name it: its host, by custom.
	Name string `yaml:"name"`
	// CDX is a CDX server that understands closest, as the Wayback Machine's
	// does. Without {url} the address is sent as the parameter url.
	CDX string `yaml:"cdx"`
	// TimeMap lists all mementos (RFC 7089 §5), in application/link-format.
	TimeMap string `yaml:"timemap"`
	// TimeGate leads to the memento nearest to a time (RFC 7089 §4). It is asked
	// where there is no TimeMap.
	TimeGate string `yaml:"timegate"`
	// Replay gives a memento without what the archive would add to it, with
	// {timestamp} in 14 digits and {url} in it. CDX needs it; without it mementos
	// of a TimeMap are fetched as they are named.
	Replay string `yaml:"replay"`
	// Save is where a capture is asked for, as of the Wayback Machine's Save Page
	// Now 2; its jobs are under /status/ below it.
	Save string `yaml:"save"`
}

// Wayback is the Wayback Machine of the Internet Archive.
func Wayback() Archive {
	return Archive{
		Name:   "web.archive.org",
		CDX:    "https://web.archive.org/cdx/search/cdx",
		Replay: "https://web.archive.org/web/{timestamp}id_/{url}",
		Save:   "https://web.archive.org/save",
	}
}

// Validate says what is wrong with a description.
func (a Archive) Validate() error {
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("web archive %q: %w", a.Name, fmt.Errorf(format, args...))
	}
	if a.Name == "" || strings.ContainsAny(a.Name, " \t\r\n") {
		return wrong("it needs a name without spaces")
	}
	if a.CDX == "" && a.TimeMap == "" && a.TimeGate == "" && a.Save == "" {
		return wrong("nothing of it can be asked: give cdx, timemap, timegate or save")
	}
	if a.CDX != "" && a.Replay == "" {
		return wrong("cdx needs replay, where what it lists is fetched")
	}
	for _, t := range []struct {
		field, value string
		parts        []string
	}{
		{"cdx", a.CDX, nil}, {"timemap", a.TimeMap, []string{"{url}"}}, {"timegate", a.TimeGate, []string{"{url}"}},
		{"replay", a.Replay, []string{"{timestamp}", "{url}"}}, {"save", a.Save, nil},
	} {
		if t.value == "" {
			continue
		}
		u, err := url.Parse(strings.NewReplacer("{url}", "x", "{timestamp}", "1").Replace(t.value))
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
			return wrong("%s %q is no http or https address without credentials", t.field, t.value)
		}
		for _, part := range t.parts {
			if !strings.Contains(t.value, part) {
				return wrong("%s %q has no %s in it", t.field, t.value, part)
			}
		}
	}
	return nil
}

// asks reports that the archive can be asked for mementos.
// at reports that what is asked of the archive is asked of this host.
func (a *Archive) at(host string) bool {
	for _, s := range []string{a.CDX, a.TimeMap, a.TimeGate, a.Replay} {
		if s != "" && hostOf(s) == host {
			return true
		}
	}
	return false
}

// Asks reports that it can be asked what it has.
func (a *Archive) Asks() bool { return a.CDX != "" || a.TimeMap != "" || a.TimeGate != "" }

// Source is what is looked for.
type Source struct {
	Key, URL string    // see seeds.Seed
	Day      time.Time // of citation
}

// Found is what came of looking for a source. The Exchanges are to be closed.
type Found struct {
	Memento *archive.Memento // nil when none was found
	archive.Judgement
	archive.Outcome
	Exchanges []*archive.Exchange // all that were made, in their order

	// Unsure says that an archive could not be asked, so that it is worth asking
	// again soon. Why says what is wrong, for people.
	Unsure bool
	Why    string
}

// Close releases the exchanges.
func (f *Found) Close() {
	for _, x := range f.Exchanges {
		x.Close()
	}
}

// Config describes a Finder. Archives, Fetcher and Judge are required.
type Config struct {
	Archives []Archive
	Fetcher  Fetcher
	Judge    archive.Judge // of a memento as if it were a visit to its original
	Tries    int           // mementos that are looked at for one source; default 5
	Hops     int           // redirects of one; default 5
	Pages    int           // of a TimeMap; default 8
	// Exclude are hosts that are not asked though an archive names them. The
	// default is those of archive.today, which answers programs with a captcha.
	Exclude []string
	Now     func() time.Time
}

// Finder finds mementos, one source at a time.
type Finder struct {
	cfg     Config
	resting map[string]string   // archives that are not asked any more, and why
	trouble map[string]int      // archives -> answers of no use, one after the other
	asked   map[string]struct{} // "<host> <address>"
	about   map[string]int      // hosts -> addresses that they were asked about
	subject string              // what is being looked for
}

// New checks cfg and returns a Finder for one run.
func New(cfg Config) (*Finder, error) {
	if len(cfg.Archives) == 0 || cfg.Fetcher == nil || cfg.Judge == nil {
		return nil, errors.New("memento: archives, a fetcher and a judge are required")
	}
	for _, a := range cfg.Archives {
		if err := a.Validate(); err != nil {
			return nil, err
		}
	}
	setDefault(&cfg.Tries, 5)
	setDefault(&cfg.Hops, 5)
	setDefault(&cfg.Pages, 8)
	if cfg.Exclude == nil {
		cfg.Exclude = []string{"archive.today", "archive.is", "archive.ph", "archive.md", "archive.li", "archive.fo", "archive.vn"}
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Finder{cfg: cfg, resting: map[string]string{}, trouble: map[string]int{}, asked: map[string]struct{}{}, about: map[string]int{}}, nil
}

func setDefault(p *int, v int) {
	if *p == 0 {
		*p = v
	}
}

// Asked counts for each host that was asked the addresses that it was asked about.
func (f *Finder) Asked() map[string]int { return f.about }

// Exhausted reports that no archive can be asked any more.
func (f *Finder) Exhausted() bool {
	for i := range f.cfg.Archives {
		if a := &f.cfg.Archives[i]; a.Asks() && f.resting[a.Name] == "" {
			return false
		}
	}
	return true
}

// Resting says which archives are not asked any more, and why.
func (f *Finder) Resting() map[string]string { return f.resting }

// fetch makes one exchange and notes who learned what.
func (f *Finder) fetch(ctx context.Context, out *Found, url string, header http.Header) (*archive.Exchange, error) {
	note(f.asked, f.about, hostOf(url), f.subject)
	xs, err := f.cfg.Fetcher.Fetch(ctx, http.MethodGet, url, header, nil)
	out.Exchanges = append(out.Exchanges, xs...)
	if err != nil {
		return nil, err
	}
	return xs[len(xs)-1], nil
}

func note(asked map[string]struct{}, about map[string]int, host, subject string) {
	if _, known := asked[host+" "+subject]; !known {
		asked[host+" "+subject] = struct{}{}
		about[host]++
	}
}

func hostOf(raw string) string {
	if u, err := url.Parse(raw); err == nil {
		return strings.ToLower(u.Host)
	}
	return ""
}

// excluded reports a host that is not asked.
func (f *Finder) excluded(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return true
	}
	host := strings.ToLower(u.Hostname())
	for _, e := range f.cfg.Exclude {
		if host == e || strings.HasSuffix(host, "."+e) {
			return true
		}
	}
	return false
}
