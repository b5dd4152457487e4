package wire_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ibid-archive/ibid/crawler/wire"
)

// beat is a piece of an answer and the silence before it.
type beat struct {
	wait time.Duration
	text string
}

// drummer answers in time; after the last beat it stays silent.
func drummer(beats []beat) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go io.Copy(io.Discard, server) // ends when client closes
		go func() {
			for _, b := range beats {
				time.Sleep(b.wait)
				if _, err := io.WriteString(server, b.text); err != nil {
					return
				}
			}
		}()
		return pipe{client}, nil
	}
}

// No wait outlasts its limit, and none that keeps within it is cut.
func TestTimeLimits(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n"
	const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	kib := strings.Repeat("x", 1<<10)
	chunk := fmt.Sprintf("%x\r\n%s\r\n", 20<<10, strings.Repeat(kib, 20))
	steady := func(n int, wait time.Duration, text string) []beat {
		var bs []beat
		for range n {
			bs = append(bs, beat{wait, text})
		}
		return bs
	}
	for _, tt := range []struct {
		name  string
		beats []beat
		kind  string
		took  time.Duration
	}{
		{"no answer", nil, wire.KindTimeout, 30 * time.Second},
		{"a header by drops", steady(100, time.Second, "X"), wire.KindNotHTTP, -1},
		{"a header line by drops", append([]beat{{0, "HTTP/1.1 200 OK\r\n"}}, steady(100, time.Second, "X")...), wire.KindTimeout, 30 * time.Second},
		{"a late header", []beat{{29 * time.Second, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}}, "", 29 * time.Second},
		{"no body", []beat{{0, head}}, wire.KindSlow, 15 * time.Second},
		{"a byte a second", append([]beat{{0, head}}, steady(100, time.Second, "x")...), wire.KindSlow, 15 * time.Second},
		{"just fast enough", append([]beat{{0, head}}, append(steady(58, 990*time.Millisecond, kib), beat{0, strings.Repeat("x", 60000-58*1024)})...), "", -1},
		{"too slow later on", append([]beat{{0, head + strings.Repeat("x", 20<<10)}}, steady(1, 20*time.Second, kib)...), wire.KindSlow, 30 * time.Second},
		{"a pause within the rate", []beat{{0, head + strings.Repeat("x", 20<<10)}, {16 * time.Second, strings.Repeat("x", 60000-20<<10)}}, "", 16 * time.Second},
		{"a pause between chunks within the rate", []beat{{0, chunked + chunk}, {16 * time.Second, chunk + "0\r\n\r\n"}}, "", 16 * time.Second},
		{"a pause in a size line within the rate", []beat{{0, chunked + chunk + "5"}, {16 * time.Second, "\r\nhello\r\n0\r\n\r\n"}}, "", 16 * time.Second},
		{"chunks that stop", []beat{{0, chunked + chunk}}, wire.KindSlow, 30 * time.Second},
		{"a size line by drops", append([]beat{{0, chunked + "5\r\nhello\r\n"}}, steady(100, time.Second, "0")...), wire.KindSlow, 15 * time.Second},
		{"no first chunk", []beat{{0, chunked}}, wire.KindSlow, 15 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tr := wire.New(wire.Config{Dial: drummer(tt.beats)})
				from := time.Now()
				r := get(t, tr, t.Context(), "")
				if took := time.Since(from); r.kind() != tt.kind || tt.took >= 0 && took != tt.took {
					t.Errorf("%v after %s; want %q after %s", r.err, took, tt.kind, tt.took)
				}
				tr.CloseIdleConnections()
				time.Sleep(time.Hour)
			})
		})
	}
}

// The end of the context ends every wait, and is told from a limit.
func TestContextEnds(t *testing.T) {
	for _, beats := range [][]beat{nil, {{0, "HTTP/1.1 200"}}, {{0, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"}},
		{{0, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5"}}, {{0, "HTTP/1.1 200 OK\r\n\r\nx"}}} {
		synctest.Test(t, func(t *testing.T) {
			tr := wire.New(wire.Config{Dial: drummer(beats)})
			ctx, cancel := context.WithTimeout(t.Context(), 7*time.Second)
			defer cancel()
			from := time.Now()
			if r := get(t, tr, ctx, ""); r.kind() != wire.KindTimeout || time.Since(from) != 7*time.Second {
				t.Errorf("%v: %v after %s", beats, r.err, time.Since(from))
			}
			ctx, cancel = context.WithCancel(t.Context())
			time.AfterFunc(3*time.Second, cancel)
			from = time.Now()
			if r := get(t, tr, ctx, ""); r.kind() != wire.KindInterrupted || time.Since(from) != 3*time.Second {
				t.Errorf("%v: %v after %s", beats, r.err, time.Since(from))
			}
			if r := get(t, tr, ctx, ""); r.kind() != wire.KindInterrupted {
				t.Errorf("%v: %v when it was over before it began", beats, r.err)
			}
			time.Sleep(time.Hour)
		})
	}
}

func TestSizeLimits(t *testing.T) {
	cfg := wire.Config{MaxHeaderBytes: 4096, MaxHeaderLines: 20}
	const ok, end = "HTTP/1.1 200 OK\r\n", "Content-Length: 2\r\n\r\nok"
	for _, tt := range []struct {
		name, text, kind string
	}{
		{"a long line", ok + "X: " + strings.Repeat("x", 4000) + "\r\n" + end, ""},
		{"too long a line", ok + "X: " + strings.Repeat("x", 5000) + "\r\n" + end, wire.KindHeader},
		{"far too long a line", ok + "X: " + strings.Repeat("x", 50_000) + "\r\n" + end, wire.KindHeader},
		{"too long a status line", "HTTP/1.1 200 " + strings.Repeat("x", 50_000) + "\r\n" + end, wire.KindHeader},
		{"too much together", ok + strings.Repeat("X: "+strings.Repeat("x", 500)+"\r\n", 9) + end, wire.KindHeader},
		{"many lines", ok + strings.Repeat("X: 1\r\n", 19) + end, ""},
		{"too many lines", ok + strings.Repeat("X: 1\r\n", 20) + end, wire.KindHeader},
		{"too many trailer lines", ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + strings.Repeat("X: 1\r\n", 30) + "\r\n", wire.KindHeader},
		{"too long a size line", ok + "Transfer-Encoding: chunked\r\n\r\n2;" + strings.Repeat("x", 9000) + "\r\nok\r\n0\r\n\r\n", wire.KindFraming},
		{"interim answers", strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 5) + ok + end, ""},
		{"interim answers for ever", strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 500), wire.KindHeader},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := one(t, tt.text, cfg)
			if r.kind() != tt.kind {
				t.Errorf("%v, want %q", r.err, tt.kind)
			}
			if shown := strings.Join(r.w.interim, "") + string(r.w.received); !strings.HasPrefix(tt.text, shown) || tt.kind == "" && shown != tt.text {
				t.Errorf("shown %d bytes that were not sent like that, of %d", len(shown), len(tt.text))
			}
		})
	}
}
