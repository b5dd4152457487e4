package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/dir"
	"github.com/ibid-archive/ibid/archive/blob/s3"
	"github.com/ibid-archive/ibid/archive/catalog"
	"github.com/ibid-archive/ibid/archive/log"
	"github.com/ibid-archive/ibid/crawler/schedule"
)

// store is where an archive is.
type store interface {
	blob.Store
	blob.Cells
}

// vault is an opened archive with its catalog.
type vault struct {
	store   store
	log     *log.Log // nil when there is none yet, and nothing may be written
	archive *archive.Archive
	catalog *catalog.Catalog
	tempDir string // on the same file system as the store, where there is one
	close   []func() error
}

func (v *vault) Close() error {
	var err error
	for i := len(v.close) - 1; i >= 0; i-- {
		err = errors.Join(err, v.close[i]())
	}
	return err
}

var errNoArchive = errors.New("there is no archive")

// openStore opens the archive without its catalog. Without create it is only
// read, and a directory that is not there is an error.
func (a *app) openStore(ctx context.Context, s Settings, create bool) (*vault, error) {
	v, err := a.openPlain(ctx, s, create)
	if err != nil {
		return nil, err
	}
	if err := v.openLog(ctx, s, create); err != nil {
		return nil, errors.Join(err, v.Close())
	}
	cfg := archive.Config{Store: v.store, ReadOnly: !create, Software: "ibid/" + version(), TempDir: v.tempDir}
	if v.log != nil {
		cfg.Log = v.log
	}
	v.archive = archive.New(cfg)
	return v, nil
}

// openPlain opens the store of the archive, and nothing in it: for what copies
// objects, or says what is wrong with them.
func (a *app) openPlain(ctx context.Context, s Settings, create bool) (*vault, error) {
	v := &vault{}
	if strings.Contains(s.Archive, "://") {
		store, err := a.openS3(ctx, s, !create)
		if err != nil {
			return nil, err
		}
		v.store = store
	} else {
		if !create {
			if _, err := os.Stat(s.Archive); errors.Is(err, fs.ErrNotExist) {
				return nil, fmt.Errorf("%w at %s; `ibid archive REPORT` makes one, --archive names another", errNoArchive, s.Archive)
			}
		}
		if err := dirOnly(s, create); err != nil {
			return nil, err
		}
		store, err := dir.Open(s.Archive, dir.Config{ReadOnly: !create})
		if err != nil {
			return nil, err
		}
		v.store, v.tempDir = store, store.TempDir()
		v.close = append(v.close, store.Close)
	}
	return v, nil
}

// openLog opens the archive's log, and with create makes it when there is none.
func (v *vault) openLog(ctx context.Context, s Settings, create bool) error {
	cfg := log.Config{Objects: v.store, Cells: v.store, Trusted: s.LogKeys}
	if create {
		dir, err := keyDir(s)
		if err != nil {
			return err
		}
		// A store that was put back to an older state while nothing ran must not
		// be added to: this machine remembers what it saw last.
		keys := log.KeyDir(dir)
		cfg.Keys, cfg.Seen = keys, keys.Seen
		v.close = append(v.close, func() error {
			if v.log == nil {
				return nil
			}
			return keys.Remember(v.log.Checkpoint())
		})
	}
	var err error
	v.log, err = log.Open(ctx, cfg)
	switch {
	case errors.Is(err, log.ErrNoLog) && !create:
		return nil
	case errors.Is(err, log.ErrNoKey):
		return fmt.Errorf("%w; keys are looked for in %s, and --keys names another place; if the key is lost, `ibid key rotate --lost` goes on with a new one", err, cfg.Keys)
	}
	return err
}

// keyDir is where the log's private keys are: on the machine that archives,
// outside of the archive.
func keyDir(s Settings) (string, error) {
	if s.Keys != "" {
		return s.Keys, nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("no place for the keys of the log, name one with --keys DIR: %w", err)
	}
	return filepath.Join(dir, "ibid", "keys"), nil
}

// dirOnly refuses, where something is to be written, what a directory can't do.
func dirOnly(s Settings, create bool) error {
	switch {
	case !create:
		return nil
	case s.Lock != LockSettings{}:
		return usageError("lock: a directory can't keep its owner, or who becomes root, from deleting files; " +
			"use an s3:// archive in a bucket with Object Lock, or keep a second copy elsewhere")
	case s.Encryption != EncryptionSettings{}:
		return usageError("encryption: of an archive in a directory that is the file system's task; it is a setting for s3:// archives")
	}
	return nil
}

