package crawler

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// concluded is a visit that has been judged and waits to be kept.
type concluded struct {
	visit   *visit
	capture *archive.Capture

	requisites []Requisite
}

// holder keeps concluded visits and reports them. As long as nothing at all
// has answered, it holds them back: if that stays so, the machine is offline
// and they say nothing.
type holder struct {
	crawler *Crawler
	done    func(Result)
	cancel  context.CancelCauseFunc

	mu     sync.Mutex
	online bool
	held   []*concluded
	hosts  map[string]bool // of the held visits
	asked  bool            // the network was asked after
	report sync.Mutex      // one call of done at a time

	commits    chan struct{} // as many as may go on at once
	committing sync.WaitGroup
}

// heldHosts is how many hosts may fail to answer, with none that did, before
// the network itself is asked after.
const heldHosts = 3

func (h *holder) concluded(ctx context.Context, cv *concluded) {
	h.mu.Lock()
	if !h.online && !reached(&cv.visit.seen) {
		cv.visit.settle()
		h.held = append(h.held, cv)
		if h.hosts == nil {
			h.hosts = map[string]bool{}
		}
		h.hosts[hostOf(cv.visit.job.URL)] = true
		ask := len(h.hosts) >= heldHosts && !h.asked
		h.asked = h.asked || ask
		h.mu.Unlock()
		if ask && h.networkUp(ctx) {
			h.release(ctx)
		} else if ask && !h.reachedSince() {
			h.cancel(ErrOffline)
		}
		return
	}
	first := !h.online
	h.online = true
	h.mu.Unlock()
	if first {
		h.release(ctx)
	}
	h.keep(ctx, cv)
}

// reachedSince reports whether something answered while the network was asked after.
func (h *holder) reachedSince() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.online
}

// release keeps what was held back.
func (h *holder) release(ctx context.Context) {
	h.mu.Lock()
	h.online = true
	held := h.held
	h.held = nil
	h.mu.Unlock()
	for _, cv := range held {
		h.keep(ctx, cv)
	}
}

// finish decides about what is still held back when the run ends.
func (h *holder) finish(ctx context.Context) error {
	if len(h.held) == 0 {
		return nil
	}
	if context.Cause(ctx) == nil && h.networkUp(ctx) {
		h.release(ctx)
		return nil
	}
	for _, cv := range h.held {
		cv.visit.close()
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return ErrOffline
}

// reached reports whether anything answered at all: a connection stood, or
// somebody refused it.
func reached(v *archive.Visit) bool {
	for _, x := range v.Exchanges {
		if x.Remote.IsValid() {
			return true
		}
		if f := x.Failure; f != nil {
			switch f.Class {
			case archive.ClassNoHost, archive.ClassDNS, archive.ClassTimeout, archive.ClassUnreachable, archive.ClassOther:
			default:
				return f.Class == archive.ClassRefused
			}
		}
	}
	return false
}

// networkUp asks for the name servers of the top-level domains that the held
// visits were about: a dead domain's parent still answers, a dead network's
// does not.
func (h *holder) networkUp(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	asked := map[string]bool{}
	h.mu.Lock()
	held := h.held
	h.mu.Unlock()
	for _, cv := range held {
		if blameless(&cv.visit.seen) {
			return true // nothing to do with the network
		}
		tld := topLevel(hostOf(cv.visit.job.URL))
		if asked[tld] || len(asked) == 3 {
			continue
		}
		asked[tld] = true
		if err := h.crawler.cfg.NameServers(ctx, tld); err == nil {
			return true
		}
	}
	return false
}

// blameless visits never got as far as the network.
func blameless(v *archive.Visit) bool {
	x := v.Last()
	return x != nil && x.Failure != nil && (x.Failure.Class == archive.ClassURL || x.Failure.Class == archive.ClassPrivate)
}

func topLevel(host string) string {
	host, _, _ = strings.Cut(host, ":")
	host = strings.TrimSuffix(host, ".")
	if i := strings.LastIndexByte(host, '.'); i >= 0 && host[len(host)-1] > '9' {
		return host[i+1:] + "."
	}
	return "com."
}
