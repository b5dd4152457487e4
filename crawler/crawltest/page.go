package crawltest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// counter counts from 0.
type counter struct{ n atomic.Int64 }

func (c *counter) next() int { return int(c.n.Add(1)) - 1 }

// page is a well-formed answer with a Content-Length.
type page struct {
	status   int    // 0 means 200
	ctype    string // Content-Type, left out when empty
	fields   string // further field lines, each ending in CRLF
	body     string
	etag     string    // with quotes; makes the page conditional
	modified time.Time // makes the page conditional
}

// resource is the page with its body as the stable one.
func (p page) resource() resource {
	return resource{answer: p.answer, body: func() string { return p.body }}
}

func (p page) answer(c *conn, h *head) bool {
	status := p.status
	if status == 0 {
		status = http.StatusOK
	}
	fresh := status == http.StatusOK && p.unchangedFor(h)
	if fresh {
		status = http.StatusNotModified
	}
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\nDate: %s\r\nServer: crawltest\r\n",
		status, http.StatusText(status), time.Now().UTC().Format(http.TimeFormat))
	if p.etag != "" {
		fmt.Fprintf(&b, "ETag: %s\r\n", p.etag)
	}
	if !p.modified.IsZero() {
		fmt.Fprintf(&b, "Last-Modified: %s\r\n", p.modified.UTC().Format(http.TimeFormat))
	}
	if fresh {
		b.WriteString("\r\n")
		return c.send(b.String())
	}
	if p.ctype != "" {
		fmt.Fprintf(&b, "Content-Type: %s\r\n", p.ctype)
	}
	b.WriteString(p.fields)
	if status != http.StatusNoContent {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(p.body))
	}
	b.WriteString("\r\n")
	if h.method == http.MethodHead {
		return c.send(b.String())
	}
	if len(p.body) > 64<<10 {
		return c.send(b.String(), p.body)
	}
	b.WriteString(p.body)
	return c.send(b.String())
}

// unchangedFor evaluates If-None-Match before If-Modified-Since
// (RFC 9110, section 13.2.2).
func (p page) unchangedFor(h *head) bool {
	if none := string(h.field("if-none-match")); none != "" {
		return p.etag != "" && matchesETag(none, p.etag)
	}
	since, err := http.ParseTime(string(h.field("if-modified-since")))
	return err == nil && !p.modified.IsZero() && !p.modified.Truncate(time.Second).After(since)
}

// matchesETag is the weak comparison with a list (RFC 9110, section 8.8.3.2).
// The tags of this web hold no commas.
func matchesETag(list, tag string) bool {
	tag = strings.TrimPrefix(tag, "W/")
	for one := range strings.SplitSeq(list, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}

// tagOf is the entity tag of a body.
func tagOf(body string) string {
	sum := sha256.Sum256([]byte(body))
	return `"` + hex.EncodeToString(sum[:8]) + `"`
}

const typeHTML = "text/html; charset=utf-8"

// htmlPage is a page of HTML with the entity tag of its body.
func htmlPage(body string) page {
	return page{ctype: typeHTML, body: body, etag: tagOf(body)}
}

// simple is a small page for hosts of which the text does not matter. It is
// long enough not to look like an error page.
func simple(title, text string) string {
	return "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>" + html.EscapeString(title) +
		"</title></head>\n<body>\n<main>\n<h1>" + html.EscapeString(title) + "</h1>\n<p>" + html.EscapeString(text) +
		"</p>\n<p>" + html.EscapeString(filler) + "</p>\n</main>\n</body>\n</html>\n"
}

const filler = "The gauge at the lower bridge is read twice a day, at seven and at nineteen hours, and the figure is " +
	"chalked on the board beside the ferry steps. Over the years the readers have changed, the board has been replaced " +
	"four times and the ferry has stopped running, but the column of figures has no gap in it. People in the lower " +
	"streets still walk past on wet evenings to see it for themselves before they decide whether to carry the carpets upstairs."

func notFound(host string) page {
	return page{status: http.StatusNotFound, ctype: typeHTML, body: simple("Page not found",
		"There is no such page on "+host+". It may have been moved or taken down.")}
}

// redirect is a bare redirect with a short note as its body.
func redirect(status int, location string) page {
	return page{status: status, ctype: typeHTML, fields: "Location: " + location + "\r\n",
		body: "<!doctype html>\n<title>Moved</title>\n<p>This page is <a href=\"" + html.EscapeString(location) + "\">elsewhere</a>.</p>\n"}
}
