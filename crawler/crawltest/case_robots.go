package crawltest

import (
	"net/http"
	"strings"
)

// robotsCases are hosts whose robots.txt is the case (RFC 9309). Their page
// is alive for a crawler that fetches what a person cited.
func robotsCases() []trouble {
	text := htmlPage(simple("Robots", "The file at /robots.txt has an opinion about this page."))
	host := func(name, note string, want []string, robots answer) trouble {
		return trouble{Case: Case{Name: name, Want: want, Stable: true, Note: note}, page: text,
			also: map[string]route{"/robots.txt": always(does(robots))}}
	}
	either := []string{"alive", "blocked"}
	plain := func(body string) answer { return page{ctype: "text/plain", body: body}.answer }
	return []trouble{
		host("robots-disallow", "everything is disallowed for everyone", either, plain("User-agent: *\nDisallow: /\n")),
		host("robots-500", "robots.txt answers 500, which means disallowed (section 2.3.1.4)", either,
			page{status: http.StatusInternalServerError, body: "Oops.\n"}.answer),
		host("robots-reset", "robots.txt is reset", either, func(c *conn, _ *head) bool { return c.reset() }),
		host("robots-endless", "robots.txt does not end", either, endless("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", "Disallow: /reservoir\n")),
		host("robots-huge", "robots.txt of 2 MiB; 500 KiB have to be read (section 2.5)", alive(),
			plain("User-agent: *\n"+strings.Repeat("Disallow: /reservoir\n", 100_000))),
		host("robots-html", "robots.txt is the home page", alive(), text.answer),
		host("robots-redirect", "robots.txt redirects to itself", either, redirect(302, "/robots.txt").answer),
	}
}
