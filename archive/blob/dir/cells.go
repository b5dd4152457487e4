package dir

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strconv"

	"github.com/ibid-archive/ibid/archive/blob"
)

// nameLock is held while a name that exists is given to another file or
// removed, until that is durable.
const nameLock = "tmp/.names"

var _ blob.Cells = (*Store)(nil)

// Load implements [blob.Cells]. A version is the SHA-256 of the bytes.
func (s *Store) Load(ctx context.Context, key string) (data []byte, version string, err error) {
	if err := blob.ValidKey(key); err != nil {
		return nil, "", fmt.Errorf("load %s: %w", key, err)
	}
	data, version, err = s.load(ctx, key)
	if err == nil {
		err = s.settle(path.Dir(key))
	}
	if err != nil {
		return nil, "", fmt.Errorf("load %s: %w", key, err)
	}
	return data, version, nil
}

func (s *Store) load(ctx context.Context, key string) ([]byte, string, error) {
	// All is read through one descriptor, so it is of one version.
	r, err := s.open(ctx, key, 0, -1)
	if err != nil {
		return nil, "", err
	}
	defer r.Close()
	if r.r.Size() > blob.MaxCell {
		return nil, "", fmt.Errorf("%w: it has %d bytes", blob.ErrCellSize, r.r.Size())
	}
	data := make([]byte, r.r.Size())
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, "", fmt.Errorf("the file became shorter while it was read: %w", err)
	}
	return data, versionOf(data), nil
}

func versionOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// settle makes what was seen in a directory durable. Its writer may not have got
// that far, and who builds on it must not see it vanish again.
func (s *Store) settle(dir string) error {
	if s.session == nil {
		return nil
	}
	if err := s.failed.Load(); err != nil {
		return *err
	}
	return s.sync(s.durable.names(dir))
}

// Swap implements [blob.Cells]: under a lock that all stores of the directory
// heed, it compares, writes a temporary file, makes its bytes durable, renames
// it over the old one and makes the name durable, which is the commit point. A
// crash leaves the old bytes or the new ones, and the lock goes with the process.
func (s *Store) Swap(ctx context.Context, key, old string, data []byte) (version string, err error) {
	version, err = s.swap(ctx, key, old, data)
	if err != nil {
		return "", fmt.Errorf("swap %s: %w", key, err)
	}
	return version, nil
}

func (s *Store) swap(ctx context.Context, key, old string, data []byte) (string, error) {
	if err := blob.ValidKey(key); err != nil {
		return "", err
	}
	if s.session == nil {
		return "", blob.ErrReadOnly
	}
	if len(data) > blob.MaxCell {
		return "", fmt.Errorf("%w: these are %d bytes", blob.ErrCellSize, len(data))
	}
	unlock, err := s.lockNames(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()
	if err := s.failed.Load(); err != nil {
		return "", *err
	}
	_, now, err := s.load(ctx, key)
	if errors.Is(err, blob.ErrNotExist) {
		// A rename would replace what open doesn't take for a file.
		if _, err = s.root.Lstat(key); err == nil {
			return "", fmt.Errorf("%w: a directory or special file has the name", blob.ErrConflict)
		}
		err = notExist(err)
	}
	if err != nil && !errors.Is(err, blob.ErrNotExist) {
		return "", err
	}
	if now != old {
		return "", fmt.Errorf("%w: it is %s, not %s", blob.ErrStale, named(now), named(old))
	}
	if err := s.replace(key, data); err != nil {
		return "", err
	}
	return versionOf(data), nil
}

func named(version string) string {
	if version == "" {
		return "absent"
	}
	return fmt.Sprintf("version %.16q", version)
}

// replace gives key to a new file with data, durably.
func (s *Store) replace(key string, data []byte) error {
	name := path.Join(s.session.dir, "cell-"+strconv.FormatUint(s.serial.Add(1), 36))
	f, err := s.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, s.perm&objectPerm)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = s.sync(s.durable.bytes(f))
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, s.root.Remove(name))
	}
	if err := s.root.MkdirAll(path.Dir(key), s.perm); err != nil {
		return errors.Join(err, s.root.Remove(name))
	}
	if err := s.root.Rename(name, key); err != nil {
		return errors.Join(err, s.root.Remove(name))
	}
	return s.sync(s.durable.names(path.Dir(key)))
}

// lockNames waits for the lock as long as ctx lives, even if the process that
// holds it has been stopped.
func (s *Store) lockNames(ctx context.Context) (unlock func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, err := s.root.OpenFile(nameLock, os.O_CREATE|os.O_RDWR, 0o600|s.perm&0o66)
	if err != nil {
		return nil, err
	}
	locked := make(chan error)
	go func() {
		err := waitLock(f)
		select {
		case locked <- err:
		case <-ctx.Done(): // nobody waits any more
			f.Close()
		}
	}()
	select {
	case err := <-locked:
		if err != nil {
			return nil, errors.Join(fmt.Errorf("lock %s: %w", nameLock, err), f.Close())
		}
		return func() { f.Close() }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
