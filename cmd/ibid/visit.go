package main

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/platform"
	"github.com/ibid-archive/ibid/crawler/wire"
	"github.com/ibid-archive/ibid/verify"
)

// crawlerConfig turns settings into what the crawler wants.
func (a *app) crawlerConfig(s Settings) (crawler.Config, error) {
	cfg := crawler.Config{
		Workers: s.Workers, PerHost: s.PerHost, Delay: off(s.Delay), Timeout: s.Timeout, UserAgent: userAgent(s), Robots: s.Robots,
		Requisites: crawler.RequisiteLimits{Off: !s.Requisites, Count: s.RequisiteCount, Bytes: s.RequisiteBytes, Time: min(s.RequisiteTime, s.Timeout)},
		MaxBody:    s.MaxBody, MaxRedirects: off(s.MaxRedirects), Retries: off(s.Retries), MaxRetryAfter: off(s.MaxRetryAfter), SecondLook: off(s.SecondLook),
		Decode: archive.DecodeLimits{MaxBytes: s.MaxDecoded, MaxRatio: s.MaxRatio},
		Guard:  crawler.Guard{AllowPrivate: s.AllowPrivate},
		Wire: wire.Config{ConnectTimeout: s.ConnectTimeout, TLSTimeout: s.TLSTimeout, HeaderTimeout: s.HeaderTimeout,
			MaxHeaderBytes: s.MaxHeader, MinRate: off(s.MinRate)},
		Judge: verify.Judge, Log: a.logger(),
	}
	if err := s.validate(); err != nil {
		return cfg, err
	}
	registry, err := platform.New(platform.Config{Endpoints: s.PlatformEndpoints})
	if err != nil {
		return cfg, usageError("platform_endpoints: %w", err)
	}
	if s.Platforms {
		cfg.Platforms = registry
	}
	if s.CAFile != "" {
		pem, err := os.ReadFile(s.CAFile)
		if err != nil {
			return cfg, &exitError{exitUsage, err}
		}
		roots, err := x509.SystemCertPool()
		if err != nil {
			roots = x509.NewCertPool()
		}
		if !roots.AppendCertsFromPEM(pem) {
			return cfg, usageError("--ca-file %s: no certificate in it", s.CAFile)
		}
		cfg.Roots = roots
	}
	if len(s.ConnectTo) > 0 {
		dial, err := connectTo(s.ConnectTo, cfg.Guard)
		if err != nil {
			return cfg, err
		}
		cfg.Dial = dial
	}
	return cfg, nil
}

// off makes 0, which on the command line means none, what the crawler takes
// for none.
func off[T int | int64 | time.Duration](v T) T {
	if v == 0 {
		return -1
	}
	return v
}

func userAgent(s Settings) string {
	if s.UserAgent != "" {
		return s.UserAgent
	}
	contact := "https://github.com/ibid-archive/ibid"
	if s.Contact != "" {
		contact = s.Contact
	}
	return fmt.Sprintf("Mozilla/5.0 (compatible; ibid/%s; +%s)", version(), contact)
}

// version is the version that the binary was built as.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return strings.TrimPrefix(info.Main.Version, "v")
	}
	return "0.1.0-dev"
}

// connectTo returns a dialer that goes elsewhere for some hosts. Where the
// operator sends a connection is the operator's choice, so the guard does not
// look at it; everything else is dialled under guard.
func connectTo(rules []string, guard crawler.Guard) (func(ctx context.Context, network, addr string) (net.Conn, error), error) {
	type rule struct{ host, port, toHost, toPort string }
	var all []rule
	for _, r := range rules {
		parts := strings.Split(r, ":")
		if len(parts) != 4 {
			return nil, usageError("--connect-to %s: want HOST1:PORT1:HOST2:PORT2", r)
		}
		all = append(all, rule{strings.ToLower(parts[0]), parts[1], parts[2], parts[3]})
	}
	guarded := guard.Dialer()
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			if (r.host == "" || r.host == strings.ToLower(host)) && (r.port == "" || r.port == port) {
				to, toPort := r.toHost, r.toPort
				if to == "" {
					to = host
				}
				if toPort == "" {
					toPort = port
				}
				return (&net.Dialer{KeepAlive: -1}).DialContext(ctx, network, net.JoinHostPort(to, toPort))
			}
		}
		return guarded.DialContext(ctx, network, addr)
	}, nil
}
