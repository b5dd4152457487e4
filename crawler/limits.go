package crawler

import (
	"fmt"
	"io"
	"net/http"
)

// limitError says that a limit of ours ended the exchange.
type limitError struct{ bytes int64 }

func (e *limitError) Error() string {
	return fmt.Sprintf("the body is larger than %d bytes (--max-body)", e.bytes)
}

// limited cuts bodies, and says so in the record.
type limited struct {
	next http.RoundTripper
	body int64
}

func (t limited) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	f := fetchOf(req.Context())
	n := t.body
	if f.maxBody > 0 {
		n = min(n, f.maxBody)
	}
	res.Body = &limitedBody{ReadCloser: res.Body, left: n, limit: n, rec: f.rec}
	return res, nil
}

type limitedBody struct {
	io.ReadCloser
	left, limit int64
	rec         *recorder
}

func (b *limitedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		// Whether the body ends exactly here is known only by asking for more.
		var one [1]byte
		n, err := b.ReadCloser.Read(one[:])
		if n == 0 && err != nil {
			return 0, err
		}
		b.rec.cut = &limitError{b.limit}
		b.rec.whole = false
		return 0, b.rec.cut
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	return n, err
}
