package crawltest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Holding is one capture that the web archives of a Web have: wayback.test, which
// answers as the Wayback Machine does (CDX server, id_ replay, Save Page Now 2), and
// mementos.test, an archive of the Memento protocol (RFC 7089) alone, whose TimeMaps
// have pages of two.
type Holding struct {
	URL      string // the original
	At       string // 14 digits
	Status   int    // of the answer that was archived; 0 means 200
	Location string // of a redirect that was archived
	Body     string
	Trouble  Trouble
	Only     string // the one archive that has it; "" for both
}

// Trouble is how an archive goes wrong about a Holding, or about all of its URL.
type Trouble string

// Troubles.
const (
	ArchiveBusy     Trouble = "busy"      // its list: 429, and Retry-After an hour
	ArchiveSoonBusy Trouble = "soon-busy" // 429 once, and Retry-After a second
	ArchiveBlocks   Trouble = "blocks"    // 403, with the Wayback Machine's text
	ArchiveBabbles  Trouble = "babbles"   // 200 with HTML for a list
	ArchiveFails    Trouble = "fails"     // 503
	ArchiveLies     Trouble = "lies"      // lists captures of another address
	NoDatetime      Trouble = "no-datetime"
	BadDatetime     Trouble = "bad-datetime"
	OtherTime       Trouble = "other-time"     // replay redirects to the nearest other capture
	OtherOriginal   Trouble = "other-original" // its Link says that it is of another address
	LeadsOut        Trouble = "leads-out"      // replay redirects to the live web
	LeadsRound      Trouble = "leads-round"    // replay redirects to itself
	SaveFails       Trouble = "save-fails"     // the job ends with an error, and 200
	SaveRecent      Trouble = "save-recent"    // no job: it has one that is young
	SaveLimit       Trouble = "save-limit"     // the account has too many jobs
	SaveSlow        Trouble = "save-slow"      // the job never ends
)

// SaveKey and SaveSecret are those of the only account of wayback.test.
const (
	SaveKey    = "testkey"
	SaveSecret = "testsecret"
)

// archives is what the two hosts share.
type archives struct {
	holdings []Holding
	once     sync.Map // URLs that were answered once

	mu   sync.Mutex
	jobs []saveJob
}

type saveJob struct {
	url   string
	asked int
}

func archiveSites(holdings []Holding) []*site {
	a := &archives{holdings: holdings}
	serve := func(name string, f func(h *head) page) *site {
		return &site{name: name, fallback: always(does(func(c *conn, h *head) bool { return f(h).answer(c, h) }))}
	}
	return []*site{serve("wayback.test", a.wayback), serve("mementos.test", a.mementos)}
}

// of returns what an archive has of an address, by time. Scheme and www. are folded.
func (a *archives) of(archive, address string) (list []Holding, trouble Trouble) {
	for _, h := range a.holdings {
		if folded(h.URL) != folded(address) || h.Only != "" && h.Only != archive {
			continue
		}
		if h.At == "" {
			trouble = h.Trouble
			continue
		}
		list = append(list, h)
	}
	slices.SortStableFunc(list, func(a, b Holding) int { return strings.Compare(a.At, b.At) })
	return list, trouble
}

func folded(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	return strings.TrimSuffix(strings.TrimPrefix(rest, "www."), "/")
}

func (a *archives) wayback(h *head) page {
	path, query, _ := strings.Cut(h.target, "?")
	switch {
	case path == "/cdx/search/cdx":
		return a.cdx(query)
	case path == "/save" && h.method == http.MethodPost:
		return a.save(h)
	case strings.HasPrefix(path, "/save/status/"):
		return a.job(h, strings.TrimPrefix(path, "/save/status/"))
	case strings.HasPrefix(path, "/web/"):
		return a.replay("wayback.test", "/web/", strings.TrimPrefix(h.target, "/web/"))
	}
	return notFound("wayback.test")
}

func (a *archives) mementos(h *head) page {
	if rest, ok := strings.CutPrefix(h.target, "/timemap/link/"); ok {
		return a.timeMap(rest)
	}
	if address, ok := strings.CutPrefix(h.target, "/timegate/"); ok {
		return a.timeGate(h, address)
	}
	if rest, ok := strings.CutPrefix(h.target, "/replay/"); ok {
		return a.replay("mementos.test", "/replay/", rest)
	}
	return notFound("mementos.test")
}

func plainPage(status int, fields, body string) page {
	return page{status: status, ctype: "text/plain; charset=utf-8", fields: fields, body: body}
}

func jsonPage(v any) page {
	b, err := json.Marshal(v)
	if err != nil {
		return plainPage(500, "", err.Error())
	}
	return page{ctype: "application/json", body: string(b) + "\n"}
}

