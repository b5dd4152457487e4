package crawltest

import (
	"net/http"
	"strconv"
	"time"
)

// statusCases are answers whose status code is the case.
func statusCases() []trouble {
	text := simple("Status", "The status code of this answer says more than its body.")
	blocked := []string{"blocked"}
	walled := []string{"blocked", "restricted"}
	status := func(code int, want []string, fields, note string) trouble {
		return trouble{Case: Case{Name: "status-" + strconv.Itoa(code), Want: want, Note: note},
			page: page{status: code, ctype: typeHTML, fields: fields, body: text}}
	}
	heals := func(name, note string, times int, failing page) trouble {
		return trouble{Case: Case{Name: name, Want: alive(), Stable: true, Note: note}, page: page{body: text},
			do: counted(func(n int) answer {
				if n < times {
					return failing.answer
				}
				return htmlPage(text).answer
			}).answer}
	}
	partial := status(http.StatusPartialContent, []string{"alive", "unknown", "unreachable"},
		"Content-Range: bytes 0-99/5000\r\n", "part of the page, though nobody asked for a part")
	odd := func(code int, want []string, note string) trouble {
		t := status(code, want, "", note)
		t.do = says("HTTP/1.1 " + strconv.Itoa(code) + " Odd\r\nContent-Length: 4\r\n\r\nodd\n")
		return t
	}
	return []trouble{
		{Case: Case{Name: "status-201", Want: alive(), Stable: true, Note: "201 with a page"}, page: page{status: 201, ctype: typeHTML, body: text}},
		{Case: Case{Name: "status-203", Want: alive(), Stable: true, Note: "203 with a page"}, page: page{status: 203, ctype: typeHTML, body: text}},
		{Case: Case{Name: "status-204", Want: []string{"alive", "unknown", "soft-404"}, Note: "204: well, and nothing to see"}, page: page{status: 204}},
		partial,
		{Case: Case{Name: "status-300", Want: []string{"alive", "unknown", "restricted"}, Note: "300 without a Location"}, page: page{status: 300, ctype: typeHTML, body: text}},
		{Case: Case{Name: "status-304", Want: []string{"unknown", "unreachable", "invalid", "alive"}, Note: "304 though nobody made a condition"}, do: says("HTTP/1.1 304 Not Modified\r\n\r\n")},
		status(400, []string{"unknown", "unreachable", "blocked", "gone"}, "", "the server does not understand us"),
		status(401, walled, "WWW-Authenticate: Basic realm=\"gauge\"\r\n", "asks for a password"),
		status(402, walled, "", "asks for money"),
		status(403, walled, "", "forbidden, without a reason"),
		status(404, []string{"gone"}, "", "not found"),
		status(407, []string{"blocked", "restricted", "unreachable", "unknown"}, "Proxy-Authenticate: Basic realm=\"proxy\"\r\n", "a proxy's refusal from a server that is none"),
		status(410, []string{"gone"}, "", "gone, and says so"),
		status(418, []string{"unknown", "blocked", "unreachable"}, "", "a teapot"),
		status(429, blocked, "", "too many requests, without a Retry-After"),
		status(451, walled, "Link: <https://ministry.test/notice/9>; rel=\"blocked-by\"\r\n", "withheld for legal reasons"),
		status(500, unreachable(), "", "always 500"),
		status(502, unreachable(), "", "always 502"),
		status(503, []string{"unreachable", "blocked"}, "", "always 503"),
		odd(999, blocked, "the refusal that LinkedIn made up"),
		odd(600, []string{"unknown", "unreachable", "invalid", "blocked"}, "a status code of no class"),
		heals("retry-seconds", "429 once with Retry-After: 1, then well", 1,
			page{status: 429, fields: "Retry-After: 1\r\n", body: "Slow down.\n"}),
		{Case: Case{Name: "retry-date", Want: alive(), Stable: true, Note: "429 once with a Retry-After of a date two seconds on, then well"},
			page: page{body: text}, do: counted(func(n int) answer {
				if n > 0 {
					return htmlPage(text).answer
				}
				at := time.Now().Add(2 * time.Second).UTC().Format(http.TimeFormat)
				return page{status: 429, fields: "Retry-After: " + at + "\r\n", body: "Slow down.\n"}.answer
			}).answer},
		{Case: Case{Name: "retry-never", Want: blocked, Note: "429 with a Retry-After of a year"},
			page: page{status: 429, fields: "Retry-After: 31536000\r\n", body: "Slow down.\n"}},
		{Case: Case{Name: "retry-garbage", Want: blocked, Note: "429 with a Retry-After that is neither a number nor a date"},
			page: page{status: 429, fields: "Retry-After: soon, perhaps -5\r\n", body: "Slow down.\n"}},
		heals("heals", "503 once with Retry-After: 1, then well", 1,
			page{status: 503, fields: "Retry-After: 1\r\n", body: "Back in a second.\n"}),
		{Case: Case{Name: "bot-wall", Want: blocked, Note: "403 with cf-mitigated: challenge"},
			page: page{status: 403, ctype: typeHTML, fields: "cf-mitigated: challenge\r\n", body: challenge}},
		{Case: Case{Name: "no-head", Want: alive(), Stable: true, Note: "405 on HEAD, well on GET"}, page: page{body: text},
			do: func(c *conn, h *head) bool {
				if h.method == http.MethodHead {
					return page{status: 405, fields: "Allow: GET\r\n"}.answer(c, h)
				}
				return htmlPage(text).answer(c, h)
			}},
	}
}
