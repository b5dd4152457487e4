package main

import "github.com/ibid-archive/ibid/crawler"

// validate refuses what makes no sense, before anything is opened or visited.
// It names the flags; the fields of ibid.yaml are called the same.
func (s *Settings) validate() error {
	for _, v := range []struct {
		flag  string
		value int64
		zero  bool // 0 stands for none
	}{
		{"delay", int64(s.Delay), true},
		{"workers", int64(s.Workers), false},
		{"per-host", int64(s.PerHost), false},
		{"timeout", int64(s.Timeout), false},
		{"connect-timeout", int64(s.ConnectTimeout), false},
		{"tls-timeout", int64(s.TLSTimeout), false},
		{"header-timeout", int64(s.HeaderTimeout), false},
		{"min-rate", s.MinRate, true},
		{"max-age", int64(s.MaxAge), true},
		{"max-body", s.MaxBody, false},
		{"max-decoded", s.MaxDecoded, false},
		{"max-ratio", s.MaxRatio, false},
		{"max-header", int64(s.MaxHeader), false},
		{"max-redirects", int64(s.MaxRedirects), true},
		{"retries", int64(s.Retries), true},
		{"max-retry-after", int64(s.MaxRetryAfter), true},
		{"second-look", int64(s.SecondLook), true},
		{"requisite-count", int64(s.RequisiteCount), false},
		{"requisite-bytes", s.RequisiteBytes, false},
		{"requisite-time", int64(s.RequisiteTime), false},
		{"memento-delay", int64(s.MementoDelay), true},
	} {
		switch {
		case v.zero && v.value < 0:
			return usageError("--%s must not be negative", v.flag)
		case !v.zero && v.value <= 0:
			return usageError("--%s must be more than 0", v.flag)
		}
	}
	if s.Robots != crawler.RobotsIgnore && s.Robots != crawler.RobotsRespect {
		return usageError("--robots %s: want %s or %s", s.Robots, crawler.RobotsIgnore, crawler.RobotsRespect)
	}
	return nil
}
