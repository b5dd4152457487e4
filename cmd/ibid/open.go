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
)

// vault is an opened archive with its catalog.
type vault struct {
	store   blob.Store
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

// openStore opens the store of the archive. Without create it is only read,
// and a directory that is not there is an error.
func (a *app) openStore(ctx context.Context, s Settings, create bool) (*vault, error) {
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
		store, err := dir.Open(s.Archive, dir.Config{ReadOnly: !create})
		if err != nil {
			return nil, err
		}
		v.store, v.tempDir = store, store.TempDir()
		v.close = append(v.close, store.Close)
	}
	v.archive = archive.New(archive.Config{Store: v.store, Software: "ibid/" + version(), TempDir: v.tempDir})
	return v, nil
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

func (a *app) openS3(ctx context.Context, s Settings, readOnly bool) (blob.Store, error) {
	rest, ok := strings.CutPrefix(s.Archive, "s3://")
	bucket, prefix, _ := strings.Cut(rest, "/")
	if !ok || bucket == "" {
		return nil, usageError("--archive %s: want a directory or s3://bucket/prefix", s.Archive)
	}
	cfg := s3.Config{Bucket: bucket, Prefix: strings.Trim(prefix, "/"), Endpoint: s.S3.Endpoint, Region: s.S3.Region, ReadOnly: readOnly}
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
