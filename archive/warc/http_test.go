package warc

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// readMessage returns the message and its whole body.
func readMessage(block io.Reader, msgtype string) (*HTTPMessage, string, error) {
	m, err := Payload(block, msgtype)
	if err != nil {
		return nil, "", err
	}
	body, err := io.ReadAll(m.Body)
	return m, string(body), err
}

func TestPayloadResponse(t *testing.T) {
	block := "HTTP/1.1 404 Not here at all\r\nA: 1\r\nno field\r\nA:2\r\nFolded: b\r\n c\r\nSpace : d\r\n\xe9: \xff\r\n\r\nbody\r\n\r\n"
	m, body, err := readMessage(strings.NewReader(block), MsgResponse)
	if err != nil {
		t.Fatal(err)
	}
	if m.StartLine != "HTTP/1.1 404 Not here at all" || m.Proto != "HTTP/1.1" || m.Status != 404 || m.Reason != "Not here at all" {
		t.Errorf("%+v", m)
	}
	want := Header{{"A", "1"}, {"", "no field"}, {"A", "2"}, {"Folded", "b c"}, {"Space", "d"}, {"\xe9", "\xff"}}
	if d := cmp.Diff(want, m.Header); d != "" {
		t.Error(d)
	}
	if body != "body\r\n\r\n" || m.HeadSize != int64(len(block)-len(body)) {
		t.Errorf("body %q, head of %d bytes", body, m.HeadSize)
	}
	if d := cmp.Diff([]Code{CodeHTTPField}, codes(m.Problems())); d != "" {
		t.Error(d)
	}
}

