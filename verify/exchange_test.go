package verify

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

var visitedAt = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// answerTo builds the exchange that a recorder would have made of a raw answer.
func answerTo(t testing.TB, rawURL, answer string) *archive.Exchange {
	t.Helper()
	x := &archive.Exchange{Role: archive.RoleSource, URL: rawURL, Method: http.MethodGet, Started: visitedAt}
	x.Response = archive.NewSpool(t.TempDir(), 1<<20)
	t.Cleanup(x.Close)
	if _, err := x.Response.Write([]byte(answer)); err != nil {
		t.Fatal(err)
	}
	head, _, ok := strings.Cut(answer, "\r\n\r\n")
	if !ok {
		t.Fatalf("no header in %q", answer)
	}
	x.HeaderSize = int64(len(head) + 4)
	parsed, err := http.ReadResponse(bufio.NewReader(strings.NewReader(answer)), nil)
	if err != nil {
		t.Fatal(err)
	}
	x.Proto, x.Status, x.Header = parsed.Proto, parsed.StatusCode, parsed.Header
	x.Chunked = len(parsed.TransferEncoding) > 0
	body, err := io.ReadAll(x.Payload())
	if err != nil {
		t.Fatal(err)
	}
	x.PayloadSize, x.PayloadSHA256 = int64(len(body)), sha256.Sum256(body)
	return x
}

// answer builds an exchange from a status, header fields "Name: value" and a body.
func answer(t testing.TB, rawURL string, status int, body string, fields ...string) *archive.Exchange {
	t.Helper()
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", status, http.StatusText(status))
	for _, f := range fields {
		fmt.Fprintf(&b, "%s\r\n", f)
	}
	fmt.Fprintf(&b, "\r\n%s", body)
	return answerTo(t, rawURL, b.String())
}

func failure(rawURL, phase, class, message string) *archive.Exchange {
	return &archive.Exchange{
		Role: archive.RoleSource, URL: rawURL, Method: http.MethodGet, Started: visitedAt,
		Failure: &archive.Failure{Phase: phase, Class: class, Message: message},
	}
}

func visit(xs ...*archive.Exchange) *archive.Visit {
	return &archive.Visit{URL: xs[0].URL, Key: xs[0].URL, Exchanges: xs}
}

func page(t testing.TB, rawURL string) *archive.Exchange {
	return answer(t, rawURL, 200, "<p>The dam held.</p>", "Content-Type: text/html")
}

func redirect(t testing.TB, from string, status int, to string) *archive.Exchange {
	return answer(t, from, status, "", "Location: "+to)
}
