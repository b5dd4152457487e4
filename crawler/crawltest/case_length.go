package crawltest

import (
	"fmt"
	"strconv"
	"strings"
)

// lengthCases are messages whose framing lies (RFC 9112, sections 6 and 7).
func lengthCases() []trouble {
	text := simple("Framing", "The length of this message is not what its header says.")
	n := len(text)
	chunk := func(s string) string { return strconv.FormatInt(int64(len(s)), 16) + "\r\n" + s + "\r\n" }
	chunked := okHTML + "Transfer-Encoding: chunked\r\n"
	length := func(value string) string { return okHTML + "Content-Length: " + value + "\r\n\r\n" + text }
	// Without a length that can be believed the body ends with the connection,
	// or the message is refused (RFC 9112, section 6.3).
	orAlive := []string{"alive", "invalid", "unreachable"}
	framed := func(name string, want []string, truncated, note, wire string) trouble {
		return trouble{Case: Case{Name: name, Want: want, Truncated: truncated, Note: note}, do: says(wire)}
	}
	whole := func(name, note, wire string) trouble {
		return trouble{Case: Case{Name: name, Want: alive(), Stable: true, Note: note}, page: page{body: text}, do: says(wire)}
	}
	return []trouble{
		framed("short-body", unreachable(), "disconnect|unspecified", "the connection ends in order before Content-Length is reached", length(strconv.Itoa(n+500))),
		whole("surplus-body", "more bytes follow than Content-Length says; the body is what it says",
			length(strconv.Itoa(n))+"<p>These bytes belong to no message.</p>"),
		framed("two-lengths", orAlive, "", "two Content-Length fields that differ: refused, or read to the end as browsers do",
			okHTML+fmt.Sprintf("Content-Length: %d\r\nContent-Length: %d\r\n\r\n", n, n-10)+text),
		whole("same-length-twice", "two Content-Length fields that agree",
			okHTML+fmt.Sprintf("Content-Length: %d\r\nContent-Length: %d\r\n\r\n", n, n)+text),
		framed("negative-length", orAlive, "", "Content-Length: -1", length("-1")),
		framed("garbage-length", orAlive, "", "Content-Length: about 500", length("about 500")),
		framed("huge-length", unreachable(), "disconnect|unspecified|length", "Content-Length of 8 EiB, and a short body", length("9223372036854775807")),
		framed("overflow-length", orAlive, "|disconnect|unspecified|length", "a Content-Length that no 64 bits hold", length(strings.Repeat("9", 40))),
		framed("unended-chunks", unreachable(), "disconnect|unspecified", "chunked, and the connection ends before the last chunk",
			chunked+"\r\n"+chunk(text[:n/2])+chunk(text[n/2:])),
		framed("bad-chunk-size", notHTTP(), "disconnect|unspecified", "a chunk size that is no number, after one that is",
			chunked+"\r\n"+chunk(text)+"zebra\r\nstripes\r\n0\r\n\r\n"),
		framed("huge-chunk-size", notHTTP(), "disconnect|unspecified|length", "a chunk size of twenty digits",
			chunked+"\r\nffffffffffffffffffff\r\n"+text),
		whole("chunks", "chunked with extensions, sizes in upper case and leading zeros",
			chunked+"\r\n"+fmt.Sprintf("%04X;part=\"one; of two\"\r\n%s\r\n", n/2, text[:n/2])+chunk(text[n/2:])+"0\r\n\r\n"),
		whole("trailers", "chunked with trailer fields", chunked+"Trailer: X-Level\r\n\r\n"+chunk(text)+"0\r\nX-Level: 412\r\n\r\n"),
		{Case: Case{Name: "both-framings", Want: []string{"alive", "invalid", "unreachable"},
			Note: "Transfer-Encoding and Content-Length at once: the first wins, or the message is refused (RFC 9112, section 6.3)"},
			do: says(chunked + fmt.Sprintf("Content-Length: %d\r\n\r\n", n-7) + chunk(text) + "0\r\n\r\n")},
	}
}
