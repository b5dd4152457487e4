package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive/log/timestamp"
)

// maxCheckpoint bounds what is read as a checkpoint, in bytes.
const maxCheckpoint = 1 << 20

// witnesses reads older checkpoints: files, or http(s) addresses.
func (a *app) witnesses(ctx context.Context, s Settings, places []string) ([][]byte, error) {
	var all [][]byte
	for _, place := range places {
		b, err := a.witness(ctx, s, place)
		if err != nil {
			return nil, fmt.Errorf("witness %s: %w", place, err)
		}
		all = append(all, b)
	}
	return all, nil
}

func (a *app) witness(ctx context.Context, s Settings, place string) ([]byte, error) {
	var in io.ReadCloser
	if strings.HasPrefix(place, "https://") || strings.HasPrefix(place, "http://") {
		transport, err := a.transport(s)
		if err != nil {
			return nil, err
		}
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, place, nil)
		if err != nil {
			return nil, err
		}
		req.Header.Set("User-Agent", userAgent(s))
		resp, err := (&http.Client{Transport: transport}).Do(req)
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("the server answered %s", resp.Status)
		}
		in = resp.Body
	} else {
		f, err := os.Open(place)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, maxCheckpoint+1))
	if err == nil && len(b) > maxCheckpoint {
		err = fmt.Errorf("it has more than %d bytes, and is no checkpoint", maxCheckpoint)
	}
	return b, err
}

// writeWitness writes a checkpoint to a file, for a place that who keeps the
// archive cannot change: a git repository, a colleague, a newspaper.
func writeWitness(path, checkpoint string) (err error) {
	temp := path + ".new"
	f, err := os.OpenFile(temp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644) //nolint:gosec // it is meant for others
	if err != nil {
		return err
	}
	if _, err = f.WriteString(checkpoint); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	return os.Rename(temp, path)
}

// transport is for services that the operator names: it dials under the same
// guard as visits do, and needs no proxy.
func (a *app) transport(s Settings) (http.RoundTripper, error) {
	cfg, err := a.crawlerConfig(s)
	if err != nil {
		return nil, err
	}
	t := &http.Transport{DialContext: cfg.Dial, TLSHandshakeTimeout: s.TLSTimeout, ResponseHeaderTimeout: s.HeaderTimeout,
		TLSClientConfig: &tls.Config{RootCAs: cfg.Roots, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true}
	if t.DialContext == nil {
		t.DialContext = cfg.Guard.Dialer().DialContext
	}
	return t, nil
}

// stampRoots are the roots that may vouch for time-stamps; nil for the system's.
func stampRoots(s Settings) (*x509.CertPool, error) {
	if s.TimestampRoots == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(s.TimestampRoots)
	if err == nil {
		var roots *x509.CertPool
		if roots, err = timestamp.ParseRoots(pem); err == nil {
			return roots, nil
		}
	}
	return nil, usageError("--timestamp-roots %s: %w", s.TimestampRoots, err)
}

// stamp has the configured authorities time-stamp the log as it is now. What
// fails is said and no more: the next run asks again.
func (a *app) stamp(ctx context.Context, v *vault, s Settings, to *slog.Logger) error {
	if len(s.Timestamp) == 0 || v.log == nil || v.log.Checkpoint().Size == 0 {
		return nil
	}
	transport, err := a.transport(s)
	if err != nil {
		return err
	}
	roots, err := stampRoots(s)
	if err != nil {
		return err
	}
	client := &timestamp.Client{Transport: transport, Roots: roots, UserAgent: userAgent(s)}
	stamped, err := v.log.Stamp(ctx, client, s.Timestamp...)
	for _, st := range stamped {
		switch {
		case st.Err != nil:
			to.Warn("no time-stamp; the next run asks again", "authority", st.Authority, "err", st.Err)
		case !st.Known:
			to.Info("the log is time-stamped", "authority", st.Authority, "time", st.Info.Time, "trusted", st.Info.Trusted)
		}
	}
	return err
}
