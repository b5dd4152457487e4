package crawltest

import (
	"bytes"
	"net/http"
	"strconv"
)

// landed is a page at the end of a redirect.
func landed() page {
	return htmlPage(simple("Landed", "This is where the redirect leads. The text is the one that was cited."))
}

// redirectCases are redirects that do not arrive, or arrive by odd ways.
func redirectCases() []trouble {
	arrived := []string{"alive", "moved"}
	chain := make(map[string]route)
	for i := 1; i <= 15; i++ {
		chain["/hop/"+strconv.Itoa(i)] = always(does(redirect(302, "/hop/"+strconv.Itoa(i+1)).answer))
	}
	chain["/hop/16"] = always(landed().resource())
	short := make(map[string]route)
	for i := 1; i <= 4; i++ {
		short["/hop/"+strconv.Itoa(i)] = always(does(redirect(301, "/hop/"+strconv.Itoa(i+1)).answer))
	}
	short["/hop/5"] = always(landed().resource())
	long := redirect(302, "/landed")
	long.body += noise(64<<10, 5)
	end := map[string]route{"/landed": always(landed().resource())}
	return []trouble{
		{Case: Case{Name: "loop-self", Want: unreachable(), Note: "redirects to itself"}, page: redirect(302, "http://loop-self.test/")},
		{Case: Case{Name: "loop-two", Want: unreachable(), Note: "two pages that redirect to each other"}, page: redirect(301, "/other"),
			also: map[string]route{"/other": always(does(redirect(301, "/").answer))}},
		{Case: Case{Name: "loop-growing", Want: unreachable(), Note: "redirects to a longer query each time, for ever"},
			do: grows, on: site{fallback: always(does(grows))}},
		{Case: Case{Name: "chain-15", Want: unreachable(), Note: "fifteen hops, more than the ten that are allowed"}, page: redirect(302, "/hop/1"), also: chain},
		{Case: Case{Name: "chain-5", Want: arrived, Stable: true, Final: "http://chain-5.test/hop/5", Note: "five permanent hops and a page"},
			page: redirect(301, "/hop/1"), also: short},
		{Case: Case{Name: "cookie-gate", Want: alive(), Stable: true, Note: "sets a cookie and redirects to itself until it comes back"},
			page: landed(), do: cookieGate("http://cookie-gate.test/", landed())},
		{Case: Case{Name: "cookie-query", Want: []string{"alive", "moved", "restricted"}, Note: "adds a parameter to test for cookies, and sends those without one to a notice"},
			page: redirect(302, "/?cookies=test"), also: map[string]route{
				"/?cookies=test": always(does(cookieGate("/no-cookies", landed()))),
				"/no-cookies":    always(does(htmlPage(simple("Cookies are off", "Please switch on cookies and sign in.")).answer))}},
		{Case: Case{Name: "redirect-303", Want: arrived, Stable: true, Final: "http://redirect-303.test/landed", Note: "303"}, page: redirect(303, "/landed"), also: end},
		{Case: Case{Name: "redirect-307", Want: arrived, Stable: true, Final: "http://redirect-307.test/landed", Note: "307"}, page: redirect(307, "/landed"), also: end},
		{Case: Case{Name: "redirect-308", Want: arrived, Stable: true, Final: "http://redirect-308.test/landed", Note: "308"}, page: redirect(308, "/landed"), also: end},
		{Case: Case{Name: "redirect-body", Want: arrived, Stable: true, Final: "http://redirect-body.test/landed", Note: "a redirect with a body of 64 KiB, which is part of the record"}, page: long, also: end},
		{Case: Case{Name: "redirect-endless", Want: []string{"alive", "moved", "unreachable"}, Truncated: "length|time",
			Note: "a redirect whose own body does not end"}, also: end,
			do: endless("HTTP/1.1 302 Found\r\nLocation: /landed\r\n\r\n", "still moving\n")},
		{Case: Case{Name: "downgrade", URL: "https://downgrade.test/", Want: arrived, Stable: true, Final: "http://downgrade.test/landed", Note: "from https to http"},
			page: redirect(301, "http://downgrade.test/landed"), also: end},
		{Case: Case{Name: "to-nowhere", Want: []string{"gone", "unreachable", "invalid"}, Note: "redirects to a domain that does not exist"}, page: redirect(301, "http://nowhere.test/gone")},
		{Case: Case{Name: "refresh-header", Want: []string{"alive", "moved", "soft-404", "unknown"}, Note: "200 with a Refresh field"},
			page: page{ctype: typeHTML, fields: "Refresh: 0; url=/landed\r\n", body: simple("One moment", "You will be taken there.")}, also: end},
		{Case: Case{Name: "refresh-meta", Want: []string{"alive", "moved", "soft-404", "unknown"}, Note: "200 with <meta http-equiv=refresh>"},
			page: page{ctype: typeHTML, body: "<!doctype html><html><head><title>One moment</title>\n<meta http-equiv=\"Refresh\" content=\"0;URL='/landed'\"></head><body></body></html>\n"}, also: end},
	}
}

// grows redirects to its own target with a letter more.
func grows(c *conn, h *head) bool {
	to := "/?step="
	if len(h.target) >= len(to) {
		to = h.target + "x"
	}
	return redirect(302, to).answer(c, h)
}

// cookieGate lets through who brings the cookie, and sends away who does not.
func cookieGate(elsewhere string, inside page) answer {
	return func(c *conn, h *head) bool {
		if bytes.Contains(h.field("cookie"), []byte("visitor=17")) {
			return inside.answer(c, h)
		}
		away := redirect(http.StatusFound, elsewhere)
		away.fields += "Set-Cookie: visitor=17; Path=/; HttpOnly\r\n"
		return away.answer(c, h)
	}
}
