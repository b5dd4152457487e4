package main

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/ibid-archive/ibid/crawler/schedule"
)

// Bounds of the check of archive and catalog: how long it may take, and how
// long its answer is good for, so that nobody's polling becomes load.
const (
	reachTimeout = 10 * time.Second
	reachAge     = 5 * time.Second
)

// health answers /healthz.
type health struct {
	reachable func(context.Context) error
	status    func() schedule.Status

	mu      sync.Mutex
	checked time.Time
	err     error
}

// healthJSON is the answer of /healthz. Status is ok, or why it is not: storage,
// failed or offline. Reports that cannot be read are among the failing, and the
// service is ok nevertheless: the others are visited.
type healthJSON struct {
	Status         string            `json:"status"`
	Storage        string            `json:"storage"` // ok, or the error
	Running        bool              `json:"running"`
	LastRun        *runJSON          `json:"last_run,omitempty"`
	NextTick       *time.Time        `json:"next_tick,omitempty"`
	NextConfirming *time.Time        `json:"next_confirming,omitempty"` // visits between ticks of what is in doubt
	Failing        map[string]string `json:"failing,omitempty"`         // reports whose last try failed, with why
}

type runJSON struct {
	StartedAt  time.Time `json:"started_at"`
	EndedAt    time.Time `json:"ended_at"`
	Reports    int       `json:"reports"`
	Confirming bool      `json:"confirming,omitempty"` // it was between ticks, of what is in doubt
	Result     string    `json:"result"`               // ok, partial, offline, interrupted or failed
	Error      string    `json:"error,omitempty"`
}

func (h *health) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := describe(h.status(), h.check(r.Context()))
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if answer.Status != "ok" {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(answer) // the client went away
}

// check asks archive and catalog, one question at a time.
func (h *health) check(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.checked.IsZero() || time.Since(h.checked) > reachAge {
		// Its answer is for everybody: a client that leaves must not make it an error.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), reachTimeout)
		defer cancel()
		h.err = h.reachable(ctx)
		h.checked = time.Now()
	}
	return h.err
}

// describe turns what is known into the answer.
func describe(s schedule.Status, storage error) healthJSON {
	answer := healthJSON{Status: "ok", Storage: "ok", Running: s.Running}
	if !s.NextTick.IsZero() {
		answer.NextTick = &s.NextTick
	}
	if !s.NextConfirming.IsZero() {
		answer.NextConfirming = &s.NextConfirming
	}
	if o := s.Last; o != nil {
		answer.LastRun = &runJSON{StartedAt: o.StartedAt, EndedAt: o.EndedAt, Reports: len(o.Reports), Confirming: o.Confirming, Result: o.Result}
		if o.Err != nil {
			answer.LastRun.Error = o.Err.Error()
		}
		if o.Result == schedule.ResultFailed || o.Result == schedule.ResultOffline {
			answer.Status = o.Result
		}
	}
	for path, f := range s.Failing {
		if answer.Failing == nil {
			answer.Failing = map[string]string{}
		}
		answer.Failing[path] = f.Err.Error()
		if f.Result != schedule.ResultPartial && answer.Status == "ok" {
			answer.Status = f.Result
		}
	}
	if storage != nil {
		answer.Status, answer.Storage = "storage", storage.Error()
	}
	return answer
}
