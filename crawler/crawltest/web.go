package crawltest

import (
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Config says what a Web serves. The zero Config is the demo hosts and every
// case, and no corpus. Each host costs two listeners: leave out what is not
// visited.
type Config struct {
	Corpus  *Corpus // served too, when not nil
	NoDemo  bool    // leaves out the demo hosts
	NoCases bool    // leaves out the cases and their hosts
	// Posts are on the twins of platforms, which are served when it is not empty.
	Posts []Post
	// Khorasan adds the hosts that the sample report islamic-state-khorasan.txt
	// cites, and its posts to Posts.
	Khorasan bool
	// Holdings are what wayback.test and mementos.test have; without any there
	// are no such hosts.
	Holdings []Holding
	// MaxRequests bounds what Requests remembers; the oldest are forgotten
	// first. 0 means 16384.
	MaxRequests int
}

// Web is a running web. All its methods may be called concurrently.
type Web struct {
	*Directory
	ca      *authority
	journal *journal
	corpus  *Corpus
	cases   []Case
	sites   map[string]*site
	phase   atomic.Int64
	connIDs atomic.Uint64
	done    chan struct{}
	wg      sync.WaitGroup

	mu        sync.Mutex
	closed    bool
	listeners []net.Listener
	conns     map[*conn]struct{}
	open      map[string]int
	peak      map[string]int
}

// Start listens and serves until Close. The only errors are those of making
// keys and of listening.
func Start(cfg Config) (*Web, error) {
	ca, err := newAuthority(time.Now())
	if err != nil {
		return nil, fmt.Errorf("start web: %w", err)
	}
	w := &Web{
		Directory: newDirectory(),
		ca:        ca,
		journal:   newJournal(cfg.MaxRequests),
		corpus:    cfg.Corpus,
		sites:     make(map[string]*site),
		done:      make(chan struct{}),
		conns:     make(map[*conn]struct{}),
		open:      make(map[string]int),
		peak:      make(map[string]int),
	}
	var sites []*site
	if !cfg.NoDemo {
		sites = append(sites, demoSites()...)
	}
	if !cfg.NoCases {
		troubled, cases := caseSites()
		sites = append(sites, troubled...)
		w.cases = cases
	}
	if cfg.Corpus != nil {
		sites = append(sites, cfg.Corpus.sites()...)
	}
	if cfg.Khorasan {
		sites = append(sites, khorasanSites()...)
		cfg.Posts = append(khorasanPostList(), cfg.Posts...)
	}
	if len(cfg.Posts) > 0 {
		sites = append(sites, twinSites(cfg.Posts)...)
	}
	if len(cfg.Holdings) > 0 {
		sites = append(sites, archiveSites(cfg.Holdings)...)
	}
	for i, s := range sites {
		if err := w.addSite(i, s); err != nil {
			_ = w.Close()
			return nil, fmt.Errorf("start web: host %s: %w", s.name, err)
		}
	}
	return w, nil
}

// addSite gives the site number i its address, its listeners and its name.
func (w *Web) addSite(i int, s *site) error {
	if w.sites[s.name] != nil {
		return fmt.Errorf("named twice")
	}
	w.sites[s.name] = s
	addr := hostAddr(i)
	e := &entry{Name: s.name, Addrs: []netip.Addr{addr}, DNS: s.dns, BlackHole: s.blackHole}
	if s.addrs != nil {
		e.Addrs = s.addrs
	}
	e.Later = s.later
	var err error
	if !s.refuse {
		if !s.tlsOnly {
			if e.HTTP, err = w.listen(addr, s, false); err != nil {
				return err
			}
		}
		if !s.plainOnly {
			if e.HTTPS, err = w.listen(addr, s, true); err != nil {
				return err
			}
		}
	}
	w.add(addr, e)
	return nil
}

// Close ends every connection, stops listening and waits for what ran. It may
// be called more than once.
func (w *Web) Close() error {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.done)
		w.Directory.close()
		for _, l := range w.listeners {
			_ = l.Close()
		}
		for c := range w.conns {
			_ = c.tcp.Close()
		}
	}
	w.mu.Unlock()
	w.wg.Wait()
	return nil
}

// Advance lets time pass: every host goes on to its next phase. Connections
// that are open see it from their next request on.
func (w *Web) Advance() { w.phase.Add(1) }

// Phase is the number of calls of Advance so far.
func (w *Web) Phase() int { return int(w.phase.Load()) }

// CACertPEM is the certificate of the authority that signed the hosts'
// certificates, for a trust store.
func (w *Web) CACertPEM() []byte { return w.ca.pem }

// CAPool is CACertPEM as a pool.
func (w *Web) CAPool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(w.ca.cert)
	return pool
}

// Transport is a plain net/http transport whose names and trust are this
// web's. The caller closes its idle connections.
func (w *Web) Transport() *http.Transport { return w.transport(w.CAPool()) }

// Body is the bytes that the stable page at url serves in this phase: without
// transfer coding, with content coding. It is nil for a URL that has no
// stable body, and empty but not nil for an empty one. The URL is taken as it
// is written, never repaired.
func (w *Web) Body(url string) []byte {
	host, target, ok := splitURL(url)
	if !ok {
		return nil
	}
	s := w.sites[host]
	if s == nil {
		return nil
	}
	if s.corpus != nil {
		return s.corpus.body(target)
	}
	r := s.find(target, w.Phase())
	if r.body == nil {
		return nil
	}
	return append([]byte{}, r.body()...)
}

// splitURL parts a URL into its lower-case host and its request target. It is
// textual on purpose: the cases include URLs that package net/url refuses.
func splitURL(url string) (host, target string, ok bool) {
	_, rest, ok := strings.Cut(url, "://")
	if !ok {
		return "", "", false
	}
	rest, _, _ = strings.Cut(rest, "#")
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	host, target = strings.ToLower(rest[:end]), rest[end:]
	host = host[strings.LastIndexByte(host, '@')+1:]
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.TrimSuffix(host, ".")
	if !strings.HasPrefix(target, "/") {
		target = "/" + target
	}
	return host, target, true
}