// troubled is what an archive answers to a question about an address that it has
// trouble with.
func (a *archives) troubled(t Trouble, address string) (page, bool) {
	switch t {
	case ArchiveBusy:
		return plainPage(429, "Retry-After: 3600\r\n", "Too Many Requests\n"), true
	case ArchiveSoonBusy:
		if _, before := a.once.LoadOrStore(address, true); !before {
			return plainPage(429, "Retry-After: 1\r\n", "Too Many Requests\n"), true
		}
	case ArchiveBlocks:
		return plainPage(403, "", "org.archive.util.io.RuntimeIOException: org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error\n"), true
	case ArchiveBabbles:
		return htmlPage(simple("Internet archive", "We are sorry, the list is being moved.")), true
	case ArchiveFails:
		return plainPage(503, "", "Service Unavailable\n"), true
	}
	return page{}, false
}

func (a *archives) cdx(query string) page {
	q, err := url.ParseQuery(query)
	if err != nil || q.Get("url") == "" {
		return plainPage(400, "", "url is required\n")
	}
	list, trouble := a.of("wayback.test", q.Get("url"))
	if p, ok := a.troubled(trouble, q.Get("url")); ok {
		return p
	}
	if q.Get("filter") == "!statuscode:[45].." {
		list = slices.DeleteFunc(list, func(h Holding) bool { return h.Status >= 400 && h.Trouble == "" })
	}
	if q.Get("sort") == "closest" {
		want, err := time.Parse(stamp, q.Get("closest"))
		if err != nil {
			return plainPage(400, "", "closest is no time\n")
		}
		slices.SortStableFunc(list, func(a, b Holding) int {
			return int(a.time().Sub(want).Abs()/time.Second - b.time().Sub(want).Abs()/time.Second)
		})
	}
	if n, err := strconv.Atoi(q.Get("limit")); err == nil {
		list = list[:min(n, len(list))]
	}
	if q.Get("output") != "json" {
		return plainPage(400, "", "only output=json here\n")
	}
	rows := [][]string{}
	fields := strings.Split(q.Get("fl"), ",")
	if len(list) > 0 {
		rows = append(rows, fields)
	}
	for _, h := range list {
		if trouble == ArchiveLies {
			h.URL = "https://elsewhere.test/other"
		}
		status := "200"
		if h.Status != 0 {
			status = strconv.Itoa(h.Status)
		}
		if h.Trouble != "" {
			status = "-" // a revisit: the list does not know
		}
		all := map[string]string{"timestamp": h.At, "original": h.URL, "statuscode": status, "mimetype": "text/html", "digest": "SHA1"}
		row := make([]string, len(fields))
		for i, f := range fields {
			row[i] = all[f]
		}
		rows = append(rows, row)
	}
	return jsonPage(rows)
}

const stamp = "20060102150405"

func (h *Holding) time() time.Time {
	t, _ := time.Parse(stamp, h.At)
	return t
}

func nearest(list []Holding, at time.Time) *Holding {
	var best *Holding
	for i := range list {
		if best == nil || list[i].time().Sub(at).Abs() < best.time().Sub(at).Abs() {
			best = &list[i]
		}
	}
	return best
}

// replay serves <time>id_/<address>, as it was archived.
func (a *archives) replay(archive, base, rest string) page {
	at, address, ok := strings.Cut(rest, "/")
	raw := strings.HasSuffix(at, "id_")
	at = strings.TrimSuffix(at, "id_")
	want, err := time.Parse(stamp, at)
	list, _ := a.of(archive, address)
	if !ok || err != nil || len(list) == 0 {
		return notFound(archive)
	}
	modifier := ""
	if raw {
		modifier = "id_"
	}
	place := func(h *Holding, original string) string {
		return "http://" + archive + base + h.At + modifier + "/" + original
	}
	h := nearest(list, want)
	if h.At != at || h.Trouble == OtherTime {
		if h.Trouble == OtherTime {
			others := slices.DeleteFunc(slices.Clone(list), func(o Holding) bool { return o.At == h.At })
			if h = nearest(others, want); h == nil {
				return notFound(archive)
			}
		}
		return redirect(302, place(h, h.URL))
	}
	original, when := h.URL, h.time().Format(http.TimeFormat)
	switch h.Trouble {
	case BadDatetime:
		when = "some day in May"
	case OtherOriginal:
		original = "https://elsewhere.test/other"
	case LeadsOut:
		return redirect(302, h.URL)
	case LeadsRound:
		return redirect(302, place(h, h.URL))
	}
	p := page{status: h.Status, ctype: typeHTML, body: h.Body}
	if h.Trouble != NoDatetime {
		p.fields = fmt.Sprintf("Memento-Datetime: %s\r\nLink: <%s>; rel=\"original\", <http://mementos.test/timegate/%s>; rel=\"timegate\"\r\n", when, original, original)
	}
	if h.Location != "" {
		to := h.Location
		if targets, _ := a.of(archive, to); len(targets) > 0 {
			to = place(h, to)
		}
		p.fields += "Location: " + to + "\r\n"
	}
	return p
}

// pageSize is how many mementos a page of a TimeMap has.
const pageSize = 2

