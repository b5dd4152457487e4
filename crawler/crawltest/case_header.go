package crawltest

import (
	"fmt"
	"strconv"
	"strings"
)

// headerCases are heads that are too long or malformed (RFC 9112, sections 2
// to 5). Where parsers differ, both a body and a refusal are right.
func headerCases() []trouble {
	text := simple("Headers", "The headers of this page are worth a second look.")
	rest := "Content-Length: " + strconv.Itoa(len(text)) + "\r\n\r\n" + text
	either := []string{"alive", "invalid", "unreachable"}
	odd := func(name, note, fields string) trouble {
		return trouble{Case: Case{Name: name, Want: either, Note: note}, do: says(okHTML + fields + rest)}
	}
	whole := func(name, note, wire string) trouble {
		return trouble{Case: Case{Name: name, Want: alive(), Stable: true, Note: note}, page: page{body: text}, do: says(wire)}
	}
	var many strings.Builder
	for i := range 1200 {
		fmt.Fprintf(&many, "X-Gauge-%04d: %d\r\n", i, 400+i%30)
	}
	return []trouble{
		{Case: Case{Name: "endless-headers", Want: notHTTP(), Note: "fields without end"}, do: endless(okHTML, "X-Level: "+strings.Repeat("4", 60)+"\r\n")},
		{Case: Case{Name: "endless-header-line", Want: notHTTP(), Note: "one field without end"},
			do: endless(okHTML+"X-Level: ", strings.Repeat("4", 64))},
		{Case: Case{Name: "endless-status-line", Want: notHTTP(), Note: "a status line without end"},
			do: endless("HTTP/1.1 200 ", "OK and so on ")},
		{Case: Case{Name: "huge-header", Want: either, Note: "one field of 4 MiB"},
			do: func(c *conn, _ *head) bool {
				return c.send(okHTML, "X-Level: ", strings.Repeat("4", 4<<20), "\r\n", rest) && c.finish()
			}},
		odd("many-headers", "1,200 fields", many.String()),
		odd("no-colon", "a field line without a colon", "this line has no colon\r\n"),
		odd("space-in-name", "a field name with a space in it", "X Level: 412\r\n"),
		odd("space-before-colon", "a space between the name and its colon", "X-Level : 412\r\n"),
		odd("nul-in-value", "a NUL in a field value", "X-Level: 4\x0012\r\n"),
		odd("control-in-value", "escape sequences and a bare CR in a field value", "X-Level: \x1b[31m412\x1b[0m\rX-Forged: yes\r\n"),
		odd("empty-name", "a field with no name", ": 412\r\n"),
		{Case: Case{Name: "leading-space", Want: either, Note: "the first field line begins with a space"},
			do: says("HTTP/1.1 200 OK\r\n X-Level: 412\r\nContent-Type: text/html\r\n" + rest)},
		whole("folded", "a field value folded over two lines", okHTML+"X-Level: 412\r\n  and falling\r\n"+rest),
		whole("latin1-header", "bytes above 127 in a field value", okHTML+"X-Place: M\xfchlenstra\xdfe\r\nX-River: Å\r\n"+rest),
		whole("bare-lf", "lines that end in LF alone", strings.ReplaceAll(okHTML, "\r\n", "\n")+
			"Content-Length: "+strconv.Itoa(len(text))+"\n\n"+text),
		whole("odd-case", "field names in odd cases, which a record must keep",
			"HTTP/1.1 200 OK\r\ncOnTeNt-TyPe: text/html\r\nx-ODD-case: kept\r\nCONTENT-LENGTH:"+strconv.Itoa(len(text))+"\r\n\r\n"+text),
		whole("no-reason", "a status line without a reason", "HTTP/1.1 200\r\nContent-Type: text/html\r\n"+rest),
		whole("early-hints", "103 Early Hints before the answer",
			"HTTP/1.1 103 Early Hints\r\nLink: </site.css>; rel=preload; as=style\r\n\r\n"+okHTML+rest),
		whole("continue-unasked", "100 Continue that nobody asked for, three times",
			strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 3)+okHTML+rest),
		{Case: Case{Name: "endless-hints", Want: notHTTP(), Note: "103 Early Hints without end"},
			do: endless("", "HTTP/1.1 103 Early Hints\r\nLink: </site.css>; rel=preload\r\n\r\n")},
		{Case: Case{Name: "bad-version", Want: either, Note: "HTTP/7.3"}, do: says("HTTP/7.3 200 OK\r\n" + rest)},
		{Case: Case{Name: "bad-status", Want: notHTTP(), Note: "a status code that is a word"}, do: says("HTTP/1.1 fine OK\r\n" + rest)},
		{Case: Case{Name: "two-digit-status", Want: notHTTP(), Note: "status 20"}, do: says("HTTP/1.1 20 OK\r\n" + rest)},
		{Case: Case{Name: "switching", Want: notHTTP(), Note: "101 Switching Protocols that nobody asked for"},
			do: says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x81\x05hello")},
	}
}
