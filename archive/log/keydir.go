package log

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// KeySource gives the log its private keys.
type KeySource interface {
	// Load returns the private key with the given public part, or an error that
	// wraps [ErrNoKey].
	Load(v *Verifier) (*Signer, error)
	// Create makes a key for the log named origin, and returns when it is durable.
	Create(origin string) (*Signer, error)
}

// KeyDir keeps private keys as files that only their owner can read:
// <dir>/<first 16 hex digits of the SHA-256 of the origin>/<key id>.key with one
// line "PRIVATE+KEY+…". It belongs on the machine that appends, never into the
// archive or a bucket. A log has one key, and one more for each rotation; old
// ones are kept.
type KeyDir string

const keySuffix = ".key"

// path returns the directory of a log's keys.
func (d KeyDir) path(origin string) string {
	sum := sha256.Sum256([]byte(origin))
	return filepath.Join(string(d), fmt.Sprintf("%x", sum[:8]))
}

// File returns the name of the file in which the private key of v is or would
// be.
func (d KeyDir) File(v *Verifier) string { return filepath.Join(d.path(v.Origin()), v.ID()+keySuffix) }

// Create implements [KeySource]. The file is new, has mode 0600, and is synced.
func (d KeyDir) Create(origin string) (*Signer, error) {
	s, err := GenerateKey(nil, origin)
	if err != nil {
		return nil, err
	}
	name := d.File(s.Verifier())
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, fmt.Errorf("create key of %s: %w", origin, err)
	}
	if err := writeKey(name, s.line()+"\n"); err != nil {
		return nil, fmt.Errorf("create key %s: %w", name, err)
	}
	for _, dir := range []string{filepath.Dir(name), string(d)} {
		if err := syncDir(dir); err != nil {
			return nil, fmt.Errorf("create key %s: %w", name, err)
		}
	}
	return s, nil
}

func writeKey(name, line string) (err error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err = f.WriteString(line); err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		os.Remove(name) //nolint:errcheck // the first error is the one to tell
	}
	return err
}

// syncDir makes the names in a directory durable where the system can.
func syncDir(name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// Load implements [KeySource].
func (d KeyDir) Load(v *Verifier) (*Signer, error) {
	name := d.File(v)
	s, err := readKey(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("read key %s: %w", name, ErrNoKey)
	case err != nil:
		return nil, fmt.Errorf("read key %s: %w", name, err)
	case s.Verifier().String() != v.String():
		return nil, fmt.Errorf("read key %s: it holds %v: %w", name, s, ErrKey)
	}
	return s, nil
}

// Public returns the public keys whose private parts are here for the log named
// origin, ordered by id.
func (d KeyDir) Public(origin string) ([]*Verifier, error) {
	list, err := os.ReadDir(d.path(origin))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list keys of %s: %w", origin, err)
	}
	var keys []*Verifier
	for _, entry := range list {
		if !strings.HasSuffix(entry.Name(), keySuffix) {
			continue
		}
		name := filepath.Join(d.path(origin), entry.Name())
		s, err := readKey(name)
		if err != nil {
			return nil, fmt.Errorf("read key %s: %w", name, err)
		}
		if v := s.Verifier(); v.Origin() == origin && d.File(v) == name {
			keys = append(keys, v)
		}
	}
	return keys, nil
}

// readKey refuses a file that others can read: what they can read they may have
// read already.
func readKey(name string) (*Signer, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: not a regular file", ErrKey)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("%w: others can read it (mode %04o); run chmod 600, and replace the key if somebody may have read it", ErrKey, mode)
	}
	b, err := io.ReadAll(io.LimitReader(f, maxKeyLine+int64(len(privatePrefix))+1))
	if err != nil {
		return nil, err
	}
	return parseSigner(string(b))
}