func (a *archives) timeMap(rest string) page {
	number, address := 0, rest
	if n, after, ok := strings.Cut(rest, "/"); ok && !strings.Contains(n, ":") {
		if i, err := strconv.Atoi(n); err == nil {
			number, address = i, after
		}
	}
	list, trouble := a.of("mementos.test", address)
	if p, ok := a.troubled(trouble, address); ok {
		return p
	}
	if len(list) == 0 {
		return plainPage(404, "", "no mementos\n")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<%s>; rel=\"original\",\n<http://mementos.test/timegate/%s>; rel=\"timegate\"", address, address)
	show := func(some []Holding) {
		for _, h := range some {
			fmt.Fprintf(&b, ",\n<http://mementos.test/replay/%s/%s>; rel=\"memento\"; datetime=\"%s\"", h.At, h.URL, h.time().Format(http.TimeFormat))
		}
	}
	switch {
	case len(list) <= pageSize:
		show(list)
	case number > 0 && (number-1)*pageSize < len(list):
		show(list[(number-1)*pageSize : min(number*pageSize, len(list))])
	default:
		for i := 0; i*pageSize < len(list); i++ {
			some := list[i*pageSize : min((i+1)*pageSize, len(list))]
			fmt.Fprintf(&b, ",\n</timemap/link/%d/%s>; rel=\"timemap\"; type=\"application/link-format\"; from=\"%s\"; until=\"%s\"", i+1, address,
				some[0].time().Format(http.TimeFormat), some[len(some)-1].time().Format(http.TimeFormat))
		}
	}
	return page{ctype: "application/link-format", body: b.String() + "\n"}
}

func (a *archives) timeGate(h *head, address string) page {
	want := time.Now()
	if asked := string(h.field("accept-datetime")); asked != "" {
		at, err := http.ParseTime(asked)
		if err != nil {
			return plainPage(400, "", "Accept-Datetime is malformed\n")
		}
		want = at
	}
	list, trouble := a.of("mementos.test", address)
	if p, ok := a.troubled(trouble, address); ok {
		return p
	}
	best := nearest(list, want)
	if best == nil {
		return plainPage(404, "Vary: accept-datetime\r\n", "no mementos\n")
	}
	p := redirect(302, "http://mementos.test/replay/"+best.At+"/"+best.URL)
	p.fields += "Vary: accept-datetime\r\nLink: <" + address + ">; rel=\"original\"\r\n"
	return p
}

func (a *archives) authorized(h *head) bool {
	return string(h.field("authorization")) == "LOW "+SaveKey+":"+SaveSecret
}

func (a *archives) save(h *head) page {
	if !a.authorized(h) {
		p := jsonPage(map[string]string{"message": "You need to be logged in to use Save Page Now."})
		p.status = 401
		return p
	}
	form, err := url.ParseQuery(string(h.body))
	address := form.Get("url")
	if err != nil || address == "" {
		return jsonPage(map[string]string{"status": "error", "status_ext": "error:invalid-url-syntax", "message": "Target URL syntax is not valid."})
	}
	_, trouble := a.of("wayback.test", address)
	switch trouble {
	case SaveLimit:
		return jsonPage(map[string]string{"status": "error", "status_ext": "error:user-session-limit", "message": "You have already reached the limit of active sessions."})
	case SaveRecent:
		return jsonPage(map[string]any{"url": address, "job_id": nil, "message": "The same snapshot had been made 2 hours ago. You can make new capture of this URL after 1 hour."})
	case ArchiveBusy, ArchiveFails, ArchiveBabbles:
		p, _ := a.troubled(trouble, address)
		return p
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.jobs = append(a.jobs, saveJob{url: address})
	return jsonPage(map[string]string{"url": address, "job_id": fmt.Sprintf("spn2-%040d", len(a.jobs))})
}

func (a *archives) job(h *head, id string) page {
	if !a.authorized(h) {
		return plainPage(401, "", "")
	}
	n, err := strconv.Atoi(strings.TrimPrefix(id, "spn2-"))
	a.mu.Lock()
	defer a.mu.Unlock()
	if err != nil || n < 1 || n > len(a.jobs) {
		return jsonPage(map[string]string{"status": "error", "status_ext": "error:job-not-found", "message": "no such job", "job_id": id})
	}
	j := &a.jobs[n-1]
	j.asked++
	_, trouble := a.of("wayback.test", j.url)
	switch {
	case j.asked == 1 || trouble == SaveSlow:
		return jsonPage(map[string]any{"status": "pending", "job_id": id, "resources": []string{}})
	case trouble == SaveFails:
		return jsonPage(map[string]string{"status": "error", "status_ext": "error:invalid-host-resolution", "exception": "[Errno -2] Name or service not known",
			"message": "Couldn't resolve host for " + j.url + ".", "job_id": id})
	}
	return jsonPage(map[string]any{"status": "success", "job_id": id, "original_url": j.url, "timestamp": time.Now().UTC().Format(stamp),
		"duration_sec": 6.2, "resources": []string{j.url}})
}
