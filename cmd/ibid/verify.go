package main

import (
	"context"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/archive/log/timestamp"
	"github.com/ibid-archive/ibid/verify"
	"github.com/ibid-archive/ibid/verify/render"
)

// verifyOptions are the flags of verify.
type verifyOptions struct {
	keys    []string
	signers []string
	roots   string
	strict  bool
}

func (a *app) verifyCommand() *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify FILE…",
		Short: "Check a WACZ or a WARC, offline",
		Long: `Checks files that anybody has written, WACZ packages and WARCs, with nothing but
their bytes, and says of each step what it proves and what not:

  structure   the file means the same to every reader
  hashes      every file in it is the one that the manifest describes
  digest      the manifest is the one that the digest is of
  signature   who vouches for the manifest
  records     blocks and payloads of the WARCs are those of their digests
and of packages that ibid has written
  names       each WARC is named by the SHA-256 of its bytes
  captures    each is a whole capture or report; revisits find their records
  entries     what the log says of each WARC is what that says of itself
  checkpoint  who signed the log
  inclusion   the entries are in the log
  timestamps  since when the log has existed
  citations   the verdicts that are shown are those of the captures

What is not in the file is said to be not there, and never passes. Keys that
come with a package are those of whoever wrote it: "consistent" says that all
belongs together, and "passed" that a key that you gave vouches for it.

Exits 0 when all that could be checked holds, 2 when anything does not, 1 when a
file cannot be read.`,
		Example: `  ibid verify report.wacz
  ibid verify --strict --log-key ibid.example+1a2b3c4d+… report.wacz
  ibid verify crawl.warc.gz`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("name at least one file")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return a.runVerify(cmd.Context(), &o, args) },
	}
	a.flags(cmd, "text", "json")
	f := cmd.Flags()
	f.StringArrayVar(&o.keys, "log-key", nil, "public `key` that must vouch for the log, as ibid key prints it, or a file of such lines")
	f.StringArrayVar(&o.signers, "signer", nil, "`SHA-256` of the public key that must have signed the package")
	f.StringVar(&o.roots, "timestamp-roots", "", "PEM `file` of roots to trust for time-stamps (default: those of the system)")
	f.BoolVar(&o.strict, "strict", false, "fail when something is not there that a package of ibid's has")
	return cmd
}

// config reads the flags that say what to hold a package to.
func (o *verifyOptions) config() (cfg verify.PackageConfig, err error) {
	cfg.Strict = o.strict
	for _, k := range o.keys {
		keys, err := readVerifiers(k)
		if err != nil {
			return cfg, err
		}
		cfg.Keys = append(cfg.Keys, keys...)
	}
	for _, s := range o.signers {
		s = strings.ToLower(s)
		if b, err := hex.DecodeString(s); err != nil || len(b) != 32 {
			return cfg, usageError("--signer %s: want a SHA-256 in hexadecimal, as verify prints it", s)
		}
		cfg.Signers = append(cfg.Signers, s)
	}
	if o.roots == "" {
		return cfg, nil
	}
	pem, err := os.ReadFile(o.roots)
	if err != nil {
		return cfg, &exitError{exitUsage, fmt.Errorf("--timestamp-roots: %w", err)}
	}
	var roots *x509.CertPool
	if roots, err = timestamp.ParseRoots(pem); err != nil {
		return cfg, usageError("--timestamp-roots %s: %w", o.roots, err)
	}
	cfg.Roots = roots
	return cfg, nil
}

// maxKeyFile bounds a file of public keys in bytes.
const maxKeyFile = 1 << 20

// readVerifiers reads a key, or the keys in a file, a line each.
func readVerifiers(text string) ([]*log.Verifier, error) {
	if v, err := log.ParseVerifier(text); err == nil {
		return []*log.Verifier{v}, nil
	}
	f, err := os.Open(text)
	if err != nil {
		return nil, usageError("--log-key %s: neither a key, as ibid key prints it, nor a file of keys", text)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return nil, &exitError{exitUsage, fmt.Errorf("--log-key: %w", err)}
	}
	var keys []*log.Verifier
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		v, err := log.ParseVerifier(line)
		if err != nil {
			return nil, usageError("--log-key %s: %w", text, err)
		}
		keys = append(keys, v)
	}
	if len(keys) == 0 {
		return nil, usageError("--log-key %s: no key in it", text)
	}
	return keys, nil
}

func (a *app) runVerify(ctx context.Context, o *verifyOptions, files []string) error {
	cfg, err := o.config()
	if err != nil {
		return err
	}
	if err := a.writable(); err != nil {
		return err
	}
	var reports []*verify.PackageReport
	holds := true
	var unread error
	for _, name := range files {
		r, err := verifyFile(ctx, name, cfg)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			unread = errors.Join(unread, err)
			continue
		}
		holds = holds && r.Holds()
		reports = append(reports, r)
	}
	if err := a.write(func(w io.Writer) error {
		if a.opt.format == "json" {
			return render.PackagesJSON(w, reports)
		}
		for i, r := range reports {
			if i > 0 {
				fmt.Fprintln(w)
			}
			if err := render.PackageText(w, r, render.TextOptions{Width: a.width(), Color: a.opt.output == "" && colour(a.out)}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	if unread != nil {
		return unread
	}
	if !holds {
		return errFindings
	}
	return nil
}

// verifyFile checks one file.
func verifyFile(ctx context.Context, name string, cfg verify.PackageConfig) (*verify.PackageReport, error) {
	f, size, err := openPackage(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	cfg.Name = name
	return verify.Package(ctx, f, size, cfg)
}

// openPackage opens a file that is read at any place.
func openPackage(name string) (*os.File, int64, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("open %s: not a regular file", name)
	}
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}
