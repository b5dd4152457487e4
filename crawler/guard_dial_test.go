package crawler

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// A name that has addresses of both families, of which only one is answered at,
// is reached as browsers reach it.
func TestDialerTriesAllAddresses(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	for name, addrs := range map[string][]string{
		"IPv6 refused":     {"::1", "127.0.0.1"},
		"IPv4 refused too": {"::1", "127.0.0.77", "127.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			d := Guard{AllowPrivate: true}.Dialer()
			d.Resolver.Dial = func(context.Context, string, string) (net.Conn, error) { return nameServer(addrs), nil }
			c, err := d.DialContext(t.Context(), "tcp", net.JoinHostPort("both.example", port))
			if err != nil {
				t.Fatal(err)
			}
			c.Close()
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
