package crawltest

import (
	"bytes"
	"net"
	"net/http"
	"strconv"
	"time"
)

// answer serves one request of a corpus host: a page with both validators,
// 304 where one of them holds, or 404.
func (h *corpusHost) answer(c *conn, req *head) bool {
	keep := !req.wantsClose()
	i := h.page(req.target)
	if i < 0 {
		return c.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n") && keep
	}
	h.asked[i].Add(1)
	tag := `"` + strconv.FormatUint(h.cfg.Seed, 36) + "-" + strconv.Itoa(i+1) + `"`
	modified := corpusDate(i)
	none := req.field("if-none-match")
	fresh := bytes.Contains(none, []byte(tag)) ||
		len(none) == 0 && string(req.field("if-modified-since")) == modified
	top := make([]byte, 0, 512)
	if fresh {
		top = append(top, "HTTP/1.1 304 Not Modified\r\n"...)
	} else {
		top = append(top, "HTTP/1.1 200 OK\r\n"...)
	}
	top = append(top, "Date: "...)
	top = time.Now().UTC().AppendFormat(top, http.TimeFormat)
	top = append(top, "\r\nServer: crawltest\r\nCache-Control: max-age=600\r\nETag: "...)
	top = append(top, tag...)
	top = append(top, "\r\nLast-Modified: "...)
	top = append(top, modified...)
	if fresh {
		top = append(top, "\r\n\r\n"...)
		_, err := c.Write(top)
		return err == nil && keep
	}
	pieces := h.parts(make(net.Buffers, 1, 40), i)
	n := 0
	for _, p := range pieces {
		n += len(p)
	}
	ctype := typeHTML
	if h.sizes[i] < 0 {
		ctype = "application/pdf"
	}
	top = append(top, "\r\nContent-Type: "...)
	top = append(top, ctype...)
	top = append(top, "\r\nContent-Length: "...)
	top = strconv.AppendInt(top, int64(n), 10)
	pieces[0] = append(top, "\r\n\r\n"...)
	if req.method == http.MethodHead {
		pieces = pieces[:1]
	}
	_, err := pieces.WriteTo(c.Conn) // one writev on a TCP connection
	return err == nil && keep
}

// corpusDate is when page i was last modified.
func corpusDate(i int) string {
	return time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Minute).Format(http.TimeFormat)
}

// parts appends the pieces of the body of page i to list.
func (k *Corpus) parts(list net.Buffers, i int) net.Buffers {
	if size := int(k.sizes[i]); size < 0 {
		return k.pieces.pdf(list, i, -size)
	} else {
		return k.pieces.html(list, i, size, k.URL(i))
	}
}
