package crawler_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/verify"
)

// A name that has addresses of both families, of which only one is answered at,
// is reached as browsers reach it, and the visit says so.
func TestVisitTriesAllAddresses(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "<title>The dam</title><p>"+strings.Repeat("The dam was finished in 1962. ", 40))
	})}
	go server.Serve(l)
	defer server.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	for name, addrs := range map[string][]string{
		"one address":      {"127.0.0.1"},
		"IPv6 refused":     {"::1", "127.0.0.1"},
		"IPv4 refused too": {"::1", "127.0.0.77", "127.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			d := crawler.Guard{AllowPrivate: true}.Dialer()
			d.Resolver.Dial = func(context.Context, string, string) (net.Conn, error) { return nameServer(addrs), nil }
			kept, _ := openArchive(t)
			source := "http://both.example:" + port + "/dam"
			r := crawl(t, crawler.Config{
				UserAgent: "test", Delay: -1, SecondLook: -1, Requisites: crawler.RequisiteLimits{Off: true},
				Guard: crawler.Guard{AllowPrivate: true}, Dial: d.DialContext, Judge: verify.Judge, Keeper: keeper{kept},
			}, source)[source]
			if r.Err != nil || r.Capture.Verdict != archive.Alive {
				t.Fatalf("%+v, %v", r.Capture, r.Err)
			}
			said := strings.Contains(strings.Join(r.Capture.Reasons, "\n"), "address-tried: 127.0.0.1 answered")
			tried := r.Capture.Exchanges[0].Tried
			// A machine without IPv6 has nothing to say of such an address.
			if len(addrs) == 3 && len(tried) == 0 || len(tried) >= len(addrs) || said != (len(tried) > 0) {
				t.Errorf("tried %q, and said %q", tried, r.Capture.Reasons)
			}
			for _, s := range tried {
				if !strings.Contains(s, "refused") || strings.Count(s, port) != 1 {
					t.Errorf("tried %q", s)
				}
			}
		})
	}
}

// nameServer is a connection to a server of names that knows one.
func nameServer(addrs []string) net.Conn {
	client, server := net.Pipe()
	go func() {
		defer server.Close()
		for {
			var size [2]byte
			if _, err := io.ReadFull(server, size[:]); err != nil {
				return
			}
			query := make([]byte, binary.BigEndian.Uint16(size[:]))
			if _, err := io.ReadFull(server, query); err != nil {
				return
			}
			answer, err := namesAnswer(query, addrs)
			if err != nil {
				return
			}
			if _, err := server.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...)); err != nil {
				return
			}
		}
	}()
	return client
}

func namesAnswer(query []byte, addrs []string) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(query); err != nil {
		return nil, err
	}
	m.Response, m.Additionals = true, nil
	q := m.Questions[0]
	for _, s := range addrs {
		a := netip.MustParseAddr(s)
		head := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 60}
		switch {
		case a.Is4() && q.Type == dnsmessage.TypeA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AResource{A: a.As4()}})
		case a.Is6() && q.Type == dnsmessage.TypeAAAA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}})
		}
	}
	return m.Pack()
}
