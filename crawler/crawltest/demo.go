package crawltest

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// demoSites are the hosts of the demo report; the package comment tells what
// they do as time passes.
func demoSites() []*site {
	dated := func(p page, day string) page {
		p.modified, _ = time.Parse(time.DateOnly, day)
		return p
	}
	gazette := map[string]route{
		"/":                always(dated(htmlPage(gazetteHome), "2026-05-02").resource()),
		"/2026/dam-report": always(dated(htmlPage(damReport), "2026-03-19").resource()),
		"/2026/review":     always(dated(htmlPage(damReview), "2026-03-26").resource()),
		"/2026/dossier": phases(htmlPage(damReview).resource(),
			does(page{status: http.StatusServiceUnavailable, ctype: typeHTML, body: simple("Down for maintenance", "We are back in an hour.")}.answer),
			htmlPage(simple("A dossier", "The dossier is being revised and will be back soon, with all of its notes.")).resource()),
		// What these two are, only their headers say.
		"/2026/digest":   always(page{ctype: "text/html; charset=windows-1251", body: windows1251(russianDigest)}.resource()),
		"/2026/notebook": always(page{ctype: "text/markdown; charset=utf-8", body: notebook}.resource()),
		"/archive/17":    always(dated(htmlPage(story17), "2024-04-08").resource()),
		"/letters":       phases(dated(htmlPage(letters), "2026-02-11").resource(), does(notFound("gazette.test").answer)),
		"/robots.txt":    always(page{ctype: "text/plain; charset=utf-8", body: "User-agent: *\nDisallow: /subscribers/\n"}.resource()),
	}
	for path, p := range gazetteAssets() {
		gazette[path] = always(dated(p, "2026-01-15").resource())
	}
	pdf := page{ctype: "application/pdf", body: annualReport()}
	pdf.etag = tagOf(pdf.body)
	moved := func(status int, to string) route { return always(does(redirect(status, to).answer)) }
	return []*site{
		{name: "gazette.test", routes: gazette},
		{name: "old.gazette.test", routes: map[string]route{
			"/story/17": moved(http.StatusMovedPermanently, "https://gazette.test/archive/17"),
			"/":         moved(http.StatusMovedPermanently, "https://gazette.test/"),
		}},
		{name: "council.test", routes: map[string]route{
			"/":                always(dated(htmlPage(councilHome), "2026-04-30").resource()),
			"/minutes/2024-03": moved(http.StatusFound, "https://council.test/"),
		}},
		{name: "ministry.test", routes: map[string]route{
			"/":                 always(htmlPage(simple("Ministry of Works", "Notices, reports and tenders of the river authorities.")).resource()),
			"/files/annual.pdf": always(dated(pdf, "2025-12-01").resource()),
			"/notice/9": always(does(page{status: http.StatusGone, ctype: typeHTML,
				body: simple("Notice withdrawn", "Notice 9 was withdrawn by the Ministry and is no longer published.")}.answer)),
		}},
		{name: "walled.test", fallback: always(does(page{status: http.StatusForbidden, ctype: typeHTML,
			fields: "Cf-Mitigated: challenge\r\nCache-Control: no-store\r\n", body: challenge}.answer))},
		{name: "busy.test", routes: map[string]route{"/data": phases(
			does(page{status: http.StatusTooManyRequests, ctype: "text/plain; charset=utf-8",
				fields: "Retry-After: 3600\r\n", body: "Too many readings were asked for. Come back in an hour.\n"}.answer),
			page{ctype: "text/csv; charset=utf-8", body: gaugeReadings()}.resource())}},
		{name: "slow.test", routes: map[string]route{"/long-read": always(resource{answer: dribble(longRead), body: func() string { return longRead }})}},
		{name: "expired.test", cert: certExpired, routes: map[string]route{
			"/": always(does(htmlPage(engineersHome).answer))}},
		{name: "cut.test", routes: map[string]route{"/broadcast": always(does(cutOff(broadcast)))}},
		{name: "wire.test", routes: map[string]route{"/live": func(phase int) resource { return htmlPage(wireStory(phase)).resource() }}},
	}
}

// dribble sends a page in twenty pieces over nearly a second.
func dribble(body string) answer {
	return func(c *conn, h *head) bool {
		if !c.send("HTTP/1.1 200 OK\r\nContent-Type: " + typeHTML + "\r\nETag: " + tagOf(body) +
			"\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n") {
			return false
		}
		if h.method == http.MethodHead {
			return true
		}
		step := len(body)/20 + 1
		for at := 0; at < len(body); at += step {
			if !c.pause(45*time.Millisecond) || !c.send(body[at:min(at+step, len(body))]) {
				return false
			}
		}
		return true
	}
}

// cutOff promises the body four times over and resets after sending it once.
func cutOff(body string) answer {
	return func(c *conn, h *head) bool {
		c.send("HTTP/1.1 200 OK\r\nContent-Type: "+typeHTML+"\r\nContent-Length: "+strconv.Itoa(4*len(body))+"\r\n\r\n", body)
		return c.reset()
	}
}

// gaugeReadings is a table of a river's level, hour by hour.
func gaugeReadings() string {
	var b strings.Builder
	b.WriteString("hour,level_cm,gate_percent\n")
	level := 412
	for hour := range 96 {
		level += (hour*37+11)%17 - 8
		b.WriteString(strconv.Itoa(hour) + "," + strconv.Itoa(level) + "," + strconv.Itoa(20+(hour/6)%5*10) + "\n")
	}
	return b.String()
}
