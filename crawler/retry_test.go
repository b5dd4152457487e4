package crawler

import (
	"math"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		in   string
		want time.Duration
		ok   bool
	}{
		{"0", 0, true},
		{"120", 2 * time.Minute, true},
		{" 7\t", 7 * time.Second, true},
		{"0000000000000000000000000000005", 5 * time.Second, true},
		{"9223372036", 9223372036 * time.Second, true},
		{"9223372037", math.MaxInt64, true},
		{"99999999999999999999999999", math.MaxInt64, true},
		{"", 0, false},
		{"-1", 0, false},
		{"+5", 0, false},
		{"1.5", 0, false},
		{"5s", 0, false},
		{"soon", 0, false},
		{"٣", 0, false},
		{"Sun, 22 Nov 2026 12:01:00 GMT", time.Minute, true},
		{"Sunday, 22-Nov-26 12:01:00 GMT", time.Minute, true},
		{"Sun Nov 22 12:01:00 2026", time.Minute, true},
		{"Sun, 22 Nov 2026 13:01:00 +0100", time.Minute, true},
		{"Sun, 22 Nov 2026 12:01:00 UTC", time.Minute, true},
		{"Sun, 22 Nov 2026 11:00:00 GMT", 0, true},
		{"Saturday, 22-Nov-70 12:00:00 GMT", time.Date(2070, 11, 22, 12, 0, 0, 0, time.UTC).Sub(now), true},
		{"Saturday, 22-Nov-77 12:00:00 GMT", 0, true}, // 2077 is more than 50 years ahead: 1977
		{"Fri, 31 Dec 9999 23:59:59 GMT", math.MaxInt64, true},
		{"Fri, 31 Dec 99999 23:59:59 GMT", 0, false},
	} {
		got, ok := RetryAfter(tt.in, now)
		if got != tt.want || ok != tt.ok {
			t.Errorf("RetryAfter(%q) = %v, %v; want %v, %v", tt.in, got, ok, tt.want, tt.ok)
		}
	}
}

func TestBackoff(t *testing.T) {
	half := func() float64 { return 0.5 }
	for _, tt := range []struct {
		attempt   int
		base, max time.Duration
		rnd       func() float64
		want      time.Duration
	}{
		{0, time.Second, time.Minute, half, 500 * time.Millisecond},
		{1, time.Second, time.Minute, half, time.Second},
		{5, time.Second, time.Minute, half, 16 * time.Second},
		{6, time.Second, time.Minute, half, 30 * time.Second},
		{1 << 30, time.Second, time.Minute, half, 30 * time.Second},
		{-3, time.Second, time.Minute, half, 500 * time.Millisecond},
		{0, time.Hour, time.Minute, half, 30 * time.Second},
		{200, 1, math.MaxInt64, func() float64 { return 1 }, math.MaxInt64},
		{3, 0, time.Minute, half, 0},
		{3, time.Second, 0, half, 0},
		{3, time.Second, -1, half, 0},
		{3, time.Second, time.Minute, func() float64 { return -1 }, 0},
		{3, time.Second, time.Minute, func() float64 { return math.NaN() }, 0},
		{3, time.Second, time.Minute, func() float64 { return 2 }, 8 * time.Second},
	} {
		if got := Backoff(tt.attempt, tt.base, tt.max, tt.rnd); got != tt.want {
			t.Errorf("Backoff(%d, %v, %v) = %v, want %v", tt.attempt, tt.base, tt.max, got, tt.want)
		}
	}
	var low, high bool
	for range 2000 {
		d := Backoff(2, time.Second, time.Minute, nil)
		if d < 0 || d > 4*time.Second {
			t.Fatalf("Backoff = %v, want 0 to 4s", d)
		}
		low, high = low || d < time.Second, high || d > 3*time.Second
	}
	if !low || !high {
		t.Error("the jitter does not use the whole range")
	}
}

func FuzzRetryAfter(f *testing.F) {
	f.Add("120")
	f.Add("Sunday, 22-Nov-26 12:01:00 GMT")
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, h string) {
		if d, ok := RetryAfter(h, now); d < 0 || !ok && d != 0 {
			t.Fatalf("RetryAfter(%q) = %v, %v", h, d, ok)
		}
	})
}

func BenchmarkRetryAfter(b *testing.B) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		RetryAfter("Sun, 22 Nov 2026 12:01:00 GMT", now)
	}
}
