package crawltest

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Request is what a client asked.
type Request struct {
	Site   string      // the host of this web that was reached
	Host   string      // the Host field as sent
	Method string      // as sent
	Target string      // the request target as sent, query included
	Path   string      // Target without its query
	Header http.Header // canonical names; Raw keeps their spelling and order
	Raw    string      // the whole head, byte for byte
	Time   time.Time   // when its last byte was read
	Remote string      // the client's address and port
	Conn   uint64      // which connection it came on, unique in this web
	TLS    bool
	Phase  int
}

// journal remembers the latest requests in a ring.
type journal struct {
	mu   sync.Mutex
	ring []Request
	next int
	max  int
	hits map[string]int
}

// maxHits bounds the number of distinct targets that are counted.
const maxHits = 1 << 17

func newJournal(limit int) *journal {
	if limit <= 0 {
		limit = 16384
	}
	return &journal{max: limit, hits: make(map[string]int)}
}

func (j *journal) note(c *conn, h *head, phase int) {
	r := Request{
		Site: c.site.name, Host: string(h.field("host")), Method: h.method, Target: h.target,
		Header: parseHeader(h.raw), Raw: string(h.raw), Time: time.Now(),
		Remote: c.tcp.RemoteAddr().String(), Conn: c.id, TLS: c.secure, Phase: phase,
	}
	r.Path, _, _ = strings.Cut(r.Target, "?")
	j.mu.Lock()
	defer j.mu.Unlock()
	j.count(r.Site + r.Path)
	if r.Target != r.Path {
		j.count(r.Site + r.Target)
	}
	if len(j.ring) < j.max {
		j.ring = append(j.ring, r)
		return
	}
	j.ring[j.next] = r
	j.next = (j.next + 1) % j.max
}

func (j *journal) count(key string) {
	if _, ok := j.hits[key]; ok || len(j.hits) < maxHits {
		j.hits[key]++
	}
}

func parseHeader(raw []byte) http.Header {
	header := make(http.Header)
	_, rest, _ := bytes.Cut(raw, []byte("\n"))
	for line := range bytes.Lines(rest) {
		if name, value, ok := bytes.Cut(line, []byte(":")); ok {
			header.Add(string(name), string(bytes.TrimSpace(value)))
		}
	}
	return header
}

// Requests is what was asked so far, oldest first, at most
// Config.MaxRequests. Connections that a host takes over before it reads, and
// those that fail in TLS, ask nothing. A corpus keeps no journal.
func (w *Web) Requests() []Request {
	j := w.journal
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Concat(j.ring[j.next:], j.ring[:j.next])
}

// Hits counts the requests of any method for a path of host, all queries
// together; with a query it counts that very target.
func (w *Web) Hits(host, path string) int {
	if s := w.sites[host]; s != nil && s.corpus != nil {
		return s.corpus.hits(path)
	}
	w.journal.mu.Lock()
	defer w.journal.mu.Unlock()
	return w.journal.hits[host+path]
}