func TestPayloadHeads(t *testing.T) {
	for _, c := range []struct {
		msgtype, block string
		start          string // "" for an error
		status         int
		method, target string
		proto, body    string
		problems       []Code
	}{
		{MsgResponse, "HTTP/1.0 200\r\n\r\nx", "HTTP/1.0 200", 200, "", "", "HTTP/1.0", "x", nil},
		{MsgResponse, "HTTP/1.1  200  OK\n\nx", "HTTP/1.1  200  OK", 200, "", "", "HTTP/1.1", "x", nil},
		{MsgResponse, "HTTP/1.1 OK\r\n\r\n", "HTTP/1.1 OK", 0, "", "", "HTTP/1.1", "", nil},
		{MsgResponse, "HTTP/1.1 20\r\n\r\n", "HTTP/1.1 20", 0, "", "", "HTTP/1.1", "", nil},
		{MsgResponse, "HTTP/1.1 200 OK", "HTTP/1.1 200 OK", 200, "", "", "HTTP/1.1", "", []Code{CodeHTTPHead}},
		{MsgResponse, "HTTP/1.1 200 OK\r\nA: b", "HTTP/1.1 200 OK", 200, "", "", "HTTP/1.1", "", []Code{CodeHTTPHead}},
		{MsgResponse, "", "", 0, "", "", "", "", nil},
		{MsgResponse, "\r\nHTTP/1.1 200 OK\r\n\r\n", "", 0, "", "", "", "", nil},
		{MsgResponse, "SSH-2.0-x\r\n", "", 0, "", "", "", "", nil},
		{MsgResponse, "<html>", "", 0, "", "", "", "", nil},
		{MsgResponse, "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("y", maxHeader), "", 0, "", "", "", "", nil},
		{MsgRequest, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a HTTP/1.1", 0, "GET", "/a", "HTTP/1.1", "", nil},
		{MsgRequest, "GET /a b HTTP/1.1\r\n\r\nx", "GET /a b HTTP/1.1", 0, "GET", "/a b", "HTTP/1.1", "x", nil},
		{MsgRequest, "GET /a\r\n\r\n", "GET /a", 0, "GET", "/a", "", "", nil},
		{MsgRequest, "GET\r\n\r\n", "", 0, "", "", "", "", nil},
		{MsgRequest, "HTTP/1.1 200 OK\r\n\r\n", "", 0, "", "", "", "", nil},
	} {
		m, body, err := readMessage(strings.NewReader(c.block), c.msgtype)
		if c.start == "" {
			if syntax := new(SyntaxError); !errors.As(err, &syntax) {
				t.Errorf("%.40q: error %v, want a SyntaxError", c.block, err)
			}
			continue
		}
		if err != nil || m.StartLine != c.start || m.Status != c.status || m.Method != c.method || m.Target != c.target || m.Proto != c.proto || body != c.body {
			t.Errorf("%q: %+v, body %q, %v", c.block, m, body, err)
			continue
		}
		if d := cmp.Diff(c.problems, codes(m.Problems())); d != "" {
			t.Errorf("%q: %s", c.block, d)
		}
	}
}

func TestPayloadInterim(t *testing.T) {
	hints := "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
	m, body, err := readMessage(strings.NewReader("HTTP/1.1 100 Continue\r\n\r\n"+hints+httpHead+"x"), MsgResponse)
	if err != nil {
		t.Fatal(err)
	}
	if m.Status != 200 || body != "x" || len(m.Interim) != 2 || m.Interim[0].Status != 100 || m.Interim[1].Header.Get("link") != "</a.css>" {
		t.Errorf("%+v, body %q", m, body)
	}
	if want := int64(len("HTTP/1.1 100 Continue\r\n\r\n" + hints + httpHead)); m.HeadSize != want {
		t.Errorf("HeadSize %d, want %d", m.HeadSize, want)
	}
	for _, c := range []struct {
		block  string
		status int
		body   string
	}{
		{"HTTP/1.1 101 Switching\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 101, "HTTP/1.1 200 OK\r\n\r\n"},
		{hints, 103, ""},
		{hints + "no message", 103, "no message"},
		{strings.Repeat(hints, 18), 103, hints},
	} {
		m, body, err := readMessage(strings.NewReader(c.block), MsgResponse)
		if err != nil || m.Status != c.status || body != c.body {
			t.Errorf("%.60q: %+v, body %q, %v", c.block, m, body, err)
		}
	}
}

func TestChunked(t *testing.T) {
	big := strings.Repeat("0123456789abcdef", 8<<10) // beyond what is looked at ahead
	for _, c := range []struct {
		name, coded, body string
		problems          []Code
	}{
		{"plain", "5\r\nhello\r\n0\r\n\r\n", "hello", nil},
		{"empty", "0\r\n\r\n", "", nil},
		{"zeros", "0005\r\nhello\r\n000\r\n\r\n", "hello", nil},
		{"upper and lower case", "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789", nil},
		{"extension", "5;a=\"b\r\nhello\r\n0;c\r\n\r\n", "hello", nil},
		{"padding", "5  \r\nhello\r\n0 \r\n\r\n", "hello", nil},
		{"LF after the size", "5\nhello\r\n0\n\r\n", "hello", nil},
		{"line ends in a chunk", "6\r\na\r\n0\r\n\r\n0\r\n\r\n", "a\r\n0\r\n", nil},
		{"trailer", "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n", "hello", nil},
		{"empty with trailer", "0\r\nX-Sum: 1\r\n\r\n", "", nil},
		{"big chunk", "20000\r\n" + big + "\r\n0\r\n\r\n", big, nil},
		{"more after the end", "5\r\nhello\r\n0\r\n\r\nmore", "hello", []Code{CodeChunkedExtra}},

		{"not chunked", "<html>\r\n</html>\r\n", "<html>\r\n</html>\r\n", []Code{CodeChunkedInvalid}},
		{"a size by chance, cut", "add\r\nthis", "this", []Code{CodeChunkedCut}},
		{"not chunked, whole first chunk", "3\r\nabcdef\r\n", "3\r\nabcdef\r\n", []Code{CodeChunkedInvalid}},
		{"not chunked, zero", "0\r\nis the number", "0\r\nis the number", []Code{CodeChunkedInvalid}},
		{"not chunked, one line", "deadbeef", "deadbeef", []Code{CodeChunkedInvalid}},
		{"not chunked, long line", big, big, []Code{CodeChunkedInvalid}},
		{"not chunked, line end first", "\r\n5\r\nhello\r\n", "\r\n5\r\nhello\r\n", []Code{CodeChunkedInvalid}},
		{"negative", "-5\r\nhello\r\n0\r\n\r\n", "-5\r\nhello\r\n0\r\n\r\n", []Code{CodeChunkedInvalid}},
		{"prefixed", "0x5\r\nhello\r\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n", []Code{CodeChunkedInvalid}},
		{"overflow", "fffffffffffffffff\r\nhello", "fffffffffffffffff\r\nhello", []Code{CodeChunkedInvalid}},

		{"overflow to zero", "10000000000000000\r\n\r\nrest", "10000000000000000\r\n\r\nrest", []Code{CodeChunkedInvalid}},

		{"broken size", "5\r\nhello\r\nxyz\r\nrest", "helloxyz\r\nrest", []Code{CodeChunkedBroken}},
		{"empty size", "5\r\nhello\r\n\r\nrest", "hello\r\nrest", []Code{CodeChunkedBroken}},
		{"broken size at the end", "5\r\nhello\r\nxyz", "helloxyz", []Code{CodeChunkedBroken}},
		{"no CRLF", "5\r\nhello\r\n5\r\nhello, world", "hellohello, world", []Code{CodeChunkedBroken}},
		{"big chunk without CRLF", "20000\r\n" + big + "rest", big + "rest", []Code{CodeChunkedBroken}},

		{"nothing", "", "", []Code{CodeChunkedCut}},
		{"cut in the first chunk", "ff\r\nhello", "hello", []Code{CodeChunkedCut}},
		{"cut in a chunk", "5\r\nhello\r\nff\r\nwor", "hellowor", []Code{CodeChunkedCut}},
		{"cut behind a chunk", "5\r\nhello", "hello", []Code{CodeChunkedCut}},
		{"cut in the CRLF", "5\r\nhello\r", "hello", []Code{CodeChunkedCut}},
		{"cut before a size", "5\r\nhello\r\n", "hello", []Code{CodeChunkedCut}},
		{"cut in a size", "5\r\nhello\r\n1f", "hello", []Code{CodeChunkedCut}},
		{"cut in the size's CRLF", "5\r\nhello\r\n1f\r", "hello", []Code{CodeChunkedCut}},
		{"cut in an extension", "5\r\nhello\r\n1f; a", "hello", []Code{CodeChunkedCut}},
		{"cut behind the last size", "5\r\nhello\r\n0\r\n", "hello", []Code{CodeChunkedCut}},
		{"cut in the trailer", "5\r\nhello\r\n0\r\nX: y\r\n", "hello", []Code{CodeChunkedCut}},
		{"endless trailer", "0\r\n\r\n"[:3] + strings.Repeat("X: y\r\n", maxFields+1), "", []Code{CodeChunkedExtra}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for name, chop := range map[string]func(io.Reader) io.Reader{
				"whole":    func(r io.Reader) io.Reader { return r },
				"one byte": iotest.OneByteReader,
				"with EOF": iotest.DataErrReader,
			} {
				head := "HTTP/1.1 200 OK\r\ntransfer-ENCODING: gzip,\tChunked \r\n\r\n"
				m, body, err := readMessage(chop(strings.NewReader(head+c.coded)), MsgResponse)
				if err != nil {
					t.Fatal(name, err)
				}
				if body != c.body {
					t.Errorf("%s: body %.80q, want %.80q", name, body, c.body)
				}
				if d := cmp.Diff(c.problems, codes(m.Problems())); d != "" {
					t.Errorf("%s: %s", name, d)
				}
			}
		})
	}
}

// Only the last coding counts, and only chunked.
func TestNotChunked(t *testing.T) {
	for _, head := range []string{"Transfer-Encoding: identity", "Transfer-Encoding: chunked, gzip", "X: chunked",
		"Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip"} {
		m, body, err := readMessage(strings.NewReader("HTTP/1.1 200 OK\r\n"+head+"\r\n\r\n1\r\na\r\n0\r\n\r\n"), MsgResponse)
		if err != nil || body != "1\r\na\r\n0\r\n\r\n" || len(m.Problems()) > 0 {
			t.Errorf("%s: body %q, %v, %v", head, body, m.Problems(), err)
		}
	}
}

// An error of the block is passed on, wherever it strikes.
func TestPayloadErrors(t *testing.T) {
	for cut := range httpChunked {
		block := io.MultiReader(strings.NewReader(httpChunked[:cut]), failing{})
		if _, _, err := readMessage(block, MsgResponse); !errors.Is(err, errFailing) {
			t.Fatalf("after %d bytes: %v", cut, err)
		}
	}
}