// openVault opens archive and catalog.
func (a *app) openVault(ctx context.Context, s Settings, create bool) (*vault, error) {
	path, err := catalogPath(s)
	if err != nil {
		return nil, err
	}
	v, err := a.openStore(ctx, s, create)
	if err != nil {
		return nil, err
	}
	if v.catalog, err = catalog.Open(ctx, path); err != nil {
		return nil, errors.Join(err, v.Close())
	}
	v.close = append(v.close, v.catalog.Close)
	return v, nil
}

// openCurrent opens archive and catalog, and enters into the catalog first what
// the archive has and it does not.
func (a *app) openCurrent(ctx context.Context, s Settings, create bool) (*vault, *schedule.Runner, error) {
	v, err := a.openVault(ctx, s, create)
	if err != nil {
		return nil, nil, err
	}
	r := &schedule.Runner{Archive: v.archive, Catalog: v.catalog, Log: a.logger()}
	if _, err := r.Heal(ctx); err != nil {
		return nil, nil, errors.Join(err, v.Close())
	}
	return v, r, nil
}

// reports reads the newest version of every report that the archive knows.
func (v *vault) reports(ctx context.Context) ([]schedule.Source, error) {
	known, err := v.catalog.Reports(ctx)
	if err != nil {
		return nil, err
	}
	r := &schedule.Runner{Archive: v.archive}
	sources := make([]schedule.Source, 0, len(known))
	for _, k := range known {
		source, err := r.Kept(ctx, k)
		if err != nil {
			return nil, err
		}
		sources = append(sources, source)
	}
	return sources, nil
}

// newest reads the newest version of one report, see schedule.Runner.Newest.
func (v *vault) newest(ctx context.Context, path string) (schedule.Source, error) {
	return (&schedule.Runner{Archive: v.archive, Catalog: v.catalog}).Newest(ctx, path)
}

func (a *app) openS3(ctx context.Context, s Settings, readOnly bool) (store, error) {
	rest, ok := strings.CutPrefix(s.Archive, "s3://")
	bucket, prefix, _ := strings.Cut(rest, "/")
	if !ok || bucket == "" {
		return nil, usageError("--archive %s: want a directory or s3://bucket/prefix", s.Archive)
	}
	cfg := s3.Config{
		Bucket: bucket, Prefix: strings.Trim(prefix, "/"), Endpoint: s.S3.Endpoint, Region: s.S3.Region, ReadOnly: readOnly,
		Lock:       s3.Lock{Mode: s3.LockMode(s.Lock.Mode), Days: s.Lock.Days},
		Encryption: s3.Encryption{Mode: s3.EncryptionMode(s.Encryption.Mode), Key: s.Encryption.Key},
	}
	switch s.S3.PathStyle {
	case "auto", "":
		cfg.Style = s3.StyleAuto
	case "true":
		cfg.Style = s3.StylePath
	case "false":
		cfg.Style = s3.StyleHost
	default:
		return nil, usageError("--s3-path-style %s: want auto, true or false", s.S3.PathStyle)
	}
	store, caps, err := s3.Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	for _, note := range caps.Notes {
		a.logger().Warn(note, "bucket", bucket)
	}
	for _, limit := range caps.Limits {
		a.logger().Debug(limit, "bucket", bucket)
	}
	return store, nil
}

// catalogPath is where the index is. An S3 archive has its index in the user's
// cache directory: it can be rebuilt from the bucket at any time.
func catalogPath(s Settings) (string, error) {
	if s.Catalog != "" {
		path, ok := strings.CutPrefix(s.Catalog, "sqlite:")
		if !ok || path == "" {
			return "", usageError("--catalog %s: want sqlite:FILE", s.Catalog)
		}
		return path, nil
	}
	if !strings.Contains(s.Archive, "://") {
		return filepath.Join(s.Archive, "catalog.sqlite"), nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no place for the catalog of %s, name one with --catalog sqlite:FILE: %w", s.Archive, err)
	}
	sum := sha256.Sum256([]byte(s.S3.Endpoint + " " + s.Archive))
	dir := filepath.Join(cache, "ibid", hex.EncodeToString(sum[:8]))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	return filepath.Join(dir, "catalog.sqlite"), nil
}
