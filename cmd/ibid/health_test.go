package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler/schedule"
)

func TestHealth(t *testing.T) {
	at := time.Date(2026, 11, 22, 4, 30, 0, 0, time.UTC)
	next := at.Add(24 * time.Hour)
	outcome := func(result string, err error) *schedule.Outcome {
		return &schedule.Outcome{StartedAt: at, EndedAt: at.Add(time.Minute), Reports: []string{"a.txt", "b.txt"}, Result: result, Err: err}
	}
	last := func(result, err string) *runJSON {
		return &runJSON{StartedAt: at, EndedAt: at.Add(time.Minute), Reports: 2, Result: result, Error: err}
	}
	wrong := errors.New("disk full")
	for _, test := range []struct {
		name    string
		status  schedule.Status
		storage error
		code    int
		want    healthJSON
	}{
		{"before the first run", schedule.Status{Running: true}, nil, http.StatusOK, healthJSON{Status: "ok", Storage: "ok", Running: true}},
		{"all well", schedule.Status{Last: outcome("ok", nil), NextTick: next}, nil, http.StatusOK,
			healthJSON{Status: "ok", Storage: "ok", LastRun: last("ok", ""), NextTick: &next}},
		{"the storage is gone", schedule.Status{Last: outcome("ok", nil)}, wrong, http.StatusServiceUnavailable,
			healthJSON{Status: "storage", Storage: "disk full", LastRun: last("ok", "")}},
		{"the last run failed", schedule.Status{Last: outcome("failed", wrong), Failing: map[string]schedule.Failure{"a.txt": {Result: "failed", Err: wrong}}}, nil,
			http.StatusServiceUnavailable, healthJSON{Status: "failed", Storage: "ok", LastRun: last("failed", "disk full"), Failing: map[string]string{"a.txt": "disk full"}}},
		{"an earlier run failed", schedule.Status{Last: outcome("ok", nil), Failing: map[string]schedule.Failure{"a.txt": {Result: "offline", Err: wrong}}}, nil,
			http.StatusServiceUnavailable, healthJSON{Status: "offline", Storage: "ok", LastRun: last("ok", ""), Failing: map[string]string{"a.txt": "disk full"}}},
		{"a report cannot be read", schedule.Status{Last: outcome("partial", wrong), Failing: map[string]schedule.Failure{"a.txt": {Result: "partial", Err: wrong}}}, nil,
			http.StatusOK, healthJSON{Status: "ok", Storage: "ok", LastRun: last("partial", "disk full"), Failing: map[string]string{"a.txt": "disk full"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := &health{status: func() schedule.Status { return test.status }, reachable: func(context.Context) error { return test.storage }}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/healthz", nil))
			var got healthJSON
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" || w.Code != test.code {
				t.Errorf("%d, want %d (-want +got):\n%s", w.Code, test.code, diff)
			}
		})
	}
}

// However often somebody asks, archive and catalog are asked now and then, and
// a store that hangs is an answer, too.
func TestHealthAsksSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		h := &health{status: func() schedule.Status { return schedule.Status{} }, reachable: func(ctx context.Context) error {
			if asked++; asked < 3 {
				return nil
			}
			<-ctx.Done()
			return ctx.Err()
		}}
		for _, test := range []struct {
			wait  time.Duration
			asked int
			hangs bool
		}{{0, 1, false}, {reachAge, 1, false}, {time.Second, 2, false}, {2 * reachAge, 3, true}, {0, 3, true}} {
			time.Sleep(test.wait)
			if err := h.check(t.Context()); errors.Is(err, context.DeadlineExceeded) != test.hangs || asked != test.asked {
				t.Errorf("asked %d times: %v, want %d", asked, err, test.asked)
			}
		}
	})
}

func TestExchangeClass(t *testing.T) {
	for _, test := range []struct {
		x    archive.Exchange
		want string
	}{
		{archive.Exchange{Status: 200}, "2xx"},
		{archive.Exchange{Status: 404}, "4xx"},
		{archive.Exchange{Status: 999}, "other"},
		{archive.Exchange{}, "other"},
		{archive.Exchange{Status: 200, Failure: &archive.Failure{Class: archive.ClassReset}}, "reset"},
	} {
		if got := exchangeClass(&test.x); got != test.want {
			t.Errorf("exchangeClass(%d, %+v) = %s, want %s", test.x.Status, test.x.Failure, got, test.want)
		}
	}
}
