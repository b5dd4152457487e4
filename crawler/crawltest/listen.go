package crawltest

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"time"
)

// listen opens a listener for the site on its own address, or on 127.0.0.1
// where the system has no other loopback address, and serves it.
func (w *Web) listen(addr netip.Addr, s *site, secure bool) (netip.AddrPort, error) {
	var cfg net.ListenConfig
	cfg.SetMultipathTCP(false) // it costs, and no client here speaks it
	first, err := cfg.Listen(context.Background(), "tcp4", netip.AddrPortFrom(addr, 0).String())
	if err != nil {
		first, err = cfg.Listen(context.Background(), "tcp4", "127.0.0.1:0")
	}
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("listen: %w", err)
	}
	l := first.(*net.TCPListener)
	w.mu.Lock()
	w.listeners = append(w.listeners, l)
	w.mu.Unlock()
	w.wg.Go(func() { w.accept(l, s, secure) })
	return l.Addr().(*net.TCPAddr).AddrPort(), nil
}

func (w *Web) accept(l *net.TCPListener, s *site, secure bool) {
	for {
		tcp, err := l.AcceptTCP()
		if err != nil {
			select {
			case <-w.done:
				return
			case <-time.After(5 * time.Millisecond): // out of descriptors, most likely: it passes
				continue
			}
		}
		c := &conn{Conn: tcp, tcp: tcp, web: w, site: s, secure: secure, id: w.connIDs.Add(1)}
		if !w.track(c) {
			_ = tcp.Close()
			return
		}
		w.wg.Go(func() {
			defer w.untrack(c)
			c.run()
		})
	}
}

func (w *Web) track(c *conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false
	}
	w.conns[c] = struct{}{}
	w.open[c.site.name]++
	w.peak[c.site.name] = max(w.peak[c.site.name], w.open[c.site.name])
	return true
}

func (w *Web) untrack(c *conn) {
	_ = c.Conn.Close()
	_ = c.tcp.Close()
	w.mu.Lock()
	delete(w.conns, c)
	w.open[c.site.name]--
	w.mu.Unlock()
}

// PeakConns is the largest number of connections to host that were open at
// one time, as the host sees it: one that the client has just closed may still
// count.
func (w *Web) PeakConns(host string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.peak[host]
}

// run serves one connection to its end.
func (c *conn) run() {
	if c.secure && !c.site.blunt {
		if c.site.mute {
			c.drain()
			return
		}
		secured := tls.Server(c.tcp, c.web.tlsConfig(c.site))
		_ = secured.SetDeadline(time.Now().Add(10 * time.Second))
		if err := secured.Handshake(); err != nil {
			return
		}
		_ = secured.SetDeadline(time.Time{})
		c.Conn = secured
	}
	if c.site.greet != nil {
		c.site.greet(c)
		return
	}
	c.r = bufio.NewReader(c.Conn)
	for {
		h, err := c.next()
		if err != nil {
			return
		}
		if c.site.corpus != nil {
			if !c.site.corpus.answer(c, h) {
				return
			}
			continue
		}
		phase := c.web.Phase()
		c.web.journal.note(c, h, phase)
		if !c.site.find(h.target, phase).answer(c, h) || h.wantsClose() {
			return
		}
	}
}
