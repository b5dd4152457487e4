package crawltest

import (
	"fmt"
	"time"
)

// cacheCases are hosts whose validators are the case (RFC 9110, section 8.8).
func cacheCases() []trouble {
	text := simple("Validators", "The bytes of this page stay what they are.")
	changed := simple("Validators", "The bytes of this page have changed, whatever its validators say.")
	long := time.Date(2024, 6, 1, 12, 0, 0, 0, time.UTC)
	host := func(name, note string, p page) trouble {
		return trouble{Case: Case{Name: name, Want: alive(), Stable: true, Note: note}, page: p}
	}
	route2 := func(t trouble, target string, r route) trouble {
		t.on.routes = map[string]route{target: r}
		return t
	}
	weak := page{ctype: typeHTML, body: text, etag: `W/"17"`}
	lying := page{ctype: typeHTML, body: text, etag: `"always"`, modified: long}
	lied := lying
	lied.body = changed
	edited := page{ctype: typeHTML, body: text, etag: tagOf(text), modified: long}
	after := page{ctype: typeHTML, body: changed, etag: tagOf(changed), modified: long.AddDate(1, 0, 0)}
	changing := host("etag-changes", "another ETag each time for the same bytes: only their digest shows it", page{ctype: typeHTML, body: text})
	var n counter
	changing.do = func(c *conn, h *head) bool {
		return page{ctype: typeHTML, body: text, etag: fmt.Sprintf("%q", fmt.Sprint("v", n.next()))}.answer(c, h)
	}
	return []trouble{
		host("etag-weak", "a weak ETag", weak),
		host("modified-only", "Last-Modified and no ETag", page{ctype: typeHTML, body: text, modified: long}),
		host("no-validator", "no validators at all", page{ctype: typeHTML, body: text}),
		host("modified-garbage", "a Last-Modified that is no date, an ETag without quotes", page{ctype: typeHTML, body: text,
			fields: "Last-Modified: last Tuesday\r\nETag: seventeen\r\n"}),
		changing,
		route2(host("page-changes", "another page after phase 0, with honest validators", edited), "/", phases(edited.resource(), after.resource())),
		route2(host("lying-304", "another page after phase 0, but 304 for the validators of the old one", lying), "/", phases(lying.resource(), lied.resource())),
		route2(host("goes-away", "404 after phase 0", edited), "/", phases(edited.resource(), does(notFound("goes-away.test").answer))),
	}
}
